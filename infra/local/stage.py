"""The whole portal in one process: the app's routes, its stream, its schedules, and the parties around it.

with Stage(port=0) as stage:
    requests.get(stage.url)
    stage.advance(timedelta(days=14))
"""

import importlib
import logging
import threading
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from chalice.app import DynamoDBEventConfig, S3EventConfig, ScheduledEventConfig, SNSEventConfig
from chalice.local import LambdaContext
from joserfc.errors import JoseError

from chalicelib import wiring
from chalicelib.core import settings as core_settings
from chalicelib.core.clock import MovableClock, SystemClock, iso
from chalicelib.core.settings import Settings
from infra.local.aws_tap import Listener
from infra.local.bucket import LocalBucket, Notifications
from infra.local.cloud import Cloud
from infra.local.gateway import Gateway, Server
from infra.local.issuer import Issuer
from infra.local.keeping import EVERY_S, Keeper, Kept
from infra.local.pages import Pages
from infra.local.people import CITIZENS, COMPANIES, EUROPEANS, OFFICERS, Person
from infra.local.schedule import Schedules
from infra.local.ses_feedback import SesFeedback
from infra.local.stream import Handler, StreamMapping
from infra.local.tray import Tray

KEYS_FILE = Path(__file__).parents[2] / ".local" / "keys.json"
KEPT = KEYS_FILE.parent / "kept"
_EVENT_TIMEOUT_MS = 300_000
_logger = logging.getLogger("mijn_politie.local")


