"""The choices of officers in memory; it passes the contract tests of the table (tests/contract/test_officers.py)."""

import itertools
import json
from datetime import timedelta

from chalicelib.core.errors import Conflict, TooLarge
from chalicelib.officers.store import KEPT, LARGEST, MOST, Choice


class FakeOfficers:
    """Choices in a dictionary."""

    def __init__(self, clock) -> None:
        self._clock, self._kept, self._editions = clock, {}, itertools.count(1)

    def get(self, officer, choice_id):
        choice, until = self._kept.get((officer, choice_id), (None, None))
        return choice if choice and until >= self._clock.now() else None

    def of_officer(self, officer, sort):
        found = sorted(key for key in self._kept if key[0] == officer and key[1].startswith(sort))[:MOST]
        return tuple(choice for key in found if (choice := self.get(*key)))

    def every(self, officer):
        yield from [choice for key in sorted(self._kept) if key[0] == officer and (choice := self.get(*key))]

    def put(self, officer, choice_id, content, *, kept: timedelta = KEPT):
        if len(json.dumps(content, ensure_ascii=False).encode()) > LARGEST:
            raise TooLarge(LARGEST)
        choice = Choice(officer, choice_id, json.loads(json.dumps(content)), f"E{next(self._editions)}")
        self._kept[officer, choice_id] = choice, self._clock.now() + kept
        return choice

    def replace(self, choice, content, *, kept: timedelta = KEPT):
        present = self.get(choice.officer, choice.id)
        if (present.edition if present else "") != choice.edition:
            raise Conflict("choice_changed")
        return self.put(choice.officer, choice.id, content, kept=kept)

    def remove(self, officer, choice_id):
        self._kept.pop((officer, choice_id), None)
