"""Whatever is sent: every refusal is a clear answer, nothing of ours breaks, nothing half-written is left, nothing runs."""

import copy
import json
import re
from urllib.parse import urlencode, urlsplit

import pytest

from app import app
from chalicelib.web.access import Who
from chalicelib.web.messages import FORBIDDEN
from chalicelib.web.routes import declared
from tests.app import world
from tests.app.forms import runs_nothing
from tests.app.test_api_rules import API, WITH_BODY, assert_problem, every, every_with, named, path_of, person_for
from tests.support.addresses import NAMED
from tests.support.description import example_for
from tests.support.products import turns
from tests.support.samples import REFERENCE, answers

PAGES = [operation for operation in declared(app) if not operation.is_api and operation.method == "GET"]
FORMS = [operation for operation in declared(app) if not operation.is_api and operation.method == "POST"]
BACK_CHANNEL = "/login/backchannel-logout"  # sent by an issuer, not by a browser
PEOPLES_FORMS = [operation for operation in FORMS if operation.path != BACK_CHANNEL]
CLOSED_FORMS = [operation for operation in PEOPLES_FORMS if operation.access.who is not Who.ANYONE]
FORM = "application/x-www-form-urlencoded"
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def token_for(portal, browser):
    session = portal.services.sessions.find(browser.cookies["__Host-session"]) if browser.cookies else None
    return {"_token": session.form_token} if session else {}


def pairs_of(portal, browser, form):
    """The fields of a sound form, with its token, as pairs."""
    fields = {**token_for(portal, browser), **form.fields}
    return [(name, value) for name, values in fields.items() for value in (values if isinstance(values, list) else [values])]


def sent(portal, browser, form, body, **headers):
    given = {"Content-Type": FORM, "Origin": "https://portal.example"} | {n.replace("_", "-"): v for n, v in headers.items()}
    return browser._send("POST", form.address, body if isinstance(body, bytes) else urlencode(body).encode(), given)


def assert_page(answer, *statuses):
    """A page for people: of one of these statuses, in Dutch, with a title and a way on."""
    assert answer.status in statuses, f"{answer.status}: {answer.text[:2000]}"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert '<html lang="nl">' in answer.text
    assert "<h1>" in answer.text
    assert runs_nothing(answer.text)


def test_the_world_has_every_form_of_the_site(forms):
    assert set(forms) == {operation.path for operation in PEOPLES_FORMS}


@every(PEOPLES_FORMS)
def test_every_sound_form_is_accepted(operation, portal, forms):
    form = forms[operation.path]
    browser = portal.browser(form.person)

    answer = sent(portal, browser, form, pairs_of(portal, browser, form))

    assert answer.status == world.SOUND.get(operation.path, 303), answer.text


UNREADABLE = {  # what is answered, and what is sent for it
    "another site": lambda sound: (403, sound, {"Origin": "https://evil.example"}),
    "too large": lambda sound: (413, [*sound, ("x", "y" * 300_000)], {}),
    "JSON": lambda sound: (415, json.dumps(dict(sound)).encode(), {"Content_Type": "application/json"}),
    "multipart": lambda _: (415, b"--x--", {"Content_Type": "multipart/form-data; boundary=x"}),
    "bytes": lambda _: (415, b"\xff\x00", {"Content_Type": "application/octet-stream"}),
    "no UTF-8": lambda sound: (400, urlencode(sound).encode() + b"&x=\xff\xfe", {}),
    "no UTF-8, encoded": lambda sound: (400, urlencode(sound).encode() + b"&x=%ff%fe", {}),
    "thousands of fields": lambda sound: (400, sound + [(f"x{n}", "1") for n in range(6_000)], {}),
    "a site without a name": lambda sound: (403, sound, {"Origin": "null"}),
    "a site that begins as ours": lambda sound: (403, sound, {"Origin": "https://portal.example.evil.example"}),
    "a neighbouring site": lambda sound: (403, sound, {"Sec_Fetch_Site": "same-site"}),
    "across sites": lambda sound: (403, sound, {"Sec_Fetch_Site": "cross-site"}),
}


@every_with("ways", turns(PEOPLES_FORMS, UNREADABLE, each=3))
def test_a_form_that_cannot_be_read_is_refused_with_a_sentence_and_leaves_nothing(operation, ways, portal, forms, aws):
    form = forms[operation.path]
    browser = portal.browser(form.person)
    sound, before = pairs_of(portal, browser, form), world.contents(aws)

    for how in ("another site", *ways):
        status, body, headers = UNREADABLE[how](sound)
        if how == "multipart" and operation.files:
            status = 200 if operation.access.who is Who.ANYONE else 403
        answer = sent(portal, browser, form, body, **headers)
        assert answer.status == status, how
        assert_page(answer, status)
    assert world.contents(aws) == before


