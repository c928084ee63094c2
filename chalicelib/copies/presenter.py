"""A copy as its reader sees it: everything that stands on the paper, in one language. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.copies.model import Part, code_of, parts
from chalicelib.core.derivation import ProofKeys
from chalicelib.core.language import N_, Language
from chalicelib.evidence.model import sent_with
from chalicelib.evidence.presenter import Row, rows
from chalicelib.reports import addition_form, request_answers
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Report
from chalicelib.reports.statuses import WORDS

OTHER_WORDS: Mapping[Language, str] = {Language.NL: N_("This copy in Dutch"), Language.EN: N_("This copy in English")}
ENDS: Mapping[str, str] = {"answered": N_("Answered")}  # nobody's "you" on paper


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyView:
    """The parts of a report that are printed. `kind` and `status_name` are messages; `code` verifies the copy (`model.code_of`);
    `others` are the languages in which it can be had too, with a message.
    """

    kind: str
    status_name: str
    parts: tuple[Part, ...]
    answered: tuple[request_answers.RequestView, ...]
    files: tuple[Row, ...]
    additions: tuple[addition_form.AdditionView, ...]
    code: str
    printed_at: datetime
    ends: Mapping[str, str]
    others: tuple[tuple[Language, str], ...]


def copy_of(report: Report, language: Language, *, proof_keys: ProofKeys, at: datetime) -> CopyView:
    """Return the copy of a report, printed `at` (aware UTC)."""
    return CopyView(
        kind=KINDS[report.kind].name,
        status_name=WORDS[report.status].name,
        parts=parts(report.statement, language),
        answered=tuple(request_answers.view_of(question, language) for question in report.questions if question.answers),
        files=rows(sent_with(report), language),
        additions=addition_form.views_of(report, language),
        code=code_of(proof_keys.at(at), report.reference, report.statement, len(report.additions)),
        printed_at=at,
        ends=ENDS,
        others=tuple((other, words) for other, words in OTHER_WORDS.items() if other is not language),
    )
