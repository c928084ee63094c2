"""The work that was given up, or got lost: once what was broken is mended, each is done once, and its note leaves the failure
queue.

A note says only that something failed, and never what is true now. So of a stream the truth is looked up again, from the
time of the oldest note on: the timelines of reports, the notices of profiles. Any other event of a function is told it again.
"""

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from json import dumps

from chalicelib.clues import actions as clues
from chalicelib.letters import sweeper
from chalicelib.profiles import stream as details
from infra.deploy.functions import function_name
from infra.ops.failure_queue import FailureNote, FailureQueue, counted
from infra.ops.stage import Refused, Stage

CLOCKS = timedelta(minutes=5)  # the stream's clock and that of who wrote the report

Left = dict[FailureNote, str]  # a note that stays, and why

QUEUE_KEEPS = timedelta(days=14)  # template.yaml, FailureQueue


def redrive(stage: Stage, arguments: Namespace) -> int:
    """Do again what was given up; what is done already is left alone, so twice harms nobody. Ends with 1 when something stays."""
    hours = arguments.hours
    if not hours.isascii() or not hours.isdigit() or int(hours) == 0:
        raise Refused("--hours is a whole number above 0.")
    queue = FailureQueue(stage)
    notes = queue.notes()
    try:
        since = _since([note for note in notes if note.function == "on_report_changed"], stage, timedelta(hours=int(hours)))
        if arguments.dry_run:
            return _told(stage, notes, since)
        failed = _letters(stage, since)
        left = _redone(stage, notes, failed=failed)
        for note in [note for note in notes if note not in left]:
            queue.delete(note)
            notes.remove(note)
    finally:
        for note in notes:
            queue.give_back(note)
    stage.say(f"notes of failures     {queue.waiting()} left")
    for note, why in left.items():
        stage.say(f"  {note.function or 'unknown'}: {why}")
    return 1 if failed or left else 0


def _since(notes: Sequence[FailureNote], stage: Stage, back: timedelta) -> datetime:
    """Return the moment from which on reports are looked at: as asked, or earlier when a note is older."""
    return min([stage.services.clock.now() - back, *(note.first - CLOCKS for note in notes if note.first)])


def _told(stage: Stage, notes: list[FailureNote], since: datetime) -> int:
    reports = len(list(stage.services.reports.changed_since(since)))
    given_up = len(list(sweeper.pile(stage.services.ledger)))
    stage.say(f"would look at {reports} reports, and at {given_up} letters that were given up")
    for name, number in counted(notes).items():
        stage.say(f"notes of failures     {name} {number}")
    return 0


def _letters(stage: Stage, since: datetime) -> int:
    """Send what is missing or was given up, and return how many reports could not be looked at."""
    found = sweeper.redrive(list(stage.services.reports.changed_since(since)), stage.services.mailroom)
    stage.say(f"reports looked at     {found.reports}")
    stage.say(f"letters never brought {found.missing}")
    stage.say(f"given up, tried again {found.retried} (within a minute)")
    stage.say(f"could not be looked at {found.failed}")
    return found.failed


def _redone(stage: Stage, notes: Sequence[FailureNote], *, failed: int) -> Left:
    """Do again what the notes are about; return those that must stay."""
    left: Left = {}
    for function in counted(list(notes)):
        own = [note for note in notes if (note.function or "nobody here") == function]
        if function == "on_report_changed":
            left |= _of_reports(own, stage, failed)
        else:
            left |= AGAIN.get(function, _unknown)(own, stage)
    return left


def _of_reports(notes: Sequence[FailureNote], stage: Stage, failed: int) -> Left:
    """The sweep did these, unless a report failed (whose?), or what came may still be on its way."""
    if failed:
        return dict.fromkeys(notes, "a report could not be looked at; see sweep_failed in what was logged")
    return {note: "too young; again in ten minutes" for note in notes if _is_young(note, stage)}


def _of_details(notes: Sequence[FailureNote], stage: Stage) -> Left:
    oldest = stage.services.clock.now() - QUEUE_KEEPS  # for a note that does not say when its records came
    since = min((note.first for note in notes if note.first), default=oldest) - CLOCKS
    found = details.sweep(since, stage.services.notice_room)
    stage.say(f"details looked at     {found.profiles}, of which {found.failed} could not be carried out")
    return dict.fromkeys(notes, "details of somebody could not be carried out; see details_failed") if found.failed else {}


def _told_again(notes: Sequence[FailureNote], stage: Stage) -> Left:
    """Have each function do what it was told, with the rights that it has itself."""
    functions, left = stage.client("lambda"), {}
    for note in notes:
        name = function_name(stage.services.settings.stage, note.function)
        answer = functions.invoke(FunctionName=name, Payload=dumps(note.event).encode())
        if "FunctionError" in answer:
            left[note] = f"failed again; see the log of {name}"
    stage.say(f"told again            {len(notes)} × {notes[0].function}, of which {len(left)} failed again")
    return left


def _nothing(_: Sequence[FailureNote], __: Stage) -> Left:
    """The next round does the work of the one that failed; and who asked for an official report asks again."""
    return {}


def _unknown(notes: Sequence[FailureNote], _: Stage) -> Left:
    return dict.fromkeys(notes, "no note of a function of this stage; read it, and delete it by hand")


def _of_clues(notes: Sequence[FailureNote], stage: Stage) -> Left:
    """Derive the clues of the reports that were changed since the oldest note, as they are now."""
    oldest = stage.services.clock.now() - QUEUE_KEEPS  # for a note that does not say when its records came
    since = min((note.first for note in notes if note.first), default=oldest) - CLOCKS
    found = clues.derive_all(stage.services.reports.changed_since(since), stage.services.clue_room)
    stage.say(f"clues derived         {found.reports}, of which {found.failed} failed")
    return dict.fromkeys(notes, "the clues of a report could not be derived; see clues_failed") if found.failed else {}


AGAIN: Mapping[str, Callable[[Sequence[FailureNote], Stage], Left]] = {
    "on_report_indexed": _of_clues,
    "on_details_changed": _of_details,
    "on_receipt": _told_again,
    "on_file_uploaded": _told_again,
    "every_minute": _nothing,
    "every_minute_batches": _nothing,
    "every_hour": _nothing,
    "every_quarter_hour": _nothing,
    "every_day": _nothing,
    "make_official_report": _nothing,
}


def _is_young(note: FailureNote, stage: Stage) -> bool:
    return note.last is None or stage.services.clock.now() - note.last < sweeper.STREAM_TAKES
