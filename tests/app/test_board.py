"""A supervisor reads the figures of their own unit: counts, how long reports wait, who has how much; no report in it."""

import html
import re
from datetime import timedelta

import pytest

from chalicelib.boards import actions as boards
from chalicelib.core import ids
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.statement import Statement
from tests.support.samples import NOON, a_report

UNIT, SECRET = "Noord-Nederland", "KWARTEL-7F3"


@pytest.fixture
def references(services, clock):
    """Twelve reports of one kind that wait since 1, 2, … 12 days, and one of another."""
    made = [ids.reference(f"board {number}".encode() * 4) for number in range(13)]
    for number, reference in enumerate(made[:12], start=1):
        statement = Statement.of("bicycle-theft", {"story": SECRET})
        services.reports.add(a_report(reference=reference, statement=statement, at=NOON - timedelta(days=number)))
    services.reports.add(a_report(reference=made[12], statement=Statement.of("web-shop-fraud", {"story": SECRET}), at=NOON))
    services.boards.put(boards.counted(UNIT, reports=services.reports, clock=clock))
    return made


def test_the_figures_say_how_long_reports_wait_and_nothing_of_fewer_than_ten(portal, services, references):
    page = portal.browser("supervisor").get(f"/desk/figures?unit={UNIT}").text
    told = portal.api("GET", f"/v1/desk/figures?unit={UNIT}", person="supervisor").json

    times = {one["kind"]: (one["reports"], one["medianDays"], one["longestDays"]) for one in told["leadTimes"]}
    assert times == {"bicycle-theft": (12, 6.5, 12), "web-shop-fraud": (1, None, None)}
    assert told["numbers"]["open"] == 13
    assert told["countedAt"] == "2016-07-01T10:00:00Z"
    assert "12 aangiften: de helft wacht hoogstens 6.5 dagen, de langste 12 dagen" in page
    assert "minder dan tien aangiften" in page
    assert SECRET not in page
    assert not any(reference in page for reference in references)


def test_reading_them_is_on_record_with_the_reason_of_ones_role(portal, services, references):
    portal.browser("supervisor").get(f"/desk/figures?unit={UNIT}")
    portal.browser("auditor").get(f"/desk/figures?unit={UNIT}")

    on_record = sorted((one.what, one.why) for one in services.audit.of(f"board:{UNIT}"))  # both of one instant
    assert on_record == [("read_board", "audit"), ("read_board", "supervision")]


@pytest.mark.parametrize("person", ["handler", "reader", "stranger"])
def test_nobody_else_reads_them_nor_those_of_another_unit(portal, references, person):
    assert portal.browser(person).get(f"/desk/figures?unit={UNIT}").status == 403
    assert portal.browser("supervisor").get("/desk/figures?unit=Amsterdam").status == 403
    assert portal.api("GET", "/v1/desk/figures?unit=Atlantis", person="supervisor").status == 400


def test_from_who_has_how_much_a_supervisor_comes_to_the_list_and_an_auditor_to_no_report(portal, services, references, clock):
    report = services.reports.get(references[0])
    services.reports.save(report, report.assigned("NN5555", by=Actor(Role.OFFICER, "NN4444"), at=NOON))
    services.boards.put(boards.counted(UNIT, reports=services.reports, clock=clock))
    boss = portal.browser("supervisor")

    page = boss.get(f"/desk/figures?unit={UNIT}").text
    [address] = re.findall(r'href="(/desk/queue[^"]*who=NN5555[^"]*)"', page)
    listed = boss.get(html.unescape(address)).text

    assert references[0] in listed
    assert not any(other in listed for other in references[1:])
    assert "/desk/queue?" not in portal.browser("auditor").get(f"/desk/figures?unit={UNIT}").text


def test_before_the_first_counting_the_page_says_so(portal, services):
    page = portal.browser("supervisor").get(f"/desk/figures?unit={UNIT}")

    assert page.status == 200
    assert "Er is nog niets geteld" in page.text
    assert portal.api("GET", f"/v1/desk/figures?unit={UNIT}", person="supervisor").status == 404
