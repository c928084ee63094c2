"""My details: an address counts once its code was typed, and what is chosen reaches every report exactly once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core import ids
from chalicelib.core.derivation import Derivation, ProofKeys
from chalicelib.core.errors import Conflict, Invalid, TooMany
from chalicelib.core.language import Language
from chalicelib.profiles import actions
from chalicelib.profiles.actions import ProfileDesk, carry_out
from chalicelib.profiles.model import (
    CODE_LIFE,
    KEPT_NOTICES,
    MOST_TRIES,
    Choices,
    NoticeKind,
    Profile,
    code_of,
    new_notices,
    profile_id,
)
from chalicelib.profiles.store import KEPT
from chalicelib.reports.contact import MOST_WISHES, Contact, Hours, InformationWish, Safety
from chalicelib.reports.events import EventKind
from chalicelib.reports.facts import Reporter
from tests.support.fakes import FakeLimits, FakeProfiles, FakeReports
from tests.support.samples import CITIZEN, NEIGHBOUR, NOON, a_report

KEY = b"k" * 32
ME = {"pseudonym": CITIZEN.pseudonym, "language": Language.NL}
SAFE = Choices(information=InformationWish.NOTHING, survey=False, safety=Safety(neutral=True, hours=Hours.DAY, phone=False))
OTHER = "CCCC-CCCC-CCCC"


@pytest.fixture
def desk(settings, clock):
    limits = FakeLimits(replace(settings, limit_tries=settings.details_most, limit_window_s=3_600), clock)
    return ProfileDesk(
        profiles=FakeProfiles(),
        reports=FakeReports(),
        limits=limits,
        daily=FakeLimits(replace(settings, limit_window_s=86_400), clock),
        derivation=Derivation(KEY, ProofKeys.of(KEY)),
        clock=clock,
    )


@pytest.fixture
def report(desk):
    return desk.reports.add(a_report())


def asked(desk, email="nieuw@example.org"):
    """Ask a code; return its number and the code as the mail has it."""
    profile = actions.ask_code(email, **ME, desk=desk)
    return profile.challenge.number, code_of(KEY, profile.id, profile.challenge)


def wrong(code):
    """Another sound code: right in itself, and not the one."""
    return next(other for other in (ids.short_code(bytes([n]) * 32) for n in range(9)) if other != code)


def test_whoever_has_a_report_begins_with_what_it_says_not_proven(desk):
    contact = Contact(email="sanne@example.org", language=Language.EN, survey=False, safety=Safety(neutral=True))
    desk.reports.add(a_report(contact=contact))

    profile = actions.of_person(CITIZEN.pseudonym, desk=desk)

    assert (profile.email, profile.proven_at, profile.version) == ("sanne@example.org", None, 0)
    assert profile.choices == Choices.of(contact)
    assert desk.profiles.writes == []


def test_whoever_has_nothing_begins_with_nothing_in_the_language_of_the_page(desk):
    profile = actions.of_person(NEIGHBOUR.pseudonym, language=Language.EN, desk=desk)

    assert (profile.email, profile.choices) == ("", Choices(language=Language.EN))


def test_the_right_code_proves_the_address_however_it_is_typed(desk, report):
    number, code = asked(desk)

    after = actions.confirm(f" {code.lower().replace('-', ' ')} ", number, **ME, desk=desk)

    assert (after.email, after.proven_at, after.challenge) == ("nieuw@example.org", desk.clock.now(), None)
    assert (after.notices[-1].kind, after.notices[-1].to) == (NoticeKind.ADDRESS_PROVEN, "sanne@example.org")


def test_the_same_code_sent_twice_is_one_change(desk, report):
    number, code = asked(desk)

    first, again = (actions.confirm(code, number, **ME, desk=desk) for _ in range(2))

    assert first == again
    assert len(desk.profiles.writes) == 2


def test_proving_the_address_that_was_there_tells_nobody(desk, report):
    number, code = asked(desk, "Sanne@example.org")

    after = actions.confirm(code, number, **ME, desk=desk)

    assert after.notices[-1].to == ""


def test_a_slip_of_the_pen_costs_no_try_and_five_wrong_codes_are_the_end(desk):
    number, code = asked(desk)
    for slip in ("", "K7MD", code + "X", "0OQ1-IL5S", "x" * 500):
        with pytest.raises(Invalid) as refused:
            actions.confirm(slip, number, **ME, desk=desk)
        assert [error.code for error in refused.value.errors] == ["code_unknown"]

    left = []
    for _ in range(MOST_TRIES):
        with pytest.raises(Invalid) as refused:
            actions.confirm(wrong(code), number, **ME, desk=desk)
        left.append(refused.value.errors[0].values["left"])

    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(Conflict, match="code_tried_out"):
        actions.confirm(code, number, **ME, desk=desk)
    assert desk.profiles.get(CITIZEN.pseudonym).email == ""


def test_after_half_an_hour_a_code_is_over(desk, clock):
    number, code = asked(desk)
    clock.advance(CODE_LIFE)

    with pytest.raises(Conflict, match="code_expired"):
        actions.confirm(code, number, **ME, desk=desk)


def test_a_double_click_is_one_code_and_a_minute_later_it_is_a_new_one(desk, clock):
    first, again = asked(desk), asked(desk)
    clock.advance(timedelta(minutes=1))

    assert first == again
    assert asked(desk) != first


def test_a_newer_code_takes_the_place_of_an_older_one(desk, clock):
    old, code = asked(desk)
    clock.advance(timedelta(minutes=1))
    new, newer = asked(desk)

    with pytest.raises(Conflict, match="code_replaced"):
        actions.confirm(code, old, **ME, desk=desk)
    with pytest.raises(Invalid):
        actions.confirm(code, new, **ME, desk=desk)
    assert code != newer
    assert actions.confirm(newer, new, **ME, desk=desk).proven_by == new


def test_somebody_elses_code_proves_nothing(desk):
    number, code = asked(desk)

    with pytest.raises(Conflict, match="code_unasked"):
        actions.confirm(code, number, pseudonym=NEIGHBOUR.pseudonym, language=Language.NL, desk=desk)
    actions.ask_code("nieuw@example.org", pseudonym=NEIGHBOUR.pseudonym, language=Language.NL, desk=desk)
    with pytest.raises(Invalid):
        actions.confirm(code, number, pseudonym=NEIGHBOUR.pseudonym, language=Language.NL, desk=desk)


def ask_until_refused(desk, address, pseudonym):
    """Ask for codes until there are no more; return how many there were."""
    for asked_before in range(100):
        try:
            actions.ask_code(address, pseudonym=pseudonym, language=Language.NL, desk=desk)
        except TooMany:
            return asked_before
    raise AssertionError("no end to it")


def test_nobody_can_fill_a_mailbox_with_codes(desk, settings):
    strangers = [f"V1-stranger-{number}" for number in range(settings.details_most)]

    sent = [ask_until_refused(desk, "buur@example.org", pseudonym) for pseudonym in strangers]

    assert sent[0] == 5
    assert sum(sent) == settings.details_most
    assert ask_until_refused(desk, "BUUR@example.org", "V1-late") == 0


def test_nobody_asks_for_codes_to_one_address_after_another(desk, settings):
    sent = [ask_until_refused(desk, f"buur{number}@example.org", ME["pseudonym"]) for number in range(settings.details_most)]

    assert sum(sent) == settings.details_most


def test_a_stranger_who_asks_for_codes_keeps_neither_the_owner_nor_another_from_theirs(desk):
    desk.reports.add(a_report(reporter=Reporter(NEIGHBOUR.pseudonym, "x"), contact=Contact(email="buur@example.org")))
    ask_until_refused(desk, "buur@example.org", "V1-stranger")

    assert ask_until_refused(desk, "buur@example.org", "V1-another") == 5
    assert ask_until_refused(desk, "buur@example.org", "V1-third") == 0
    assert ask_until_refused(desk, "Buur@example.org", NEIGHBOUR.pseudonym) == 5


def test_a_code_that_was_refused_for_one_address_takes_none_of_those_for_another(desk):
    ask_until_refused(desk, "buur@example.org", ME["pseudonym"])
    ask_until_refused(desk, "buur@example.org", ME["pseudonym"])

    assert ask_until_refused(desk, "ander@example.org", ME["pseudonym"]) == 5


def test_who_asked_for_too_many_codes_can_still_choose_to_be_reached_safely(desk):
    for number in range(3):
        ask_until_refused(desk, f"buur{number}@example.org", ME["pseudonym"])

    after = actions.choose(lambda choices: replace(choices, safety=Safety(neutral=True)), **ME, desk=desk)

    assert after.choices.safety.neutral


def test_guesses_at_once_all_count(desk):
    """Another window guesses between the reading and the writing of ours: both guesses are counted."""
    number, code = asked(desk)
    honest, guesses = desk.profiles.save, [wrong(code)]

    def meanwhile(before, after):
        if guesses:
            with pytest.raises(Invalid):
                actions.confirm(guesses.pop(), number, **ME, desk=desk)
        return honest(before, after)

    desk.profiles.save = meanwhile
    with pytest.raises(Invalid):
        actions.confirm(wrong(code), number, **ME, desk=desk)

    assert desk.profiles.get(CITIZEN.pseudonym).challenge.tries == 2


def test_choices_are_kept_once_and_only_when_they_differ(desk, report):
    for _ in range(2):
        actions.choose(lambda _: SAFE, **ME, desk=desk)

    profile = desk.profiles.get(CITIZEN.pseudonym)
    assert profile.choices == SAFE
    assert [notice.kind for notice in profile.notices] == [NoticeKind.CHOICES_CHANGED]


def brought(desk, clock):
    """Carry out every notice that was written, each twice, as the stream may; return the profile."""
    for before, after in desk.profiles.writes:
        for notice in new_notices(before, after):
            for _ in range(2):
                carry_out(
                    notice, desk.profiles.get(after.pseudonym), reports=desk.reports, is_suppressed=lambda _: False, clock=clock
                )
    return desk.profiles.get(CITIZEN.pseudonym)


def contact_of(desk, reference):
    return desk.reports.get(reference).contact


def changes(desk, reference):
    return [event.kind for event in desk.reports.get(reference).timeline].count(EventKind.CONTACT_CHANGED)


def test_a_proven_address_reaches_every_report_once_and_is_usable_again(desk, clock):
    bounced = Contact(email="sanne@example.org", usable=False, own=True)
    desk.reports.add(a_report(contact=bounced))
    desk.reports.add(a_report(reference=OTHER))
    theirs = desk.reports.add(a_report(reference="DDDD-DDDD-DDDD", reporter=Reporter(NEIGHBOUR.pseudonym, "sealed")))
    number, code = asked(desk)
    actions.confirm(code, number, **ME, desk=desk)

    brought(desk, clock)

    for reference in (a_report().reference, OTHER):
        assert (contact_of(desk, reference).email, contact_of(desk, reference).usable) == ("nieuw@example.org", True)
        assert changes(desk, reference) == 1
    assert contact_of(desk, a_report().reference).own
    assert desk.reports.get(theirs.reference) == theirs


def test_choices_reach_every_report_but_leave_wishes_of_its_own_alone(desk, clock):
    desk.reports.add(a_report(contact=Contact(email="a@example.org", information=InformationWish.DECISIONS, own=True)))
    desk.reports.add(a_report(reference=OTHER))
    actions.choose(lambda _: SAFE, **ME, desk=desk)

    brought(desk, clock)

    own, other = contact_of(desk, a_report().reference), contact_of(desk, OTHER)
    assert (own.information, own.survey, own.safety) == (InformationWish.DECISIONS, True, SAFE.safety)
    assert (other.information, other.survey, other.safety) == (InformationWish.NOTHING, False, SAFE.safety)
    assert own.email == "a@example.org"


def test_an_earlier_notice_that_comes_again_undoes_nothing(desk, clock, report):
    for email in ("een@example.org", "twee@example.org"):
        number, code = asked(desk, email)
        actions.confirm(code, number, **ME, desk=desk)
    profile = brought(desk, clock)

    for notice in profile.notices:
        carry_out(notice, profile, reports=desk.reports, is_suppressed=lambda _: False, clock=clock)

    assert contact_of(desk, report.reference).email == "twee@example.org"
    assert changes(desk, report.reference) == 1  # both were asked before the stream came by: the newest was brought, once


def test_a_report_that_is_younger_than_a_change_is_left_as_it_was_told(desk, clock, report):
    """The record of the change comes late, or again, or from a redrive."""
    number, code = asked(desk)
    actions.confirm(code, number, **ME, desk=desk)
    actions.choose(lambda _: replace(SAFE, information=InformationWish.ALL), **ME, desk=desk)
    clock.advance(timedelta(seconds=1))
    told = Contact(email="ander@example.org", information=InformationWish.NOTHING)
    reach = desk.reach(told, pseudonym=CITIZEN.pseudonym)
    younger = desk.reports.add(a_report(reference=OTHER, contact=reach.contact, taken=reach.taken, at=clock.now()))
    desk.reports.save(younger, younger.address_found_unusable(frozenset({told.email}), at=clock.now()))

    brought(desk, clock)

    found = contact_of(desk, OTHER)
    assert (found.email, found.usable, found.information) == ("ander@example.org", False, InformationWish.NOTHING)
    assert contact_of(desk, report.reference).email == "nieuw@example.org"
    actions.choose(lambda _: SAFE, **ME, desk=desk)
    brought(desk, clock)
    assert contact_of(desk, OTHER).safety == SAFE.safety, "what is chosen after it was filed counts for it too"


def test_who_comes_back_after_two_years_is_heard_by_the_reports_of_before(desk, clock, report):
    """The profile is forgotten by then, and the numbers of its notices were once those of before."""
    actions.choose(lambda _: SAFE, **ME, desk=desk)
    brought(desk, clock)
    clock.advance(KEPT)
    desk.profiles.forget(CITIZEN.pseudonym)

    actions.choose(lambda _: replace(SAFE, information=InformationWish.DECISIONS), **ME, desk=desk)
    brought(desk, clock)

    assert contact_of(desk, report.reference).information is InformationWish.DECISIONS


def test_an_address_whose_mail_came_back_before_its_proof_came_to_a_report_is_not_used(desk, clock, report):
    number, code = asked(desk)
    actions.confirm(code, number, **ME, desk=desk)
    profile = desk.profiles.get(CITIZEN.pseudonym)

    carry_out(profile.notices[-1], profile, reports=desk.reports, is_suppressed=lambda _: True, clock=clock)

    assert (contact_of(desk, report.reference).email, contact_of(desk, report.reference).usable) == ("nieuw@example.org", False)


def asked_for_many_codes(desk, clock):
    """More notices than are kept of any kind."""
    for number in range(KEPT_NOTICES + 2):
        clock.advance(timedelta(minutes=30))
        asked(desk, f"{number}@example.org")


def redriven(desk, clock):
    """Carry out every notice that is kept, as an operator's redrive does; return the profile."""
    profile = desk.profiles.get(CITIZEN.pseudonym)
    for notice in profile.notices:
        carry_out(notice, profile, reports=desk.reports, is_suppressed=lambda _: False, clock=clock)
    return profile


