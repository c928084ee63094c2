"""Each function alone, as it starts on AWS: with its own clients and secrets, it does its work within its policy.

The other tests hand parts in, or share what another function has read. A call that is seen here counts towards
tests/support/permits.py.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import app
from chalicelib import wiring
from chalicelib.boards.model import Board, Number
from chalicelib.bulk.model import Act, Order
from chalicelib.core.language import Language
from chalicelib.digests import actions as digests
from chalicelib.evidence import actions as evidence
from chalicelib.evidence.model import folder_id, key_of
from chalicelib.evidence.scanner import TAG
from chalicelib.letters.catalogue import Letter
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.profiles import actions as details
from chalicelib.profiles.model import code_of
from chalicelib.reports.contact import Contact, Safety
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.facts import Reporter
from chalicelib.reports.statement import Statement
from chalicelib.reports.tasks import Task
from infra.local.bucket import event_of
from infra.local.schedule import scheduled_event
from tests.support import permits, pictures
from tests.support.batches import reference, registered, tried
from tests.support.frauds import a_fraud
from tests.support.office import ses_event, sns
from tests.support.samples import CITIZEN, HANDLER, NEIGHBOUR, NOON, REFERENCE, a_report

OTHER = "CCCC-CCCC-CCCC"
OFFICER = Actor(Role.OFFICER, "NN1234")
DEADLINE = NOON.date() + timedelta(days=14)


@pytest.fixture
def started(aws, settings, clock):
    """Starts a function: nothing in it was used before."""
    whole = replace(settings, mail_from_neutral="bericht@post.example", evidence_scanner="guardduty")

    def started():
        services = wiring.Services(whole, clock)
        wiring.install(services)
        return services

    aws.client("sesv2").create_email_identity(EmailIdentity="post.example")
    yield started
    aws.client("sesv2").delete_email_identity(EmailIdentity="post.example")
    wiring.install(None)


@pytest.fixture
def reports(started):
    """Two reports: Sanne's, and that of her neighbour, who is not safe."""
    kept = started().reports
    theirs = Reporter(NEIGHBOUR.pseudonym, NEIGHBOUR.sealed_bsn)
    contact = Contact(email="noor@example.org", safety=Safety(neutral=True))
    return [kept.add(a_report()), kept.add(a_report(reference=OTHER, reporter=theirs, contact=contact))]


def written(aws, table, key, before=()):
    """The stream's event of everything that stands in a table, as it was before and as it is now."""
    old = {item[key]["S"]: item for item in before}
    records = [
        {
            "eventName": "MODIFY" if item[key]["S"] in old else "INSERT",
            "dynamodb": {
                "SequenceNumber": str(number),
                "Keys": {key: item[key]},
                "NewImage": item,
                **({"OldImage": old[item[key]["S"]]} if item[key]["S"] in old else {}),
            },
        }
        for number, item in enumerate(aws.items(table), start=1)
    ]
    return {"Records": records}


def senders(aws):
    return sorted(mail.source for mail in aws.mails())


def test_questions_go_out_from_the_sender_that_is_safe_for_each_reporter(started, reports, aws, clock):
    before, services = aws.items("reports"), started()
    for report in reports:
        services.reports.save(report, report.asked("Was het slot heel?", deadline_on=DEADLINE, by=OFFICER, at=NOON))
    event = written(aws, "reports", "reference", before)
    clock.advance(timedelta(hours=1))  # the stream brings it late: it can no longer be undone

    for _ in range(2):
        started()
        assert app.on_report_changed(event, None) == {"batchItemFailures": []}

    assert senders(aws) == ["bericht@post.example", "post@portal.example"]


def test_what_waited_and_what_was_in_doubt_goes_out_with_a_round(started, reports, aws, clock):
    services = started()
    facts = {"letter": Letter.NEWS, "language": Language.NL, "template": "t"}
    services.ledger.claim(LedgerEntry(id=f"{REFERENCE}#1"), attempt="another that died", **facts)
    services.ledger.wait(f"{OTHER}#1", letter=Letter.NEWS, until=NOON)
    clock.advance(timedelta(hours=1))

    for _ in range(2):
        started()
        app.every_minute(scheduled_event("every_minute", clock.now()), None)

    assert "bericht@post.example" in senders(aws)


