"""Which tables of the house are about every member of an enumeration, and which member each of them lacks.

A table is a mapping at the top of a module whose keys are members of an enumeration, or of some. It has a row for each member, or
stands in PARTIAL with what it leaves out and why. A new status, letter, role or language is thus asked for in every table there
is, by the table's name.
"""

import ast
import importlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from chalicelib.core.codes import CodeKind
from chalicelib.core.language import LANGUAGES, LOCALE
from chalicelib.evidence.scanner import Verdict
from chalicelib.evidence.store import LONGEST
from chalicelib.letters import render
from chalicelib.people.model import StaffRole
from chalicelib.people.permissions import ALLOWED
from chalicelib.profiles.model import NoticeKind
from chalicelib.reports.events import INTERNAL, EventKind, Rank
from chalicelib.reports.information_request import AnswerSort
from chalicelib.reports.retention import Sight
from chalicelib.reports.statuses import DECISIONS, Status
from chalicelib.reports.tasks import Task
from chalicelib.web.access import Who
from infra.local.people import _POSTS
from infra.tables import resources

ROOT = Path(__file__).parents[2]
BESIDES = ("infra.local.people",)  # tables outside chalicelib that are about its enumerations


@dataclass(frozen=True, slots=True)
class Partial:
    """A table that leaves members out, and why. Without `members` it may leave out any: the others have a default."""

    why: str
    members: frozenset[Any] | None = None


def only(why: str, *left_out: Any) -> Partial:
    return Partial(why, frozenset(left_out))


