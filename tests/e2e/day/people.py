"""The people of a unit's day, the reports that it is about, and what they see."""

import re
from urllib.parse import quote

UNIT, ELSEWHERE = "Amsterdam", "Noord-Nederland"
HERE = {"municipality": UNIT}
REFERENCE = re.compile(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}")
BIKE, WALL, FOUND = "fiets.day@example.org", "muur.day@example.org", "vondst.day@example.org"
NUMBERS = "PL1300-2026"


class Day:
    """Everybody of the day, and the reports that it is about."""

    def __init__(self, cast, eventually):
        self.cast, self.eventually, self.world = cast, eventually, cast.world()
        self.bike = self.wall = self.found = self.team = ""
        self.frauds = []
        self.has_bike = self.has_wall = ""  # who took them
        self.took = {}  # seconds, by scene
        self._known = {}  # who was logged in before
        self.cursor = self._read_on("")[1]

    def citizen(self, person):
        """Return somebody who reported something, logged in."""
        return self._logged_in(person, self.cast.citizen, "/reports")

    def officer(self, person):
        """Return somebody of the police, logged in."""
        return self._logged_in(person, self.cast.officer, "/desk")

    def _logged_in(self, person, comes, first):
        """Whoever did something else for a quarter of an hour, or two weeks, was logged out, and logs in again."""
        somebody = self._known.setdefault(person, comes())
        page = somebody.open(first)
        if page.path != first or "Uitloggen" not in page.words:
            somebody.log_in(person)
        return somebody

    def mails(self, address):
        return self.cast.inbox(address).mails()

    def mailed(self, address, count):
        """Wait until this address has had so many mails; return them."""
        assert self.eventually(lambda: len(self.mails(address)) >= count), f"{address}: {len(self.mails(address))} of {count}"
        assert len(self.mails(address)) == count
        return self.mails(address)

    def told_since(self):
        """Return what the police's own system is told of the unit since it last asked."""
        events, self.cursor = self._read_on(self.cursor)
        return events

    def _read_on(self, cursor):
        system, told = self.cast.program("supervisor-amsterdam"), []
        while more := system.get(f"/v1/desk/changes?unit={quote(UNIT)}&cursor={cursor}"):
            told, cursor = told + more, system.told["Next-Cursor"]
        return told, system.told["Next-Cursor"]


def changed(officer, page, status, **facts):
    """Choose a status, read what comes of it, and do it; return the page of the report, from which it can be undone."""
    check = officer.press(page, "Bekijk wat er gebeurt", {"status": status, **facts})
    assert "Er is nog niets veranderd." in check.words, check.words[:2000]
    return officer.press(check, "Doe dit")