def test_an_address_that_is_written_to_no_more_is_marked_by_who_would_have_mailed_there(started, reports, aws, clock):
    services, before = started(), aws.items("reports")
    for report in reports:
        services.suppression.add(report.contact.email)
        services.reports.save(report, report.asked("Was het slot heel?", deadline_on=DEADLINE, by=OFFICER, at=NOON))
    services.ledger.wait(f"{OTHER}#2", letter=Letter.NEWS, until=NOON)
    clock.advance(timedelta(hours=1))

    started()
    assert app.on_report_changed(written(aws, "reports", "reference", before), None) == {"batchItemFailures": []}
    started()
    app.every_minute(scheduled_event("every_minute", clock.now()), None)

    assert [services.reports.get(report.reference).contact.usable for report in reports] == [False, False]
    assert senders(aws) == []


def test_a_question_that_came_back_is_due_anew_where_there_is_another_address(started, reports, settings):
    services, name = started(), f"{REFERENCE}#1"
    facts = {"letter": Letter.NEWS, "language": Language.NL, "template": "t"}
    services.ledger.claim(LedgerEntry(id=name), attempt="a", **facts)
    services.ledger.note_accepted(name, attempt="a", message_id="m")
    report = services.reports.get(REFERENCE)
    services.reports.save(report, report.contact_changed(replace(report.contact, email="nieuw@example.org"), at=NOON))
    bounce = ses_event("Bounce", name, at=NOON, to="sanne@example.org")
    bounce["mail"]["tags"]["ses:configuration-set"] = [settings.mail_configuration_set]

    for _ in range(2):
        started()
        app.on_receipt(sns(bounce, topic=settings.receipts_topic), None)

    assert list(services.ledger.due(NOON)) == [name]
    assert services.suppression.holds("sanne@example.org")


def test_a_code_is_mailed_to_the_address_that_waits_for_it(started, reports, aws):
    services = started()
    for citizen, email in ((CITIZEN, "nieuw@example.org"), (NEIGHBOUR, "ander@example.org")):
        details.ask_code(email, pseudonym=citizen.pseudonym, language=Language.NL, desk=services.details)
    services.suppression.add("nieuw@example.org")  # so it is taken off the list of SES
    event = written(aws, "profiles", "pseudonym")

    for _ in range(2):
        started()
        assert app.on_details_changed(event, None) == {"batchItemFailures": []}

    assert senders(aws) == ["bericht@post.example", "post@portal.example"]


def test_who_is_due_is_invited_to_the_survey(started, reports, aws, clock):
    clock.advance(timedelta(days=61))

    for _ in range(2):
        started()
        app.every_hour(scheduled_event("every_hour", clock.now()), None)

    assert len(aws.items("surveys")) == 2


def test_an_officer_gets_a_code_and_on_a_working_morning_their_counts(started, aws, clock):
    services = started()
    digests.ask_code("agent@example.org", officer=HANDLER, language=Language.NL, room=services.digest_room)
    for _ in range(2):
        started()
        app.every_minute(scheduled_event("every_minute", clock.now()), None)
    assert senders(aws) == ["post@portal.example"]
    wish = digests.of_officer(HANDLER, services.digest_room)
    code = code_of(services.proof_keys.at(clock.now()), wish.name, wish.challenge)
    digests.confirm(code, wish.challenge.number, officer=HANDLER, room=services.digest_room)
    services.boards.put(Board(unit="Noord-Nederland", counted_at=clock.now(), numbers={Number.OVERDUE: 3}))
    clock.advance(datetime(2016, 7, 4, 6, tzinfo=UTC) - clock.now())

    for _ in range(2):
        started()
        app.every_hour(scheduled_event("every_hour", clock.now()), None)
        app.every_minute(scheduled_event("every_minute", clock.now()), None)

    assert senders(aws) == ["post@portal.example", "post@portal.example"]


def test_a_photo_is_judged_kept_with_its_report_and_destroyed_with_it(started, aws, settings, clock):
    services, name = started(), settings.evidence_bucket
    folder = folder_id(services.derivation_key, CITIZEN.pseudonym, REFERENCE)
    sent = evidence.add(
        folder, name="foto.jpg", declared="image/jpeg", content=pictures.jpeg(), storage=services.evidence_storage
    )
    clean, key = [{"Key": TAG, "Value": "NO_THREATS_FOUND"}], key_of(folder, sent.id, "quarantine")
    aws.client("s3").put_object_tagging(Bucket=name, Key=key, Tagging={"TagSet": clean})
    for _ in range(2):
        started()
        app.on_file_uploaded(event_of(name, key, "ObjectTagging:Put"), None)
    attachments = evidence.seal(services.evidence_storage.folders.get(folder), storage=services.evidence_storage)
    services.reports.add(a_report(statement=Statement.of("bicycle-theft", {"story": "Weg."}, attachments)))
    clock.advance(timedelta(minutes=5))

    for days in (0, 0, 10 * 365 + 3, 0):
        clock.advance(timedelta(days=days))
        started()
        app.every_day(scheduled_event("every_day", clock.now()), None)
        kept = aws.client("s3").list_objects_v2(Bucket=name).get("Contents", [])
        assert bool(kept) == (services.reports.get(REFERENCE) is not None)
    assert aws.items("files") == []


