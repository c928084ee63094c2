"""The page of the wizard on which files are sent along, after all questions and before the check."""

from chalicelib.citizen.evidence.panel import panel, taken
from chalicelib.core import ids
from chalicelib.core.errors import FieldError, NotFound
from chalicelib.core.language import mark
from chalicelib.drafts.store import Draft
from chalicelib.forms import fields
from chalicelib.reports import actions, wizard
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.wizard import CHECK, EVIDENCE
from chalicelib.web import html
from chalicelib.web.access import CITIZEN
from chalicelib.web.request import Call
from chalicelib.web.response import Reply, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)
LABEL = mark("Choose files")


def reference_of(call: Call, draft_id: str) -> str:
    """Return the number that the report of a draft will have: its files are found under that from the start."""
    return actions.reference_for(call.citizen.pseudonym, wizard.filing_key(draft_id), call.services.derivation_key)


@routes.page("/report/{kind}/{draft}/evidence", access=CITIZEN)
def ask(call: Call, kind: str, draft: str) -> Reply:
    found, reference = _draft(call, kind, draft)
    return _to_receipt(call, reference) if found is None else _page(call, found, reference)


@routes.page("/report/{kind}/{draft}/evidence", access=CITIZEN, method="POST", files=True)
def take(call: Call, kind: str, draft: str) -> Reply:
    """Add or remove what the form says; then do what its button says."""
    found, reference = _draft(call, kind, draft)
    if found is None:
        return _to_receipt(call, reference)
    stays, errors = taken(call, reference)
    if errors:
        return _page(call, found, reference, errors)
    address, posted = f"{call.base}/report/{found.kind}/{found.id}", call.form()
    here = f"{EVIDENCE}?to={CHECK}" if posted.get("_to") == CHECK else EVIDENCE
    if posted.get("_go") == "stop":
        return redirect(f"{call.base}/report/saved")
    before = wizard.parts(KINDS[found.kind], found.content)[-1].name if posted.get("_go") == "back" else CHECK
    return redirect(f"{address}/{here if stays else before}")


def _draft(call: Call, kind: str, draft_id: str) -> tuple[Draft | None, str]:
    """Return the citizen's own draft and its report's number; no draft when the report was sent. Raises NotFound."""
    known = ids.parse_reference(draft_id)
    if known is None or kind not in KINDS:
        raise NotFound("draft")
    found, reference = call.services.drafts.get(call.citizen.pseudonym, known), reference_of(call, known)
    if (found and found.kind != kind) or (found is None and call.services.reports.get(reference) is None):
        raise NotFound("draft")
    return found, reference


def _to_receipt(call: Call, reference: str) -> Reply:
    return redirect(f"{call.base}/reports/{reference}/receipt")


def _page(call: Call, draft: Draft, reference: str, errors: list[FieldError] | None = None) -> Reply:
    kind = KINDS[draft.kind]
    return html.page(
        call,
        "filing/evidence.html",
        status=400 if errors else 200,
        kind=kind,
        number=len(wizard.parts(kind, draft.content)) + 1,
        panel=panel(call, reference, problems=errors or ()),
        problems=[fields.Problem(error, LABEL) for error in errors or ()],
        to_check=call.argument("to") == CHECK or (call.method == "POST" and call.form().get("_to") == CHECK),
    )
