"""The frame of the desk's pages: its own menu and foot, and a menu that leads back to the list that was opened last."""

import pytest

from chalicelib.people.model import StaffRole
from chalicelib.people.permissions import ALLOWED
from chalicelib.web.navigation import MENU
from tests.support.samples import REFERENCE, a_report

LIST = "/desk/queue?unit=Noord-Nederland&status=checked"


def menu_of(page):
    return page.text.partition("<nav")[2].partition("</nav>")[0]


def test_an_officer_has_a_menu_and_a_foot_of_the_desk_and_the_banner_stays(portal):
    page = portal.browser("handler").get("/desk")

    assert 'href="/desk/to-tell"' in menu_of(page)
    assert 'aria-current="page">Vandaag<' in menu_of(page)
    foot = page.text.partition("<footer")[2]
    assert "/rights" not in foot
    assert "/toegankelijkheid" in foot
    assert "Dit is niet de website van de politie" in page.text


def test_a_citizen_sees_no_menu_of_the_desk(portal):
    page = portal.browser("sanne").get("/reports").text

    assert "/desk" not in page
    assert "/rights" in page.partition("<footer")[2]


@pytest.mark.parametrize("entry", MENU, ids=lambda entry: entry.address)
def test_everybody_who_is_offered_a_line_of_the_menu_may_open_it(portal, entry):
    offered = {"reader", "handler", "supervisor"} & {role.value for role in ALLOWED[entry.permission]}
    assert ALLOWED[entry.permission] <= set(StaffRole)

    for person in offered:
        assert portal.browser(person).get(entry.address).status == 200


def test_the_menu_leads_back_to_the_list_that_was_opened_last(portal, services):
    services.reports.add(a_report())
    officer = portal.browser("handler")
    officer.get(LIST)

    assert f'href="{LIST.replace("&", "&amp;")}"' in menu_of(officer.get(f"/desk/reports/{REFERENCE}"))


def test_who_logs_in_at_the_same_browser_is_not_led_to_the_list_of_another(portal):
    first = portal.browser("handler")
    first.get(LIST)
    second = portal.browser("stranger")
    second.cookies["__Host-list"] = first.cookies["__Host-list"]

    assert 'href="/desk/queue"' in menu_of(second.get("/desk"))


@pytest.mark.parametrize("value", ["x", "a" * 700, "!!", "AAAAAAAA", "AAAAAAAAL2Rlc2s_dW5pdD14"])
def test_a_cookie_that_is_none_of_ours_leads_nowhere(portal, value):
    officer = portal.browser("handler")
    officer.cookies["__Host-list"] = value

    assert 'href="/desk/queue"' in menu_of(officer.get("/desk"))
