"""Filling in a report part by part: which pages come, what a button does to rows, and what is doubtful or too early to tell."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from chalicelib.core import ids
from chalicelib.core.errors import Elsewhere, Invalid
from chalicelib.core.language import Language, accepted_language, language_of, long_date, long_time, money, number, translate
from chalicelib.forms.questions import Warned
from chalicelib.reports import addition_form, presenter, request_answers, wizard
from chalicelib.reports.additions import FILES, Sort
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.crimes.triage import NONE, RULES, rules_for, stop
from chalicelib.reports.events import EventKind
from chalicelib.reports.information_request import AnswerSort, Part, SupplementaryQuestion
from chalicelib.reports.model import Change
from chalicelib.reports.statement import Attachment, Statement
from chalicelib.reports.statuses import Status
from chalicelib.reports.submission import parse, parse_confirmed, problems_of
from tests.support.samples import NOON, a_report, answers
from tests.unit.test_edges_of_a_report import OFFICER, asked
from tests.unit.test_folders import attached

BIKE, FRAUD = KINDS["bicycle-theft"], KINDS["web-shop-fraud"]
LATE = datetime.fromisoformat("2016-07-01T22:30:00+00:00")  # the second of July in Amsterdam


def refused(act):
    with pytest.raises(Invalid) as found:
        act()
    return [(error.field, error.code) for error in found.value.errors]


# Age and circumstances


@pytest.mark.parametrize(
    ("born", "is_old_enough"), [("2003-07-01", True), ("2003-07-02", False), ("2003-06-30", True), ("2003-08-01", False)]
)
def test_a_reporter_is_old_enough_from_the_thirteenth_birthday_on(born, is_old_enough):
    told = answers(dateOfBirth=born)

    if is_old_enough:
        assert parse(BIKE, told, now=NOON).answers["dateOfBirth"] == born
    else:
        with pytest.raises(Elsewhere, match="elsewhere_too_young"):
            parse(BIKE, told, now=NOON)


def test_a_birthday_begins_at_midnight_in_amsterdam():
    assert parse(BIKE, answers(dateOfBirth="2003-07-02"), now=LATE).kind is BIKE


def test_at_the_counter_nobody_is_sent_away_and_may_do_without_an_address():
    told = parse(BIKE, answers(circumstances=["danger"], dateOfBirth="2010-01-01"), now=NOON, at_counter=True)

    assert told.answers["circumstances"] == ["danger"]
    without = replace(told, answers={name: value for name, value in told.answers.items() if name != "email"})
    assert without.contact.email == ""


def test_the_most_urgent_reason_to_call_is_told_first_and_some_are_normal_for_fraud():
    codes = [rule.code for rule in RULES]
    normal = [rule.code for rule in RULES if "fraud" in rule.but_not]

    assert len(normal) >= 1
    assert [rule.code for rule in rules_for("fraud")] == [code for code in codes if code not in normal]
    stop("fraud", normal)
    for crime in ("theft", "vandalism"):
        with pytest.raises(Elsewhere, match=f"elsewhere_{codes[0]}"):
            stop(crime, [codes[-1], codes[0]])


def test_none_of_these_and_one_of_these_contradict_each_other():
    [normal, *_] = [rule.code for rule in RULES if "fraud" in rule.but_not]

    assert refused(lambda: parse(FRAUD, answers("web-shop-fraud", circumstances=[NONE, normal]), now=NOON)) == [
        ("circumstances", "none_and_others")
    ]
    assert parse(FRAUD, answers("web-shop-fraud", circumstances=[normal]), now=NOON).answers["circumstances"] == [normal]


def test_a_crime_does_not_end_before_it_began_and_may_take_no_time():
    at = {"happenedFrom": "2016-06-30T10:00:00Z", "happenedUntil": "2016-06-30T10:00:00Z"}

    assert parse(BIKE, answers(**at), now=NOON).answers["happenedUntil"] == at["happenedUntil"]
    assert refused(lambda: parse(BIKE, answers(**{**at, "happenedUntil": "2016-06-30T09:59:59Z"}), now=NOON)) == [
        ("happenedUntil", "ends_before_start")
    ]


@pytest.mark.parametrize(
    ("plate", "is_doubtful"),
    [
        ("ab12cd", False),
        ("AB-12-CD", False),
        ("AB-12-C", True),
        ("AB-12-CDE", True),
        ("ABCDEF", True),
        ("123456", True),
        ("ÀB12CD", True),
    ],
)
def test_a_plate_has_six_letters_and_digits_of_both_sorts(plate, is_doubtful):
    told = parse(KINDS["theft-from-car"], answers("theft-from-car", plate=plate), now=NOON)

    assert (Warned("plate", "doubtful_plate") in told.warnings) is is_doubtful


@pytest.mark.parametrize(("frame", "is_doubtful"), [("GZ12", True), ("GZ123", False), ("GAZELLE", True)])
def test_a_frame_number_has_five_characters_and_a_digit(frame, is_doubtful):
    told = parse(BIKE, answers(frameNumber=frame), now=NOON)

    assert (Warned("frameNumber", "doubtful_frame_number") in told.warnings) is is_doubtful


def test_what_was_left_empty_although_it_helps_is_pointed_out_and_only_that():
    assert parse(BIKE, answers(frameNumber=None), now=NOON).warnings == (Warned("frameNumber", "recommended"),)


def test_who_tells_and_confirms_at_once_hears_of_both():
    assert parse_confirmed(BIKE, answers(), True, now=NOON).kind is BIKE
    assert refused(lambda: parse_confirmed(BIKE, answers(), False, now=NOON)) == [("truth", "must_tick")]
    assert refused(lambda: parse_confirmed(BIKE, answers(brand=None), None, now=NOON)) == [
        ("truth", "must_tick"),
        ("brand", "required"),
    ]


def test_a_page_hears_of_its_own_part_only():
    time = next(part for part in BIKE.sections if part.name == "time")
    lock = next(part for part in BIKE.sections if part.name == "lock")
    late = {"happenedFrom": "2016-06-30T10:00:00Z", "happenedUntil": "2016-06-29T10:00:00Z", "brand": ""}

    assert [(e.field, e.code) for e in problems_of(time, BIKE, late, now=NOON)] == [("happenedUntil", "ends_before_start")]
    assert {e.field for e in problems_of(lock, BIKE, {}, now=NOON)} <= {question.name for question in lock.questions}
    you = next(part for part in BIKE.sections if part.name == "you")
    with pytest.raises(Elsewhere, match="too_young"):
        problems_of(you, BIKE, {"dateOfBirth": "2010-01-01"}, now=NOON)
    with pytest.raises(Elsewhere, match="danger"):
        problems_of(BIKE.sections[0], BIKE, {"circumstances": ["danger"]}, now=NOON)


# From page to page


def test_every_page_knows_its_number_and_its_neighbours():
    typed = answers()
    asked_for = [part.name for part in wizard.parts(BIKE, typed)]
    steps = [wizard.step(BIKE, typed, name) for name in asked_for]

    assert [step.number for step in steps] == list(range(1, len(asked_for) + 1))
    assert {step.total for step in steps} == {len(asked_for) + 1}
    assert [step.before for step in steps] == ["", *asked_for[:-1]]
    assert [step.after for step in steps] == [*asked_for[1:], wizard.EVIDENCE]
    assert [step.part.name for step in steps] == asked_for
    assert wizard.step(BIKE, typed, "nothing") is None
    assert "victim-details" not in asked_for
    assert wizard.step(BIKE, typed, "victim-details") is None


def test_who_went_through_the_choice_aid_is_not_asked_that_again():
    assert wizard.first(BIKE, cleared=False) == "circumstances"
    assert wizard.first(BIKE, cleared=True) == BIKE.sections[1].name


GOODS = next(part for part in KINDS["pickpocketing"].sections if part.name == "goods")
ROWS = {"goods": [{"what": "1"}, {"what": "2"}, {"what": "3"}]}


@pytest.mark.parametrize(
    ("button", "row", "left"),
    [
        ("more", "goods", ["1", "2", "3", None]),
        ("less", "goods.1", ["2", "3"]),
        ("less", "goods.3", ["1", "2"]),
        ("less", "goods.0", ["1", "2", "3"]),
        ("less", "goods.4", ["1", "2", "3"]),
        ("less", "goods.x", ["1", "2", "3"]),
        ("less", "goods.²", ["1", "2", "3"]),
        ("less", "goods", ["1", "2", "3"]),
        ("save", "goods", ["1", "2", "3"]),
        ("more", "story", ["1", "2", "3"]),
    ],
)
def test_a_button_adds_a_row_or_takes_that_one_away(button, row, left):
    changed = wizard.rows_changed({**ROWS, "story": "x"}, GOODS, button, row)

    assert [row.get("what") for row in changed["goods"]] == left
    assert changed["story"] == "x"


def test_the_first_row_is_there_before_anything_was_typed():
    assert wizard.with_row({}, "goods") == {"goods": [{}, {}]}
    assert wizard.with_row({"goods": "odd"}, "goods") == {"goods": [{}, {}]}
    assert wizard.without_row({}, "goods", 1) == {"goods": []}


def test_a_page_that_is_sent_replaces_its_own_answers_and_brings_the_choice_aid_along_once():
    part = next(part for part in BIKE.sections if part.name == "bicycle")
    before = {"brand": "Gazelle", "model": "Tour", "story": "Weg."}

    after = wizard.filled(before, part, {"brand": "Batavus", "odd": "x", "circumstances": NONE})

    assert after == {"story": "Weg.", "brand": "Batavus", "circumstances": NONE}
    assert wizard.filled({"circumstances": ["danger"]}, part, {"circumstances": NONE}) == {"circumstances": ["danger"]}
    assert wizard.filled({}, part, {"circumstances": "danger"}) == {}


# Answers to the police, and additions


def a_request(*parts):
    return SupplementaryQuestion(number=1, parts=parts, asked_at=NOON, deadline_on=date(2016, 7, 20))


TEXT, WHEN, PHOTO = Part("Wat?"), Part("Wanneer?", AnswerSort.DATE), Part("Foto?", AnswerSort.FILES)
FILE = Attachment("a", "a.jpg", "jpeg", 1, "0" * 64, "answer-1")


@pytest.mark.parametrize(
    ("parts", "wrong"),
    [
        ((TEXT,), ("answer", "required")),
        ((PHOTO,), ("file", "file_required")),
        ((TEXT, PHOTO), ("answer", "answer_one")),
        ((PHOTO, TEXT), ("file", "answer_one")),
        ((WHEN, TEXT), ("answer", "answer_one")),
    ],
)
def test_who_answers_nothing_reads_what_is_missing_where_it_belongs(parts, wrong):
    assert refused(lambda: request_answers.parse(a_request(*parts), {}, now=NOON)) == [wrong]


def test_files_are_an_answer_where_they_are_asked_for_and_nowhere_else():
    kept = request_answers.parse(a_request(TEXT, PHOTO), {}, [FILE], now=NOON)

    assert [file["name"] for file in kept[FILES]] == ["a.jpg"]
    assert request_answers.parse(a_request(TEXT), {"answer": "Ja"}, [FILE], now=NOON) == {"answer": "Ja"}
    assert [line.text for line in request_answers.lines_of(a_request(TEXT, PHOTO), kept, Language.NL)] == ["", "a.jpg"]
    assert request_answers.view_of(a_request(TEXT), Language.NL).lines[0].label == "Wat?"


def test_a_choice_is_read_by_its_number_from_one_and_shown_in_words():
    request = a_request(Part("Welke?", AnswerSort.CHOICE, ("Rood", "Groen")))

    assert request_answers.parse(request, {"answer": "2"}, now=NOON) == {"answer": "2"}
    assert refused(lambda: request_answers.parse(request, {"answer": "0"}, now=NOON)) == [("answer", "not_a_choice")]
    assert request_answers.lines_of(request, {"answer": "2"}, Language.NL)[0].text == "Groen"


def test_an_addition_offers_the_goods_and_the_parts_of_this_very_report():
    listed = {"goods": [{"what": "Tas", "brand": "Puma", "colour": "rood"}, {"what": "Pas"}]}
    report = a_report(statement=Statement.of("pickpocketing", {"story": "x", **listed}))

    found = {q.name: q for q in addition_form.section_of(Sort.FOUND, report).questions}
    wrong = {q.name: q for q in addition_form.section_of(Sort.WRONG, report).questions}

    assert [(c.value, c.label) for c in found["goods"].choices] == [("1", "1. Tas, Puma, rood"), ("2", "2. Pas")]
    assert [c.value for c in wrong["part"].choices][:2] == ["circumstances", "story"]
    assert "what" in {q.name for q in addition_form.section_of(Sort.FOUND, a_report()).questions}
    assert "victim-details" not in {c.value for c in wrong["part"].choices}


def test_files_of_an_addition_go_along_once():
    sent = a_report().added(Sort.MORE, {"text": "x", FILES: [attached("addition-more-1")]}, at=NOON)

    assert addition_form.folder_of(Sort.MORE, a_report()) == "addition-more-1"
    assert addition_form.folder_of(Sort.MORE, sent) == "addition-more-2"
    assert addition_form.unsent(sent, [FILE, replace(FILE, id="b")]) == (replace(FILE, id="b"),)
    assert addition_form.views_of(sent, Language.NL)[0].files == ("a.jpg",)
    assert addition_form.parse(Sort.MORE, a_report(), {"text": "x"}, [FILE], now=NOON)[FILES][0]["name"] == "a.jpg"
    assert addition_form.parse(Sort.MORE, a_report(), {"text": "x"}, now=NOON) == {"text": "x"}


def test_the_timeline_leads_to_what_was_asked_answered_and_added_with_its_files():
    report = asked(a_report(statement=Statement.of("bicycle-theft", {"story": "x"}, (FILE, FILE))), parts=(PHOTO,))
    answered = report.answered(1, {FILES: [attached("answer-1")]}, at=NOON)
    open_again = asked(answered.added(Sort.MORE, {"text": "x", FILES: [attached("m"), attached("m")]}, at=NOON))

    assert [(m.to, m.files) for m in presenter.timeline(open_again)] == [
        ("", 2),
        ("question-1", 0),
        ("question-1", 1),
        ("addition-1", 2),
        ("", 0),
    ]


def test_the_reason_of_a_decision_is_that_of_the_last_change_of_status():
    checked = a_report().changed(Change(Status.CHECKED, explanation="Eerst."), by=OFFICER, at=NOON)
    referred = checked.changed(Change(Status.REFERRED, explanation="Daarna."), by=OFFICER, at=NOON)

    assert presenter.reason(a_report()) == ""
    assert presenter.reason(referred.added(Sort.MORE, {"text": "x"}, at=NOON)) == "Daarna."
    assert presenter.event_words(referred.timeline[0]) == presenter.EVENT_WORDS[EventKind.RECEIVED]


# Words, numbers and days


def test_what_was_printed_once_is_read_for_ever():
    assert ids.reference(b"x" * 32) == "KKCM-NRTD-9CV3"
    assert ids.code(b"x" * 32) == "KKCMN-RTD9M"
    assert ids.short_code(b"x" * 32) == "KKCM-NRTN"
    assert ids.derive(b"k" * 32, "purpose", "a", "bc").hex()[:32] == "18872aba29175f27d9a07c00599ba1dc"
    assert ids.parse_short_code(" kkcm nrtn ") == "KKCM-NRTN"
    assert ids.parse_code("KKCM-NRTN") is None
    assert ids.parse_reference("KKCM-NRTD-9CV3" + " " * 30) == "KKCM-NRTD-9CV3"
    assert ids.parse_reference("KKCM-NRTD-9CV3" + " " * 31) is None
    assert len(ids.secret_id()) == 43


def test_a_language_is_that_which_a_reader_asked_for_or_the_first():
    assert [language_of(code) for code in ("en", "nl", "fr", None, "")] == [Language.EN, *[Language.NL] * 4]
    headers = ("en-GB,en;q=0.9", "EN", "nl", "de", "")
    assert [accepted_language(header) for header in headers] == [Language.EN, Language.EN, *[Language.NL] * 3]
    assert translate("", Language.NL) == ""


def test_days_times_and_amounts_are_written_as_people_write_them():
    winter, summer = datetime.fromisoformat("2016-12-31T23:30:00+00:00"), LATE

    assert long_date(winter, Language.NL) == "1 januari 2017"
    assert long_date(date(2016, 12, 31), Language.EN) == "31 December 2016"
    assert long_time(summer, Language.NL) == "2 juli 2016 om 00.30 uur"
    assert long_time(winter + timedelta(hours=13), Language.EN) == "1 January 2017 at 13:30"
    assert (money(123_450, Language.NL), money(5, Language.EN)) == ("€ 1.234,50", "€0.05")
    assert (number(1234.55, Language.NL, decimals=1), number(2, Language.EN, decimals=0)) == ("1.234,5", "2")
