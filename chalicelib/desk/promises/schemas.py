"""The JSON with which an officer tells a reporter how it stands. The page reads its form with the same model."""

from pydantic import Field

from chalicelib.reports.model import EXPLANATION_LENGTH
from chalicelib.web.report_schemas import LongText
from chalicelib.web.schema import Body


class NewUpdate(Body):
    """An officer's word to the reporter. `version` is what the officer saw."""

    explanation: LongText = Field(
        min_length=1, max_length=EXPLANATION_LENGTH, examples=["Wij wachten op de beelden van de winkel. Die komen deze week."]
    )
    version: int = Field(ge=1, examples=[1])
