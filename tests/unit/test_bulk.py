"""One act for many reports: each row ends by itself, what was tried is what happens, and nothing happens twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.bulk import actions
from chalicelib.bulk.model import ALONE, MOST, Act, Order, Outcome, Phase, Telling
from chalicelib.core.errors import Conflict, Forbidden, Invalid, NotFound
from chalicelib.people.model import Officer, StaffRole
from chalicelib.reports.contact import Contact, InformationWish
from chalicelib.reports.model import Change
from chalicelib.reports.statuses import Status
from tests.support.batches import OFFICER, STOP, a_room, changed_since, done, reference, registered, tried
from tests.support.samples import AUDITOR, HANDLER, NOON, READER, STRANGER, SUPERVISOR, a_report

SECOND = Officer("NN5555", frozenset({StaffRole.SUPERVISOR}), SUPERVISOR.units)
GOOD, NO_MAIL, WRONG, FOREIGN, ERASED, CHANGED = (reference(number) for number in range(1, 7))


@pytest.fixture
def room(clock):
    return a_room(clock)


@pytest.fixture
def six(room):
    """A good one, one without an address, one that is only received, another unit's, none, and one that changes later."""
    room.reports.add(registered(1))
    room.reports.add(registered(2, email=""))
    room.reports.add(a_report(reference=WRONG))
    room.reports.add(registered(4, unit="Amsterdam"))
    room.reports.add(registered(6))
    return [GOOD, NO_MAIL, WRONG, FOREIGN, ERASED, CHANGED]


def outcomes(batch):
    return [(row.reference, row.result.outcome, row.result.telling, row.result.why) for row in batch.rows]


SIX = [
    (GOOD, Outcome.DONE, Telling.MAIL, ""),
    (NO_MAIL, Outcome.DONE, Telling.OFFLINE, ""),
    (WRONG, Outcome.REFUSED, Telling.NOT, "transition_not_allowed"),
    (FOREIGN, Outcome.REFUSED, Telling.NOT, "batch_report_unknown"),
    (ERASED, Outcome.REFUSED, Telling.NOT, "batch_report_unknown"),
    (CHANGED, Outcome.DROPPED, Telling.NOT, "stale_version"),
]


def test_of_six_reports_two_are_done_one_is_mailed_one_is_to_be_told_three_are_refused_and_one_drops_out(room, six):
    batch = tried(room, six)
    before = room.reports.get(CHANGED)
    room.reports.save(before, changed_since(before))

    ended = actions.confirm(batch.id, batch.fingerprint, officer=HANDLER, room=room)

    assert outcomes(ended) == SIX
    counts = ended.counts
    assert (counts.done, counts.mail, counts.offline, counts.refused, counts.dropped) == (2, 1, 1, 3, 1)
    assert ended.phase is Phase.DONE
    assert [room.reports.get(one).status for one in (GOOD, NO_MAIL, WRONG, FOREIGN, CHANGED)] == [
        Status.NOT_INVESTIGATED, Status.NOT_INVESTIGATED, Status.RECEIVED, Status.REGISTERED, Status.REGISTERED,
    ]  # fmt: skip


def test_carried_out_again_and_again_it_ends_the_same_and_adds_nothing(room, six):
    batch = tried(room, six)
    before = room.reports.get(CHANGED)
    room.reports.save(before, changed_since(before))
    first = actions.confirm(batch.id, batch.fingerprint, officer=HANDLER, room=room)
    writes = len(room.reports.writes)

    for _ in range(2):
        again = actions.confirm(batch.id, batch.fingerprint, officer=HANDLER, room=room)
        actions.carry_on_all(room)

    assert outcomes(again) == outcomes(first)
    assert len(room.reports.writes) == writes


