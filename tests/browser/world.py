"""The portal as the browser finds it: people who are logged in, and reports at every point of their life, at fixed times."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from playwright.sync_api import BrowserContext

from chalicelib import wiring
from chalicelib.boards import actions as boards
from chalicelib.bulk import actions as bulk
from chalicelib.bulk.model import ALONE, Act, Order
from chalicelib.clues.indexing import derive
from chalicelib.clues.model import Clue, short
from chalicelib.clues.sorts import ClueSort
from chalicelib.copies import model as copies
from chalicelib.core import ids
from chalicelib.core.clock import day_of
from chalicelib.core.codes import kept_name, read_long
from chalicelib.core.language import Language
from chalicelib.drafts.store import ANSWER, answer_id
from chalicelib.forms.places import units
from chalicelib.forms.questions import Need
from chalicelib.identity.claims import officer_of
from chalicelib.letters import codes
from chalicelib.letters.catalogue import Letter, letter_id
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.people.model import Citizen, Level, Officer, Principal
from chalicelib.people.permissions import reasons_of
from chalicelib.profiles import actions as details
from chalicelib.reports import promises, store, wizard
from chalicelib.reports.additions import FILES, Sort
from chalicelib.reports.contact import Contact, InformationWish, Reach, Safety
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.events import SYSTEM, Actor, EventKind, Role
from chalicelib.reports.facts import Reporter
from chalicelib.reports.information_request import AnswerSort, Part
from chalicelib.reports.model import Change, Report, filed
from chalicelib.reports.statement import Attachment, Statement
from chalicelib.reports.statuses import DECISIONS, REASON_REQUIRED, TRANSITIONS, Mover, Status
from chalicelib.surveys.calls import call_asked
from chalicelib.surveys.model import Answer, Scores, code_of, invitation
from chalicelib.teams.bands import Band
from chalicelib.teams.model import Rule
from infra.local.people import CITIZENS, COMPANIES, EUROPEANS, OFFICERS
from tests.app.forms import typed
from tests.support.samples import answers

NOW = datetime(2016, 7, 20, 10, tzinfo=UTC)
REPORTER, NEWCOMER, REGULAR = "janssen", "boer", "wiel"  # with reports of every sort, with none, with two pages of them
UNIT = "Noord-Nederland"
OFFICER = Actor(Role.OFFICER, "NN1002")
QUESTION = "Was het slot nog heel toen u terugkwam?\nEn hebt u beide sleutels nog?"
REASON = "Er zijn geen getuigen en geen beelden. Daarom kunnen wij niet verder zoeken.\nKomt er nieuwe informatie? Bel ons dan."
EXPLANATION = "Wij kijken naar de beelden van de camera bij het station."
SEVERAL = (
    Part("Hoe zag de persoon eruit?"),
    Part("Hoeveel sleutels hebt u nog?", AnswerSort.CHOICE, ("Geen", "Eén", "Twee")),
    Part("Wanneer kunt u langskomen?", AnswerSort.DATE),
    Part("Hebt u een foto van uw fiets?", AnswerSort.FILES),
)
_PHOTO = asdict(Attachment("f" * 32, "foto.jpg", "jpeg", 123_456, "0" * 64, "answer-1"))
_FILED = datetime(2016, 7, 1, 10, tzinfo=UTC)
_TWO_PAGES = store.PAGE + 1
_WITHOUT_BSN = {"european": EUROPEANS[0].id, "company": COMPANIES[0].id}
_CITIZENS = {"digid": CITIZENS, "eherkenning": COMPANIES, "eidas": EUROPEANS}


class StandingClock:
    """It is always the same moment, so that a picture of a page changes only when the page does."""

    def now(self) -> datetime:
        return NOW


_OF_REPORT = re.compile(r"/desk/reports/([A-Z0-9-]+)")


class Facts(dict[str, str]):
    """The names that an address may have in braces: reports and codes by name; any other name is a reference of its own."""

    def __missing__(self, name: str) -> str:
        return ids.reference(ids.derive(b"browser", name))


@dataclass(eq=False)
class World:
    """The stage with its people and reports."""

    url: str
    services: wiring.Services
    facts: Facts = field(default_factory=Facts)

    def session(self, who: str, looks_at: str = "") -> str:
        """Log somebody in, and return the secret for the cookie; an officer has said why they look at one report."""
        sessions, secret = self.services.sessions, ids.secret_id()
        secret = sessions.open(self.principal(who), issuer="browser", subject=who, session_id=secret)
        session = sessions.find(secret)
        if looks_at and isinstance(session.principal, Officer) and reasons_of(session.principal):
            sessions.note_reason(session, looks_at, reasons_of(session.principal)[0])
        return secret

    @cache  # noqa: B019 — one world in a run, a handful of people
    def principal(self, who: str) -> Principal:
        for means in self.services.settings.citizen_logins:
            for person in _CITIZENS[means.key]:
                if person.id == who:
                    claims = {**person.claims, "sub": person.subject}
                    return self.services.vault.citizen_of(claims, Level.SUBSTANTIAL, means)
        found = next(person for person in OFFICERS if person.id == who)
        return officer_of({**found.claims, "sub": found.subject}, self.services.settings)

    def admit(self, context: BrowserContext, who: str, language: str, path: str = "") -> None:
        """Let a browser forget whom it knew, and be that of somebody who is logged in (or of nobody), in a language.

        An officer has said why they look at the report whose page is at `path`.
        """
        context.clear_cookies()
        looks_at = _OF_REPORT.match(path.format_map(self.facts))
        values = {"language": language} | ({"session": self.session(who, looks_at[1] if looks_at else "")} if who else {})
        context.add_cookies([{"name": name, "value": value, "url": self.url} for name, value in values.items()])

    def renew(self, name: str) -> None:
        """Let another report, which nobody has acted on yet, be the one with this name."""
        self.facts[name] = ids.reference(ids.derive(b"browser", f"after {self.facts[name]}"))
        _keep(self, a_report(self, name), name)

    def address(self, path: str) -> str:
        return self.url + path.format_map(self.facts)


def furnished(url: str, services: wiring.Services) -> World:
    """Return the world with everything in it."""
    world = World(url, services)
    _add_reports(world)
    _add_additions(world)
    _add_questions(world)
    _add_promises(world)
    _add_surveys(world)
    _add_two_pages(world)
    _add_linked(world)
    _add_details(world)
    _add_drafts(world)
    _add_mail(world)
    _add_batches(world)
    services.boards.put(boards.counted(UNIT, reports=services.reports, clock=services.clock))
    _add_teams(world)
    return world


def _add_teams(world: World) -> None:
    """A team with two in it and one with nobody, rules, somebody whose work is being set free, a joint case."""
    team, empty = "T-AAAAA-AAAAA", "T-CCCCC-CCCCC"
    roster = world.services.rosters.get(UNIT)
    after = roster.with_team(team, "Fietsen en brommers").with_team(empty, "Internetfraude").joined(team, "NN1002")
    after = after.joined(team, "NN1006").absent("NN9999", by="LD1008", at=NOW)
    for rule in (Rule(id="R-1", kind="graffiti", team=team), Rule(id="R-2", kind="fraud", band=Band.FROM_500, unit="Limburg")):
        after = after.ruled(rule, units())
    world.services.rosters.save(roster, after)
    there = a_report(world, "handed").moved("Amsterdam", by=OFFICER, at=NOW, remark="De dader woont daar.")
    _keep(world, there.moved(UNIT, by=Actor(Role.OFFICER, "AM1001"), at=NOW, remark="Hij is verhuisd."), "handed")
    given = a_report(world, "given").assigned("NN1006", by=OFFICER, at=NOW)
    for name in ("joint 1", "joint 2"):
        _keep(world, a_report(world, name).joined("C-AAAAA-AAAAA", by=OFFICER, at=NOW), name)
    _keep(world, given, "given")
    world.facts |= {"team": team, "case": "C-AAAAA-AAAAA"}


def _add_reports(world: World) -> None:
    """Each kind once and each status at least once: the kinds take turns at the statuses."""
    statuses = list(Status)
    for number, kind in enumerate(KINDS):
        status = statuses[number % len(statuses)]
        report = in_status(a_report(world, kind, kind=kind, days=number % 7), status)
        _keep(world, report, *((kind, status) if number < len(statuses) else (kind,)))
    doubtful = answers("phishing", website="geen site", accounts=[{"iban": "P 1234567"}], municipality="GM0405")
    _keep(world, a_report(world, "doubtful", statement=Statement.of("phishing", doubtful)), "doubtful")
    copied = a_report(world, "bicycle-theft")
    world.facts["copied"] = copies.code_of(world.services.derivation_key, copied.reference, copied.statement, 0)
    for name, reporter in _WITHOUT_BSN.items():
        _keep(world, a_report(world, name, reporter=reporter), name)
    slip = a_report(world, "undoable").changed(Change(Status.REFERRED, explanation="Kom langs."), by=OFFICER, at=NOW)
    _keep(world, slip, "undoable")
    _keep(world, a_report(world, "bounced", contact=Contact(email="weg@example.org", usable=False)), "bounced")


def _add_additions(world: World) -> None:
    report = a_report(world, "added", kind="other-theft", days=1)
    told = (
        (Sort.MORE, {"text": "De buurvrouw zag een witte bus.\nZij wil dat ook vertellen."}),
        (Sort.WRONG, {"part": "story", "text": "Het was dinsdag, niet maandag."}),
        (Sort.FOUND, {"goods": ["1"], "foundOn": "2016-07-09", "where": "In de gracht", "state": "Nat."}),
    )
    for sort, added in told:
        report = report.added(sort, added, at=report.changed_at + timedelta(days=1))
    _keep(world, report, "added")


def _add_questions(world: World) -> None:
    asked = _asked(a_report(world, "asked"), at=NOW - timedelta(days=2))
    _keep(world, asked, "asked")
    _keep(world, _asked(_asked(a_report(world, "replaced"), days=5)), "replaced")
    answered = _asked(a_report(world, "answered")).answered(1, "Ja.\nDe sleutels heb ik nog.", at=NOW)
    _keep(world, answered, "answered")
    several = a_report(world, "several").asked(EXPLANATION, SEVERAL, deadline_on=day_of(NOW), by=OFFICER, at=_FILED)
    _keep(world, several, "several")
    told = a_report(world, "told").asked(EXPLANATION, SEVERAL, deadline_on=day_of(NOW), by=OFFICER, at=_FILED)
    sent = {"answer": "Een man met een pet.\nHij liep weg.", "answer2": "2", FILES: [_PHOTO]}
    _keep(world, told.answered(1, sent, at=NOW), "told")
    _keep(world, _asked(a_report(world, "kept")), "kept")
    drafted = _asked(a_report(world, "drafted"))
    _keep(world, drafted, "drafted")
    content = {"question": "1", "answer": "Ja.\nAllebei."}
    world.services.drafts.put(drafted.reporter.pseudonym, answer_id(drafted.reference), ANSWER, content)
    expired = _asked(a_report(world, "expired"), at=_FILED + timedelta(days=1)).question_expired(at=NOW)
    assert expired.open_question is None
    _keep(world, expired, "expired")


def _add_promises(world: World) -> None:
    waiting = a_report(world, "waiting").with_event(EventKind.NOTHING_CHANGED, Status.RECEIVED, by=SYSTEM, at=_FILED)
    _keep(world, promises.update_asked(waiting, at=NOW - timedelta(days=1)), "waiting")
    told = promises.update_given(a_report(world, "updated"), EXPLANATION, by=OFFICER, at=NOW)
    _keep(world, promises.read(told, at=NOW), "updated")
    contested = promises.contested(in_status(a_report(world, "contested"), Status.NOT_INVESTIGATED), QUESTION, at=NOW)
    _keep(world, contested, "contested")
    unsafe = Contact(email="sanne@example.org", safety=Safety(neutral=True, phone=False))
    _keep(world, in_status(a_report(world, "unsafe", contact=unsafe), Status.NOT_INVESTIGATED), "unsafe")


def _add_surveys(world: World) -> None:
    for name, days in (("invited", 0), ("reviewed", 1), ("survey-expired", 61)):
        report = in_status(a_report(world, name), Status.CLOSED).invited_to_survey(at=NOW)
        asked = call_asked(report, open_days=30, at=NOW) if name == "reviewed" else report
        _keep(world, asked, name)
        code = code_of(world.services.derivation_key, report.reference)
        on = day_of(NOW) - timedelta(days=days)
        kept = kept_name(world.services.derivation_key, read_long(code))
        invited = invitation(report, name=kept, on=on, open_days=world.services.settings.survey_open_days)
        world.services.surveys.add(invited)
        world.facts[f"code-{name}"] = code
    given = Answer(Scores(satisfaction=8), "Duidelijk.", day_of(NOW))
    reviewed = kept_name(world.services.derivation_key, read_long(world.facts["code-reviewed"]))
    world.services.surveys.answer(reviewed, given, key="browser")


def _add_mail(world: World) -> None:
    report, key = a_report(world, "unsubscribing"), world.services.derivation_key
    _keep(world, report, "unsubscribing")
    letter = letter_id(report.reference, 2)
    world.facts |= {"mailed": codes.check_code_of(key, letter), "unsubscribe": codes.token_of(key, letter)}
    facts = {"letter": Letter.SURVEY, "language": Language.NL, "template": ""}
    world.services.ledger.claim(
        LedgerEntry(id=letter), attempt="browser", **facts, code_digest=codes.code_digest(key, world.facts["mailed"])
    )


def _add_two_pages(world: World) -> None:
    quiet = Contact(email="wiel@example.org", information=InformationWish.NOTHING)
    for number in range(_TWO_PAGES):
        world.services.reports.add(a_report(world, f"regular {number}", reporter=REGULAR, contact=quiet, unit="Limburg"))


def _add_batches(world: World) -> None:
    """A list of reports in each of its phases: with one that can go on, one of nobody, and one that is further already."""
    for name in ("batch-chosen", "batch-tried", "batch-running", "batch-done", "batch-text", "batch-given"):
        _add_batch(world, name, ("stopped", "unknown", *(f"{name} {number}" for number in range(3))))
    _add_batch(world, "batch-large", [f"batch-large {number}" for number in range(ALONE + 1)])


def _add_batch(world: World, name: str, reports: Sequence[str]) -> None:
    room, officer = world.services.batch_room, world.principal("handler-noord")
    assert isinstance(officer, Officer)
    for number, one in enumerate(reports):
        if one.startswith("batch"):
            email = "" if number == len(reports) - 1 else "sanne@example.org"
            world.services.reports.add(a_report(world, one, contact=Contact(email=email)))
        elif one == "stopped":
            _keep(world, in_status(a_report(world, one), Status.CLOSED), one)
    batch = bulk.choose([world.facts[one] for one in reports], officer=officer, key="", room=room)
    world.facts[name] = batch.id
    if name == "batch-chosen":
        return
    order = _ORDERS.get(name, Order(act=Act.STATUS, status=Status.REFERRED, explanation=EXPLANATION, remark="Reeks."))
    tried = bulk.try_out(batch.id, order, officer=officer, room=room)
    if name == "batch-running":
        room.batches.save(tried, tried.confirmed(tried.fingerprint, by=officer, at=NOW))
    elif name in ("batch-done", "batch-given"):
        bulk.confirm(tried.id, tried.fingerprint, officer=officer, room=room)


_ORDERS = {
    "batch-text": Order(act=Act.UPDATE, text="STD-010-1"),
    "batch-given": Order(act=Act.ASSIGN, to="NN1002", remark="Reeks."),
}


def _add_linked(world: World) -> None:
    """Frauds of two reporters with one account, and some in another unit; the website is a marketplace's."""
    for number in range(7):
        name, unit = f"fraud {number}", UNIT if number < _LINKED else "Amsterdam"
        told = answers("web-shop-fraud", website="https://www.marktplaats.nl/v/x")
        report = a_report(world, name, kind="web-shop-fraud", statement=Statement.of("web-shop-fraud", told), unit=unit)
        _keep(world, report, *(["linked"] if number == 0 else []))
        derive(report.reference, world.services.clue_room)
    world.facts["clue"] = short(world.services.clue_keys.digest(Clue(ClueSort.IBAN, "NL91ABNA0417164300")))


