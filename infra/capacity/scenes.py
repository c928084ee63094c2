"""Scenes of what citizens, officers and the clock do with the portal; what each costs is what the meter saw."""

import importlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from chalice.app import ScheduledEventConfig

from chalicelib.citizen.following.schemas import example_of
from chalicelib.core.clock import AMSTERDAM, MovableClock
from chalicelib.forms.questions import Input, Question
from chalicelib.reports.crimes import KINDS
from infra.capacity.browser import Browser, Lost, Page
from infra.capacity.meter import Meter
from infra.local.clock import ClockFrom
from infra.local.schedule import period, scheduled_event
from infra.local.stage import Stage
from infra.replay.client import Client

KIND = "bicycle-theft"  # of all kinds the one most reported
NEWS_WAITS = timedelta(minutes=10)
BEGINS = datetime(2026, 11, 30, 11, tzinfo=UTC)  # one day for every count: `every_day` reads more, the more months there are
ROUNDS = 3  # a letter that missed its turn, on a machine with much to do, goes with the next
Counts = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Seen:
    """The costs of the scenes: per scene once, and per schedule once with nothing to do and how often it runs in a year."""

    scenes: Mapping[str, Counts]
    schedules: Mapping[str, tuple[Counts, float]]
    bytes_kept: int  # of one report with all that hangs on it, in tables and indexes


@dataclass
class World:
    """The persons on the stage, and the report that the scenes are about."""

    stage: Stage
    reference: str = ""
    browsers: list[Browser] = field(default_factory=list)
    idle_minute: Counts = field(default_factory=dict)
    citizen: Browser = field(init=False)
    officer: Browser = field(init=False)

    def new_browser(self) -> Browser:
        self.browsers.append(Browser(self.stage.url))
        return self.browsers[-1]

    @property
    def requests(self) -> int:
        return sum(browser.requests for browser in self.browsers)


def citizen_logs_in(world: World) -> None:
    world.citizen = world.new_browser()
    world.citizen.send(world.citizen.open("/login/with/digid"), [("person", "janssen"), ("level", "substantial")])


def citizen_files(world: World) -> None:
    """The choice aid, every page of the report, the check, the receipt."""
    fields = _fields(world)
    page = world.citizen.open(f"/report/{KIND}/circumstances")
    page = world.citizen.send(page, [each for each in fields if each[0] == "circumstances"])
    for _ in range(20):
        if page.path.endswith("/check"):
            break
        asked = set(re.findall(r' name="([^".]+)', page.main)) - {"circumstances"}
        page = world.citizen.send(page, [each for each in fields if each[0].split(".")[0] in asked])
    receipt = world.citizen.send(page, [("truth", "yes")])
    world.reference = _reference(receipt)


def citizen_looks(world: World) -> None:
    """The list of own reports, and the report."""
    world.citizen.open("/reports")
    world.citizen.open(f"/reports/{world.reference}")


def officer_logs_in(world: World) -> None:
    world.officer = world.new_browser()
    world.officer.send(world.officer.open("/staff/login"), [("person", "handler")])


def officer_reads(world: World) -> None:
    """The first page, the worklist, and a report from it, with the reason."""
    world.officer.open("/desk")
    world.officer.open("/desk/queue?unit=Noord-Nederland")
    _looked(world, f"/desk/reports/{world.reference}")


def _looked(world: World, path: str) -> Page:
    """Open a page of the report, and say why: that is asked once for a report, until the officer logs out."""
    return world.officer.send(world.officer.open(path), [("reason", "handling")], to=f"/desk/reports/{world.reference}/reason")


def officer_changes(world: World) -> None:
    """A status, from the page of the report, after the reason; the letter that follows from it goes out."""
    page = _looked(world, f"/desk/reports/{world.reference}")
    world.officer.send(page, [("status", "checked")], to=f"/desk/reports/{world.reference}/status")


def officer_asks(world: World) -> None:
    """A question, after the reason, with its letter."""
    page = _looked(world, f"/desk/reports/{world.reference}/question")
    asked = [("questions.0.sort", "text"), ("questions.0.text", "Was het slot nog heel?"), ("_step", "do")]
    world.officer.send(page, asked, to=f"/desk/reports/{world.reference}/question")


def citizen_answers(world: World) -> None:
    """The question that was asked, through the API."""
    client = Client(world.stage.url)
    answer = {"question": 1, "answer": "Ja, het was nog heel."}
    client.call("POST", f"/v1/reports/{world.reference}/answers", answer, person="janssen", key="capacity")
    client.close()
    world.citizen.note(world.stage.url)


def survey_comes(world: World) -> None:
    """The hour in which the invitation of one report is due, with its letter."""
    world.stage.clock.advance(timedelta(days=61))
    _run(world, "every_hour")


def survey_is_answered(world: World) -> None:
    """The page for the code, the questions, the answer."""
    found = re.search(r"\b[A-Z0-9]{5}-[A-Z0-9]{5}\b", " ".join(mail.text for mail in world.stage.tray.newest_first()[:1]))
    if found is None:
        raise Lost("the mail has no code")
    reader = world.citizen
    page = reader.send(reader.open("/survey"), [("code", found[0])])
    reader.send(page, [("satisfaction", "8")])


