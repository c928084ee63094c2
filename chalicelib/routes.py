"""Which modules answer under which addresses. The modules of an area are imported when it is loaded, not before.

In Lambda that is at the first request in the area: a citizen who reads how it works pays nothing for the API's models, and a
program nothing for the pages (ADR-0006). Elsewhere all areas are loaded from the start.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chalice import Blueprint, Chalice

Modules = Callable[[], Iterable[Blueprint]]


def _citizens() -> Iterable[Blueprint]:
    from chalicelib.citizen import about, answers, copies, digest_mail, home, session
    from chalicelib.citizen import mail as letters
    from chalicelib.citizen import site as web
    from chalicelib.citizen.additions import pages as additions
    from chalicelib.citizen.evidence import pages as evidence
    from chalicelib.citizen.filing import evidence_step
    from chalicelib.citizen.filing import pages as filing
    from chalicelib.citizen.following import pages as reports
    from chalicelib.citizen.profile import access_request
    from chalicelib.citizen.profile import pages as details
    from chalicelib.citizen.promises import pages as promises
    from chalicelib.citizen.surveys import call_pages as calls
    from chalicelib.citizen.surveys import pages as surveys
    from chalicelib.login import leaving
    from chalicelib.login import pages as identity

    yield home.routes  # the first page
    yield web.routes  # static files, language
    yield about.routes  # how it works, rights, privacy, help
    yield session.routes  # stay logged in, leave quickly
    yield identity.routes  # log in: officers too
    yield leaving.routes  # log out
    yield filing.routes  # choose, tell, check, send
    yield evidence_step.routes
    yield evidence.routes  # files: send, fetch
    yield reports.routes  # follow
    yield answers.routes  # answer the police
    yield additions.routes  # add, correct, found again
    yield promises.routes  # ask for an update, or to look again
    yield copies.routes  # print, verify
    yield letters.routes  # is this mail ours?
    yield details.routes  # for all reports: the address, wishes, safety
    yield access_request.routes  # what is held about somebody
    yield surveys.routes
    yield calls.routes  # to be called after the survey
    yield digest_mail.routes  # no digest any more


def _officers() -> Iterable[Blueprint]:
    from chalicelib.desk import letters as looking
    from chalicelib.desk import offline_pages, question_pages, reasons, task_pages
    from chalicelib.desk.assigning import pages as assigning
    from chalicelib.desk.bulk import pages as bulk
    from chalicelib.desk.counter import pages as counter
    from chalicelib.desk.forwarding import pages as forwarding
    from chalicelib.desk.joint import pages as joint
    from chalicelib.desk.moving import pages as moving
    from chalicelib.desk.promises import pages as promises
    from chalicelib.desk.queue import pages as queue
    from chalicelib.desk.report import pages as report
    from chalicelib.desk.report import status_pages
    from chalicelib.desk.search import linked_pages
    from chalicelib.desk.search import pages as search
    from chalicelib.desk.start import pages as start

    yield start.routes  # the first page
    yield queue.routes  # lists, and taking the next one
    yield reasons.routes  # why an officer looks
    yield report.routes
    yield status_pages.routes  # change, check, undo, correct
    yield search.routes  # find by a clue
    yield linked_pages.routes  # the reports that share one
    yield looking.routes  # what became of the letters
    yield question_pages.routes  # ask the reporter
    yield task_pages.routes  # notes, tasks
    yield forwarding.routes  # to an organisation outside
    yield offline_pages.routes  # whom no mail reaches
    yield counter.routes  # a report at the counter
    yield bulk.routes  # one act for many reports
    yield promises.routes  # an update, a letter by post
    yield assigning.routes  # whose work a report is
    yield moving.routes  # to another unit
    yield joint.routes  # reports that belong together
    yield from _of_a_unit()


def _of_a_unit() -> Iterable[Blueprint]:
    """The desk's pages that are about no single report."""
    from chalicelib.desk.audit import pages as audit
    from chalicelib.desk.board import pages as board
    from chalicelib.desk.digest import pages as digest
    from chalicelib.desk.goods import pages as goods
    from chalicelib.desk.search import shared_pages
    from chalicelib.desk.teams import pages as teams
    from chalicelib.desk.teams import routing_pages as routing
    from chalicelib.desk.texts import pages as texts
    from chalicelib.desk.victim_support import pages as victim_support

    yield shared_pages.routes  # values that link nobody
    yield goods.routes  # found property
    yield victim_support.routes  # who asked for it
    yield audit.routes  # who looked at what
    yield board.routes  # the figures of a unit
    yield digest.routes  # counts by mail
    yield texts.routes  # standard texts
    yield teams.routes  # for supervisors
    yield routing.routes


def _programs() -> Iterable[Blueprint]:
    from chalicelib.citizen.additions import api as additions
    from chalicelib.citizen.following import api as reports
    from chalicelib.citizen.promises import api as asking
    from chalicelib.citizen.surveys import api as surveys
    from chalicelib.desk import api as desk
    from chalicelib.desk import letters_api, status_api, task_api
    from chalicelib.desk.assigning import api as assigning
    from chalicelib.desk.audit import api as audit
    from chalicelib.desk.board import api as board
    from chalicelib.desk.bulk import api as bulk
    from chalicelib.desk.changes import api as changes
    from chalicelib.desk.forwarding import api as forwarding
    from chalicelib.desk.joint import api as joint
    from chalicelib.desk.moving import api as moving
    from chalicelib.desk.promises import api as promises
    from chalicelib.desk.queue import api as queue
    from chalicelib.desk.search import api as search
    from chalicelib.desk.start import api as start
    from chalicelib.desk.teams import api as teams
    from chalicelib.desk.texts import api as texts
    from chalicelib.desk.victim_support import api as victim_support
    from chalicelib.web import api as web

    yield web.routes  # /v1/openapi.json
    yield reports.routes
    yield additions.routes
    yield asking.routes
    yield surveys.routes
    yield queue.routes
    yield start.routes
    yield desk.routes
    yield status_api.routes  # check, undo, correct
    yield letters_api.routes  # what became of the letters
    yield task_api.routes
    yield forwarding.routes
    yield victim_support.routes
    yield bulk.routes
    yield audit.routes
    yield board.routes
    yield changes.routes
    yield texts.routes
    yield promises.routes
    yield assigning.routes
    yield moving.routes
    yield joint.routes
    yield teams.routes
    yield search.routes


AREAS: Mapping[str, Modules] = {"/v1": _programs, "/desk": _officers, "": _citizens}  # the first whose address begins so


def area_of(path: str) -> str:
    """Return the area in which a route's path lies: the prefix of its address."""
    return next(area for area in AREAS if path == area or path.startswith(f"{area}/"))


class Portal(Chalice):  # type: ignore[misc]
    """The app, of which no area is loaded yet."""

    def __init__(self, app_name: str) -> None:
        super().__init__(app_name=app_name)
        self._loaded: set[str] = set()

    def load(self, *areas: str) -> None:
        """Register the routes of some areas, of all when none is named."""
        from chalicelib.web.routes import refuse_other_methods

        missing = [area for area in areas or AREAS if area not in self._loaded]
        for area in missing:
            modules = tuple(AREAS[area]())  # all of them first: an import that fails is tried again, and registers nothing
            self._loaded.add(area)
            for routes in modules:
                self.register_blueprint(routes)
        if missing:
            refuse_other_methods(self)

    def __call__(self, event: Any, context: Any) -> Any:
        self.load(area_of(event.get("requestContext", {}).get("resourcePath") or "/"))
        return super().__call__(event, context)