PARTIAL: Mapping[str, Partial] = {
    "EVENT_WORDS": only("a status has words of its own, the desk's own acts need none", EventKind.STATUS_CHANGED, *INTERNAL),
    "DESK_EVENT_WORDS": only("a change of status is told in the words of the status", EventKind.STATUS_CHANGED),
    "TICKED": only(
        "the other tasks are raised, and not asked for in a statement",
        Task.CALL_BACK,
        Task.SURVEY_CALL,
        Task.GOODS_HIT,
        Task.TELL_BANK,
        Task.FORWARD,
    ),
    "DUE_DAYS": only("nobody at the police is waited for", Status.AWAITING_REPORTER, *DECISIONS),
    "_MARKED": Partial("the other marks are flags of a report"),
    "_SET_IN_WORDS": Partial("the other events set nothing that has words of its own"),
    "_OF_OPEN": Partial("the other numbers count flags: FLAG_OF"),
    "FLAG_OF": Partial("the other numbers count open reports: _OF_OPEN"),
    "_RANK_TAGS": only("what is neither urgent nor can wait needs no mark", Rank.NORMAL),
    "DECISIONS_EXPLAINED": Partial("only decisions are explained; a test compares them with DECISIONS"),
    "_RENDERED": Partial("the other answers are shown as they were typed"),
    "_THEIRS": Partial("a stranger's other answers are read as one's own, and kept as typed where they cannot be"),
    "_MISSING": Partial("what is left empty is told with one sentence, except where the question is a choice"),
    "BY_STATUS": Partial("the other changes of status are news like any other"),
    "_ASK": Partial("how to ask for a status that no button leads to"),
    "_REASONS": only("why a file is refused; these two refuse none", Verdict.CLEAN, Verdict.LATER),
    "MAILS": only("a choice that somebody made is confirmed on the page", NoticeKind.CHOICES_CHANGED),
    "_INPUTS": only("files are no answer to read: they go to the evidence", AnswerSort.FILES),
    "CODE_PAGES": only("an old code without a letter may be any of three", CodeKind.OLD),
    "BY_SHAPE": Partial("the other codes are looked up"),
    "LED_TO": Partial("the other verdicts have a page of their own, or lead nowhere"),
    "_KINDS": only("who is anyone needs no principal", Who.ANYONE),
    "SYSTEM_OF": Partial("the other events are done by people, or by the system as a whole"),
    "_DUTCH": only("a system's role: nobody logs in with it", StaffRole.REGISTRY),
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table, where it is, and the enumerations that its keys are of."""

    module: str
    name: str
    rows: Mapping[Any, Any]
    enums: frozenset[type[Enum]]

    def __str__(self) -> str:
        return f"{self.module.removeprefix('chalicelib.')}.{self.name}"

    def lacks(self, members: Iterable[Any]) -> list[Any]:
        """Return which of the members have no row, and are not left out on purpose."""
        partial = PARTIAL.get(self.name)
        left_out = partial.members if partial else frozenset()
        return [] if left_out is None else [each for each in members if each not in self.rows and each not in left_out]


def tables() -> list[Table]:
    """Return every table of the house, where it is written."""
    return [table for module in _modules() for table in _tables_of(module)]


def lacking(enum: type[Enum], members: Iterable[Any]) -> list[str]:
    """Say which tables about an enumeration have no row for which of these members."""
    members = list(members)
    return [f"{table} lacks {each}" for table in tables() if enum in table.enums for each in table.lacks(members)]


def _modules() -> Iterator[str]:
    files = sorted((ROOT / "chalicelib").rglob("*.py"))
    yield from (file.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__") for file in files)
    yield from BESIDES


def _tables_of(name: str) -> Iterator[Table]:
    module = importlib.import_module(name)
    for node in ast.parse(Path(str(module.__file__)).read_text("utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        for target in targets:
            rows = getattr(module, target.id, None) if isinstance(target, ast.Name) else None
            kinds = frozenset(map(type, rows)) if isinstance(rows, Mapping) else frozenset()
            if kinds and all(issubclass(kind, Enum) for kind in kinds):
                yield Table(name, target.id, rows, kinds)


def roles_without_permission(roles: Iterable[StaffRole]) -> list[str]:
    """Say which roles may do nothing at the desk; REGISTRY is a system's, and asks through a function of its own."""
    allowed = frozenset().union(*ALLOWED.values()) | {StaffRole.REGISTRY}
    return [f"no permission of people.permissions.ALLOWED names {role}" for role in roles if role not in allowed]


def roles_without_person(roles: Iterable[StaffRole]) -> list[str]:
    """Say which roles nobody on the local stage has."""
    played = {role for post in _POSTS.values() for role in post.roles} | {StaffRole.REGISTRY}
    return [f"no officer of infra/local/people.py is a {role}" for role in roles if role not in played]


def files_missing(languages: Iterable[str], letters: Iterable[str]) -> list[str]:
    """Say which file of which letter is not there in which language, for who is safe and for who is not."""
    languages = list(languages)
    wanted = [
        render.folder(letter, language, neutral) / part
        for letter in letters
        for language in languages
        for neutral in (False, True)
        for part in render.PARTS
    ]
    return [f"{file.relative_to(ROOT).as_posix()} is not there" for file in dict.fromkeys(wanted) if not file.is_file()]


def languages_without_catalogue(languages: Iterable[str]) -> list[str]:
    """Say which languages have no translations; the source needs none."""
    sources = {language for language, written in LANGUAGES.items() if written.is_source}
    wanted = [LOCALE / language / "LC_MESSAGES" / "messages.mo" for language in languages if language not in sources]
    return [f"{file.relative_to(ROOT).as_posix()} is not there" for file in wanted if not file.is_file()]


def terms_unkept(kept_years: int, terms: Iterable[tuple[int, Sight]]) -> list[str]:
    """Say what does not fit how long a report is kept: sight of it ends before, in order; folders and files live as long."""
    years, wrong = [number for number, _ in terms], []
    if years != sorted(set(years)) or years[-1] > kept_years:
        wrong.append("reports.retention.TERMS is not in order, or goes on after the report was destroyed")
    if {sight for _, sight in terms} != {*Sight} - {Sight.NONE}:
        wrong.append("reports.retention.TERMS does not have each Sight once")
    longest = timedelta(days=366 * kept_years)
    if longest > LONGEST:
        wrong.append("evidence.store.LONGEST ends before the report")
    if (days := _kept_days()) < longest.days:
        wrong.append(f"infra/template.yaml: what is kept expires after {days} days")
    return wrong


def _kept_days() -> int:
    """Return after how many days the bucket removes what outlived its report."""
    [rule] = [
        rule
        for bucket in resources("AWS::S3::Bucket").values()
        for rule in bucket["Properties"].get("LifecycleConfiguration", {}).get("Rules", ())
        if rule["Id"] == "what-outlived-its-report"
    ]
    return int(rule["ExpirationInDays"])
