"""Notes and tasks of a report, and the list of the tasks of a unit."""

from urllib.parse import urlencode

from chalicelib.desk import notes
from chalicelib.desk.actions import Desk
from chalicelib.desk.labels import STATUS_WORDS, TASK_WORDS
from chalicelib.desk.report.acting import acted
from chalicelib.desk.schemas import DoneForm, NewNote, TaskForm
from chalicelib.people.permissions import Permission, may
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Report
from chalicelib.reports.store import Page
from chalicelib.reports.tasks import Task
from chalicelib.web import html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.page("/desk/tasks", access=officer(Permission.DO_TASKS))
def tasks(request: Request) -> Response:
    units, asked = sorted(request.officer.units), request.argument("task")
    unit = request.argument("unit") or (units[0] if len(units) == 1 else "")  # a look is on record: nobody looks by default
    task = Task(asked) if asked in list(Task) else None
    page = notes.tasks(unit, task, cursor=request.argument("cursor"), desk=Desk.of(request)) if unit else Page((), "")
    query = {"unit": unit, "task": task or "", "cursor": page.next_cursor}
    return html.page(
        request,
        "desk/tasks.html",
        units=units,
        may_list_victims=may(request.officer, Permission.VICTIM_LIST),
        unit=unit,
        task=task,
        words=TASK_WORDS,
        statuses=STATUS_WORDS,
        lines=[(line, KINDS[line.kind].name) for line in page.lines],
        next_query=urlencode(query) if page.next_cursor else "",
    )


@routes.page("/desk/reports/{reference}/notes", access=officer(Permission.WRITE_NOTE), method="POST")
def note(request: Request, reference: str) -> Response:
    def write(body: NewNote, key: str) -> Report:
        return notes.note(reference, body.note, key=key, desk=Desk.of(request))

    return acted(request, reference, NewNote, write)


@routes.page("/desk/reports/{reference}/tasks", access=officer(Permission.DO_TASKS), method="POST")
def raise_task(request: Request, reference: str) -> Response:
    def open_one(body: TaskForm, key: str) -> Report:
        return notes.raise_task(reference, body.new_task, body.new_remark, key=key, desk=Desk.of(request))

    return acted(request, reference, TaskForm, open_one)


@routes.page("/desk/reports/{reference}/tasks/done", access=officer(Permission.DO_TASKS), method="POST")
def finish_task(request: Request, reference: str) -> Response:
    def finish(body: DoneForm, key: str) -> Report:
        return notes.finish_task(reference, body.done_task, body.done_remark, key=key, desk=Desk.of(request))

    return acted(request, reference, DoneForm, finish)


def _back_to(request: Request, reference: str, form: str) -> Response:
    """Whoever logged in again while filling in a form comes back to it, with what was typed."""
    return redirect(request.keeping(f"/desk/reports/{reference}?form={form}"))


@routes.page("/desk/reports/{reference}/notes", access=officer(Permission.READ_REPORT))
def back_to_note(request: Request, reference: str) -> Response:
    return _back_to(request, reference, "notes")


@routes.page("/desk/reports/{reference}/tasks", access=officer(Permission.READ_REPORT))
def back_to_task(request: Request, reference: str) -> Response:
    return _back_to(request, reference, "tasks")


@routes.page("/desk/reports/{reference}/tasks/done", access=officer(Permission.READ_REPORT))
def back_to_done(request: Request, reference: str) -> Response:
    return _back_to(request, reference, "tasks/done")