def report_is_destroyed(world: World) -> None:
    """The day on which one report is ten years old."""
    world.stage.clock.advance(timedelta(days=3_660))
    _run(world, "every_day")


SCENES: Mapping[str, Callable[[World], None]] = {
    "a citizen logs in": citizen_logs_in,
    "a citizen files a report": citizen_files,
    "a citizen looks at the report": citizen_looks,
    "an officer logs in": officer_logs_in,
    "an officer reads a report": officer_reads,
    "an officer changes a status": officer_changes,
    "an officer asks something": officer_asks,
    "a citizen answers": citizen_answers,
    "a survey invitation": survey_comes,
    "a survey answer": survey_is_answered,
    "a report is destroyed": report_is_destroyed,
}


def play() -> Seen:
    """Play every scene once on a stage of its own, after a rehearsal in which caches fill; return what each cost."""
    clock = MovableClock(ClockFrom(BEGINS))
    with TemporaryDirectory() as folder, Stage(port=0, keys_file=Path(folder) / "keys.json", clock=clock) as stage:
        meter = Meter()
        stage.listen(meter.listen)
        world = World(stage)
        stage.schedules.stop()  # the scenes say when an hour or a day begins
        schedules = {name: (_idle(name, world, meter), often) for name, often in _schedules()}
        world.idle_minute = schedules["every_minute"][0]
        scenes: dict[str, Counts] = {}
        kept = 0
        for name, scene in SCENES.items():
            if scene is report_is_destroyed:
                kept = meter.stored(KEPT)
            scenes[name] = _without(_counted(name, scene, world, meter), schedules.get(SCHEDULED.get(scene, ""), ({}, 0))[0])
    return Seen(scenes, schedules, kept)


SCHEDULED: Mapping[Callable[[World], None], str] = {survey_comes: "every_hour", report_is_destroyed: "every_day"}
KEPT = ("reports", "letters", "surveys", "audit", "files")


def _without(counts: Counts, anyhow: Counts) -> Counts:
    """Return what a scene costs more than the same hour or day with nothing to do."""
    left = {name: count - anyhow.get(name, 0) for name, count in counts.items()}
    return {name: count for name, count in left.items() if count > 0}


def _counted(name: str, scene: Callable[[World], None], world: World, meter: Meter) -> Counts:
    """Play a scene, and wait for its letter: news waits a few minutes for more news. Both are logged in anew before it."""
    for prepared in (citizen_logs_in, officer_logs_in):
        prepared(world)
    world.stage.drain()
    meter.take()
    before = world.requests
    try:
        scene(world)
    except Lost as lost:
        raise Lost(f"{name}: {lost}") from None
    world.stage.drain()
    counted: Counts = {**meter.take(), "requests": world.requests - before}
    for _ in range(ROUNDS):
        world.stage.clock.advance(NEWS_WAITS)
        counted = _sum(counted, _without(_idle("every_minute", world, meter), world.idle_minute))
    return counted


def _sum(one: Counts, other: Counts) -> Counts:
    return {name: one.get(name, 0) + other.get(name, 0) for name in one.keys() | other.keys()}


def _idle(name: str, world: World, meter: Meter) -> Counts:
    meter.take()
    _run(world, name)
    world.stage.drain()
    return meter.take()


def _run(world: World, name: str) -> None:
    getattr(importlib.import_module("app"), name)(scheduled_event(name, world.stage.clock.now()), None)


def _schedules() -> Iterator[tuple[str, float]]:
    """Yield every schedule of app.py, and how often it runs in a year."""
    for source in importlib.import_module("app").app.event_sources:
        if isinstance(source, ScheduledEventConfig):
            expression = source.schedule_expression
            text = expression if isinstance(expression, str) else expression.to_string()
            yield source.name, timedelta(days=365) / period(text)


def _reference(page: Page) -> str:
    found = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", page.path)
    if found is None:
        raise Lost(f"no receipt but {page.path}")
    return found[0]


def _fields(world: World) -> list[tuple[str, str]]:
    """The fields that a citizen types: the examples of the questions, on a day last week."""
    told = example_of(KINDS[KIND])["answers"]
    day = (world.stage.clock.now() - timedelta(days=7)).astimezone(AMSTERDAM).strftime("%d-%m-%Y")
    asked = (question for question in KINDS[KIND].questions if question.name in told)
    return [pair for question in asked for pair in _typed(question, told[question.name], day)]


def _typed(question: Question, value: object, day: str) -> list[tuple[str, str]]:
    name = question.name
    if question.input in (Input.YES_NO, Input.TICK):
        return [(name, "yes" if value else "no")]
    if question.input is Input.MOMENT:
        return [(f"{name}.date", day), (f"{name}.time", "14:30")]
    if question.input is Input.ROWS and isinstance(value, list):
        return [(f"{name}.{number}.{cell}", str(inner)) for number, row in enumerate(value) for cell, inner in row.items()]
    if question.input is Input.CHOICES and isinstance(value, list):
        return [(name, str(one)) for one in value]
    return [(name, str(value))]