def test_what_was_decided_for_many_is_done_and_undone_by_the_minute(started, aws, clock):
    services, names = started(), [reference(number) for number in range(3)]
    for number in range(3):
        services.reports.add(registered(number))
    batch = tried(services.batch_room, names)
    batch = services.batch_room.batches.save(batch, batch.confirmed(batch.fingerprint, by=HANDLER, at=clock.now()))
    before = aws.items("reports")

    def strike():
        for _ in range(2):
            started()
            app.every_minute_batches(scheduled_event("every_minute_batches", clock.now()), None)

    strike()
    started()
    app.on_report_changed(written(aws, "reports", "reference", before), None)
    ended = services.batch_room.batches.get(batch.id)
    undo = services.batch_room.batches.add(ended.undoing("B-CCCC-CCCC-CCCC", by=HANDLER, at=clock.now()))
    strike()

    assert [row.result.outcome for row in services.batch_room.batches.get(undo.id).rows] == ["done"] * 3
    assert {services.reports.get(name).status for name in names} == {"registered"}
    clock.advance(timedelta(hours=1))
    started()
    app.every_minute(scheduled_event("every_minute", clock.now()), None)
    assert senders(aws) == []


def test_what_many_were_given_is_given_and_taken_back_by_the_minute(started, clock):
    services, names = started(), [reference(number) for number in range(3)]
    for number in range(3):
        services.reports.add(registered(number))
    batch = tried(services.batch_room, names, Order(act=Act.ASSIGN, to=HANDLER.id))
    services.batch_room.batches.save(batch, batch.confirmed(batch.fingerprint, by=HANDLER, at=clock.now()))

    for _ in range(2):
        started()
        app.every_minute_batches(scheduled_event("every_minute_batches", clock.now()), None)
    given = {services.reports.get(name).assignee for name in names}
    ended = services.batch_room.batches.get(batch.id)
    services.batch_room.batches.add(ended.undoing("B-CCCC-CCCC-CCCC", by=HANDLER, at=clock.now()))
    for _ in range(2):
        started()
        app.every_minute_batches(scheduled_event("every_minute_batches", clock.now()), None)

    assert given == {HANDLER.id}
    assert {services.reports.get(name).assignee for name in names} == {""}
    assert {len(services.reports.get(name).timeline) for name in names} == {5}


def test_a_permission_that_nothing_needs_is_named():
    letters = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TablePrefix}letters"
    named = permits.unused(())

    assert f"every_minute: dynamodb:GetItem on {letters}" in named
    assert not [line for line in named if " logs:" in line or " sqs:" in line], "that is Lambda's own"
    assert set(named) - set(permits.unused({("every_minute", "dynamodb:GetItem", letters)})) == {
        f"every_minute: dynamodb:GetItem on {letters}"
    }


def test_the_work_of_somebody_absent_is_set_free_by_the_minute(started, reports, clock):
    services = started()
    services.reports.save(reports[0], reports[0].assigned("NN5555", by=OFFICER, at=NOON))
    roster = services.rosters.get("Noord-Nederland")
    services.rosters.save(roster, roster.absent("NN5555", by=HANDLER.id, at=clock.now()))

    for _ in range(2):
        clock.advance(timedelta(minutes=1))
        started()
        app.every_minute(scheduled_event("every_minute", clock.now()), None)

    assert services.reports.get(REFERENCE).assignee == ""


def test_the_third_person_who_reports_an_account_makes_a_task_by_the_function_that_finds_it(started, aws):
    services, before = started(), aws.items("reports")
    frauds = [a_fraud(number, at=NOON - timedelta(days=3 - number)) for number in range(3)]
    for fraud in frauds:
        services.reports.add(fraud)
    event = written(aws, "reports", "reference", before)

    for _ in range(2):
        started()
        assert app.on_report_indexed(event, None) == {"batchItemFailures": []}

    assert [Task.TELL_BANK in services.reports.get(one.reference).open_tasks for one in frauds] == [False, False, True]
