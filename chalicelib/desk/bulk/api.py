"""/v1/desk/batches: one act for many reports, with a trial that does nothing, and a fingerprint of what was tried."""

from chalicelib.bulk import actions
from chalicelib.desk.bulk.schemas import (
    BatchesOut,
    BatchesQuery,
    BatchOrder,
    BatchOut,
    Confirmation,
    NewBatch,
    RowsOut,
    RowsQuery,
)
from chalicelib.people.permissions import Permission
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.api(
    "GET",
    "/v1/desk/batches",
    access=officer(Permission.BULK),
    summary="Your own batches, the newest first",
    description="`nextCursor` is the `cursor` of the next page, and null on the last.",
    query=BatchesQuery,
    answer=BatchesOut,
)
def list_batches(request: Request, query: BatchesQuery) -> Response:
    page = request.services.batch_room.batches.of_officer(request.officer.id, cursor=query.cursor)
    return as_json(BatchesOut.of(page).content())


@routes.api(
    "POST",
    "/v1/desk/batches",
    access=officer(Permission.BULK),
    summary="Choose reports for one act: the list is frozen, and nothing is read or done yet",
    description="At most 500. Send an `Idempotency-Key`: sent twice, it is one batch.",
    body=NewBatch,
    answer=BatchOut,
    status=201,
)
def choose(request: Request, body: NewBatch) -> Response:
    key = request.idempotency_key
    batch = actions.choose(body.references, officer=request.officer, key=key, room=request.services.batch_room)
    return as_json(BatchOut.of(batch).content(), 201)


@routes.api(
    "GET",
    "/v1/desk/batches/{batch}",
    access=officer(Permission.BULK),
    summary="How far a batch is, and how it ended for how many reports",
    description="Before it is confirmed `counts` say what the trial found. Somebody else's batch is 404, like none.",
    answer=BatchOut,
)
def read(request: Request, batch: str) -> Response:
    found = actions.load(batch, officer=request.officer, room=request.services.batch_room)
    return as_json(BatchOut.of(found).content())


@routes.api(
    "GET",
    "/v1/desk/batches/{batch}/rows",
    access=officer(Permission.BULK),
    summary="How it ends for each report of a batch: done or not and why, and how its reporter hears of it",
    description="In the order in which they were chosen, 50 on a page. `nextCursor` is the `cursor` of the next page.",
    query=RowsQuery,
    answer=RowsOut,
)
def read_rows(request: Request, batch: str, query: RowsQuery) -> Response:
    found = actions.load(batch, officer=request.officer, room=request.services.batch_room)
    return as_json(RowsOut.of(found, query.cursor, request.language).content())


@routes.api(
    "POST",
    "/v1/desk/batches/{batch}/trials",
    access=officer(Permission.BULK),
    summary="Try an act: say for each report what would come of it, and do nothing",
    description="Try as often as you like; only the last trial can be confirmed.",
    body=BatchOrder,
    answer=BatchOut,
    status=201,
)
def try_out(request: Request, batch: str, body: BatchOrder) -> Response:
    body.require_own_fields()
    tried = actions.try_out(batch, body.order(), officer=request.officer, room=request.services.batch_room)
    return as_json(BatchOut.of(tried).content(), 201)


@routes.api(
    "POST",
    "/v1/desk/batches/{batch}/undo",
    access=officer(Permission.BULK),
    summary="Take back what a batch did, for each report whose reporter was not told yet",
    description=(
        "The answer is a batch of its own (`undoes`), with a row for each report: taken back, or why not. Asked twice, it is the "
        "same batch."
    ),
    answer=BatchOut,
    status=201,
)
def undo(request: Request, batch: str) -> Response:
    found = actions.undo(batch, officer=request.officer, room=request.services.batch_room)
    return as_json(BatchOut.of(found).content(), 201)


@routes.api(
    "POST",
    "/v1/desk/batches/{batch}/confirmations",
    access=officer(Permission.BULK),
    summary="Have it done, as it was tried",
    description=(
        "Over 50 reports a supervisor confirms; where their reporters hear of it, another one than who chose them. Most is done "
        "when the answer comes, the rest within minutes: read the batch again until its `phase` is `done`. Confirmed twice it is "
        "done once."
    ),
    body=Confirmation,
    answer=BatchOut,
    status=201,
)
def confirm(request: Request, batch: str, body: Confirmation) -> Response:
    found = actions.confirm(batch, body.fingerprint, officer=request.officer, room=request.services.batch_room)
    return as_json(BatchOut.of(found).content(), 201)
