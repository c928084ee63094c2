"""The acts of which a life is made: what citizens, officers, SES, the streams and the schedules can do. One step is one act.

An act names whom it is about, so it means the same when steps before it are left out; where it has nothing to act on, nothing
happens. It draws whatever else it needs from a small seed of its own.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from chalicelib import events
from chalicelib.bulk import actions as bulk
from chalicelib.bulk.model import Act, Order
from chalicelib.clues import actions as clues
from chalicelib.core import ids
from chalicelib.core.clock import day_of
from chalicelib.core.language import Language
from chalicelib.evidence import actions as evidence
from chalicelib.evidence import looking
from chalicelib.evidence.model import folder_id
from chalicelib.letters import actions as letters_actions
from chalicelib.letters import sweeper
from chalicelib.letters.undoing import undo
from chalicelib.profiles import actions as profiles
from chalicelib.profiles import stream as profiles_stream
from chalicelib.reports import actions as reports
from chalicelib.reports.actions import OwnReports
from chalicelib.reports.additions import Sort
from chalicelib.reports.contact import Hours, InformationWish, Safety
from chalicelib.reports.corrections import newest_act
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.events import Actor, Channel, OfflineMeans, Role
from chalicelib.reports.facts import Reporter
from chalicelib.reports.model import Change, Report
from chalicelib.reports.statuses import Status
from chalicelib.reports.submission import Submission
from chalicelib.surveys import actions as surveys
from chalicelib.surveys.model import Scores
from tests.simulation import desk
from tests.simulation.books import ReportBook, Taken
from tests.simulation.post import WELL, Told, document
from tests.simulation.stage import CONFIGURATION_SET, NO_TROUBLE, TOPIC, Stage, Trouble
from tests.simulation.streams import FUNCTION, KEY
from tests.support.pictures import jpeg
from tests.support.samples import HANDLER, answers

SES_TELLS_WITHIN = timedelta(days=30)
OFFICER = Actor(Role.OFFICER, "NN1234")
CITIZENS = ("anna", "bram", "celine", "daan")
SHARED = "gezin@example.org"  # anna and bram read the same mailbox
STRIDE = 40  # days
UNIT = "Noord-Nederland"
ANSWERS = answers("bicycle-theft", municipality="GM0014", language="nl")
SHORT_CODE, CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b"), re.compile(r"\b[A-Z0-9]{5}-[A-Z0-9]{5}\b")
Slot = tuple[int, int]  # the citizen, and which of their reports


@dataclass(frozen=True, slots=True)
class Step:
    """One act, and what goes wrong with it."""

    act: str
    args: tuple[Any, ...] = ()
    trouble: Trouble = NO_TROUBLE

    def __str__(self) -> str:
        words = [self.act, *map(_word, self.args)]
        if self.trouble.off_s:
            words.append(f"(clock {self.trouble.off_s:+.1f} s)")
        words += [f"[call {number} {fault.value}]" for number, fault in self.trouble.faults]
        if self.trouble.inside:
            number, after, inside = self.trouble.inside
            words.append(f"{{{'after' if after else 'before'} call {number}: {inside}}}")
        return " ".join(words)


def _word(value: Any) -> str:
    return f"{CITIZENS[value[0]]}/{value[1]}" if isinstance(value, tuple) and len(value) == 2 else str(value)


@dataclass(slots=True)
class Player:
    """Carries steps out on a stage."""

    stage: Stage
    filed: dict[Slot, int] = field(default_factory=dict)  # by which key somebody filed their report
    folders: dict[str, str] = field(default_factory=dict)  # reference → where its photo is kept

    def __post_init__(self) -> None:
        self.stage.perform_inside = self.perform

    def perform(self, step: Step) -> None:
        self.stage.trouble(step.trouble)
        ACTS[step.act](self, *step.args)
        if self.stage.depth == 0:
            self.stage.trouble(NO_TROUBLE)
            self.stage.time.passes(0.2)
        self.stage.streams.fill()

    # The people and their reports ----------------------------------------------------------------------------------

    def reference(self, slot: Slot) -> str:
        key = digest("file", self.filed.get(slot, 0))
        return reports.reference_for(pseudonym(slot[0]), key, self.stage.derivation.names)

    def book(self, slot: Slot) -> ReportBook | None:
        book = self.stage.books.reports.get(self.reference(slot))
        return None if book is None or book.erased_at else book

    def request(self, name: str, what: Callable[[Any], Any], **details: Any) -> tuple[bool, Any]:
        """Let somebody do something at the portal; they press again once when they get no answer."""
        done, answer = self.stage.invoke(name, what, **details)
        if not done and answer is None and self.stage.depth == 0:
            self.stage.time.passes(2)
            done, answer = self.stage.invoke(name, what, **details)
        return done, answer

    def mine(self, slot: Slot, services: Any) -> OwnReports:
        return OwnReports(pseudonym=pseudonym(slot[0]), reports=services.reports, clock=services.clock)

    # Citizens ----------------------------------------------------------------------------------------------------

    def file(self, slot: Slot, email: str, wish: str, language: str, key: int, has_photo: bool = False) -> None:
        self.filed[slot] = key
        if has_photo:
            self._send_photo(slot)
        told = {**ANSWERS, "email": email, "information": wish, "language": language}
        who = pseudonym(slot[0])

        def file(services: Any) -> Report:
            storage, folder = services.evidence_storage, self.folder(slot)
            files = evidence.seal(looking.look(folder, storage), storage=storage) if has_photo else ()
            submission = Submission(KINDS["bicycle-theft"], told, (), files)
            report = reports.file(
                submission,
                reporter=Reporter(who, "sealed"),
                reach=services.details.reach(submission.contact, pseudonym=who),
                key=digest("file", key),
                channel=Channel.ONLINE if email else Channel.DESK,
                reports=services.reports,
                derivation_key=services.derivation_key,
                clock=services.clock,
            )
            if files:
                self.folders[report.reference] = folder
                evidence.keep(folder, storage=storage)
            return report

        self.request("file", file)

    def folder(self, slot: Slot) -> str:
        return folder_id(self.stage.derivation.names, pseudonym(slot[0]), self.reference(slot))

    def _send_photo(self, slot: Slot) -> None:
        """A photo comes with the form, and the bucket tells of it; once more when nobody listened."""
        folder = self.folder(slot)

        def send(services: Any) -> Any:
            facts = {"name": "foto.jpg", "declared": "image/jpeg", "content": jpeg()}
            return evidence.add(folder, **facts, storage=services.evidence_storage)

        done, file = self.request("send_photo", send)
        key = f"quarantine/{folder}/{file.id}/quarantine" if done else ""
        event = {"Records": [{"s3": {"object": {"key": key}}}]}
        for _ in range(2 if done else 0):
            if self.stage.invoke("on_file_uploaded", lambda _: events.on_file_uploaded(event))[0]:
                return

    def answer(self, slot: Slot, key: int) -> None:
        book = self.book(slot)
        asked = [fact.question for fact in book.facts if fact.kind == "question_asked"] if book else []
        if asked:
            self.request(
                "answer",
                lambda services: reports.answer(
                    self.reference(slot), asked[-1], "Om acht uur.", key=digest("answer", key), mine=self.mine(slot, services)
                ),
            )

    def add(self, slot: Slot, key: int) -> None:
        if self.book(slot):
            self.request(
                "add",
                lambda services: reports.add(
                    self.reference(slot),
                    Sort.MORE,
                    lambda _: {"more": "Er was een getuige."},
                    key=digest("add", key),
                    mine=self.mine(slot, services),
                ),
            )

    def wishes(self, slot: Slot, wish: str, survey: bool, key: int) -> None:
        if self.book(slot):
            self.request(
                "wishes",
                lambda services: reports.change_wishes(
                    self.reference(slot),
                    information=InformationWish(wish),
                    survey=survey,
                    key=digest("wishes", key),
                    mine=self.mine(slot, services),
                ),
            )

    def choose(self, who: int, about: str, value: Any) -> None:
        """A person chooses something for all their reports."""
        change = partial(_chosen, about=about, value=value)
        self.request(
            "choose",
            lambda services: profiles.choose(
                change, about=about, pseudonym=pseudonym(who), language=Language.NL, desk=services.details
            ),
            about={"phone": "no_phone"}.get(about, about),
        )

    def ask_code(self, who: int, email: str) -> None:
        self.request(
            "ask_code",
            lambda services: profiles.ask_code(email, pseudonym=pseudonym(who), language=Language.NL, desk=services.details),
        )

    def type_code(self, who: int, how: str) -> None:
        """A person types the code of the newest mail with a code that they can read; or a wrong one."""
        mail = self._code_mail(who)
        if mail is None:
            return
        code = SHORT_CODE.findall(mail.text)[-1] if how != "wrong" else ids.short_code(b"w" * 32)

        def type_it(services: Any) -> Any:
            return profiles.confirm(code, mail.number, pseudonym=pseudonym(who), language=Language.NL, desk=services.details)

        for _ in range(2 if how == "twice" else 1):
            self.request("confirm", type_it)

    def _code_mail(self, who: int) -> Taken | None:
        name = profiles.profile_id(self.stage.derivation.names, pseudonym(who))
        found = self.stage.books.of_report.get(name, ())
        return next((mail for mail in reversed(found) if mail.arrives and SHORT_CODE.search(mail.text)), None)

    def refuse(self, slot: Slot) -> None:
        """A mail program unsubscribes, by the address in the newest invitation to the survey."""
        mail = self._invitation(slot, header="List-Unsubscribe")
        if mail is not None:
            token = mail.headers["List-Unsubscribe"].strip("<>").rpartition("/")[2]
            self.request(
                "refuse",
                lambda services: letters_actions.unsubscribe(
                    token,
                    ledger=services.ledger,
                    reports=services.reports,
                    derivation=services.derivation,
                    clock=services.clock,
                ),
            )

    def survey(self, slot: Slot, key: int) -> None:
        mail = self._invitation(slot)
        codes = CODE.findall(mail.text) if mail else []
        if not codes:
            return

        def answer(services: Any) -> Any:
            facts = {"key": digest("survey", key), "surveys": services.surveys, "clock": services.clock}
            facts["names_key"] = services.derivation_key
            return surveys.answer(codes[0], Scores(satisfaction=7), "", **facts)

        self.request("survey", answer)

    def _invitation(self, slot: Slot, header: str = "") -> Taken | None:
        book = self.book(slot)
        numbers = {fact.number for fact in book.facts if fact.kind == "survey_invited"} if book else set()
        found = self.stage.books.of_report.get(self.reference(slot), ())
        return next((mail for mail in found if mail.number in numbers and (not header or header in mail.headers)), None)

    def look(self, who: int, slot: Slot) -> None:
        """Somebody looks at all their reports, and at one that may be another's."""
        done, _ = self.request("look", lambda services: reports.own(self.reference(slot), mine=self.mine((who, 0), services)))
        shown = [self.reference(slot)] if done else []
        done, page = self.request("look", lambda services: services.reports.of_reporter(pseudonym(who)))
        shown += [line.reference for line in page.lines] if done else []
        self.stage.books.shown(pseudonym(who), shown)

    # Officers ----------------------------------------------------------------------------------------------------

    def status(self, slot: Slot, to: str, key: int) -> None:
        if not self.book(slot):
            return

        def change(services: Any) -> Report:
            before = reports.get(self.reference(slot), services.reports)
            number = f"PL0100-2016{slot[0]:03}{slot[1]:03}" if to == "registered" else ""
            told = Change(Status(to), explanation="Uitleg.", registration_number=number, key=digest("status", key))
            return reports.change_status(
                before, told, by=OFFICER, version=before.version, reports=services.reports, clock=services.clock
            )

        self.request("status", change)

    def undo(self, slot: Slot, key: int) -> None:
        """An officer takes back what was done last."""
        if not self.book(slot):
            return

        def take_back(services: Any) -> Report:
            before = reports.get(self.reference(slot), services.reports)
            act = newest_act(before)
            number, facts = act.number if act else 0, {"by": OFFICER, "version": before.version}
            return undo(before, number, key=digest("undo", key), room=services.undoing, **facts)

        self.request("undo", take_back)

    def bulk(self, to: str, key: int) -> None:
        """An officer decides for all reports at once; pressed again, for the same list."""
        chosen = [self.reference(slot) for slot in self.filed if self.book(slot)]

        def decide(services: Any) -> Any:
            room = services.batch_room
            batch = bulk.choose(chosen, officer=HANDLER, key=digest("bulk", key), room=room)
            order = Order(act=Act.STATUS, status=Status(to), explanation="Uitleg.")
            tried = bulk.try_out(batch.id, order, officer=HANDLER, room=room) if batch.order is None else batch
            return bulk.confirm(tried.id, tried.fingerprint, officer=HANDLER, room=room)

        if chosen:
            self.request("bulk", decide)

    def ask(self, slot: Slot, days: int, key: int) -> None:
        if not self.book(slot):
            return

        def ask(services: Any) -> Report:
            before = reports.get(self.reference(slot), services.reports)
            return reports.ask(
                before,
                "Hoe laat was het?",
                by=OFFICER,
                version=before.version,
                deadline_on=day_of(services.clock.now()) + timedelta(days=days),
                deadlines=services.deadlines,
                key=digest("ask", key),
                reports=services.reports,
                clock=services.clock,
            )

        self.request("ask", ask)

    def phone(self, slot: Slot, means: str, key: int) -> None:
        """An officer tells whom no mail reaches."""
        if not self.book(slot):
            return

        def tell(services: Any) -> Report:
            before = reports.get(self.reference(slot), services.reports)
            return reports.note_contacted_offline(
                before,
                OfflineMeans(means),
                by=OFFICER,
                version=before.version,
                key=digest("phone", key),
                reports=services.reports,
                clock=services.clock,
            )

        self.request("phone", tell)

    # Lambda ------------------------------------------------------------------------------------------------------

    def deliver(self, table: str, seed: int, most: int = 100, times: int = 1) -> None:
        """Lambda delivers a batch, so many times; from the first record that failed on it comes again."""
        streams = self.stage.streams
        batch = streams.batch(table, Random(seed), most)
        if not batch:
            return
        keys = {(table, record.key) for record in batch}
        streams.busy |= keys
        try:
            done, answer = self._handed(table, batch)
            failed = {int(one["itemIdentifier"]) for one in answer["batchItemFailures"]} if done else {batch[0].number}
            cut = next((place for place, record in enumerate(batch) if record.number in failed), len(batch))
            for _ in range(times - 1):
                self._handed(table, batch)
        finally:
            streams.busy -= keys
        streams.delivered(table, batch[:cut])

    def again(self, table: str, seed: int, most: int) -> None:
        """An old batch comes once more, or a part of it."""
        done = list(self.stage.streams.done[table])
        chance = Random(seed)
        if done:
            first = chance.randrange(len(done))
            self._handed(table, done[first : first + most])

    def _handed(self, table: str, batch: list[Any]) -> tuple[bool, Any]:
        document = {"Records": [record.document(KEY[table]) for record in batch]}
        return self.stage.invoke(FUNCTION[table], lambda _: getattr(events, FUNCTION[table])(document))

    def lose(self, table: str, who: Any) -> None:
        """A record of somebody's never arrives."""
        key = pseudonym(who[0]) if table == "profiles" else self.reference(who)
        self.stage.streams.lose(table, key)

    def minute(self, after_s: float) -> None:
        self.stage.time.passes(after_s)
        self.stage.invoke("every_minute", lambda _: events.every_minute())
        self.stage.invoke("every_minute_batches", lambda _: events.every_minute_batches())

    def hour(self, after_s: float = 0) -> None:
        self.stage.time.passes(after_s)
        self.stage.invoke("every_hour", lambda _: events.every_hour())

    def day(self, after_s: float = 0) -> None:
        self.stage.time.passes(after_s)
        self.stage.invoke("every_day", lambda _: events.every_day())

    def redrive(self) -> None:
        """An operator has done again what was lost on its way, as `make redrive` does."""
        lost = self.stage.streams.lost_since
        since = min([self.stage.time.at - timedelta(hours=24), *lost.values()]) - timedelta(minutes=5)

        def letters(services: Any) -> Any:
            return sweeper.redrive(list(services.reports.changed_since(since)), services.mailroom)

        done, found = self.stage.invoke("redrive", letters)
        is_young = any(self.stage.time.at - at < sweeper.STREAM_TAKES for at in lost.values())
        if done and not found.failed and not is_young:
            lost.pop("reports", None)
        if "profiles" in lost:
            begin = lost["profiles"] - timedelta(minutes=5)
            done, found = self.stage.invoke("redrive", lambda services: profiles_stream.sweep(begin, services.notice_room))
            if done and not found.failed:
                lost.pop("profiles", None)
        if "index" in lost:
            self._derive(lost["index"] - timedelta(minutes=5))

    def _derive(self, since: Any) -> None:
        """As `make redrive` does for the function that writes clues."""

        def derived(services: Any) -> Any:
            return clues.derive_all(list(services.reports.changed_since(since)), services.clue_room)

        done, found = self.stage.invoke("redrive", derived)
        if done and not found.failed:
            self.stage.streams.lost_since.pop("index", None)

    # SES ---------------------------------------------------------------------------------------------------------

    def ses(self, mood: str, minutes: int) -> None:
        post = self.stage.post
        post.mood, post.mood_until = mood, self.stage.time.at + timedelta(minutes=minutes)

    def mailbox(self, address: str, state: str) -> None:
        self.stage.post.mailboxes[address] = state

    def tell(self, seed: int, most: int = 20) -> None:
        """SES tells what became of mails, in any order."""
        due = self.stage.post.due()
        Random(seed).shuffle(due)
        for told in due[:most]:
            self.told(told)

    def told(self, told: Told) -> None:
        post, books = self.stage.post, self.stage.books
        if self.stage.time.at - told.mail.at > SES_TELLS_WITHIN:  # time went by in a leap: SES would have told long before
            post.pending = [one for one in post.pending if one is not told]
            return
        event = document(told, CONFIGURATION_SET, TOPIC)
        books.tells(told.mail, told.kind, told.bounce)
        done, _ = self.stage.invoke("on_receipt", lambda _: events.on_receipt(event), told=told)
        if done:
            if told in post.pending:
                post.pending.remove(told)
                post.told.append(told)
            books.told(told.mail, told.kind, told.bounce)

    def tell_again(self, seed: int) -> None:
        """An old word of SES comes once more."""
        if self.stage.post.told:
            self.told(Random(seed).choice(self.stage.post.told[-40:]))

    def stray(self, slot: Slot, number: int) -> None:
        """A bounce comes of a mail about this report that nobody ever sent."""
        book = self.book(slot)
        if book is None or self.stage.books.of_event.get((book.reference, number)):
            return
        address = book.contact["email"]
        mail = Taken(f"{book.reference}_{number}/0", book.reference, number, address, "", *(self.stage.time.at,) * 2, "stray")
        told = Told(mail.name, "Bounce", mail, self.stage.time.at, "Permanent", self.stage.time.at)
        event = document(told, CONFIGURATION_SET, TOPIC)
        self.stage.invoke("on_receipt", lambda _: events.on_receipt(event), stray=True)

    # Time --------------------------------------------------------------------------------------------------------

    def passes(self, seconds: float) -> None:
        self.stage.time.passes(seconds)

    def days(self, days: int) -> None:
        """Days pass in which everything runs as it should; first what is under way comes to rest."""
        self.rest(hours=1)
        self.hour()
        for _ in range(12):
            self._come(120)
        for _ in range(1, days - 1, STRIDE):  # long ones with a day now and then: what is over is destroyed in its time
            self.stage.time.passes(min(STRIDE, days - 1) * 86_400)
            if days > STRIDE:
                self.day()
        for strike in (self.day, self.hour):
            strike(3_600)
            self.stage.sky.dynamo.expire((self.stage.time.at - timedelta(days=2)).timestamp())
            self.rest(hours=1)

    def rotate(self, hours: int) -> None:
        if self.stage.depth == 0:
            self.stage.rotate(hours)

    def rest(self, hours: int) -> None:
        """Everything is delivered and told within the hour, SES is well, and the schedules run for so many hours."""
        if self.stage.depth:
            return
        self.stage.post.mood = WELL
        for minutes in (1, 1, 4, 6, 10, 38):
            self._come(minutes)
        for hour in range(1, hours):
            for told in self.stage.post.due(all_of_them=True):
                self.told(told)
            self._come(30)
            self._come(30)
            if hour in _HOURS_TO_STRIKE:
                self.hour()
        self._come(0)

    def _come(self, minutes: int) -> None:
        for _ in range(6):
            for table in KEY:
                self.deliver(table, 1)
            for told in self.stage.post.due():
                self.told(told)
            self.stage.streams.fill()
            if not any(self.stage.streams.waiting(table) for table in KEY):
                break
            self.stage.time.passes(1)
        if self.stage.streams.lost_since:
            self.redrive()
        self.minute(minutes * 60)
        self.stage.streams.fill()


