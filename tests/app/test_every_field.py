"""Every field of every kind of crime, with what people paste, mistype and try: nothing typed is lost, all errors come at once."""

import csv
import html
import re
import unicodedata
from io import StringIO
from pathlib import Path
from urllib.parse import urlencode

import pytest

from chalicelib.citizen.following.schemas import example_of
from chalicelib.forms.questions import Input
from chalicelib.reports import wizard
from chalicelib.reports.crimes import KINDS
from tests.app.forms import begin, page_of, runs_nothing
from tests.app.test_api_rules import assert_problem
from tests.support.products import pairs, some

ROOT = Path(__file__).parents[2]
VALUES = {
    "nothing": "",
    "spaces": " \t\u00a0 ",
    "one letter": "x",
    "far too long": "Een lang verhaal. " * 400,
    "emoji": "🚲🔒 weg 👨‍👩‍👧 👩🏽‍🚒",
    "right to left": "سرقت دراجتي أمس שלום",
    "combining marks": "Zoe\u0308 A\u030angstro\u0308m T\u0323\u0302a\u0301i Z\u0351\u0352a\u0353\u0354",
    "control characters": "a\x00\x07\x1b[31mb\x7f",
    "direction marks": "naam\u202egpj.exe\u202c\u2066x\u2069",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;",
    "a day that does not exist": "31-2-2016",
    "a day to come": "1-1-2099",
    "a huge number": "9" * 400,
    "a template": "{{ 7*7 }}${7*7}%(x)s{}",
    "a formula": '=HYPERLINK("http://x")+1',
    "lines": "een\r\ntwee\rdrie\nvier",
}
COMES_BACK = {"emoji", "right to left", "combining marks", "markup", "a template", "a formula", "one letter", "a huge number"}


def rows_of(*path):
    return list(csv.DictReader(StringIO((ROOT.joinpath(*path)).read_text("utf-8"))))


def parts():
    """Every page of the wizard once (several kinds share some): kind, part, and the draft under which it is asked."""
    seen = set()
    for code, kind in KINDS.items():
        for part in kind.sections:
            if id(part) not in seen:
                seen.add(id(part))
                conditions = [question.when for question in part.questions if question.when]
                draft = {} if part in wizard.parts(kind, {}) else {conditions[0][0]: min(conditions[0][1])}
                yield f"{code}, {part.name}", (code, part, draft)


PARTS = dict(parts())


def opened(portal, kind, draft):
    """Begin a draft with these answers, and return its browser and address."""
    browser = portal.browser("sanne")
    address = begin(browser, kind).rpartition("/")[0]
    if draft:
        owner = portal.services.sessions.find(browser.cookies["__Host-session"]).principal.pseudonym
        portal.services.drafts.put(owner, address.rpartition("/")[2], kind, draft)
    return browser, address


def fields_of(page):
    """The names of everything that the page's own form asks."""
    main = page.partition("<main")[2]
    named = re.findall(r'<(?:input|textarea|select)\b(?![^>]*type="(?:hidden|file)")[^>]*? name="([^"]+)"', main)
    return list(dict.fromkeys(named))


def composed(text):
    return unicodedata.normalize("NFC", html.unescape(text))


@pytest.mark.parametrize(("name", "value"), pairs(PARTS, VALUES, each=3))
def test_whatever_stands_in_every_field_is_answered_kept_and_never_run(portal, name, value):
    kind, part, draft = PARTS[name]
    browser, address = opened(portal, kind, draft)
    page = f"{address}/{part.name}"
    shown = browser.get(page)
    names = fields_of(shown.text)

    answer = browser.post(page, shown.hidden | dict.fromkeys(names, VALUES[value]))

    assert names
    assert answer.status in (303, 400, 409), answer.text  # 409: this belongs elsewhere, and the page says so
    assert runs_nothing(answer.text)
    if answer.status == 400:
        summary = answer.text.partition('id="errors"')[2].partition("</ul>")[0]
        links = re.findall(r'href="#([^"]+)"', summary)
        assert links
        assert all(f'id="{link}"' in answer.text for link in links)
    texts = [one for one in part.questions if one.input in (Input.TEXT, Input.LONG_TEXT) and one.name in names]
    if value in COMES_BACK:
        assert composed(browser.get(page).text).count(composed(VALUES[value])) >= len(texts)


