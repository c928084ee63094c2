"""Laws of every reader: what was read and shown is read the same; what nobody sees decides nothing; nothing breaks a reader."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.errors import Invalid
from chalicelib.core.language import Language
from chalicelib.core.text import coded, readable
from chalicelib.desk.counter.actions import number_of
from chalicelib.forms import inputs
from chalicelib.forms.answer_lines import lines
from chalicelib.forms.questions import Choice, Input, Question
from chalicelib.forms.text import BadInput, as_typed
from chalicelib.web.messages import FIELD
from chalicelib.web.report_schemas import as_told

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
COLOURS = (Choice("red", "Red"), Choice("green", "Green"))
STRANGERS = (Input.EMAIL, Input.PHONE, Input.URL, Input.IBAN)
QUESTIONS = {
    **{kind.value: Question("q", "Q", kind, choices=COLOURS, most=4_000) for kind in Input if kind is not Input.ROWS},
    **{f"a stranger's {kind}": Question("q", "Q", kind, stranger=True, most=300) for kind in STRANGERS},
}
SOUND = {  # what people may well type; more of it is made of these
    Input.TEXT: ["Stationsplein 4", "می\u200cخواهم", "👨\u200d👩\u200d👧"],
    Input.LONG_TEXT: ["een\r\ntwee\x0bdrie", "Zoe\u0308 – weg"],
    Input.MARK: ["GZ–1234", "１２"],
    Input.CHOICE: ["red"],
    Input.CHOICES: ["red", "green"],
    Input.YES_NO: ["yes", "no"],
    Input.TICK: ["yes"],
    Input.DATE: ["28-11-26", "1 maart 2016", "2016-03-01", "Nov 28, 2026"],
    Input.DAY: ["28-11-27", "3 jan 2030"],
    Input.BIRTHDAY: ["12-7-1980", "00-00-1950", "maart 1950", "onbekend"],
    Input.MOMENT: ["2016-06-30T07:15:00Z", "2016-06-30T07:15:00.5+02:00"],
    Input.MONEY: ["1.234,50", "12,-", "€ 99", "0,05"],
    Input.POSTCODE: ["1012 ab"],
    Input.EMAIL: ["Sanne@CAFÉ.nl", "Sanne <sanne@example.org>"],
    Input.PHONE: ["+31 (0)6 12345678", "06/12345678", "0900-8844", "14 020"],
    Input.IBAN: ["nl91 abna 0417 1643 00"],
    Input.IMEI: ["49-015420-323751-8"],
    Input.COMPANY_NUMBER: ["1234 5678"],
    Input.BRANCH_NUMBER: ["0000 1234 5678"],
    Input.URL: ["Https://ing.nl@Evil.example/Login", "evil.example"],
    Input.PLATE: ["ab-12-cd", "b mw 1234"],
    Input.MUNICIPALITY: ["Zaandam", "Bergen NH", "GM0014"],
}
# Nobody sees these, and no script and no emoji needs them; joiners mean something between letters that join.
UNSEEN = "\u00ad\u034f\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2066\u2067\u2068\u2069\ufeff"
_JOINERS = "\u200c\u200d\ufe0e"


def read(question, value):
    """Return what is kept of a value, or that it is refused: with a code that has a sentence."""
    try:
        return inputs.read(question, value, NOW)
    except BadInput as wrong:
        assert wrong.code in FIELD
        return BadInput


def shown(question, kept):
    """Everything as which an answer is shown again to those who may send it again: as it is kept, to programs, to people."""
    yield kept
    yield as_told((question,), {"q": kept})["q"]
    if question.input in (Input.MONEY, Input.DATE, Input.DAY, Input.MUNICIPALITY):
        yield from (lines((question,), {"q": kept}, language)[0].text for language in Language)


@st.composite
def typed(draw, question):
    """Text such as people type into a field, with anything put in; or anything."""
    sound = draw(st.sampled_from(SOUND[question.input]) | st.text(max_size=60))
    place = draw(st.integers(0, len(sound)))
    return sound[:place] + draw(st.text(max_size=3)) + sound[place:]


def test_every_reader_is_under_these_laws():
    assert set(SOUND) == set(Input) - {Input.ROWS}


@pytest.mark.parametrize("name", QUESTIONS)
@given(data=st.data())
def test_what_was_read_and_shown_is_read_the_same(name, data):
    question = QUESTIONS[name]
    kept = read(question, data.draw(typed(question)))

    if kept is not BadInput:
        seen = (kept,) if question.input is not Input.MONEY else ()  # cents are of nobody's form
        assert [again for again in (*seen, *list(shown(question, kept))[1:]) if read(question, again) != kept] == []


@pytest.mark.parametrize("name", QUESTIONS)
@given(data=st.data())
def test_what_nobody_sees_never_changes_what_is_read(name, data):
    question = QUESTIONS[name]
    if question.input in (Input.CHOICE, Input.CHOICES, Input.YES_NO, Input.TICK):
        return  # nobody types these
    sound = data.draw(typed(question))
    place = data.draw(st.integers(0, len(sound)))
    joins = sound.isascii()
    unseen = data.draw(st.text(UNSEEN + (_JOINERS if joins else ""), min_size=1, max_size=4))

    assert read(question, sound[:place] + unseen + sound[place:]) == read(question, sound)


@pytest.mark.parametrize("name", QUESTIONS)
@given(
    value=st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.text(st.characters(codec=None), max_size=50)
    | st.lists(st.text(max_size=5), max_size=3)
    | st.dictionaries(st.sampled_from(["date", "time", "x"]), st.text(max_size=12) | st.integers(), max_size=3)
)
def test_nothing_that_is_sent_breaks_a_reader(name, value):
    read(QUESTIONS[name], value)


@given(st.text())
def test_text_that_was_folded_stays_as_it_is(text):
    for lines_too in (True, False):
        once = readable(text, lines=lines_too)
        assert readable(once, lines=lines_too) == once
    assert coded(coded(text)) == coded(text)


@given(st.text(min_size=1))
def test_evidence_that_was_kept_as_typed_stays_as_it_is(text):
    try:
        once = as_typed(text, 20)
    except BadInput as refused:
        assert refused.code == "control_characters"
    else:
        assert as_typed(once, 20) == once


@given(st.text(max_size=40))
def test_nothing_that_an_officer_types_as_a_number_of_a_person_breaks_the_counter(text):
    try:
        assert number_of(text).isdigit()
    except Invalid as refused:
        assert [error.field for error in refused.errors] == ["bsn"]


@pytest.mark.parametrize(
    "pasted", ["900222086", "9002.22.086", "9002\u00a022\u00a0086", "9002\u201322\u2013086", "\u200e900222086\u200e"]
)
def test_a_bsn_is_read_as_it_is_printed_or_pasted(pasted):
    assert number_of(pasted) == "900222086"
