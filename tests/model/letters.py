"""Two policies as small programs whose steps are the writes of the real ones; a search tries every order of these steps.

The world is one report. Its news is told when SES took a mail, at an address that works, that tells of it. Records come up to
twice, SES refuses up to so often, and two invocations run step by step in any order. An officer may take back what they did
last, and may die between holding its letter and writing that down. When nothing moves any more, rounds go until all is at rest:
then each news must be told, or have a reason that is true, and nobody is told what was taken back. Nothing here is imported
from the portal.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum


class S(StrEnum):
    """Where a letter is."""

    UNKNOWN = "unknown"
    WAITING = "waiting"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    NOT_SENT = "not_sent"
    HELD_BACK = "held_back"
    MERGED = "merged"


class Weight(StrEnum):
    """The weight of an event: news that a wish may silence, news that none may, or none, being the reporter's own act."""

    ORDINARY = "ordinary"
    DECISION = "decision"
    ACT = "act"
    OWN = "own"


@dataclass(frozen=True)
class Invocation:
    """One that runs: what it is about to do next, for which event, and what it has seen."""

    step: str
    event: int
    others: tuple[int, ...] = ()
    held: frozenset[int] = frozenset()  # what had been held when it saw the others


@dataclass(frozen=True)
class World:
    """One report and its letters. `to_come` are the things that people will still do, in order."""

    weights: tuple[Weight, ...]
    states: tuple[S, ...]
    leaders: tuple[int, ...]
    records: tuple[int, ...]  # how often each record may still come
    to_come: tuple[str, ...]
    works: bool
    decisions_only: bool = False
    refusals: int = 1
    told: frozenset[int] = frozenset()
    running: tuple[Invocation, ...] = ()
    undoes: tuple[int, ...] = ()  # which event each event takes back, or -1
    holding: frozenset[int] = frozenset()  # letters that no round touches, as long as who holds them may live
    held: frozenset[int] = frozenset()  # and all that ever were
    retracted: frozenset[int] = frozenset()

    def put(self, event: int, state: S, leader: int = -1) -> "World":
        states, leaders = list(self.states), list(self.leaders)
        states[event], leaders[event] = state, leader
        return replace(self, states=tuple(states), leaders=tuple(leaders))

    def silenced(self, event: int) -> bool:
        return self.decisions_only and self.weights[event] is Weight.ORDINARY

    def of(self, *states: S) -> tuple[int, ...]:
        return tuple(event for event, state in enumerate(self.states) if state in states)


Policy = Callable[[World, Invocation], Iterator[tuple[World, Invocation | None]]]


def happens(world: World) -> World:
    """The next thing that people do: an event of some weight, a new address (an event of their own), other wishes (likewise)."""
    what, *rest = world.to_come
    world = replace(world, to_come=tuple(rest))
    if what == "address":
        world, what = replace(world, works=True), Weight.OWN
    elif what == "wishes":
        world, what = replace(world, decisions_only=True), Weight.OWN
    elif what == "undo":
        acts = [event for event, weight in enumerate(world.weights) if weight is not Weight.OWN and event not in world.retracted]
        return replace(world, running=(*world.running, Invocation("hold", acts[-1]))) if acts else world
    return _happened(world, Weight(what))


def _happened(world: World, what: Weight, undoes: int = -1) -> World:
    facts = {"weights": (*world.weights, what), "states": (*world.states, S.UNKNOWN)}
    facts |= {"leaders": (*world.leaders, -1), "records": (*world.records, 2), "undoes": (*world.undoes, undoes)}
    return replace(world, **facts)


def moves(world: World, policy: Policy) -> Iterator[World]:
    """Yield every world that may come next."""
    if world.to_come:
        yield happens(world)
    if len(world.running) < 2:
        first = next((event for event, left in enumerate(world.records) if left == 2), None)
        for event, left in enumerate(world.records):  # in order at first; again at any time
            if left == 1 or (left and event == first):
                records = tuple(max(0, n - 1) if i == event else n for i, n in enumerate(world.records))
                yield replace(world, records=records, running=(*world.running, Invocation("record", event)))
        for event in set(world.of(S.WAITING)) - world.holding:
            yield replace(world, running=(*world.running, Invocation("round", event, held=world.held)))
    for place, one in enumerate(world.running):
        rest = world.running[:place] + world.running[place + 1 :]
        for after, then in policy(world, one):
            yield replace(after, running=rest if then is None else (*rest, then))


def broken(start: World, policy: Policy) -> World | None:
    """Return a world at rest in which the promise is broken; None when no order of steps leads to one."""
    seen, left = {start}, [start]
    while left:
        world = left.pop()
        nexts = list(moves(world, policy))
        if not world.to_come and not world.running and not any(world.records) and not world.of(S.WAITING) and not is_kept(world):
            return world
        for after in nexts:
            if after not in seen:
                seen.add(after)
                left.append(after)
    return None


def is_kept(world: World) -> bool:
    """True when each news was told, or is silenced by the wish of now, or waits for an address that works.

    Of what was taken back the opposite: nobody was told, and no letter says that it told of it.
    """
    untold = world.retracted.isdisjoint(world.told | set(world.of(S.ACCEPTED, S.MERGED)))
    return untold and all(
        weight is Weight.OWN
        or event in world.retracted
        or event in world.told
        or world.silenced(event)
        or (world.states[event] is S.HELD_BACK and not world.works)
        for event, weight in enumerate(world.weights)
    )


def taken(world: World, event: int, others: tuple[int, ...]) -> World:
    """SES takes the mail of an event, which tells of these others as well."""
    return replace(world.put(event, S.ACCEPTED), told=world.told | {event, *others} if world.works else world.told)


