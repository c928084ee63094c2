"""Each rule of the books can be broken: a history that breaks it, and the same history when all goes well."""

from datetime import timedelta

import pytest

from tests.simulation.books import NEUTRAL, Books, Taken
from tests.simulation.stage import Invocation, Time
from tests.simulation.verdict import Rest, judged

REFERENCE, SANNE, ADDRESS = "K7MD-PR3W-9XCV", "V1-sanne", "sanne@example.org"


class History:
    """One report of Sanne's, and what happened to it; each thing a minute after the one before."""

    def __init__(self, **contact) -> None:
        self.time = Time()
        self.books = Books(self.time)
        self.facts, self.letters, self.listed, self.undelivered, self.files = [], {}, set(), 0, {}
        self.item = self.profile = None
        self.at_desk = {"unit": {"S": "Noord-Nederland"}, "place": {"S": "1-20160701"}}
        self.contact = {"email": ADDRESS, "language": "nl", "information": "all", "survey": True, "usable": True, **contact}
        self.happens("received", "received")

    def happens(self, kind, status, question=0, by="file", undoes=0) -> None:
        fact = {"n": {"N": str(len(self.facts) + 1)}, "k": {"S": kind}, "s": {"S": status}, "q": {"N": str(question)}}
        fact |= {"u": {"N": str(undoes)}} if undoes else {}
        self.facts.append({"M": fact})
        self.write(by)

    def changes(self, by="on_details_changed", **contact) -> None:
        self.contact |= contact
        self.write(by)

    def stands_at(self, unit, place, **more) -> None:
        self.at_desk = {"unit": {"S": unit}, "place": {"S": place}, **{name: {"S": value} for name, value in more.items()}}
        self.write("move")

    def write(self, by, **details) -> None:
        self.time.passes(60)
        contact = {name: {"BOOL" if isinstance(value, bool) else "S": value} for name, value in self.contact.items()}
        item = {
            "reference": {"S": REFERENCE},
            "reporter": {"S": SANNE},
            "contact": {"M": contact},
            "timeline": {"L": [*self.facts]},
            **self.at_desk,
        }
        self.books.written("reports", self.item, item, Invocation(by, self.time.at, details=details))
        self.item = item

    def is_erased(self) -> None:
        self.time.passes(60)
        self.books.written("reports", self.item, None, Invocation("every_day", self.time.at))

    def chooses(self, by, **facts) -> None:
        self.time.passes(60)
        chosen = {**self.contact, **facts}
        contact = {name: {"BOOL" if isinstance(value, bool) else "S": value} for name, value in chosen.items()}
        item = {"pseudonym": {"S": SANNE}, "id": {"S": "sanne"}, "contact": {"M": contact}, "proven_by": {"N": str(self.time.at)}}
        self.books.written("profiles", self.profile, item, Invocation(by, self.time.at, details={"about": next(iter(facts))}))
        self.profile = item

    def mailed(self, number=1, to=ADDRESS, sender="post@portal.example", copy=1) -> Taken:
        self.time.passes(60)
        mail = Taken(f"{number}/{copy}", REFERENCE, number, to, sender, self.time.at, self.time.at, "m")
        self.books.taken(mail, Invocation("every_minute", self.time.at), self.time.at, None)
        self.letter(number, accepted_at={"N": "1"})
        return mail

    def letter(self, number=1, by="every_minute", **facts) -> None:
        item = {"reference": {"S": REFERENCE}, "number": {"N": str(number)}, **facts}
        self.books.written("letters", None, item, Invocation(by, self.time.at))
        self.letters[REFERENCE, number] = item

    def comes_back(self, mail) -> None:
        self.time.passes(60)
        self.books.told(mail, "Bounce", "Permanent")

    @property
    def broken(self):
        quiet_at = self.time.at + timedelta(seconds=1)
        self.time.passes(27 * 3_600)
        rest = Rest(self.books, self.letters, frozenset(self.listed), quiet_at, self.undelivered, files=self.files)
        return {each.rule for each in (*self.books.broken, *judged(rest))}


@pytest.fixture
def told() -> History:
    """Sanne filed, and a mail told her that it was received."""
    history = History()
    history.mailed()
    return history


def test_a_reporter_who_is_told_breaks_nothing(told):
    assert told.broken == set()


def test_1_news_of_which_there_is_no_mail_and_no_reason(told):
    told.happens("status_changed", "checked")

    assert told.broken == {"1 no mail and no reason"}


