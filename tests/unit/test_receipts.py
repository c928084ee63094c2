"""The events that SES tells of a mail: every kind, twice, in any order; and what only looks like it."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from chalicelib.core.errors import Conflict
from chalicelib.letters.receipts import Malformed, receipt_of
from chalicelib.reports.contact import InformationWish
from chalicelib.reports.events import EventKind
from tests.support.office import A, B, PostOffice, ses_event, sns
from tests.support.samples import NOON

EVENTS = Path(__file__).parent.parent / "events"
KINDS = ["Send", "Delivery", "DeliveryDelay", "Bounce", "Complaint", "Reject", "Rendering Failure"]


@pytest.fixture
def office(settings, clock):
    office = PostOffice(settings, clock)
    office.file()
    office.deliver()
    clock.advance(timedelta(minutes=1))
    return office


def genuine(name):
    """A document of AWS, in the SNS event of AWS, about letter A#1 of our own configuration set."""
    message = json.loads((EVENTS / f"ses-{name}.json").read_text(encoding="utf-8"))
    message["mail"]["tags"]["letter"] = [f"{A}_1"]
    document = json.loads((EVENTS / "sns-notification.json").read_text(encoding="utf-8"))
    document["Records"][0]["Sns"]["Message"] = json.dumps(message)
    return document["Records"][0]


@pytest.mark.parametrize(
    ("name", "facts", "is_final"),
    [
        ("send", {}, False),
        ("delivery", {"delivered_at": datetime(2016, 10, 19, 23, 21, 4, 133_000, UTC)}, True),
        ("delivery-delay", {"delayed_at": datetime(2020, 6, 16, 0, 25, 40, 95_000, UTC)}, False),
        ("bounce", {"bounced_at": datetime(2017, 8, 5, 0, 41, 2, 669_000, UTC), "bounce": "permanent"}, True),
        ("complaint", {"complained_at": datetime(2017, 8, 5, 0, 41, 2, 669_000, UTC)}, True),
        ("reject", {"rejected": "Reject"}, True),
        ("rendering-failure", {"rejected": "RenderingFailure"}, True),
    ],
)
def test_every_document_of_ses_is_read(name, facts, is_final):
    receipt = receipt_of(genuine(name), topic="ExampleTopic", configuration_set="ConfigSet")

    assert (receipt.letter_id, receipt.facts, receipt.is_final) == (f"{A}#1", facts, is_final)
    assert receipt.message_id.startswith("EXAMPLE7c191be45")
    gone = {"reject": "sender@example.com"}.get(name, "recipient@example.com")
    assert receipt.unreachable == ({gone} if name in ("bounce", "complaint", "reject", "rendering-failure") else set())
    assert receipt.ends_mail is (name in ("bounce", "complaint"))
    assert gone not in repr(receipt)


def test_a_late_bounce_counts_after_a_delivery(office):
    office.take(office.happened("Delivery", f"{A}#1"))
    office.clock.advance(timedelta(days=2))
    office.take(office.happened("Bounce", f"{A}#1"))

    entry = office.ledger.get(f"{A}#1")
    assert entry.delivered_at == NOON + timedelta(minutes=1)
    assert entry.bounced_at == NOON + timedelta(minutes=1, days=2)
    assert not office.reports.get(A).contact.usable


@pytest.mark.parametrize("order", list(permutations(["Send", "Delivery", "Bounce"])), ids="-".join)
def test_receipts_say_the_same_in_any_order_and_twice(office, order):
    events = {kind: office.happened(kind, f"{A}#1") for kind in order}

    for kind in (*order, *order):
        office.take(events[kind])

    entry = office.ledger.get(f"{A}#1")
    assert entry.accepted_at == NOON
    assert entry.delivered_at == entry.bounced_at == NOON + timedelta(minutes=1)
    assert [event.kind for event in office.reports.get(A).timeline] == [EventKind.RECEIVED, EventKind.ADDRESS_UNUSABLE]


@pytest.mark.parametrize(("kind", "bounce"), [("Bounce", "Permanent"), ("Complaint", "")])
def test_an_address_that_no_mail_reaches_is_marked_and_not_written_to_again(office, kind, bounce):
    office.take(office.happened(kind, f"{A}#1", to="Sanne@Example.org", bounce=bounce))
    office.ask()
    office.deliver()

    assert not office.reports.get(A).contact.usable
    assert office.mailer.letters == [f"{A}#1"]
    assert office.ledger.get(f"{A}#3").not_sent == "address_unusable"
    assert "sanne" not in repr(office.ledger.entries).lower()


