"""Profiles in DynamoDB: one item a person, found under their pseudonym. The table's stream carries the notices."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from chalicelib.core.clock import Clock
from chalicelib.core.language import Language
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.core.settings import Settings
from chalicelib.core.tables import InstantAttribute, bind, expiry, find, require_first, wrote
from chalicelib.profiles.model import Challenge, Choices, Notice, NoticeKind, Profile
from chalicelib.reports.contact import Contact, Hours, InformationWish, Safety
from chalicelib.reports.contact_layout import ContactMap, contact_of, map_of

KEPT = RETENTION[Kept.PROFILES].length  # after the last change; the reports keep what was applied to them


class Profiles(Protocol):
    """The store of profiles that the actions need."""

    def get(self, pseudonym: str) -> Profile | None:
        """Return somebody's profile, None when they never changed anything (or not for two years)."""
        ...

    def changed_since(self, at: datetime) -> Iterator[str]:
        """Return the pseudonyms of all profiles that got a notice from `at` on; reads the whole table, for an operator."""
        ...

    def save(self, before: Profile, after: Profile) -> Profile:
        """Keep `after` where `before` was, with its notices. Raises Conflict(`stale_version`) when somebody was first."""
        ...


class ProfileItem(Model):
    """A profile as DynamoDB keeps it. There is no code in it (`model.code_of`).

    The attributes below `expires_at` are read and not written any more: before `contact` they held how a person is reached.
    """

    pseudonym = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute()
    version = NumberAttribute()
    contact: ContactMap = ContactMap(null=True)
    proven_at = InstantAttribute(null=True)
    proven_by = NumberAttribute(null=True)
    challenge = JSONAttribute(null=True)
    notices = JSONAttribute()
    expires_at = NumberAttribute()

    email = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    information = UnicodeAttribute(null=True)
    survey = BooleanAttribute(null=True)
    neutral = BooleanAttribute(null=True)
    hours = UnicodeAttribute(null=True)
    phone = BooleanAttribute(null=True)


class ProfileStore:
    """Profiles in DynamoDB."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._model, self._clock = bind(ProfileItem, "profiles", settings), clock

    def get(self, pseudonym: str) -> Profile | None:
        item = find(self._model, pseudonym)
        return _profile(item) if item and self._clock.now().timestamp() < item.expires_at else None

    def changed_since(self, at: datetime) -> Iterator[str]:
        changed = ProfileItem.expires_at >= expiry(at + KEPT)
        for item in self._model.scan(changed, attributes_to_get=["pseudonym"]):
            yield item.pseudonym

    def save(self, before: Profile, after: Profile) -> Profile:
        # An item that is over its time and not yet deleted does not stand in the way of a new beginning.
        unchanged = ProfileItem.version == before.version if before.version else ProfileItem.pseudonym.does_not_exist()
        if not before.version:
            unchanged |= ProfileItem.expires_at <= expiry(self._clock.now())
        is_first = wrote(self._item(after).save, condition=unchanged)
        return require_first(is_first, after, lambda: self.get(after.pseudonym))

    def profile_of_image(self, image: dict[str, Any]) -> Profile:
        """Return the profile that a stream image (DynamoDB JSON) holds."""
        return _profile(self._model.from_raw_data(image))

    def _item(self, profile: Profile) -> ProfileItem:
        return self._model(
            pseudonym=profile.pseudonym,
            id=profile.id,
            version=profile.version,
            contact=map_of(profile.contact),
            proven_at=profile.proven_at,
            proven_by=profile.proven_by or None,
            challenge=_written(profile.challenge) if profile.challenge else None,
            notices=[_noted(notice) for notice in profile.notices],
            expires_at=expiry(self._clock.now() + KEPT),
        )


def _profile(item: ProfileItem) -> Profile:
    contact = contact_of(item.contact) if item.contact else _contact_of_old(item)
    return Profile(
        pseudonym=item.pseudonym,
        id=item.id,
        version=int(item.version),
        email=contact.email,
        proven_at=item.proven_at,
        proven_by=int(item.proven_by or 0),
        choices=Choices.of(contact),
        challenge=_challenge(item.challenge) if item.challenge else None,
        notices=tuple(map(_notice, item.notices)),
    )


def _contact_of_old(item: ProfileItem) -> Contact:
    """Return how a person is reached whose profile was kept before it had the layout of the reports."""
    return Contact(
        email=item.email or "",
        language=Language(item.language),
        information=InformationWish(item.information),
        survey=item.survey,
        safety=Safety(neutral=item.neutral, hours=Hours(item.hours), phone=item.phone),
    )


def _written(challenge: Challenge) -> dict[str, Any]:
    return {**asdict(challenge), "asked_at": challenge.asked_at.isoformat()}


def _challenge(content: dict[str, Any]) -> Challenge:
    return Challenge(**{**content, "asked_at": datetime.fromisoformat(content["asked_at"])})


def _noted(notice: Notice) -> dict[str, Any]:
    return {**asdict(notice), "at": notice.at.isoformat()}


def _notice(content: dict[str, Any]) -> Notice:
    facts = {"kind": NoticeKind(content["kind"]), "at": datetime.fromisoformat(content["at"])}
    changed = content.get("changed")
    return Notice(**{**content, **facts, "changed": None if changed is None else tuple(changed)})