_LINKED = 4


def a_report(
    world: World, name: str, *, kind: str = "bicycle-theft", reporter: str = REPORTER, days: int = 0, **facts: Any
) -> Report:
    citizen = world.principal(reporter)
    assert isinstance(citizen, Citizen)
    told: dict[str, Any] = {
        "reference": world.facts[name],
        "reporter": Reporter.of(citizen),
        "statement": Statement.of(kind, answers(kind)),
        "contact": Contact(email="sanne@example.org"),
        "unit": UNIT,
        "municipality": "GM0014",
        "at": _FILED + timedelta(days=days, minutes=7 * days),
    } | facts
    return filed(reach=Reach(told.pop("contact")), **told)


def _asked(report: Report, *, at: datetime = NOW, days: int = 14) -> Report:
    return report.asked(QUESTION, deadline_on=day_of(at) + timedelta(days=days), by=OFFICER, at=at)


def in_status(report: Report, wanted: Status) -> Report:
    """Return the report on the shortest way that the table has to a status; every step takes a day."""
    for status in _way(wanted):
        at = report.changed_at + timedelta(days=1, hours=1)
        if status is Status.AWAITING_REPORTER:
            report = _asked(report, at=at)
        else:
            number = "PL0100-2016123456" if status is Status.REGISTERED else ""
            why = REASON if status in DECISIONS | REASON_REQUIRED else ""
            report = report.changed(
                Change(status, explanation=why, remark="Gebeld.", registration_number=number), by=OFFICER, at=at
            )
    return report