def test_a_report_that_has_an_older_change_is_not_given_it_again_with_a_later_one(desk, clock, report):
    """Filed between two changes, and told otherwise; the record of the later one was lost, and others came after it."""
    actions.choose(lambda chosen: replace(chosen, information=InformationWish.DECISIONS), **ME, desk=desk)
    taken = desk.profiles.get(CITIZEN.pseudonym).taken
    desk.reports.add(a_report(reference=OTHER, taken=taken, at=clock.now()))
    actions.choose(lambda chosen: replace(chosen, safety=SAFE.safety), **ME, desk=desk)
    asked_for_many_codes(desk, clock)

    redriven(desk, clock)

    found = contact_of(desk, OTHER)
    assert (found.information, found.safety) == (InformationWish.ALL, SAFE.safety)


def test_what_stopped_half_way_goes_on(desk, clock, report):
    desk.reports.add(a_report(reference=OTHER))
    actions.choose(lambda _: SAFE, **ME, desk=desk)
    profile = desk.profiles.get(CITIZEN.pseudonym)
    desk.reports.broken.add(OTHER)
    with pytest.raises(OSError, match="no answer"):
        carry_out(profile.notices[-1], profile, reports=desk.reports, is_suppressed=lambda _: False, clock=clock)
    desk.reports.broken.clear()

    brought(desk, clock)

    assert [changes(desk, reference) for reference in (report.reference, OTHER)] == [1, 1]


