"""The sentence that tells an officer why something was not done."""

from chalicelib.core.errors import Conflict
from chalicelib.core.language import translate
from chalicelib.desk.labels import STATUS_WORDS
from chalicelib.reports.statuses import Status
from chalicelib.web.messages import CONFLICT
from chalicelib.web.request import Request


def conflict_sentence(conflict: Conflict, request: Request) -> str:
    """Return why something was not done. Statuses stand in it by their names; a code is for machines."""
    values = {
        name: translate(STATUS_WORDS[value], request.language) if isinstance(value, Status) else value
        for name, value in conflict.values.items()
    }
    return translate(CONFLICT[conflict.code], request.language, **values)
