"""Whoever tries codes meets the firewall, wherever a code is typed."""

import inspect
import re

from app import app
from infra.tables import resources

COUNTED = "limits.counted("  # what a view that takes a code puts around the trying (chalicelib/web/limits.py)
NO_CODE = {"/v1/reports"}  # limited too, for how much one person sends
LOGGED_IN = {"/details/code"}  # counted for the person who is logged in, and not by the address


def code_pages():
    """Return the addresses to which somebody sends a code: of pages by what they call, of the API by what it declares."""
    named = (
        (path, inspect.getclosurevars(entry.view_function).nonlocals)
        for path, each in app.routes.items()
        for entry in each.values()
    )
    return {
        path
        for path, names in named
        if path not in NO_CODE and "view" in names and (COUNTED in inspect.getsource(names["view"]) or names["operation"].limited)
    }


def rule():
    [acl] = resources("AWS::WAFv2::WebACL").values()
    [found] = [each for each in acl["Properties"]["Rules"] if each["Name"] == "codes-too-often"]
    return re.compile(found["Statement"]["RateBasedStatement"]["ScopeDownStatement"]["RegexMatchStatement"]["RegexString"])


def test_the_firewall_covers_every_page_that_takes_a_code():
    pages = code_pages() | LOGGED_IN

    assert len(code_pages()) > 4
    assert pages <= set(app.routes)
    assert [page for page in sorted(pages) if not rule().match(page)] == []
    assert [page for page in sorted(pages) if not rule().match(f"/api{page}")] == []


def test_the_firewall_leaves_those_alone_who_report_and_follow():
    assert not [
        page for page in ("/", "/reports", "/report/bicycle-theft", "/v1/reports", "/desk", "/help") if rule().match(page)
    ]
