"""The actions on digests: want one, prove the address, want none any more; lay a morning's mails ready, and decide on each.

A mail lies in the ledger of letters under its day, once, and the round of every minute sends it as it sends all mail: at the pace
of SES, after letters that are older, and again where SES was away. One whose sending died half way is not sent again: counts
come again the next morning.
"""

import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from chalicelib.boards.store import Boards
from chalicelib.core import ids, log
from chalicelib.core.clock import Clock, day_of
from chalicelib.core.derivation import Derivation
from chalicelib.core.errors import FieldError, Invalid, NotFound, TooMany
from chalicelib.core.language import Language, short_time
from chalicelib.core.limits import Limits
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.core.retry import load_decide_save
from chalicelib.core.settings import Settings
from chalicelib.digests.model import (
    Counts,
    Subscription,
    counts,
    day_numbered,
    is_morning,
    is_name,
    name_of,
    number_of,
    subscription_of,
    units_of,
)
from chalicelib.letters import codes
from chalicelib.letters.actions import letter_of_token
from chalicelib.letters.catalogue import Letter, NoLetter, NotSentReason, letter_id
from chalicelib.letters.ledger import Ledger
from chalicelib.letters.ledger_entry import LedgerEntry
from chalicelib.letters.mailroom import DecideOther
from chalicelib.letters.render import MailOrder
from chalicelib.letters.sending import Decision
from chalicelib.letters.suppression import Suppression
from chalicelib.officers.store import Choice, Officers
from chalicelib.people.model import Officer
from chalicelib.profiles.model import MOST_TRIES, code_of

KEPT = RETENTION[Kept.DIGESTS].length  # after the last login: who does not come back hears nothing any more
MOST_TO_ADDRESS = 15  # codes a day to one address, by all officers together
_ALL = "DIGESTS"  # under which the wishes lie in the table of officers: no staff id is spelled so
_TRIES = 4


@dataclass(frozen=True, slots=True)
class DigestRoom:
    """The stores, keys and limits that digests are made with."""

    officers: Officers
    boards: Boards
    ledger: Ledger
    suppression: Suppression
    limits: Callable[[], Limits]
    daily: Callable[[], Limits]
    derivation: Derivation
    settings: Settings
    clock: Clock

    def name(self, officer: str) -> str:
        return name_of(self.derivation.names, officer)


def of_officer(officer: Officer, room: DigestRoom) -> Subscription:
    """Return an officer's wish: none yet is one without address."""
    name = room.name(officer.id)
    return _found(name, room) or Subscription(name=name, officer=officer.id, units=units_of(officer))


def is_dead(wish: Subscription, room: DigestRoom) -> bool:
    """True when mail to the address came back, so that nothing is sent there."""
    return bool(wish.email) and room.suppression.holds(wish.email)


def ask_code(email: str, *, officer: Officer, language: Language, room: DigestRoom) -> None:
    """Have an address wait for its code, and lay the mail with it ready. Raises TooMany: no mailbox can be filled from here."""
    _take_mail(officer, email, room)
    wish = _changed(officer, lambda before: before.code_asked(email, language, at=room.clock.now()), room)
    if wish.challenge:
        room.ledger.wait(letter_id(wish.name, wish.challenge.number), letter=Letter.ADDRESS_CODE, until=room.clock.now())
    log.event("digest_code_asked")


def confirm(typed: str, number: int, *, officer: Officer, room: DigestRoom) -> None:
    """Take the code that was typed for challenge `number`: from now on there is a digest. The same right code twice changes once.

    Raises Invalid for a wrong code, Conflict when none can be typed any more. A try counts before its outcome is told.
    """
    known = ids.parse_short_code(typed)
    if known is None:  # a slip of the pen: the check character says so, and it costs no try
        raise Invalid([FieldError("code", "code_unknown")])

    def tried(before: Subscription) -> Subscription:
        if number and number == before.proven_by:
            return before
        challenge = before.open_challenge(number, room.clock.now())
        right = hmac.compare_digest(known, code_of(room.derivation.proofs.at(challenge.asked_at), before.name, challenge))
        return before.proven() if right else before.missed(ids.secret_id())

    after = _changed(officer, tried, room)
    if after.proven_by != number:
        left = MOST_TRIES - (after.challenge.tries if after.challenge else MOST_TRIES)
        raise Invalid([FieldError("code", "address_code", {"left": left})])
    room.suppression.remove(after.email, proven_at=room.clock.now())  # whoever typed the code has the mail
    log.event("digest_begun")


def stop(officer: Officer, room: DigestRoom) -> None:
    """Send an officer no digest any more, and forget the address. A second time changes nothing."""
    _forget(room.name(officer.id), room)


def stop_by_token(token: str, room: DigestRoom) -> None:
    """Do the same for who got the mail with this token. Raises NotFound(`unsubscribe`) for one that is in no mail of ours."""
    letter = letter_of_token(token, ledger=room.ledger, derivation=room.derivation)
    if letter is None or not is_name(letter.reference):
        raise NotFound("unsubscribe")
    _forget(letter.reference, room)


def seen(officer: Officer, room: DigestRoom) -> None:
    """Note that an officer logged in: the digest goes on, for the units that are theirs now."""
    before = _choice(room.name(officer.id), room)
    if before.edition:
        wish = replace(subscription_of(before.id, before.content), units=units_of(officer))
        room.officers.replace(before, wish.content, kept=KEPT)


