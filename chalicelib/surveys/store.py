"""The surveys table: one item per invitation, found by the digest of its code; the answer joins it in one conditional update."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime, time
from typing import Any, Protocol

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection
from pynamodb.models import Model

from chalicelib.core.errors import Gone, NotFound
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.core.settings import Settings
from chalicelib.core.tables import bind, expiry, find, wrote
from chalicelib.reports.events import Channel
from chalicelib.surveys.model import Answer, Invitation, Scores, SurveyLine

KEPT = RETENTION[Kept.SURVEYS].length
_SCORES = tuple(field.name for field in fields(Scores))


class Surveys(Protocol):
    """The store of surveys that the features need."""

    def add(self, invitation: Invitation) -> None:
        """Write an invitation, over an older one with the same id that nobody answered: its code was not told to anybody yet."""
        ...

    def get(self, invitation_id: str) -> Invitation | None:
        """Return an invitation, None when there is none."""
        ...

    def answer(self, invitation_id: str, answer: Answer, *, key: str) -> Invitation:
        """Add the answer to an open invitation. The same `key` again changes nothing, and returns what stands there.

        Raises NotFound, or Gone(`survey`, `answered` or `expired`).
        """
        ...

    def of_month(self, month: str) -> Iterator[SurveyLine]:
        """Return every invitation about a report that was filed in a month (`2016-07`)."""
        ...


class ByMonth(GlobalSecondaryIndex[Any]):
    """The invitations about a month's reports, with what can be counted."""

    class Meta:
        index_name = "by_month"
        projection = IncludeProjection(["kind", "unit", "channel", *_SCORES])

    month = UnicodeAttribute(hash_key=True)


class SurveyItem(Model):
    """An invitation, and later its answer, as DynamoDB keeps it."""

    id = UnicodeAttribute(hash_key=True)
    kind = UnicodeAttribute()
    unit = UnicodeAttribute()
    channel = UnicodeAttribute()
    month = UnicodeAttribute()
    invited_on = UnicodeAttribute()
    last_day = UnicodeAttribute()
    satisfaction = NumberAttribute(null=True)
    understood = NumberAttribute(null=True)
    easy_to_find = NumberAttribute(null=True)
    taken_seriously = NumberAttribute(null=True)
    knew_what_to_expect = NumberAttribute(null=True)
    why = UnicodeAttribute(null=True)
    answered_on = UnicodeAttribute(null=True)
    key = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()

    by_month = ByMonth()


class SurveyStore:
    """Surveys in DynamoDB."""

    def __init__(self, settings: Settings) -> None:
        self._model = bind(SurveyItem, "surveys", settings)

    def add(self, invitation: Invitation) -> None:
        item = self._model(
            id=invitation.id,
            kind=invitation.kind,
            unit=invitation.unit,
            channel=invitation.channel.value,
            month=invitation.month,
            invited_on=invitation.invited_on.isoformat(),
            last_day=invitation.last_day.isoformat(),
            expires_at=expiry(datetime.combine(invitation.invited_on, time(), UTC) + KEPT),
        )
        wrote(item.save, condition=SurveyItem.answered_on.does_not_exist())

    def get(self, invitation_id: str) -> Invitation | None:
        item = find(self._model, invitation_id)
        return _invitation_of(item) if item else None

    def answer(self, invitation_id: str, answer: Answer, *, key: str) -> Invitation:
        facts = {name: getattr(answer.scores, name) for name in _SCORES}
        facts |= {"why": answer.why or None, "answered_on": answer.answered_on.isoformat(), "key": key}
        item = self._model(invitation_id)
        is_open = SurveyItem.answered_on.does_not_exist() & (SurveyItem.last_day >= answer.answered_on.isoformat())
        told = [getattr(SurveyItem, name).set(value) for name, value in facts.items() if value is not None]
        return _invitation_of(item) if wrote(item.update, told, is_open) else self._answered_before(item.id, answer, key)

    def of_month(self, month: str) -> Iterator[SurveyLine]:
        for item in self._model.by_month.query(month):
            yield SurveyLine(item.kind, item.unit, Channel(item.channel), item.month, _scores_of(item))

    def _answered_before(self, invitation_id: str, answer: Answer, key: str) -> Invitation:
        """Return the invitation when this very answer stands there (a repeated request, or a lost reply); else say why not."""
        item = find(self._model, invitation_id)
        if item is None:
            raise NotFound("survey")
        if item.key == key:
            return _invitation_of(item)
        raise Gone("survey", _invitation_of(item).state(answer.answered_on))


def _invitation_of(item: SurveyItem) -> Invitation:
    scores = _scores_of(item)
    answered_on = date.fromisoformat(item.answered_on) if item.answered_on else None
    return Invitation(
        id=item.id,
        kind=item.kind,
        unit=item.unit,
        channel=Channel(item.channel),
        month=item.month,
        invited_on=date.fromisoformat(item.invited_on),
        last_day=date.fromisoformat(item.last_day),
        answer=Answer(scores, item.why or "", answered_on) if scores and answered_on else None,
    )


def _scores_of(item: SurveyItem) -> Scores | None:
    if item.satisfaction is None:
        return None
    return Scores(**{name: None if value is None else int(value) for name in _SCORES for value in (getattr(item, name),)})  # type: ignore[arg-type]
