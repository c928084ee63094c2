"""The post office under everything at once: a Hypothesis state machine, and an oracle that keeps its own simple books.

The oracle knows nothing of ledgers and leases. It remembers, for each event, under which wishes and addresses its report
stood until the event was settled; from that follows what may become of it. And it looks at each mail as it goes out.
"""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chalicelib.core.clock import MovableClock
from chalicelib.core.errors import Unavailable
from chalicelib.letters.ledger_entry import LEASE
from chalicelib.letters.mailer import OutcomeUnknown, Rejected
from chalicelib.letters.stream import FRESH
from chalicelib.reports.contact import Contact, InformationWish, may_be_sent_at
from chalicelib.reports.events import EventKind
from chalicelib.reports.statuses import Status
from tests.conftest import StillClock
from tests.support.fakes_letters import FakeMailer
from tests.support.office import PostOffice

REFERENCES = ("CCCC-CCCC-CCCC", "DDDD-DDDD-DDDD", "FFFF-FFFF-FFFF")
NEWS = {EventKind.RECEIVED, EventKind.STATUS_CHANGED, EventKind.QUESTION_ASKED, EventKind.QUESTION_ENDED}
WISHES = st.sampled_from(list(InformationWish))
references = st.sampled_from(REFERENCES)


class Died(BaseException):
    """The process is gone."""


class WatchedMailer(FakeMailer):
    """Takes mails as SES would, and asks the oracle about each. `dies` kills the process before or after the next one."""

    def __init__(self, machine) -> None:
        super().__init__()
        self._machine, self.dies = machine, ""

    def send(self, mail):
        dies, self.dies = self.dies, ""
        if dies == "before":
            raise Died
        self._machine.mail_goes_out(mail)
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, OutcomeUnknown):
            self.mails.append(mail)
        if answer:
            raise answer
        self.mails.append(mail)
        if dies == "after":
            raise Died
        return f"message-{len(self.mails)}"


