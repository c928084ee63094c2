"""A whole post office in memory, with the levers that tests pull: writes are delivered, rounds made, receipts taken."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from chalicelib.core.clock import iso
from chalicelib.core.derivation import ProofKeys
from chalicelib.letters import due_letters, receipts, stream
from chalicelib.letters.catalogue import Waits
from chalicelib.letters.codes import code_digest
from chalicelib.letters.mailer import tag_of
from chalicelib.letters.mailroom import Mailroom, UnprovenMail
from chalicelib.letters.render import order_of, render
from chalicelib.letters.undoing import Undoing, undo
from chalicelib.reports import actions
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.model import Change
from chalicelib.reports.statuses import Status
from tests.support.fakes import FakeLimits, FakeReports
from tests.support.fakes_letters import FakeLedger, FakeMailer, FakeSuppression
from tests.support.samples import a_report

OFFICER = Actor(Role.OFFICER, "NN1234")
TOPIC, CONFIGURATION_SET = "test-receipts", "test-mail"
A, B, C = "CCCC-CCCC-CCCC", "DDDD-DDDD-DDDD", "FFFF-FFFF-FFFF"


class PostOffice:
    """Reports, ledger and mailer in memory around the real post, rounds and receipts."""

    def __init__(self, settings, clock, *, wait=timedelta(minutes=5), undo=timedelta(0)) -> None:
        self.clock, self.reports, self.ledger, self.mailer = clock, FakeReports(), FakeLedger(clock), FakeMailer()
        self.suppression = FakeSuppression(clock)
        self._settings, self._waits, self._taken = settings, Waits(wait, undo), 0
        self.daily, self.most_unproven = FakeLimits(replace(settings, limit_window_s=86_400), clock), 100

    @property
    def office(self) -> Mailroom:
        """Made anew for every use: a test may have put another ledger or mailer in place."""
        return Mailroom(
            reports=self.reports,
            unusable=partial(actions.note_unusable, reports=self.reports, clock=self.clock),
            ledger=self.ledger,
            suppression=self.suppression,
            turn=lambda: None,
            mailer=self.mailer,
            order_of=partial(order_of, settings=self._settings, proof_keys=lambda: ProofKeys.of(b"k" * 32)),
            render=partial(render, settings=self._settings),
            code_digest=partial(code_digest, b"k" * 32),
            unproven=lambda: UnprovenMail(self.daily, self.most_unproven),
            clock=self.clock,
            waits=self._waits,
        )

    def file(self, reference=A, **changes):
        return self.reports.add(a_report(reference=reference, at=self.clock.now(), **changes))

    def change(self, reference=A, status=Status.CHECKED, **facts):
        before = self.reports.get(reference)
        return self.reports.save(before, before.changed(Change(status, **facts), by=OFFICER, at=self.clock.now()))

    def ask(self, reference=A):
        before, deadline = self.reports.get(reference), date(2030, 1, 1)
        return self.reports.save(before, before.asked("Hoe?", deadline_on=deadline, by=OFFICER, at=self.clock.now()))

    def undo(self, number, reference=A, *, key=""):
        before = self.reports.get(reference)
        return undo(before, number, by=OFFICER, version=before.version, key=key, room=self.undoing)

    @property
    def undoing(self) -> Undoing:
        return Undoing(reports=self.reports, ledger=self.ledger, waits=self._waits, clock=self.clock)

    def change_contact(self, contact, reference=A):
        before = self.reports.get(reference)
        return self.reports.save(before, before.contact_changed(contact, at=self.clock.now()))

    def records(self):
        """The stream records of all that was written since the last call."""
        fresh, first = self.reports.writes[self._taken :], self._taken + 1
        self._taken = len(self.reports.writes)
        return [record(number, before, after) for number, (before, after) in enumerate(fresh, first)]

    def deliver(self, records=None) -> stream.BatchResult:
        records = self.records() if records is None else records
        for one in records:  # what a record tells was written
            if one.new and "report" in one.new:
                self.reports.keep(one.new["report"])
        return stream.deliver(records, self.office, report_of_image=lambda image: image["report"])

    def go_round(self, after=timedelta(0)):
        self.clock.advance(after)
        return due_letters.send_due(self.office)

    def take(self, *events, **facts) -> None:
        for event in events:
            told = {"topic": TOPIC, "configuration_set": CONFIGURATION_SET, **facts}
            receipts.note_receipts(sns(event), room=self.office, **told)

    def happened(self, kind, letter, *, to="sanne@example.org", **details):
        """The event with which SES tells of a mail, now."""
        return ses_event(kind, letter, at=self.clock.now(), to=to, **details)


def record(number, before, after):
    """The record of one write, with the reports themselves for images."""
    name = "MODIFY" if before else "INSERT"
    return stream.StreamRecord(str(number), name, after.reference, before and {"report": before}, {"report": after})


def ses_event(kind, letter, *, at, to="sanne@example.org", bounce="Permanent"):
    """An event of SES, of the shape in tests/events."""
    tags = {"ses:configuration-set": [CONFIGURATION_SET], "letter": [tag_of(letter)]}
    mail = {"timestamp": iso(at), "messageId": f"m-{letter}", "destination": [to], "tags": tags}
    told = {"timestamp": iso(at)}
    parts = {
        "Bounce": {"bounce": {"bounceType": bounce, "bouncedRecipients": [{"emailAddress": to}], **told}},
        "Complaint": {"complaint": {"complainedRecipients": [{"emailAddress": to}], **told}},
        "Delivery": {"delivery": {**told, "recipients": [to]}},
        "DeliveryDelay": {"deliveryDelay": {**told, "delayType": "MailboxFull"}},
        "Send": {"send": {}},
        "Reject": {"reject": {"reason": "Bad content"}},
        "Rendering Failure": {"failure": {"errorMessage": "Attribute 'x' is not present", "templateName": "t"}},
    }
    return {"eventType": kind, "mail": mail, **parts[kind]}


def sns(*events, topic=TOPIC):
    """The Lambda event with which a topic hands over what SES published."""
    return {"Records": list(_sns_records(events, topic))}


def _sns_records(events: Iterable, topic: str):
    for event in events:
        message = event if isinstance(event, str) else json.dumps(event)
        arn = f"arn:aws:sns:eu-west-1:123456789012:{topic}"
        yield {"EventSource": "aws:sns", "Sns": {"TopicArn": arn, "Message": message, "Subject": None, "MessageAttributes": {}}}
