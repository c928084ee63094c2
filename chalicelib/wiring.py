"""The only place that builds clients: settings → Services.

Everything is built at its first use, in the function that needs it: the stream function never loads joserfc, the API
never loads SES. Tests and the local stage hand in their own parts by name: `Services(settings, clock, mailer=fake)`.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from chalicelib.core import logins
from chalicelib.core import settings as core_settings
from chalicelib.core.clock import Clock, SystemClock
from chalicelib.core.errors import Unavailable
from chalicelib.core.settings import Settings

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from botocore.session import Session

    from chalicelib.audit.store import Audit
    from chalicelib.boards.store import Boards
    from chalicelib.bulk.actions import BatchRoom
    from chalicelib.clues.indexing import ClueRoom
    from chalicelib.clues.model import ClueKeys
    from chalicelib.clues.store import Clues
    from chalicelib.core.derivation import Derivation, ProofKeys
    from chalicelib.core.limits import Limits
    from chalicelib.digests.actions import DigestRoom
    from chalicelib.drafts.store import Drafts
    from chalicelib.erasure.actions import Archive
    from chalicelib.evidence.looking import EvidenceStorage
    from chalicelib.feed.store import Feed
    from chalicelib.identity.bsn import Vault
    from chalicelib.identity.keys import OwnKeys
    from chalicelib.identity.oidc import Provider
    from chalicelib.identity.sessions import Sessions
    from chalicelib.identity.tokens import AccessTokens
    from chalicelib.letters.catalogue import Waits
    from chalicelib.letters.ledger import Ledger
    from chalicelib.letters.ledger_entry import LedgerEntry
    from chalicelib.letters.mailer import Mailer
    from chalicelib.letters.mailroom import DecideOther, Mailroom
    from chalicelib.letters.rate_limiter import Pacer
    from chalicelib.letters.render import Write
    from chalicelib.letters.suppression import Suppression
    from chalicelib.letters.undoing import Undoing
    from chalicelib.officers.store import Officers
    from chalicelib.profiles.access_request import HoldingsSources
    from chalicelib.profiles.actions import ProfileDesk
    from chalicelib.profiles.store import ProfileStore
    from chalicelib.profiles.stream import NoticeRoom
    from chalicelib.reports.deadlines import Deadlines
    from chalicelib.reports.model import Report
    from chalicelib.reports.store import ReportStore
    from chalicelib.surveys.actions import Dispatch
    from chalicelib.surveys.store import Surveys
    from chalicelib.teams.store import Rosters
    from chalicelib.texts.store import Texts


_one_at_a_time = threading.Lock()


class Services:
    """The parts of one stage, each built at its first use."""

    def __init__(self, settings: Settings, clock: Clock, **parts: Any) -> None:
        self.settings, self.clock = settings, clock
        self.__dict__.update(parts)  # a part handed in takes the place of the cached property of its name

    @cached_property
    def deadlines(self) -> "Deadlines":
        from chalicelib.reports.deadlines import Deadlines

        return Deadlines(
            question_days=self.settings.question_days,
            survey_after_decision_days=self.settings.survey_after_decision_days,
            survey_latest_days=self.settings.survey_latest_days,
        )

    @cached_property
    def reports(self) -> "ReportStore":
        from chalicelib.reports.store import ReportStore

        return ReportStore(self.settings, self.deadlines)

    @cached_property
    def drafts(self) -> "Drafts":
        from chalicelib.drafts.store import DraftStore

        return DraftStore(self.settings, self.clock)

    @cached_property
    def boards(self) -> "Boards":
        from chalicelib.boards.store import BoardStore

        return BoardStore(self.settings)

    @cached_property
    def officers(self) -> "Officers":
        from chalicelib.officers.store import OfficerStore

        return OfficerStore(self.settings, self.clock)

    @cached_property
    def audit(self) -> "Audit":
        from chalicelib.audit.store import AuditStore

        return AuditStore(self.settings, self.clock)

    @property
    def batch_room(self) -> "BatchRoom":
        """The bag that batches are carried out with."""
        from chalicelib.bulk.actions import BatchRoom
        from chalicelib.bulk.store import BatchStore
        from chalicelib.letters.undoing import undo
        from chalicelib.reports.registry import Registry

        return BatchRoom(
            batches=BatchStore(self.settings, self.clock),
            reports=self.reports,
            audit=self.audit,
            rosters=self.rosters,
            texts=self.texts,
            holder=Registry(self.settings).holder,
            take_back=partial(undo, room=self.undoing),
            new_id=self._batch_id,
            clock=self.clock,
        )

    def _batch_id(self, *parts: str) -> bytes:
        from chalicelib.core import ids

        return ids.derive(self.derivation_key, "batch", *parts)

    @cached_property
    def feed(self) -> "Feed":
        from chalicelib.feed.store import FeedStore

        return FeedStore(self.settings, self.clock)

    @cached_property
    def texts(self) -> "Texts":
        from chalicelib.texts.store import TextStore

        return TextStore(self.settings)

    @cached_property
    def clue_keys(self) -> "ClueKeys":
        from chalicelib.clues.model import ClueKeys

        return ClueKeys.parse(self._secret(self.settings.clues_secret))

    @cached_property
    def clue_room(self) -> "ClueRoom":
        from chalicelib.clues.indexing import ClueRoom

        return ClueRoom(self.clues, self.reports, self.clue_keys, self.clock)

    @cached_property
    def clues(self) -> "Clues":
        from chalicelib.clues.store import ClueStore

        return ClueStore(self.settings, self.clock)

    def _forget_clues(self, report: "Report") -> None:
        from chalicelib.clues.indexing import forget

        forget(report, self.clue_room)

    @cached_property
    def surveys(self) -> "Surveys":
        from chalicelib.surveys.store import SurveyStore

        return SurveyStore(self.settings)

    @cached_property
    def rosters(self) -> "Rosters":
        from chalicelib.teams.store import RosterStore

        return RosterStore(self.settings)

    def placed(self, report: "Report") -> "Report":
        """Return a new report at the unit and with the team that take it."""
        from chalicelib.teams.actions import place

        return place(report, rosters=self.rosters)

    @cached_property
    def survey_dispatch(self) -> "Dispatch":
        from chalicelib.surveys.actions import Dispatch

        return Dispatch(
            reports=self.reports,
            surveys=self.surveys,
            clock=self.clock,
            deadlines=self.deadlines,
            open_days=self.settings.survey_open_days,
            derivation=self.derivation,
        )

    @cached_property
    def ledger(self) -> "Ledger":
        from chalicelib.letters.ledger import LedgerStore

        return LedgerStore(self.settings, self.clock)

    @cached_property
    def mailer(self) -> "Mailer":
        from chalicelib.letters.mailer import SesMailer

        return SesMailer(partial(self._client, "sesv2", attempts=1), self.settings)

    @cached_property
    def pacer(self) -> "Pacer":
        from chalicelib.letters.rate_limiter import Pacer, TurnStore

        return Pacer(TurnStore(self.settings), self.settings.mail_rate, self.clock, time.sleep)

    @cached_property
    def suppression(self) -> "Suppression":
        from chalicelib.letters.suppression import SuppressionList

        return SuppressionList(self.settings, self.clock, lambda: self.derivation_key)

    def _digest_of_code(self, code: str) -> str:
        from chalicelib.letters.codes import code_digest

        return code_digest(self.derivation_key, code)

    def _wait_for_turn(self) -> None:
        self.pacer.wait()  # made here: most runs only note or wait

    def _mark_unusable(self, reference: str, addresses: frozenset[str]) -> None:
        from chalicelib.reports.actions import note_unusable

        note_unusable(reference, addresses, reports=self.reports, clock=self.clock)

    @cached_property
    def write_letter(self) -> "Write":
        """Writes a report's letter out, to show it: the mailroom sends."""
        from chalicelib.letters import render

        return partial(render.write, settings=self.settings, proof_keys=lambda: self.proof_keys)

    @cached_property
    def waits(self) -> "Waits":
        from chalicelib.letters.catalogue import Waits

        return Waits(timedelta(seconds=self.settings.letter_wait_s), timedelta(seconds=self.settings.letter_undo_s))

    @property
    def undoing(self) -> "Undoing":
        """The bag that officers' slips are undone with."""
        from chalicelib.letters.undoing import Undoing

        return Undoing(reports=self.reports, ledger=self.ledger, waits=self.waits, clock=self.clock)

    @cached_property
    def mailroom(self) -> "Mailroom":
        from chalicelib.letters import render
        from chalicelib.letters.mailroom import Mailroom, UnprovenMail

        return Mailroom(
            reports=self.reports,
            unusable=self._mark_unusable,
            ledger=self.ledger,
            suppression=self.suppression,
            turn=self._wait_for_turn,
            mailer=self.mailer,
            order_of=partial(render.order_of, settings=self.settings, proof_keys=lambda: self.proof_keys),
            render=partial(render.render, settings=self.settings),
            code_digest=self._digest_of_code,
            unproven=lambda: UnprovenMail(self.daily, self.settings.unproven_mail_most),
            clock=self.clock,
            waits=self.waits,
            others=self._decider,
        )

    def _decider(self, entry: "LedgerEntry") -> "DecideOther | None":
        from chalicelib.digests import actions

        return actions.decider(entry, self.digest_room)

    @cached_property
    def digest_room(self) -> "DigestRoom":
        """The bag that digests by mail are made with."""
        from chalicelib.digests.actions import DigestRoom

        stores = self.officers, self.boards, self.ledger, self.suppression
        return DigestRoom(*stores, lambda: self.details.limits, lambda: self.daily, self.derivation, self.settings, self.clock)

    @cached_property
    def limits(self) -> "Limits":
        from chalicelib.core.limits import LimitStore

        return LimitStore(self.settings, self.clock, self.derivation_key)

    @cached_property
    def daily(self) -> "Limits":
        """Counts of a day: files, reports and drafts of a person, mails to an address that nobody proved."""
        from chalicelib.core.limits import LimitStore

        rules = replace(self.settings, limit_tries=self.settings.upload_most, limit_window_s=86_400)
        return LimitStore(rules, self.clock, self.derivation_key)

    @cached_property
    def profiles(self) -> "ProfileStore":
        from chalicelib.profiles.store import ProfileStore

        return ProfileStore(self.settings, self.clock)

    @cached_property
    def details(self) -> "ProfileDesk":
        """The actions' bag for somebody's details. Their tries are counted by the hour, apart from those with codes of others."""
        from chalicelib.core.limits import LimitStore
        from chalicelib.profiles.actions import ProfileDesk

        rules = replace(self.settings, limit_tries=self.settings.details_most, limit_window_s=3_600)
        limits = LimitStore(rules, self.clock, self.derivation_key)
        return ProfileDesk(
            profiles=self.profiles,
            reports=self.reports,
            limits=limits,
            daily=self.daily,
            derivation=self.derivation,
            clock=self.clock,
        )

    @cached_property
    def holdings(self) -> "HoldingsSources":
        """Where all is found that is held of one person."""
        from chalicelib.profiles.access_request import HoldingsSources

        return HoldingsSources(
            desk=self.details,
            drafts=self.drafts,
            folders=self.evidence_storage.folders,
            audit=self.audit,
            ledger=self.ledger,
            sessions=self.sessions,
            clock=self.clock,
        )

    @property
    def notice_room(self) -> "NoticeRoom":
        """The bag that carries changed details out."""
        from chalicelib.profiles.stream import NoticeRoom

        return NoticeRoom(
            profiles=self.profiles, reports=self.reports, mailroom=self.mailroom, clock=self.clock, proof_keys=self.proof_keys
        )

    @cached_property
    def evidence_storage(self) -> "EvidenceStorage":
        from chalicelib.evidence.bucket import S3Bucket
        from chalicelib.evidence.looking import EvidenceStorage
        from chalicelib.evidence.scanner import EicarScanner, GuardDutyScanner
        from chalicelib.evidence.store import FolderStore

        client, name = self._client("s3"), self.settings.evidence_bucket
        scanner = GuardDutyScanner(client, name) if self.settings.evidence_scanner == "guardduty" else EicarScanner()
        bucket = S3Bucket(client, name, self.settings.evidence_url)
        return EvidenceStorage(FolderStore(self.settings, self.clock), bucket, scanner, self.clock)

    @cached_property
    def archive(self) -> "Archive":
        from chalicelib.erasure.actions import Archive
        from chalicelib.erasure.store import TombstoneStore

        return Archive(
            self.reports,
            TombstoneStore(self.settings),
            self.evidence_storage,
            self.ledger.forget,
            self._forget_clues,
            self.derivation_key,
            self.clock,
            self.audit,
        )

    @cached_property
    def sessions(self) -> "Sessions":
        from chalicelib.identity.sessions import SessionStore

        return SessionStore(self.settings, self.clock, lambda: self.derivation_key)

    @cached_property
    def vault(self) -> "Vault":
        from chalicelib.identity.bsn import Vault

        return Vault(self._client("kms"), self.settings, self._is_known)

    def _is_known(self, pseudonym: str) -> bool:
        """True when something is kept under a pseudonym: a report, a draft, details."""
        found = self.reports.of_reporter(pseudonym).lines or self.drafts.of_owner(pseudonym)
        return bool(found or self.profiles.get(pseudonym))

    @cached_property
    def own_keys(self) -> "OwnKeys":
        from chalicelib.identity.keys import OwnKeys

        return OwnKeys(self._secret(self.settings.oidc_keys_secret))

    @cached_property
    def digid(self) -> "Provider":
        from chalicelib.identity.oidc import digid

        return digid(self.settings, self.clock, self.own_keys)

    @cached_property
    def staff(self) -> "Provider":
        from chalicelib.identity.oidc import staff

        return staff(self.settings, self.clock, self.own_keys)

    @cached_property
    def providers(self) -> Mapping[str, "Provider"]:
        """Every login of this stage by its key: DigiD, the officers' own, and what MORE_LOGINS adds."""
        from chalicelib.identity.oidc import provider

        more = self.settings.citizen_logins[1:]
        others = {means.key: provider(means, self.clock, self.own_keys) for means in more}
        return {logins.DIGID: self.digid, logins.STAFF: self.staff, **others}

    @cached_property
    def access_tokens(self) -> "AccessTokens":
        from chalicelib.identity.tokens import AccessTokens

        more = [self.providers[means.key] for means in self.settings.citizen_logins[1:]]
        return AccessTokens(self.digid, self.staff, self.vault, self.settings, self.clock, more)

    @cached_property
    def derivation(self) -> "Derivation":
        from chalicelib.core.derivation import Derivation

        return Derivation.parse(self._secret(self.settings.derivation_secret))

    @property
    def derivation_key(self) -> bytes:
        """The key from which names are derived: references, folders, profiles."""
        return self.derivation.names

    @property
    def proof_keys(self) -> "ProofKeys":
        """The keys from which codes are derived."""
        return self.derivation.proofs

    def _secret(self, name: str) -> str:
        """Return what a secret holds. Raises Unavailable for one that has no value yet: nobody made the portal's own keys."""
        client = self._client("secretsmanager")
        try:
            value: str = client.get_secret_value(SecretId=name)["SecretString"]
        except client.exceptions.ResourceNotFoundException:
            raise Unavailable("no_value_in_secret") from None
        return value

    @cached_property
    def _session(self) -> "Session":
        """The tables' own: each session registers its 360 handlers anew, which is a tenth of a cold start."""
        from chalicelib.core.tables import connection

        return connection(self.settings.region).session

    def _client(self, service: str, attempts: int = 3) -> "BaseClient":
        from chalicelib.core.tables import tuned

        config = tuned(self.settings.region, service, attempts)
        with _one_at_a_time:  # a session is not for several threads at once, and the local stage has several
            return self._session.create_client(service, config=config)


_installed: list[Services] = []  # at most one: this process's


def services() -> Services:
    """Return this process's services, read from the environment at the first call. Raises BadSetting."""
    if not _installed:
        _installed.append(Services(core_settings.load(), SystemClock()))
    return _installed[0]


def install(replacement: Services | None) -> None:
    """Put `replacement` in the place of this process's services (tests, local stage); None forgets them."""
    _installed[:] = [replacement] if replacement else []
