"""The form that a citizen sends in, and what is said about it."""

import csv
from operator import attrgetter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.errors import Elsewhere, Invalid
from chalicelib.forms.questions import Input, Need
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.crimes.triage import RULES
from chalicelib.reports.submission import confirmed, kind_of, parse
from chalicelib.web.messages import FIELD
from tests.support.samples import NOON, answers

NAMES = Path(__file__).parent.parent / "data" / "names.csv"
BIKE = KINDS["bicycle-theft"]


def refused(kind=BIKE, **changes):
    with pytest.raises(Invalid) as caught:
        parse(kind, answers(kind.code, **changes), now=NOON)
    return {error.field: error.code for error in caught.value.errors}


@pytest.mark.parametrize("kind", KINDS.values(), ids=attrgetter("code"))
def test_the_example_of_every_kind_can_be_filed_and_goes_to_one_unit(kind):
    told = parse(kind, answers(kind.code), now=NOON)

    assert told.statement.kind == kind.code
    assert told.unit == "Noord-Nederland"
    assert told.warnings == ()


@pytest.mark.parametrize("kind", KINDS.values(), ids=attrgetter("code"))
def test_an_empty_report_names_every_mandatory_question_at_once(kind):
    with pytest.raises(Invalid) as caught:
        parse(kind, {}, now=NOON)

    mandatory = {q.name for q in kind.questions if q.need is Need.REQUIRED and q.when is None}
    assert len(mandatory) > 15
    assert {error.field.split(".")[0] for error in caught.value.errors} == mandatory


def test_what_a_page_sends_and_what_the_api_sends_become_the_same_statement():
    api = parse(BIKE, answers(damage=1234.5, happenedFrom="2016-06-30T07:15:00Z", dateOfBirth="1980-07-12"), now=NOON)
    page = parse(
        BIKE,
        answers(
            damage="1.234,50",
            happenedFrom={"date": "30-6-2016", "time": "9.15"},
            dateOfBirth="12-7-1980",
            circumstances="none",
            locked="yes",
            keysPresent="yes",
            municipality="groningen",
        ),
        now=NOON,
    )

    assert api.statement == page.statement


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_what_does_not_belong_online_is_stopped_before_anything_else_is_asked(rule):
    kinds = [kind for kind in KINDS.values() if kind.crime not in rule.but_not]
    assert kinds
    for kind in kinds:
        with pytest.raises(Elsewhere) as stopped:
            parse(kind, {"circumstances": [rule.code]}, now=NOON)
        assert (stopped.value.reason, stopped.value.next_step) == (rule.reason, rule.next_step)


def test_in_internet_fraud_a_known_name_is_normal():
    told = parse(KINDS["phishing"], answers("phishing", circumstances=["suspect"]), now=NOON)

    assert told.answers["circumstances"] == ["suspect"]


def test_a_reporter_younger_than_thirteen_comes_with_a_parent():
    with pytest.raises(Elsewhere, match="too_young"):
        parse(BIKE, answers(dateOfBirth="2003-07-02"), now=NOON)

    assert parse(BIKE, answers(dateOfBirth="2003-07-01"), now=NOON)


def test_a_kind_can_be_switched_off():
    with pytest.raises(Elsewhere, match="switched_off"):
        kind_of("graffiti", ("graffiti",))


@pytest.mark.parametrize("code", ["burglary", None, 3, ["graffiti"]])
def test_an_unknown_kind_is_refused(code):
    with pytest.raises(Invalid, match="kind:not_a_choice"):
        kind_of(code)


