"""The differences at the counter: the same questions, but nobody is sent elsewhere, and nobody needs an e-mail address. Pure.

Source: docs/domain.md, "Officers" (desk report: same mandatory data; claimable by a login with the same BSN) and "The seed"
(without DigiD, or if one prefers, report at the station).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from chalicelib.core.language import N_
from chalicelib.forms.questions import Input, Need, Question, Section
from chalicelib.reports.crimes import KINDS, CrimeKind
from chalicelib.reports.crimes.common import BEFORE

BSN = Question(
    "bsn",
    N_("Citizen service number (BSN) of the reporter"),
    need=Need.REQUIRED,
    hint=N_("It stands on the identity document. We keep it locked away, and do not show it again."),
    most=20,
)
IDENTITY = Question("identity", N_("I have seen the identity document of the reporter."), Input.TICK, Need.REQUIRED)
_EMAIL = "email"


@cache
def at_counter(code: str) -> CrimeKind:
    """Return a kind as it is asked at the counter: without the questions that send people there, and without needing e-mail."""
    kind = KINDS[code]
    return replace(kind, sections=tuple(_without_email_need(part) for part in kind.sections if part.name != BEFORE.name))


def flat(typed: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield a form's fields as a page sends them (`goods.0.brand`): the inverse of `Request.form` for what people type."""
    for name, value in typed.items():
        yield from _flat(name, value)


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for inner, one in value.items():
            yield from _flat(f"{name}.{inner}", one)
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _flat(name, one) if isinstance(one, str) else _flat(f"{name}.{place}", one)
    else:
        yield name, str(value)


def _without_email_need(part: Section) -> Section:
    questions = tuple(replace(one, need=Need.OPTIONAL) if one.name == _EMAIL else one for one in part.questions)
    return replace(part, questions=questions)