Steps = Iterator[tuple[World, Invocation | None]]


def before(world: World, one: Invocation) -> Steps:
    """The policy that lost news: a record that comes again decides anew, and news is joined before SES has the mail."""
    steps = {"record": _decides_anew, "round": _decides_anew, "join": _joins, "send": _sends_what_joined}
    yield from steps[one.step](world, one)


def _decides_anew(world: World, one: Invocation) -> Steps:
    event, state = one.event, world.states[one.event]
    is_new_address = world.weights[event] is Weight.OWN and world.works and not world.decisions_only
    is_called = world.weights[event] is not Weight.OWN or (is_new_address and (world.of(S.HELD_BACK) or one.step == "round"))
    waits = one.step == "record" and world.weights[event] in (Weight.ORDINARY, Weight.DECISION)
    if state not in (S.UNKNOWN, S.WAITING):
        yield world, None
    elif not is_called or world.silenced(event):
        yield world.put(event, S.NOT_SENT), None
    elif not world.works:
        yield world.put(event, S.HELD_BACK), None
    elif waits:
        yield (world.put(event, S.WAITING) if state is S.UNKNOWN else world), None
    else:
        yield world.put(event, S.CLAIMED), Invocation("join", event, _untold(world, event))


def _joins(world: World, one: Invocation) -> Steps:
    for other in one.others:
        if world.states[other] in (S.HELD_BACK, S.WAITING):
            world = world.put(other, S.MERGED, one.event)
    yield world, Invocation("send", one.event)


def _sends_what_joined(world: World, one: Invocation) -> Steps:
    joined = tuple(other for other, leader in enumerate(world.leaders) if leader == one.event)
    yield taken(world, one.event, joined), None
    yield from _refused(world, one.event)


def now(world: World, one: Invocation) -> Steps:
    """The policy of today: a record decides once, the last decision is right before SES, and told means taken."""
    steps = {
        "record": _decides_once,
        "round": _claims,
        "recall": _recalls,
        "decide": _decides_last,
        "send": _sends,
        "merge": _merges,
        "hold": _holds,
        "retract": _retracts,
    }
    yield from steps[one.step](world, one)


def careless(world: World, one: Invocation) -> Steps:
    """The policy of today, but whoever undoes asks the ledger how the letter is, and holds nothing."""
    if one.step == "hold":
        waits = world.states[one.event] in (S.UNKNOWN, S.WAITING, S.HELD_BACK, S.NOT_SENT)
        yield world, Invocation("retract", one.event) if waits else None
    else:
        yield from now(world, one)


def _holds(world: World, one: Invocation) -> Steps:
    event, state = one.event, world.states[one.event]
    if state is S.NOT_SENT:
        yield world, Invocation("retract", event)
    elif state in (S.UNKNOWN, S.WAITING, S.HELD_BACK):
        held = {"holding": world.holding | {event}, "held": world.held | {event}}
        yield replace(world.put(event, S.WAITING), **held), Invocation("retract", event)
        yield replace(world.put(event, S.WAITING), held=held["held"]), None  # and dies: its time is over before the round's is
    else:
        yield world, None  # it is on its way: too late


def _retracts(world: World, one: Invocation) -> Steps:
    after = _happened(world, Weight.OWN, one.event)
    yield replace(after, retracted=world.retracted | {one.event}, holding=world.holding - {one.event}), None


def _decides_once(world: World, one: Invocation) -> Steps:
    event = one.event
    is_own = world.weights[event] is Weight.OWN
    if world.states[event] is S.UNKNOWN:
        waits = S.WAITING if world.works else S.HELD_BACK
        world = world.put(event, S.NOT_SENT if is_own or world.silenced(event) else waits)
    undone = world.undoes[event]
    if undone >= 0 and world.states[undone] in (S.WAITING, S.HELD_BACK, S.MERGED):
        world = replace(world.put(undone, S.NOT_SENT), told=world.told - {undone})  # a mail of that very moment: nobody read it
    yield world, Invocation("recall", event) if is_own and undone < 0 else None


def _claims(world: World, one: Invocation) -> Steps:
    is_as_seen = one.event not in world.held - one.held  # due as it was when the round read it
    if world.states[one.event] is S.WAITING and is_as_seen:
        yield world.put(one.event, S.CLAIMED), Invocation("decide", one.event, _untold(world, one.event), world.held)
    else:
        yield world, None


def _recalls(world: World, one: Invocation) -> Steps:
    for other in world.of(S.HELD_BACK) if world.works else ():
        world = world.put(other, S.WAITING)
    yield world, None


def _decides_last(world: World, one: Invocation) -> Steps:
    if world.silenced(one.event) or one.event in world.retracted:
        yield world.put(one.event, S.NOT_SENT), None
    elif not world.works:
        yield world.put(one.event, S.HELD_BACK), Invocation("recall", one.event)
    else:
        yield world, replace(one, step="send", others=tuple(each for each in one.others if each not in world.retracted))


def _sends(world: World, one: Invocation) -> Steps:
    yield taken(world, one.event, ()), replace(one, step="merge")
    yield from _refused(world, one.event)


def _merges(world: World, one: Invocation) -> Steps:
    for other in one.others:
        is_as_seen = other not in world.held - one.held
        if world.states[other] in (S.HELD_BACK, S.WAITING) and is_as_seen:
            world = replace(world.put(other, S.MERGED, one.event), told=world.told | {other})
    yield world, None


def _untold(world: World, event: int) -> tuple[int, ...]:
    return tuple(other for other in world.of(S.HELD_BACK, S.WAITING) if other != event)


def _refused(world: World, event: int) -> Steps:
    if world.refusals:
        yield replace(world.put(event, S.WAITING), refusals=world.refusals - 1), None
