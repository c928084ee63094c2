"""The rules that hold when all has come to rest: every news reached its reader, or somebody knows that it did not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from tests.simulation.books import CLOCKS, FOR_ALL, NEWS, REMEMBERED, WISHES, Books, Break, Fact, ReportBook, silences

A_DAY = timedelta(hours=25)
Letters = Mapping[tuple[str, int], Any]  # the raw items of the letters table, by reference and number


@dataclass(frozen=True, slots=True)
class Rest:
    """All that there is to see when all has come to rest. `quiet_at` is when the quiet began; `listed` are the desk's reports."""

    books: Books
    letters: Letters
    listed: frozenset[str]
    quiet_at: datetime
    undelivered: int = 0
    clues: frozenset[str] = frozenset()  # reports that lie on clues that they have not, or not on those that they have
    files: Mapping[str, bool] = field(default_factory=dict)  # whether anything is kept of a photo, by its report's reference

    @property
    def now(self) -> datetime:
        return self.books.now


def judged(rest: Rest) -> Iterator[Break]:
    """Yield every rule that is broken."""
    for book in rest.books.reports.values():
        if book.erased_at:
            yield from _erased(book, rest)
            continue
        for fact in book.facts:
            if fact.kind in NEWS and fact.at < rest.quiet_at and fact.number not in book.retracted:
                yield from _told(fact, book, rest)
        yield from _as_chosen(book, rest)
        yield from _taken_back(book, rest)
        if rest.files.get(book.reference) is False:
            yield _break(rest, "9 a file that was sent is gone", book.reference)
    for reference in sorted(rest.clues):
        yield _break(rest, "10 a report is not found by what it has, or by what it has not", reference)
    yield from _codes(rest)
    yield from _doubled(rest)
    yield from _stuck(rest)


def _told(fact: Fact, book: ReportBook, rest: Rest) -> Iterator[Break]:
    """Rules 1, 5 and 6: the news reached its reader, or a reason is true, or somebody works it off."""
    if _is_settled(fact, book, rest):
        return
    mails = rest.books.of_event.get((book.reference, fact.number), [])
    if _waits_for_safe_hours(fact, book, rest) or _waits_for_tomorrow(fact, book, rest):
        return
    name = f"{book.reference}#{fact.number} {fact.kind} {fact.status}"
    item = rest.books.letters.get((book.reference, fact.number))
    if any(mail.back_at for mail in rest.books.of_report.get(book.reference, ()) if mail.at >= fact.at):
        yield _break(rest, "5 unreached, and on no list", f"{name}: {_last(book, rest)} {_words(item)}")
    elif item is None:
        yield _break(rest, "1 no mail and no reason", name)
    elif str(item.get("pile", {}).get("S", "")).startswith("due"):
        yield _break(rest, "6 stuck", f"{name}: {_words(item)}")
    else:
        yield _break(rest, "1 no mail, and no reason that counts", f"{name}: {_words(item)}, {len(mails)} mails")


def _is_settled(fact: Fact, book: ReportBook, rest: Rest) -> bool:
    given = rest.books.reasons.get((book.reference, fact.number))
    return (
        bool(rest.books.mails_after(book, fact))
        or book.reference in rest.listed
        or _is_known_otherwise(fact, book)
        or (given is not None and given.reason == "not_wanted" and rest.books.is_true(given, fact, book))
        or (given is not None and given.reason == "address_unproven" and not book.contact["proven"])
        or silences(book.contact, fact)
        or _is_given_up(book.reference, fact.number, rest)
        or _is_forgotten(fact, book, rest)
    )


def _waits_for_safe_hours(fact: Fact, book: ReportBook, rest: Rest) -> bool:
    """True when a mail came back within the day, and the letter waits until its reader is safe."""
    item = rest.books.letters.get((book.reference, fact.number), {})
    is_soon = "look_at" in item and int(item["look_at"]["N"]) / 1_000_000 > rest.now.timestamp()
    late = [mail for mail in rest.books.of_report[book.reference] if mail.back_at and mail.back_at > rest.now - A_DAY]
    return bool(late) and is_soon and book.contact["hours"] != "0-24"


def _waits_for_tomorrow(fact: Fact, book: ReportBook, rest: Rest) -> bool:
    """True when the letter waits for the next day, its address being unproven and having had its mails of this one."""
    look_at = rest.books.letters.get((book.reference, fact.number), {}).get("look_at")
    is_soon = look_at is not None and rest.now.timestamp() < int(look_at["N"]) / 1_000_000 < (rest.now + A_DAY * 2).timestamp()
    return is_soon and not book.contact["proven"] and rest.books.is_full(book.contact["email"], rest.now)


def _is_known_otherwise(fact: Fact, book: ReportBook) -> bool:
    """True when the reporter got it on paper at the counter, was told by telephone or letter, or answered the question."""
    at_counter = fact.number == 1 and not book.contacts[0]["email"]
    later = [each for each in book.facts if each.number > fact.number]
    answers = (each for each in later if each.kind == "question_answered" and fact.kind == "question_asked")
    is_answered = any(each.question == fact.question for each in answers)
    is_overtaken = fact.kind == "reminded" and any(each.kind.startswith("question_") for each in later)
    return at_counter or is_answered or is_overtaken or any(each.kind == "told_otherwise" for each in later)


def _is_forgotten(fact: Fact, book: ReportBook, rest: Rest) -> bool:
    """True for news so old that nobody knows of its letter any more."""
    return fact.at < rest.now - REMEMBERED and (book.reference, fact.number) not in rest.letters


