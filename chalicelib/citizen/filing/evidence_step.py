"""The page of the wizard on which files are sent along, after all questions and before the check."""

from chalicelib.citizen.evidence.panel import panel, taken
from chalicelib.core import ids
from chalicelib.core.errors import FieldError, NotFound
from chalicelib.core.language import N_
from chalicelib.drafts.store import Draft
from chalicelib.forms import fields
from chalicelib.reports import actions, wizard
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.wizard import CHECK, EVIDENCE
from chalicelib.web import html
from chalicelib.web.access import CITIZEN
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)
LABEL = N_("Choose files")


def reference_of(request: Request, draft_id: str) -> str:
    """Return the number that the report of a draft will have: its files are found under that from the start."""
    return actions.reference_for(request.citizen.pseudonym, wizard.filing_key(draft_id), request.services.derivation_key)


@routes.page("/report/{kind}/{draft}/evidence", access=CITIZEN)
def ask(request: Request, kind: str, draft: str) -> Response:
    found, reference = _draft(request, kind, draft)
    return _to_receipt(request, reference) if found is None else _page(request, found, reference)


@routes.page("/report/{kind}/{draft}/evidence", access=CITIZEN, method="POST", files=True)
def take(request: Request, kind: str, draft: str) -> Response:
    """Add or remove what the form says; then do what its button says."""
    found, reference = _draft(request, kind, draft)
    if found is None:
        return _to_receipt(request, reference)
    stays, errors = taken(request, reference)
    if errors:
        return _page(request, found, reference, errors)
    address, posted = f"{request.base}/report/{found.kind}/{found.id}", request.form()
    here = f"{EVIDENCE}?to={CHECK}" if posted.get("_to") == CHECK else EVIDENCE
    if posted.get("_go") == "stop":
        return redirect(f"{request.base}/report/saved")
    before = wizard.parts(KINDS[found.kind], found.content)[-1].name if posted.get("_go") == "back" else CHECK
    return redirect(f"{address}/{here if stays else before}")


def _draft(request: Request, kind: str, draft_id: str) -> tuple[Draft | None, str]:
    """Return the citizen's own draft and its report's number; no draft when the report was sent. Raises NotFound."""
    known = ids.parse_reference(draft_id)
    if known is None or kind not in KINDS:
        raise NotFound("draft")
    found, reference = request.services.drafts.get(request.citizen.pseudonym, known), reference_of(request, known)
    if (found and found.kind != kind) or (found is None and request.services.reports.get(reference) is None):
        raise NotFound("draft")
    return found, reference


def _to_receipt(request: Request, reference: str) -> Response:
    return redirect(f"{request.base}/reports/{reference}/receipt")


def _page(request: Request, draft: Draft, reference: str, errors: list[FieldError] | None = None) -> Response:
    kind = KINDS[draft.kind]
    return html.page(
        request,
        "filing/evidence.html",
        status=400 if errors else 200,
        kind=kind,
        number=len(wizard.parts(kind, draft.content)) + 1,
        panel=panel(request, reference, problems=errors or ()),
        problems=[fields.Problem(error, LABEL) for error in errors or ()],
        to_check=request.argument("to") == CHECK or (request.method == "POST" and request.form().get("_to") == CHECK),
    )