class PostMachine(RuleBasedStateMachine):
    """One post office, three reports, and what citizens, officers, SES and Lambda may do next."""

    settings = None  # set by whoever runs it
    steps = mails = crashes_seen = 0

    @initialize(wishes=st.tuples(WISHES, WISHES))
    def open(self, wishes) -> None:
        self.office = PostOffice(type(self).settings, MovableClock(StillClock()))
        self.office.mailer = WatchedMailer(self)
        self.pending, self.done, self.told = [], [], 0
        self.stood = defaultdict(list)  # event → the contacts that its report had while it was unsettled
        for reference, wish in zip(REFERENCES, wishes, strict=False):  # the third is filed on the way
            self.file(reference, wish)

    # The oracle's view --------------------------------------------------------------------------------------------

    def mail_goes_out(self, mail) -> None:
        now = self.office.clock.now()
        versions = [after for _, after in self.office.reports.writes if after.reference == mail.letter_id.rpartition("#")[0]]
        lately = [one.contact for one, later in pairwise([*versions, None]) if later is None or now - later.changed_at <= FRESH]
        assert any(self._suits(mail, contact, now) for contact in lately), "to the address of now, or of a minute ago"

    def _suits(self, mail, contact, now) -> bool:
        return mail.to == contact.email and contact.usable and may_be_sent_at(contact, now) == now

    @invariant()
    def a_step(self) -> None:
        type(self).steps += 1

    @invariant()
    def books(self) -> None:
        for reference in REFERENCES:
            report = self.office.reports.get(reference)
            for event in report.timeline if report else ():
                entry = self.office.ledger.get(f"{reference}#{event.number}")
                if entry is None or not entry.is_settled:
                    self.stood[f"{reference}#{event.number}"].append(report.contact)

    @invariant()
    def nothing_is_doubled_but_what_is_flagged(self) -> None:
        for name, times in Counter(self.office.mailer.letters).items():
            assert times == 1 or self.office.ledger.get(name).repeated, f"{name} went out {times} times"

    # The things that may happen ------------------------------------------------------------------------------------

    @rule(wish=WISHES)
    def another_report(self, wish) -> None:
        self.file(REFERENCES[-1], wish)

    def file(self, reference, wish) -> None:
        if self.office.reports.get(reference) is None:
            self.office.file(reference, contact=Contact(email="sanne@example.org", information=wish))

    @rule(reference=references, status=st.sampled_from(list(Status)))
    def change(self, reference, status) -> None:
        report = self.office.reports.get(reference)
        if report and status in report.next_statuses():
            self.office.change(reference, status, explanation="Uitleg.", registration_number="PL0100-2016000001")

    @rule(reference=references)
    def ask(self, reference) -> None:
        report = self.office.reports.get(reference)
        if report and report.can_be_asked:
            self.office.ask(reference)

    @rule(reference=references)
    def answer(self, reference) -> None:
        report = self.office.reports.get(reference)
        if report and report.open_question:
            answered = report.answered(report.open_question.number, "Ja.", at=self.office.clock.now())
            self.office.reports.save(report, answered)

    @rule(reference=references)
    def invite(self, reference) -> None:
        report = self.office.reports.get(reference)
        if report and not report.survey_invited_at:
            self.office.reports.save(report, report.invited_to_survey(at=self.office.clock.now()))

    @rule(reference=references, wish=WISHES, survey=st.booleans())
    def unsubscribe(self, reference, wish, survey) -> None:
        self._contact(reference, information=wish, survey=survey)

    @rule(reference=references, number=st.integers(0, 3))
    def new_address(self, reference, number) -> None:
        self._contact(reference, email=f"adres-{number}@example.org", usable=True)

    def _contact(self, reference, **changes) -> None:
        report = self.office.reports.get(reference)
        if report:
            self.office.change_contact(replace(report.contact, **changes), reference)

    @rule(minutes=st.sampled_from([1, 3, 6, 11, 60]))
    def time_passes(self, minutes) -> None:
        self.office.clock.advance(timedelta(minutes=minutes))

    @rule(error=st.sampled_from([Unavailable("ses"), OutcomeUnknown("lost"), Rejected("MessageRejected")]))
    def ses_fails_next(self, error) -> None:
        if len(self.office.mailer.answers) < 2:
            self.office.mailer.answers.append(error)

    @rule(when=st.sampled_from(["before", "after"]))
    def process_dies_next(self, when) -> None:
        self.office.mailer.dies = when

    @rule(data=st.data(), times=st.integers(1, 3))
    def stream(self, data, times) -> None:
        """Lambda delivers a batch up to three times; reports overtake each other, a report's own records never."""
        self.pending += self.office.records()
        if not self.pending:
            return
        first = data.draw(st.permutations(REFERENCES))
        batch = sorted(self.pending, key=lambda record: first.index(record.reference))
        for _ in range(times):
            if not self._tried(lambda: self.office.deliver(batch)):
                return
        self.done, self.pending = self.done + batch, []

    @precondition(lambda self: self.done)
    @rule(data=st.data())
    def stream_again(self, data) -> None:
        """An old record comes once more."""
        record = data.draw(st.sampled_from(self.done))
        self._tried(lambda: self.office.deliver([record]))

    @rule()
    def round(self) -> None:
        self._tried(self.office.go_round)

    @precondition(lambda self: self.office.mailer.mails)
    @rule(data=st.data(), kind=st.sampled_from(["Send", "Delivery", "DeliveryDelay", "Bounce", "Complaint"]))
    def ses_tells(self, data, kind) -> None:
        """Any receipt of any mail, late, twice, in any order."""
        mail = data.draw(st.sampled_from(self.office.mailer.mails))
        self._hear()
        self.office.take(self.office.happened(kind, mail.letter_id, to=mail.to))

    def _hear(self) -> None:
        fresh, self.told = self.office.mailer.mails[self.told :], len(self.office.mailer.mails)
        for mail in fresh:
            self.office.take(self.office.happened("Send", mail.letter_id, to=mail.to))

    def _tried(self, what) -> bool:
        try:
            what()
        except Died:
            type(self).crashes_seen += 1
            return False
        finally:
            self._hear()  # SES tells of what it took soon after
        return True

    # The end -------------------------------------------------------------------------------------------------------

    def teardown(self) -> None:
        """Nothing breaks any more, and two days pass: then each event has come to an end that its history allows."""
        self.office.mailer.answers, self.office.mailer.dies = [], ""
        for _ in range(60):
            self.pending += self.office.records()
            self._tried(lambda: self.office.deliver(self.pending))
            self.pending = []
            self.office.clock.advance(max(LEASE, timedelta(hours=1)))
            self._tried(self.office.go_round)
            self.books()
        sent = Counter(self.office.mailer.letters)
        type(self).mails += sent.total()
        assert sum(times - 1 for times in sent.values()) == 0, "SES told of each mail: nothing was sent twice"
        for reference in REFERENCES:
            report = self.office.reports.get(reference)
            for event in report.timeline if report else ():
                self._judge(f"{reference}#{event.number}", event, sent)

    def _judge(self, name, event, sent) -> None:
        entry, stood = self.office.ledger.get(name), self.stood[name]
        assert entry, f"{name} ({event.kind}) is lost"
        assert entry.is_settled, f"{name} ({event.kind}) is stuck"
        if entry.not_sent == "not_wanted":
            assert any(one.information is not InformationWish.ALL or not one.survey for one in stood), f"{name} was wanted"
        if entry.not_sent == "address_unusable" and event.kind in NEWS:
            assert any(not one.usable for one in stood), f"{name} had an address"
        if event.kind is EventKind.QUESTION_ASKED:
            assert entry.not_sent != "not_wanted", "a question is asked whatever was wished"
        if not entry.not_sent and not entry.merged_into and not entry.rejected:
            assert sent[name] == 1, f"{name} was noted and never sent"
        if entry.merged_into:
            leader = self.office.ledger.get(f"{entry.reference}#{entry.merged_into}")
            is_told = leader.accepted_at or leader.rejected or leader.not_sent or leader.merged_into
            assert is_told, f"{name} was merged into a letter that never went"
