"""The table of visits is complete: no page of the site is left out."""

from tests.browser.routes import PAGES, route_of
from tests.browser.visits import NO_PAGE, VISITS


def test_every_page_of_the_site_is_opened_in_the_browser():
    opened = {route_of(address) for visit in VISITS.values() for address in (visit.path, visit.ends)}

    assert len(PAGES) > 20
    assert PAGES - opened == set(NO_PAGE), (
        "add a visit to tests/browser/visits.py (or, where nothing is shown, a line to NO_PAGE)"
    )