def test_1_news_that_joined_a_letter_that_never_went(told):
    told.happens("status_changed", "checked")
    told.letter(2, joined={"N": "3"})

    assert told.broken == {"1 no mail, and no reason that counts"}


def test_1_a_question_is_silenced_by_no_wish(told):
    told.changes("wishes", information="nothing")
    told.happens("question_asked", "awaiting_reporter", question=1)
    told.letter(2, not_sent={"S": "not_wanted"})

    assert told.broken == {"1 a reason that is not true", "1 no mail, and no reason that counts"}


def test_1_a_reason_of_a_wish_that_was_changed_before(told):
    told.happens("status_changed", "checked")
    told.letter(2, not_sent={"S": "not_wanted"})

    assert "1 a reason that is not true" in told.broken


def test_1_news_that_a_wish_silences_is_told_to_nobody(told):
    told.changes("wishes", information="decisions")
    told.happens("status_changed", "checked")
    told.letter(2, not_sent={"S": "not_wanted"})

    assert told.broken == set()


def test_1_a_code_that_is_never_mailed(told):
    asked = {"S": '{"email": "nieuw@example.org", "number": 1}'}
    contact = {"M": {"email": {"S": ADDRESS}}}
    item = {"pseudonym": {"S": SANNE}, "id": {"S": "sanne"}, "contact": contact, "challenge": asked}
    told.books.written("profiles", None, item, Invocation("ask_code", told.time.at))

    assert told.broken == {"1 a code is never mailed"}


def test_2_a_mail_that_goes_out_twice(told):
    told.mailed(copy=2)

    assert told.broken == {"2 a mail is doubled"}


def test_2_a_mail_that_went_out_twice_is_no_break_when_it_is_flagged_or_the_first_came_back(told):
    told.mailed(copy=2)
    told.letter(1, repeated={"BOOL": True})
    anew = History()
    anew.comes_back(anew.mailed())
    anew.chooses("confirm", email=ADDRESS)
    anew.mailed(copy=2)

    assert told.broken == anew.broken == set()


@pytest.mark.parametrize(
    ("contact", "rule"),
    [
        ({"email": "nieuw@example.org"}, "3 a replaced address"),
        ({"usable": False}, "3 an address that does not work"),
        ({"hours": "17-21"}, "3 outside safe hours"),
        ({"neutral": True}, "3 not as neutral as was asked"),
        ({"information": "nothing"}, "3 against a wish"),
    ],
)
def test_3_a_mail_that_goes_where_or_when_it_must_not(contact, rule):
    history = History(**contact)
    history.mailed()

    assert rule in history.broken


def test_3_a_neutral_mail_within_safe_hours_is_as_was_asked():
    history = History(neutral=True, hours="9-17")
    history.mailed(sender=NEUTRAL)

    assert history.broken == set()


def test_4_a_mail_to_an_address_that_came_back_before():
    history = History()
    history.comes_back(history.mailed())
    history.mailed(copy=2)

    assert "4 written to an address of which it was heard that no mail may go there" in history.broken


def test_5_news_that_came_back_is_on_the_list_of_whom_to_tell(told):
    told.happens("question_asked", "awaiting_reporter", question=1)
    told.comes_back(told.mailed(2))
    told.changes("on_receipt", usable=False)
    listed = "5 unreached, and on no list" in told.broken
    told.listed.add(REFERENCE)

    assert listed
    assert told.broken == set()


def test_5_a_question_that_came_back_must_reach_the_new_address(told):
    told.happens("question_asked", "awaiting_reporter", question=1)
    mail = told.mailed(2)
    told.chooses("confirm", email="nieuw@example.org")
    told.changes(email="nieuw@example.org")
    told.comes_back(mail)
    is_broken = "5 unreached, and on no list" in told.broken
    told.mailed(2, to="nieuw@example.org", copy=2)

    assert is_broken
    assert told.broken == set()


def test_5_who_was_told_by_telephone_needs_no_mail(told):
    told.happens("question_asked", "awaiting_reporter", question=1)
    told.comes_back(told.mailed(2))
    told.happens("told_otherwise", "awaiting_reporter")

    assert told.broken == set()


