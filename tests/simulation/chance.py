"""The next step of a life, drawn from its seed in view of how things stand: most of what is drawn can then be done."""

from random import Random
from typing import Any

from infra.memory.wire import Fault
from tests.simulation.acts import CITIZENS, SHARED, Player, Slot, Step, pseudonym
from tests.simulation.books import ReportBook
from tests.simulation.post import FAILS, THROTTLES
from tests.simulation.stage import Trouble

SLOTS = 4
WISHES = ("all", "all", "all", "decisions", "nothing")
NEXT = {  # what an officer may do next; some of it is refused
    "received": ("checked", "referred"),
    "checked": ("registered", "referred"),
    "registered": ("investigating", "not_investigated"),
    "investigating": ("with_prosecutor", "not_investigated", "closed"),
    "not_investigated": ("reopened",),
    "with_prosecutor": ("closed", "reopened"),
    "closed": ("reopened",),
    "referred": ("registered", "closed"),
    "reopened": ("investigating", "not_investigated", "with_prosecutor", "closed"),
}
WEIGHTS = {
    "deliver": 150,
    "deliver_details": 40,
    "deliver_index": 60,
    "again_index": 6,
    "minute": 150,
    "tell": 110,
    "passes": 70,
    "hour": 10,
    "day": 3,
    "again": 20,
    "again_details": 14,
    "tell_again": 12,
    "file": 40,
    "status": 70,
    "bulk": 8,
    "ask": 40,
    "undo": 20,
    "answer": 16,
    "add": 6,
    "wishes": 16,
    "choose": 34,
    "ask_code": 34,
    "type_code": 34,
    "refuse": 4,
    "survey": 3,
    "look": 6,
    "phone": 10,
    "assign": 20,
    "move": 10,
    "update": 8,
    "ask_update": 14,
    "contest": 8,
    "lose": 5,
    "redrive": 3,
    "ses": 12,
    "mailbox": 18,
    "stray": 4,
    "days": 5,
    "rotate": 2,
}
ONE_HERO_IN = 1 / 40
ADDRESSES = {who: (f"{name}@example.org", f"{name}@thuis.example", f"{name}@werk.example") for who, name in enumerate(CITIZENS)}


