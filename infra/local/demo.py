"""A month's work for the local stage: 400 reports over all units and thirty days, so that whoever looks at the desk sees a desk.

Reporters, places and crimes are drawn as the replay draws them (infra/population), with frauds that come in clusters:
one account, one shop, many victims. Each report gets the history that officers would have given it, by the methods that the desk
calls, at instants of the past thirty days; then it is written once. The rest follows as for any report: lists, clues;
its mails are known as sent on their day. Frauds on one account at one unit are a joint case, each unit has teams, some reporters
have answered the survey, and one list of many reports was done. The draw is the same every time.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from chalicelib.bulk import actions as bulk
from chalicelib.bulk.model import Act, Order
from chalicelib.citizen.following.schemas import example_of
from chalicelib.core import ids
from chalicelib.core.clock import day_of, iso
from chalicelib.core.codes import kept_name, read_long
from chalicelib.core.errors import Conflict
from chalicelib.forms.places import units
from chalicelib.letters.ledger import LedgerStore
from chalicelib.people.model import Citizen, Level, Officer, StaffRole
from chalicelib.reports import lists
from chalicelib.reports.additions import Sort
from chalicelib.reports.contact import InformationWish, Reach, Safety
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.events import Actor, EventKind, Rank, Role
from chalicelib.reports.facts import Reporter
from chalicelib.reports.filters import OPEN, Filters
from chalicelib.reports.model import Change, Report, filed
from chalicelib.reports.registry import Registry
from chalicelib.reports.statuses import DECISIONS, Status
from chalicelib.reports.submission import parse
from chalicelib.reports.tasks import Task
from chalicelib.surveys.model import Answer, Scores, code_of, invitation
from chalicelib.wiring import Services
from infra import population
from infra.local.demo_post import Post
from infra.local.people import OFFICERS

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
_FEW = 2  # units of an officer who is in a team
_BATCH_AT = "Noord-Nederland"
_NOTE_OF_MANY = "Zelfde verkoper: de bank is gevraagd de rekening te blokkeren."
_ANSWERED = 0.6  # of those who were invited; more than there would be, so that there is something to see
_WHY = ("", "", "Snel en duidelijk.", "Ik had graag een mens gesproken.", "Ik begreep niet wat er nu gebeurt.")
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

    post = Post(partial(LedgerStore, services.settings), now)

    def add(report: Report) -> Report:
        post.told(report)
        _survey(report, services)
        return services.reports.add(report)

    _teams(services)
    done = fill_into(add, vault=services.vault, claim=claim, now=now, count=count, progress=told)
    _batch(services)
    return done


def _teams(services: Services) -> None:
    """Two teams at each unit, with the officers in them whom the stage knows; what was made of them since is left alone."""
    for number, unit in enumerate(units()):
        before = services.rosters.get(unit)
        if not before.teams:
            bikes, frauds = (f"T-DEM{kind}{number}-AAAAA" for kind in "CF")
            after = before.with_team(bikes, "Fietsen en brommers").with_team(frauds, "Internetfraude")
            for officer in _officers_of(unit):
                after = after.joined(frauds, officer.id)
            services.rosters.save(before, after)


def _officers_of(unit: str) -> list[Officer]:
    """Return the handlers of the stage who work at this unit and at few others."""
    found = (
        Officer(one.subject, frozenset(map(StaffRole, one.claims["roles"])), frozenset(one.claims["units"])) for one in OFFICERS
    )
    return [one for one in found if unit in one.units and len(one.units) <= _FEW and StaffRole.HANDLER in one.roles]


def _survey(report: Report, services: Services) -> None:
    """The questionnaire of a reporter who was invited, which some of them answered on the next day."""
    invited = next((event for event in report.timeline if event.kind is EventKind.SURVEY_INVITED), None)
    if invited is None:
        return
    on, settings = day_of(invited.at), services.settings
    name = kept_name(services.derivation_key, read_long(code_of(services.derivation_key, report.reference)))
    services.surveys.add(invitation(report, name=name, on=on, open_days=settings.survey_open_days))
    chance = random.Random(report.reference)  # noqa: S311 — the same draw every time
    if chance.random() < _ANSWERED:
        satisfaction = chance.choice((4, 6, 7, 7, 8, 9))
        given = Answer(Scores(satisfaction=satisfaction), chance.choice(_WHY), on + timedelta(days=1))
        services.surveys.answer(name, given, key="demo")


def _batch(services: Services) -> None:
    """One officer noted something at all reports of one offender in a unit at once; nothing happens where it was done before."""
    officer, unit, room = _officers_of(_BATCH_AT)[0], _BATCH_AT, services.batch_room
    sought = lists.queue([unit], OPEN, Filters(kind="marketplace-purchase-fraud"), now=services.clock.now())
    chosen = [line.reference for line in lists.page(sought, services.reports).lines]
    batch = bulk.choose(chosen, officer=officer, key="demo", room=room) if chosen else None
    if batch and batch.order is None:
        tried = bulk.try_out(batch.id, Order(act=Act.NOTE, remark=_NOTE_OF_MANY), officer=officer, room=room)
        bulk.confirm(tried.id, tried.fingerprint, officer=officer, room=room)


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
        report = _in_case(report, now)
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


def _in_case(report: Report, now: datetime) -> Report:
    """Frauds of the first offender that are open are one case at each unit."""
    accounts: Sequence[Mapping[str, Any]] = report.statement.answers.get("accounts") or ({},)
    is_theirs = accounts[0].get("iban") == _ACCOUNTS[0] and report.kind in _FRAUDS
    if not is_theirs or report.status in DECISIONS or report.timeline[-1].at >= now - _HOUR:
        return report
    number = list(units()).index(report.unit)
    return report.joined(f"C-DEM{number}F-AAAAA", by=Actor(Role.OFFICER, _OFFICERS[0]), at=now - _HOUR)


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
            after = step(report, officer, at, chance)
        except Conflict:  # a life that went another way than this step is for
            break
        if after.timeline[-1].at >= now - _HOUR:
            break
        report = after
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


def _invited(report: Report, _: Actor, __: datetime, ___: random.Random) -> Report:
    """Two weeks after a decision its reporter is asked how it went."""
    return report.invited_to_survey(at=report.changed_at + timedelta(days=14))


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
    (_CHECKED, _REGISTERED, _to(Status.NOT_INVESTIGATED, _NOT_FOUND), _invited),
    (_CHECKED, _REGISTERED, _to(Status.NOT_INVESTIGATED, _NOT_FOUND), _invited),
    (_CHECKED, _asked),
    (_CHECKED, _asked, _answered),
    (_CHECKED, _REGISTERED, _news_asked),
    (_called_back,),
    (_CHECKED, _urgent, _noted),
    (_to(Status.REFERRED, "Voor deze aangifte willen we met u praten."),),
    (_CHECKED, _REGISTERED, _taken, _to(Status.INVESTIGATING), _noted, _to(Status.WITH_PROSECUTOR)),
)
