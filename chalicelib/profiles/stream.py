"""From changed details to reports and mails, in the order of the stream: first every report, then at most one mail.

May run twice on every record, and stop anywhere: a report keeps in its timeline what was brought to it, and the ledger keeps
what was mailed. A record that fails is delivered again, with those after it.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.core import ids, log
from chalicelib.core.clock import Clock
from chalicelib.core.derivation import ProofKeys
from chalicelib.core.errors import PortalError, Unavailable
from chalicelib.core.language import short_time
from chalicelib.core.settings import Settings
from chalicelib.letters import codes
from chalicelib.letters.catalogue import NotSentReason, letter_id
from chalicelib.letters.ledger import Ledger
from chalicelib.letters.ledger_entry import FIRST_PAUSE, LetterState
from chalicelib.letters.mailer import Mail, Mailer, Rejected
from chalicelib.profiles import render
from chalicelib.profiles.actions import APPLIED, carry_out
from chalicelib.profiles.model import Notice, NoticeKind, Profile, code_of, new_notices
from chalicelib.profiles.render import Mailing
from chalicelib.profiles.store import ProfileStore
from chalicelib.reports.model import Report
from chalicelib.reports.store import Reports

Image = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRoom:
    """The stores and the mailer that the stream works with."""

    profiles: ProfileStore
    reports: Reports
    ledger: Ledger
    mailer: Mailer
    clock: Clock
    settings: Settings
    proof_keys: ProofKeys
    attempt: str = field(default_factory=ids.secret_id)


class DetailsFailed(PortalError):
    """Some records failed, and Lambda would not hear which: failing the whole batch is the only way not to lose them."""


class _BeingSent(PortalError):
    """Another attempt holds the mail, or died with it less than a lease ago: try again later."""


def deliver(event: Mapping[str, Any], office: NoticeRoom) -> dict[str, list[dict[str, str]]]:
    """Carry out the notices of a stream event (the AWS document); return what Lambda wants to hear.

    A person whose record fails waits with their later records; nobody else does. Raises DetailsFailed when records failed
    and the mapping ignores answers.
    """
    failed: dict[str, str] = {}  # sequence number → whose
    for record in event["Records"]:
        write = record["dynamodb"]
        number, whose = write["SequenceNumber"], write.get("Keys", {}).get("pseudonym", {}).get("S", "")
        if whose in failed.values():
            failed[number] = whose
            continue
        try:
            for notice, profile in _news(record, office):
                _settle(notice, profile, office)
        except Exception as error:  # noqa: BLE001 — poison of any kind must not hold back other people's codes
            failed[number] = whose
            log.event("record_failed", level=logging.ERROR, sequence_number=number, error=type(error).__name__)
    if failed and not office.settings.partial_batches:
        raise DetailsFailed(f"{len(failed)} records failed")
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}


@dataclass(frozen=True, slots=True)
class Swept:
    """The findings of a sweep."""

    profiles: int
    failed: int


def sweep(since: datetime, office: NoticeRoom) -> Swept:
    """Carry out every notice from `since` on, for an operator: the stream gave some up. Whose fails holds up nobody else."""
    profiles = failed = 0
    for pseudonym in office.profiles.changed_since(since):
        profiles += 1
        try:
            profile = office.profiles.get(pseudonym)
            for notice in profile.notices if profile else ():
                if profile and notice.at >= since:
                    _settle(notice, profile, office)
        except Exception as error:  # noqa: BLE001 — as in deliver
            failed += 1
            log.event("details_failed", level=logging.ERROR, error=type(error).__name__)
    return Swept(profiles, failed)


def _news(record: Mapping[str, Any], office: NoticeRoom) -> Sequence[tuple[Notice, Profile]]:
    """Return what a write added, each with the profile as it is now; nothing for a profile that is gone."""
    old, new = (record["dynamodb"].get(image) for image in ("OldImage", "NewImage"))
    if record.get("eventName") == "REMOVE":
        return []
    if new is None or (old is None and record.get("eventName") != "INSERT"):
        raise ValueError("image missing")
    after = office.profiles.profile_of_image(new)
    notices = new_notices(office.profiles.profile_of_image(old) if old else None, after)
    current = office.profiles.get(after.pseudonym) if notices else None
    return [(notice, current) for notice in notices] if current else []


def _settle(notice: Notice, profile: Profile, office: NoticeRoom) -> None:
    reports = carry_out(notice, profile, reports=office.reports, clock=office.clock) if notice.kind in APPLIED else ()
    if notice.to:
        _mail(notice, profile, reports, office)
    log.event("details_carried_out", profile=profile.id, number=notice.number, kind=notice.kind.value, reports=len(reports))


def _mail(notice: Notice, profile: Profile, reports: Sequence[Report], office: NoticeRoom) -> None:
    name = letter_id(profile.id, notice.number)
    reason = _reason_against(notice, profile, reports, office)
    if reason:
        office.ledger.note_not_sent(name, reason)
        return
    mailing, language = MAILINGS[notice.kind], profile.choices.language
    values, neutral = _values(notice, profile, office), profile.choices.safety.neutral
    texts = render.write(mailing, language, is_neutral=neutral, settings=office.settings, values=values)
    if _is_claimed(name, mailing, profile, values.get("proof", ""), office):
        _send(Mail.of(name, notice.to, texts), office)


MAILINGS: Mapping[NoticeKind, Mailing] = {NoticeKind.CODE_ASKED: Mailing.CODE, NoticeKind.ADDRESS_PROVEN: Mailing.CHANGED}


def _reason_against(notice: Notice, profile: Profile, reports: Sequence[Report], office: NoticeRoom) -> NotSentReason | None:
    """Return why a mail would be of no use: a code that cannot be typed any more, an address that bounces."""
    if notice.kind is NoticeKind.CODE_ASKED:
        waits = profile.challenge
        is_open = waits is not None and waits.number == notice.number and waits.is_open(office.clock.now())
        return None if is_open else NotSentReason.CODE_OVER
    bounced = {report.contact.email for report in reports if not report.contact.usable}
    return NotSentReason.ADDRESS_UNUSABLE if notice.to in bounced else None


def _values(notice: Notice, profile: Profile, office: NoticeRoom) -> dict[str, str]:
    """A mail with a code to type carries no second one to check it with: people would mix them up."""
    if notice.kind is not NoticeKind.CODE_ASKED or profile.challenge is None:
        return {"proof": _proof(notice, profile, office)}
    until = short_time(profile.challenge.ends_at, profile.choices.language)
    return {"code": code_of(office.proof_keys.at(profile.challenge.asked_at), profile.id, profile.challenge), "until": until}


def _proof(notice: Notice, profile: Profile, office: NoticeRoom) -> str:
    return codes.code_of(office.proof_keys.at(notice.at), letter_id(profile.id, notice.number))


def _is_claimed(name: str, mailing: Mailing, profile: Profile, proof: str, office: NoticeRoom) -> bool:
    """True when the mail is ours to send, False when there is nothing to do. Raises _BeingSent while another attempt has it."""
    language = profile.choices.language
    template = render.version(mailing, language)
    standing = office.ledger.claim(
        name, attempt=office.attempt, letter=mailing, language=language, template=template, proof=proof and codes.proof_of(proof)
    )
    if standing is LetterState.LEASED:
        raise _BeingSent(name)
    if standing is LetterState.IN_DOUBT:  # the same code once more does no harm
        if not office.ledger.take_over(name, attempt=office.attempt):
            raise _BeingSent(name)
        log.event("letter_repeated", level=logging.WARNING, letter=name)
    return standing is not LetterState.SETTLED


def _send(mail: Mail, office: NoticeRoom) -> None:
    try:
        message_id = office.mailer.send(mail)
    except Rejected as error:
        office.ledger.note_rejected(mail.letter_id, attempt=office.attempt, reason=error.reason)
        log.event("letter_rejected", level=logging.WARNING, letter=mail.letter_id, reason=error.reason)
        return
    except Unavailable:
        again_at = office.clock.now() + FIRST_PAUSE  # by then the stream has delivered the record again
        office.ledger.release(mail.letter_id, attempt=office.attempt, until=again_at)
        raise
    try:
        noted = office.ledger.note_accepted(mail.letter_id, attempt=office.attempt, message_id=message_id)
    except Unavailable:
        noted = False
    log.event("letter_sent" if noted else "letter_sent_not_noted", letter=mail.letter_id, message=message_id)
