"""People and groups as a plain look at each of them knows them, and what it would find."""

from __future__ import annotations

from dataclasses import dataclass, field

from imtwisted.model import ConversationId, Person, Relation, UserId
from imtwisted.rules import name_key
from imtwisted.rules.matching import fold

Pair = tuple[UserId, UserId]


@dataclass
class Gathering:
    """One group, or what two people say to each other."""

    id: ConversationId
    title: str  # none: it is called as the other one
    public: bool
    last_at: int
    members: set[UserId]
    banned: set[UserId] = field(default_factory=set)

    @property
    def is_direct(self) -> bool:
        """Whether it has no name of its own."""
        return not self.title


@dataclass
class Town:
    """Everybody and everything, and who is what to whom."""

    people: dict[UserId, Person] = field(default_factory=dict)
    gatherings: list[Gathering] = field(default_factory=list)
    friends: set[Pair] = field(default_factory=set)  # both ways
    asked: set[Pair] = field(default_factory=set)  # who asked whom
    blocked: set[Pair] = field(default_factory=set)  # who blocks whom

    def relation(self, one: UserId, other: UserId) -> Relation:
        """What `other` is to `one`."""
        if (one, other) in self.blocked:
            return "blocked"
        if (one, other) in self.friends:
            return "friend"
        if (one, other) in self.asked:
            return "outgoing"
        return "incoming" if (other, one) in self.asked else "none"

    def people_called(
        self, seeker: UserId, query: str, limit: int
    ) -> list[tuple[UserId, Relation]]:
        """Who has exactly this user name, whom one knows, who is near, strangers; each by name."""
        key, parts = name_key(query), fold(query).split()
        ranked = []
        for id, person in self.people.items():
            own, relation = name_key(person.username), self.relation(seeker, id)
            is_called = _holds(f"{person.display_name} {person.username}", parts)
            rank = None
            if own == key:
                rank = 0
            elif relation != "none" and is_called:
                rank = 1
            elif self._is_near(seeker, id) and is_called:
                rank = 2
            elif own.startswith(key):
                rank = 3
            if rank is not None and id != seeker:
                ranked.append((rank, own, id, relation))
        return [(id, relation) for _, _, id, relation in sorted(ranked)[:limit]]

    def _is_near(self, one: UserId, other: UserId) -> bool:
        return any({one, other} <= each.members for each in self.gatherings if not each.is_direct)

    def conversations_called(
        self, seeker: UserId, query: str, limit: int
    ) -> list[tuple[ConversationId, str, bool]]:
        """One's own, the latest first, directs before groups; then public ones, the newest first."""
        parts = fold(query).split()
        called = [
            (each, self._title(each, seeker))
            for each in self.gatherings
            if _holds(" ".join(self._title(each, seeker)), parts)
        ]
        own = [(each, title) for each, title in called if seeker in each.members]
        own.sort(key=lambda found: (-found[0].last_at, -found[0].id))
        others = [
            (each, title)
            for each, title in called
            if each.public and seeker not in each.members | each.banned
        ]
        others.sort(key=lambda found: -found[0].id)
        found = [each for each in own if each[0].is_direct][:limit]
        found += [each for each in own if not each[0].is_direct][:limit]
        found += others[:limit]
        return [(each.id, title[0], seeker in each.members) for each, title in found]

    def _title(self, gathering: Gathering, seeker: UserId) -> tuple[str, ...]:
        """What it is called, and what else it is found by."""
        if not gathering.is_direct:
            return (gathering.title,)
        (other,) = gathering.members - {seeker} if seeker in gathering.members else (seeker,)
        person = self.people[other]
        return person.display_name, person.username


def _holds(text: str, parts: list[str]) -> bool:
    return all(part in fold(text) for part in parts)
