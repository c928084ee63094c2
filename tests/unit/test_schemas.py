"""The schemas of answers are as strict as the readers: two laws, for every question, and for whole reports of every kind."""

import json
import re
import unicodedata
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache

import jsonschema
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from chalicelib.core.errors import Elsewhere, Invalid
from chalicelib.forms import json_types, reading, schemas
from chalicelib.forms.inputs import object_schema
from chalicelib.forms.questions import Input, Question
from chalicelib.reports import submission
from chalicelib.reports.addition_form import SORTS
from chalicelib.reports.crimes import KINDS
from chalicelib.web.report_schemas import as_told

NOW = datetime(2016, 7, 20, 12, tzinfo=UTC)
MEANING = {  # what a pattern cannot know: refused for what it says, not for how it is written
    "no_such_date",
    "date_in_future",
    "date_too_far",
    "moment_in_future",
    "ends_before_start",
    "iban",
    "imei",
    "municipality",
    "municipality_which",
    "municipality_like",
    "none_and_others",
}
QUESTIONS = {  # one of each sort, as it is asked when it is asked
    (question.input, question.need, question.most, question.stranger): replace(question, when=None, eased=None)
    for asked in (*(kind.questions for kind in KINDS.values()), *(section.questions for section in SORTS.values()))
    for question in asked
    if question.choices or question.input not in (Input.CHOICE, Input.CHOICES)
}
UNHURRIED = (HealthCheck.too_slow, HealthCheck.filter_too_much)  # patterns are filters, and some machines are slow
ANYTHING_ELSE = {"string": "x", "number": 12.5, "boolean": True, "array": [], "object": {}}
LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")) | st.sampled_from("\n\t \u00e9'")
PRINTABLE = st.text(LETTERS, max_size=60).filter(lambda one: unicodedata.normalize("NFKC", one) == one)
ADDRESSES = st.from_regex(r"[a-zA-Z0-9.!+_-]{1,20}@([a-z0-9-]{1,10}\.){1,2}[a-z]{2,5}", fullmatch=True)


def exactly(value):
    """The same JSON with decimal numbers, as JSON Schema counts them: 649.55 is a multiple of 0.01."""
    return json.loads(json.dumps(value), parse_float=Decimal)


@cache
def validator(schema):
    return jsonschema.Draft202012Validator(json.loads(schema, parse_float=Decimal))


def is_admitted(questions, answers):
    return validator(json.dumps(object_schema(questions))).is_valid(exactly(answers))


def codes_of(questions, answers):
    """Return why the reader refuses these answers of a program; empty when it does not."""
    try:
        with json_types.required_in(questions, answers):
            reading.parse_answers(questions, answers, now=NOW)
    except Invalid as refused:
        return {error.code for error in refused.errors}
    return set()


def values(schema):
    """Values that a schema admits, as a strategy."""
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum", [schema.get("const")]))
    if schema["type"] == "string":
        return texts(schema)
    return {
        "boolean": st.booleans,
        "number": lambda: st.integers(0, 99_999_999_999).map(lambda cents: cents / 100),
        "array": lambda: st.lists(values(schema["items"]), min_size=schema.get("minItems", 0), max_size=3, unique_by=json.dumps),
        "object": lambda: st.fixed_dictionaries({name: values(part) for name, part in schema["properties"].items()}),
    }[schema["type"]]()


def texts(schema):
    of_people = schema["pattern"] in (schemas.PRINTED, schemas.SEEN_AND_PRINTED)
    by_pattern = st.from_regex(re.compile(schema["pattern"], re.ASCII), fullmatch=True)
    if schema.get("format") == "date-time":
        by_pattern = by_pattern.filter(is_a_day)
    found = PRINTABLE if of_people else ADDRESSES if schema.get("format") == "email" else by_pattern
    fits = re.compile(schema["pattern"])
    return found.filter(lambda one: len(one) <= schema.get("maxLength", 10_000) and fits.search(one))


def is_a_day(moment):
    """False for 31 April, which a pattern cannot tell; `format` does."""
    with suppress(ValueError):
        return bool(datetime.fromisoformat(moment))
    return False