def test_safety_counts_for_a_report_however_often_it_was_changed(desk, clock, report):
    for number in range(MOST_WISHES):
        full = desk.reports.get(report.reference)
        desk.reports.save(full, full.contact_changed(replace(full.contact, email=f"{number}@example.org"), at=NOON))
    desk.reports.add(a_report(reference=OTHER))
    actions.choose(lambda _: SAFE, **ME, desk=desk)

    brought(desk, clock)

    assert changes(desk, report.reference) == MOST_WISHES
    assert [contact_of(desk, reference).safety for reference in (report.reference, OTHER)] == [SAFE.safety] * 2


def test_old_notices_and_their_addresses_are_forgotten(desk):
    profile = Profile(pseudonym="p", id="i")
    for number in range(KEPT_NOTICES + 3):
        profile = profile.code_asked(f"{number}@example.org", at=NOON)

    assert len(profile.notices) == KEPT_NOTICES
    assert profile.last_number == int(NOON.timestamp()) + KEPT_NOTICES + 2
    assert "1@example.org" not in str([notice.to for notice in profile.notices])


def test_a_profile_is_named_without_saying_who_and_shows_no_address_in_logs(desk, report):
    asked(desk)
    profile = desk.profiles.get(CITIZEN.pseudonym)

    assert profile.id == profile_id(KEY, CITIZEN.pseudonym)
    assert ids.parse_reference(profile.id) is None
    assert profile.id.isalnum()
    assert "example.org" not in repr(profile)


