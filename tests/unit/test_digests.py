"""The digest by mail: asked for with a proven address, one on a working morning, counts only, and at most once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from chalicelib.boards.model import Board, Number
from chalicelib.core.derivation import Derivation, ProofKeys
from chalicelib.core.errors import Conflict, Invalid, NotFound, TooMany
from chalicelib.core.language import Language
from chalicelib.digests import actions
from chalicelib.digests.actions import DigestRoom
from chalicelib.digests.model import COUNTED, Subscription, is_morning, subscription_of, units_of
from chalicelib.letters import due_letters
from chalicelib.letters.catalogue import Letter
from chalicelib.letters.ledger_entry import LEASE
from chalicelib.letters.mailer import OutcomeUnknown, Throttled
from chalicelib.letters.mailroom import Outcome
from chalicelib.people.model import Officer, StaffRole
from chalicelib.profiles.model import code_of
from tests.support.fakes import FakeLimits
from tests.support.fakes_boards import FakeBoards
from tests.support.fakes_officers import FakeOfficers
from tests.support.office import PostOffice

UNIT = "Noord-Nederland"
HANDLER = Officer("NN1234", frozenset({StaffRole.HANDLER}), frozenset({UNIT}))
ADDRESS = "an.officer@example.org"
MONDAY = datetime(2016, 7, 4, 5, 30, tzinfo=UTC)  # half past seven in Amsterdam
KEYS = Derivation(b"k" * 32, ProofKeys.of(b"k" * 32))


class Desk:
    """An officer, a post office and the clock of a morning."""

    def __init__(self, settings, clock):
        self.clock, self.post = clock, PostOffice(settings, clock)
        self.boards, self.officers = FakeBoards(), FakeOfficers(clock)
        limits = FakeLimits(settings, clock)
        self.room = DigestRoom(
            officers=self.officers,
            boards=self.boards,
            ledger=self.post.ledger,
            suppression=self.post.suppression,
            limits=lambda: limits,
            daily=lambda: limits,
            derivation=KEYS,
            settings=settings,
            clock=clock,
        )

    @property
    def mails(self):
        return self.post.mailer.mails

    def go_round(self, after=timedelta(0)):
        self.clock.advance(after)
        return due_letters.send_due(replace(self.post.office, others=partial(actions.decider, room=self.room)))

    def code(self):
        wish = actions.of_officer(HANDLER, self.room)
        return code_of(b"k" * 32, wish.name, wish.challenge), wish.challenge.number

    def subscribe(self, officer=HANDLER):
        actions.ask_code(ADDRESS, officer=officer, language=Language.NL, room=self.room)
        self.go_round()
        actions.confirm(*self.code(), officer=officer, room=self.room)
        self.mails.clear()

    def count(self, **counts):
        numbers = {Number(name): count for name, count in counts.items() if name in set(Number)}
        held = {HANDLER.id: counts.get("mine", 0)}
        self.boards.put(Board(unit=UNIT, counted_at=self.clock.now(), numbers=numbers, held=held))

    def wait_until(self, moment):
        self.clock.advance(moment - self.clock.now())


@pytest.fixture
def desk(settings, clock):
    return Desk(settings, clock)


@pytest.fixture
def morning(desk):
    """A Monday morning on which there is something to tell."""
    desk.subscribe()
    desk.wait_until(MONDAY)
    desk.count(overdue=3, mine=5, fresh=1)
    return desk


def test_an_address_counts_once_its_code_was_typed(desk):
    actions.ask_code(ADDRESS, officer=HANDLER, language=Language.NL, room=desk.room)
    assert actions.of_officer(HANDLER, desk.room).email == ""
    assert desk.go_round() == {Outcome.SENT: 1}
    [mail] = desk.mails
    code, number = desk.code()

    assert (mail.to, code in mail.text, code in mail.subject) == (ADDRESS, True, False)
    for _ in range(2):  # pressed twice
        actions.confirm(code, number, officer=HANDLER, room=desk.room)
    assert actions.of_officer(HANDLER, desk.room).email == ADDRESS


def test_five_wrong_codes_and_an_older_one_prove_nothing(desk):
    actions.ask_code(ADDRESS, officer=HANDLER, language=Language.NL, room=desk.room)
    code, number = desk.code()
    with pytest.raises(Conflict, match="code_replaced"):
        actions.confirm(code, number - 1, officer=HANDLER, room=desk.room)
    other = code_of(b"o" * 32, "DIGEST-X", actions.of_officer(HANDLER, desk.room).challenge)
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(Invalid) as wrong:
            actions.confirm(other, number, officer=HANDLER, room=desk.room)
        assert wrong.value.errors[0].values == {"left": left}
    with pytest.raises(Conflict, match="code_tried_out"):
        actions.confirm(code, number, officer=HANDLER, room=desk.room)


def test_nobody_fills_a_mailbox_with_codes(desk, settings):
    for _ in range(settings.limit_tries):
        actions.ask_code(ADDRESS, officer=HANDLER, language=Language.NL, room=desk.room)

    with pytest.raises(TooMany):
        actions.ask_code(ADDRESS, officer=HANDLER, language=Language.NL, room=desk.room)


@pytest.mark.parametrize(
    ("moment", "is_one"),
    [
        (MONDAY, True),
        (MONDAY - timedelta(hours=1), False),  # half past six
        (MONDAY + timedelta(hours=2), True),
        (MONDAY + timedelta(hours=3), False),
        (MONDAY - timedelta(days=1), False),  # Sunday
        (datetime(2016, 12, 26, 8, 0, tzinfo=UTC), False),  # the second day of Christmas
        (datetime(2016, 12, 27, 6, 30, tzinfo=UTC), True),  # in winter the clock is an hour behind
    ],
)
def test_a_morning_is_that_of_a_working_day_in_amsterdam(moment, is_one):
    assert is_morning(moment) is is_one


def test_a_morning_brings_one_mail_with_counts_however_often_it_is_run(morning):
    for _ in range(2):
        assert actions.lay_ready(morning.room) == 1
        morning.go_round()
    morning.clock.advance(timedelta(hours=1))
    actions.lay_ready(morning.room)
    morning.go_round()

    [mail] = morning.mails
    assert mail.to == ADDRESS
    assert "Van u: 5" in mail.text
    assert "Over de termijn: 3" in mail.text
    assert (UNIT in mail.text, HANDLER.id in str(mail), "3" in mail.subject) == (False, False, False)
    assert mail.unsubscribe_at.startswith("https://portal.example/unsubscribe/digest/")


def test_each_working_day_has_its_own(morning):
    for _ in range(7):
        actions.lay_ready(morning.room)
        morning.go_round()
        morning.clock.advance(timedelta(days=1))

    assert len(morning.mails) == 5


def test_a_digest_of_nothing_is_not_sent(morning):
    morning.count()
    actions.lay_ready(morning.room)

    assert morning.go_round() == {Outcome.NOT_SENT: 1}
    assert morning.mails == []


@pytest.mark.parametrize("number", COUNTED)
def test_each_number_alone_is_something_to_tell(morning, number):
    morning.count(**{number.value: 1})
    actions.lay_ready(morning.room)

    assert morning.go_round() == {Outcome.SENT: 1}


def test_who_wants_no_more_gets_none_also_of_what_lay_ready(morning):
    actions.lay_ready(morning.room)
    for _ in range(2):
        actions.stop(HANDLER, morning.room)

    morning.go_round()

    assert morning.mails == []
    assert morning.officers.get("DIGESTS", morning.room.name(HANDLER.id)) is None, "the address is forgotten"


def test_the_link_in_a_mail_ends_it_without_a_login_and_no_other_link_does(morning):
    actions.lay_ready(morning.room)
    morning.go_round()
    token = morning.mails[0].unsubscribe_at.rpartition("/")[2]
    with pytest.raises(NotFound):
        actions.stop_by_token(token[:-1] + ("A" if token[-1] != "A" else "B"), morning.room)

    for _ in range(2):
        actions.stop_by_token(token, morning.room)

    assert actions.of_officer(HANDLER, morning.room).email == ""


def test_an_address_to_which_mail_came_back_gets_none_until_it_is_proven_again(morning):
    morning.post.suppression.add(ADDRESS)
    actions.lay_ready(morning.room)
    assert morning.go_round() == {Outcome.NOT_SENT: 1}
    assert actions.is_dead(actions.of_officer(HANDLER, morning.room), morning.room)

    morning.clock.advance(timedelta(days=1))
    morning.subscribe()

    assert not actions.is_dead(actions.of_officer(HANDLER, morning.room), morning.room)


def test_a_mail_that_ses_may_have_taken_is_not_sent_again(morning):
    actions.lay_ready(morning.room)
    morning.post.mailer.answers = [OutcomeUnknown("ReadTimeoutError")]
    morning.go_round()

    assert morning.go_round(LEASE + timedelta(minutes=1)) == {Outcome.NOT_SENT: 1}
    assert len(morning.mails) <= 1


def test_a_mail_that_ses_had_no_room_for_goes_a_little_later_and_not_the_next_day(morning):
    actions.lay_ready(morning.room)
    morning.post.mailer.answers = [Throttled("TooManyRequestsException")]
    assert morning.go_round() == {Outcome.PUT_OFF: 1}
    assert morning.go_round(timedelta(minutes=2)) == {Outcome.SENT: 1}

    morning.clock.advance(timedelta(days=1))
    actions.lay_ready(morning.room)
    morning.clock.advance(timedelta(days=1))
    assert morning.go_round()[Outcome.NOT_SENT] == 1, "the numbers are those of yesterday"
    assert len(morning.mails) == 1


def test_who_lost_the_unit_or_does_not_log_in_for_60_days_gets_none(morning):
    elsewhere = replace(HANDLER, units=frozenset())
    actions.seen(elsewhere, morning.room)
    assert actions.lay_ready(morning.room) == 0

    actions.seen(HANDLER, morning.room)
    morning.wait_until(MONDAY + timedelta(days=59))
    actions.seen(HANDLER, morning.room)
    morning.wait_until(MONDAY + timedelta(days=60 + 60))
    assert len(list(morning.officers.every("DIGESTS"))) == 0


def test_an_officer_without_a_digest_logs_in_as_before_and_an_auditor_hears_no_counts(desk):
    actions.seen(HANDLER, desk.room)

    assert list(desk.officers.every("DIGESTS")) == []
    assert units_of(Officer("NN9", frozenset({StaffRole.AUDITOR}), frozenset({UNIT}))) == ()


def test_a_wish_is_kept_as_it_is():
    wish = Subscription(name="DIGEST-A", officer="NN1", units=(UNIT,), email=ADDRESS, proven_by=3)
    waiting = wish.code_asked("b@example.org", Language.EN, at=MONDAY).missed("x")

    assert [subscription_of("DIGEST-A", one.content) for one in (wish, waiting)] == [wish, waiting]
    assert Letter.DIGEST.value == "digest"