every_question = pytest.mark.parametrize(
    "question", QUESTIONS.values(), ids=lambda one: f"{one.input}-{one.need}-{one.name}" if isinstance(one, Question) else None
)


@every_question
@settings(max_examples=15, suppress_health_check=UNHURRIED)
@given(data=st.data())
def test_an_answer_that_the_description_admits_is_refused_for_its_meaning_only(question, data):
    answers = {question.name: data.draw(values(object_schema((question,))["properties"][question.name]))}
    assume(is_admitted((question,), answers))

    assert codes_of((question,), answers) <= MEANING


@every_question
@settings(max_examples=15, suppress_health_check=UNHURRIED)
@given(data=st.data())
def test_an_answer_as_it_is_kept_is_one_that_the_description_admits(question, data):
    described = object_schema((question,))["properties"][question.name]
    typed = data.draw(st.one_of(values(described), PRINTABLE, *([st.just(question.example)] if question.example else [])))
    if isinstance(typed, str):
        gap = data.draw(st.sampled_from(["", " ", "\u00a0", "-", "\u200e", "\n"]))
        place = data.draw(st.integers(0, len(typed)))
        typed = typed[:place] + gap + typed[place:]
    kept = {}
    with suppress(Invalid):
        kept = reading.parse_answers((question,), {question.name: typed}, now=NOW)

    assert not kept or is_admitted((question,), as_told((question,), kept)), kept


@every_question
def test_an_answer_in_another_type_of_json_is_refused(question):
    described = object_schema((question,))["properties"][question.name]["type"]
    others = [value for kind, value in ANYTHING_ELSE.items() if kind != described]

    assert len(others) == 4
    for value in others:
        assert not is_admitted((question,), {question.name: value})
        assert codes_of((question,), {question.name: value}), value


def test_a_null_counts_as_left_out():
    question = next(one for one in QUESTIONS.values() if one.need == "optional")

    assert codes_of((question,), {question.name: None}) == set()


@pytest.mark.parametrize("amount", [0.001, 649.555, 1e-7, 0.1 + 0.2, -0.01, 1_000_000_000, 1e300])
def test_an_amount_with_a_part_of_a_cent_or_out_of_bounds_is_refused(amount):
    question = next(one for one in QUESTIONS.values() if one.input is Input.MONEY)

    assert not is_admitted((question,), {question.name: amount})
    assert codes_of((question,), {question.name: amount}) == {"money_format"}


@pytest.mark.parametrize("amount", [0, 0.1, 649.55, 12.50, 1e3, 999_999_999.99, 4.35])
def test_an_amount_in_cents_is_read_as_it_is(amount):
    question = next(one for one in QUESTIONS.values() if one.input is Input.MONEY)
    kept = reading.parse_answers((question,), {question.name: amount}, now=NOW)

    assert is_admitted((question,), {question.name: amount})
    assert as_told((question,), kept) == {question.name: amount}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
@settings(max_examples=25, suppress_health_check=UNHURRIED)
@given(data=st.data())
def test_the_description_and_the_reader_ask_for_the_same_answers_of_every_kind(kind, data):
    """Whatever is left out, and whatever another answer asks: who is it about, is there an address, is there a battery."""
    from chalicelib.citizen.following.schemas import example_of

    answers = dict(example_of(kind)["answers"])
    leading = [question for question in kind.questions if question.input in (Input.CHOICE, Input.TICK, Input.YES_NO)]
    for question in data.draw(st.lists(st.sampled_from(leading), max_size=4, unique_by=lambda one: one.name)):
        answers[question.name] = data.draw(values(object_schema((question,))["properties"][question.name]))
    for name in data.draw(st.lists(st.sampled_from(sorted(answers)), max_size=3, unique=True)):
        del answers[name]

    refused = set()
    try:
        with json_types.required_in(kind.questions, answers):
            submission.parse(kind, answers, now=NOW)
    except Elsewhere:
        assume(condition=False)
    except Invalid as invalid:
        refused = {error.code for error in invalid.errors} - MEANING

    assert is_admitted(kind.questions, answers) is (not refused), refused
