"""How a reporter is reached, as DynamoDB keeps it: one layout, for the tables of reports and of profiles alike.

A value that is as it mostly is takes no bytes: a map without these attributes is read as such.
"""

from typing import Any

from pynamodb.attributes import BooleanAttribute, MapAttribute, UnicodeAttribute

from chalicelib.core.language import Language
from chalicelib.reports.contact import Contact, Hours, InformationWish, Safety


class ContactMap(MapAttribute[str, Any]):
    """A contact inside an item. `no_phone` stands in it only where somebody may not be called."""

    email = UnicodeAttribute()
    language = UnicodeAttribute()
    information = UnicodeAttribute()
    survey = BooleanAttribute()
    usable = BooleanAttribute()
    own = BooleanAttribute(null=True)
    neutral = BooleanAttribute(null=True)
    hours = UnicodeAttribute(null=True)
    no_phone = BooleanAttribute(null=True)
    proven = BooleanAttribute(null=True)


def map_of(contact: Contact) -> ContactMap:
    """Return the map that holds the contact."""
    return ContactMap(
        email=contact.email,
        language=contact.language.value,
        information=contact.information.value,
        survey=contact.survey,
        usable=contact.usable,
        own=contact.own or None,
        neutral=contact.safety.neutral or None,
        hours=contact.safety.hours.value if contact.safety.hours is not Hours.ANY else None,
        no_phone=None if contact.safety.phone else True,
        proven=contact.proven or None,
    )


def contact_of(content: Any) -> Contact:
    """Return the contact that a map holds: the inverse of `map_of`."""
    return Contact(
        email=content.email,
        language=Language(content.language),
        information=InformationWish(content.information),
        survey=content.survey,
        usable=content.usable,
        own=bool(content.own),
        proven=bool(content.proven),
        safety=Safety(neutral=bool(content.neutral), hours=Hours(content.hours or Hours.ANY), phone=not content.no_phone),
    )
