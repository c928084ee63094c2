"""The JSON that programs send to ask for an update, or for a second look at a decision. The pages read their forms with it."""

from enum import StrEnum

from pydantic import Field

from chalicelib.core.errors import FieldError, Invalid
from chalicelib.reports.model import EXPLANATION_LENGTH
from chalicelib.web.report_schemas import LongText
from chalicelib.web.schema import Body

_REASON = "Er hangt een camera op de hoek. Die is niet bekeken."


class RequestSort(StrEnum):
    """The things that a reporter can ask of the police about their report."""

    UPDATE = "update"
    SECOND_LOOK = "second_look"
    CALL = "call"


class NewContest(Body):
    """Why the decision should be looked at again."""

    reason: LongText = Field(min_length=1, max_length=EXPLANATION_LENGTH, examples=[_REASON])


class NewRequest(Body):
    """A question of the reporter: how it stands (`update`), whether we look again at the decision (`second_look`), or whether we
    call about how they were kept informed (`call`).

    Only a second look takes a reason, and cannot do without one.
    """

    sort: RequestSort = Field(examples=["second_look"])
    reason: LongText = Field("", max_length=EXPLANATION_LENGTH, examples=[_REASON])

    def require_no_reason(self) -> None:
        """Raises Invalid for a reason where none is read: nobody should think that it was."""
        if self.reason:
            raise Invalid([FieldError("reason", "unknown_field")])