_HOURS_TO_STRIKE = {1, 2, 3, 4, 12, 25}


def pseudonym(who: int) -> str:
    return f"V1-{CITIZENS[who]}"


def digest(what: str, key: int) -> str:
    return ids.digest(f"{what}-{key}")


def _chosen(before: Any, *, about: str, value: Any) -> Any:
    safety: Safety = before.safety
    return {
        "language": lambda: replace(before, language=Language(value)),
        "information": lambda: replace(before, information=InformationWish(value)),
        "survey": lambda: replace(before, survey=value),
        "hours": lambda: replace(before, safety=replace(safety, hours=Hours(value))),
        "neutral": lambda: replace(before, safety=replace(safety, neutral=value)),
        "phone": lambda: replace(before, safety=replace(safety, phone=value)),
    }[about]()


ACTS: Mapping[str, Callable[..., None]] = {
    name: getattr(Player, name)
    for name in (
        *("file", "answer", "add", "wishes", "choose", "ask_code", "type_code", "refuse", "survey", "look"),
        *("status", "bulk", "ask", "undo", "phone"),
        *("deliver", "again", "lose", "minute", "hour", "day", "redrive"),
        *("ses", "mailbox", "tell", "tell_again", "stray", "passes", "days", "rotate"),
    )
} | desk.ACTS