@every(CLOSED_FORMS)
def test_a_form_without_the_persons_own_token_is_refused(operation, portal, forms, aws):
    form, before = forms[operation.path], world.contents(aws)
    browser, theirs = portal.browser(form.person), token_for(portal, portal.browser("neighbour"))
    for token in ({}, {"_token": ""}, {"_token": "0" * 64}, {"_token": ["a", "b"]}, {"_token.a": "x"}, theirs):
        answer = browser.post(form.address, {**form.fields, **token})
        assert_page(answer, 403)
        assert "Open de pagina opnieuw" in answer.text
    assert world.contents(aws) == before


ODD_PAIRS = {
    "unknown and forged fields": lambda pairs: [
        *pairs,
        ("_method", "DELETE"),
        ("owner", "V1-bbbb"),
        ("_draft", "x"),
        ("<b>", "1"),
    ],
    "everything twice": lambda pairs: [pair for pair in pairs for _ in range(2)],
    "deep names": lambda pairs: [*pairs, *((f"{name}.a.b.c.d.e.f.g", "x") for name, _ in pairs)],
    "a value and an object": lambda pairs: [pair for name, value in pairs for pair in ((name, value), (f"{name}.a", "x"))],
    "an object and a value": lambda pairs: [pair for name, value in pairs for pair in ((f"{name}.a", "x"), (name, value))],
    "objects only": lambda pairs: [(name if name == "_token" else f"{name}.a", value) for name, value in pairs],
    "rows": lambda pairs: [(name if name == "_token" else f"{name}.0", value) for name, value in pairs],
    "a row of five thousand digits": lambda pairs: [*pairs, *((f"{name}.{'9' * 5_000}", "x") for name, _ in pairs)],
    "empty names": lambda pairs: [*pairs, ("", "x"), (".", "x"), ("...", "x")],
    "nothing in it": lambda pairs: [(name, value if name == "_token" else "") for name, value in pairs],
    "spaces": lambda pairs: [(name, value if name == "_token" else " \t\u00a0 ") for name, value in pairs],
    "control characters": lambda pairs: [(name, value if name == "_token" else "a\x00\x1b\u202eb") for name, value in pairs],
    "very long": lambda pairs: [(name, value if name == "_token" else "x" * 30_000) for name, value in pairs],
    "markup": lambda pairs: [(name, value if name == "_token" else SCRIPT) for name, value in pairs],
    "line breaks": lambda pairs: [(name, value if name == "_token" else "a\r\nSet-Cookie: x=1") for name, value in pairs],
    "other scripts": lambda pairs: [(name, value if name == "_token" else "👩\u200d🚒 שלום مرحبا 日本") for name, value in pairs],
    "templates": lambda pairs: [(name, value if name == "_token" else "{{ 7*7 }}${7*7}%(x)s%s") for name, value in pairs],
    "a long key": lambda pairs: [*pairs, ("_key", "x" * 300)],
    "forged buttons": lambda pairs: [*pairs, ("_go", "less.goods.-1"), ("_to", "https://evil.example"), ("_draft", "../x")],
    "another step, and no version of this one": lambda pairs: [*pairs, ("_go", "back"), ("_go", "stop"), ("_key", "\x00")],
    "no pairs": lambda pairs: urlencode(pairs).encode() + b"&&&===",
    "nothing at all": lambda _: b"",
}


@every_with("ways", turns(PEOPLES_FORMS, ODD_PAIRS, each=6))
def test_an_odd_form_is_answered_and_nothing_of_it_runs(operation, ways, portal, forms):
    form = forms[operation.path]
    for how in ways:
        browser = portal.browser(form.person)
        answer = sent(portal, browser, form, ODD_PAIRS[how](pairs_of(portal, browser, form)))
        gone = (404,) if operation.path.endswith("/move") else ()  # an odd form before this one moved the report away
        assert answer.status in (200, 204, 303, 400, 403, 409, 410, 413, 429, *gone), f"{how}: {answer.status}"
        assert runs_nothing(answer.text), how
        assert urlsplit(answer.headers.get("location", "/")).netloc in ("", "digid.example"), how
        assert not [cookie for cookie in answer.cookies if cookie.startswith("x=")], how


@pytest.mark.parametrize("body", [b"", b"\xff", b"logout_token=%ff", b"logout_token=a&logout_token=b", b"logout_token.a=b"])
def test_a_notice_of_logout_that_cannot_be_read_is_refused(body, portal):
    answer = portal.request("POST", BACK_CHANNEL, body=body, headers={"Content-Type": FORM})

    assert answer.status == 400


