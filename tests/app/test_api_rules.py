"""Every rule of the API, on every route of the API. Source: docs/domain.md, "API"."""

import json
import re

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from app import app
from chalicelib.people.permissions import may
from chalicelib.web import openapi
from chalicelib.web.access import Who
from chalicelib.web.headers import API_VERSION
from chalicelib.web.operation import ROOT
from chalicelib.web.routes import METHODS, declared
from tests.support.addresses import NAMED
from tests.support.description import described, document, example_for, examples_for
from tests.support.products import pairs
from tests.support.samples import AUDITOR, HANDLER, SUPERVISOR, answers
from tests.support.settings import settings_of

API = [operation for operation in declared(app) if operation.is_api]
WITH_BODY = [operation for operation in API if operation.body is not None]
CLOSED = [operation for operation in API if operation.access.who is not Who.ANYONE]
OPEN = [operation for operation in API if operation not in CLOSED]


def path_of(operation):
    return re.sub(r"{(\w+)}", lambda name: NAMED[name[1]], operation.path)


def named(operation):
    return f"{operation.method} {operation.path}"


def every(operations):
    assert operations
    return pytest.mark.parametrize("operation", operations, ids=named)


def every_with(name, shares):
    """Each operation with a value, or with its turn of them."""
    return pytest.mark.parametrize(("operation", name), shares, ids=[named(operation) for operation, _ in shares])


STAFF = {"handler": HANDLER, "supervisor": SUPERVISOR, "auditor": AUDITOR}


def person_for(operation):
    """Return somebody who may call an operation."""
    if permission := operation.access.permission:
        return next(name for name, officer in STAFF.items() if may(officer, permission))
    return {Who.ANYONE: "", Who.CITIZEN: "sanne"}[operation.access.who]


def assert_problem(answer, status):
    assert answer.status == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= set(answer.json)
    assert answer.json["status"] == status
    assert answer.json["title"]
    assert answer.json["detail"]


@every(API)
def test_paths_are_kebab_case_below_v1_without_a_slash_at_the_end(operation):
    for part in operation.path.split("/")[1:]:
        assert part == part.lower()
        assert "_" not in part
        assert part
    assert operation.path.startswith("/v1/")


@every(API)
def test_the_same_address_with_a_slash_at_the_end_is_not_found(operation, portal):
    answer = portal.api(operation.method, path_of(operation) + "/", person=person_for(operation))

    assert_problem(answer, 404)


@every(API)
def test_every_answer_names_the_version_and_is_never_cached(operation, portal):
    answer = portal.api(operation.method, path_of(operation), person=person_for(operation))

    assert answer.headers["api-version"] == API_VERSION
    assert answer.headers["vary"] == "Accept-Language"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
    assert answer.headers["strict-transport-security"]


@every(CLOSED)
def test_without_a_token_nobody_comes_in(operation, portal):
    answer = portal.api(operation.method, path_of(operation), {} if operation.body else None)

    assert_problem(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer", "nothing was wrong with a token that was not sent"


@every_with("authorization", pairs(CLOSED, ["Bearer forged", "Basic c2FubmU6", "Bearer", "sanne"]))
def test_a_wrong_token_does_not_come_in(operation, authorization, portal):
    answer = portal.api(operation.method, path_of(operation), {} if operation.body else None, Authorization=authorization)

    assert_problem(answer, 401)
    sent_a_token = authorization.startswith("Bearer")
    assert answer.headers["www-authenticate"] == ('Bearer error="invalid_token"' if sent_a_token else "Bearer")


@every(CLOSED)
def test_a_citizen_is_no_officer_and_an_officer_no_citizen(operation, portal):
    other = "handler" if operation.access.who is Who.CITIZEN else "sanne"

    answer = portal.api(operation.method, path_of(operation), {} if operation.body else None, person=other)

    assert_problem(answer, 403)
    assert "www-authenticate" not in answer.headers, "another login would not help"


@every(CLOSED)
def test_a_cookie_opens_no_door_of_the_api(operation, portal):
    browser = portal.browser("sanne" if operation.access.who is Who.CITIZEN else "handler")
    cookie = f"__Host-session={browser.cookies['__Host-session']}"

    answer = portal.api(operation.method, path_of(operation), {} if operation.body else None, Cookie=cookie)

    assert_problem(answer, 401)


@every(API)
def test_other_methods_are_refused_with_the_ones_allowed(operation, portal):
    known = {other.method for other in API if other.path == operation.path}
    known |= {"HEAD", "OPTIONS"} if "GET" in known else {"OPTIONS"}
    others = [method for method in (*METHODS, "TRACE", "PROPFIND") if method not in known]
    assert others
    for method in others:
        answer = portal.request(method, path_of(operation))
        assert answer.status == 405
        assert set(answer.headers["allow"].split(", ")) == known
        assert answer.headers["api-version"] == API_VERSION
        if method != "HEAD":
            assert_problem(answer, 405)


@every(API)
def test_who_asks_for_the_methods_of_an_address_is_told_them(operation, portal):
    answer = portal.request("OPTIONS", path_of(operation))

    assert (answer.status, answer.text) == (204, "")
    assert {operation.method, "OPTIONS"} <= set(answer.headers["allow"].split(", "))
    assert answer.headers["api-version"] == API_VERSION


@every(API)
@pytest.mark.parametrize(
    ("accept", "answered"),
    [("", True), ("application/json; q=0.1, text/html", True), ("application/json;q=0", False), ("text/html, */*;q=0.0", False)],
)
def test_who_leaves_open_what_to_accept_gets_json(operation, accept, answered, portal):
    body = {} if operation.body else None

    answer = portal.api(operation.method, path_of(operation), body, person=person_for(operation), Accept=accept)

    assert (answer.status != 406) is answered


@every(WITH_BODY)
def test_a_body_behind_a_byte_order_mark_is_read(operation, portal):
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {person_for(operation)}"}

    answer = portal.request(operation.method, path_of(operation), body=b'\xef\xbb\xbf{"surprise": 1}', headers=headers)

    assert "surprise" in [error["field"] for error in answer.json["errors"]]


@every(API)
def test_who_accepts_no_json_is_told_so(operation, portal):
    answer = portal.api(
        operation.method, path_of(operation), {} if operation.body else None, person=person_for(operation), Accept="text/html"
    )

    assert_problem(answer, 406)


@every_with("content_type", pairs(WITH_BODY, ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""]))
def test_only_json_is_read(operation, content_type, portal):
    answer = portal.api(operation.method, path_of(operation), {}, person=person_for(operation), Content_Type=content_type)

    assert_problem(answer, 415)


