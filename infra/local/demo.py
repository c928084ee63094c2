"""A month's work for the local stage: 400 reports over all units and thirty days, so that whoever looks at the desk sees a desk.

Reporters, places and crimes are drawn as the replay draws them (infra/population), with frauds that come in clusters:
one account, one shop, many victims. Each report gets the history that officers would have given it, by the methods that the desk
calls, at instants of the past thirty days; then it is written once. From there everything follows as for any report: letters,
lists, clues. The draw is the same every time.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from chalicelib.citizen.following.schemas import example_of
from chalicelib.core import ids
from chalicelib.core.clock import day_of, iso
from chalicelib.core.errors import Conflict
from chalicelib.people.model import Citizen, Level
from chalicelib.reports.additions import Sort
from chalicelib.reports.contact import InformationWish, Reach, Safety
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.events import Actor, EventKind, Rank, Role
from chalicelib.reports.facts import Reporter
from chalicelib.reports.model import Change, Report, filed
from chalicelib.reports.registry import Registry
from chalicelib.reports.statuses import Status
from chalicelib.reports.submission import parse
from chalicelib.reports.tasks import Task
from chalicelib.wiring import Services
from infra import population

MOST = 400
DAYS = 30
_SEED = 13
_REPORTERS = 40
_FRAUD_SHARE = 0.35
_FRAUDS = ("web-shop-fraud", "marketplace-purchase-fraud", "marketplace-purchase-fraud", "bank-help-desk-fraud")
_CLUSTERS = 6  # offenders, each with an account and a shop of their own
_ACCOUNTS = (  # numbers of examples, valid by their check digits
    "NL02ABNA0123456789",
    "NL91ABNA0417164300",
    "NL20INGB0001234567",
    "NL39RABO0300065264",
    "NL86INGB0002445588",
    "NL18ABNA0484869868",
)
_OFFICERS = ("LD1001", "NN1002", "AM1003", "ON1004", "ON1007")
_HOUR = timedelta(hours=1)
Step = Callable[[Report, Actor, datetime, random.Random], Report]


class People(Protocol):
    """Whoever knows the reporters by their numbers (identity.bsn.Vault)."""

    def citizen(self, bsn: str, level: Level) -> Citizen:
        """Return the citizen with this number."""
        ...


def run(services: Services, *, count: int = MOST, say: Callable[[str], None] = print) -> int:
    """Fill a stage and say how far it is, a line for each quarter; return how many reports were filed."""
    registry, now = Registry(services.settings), services.clock.now()

    def claim(report: Report) -> None:
        registry.claim(report.registration_number, report.reference, report.version, at=now, has=lambda *_: False)

    def told(done: int) -> None:
        if done % max(1, count // 4) == 0:
            say(f"  Demo          {done} of {count} reports")

    return fill_into(services.reports.add, vault=services.vault, claim=claim, now=now, count=count, progress=told)


def fill_into(
    add: Callable[[Report], Report],
    *,
    vault: People,
    claim: Callable[[Report], None],
    now: datetime,
    count: int,
    progress: Callable[[int], None],
) -> int:
    """Make `count` reports with their histories up to `now`, hand each to `add`, and its police number, if any, to `claim`."""
    chance = random.Random(_SEED)  # noqa: S311 — the same draw every time, not secrecy
    people = [vault.citizen(bsn, Level.SUBSTANTIAL) for bsn in list(population.bsns())[:_REPORTERS]]
    for number in range(count):
        at = now - timedelta(days=DAYS) * (1 - number / count) - timedelta(minutes=chance.randint(1, 300))
        report = _lived(_filed(number, Reporter.of(people[number % len(people)]), at, chance), now, chance)
        if report.registration_number:
            claim(report)
        add(report)
        progress(number + 1)
    return count


def _filed(number: int, reporter: Reporter, at: datetime, chance: random.Random) -> Report:
    kind = _kind(chance)
    submission = parse(KINDS[kind], _answers(number, kind, at, chance), now=at)
    reach = Reach(replace(submission.contact, **_wishes(chance)))
    return filed(
        reference=ids.reference(f"demo report {number:04}".encode() * 2),
        reporter=reporter,
        statement=submission.statement,
        reach=reach,
        unit=submission.unit,
        municipality=submission.municipality,
        at=at,
    )


def _kind(chance: random.Random) -> str:
    if chance.random() < _FRAUD_SHARE:
        return chance.choice(
            ("web-shop-fraud", "marketplace-purchase-fraud", "marketplace-purchase-fraud", "bank-help-desk-fraud")
        )
    return population.draw_kind(chance)[0]


def _answers(number: int, kind: str, at: datetime, chance: random.Random) -> dict[str, Any]:
    series = population.draw_kind(chance)[1]
    answers: dict[str, Any] = {
        **example_of(KINDS[kind])["answers"],
        **population.draw_person(chance),
        "municipality": population.draw_place(series, chance),
        "email": f"aangever-{number}@example.org",
        "damage": chance.randint(20, 2_500),
        "happenedFrom": iso(at - timedelta(days=chance.randint(1, 4))),
    }
    if "happenedUntil" in answers:
        answers["happenedUntil"] = iso(at - timedelta(hours=chance.randint(2, 20)))
    return {**answers, **_of_cluster(answers, chance)}


def _of_cluster(answers: Mapping[str, Any], chance: random.Random) -> dict[str, Any]:
    """Return what an offender's victims have in common: most frauds are of few offenders."""
    place = min(chance.randrange(_CLUSTERS), chance.randrange(_CLUSTERS))
    shop = f"https://www.voorbeeldwinkel-{place + 1}.example/"
    common = {"accounts": [{"iban": _ACCOUNTS[place]}], "website": shop, "advert": f"m21{place}0042"}
    return {name: value for name, value in common.items() if name in answers}


