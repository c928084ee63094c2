"""One report, its reason asked first; and a file of it."""

from chalicelib.desk import actions, masks, reasons
from chalicelib.desk.actions import Desk
from chalicelib.desk.report import view
from chalicelib.evidence import actions as evidence
from chalicelib.evidence import looking
from chalicelib.evidence.model import folder_id
from chalicelib.people.permissions import Permission
from chalicelib.web import form_recovery
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.page("/desk/reports/{reference}", access=officer(Permission.READ_REPORT))
def show(request: Request, reference: str) -> Response:
    reason, is_open = reasons.chosen(request, reference), request.argument("contact") == masks.ContactView.SHOWN
    if reason is None:
        return reasons.ask(request, reference)
    report = actions.load_report(reference, reason=reason, uncover=is_open, desk=Desk.of(request))
    form = request.argument("form") if request.argument("form") in view.FORMS else view.FORMS[0]
    recovered = form_recovery.recovered(request, f"{request.path}/{form}")
    return view.page(request, report, recovered or {}, restored=form if recovered is not None else "", is_open=is_open)


@routes.page("/desk/reports/{reference}/files/{file}", access=officer(Permission.READ_REPORT))
def download(request: Request, reference: str, file: str) -> Response:
    """Lead to a file for a minute: first the reason, then on record which of the two was opened, the copy or the original."""
    reason, what = reasons.chosen(request, reference), "original" if request.argument("what") == "original" else "copy"
    if reason is None:
        return reasons.ask(request, reference)
    report, found = actions.read_file(reference, file, what, reason=reason, desk=Desk.of(request))
    folder = folder_id(request.services.derivation_key, report.reporter.pseudonym, report.reference, found.part)
    return redirect(
        evidence.link(
            looking.look(folder, request.services.evidence_storage), found.id, what, storage=request.services.evidence_storage
        )
    )
