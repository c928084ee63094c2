"""One report, its reason asked first; a file of it; and the change of its status."""

from chalicelib.desk import actions, masks, reasons
from chalicelib.desk.actions import Desk
from chalicelib.desk.report import view
from chalicelib.desk.report.acting import acted
from chalicelib.desk.schemas import StatusChange
from chalicelib.evidence import actions as evidence
from chalicelib.evidence import looking
from chalicelib.evidence.model import folder_id
from chalicelib.people.permissions import Permission
from chalicelib.reports.model import Report
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
    recovered = form_recovery.recovered(request, f"{request.path}/status")
    return view.page(request, report, recovered or {}, restored=recovered is not None, is_open=is_open)


@routes.page("/desk/reports/{reference}/status", access=officer(Permission.CHANGE_STATUS), method="POST")
def change_status(request: Request, reference: str) -> Response:
    def change(body: StatusChange, key: str) -> Report:
        desk = Desk.of(request)
        return actions.change_status(reference, body.change(key), version=body.version, desk=desk)

    return acted(request, reference, StatusChange, change)


@routes.page("/desk/reports/{reference}/status", access=officer(Permission.READ_REPORT))
def back_to_status(request: Request, reference: str) -> Response:
    """Whoever logged in again while filling in a form comes back here."""
    return redirect(f"{request.base}/desk/reports/{reference}")


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