def _wishes(chance: random.Random) -> dict[str, Any]:
    drawn = chance.random()
    if drawn < 0.04:  # noqa: PLR2004 — shares of reporters
        return {"safety": Safety(neutral=True, phone=False)}
    if drawn < 0.08:  # noqa: PLR2004
        return {"usable": False}
    if drawn < 0.2:  # noqa: PLR2004
        return {"information": InformationWish.DECISIONS}
    return {}


def _lived(report: Report, now: datetime, chance: random.Random) -> Report:
    """Return a report with what officers and its reporter did until `now`, a step every few days."""
    officer, at = Actor(Role.OFFICER, chance.choice(_OFFICERS)), report.filed_at
    for step in chance.choice(_LIVES):
        at += timedelta(hours=chance.randint(20, 130))
        if at >= now - _HOUR:
            break
        try:
            report = step(report, officer, at, chance)
        except Conflict:  # a life that went another way than this step is for
            break
    return report


def _to(status: Status, explanation: str = "") -> Step:
    def step(report: Report, by: Actor, at: datetime, chance: random.Random) -> Report:
        number = (
            f"PL{chance.randint(100, 999):04}-{at.year}{chance.randint(100_000, 999_999)}" if status is Status.REGISTERED else ""
        )
        return report.changed(Change(status, explanation=explanation, registration_number=number), by=by, at=at)

    return step


def _asked(report: Report, by: Actor, at: datetime, _: random.Random) -> Report:
    return report.asked("Hebt u een foto of een bon van wat weg is?", deadline_on=day_of(at) + timedelta(days=14), by=by, at=at)


def _answered(report: Report, _: Actor, at: datetime, __: random.Random) -> Report:
    asked = report.open_question
    return report.answered(asked.number, "Ja, ik heb de bon nog.", at=at) if asked else report


def _added(report: Report, _: Actor, at: datetime, __: random.Random) -> Report:
    return report.added(Sort.MORE, {"text": "Een buurvrouw zag een witte bus wegrijden."}, at=at)


def _noted(report: Report, by: Actor, at: datetime, _: random.Random) -> Report:
    return report.noted("Gebeld met de winkel: geen beelden meer.", by=by, at=at)


def _taken(report: Report, by: Actor, at: datetime, _: random.Random) -> Report:
    return report.assigned(by.id, by=by, at=at)


def _urgent(report: Report, by: Actor, at: datetime, _: random.Random) -> Report:
    return report.ranked(Rank.URGENT, by=by, at=at, remark="Heterdaad in dezelfde straat.")


def _called_back(report: Report, by: Actor, at: datetime, _: random.Random) -> Report:
    return report.task_raised(Task.CALL_BACK, by=by, at=at, remark="Vroeg aan de balie om gebeld te worden.")


def _news_asked(report: Report, _: Actor, at: datetime, __: random.Random) -> Report:
    return report.with_event(EventKind.UPDATE_ASKED, report.status, by=Actor(Role.REPORTER), at=at)


_NOT_FOUND = "We kunnen uw aangifte niet onderzoeken. Er zijn geen getuigen, camerabeelden of sporen die ons verder helpen."
_CHECKED, _REGISTERED = _to(Status.CHECKED), _to(Status.REGISTERED)
_LIVES: Sequence[Sequence[Step]] = (
    (),
    (_added,),
    (_taken, _CHECKED),
    (_CHECKED, _REGISTERED),
    (_CHECKED, _REGISTERED, _taken, _to(Status.INVESTIGATING)),
    (_CHECKED, _REGISTERED, _to(Status.NOT_INVESTIGATED, _NOT_FOUND)),
    (_CHECKED, _REGISTERED, _to(Status.NOT_INVESTIGATED, _NOT_FOUND)),
    (_CHECKED, _asked),
    (_CHECKED, _asked, _answered),
    (_CHECKED, _REGISTERED, _news_asked),
    (_called_back,),
    (_CHECKED, _urgent, _noted),
    (_to(Status.REFERRED, "Voor deze aangifte willen we met u praten."),),
    (_CHECKED, _REGISTERED, _taken, _to(Status.INVESTIGATING), _noted, _to(Status.WITH_PROSECUTOR)),
)
