"""The agenda of the reports: the schedule reminds, says that nothing has changed, and ends questions whose day is over."""

import logging
from collections.abc import Iterable

from chalicelib.core import log
from chalicelib.core.clock import Clock
from chalicelib.reports import promises
from chalicelib.reports.actions import get, saved
from chalicelib.reports.store import Reports


def keep_promises(due: Iterable[str], *, reports: Reports, clock: Clock) -> int:
    """Say what the reports on the agenda (`due`: references) promised for today: a reminder, or that nothing has changed.

    Return how many. Runs twice without harm, and goes on after a failure; at night and on free days nothing is read.
    """
    if not promises.may_speak_at(clock.now()):
        return 0
    kept, failed = 0, 0
    for reference in due:
        try:
            kept += _kept(reference, reports, clock)
        except Exception as error:  # noqa: BLE001 — one report must not keep the schedule from the others; it stays due
            failed += 1
            log.event("promise_failed", level=logging.ERROR, reference=reference, error=type(error).__name__)
    log.event("promises_kept", kept=kept, failed=failed)
    return kept


def _kept(reference: str, reports: Reports, clock: Clock) -> bool:
    before = get(reference, reports)
    after = promises.kept(before, at=clock.now())
    if after is before:
        return False
    saved(before, after, reports, "reminded" if after.open_question else "nothing_changed")
    return True


def end_overdue_questions(due: Iterable[str], *, reports: Reports, clock: Clock) -> int:
    """End the overdue questions of the reports on the agenda (`due`: references); return how many.

    Runs twice without harm, and goes on after a failure.
    """
    now, ended, failed = clock.now(), 0, 0
    for reference in due:
        try:
            before = get(reference, reports)
            after = before.question_expired(at=now)
            if after is not before:
                saved(before, after, reports, "question_ended")
                ended += 1
        except Exception:  # noqa: BLE001 — one report must not keep the schedule from the others; it stays due
            failed += 1
            log.event("question_end_failed", level=logging.ERROR, reference=reference)
    log.event("overdue_questions_ended", ended=ended, failed=failed)
    return ended
