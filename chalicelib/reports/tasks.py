"""The work that a report asks for beside its handling: what its reporter ticked, or what was raised on it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chalicelib.reports.statuses import DECISIONS, Status


class Task(StrEnum):
    """A piece of work that lies open on a report until an officer notes that it was done."""

    CALL_BACK = "call_back"
    SURVEY_CALL = "survey_call"
    VICTIM_SUPPORT = "victim_support"
    POST_COPY = "post_copy"
    COMPENSATION = "compensation"
    CAMERA_IMAGES = "camera_images"
    GOODS_HIT = "goods_hit"
    TELL_BANK = "tell_bank"
    FORWARD = "forward"


CALLS = frozenset({Task.CALL_BACK, Task.SURVEY_CALL})  # somebody waits to be called


@dataclass(frozen=True, slots=True)
class Ticked:
    """The answer in a statement that asks for a task, and the statuses in which there is something to be done about it."""

    question: str
    answer: Any
    statuses: frozenset[Status] = frozenset(Status)


TICKED: Mapping[Task, Ticked] = {
    Task.VICTIM_SUPPORT: Ticked("wantsVictimSupport", answer=True),
    Task.POST_COPY: Ticked("confirmation", "post"),
    Task.COMPENSATION: Ticked("wantsCompensation", True, frozenset({Status.WITH_PROSECUTOR})),  # asked for in a court case
    Task.CAMERA_IMAGES: Ticked("cameras", True, frozenset(Status) - DECISIONS),  # they are soon overwritten
}


def ticked(answers: Mapping[str, Any], status: Status) -> tuple[Task, ...]:
    """Return the tasks that the answers of a statement ask for, in a status."""
    return tuple(task for task, by in TICKED.items() if status in by.statuses and answers.get(by.question) == by.answer)
