"""Small rules of the web, at their edges: whose tries count together, what a cookie may hold, whose text waits and how long."""

from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace

import pytest

from chalicelib.core.errors import Gone, Invalid, NotFound, TooMany
from chalicelib.core.language import Language
from chalicelib.web import cookies, form_recovery
from chalicelib.web.limits import counted, source_of
from tests.support.fakes import FakeLimits
from tests.support.samples import CITIZEN, HANDLER


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("2001:db8:0:2::1", "2001:db8:0:3::1", False),
        ("", "unknown", True),
        ("", "192.0.2.1", False),
    ],
)
def test_tries_of_one_household_count_together(one, other, is_same):
    assert (source_of(one) == source_of(other)) is is_same


@pytest.mark.parametrize(
    ("fault", "counts"),
    [(None, False), (NotFound("survey"), True), (Invalid([]), True), (Gone("survey", "answered"), False), (OSError(), False)],
)
def test_a_try_counts_when_the_code_was_wrong_and_not_when_we_could_not_look(settings, clock, fault, counts):
    limits = FakeLimits(replace(settings, limit_tries=1), clock)
    request = SimpleNamespace(services=SimpleNamespace(limits=limits), source_ip="192.0.2.1")

    def attempt():
        with counted(request, "survey"):
            if fault:
                raise fault

    for expected in (type(fault), TooMany if counts else type(fault)):
        with pytest.raises(expected) if fault else nullcontext():
            attempt()


def test_a_cookie_is_out_of_reach_of_scripts_and_holds_an_id(settings):
    safe, laptop = (replace(settings, portal_url=f"{scheme}://portal.example") for scheme in ("https", "http"))

    assert cookies.put(safe, "session", "a-B_9") == "__Host-session=a-B_9; Path=/; HttpOnly; SameSite=Lax; Secure"
    assert cookies.put(laptop, "session", "x", max_age_s=0) == "session=x; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
    assert cookies.put(safe, "session", "x", max_age_s=9).endswith("; Secure; Max-Age=9")
    assert cookies.clear(laptop, "session") == "session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
    assert cookies.put_language(laptop, Language.EN).endswith("language=en; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000")
    for odd in ("a b", "a;b", "a\n", "é"):
        with pytest.raises(ValueError, match="ids only"):
            cookies.put(safe, "session", odd)


class KeptForms:
    """Drafts that only remember what they were told to keep."""

    def __init__(self):
        self.kept = []

    def put(self, owner, draft_id, kind, content, *, kept):
        self.kept.append((owner, kind, content, kept.days))


@pytest.mark.parametrize(
    ("person", "path", "days"),
    [
        (CITIZEN, "/reports/K7MD-PR3W-9XCV/question", 30),
        (HANDLER, "/desk/reports/K7MD-PR3W-9XCV/question", 1),
        (HANDLER, "/desk/new/graffiti", None),
        (HANDLER, "/desk", None),
    ],
)
def test_what_was_typed_waits_as_long_as_it_may(person, path, days):
    drafts = KeptForms()
    request = SimpleNamespace(services=SimpleNamespace(drafts=drafts))

    form_recovery.keep(request, person, path, {"text": "Ja.", "_token": "t", "_key": "k"})

    assert form_recovery.may_wait(path) is (days is not None)
    assert [(kind, content, kept) for _, kind, content, kept in drafts.kept] == (
        [("parked", {"text": "Ja."}, days)] if days else []
    )