class Stage:
    """Starts when it is entered, stops when it is left. One at a time in a process: app.py reads one set of services."""

    def __init__(
        self,
        port: int = 8000,
        *,
        keys_file: Path = KEYS_FILE,
        clock: MovableClock | None = None,
        citizens: Collection[Person] = CITIZENS,
        keep_in: Path | None = None,
    ) -> None:
        """Take the port (0 for any free one). Raises OSError when it is busy.

        With `keep_in` the stage goes on from what that folder keeps, and keeps there what it has, every minute and at its end.
        """
        self._server = Server(port)
        self._keys_file = keys_file
        self.url = self._server.url
        self.clock = clock or MovableClock(SystemClock())
        self._people = {"digid": tuple(citizens), "eherkenning": COMPANIES, "eidas": EUROPEANS, "staff": OFFICERS}
        self._kinds = {person.id: kind for kind, people in self._people.items() for person in people}
        self.tray = Tray(self.clock)
        self.schedules = Schedules(self.clock)
        self.streams: dict[str, StreamMapping] = {}
        self.buckets: list[Notifications] = []
        self.ses_feedback: list[SesFeedback] = []
        self.issuers: dict[str, Issuer] = {}
        self._keeper = Keeper(keep_in) if keep_in else None
        self.environ: dict[str, str] = {}  # settings in the place of its own, by environment variable, read when it starts
        self._keeping = threading.Lock()

    def __enter__(self) -> Self:
        with ExitStack() as undo:
            undo.callback(self._server.server_close)
            kept = undo.enter_context(self._keeper).load() if self._keeper else None
            self._begin(kept, undo)
            self._cloud.tap.listen(self.tray.listen)
            self.settings = core_settings.load({**self._cloud.environment, **self.environ})
            wiring.install(wiring.Services(self.settings, self.clock))
            undo.callback(wiring.install, None)
            self.issuers = self._issuers()
            self.bucket = LocalBucket(self._cloud.client("s3"), self.settings.evidence_bucket, self._cloud.secret)
            app = importlib.import_module("app").app
            self._connect(app)
            if kept:
                self.schedules.put_back(kept.schedules)
            self._server.gateway = Gateway(app, self.clock, Pages(self).handle)
            self._start(undo)
            self._undo = undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._undo.close()

    def _start(self, undo: ExitStack) -> None:
        workers: list[StreamMapping | Schedules | Notifications | SesFeedback] = [
            *self.streams.values(),
            self.schedules,
            *self.buckets,
            *self.ses_feedback,
        ]
        for worker in workers:
            worker.start()
            undo.callback(worker.stop)
        if self._keeper:
            undo.callback(self._keep_at_last)
            ended = threading.Event()
            undo.callback(ended.set)
            threading.Thread(target=self._keep_often, args=(ended,), name="keeper", daemon=True).start()
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, name="http", daemon=True).start()
        undo.callback(self._server.stop)

    def _begin(self, kept: Kept | None, undo: ExitStack) -> None:
        """Make a cloud: an empty one, or one that holds what was kept, on a clock as far ahead as it was. Raises Unusable."""
        try:
            self._cloud = Cloud(self.url, self._keys_file, kept)
            undo.callback(self._cloud.stop)
            if kept and self._keeper:
                self._cloud.put_back(kept, self._keeper)
                self.tray.put_back(kept.mails)
                self.clock.advance(timedelta(seconds=kept.ahead_s))
        except (KeyError, ValueError, TypeError, AttributeError, JoseError):
            if kept is None or self._keeper is None:
                raise
            raise self._keeper.unusable("it is damaged, or of another version") from None

    @property
    def keeps(self) -> bool:
        return self._keeper is not None

    def keep(self) -> None:
        """Keep what there is at this moment: nothing is being sent or told, and nothing is written meanwhile."""
        if self._keeper is None:
            return
        with ExitStack() as still:
            still.enter_context(self._keeping)
            still.enter_context(self.schedules.held())
            positions: dict[str, str] = {}
            for stream in self.streams.values():  # of two readers of one stream the one that is behind says what was not taken
                position = still.enter_context(stream.held())
                positions[stream.arn] = min(positions.get(stream.arn, position), position, key=lambda number: int(number or 0))
            told: list[Notifications | SesFeedback] = [*self.buckets, *self.ses_feedback]
            for source in told:
                source.drain()
            aws, bodies = self._cloud.kept(positions, self._keeper)
            mails, schedules = self.tray.kept(), self.schedules.kept()
            self._keeper.save(Kept(ahead_s=self.clock.ahead.total_seconds(), mails=mails, schedules=schedules, **aws), bodies)

    def _keep_often(self, ended: threading.Event) -> None:
        while not ended.wait(EVERY_S):
            try:
                self.keep()
            except OSError as error:  # a full disk is no reason to stop; the next minute tries again
                _logger.warning("nothing was kept this minute: %s", error)

    def _keep_at_last(self) -> None:
        """Keep what there is once nobody can ask for anything more, and what followed from it was done."""
        self.drain()
        self.keep()

    def advance(self, by: timedelta) -> dict[str, Any]:
        """Move the clock, run what became due, and wait until every letter that follows from it is sent or waits."""
        self.drain()  # what was written before the clock moved is of before
        self.clock.advance(by)
        ran = self.schedules.run_due()
        return {"now": iso(self.clock.now()), "ran": ran, "delivered": self.drain()}

    def listen(self, listener: Listener) -> None:
        """Call `listener(request, answer)` after every call to AWS."""
        self._cloud.tap.listen(listener)

    def client(self, service: str) -> Any:
        """Return a client of the AWS that this stage runs on."""
        return self._cloud.client(service)

    def drain(self) -> bool:
        """Wait until streams, buckets and SES have nothing left. False when a record keeps failing."""
        sources: list[StreamMapping | Notifications | SesFeedback] = [
            *self.buckets,
            *self.streams.values(),
            *self.ses_feedback,
            *self.streams.values(),
        ]
        drained = [source.drain() for source in sources]  # every one of them, also after one that fails
        return all(drained)

    def state(self) -> dict[str, Any]:
        """Return what /_local/state shows."""
        return {
            "now": iso(self.clock.now()),
            "streams": [{"name": name, **stream.state()} for name, stream in self.streams.items()],
            "schedules": self.schedules.state(),
            "mails": len(self.tray.newest_first()),
        }

    def people(self) -> list[dict[str, str]]:
        """Return the test persons: what `POST /_local/tokens` takes, and whose login each one is."""
        people = [(person, kind) for kind, group in self._people.items() for person in group]
        return [{"id": person.id, "name": person.name, "kind": kind, "note": person.note} for person, kind in people]

    def access_token(self, person_id: str) -> str | None:
        """Return an access token for the API, None when there is no such person."""
        kind = self._kinds.get(person_id)
        return self.issuers[kind].access_token(person_id) if kind in self.issuers else None

    def _issuers(self) -> dict[str, Issuer]:
        keys = self._cloud.keys.as_dict(private=False)
        logout = f"{self.url}/login/backchannel-logout"
        logins = (*self.settings.citizen_logins, self.settings.staff_login)
        bases = {means.key: means.issuer for means in logins}
        return {
            kind: Issuer(
                kind,
                bases[kind],
                self.clock,
                client_public_keys=keys,
                people=people,
                audience=self.settings.api_audience,
                backchannel_logout_uri=logout,
            )
            for kind, people in self._people.items()
            if kind in bases
        }

    def _connect(self, app: Any) -> None:
        """Give each event source of app.py what wakes it: there is no second list of them."""
        for source in app.event_sources:
            handler = _handler(app, source.name)
            if isinstance(source, ScheduledEventConfig):
                expression = source.schedule_expression
                self.schedules.add(source.name, expression if isinstance(expression, str) else expression.to_string(), handler)
            elif isinstance(source, DynamoDBEventConfig):
                self.streams[source.name] = self._stream(source, handler)
            elif isinstance(source, SNSEventConfig):
                self.ses_feedback.append(self._ses_feedback(handler))
            elif isinstance(source, S3EventConfig):
                self.buckets.append(Notifications(self.settings.evidence_bucket, source.prefix, handler))
                self._cloud.tap.listen(self.buckets[-1].listen)

    def _ses_feedback(self, handler: Handler) -> SesFeedback:
        topic, configuration_set = self.settings.receipts_topic, self.settings.mail_configuration_set  # not the decorator's
        return SesFeedback(self.tray, self.clock, topic=topic, configuration_set=configuration_set, handler=handler)

    def _stream(self, source: Any, handler: Handler) -> StreamMapping:
        return StreamMapping(
            self._cloud.client("dynamodbstreams"),
            stream_arn=_STREAM_OF[source.name](
                self.settings
            ),  # not the decorator's: app.py may have been imported by an earlier stage
            handler=handler,
            batch_size=source.batch_size,
            partial_batches=self.settings.partial_batches,
            written=self._cloud.written,
        )


_STREAM_OF: Mapping[str, Callable[[Settings], str]] = {
    "on_report_changed": lambda settings: settings.reports_stream_arn,
    "on_report_indexed": lambda settings: settings.reports_stream_arn,
    "on_details_changed": lambda settings: settings.profiles_stream_arn,
}


def _handler(app: Any, name: str) -> Handler:
    function = app.handler_map[name]
    return lambda event: function(event, LambdaContext(name, 1024, _EVENT_TIMEOUT_MS))