class Dying:
    """Reports, an audit or batches of which one call fails: before its work or after it."""

    def __init__(self, inner, name, at, *, after):
        self._inner, self._name, self._left, self._after = inner, name, at, after

    def __getattr__(self, name):
        call = getattr(self._inner, name)
        return self._strike(call) if name == self._name else call

    def _strike(self, call):
        def struck(*args, **kwargs):
            self._left -= 1
            if self._left == 0 and not self._after:
                raise OSError("died")
            answer = call(*args, **kwargs)
            if self._left == 0:
                raise OSError("died")
            return answer

        return struck


PARTS = [
    ("reports", "get"),
    ("reports", "save"),
    ("audit", "note"),
    ("batches", "end_chunk"),
    ("batches", "save"),
    ("batches", "get"),
]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("part", "call"), PARTS)
def test_a_batch_that_dies_anywhere_is_carried_on_with_and_ends_the_same(part, call, after, clock):
    for at in range(1, 12):
        room = a_room(clock)
        for number in (1, 2, 6):
            room.reports.add(registered(number, email="" if number == 2 else "sanne@example.org"))
        batch = tried(room, [GOOD, NO_MAIL, ERASED, CHANGED])
        before = room.reports.get(CHANGED)
        room.reports.save(before, changed_since(before))
        broken = replace(room, **{part: Dying(getattr(room, part), call, at, after=after)})
        for way in (broken, room):
            for _ in range(2):
                try:
                    actions.confirm(batch.id, batch.fingerprint, officer=HANDLER, room=way)
                except OSError:
                    continue

        ended = room.batches.get(batch.id)
        assert outcomes(ended) == [SIX[0], SIX[1], SIX[4], SIX[5]], (part, call, at)
        assert [event.kind for event in room.reports.get(GOOD).timeline].count("status_changed") == 3


def test_two_who_carry_out_the_same_batch_at_once_do_it_once(room, six):
    batch = tried(room, six)
    inner = room.reports.save

    def save(before, after):
        room.reports.save = inner
        actions.carry_on(batch.id, room)  # another run does all of it between our reading and our writing
        return inner(before, after)

    room.reports.save = save
    actions.confirm(batch.id, batch.fingerprint, officer=HANDLER, room=room)

    ended = room.batches.get(batch.id)
    assert [row.result.outcome for row in ended.rows] == [Outcome.DONE, Outcome.DONE, *[Outcome.REFUSED] * 3, Outcome.DONE]
    assert [event.kind for event in room.reports.get(GOOD).timeline].count("status_changed") == 3


def test_a_second_batch_over_the_same_reports_leaves_out_what_the_first_one_did(room):
    room.reports.add(registered(1))
    first, second = (tried(room, [GOOD]) for _ in range(2))

    ends = [actions.confirm(one.id, one.fingerprint, officer=HANDLER, room=room) for one in (first, second)]

    assert [one.rows[0].result.outcome for one in ends] == [Outcome.DONE, Outcome.DROPPED]
    assert [event.kind for event in room.reports.get(GOOD).timeline].count("status_changed") == 3


def test_closing_without_a_reason_changes_nothing_and_says_so_before_anything_is_read(room, six):
    batch = actions.choose(six, officer=HANDLER, key="", room=room)

    with pytest.raises(Invalid, match="explanation:reason_required"):
        actions.try_out(batch.id, Order(act=Act.STATUS, status=Status.CLOSED, explanation="  "), officer=HANDLER, room=room)

    assert [room.reports.get(one).version for one in (GOOD, NO_MAIL)] == [3, 3]
    assert room.batches.get(batch.id).phase is Phase.CHOSEN


@pytest.mark.parametrize("order", [Order(act=Act.STATUS), Order(act=Act.STATUS, status=Status.CHECKED, remark="x" * 1_001)])
def test_an_order_that_no_report_can_follow_is_refused_as_a_whole(order, room, six):
    batch = actions.choose(six, officer=HANDLER, key="", room=room)

    with pytest.raises(Invalid):
        actions.try_out(batch.id, order, officer=HANDLER, room=room)


