"""The fields that a citizen types into the form of a kind of crime, made from the same examples as the API's documentation."""

import re
from typing import Any

from tests.support.samples import answers

_OWN_SCRIPT = re.compile(r'<script defer src="/static/[a-z]+\.js\?v=[0-9a-f]{12}"[^<>]*></script>')
_MOMENTS = {"2016-06-30T07:15:00Z": ("30-6-2016", "09:15"), "2016-06-30T15:40:00Z": ("30-6-2016", "17:40")}


def typed(kind: str = "bicycle-theft", **changes: Any) -> dict[str, Any]:
    """The fields of a complete form, with changes by field name; a change to None leaves the field out."""
    fields: dict[str, Any] = {}
    for name, value in answers(kind).items():
        fields |= _fields(name, value)
    fields |= changes
    return {name: value for name, value in fields.items() if value is not None}


def runs_nothing(page: str) -> bool:
    """True when a page holds no script but the portal's own files, and no picture: nothing of what was typed can run."""
    rest = _OWN_SCRIPT.sub("", page)
    return "<script" not in rest and "<img" not in rest


def _fields(name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, str) and value in _MOMENTS:
        return dict(zip((f"{name}.date", f"{name}.time"), _MOMENTS[value], strict=True))
    if isinstance(value, bool):
        return {name: "yes" if value else "no"}
    if isinstance(value, list) and isinstance(value[0], dict):
        return {f"{name}.{number}.{key}": str(inner) for number, row in enumerate(value) for key, inner in row.items()}
    return {name: value if isinstance(value, list) else str(value)}


def begin(browser: Any, kind: str = "bicycle-theft") -> str:
    """Begin a draft, and return the address of its first page."""
    return browser.get(f"/report/{kind}").location


def told(browser: Any, kind: str = "bicycle-theft", **changes: Any) -> str:
    """Have all pages of a kind filled in, and return the address of the page to check; `walked` fills in one after the other."""
    address, services = begin(browser, kind).rpartition("/")[0], browser.portal.services
    owner = services.sessions.find(browser.cookies["__Host-session"]).principal.pseudonym
    services.drafts.put(owner, address.rpartition("/")[2], kind, answers(kind) | changes)
    return f"{address}/check"


def walked(browser: Any, kind: str = "bicycle-theft") -> str:
    """Walk through the pages of a kind as a citizen does, and return the address of the page to check."""
    fields, page = typed(kind), begin(browser, kind)
    for _ in range(20):
        if page.endswith("/check"):
            return page
        shown = browser.get(page)
        names = set(re.findall(r' name="([^".]+)', shown.text))
        answer = browser.post(page, shown.hidden | {name: value for name, value in fields.items() if name.split(".")[0] in names})
        assert answer.status == 303, f"{page}: {answer.text}"
        page = answer.location
    raise AssertionError(f"no end after {page}")


def page_of(browser: Any, part: str, kind: str = "bicycle-theft") -> str:
    """Begin a draft, and return the address of the page for a part of it."""
    return begin(browser, kind).rpartition("/")[0] + f"/{part}"