@pytest.mark.parametrize("raw", [None, [], "text", 3])
def test_answers_that_are_no_object_are_refused(raw):
    with pytest.raises(Invalid, match="not_an_object"):
        parse(BIKE, raw, now=NOON)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("story", "x" * 4_001, "too_long"),
        ("story", "nul\x00", "control_characters"),
        ("story", "bel\x07", "control_characters"),
        ("story", 12, "not_text"),
        ("story", " \n ", "required"),
        ("bicycleKind", "horse", "not_a_choice"),
        ("locked", "perhaps", "yes_or_no"),
        ("municipality", "Atlantis", "municipality"),
        ("happenedFrom", "2016-07-01T10:00:01Z", "moment_in_future"),
        ("happenedFrom", "2016-06-30T07:15:00", "moment_format"),
        ("happenedFrom", {"date": "31-6-2016", "time": "9:00"}, "no_such_date"),
        ("happenedFrom", {"date": "30-6-2016", "time": "25:00"}, "time_format"),
        ("happenedUntil", "2016-06-29T07:15:00Z", "ends_before_start"),
        ("damage", "veel", "money_format"),
        ("damage", -1, "money_format"),
        ("damage", True, "money_format"),
        ("dateOfBirth", "30-2-1980", "no_such_date"),
        ("dateOfBirth", "2-7-2016", "date_in_future"),
        ("postcode", "0123 AB", "postcode"),
        ("postcode", "1234 SS", "postcode"),
        ("email", "sanne@example", "email"),
        ("email", "sanne @example.org", "email"),
        ("email", "a\r\nBcc: b@example.org", "email"),
        ("phone", "12", "phone"),
        ("circumstances", ["none", "suspect"], None),
        ("goods", [], "unknown_field"),
    ],
)
def test_a_wrong_answer_is_told_at_its_field(field, value, code):
    if code is None:
        with pytest.raises(Elsewhere):
            parse(BIKE, answers(**{field: value}), now=NOON)
        return

    assert refused(**{field: value}) == {field: code}


@pytest.mark.parametrize(
    ("kind", "field", "value", "code"),
    [
        ("electronics-theft", "imei", "490154203237519", "imei"),
        ("phishing", "accounts", [{"iban": 4}], "not_text"),
        ("phishing", "accounts", ["NL91ABNA0417164300"], "not_an_object"),
        ("phishing", "accounts", [{"iban": "NL91ABNA0417164300"}] * 11, "too_many_rows"),
        ("phishing", "website", 7, "not_text"),
        ("phishing", "website", " \u200b", "required"),
        ("other-theft", "goods", "een fiets", "not_a_list"),
        ("other-theft", "goods", [{"brand": "Gazelle"}], "required"),
        ("other-theft", "goods", [{"what": "Fiets", "price": 3}], "unknown_field"),
    ],
)
def test_numbers_and_rows_are_checked(kind, field, value, code):
    errors = refused(KINDS[kind], **{field: value})

    assert list(errors.values()) == [code]
    assert next(iter(errors)).startswith(field)


def test_rows_left_empty_do_not_count():
    told = parse(KINDS["other-theft"], answers("other-theft", goods=[{"what": ""}, {"what": "Tas"}, {}]), now=NOON)

    assert told.answers["goods"] == [{"what": "Tas"}]


def test_reporting_for_a_company_needs_its_name_and_the_mandate():
    assert set(refused(victim="company")) == {"victimName", "victimAddress", "companyNumber", "mandate"}
    assert refused(victim="person", victimName="J. Jansen", victimAddress="Hier", mandate=None) == {"mandate": "required"}


def test_of_somebody_else_the_birthday_is_asked_but_a_report_can_do_without():
    other = {"victim": "person", "victimName": "J. Jansen", "victimAddress": "Hier", "mandate": "Ik ben de vader"}

    told = parse(BIKE, answers(**other, victimDateOfBirth="2012-03-04"), now=NOON)

    assert told.answers["victimDateOfBirth"] == "2012-03-04"  # a child may be the victim, though not the reporter
    assert "victimDateOfBirth" in {warned.field for warned in parse(BIKE, answers(**other), now=NOON).warnings}
    assert refused(**other, victimDateOfBirth="2050-01-01") == {"victimDateOfBirth": "date_in_future"}