def test_only_what_somebody_chose_anew_is_brought_to_their_reports(desk, clock):
    """Whoever chooses safe hours does not give an old report the wishes of the newest."""
    desk.reports.add(a_report(contact=Contact(email="a@example.org", information=InformationWish.ALL, survey=False)))
    clock.advance(timedelta(days=1))
    newest = Contact(email="a@example.org", information=InformationWish.DECISIONS)
    desk.reports.add(a_report(reference=OTHER, contact=newest, at=clock.now()))
    clock.advance(timedelta(days=1))
    actions.choose(lambda chosen: replace(chosen, safety=SAFE.safety), **ME, desk=desk)

    brought(desk, clock)

    old = contact_of(desk, a_report().reference)
    assert (old.information, old.survey, old.safety) == (InformationWish.ALL, False, SAFE.safety)


def test_whoever_keeps_what_was_there_already_gives_no_old_report_the_wishes_of_the_newest(desk, clock):
    desk.reports.add(a_report(contact=Contact(email="a@example.org", information=InformationWish.DECISIONS)))
    clock.advance(timedelta(days=1))
    desk.reports.add(a_report(reference=OTHER, at=clock.now()))
    actions.choose(lambda chosen: chosen, **ME, desk=desk)

    brought(desk, clock)

    assert contact_of(desk, a_report().reference).information is InformationWish.DECISIONS