NO_OBJECT = {
    "empty": (b"", "not_json"),
    "cut off": (b"{", "not_json"),
    "NaN": (b'{"a": NaN}', "not_json"),
    "deep": (b"[" * 100_000, "not_json"),
    "double key": (b'{"a": 1, "a": 2}', "duplicate_key"),
    "latin": (b'{"a": "\xff\xfe"}', "not_utf8"),
    "list": (b"[]", "not_an_object"),
    "null": (b"null", "not_an_object"),
    "text": (b'"text"', "not_an_object"),
}


@every_with("how", pairs(WITH_BODY, NO_OBJECT, each=2))
def test_a_body_that_is_no_object_is_told_why(operation, how, portal):
    raw, code = NO_OBJECT[how]
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {person_for(operation)}"}

    answer = portal.request(operation.method, path_of(operation), body=raw, headers=headers)

    assert_problem(answer, 400)
    assert [error["code"] for error in answer.json["errors"]] == [code]


@every(WITH_BODY)
def test_an_unknown_field_is_told_by_name(operation, portal):
    answer = portal.api(operation.method, path_of(operation), {"surprise": 1}, person=person_for(operation))

    assert_problem(answer, 400)
    assert "surprise" in [error["field"] for error in answer.json["errors"]]
    assert all(error["detail"] and error["code"] for error in answer.json["errors"])


@every(WITH_BODY)
def test_all_mandatory_fields_are_named_at_once(operation, portal):
    mandatory = {field.alias or name for name, field in operation.body.model_fields.items() if field.is_required()}

    answer = portal.api(operation.method, path_of(operation), {}, person=person_for(operation))

    assert_problem(answer, 400)
    assert {error["field"] for error in answer.json["errors"]} == mandatory


@every(WITH_BODY)
def test_a_body_that_is_too_large_is_not_read(operation, portal):
    answer = portal.api(operation.method, path_of(operation), {"x": "y" * 300_000}, person=person_for(operation))

    assert_problem(answer, 413)


@every(API)
def test_an_unknown_or_repeated_query_parameter_is_refused(operation, portal):
    for query in ("?surprise=1", "?cursor=a&cursor=b"):
        answer = portal.api(
            operation.method, path_of(operation) + query, {} if operation.body else None, person=person_for(operation)
        )
        assert_problem(answer, 400)


BY_REFERENCE = [operation for operation in CLOSED if "{reference}" in operation.path]


@every_with("reference", pairs(BY_REFERENCE, ["K7MD-PR3W-9XCV", "nonsense", "%2e%2e%2fetc", "K7MD%00", "x" * 100], each=2))
def test_an_unknown_reference_is_not_found(operation, reference, portal):
    path = operation.path.replace("{reference}", reference)
    query = "?reason=handling" if operation.query and "reason" in operation.query.model_fields else ""
    body, headers = example_for(operation), {"Look_Reason": "handling"} if operation.reasoned else {}

    answer = portal.api(operation.method, path + query, body, person=person_for(operation), **headers)

    assert_problem(answer, 404)


