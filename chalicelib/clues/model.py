"""The clues of a report, the digests under which they lie, and what an officer is told of them. Pure.

A clue lies under the HMAC of its sort and value, made with a key of its own (ADR-0052): the table holds no value, and who has the
table cannot try account numbers against it.
"""

import difflib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.clues.sorts import SORTS, ClueSort, read
from chalicelib.core import ids
from chalicelib.core.clock import day_of, start_of_day
from chalicelib.core.derivation import SHORTEST
from chalicelib.forms.questions import Input, Question
from chalicelib.reports import addition_form, additions
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Report
from chalicelib.reports.retention import years_later

MANY = 20  # of more it is said that there are more, and not how many
FEW = 3  # from so many on a number is told of what lies in other units


@dataclass(frozen=True, slots=True, order=True)
class Clue:
    """One clue, in the one spelling of its sort. Its value stays out of reprs, and so out of logs."""

    sort: ClueSort
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClueKeys:
    """The keys under which clues lie, the newest first, each under the name of its version. At most two in a rotation."""

    keys: tuple[tuple[str, bytes], ...] = field(repr=False)

    @classmethod
    def parse(cls, secret: str) -> "ClueKeys":
        """Return the keys in a secret; a bare text, as the stack makes it, is the first and only one. Raises ValueError."""
        if not secret.startswith("{"):
            return cls((("V1", _sound(secret)),))
        try:
            keys = tuple((str(each["version"]), _sound(each["key"])) for each in json.loads(secret)["keys"])
        except (KeyError, TypeError) as error:
            raise ValueError("no keys of clues") from error
        if not keys or len(dict(keys)) < len(keys):
            raise ValueError("no keys of clues, or two of one version")
        return cls(keys)

    def written(self) -> str:
        """Return what the secret holds of these keys."""
        return json.dumps({"keys": [{"version": version, "key": key.decode()} for version, key in self.keys]})

    @property
    def newest(self) -> "ClueKeys":
        return ClueKeys(self.keys[:1])

    def digest(self, clue: Clue) -> str:
        """Return the digest under which a clue is written: that of the newest key."""
        return self.digests(clue)[0]

    def digests(self, clue: Clue) -> tuple[str, ...]:
        """Return every digest under which a clue may lie, that of the newest key first."""
        return tuple(self._made(version, key, "clue", clue.sort, clue.value) for version, key in self.keys)

    def of_reporter(self, pseudonym: str) -> str:
        """Return what tells the reports of one person from those of another, on one clue."""
        return ids.derive(self.keys[0][1], "reporter of a clue", pseudonym).hex()[:_NAME]

    def sought(self, text: str) -> str:
        """Return what stands on record of a text that was sought."""
        version, key = self.keys[0]
        return self._made(version, key, "sought", "".join(text.casefold().split()))

    @staticmethod
    def _made(version: str, key: bytes, *parts: str) -> str:
        return f"{version}-{ids.derive(key, *parts).hex().upper()}"


_NAME = 16  # characters of a digest


def _sound(key: str) -> bytes:
    if len(key) < SHORTEST:
        raise ValueError(f"a key of fewer than {SHORTEST} characters")
    return key.encode()


def short(digest: str) -> str:
    """Return enough of a digest to tell a report's own clues apart: what stands in an address."""
    version, _, rest = digest.partition("-")
    return f"{version}-{rest[:_NAME]}"


def clues_of(report: Report) -> frozenset[Clue]:
    """Return the clues of a report as it is now, with what its reporter added and corrected, and its police number."""
    told = _told(report)
    asked = {question.name: question for question in addition_form.evidence_questions(report.kind)}
    found = {
        clue
        for name, values in told.items()
        for value in values
        for clue in _of_answer(asked[name], value, report.statement.answers)
    }
    found |= set(_of_reporter(report.statement.answers, report.contact.email))
    found |= _clue(ClueSort.NUMBER, report.registration_number)
    return frozenset(found)


def spelled(report: Report, sort: ClueSort) -> tuple[str, ...]:
    """Return the answers of a report that are clues of a sort, as its reporter spelled them."""
    asked = {question.name for question in addition_form.evidence_questions(report.kind) if question.clue == sort}
    return tuple(value for name, values in _told(report).items() if name in asked for value in values)


def _told(report: Report) -> Mapping[str, list[str]]:
    """Return the answers that are clues, by question. An addition comes to them; a correction takes the place of the one that
    is most like it, so that what was wrong links nobody any more.
    """
    told: dict[str, list[str]] = defaultdict(list)
    answers = report.statement.answers
    for question in KINDS[report.kind].questions:
        if question.input is Input.ROWS:
            rows = answers.get(question.name, ())
            for inner in question.rows:
                told[inner.name] += [row[inner.name] for row in rows if inner.clue and inner.name in row]
        elif question.clue and question.name in answers:
            told[question.name].append(answers[question.name])
    for addition in report.additions:
        for question in addition_form.evidence_questions(report.kind):
            if question.name in addition.answers:
                _take(told[question.name], addition.answers[question.name], is_correction=addition.sort is additions.Sort.WRONG)
    return told


def _take(values: list[str], value: str, *, is_correction: bool) -> None:
    if is_correction and (meant := difflib.get_close_matches(value, values, 1, _ALIKE if len(values) > 1 else 0)):
        values.remove(meant[0])
    values.append(value)


_ALIKE = 0.6  # how much a value of several is like the one that corrects it, at least


def _of_answer(question: Question, value: str, answers: Mapping[str, Any]) -> set[Clue]:
    """Return the clue that an answer is, in a set; a user name is one of a platform."""
    if question.clue == ClueSort.USER_NAME:
        return _clue(ClueSort.USER_NAME, f"{answers['platform']}: {value}" if "platform" in answers else "")
    return _clue(ClueSort(question.clue), value)


def _of_reporter(answers: Mapping[str, Any], email: str) -> Iterator[Clue]:
    yield from _clue(ClueSort.REPORTER_PHONE, answers.get("phone"))
    yield from _clue(ClueSort.REPORTER_EMAIL, answers.get("email"))
    yield from _clue(ClueSort.REPORTER_EMAIL, email)
    yield from _clue(ClueSort.ADDRESS, f"{answers.get('postcode', '')} {answers.get('houseNumber', '')}")
    yield from _clue(ClueSort.PERSON, f"{answers.get('familyName', '')} {answers.get('dateOfBirth', '')}")


def _clue(sort: ClueSort, value: Any) -> set[Clue]:
    found = read(sort, value)
    return {Clue(sort, found)} if found else set()


def found_until(clue: Clue, filed_at: datetime) -> datetime:
    """Return the instant from which on a report is found by a clue no more: the law's year, or five by a police number."""
    return start_of_day(years_later(day_of(filed_at), SORTS[clue.sort].years))


def meant(text: str, sorts: Iterable[ClueSort]) -> tuple[Clue, ...]:
    """Return the clues that a text may be, of these sorts."""
    return tuple(Clue(sort, found) for sort in sorts if (found := read(sort, text)))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many reports lie on a clue: those of an officer's own units, and those of others."""

    own: int
    others: int

    @property
    def own_is_many(self) -> bool:
        return self.own > MANY

    @property
    def elsewhere(self) -> str:
        """The number that may be told of other units: none, that there are some, a number from three on, that there are many.

        One and two are told alike: a number that small could point at a person.
        """
        if self.others > MANY:
            return "many"
        if self.others >= FEW:
            return str(self.others)
        return "some" if self.others else ""
