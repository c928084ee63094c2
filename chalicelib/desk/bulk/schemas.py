"""The JSON that the API takes and gives about batches. The officers' pages read their forms with the same models."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field, field_validator

from chalicelib.bulk.model import MOST, Act, Batch, Order, Outcome, Phase, Row, Telling
from chalicelib.bulk.store import BatchLine, BatchPage
from chalicelib.core.errors import FieldError, Invalid
from chalicelib.core.language import Language
from chalicelib.desk.assigning.schemas import ASSIGNEE
from chalicelib.desk.bulk.words import ACT_WORDS, view_of
from chalicelib.desk.joint.actions import CASE
from chalicelib.desk.schemas import NO_TEXT, TEXT_MARK
from chalicelib.desk.work import NOBODY
from chalicelib.reports.model import EXPLANATION_LENGTH
from chalicelib.reports.statuses import Status
from chalicelib.web.report_schemas import LongText
from chalicelib.web.schema import Body, Out, one_of

_ROWS = 50
_SCHEMA = "#/components/schemas/{model}"


class NewBatch(Body):
    """The reports, by their numbers, each once; in pages of 500 at the most. Nothing is done with them yet."""

    references: tuple[str, ...] = Field(
        min_length=1,
        max_length=MOST * 2,  # more than can be taken: what is wrong is said in a sentence of its own
        examples=[["K7MD-PR3W-9XCV"]],
    )


_EXPLANATION = "Every one of the reporters reads this. `{…}` places that the portal knows are filled in for each report"
_TEXT = "A standard text in the place of the explanation, by its `mark`: each reporter reads it in their own language"
_TO = "A staff id, the id of a team, or empty: nobody"
_CASE = "The joint case for them; empty: the one in which some of them are, or a new one"


class BatchOrder(Body):
    """The act that is wanted for each of the reports: `act` says which of these it is."""

    act: Act = Field(examples=["status"])
    status: Status | None = Field(None, examples=["not_investigated"])
    explanation: LongText = Field("", max_length=EXPLANATION_LENGTH, description=_EXPLANATION, examples=["Er zijn geen sporen."])
    text: str = Field("", max_length=30, description=_TEXT, json_schema_extra={"pattern": TEXT_MARK})
    remark: LongText = Field("", max_length=EXPLANATION_LENGTH, description="For officers alone", examples=["Reeks van mei."])
    to: str | None = Field(None, max_length=64, description=_TO, json_schema_extra={"pattern": ASSIGNEE}, examples=["NN1002"])
    case: str = Field(
        "", max_length=13, description=_CASE, json_schema_extra={"pattern": f"^({CASE.pattern})?$"}, examples=["C-K7MDP-R3W9X"]
    )

    @field_validator("act")
    @classmethod
    def _no_undo(cls, act: Act) -> Act:
        if act is Act.UNDO:
            raise ValueError("not_a_choice")
        return act

    @field_validator("text")
    @classmethod
    def _mark(cls, value: str) -> str:
        return "" if value == NO_TEXT else _fitting(value, TEXT_MARK)

    @field_validator("to", mode="before")
    @classmethod
    def _nobody(cls, value: object) -> object:
        """A form has a word for nobody, because an empty field is one that was not sent."""
        return "" if value == NOBODY else value

    @field_validator("to")
    @classmethod
    def _assignee(cls, value: str | None) -> str | None:
        return None if value is None else _fitting(value, ASSIGNEE)

    @field_validator("case")
    @classmethod
    def _joint(cls, value: str) -> str:
        return _fitting(value.upper(), f"^({CASE.pattern})?$")

    def require_own_fields(self) -> None:
        """Raises Invalid for a field that this act does not take: no program should think that it was read."""
        strange = self.model_fields_set - {"act", *_FIELDS[self.act]}
        if strange:
            raise Invalid([FieldError(name, "unknown_field") for name in sorted(strange)])

    def order(self) -> Order:
        """Return the order. A choice that belongs to another act counts for nothing; words are refused there."""
        told = self.act in (Act.STATUS, Act.UPDATE)
        return Order(
            act=self.act,
            status=self.status if self.act is Act.STATUS else None,
            explanation=self.explanation,
            remark=self.remark,
            text=self.text if told else "",
            to=self.to if self.act is Act.ASSIGN else None,
            case=self.case if self.act is Act.JOIN else "",
        )

    @classmethod
    def examples(cls) -> dict[str, dict[str, Any]]:
        return {"example": _example(cls, Act.STATUS)}

    @classmethod
    def schemas(cls) -> dict[str, dict[str, Any]]:
        names = {act.value: _name(act) for act in _CHOSEN}
        return {
            cls.__name__: one_of(names, "act", "An act for each of the reports: `act` says which of these it is."),
            **{_name(act): _of_act(cls, act) for act in _CHOSEN},
        }


_FIELDS: Mapping[Act, tuple[str, ...]] = {  # that each act takes
    Act.STATUS: ("status", "explanation", "text", "remark"),
    Act.NOTE: ("remark",),
    Act.UPDATE: ("explanation", "text"),
    Act.ASSIGN: ("to", "remark"),
    Act.JOIN: ("case",),
    Act.UNDO: (),
}
_DEMANDED: Mapping[str, Act] = {"status": Act.STATUS, "remark": Act.NOTE, "to": Act.ASSIGN}  # in which act it must be there
_CHOSEN = tuple(act for act in Act if act is not Act.UNDO)


def _name(act: Act) -> str:
    return f"{act.value.capitalize()}ForMany"


def _of_act(model: type[BatchOrder], act: Act) -> dict[str, Any]:
    """Return the schema of one act, from the fields of the model."""
    told = model.model_json_schema(by_alias=True, ref_template=_SCHEMA)["properties"]
    asked = {field: _plain(told[field]) for field in _FIELDS[act]}
    return {
        "title": _name(act),
        "description": ACT_WORDS[act],
        "type": "object",
        "additionalProperties": False,
        "properties": {"act": {"const": act.value, "type": "string"}, **asked},
        "examples": [_example(model, act)],
        "required": ["act", *(field for field in _FIELDS[act] if _DEMANDED.get(field) is act)],
    }


def _example(model: type[BatchOrder], act: Act) -> dict[str, Any]:
    fields = {name: field.examples[0] for name, field in model.model_fields.items() if field.examples}
    return {"act": act.value, **{name: fields[name] for name in _FIELDS[act] if name in fields}}


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a field without its default, and without null, which stands for a field that is not sent."""
    kept = {name: part for name, part in schema.items() if name not in ("default", "anyOf")}
    return {**next((one for one in schema.get("anyOf", ()) if one.get("type") != "null"), {}), **kept}


def _fitting(value: str, pattern: str) -> str:
    if not re.fullmatch(pattern, value):
        raise ValueError("not_a_choice")
    return value


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
    assignee: str | None = Field(description="who gets the reports, empty for nobody")
    case: str | None = Field(description="the joint case into which they come")
    text: str | None = Field(description="the standard text that their reporters read")
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
            assignee=batch.order.to if batch.order else None,
            case=(batch.order.case or None) if batch.order else None,
            text=(batch.order.text or None) if batch.order else None,
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
