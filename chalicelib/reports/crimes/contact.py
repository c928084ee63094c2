"""How a reporter is reached, as a report and My details ask it: one set of questions, and the words of their answers."""

from collections.abc import Mapping

from chalicelib.core.language import DEFAULT_LANGUAGE, LANGUAGES, N_
from chalicelib.forms.questions import Choice, Input, Need, Question
from chalicelib.reports.contact import InformationWish

WISH_WORDS: Mapping[InformationWish, str] = {
    InformationWish.ALL: N_("Everything that changes"),
    InformationWish.DECISIONS: N_("Only decisions"),
    InformationWish.NOTHING: N_("Nothing"),
}
EMAIL = Question(
    "email",
    N_("E-mail address"),
    Input.EMAIL,
    Need.REQUIRED,
    hint=N_("We mail you that there is news. The mail never says what: you read that here, after logging in."),
    most=254,
    example="sanne@example.org",
    autocomplete="email",
)
LANGUAGE = Question(
    "language",
    N_("In which language do we write to you?"),
    Input.CHOICE,
    Need.REQUIRED,
    choices=tuple(Choice(language.value, written.name) for language, written in LANGUAGES.items()),
    example=DEFAULT_LANGUAGE.value,
)
INFORMATION = Question(
    "information",
    N_("What do you want to hear about?"),
    Input.CHOICE,
    Need.REQUIRED,
    hint=N_("You can change this any day. If we have a question for you, we always mail you."),
    choices=tuple(Choice(wish.value, words) for wish, words in WISH_WORDS.items()),
    example="all",
)