def address_of(operation, **parameters):
    known = {**NAMED, "draft": world.DRAFT, "batch": world.BATCH}
    return re.sub(r"{(\w+)}", lambda match: (known | parameters)[match[1]], operation.path)


PEOPLE = ("", "sanne", "neighbour", "handler", "stranger", "auditor")
NAMES = ("cursor", "reason", "next", "unit", "status", "circumstances", "to", "v", "saved")
ODD_QUERIES = [
    "x=" + "y" * 8_000,
    "&".join(f"{name}=a&{name}=b" for name in NAMES),
    "&".join(f"{name}=%0d%0aSet-Cookie:%20x=1" for name in NAMES),
    "&".join(f"{name}=%ff%fe" for name in NAMES),
    "&".join(f"{name}={SCRIPT}" for name in NAMES).replace(" ", "+"),
    "&".join(f"{name}=//evil.example" for name in NAMES),
    "code=a&code=b&state=c",
    "%00=%00&=&&&===",
    "cursor=K7MD-PR3W-9XCV-9999999999999999&unit=x&status=y&reason=z",
    "language=xx&next=//evil.example&to=check&saved=1",
    "a=1&a=2&reason=handling&reason=audit",
]


def person_of(operation):
    """The persons who may look at a page."""
    return person_for(operation)


@every_with("lookers", turns(PAGES, PEOPLE, each=2))
def test_every_page_answers_everybody_and_looking_at_the_headers_changes_nothing(operation, lookers, portal, forms, aws):
    address = address_of(operation)
    portal.browser(person_of(operation)).get(address)  # that its reader has read the news is noted, once
    before = world.contents(aws)
    for person in {*lookers, person_of(operation)}:
        browser = portal.browser(person)
        page, head = browser.get(address), browser._send("HEAD", address)
        assert page.status < 500, person
        assert head.status == page.status, person
    assert world.contents(aws) == before


@every_with("queries", turns(PAGES, ODD_QUERIES, each=4))
def test_odd_queries_break_no_page(operation, queries, portal, forms):
    browser = portal.browser(person_of(operation))
    for query in queries:
        answer = browser.get(f"{address_of(operation)}?{query}")
        assert answer.status < 500, query
        assert runs_nothing(answer.text), query
        assert all(" " < character < "\x7f" for character in answer.headers.get("location", "/")), query
        assert "evil.example" not in urlsplit(answer.headers.get("location", "/")).netloc, query
        assert not [cookie for cookie in answer.cookies if cookie.startswith("x=")], query


ODD_PARAMETERS = [
    "%0d%0aSet-Cookie:%20x=1", "%F0%9F%98%80", "%ff%fe", "..%2f..%2fapp.py", "%00", "a%2Fb", "%252e%252e%252f", "x" * 3_000,
    "<script>", "%3Cscript%3E", "{{7*7}}", "%7Breference%7D",
]  # fmt: skip
WITH_PARAMETER = [operation for operation in declared(app) if "{" in operation.path]


@every_with("odds", turns(WITH_PARAMETER, ODD_PARAMETERS, each=4))
def test_an_address_that_cannot_be_finds_nothing(operation, odds, portal, forms):
    person = person_of(operation)
    browser = portal.browser(person)
    for odd in odds:
        for name in re.findall(r"{(\w+)}", operation.path):
            address = address_of(operation, **{name: odd})
            if operation.is_api:
                assert_problem(portal.api(operation.method, address, {} if operation.body else None, person=person), 404)
                continue
            fields = token_for(portal, browser)
            answer = browser.get(address) if operation.method == "GET" else browser.post(address, fields)
            assert answer.status == 404, address
            stranger = portal.browser().get(address) if operation.method == "GET" else portal.browser().post(address)
            assert all(" " < character < "\x7f" for character in stranger.headers.get("location", "/")), address


def test_who_logs_in_comes_back_to_the_page_with_its_query(portal):
    answer = portal.browser().get(f"/desk/reports/{REFERENCE}")

    assert answer.location == f"/staff/login?next=/desk/reports/{REFERENCE}"


