"""The definition of a question. Questions are data: one definition drives the page, the validation, the API's schema and the
printed copy.

Pure. `inputs.py` knows how each kind of input is read; `crimes/` holds the questions themselves.
"""

import dataclasses
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chalicelib.core.language import N_


class Input(StrEnum):
    """How a question is answered; one row each in `inputs.INPUTS`."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    MARK = "mark"  # the number or letters on a thing
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    TICK = "tick"
    DATE = "date"
    DAY = "day"  # also one that is still to come
    BIRTHDAY = "birthday"  # also of somebody of whom it is partly known
    MOMENT = "moment"
    MONEY = "money"
    POSTCODE = "postcode"
    EMAIL = "email"
    PHONE = "phone"
    IBAN = "iban"
    IMEI = "imei"
    COMPANY_NUMBER = "company_number"
    BRANCH_NUMBER = "branch_number"
    URL = "url"
    PLATE = "plate"
    MUNICIPALITY = "municipality"
    ROWS = "rows"


class Need(StrEnum):
    """Whether a report can do without the answer."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"  # a warning when empty, never a refusal
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to choose from; `label`, and the `note` below it, are messages."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Eased:
    """The answers to another question under which one can be left empty, and is read as `input`: what does not exist.

    Of what is ticked the answers are True, and `yes` as a page sends it.
    """

    question: str
    answers: frozenset[Hashable]
    input: Input | None = None

    def holds(self, answers: Mapping[str, Any]) -> bool:
        answer = answers.get(self.question)
        return isinstance(answer, Hashable) and answer in self.answers


TICKED: frozenset[Hashable] = frozenset({True, "yes"})


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `name` is the key in the API and the form; `label` and `hint` are messages, translated when shown.

    `when` names another question and the answers to it under which this one is asked; under others it must stay empty.
    `eased` names one by which less is asked here. `stranger` says that the answer is evidence about somebody else: it is
    taken as typed, and flagged when it cannot be true.
    `clue` names the sort of clue that the answer is (clues/sorts.py): reports are found by it, and linked.
    `example` is valid input: the API's documentation shows it, and a test files a report with it.
    """

    name: str
    label: str
    input: Input = Input.TEXT
    need: Need = Need.OPTIONAL
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    rows: tuple["Question", ...] = ()
    row: str = N_("Row")  # what one of the rows is; its number follows
    most: int = 100  # characters, or rows
    when: tuple[str, frozenset[str]] | None = None
    eased: Eased | None = None
    stranger: bool = False
    clue: str = ""
    example: Any = None
    autocomplete: str = ""

    def under(self, answers: Mapping[str, Any]) -> "Question":
        """Return the question as it is asked under these answers, parsed or as somebody sent them."""
        if self.eased is None or not self.eased.holds(answers):
            return self
        return dataclasses.replace(self, need=Need.OPTIONAL, input=self.eased.input or self.input, eased=None)

    def asked(self, answers: Mapping[str, Any]) -> bool:
        """True when the question applies under these answers, parsed or as somebody sent them."""
        if self.when is None:
            return True
        answer = answers.get(self.when[0])
        return isinstance(answer, Hashable) and answer in self.when[1]


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that belong together: one page of the wizard, one heading of the report. `name` stands in its address."""

    name: str
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Warned:
    """A doubtful answer: flagged for the officer and shown to the reporter, never refused."""

    field: str
    code: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)
