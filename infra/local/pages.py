"""The local-only pages and JSON under /_local: the tray, the clock, the test persons, tokens, and how the stage is doing."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib import wiring
from chalicelib.core.clock import AMSTERDAM, MovableClock, iso
from chalicelib.core.language import Language
from chalicelib.core.settings import Settings
from chalicelib.web import cookies
from infra.local import words
from infra.local.bucket import LocalBucket
from infra.local.http import LocalRequest, LocalResponse, as_html, as_json, redirect
from infra.local.issuer import Issuer
from infra.local.mint import ACCESS_TOKEN_LIFE_S
from infra.local.ses_feedback import DOMAIN, HABITS
from infra.local.tray import Tray

_UNITS = {"advance_days": "days", "advance_hours": "hours", "advance_minutes": "minutes"}
_FARTHEST = timedelta(days=3_660)
_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'"

TOLD: Mapping[str, str] = {  # what SES says of a mail, for people; the Dutch is in words.py
    "Send": "SES has it",
    "Delivery": "arrived",
    "DeliveryDelay": "waits at the mailbox",
    "Bounce": "came back",
    "Complaint": "spam, says the reader",
    "Reject": "thrown away by SES",
}

Page = Callable[[LocalRequest], LocalResponse]


class Refused(Exception):
    """A request that the local pages cannot use; the message is the sentence for its sender."""


class ShownStage(Protocol):
    """The part of a local stage (`stage.Stage`) that the pages show and change."""

    settings: Settings
    clock: MovableClock
    tray: Tray
    bucket: LocalBucket
    issuers: dict[str, Issuer]

    @property
    def keeps(self) -> bool: ...
    def advance(self, by: timedelta) -> dict[str, Any]: ...
    def client(self, service: str) -> Any: ...
    def state(self) -> dict[str, Any]: ...
    def people(self) -> list[dict[str, str]]: ...
    def access_token(self, person_id: str) -> str | None: ...


class Pages:
    """Everything under /_local. Each issuer answers below its own name."""

    def __init__(self, stage: ShownStage) -> None:
        self._stage = stage
        loader = FileSystemLoader(Path(__file__).parent / "templates")
        self._templates = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
        self._templates.filters["amsterdam"] = lambda at: at.astimezone(AMSTERDAM).strftime("%d-%m-%Y %H:%M:%S")
        self._pages: Mapping[tuple[str, str], Page] = {
            ("GET", ""): self._index,
            ("GET", "/mail"): self._tray,
            ("GET", "/mails"): self._mails,
            ("GET", "/people"): self._people,
            ("GET", "/state"): self._state,
            ("GET", "/clock"): self._clock,
            ("POST", "/clock"): self._advance,
            ("POST", "/tokens"): self._token,
            ("POST", "/ops"): self._operate,
        }

    def handle(self, request: LocalRequest) -> LocalResponse:
        """Answer one request under /_local."""
        below = request.path.removeprefix("/_local").rstrip("/")
        if request.method == "GET" and request.argument("language") in list(Language):
            cookie = cookies.put_language(self._stage.settings, Language(request.argument("language")))
            return LocalResponse(303, headers={"Location": request.path, "Set-Cookie": cookie})
        name = below.removeprefix("/").partition("/")[0]
        besides: Mapping[str, Issuer | LocalBucket] = {**self._stage.issuers, "s3": self._stage.bucket}
        if name in besides:
            return besides[name].handle(request)
        if below.startswith("/mail/") and request.method == "GET":
            return self._mail(request, *below.removeprefix("/mail/").split("/"))
        page = self._pages.get((request.method, below))
        if page is None:
            return as_json({"error": "There is no such local page, or not for this method. Start at /_local."}, 404)
        try:
            return page(request)
        except Refused as refused:
            return as_json({"error": str(refused)}, 400)

    def _index(self, request: LocalRequest) -> LocalResponse:
        return self._html(
            request, "index.html", state=self._stage.state(), people=self._stage.people(), now=self._stage.clock.now()
        )

    def _tray(self, request: LocalRequest) -> LocalResponse:
        mails = [(mail, self._stage.tray.receipts_of(mail.id)) for mail in self._stage.tray.newest_first()]
        return self._html(request, "mails.html", mails=mails, habits=HABITS, domain=DOMAIN)

    def _mail(self, request: LocalRequest, message_id: str, part: str = "") -> LocalResponse:
        mail = self._stage.tray.get(message_id)
        if mail is None or part not in ("", "html"):
            return as_json({"error": "There is no such mail in the tray."}, 404)
        return (
            _guarded(as_html(mail.html))
            if part
            else self._html(request, "mail.html", mail=mail, receipts=self._stage.tray.receipts_of(mail.id))
        )

    def _mails(self, _: LocalRequest) -> LocalResponse:
        return as_json([mail.as_json() for mail in self._stage.tray.newest_first()])

    def _people(self, _: LocalRequest) -> LocalResponse:
        return as_json(self._stage.people())

    def _state(self, _: LocalRequest) -> LocalResponse:
        return as_json(self._stage.state())

    def _clock(self, _: LocalRequest) -> LocalResponse:
        return as_json({"now": iso(self._stage.clock.now())})

    def _advance(self, request: LocalRequest) -> LocalResponse:
        is_form = not request.body.lstrip().startswith(b"{") and b"=" in request.body  # curl -d calls JSON a form, too
        settled = self._stage.advance(distance(_numbers(request.form()) if is_form else _object(request.body)))
        return redirect("/_local") if is_form else as_json(settled)

    def _token(self, request: LocalRequest) -> LocalResponse:
        person = _object(request.body).get("person")
        token = self._stage.access_token(person) if isinstance(person, str) else None
        if token is None:
            known = [known["id"] for known in self._stage.people()]
            return as_json({"error": f"There is no such person. Known are: {', '.join(known)}.", "people": known}, 404)
        return as_json({"access_token": token, "token_type": "Bearer", "expires_in": ACCESS_TOKEN_LIFE_S})

    def _operate(self, request: LocalRequest) -> LocalResponse:
        """Run an operator's command here, where what it works on is kept: `python -m infra.ops --stage local`."""
        from infra.ops import commands  # noqa: PLC0415 — loaded by who asks, so that the stage starts as fast as ever
        from infra.ops.stage import Stage as Operated  # noqa: PLC0415

        arguments = _object(request.body).get("arguments")
        if not isinstance(arguments, list) or not all(isinstance(one, str) for one in arguments):
            raise Refused('Send the command, such as {"arguments": ["status"]}.')
        lines: list[str] = []
        notes: list[str] = []
        code = commands.run(arguments, Operated(wiring.services(), self._stage.client, lines.append, notes.append))
        return as_json({"code": code, "lines": lines, "notes": notes})

    def _html(self, request: LocalRequest, template: str, **values: Any) -> LocalResponse:
        common = {**words.spoken(words.language_of(request)), "told": TOLD, "kept": self._stage.keeps}
        return _guarded(as_html(self._templates.get_template(template).render({**common, **values})))


def distance(wanted: Mapping[str, Any]) -> timedelta:
    """Return how far `{"advance_days": 14}` moves the clock. Raises Refused with what to send instead."""
    unknown = sorted(set(wanted) - set(_UNITS))
    if unknown or not wanted:
        raise Refused('Send a distance, such as {"advance_days": 14}; advance_hours and advance_minutes exist too.')
    if not all(isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e7 for value in wanted.values()):  # noqa: PLR2004
        raise Refused("A distance is a number, 0 or more: the clock only moves forward.")
    by = timedelta(**{_UNITS[name]: value for name, value in wanted.items()})
    if by > _FARTHEST:
        raise Refused("The clock moves ten years at most in one step.")
    return by


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except ValueError:
        raise Refused("The body is not JSON.") from None
    if not isinstance(content, dict):
        raise Refused("The body must be a JSON object.")
    return content


def _numbers(form: Mapping[str, str]) -> dict[str, Any]:
    try:
        return {name: float(value) for name, value in form.items()}
    except ValueError:
        raise Refused("A distance is a number, 0 or more: the clock only moves forward.") from None


def _guarded(page: LocalResponse) -> LocalResponse:
    headers = {
        **page.headers,
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return LocalResponse(page.status, page.body, headers)
