"""What has to be so of files when a run ends: before a sweep, and after it."""

from __future__ import annotations

from twisted.internet.defer import Deferred

from imtwisted.boundaries import FileStore
from tests.simulation.custody import Custody
from tests.simulation.devices import Device
from tests.simulation.server import Server, town
from tests.simulation.timekeeping import World

UNSENT_FOR = 25 * 3600.0  # seconds after which what nobody sent is swept away
A_WHILE = 10.0


def check_files(server: Server, custody: Custody, devices: list[Device], *, strict: bool) -> None:
    """
    Each went with one message, and lies where it was put until that is taken back.

    Not `strict`: who was not told of a COMMIT leaves to the sweep what is to go from the disk.
    """
    life = server.life
    assert life is not None
    custody.check(
        {
            (int(device.user.id), client_id): list(dict.fromkeys(entry.fields["files"]))
            for device in devices
            for client_id, entry in device.saying.said.items()
            if "files" in entry.fields
        }
    )
    custody.check_vault(life.disk.path_of)
    if strict:
        custody.check_recalled(life.disk.path_of, server.deaths)


def sweep(world: World, server: Server, custody: Custody) -> None:
    """A day later nothing is left but what messages carry."""
    life = server.life
    assert life is not None
    world.run(UNSENT_FOR)
    Deferred.fromCoroutine(life.house.files.sweep())
    world.run(A_WHILE)
    used: dict[int, int] = {}
    Deferred.fromCoroutine(_note_use(life.house.files._store, used))
    world.run(A_WHILE)
    lying = [path.name for path in life.disk._files()]
    custody.check_recalled(life.disk.path_of, [])
    custody.check_swept(lying, used)
    custody.check_vault(life.disk.path_of)


async def _note_use(store: FileStore, used: dict[int, int]) -> None:
    for person in town().people.values():
        used[int(person.id)] = await store.used(person.id)