@pytest.mark.parametrize("kind", ["Bounce", "Complaint"])
def test_an_address_is_written_to_no_more_whoevers_report_it_stands_in(office, kind):
    office.file(B)
    office.deliver()
    office.mailer.mails.clear()
    office.take(office.happened(kind, f"{A}#1", to="sanne@example.org"))

    office.ask(B)
    office.deliver()

    assert office.mailer.mails == []
    assert office.ledger.get(f"{B}#2").not_sent == "address_unusable"
    assert office.reports.get(B).to_contact_since, "its desk hears of it"


def test_a_refusal_of_one_mail_says_nothing_about_other_reports(office):
    office.file(B)
    office.deliver()
    office.take(office.happened("Reject", f"{A}#1", to="sanne@example.org"))
    office.ask(B)

    office.deliver()

    assert not office.reports.get(A).contact.usable
    assert office.mailer.letters[-1] == f"{B}#2"


@pytest.mark.parametrize("kind", ["Bounce", "Complaint", "Reject"])
def test_a_bounce_of_what_was_never_mailed_marks_nothing(office, kind):
    office.change_contact(replace(office.reports.get(A).contact, information=InformationWish.NOTHING))
    office.change()
    office.deliver()
    office.go_round(after=timedelta(minutes=10))
    assert office.ledger.get(f"{A}#3").not_sent == "not_wanted"

    office.take(*(office.happened(kind, f"{A}#{number}", to="sanne@example.org") for number in (3, 99)))

    assert office.reports.get(A).contact.usable
    assert not office.suppression.holds("sanne@example.org")


def test_a_full_mailbox_makes_no_address_unusable(office):
    office.take(office.happened("Bounce", f"{A}#1", bounce="Transient"))

    assert office.reports.get(A).contact.usable
    assert office.ledger.get(f"{A}#1").bounce == "transient"


def test_a_late_bounce_of_an_old_address_says_nothing_about_the_new_one(office):
    office.take(office.happened("Bounce", f"{A}#1", to="oud@example.org"))

    assert office.reports.get(A).contact.usable
    assert list(office.ledger.due(office.clock.now())) == [f"{A}#1"], "its news is mailed to the new one"


def test_an_officer_who_was_first_does_not_lose_the_bounce(office):
    save, tries = office.reports.save, []

    def contested(before, after):
        tries.append(before)
        if len(tries) == 1:
            raise Conflict("stale_version")
        return save(before, after)

    office.reports.save = contested
    office.take(office.happened("Bounce", f"{A}#1"))

    assert not office.reports.get(A).contact.usable


def test_a_crash_between_the_report_and_the_ledger_is_mended_by_the_next_delivery(office):
    ledger, office.ledger = office.ledger, None
    bounce = office.happened("Bounce", f"{A}#1")
    with pytest.raises(AttributeError):
        office.take(bounce)
    office.ledger = ledger

    office.take(bounce)

    assert office.ledger.get(f"{A}#1").bounced_at
    assert len(office.reports.get(A).timeline) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_receipt_of_a_letter_that_nobody_knows_changes_nothing(office, kind, caplog):
    office.take(office.happened(kind, f"{B}#7"))

    assert "receipt_of_unknown_letter" in caplog.text
    assert set(office.ledger.entries) == {f"{A}#1"}


def _broken(change):
    event = ses_event("Bounce", f"{A}#1", at=NOON)
    change(event)
    return event


@pytest.mark.parametrize(
    "message",
    [
        "no json",
        "[]",
        "null",
        '"text"',
        "{}",
        "[" * 100_000,
        _broken(lambda event: event.pop("mail")),
        _broken(lambda event: event["mail"].pop("tags")),
        _broken(lambda event: event["mail"]["tags"].pop("letter")),
        _broken(lambda event: event["mail"]["tags"].update(letter=[])),
        _broken(lambda event: event["mail"]["tags"].update(letter=["no-number"])),
        _broken(lambda event: event["mail"]["tags"].update(letter=["a_b_c"])),
        _broken(lambda event: event["mail"]["tags"].update(letter=[f"{A}_1", f"{A}_2"])),
        _broken(lambda event: event["mail"]["tags"].update({"ses:configuration-set": ["another"]})),
        _broken(lambda event: event["mail"].update(timestamp="yesterday")),
        _broken(lambda event: event["mail"].update(timestamp="2016-07-01T10:00:00")),
        _broken(lambda event: event["mail"].pop("destination")),
        _broken(lambda event: event.update(eventType="Open")),
        _broken(lambda event: event.update(eventType=None)),
        "Successfully validated SNS topic for Amazon SES event publishing.",
    ],
    ids=range(20),
)
def test_what_cannot_be_read_is_refused_aloud_and_holds_up_nobody(office, message, caplog):
    office.take(message, office.happened("Delivery", f"{A}#1"))

    assert "receipt_refused" in caplog.text
    assert "sanne" not in caplog.text
    assert office.ledger.get(f"{A}#1").delivered_at
    assert office.ledger.get(f"{A}#1").bounced_at is None