def test_markup_in_every_field_is_shown_as_text_to_everybody(portal, services):
    told = answers(story=SCRIPT, brand=SCRIPT, familyName=SCRIPT, street=SCRIPT)
    reference = portal.api("POST", "/v1/reports", {"kind": "bicycle-theft", "answers": told, "truth": True}, person="sanne").json[
        "reference"
    ]
    desk = f"/v1/desk/reports/{reference}"
    portal.api(
        "POST",
        f"{desk}/status-changes",
        {"status": "checked", "version": 1, "explanation": SCRIPT, "remark": SCRIPT},
        person="handler",
    )
    portal.api("POST", f"{desk}/questions", {"text": SCRIPT, "version": 2}, person="handler")
    asked = portal.browser("sanne").get(f"/reports/{reference}/question").text
    portal.api("POST", f"/v1/reports/{reference}/answers", {"question": 1, "answer": SCRIPT}, person="sanne")

    citizen, officer = portal.browser("sanne"), portal.browser("handler")
    pages = [citizen.get(path).text for path in ("/reports", f"/reports/{reference}", f"/reports/{reference}/receipt")]
    pages += [officer.get(f"/desk/reports/{reference}").text]

    assert sum(page.count("&lt;script&gt;alert(1)") for page in (*pages, asked)) >= 12
    assert all(runs_nothing(page) for page in (*pages, asked))


def test_people_may_write_in_every_script(portal, services):
    story = "Mijn fiets 🚲 is weg 👩\u200d🚒, zei José. שלום, مرحبا, 日本語, Ĳsselmeer."
    body = {"kind": "bicycle-theft", "answers": answers(story=story), "truth": True}

    filed = portal.api("POST", "/v1/reports", body, person="sanne")

    assert filed.json["answers"]["story"] == story
    assert story in portal.browser("sanne").get(f"/reports/{filed.json['reference']}").text


def test_two_spellings_of_the_same_letters_are_one_text(portal, services):
    body = {"kind": "bicycle-theft", "answers": answers(story="Jose\u0301"), "truth": True}

    assert portal.api("POST", "/v1/reports", body, person="sanne").json["answers"]["story"] == "Jos\u00e9"


def leaves(content, path=()):
    """Every place in a JSON document that holds a plain value."""
    for key, value in content.items() if isinstance(content, dict) else enumerate(content):
        if isinstance(value, dict | list) and value:
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key)


def replaced(content, path, value):
    copied = copy.deepcopy(content)
    inner = copied
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return copied


NESTED: list = []
for _ in range(300):
    NESTED = [NESTED]
ODD_VALUES = (
    None, True, -1, 1.5, 10**400, 1e308, " ", "x" * 20_000, "a\x00b", "\u202egnp.exe", "\ud800",
    ["x", 1, None], {"date": ["x"]}, NESTED,
)  # fmt: skip


@every(WITH_BODY)
def test_a_wrong_value_at_any_place_is_refused_there_and_leaves_nothing(operation, portal, forms, aws):
    example, person, refused = example_for(operation), person_for(operation), 0
    example |= {"code": forms["/survey"].fields["code"]} if "code" in example else {}
    before = world.contents(aws)
    for path, values in turns(leaves(example), ODD_VALUES, each=5):
        for value in values:
            answer = portal.api(operation.method, path_of(operation), replaced(example, path, value), person=person)
            assert answer.status < 500, f"{path}: {value!r:.80}"
            if answer.status < 400:  # a sound value after all: nothing where nothing is needed, 0 euros
                before = world.contents(aws)
                continue
            refused += 1
            if answer.status == 400:
                fields = {error["field"].split(".")[0] for error in answer.json["errors"]}
                assert fields & {"", *map(str, path)}, f"{path}: {value!r:.80}: {fields}"
    assert refused > 10
    assert world.contents(aws) == before


TYPES = [
    ("/v1/reports", {"truth": "yes"}, "truth", "yes_or_no"),
    ("/v1/reports", {"truth": 1}, "truth", "yes_or_no"),
    (f"/v1/reports/{REFERENCE}/answers", {"question": True}, "question", "not_a_number"),
    (f"/v1/reports/{REFERENCE}/answers", {"question": "1"}, "question", "not_a_number"),
    (f"/v1/reports/{REFERENCE}/answers", {"answer": "a\u0007b"}, "answer", "control_characters"),
    (f"/v1/reports/{REFERENCE}/answers", {"answer": 5}, "answer", "not_text"),
    (f"/v1/reports/{REFERENCE}/wishes", {"survey": "true"}, "survey", "yes_or_no"),
    (f"/v1/desk/reports/{REFERENCE}/status-changes", {"version": True}, "version", "not_a_number"),
    (f"/v1/desk/reports/{REFERENCE}/status-changes", {"version": "1"}, "version", "not_a_number"),
    (f"/v1/desk/reports/{REFERENCE}/status-changes", {"status": "sacked"}, "status", "not_a_choice"),
    (f"/v1/desk/reports/{REFERENCE}/questions", {"deadlineOn": 20_160_720}, "deadlineOn", "not_text"),
]


