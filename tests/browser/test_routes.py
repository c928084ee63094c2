"""The table of visits is complete: no page of the site is left out."""

import re
from urllib.parse import urlsplit

from app import app
from chalicelib.web.routes import declared
from tests.browser.visits import NO_PAGE, VISITS


def test_every_page_of_the_site_is_opened_in_the_browser():
    pages = {operation.path for operation in declared(app) if operation.method == "GET" and not operation.is_api}
    opened = {_route(address, pages) for visit in VISITS.values() for address in (visit.path, visit.ends)}

    assert len(pages) > 20
    assert pages - opened == set(NO_PAGE)


def _route(address, pages):
    """Return the route that serves an address: of several, the one with the fewest parameters."""
    path = re.sub(r"\{[^}]+\}", "X", urlsplit(address).path)
    serving = [page for page in pages if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", page), path)]
    return min(serving, key=lambda page: page.count("{"), default=None)
