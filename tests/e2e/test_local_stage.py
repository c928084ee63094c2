"""The local stage as `make run` starts it: over HTTP, with the real app, stream and schedules."""

import http.client
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from chalicelib.citizen.following.schemas import example_of
from chalicelib.reports.crimes import KINDS
from infra.local.gateway import BODY_LIMIT
from infra.local.stage import Stage


class Visitor:
    """One connection to the stage, kept open."""

    def __init__(self, url: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str], str]:
        raw = json.dumps(body) if isinstance(body, dict) else body
        self.connection.request(method, path, raw, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = self.connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()

    def json(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return json.loads(self.ask(method, path, body, **headers)[2])

    def token(self, person: str) -> str:
        return f"Bearer {self.json('POST', '/_local/tokens', {'person': person})['access_token']}"


@pytest.fixture(scope="module")
def keys_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stage") / "keys.json"


@pytest.fixture(scope="module")
def stage(keys_file: Path) -> Iterator[Stage]:
    with Stage(port=0, keys_file=keys_file) as stage:
        yield stage


@pytest.fixture
def visitor(stage: Stage) -> Iterator[Visitor]:
    visitor = Visitor(stage.url)
    yield visitor
    visitor.connection.close()


def _first(visitor: Visitor, kind: str) -> str:
    return next(person["id"] for person in visitor.json("GET", "/_local/people") if person["kind"] == kind)


def _file(visitor: Visitor) -> dict[str, Any]:
    token = visitor.token(_first(visitor, "digid"))
    body = example_of(KINDS["bicycle-theft"])
    return visitor.json("POST", "/v1/reports", body, Authorization=token, Content_Type="application/json")


def test_a_citizen_who_files_gets_a_mail_and_two_weeks_later_can_still_read_the_report(stage, visitor):
    before = len(visitor.json("GET", "/_local/mails"))

    report = _file(visitor)
    drained = stage.drain()
    mails = visitor.json("GET", "/_local/mails")
    moved = visitor.json("POST", "/_local/clock", {"advance_days": 14})
    token = visitor.token(_first(visitor, "digid"))
    mine = visitor.json("GET", "/v1/reports", Authorization=token)

    assert drained
    assert len(mails) == before + 1
    assert set(mails[0]) == {"id", "to", "subject", "text", "html", "headers", "sent_at"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", mails[0]["sent_at"])
    assert "every_hour" in moved["ran"]
    assert moved["delivered"] is True
    assert report["reference"] in [line["reference"] for line in mine["reports"]]


def test_sixty_days_later_the_survey_invitation_is_in_the_tray_at_once(visitor):
    _file(visitor)
    visitor.json("POST", "/_local/clock", {"advance_minutes": 0})
    before = len(visitor.json("GET", "/_local/mails"))

    visitor.json("POST", "/_local/clock", {"advance_days": 60})

    assert len(visitor.json("GET", "/_local/mails")) > before


@pytest.mark.parametrize("path", ["/_local", "/_local/", "/_local/mail"])
def test_a_local_page_is_dutch_and_loads_nothing_from_elsewhere(visitor, path):
    status, headers, page = visitor.ask("GET", path)

    assert status == 200
    assert 'lang="nl"' in page
    assert "default-src 'none'" in headers["content-security-policy"]


def test_one_mail_can_be_read_and_its_html_stands_in_a_frame_of_its_own(stage, visitor):
    _file(visitor)
    stage.drain()
    mail = visitor.json("GET", "/_local/mails")[0]

    page = visitor.ask("GET", f"/_local/mail/{mail['id']}")
    framed = visitor.ask("GET", f"/_local/mail/{mail['id']}/html")

    assert page[0] == 200
    assert "<iframe" in page[2]
    assert mail["html"] not in page[2]
    assert framed[2] == mail["html"]
    assert visitor.ask("GET", "/_local/mail/nothing")[0] == 404


def test_the_state_shows_the_stream_and_the_schedule(visitor):
    state = visitor.json("GET", "/_local/state")

    assert [stream["name"] for stream in state["streams"]] == ["on_report_changed", "on_report_indexed", "on_details_changed"]
    assert [schedule["name"] for schedule in state["schedules"]] == [
        "every_minute",
        "every_minute_batches",
        "every_quarter_hour",
        "every_hour",
        "every_day",
    ]
    assert state["streams"][0]["last_error"] == ""


def test_an_officer_has_a_token_and_a_stranger_has_a_list_of_who_is_known(visitor):
    answer = visitor.json("POST", "/_local/tokens", {"person": _first(visitor, "staff")})
    status, _, unknown = visitor.ask("POST", "/_local/tokens", {"person": "nobody"})

    assert (answer["token_type"], answer["expires_in"] > 0) == ("Bearer", True)
    assert status == 404
    assert _first(visitor, "digid") in json.loads(unknown)["people"]


@pytest.mark.parametrize("path", ["/_local/clock", "/_local/tokens"])
@pytest.mark.parametrize("body", ["{", "[]", "", '{"advance_days": -1, "person": 7'])
def test_broken_json_is_answered_with_a_sentence(visitor, path, body):
    status, _, text = visitor.ask("POST", path, body)

    assert status == 400
    assert json.loads(text)["error"].endswith(".")


def test_the_clock_moves_from_the_page_too(stage, visitor):
    before = stage.clock.now()

    status, headers, _ = visitor.ask("POST", "/_local/clock", "advance_days=3", Content_Type="application/x-www-form-urlencoded")

    assert (status, headers["location"]) == (303, "/_local")
    assert stage.clock.now() - before >= timedelta(days=3)


def test_an_address_that_is_not_there_is_a_problem_document(visitor):
    status, headers, text = visitor.ask("GET", "/nothing-here")

    assert (status, headers["content-type"]) == (404, "application/problem+json")
    assert json.loads(text)["status"] == 404


def test_a_body_over_ten_megabytes_is_refused_before_it_is_read(visitor):
    status, headers, _ = visitor.ask("POST", "/v1/reports", None, Content_Length=str(BODY_LIMIT + 1))

    assert (status, headers["connection"]) == (413, "close")


def test_a_body_without_a_length_is_refused(visitor):
    assert visitor.ask("POST", "/v1/reports", None, Transfer_Encoding="chunked")[0] == 411


def test_head_answers_as_get_without_a_body(visitor):
    status, headers, body = visitor.ask("HEAD", "/")

    assert (status, body) == (200, "")
    assert int(headers["content-length"]) > 0