def test_12_a_mail_that_tells_of_what_was_taken_back_and_one_that_counts_it_as_told(told):
    told.happens("status_changed", "referred")
    told.happens("retracted", "received", undoes=2)
    assert told.broken == set()

    told.letter(2, joined={"N": "4"})
    assert told.broken == {"12 a mail tells of what was taken back"}
    told.letter(2, not_sent={"S": "retracted"})
    assert told.broken == set()
    told.mailed(2)
    assert told.broken == {"12 a mail tells of what was taken back"}


def test_6_a_letter_that_waits_for_ever_and_a_record_that_is_never_done(told):
    told.happens("status_changed", "checked")
    told.letter(2, pile={"S": "due#1"}, look_at={"N": "0"})
    told.undelivered = 1

    assert told.broken == {"6 stuck", "6 due, and nobody looks", "6 a record is stuck in its stream"}


def test_6_a_letter_that_was_given_up_lies_where_people_look(told):
    told.happens("status_changed", "checked")
    told.letter(2, pile={"S": "failed"}, failed_at={"N": "1"})

    assert told.broken == set()


def test_7_a_report_that_an_older_choice_changes():
    history = History()
    history.books.people[SANNE].choices.clear()
    history.mailed()
    history.changes(language="en")

    assert history.broken == {"7 a newer report is changed by an older choice", "7 a report is not as it was filed"}


def test_7_a_choice_that_never_comes_or_comes_after_a_newer_one(told):
    told.chooses("choose", hours="9-17")
    told.chooses("choose", hours="17-21")
    told.changes(hours="9-17")

    assert told.broken == {"7 an older choice comes after a newer one", "7 what was chosen does not reach a report"}


def test_7_a_choice_that_reaches_every_report_breaks_nothing(told):
    told.chooses("choose", hours="9-17")
    told.changes(hours="9-17")

    assert told.broken == set()


def test_7_an_address_that_came_back_is_not_made_usable_by_what_is_no_proof(told):
    told.listed.add(REFERENCE)
    told.comes_back(told.mailed(1, copy=2))
    told.letter(1, repeated={"BOOL": True})
    told.changes("on_receipt", usable=False)
    told.changes(usable=True)

    assert told.broken == {"7 a dead address becomes usable"}


def test_7_an_address_that_is_marked_by_a_mail_that_nobody_sent(told):
    told.listed.add(REFERENCE)
    told.contact["usable"] = False
    told.write("on_receipt", stray=True)

    assert told.broken == {"7 an address is marked by a mail that never was"}


def test_8_somebody_is_shown_the_report_of_somebody_else(told):
    told.books.shown(SANNE, [REFERENCE])
    alone = told.broken
    told.books.shown("V1-bram", [REFERENCE])

    assert alone == set()
    assert told.broken == {"8 somebody reads what is not theirs"}


def test_9_what_was_erased_comes_back(told):
    told.is_erased()
    told.letters.clear()
    alone = told.broken
    told.letter(1)

    assert alone == set()
    assert told.broken == {"9 what was erased comes back"}


def test_9_a_file_goes_with_its_report_and_not_before(told):
    told.files = {REFERENCE: True}
    kept = told.broken
    told.files = {REFERENCE: False}
    gone = told.broken
    told.files = {REFERENCE: True}
    told.letters.clear()
    told.is_erased()

    assert kept == set()
    assert gone == {"9 a file that was sent is gone"}
    assert told.broken == {"9 what was erased comes back"}


def test_10_a_report_loses_an_event(told):
    told.happens("added", "received")
    told.facts.pop()
    told.happens("corrected", "received")

    assert "10 a report loses an event" in told.broken


def test_12_a_report_that_was_handed_over_keeps_its_place_and_not_its_officer(told):
    told.stands_at("Noord-Nederland", "1-20160701", assignee="NN1234")
    told.stands_at("Amsterdam", "1-20160701")
    sound = told.broken
    told.stands_at("Limburg", "1-20160701", assignee="NN1234")
    kept = told.broken
    told.stands_at("Amsterdam", "1-20160702")

    assert sound == set()
    assert kept == {"12 the officer of another unit keeps a report"}
    assert told.broken - kept == {"12 a report loses its place by a hand-over"}


def test_13_an_update_is_asked_for_once_in_28_days(told):
    told.happens("update_asked", "received")
    told.time.passes(28 * 86_400)
    told.happens("update_asked", "received")
    sound = told.broken
    told.time.passes(24 * 86_400)
    told.happens("update_asked", "received")

    assert sound == set()
    assert told.broken == {"13 a reporter asks how it stands too soon after they did"}
