"""From changed details to reports and mails, in the order of the stream: first every report, then at most one mail.

May run twice on every record, and stop anywhere: a report keeps in its timeline what was brought to it, and the ledger keeps
what was mailed. A record that fails is delivered again, with those after it.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.core import log
from chalicelib.core.clock import Clock
from chalicelib.core.derivation import ProofKeys
from chalicelib.letters.catalogue import NoLetter, NotSentReason, letter_id
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.letters.mailroom import Mailroom, Retry, Run
from chalicelib.letters.sending import Decision, settle
from chalicelib.letters.stream import BatchResult
from chalicelib.profiles.actions import carry_out
from chalicelib.profiles.mail import order_of
from chalicelib.profiles.model import Notice, NoticeKind, Profile, new_notices
from chalicelib.profiles.store import ProfileStore
from chalicelib.reports.store import Reports


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRoom:
    """The parts that notices are carried out with. Every mail goes out by the mailroom."""

    profiles: ProfileStore
    reports: Reports
    mailroom: Mailroom
    clock: Clock
    proof_keys: ProofKeys

    def run(self) -> Run:
        """Return a run whose mail, when it cannot be settled now, fails its record: the stream then brings it again."""
        return Run(self.mailroom, retry=Retry.STREAM)


def deliver(event: Mapping[str, Any], room: NoticeRoom) -> BatchResult:
    """Carry out the notices of a stream event (the AWS document).

    A person whose record fails waits with their later records; nobody else does.
    """
    run = room.run()
    failed: dict[str, str] = {}  # sequence number → whose
    for record in event["Records"]:
        write = record["dynamodb"]
        number, whose = write["SequenceNumber"], write.get("Keys", {}).get("pseudonym", {}).get("S", "")
        if whose in failed.values():
            failed[number] = whose
            continue
        try:
            for notice, profile in _news(record, room):
                _settle(notice, profile, room, run)
        except Exception as error:  # noqa: BLE001 — poison of any kind must not hold back other people's codes
            failed[number] = whose
            log.event("record_failed", level=logging.ERROR, sequence_number=number, error=type(error).__name__)
    return BatchResult({}, tuple(failed))


@dataclass(frozen=True, slots=True)
class Swept:
    """The findings of a sweep."""

    profiles: int
    failed: int


def sweep(since: datetime, room: NoticeRoom) -> Swept:
    """Carry out every notice from `since` on, for an operator: the stream gave some up. Whose fails holds up nobody else."""
    run, profiles, failed = room.run(), 0, 0
    for pseudonym in room.profiles.changed_since(since):
        profiles += 1
        try:
            profile = room.profiles.get(pseudonym)
            for notice in profile.notices if profile else ():
                if profile and notice.at >= since:
                    _settle(notice, profile, room, run)
        except Exception as error:  # noqa: BLE001 — as in deliver
            failed += 1
            log.event("details_failed", level=logging.ERROR, error=type(error).__name__)
    return Swept(profiles, failed)


def _news(record: Mapping[str, Any], room: NoticeRoom) -> Sequence[tuple[Notice, Profile]]:
    """Return what a write added, each with the profile as it is now; nothing for a profile that is gone."""
    old, new = (record["dynamodb"].get(image) for image in ("OldImage", "NewImage"))
    if record.get("eventName") == "REMOVE":
        return []
    if new is None or (old is None and record.get("eventName") != "INSERT"):
        raise ValueError("image missing")
    after = room.profiles.profile_of_image(new)
    notices = new_notices(room.profiles.profile_of_image(old) if old else None, after)
    current = room.profiles.get(after.pseudonym) if notices else None
    return [(notice, current) for notice in notices] if current else []


def _settle(notice: Notice, profile: Profile, room: NoticeRoom, run: Run) -> None:
    """Carry a notice out, and mail whom it concerns."""
    if notice.kind is NoticeKind.ADDRESS_PROVEN and profile.email:
        room.mailroom.suppression.remove(profile.email, proven_at=notice.at)  # whoever typed the code has the mail
    carry_out(notice, profile, reports=room.reports, is_suppressed=room.mailroom.suppression.holds, clock=room.clock)
    if notice.to:
        _mail(notice, profile, room, run)
    log.event("details_carried_out", profile=profile.id, number=notice.number, kind=notice.kind.value)


def _mail(notice: Notice, profile: Profile, room: NoticeRoom, run: Run) -> None:
    """Send the mail of a notice, unless the ledger knows how it ended."""
    name = letter_id(profile.id, notice.number)
    entry = room.mailroom.ledger.get(name) or LedgerEntry(id=name)
    if not entry.is_settled:
        if notice.kind is NoticeKind.CODE_ASKED and room.mailroom.suppression.holds(notice.to):
            room.mailroom.mailer.lift(notice.to)  # else SES would not send the code with which its reader proves the address
        settle(_decided(notice, profile, room), entry, partial(_decide_last, notice, profile.pseudonym, room), run)


def _decide_last(notice: Notice, pseudonym: str, room: NoticeRoom) -> Decision:
    profile = room.profiles.get(pseudonym)
    return _decided(notice, profile, room) if profile else NoLetter(NotSentReason.CODE_OVER)


def _decided(notice: Notice, profile: Profile, room: NoticeRoom) -> Decision:
    holds = room.mailroom.suppression.holds
    return order_of(notice, profile, proof_keys=room.proof_keys, is_suppressed=holds, at=room.clock.now())
