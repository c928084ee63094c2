"""The changes that a person makes to their details, and how these reach their reports.

A request writes one item, with its notice, under its condition. Reports and mails follow from the table's stream (`stream.py`):
what stops half way goes on there, and what is done twice is done once (ADR-0017).
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from chalicelib.core import ids, log
from chalicelib.core.clock import Clock
from chalicelib.core.derivation import Derivation
from chalicelib.core.errors import FieldError, Invalid, TooMany
from chalicelib.core.language import DEFAULT_LANGUAGE, Language
from chalicelib.core.limits import Limits
from chalicelib.core.retry import load_decide_save
from chalicelib.profiles.model import MOST_TRIES, Choices, Notice, NoticeKind, Profile, begun, code_of, profile_id
from chalicelib.profiles.store import Profiles
from chalicelib.reports import actions as reports_actions
from chalicelib.reports.actions import OwnReports
from chalicelib.reports.contact import Contact, DetailsPart, Reach
from chalicelib.reports.model import Report
from chalicelib.reports.store import Reports

_TRIES = 4  # of a write that somebody else was before
MOST_TO_ADDRESS = 5  # codes that one person has mailed to one address within the hour
MOST_OF_STRANGERS = 15  # codes a day to one address by everybody together whose address it is not


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileDesk:
    """The stores and limits that the actions work with."""

    profiles: Profiles
    reports: Reports
    limits: Limits
    daily: Limits
    derivation: Derivation
    clock: Clock

    def reach(self, told: Contact, *, pseudonym: str) -> Reach:
        """Return how the reporter of a new report is reached: as told in it, and as safely as they chose for all."""
        person = of_person(pseudonym, language=told.language, desk=self)
        safely = replace(told, survey=person.choices.survey, safety=person.choices.safety)
        return Reach(replace(safely, proven=person.has_proven(told.email)), person.taken)

    def defaults(self, pseudonym: str, language: Language) -> dict[str, str]:
        """Return what a new report begins with, as a page would have it typed; only what the person told before."""
        profile = of_person(pseudonym, language=language, desk=self)
        if not profile.email:
            return {"language": profile.choices.language.value}
        return {
            "email": profile.email,
            "language": profile.choices.language.value,
            "information": profile.choices.information.value,
        }


def of_person(pseudonym: str, *, language: Language = DEFAULT_LANGUAGE, desk: ProfileDesk) -> Profile:
    """Return somebody's details: what they chose, else what their newest report says (one read, else three)."""
    return desk.profiles.get(pseudonym) or _begun(pseudonym, language, desk)


def ask_code(email: str, *, pseudonym: str, language: Language, desk: ProfileDesk) -> Profile:
    """Have an address wait for its code. Raises TooMany: nobody's mailbox can be filled from here."""
    _take_mail(email.casefold(), of_person(pseudonym, language=language, desk=desk), desk)
    after = _changed(pseudonym, language, lambda before: before.code_asked(email, at=desk.clock.now()), desk)
    log.event("address_code_asked", profile=after.id, number=after.last_number)
    return after


def confirm(typed: str, number: int, *, pseudonym: str, language: Language, desk: ProfileDesk) -> Profile:
    """Take the code that was typed for challenge `number`: the address is this person's from now on.

    Raises Invalid for a wrong code, Conflict when none can be typed any more. A try counts before its outcome is told: of a
    hundred sent at once, no more than five are looked at. The same right code twice is one change.
    """
    known = ids.parse_short_code(typed)
    if known is None:  # a slip of the pen: the check character says so, and it costs no try
        raise Invalid([FieldError("code", "code_unknown")])

    def tried(before: Profile) -> Profile:
        if number and number == before.proven_by:
            return before
        challenge = before.open_challenge(number, desk.clock.now())
        right = hmac.compare_digest(known, code_of(desk.derivation.proofs.at(challenge.asked_at), before.id, challenge))
        return before.proven(at=desk.clock.now()) if right else before.missed(ids.secret_id())

    after = _changed(pseudonym, language, tried, desk)
    if after.proven_by != number:
        tries = after.challenge.tries if after.challenge else MOST_TRIES
        log.event("address_code_wrong", profile=after.id, number=number, tries=tries)
        raise Invalid([FieldError("code", "address_code", {"left": MOST_TRIES - tries})])
    log.event("address_proven", profile=after.id, number=number)
    return after


