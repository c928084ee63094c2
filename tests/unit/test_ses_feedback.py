"""The local tray tells of each mail what SES would tell, and addresses show what happens when mail does not arrive."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.letters import receipts
from chalicelib.letters.mailer import tag_of
from infra.local.pages import TOLD
from infra.local.ses_feedback import DOMAIN, HABITS, SesFeedback, event_of, habit_of
from infra.local.tray import Mail, Tray
from tests.support.samples import NOON, REFERENCE

EVENTS = Path(__file__).parent.parent / "events"
LETTER = f"{REFERENCE}#1"
FILES = {"Send": "send", "Delivery": "delivery", "Bounce": "bounce", "Complaint": "complaint", "DeliveryDelay": "delivery-delay"}
FILES |= {"Reject": "reject", "Suppressed": "bounce"}


def mail(to):
    facts = {"sender": "post@local.example", "subject": "Nieuws", "text": "", "html": "", "headers": {}}
    return Mail(id="m-1", to=to, tags={"letter": tag_of(LETTER)}, sent_at=NOON, **facts)


@pytest.fixture
def told(clock):
    """Put a mail in the tray, and return what the topic's handler got of it, and what the tray shows."""

    def told(to, handler=None):
        tray, got = Tray(clock), []
        ses_feedback = SesFeedback(tray, clock, topic="receipts", configuration_set="set", handler=handler or got.append)
        ses_feedback.start()
        tray.tell(mail(to))
        ses_feedback.sound = ses_feedback.drain()
        ses_feedback.stop()
        read = [receipts.receipt_of(e["Records"][0], topic="receipts", configuration_set="set") for e in got]
        return read, tray.receipts_of("m-1"), ses_feedback

    return told


def test_usual_mail_is_sent_and_arrives_and_the_receipts_name_its_letter(told):
    read, shown, _ = told("sanne@example.org")

    assert [(one.kind, one.letter_id, one.message_id) for one in read] == [("Send", LETTER, "m-1"), ("Delivery", LETTER, "m-1")]
    assert shown == ("Send", "Delivery")


@pytest.mark.parametrize("name", HABITS)
def test_each_address_of_the_simulator_does_what_its_line_says_and_the_portal_can_read_it(told, name):
    read, shown, _ = told(f"{name}@{DOMAIN}")

    events = [kind.replace("Suppressed", "Bounce") for kind in HABITS[name].events]
    assert [one.kind for one in read] == events == list(shown)
    gone = {"bounce", "suppressionlist", "late", "complaint", "reject"}
    assert any(one.unreachable for one in read) == (name in gone)
    assert all(kind in TOLD for kind in shown)


def test_a_label_behind_the_name_makes_addresses_of_ones_own():
    assert habit_of(f"bounce+sanne@{DOMAIN}") is HABITS["bounce"]
    assert habit_of("bounce@example.org").events == ("Send", "Delivery")


@pytest.mark.parametrize("kind", FILES)
def test_an_event_has_the_shape_of_the_genuine_one(kind):
    genuine = json.loads((EVENTS / f"ses-{FILES[kind]}.json").read_text(encoding="utf-8"))

    made = event_of(mail("sanne@example.org"), kind, NOON + timedelta(seconds=1), "set")

    assert made["eventType"] == genuine["eventType"]
    assert set(made) == set(genuine)
    assert set(made["mail"]) <= set(genuine["mail"])
    [part] = set(made) - {"eventType", "mail"}
    assert set(made[part]) <= set(genuine[part]) | {"smtpResponse"}


def test_a_handler_that_fails_is_counted_and_the_rest_is_still_told(told):
    def fails(event):
        raise OSError("no answer")

    _, shown, ses_feedback = told("sanne@example.org", fails)

    assert not ses_feedback.sound
    assert shown == ("Send", "Delivery")
