"""Undo: nobody hears of a slip that was taken back in time, whoever comes first, and whatever comes twice or late."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.core.errors import Conflict, Invalid
from chalicelib.letters import undoing
from chalicelib.letters.states import LetterState
from chalicelib.letters.undoing import HELD_FOR
from chalicelib.reports import actions, corrections
from chalicelib.reports.contact import Contact, Hours, InformationWish, Safety
from chalicelib.reports.corrections import taken_back
from chalicelib.reports.events import EventKind, OfflineMeans
from chalicelib.reports.model import Change
from chalicelib.reports.statuses import Status
from tests.support.office import OFFICER, A, PostOffice
from tests.support.samples import NOON, a_report

UNDO = timedelta(minutes=2)
NUMBER = "PL0100-2016123456"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def office(settings, clock):
    office = PostOffice(settings, clock, undo=UNDO)
    office.file()
    office.deliver()
    office.mailer.mails.clear()
    return office


def state(office, number):
    return office.ledger.get(f"{A}#{number}").state


def later(office, after=timedelta(0)):
    """Records come, and then the round, again and again."""
    office.deliver()
    office.clock.advance(after)
    for _ in range(20):
        office.go_round(MINUTE)
        office.deliver()


def seen(report):
    return [(event.kind, event.status, event.undoes) for event in report.timeline[1:]]


def test_a_change_that_is_undone_is_told_by_no_mail_and_the_report_is_as_it_was(office):
    before = office.reports.get(A)
    office.change(status=Status.REFERRED)
    office.deliver()
    office.clock.advance(40 * SECOND)

    after = office.undo(2)
    later(office)

    assert (after.status, after.registration_number, after.questions) == (before.status, "", ())
    assert seen(after) == [
        (EventKind.STATUS_CHANGED, Status.REFERRED, 0),
        (EventKind.RETRACTED, Status.RECEIVED, 2),
    ]
    assert office.mailer.letters == []
    assert (state(office, 2), office.ledger.get(f"{A}#2").not_sent) == (LetterState.NOT_SENT, "retracted")


def test_a_mail_after_an_undo_tells_only_of_what_stands(office):
    office.change(status=Status.CHECKED, explanation="Tekst A.")
    office.clock.advance(40 * SECOND)
    office.deliver()
    office.undo(2)
    office.clock.advance(30 * SECOND)
    office.change(status=Status.CHECKED, explanation="Tekst B.")

    later(office)

    assert office.mailer.letters == [f"{A}#4"]
    assert office.ledger.get(f"{A}#2").merged_into == 0


@pytest.mark.parametrize("order", ["in order", "late", "twice", "act never came"])
def test_an_undo_holds_whenever_its_records_come(office, order):
    office.change(status=Status.REFERRED)
    first = office.records()
    if order in ("in order", "twice"):
        office.deliver(first)
    office.clock.advance(10 * SECOND)
    office.undo(2)
    second = office.records()
    if order != "act never came":
        office.deliver(second) if order == "in order" else office.deliver([*first, *second])
    if order == "twice":
        office.deliver([*first, *second])
    later(office)
    if order == "act never came":  # the sweep brings it, hours later
        office.deliver([*first, *second])
        later(office)

    assert office.mailer.letters == []
    assert office.ledger.get(f"{A}#2").not_sent == "retracted"


def test_a_question_that_is_undone_is_asked_no_more_and_the_one_before_it_stands_open_again(office):
    office.ask()
    later(office)
    office.ask()
    undone = office.undo(3)

    assert (undone.status, [q.end for q in undone.questions]) == (Status.AWAITING_REPORTER, ["", "retracted"])
    assert undone.open_question.number == 1
    assert undone.answered(1, "Ja", at=office.clock.now()).status is Status.RECEIVED
    with pytest.raises(Conflict, match="question_retracted"):
        undone.answered(2, "Ja", at=office.clock.now())


def test_the_question_before_the_last_one_opens_again_only_if_that_took_its_place(office):
    office.ask()
    office.ask()
    before = office.reports.get(A)
    office.reports.save(before, before.answered(2, "Ja", at=office.clock.now()))
    office.ask()

    undone = office.undo(5)

    assert [q.end for q in undone.questions] == ["replaced", "answered", "retracted"]
    assert undone.status is Status.RECEIVED
    assert undone.open_question is None


def test_the_police_number_goes_back_too(office):
    office.change(status=Status.CHECKED)
    office.change(status=Status.REGISTERED, registration_number=NUMBER)
    office.change(status=Status.INVESTIGATING)

    undone = office.undo(4)
    assert (undone.status, undone.registration_number) == (Status.REGISTERED, NUMBER)
    undone = office.undo(3)
    assert (undone.status, undone.registration_number) == (Status.CHECKED, "")
    again = office.change(status=Status.REGISTERED, registration_number=NUMBER)
    assert again.registration_number == NUMBER


def test_two_slips_are_undone_one_after_the_other_and_then_there_is_nothing_left(office):
    office.change(status=Status.CHECKED)
    office.change(status=Status.REFERRED)
    with pytest.raises(Conflict, match="nothing_to_undo"):
        office.undo(2)

    office.undo(3)
    assert office.undo(2).status is Status.RECEIVED

    for number, why in ((2, "undone_already"), (3, "undone_already"), (1, "nothing_to_undo"), (9, "nothing_to_undo")):
        with pytest.raises(Conflict, match=why):
            office.undo(number)


def test_whoever_presses_undo_twice_undoes_once(office):
    office.change(status=Status.CHECKED)
    office.change(status=Status.REFERRED)

    first, second = office.undo(3, key="k"), office.undo(3, key="k")

    assert first == second
    assert second.status is Status.CHECKED


def test_two_officers_who_undo_the_same_undo_it_once(office):
    office.change(status=Status.CHECKED)
    both_see = office.reports.get(A)
    facts = {"by": OFFICER, "version": both_see.version, "room": office.undoing}

    undoing.undo(both_see, 2, key="a", **facts)
    with pytest.raises(Conflict, match="stale_version"):
        undoing.undo(both_see, 2, key="b", **facts)
    with pytest.raises(Conflict, match="undone_already"):
        office.undo(2, key="b")


@pytest.mark.parametrize("status", [Status.CHECKED, Status.REFERRED])
def test_once_the_letter_left_nothing_can_be_undone(office, status):
    office.change(status=status)
    later(office)

    assert office.mailer.letters == [f"{A}#2"]
    assert undoing.undoable(office.reports.get(A), office.undoing) is None
    with pytest.raises(Conflict, match="told_already"):
        office.undo(2)
    assert len(office.reports.get(A).timeline) == 2


def test_the_letter_that_asks_to_act_waits_as_long_as_it_can_be_undone_and_no_longer(office):
    office.ask()
    office.deliver()
    until = undoing.undoable(office.reports.get(A), office.undoing).until

    office.go_round(UNDO - SECOND)
    assert (office.mailer.letters, until) == ([], NOON + UNDO)
    office.go_round(SECOND)

    assert office.mailer.letters == [f"{A}#2"]


def test_older_news_waits_for_the_newest_act_so_that_no_mail_brings_its_reader_to_a_slip(office):
    office.change(status=Status.CHECKED)
    office.deliver()
    office.clock.advance(timedelta(minutes=4, seconds=30))
    office.change(status=Status.REFERRED)
    office.deliver()

    office.go_round(MINUTE)
    assert office.mailer.letters == []
    office.undo(3)
    later(office)

    assert office.mailer.letters == [f"{A}#2"]
    assert office.ledger.get(f"{A}#3").merged_into == 0


def test_who_undoes_while_the_letter_is_being_sent_is_told_so_and_the_letter_goes_once(office):
    office.change(status=Status.REFERRED)
    office.deliver()
    office.clock.advance(UNDO - SECOND)
    entry = office.ledger.get(f"{A}#2")
    office.ledger.claim(entry, attempt="round", letter=undoing.Letter.NEWS, language=a_report().contact.language, template="t")

    with pytest.raises(Conflict, match="told_already"):
        office.undo(2)


def test_who_held_the_letter_and_stopped_has_it_sent_two_minutes_later(office):
    office.change(status=Status.REFERRED)
    office.deliver()
    office.clock.advance(UNDO - SECOND)
    office.ledger.hold(f"{A}#2", letter=undoing.Letter.NEWS, until=office.clock.now() + HELD_FOR)  # and dies

    office.go_round(SECOND)
    assert office.mailer.letters == []
    office.go_round(HELD_FOR)

    assert office.mailer.letters == [f"{A}#2"]


def test_a_round_that_claimed_before_and_decides_after_the_undo_sends_nothing(office):
    """The last decision before SES reads the report."""
    office.change(status=Status.REFERRED)
    office.deliver()
    office.clock.advance(UNDO)
    before = office.reports.get(A)
    undone = taken_back(before, 2, by=OFFICER, at=office.clock.now())
    turn = lambda: office.reports.save(before, undone)  # noqa: E731 — between claim and decision

    undoing_room = replace(office.office, turn=turn)
    from chalicelib.letters import due_letters

    due_letters.send_due(undoing_room)

    assert office.mailer.letters == []
    assert office.ledger.get(f"{A}#2").not_sent == "retracted"


def test_what_the_reporter_has_read_is_not_undone(office):
    office.change(status=Status.CHECKED)
    office.reports.keep(replace(office.reports.get(A), read_number=2))

    assert undoing.undoable(office.reports.get(A), office.undoing) is None
    with pytest.raises(Conflict, match="read_already"):
        office.undo(2)


@pytest.mark.parametrize(
    "rests",
    [
        lambda report, now: report.answered(1, "Ja", at=now),
        lambda report, now: report.question_expired(at=now + timedelta(days=9_000)),
        lambda report, now: replace(report, contact=replace(report.contact, email="")).contacted_offline(
            OfflineMeans.PHONE, by=OFFICER, at=now
        ),
        lambda report, now: report.invited_to_survey(at=now),
    ],
)
def test_an_act_on_which_something_rests_is_not_undone(office, rests):
    office.ask()
    before = office.reports.get(A)
    office.reports.save(before, rests(before, office.clock.now()))

    with pytest.raises(Conflict, match="nothing_to_undo"):
        office.undo(2)


def test_what_the_reporter_did_meanwhile_stays_when_an_act_is_undone(office):
    office.change(status=Status.REFERRED)
    office.change_contact(replace(office.reports.get(A).contact, email="nieuw@example.org"))

    undone = office.undo(2)
    later(office)

    assert (undone.status, undone.contact.email, undone.timeline[-1].undoes) == (Status.RECEIVED, "nieuw@example.org", 2)
    assert office.mailer.letters == []


@pytest.mark.parametrize(
    "contact",
    [
        Contact(email=""),
        Contact(email="sanne@example.org", usable=False),
        Contact(email="sanne@example.org", information=InformationWish.NOTHING),
    ],
)
def test_of_whom_no_mail_tells_it_can_be_undone_as_long_as_if_it_did(settings, clock, contact):
    office = PostOffice(settings, clock, undo=UNDO)
    office.file(contact=contact)
    office.change(status=Status.CHECKED)
    office.change(status=Status.REGISTERED, registration_number=NUMBER)
    office.deliver()
    office.clock.advance(timedelta(minutes=4))

    undone = office.undo(3)
    later(office)

    assert (undone.status, office.mailer.letters) == (Status.CHECKED, [])
    with pytest.raises(Conflict, match="told_already"):
        office.undo(2)


def test_undone_news_is_not_on_the_list_of_what_must_be_told(settings, clock):
    office = PostOffice(settings, clock, undo=UNDO)
    office.file(contact=Contact(email=""))
    office.change(status=Status.CHECKED)
    assert office.reports.get(A).to_contact_since

    assert office.undo(2).to_contact_since is None


def test_a_letter_that_waits_for_safe_hours_can_be_undone_until_then(office):
    office.change_contact(Contact(email="sanne@example.org", safety=Safety(hours=Hours.EVENING)))
    office.change(status=Status.REFERRED)
    office.deliver()
    office.clock.advance(timedelta(hours=2))

    assert office.undo(3).status is Status.RECEIVED
    later(office, timedelta(days=1))
    assert office.mailer.letters == []


def test_news_that_was_undone_does_not_come_back_with_a_new_address(office):
    office.change_contact(Contact(email="sanne@example.org", usable=False))
    office.change(status=Status.REFERRED)
    office.deliver()
    office.undo(3)
    office.deliver()
    office.change_contact(Contact(email="nieuw@example.org"))
    later(office)

    assert office.mailer.letters == []
    assert office.ledger.get(f"{A}#3").not_sent == "retracted"


def test_a_correction_goes_back_only_where_the_report_has_been_and_says_why():
    report = a_report()
    for change in (
        Change(Status.CHECKED),
        Change(Status.REGISTERED, registration_number=NUMBER),
        Change(Status.NOT_INVESTIGATED, explanation="Omdat."),
    ):
        report = report.changed(change, by=OFFICER, at=NOON)

    assert corrections.corrections(report) == (Status.REGISTERED,)
    with pytest.raises(Conflict, match="correction_not_allowed"):
        corrections.corrected(report, Change(Status.INVESTIGATING, explanation="Fout."), by=OFFICER, at=NOON)
    back = corrections.corrected(report, Change(Status.REGISTERED, explanation="Een vergissing."), by=OFFICER, at=NOON)
    assert (back.status, back.registration_number, back.decided_at) == (Status.REGISTERED, NUMBER, None)
    assert (back.timeline[-1].kind, back.timeline[-1].explanation) == (EventKind.STATUS_CHANGED, "Een vergissing.")

    again = corrections.corrected(back, Change(Status.CHECKED, explanation="Ook dat."), by=OFFICER, at=NOON)
    assert (again.status, again.registration_number) == (Status.CHECKED, "")
    undone = taken_back(again, again.timeline[-1].number, by=OFFICER, at=NOON)
    assert (undone.status, undone.registration_number) == (Status.REGISTERED, NUMBER)


def test_a_police_number_is_corrected_with_a_reason_and_nobody_hears_of_it(office):
    office.change(status=Status.CHECKED)
    office.change(status=Status.REGISTERED, registration_number=NUMBER)
    before, other = office.reports.get(A), "PL0100-2016654321"
    parts = {"by": OFFICER, "version": before.version, "reports": office.reports, "clock": office.clock}

    for number, reason, codes in (
        (NUMBER, "Fout.", {"registration_number_same"}),
        (other, " ", {"required"}),
        ("PL1", "Fout.", {"registration_number"}),
    ):
        with pytest.raises(Invalid) as invalid:
            actions.correct_number(before, number, reason, **parts)
        assert {error.code for error in invalid.value.errors} == codes
    after = actions.correct_number(before, other, "Twee cijfers verwisseld.", key="k", **parts)
    assert actions.correct_number(after, other, "Twee cijfers verwisseld.", key="k", **parts) is after
    later(office)

    assert (after.registration_number, after.timeline[-1].to, after.status) == (other, other, Status.REGISTERED)
    assert after.timeline[-1].remark == "Twee cijfers verwisseld."
    assert len(office.mailer.letters) == 1
    with pytest.raises(Conflict, match="no_number"):
        corrections.number_corrected(a_report(), other, "x", by=OFFICER, at=NOON)


def test_a_correction_waits_is_told_and_can_itself_be_undone(office):
    office.change(status=Status.REFERRED)
    later(office)
    before = office.reports.get(A)
    change = Change(Status.RECEIVED, explanation="Wij hadden ons vergist.")
    parts = {"by": OFFICER, "reports": office.reports, "clock": office.clock}
    actions.correct_status(before, change, version=before.version, **parts)

    assert office.undo(3).status is Status.REFERRED
    before = office.reports.get(A)
    actions.correct_status(before, change, version=before.version, **parts)
    later(office)

    assert office.mailer.letters == [f"{A}#2", f"{A}#5"]


def test_no_undo_and_no_correction_is_news_of_what_was_not_changed():
    asked = a_report().asked("Hoe?", deadline_on=date(2016, 7, 20), by=OFFICER, at=NOON)
    undone = taken_back(asked, 2, by=OFFICER, at=NOON + MINUTE)

    assert (undone.status, undone.resumes_to, undone.can_be_asked) == (Status.RECEIVED, Status.RECEIVED, True)
    again = undone.asked("Anders?", deadline_on=date(2016, 7, 20), by=OFFICER, at=NOON + 2 * MINUTE)
    assert (again.open_question.number, again.resumes_to) == (2, Status.RECEIVED)