def test_what_was_chosen_in_records_that_were_lost_comes_with_the_next(desk, clock, report):
    actions.choose(lambda chosen: replace(chosen, safety=SAFE.safety), **ME, desk=desk)
    actions.choose(lambda chosen: replace(chosen, survey=False), **ME, desk=desk)
    profile = desk.profiles.get(CITIZEN.pseudonym)

    carry_out(profile.notices[-1], profile, reports=desk.reports, is_suppressed=lambda _: False, clock=clock)

    assert (contact_of(desk, report.reference).safety, contact_of(desk, report.reference).survey) == (SAFE.safety, False)


def test_a_change_for_all_reports_outlives_the_notices_after_it_for_who_redrives(desk, clock, report):
    number, code = asked(desk)
    actions.confirm(code, number, **ME, desk=desk)
    actions.choose(lambda chosen: replace(chosen, safety=SAFE.safety), **ME, desk=desk)
    asked_for_many_codes(desk, clock)

    profile = redriven(desk, clock)

    assert contact_of(desk, report.reference).email == "nieuw@example.org"
    assert contact_of(desk, report.reference).safety == SAFE.safety
    assert {notice.to for notice in profile.notices[:2]} == {""}, "its old address is nobody's business any more"


def test_a_notice_of_before_there_was_a_word_of_what_changed_brings_all_choices(desk, clock, report):
    actions.choose(lambda _: SAFE, **ME, desk=desk)
    profile = desk.profiles.get(CITIZEN.pseudonym)
    profile = replace(profile, notices=tuple(replace(notice, changed=None) for notice in profile.notices))

    carry_out(profile.notices[-1], profile, reports=desk.reports, is_suppressed=lambda _: False, clock=clock)

    assert contact_of(desk, report.reference).information is InformationWish.NOTHING


def test_strangers_together_get_few_codes_a_day_mailed_to_one_address(desk, clock):
    """An hour has ten; so without an end to the day somebody's mailbox could be filled slowly."""
    asked_for = 0
    with pytest.raises(TooMany) as refused:
        for hour in range(24):
            for person in range(3):
                actions.ask_code("niemand@example.org", pseudonym=f"V1-{hour}-{person}", language=Language.NL, desk=desk)
                asked_for += 1
            clock.advance(timedelta(minutes=25))

    assert asked_for == actions.MOST_OF_STRANGERS
    assert refused.value.what == "codes of strangers in a day"


def test_a_new_report_at_the_address_that_its_reporter_proved_counts_as_proven(desk):
    number, code = asked(desk)
    actions.confirm(code, number, **ME, desk=desk)

    def reach(email):
        return desk.reach(Contact(email=email), pseudonym=ME["pseudonym"]).contact

    assert reach("Nieuw@example.org").proven
    assert not reach("niemand@example.org").proven
