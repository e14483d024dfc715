"""
Someone comes back to what was said meanwhile: how long until the last of it is there.
"""

from __future__ import annotations

from statistics import median

from benchmarks.generator.conditions import Conditions, Reading
from benchmarks.generator.figures import per_million
from benchmarks.generator.lines import Dialect
from benchmarks.task import Returning, Task


async def come_back(
    dialect: Dialect, task: Task, work: Returning
) -> tuple[dict[str, float], Conditions]:
    """The median time of all who come back; the last member only spoke."""
    took = []
    await dialect.prepare(task, work)
    before = Reading.take(task)
    for member in task.members[:-1]:
        line, seconds = await dialect.come_back(member, work.places, 1, work.waiting)
        line.close()
        took.append(seconds)
    conditions = Conditions.between(before, Reading.take(task))
    waited = work.waiting * len(work.places)
    return {
        "seconds to the last": median(took),
        "messages/s": waited / median(took),
        **per_million(conditions.spent, "message", waited * len(took)),
    }, conditions
