"""The words for a batch and for how it ends; and what officers read above its rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from chalicelib.bulk.model import Act, Batch, Outcome, Phase, Row, Telling, Verdict
from chalicelib.core.language import N_, Language, translate
from chalicelib.desk.labels import STATUS_WORDS
from chalicelib.desk.letters_overview import WHY_NOT
from chalicelib.letters.catalogue import NotSentReason
from chalicelib.reports.statuses import Status
from chalicelib.web.messages import BATCH_ROW, CONFLICT, FIELD

ACT_WORDS: Mapping[Act, str] = {
    Act.STATUS: N_("Change the status"),
    Act.NOTE: N_("Note something, for officers only"),
    Act.UPDATE: N_("Tell the reporters how it stands"),
    Act.ASSIGN: N_("Give them to somebody"),
    Act.JOIN: N_("Put them into one joint case"),
    Act.UNDO: N_("Take back what was done for many reports"),
}
PHASE_WORDS: Mapping[Phase, str] = {
    Phase.CHOSEN: N_("Chosen, nothing tried yet"),
    Phase.TRIED: N_("Tried, not confirmed"),
    Phase.RUNNING: N_("Is being done"),
    Phase.DONE: N_("Finished"),
}
# The way back from each act, as it is said before it is confirmed and after it was done.
BACK_WORDS: Mapping[Act, str] = {
    **dict.fromkeys(
        (Act.STATUS, Act.UPDATE),
        N_(
            "A report is taken back as long as its e-mail waits and its reporter has not read it. For each report you read "
            "whether that was so."
        ),
    ),
    Act.ASSIGN: N_("A report goes back to who had it, as long as nobody gave it on. This can be done for two days."),
    Act.JOIN: N_("A report leaves the joint case again. This can be done for two days."),
    Act.NOTE: N_("There is no way back from a note: it stays on each report, for officers only."),
    Act.UNDO: N_("There is no way back from this: an undo is not undone."),
}
# Before it is confirmed, and after.
WOULD: Mapping[Outcome, str] = {
    Outcome.DONE: N_("Will be done"),
    Outcome.REFUSED: N_("Cannot be done"),
    Outcome.DROPPED: N_("Changed after the trial"),
}
DID: Mapping[Outcome, str] = {
    Outcome.DONE: N_("Done"),
    Outcome.REFUSED: N_("Not done"),
    Outcome.DROPPED: N_("Not done: it changed after the trial"),
}
TELLING_WORDS: Mapping[Telling, str] = {
    Telling.MAIL: N_("the reporter gets an e-mail"),
    Telling.OFFLINE: N_("to tell by telephone or letter"),
    Telling.NOT: N_("the reporter gets no e-mail"),
}


@dataclass(frozen=True, slots=True)
class RowView:
    """A row as a page has it: its number, how it ends, and why, or how its reporter hears of it."""

    reference: str
    outcome: str
    detail: str
    is_open: bool  # whether the officer can open the report


def view_of(row: Row, batch: Batch, language: Language) -> RowView:
    """Return a row with its words in the reader's language."""
    verdict = row.verdict
    if verdict is None:
        return RowView(row.reference, "", "", is_open=True)
    words = DID if row.result else WOULD
    is_known = verdict.why != "batch_report_unknown"
    return RowView(
        row.reference, translate(words[verdict.outcome], language), _detail(verdict, batch, language), is_open=is_known
    )


def ordered(batch: Batch) -> tuple[Row, ...]:
    """Return the rows with what needs a person first: refused, dropped, to tell; then those of which no mail goes; the rest."""
    return tuple(sorted(batch.rows, key=_rank))


def minutes_of(mails: int, rate: int) -> int:
    """Return the minutes that so many mails take at the rate of the mail service, at the least one."""
    return max(1, ceil(mails / rate / 60))


def _rank(row: Row) -> int:
    verdict = row.verdict
    if verdict is None:
        return 0
    if not verdict.is_done:
        return 1
    return {Telling.OFFLINE: 2, Telling.NOT: 3, Telling.MAIL: 4}[verdict.telling]


def _detail(verdict: Verdict, batch: Batch, language: Language) -> str:
    if not verdict.is_done:
        wanted = batch.order.status if batch.order else None
        values = {**verdict.values, "current": _status(verdict.status, language), "wanted": _status(wanted or "", language)}
        if not values.get("who", "x"):
            values["who"] = translate(N_("Nobody"), language)
        sentence = BATCH_ROW.get(verdict.why) or CONFLICT.get(verdict.why) or FIELD[verdict.why]
        return translate(sentence, language, **values)
    if batch.order is None or not batch.order.tells:
        return ""
    told = translate(TELLING_WORDS[verdict.telling], language)
    if verdict.telling is Telling.MAIL or not verdict.unsaid:
        return told
    return f"{told}: {translate(WHY_NOT[NotSentReason(verdict.unsaid)], language)}"


def _status(status: str, language: Language) -> str:
    return translate(STATUS_WORDS[Status(status)], language) if status else ""