class Chance:
    """Draws steps. In some lives years pass, in some nothing breaks."""

    def __init__(self, seed: int, player: Player) -> None:
        self._random, self._player = Random(seed), player
        self._names, self._weights = list(WEIGHTS), list(WEIGHTS.values())
        self._number = 0
        self._next: list[Step] = []  # what follows on what somebody just did
        self._hero: Slot = (0, 0)  # whom most of the next steps are about: what meets is what breaks
        self.trouble_rate = self._random.choice((0.0, 0.06, 0.2))
        self.has_years = self._random.random() < 0.2
        self.most_days = self._random.choice((3, 20, 60))

    def step(self) -> Step:
        """Return the next step."""
        step = self._next.pop(0) if self._next else self._drawn()
        return Step(step.act, step.args, self._trouble())

    def _drawn(self) -> Step:
        while True:
            self._number += 1
            if self._random.random() < ONE_HERO_IN:
                self._hero = (self._random.randrange(len(CITIZENS)), self._random.randrange(SLOTS))
            name = self._random.choices(self._names, self._weights)[0]
            found = getattr(self, f"_{name}", None)
            step = found() if found else None
            if step:
                return step

    def _trouble(self, *, nested: bool = False) -> Trouble:
        chance = self._random
        off_s = round(chance.uniform(-5, 5), 1) if chance.random() < 0.5 else 0.0
        if chance.random() >= self.trouble_rate:
            return Trouble(off_s)
        if not nested and chance.random() < 0.4:
            return Trouble(off_s, (), (chance.randrange(12), chance.random() < 0.5, self._inside()))
        faults = ((chance.randrange(12), chance.choice(list(Fault))) for _ in range(chance.choice((1, 1, 2))))
        return Trouble(off_s, tuple(faults))

    def _inside(self) -> Step:
        while True:
            step = self._drawn()
            if step.act not in ("days", "rotate", "passes", "redrive"):
                return Step(step.act, step.args, self._trouble(nested=True))

    # Of whom -----------------------------------------------------------------------------------------------------

    def _who(self) -> int:
        return self._hero[0] if self._random.random() < 0.7 else self._random.randrange(len(CITIZENS))

    def _slot(self) -> Slot:
        return self._hero if self._random.random() < 0.6 else (self._who(), self._random.randrange(SLOTS))

    def _one(self) -> tuple[Slot, ReportBook] | None:
        slot = self._slot()
        book = self._player.book(slot)
        return (slot, book) if book else None

    def _address(self, who: int) -> str:
        if who < 2 and self._random.random() < 0.4:
            return SHARED
        return self._random.choice(ADDRESSES[who])

    def _seed(self) -> int:
        return self._random.randrange(1_000_000)

    # Citizens ----------------------------------------------------------------------------------------------------

    def _file(self) -> Step | None:
        slot = self._slot()
        if self._player.book(slot) or self._random.random() < 0.4:
            return None
        email = "" if self._random.random() < 0.05 else self._address(slot[0])
        return Step(
            "file",
            (
                slot,
                email,
                self._random.choice(WISHES),
                self._random.choice(("nl", "nl", "en")),
                self._number,
                self._random.random() < 0.3,
            ),
        )

    def _answer(self) -> Step | None:
        one = self._one()
        return Step("answer", (one[0], self._number)) if one and one[1].facts[-1].status == "awaiting_reporter" else None

    def _add(self) -> Step | None:
        one = self._one()
        return Step("add", (one[0], self._number)) if one else None

    def _wishes(self) -> Step | None:
        one = self._one()
        wish, survey = self._random.choice(WISHES), self._random.random() < 0.7
        return Step("wishes", (one[0], wish, survey, self._number)) if one else None

    def _choose(self) -> Step | None:
        about, values = self._random.choice(CHOICES)
        return Step("choose", (self._who(), about, self._random.choice(values)))

    def _ask_code(self) -> Step | None:
        who = self._who()
        if self._random.random() < 0.4 and not self._next:  # the code is mailed, and typed
            self._next = [Step("deliver", ("profiles", self._seed(), 100, 1)), Step("type_code", (who, "right"))]
        return Step("ask_code", (who, self._address(who)))

    def _type_code(self) -> Step | None:
        who, how = self._who(), self._random.choice(("right", "right", "right", "wrong", "twice"))
        return Step("type_code", (who, how))

    def _refuse(self) -> Step | None:
        one = self._one()
        return Step("refuse", (one[0],)) if one else None

    def _survey(self) -> Step | None:
        one = self._one()
        return Step("survey", (one[0], self._number)) if one else None

    def _look(self) -> Step | None:
        one = self._one()
        return Step("look", (self._random.randrange(len(CITIZENS)), one[0])) if one else None

    # Officers ----------------------------------------------------------------------------------------------------

    def _status(self) -> Step | None:
        one = self._one()
        to = NEXT.get(one[1].facts[-1].status) if one else None
        return Step("status", (one[0], self._random.choice(to), self._number)) if one and to else None

    def _bulk(self) -> Step:
        return Step("bulk", (self._random.choice(sorted({status for to in NEXT.values() for status in to})), self._number))

    def _ask(self) -> Step | None:
        one = self._one()
        return Step("ask", (one[0], self._random.choice((1, 3, 14)), self._number)) if one else None

    def _undo(self) -> Step | None:
        one = self._one()
        return Step("undo", (one[0], self._number)) if one else None

    def _phone(self) -> Step | None:
        one = self._one()
        if one is None or (one[1].contact["usable"] and one[1].contact["email"]):
            return None
        return Step("phone", (one[0], self._random.choice(("phone", "letter")), self._number))

    def _assign(self) -> Step | None:
        one = self._one()
        return Step("assign", (one[0], self._random.choice(("me", "me", "nobody")), self._number)) if one else None

    def _move(self) -> Step | None:
        return self._about("move")

    def _update(self) -> Step | None:
        return self._about("update")

    def _ask_update(self) -> Step | None:
        return self._about("ask_update")

    def _contest(self) -> Step | None:
        return self._about("contest")

    def _about(self, act: str) -> Step | None:
        one = self._one()
        return Step(act, (one[0], self._number)) if one else None

    # Lambda, SES, time -------------------------------------------------------------------------------------------

    def _deliver(self, table: str = "reports") -> Step | None:
        if not self._player.stage.streams.waiting(table):
            return None
        times = self._random.choice((1, 1, 1, 1, 1, 1, 1, 2, 3, 4))
        return Step("deliver", (table, self._seed(), self._random.choice((1, 2, 5, 100)), times))

    def _deliver_details(self) -> Step | None:
        return self._deliver("profiles")

    def _deliver_index(self) -> Step | None:
        return self._deliver("index")

    def _again_index(self) -> Step | None:
        return self._again("index")

    def _again(self, table: str = "reports") -> Step | None:
        found = self._player.stage.streams.done[table]
        return Step("again", (table, self._seed(), self._random.choice((1, 1, 2, 8)))) if found else None

    def _again_details(self) -> Step | None:
        return self._again("profiles")

    def _lose(self) -> Step | None:
        table = self._random.choice(("reports", "reports", "profiles", "index"))
        waiting = set(self._player.stage.streams.waiting(table))
        slots: list[Slot] = [(who, number) for who in range(len(CITIZENS)) for number in range(SLOTS)]
        found = [slot for slot in slots if _key(self._player, table, slot) in waiting]
        return Step("lose", (table, self._random.choice(found))) if found else None

    def _redrive(self) -> Step | None:
        return Step("redrive") if self._player.stage.streams.lost_since else None

    def _minute(self) -> Step:
        return Step("minute", (self._random.choice((1, 20, 60, 60, 60, 120, 300, 310, 600)),))

    def _hour(self) -> Step:
        return Step("hour", (self._random.choice((0, 60, 600)),))

    def _day(self) -> Step:
        return Step("day", (0,))

    def _tell(self) -> Step | None:
        due = self._player.stage.post.due()
        return Step("tell", (self._seed(), self._random.choice((1, 1, 3, 20)))) if due else None

    def _tell_again(self) -> Step | None:
        return Step("tell_again", (self._seed(),)) if self._player.stage.post.told else None

    def _stray(self) -> Step | None:
        one = self._one()
        return Step("stray", (one[0], len(one[1].facts) + self._random.choice((1, 5, 9)))) if one else None

    def _ses(self) -> Step | None:
        mood = self._random.choice((THROTTLES, THROTTLES, FAILS, "well"))
        return Step("ses", (mood, self._random.choice((2, 2, 10, 10, 60, 300))))

    def _mailbox(self) -> Step | None:
        who = self._who()
        state = self._random.choice(("dead", "dead", "complains", "soft", "refused", *["ok"] * 7))
        return Step("mailbox", (self._address(who), state))

    def _passes(self) -> Step:
        return Step("passes", (self._random.choice((1, 5, 30, 60, 240, 900, 3_600, 7_200)),))

    def _days(self) -> Step | None:
        if self.has_years and self._random.random() < 0.3:
            return Step("days", (self._random.choice((400, 740, 1_500, 3_660)),))
        return Step("days", (self._random.randint(1, self.most_days),))

    def _rotate(self) -> Step:
        return Step("rotate", (self._random.choice((1, 24)),))


CHOICES: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("hours", ("0-24", "9-17", "9-12", "12-17", "17-21")),
    ("hours", ("0-24", "0-24", "9-17")),
    ("neutral", (True, False)),
    ("information", WISHES),
    ("survey", (True, False)),
    ("language", ("nl", "en")),
    ("phone", (True, False)),
)


def _key(player: Player, table: str, slot: Slot) -> str:
    return pseudonym(slot[0]) if table == "profiles" else player.reference(slot)
