"""Counts × how often × prices: what a year costs, and which limit comes first. Pure, but for reading the data files."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, inf
from pathlib import Path

from infra.capacity.scenes import Counts, Seen
from infra.deploy import functions

DATA = Path(__file__).parent / "data"
YEAR_S = 365 * 86_400
GB = 1024**3
SIZES = (10_000, 700_000, 10_000_000)
NATIONAL = 700_000  # reports a year: docs/domain.md, "The seed"


@dataclass(frozen=True, slots=True)
class Year:
    """A year with so many reports: what happens, and what each part costs in dollars."""

    reports: int
    happens: Mapping[str, float]
    costs: Mapping[str, float]

    @property
    def total(self) -> float:
        return sum(self.costs.values())


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of AWS's or of ours: how much of what in a second, and what to turn when it is near."""

    name: str
    per_second: float
    of: str
    kind: str
    turn: str
    source: str


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the lines of a data file."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def parameter(name: str) -> float:
    """Return one assumption. Raises KeyError."""
    return {row["name"]: float(row["value"]) for row in rows("parameters")}[name]


def per_report(seen: Seen) -> Counts:
    """Return what one report brings about in its life: every scene as often as the workload says."""
    total: dict[str, float] = defaultdict(float)
    for row in rows("workload"):
        for name, count in seen.scenes[row["what"]].items():
            total[name] += count * float(row["per_report"])
    logins = sum(float(row["per_report"]) for row in rows("workload") if row["what"].endswith("logs in"))
    total["requests"] += logins * parameter("static_per_login")
    return total


def a_year(seen: Seen, reports: int, item_bytes: float) -> Year:
    """Return what a year with so many reports comes to; the schedules run however few there are."""
    total = defaultdict(float, {name: count * reports for name, count in per_report(seen).items()})
    for counts, often in seen.schedules.values():
        for name, count in counts.items():
            total[name] += count * often
    runs = sum(often for _, often in seen.schedules.values())
    happens = {
        "requests": total["requests"],
        "invocations": total["requests"] + total["write reports"] + runs,
        "mails": total["call ses SendEmail"],
        "write_units": _summed(total, "write "),
        "read_units": _summed(total, "read "),
        "kms_calls": _summed(total, "call kms"),
        "table_gb": reports * item_bytes / GB,
        "file_gb": reports * parameter("evidence_mb") / 1024,
    }
    return Year(reports, happens, _costs(happens))


def limits() -> tuple[Limit, ...]:
    """Return every limit that is watched."""
    return tuple(Limit(**{**row, "per_second": float(row["per_second"])}) for row in rows("limits"))  # type: ignore[arg-type]


def rates(seen: Seen, reports: int) -> Mapping[str, float]:
    """Return how much of each thing happens in a second of the busiest hour."""
    counted = per_report(seen)
    often = {row["what"]: float(row["per_report"]) for row in rows("workload")}
    each = {
        "requests": counted["requests"],
        "mails": counted["call ses SendEmail"],
        "filings": often["a citizen files a report"],
        "changes": often["an officer changes a status"] + often["an officer asks something"] + often["a survey invitation"],
        "reads": often["an officer reads a report"],
        "table_writes": counted["write reports"],
        "kms": _summed(counted, "call kms"),
        "invitations": often["a survey invitation"] / parameter("peak"),  # spread over the day by the schedule
        "destroyed": often["a report is destroyed"] / parameter("peak"),
    }
    return {name: count * reports * parameter("peak") / YEAR_S for name, count in each.items()}


def first_hit(seen: Seen) -> Sequence[tuple[Limit, float]]:
    """Return every limit with how many times the national load reaches it, the first one first."""
    now = rates(seen, NATIONAL)
    reached = ((limit, limit.per_second / now[limit.of] if now[limit.of] else inf) for limit in limits())
    return sorted(reached, key=lambda each: each[1])


def _costs(happens: Mapping[str, float]) -> Mapping[str, float]:
    price = {row["name"]: float(row["dollars"]) / float(row["per"]) for row in rows("prices")}
    factor = parameter("region_factor")
    requests, invocations = happens["requests"], happens["invocations"]
    gb = {name: functions.SIZES[name].memory_mb / 1024 for name in (functions.HTTP, "on_report_changed")}
    pages, events = requests * parameter("page_ms"), (invocations - requests) * parameter("event_ms")
    gb_seconds = (pages * gb[functions.HTTP] + events * gb["on_report_changed"]) / 1000
    stored = happens["table_gb"]
    costs = {
        "mail (SES)": happens["mails"] * price["mail"],
        "pages (API Gateway)": requests * price["request"],
        "code (Lambda)": invocations * price["invocation"] + gb_seconds * price["gb_second"],
        "tables: units": happens["write_units"] * price["write_unit"] + happens["read_units"] * price["read_unit"],
        "tables: kept, with recovery and backups": stored
        * 12
        * (price["table_gb_month"] + price["recovery_gb_month"] + price["backup_gb_month"]),
        "files (S3)": happens["file_gb"] * 12 * price["file_gb_month"],
        "keys (KMS)": happens["kms_calls"] * price["kms_call"],
        "logs": invocations * parameter("log_kb_per_request") / 1024**2 * price["log_gb"],
        "what is there anyhow": 12 * price["fixed_month"],
    }
    return {name: cost * factor for name, cost in costs.items()}


def _summed(counts: Counts, start: str) -> float:
    return sum(count for name, count in counts.items() if name.startswith(start))


def mails_a_second(year: Year) -> int:
    """Return the sending rate to ask SES for: that of the busiest hour, and at least one."""
    return max(1, ceil(year.happens["mails"] * parameter("peak") / YEAR_S))


def described(counts: Counts) -> Iterator[tuple[str, float]]:
    """Yield what a scene comes to, in the columns of the page."""
    yield "requests", counts.get("requests", 0)
    yield "writes", _summed(counts, "write ")
    yield "reads", _summed(counts, "read ")
    yield "mails", counts.get("call ses SendEmail", 0)
    yield "keys", _summed(counts, "call kms")
