"""
Finding again what was said, and who and where.

Beside the way of a message: browser -> http -> [search] -> store.
"""

from __future__ import annotations

from dataclasses import replace

from imtwisted import rules
from imtwisted.boundaries import ContactStore, ConversationStore, PeopleStore, SearchStore
from imtwisted.findings import Called, Findings, Names, Wanted
from imtwisted.limits import Buckets
from imtwisted.model import Person, Relation, UserId
from imtwisted.refusals import NotFound
from imtwisted.rules import matching

# Longer than any name's key; what is longer is nobody's.
_LONGEST_NAME = 64


class Search:
    """Answers within what a person may see and how often a person may ask."""

    def __init__(
        self,
        searches: SearchStore,
        people: PeopleStore,
        contacts: ContactStore,
        conversations: ConversationStore,
        rates: Buckets,
        pages: Buckets,
        *,
        page_bytes: int,
    ) -> None:
        self._searches = searches
        self._people = people
        self._contacts = contacts
        self._conversations = conversations
        self._rates = rates
        self._pages = pages
        self._page_bytes = page_bytes

    async def messages(
        self, user: UserId, query: str, said_by: str | None, where: Wanted, limit: int
    ) -> Findings:
        """
        The newest messages that hold every part of `query`, said by `said_by` if one is named.

        To go on before a spot has an allowance of its own: a search that has to
        look far answers with many pages, and they are no new questions.

        Raises `BadRequest` (`query_empty`, `query_too_long`), `NotFound`
        (`no_such_user`), `NotAMember`, `RateLimited`.
        """
        wanted = replace(where, parts=matching.parts_of(query))
        (self._rates if where.before is None else self._pages).take(user)
        if said_by is not None:
            wanted = replace(wanted, sender=await self._named(said_by))
        return await self._searches.find(user, wanted, limit, self._page_bytes)

    async def names(self, user: UserId, query: str, limit: int) -> Names:
        """
        People and conversations called so, at most `limit` of each kind.

        First who has exactly this user name; then those one knows or shares a
        group with by any part of their names, and strangers by the beginning of
        their user names: who does not know that is not to find them; each of
        these by user name. Public groups one is not in come last. Raises as `messages` does.
        """
        parts = matching.parts_of(query)
        self._rates.take(user)
        people = await self._people_called(user, query, parts, limit)
        mine = await self._searches.called(user, parts, limit)
        groups, _ = await self._conversations.public_groups(
            user, rules.one_line(query), limit, None
        )
        others = [
            Called(one.id, one.title, False, one.member_count, picture=one.picture)
            for one in groups
        ]
        return Names(people, (*mine, *others))

    async def _people_called(
        self, user: UserId, query: str, parts: tuple[str, ...], limit: int
    ) -> tuple[tuple[Person, Relation], ...]:
        key = rules.name_key(query)
        strangers = await self._people.look_up(user, key, limit + 1)
        exactly = [each for each in strangers if rules.name_key(each[0].username) == key]
        contacts, _ = await self._contacts.contacts(user)
        known = [
            (contact.person, contact.relation)
            for contact in contacts
            if matching.holds(f"{contact.person.display_name} {contact.person.username}", parts)
        ]
        # Each database has an order of its own.
        known.sort(key=lambda each: rules.name_key(each[0].username))
        near = await self._searches.acquaintances(user, parts, limit)
        found: dict[UserId, tuple[Person, Relation]] = {}
        for person, relation in (*exactly, *known, *near, *strangers):
            if person.id != user:
                found.setdefault(person.id, (person, relation))
        return tuple(found.values())[:limit]

    async def _named(self, username: str) -> UserId:
        person = await self._people.person(rules.name_key(username[:_LONGEST_NAME]))
        if person is None:
            raise NotFound(reason="no_such_user", field="from")
        return person.id
