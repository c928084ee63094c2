"""The questions on the pages of My details. Questions are data here too (ADR-0007), read and drawn as those of a report. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.core.language import N_, Language
from chalicelib.forms.questions import Choice, Input, Need, Question, Section
from chalicelib.profiles.model import Choices
from chalicelib.reports.contact import Hours, InformationWish, Safety
from chalicelib.reports.crimes.contact import EMAIL, INFORMATION, LANGUAGE
from chalicelib.reports.presenter import HOUR_WORDS

ADDRESS = Section(
    "address",
    N_("Your e-mail address"),
    (
        replace(
            EMAIL,
            hint=N_("We mail a code to this address. You type it on the next page: then we know that the address is yours."),
        ),
    ),
)
CODE = Question(
    "code",
    N_("The code from the e-mail"),
    Input.TEXT,
    Need.REQUIRED,
    hint=N_("8 letters and digits, such as K7MD-PR3W. Capitals and dashes do not matter."),
    most=60,
    example="K7MD-PR3W",
    autocomplete="one-time-code",
)
WISHES = Section(
    "wishes",
    N_("What we mail you about"),
    (
        LANGUAGE,
        INFORMATION,
        Question(
            "survey",
            N_("May we ask afterwards what you think of our service?"),
            Input.YES_NO,
            Need.REQUIRED,
            hint=N_("One short questionnaire for each report. We do not keep who gave which answer."),
            example=True,
        ),
    ),
)
SAFETY = Section(
    "safety",
    N_("Mail and calls that are safe for you"),
    (
        Question(
            "neutral",
            N_("May others see that an e-mail comes from the police?"),
            Input.CHOICE,
            Need.REQUIRED,
            hint=N_(
                "For example because somebody reads along. A neutral e-mail does not say who it comes from or what it is about."
            ),
            choices=(Choice("no", N_("Yes, that is all right")), Choice("yes", N_("No, send me neutral e-mails"))),
            example="no",
        ),
        Question(
            "hours",
            N_("When may we mail and call you?"),
            Input.CHOICE,
            Need.REQUIRED,
            choices=tuple(Choice(hours.value, HOUR_WORDS[hours]) for hours in Hours),
            example=Hours.ANY.value,
        ),
        Question("phone", N_("May we call you?"), Input.YES_NO, Need.REQUIRED, example=True),
    ),
)


def typed(choices: Choices) -> dict[str, str]:
    """Return the choices as the pages would have them typed."""
    return {
        "language": choices.language.value,
        "information": choices.information.value,
        "survey": _word(choices.survey),
        "neutral": _word(choices.safety.neutral),
        "hours": choices.safety.hours.value,
        "phone": _word(choices.safety.phone),
    }


def with_wishes(choices: Choices, answers: Mapping[str, Any]) -> Choices:
    """Return the choices with what was answered to WISHES."""
    return replace(
        choices,
        language=Language(answers["language"]),
        information=InformationWish(answers["information"]),
        survey=answers["survey"],
    )


def with_safety(choices: Choices, answers: Mapping[str, Any]) -> Choices:
    """Return the choices with what was answered to SAFETY."""
    safety = Safety(neutral=answers["neutral"] == "yes", hours=Hours(answers["hours"]), phone=answers["phone"])
    return replace(choices, safety=safety)


def _word(value: bool) -> str:
    return "yes" if value else "no"
