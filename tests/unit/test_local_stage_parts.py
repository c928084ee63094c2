"""The local stage's gateway, tray and clock page: as API Gateway and SES would have it, without a socket."""

import base64
import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from chalice import Chalice, Response

from chalicelib.web.headers import API_VERSION
from infra.local.gateway import Gateway, Incoming, match, proxy_event
from infra.local.http import as_json
from infra.local.pages import Refused, distance
from infra.local.tray import Tray

EVENTS = Path(__file__).parents[1] / "events"
ROUTES = {path: {"GET": None} for path in ("/", "/reports", "/reports/new", "/reports/{reference}", "/{page}/new")}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", ("/", {})),
        ("/reports", ("/reports", {})),
        ("/reports/", ("/reports", {})),
        ("/reports/new", ("/reports/new", {})),
        ("/reports/K7MD%20x", ("/reports/{reference}", {"reference": "K7MD x"})),
        ("/help/new", ("/{page}/new", {"page": "help"})),
        ("/reports//", ("/reports", {})),
        ("/nothing", None),
        ("/reports/a/b", None),
    ],
)
def test_a_path_finds_its_resource_and_a_literal_part_goes_first(path, expected):
    assert match(path, "GET", ROUTES) == expected


def test_a_method_that_no_route_declares_is_not_there():
    assert match("/reports", "DELETE", ROUTES) is None


def _incoming(method="GET", target="/", headers=(), body=b""):
    return Incoming(method, target, tuple(headers), body, "127.0.0.1")


def _event(incoming, resource="/", parameters=None):
    at = datetime(2016, 7, 1, 10, tzinfo=UTC)
    return proxy_event(incoming, resource, parameters or {}, binary_types=["image/png"], at=at)


def test_an_event_has_the_shape_that_api_gateway_gives_it():
    genuine = json.loads((EVENTS / "apigateway-rest-proxy-v1-get.json").read_text())

    event = _event(_incoming(target="/a?x=1&x=2", headers=[("Accept", "a"), ("Accept", "b")]))

    assert set(event) == set(genuine)
    assert set(event["requestContext"]) - {"extendedRequestId"} <= set(genuine["requestContext"])
    assert event["headers"] == {"Accept": "b"}
    assert event["multiValueHeaders"] == {"Accept": ["a", "b"]}
    assert event["queryStringParameters"] == {"x": "2"}
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"]}
    assert event["requestContext"]["requestTime"] == "01/Jul/2016:10:00:00 +0000"


def test_what_was_not_sent_is_null_in_the_event():
    event = _event(_incoming())

    assert event["body"] is event["pathParameters"] is event["multiValueQueryStringParameters"] is None
    assert event["isBase64Encoded"] is False


def test_a_picture_travels_as_base64_and_text_as_text():
    picture = _event(_incoming("POST", headers=[("Content-Type", "image/png")], body=b"\x89PNG"))
    text = _event(_incoming("POST", headers=[("Content-Type", "text/plain; charset=utf-8")], body="é".encode()))

    assert (picture["body"], picture["isBase64Encoded"]) == (base64.b64encode(b"\x89PNG").decode(), True)
    assert (text["body"], text["isBase64Encoded"]) == ("é", False)


@pytest.fixture
def gateway(clock):
    app = Chalice("toy")

    @app.route("/things/{name}", methods=["GET", "POST"], content_types=["*/*"])
    def things(name):
        request = app.current_request
        entered.append(name)
        together.wait(timeout=60) if name.startswith("t") else None
        body = {"name": name, "seen": app.current_request.uri_params["name"], "path": request.context["path"]}
        return Response(body, headers={"Set-Cookie": ["a=1", "b=2"], "Content-Type": "application/json"})

    entered, together = [], threading.Barrier(3)
    return Gateway(app, clock, lambda request: as_json({"local": request.path}))


def test_the_app_answers_and_every_cookie_arrives(gateway):
    answer = gateway.answer(_incoming(target="/things/x/"))

    assert answer.status == 200
    assert json.loads(answer.body) == {"name": "x", "seen": "x", "path": "/things/x/"}
    assert [value for name, value in answer.headers if name == "Set-Cookie"] == ["a=1", "b=2"]


def test_two_citizens_at_once_each_get_their_own_request(gateway):
    answers = {}

    def ask(name):
        answers[name] = json.loads(gateway.answer(_incoming(target=f"/things/{name}")).body)["seen"]

    threads = [threading.Thread(target=ask, args=(f"t{number}",)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == {"t0": "t0", "t1": "t1", "t2": "t2"}


@pytest.mark.parametrize(
    ("method", "target", "status"), [("GET", "/nope", 404), ("TRACE", "/nope", 404), ("DELETE", "/things/x", 405)]
)
def test_nothing_there_is_a_problem_document(gateway, method, target, status):
    answer = gateway.answer(_incoming(method, target))

    assert answer.status == status
    assert dict(answer.headers)["Content-Type"] == "application/problem+json"
    assert json.loads(answer.body)["status"] == status
    assert dict(answer.headers)["API-Version"] == API_VERSION
    assert ("Allow" in dict(answer.headers)) is (status == 405)


@pytest.mark.parametrize(("target", "local"), [("/_local", True), ("/_local/mail?x=1", True), ("/_localx", False)])
def test_what_is_local_never_reaches_the_app(gateway, target, local):
    answer = gateway.answer(_incoming(target=target))

    assert (answer.status == 200) is local


SENT = {
    "FromEmailAddress": "post@portal.example",
    "Destination": {"ToAddresses": ["a@example.com"]},
    "EmailTags": [{"Name": "letter", "Value": "K7MD-1"}],
    "Content": {
        "Simple": {
            "Subject": {"Data": "Nieuws"},
            "Headers": [{"Name": "Auto-Submitted", "Value": "auto-generated"}],
            "Body": {"Text": {"Data": "Er is nieuws."}, "Html": {"Data": "<p>Er is nieuws.</p>"}},
        }
    },
}


def _send(tray, message_id, status=200):
    request = SimpleNamespace(
        method="POST", url="https://email.eu-west-1.amazonaws.com/v2/email/outbound-emails", body=json.dumps(SENT)
    )
    tray.listen(request, (status, {}, json.dumps({"MessageId": message_id})))


def test_the_tray_keeps_every_accepted_mail_whole_and_newest_first(clock):
    tray = Tray(clock)

    _send(tray, "1")
    clock.advance(timedelta(hours=1))
    _send(tray, "2")

    assert [mail.id for mail in tray.newest_first()] == ["2", "1"]
    assert tray.get("1").as_json() == {
        "id": "1",
        "to": "a@example.com",
        "subject": "Nieuws",
        "text": "Er is nieuws.",
        "html": "<p>Er is nieuws.</p>",
        "headers": {"Auto-Submitted": "auto-generated"},
        "sent_at": "2016-07-01T10:00:00Z",
    }
    assert tray.get("1").tags == {"letter": "K7MD-1"}


def test_a_mail_that_ses_refused_is_not_in_the_tray(clock):
    tray = Tray(clock)

    _send(tray, "1", status=400)

    assert tray.newest_first() == []


def test_the_clock_page_reads_days_hours_and_minutes():
    assert distance({"advance_days": 14, "advance_hours": 1.5, "advance_minutes": 0}) == timedelta(days=14, hours=1.5)


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"days": 1},
        {"advance_days": -1},
        {"advance_days": "14"},
        {"advance_days": True},
        {"advance_days": 1e9},
        {"advance_days": 9999},
    ],
)
def test_the_clock_page_refuses_what_is_no_step_forward(wanted):
    with pytest.raises(Refused):
        distance(wanted)
