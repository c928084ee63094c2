"""The JSON that the API takes and gives about batches. The officers' pages read their forms with the same models."""

from datetime import datetime

from pydantic import Field, field_validator

from chalicelib.bulk.model import MOST, Act, Batch, Order, Outcome, Phase, Row, Telling
from chalicelib.bulk.store import BatchLine, BatchPage
from chalicelib.core.language import Language
from chalicelib.desk.bulk.words import view_of
from chalicelib.reports.model import EXPLANATION_LENGTH
from chalicelib.reports.statuses import Status
from chalicelib.web.report_schemas import LongText
from chalicelib.web.schema import Body, Out

_ROWS = 50
_BATCH = "B-K7MD-PR3W-9XCV"


class NewBatch(Body):
    """The reports, by their numbers, each once; in pages of 500 at the most. Nothing is done with them yet."""

    references: tuple[str, ...] = Field(
        min_length=1,
        max_length=MOST * 2,  # more than can be taken: what is wrong is said in a sentence of its own
        examples=[["K7MD-PR3W-9XCV"]],
    )


class BatchOrder(Body):
    """The act that is wanted for each of the reports. `explanation` is for their reporters, `remark` is not."""

    act: Act = Field(examples=["status"])
    status: Status | None = Field(None, examples=["not_investigated"])
    explanation: LongText = Field("", max_length=EXPLANATION_LENGTH, examples=["Er zijn geen sporen."])
    remark: LongText = Field("", max_length=EXPLANATION_LENGTH, examples=["Reeks van mei."])

    @field_validator("act")
    @classmethod
    def _no_undo(cls, act: Act) -> Act:
        if act is Act.UNDO:
            raise ValueError("not_a_choice")
        return act

    def order(self) -> Order:
        return Order(act=self.act, status=self.status, explanation=self.explanation, remark=self.remark)


class Confirmation(Body):
    """The fingerprint of the trial that you saw: if anything was tried since, nothing is done, and the 409 says so."""

    fingerprint: str = Field(min_length=64, max_length=64, examples=["0" * 64], json_schema_extra={"pattern": "^[0-9a-f]{64}$"})


class RowsQuery(Body):
    """A page of the rows: the `nextCursor` of the page before it, empty for the first."""

    cursor: str = Field(
        "",
        max_length=60,
        description="Where the page begins: the `nextCursor` of the page before it, empty for the first",
        json_schema_extra={"pattern": "^[0-9]{0,4}$"},
    )

    @field_validator("cursor")
    @classmethod
    def _number(cls, cursor: str) -> str:
        if cursor and not (cursor.isascii() and cursor.isdigit()):
            raise ValueError("cursor")
        return cursor


class BatchesQuery(Body):
    """A page of one's batches: the `nextCursor` of the page before it, empty for the first."""

    cursor: str = Field(
        "",
        max_length=60,
        description="Where the page begins: the `nextCursor` of the page before it, empty for the first",
        json_schema_extra={"pattern": "^(B(-[A-Z0-9]{4}){3}-[0-9]{16,17})?$"},
    )


class CountsOut(Out):
    """How it ended for so many reports; before it is confirmed, how it would."""

    done: int
    refused: int
    dropped: int
    mail: int = Field(description="reporters who get an e-mail")
    offline: int = Field(description="reporters whom somebody has to call or write")
    silent: int = Field(description="reporters who hear nothing, by their own wish or because the act tells nothing")
    survey: int = Field(description="reporters who are invited to the survey later")


class BatchOut(Out):
    """A batch. `fingerprint` is null until something was tried; `ended` counts the reports for which it has ended."""

    id: str
    phase: Phase
    act: Act | None
    status: Status | None
    size: int
    ended: int
    counts: CountsOut
    fingerprint: str | None
    needs_supervisor: bool
    made_at: datetime
    undoes: str | None
    undone_by: str | None

    @classmethod
    def of(cls, batch: Batch) -> "BatchOut":
        counts = batch.counts
        return cls(
            id=batch.id,
            phase=batch.phase,
            act=batch.order.act if batch.order else None,
            status=batch.order.status if batch.order else None,
            size=len(batch.rows),
            ended=batch.ended,
            counts=CountsOut(**{name: getattr(counts, name) for name in CountsOut.model_fields}),
            fingerprint=batch.fingerprint if batch.order else None,
            needs_supervisor=batch.is_large,
            made_at=batch.made_at,
            undoes=batch.of or None,
            undone_by=batch.undone_by or None,
        )


class RowOut(Out):
    """One report of a batch. `outcome` is null before the trial; `why` says in words why it cannot be done, or who hears how."""

    reference: str
    outcome: Outcome | None
    ended: bool
    telling: Telling | None
    survey: bool
    code: str
    why: str

    @classmethod
    def of(cls, row: Row, batch: Batch, language: Language) -> "RowOut":
        verdict = row.verdict
        return cls(
            reference=row.reference,
            outcome=verdict.outcome if verdict else None,
            ended=row.result is not None,
            telling=verdict.telling if verdict and verdict.is_done else None,
            survey=bool(verdict and verdict.survey),
            code=verdict.why if verdict else "",
            why=view_of(row, batch, language).detail,
        )


class RowsOut(Out):
    """A page of the rows of a batch, in the order in which they were chosen; `nextCursor` is null on the last one."""

    rows: tuple[RowOut, ...]
    next_cursor: str | None

    @classmethod
    def of(cls, batch: Batch, cursor: str, language: Language) -> "RowsOut":
        start = int(cursor or 0)
        rows = batch.rows[start : start + _ROWS]
        following = start + _ROWS
        more = str(following) if following < len(batch.rows) else None
        return cls(rows=tuple(RowOut.of(row, batch, language) for row in rows), next_cursor=more)


class BatchLineOut(Out):
    """A batch in a list."""

    id: str
    phase: Phase
    size: int
    made_at: datetime

    @classmethod
    def of(cls, line: BatchLine) -> "BatchLineOut":
        return cls(id=line.id, phase=line.phase, size=line.size, made_at=line.made_at)


class BatchesOut(Out):
    """A page of one's own batches, the newest first; `nextCursor` is null on the last one."""

    batches: tuple[BatchLineOut, ...]
    next_cursor: str | None

    @classmethod
    def of(cls, page: BatchPage) -> "BatchesOut":
        return cls(batches=tuple(map(BatchLineOut.of, page.lines)), next_cursor=page.next_cursor or None)
