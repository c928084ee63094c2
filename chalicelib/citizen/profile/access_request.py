"""All that the portal holds about somebody: a page to read and print, and a file to keep. Only ever about who is logged in."""

from collections.abc import Mapping
from typing import Any

from chalicelib.citizen.profile import presenter
from chalicelib.core.language import N_, Language, translate
from chalicelib.drafts.store import ANSWER, Draft
from chalicelib.evidence.model import sent_with
from chalicelib.evidence.presenter import facts, rows
from chalicelib.forms import fields
from chalicelib.forms.questions import Choice, Input, Question
from chalicelib.profiles import access_request
from chalicelib.profiles.access_request import HeldDraft, HeldReport, Holdings
from chalicelib.reports import addition_form, request_answers
from chalicelib.reports import presenter as reports_shown
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.crimes.contact import WISH_WORDS
from chalicelib.reports.statuses import WORDS
from chalicelib.web import html
from chalicelib.web.access import CITIZEN
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.page("/details/data", access=CITIZEN)
def read(request: Request) -> Response:
    found = _gathered(request)
    return html.page(
        request,
        "details/data.html",
        made_at=found.made_at,
        cursor=request.argument("cursor"),
        next_cursor=found.next_cursor,
        profile=found.details,
        details_letters=presenter.mailed(found.details_letters),
        wishes=WISH_WORDS,
        hours=reports_shown.HOUR_WORDS,
        notices=presenter.NOTICES,
        sessions=found.sessions,
        drafts=[_draft(one, request) for one in found.drafts],
        reports=[_report(one, request) for one in found.reports],
        question_ends=reports_shown.QUESTION_END_WORDS,
        reasons=access_request.reasons(),
    )


@routes.page("/details/data.json", access=CITIZEN)
def download(request: Request) -> Response:
    headers = {"Content-Disposition": 'attachment; filename="mijn-politie.json"'}
    return as_json(access_request.plain(_gathered(request)), headers=headers)


def _gathered(request: Request) -> Holdings:
    session = request.session.id if request.session else ""
    return access_request.gather(request.citizen.pseudonym, session, request.services.holdings, cursor=request.argument("cursor"))


def _draft(held: HeldDraft, request: Request) -> dict[str, Any]:
    draft = held.draft
    return {
        "name": _draft_name(draft.kind),
        "saved_at": draft.saved_at,
        "typed": _typed(draft, request.language),
        "files": [{"name": file.name, "kind": facts(file.kind, file.size, request.language)} for file in held.folder.files],
    }


def _report(held: HeldReport, request: Request) -> Mapping[str, Any]:
    report, language = held.report, request.language
    return {
        "report": report,
        "channel": reports_shown.CHANNEL_WORDS[report.channel],
        "kind": KINDS[report.kind].name,
        "status": WORDS[report.status].name,
        "blocks": reports_shown.blocks(report.kind, report.statement.answers, language),
        "files": rows(sent_with(report), language),
        "events": [{"at": e.at, "words": reports_shown.event_words(e), "explanation": e.explanation} for e in report.told],
        "questions": [request_answers.view_of(question, language) for question in report.told_questions],
        "additions": addition_form.views_of(report, language),
        "looks": [(one.at, [reports_shown.STAFF_WORDS[role] for role in one.roles.split(",")]) for one in held.looks],
        "letters": presenter.mailed(held.letters),
    }


def _draft_name(kind: str) -> str:
    """Return what was begun (a message): a report of a kind, an answer, or a form whose login ran out."""
    return KINDS[kind].name if kind in KINDS else _DRAFTS.get(kind, _OTHER)


def _typed(draft: Draft, language: Language) -> tuple[tuple[str, str], ...]:
    """Return what stands in a draft, as it was typed: each under its question, and choices in words, where those are known."""
    kind = KINDS.get(draft.kind)
    asked = {question.name: question for question in kind.questions} if kind else {}
    words = {name: {choice.value: choice.label for choice in _choices(question)} for name, question in asked.items()}
    return tuple(
        (translate(asked[name].label if name in asked else name, language), _text(value, words.get(name, {}), language))
        for name, value in draft.content.items()
        if value
    )


def _choices(question: Question) -> tuple[Choice, ...]:
    return fields.YES_OR_NO if question.input is Input.YES_NO else question.choices


def _text(value: Any, words: Mapping[str, str], language: Language) -> str:
    """Return a value of a form as text: rows one below the other."""
    if isinstance(value, Mapping):
        return ", ".join(_text(inner, words, language) for inner in value.values() if inner)
    if isinstance(value, list):
        return "\n".join(_text(inner, words, language) for inner in value)
    return translate(words[value], language) if value in words else str(value)


_DRAFTS: Mapping[str, str] = {ANSWER: N_("An answer to the police")}
_OTHER = N_("A form that you had not sent when you were logged out")
