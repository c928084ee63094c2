"""A life from its seed: drawn, carried out and judged; told as plain lines; shrunk to the steps that a break needs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.clues.indexing import traces_of
from tests.simulation.acts import Player, Step
from tests.simulation.books import Books, Break
from tests.simulation.chance import Chance
from tests.simulation.desk import UNITS
from tests.simulation.memo import remembered
from tests.simulation.stage import NO_TROUBLE, Stage
from tests.simulation.streams import KEY
from tests.simulation.verdict import Rest, judged
from tests.support.samples import CLUE_KEYS

QUIET_HOURS = 27


@dataclass(slots=True)
class Life:
    """How one life went."""

    seed: int
    steps: list[Step]
    broken: list[Break]
    mails: int = 0
    crashes: int = 0
    faults: int = 0
    nested: int = 0
    calls: int = 0
    story: list[str] = field(default_factory=list)


def lived(seed: int, count: int = 1_000, *, tell: bool = False) -> Life:
    """Draw so many steps and carry them out, and judge what came of it."""
    with remembered():
        player = Player(Stage(seed))
        chance, steps, story = Chance(seed, player), [], []
        for _ in range(count):
            steps.append(chance.step())
            _carried_out(steps[-1], player, story if tell else None)
        return _ended(seed, steps, player, story)


def replayed(seed: int, steps: Sequence[Step], *, tell: bool = False) -> Life:
    """Carry these steps out, and judge what came of them."""
    with remembered():
        player, story = Player(Stage(seed)), []
        for step in steps:
            _carried_out(step, player, story if tell else None)
        return _ended(seed, list(steps), player, story)


def _carried_out(step: Step, player: Player, story: list[str] | None) -> None:
    if story is None:
        player.perform(step)
        return
    told = _telling(str(step), player)
    player.perform(step)
    story += told()


def _telling(what: str, player: Player) -> Callable[[], list[str]]:
    """Return how to tell, as lines, of all that happened since."""
    books = player.stage.books
    at, mails, broken = player.stage.time.at, len(books.mails), len(books.broken)
    facts = {name: len(book.facts) for name, book in books.reports.items()}
    return lambda: _lines(books, f"{at:%Y-%m-%d %H:%M:%S}  {what}", mails, broken, facts)


def _lines(books: Books, first: str, mails: int, broken: int, facts: Mapping[str, int]) -> list[str]:
    story = [first]
    story += [f"{'':21}  SES takes {mail.name} to {mail.to} at {mail.at:%H:%M:%S}" for mail in books.mails[mails:]]
    for name, book in books.reports.items():
        for fact in book.facts[facts.get(name, 0) :]:
            story.append(f"{'':21}  {name}#{fact.number} {fact.kind} {fact.status}, {book.contact['email']}")
    return story + [_broken(each) for each in books.broken[broken:]]


def _broken(each: Break) -> str:
    return f"{'':21}  BROKEN {each.rule}: {each.detail}"


def _ended(seed: int, steps: list[Step], player: Player, story: list[str]) -> Life:
    stage = player.stage
    quiet_at, told = stage.time.at, _telling("all is quiet, for a day and three hours", player)
    player.rest(QUIET_HOURS)
    rest = Rest(
        books=stage.books,
        letters={(item["reference"]["S"], int(item["number"]["N"])): item for item in stage.raw("letters").values()},
        listed=_listed(stage),
        quiet_at=quiet_at,
        files={reference: _is_kept(folder, stage) for reference, folder in player.folders.items()},
        clues=_misplaced(stage),
        undelivered=sum(len(queue) for table in KEY for queue in stage.streams.pending[table].values()),
    )
    last = list(judged(rest))
    story += [*told(), *map(_broken, last)]
    counts = {name: getattr(stage, name) for name in ("crashes", "faults", "nested", "calls")}
    return Life(seed, steps, [*stage.books.broken, *last], len(stage.books.mails), **counts, story=story)


def _is_kept(folder: str, stage: Stage) -> bool:
    """True when something is kept in a folder for files."""
    return any(folder in key for key in stage.bucket.objects) or any(
        item["id"]["S"] == folder for item in stage.raw("files").values()
    )


def _misplaced(stage: Stage) -> frozenset[str]:
    """Return the reports whose clues are not those that follow from them; of one that was erased there must be none."""
    after = stage.time.at.timestamp() + _CLOCKS
    lying = {key for key, item in stage.raw("clues").items() if float(item["expires_at"]["N"]) > after}
    found = {(clue, place.rpartition("#")[2]) for clue, place in lying}
    due: set[tuple[str, str]] = set()

    def read(services: Any) -> None:
        for (reference,) in list(stage.raw("reports")):
            traces = traces_of(services.reports.get(reference), CLUE_KEYS)
            due.update((trace.clue, trace.reference) for trace in traces if trace.until.timestamp() > after)

    stage.invoke("clues", read)
    return frozenset(reference for _, reference in found ^ due)


_CLOCKS = 60  # seconds by which clocks differ


def _listed(stage: Stage) -> frozenset[str]:
    """Return the reports on the desk's list of whom to tell by telephone or letter, as the desk reads it."""
    found: set[str] = set()

    def read(services: Any) -> None:
        for unit in UNITS:
            cursor, is_more = "", True
            while is_more:
                page = services.reports.to_contact(unit, cursor=cursor)
                found.update(line.reference for line in page.lines)
                cursor, is_more = page.next_cursor, bool(page.next_cursor)

    stage.invoke("to_contact", read)
    return frozenset(found)


def found(seeds: Iterable[int], steps: int) -> list[tuple[int, str, str]]:
    """Return the first break of each rule in each of these lives: the seed, the rule, and how."""
    result = []
    for seed in seeds:
        seen: set[str] = set()
        for each in lived(seed, steps).broken:
            if each.rule not in seen:
                seen.add(each.rule)
                result.append((seed, each.rule, each.detail))
    return result


def shrunk(seed: int, steps: Sequence[Step], rule: str) -> list[Step]:
    """Return as few of the steps as still break the rule: parts are left out, large ones first, then what troubles a step."""

    def breaks(some: Sequence[Step]) -> bool:
        return any(each.rule == rule for each in replayed(seed, some).broken)

    steps = list(steps)
    size = len(steps) // 2
    while size:
        place = 0
        while place < len(steps):
            fewer = steps[:place] + steps[place + size :]
            if breaks(fewer):
                steps = fewer
            else:
                place += size
        size //= 2
    for place, step in enumerate(steps):
        for simpler in _simpler(step):
            tried = [*steps[:place], simpler, *steps[place + 1 :]]
            if breaks(tried):
                steps = tried
                break
    return steps


def _simpler(step: Step) -> list[Step]:
    trouble = step.trouble
    tried = [replace(step, trouble=NO_TROUBLE), replace(step, trouble=replace(trouble, off_s=0.0))]
    return [each for each in tried if each != step]