@pytest.mark.parametrize("row", rows_of("tests", "data", "names.csv"), ids=lambda row: ascii(row["geslachtsnaam"])[:40])
def test_everybody_can_enter_the_name_they_have(portal, row):
    browser = portal.browser("sanne")
    page = page_of(browser, "you")
    family = " ".join(filter(None, (row["adellijke_titel_predicaat"], row["tussenvoegsel"], row["geslachtsnaam"])))
    name = {"givenNames": row["voornamen"] or ".", "familyName": family}

    answer = browser.submit(page, {**name, "dateOfBirth": "12-7-1980", "placeOfBirth": "Groningen"})

    assert answer.status == 303, answer.text
    again = composed(browser.get(page).text)
    assert all(composed(f'value="{value}"') in again for value in name.values())


@pytest.mark.parametrize(
    "row", rows_of("infra", "population", "data", "addresses.csv"), ids=lambda row: ascii(row["street"])[:40]
)
def test_everybody_can_enter_the_address_they_have(portal, row):
    browser = portal.browser("sanne")
    page = page_of(browser, "address")
    told = {"street": row["street"], "houseNumber": row["house_number"], "postcode": row["postcode"], "city": row["city"]}
    assert set(told) <= set(fields_of(browser.get(page).text))

    answer = browser.submit(page, told)

    assert answer.status == 303, answer.text


WITH_ROWS = {code: next(q for q in kind.questions if q.input is Input.ROWS) for code, kind in KINDS.items() if any(
    q.input is Input.ROWS for q in kind.questions
)}  # fmt: skip


@pytest.mark.parametrize("kind", some(WITH_ROWS, 3))
def test_ten_thousand_rows_are_refused_in_words_and_change_nothing(portal, kind, aws):
    browser, question = portal.browser("sanne"), WITH_ROWS[kind]
    part = next(part.name for part in KINDS[kind].sections if question in part.questions)
    page = page_of(browser, part, kind)
    token, before = browser.get(page).hidden, aws.items("drafts")
    inner = question.rows[0].name
    rows = {f"{question.name}.{number}.{inner}": "Ring" for number in range(10_000)}

    answer = browser.post(page, token | rows)

    assert answer.status in (400, 413)
    assert "<h1>" in answer.text
    assert len(urlencode(rows)) > 100_000
    assert aws.items("drafts") == before


@pytest.mark.parametrize("kind", some(WITH_ROWS, 3))
def test_ten_thousand_rows_in_the_api_are_one_error_at_their_field(portal, kind, aws):
    question, example = WITH_ROWS[kind], example_of(KINDS[kind])
    rows = [{question.rows[0].name: "Ring"}] * 10_000

    answer = portal.api(
        "POST", "/v1/reports", {**example, "answers": {**example["answers"], question.name: rows}}, person="sanne"
    )

    assert_problem(answer, 400)
    assert [error["field"] for error in answer.json["errors"]] == [question.name]
    assert aws.items("reports") == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_window_that_ends_before_it_starts_is_named_at_its_end_and_nothing_typed_is_lost(portal, kind):
    part = next(part for part in KINDS[kind].sections if any(q.name == "happenedUntil" for q in part.questions))
    browser = portal.browser("sanne")
    page = page_of(browser, part.name, kind)
    window = {"happenedFrom.date": "30-6-2016", "happenedFrom.time": "18:15"}
    window |= {"happenedUntil.date": "29-6-2016", "happenedUntil.time": "07:05"}

    answer = browser.submit(page, window)

    assert answer.status == 400
    assert 'href="#happenedUntil"' in answer.text
    assert all(f'value="{value}"' in answer.text for value in window.values())
