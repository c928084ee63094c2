"""At the counter and on the worklist: what a number looks like, whose address is seen, and whose copy is handed over."""

import pytest

from chalicelib.core.errors import Forbidden, Invalid, NotFound
from chalicelib.desk import actions as desk_actions
from chalicelib.desk.actions import Desk
from chalicelib.desk.counter import actions
from chalicelib.desk.counter.model import at_counter, flat
from chalicelib.desk.masks import MASKS, answers_of, email_of
from chalicelib.forms.questions import Need
from chalicelib.people.model import Officer, StaffRole
from chalicelib.people.permissions import ALLOWED, Permission, may, require
from chalicelib.reports.contact import Contact
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.crimes.common import ADDRESS, CONTACT, REPORTER, VICTIM, VICTIM_DETAILS
from chalicelib.reports.events import Actor, Channel, Role
from chalicelib.reports.statement import Statement
from tests.support.fakes import FakeAudit, FakeReports
from tests.support.fakes_letters import FakeLedger
from tests.support.samples import HANDLER, READER, REFERENCE, a_report, answers

CLERK = Officer("NN5555", frozenset({StaffRole.DESK}), frozenset({"Noord-Nederland"}))
OTHER_CLERK = Officer("AM5555", frozenset({StaffRole.DESK}), frozenset({"Amsterdam"}))


@pytest.mark.parametrize("typed", ["999990019", "9999.90.019", " 999 990 019 "])
def test_a_number_is_read_as_it_stands_on_the_document(typed):
    assert actions.number_of(typed) == "999990019"


@pytest.mark.parametrize(
    ("typed", "code"), [("", "required"), (" . ", "required"), (None, "required"), (5, "required"), ("999990018", "bsn")]
)
def test_a_number_that_cannot_be_is_refused_and_not_repeated(typed, code):
    with pytest.raises(Invalid) as refused:
        actions.number_of(typed)

    assert [(error.field, error.code, dict(error.values)) for error in refused.value.errors] == [("bsn", code, {})]


def test_how_to_reach_the_reporter_is_covered_until_it_is_uncovered():
    report = a_report(statement=Statement.of("bicycle-theft", answers(phone="+31612345678", email="sanne@example.org")))

    assert email_of(report) == "s•••@example.org"
    assert email_of(report, is_open=True) == "sanne@example.org"
    told = answers_of(report)
    assert (told["email"], told["phone"]) == ("s•••@example.org", "•••78")
    assert {told[name] for name in ("street", "houseNumber", "postcode", "dateOfBirth", "placeOfBirth")} == {"•••"}
    assert told["story"] == report.statement.answers["story"]
    assert answers_of(report, is_open=True) == report.statement.answers
    assert email_of(a_report(contact=Contact(email=""))) == ""


SHOWN = {  # asked of and about a person, and needed by every officer who reads what happened
    *("givenNames", "familyName", "city", "language", "victim", "victimName", "companyNumber", "branchNumber", "mandate"),
    *("oneName", "birthUnknown", "addressKind", "country"),
}


def test_every_question_about_a_person_is_covered_or_shown_for_a_reason():
    about = [question.name for section in (REPORTER, ADDRESS, CONTACT, VICTIM, VICTIM_DETAILS) for question in section.questions]

    assert len(about) > 10
    assert set(about) == {name for name in MASKS if name in about} | SHOWN
    assert set(MASKS) <= set(about)


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", StaffRole)
def test_an_officer_may_what_the_role_may_in_the_own_unit(permission, role):
    officer = Officer("NN1", frozenset({role}), frozenset({"Noord-Nederland"}))
    allowed = role in ALLOWED[permission]

    assert [may(officer, permission, unit) for unit in (None, "Noord-Nederland", "Amsterdam", "")] == [
        allowed,
        allowed,
        False,
        False,
    ]
    if allowed:
        require(officer, permission, "Noord-Nederland")
    else:
        with pytest.raises(Forbidden, match=permission.value):
            require(officer, permission)


@pytest.mark.parametrize("code", KINDS)
def test_at_the_counter_nobody_is_sent_there_and_nobody_needs_an_address(code):
    asked, usual = at_counter(code), KINDS[code]

    assert [part.name for part in asked.sections] == [part.name for part in usual.sections if part.name != "circumstances"]
    changed = [one for one in asked.questions if one not in usual.questions]
    assert [(one.name, one.need) for one in changed] == [("email", Need.OPTIONAL)]


def test_what_was_typed_goes_into_a_form_again_field_by_field():
    typed = {
        "story": "x",
        "goods": [{"brand": "a", "more": ["1", "2"]}, {"brand": "b"}],
        "at": {"date": "1", "time": "2"},
        "n": 5,
    }

    assert list(flat(typed)) == [
        ("story", "x"),
        ("goods.0.brand", "a"),
        ("goods.0.more", "1"),
        ("goods.0.more", "2"),
        ("goods.1.brand", "b"),
        ("at.date", "1"),
        ("at.time", "2"),
        ("n", "5"),
    ]


@pytest.fixture
def work(clock):
    reports, audit = FakeReports(), FakeAudit()

    def at(officer):
        return Desk(officer=officer, reports=reports, ledger=FakeLedger(clock), audit=audit, clock=clock)

    return at


def test_a_copy_is_printed_by_the_own_unit_and_by_who_took_the_report(work):
    mine = work(OTHER_CLERK)
    mine.reports.add(a_report(channel=Channel.DESK, by=Actor(Role.OFFICER, OTHER_CLERK.id)))

    assert actions.copy(REFERENCE, desk=mine).reference == REFERENCE
    assert actions.copy(REFERENCE, desk=work(CLERK)).reference == REFERENCE
    assert [(one.officer, one.what) for one in mine.audit.of(REFERENCE)] == [
        ("AM5555", "copy_printed"),
        ("NN5555", "copy_printed"),
    ]
    with pytest.raises(NotFound):
        actions.copy(REFERENCE, desk=work(Officer("AM6666", OTHER_CLERK.roles, OTHER_CLERK.units)))
    with pytest.raises(Forbidden):
        actions.copy(REFERENCE, desk=work(READER))


def test_a_file_of_another_report_is_not_found_and_nothing_is_noted_of_it(work):
    desk = work(HANDLER)
    desk.reports.add(a_report())

    with pytest.raises(NotFound, match="file"):
        desk_actions.read_file(REFERENCE, "f" * 32, "copy", reason="handling", desk=desk)

    assert [one.what for one in desk.audit.of(REFERENCE)] == []