def choose(
    change: Callable[[Choices], Choices], *, about: str = "choices", pseudonym: str, language: Language, desk: ProfileDesk
) -> Profile:
    """Keep what somebody chooses for all their reports. Raises TooMany: counted apart for each thing that choices are `about`.

    So nobody who changed their wishes ten times in an hour has to wait with being reached safely.
    """
    desk.limits.count_try(f"choices about {about}", pseudonym)
    after = _changed(pseudonym, language, lambda before: before.chosen(change(before.choices), at=desk.clock.now()), desk)
    log.event("choices_kept", profile=after.id, number=after.last_number)
    return after


def carry_out(notice: Notice, profile: Profile, *, reports: Reports, is_suppressed: Callable[[str], bool], clock: Clock) -> None:
    """Bring a notice to all the person's reports that are older than it. Runs twice without harm, and late.

    `is_suppressed` says whether an address is written to no more: its mail may have come back before the notice comes.
    `profile` is the newest: what a later notice says is not undone by an earlier one that comes again. A report that has the
    notice, or a later one, is left alone; so is one that was filed after it.
    """
    part = APPLIED[notice.kind]
    if part is None:
        return
    is_usable = not (part is DetailsPart.ADDRESS and is_suppressed(profile.email))
    latest = max(one.number for one in (notice, *profile.notices) if one.kind is notice.kind)
    mine = OwnReports(pseudonym=profile.pseudonym, reports=reports, clock=clock)
    for reference in _references(profile.pseudonym, reports):
        report = reports_actions.own(reference, mine=mine)
        if not report.taken.has(part, notice.number) and report.filed_at <= notice.at + _CLOCKS:
            key = ids.digest(f"details {profile.id} {notice.number}")
            reports_actions.apply_details(
                reference, partial(_applied, part, profile, is_usable), part, latest, key=key, mine=mine
            )


def _applied(part: DetailsPart, profile: Profile, is_usable: bool, report: Report) -> Contact:
    """Return how the reporter of a report is reached with a part of the details as they are now."""
    if part is DetailsPart.ADDRESS:
        return profile.with_address(report.contact, usable=is_usable)
    return profile.with_choices(report.contact, since=report.taken.choices)


def _references(pseudonym: str, reports: Reports) -> list[str]:
    found, cursor = [], ""
    while True:
        page = reports.of_reporter(pseudonym, cursor=cursor)
        found += [line.reference for line in page.lines]
        cursor = page.next_cursor
        if not cursor:
            return found


def _take_mail(address: str, asker: Profile, desk: ProfileDesk) -> None:
    """Take one of the codes that a person may have mailed to an address, or none. Raises TooMany.

    The number of mails that everybody together may cause to an address counts only for those whose address it is not: strangers
    cannot keep its owner from a code, and one of them alone not another.
    """
    person, hour = asker.pseudonym, desk.limits
    rules = [(hour, "codes of a person", person, 0), (hour, "codes to one address", f"{person} {address}", MOST_TO_ADDRESS)]
    if asker.email.casefold() != address:
        rules += [
            (hour, "codes of strangers", address, 0),
            (desk.daily, "codes of strangers in a day", address, MOST_OF_STRANGERS),
        ]
    taken: list[tuple[Limits, str]] = []
    try:
        for limits, purpose, source, most in rules:
            taken.append((limits, limits.count_try(purpose, source, most=most)))
    except TooMany:
        for limits, one in taken:
            limits.give_back(one)
        raise


def _begun(pseudonym: str, language: Language, desk: ProfileDesk) -> Profile:
    lines = desk.reports.of_reporter(pseudonym).lines
    newest = desk.reports.get(lines[0].reference) if lines else None
    return begun(pseudonym, profile_id(desk.derivation.names, pseudonym), newest.contact if newest else None, language)


def _changed(pseudonym: str, language: Language, change: Callable[[Profile], Profile], desk: ProfileDesk) -> Profile:
    """Load, decide, save; and again when another window was first."""
    load = partial(of_person, pseudonym, language=language, desk=desk)
    return load_decide_save(load, change, desk.profiles.save, tries=_TRIES)[1]


APPLIED: Mapping[NoticeKind, DetailsPart | None] = {
    NoticeKind.CODE_ASKED: None,
    NoticeKind.ADDRESS_PROVEN: DetailsPart.ADDRESS,
    NoticeKind.CHOICES_CHANGED: DetailsPart.CHOICES,
}
_CLOCKS = timedelta(minutes=1)  # by which two functions' clocks may differ; a younger report has the notice's number anyway