@pytest.mark.parametrize(("number", "code"), [("000012345678", None), ("0000 1234 5678", None), ("12345678", "branch_number")])
def test_a_branch_has_twelve_digits(number, code):
    company = {
        "victim": "company",
        "victimName": "De Ketting",
        "victimAddress": "Hier",
        "companyNumber": "12345678",
        "mandate": "x",
    }

    if code:
        assert refused(**company, branchNumber=number) == {"branchNumber": code}
    else:
        assert parse(BIKE, answers(**company, branchNumber=number), now=NOON).answers["branchNumber"] == "000012345678"


def test_what_does_not_apply_is_dropped():
    told = parse(BIKE, answers(victim="self", companyNumber="12345678", batteryNumber="x"), now=NOON)

    assert "companyNumber" not in told.answers
    assert "batteryNumber" not in told.answers


def test_doubtful_numbers_are_flagged_and_never_refused():
    told = parse(BIKE, answers(frameNumber="??", keysPresent=None), now=NOON)

    assert {warned.field for warned in told.warnings} == {"frameNumber", "keysPresent"}


@pytest.mark.parametrize("tick", [None, "", False, "no", "false", 0])
def test_without_the_statement_of_truth_nothing_is_confirmed(tick):
    with pytest.raises(Invalid, match="truth:must_tick"):
        confirmed(tick)


def test_every_name_can_be_entered_and_comes_back_composed():
    with NAMES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 50
    for row in rows:
        family = f"{row['tussenvoegsel']} {row['geslachtsnaam']}".strip()
        told = parse(BIKE, answers(givenNames=row["voornamen"] or "-", familyName=family), now=NOON)
        assert told.answers["familyName"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from([q.name for kind in KINDS.values() for q in kind.questions]), st.sampled_from(list(KINDS.values())), _JSON)
def test_whatever_is_sent_the_answer_is_a_report_or_clear_sentences(field, kind, value):
    try:
        told = parse(kind, {**answers(kind.code), field: value}, now=NOON)
    except Invalid as invalid:
        assert all(error.code in FIELD for error in invalid.errors)
    except Elsewhere:
        assert field in ("circumstances", "dateOfBirth")
    else:
        again = parse(kind, _as_api_sends(kind, told.answers), now=NOON)
        assert again.statement == told.statement


def _as_api_sends(kind, read):
    """Money is told in euros and kept in cents; everything else is told as it is kept."""

    def told(questions, values):
        by_name = {q.name: q for q in questions}
        out = {}
        for name, value in values.items():
            question = by_name[name]
            if question.input is Input.MONEY:
                out[name] = f"{value // 100},{value % 100:02}"
            elif question.input is Input.ROWS:
                out[name] = [told(question.rows, row) for row in value]
            else:
                out[name] = value
        return out

    return told(kind.questions, read)


@pytest.mark.parametrize("time", ["9:15", "09.15", "0915", "9 15", "9u15", "09:15 uur"])
@pytest.mark.parametrize("day", ["30-6-2016", "30 juni 2016", "30 June 2016", "30/6/2016", "2016-06-30"])
def test_days_and_times_are_understood_as_people_write_them(day, time):
    told = parse(BIKE, answers(happenedFrom={"date": day, "time": time}), now=NOON)

    assert told.answers["happenedFrom"] == "2016-06-30T07:15:00Z"


def test_a_time_that_was_left_empty_is_asked_for_and_never_made_up():
    assert refused(happenedFrom={"date": "30-6-2016", "time": ""}) == {"happenedFrom": "time_format"}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Middelburg", "GM0687"),
        ("the hague", "GM0518"),
        ("s-hertogenbosch", "GM0796"),
        ("\u2019s-Hertogenbosch", "GM0796"),
        ("GM0014", "GM0014"),
    ],
)
def test_a_municipality_is_found_as_people_call_it(typed, code):
    assert parse(BIKE, answers(municipality=typed), now=NOON).municipality == code


def test_a_name_that_two_municipalities_bear_is_asked_again():
    assert refused(municipality="Bergen") == {"municipality": "municipality_which"}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_no_two_questions_of_a_report_share_a_name(kind):
    names = [question.name for question in kind.questions]

    assert len(names) > 20
    assert len(names) == len(set(names))
