"""Each event of app.py, in a function of the same name: which parts of the stage do which room's work. No policy here.

app.py says what wakes them. Rooms are imported where they are needed: a function pays at its cold start for its own work only.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib import wiring
from chalicelib.core.clock import day_of

Event = Mapping[str, Any]  # the AWS document


def on_report_changed(event: Event) -> dict[str, Any]:
    """Send the letters that new events call for, and wait for nothing else; return what Lambda wants to hear of failures."""
    from chalicelib.letters import stream

    services = wiring.services()
    records = stream.records_of(event)
    result = stream.deliver(records, services.mailroom, report_of_image=services.reports.report_of_image)
    return result.as_lambda_response(partial_batches=services.settings.partial_batches)


def on_report_indexed(event: Event) -> dict[str, Any]:
    """Write by which clues reports are found, raise the tasks that follow, and tell the feed of statuses.

    Return what Lambda wants to hear of records that failed in either: both leave out what they did before.
    """
    from chalicelib.clues import stream
    from chalicelib.core import batches
    from chalicelib.feed import stream as changes

    services, read = wiring.services(), wiring.services().reports.report_of_image
    failed = stream.deliver(event, services.clue_room, report_of_image=read)
    untold = changes.deliver(event, feed=services.feed, clock=services.clock, report_of_image=read)
    either = tuple(dict.fromkeys((*failed, *untold)))
    return batches.answer(either, partial_batches=services.settings.partial_batches)


def on_receipt(event: Event) -> None:
    """Note what SES tells of a mail; an address that no mail reaches is written to no more, and marked in its report."""
    from chalicelib.letters import receipts

    services = wiring.services()
    receipts.note_receipts(
        event,
        topic=services.settings.receipts_topic,
        configuration_set=services.settings.mail_configuration_set,
        room=services.mailroom,
    )


def every_minute() -> None:
    """Send the letters that waited long enough, settle those in doubt; go on setting the work of absent officers free."""
    from chalicelib.letters import due_letters
    from chalicelib.teams import actions as teams

    services = wiring.services()
    due_letters.send_due(services.mailroom)
    teams.free_all(services.rosters, services.reports, services.clock)


def every_minute_batches() -> None:
    """Carry on with the batches that officers confirmed."""
    from chalicelib.bulk import actions as bulk

    bulk.carry_on_all(wiring.services().batch_room)


def every_quarter_hour() -> None:
    """Count the work of every police unit anew."""
    from chalicelib.boards import actions as boards

    services = wiring.services()
    boards.count_all(reports=services.reports, boards=services.boards, clock=services.clock)


def on_details_changed(event: Event) -> dict[str, Any]:
    """Bring changed details to the reports, and mail whom they concern; return what Lambda wants to hear."""
    from chalicelib.profiles import stream

    services = wiring.services()
    result = stream.deliver(event, services.notice_room)
    return result.as_lambda_response(partial_batches=services.settings.partial_batches)


def on_file_uploaded(event: Event) -> None:
    """Look at a file that came into the quarantine, or that the scanner has judged."""
    from chalicelib.evidence import looking

    looking.check_told(event, storage=wiring.services().evidence_storage)


def every_hour() -> None:
    """End questions whose deadline passed, keep promises, look whether decisions arrived, and invite to the survey who is due;
    look for letters that the stream never brought, and say how many were given up; in the morning lay the digests ready.

    The agenda is read once, for all that is due.
    """
    from chalicelib.digests import actions as digests
    from chalicelib.letters import notices, sweeper
    from chalicelib.reports import agenda
    from chalicelib.surveys import actions as surveys

    services = wiring.services()
    due = tuple(services.reports.due(day_of(services.clock.now())))
    agenda.end_overdue_questions(due, reports=services.reports, clock=services.clock)
    agenda.keep_promises(due, reports=services.reports, clock=services.clock)
    notices.check_due(due, reports=services.reports, ledger=services.ledger, clock=services.clock)
    surveys.invite_due(due, services.survey_dispatch)
    sweeper.sweep(services.reports.changed_since(services.clock.now() - sweeper.LOOKS_BACK), services.mailroom)
    sweeper.remind(services.ledger)
    digests.lay_ready(services.digest_room)


def every_day() -> None:
    """Destroy the reports whose ten years are over; keep the files of what was sent when its request died half way; say at which
    units nobody looks.
    """
    from chalicelib.boards import attention
    from chalicelib.erasure import actions as erasure
    from chalicelib.evidence import actions as evidence

    services = wiring.services()
    erasure.erase_expired(services.archive)
    changed = services.reports.changed_since(services.clock.now() - evidence.LOOKS_BACK)
    evidence.keep_named(
        changed, reports=services.reports, derivation_key=services.derivation_key, storage=services.evidence_storage
    )
    attention.unattended(
        boards=services.boards, last_look=lambda unit: services.audit.newest_at(f"worklist:{unit}"), clock=services.clock
    )


def make_official_report(event: Any) -> dict[str, Any]:
    """Make the official report, with the BSN, for the police's own system. Raises Invalid or NotFound."""
    from chalicelib.official import actions as official

    services = wiring.services()
    return official.make(event, reports=services.reports, audit=services.audit, vault=services.vault, clock=services.clock)