def test_a_trial_does_nothing_and_can_be_repeated_and_only_the_last_one_is_confirmed(room, six):
    first = tried(room, six)
    second = actions.try_out(first.id, replace(STOP, explanation="Een andere reden."), officer=HANDLER, room=room)
    versions = [room.reports.get(one).version for one in (GOOD, NO_MAIL, CHANGED)]

    with pytest.raises(Conflict, match="batch_changed"):
        actions.confirm(first.id, first.fingerprint, officer=HANDLER, room=room)
    assert versions == [3, 3, 3] == [room.reports.get(one).version for one in (GOOD, NO_MAIL, CHANGED)]

    actions.confirm(first.id, second.fingerprint, officer=HANDLER, room=room)
    assert room.reports.get(GOOD).timeline[-1].explanation == "Een andere reden."
    with pytest.raises(Conflict, match="batch_confirmed"):
        actions.try_out(first.id, STOP, officer=HANDLER, room=room)


def test_what_was_never_tried_cannot_be_confirmed(room, six):
    batch = actions.choose(six, officer=HANDLER, key="", room=room)

    with pytest.raises(Conflict, match="batch_not_tried"):
        actions.confirm(batch.id, batch.fingerprint, officer=HANDLER, room=room)


def test_what_can_be_done_for_no_report_cannot_be_confirmed(room):
    batch = tried(room, [ERASED])

    with pytest.raises(Conflict, match="batch_nothing"):
        actions.confirm(batch.id, batch.fingerprint, officer=HANDLER, room=room)


def test_a_list_keeps_each_report_once_and_takes_five_hundred(room):
    many = [reference(number) for number in range(MOST)]

    batch = actions.choose([*many, many[0].lower()], officer=HANDLER, key="", room=room)

    assert [row.reference for row in batch.rows] == many
    with pytest.raises(Invalid, match="references:batch_too_large") as refused:
        actions.choose([*many, reference(MOST)], officer=HANDLER, key="", room=room)
    assert refused.value.errors[0].values == {"most": 500, "count": 501}


def test_a_list_of_nothing_and_lines_that_are_no_numbers_are_refused_by_their_places(room):
    with pytest.raises(Invalid, match="batch_empty"):
        actions.choose([], officer=HANDLER, key="", room=room)
    with pytest.raises(Invalid, match="batch_numbers") as refused:
        actions.choose([GOOD, "Jansen", *["x"] * 12], officer=HANDLER, key="", room=room)
    assert refused.value.errors[0].values == {"places": "2, 3, 4, 5, 6, 7, 8, 9, 10, 11 …"}


def test_a_list_that_is_sent_twice_is_one_and_another_under_the_same_key_is_refused(room):
    first = actions.choose([GOOD], officer=HANDLER, key="key.a", room=room)

    assert actions.choose([GOOD], officer=HANDLER, key="key.a", room=room) == first
    assert actions.choose([GOOD], officer=SUPERVISOR, key="key.a", room=room).id != first.id
    with pytest.raises(Conflict, match="idempotency_key_reused"):
        actions.choose([NO_MAIL], officer=HANDLER, key="key.b", room=room)


@pytest.mark.parametrize("officer", [READER, AUDITOR])
def test_who_may_not_decide_may_not_choose(officer, room):
    with pytest.raises(Forbidden):
        actions.choose([GOOD], officer=officer, key="", room=room)


@pytest.mark.parametrize("name", ["B-CCCC-CCCC-CCCC", "K7MD-PR3W-9XCV", "B-x"])
def test_a_list_that_is_not_there_is_not_found(name, room):
    with pytest.raises(NotFound):
        actions.load(name, officer=HANDLER, room=room)


