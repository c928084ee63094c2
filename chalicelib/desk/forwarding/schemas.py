"""The JSON that the API takes and gives when a report is passed on. The page reads its form with the same model."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import BeforeValidator, Field

from chalicelib.copies.model import Part
from chalicelib.desk.forwarding.actions import Forwarded
from chalicelib.desk.forwarding.sheet import Ground, Order, Receiver
from chalicelib.web.report_schemas import LongText
from chalicelib.web.schema import Body, Out


def _several(value: object) -> object:
    """A form sends one tick as a text, several as a list."""
    return [value] if isinstance(value, str) else value


class NewForward(Body):
    """To which organisation a report goes, by which ground of the law, and what beside its number, kind and day.

    `parts` are names of parts of the report, and `reporter` for who made it; `agreed` says that the reporter agreed to that.
    """

    receiver: Receiver = Field(examples=["insurer"])
    receiver_name: LongText = Field("", max_length=100, examples=["Verzekeraar B.V."])
    ground: Ground = Field(description="The article of the police data act (Wpg)", examples=["article_19"])
    parts: Annotated[tuple[LongText, ...], BeforeValidator(_several)] = Field((), max_length=30, examples=[["place"]])
    agreed: bool = Field(default=False, examples=[False])

    def order(self) -> Order:
        """Return the order, not checked yet against the report."""
        return Order(self.receiver, self.receiver_name, self.ground, self.parts, self.agreed)


class SheetLineOut(Out):
    """A line of the sheet."""

    label: str
    text: str


class SheetPartOut(Out):
    """A part of the sheet, under its heading; things of a list are lines too."""

    title: str
    lines: tuple[SheetLineOut, ...]

    @classmethod
    def of(cls, part: Part) -> "SheetPartOut":
        return cls(title=part.title, lines=tuple(_lines(part)))


class ForwardedOut(Out):
    """The sheet as it is to be printed, in the language of the request."""

    reference: str
    version: int
    to: str
    sender: str
    date: str
    facts: tuple[SheetLineOut, ...]
    parts: tuple[SheetPartOut, ...]
    ground: str
    agreed: str

    @classmethod
    def of(cls, done: Forwarded) -> "ForwardedOut":
        return cls(
            reference=done.report.reference,
            version=done.report.version,
            to=done.sheet.to,
            sender=done.sheet.sender,
            date=done.sheet.date,
            facts=tuple(SheetLineOut(label=label, text=text) for label, text in done.sheet.facts),
            parts=tuple(map(SheetPartOut.of, done.sheet.parts)),
            ground=done.sheet.ground,
            agreed=done.sheet.agreed,
        )


def _lines(part: Part) -> Iterator[SheetLineOut]:
    for line in part.lines:
        yield SheetLineOut(label=line.label, text=line.text)
    for table in part.tables:
        for row in table.rows:
            yield SheetLineOut(label=table.caption, text=row.name)
            yield from (SheetLineOut(label=line.label, text=line.text) for line in row.details)
            if row.amount:
                yield SheetLineOut(label=table.amount, text=row.amount)
