"""The answers that the gateway gives itself: a page to a browser, problem+json to a program, the same on a laptop and in AWS."""

import json
import re
from dataclasses import replace
from typing import ClassVar

import pytest

from chalicelib.web import headers
from chalicelib.web.response import Response
from infra.gateway import answers
from infra.local.gateway import Gateway, Incoming, refusal

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("status", answers.ANSWERS)
def test_a_browser_gets_a_page_in_both_languages_with_a_way_on(status):
    answer = refusal(status, BROWSER)
    page, headers = answer.body.decode(), dict(answer.headers)

    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert '<html lang="nl">' in page
    assert '<div lang="en">' in page
    assert page.count("<h1>") == 1
    assert page.count('href="/"') >= 2
    assert page.index("tel:112") < page.index("<h1>")
    assert not re.search(r"[{}]|<script|<style|style=", page)
    assert len(answer.body) < 3_000


@pytest.mark.parametrize("accept", ["", "*/*", "application/json", "application/problem+json"])
def test_a_program_gets_problem_json(accept):
    answer = refusal(404, accept)

    assert dict(answer.headers)["Content-Type"] == "application/problem+json"
    assert json.loads(answer.body)["status"] == 404


def test_an_address_that_no_route_has_is_answered_by_who_asks():
    class App:
        routes: ClassVar = {}

    gateway = Gateway(App(), None, None)

    page, problem = (
        gateway.answer(Incoming("GET", "/nothing", (("accept", accept),), b"", "127.0.0.1")) for accept in (BROWSER, "*/*")
    )

    assert (page.status, problem.status) == (404, 404)
    assert b"<h1>" in page.body
    assert json.loads(problem.body)["title"] == "This page does not exist"


def test_a_deploy_gets_every_response_with_both_forms():
    responses = answers.gateway_responses()

    assert responses["MISSING_AUTHENTICATION_TOKEN"]["statusCode"] == "404"
    for response in responses.values():
        assert set(response["responseTemplates"]) == {"text/html", "application/json", "application/problem+json"}
        assert "$" not in "".join(response["responseTemplates"].values())  # API Gateway would fill it in
        assert all(value[0] == value[-1] == "'" for value in response["responseParameters"].values())


def test_the_gateways_own_answers_tell_a_browser_to_stay_on_tls_as_every_page_does(settings):
    pages = headers.of(Response(200), replace(settings, portal_url="https://portal.example"), api_language=None)

    for response in answers.gateway_responses().values():
        told = response["responseParameters"]["gatewayresponse.header.Strict-Transport-Security"]
        assert told == f"'{pages['Strict-Transport-Security']}'"
