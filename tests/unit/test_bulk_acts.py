"""News, giving, joining and standard texts for many reports at once: each ends by itself, as the act on one report does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.bulk import actions
from chalicelib.bulk.model import ALONE, Act, Order, Outcome, Phase, Telling
from chalicelib.core.errors import Conflict, Invalid
from chalicelib.core.language import Language
from chalicelib.reports.contact import Contact, InformationWish
from chalicelib.reports.events import EventKind
from chalicelib.reports.statuses import Status
from chalicelib.texts import actions as texts
from chalicelib.texts.actions import TextEdit
from tests.support.batches import CASE, OFFICER, TEAM, a_room, done, reference, registered, tried
from tests.support.fakes_teams import FakeRosters
from tests.support.samples import HANDLER, NOON, SUPERVISOR

ONE, TWO, THREE, FOREIGN = (reference(number) for number in range(1, 5))
NEWS = Order(act=Act.UPDATE, explanation="Wij wachten op de beelden.")
MINE = Order(act=Act.ASSIGN, to=HANDLER.id, remark="Reeks.")
JOINED = Order(act=Act.JOIN)
COLLEAGUE = "NN5555"


@pytest.fixture
def room(clock):
    room = a_room(clock)
    for number in range(1, 4):
        room.reports.add(registered(number, email="" if number == 2 else "sanne@example.org"))
    room.reports.add(registered(4, unit="Amsterdam"))
    return room


def ends(batch):
    return [(row.verdict.outcome, row.verdict.why) for row in batch.rows]


def now(room, one, **facts):
    """Write a report as if somebody else had changed it."""
    before = room.reports.get(one)
    return room.reports.save(before, replace(before, version=before.version + 1, **facts))


def given(room, one, to):
    before = room.reports.get(one)
    return room.reports.save(before, before.assigned(to, by=OFFICER, at=NOON))


def joined(room, one, case):
    before = room.reports.get(one)
    return room.reports.save(before, before.joined(case, by=OFFICER, at=NOON))


def last(room, one):
    return room.reports.get(one).timeline[-1]


def refusal(room, order, references=(ONE,)):
    with pytest.raises(Invalid) as refused:
        tried(room, references, order)
    return [(error.field, error.code) for error in refused.value.errors]


# News


def test_many_reporters_hear_how_it_stands_and_nothing_else_changes(room):
    ended = done(room, [ONE, TWO, FOREIGN], NEWS)

    assert [row.result.telling for row in ended.rows] == [Telling.MAIL, Telling.OFFLINE, Telling.NOT]
    assert ends(ended)[2] == (Outcome.REFUSED, "batch_report_unknown")
    for one in (ONE, TWO):
        event = last(room, one)
        assert (event.kind, event.explanation, event.batch) == (EventKind.UPDATE_GIVEN, NEWS.explanation, ended.id)
        assert room.reports.get(one).status is Status.REGISTERED


def test_news_for_more_than_fifty_needs_another_supervisor(room):
    many = [room.reports.add(registered(number)).reference for number in range(10, 11 + ALONE)]
    batch = tried(room, many, NEWS, officer=SUPERVISOR)

    with pytest.raises(Conflict, match="batch_needs_other"):
        actions.confirm(batch.id, batch.fingerprint, officer=SUPERVISOR, room=room)


def test_news_is_taken_back_as_an_act_on_one_report_is(room):
    ended = done(room, [ONE, THREE], NEWS)
    read = room.reports.get(THREE)
    room.reports.mark(read, replace(read, read_number=len(read.timeline)))

    undo = actions.undo(ended.id, officer=HANDLER, room=room)

    assert ends(undo) == [(Outcome.DONE, ""), (Outcome.REFUSED, "read_already")]


def test_news_without_a_word_is_refused(room):
    assert refusal(room, replace(NEWS, explanation=" ")) == [("explanation", "required")]


# Giving


def test_many_are_given_to_one_and_each_that_cannot_says_why(room):
    given(room, TWO, COLLEAGUE)
    given(room, THREE, HANDLER.id)

    ended = done(room, [ONE, TWO, THREE, FOREIGN], MINE)

    assert ends(ended) == [
        (Outcome.DONE, ""), (Outcome.REFUSED, "assigned_to_other"), (Outcome.REFUSED, "batch_has_it"),
        (Outcome.REFUSED, "batch_report_unknown"),
    ]  # fmt: skip
    assert ended.rows[1].forecast.values == {"who": COLLEAGUE}
    assert (room.reports.get(ONE).assignee, last(room, ONE).remark) == (HANDLER.id, "Reeks.")
    assert ended.counts.mail == ended.counts.offline == 0


def test_what_was_given_goes_back_to_who_had_it_unless_it_was_given_on(room):
    given(room, TWO, TEAM)
    ended = done(room, [ONE, TWO, THREE], MINE)
    given(room, THREE, COLLEAGUE)

    undo = actions.undo(ended.id, officer=HANDLER, room=room)
    actions.undo(ended.id, officer=HANDLER, room=room)
    actions.carry_on_all(room)

    assert ends(undo) == [(Outcome.DONE, ""), (Outcome.DONE, ""), (Outcome.REFUSED, "batch_given_on")]
    assert [room.reports.get(one).assignee for one in (ONE, TWO, THREE)] == ["", TEAM, COLLEAGUE]
    assert [event.kind for event in room.reports.get(ONE).timeline].count("assigned") == 2


def test_a_team_without_members_takes_no_work_of_many_either(clock):
    empty = a_room(clock).rosters.get("Noord-Nederland").with_team("T-BBBBB-BBBBB", "Internetfraude")
    room = a_room(clock, rosters=FakeRosters(empty))
    room.reports.add(registered(1))

    batch = tried(room, [ONE], Order(act=Act.ASSIGN, to="T-BBBBB-BBBBB"), officer=SUPERVISOR)

    assert ends(batch) == [(Outcome.REFUSED, "team_takes_no_work")]
    assert batch.rows[0].forecast.values == {"team": "Internetfraude"}


def test_a_team_that_lost_its_last_member_after_the_trial_gets_nothing_and_the_list_says_so(room):
    batch = tried(room, [ONE], Order(act=Act.ASSIGN, to=TEAM), officer=SUPERVISOR)
    roster = room.rosters.get("Noord-Nederland")
    room.rosters.save(roster, roster.left(TEAM, HANDLER.id, by="NN4444", at=NOON))

    ended = actions.confirm(batch.id, batch.fingerprint, officer=SUPERVISOR, room=room)

    assert (ended.phase, ends(ended)) == (Phase.DONE, [(Outcome.REFUSED, "team_takes_no_work")])
    assert room.reports.get(ONE).assignee == ""


def test_a_handler_gives_nothing_to_a_colleague_and_a_supervisor_does(room):
    roster = room.rosters.get("Noord-Nederland")
    room.rosters.save(roster, roster.joined(TEAM, COLLEAGUE))
    order = replace(MINE, to=COLLEAGUE)

    assert ends(tried(room, [ONE], order)) == [(Outcome.REFUSED, "assigns_own_only")]
    assert ends(tried(room, [ONE], order, officer=SUPERVISOR)) == [(Outcome.DONE, "")]


def test_giving_asks_to_whom(room):
    assert refusal(room, Order(act=Act.ASSIGN)) == [("to", "required")]


# Joining


def test_many_are_joined_into_a_case_of_their_own_and_stay_what_they_are(room):
    ended = done(room, [ONE, TWO, FOREIGN], JOINED)

    [case] = {room.reports.get(one).joint_case for one in (ONE, TWO)}
    assert case == ended.order.case != ""
    assert room.reports.get(FOREIGN).joint_case == ""
    assert room.reports.get(ONE).status is Status.REGISTERED
    assert ended.counts.mail == 0


def test_reports_come_into_the_case_in_which_some_of_them_are(room):
    joined(room, ONE, CASE)

    batch = tried(room, [ONE, TWO], JOINED)

    assert batch.order.case == CASE
    assert ends(batch) == [(Outcome.REFUSED, "batch_joined"), (Outcome.DONE, "")]


def test_reports_of_two_cases_need_a_word_on_which_and_the_others_stay_where_they_are(room):
    joined(room, ONE, CASE)
    joined(room, TWO, "C-AAAAA-AAAAA")

    assert refusal(room, JOINED, [ONE, TWO, THREE]) == [("case", "batch_cases")]
    ended = done(room, [ONE, TWO, THREE], replace(JOINED, case=CASE))

    assert ends(ended) == [(Outcome.REFUSED, "batch_joined"), (Outcome.REFUSED, "already_joint"), (Outcome.DONE, "")]
    assert room.reports.get(TWO).joint_case == "C-AAAAA-AAAAA"


def test_a_case_of_other_units_reads_like_none(room):
    joined(room, FOREIGN, "C-AAAAA-AAAAA")

    assert refusal(room, replace(JOINED, case="C-AAAAA-AAAAA")) == [("case", "batch_case_unknown")]
    assert refusal(room, replace(JOINED, case="C-BBBBB-BBBBB")) == [("case", "batch_case_unknown")]
    assert tried(room, [ONE, FOREIGN], JOINED).order.case != "C-AAAAA-AAAAA"


def test_what_was_joined_leaves_the_case_again_unless_it_left_before(room):
    ended = done(room, [ONE, TWO], JOINED)
    before = room.reports.get(TWO)
    room.reports.save(before, before.left(by=OFFICER, at=NOON))

    undo = actions.undo(ended.id, officer=HANDLER, room=room)

    assert ends(undo) == [(Outcome.DONE, ""), (Outcome.REFUSED, "batch_left")]
    assert room.reports.get(ONE).joint_case == ""


# Standard texts


def a_text(room, body, *, occasion="not_investigated", crime="", unit="Noord-Nederland", english=""):
    bodies = {Language.NL: body, Language.EN: english or body}
    edit = TextEdit(unit=unit, occasion=occasion, crime=crime, name="Een tekst", bodies=bodies)
    draft = texts.write(edit, officer=SUPERVISOR, texts=room.texts, clock=room.clock)
    return texts.publish(draft, officer=replace(SUPERVISOR, id="NN4445"), texts=room.texts, clock=room.clock)


def stopped(text):
    return Order(act=Act.STATUS, status=Status.NOT_INVESTIGATED, text=text.mark)


def test_t9_a_place_that_stays_unfilled_is_refused_by_name_of_each_report_and_the_others_are_done(room):
    unnumbered = replace(registered(6), registration_number="", reference=reference(6))
    room.reports.add(unnumbered)
    text = a_text(room, "Wij stoppen met {politienummer}.", english="We stop {police number}.")

    batch = tried(room, [ONE, reference(6)], stopped(text))
    ended = actions.confirm(batch.id, batch.fingerprint, officer=HANDLER, room=room)

    assert ends(batch) == [(Outcome.DONE, ""), (Outcome.REFUSED, "placeholder_left")] == ends(ended)
    assert batch.rows[1].forecast.values == {"what": "politienummer"}
    assert last(room, ONE).explanation == "Wij stoppen met PL0100-2016000001."
    assert room.reports.get(reference(6)).version == unnumbered.version


def test_t9_a_text_with_a_place_that_nobody_fills_is_refused_for_every_report(room):
    text = a_text(room, "Bel {naam van de agent}.", occasion="update_given")

    batch = tried(room, [ONE, TWO], Order(act=Act.UPDATE, text=text.mark))

    assert ends(batch) == [(Outcome.REFUSED, "placeholder_left")] * 2
    assert batch.rows[0].forecast.values == {"what": "naam van de agent"}
    with pytest.raises(Conflict, match="batch_nothing"):
        actions.confirm(batch.id, batch.fingerprint, officer=HANDLER, room=room)


def test_each_reporter_reads_the_text_in_their_own_language_and_the_event_keeps_which_it_was(room):
    english = replace(room.reports.get(TWO).contact, language=Language.EN)
    now(room, TWO, contact=english)
    text = a_text(room, "Wij stoppen met {aangiftenummer}.", english="We stop {report number}.")

    done(room, [ONE, TWO], stopped(text))

    assert last(room, ONE).explanation == f"Wij stoppen met {ONE}."
    assert last(room, TWO).explanation == f"We stop {TWO}."
    assert {last(room, one).text for one in (ONE, TWO)} == {text.mark}


def test_what_is_typed_is_filled_in_for_each_report_too(room):
    done(room, [ONE, TWO], replace(NEWS, explanation="Het gaat om {aangiftenummer}."))

    assert [last(room, one).explanation for one in (ONE, TWO)] == [f"Het gaat om {one}." for one in (ONE, TWO)]


def test_a_text_for_another_crime_or_another_unit_is_not_used_for_a_report(room):
    other = a_text(room, "Wij stoppen.", crime="fraud")
    both = replace(HANDLER, units=frozenset({"Noord-Nederland", "Amsterdam"}))
    own = a_text(room, "Wij stoppen.")

    assert ends(tried(room, [ONE], stopped(other))) == [(Outcome.REFUSED, "batch_text_of_other_crime")]
    assert ends(tried(room, [ONE, FOREIGN], stopped(own), officer=both)) == [
        (Outcome.DONE, ""), (Outcome.REFUSED, "batch_text_of_other_unit"),
    ]  # fmt: skip


def test_a_text_and_words_of_ones_own_do_not_go_together_nor_a_text_of_something_else(room):
    text = a_text(room, "Wij stoppen.")

    assert refusal(room, replace(stopped(text), explanation="Omdat.")) == [("explanation", "text_or_words")]
    assert refusal(room, Order(act=Act.UPDATE, text=text.mark)) == [("text", "batch_text_elsewhere")]
    assert refusal(room, replace(stopped(text), text="TXT-AAAA-AAAA-1")) == [("text", "batch_text_unknown")]
    assert refusal(room, replace(NEWS, remark="Reeks.")) == [("remark", "batch_no_place")]
    assert refusal(room, replace(JOINED, explanation="Omdat.")) == [("explanation", "batch_no_place")]


def test_a_text_that_was_retired_since_the_trial_reaches_nobody(room):
    text = a_text(room, "Wij stoppen.")
    batch = tried(room, [ONE], stopped(text))
    texts.retire(text, officer=SUPERVISOR, texts=room.texts, clock=room.clock)

    with pytest.raises(Conflict, match="batch_text_replaced"):
        actions.confirm(batch.id, batch.fingerprint, officer=HANDLER, room=room)
    assert room.reports.get(ONE).status is Status.REGISTERED


# Police numbers in the list


def test_a_list_may_name_reports_by_their_police_numbers(clock):
    room = a_room(clock, numbers={"PL0100-2016000001": ONE})
    room.reports.add(registered(1))

    batch = actions.choose([" pl0100-2016000001 ", ONE, TWO], officer=HANDLER, key="", room=room)

    assert [row.reference for row in batch.rows] == [ONE, TWO]


def test_a_police_number_of_another_unit_reads_like_one_that_nobody_has_and_is_on_record(clock):
    room = a_room(clock, numbers={"PL0100-2016000004": FOREIGN, "PL0100-2016000001": ONE})
    room.reports.add(registered(4, unit="Amsterdam"))
    room.reports.add(registered(1))

    for unknown in ("PL0100-2016000004", "PL0100-2016999999"):
        with pytest.raises(Invalid, match="references:batch_police_numbers") as refused:
            actions.choose(["PL0100-2016000001", unknown], officer=HANDLER, key="", room=room)
        assert refused.value.errors[0].values == {"places": "2"}

    assert [record.officer for record in room.audit.of(f"refused:{FOREIGN}")] == [HANDLER.id]


def test_a_police_number_of_a_report_that_is_too_old_for_the_police_reads_like_one_that_nobody_has(clock):
    room = a_room(clock, numbers={"PL0100-2016000001": ONE})
    room.reports.add(registered(1))
    clock.advance(timedelta(days=5 * 366))

    with pytest.raises(Invalid, match="references:batch_police_numbers"):
        actions.choose(["PL0100-2016000001"], officer=HANDLER, key="", room=room)


def test_nobody_hears_who_has_asked_to_hear_nothing(room):
    quiet = Contact(email="sanne@example.org", information=InformationWish.NOTHING)
    now(room, ONE, contact=quiet)

    [row] = done(room, [ONE], NEWS).rows

    assert (row.result.telling, row.result.unsaid) == (Telling.NOT, "not_wanted")
