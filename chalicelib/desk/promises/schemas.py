"""The JSON with which an officer tells a reporter how it stands. The page reads its form with the same model."""

from pydantic import Field, field_validator

from chalicelib.desk.schemas import MARK, TEXT_MARK, text_mark
from chalicelib.reports.model import EXPLANATION_LENGTH
from chalicelib.web.report_schemas import LongText
from chalicelib.web.schema import Body


class NewUpdate(Body):
    """An officer's word to the reporter. `version` is what the officer saw."""

    explanation: LongText = Field(
        min_length=1, max_length=EXPLANATION_LENGTH, examples=["Wij wachten op de beelden van de winkel. Die komen deze week."]
    )
    text: str = Field("", max_length=30, examples=["STD-010-1"], description=MARK, json_schema_extra={"pattern": TEXT_MARK})
    version: int = Field(ge=1, examples=[1])

    _check_text = field_validator("text")(text_mark)
