"""Plain books of what happened: what stood in each report and from when on, which mails SES took, what it said of them.

The books know nothing of ledgers, claims or leases. They see each write of a table as it is made, with the true time, and each
mail as SES takes it; from that follows what must be true, and what is not is a break of a rule.
"""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

NEWS = frozenset(
    {"received", "status_changed", "question_asked", "question_ended", "nothing_changed", "reminded", "update_given"}
)
DECISIONS = frozenset({"not_investigated", "with_prosecutor", "closed"})
CLOCKS = timedelta(seconds=11)  # that two clocks may be apart, and a moment
OFF = timedelta(seconds=6)  # that one clock may be off, and a moment
REMEMBERED = timedelta(days=700)  # letters, and which addresses get none, are kept for two years (docs/operations/retention.md)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NEUTRAL = "bericht@post.example"
UNPROVEN_MOST = 5  # mails a day to an address that its reporter has not proven
A_DAY_S = 86_400
BETWEEN = timedelta(days=27)  # whole days of the calendar lie between two requests for an update: 28 of them
DEFAULTS: Mapping[str, Any] = {"own": False, "neutral": False, "hours": "0-24", "no_phone": False, "proven": False}
FOR_ALL = ("language", "neutral", "hours", "no_phone")
WISHES = ("information", "survey")

Contact = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Break:
    """One rule that was broken, and how. `rule` begins with its number."""

    rule: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Fact:
    """One event of a timeline, with the time at which it was really written."""

    number: int
    kind: str
    status: str
    question: int
    at: datetime
    undoes: int = 0


@dataclass(slots=True)
class Taken:
    """One mail that SES took. `began` is when the call to SES began; `back_at` when SES told us that it came back."""

    name: str
    reference: str
    number: int
    to: str
    sender: str
    at: datetime
    began: datetime
    message_id: str
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    arrives: bool = True
    back_at: datetime | None = None
    tells_at: datetime | None = None  # when SES began to tell that, heard to the end or not


@dataclass(slots=True)
class ReportBook:
    """One report as it stood from time to time."""

    reference: str
    whose: str
    filed_at: datetime
    facts: list[Fact] = field(default_factory=list)
    since: list[datetime] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    erased_at: datetime | None = None

    @property
    def contact(self) -> Contact:
        return self.contacts[-1]

    @property
    def retracted(self) -> Mapping[int, datetime]:
        """When the facts were taken back that an officer took back, by their numbers."""
        return {fact.undoes: fact.at for fact in self.facts if fact.undoes}

    def stands(self, contact: Contact, at: datetime) -> None:
        self.since.append(at)
        self.contacts.append(contact)

    def stood(self, since: datetime, until: datetime) -> list[Contact]:
        """Return how the reporter was reached at any moment of a time."""
        first = max(0, bisect_right(self.since, since) - 1)
        return [each for each, at in zip(self.contacts[first:], self.since[first:], strict=True) if at <= until] or [
            self.contacts[first]
        ]


@dataclass(frozen=True, slots=True)
class Decision:
    """The choice of a person about all their reports, and when it was really kept."""

    at: datetime
    facts: Mapping[str, Any]


@dataclass(slots=True)
class Person:
    """One person's proven addresses and choices."""

    name: str = ""  # of the person in the ledger
    proofs: list[Decision] = field(default_factory=list)
    codes: list[Decision] = field(default_factory=list)  # asked for
    choices: list[Decision] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Given:
    """The reason that was recorded for an event with no mail; `began` is when whoever wrote it had begun."""

    reason: str
    began: datetime
    at: datetime