def test_a_list_of_another_unit_is_like_none_and_who_asked_is_on_record(room, six):
    batch = actions.choose(six, officer=HANDLER, key="", room=room)
    elsewhere = replace(SUPERVISOR, id="NN7777", units=frozenset({"Amsterdam"}))

    for officer in (STRANGER, elsewhere, replace(HANDLER, id="NN8888"), replace(HANDLER, units=frozenset())):
        with pytest.raises(NotFound):
            actions.load(batch.id, officer=officer, room=room)
    assert actions.load(batch.id, officer=SUPERVISOR, room=room) == batch

    assert [record.officer for record in room.audit.of(f"refused:{batch.id}")] == ["AM1234", "NN7777", "NN8888", "NN1234"]


@pytest.fixture
def large(room):
    """One report more than an officer decides alone."""
    return [room.reports.add(registered(number)).reference for number in range(ALONE + 1)]


def test_over_fifty_a_supervisor_confirms_another_one_than_who_chose_them(room, large):
    batch = tried(room, large)
    with pytest.raises(Conflict, match="batch_needs_supervisor"):
        actions.confirm(batch.id, batch.fingerprint, officer=HANDLER, room=room)
    assert [one.id for one in actions.to_confirm(officer=SUPERVISOR, room=room)] == [batch.id]
    assert actions.to_confirm(officer=HANDLER, room=room) == ()

    actions.confirm(batch.id, batch.fingerprint, officer=SUPERVISOR, room=room)
    actions.carry_on_all(room)

    ended = room.batches.get(batch.id)
    assert (ended.phase, ended.counts.done) == (Phase.DONE, ALONE + 1)
    assert {room.reports.get(one).timeline[-1].by.id for one in large} == {SUPERVISOR.id}


def test_a_supervisor_who_chose_over_fifty_needs_another_one_for_what_reporters_hear_of(room, large):
    batch = tried(room, large, officer=SUPERVISOR)

    with pytest.raises(Conflict, match="batch_needs_other"):
        actions.confirm(batch.id, batch.fingerprint, officer=SUPERVISOR, room=room)
    assert actions.confirm(batch.id, batch.fingerprint, officer=SECOND, room=room).by == SECOND


def test_the_one_who_confirms_answers_for_the_reports_of_their_own_units_only(room):
    both = replace(HANDLER, units=frozenset({"Amsterdam", "Noord-Nederland"}))
    room.reports.add(registered(1))
    room.reports.add(registered(4, unit="Amsterdam"))
    batch = tried(room, [GOOD, FOREIGN], officer=both)

    with pytest.raises(NotFound):
        actions.confirm(batch.id, batch.fingerprint, officer=SUPERVISOR, room=room)


def test_each_report_of_a_batch_is_on_record_by_name_and_the_batch_with_it(room, six):
    batch = tried(room, six)
    actions.confirm(batch.id, batch.fingerprint, officer=HANDLER, room=room)

    assert [record.what for record in room.audit.of(f"batch:{batch.id}")] == ["batch_tried:6", "batch_confirmed:6"]
    for done_ in (GOOD, NO_MAIL, CHANGED):
        assert [(r.what, r.officer) for r in room.audit.of(done_)] == [(f"batch:{batch.id}", "NN1234")]
    assert room.audit.of(WRONG) == []
    for unknown in (FOREIGN, ERASED):
        assert len(room.audit.of(f"refused:{unknown}")) == 1


def test_without_a_record_nothing_is_done(room, six):
    batch = tried(room, six)
    room.audit.broken = True

    with pytest.raises(OSError, match="audit"):
        actions.confirm(batch.id, batch.fingerprint, officer=HANDLER, room=room)

    assert room.reports.get(GOOD).version == 3


def test_a_report_that_cannot_be_read_keeps_no_other_from_its_end_and_is_given_up_after_an_hour(room, six, clock):
    batch = tried(room, six)
    room.reports.broken.add(NO_MAIL)

    ended = actions.confirm(batch.id, batch.fingerprint, officer=HANDLER, room=room)
    assert (ended.phase, ended.ended) == (Phase.RUNNING, 5)

    clock.advance(timedelta(minutes=61))
    actions.carry_on_all(room)

    ended = room.batches.get(batch.id)
    assert (ended.phase, ended.rows[1].result.why) == (Phase.DONE, "batch_row_failed")


