"""Small rules of the web, at their edges: whose tries count together, what a cookie may hold, whose text waits and how long."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from jinja2 import UndefinedError
from pydantic import ValidationError

from chalicelib.citizen.surveys.schemas import ResultsOut
from chalicelib.core.errors import Gone, Invalid, NotFound, TooMany
from chalicelib.core.language import Language
from chalicelib.desk.counter.pages import _key as counter_key
from chalicelib.desk.schemas import StatusChange, ToldOtherwise
from chalicelib.evidence.presenter import facts
from chalicelib.reports.model import EXPLANATION_LENGTH
from chalicelib.surveys import results
from chalicelib.web import cookies, form_recovery, html
from chalicelib.web.limits import counted, source_of
from chalicelib.web.timing import timing_of
from tests.support.fakes import FakeLimits
from tests.support.samples import CITIZEN, HANDLER
from tests.unit.test_survey_edges import lines


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

    def of_owner(self, owner):
        return []


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


@pytest.mark.parametrize(("left", "expected"), [(-5, (0, 0)), (0.9, (0, 0)), (1.9, (1, 0)), (120, (120, 0)), (121, (121, 1))])
def test_nobody_is_told_of_time_that_is_not_there(clock, left, expected):
    timing = timing_of(SimpleNamespace(ends_at=clock.now() + timedelta(seconds=left)), clock.now())

    assert (timing.left_s, timing.warn_s) == expected


def test_a_page_that_names_what_is_not_there_fails_and_shows_no_hole():
    with pytest.raises(UndefinedError):
        html._environment(Language.NL).from_string("{{ nobody }}").render()


@pytest.mark.parametrize("given", ["", "x" * 19, "x" * 65, "a b" * 10, ["x" * 20], None])
def test_a_form_at_the_counter_without_a_key_of_its_own_gets_a_new_one(given):
    first, again = (counter_key({"_key": given}) for _ in range(2))

    assert first != again
    assert counter_key({"_key": first}) == first
    for sound in ("x" * 20, "x" * 64):
        assert counter_key({"_key": sound}) == sound


@pytest.mark.parametrize("field", ["explanation", "remark"])
def test_a_program_may_explain_in_a_thousand_letters(field):
    change = {"status": "checked", "version": 1}

    assert StatusChange.model_validate(change | {field: "x" * EXPLANATION_LENGTH})
    with pytest.raises(ValidationError):
        StatusChange.model_validate(change | {field: "x" * (EXPLANATION_LENGTH + 1)})


def test_programs_read_the_results_of_every_group_that_may_be_shown():
    shown = ResultsOut.of(
        results.counted("2016-07", [*lines(12, unit="A"), *lines(11, unit="B"), *lines(1, answered=0, unit="C")])
    )

    assert [(one.crime, one.unit, one.n, one.satisfaction.n) for one in shown.groups] == [
        ("theft", "A", 12, 12),
        ("theft", "B", 11, 11),
    ]
    assert (shown.state, shown.closed_on) == ("counted", date(2016, 10, 31))
    assert ResultsOut.of(results.counted("2016-07", lines(1))).state == "too_few"


@pytest.mark.parametrize(
    ("size", "told"),
    [
        (0, "photo (JPEG)"),
        (1, "photo (JPEG), 1 KB"),
        (1_600, "photo (JPEG), 2 KB"),
        (1_048_575, "photo (JPEG), 1024 KB"),
        (1_048_576, "photo (JPEG), 1.0 MB"),
        (15 * 1_048_576, "photo (JPEG), 15.0 MB"),
    ],
)
def test_the_size_of_a_file_is_told_as_people_say_it(size, told):
    assert facts("jpeg", size, Language.EN) == told


@pytest.mark.parametrize(("version", "is_taken"), [(0, False), (1, True)])
def test_a_report_has_versions_from_one_on(version, is_taken):
    for model, given in ((ToldOtherwise, {"how": "phone"}), (StatusChange, {"status": "checked"})):
        if is_taken:
            assert model.model_validate(given | {"version": version}).version == version
        else:
            with pytest.raises(ValidationError):
                model.model_validate(given | {"version": version})
