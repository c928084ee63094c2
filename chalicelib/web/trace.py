"""One line of the log for each request that changes something or is refused: enough to find abuse again, and no people.

Where it came from and who asked are keyed digests of that day: the lines of one day belong together, those of two days do not,
and nobody without the key can make one. `infra.ops trace` makes that of an address. The portal's log is kept for days
(core/retention.py).
"""

from chalicelib.core import ids, log
from chalicelib.core.clock import day_of
from chalicelib.people.model import owner_of
from chalicelib.web.limits import source_of
from chalicelib.web.operation import CHANGES, Operation
from chalicelib.web.request import Request

_REFUSED = 400


def note(request: Request, operation: Operation, status: int) -> None:
    """Write the line. Without the key there is none: who asked gets an answer all the same."""
    if request.method not in CHANGES and status < _REFUSED:
        return
    try:
        key = request.services.derivation_key
    except Exception:  # noqa: BLE001 — the answer is made already
        return
    day = day_of(request.services.clock.now()).isoformat()
    log.event(
        "asked",
        method=request.method,
        route=operation.path.replace("{", ":").replace("}", ""),
        status=status,
        source=digest_of(key, day, source_of(request.source_ip)),
        person=digest_of(key, day, owner_of(request.principal)) if request.principal else "nobody",
    )


def digest_of(key: bytes, day: str, what: str) -> str:
    """Return what stands in a day's lines for an address or a person."""
    return ids.derive(key, "trace", day, what).hex()[:16]
