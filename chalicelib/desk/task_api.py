"""/v1/desk: notes and tasks."""

from chalicelib.desk import notes
from chalicelib.desk.actions import Desk
from chalicelib.desk.schemas import DeskReportOut, NewNote, TaskChange, TasksOut, TasksQuery
from chalicelib.people.permissions import Permission
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.api(
    "GET",
    "/v1/desk/tasks",
    access=officer(Permission.DO_TASKS),
    summary="The reports of a unit on which a task is open, in the order of the queue",
    description="Reporters ticked it (victim support, a copy by post, compensation, camera images), or it was raised later.",
    query=TasksQuery,
    reasoned=True,
    answer=TasksOut,
)
def tasks(request: Request, query: TasksQuery) -> Response:
    page = notes.tasks(query.unit, query.task, cursor=query.cursor, desk=Desk.of(request))
    return as_json(TasksOut.of_page(page).content())


@routes.api(
    "POST",
    "/v1/desk/reports/{reference}/notes",
    access=officer(Permission.WRITE_NOTE),
    summary="Write a note that only officers read",
    description="No mail goes, and the reporter sees it nowhere. It rests on no version: two notes at once both stand.",
    body=NewNote,
    reasoned=True,
    answer=DeskReportOut,
    status=201,
)
def note(request: Request, reference: str, body: NewNote) -> Response:
    report = notes.note(reference, body.note, key=request.idempotency_key, desk=Desk.of(request))
    return as_json(DeskReportOut.of_desk(report, request.language).content(), 201)


@routes.api(
    "POST",
    "/v1/desk/reports/{reference}/tasks",
    access=officer(Permission.DO_TASKS),
    summary="Open a task on a report",
    description="One that is open takes the remark too; without a remark nothing happens then.",
    body=TaskChange,
    reasoned=True,
    answer=DeskReportOut,
    status=201,
)
def raise_task(request: Request, reference: str, body: TaskChange) -> Response:
    report = notes.raise_task(reference, body.task, body.remark, key=request.idempotency_key, desk=Desk.of(request))
    return as_json(DeskReportOut.of_desk(report, request.language).content(), 201)


@routes.api(
    "POST",
    "/v1/desk/reports/{reference}/tasks/done",
    access=officer(Permission.DO_TASKS),
    summary="Note that a task was done",
    description="409 `task_not_open` when it is not open: somebody else did it, or it never was.",
    body=TaskChange,
    reasoned=True,
    answer=DeskReportOut,
    status=201,
)
def finish_task(request: Request, reference: str, body: TaskChange) -> Response:
    report = notes.finish_task(reference, body.task, body.remark, key=request.idempotency_key, desk=Desk.of(request))
    return as_json(DeskReportOut.of_desk(report, request.language).content(), 201)