def _is_given_up(reference: str, number: int, rest: Rest) -> bool:
    """True when the event's letter, or the one that it joined, lies on the pile that people work off."""
    seen: set[int] = set()
    while number and number not in seen:
        seen.add(number)
        item = rest.books.letters.get((reference, number), {})
        if item.get("pile", {}).get("S", "").startswith("failed"):
            return True
        number = int(item.get("joined", {}).get("N", 0))
    return False


def _last(book: ReportBook, rest: Rest) -> str:
    mail = rest.books.of_report[book.reference][-1]
    return f"last mail to {mail.to}, the address is {book.contact['email']} usable={book.contact['usable']}"


def _words(item: Any) -> str:
    shown = ("pile", "not_sent", "joined", "rejected", "failed_at", "accepted_at", "bounce", "complained_at", "look_at")
    return " ".join(f"{name}={next(iter(item[name].values()))}" for name in shown if item and name in item) or "no item"


def _taken_back(book: ReportBook, rest: Rest) -> Iterator[Break]:
    """Rule 12: nobody hears of what was taken back, and what somebody heard is not taken back."""
    for number in book.retracted:
        item = rest.letters.get((book.reference, number), {})
        if rest.books.of_event.get((book.reference, number)) or "joined" in item:
            yield _break(rest, "12 a mail tells of what was taken back", f"{book.reference}#{number}: {_words(item)}")


def _codes(rest: Rest) -> Iterator[Break]:
    """Rule 1: a code that was asked for is mailed, or was over before that could be done."""
    for person in rest.books.people.values():
        for code in person.codes[-1:]:  # an older one was replaced, and is of no use
            key = person.name, code.facts["number"]
            sent = any(mail.at >= code.at and mail.to == code.facts["email"] for mail in rest.books.of_event.get(key, ()))
            given = rest.books.reasons.get(key)
            if _is_given_up(*key, rest) or "rejected" in rest.books.letters.get(key, {}):
                continue
            if not sent and (given is None or given.at < code.at) and code.at < rest.quiet_at:
                yield _break(rest, "1 a code is never mailed", f"{key}: {_words(rest.books.letters.get(key))}")


def _doubled(rest: Rest) -> Iterator[Break]:
    """Rule 2: one event, one mail; but one that is flagged, or whose earlier mail came back."""
    for (reference, number), mails in rest.books.of_event.items():
        for earlier, mail in pairwise(mails):
            anew = earlier.tells_at is not None and earlier.tells_at <= mail.at
            item = rest.books.letters.get((reference, number))
            if mail.at - earlier.at > REMEMBERED:
                continue  # another person's notice by now, or the same number again
            if not anew and item is not None and "repeated" not in item:
                yield _break(rest, "2 a mail is doubled", f"{mail.name} after {mail.at - earlier.at}")


def _stuck(rest: Rest) -> Iterator[Break]:
    """Rule 6: nobody waits for what nobody looks at."""
    if rest.undelivered:
        yield _break(rest, "6 a record is stuck in its stream", f"{rest.undelivered} records")
    for (reference, number), item in rest.letters.items():
        if str(item.get("pile", {}).get("S", "")).startswith("due"):
            overdue = rest.now.timestamp() - int(item["look_at"]["N"]) / 1_000_000
            if overdue > timedelta(minutes=65).total_seconds():
                yield _break(rest, "6 due, and nobody looks", f"{reference}#{number} for {overdue:.0f} s: {_words(item)}")


def _erased(book: ReportBook, rest: Rest) -> Iterator[Break]:
    """Rule 9: nothing of it comes back."""
    if rest.files.get(book.reference):
        yield _break(rest, "9 what was erased comes back", f"a file of {book.reference}")
    left = [number for reference, number in rest.letters if reference == book.reference]
    if left:
        yield _break(rest, "9 what was erased comes back", f"letters {left} of {book.reference}")


def _as_chosen(book: ReportBook, rest: Rest) -> Iterator[Break]:
    """Rule 7: what was chosen has reached every report that was there."""
    person = rest.books.people[book.whose]
    filed = book.contacts[0]
    for name in ("email", *FOR_ALL, *WISHES):
        decisions = [each for each in (*person.proofs, *person.choices) if name in each.facts]
        if name in WISHES and book.contact["own"]:
            continue
        near = [each for each in decisions if abs(each.at - book.filed_at) < CLOCKS]
        newer = [each for each in decisions if each.at >= book.filed_at + CLOCKS and each.at < rest.quiet_at]
        wished = [each for each in rest.books.wished[book.reference] if name in each.facts]
        if newer:
            allowed = {newer[-1].facts[name]} | {each.facts[name] for each in newer[:-1] if newer[-1].at - each.at < CLOCKS}
        else:
            allowed = {filed[name]} | {each.facts[name] for each in near}
        if wished:
            last = newer[-1] if newer else None
            if last is None or wished[-1].at > last.at:
                allowed = {wished[-1].facts[name]}
        if book.contact[name] not in allowed:
            rule = "7 what was chosen does not reach a report" if newer else "7 a report is not as it was filed"
            yield _break(rest, rule, f"{book.reference} {name}={book.contact[name]}, not {sorted(map(str, allowed))}")


def _break(rest: Rest, rule: str, detail: str) -> Break:
    return Break(rule, detail, rest.now)