class Books:
    """All that happened, and which rules were broken by it."""

    def __init__(self, time: Any, unproven_most: int = UNPROVEN_MOST) -> None:
        self._time, self._unproven_most = time, unproven_most
        self.reports: dict[str, ReportBook] = {}
        self.people: dict[str, Person] = defaultdict(Person)
        self.mails: list[Taken] = []
        self.of_event: dict[tuple[str, int], list[Taken]] = defaultdict(list)
        self.of_report: dict[str, list[Taken]] = defaultdict(list)
        self.letters: dict[tuple[str, int], Any] = {}  # the raw items as they were written last, also those forgotten since
        self.reasons: dict[tuple[str, int], Given] = {}
        self.heard: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)  # address → heard at, its mail taken at
        self.refused: set[str] = set()  # addresses of which SES said that no mail arrives, heard or half heard
        self.proven: dict[str, datetime] = {}
        self.wished: dict[str, list[Decision]] = defaultdict(list)  # reference → wishes of that report alone
        self.broken: list[Break] = []
        self.tried: dict[tuple[str, int], set[tuple[str, int]]] = defaultdict(set)  # address and day → letters handed to SES
        self.unproven: dict[tuple[str, int], set[tuple[str, int]]] = defaultdict(
            set
        )  # those that SES took, nobody having proven it

    @property
    def now(self) -> datetime:
        return self._time.at

    def breaks(self, rule: str, detail: str) -> None:
        self.broken.append(Break(rule, detail, self.now))

    # Each write ---------------------------------------------------------------------------------------------

    def written(self, table: str, old: Any, new: Any, run: Any) -> None:
        if table == "reports":
            self._report_written(old, new, run)
        elif table == "profiles" and new is not None:
            self._profile_written(old, new, run)
        elif table == "letters" and new is not None:
            self._letter_written(old, new, run)

    def _report_written(self, old: Any, new: Any, run: Any) -> None:
        reference = (new or old)["reference"]["S"]
        book = self.reports.get(reference)
        if new is None:
            if book:
                book.erased_at = self.now
            return
        if book is None:
            book = self.reports[reference] = ReportBook(reference, new["reporter"]["S"], self.now)
        if book.erased_at:
            self.breaks("9 what was erased comes back", f"{reference} is written again")
        facts = [fact_of(item, self.now) for item in new["timeline"]["L"]]
        self._timeline(book, facts)
        self._handed_over(old, new)
        contact = contact_of(new["contact"]["M"])
        if not book.contacts:
            book.stands(contact, self.now)
        elif contact != book.contact:
            before = book.contact
            book.stands(contact, self.now)
            self._contact_changed(book, before, contact, run)
            if run and run.name in ("wishes", "refuse"):
                self.wished[reference].append(
                    Decision(self.now, {name: contact[name] for name in WISHES if before[name] != contact[name]})
                )

    def _handed_over(self, old: Any, new: Any) -> None:
        """Rule 12: in another unit nobody has the report yet, and it waits where it waited."""
        if old and old.get("unit") != new.get("unit"):
            if "assignee" in new:
                self.breaks("12 the officer of another unit keeps a report", new["reference"]["S"])
            if old.get("place") != new.get("place"):
                self.breaks("12 a report loses its place by a hand-over", new["reference"]["S"])

    def _asked_again(self, book: ReportBook) -> None:
        """Rule 13: an update can be asked for once in 28 days."""
        asked = [fact.at for fact in book.facts if fact.kind == "update_asked"]
        if any(later - earlier < BETWEEN - CLOCKS for earlier, later in pairwise(asked)):
            self.breaks("13 a reporter asks how it stands too soon after they did", book.reference)

    def _timeline(self, book: ReportBook, facts: list[Fact]) -> None:
        known = len(book.facts)
        same = all(
            (a.kind, a.status, a.question) == (b.kind, b.status, b.question) for a, b in zip(book.facts, facts, strict=False)
        )
        if not same or len(facts) < known or [fact.number for fact in facts] != list(range(1, len(facts) + 1)):
            self.breaks("10 a report loses an event", f"{book.reference}: {[fact.number for fact in facts]}")
        book.facts += facts[known:]
        self._asked_again(book)

    def _profile_written(self, old: Any, new: Any, run: Any) -> None:
        whose, contact = new["pseudonym"]["S"], contact_of(new["contact"]["M"])
        self.people[whose].name = new["id"]["S"]
        if run and run.name == "ask_code" and new.get("challenge") != (old or {}).get("challenge"):
            asked = json.loads(new["challenge"]["S"])
            self.people[whose].codes.append(Decision(self.now, {"email": asked["email"], "number": asked["number"]}))
        if run and run.name == "confirm" and new.get("proven_by") != (old or {}).get("proven_by"):
            self.people[whose].proofs.append(Decision(self.now, {"email": contact["email"]}))
            self.proven[contact["email"].lower()] = self.now
        if run and run.name == "choose":
            about = run.details["about"]
            if self._shown_to(whose, old).get(about) != contact[about]:
                self.people[whose].choices.append(Decision(self.now, {about: contact[about]}))

    def _shown_to(self, whose: str, old: Any) -> Contact:
        """Return how somebody was shown to be reached before they chose: by their details, or else by their newest report."""
        if old and ("expires_at" not in old or int(old["expires_at"]["N"]) > self.now.timestamp() + OFF.total_seconds()):
            return contact_of(old["contact"]["M"])
        own = [book for book in self.reports.values() if book.whose == whose and not book.erased_at]
        return max(own, key=lambda book: book.filed_at).contact if own else {}

    def _letter_written(self, old: Any, new: Any, run: Any) -> None:
        self.letters[new["reference"]["S"], int(new["number"]["N"])] = new
        reason = new.get("not_sent", {}).get("S", "")
        key = (new["reference"]["S"], int(new["number"]["N"]))
        if not reason or reason == (old or {}).get("not_sent", {}).get("S", ""):
            return
        self.reasons[key] = Given(reason, run.began if run else self.now, self.now)
        self._reason_given(*key, self.reasons[key])

    # Rule 1: a reason is true when it is given ----------------------------------------------------------------------

    def _reason_given(self, reference: str, number: int, given: Given) -> None:
        book = self.reports.get(reference)
        fact = book.facts[number - 1] if book and number <= len(book.facts) else None
        if book is None or fact is None or (fact.kind not in NEWS and fact.kind != "survey_invited"):
            return
        if not self.is_true(given, fact, book):
            self.breaks("1 a reason that is not true", f"{reference}#{number} {fact.kind} {fact.status}: {given.reason}")

    def is_true(self, given: Given, fact: Fact, book: ReportBook) -> bool:
        """True when the reason held at some moment while it was being given."""
        stood = book.stood(given.began, given.at)
        if given.reason == "not_wanted":
            return any(silences(contact, fact) for contact in stood)
        if given.reason == "address_missing":
            return any(not contact["email"] for contact in stood)
        if given.reason == "address_unusable":
            return any(not contact["usable"] or contact["email"].lower() in self.refused for contact in stood)
        if given.reason == "address_unproven":
            is_own = fact.kind in ("received", "survey_invited")
            return is_own and any(not contact["proven"] and self.is_full(contact["email"], given.at) for contact in stood)
        if given.reason == "report_gone":
            return book.erased_at is not None
        return True  # another reason, which the final books judge: it does not count for news

    # Rules 3 and 4: as the report stood when the mail went -----------------------------------------------------------

    def taken(self, mail: Taken, run: Any, began: datetime, last: Any) -> None:
        """SES takes a mail, in a call that `began` then; `last` is the call before it."""
        self.mails.append(mail)
        self.of_event[mail.reference, mail.number].append(mail)
        self.of_report[mail.reference].append(mail)
        book = self.reports.get(mail.reference)
        if book is None:
            return
        since = last[2] if last and _reads(last, mail.reference) else began
        detail = f"{mail.name} to {mail.to} by {run.name}"
        if book.erased_at and book.erased_at < since:
            self.breaks("9 what was erased comes back", f"{detail}: its report is gone")
        self._counted(mail, book.stood(since, self.now))
        wrongs = [self.wrong(mail, contact, book) for contact in book.stood(since, self.now)]
        if all(wrongs):
            self.breaks(f"3 {wrongs[-1]}", detail)
        if self.is_dead(mail.to, at=since):
            self.breaks("4 written to an address of which it was heard that no mail may go there", detail)

    def wrong(self, mail: Taken, contact: Contact, book: ReportBook) -> str:
        """Return what is wrong with a mail under this contact; empty for nothing."""
        if mail.to != contact["email"]:
            return "a replaced address"
        if not contact["usable"]:
            return "an address that does not work"
        if not any(is_safe(contact, mail.at + off) for off in (-OFF, timedelta(), OFF)):
            return "outside safe hours"
        if (mail.sender == NEUTRAL) is not contact["neutral"]:
            return "not as neutral as was asked"
        return "" if self._brings_what_is_wanted(mail, contact, book) else "against a wish"

    def _brings_what_is_wanted(self, mail: Taken, contact: Contact, book: ReportBook) -> bool:
        own = book.facts[mail.number - 1] if mail.number <= len(book.facts) else None
        if own and (own.kind == "survey_invited" or own.kind in NEWS) and not silences(contact, own):
            return True
        if own and own.kind == "survey_invited":
            return False
        if contact["information"] == "all":
            return True
        return any(not silences(contact, fact) for fact in self.untold(book, without=mail))

    def handed(self, to: str, reference: str, number: int) -> None:
        """A letter about a report is handed to SES, whether it takes it or not."""
        if reference in self.reports:
            self.tried[to.lower(), day_of(self.now)].add((reference, number))

    def is_full(self, address: str, at: datetime) -> bool:
        """True when an address may have had all its mails of the day; a place that is taken and fails is lost."""
        days = {day_of(at + off) for off in (-OFF, OFF)}
        return any(len(self.tried.get((address.lower(), day), ())) >= self._unproven_most // 2 for day in days)

    def _counted(self, mail: Taken, stood: list[Contact]) -> None:
        """Rule 11: an address that nobody proved gets few mails a day, over all reports."""
        key = mail.to.lower(), day_of(self.now)
        if any(contact["proven"] for contact in stood) or len({day_of(self.now + off) for off in (-OFF, OFF)}) > 1:
            return
        self.unproven[key].add((mail.reference, mail.number))
        if len(self.unproven[key]) > self._unproven_most:
            self.breaks("11 too much mail to an address that nobody proved", f"{mail.name} to {mail.to}")

    def untold(self, book: ReportBook, *, without: Taken | None = None) -> list[Fact]:
        """Return the news that no mail brought that did not come back."""
        news = [fact for fact in book.facts if fact.kind in NEWS and fact.number not in book.retracted]
        return [fact for fact in news if not self.mails_after(book, fact, without=without)]

    def mails_after(self, book: ReportBook, fact: Fact, *, without: Taken | None = None) -> list[Taken]:
        """Return the mails about a report that tell of a fact, and did not come back."""
        surveys = {each.number for each in book.facts if each.kind == "survey_invited"}
        found = self.of_report.get(book.reference, ())
        return [
            mail
            for mail in found
            if mail is not without and mail.at >= fact.at and not mail.back_at and mail.number not in surveys
        ]

    # Rule 8: somebody's own ------------------------------------------------------------------------------------------

    def shown(self, whose: str, references: Iterable[str]) -> None:
        """Somebody was shown these reports."""
        for reference in references:
            if self.reports[reference].whose != whose:
                self.breaks("8 somebody reads what is not theirs", f"{whose} is shown {reference}")

    # Rule 4 and 7: addresses -----------------------------------------------------------------------------------------

    def tells(self, mail: Taken, kind: str, bounce: str) -> None:
        """SES begins to tell; whether it is heard to the end is another matter."""
        if kind in ("Complaint", "Reject") or bounce == "Permanent":
            self.refused.add(mail.to.lower())
            mail.tells_at = mail.tells_at or self.now
        if bounce == "Transient" and self._may_ask_to_act(mail):
            mail.tells_at = mail.tells_at or self.now

    def _may_ask_to_act(self, mail: Taken) -> bool:
        """True for a mail that asks its reader to act, or may tell of news that does: given up by SES, it is told another way."""
        book = self.reports.get(mail.reference)
        facts = book.facts if book else []
        return any(fact.at <= mail.at and asks_to_act(fact) for fact in facts)

    def told(self, mail: Taken, kind: str, bounce: str) -> None:
        """SES's word of a mail was taken in: it came back, or its reader wants none."""
        self.tells(mail, kind, bounce)
        if kind in ("Complaint", "Reject") or bounce == "Permanent":
            mail.back_at = mail.back_at or self.now
        if kind == "Complaint" or bounce == "Permanent":
            self.heard[mail.to.lower()].append((self.now, mail.at))

    def is_dead(self, address: str, *, at: datetime | None = None) -> bool:
        """True when it was heard before `at` that no mail may go there, and nobody has proven the address since."""
        proven = self.proven.get(address.lower())
        return any(
            (at is None or heard < at)
            and heard > self.now - REMEMBERED
            and (proven is None or (heard > proven and taken > proven))
            for heard, taken in self.heard.get(address.lower(), ())
        )

    def _contact_changed(self, book: ReportBook, before: Contact, after: Contact, run: Any) -> None:
        detail = f"{book.reference} by {run.name if run else '?'}: {difference(before, after)}"
        stray = run and run.details.get("stray")
        if before["usable"] and not after["usable"] and before["email"] == after["email"]:
            told = run.details.get("told") if run else None
            spoken = told is not None and told.mail.to.lower() == after["email"].lower()
            if stray or not (spoken or after["email"].lower() in self.refused):
                self.breaks("7 an address is marked by a mail that never was", detail)
        revived = after["usable"] and (not before["usable"] or before["email"] != after["email"])
        if revived and self.is_dead(after["email"]):
            self.breaks("7 a dead address becomes usable", detail)
        self._changed_by_choice(book, before, after, run, detail)

    def _changed_by_choice(self, book: ReportBook, before: Contact, after: Contact, run: Any, detail: str) -> None:
        """Each change must be the choice that the person made last, after the report was filed."""
        person = self.people[book.whose]
        decided = {"email": person.proofs} | dict.fromkeys(FOR_ALL, person.choices)
        if run and run.name not in ("wishes", "refuse"):
            decided |= dict.fromkeys(WISHES, person.choices)
        for name, decisions in decided.items():
            if before[name] == after[name]:
                continue
            newer = [each for each in decisions if name in each.facts and each.at > book.filed_at - CLOCKS]
            if not newer:
                self.breaks("7 a newer report is changed by an older choice", f"{detail} ({name})")
            elif after[name] not in {each.facts[name] for each in current(newer, run.began if run else self.now)}:
                self.breaks("7 an older choice comes after a newer one", f"{detail} ({name})")


def day_of(at: datetime) -> int:
    """Return the number of the day by which mails are counted."""
    return int(at.timestamp()) // A_DAY_S


def current(decisions: list[Decision], since: datetime) -> list[Decision]:
    """Return what was the last decision at `since`, and all later ones."""
    earlier = [each for each in decisions if each.at <= since]
    return [*earlier[-1:], *(each for each in decisions if each.at > since)]


def silences(contact: Contact, fact: Fact) -> bool:
    """True when the reporter's wish lets this fact be silent; a question and what cannot be done online never are."""
    if fact.kind == "survey_invited":
        return not contact["survey"] or contact["information"] == "nothing"
    if asks_to_act(fact):
        return False
    if contact["information"] == "nothing":
        return True
    is_decision = fact.kind == "status_changed" and fact.status in DECISIONS
    return contact["information"] == "decisions" and not is_decision


def asks_to_act(fact: Fact) -> bool:
    """True for news that asks the reporter to act: a question, and what cannot be done online."""
    return fact.kind in ("question_asked", "reminded") or (fact.kind == "status_changed" and fact.status == "referred")


def is_safe(contact: Contact, at: datetime) -> bool:
    """True when a mail may reach this reader at that moment."""
    first, _, last = contact["hours"].partition("-")
    return int(first) <= at.astimezone(AMSTERDAM).hour < int(last)


def fact_of(item: Any, at: datetime) -> Fact:
    written = item["M"]
    question = int(written["q"]["N"]) if "q" in written else 0
    undoes = int(written["u"]["N"]) if "u" in written else 0
    return Fact(int(written["n"]["N"]), written["k"]["S"], written["s"]["S"], question, at, undoes)


def contact_of(item: Any) -> Contact:
    """Return a contact of a raw item, by the names that the table has for its parts."""
    found = {name: next(iter(value.values())) for name, value in item.items()}
    return {**DEFAULTS, **{name: value for name, value in found.items() if value is not None and "NULL" not in item[name]}}


def difference(before: Contact, after: Contact) -> str:
    changed: Iterable[str] = (name for name in after if before.get(name) != after.get(name))
    return ", ".join(f"{name} {before.get(name)} → {after[name]}" for name in changed)


def _reads(last: Any, reference: str) -> bool:
    operation, request, _ = last
    is_report = request.get("TableName", "").endswith("-reports")
    return operation == "GetItem" and is_report and json.dumps(request.get("Key", {})).find(reference) >= 0