def _way(wanted: Status) -> tuple[Status, ...]:
    """Return the statuses to go through after the first one: breadth first over TRANSITIONS."""
    ways: list[tuple[Status, ...]] = [()]
    for way in ways:  # grows while it is walked
        at = way[-1] if way else Status.RECEIVED
        if at is wanted:
            return way
        ways += [
            (*way, to) for to, mover in TRANSITIONS[at].items() if mover in (Mover.OFFICER, Mover.QUESTION) and to not in way
        ]
    raise LookupError(wanted)


def _keep(world: World, report: Report, *names: str) -> None:
    world.services.reports.add(report)
    world.facts.update(dict.fromkeys(map(str, names), report.reference))


def _add_details(world: World) -> None:
    """Somebody whose new address waits for its code."""
    citizen = world.principal(REGULAR)
    assert isinstance(citizen, Citizen)
    details.ask_code("wiel.nieuw@example.org", pseudonym=citizen.pseudonym, language=Language.NL, desk=world.services.details)
    world.facts["short-code"] = ids.short_code(b"browser" * 5)


def _add_drafts(world: World) -> None:
    """A complete draft of each kind, and one under whose answers a part is asked that is not always asked."""
    citizen = world.principal(REPORTER)
    assert isinstance(citizen, Citizen)
    for kind in KINDS:
        world.services.drafts.put(citizen.pseudonym, world.facts[f"told-{kind}"], kind, _content(kind))
    doubtful = _content("phishing") | {"website": "geen site", "accounts": [{"iban": "P 1234567"}], "municipality": "Hoorn"}
    world.services.drafts.put(citizen.pseudonym, world.facts["told-doubtful"], "phishing", doubtful)
    newcomer = world.principal(NEWCOMER)
    assert isinstance(newcomer, Citizen)
    world.services.drafts.put(newcomer.pseudonym, world.facts["told-bicycle-theft"], "bicycle-theft", _content("bicycle-theft"))
    for name, page in PARTS.items():
        if page.content:
            world.services.drafts.put(citizen.pseudonym, world.facts[f"draft-{name}"], page.kind, page.content)