@pytest.mark.parametrize("topic", ["another-topic", "test-receipts-2", ""])
def test_another_topic_is_not_heard(topic):
    [record] = sns(ses_event("Bounce", f"{A}#1", at=NOON), topic=topic)["Records"]

    with pytest.raises(Malformed, match="topic"):
        receipt_of(record, topic="test-receipts", configuration_set="test-mail")


# Answers of servers in the world


@pytest.mark.parametrize(
    "named",
    [
        [{"emailAddress": "Sanne <sanne@example.org>"}],
        [{"emailAddress": "s.de.vries@elders.example"}],  # to which she has her mail forwarded
        [{}],
        [],
        None,
    ],
    ids=["with a name", "forwarded", "nameless", "nobody", "no list"],
)
@pytest.mark.parametrize(
    ("kind", "part", "names"), [("Bounce", "bounce", "bouncedRecipients"), ("Complaint", "complaint", "complainedRecipients")]
)
def test_a_mail_came_back_from_where_we_sent_it_whoever_is_named(office, kind, part, names, named):
    event = office.happened(kind, f"{A}#1")

    office.take(event, event)

    assert not office.reports.get(A).contact.usable
    assert office.suppression.holds("sanne@example.org")
    assert not office.suppression.holds("s.de.vries@elders.example")


@pytest.mark.parametrize("subtype", ["General", "NoEmail", "Suppressed", "OnAccountSuppressionList"])
def test_an_address_on_a_list_of_ses_itself_is_dead_like_any_other(office, subtype):
    event = office.happened("Bounce", f"{A}#1")
    event["bounce"]["bounceSubType"] = subtype

    office.take(event)

    assert not office.reports.get(A).contact.usable
    assert office.suppression.holds("sanne@example.org")


def test_who_takes_our_mail_out_of_the_folder_for_spam_is_written_to_as_before(office):
    event = office.happened("Complaint", f"{A}#1")
    event["complaint"]["complaintFeedbackType"] = "not-spam"
    before = office.reports.get(A)

    office.take(event, event)

    assert office.reports.get(A) == before
    assert office.ledger.get(f"{A}#1").complained_at is None
    assert not office.suppression.holds("sanne@example.org")


def _asked(office):
    """A question to the reporter was mailed."""
    office.ask()
    office.deliver()
    return f"{A}#2"


def _full(office, letter):
    office.take(*[office.happened("Bounce", letter, bounce="Transient")] * 2)


def test_a_question_that_a_full_mailbox_never_took_is_told_another_way(office):
    _full(office, _asked(office))

    report = office.reports.get(A)
    assert not report.contact.usable
    assert report.to_contact_since
    assert [event.kind for event in report.timeline].count(EventKind.ADDRESS_UNUSABLE) == 1
    assert not office.suppression.holds("sanne@example.org"), "the mailbox may take mail again"


def test_such_a_question_is_mailed_again_to_the_address_that_its_reporter_proves(office):
    _full(office, _asked(office))
    office.deliver()

    office.change_contact(replace(office.reports.get(A).contact, email="nieuw@example.org", usable=True))
    office.deliver()
    office.go_round(timedelta(minutes=1))

    assert office.mailer.mails[-1].to == "nieuw@example.org"
    assert office.mailer.letters.count(f"{A}#2") == 2
    _full(office, f"{A}#1")  # an old word of the mail before changes nothing


@pytest.mark.parametrize("kind", ["ordinary news", "arrived", "answered"])
def test_a_mailbox_that_was_full_harms_nothing_else(office, kind):
    letter = f"{A}#1" if kind == "ordinary news" else _asked(office)
    if kind == "arrived":  # then it is an answer of a machine: on holiday
        office.take(office.happened("Delivery", letter))
    if kind == "answered":
        asked = office.reports.get(A)
        office.reports.save(asked, asked.answered(1, "Om acht uur.", at=office.clock.now()))

    _full(office, letter)

    assert office.reports.get(A).contact.usable
    assert office.ledger.get(letter).bounce == "transient"


def test_a_question_that_waited_and_was_told_with_other_news_counts_as_asked(office):
    office.change_contact(replace(office.reports.get(A).contact, usable=False))
    office.deliver()
    office.ask()
    office.deliver()
    assert office.ledger.get(f"{A}#3").has_reached_nobody
    before = office.reports.get(A)
    office.reports.save(before, replace(before, contact=replace(before.contact, usable=True), version=before.version + 1))
    office.ask()
    office.deliver()
    assert office.ledger.get(f"{A}#3").merged_into == 4

    _full(office, f"{A}#4")

    assert not office.reports.get(A).contact.usable