@every(API)
def test_refusals_are_told_in_the_readers_language(operation, portal):
    path = path_of(operation) + "/"

    dutch = portal.api(operation.method, path, person=person_for(operation))
    english = portal.api(operation.method, path, person=person_for(operation), Accept_Language="en-GB,en;q=0.9")

    assert dutch.json["title"] != english.json["title"]
    assert (dutch.headers["content-language"], english.headers["content-language"]) == ("nl", "en")


def test_an_address_that_does_not_exist_is_a_problem_too(portal):
    answer = portal.api("GET", "/v1/nothing-here")

    assert_problem(answer, 404)
    assert answer.headers["api-version"] == API_VERSION


def test_the_description_is_public_valid_and_readable_from_any_site(portal):
    answer = portal.api("GET", "/v1/openapi.json")

    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json["openapi"] == "3.1.0"
    assert answer.json["servers"] == [{"url": "https://portal.example/v1"}]
    assert answer.json["info"]["contact"]["email"] == "post@portal.example"
    assert answer.headers["content-language"] == "en"
    OpenAPIV31SpecValidator(answer.json).validate()


def test_the_description_has_every_route_and_nothing_else():
    told = {(method.upper(), ROOT + path) for path, methods in document()["paths"].items() for method in methods}

    assert told == {(operation.method, operation.path) for operation in API}


@every(API)
def test_the_description_names_the_refusals_that_a_program_may_meet(operation):
    told = set(described(operation)["responses"])

    assert {"401", "403"}.isdisjoint(told) is (operation in OPEN)
    assert ({"409", "413", "415"} <= told) is (operation in WITH_BODY)
    assert ("404" in told) is ("{" in operation.path or operation in WITH_BODY or bool(operation.header))


def test_who_must_call_is_told_so_by_the_api_too(portal):
    told = {"kind": "bicycle-theft", "answers": answers(circumstances=["danger"]), "truth": True}

    answer = portal.api("POST", "/v1/reports", told, person="sanne")

    assert_problem(answer, 409)
    assert "112" in answer.json["detail"]


def test_every_example_is_valid_by_its_own_schema():
    checked = 0
    for operation in WITH_BODY:
        schema = described(operation)["requestBody"]["content"]["application/json"]["schema"]
        for example in examples_for(operation):
            jsonschema.Draft202012Validator({**schema, "components": document()["components"]}).validate(example)
            checked += 1
    assert checked >= len(WITH_BODY) + 17


def test_every_answer_matches_its_own_schema(portal):
    to_file = next(operation for operation in WITH_BODY if operation.path == "/v1/reports")
    filed = portal.api("POST", "/v1/reports", example_for(to_file), person="sanne")
    reference = filed.json["reference"]
    answers = {
        ("post", "/v1/reports"): filed,
        ("get", "/v1/reports"): portal.api("GET", "/v1/reports", person="sanne"),
        ("get", "/v1/kinds"): portal.api("GET", "/v1/kinds"),
        ("get", "/v1/reports/{reference}"): portal.api("GET", f"/v1/reports/{reference}", person="sanne"),
        ("get", "/v1/desk/reports/{reference}"): portal.api(
            "GET", f"/v1/desk/reports/{reference}?reason=handling", person="handler"
        ),
    }
    for (method, path), answer in answers.items():
        assert answer.status in (200, 201), answer.text
        told = document()["paths"][path.removeprefix(ROOT)][method]["responses"][str(answer.status)]
        schema = {**told["content"]["application/json"]["schema"], "components": document()["components"]}
        jsonschema.Draft202012Validator(schema).validate(json.loads(answer.text))


def test_a_program_that_mixes_up_types_hears_of_all_of_them_at_once(portal):
    told = {"kind": "bicycle-theft", "answers": answers(damage="12,50", insured="yes", email="x"), "truth": True}

    answer = portal.api("POST", "/v1/reports", told, person="sanne")

    assert_problem(answer, 400)
    found = {(error["field"], error["code"]) for error in answer.json["errors"]}
    assert found == {("damage", "not_a_decimal"), ("insured", "yes_or_no"), ("email", "email")}


@pytest.mark.parametrize("changes", [{"api_contact": "api@portal.example"}, {"mail_from": "Mijn Politie <api@portal.example>"}])
def test_the_description_names_an_address_for_builders_of_programs(changes):
    described = openapi.document([], "https://portal.example", settings_of("test", **changes))

    assert described["info"]["contact"]["email"] == "api@portal.example"