def _content(kind: str) -> dict[str, Any]:
    """Return what the pages of a kind have kept, when everything is filled in."""
    content: dict[str, Any] = {}
    for name, value in typed(kind).items():
        match name.split("."):
            case [question, half]:
                content.setdefault(question, {})[half] = value
            case [question, row, inner]:
                rows = content.setdefault(question, [])
                rows += [{}] * (int(row) == len(rows))
                rows[int(row)][inner] = value
            case _:
                content[name] = value
    return content


@dataclass(frozen=True, slots=True)
class Part:
    """One page of the wizard; `content` is what was typed before, where the page depends on it."""

    kind: str
    name: str
    content: dict[str, Any]
    required: bool


def _parts() -> Iterator[tuple[str, Part]]:
    """Yield every page of the wizard: a part that several kinds have in common, once."""
    seen = set()
    for code, kind in KINDS.items():
        always = wizard.parts(kind, {})
        for part in kind.sections:
            if id(part) in seen:
                continue
            seen.add(id(part))
            required = any(question.need is Need.REQUIRED for question in part.questions)
            if part in always:
                yield f"{code}, {part.name}", Part(code, part.name, {}, required)
                continue
            for question, values in filter(None, (question.when for question in part.questions)):
                for value in sorted(values):
                    yield f"{code}, {part.name} ({value})", Part(code, part.name, {question: value}, required)


PARTS: Mapping[str, Part] = dict(_parts())
