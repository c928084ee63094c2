"""A report's whole life, as those who live it would tell it: over HTTP, on the local stage."""

import json
import urllib.error
import urllib.request

import pytest

from chalicelib.citizen.following.schemas import example_of
from chalicelib.reports.crimes import KINDS
from tests.e2e.actors import Cast, Citizen, World
from tests.e2e.story import file, live
from tests.support.products import some


def test_a_stolen_bicycle_from_the_report_to_the_survey(stage, eventually):
    live(Cast(stage.url), eventually)


def test_after_two_weeks_the_citizen_is_asked_to_log_in_again(stage):
    citizen = Citizen(stage.url)
    citizen.log_in("boer")
    World(stage.url).days_pass(1)

    assert "SIMULATOR" in citizen.open("/reports").words.upper()


@pytest.mark.parametrize("kind", some(KINDS, 3))  # tests/app/test_pages_filing.py has each
def test_a_kind_can_be_filed_from_its_page(stage, kind):
    citizen = Citizen(stage.url)
    citizen.log_in("wiel")

    reference = file(citizen, kind)

    assert reference in citizen.open("/reports").text


def test_somebody_in_danger_is_sent_to_112_before_anything_else(stage):
    visitor = Citizen(stage.url)

    page = visitor.tell("bicycle-theft", [("circumstances", "danger")])

    assert page.status == 409
    assert 'href="tel:112"' in page.text


def test_a_neighbour_cannot_read_along(stage):
    citizen, neighbour = Citizen(stage.url), Citizen(stage.url)
    citizen.log_in("wiel")
    neighbour.log_in("boer")
    reference = file(citizen)

    assert neighbour.open(f"/reports/{reference}").status == 404


def test_logging_out_ends_the_session_here_and_at_the_issuer(stage):
    citizen = Citizen(stage.url)
    home = citizen.log_in("wiel")

    citizen.log_out(home)

    assert "HOE WILT U INLOGGEN?" in citizen.open("/reports").words.upper()


def test_a_program_files_and_follows_a_report_with_a_token(stage):
    world = World(stage.url)
    headers = {"Authorization": f"Bearer {world.token('wiel')}", "Content-Type": "application/json", "Idempotency-Key": "e2e-1"}
    body = json.dumps(example_of(KINDS["graffiti"])).encode()

    filed = [urllib.request.urlopen(urllib.request.Request(f"{stage.url}/v1/reports", body, headers)) for _ in range(2)]
    first, second = (json.loads(answer.read()) for answer in filed)

    assert first["reference"] == second["reference"]
    assert first["status"]["code"] == "received"


def test_a_token_of_the_day_before_yesterday_is_worth_nothing(stage):
    world = World(stage.url)
    token = world.token("wiel")
    world.days_pass(2)

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(f"{stage.url}/v1/reports", headers={"Authorization": f"Bearer {token}"}))

    assert refused.value.code == 401
    refused.value.close()
