"""From writes to letters: each event ends in one mail or one reason, whatever breaks on the way."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pytest

from chalicelib.core.batches import BatchFailed
from chalicelib.core.errors import Unavailable
from chalicelib.core.language import Language
from chalicelib.letters.catalogue import Letter
from chalicelib.letters.codes import check_code_of, code_digest, token_of
from chalicelib.letters.ledger import LedgerStore
from chalicelib.letters.ledger_entry import FIRST_PAUSE, LEASE
from chalicelib.letters.mailer import OutcomeUnknown, Rejected, SesMailer, Throttled
from chalicelib.letters.mailroom import Outcome
from chalicelib.letters.render import version
from chalicelib.letters.stream import StreamRecord, deliver, records_of
from chalicelib.reports.contact import Contact, Hours, InformationWish, Safety
from chalicelib.reports.deadlines import Deadlines
from chalicelib.reports.model import Change
from chalicelib.reports.statuses import Status
from chalicelib.reports.store import ReportStore
from tests.support.fakes_letters import FakeLedger
from tests.support.office import OFFICER, A, B, C, PostOffice, record
from tests.support.samples import NOON, a_report

EVENTS = Path(__file__).parent.parent / "events"


@pytest.fixture
def office(settings, clock):
    return PostOffice(settings, clock)


@pytest.fixture
def ledger(office):
    return office.ledger


@pytest.fixture
def mailer(office):
    return office.mailer


@pytest.fixture
def post(office):
    return office.deliver


def filed(number, reference, **changes):
    return record(number, None, a_report(reference=reference, **changes))


def life(reference):
    """The reports of a short life: filed, checked, asked."""
    report = a_report(reference=reference)
    checked = report.changed(Change(Status.CHECKED), by=OFFICER, at=NOON)
    return report, checked, checked.asked("Hoe?", deadline_on=date(2016, 7, 20), by=OFFICER, at=NOON)


def test_who_is_not_safe_gets_the_neutral_letter_and_the_ledger_says_so(post, ledger, mailer):
    report = a_report(reference=A)
    unsafe = replace(report, contact=replace(report.contact, safety=Safety(neutral=True)))

    post([record(1, None, unsafe)])

    [mail] = mailer.mails
    assert mail.neutral
    assert "politie" not in (mail.subject + mail.text + mail.html).lower()
    assert ledger.get(f"{A}#1").template == version(Letter.NEWS, Language.NL, True)


def test_an_invitation_can_be_unsubscribed_from_by_a_mail_program(post, mailer):
    report = a_report(reference=A)

    post([record(1, report, report.invited_to_survey(at=NOON))])

    [mail] = mailer.mails
    assert mail.unsubscribe_at == f"https://portal.example/unsubscribe/{token_of(b'k' * 32, f'{A}#2')}"


def records_of_life(reference, first=1):
    report, checked, asked = life(reference)
    return [record(first, None, report), record(first + 1, report, checked), record(first + 2, checked, asked)]


def test_filing_a_report_sends_one_letter_to_its_reporter_at_once(post, ledger, mailer):
    result = post([filed(1, A)])

    [mail] = mailer.mails
    assert (mail.letter_id, mail.to) == (f"{A}#1", "sanne@example.org")
    entry = ledger.get(f"{A}#1")
    assert (entry.letter, entry.language, entry.message_id, entry.accepted_at) == ("news", "nl", "message-1", NOON)
    assert entry.template
    assert entry.code_digest == code_digest(b"k" * 32, check_code_of(b"k" * 32, f"{A}#1"))
    assert result.outcomes == {Outcome.SENT: 1}
    assert result.as_lambda_response(partial_batches=True) == {"batchItemFailures": []}


def test_news_waits_and_a_question_goes_at_once_and_takes_it_along(post, ledger, mailer):
    post(records_of_life(A))

    assert mailer.letters == [f"{A}#1", f"{A}#3"]
    assert (ledger.get(f"{A}#2").merged_into, ledger.get(f"{A}#2").next_attempt_at) == (3, None)


def test_of_two_events_in_one_write_the_first_is_told_first(post, mailer):
    report = a_report(reference=A)
    asked = report.asked("Hoe?", deadline_on=date(2016, 7, 20), by=OFFICER, at=NOON)

    post([record(1, report, asked.asked("En waar?", deadline_on=date(2016, 7, 21), by=OFFICER, at=NOON))])

    assert mailer.letters == [f"{A}#2", f"{A}#3"]


def test_a_batch_delivered_twice_is_sent_once(post, mailer):
    batch = [*records_of_life(A), filed(4, B)]

    post(batch)
    again = post([*batch, *batch])

    assert len(mailer.letters) == 3
    assert again.failed == ()
    assert set(again.outcomes) <= {Outcome.SETTLED_BEFORE, Outcome.WAITS}


def test_a_letter_goes_to_the_address_of_now_however_old_its_record_is(office):
    office.file(A)
    records = office.records()
    report = office.reports.get(A)
    office.change_contact(replace(report.contact, email="veilig@example.org"))

    office.deliver(records)

    assert [mail.to for mail in office.mailer.mails] == ["veilig@example.org"]


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"information": InformationWish.NOTHING}, Outcome.NOT_SENT),
        ({"safety": Safety(hours=Hours.EVENING)}, Outcome.WAITS),
        ({"usable": False}, Outcome.NOT_SENT),
    ],
)
def test_what_its_reader_chose_a_moment_ago_binds_a_letter_whose_record_is_older(office, change, outcome):
    office.file(A)
    records = office.records()
    report = office.reports.get(A)
    office.change_contact(replace(report.contact, **change))

    assert office.deliver(records).outcomes == {outcome: 1}

    assert office.mailer.mails == []
    assert office.ledger.get(f"{A}#1").attempt == ""


def test_nobody_is_mailed_outside_the_hours_at_which_it_is_safe(post, ledger, mailer):
    contact = Contact(email="sanne@example.org", safety=Safety(hours=Hours.EVENING))
    *_, asked = life(A)
    report = replace(asked, contact=contact)

    post([record(1, replace(report, timeline=report.timeline[:2]), report)])

    assert mailer.mails == []
    assert ledger.get(f"{A}#3").next_attempt_at == NOON + timedelta(hours=5), "17:00 in Amsterdam"


def test_what_is_not_mailed_has_its_reason_in_the_ledger(post, ledger, mailer):
    quiet = a_report(reference=A)
    quiet = replace(quiet, contact=replace(quiet.contact, information=InformationWish.NOTHING))
    *_, asked = life(B)

    result = post([record(1, None, quiet), record(2, asked, asked.answered(1, "Zo", at=NOON))])

    assert mailer.mails == []
    assert ledger.get(f"{A}#1").not_sent == "not_wanted"
    assert ledger.get(f"{B}#4").not_sent == "own_action"
    assert result.outcomes == {Outcome.NOT_SENT: 2}


def test_a_removed_report_and_a_write_without_news_send_nothing(post, mailer):
    report = a_report(reference=A)

    result = post([StreamRecord("1", "REMOVE", A, {"report": report}, None), record(2, report, report)])

    assert (mailer.mails, result.failed) == ([], ())


def test_a_refused_address_is_noted_and_never_tried_again(post, ledger, mailer):
    mailer.answers = [Rejected("MessageRejected")]

    result = post([filed(1, A), filed(2, B)])
    post([filed(1, A)])

    assert mailer.letters == [f"{B}#1"]
    assert ledger.get(f"{A}#1").rejected == "MessageRejected"
    assert result.failed == ()


def test_an_address_that_ses_refuses_is_marked_as_one_that_does_not_work(office, post, mailer):
    mailer.answers = [Rejected("MessageRejected")]

    post([filed(1, A)])

    assert not office.reports.get(A).contact.usable
    assert office.reports.get(A).to_contact_since
    assert list(office.ledger.given_up("Noord-Nederland")) == []


def test_the_reason_for_no_mail_is_one_of_now(office):
    """The record is that of a moment at which its reader wanted nothing, and comes when that has changed."""
    office.file(A, contact=Contact(email="sanne@example.org", information=InformationWish.NOTHING))
    records = office.records()
    office.change_contact(Contact(email="sanne@example.org"))

    assert office.deliver(records).outcomes == {Outcome.SENT: 1}


@pytest.mark.parametrize("error", [Unavailable("ses"), Throttled("ses")])
def test_when_ses_is_unavailable_its_letters_wait_and_the_stream_goes_on(post, ledger, mailer, error):
    mailer.answers = [None, error]

    result = post([filed(1, A), filed(2, B), filed(3, C)])

    assert result.failed == ()
    assert mailer.letters == [f"{A}#1"]
    assert [ledger.get(f"{name}#1").next_attempt_at for name in (B, C)] == [NOON + FIRST_PAUSE] * 2
    assert [ledger.get(f"{name}#1").attempt for name in (B, C)] == [""] * 2
    assert result.outcomes == {Outcome.SENT: 1, Outcome.PUT_OFF: 1, Outcome.WAITS: 1}


def test_a_letter_of_unknown_outcome_keeps_its_claim_until_ses_has_had_time_to_tell(post, ledger, mailer):
    mailer.answers = [OutcomeUnknown("ReadTimeoutError")]

    result = post([filed(1, A), filed(2, B)])

    assert result.failed == ()
    assert mailer.letters == [], "only one letter may be in doubt"
    assert (ledger.get(f"{A}#1").attempt != "", ledger.get(f"{A}#1").next_attempt_at) == (True, NOON + LEASE)
    assert ledger.get(f"{B}#1").next_attempt_at == NOON + FIRST_PAUSE


def test_a_failing_record_holds_back_its_own_report_and_nobody_else(post, mailer):
    first, second, third = records_of_life(A)
    batch = [first, replace(second, new={"poison": True}), third, filed(4, B)]

    result = post(batch)

    assert mailer.letters == [f"{A}#1", f"{B}#1"]
    assert result.failed == ("2", "3")
    assert post([first, second, third]).failed == ()
    assert mailer.letters == [f"{A}#1", f"{B}#1", f"{A}#3"]


@pytest.mark.parametrize("missing", ["old", "new"])
def test_a_record_without_its_image_is_reported_not_guessed_at(post, mailer, missing):
    broken = replace(records_of_life(A)[1], **{missing: None})

    assert post([broken, filed(9, B)]).failed == ("2",)
    assert mailer.letters == [f"{B}#1"]


def test_a_note_that_fails_does_not_fail_the_record(office, post, mailer, clock, caplog):
    class Forgetful(FakeLedger):
        def note_accepted(self, *_arguments, **_facts):
            raise Unavailable("letters")

    office.ledger = Forgetful(clock)
    result = post([filed(1, A)])

    assert mailer.letters == [f"{A}#1"]
    assert result.failed == ()
    assert "letter_sent_not_noted" in caplog.text


def test_no_log_line_names_a_person(post, mailer, caplog):
    caplog.set_level("INFO")
    mailer.answers = [None, Rejected("MessageRejected"), ValueError("sanne@example.org")]

    post([filed(1, A), filed(2, B), filed(3, C)])

    assert "letter_sent" in caplog.text
    assert "letter_put_off" in caplog.text
    assert "sanne" not in caplog.text


def test_without_partial_batches_a_failing_record_fails_the_batch_aloud(post):
    result = post([replace(filed(7, A), new={"poison": True})])

    assert result.as_lambda_response(partial_batches=True) == {"batchItemFailures": [{"itemIdentifier": "7"}]}
    with pytest.raises(BatchFailed):
        result.as_lambda_response(partial_batches=False)


def test_the_survey_letter_is_sent_with_the_code_of_its_report(post, mailer, clock):
    report = a_report(reference=A)
    clock.advance(timedelta(days=60))

    post([record(2, report, report.invited_to_survey(at=NOON + timedelta(days=60)))])

    [mail] = mailer.mails
    assert "portal.example/survey" in mail.text


def test_the_real_images_of_the_table_lead_to_a_real_mail(aws, settings, clock, office):
    store = ReportStore(settings, Deadlines())
    store.add(a_report(reference=A))
    [image] = aws.items("reports")
    write = {"Keys": {"reference": {"S": A}}, "NewImage": image, "SequenceNumber": "1"}
    event = {"Records": [{"eventName": "INSERT", "dynamodb": write}]}
    office.ledger, office.mailer = LedgerStore(settings, clock), SesMailer(lambda: aws.client("sesv2"), settings)
    office.reports = store

    for _ in range(2):
        deliver(records_of(event), office.office, report_of_image=store.report_of_image)

    assert [mail.destinations["ToAddresses"] for mail in aws.mails()] == [["sanne@example.org"]]


class _Died(BaseException):
    """The process is gone: nothing after this line happens."""


class _Faulty:
    """Passes calls on to ledger or mailer, and breaks one of them, counted over both."""

    def __init__(self, real, calls, at, fault):
        self._real, self._calls, self._at, self._fault = real, calls, at, fault

    def __getattr__(self, name):
        def call(*arguments, **facts):
            fault = self._fault if next(self._calls) == self._at else ""
            if fault == "dies_before":
                raise _Died
            if fault == "refuses":
                raise Unavailable(name)
            answer = getattr(self._real, name)(*arguments, **facts)
            if fault == "dies_after":
                raise _Died
            if fault == "loses_its_reply":
                raise OutcomeUnknown(name) if name == "send" else Unavailable(name)
            return answer

        return call


CALLS = 12  # of the post for the batch below: claim, send and note for three letters, a wait, a look and a merge


@pytest.mark.parametrize("heard", [True, False], ids=["receipts", "no receipts"])
@pytest.mark.parametrize("fault", ["dies_before", "dies_after", "refuses", "loses_its_reply"])
@pytest.mark.parametrize("at", range(CALLS))
def test_one_fault_anywhere_loses_nothing_and_doubles_at_most_one_letter_that_is_flagged(office, at, fault, heard):
    ledger, mailer, calls = office.ledger, office.mailer, count()
    office.file(A), office.change(A), office.ask(A), office.file(B)
    batch = office.records()
    office.ledger, office.mailer = (_Faulty(real, calls, at, fault) for real in (ledger, mailer))

    for _ in range(3):
        try:
            failed = office.deliver(batch).failed
        except _Died:
            failed = ("all",)
        if not failed:
            break
    office.ledger = ledger
    if heard:
        office.take(*(office.happened("Send", letter) for letter in mailer.letters))
    for _ in range(3):
        office.go_round(LEASE)

    sent = Counter(mailer.letters)
    joined = {entry.id: f"{A}#{entry.merged_into}" for entry in ledger.of_report(A) if entry.merged_into}
    assert failed == ()
    assert next(calls) > at, "the fault must have struck"
    assert set(sent) | set(joined) == {f"{A}#1", f"{A}#2", f"{A}#3", f"{B}#1"}
    assert set(joined.values()) <= set(sent), "what was taken along went with a letter that was sent"
    assert not set(joined) & set(sent)
    assert all(times == 1 or (times == 2 and ledger.get(letter).repeated) for letter, times in sent.items())
    assert sum(times - 1 for times in sent.values()) <= (0 if heard else 1)
    assert list(ledger.due(office.clock.now())) == [], "nothing is stuck"


@pytest.mark.parametrize("name", ["dynamodb-stream-remove-ttl.json", "dynamodb-stream-insert-modify-remove.json"])
def test_a_stream_document_of_aws_is_read_as_lambda_hands_it_over(name):
    document = json.loads((EVENTS / name).read_text(encoding="utf-8"))

    records = records_of(document)

    assert [record.sequence_number for record in records] == [one["dynamodb"]["SequenceNumber"] for one in document["Records"]]
    assert [record.name for record in records] == [one["eventName"] for one in document["Records"]]
    assert records[-1].name == "REMOVE"
    assert records[-1].new is None


def test_a_report_that_time_removed_sends_nothing(post, mailer):
    document = json.loads((EVENTS / "dynamodb-stream-remove-ttl.json").read_text(encoding="utf-8"))

    assert post(records_of(document)).failed == ()
    assert mailer.mails == []