def test_a_report_that_can_be_read_again_is_done_after_all(room, six):
    batch = tried(room, six)
    room.reports.broken.add(NO_MAIL)
    actions.confirm(batch.id, batch.fingerprint, officer=HANDLER, room=room)
    room.reports.broken.clear()

    actions.carry_on_all(room)

    assert room.batches.get(batch.id).rows[1].result.outcome is Outcome.DONE


def test_a_batch_that_cannot_be_carried_on_with_keeps_no_other_from_its_end(room, six, caplog):
    first, second = tried(room, [GOOD]), tried(room, [NO_MAIL])
    for one in (first, second):
        found = room.batches.get(one.id)
        room.batches.save(found, found.confirmed(one.fingerprint, by=HANDLER, at=NOON))
    inner = room.batches.end_chunk
    room.batches.end_chunk = lambda batch, *rest: 1 / 0 if batch.id == first.id else inner(batch, *rest)

    assert actions.carry_on_all(room) == 2

    assert room.batches.get(second.id).phase is Phase.DONE
    assert "batch_failed" in caplog.text


def test_reporters_hear_of_it_as_they_wish(room):
    contact = Contact(email="sanne@example.org", information=InformationWish.NOTHING, survey=False)
    quiet = registered(1)
    room.reports.add(replace(quiet, contact=contact))
    room.reports.add(replace(registered(2), contact=replace(contact, information=InformationWish.DECISIONS, survey=True)))

    ended = done(room, [GOOD, NO_MAIL])

    results = [row.result for row in ended.rows]
    assert [(one.telling, one.unsaid, one.survey) for one in results] == [
        (Telling.NOT, "not_wanted", False), (Telling.MAIL, "", True),
    ]  # fmt: skip


AGAIN = Order(act=Act.STATUS, status=Status.REOPENED, explanation="Er is een verdachte aangehouden.")


def test_a_suspect_is_caught_and_cases_closed_up_to_five_years_ago_are_reopened(clock):
    room = a_room(clock)
    for number in range(1, 4):
        report = registered(number, email="" if number == 2 else "sanne@example.org")
        closed = report.changed(Change(Status.NOT_INVESTIGATED, "Geen sporen."), by=OFFICER, at=NOON)
        room.reports.add(closed)
    clock.advance(timedelta(days=3 * 365))

    with pytest.raises(Invalid, match="reason_required"):
        tried(room, [GOOD], replace(AGAIN, explanation=""))
    ended = done(room, [GOOD, NO_MAIL], AGAIN)
    clock.advance(timedelta(days=2 * 365 + 2))
    too_old = tried(room, [WRONG], AGAIN)

    assert [row.result.telling for row in ended.rows] == [Telling.MAIL, Telling.OFFLINE]
    assert room.reports.get(GOOD).status is Status.REOPENED
    assert too_old.rows[0].forecast.why == "batch_report_unknown"


def test_a_police_number_is_needed_for_each_report_that_is_registered(room):
    checked = a_report(reference=GOOD).changed(Change(Status.CHECKED), by=OFFICER, at=NOON)
    room.reports.add(checked)

    batch = tried(room, [GOOD], Order(act=Act.STATUS, status=Status.REGISTERED))

    assert batch.rows[0].forecast.why == "registration_number_required"


def test_an_officer_of_no_unit_has_no_list(room):
    batch = actions.choose([GOOD], officer=replace(HANDLER, units=frozenset()), key="", room=room)

    with pytest.raises(NotFound):
        actions.load(batch.id, officer=replace(HANDLER, units=frozenset()), room=room)
