"""The names of what there is about standard texts."""

from collections.abc import Mapping

from chalicelib.core.language import N_
from chalicelib.desk.labels import DESK_EVENT_WORDS, STATUS_WORDS
from chalicelib.reports.events import EventKind
from chalicelib.reports.statuses import Status
from chalicelib.texts import model
from chalicelib.texts.model import OCCASIONS, TextState

OCCASION_WORDS: Mapping[str, str] = {
    **{occasion: STATUS_WORDS[Status(occasion)] for occasion in OCCASIONS if occasion in list(Status)},
    model.UPDATE: DESK_EVENT_WORDS[EventKind.UPDATE_GIVEN],
    model.QUESTION: DESK_EVENT_WORDS[EventKind.QUESTION_ASKED],
}
STATE_WORDS: Mapping[TextState, str] = {
    TextState.DRAFT: N_("Draft: a colleague has still to read it"),
    TextState.PUBLISHED: N_("In use"),
    TextState.RETIRED: N_("No longer in use"),
}
REMARK_WORDS: Mapping[str, str] = {
    "long_sentence": N_("“%(begins)s …” has %(count)s words. Make two sentences of it: %(most)s words at most"),
    "word_of_offices": N_("“%(word)s” is a word of offices. Use a plain one"),
    "hard_to_read": N_("The text as a whole is hard to read: %(score)s, and %(least)s or more is plain. Use shorter words"),
}
