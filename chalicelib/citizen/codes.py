"""The page to which a code belongs that was typed on another: what is said at the field, and the way there.

People have several codes of ours at once, on paper and in mails. Each page that asks for one says which one it got.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.core.codes import CodeKind
from chalicelib.core.errors import FieldError
from chalicelib.core.language import N_
from chalicelib.letters import actions
from chalicelib.web.request import Request


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The page for a kind of code: `words` (a message) lead to it, with the code when it `takes` one in a form."""

    path: str
    words: str
    problem: str
    takes: bool = True

    @property
    def errors(self) -> tuple[FieldError, ...]:
        return (FieldError("code", self.problem),)


CODE_PAGES: Mapping[CodeKind, Elsewhere] = {
    CodeKind.CHECK: Elsewhere("/mail", N_("Check an e-mail with this code"), "code_is_check"),
    CodeKind.SURVEY: Elsewhere("/survey", N_("To the questionnaire with this code"), "code_is_survey"),
    CodeKind.COPY: Elsewhere("/verify", N_("Check a copy with this code"), "code_is_copy"),
    CodeKind.ADDRESS: Elsewhere("/details/code", N_("To the page for this code, in My details"), "code_is_address", takes=False),
    CodeKind.NUMBER: Elsewhere("/reports", N_("To my reports"), "code_is_number", takes=False),
}


def elsewhere(kind: CodeKind | None, here: CodeKind) -> Elsewhere | None:
    """Return where a code of this kind belongs, None when that is `here` or nowhere."""
    return CODE_PAGES.get(kind) if kind and kind is not here else None


def known_elsewhere(request: Request, typed: str, here: CodeKind) -> Elsewhere | None:
    """Return the same for a code as it was typed; an old one without a letter is looked up."""
    services = request.services
    kind = actions.kind_of(typed, ledger=services.ledger, surveys=services.surveys, names_key=services.derivation_key)
    return elsewhere(kind, here)
