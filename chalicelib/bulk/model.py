"""A batch: which reports, what is to be done with each, what a trial said of it, and how it ended. Pure. ADR-0056.

A batch is frozen when it is chosen: a report that comes into the same list later is not in it. It goes through four phases, and
never back but from a trial to another trial. Each row ends by itself: one that is refused keeps no other from its end.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.people.model import Officer
from chalicelib.people.permissions import Permission, may, require
from chalicelib.reports.model import EXPLANATION_LENGTH
from chalicelib.reports.statuses import REASON_REQUIRED, Status
from chalicelib.texts.model import UPDATE

MOST = 500  # reports in one batch; a program makes more batches
ALONE = 50  # reports for which the one who chose them needs nobody else
UNDOABLE_FOR = timedelta(days=2)  # no letter waits longer
CHUNK = 25  # rows that are kept, and carried out, together: 25 records of a look, 25 writes


class Act(StrEnum):
    """The acts that can be done for many reports at once. Each is the same function as for one."""

    STATUS = "status"
    NOTE = "note"
    UPDATE = "update"  # say how it stands, without a change of status
    ASSIGN = "assign"
    JOIN = "join"
    UNDO = "undo"  # of another batch: chosen by nobody, made by `undoing`


class Phase(StrEnum):
    """How far a batch is."""

    CHOSEN = "chosen"
    TRIED = "tried"
    RUNNING = "running"
    DONE = "done"


class Outcome(StrEnum):
    """How it ends for one report."""

    DONE = "done"
    REFUSED = "refused"  # the trial said so; nothing was done
    DROPPED = "dropped"  # the report changed after the trial; nothing was done


class Telling(StrEnum):
    """By what its reporter hears of it."""

    MAIL = "mail"
    OFFLINE = "offline"  # no mail arrives: somebody has to call or write
    NOT = "not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How it ends, or would end, for one report. `why` is the code of the sentence that says why not.

    `unsaid` is the reason for no mail (letters.catalogue.NotSentReason), `survey` that the reporter is invited to the survey.
    """

    outcome: Outcome
    why: str = ""
    status: str = ""  # of the report as it was found
    telling: Telling = Telling.NOT
    unsaid: str = ""
    survey: bool = False
    values: Mapping[str, str] = field(default_factory=dict)  # what stands in the sentence of `why`

    @property
    def is_done(self) -> bool:
        return self.outcome is Outcome.DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One report of a batch: the version that the trial saw, what it said, and how it ended."""

    reference: str
    version: int = 0
    forecast: Verdict | None = None
    result: Verdict | None = None

    @property
    def verdict(self) -> Verdict | None:
        """How it ended, or what the trial says as long as it has not."""
        return self.result or self.forecast


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of a standard text as it was when it was tried: for which unit and crime (empty: all), and by language."""

    unit: str
    crime: str
    bodies: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The act that is wanted for every report of a batch. `explanation` is for the reporters, `remark` is internal.

    `text` is a standard text instead of an explanation ("<id>-<version>"), `to` who gets the reports (empty: nobody), `case` the
    joint case for them (empty: a new one, or the one in which some are). The trial adds the `wording`, and the case.
    """

    act: Act
    status: Status | None = None
    explanation: str = ""
    remark: str = ""
    text: str = ""
    to: str | None = None
    case: str = ""
    wording: Wording | None = None

    def check(self) -> None:
        """Raises Invalid for what would be refused for every report alike, and for words that the act has no place for."""
        errors = [FieldError(name, "required") for name in self._missing()]
        if self.act is Act.STATUS and self.status in REASON_REQUIRED and not (self.text or self.explanation.strip()):
            errors.append(FieldError("explanation", "reason_required"))
        if self.text and self.explanation.strip():
            errors.append(FieldError("explanation", "text_or_words"))
        errors.extend(FieldError(name, "batch_no_place") for name in _WORDS - _TAKES[self.act] if getattr(self, name).strip())
        errors.extend(
            FieldError(name, "too_long", {"most": EXPLANATION_LENGTH})
            for name, said in (("explanation", self.explanation), ("remark", self.remark))
            if len(said) > EXPLANATION_LENGTH
        )
        if errors:
            raise Invalid(errors)

    def _missing(self) -> Iterator[str]:
        if self.act is Act.STATUS and self.status is None:
            yield "status"
        if self.act is Act.NOTE and not self.remark.strip():
            yield "remark"
        if self.act is Act.UPDATE and not (self.text or self.explanation.strip()):
            yield "explanation"
        if self.act is Act.ASSIGN and self.to is None:
            yield "to"

    @property
    def tells(self) -> bool:
        """True for an act of which reporters hear."""
        return self.act in (Act.STATUS, Act.UPDATE)

    @property
    def is_undoable(self) -> bool:
        """True for an act that there is a way back from. A note stays, and an undo is not undone."""
        return self.act not in (Act.NOTE, Act.UNDO)

    @property
    def occasion(self) -> str:
        """For what a standard text must be meant to be used here; empty where none is."""
        if self.act is Act.UPDATE:
            return UPDATE
        return self.status.value if self.act is Act.STATUS and self.status else ""


_WORDS = frozenset({"explanation", "remark"})
_TAKES: Mapping[Act, frozenset[str]] = {  # the words that an act has a place for
    Act.STATUS: _WORDS,
    Act.NOTE: frozenset({"remark"}),
    Act.UPDATE: frozenset({"explanation"}),
    Act.ASSIGN: frozenset({"remark"}),
    Act.JOIN: frozenset(),
    Act.UNDO: frozenset(),
}
NEEDS: Mapping[Act, Permission] = {
    Act.STATUS: Permission.CHANGE_STATUS,
    Act.NOTE: Permission.CHANGE_STATUS,
    Act.UPDATE: Permission.GIVE_UPDATE,
    Act.ASSIGN: Permission.ASSIGN,
    Act.JOIN: Permission.JOIN,
    Act.UNDO: Permission.CHANGE_STATUS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A batch, with all its rows. `maker` chose the reports; `by` confirmed, and it is they who do it.

    `trial` counts the trials: what an older one said counts no more. `of` is the batch that this one takes back.
    """

    id: str
    maker: Officer
    made_at: datetime
    rows: tuple[Row, ...]
    phase: Phase = Phase.CHOSEN
    order: Order | None = None
    trial: int = 0
    by: Officer | None = None
    confirmed_at: datetime | None = None
    of: str = ""
    undone_by: str = ""
    edition: int = 1

    @property
    def is_large(self) -> bool:
        return len(self.rows) > ALONE

    @property
    def fingerprint(self) -> str:
        """The digest of all that was tried: what is wanted, for which version of which report, and what would come of it."""
        tried = [asdict(self.order) if self.order else None, [[r.reference, r.version, _plain(r.forecast)] for r in self.rows]]
        return hashlib.sha256(json.dumps(tried, sort_keys=True).encode()).hexdigest()

    @property
    def counts(self) -> "Counts":
        return Counts.of(row.verdict for row in self.rows)

    @property
    def ended(self) -> int:
        """The rows that have ended."""
        return sum(row.result is not None for row in self.rows)

    @property
    def done(self) -> tuple[Row, ...]:
        """The rows that were done."""
        return tuple(row for row in self.rows if row.result and row.result.is_done)

    @property
    def chunks(self) -> tuple[tuple[Row, ...], ...]:
        return tuple(self.rows[start : start + CHUNK] for start in range(0, len(self.rows), CHUNK))

    def is_undoable_at(self, now: datetime) -> bool:
        """True where something may still be taken back: of each report that is, the ledger says when it is tried."""
        is_young = self.confirmed_at is not None and now - self.confirmed_at < UNDOABLE_FOR
        has_way_back = self.order is not None and self.order.is_undoable
        return self.phase is Phase.DONE and has_way_back and is_young and bool(self.done) and not self.undone_by

    def is_seen_by(self, officer: Officer) -> bool:
        """True for its maker and for a supervisor, as long as all the units for which it was made are theirs."""
        is_theirs = officer.id == self.maker.id or may(officer, Permission.BULK_LARGE)
        return is_theirs and bool(self.maker.units) and self.maker.units <= officer.units

    def why_not_confirmed_by(self, officer: Officer) -> str:
        """Return the code of why this officer, who may see the batch, may not confirm it; empty when they may.

        Over ALONE reports a supervisor does; and when their reporters hear of it, another one than who chose them.
        """
        if not self.is_large:
            return ""
        if not may(officer, Permission.BULK_LARGE):
            return "batch_needs_supervisor"
        return "batch_needs_other" if self.order and self.order.tells and officer.id == self.maker.id else ""

    def retried(self) -> "Batch":
        """Return the batch before another trial: what an earlier one said can be confirmed no more.

        Raises Conflict(`batch_confirmed`) for one that was confirmed.
        """
        if self.phase not in (Phase.CHOSEN, Phase.TRIED):
            raise Conflict("batch_confirmed")
        return replace(self, phase=Phase.CHOSEN, order=None, trial=self.trial + 1, edition=self.edition + 1)

    def tried(self, order: Order, rows: Iterable[Row]) -> "Batch":
        """Return the batch after a trial: `rows` say what would come of it."""
        return replace(self, phase=Phase.TRIED, order=order, rows=tuple(rows), edition=self.edition + 1)

    def confirmed(self, fingerprint: str, *, by: Officer, at: datetime) -> "Batch":
        """Return the batch about to be carried out; unchanged when it was confirmed with this fingerprint before.

        Raises Conflict(`batch_not_tried`, `batch_changed`, `batch_nothing`, or why this officer may not), Forbidden.
        """
        if self.phase is Phase.CHOSEN or self.order is None:
            raise Conflict("batch_not_tried")
        require(by, NEEDS[self.order.act])
        if fingerprint != self.fingerprint:
            raise Conflict("batch_changed")
        if self.phase is not Phase.TRIED:
            return self
        if code := self.why_not_confirmed_by(by):
            raise Conflict(code, most=ALONE)
        if not any(row.forecast and row.forecast.is_done for row in self.rows):
            raise Conflict("batch_nothing")
        return replace(self, phase=Phase.RUNNING, by=by, confirmed_at=at, edition=self.edition + 1)

    def finished(self) -> "Batch":
        """Return the batch as it ended; unchanged while a row has not."""
        if self.phase is not Phase.RUNNING or self.ended < len(self.rows):
            return self
        return replace(self, phase=Phase.DONE, edition=self.edition + 1)

    def undoing(self, batch_id: str, *, by: Officer, at: datetime) -> "Batch":
        """Return the batch that takes back what this one did, ready to be carried out.

        Raises Conflict(`batch_not_done`, `batch_nothing`) when there is nothing to take back (yet).
        """
        if self.phase is not Phase.DONE or self.order is None:
            raise Conflict("batch_not_done")
        if not self.order.is_undoable:
            raise Conflict("batch_stays")
        require(by, NEEDS[Act.UNDO])
        forecast = Verdict(outcome=Outcome.DONE)
        rows = tuple(Row(reference=row.reference, forecast=forecast) for row in self.done)
        if not rows:
            raise Conflict("batch_nothing")
        facts = {"order": Order(act=Act.UNDO), "phase": Phase.RUNNING, "by": by, "confirmed_at": at, "of": self.id}
        return Batch(id=batch_id, maker=by, made_at=at, rows=rows, **facts)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The rows of a batch by how they end."""

    done: int = 0
    refused: int = 0
    dropped: int = 0
    mail: int = 0
    offline: int = 0
    silent: int = 0
    survey: int = 0

    @classmethod
    def of(cls, verdicts: Iterable[Verdict | None]) -> "Counts":
        known = [verdict for verdict in verdicts if verdict]
        outcomes, done = Counter(one.outcome for one in known), [one for one in known if one.is_done]
        tellings = Counter(one.telling for one in done)
        return cls(
            done=len(done),
            refused=outcomes[Outcome.REFUSED],
            dropped=outcomes[Outcome.DROPPED],
            mail=tellings[Telling.MAIL],
            offline=tellings[Telling.OFFLINE],
            silent=tellings[Telling.NOT],
            survey=sum(one.survey for one in done),
        )


def event_key(batch_id: str, reference: str) -> str:
    """Return the key under which a batch's event stands in a report: however often it is carried out, it is there once."""
    return f"{batch_id}#{reference}"


def _plain(verdict: Verdict | None) -> dict[str, object]:
    return asdict(verdict) if verdict else {}
