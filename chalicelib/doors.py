"""The portal and its doors: which rooms answer under which addresses. A room is imported when its door opens, not before.

In Lambda that is at the first request through it: somebody who reads how it works pays nothing for the API's models, and a
program nothing for the pages (ADR-0006). Elsewhere all doors are open from the start.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chalice import Blueprint, Chalice

Rooms = Callable[[], Iterable[Blueprint]]


def _citizens() -> Iterable[Blueprint]:
    from chalicelib.about import pages as about
    from chalicelib.additions import pages as additions
    from chalicelib.answers import pages as answers
    from chalicelib.copies import pages as copies
    from chalicelib.details import disclosure
    from chalicelib.details import pages as details
    from chalicelib.evidence import pages as evidence
    from chalicelib.filing import attaching, entry
    from chalicelib.filing import pages as filing
    from chalicelib.identity import pages as identity
    from chalicelib.letters import pages as letters
    from chalicelib.reports import pages as reports
    from chalicelib.surveys import pages as surveys
    from chalicelib.web import pages as web
    from chalicelib.web import staying

    yield entry.routes  # the first page
    yield web.routes  # static files, language
    yield about.routes  # how it works, rights, privacy, help
    yield staying.routes  # stay logged in, leave quickly
    yield identity.routes  # log in, log out: officers too
    yield filing.routes  # choose, tell, check, send
    yield attaching.routes
    yield evidence.routes  # files: send, fetch
    yield reports.routes  # follow
    yield answers.routes  # answer the police
    yield additions.routes  # add, correct, found again
    yield copies.routes  # print, verify
    yield letters.routes  # is this mail ours?
    yield details.routes  # for all reports: the address, wishes, safety
    yield disclosure.routes  # what is held about somebody
    yield surveys.routes


def _officers() -> Iterable[Blueprint]:
    from chalicelib.counter import pages as counter
    from chalicelib.desk import composing, telling
    from chalicelib.desk import pages as desk
    from chalicelib.letters import looking

    yield desk.routes
    yield looking.routes  # what became of the letters
    yield composing.routes  # ask the reporter
    yield telling.routes  # whom no mail reaches
    yield counter.routes  # a report at the counter


def _programs() -> Iterable[Blueprint]:
    from chalicelib.additions import api as additions
    from chalicelib.desk import api as desk
    from chalicelib.reports import api as reports
    from chalicelib.surveys import api as surveys
    from chalicelib.web import api as web

    yield web.routes  # /v1/openapi.json
    yield reports.routes
    yield additions.routes
    yield surveys.routes
    yield desk.routes


DOORS: Mapping[str, Rooms] = {"/v1": _programs, "/desk": _officers, "": _citizens}  # the first whose address begins so


def door_of(path: str) -> str:
    """Return the door behind which a route's path lies."""
    return next(door for door in DOORS if path == door or path.startswith(f"{door}/"))


class Portal(Chalice):  # type: ignore[misc]
    """The app with its doors, all closed."""

    def __init__(self, app_name: str) -> None:
        super().__init__(app_name=app_name)
        self._open: set[str] = set()

    def open(self, *doors: str) -> None:
        """Register the rooms behind some doors, all of them when none is named."""
        from chalicelib.web.routes import refuse_other_methods

        closed = [door for door in doors or DOORS if door not in self._open]
        for door in closed:
            rooms = tuple(DOORS[door]())  # all of them first: a door that sticks is tried again, and leads nowhere half open
            self._open.add(door)
            for room in rooms:
                self.register_blueprint(room)
        if closed:
            refuse_other_methods(self)

    def __call__(self, event: Any, context: Any) -> Any:
        self.open(door_of(event.get("requestContext", {}).get("resourcePath") or "/"))
        return super().__call__(event, context)