def lay_ready(room: DigestRoom) -> int:
    """On the morning of a working day: lay a mail ready for everybody who wants one; return for how many.

    Runs twice, or dies half way, without harm: a day has one mail, and the next run of the morning lays the others ready.
    """
    now, ready, failed = room.clock.now(), 0, 0
    if not is_morning(now):
        return 0
    number = number_of(day_of(now))
    for choice in room.officers.every(_ALL):
        try:
            if subscription_of(choice.id, choice.content).is_wanted:
                room.ledger.wait(letter_id(choice.id, number), letter=Letter.DIGEST, until=now)
                ready += 1
        except Exception as error:  # noqa: BLE001 — one wish must not keep the others from theirs; the next hour tries again
            failed += 1
            log.event("digest_failed", level=logging.ERROR, error=type(error).__name__)
    log.event("digests_ready", ready=ready, failed=failed)
    return ready


def decider(entry: LedgerEntry, room: DigestRoom) -> DecideOther | None:
    """Return how to decide on a letter of ours; None for anybody else's."""
    return partial(_decided, entry, room) if is_name(entry.reference) else None


def _decided(entry: LedgerEntry, room: DigestRoom) -> Decision:
    """Return the mail, or why there is none, from what is true now."""
    wish = _found(entry.reference, room)
    if wish is None:
        return NoLetter(NotSentReason.NOT_WANTED)
    return _code_mail(wish, entry, room) if entry.letter == Letter.ADDRESS_CODE else _digest(wish, entry, room)


def _code_mail(wish: Subscription, entry: LedgerEntry, room: DigestRoom) -> Decision:
    waits = wish.challenge
    if not (waits and waits.number == entry.number and waits.is_open(room.clock.now())):
        return NoLetter(NotSentReason.CODE_OVER)
    key = room.derivation.proofs.at(waits.asked_at)
    proof = codes.check_code_of(key, entry.id)
    until = short_time(waits.ends_at, wish.language)
    values = {"proof": proof, "code": code_of(key, wish.name, waits), "until": until}
    return _order(Letter.ADDRESS_CODE, waits.email, wish, values, proof)


def _digest(wish: Subscription, entry: LedgerEntry, room: DigestRoom) -> Decision:
    """Return the mail of a day. A claim whose attempt died may have been sent: it is not sent again."""
    if entry.attempt or entry.number != number_of(day_of(room.clock.now())):
        return NoLetter(NotSentReason.OVERTAKEN)
    if not wish.is_wanted:
        return NoLetter(NotSentReason.NOT_WANTED)
    if room.suppression.holds(wish.email):
        return NoLetter(NotSentReason.ADDRESS_UNUSABLE)
    told = counts(wish.officer, filter(None, map(room.boards.get, wish.units)))
    if told.is_nothing:
        return NoLetter(NotSentReason.NOTHING_TO_TELL)
    key = room.derivation.proofs.at(day_numbered(entry.number))
    proof = codes.check_code_of(key, entry.id)
    order = _order(Letter.DIGEST, wish.email, wish, _values(told, wish.language) | {"code": proof}, proof)
    return replace(order, unsubscribe_at=f"{room.settings.portal_url}/unsubscribe/digest/{codes.token_of(key, entry.id)}")


def _values(told: Counts, language: Language) -> dict[str, str]:
    values = {"mine": str(told.mine), "mine_overdue": str(told.mine_overdue)}
    values |= {number.value: str(count) for number, count in told.numbers.items()}
    return values | {"counted_at": short_time(told.counted_at, language) if told.counted_at else ""}


def _order(letter: Letter, to: str, wish: Subscription, values: dict[str, str], check_code: str) -> MailOrder:
    return MailOrder(letter=letter, to=to, language=wish.language, neutral=False, values=values, check_code=check_code)


def _take_mail(officer: Officer, email: str, room: DigestRoom) -> None:
    """Take one of the codes that an officer may have mailed in an hour, and anybody to this address in a day. Raises TooMany."""
    taken = room.limits().count_try("digest codes of an officer", officer.id)
    try:
        room.daily().count_try("digest codes to an address", email.casefold(), most=MOST_TO_ADDRESS)
    except TooMany:
        room.limits().give_back(taken)
        raise


def _choice(name: str, room: DigestRoom) -> Choice:
    return room.officers.get(_ALL, name) or Choice(_ALL, name, {})


def _found(name: str, room: DigestRoom) -> Subscription | None:
    choice = _choice(name, room)
    return subscription_of(name, choice.content) if choice.edition else None


def _forget(name: str, room: DigestRoom) -> None:
    room.officers.remove(_ALL, name)
    log.event("digest_ended")


def _changed(officer: Officer, change: Callable[[Subscription], Subscription], room: DigestRoom) -> Subscription:
    """Load, decide, save; and again when another window was first."""
    name = room.name(officer.id)
    new = Subscription(name=name, officer=officer.id)

    def wish_in(choice: Choice) -> Subscription:
        kept = subscription_of(name, choice.content) if choice.edition else new
        return replace(kept, units=units_of(officer))

    def decided(choice: Choice) -> Choice:
        before = wish_in(choice)
        after = change(before)
        return choice if after is before else replace(choice, content=after.content)

    def saved(before: Choice, after: Choice) -> Choice:
        return room.officers.replace(before, after.content, kept=KEPT)

    return wish_in(load_decide_save(partial(_choice, name, room), decided, saved, tries=_TRIES)[1])
