"""The terms within which things happen to a report. Pure; the numbers come from settings, except where the law sets them."""

from dataclasses import dataclass
from datetime import timedelta

WRITTEN_NOTICE = timedelta(
    days=14
)  # after a decision is known, its reporter has it in writing (docs/domain.md, "Life of a report")


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The terms that the law and the force set, in days; from settings."""

    question_days: int = 14
    survey_after_decision_days: int = 14
    survey_latest_days: int = 60