@pytest.mark.parametrize(("path", "change", "field", "code"), TYPES, ids=lambda value: str(value)[:60])
def test_a_type_of_its_own_is_not_read_as_another(path, change, field, code, portal, forms):
    operation = next(one for one in WITH_BODY if path_of(one) == path)

    answer = portal.api("POST", path, example_for(operation) | change, person=person_for(operation))

    assert_problem(answer, 400)
    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [(field, code)]


def test_half_a_character_in_json_is_told_as_what_it_is(portal):
    headers = {"Content-Type": "application/json", "Authorization": "Bearer sanne"}
    for raw in (b'{"kind": "\\ud800"}', b'{"\\udfff": 1}', b'{"answers": {"story": ["\\ud83d x \\ude00"]}}'):
        answer = portal.request("POST", "/v1/reports", body=raw, headers=headers)
        assert [error["code"] for error in answer.json["errors"]] == ["not_utf8"]
    whole = portal.request("POST", "/v1/reports", body=b'{"kind": "\\ud83d\\ude00 \\\\ud800"}', headers=headers)

    assert "not_utf8" not in {error["code"] for error in whole.json["errors"]}


def test_a_body_full_of_nonsense_gets_an_answer_that_can_be_read(portal):
    answer = portal.api("POST", "/v1/reports", {f"a{number}": 1 for number in range(20_000)}, person="sanne")

    assert_problem(answer, 400)
    assert len(answer.text) < 50_000


QUERY_OF = {  # that these pages of lists cannot do without
    "/v1/desk/changes": "unit=Noord-Nederland&",
    "/v1/desk/tasks": "unit=Noord-Nederland&",
    **dict.fromkeys(("/v1/desk/cases/{case}", "/v1/desk/batches", "/v1/desk/batches/{batch}/rows"), ""),
    "/v1/desk/audit/reports/{reference}": "",
    "/v1/desk/audit/officers": "officer=NN1234&month=2016-07&",
    "/v1/desk/audit/registers": "week=2016-W26&register=sample&",
}


@every([operation for operation in API if operation.query is not None and "cursor" in operation.query.model_fields])
def test_a_cursor_that_no_page_gave_is_refused(operation, portal, forms):
    query = QUERY_OF.get(operation.path, "unit=Noord-Nederland&reason=handling&" if operation.access.who is Who.OFFICER else "")
    why = {"Look_Reason": "handling"} if operation.reasoned and "reason=" not in query else {}
    for cursor in ("x", "K7MD-PR3W-9XCV", "K7MD-PR3W-9XCV-abc", "%00"):
        answer = portal.api("GET", f"{address_of(operation)}?{query}cursor={cursor}", person=person_for(operation), **why)
        assert_problem(answer, 400)
        assert [error["code"] for error in answer.json["errors"]] == ["cursor"]


def test_another_persons_cursor_shows_nothing_of_theirs(portal, forms):
    cursor = f"{REFERENCE}-1467367200000000"

    assert portal.api("GET", f"/v1/reports?cursor={cursor}", person="neighbour").json["reports"] == []


def test_a_draft_cannot_grow_beyond_what_the_table_takes(portal, forms, aws):
    browser, address = portal.browser("sanne"), f"/report/bicycle-theft/{world.DRAFT}"
    browser.submit(f"{address}/story", {"story": "a" * 200_000})
    before = world.contents(aws)

    answer = browser.submit(f"{address}/bicycle", {"brand": "b" * 200_000})

    assert_page(answer, 413)
    assert "maak uw tekst korter" in answer.text
    assert world.contents(aws) == before


def test_another_kind_of_crime_does_not_write_over_a_draft(portal, forms, aws):
    browser, before = portal.browser("sanne"), world.contents(aws)

    answer = browser.post(f"/report/graffiti/{world.WHOLE_DRAFT}/story", {**token_for(portal, browser), "story": "Anders."})

    assert answer.status == 404
    assert world.contents(aws) == before


def test_what_is_wrong_is_named_on_an_error_page_too(portal, forms):
    browser = portal.browser("sanne")

    page = browser.post(f"/reports/{REFERENCE}/wishes", {**token_for(portal, browser), "information": "x"})

    assert_page(page, 400)
    assert "<li>information: " in page.text


def test_every_reason_for_a_refusal_has_its_sentence():
    assert set(FORBIDDEN) == {"form_token", "reason", "sort", "same_origin", Who.CITIZEN, Who.OFFICER}
    assert all(named(operation) for operation in FORMS)
