"""The promises of every store of sessions: on the table (moto) and on the fake."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core import ids
from chalicelib.core.logins import IdentityKind
from chalicelib.identity.model import Attempt, LogoutNotice
from chalicelib.identity.sessions import MOST_REASONS, SessionStore
from chalicelib.people.model import Citizen, Level, form_token, is_of_same_person, is_of_session, owner_of
from tests.support.fakes_sessions import FakeSessions
from tests.support.samples import CITIZEN, DERIVATION, HANDLER, NEIGHBOUR, NOON, SUPERVISOR

DIGID = {"issuer": "https://digid.example", "subject": "pseudonym-boer"}


@pytest.fixture(params=["table", "fake"])
def sessions(request, settings, clock):
    if request.param == "fake":
        return FakeSessions(settings, clock)
    request.getfixturevalue("aws")
    return SessionStore(settings, clock, lambda: DERIVATION.names)


def opened(sessions, principal=CITIZEN, session_id="sid-1", **who):
    return sessions.open(principal, session_id=session_id, **(DIGID | who))


def an_attempt():
    return Attempt(
        issuer="https://digid.example",
        url="https://digid.example/authorize?state=s",
        redirect_uri="https://portal.example/login/callback",
        state="s" * 43,
        nonce="n" * 43,
        verifier="v" * 43,
        started_at=NOON,
        return_to="/reports",
    )


@pytest.mark.parametrize("principal", [CITIZEN, HANDLER])
def test_who_logged_in_is_found_again(sessions, principal):
    session = sessions.find(opened(sessions, principal))

    assert session.principal == principal
    assert (session.issuer, session.session_id, session.opened_at) == ("https://digid.example", "sid-1", NOON)
    assert not session.expired


@pytest.mark.parametrize(
    "principal",
    [
        Citizen("V1-e", "", Level.SUBSTANTIAL, IdentityKind.EIDAS),
        Citizen("V1-c", "", Level.HIGH, IdentityKind.COMPANY, "68750110"),
    ],
)
def test_who_is_known_by_something_else_than_a_bsn_is_found_again_with_the_login_that_was_used(sessions, principal):
    session = sessions.find(opened(sessions, principal, means="other"))

    assert (session.principal, session.means) == (principal, "other")
    assert sessions.find(opened(sessions)).means == ""


def test_a_hint_is_read_with_the_secret_of_its_session_and_goes_with_it(sessions):
    secret, other = opened(sessions, hint="a token"), opened(sessions)

    assert (sessions.hint(secret), sessions.hint(other), sessions.hint("x" * 43)) == ("a token", "", "")
    sessions.end(secret)
    assert sessions.hint(secret) == ""


def test_a_session_that_an_older_version_wrote_is_still_one(aws, settings, clock):
    """The item as it was before there were several logins, by its attributes in DynamoDB."""
    sessions = SessionStore(settings, clock, lambda: DERIVATION.names)
    secret = "s" * 43
    principal = json.dumps({"pseudonym": "V1-b", "sealed_bsn": "c2VhbGVk", "level": 2})
    item = {
        "id": {"S": ids.digest(f"session {secret}")},
        "expires_at": {"N": str(int(NOON.timestamp()) + 90_000)},
        "subject": {"S": "digest"},
        "issuer": {"S": "https://digid.example"},
        "session_id": {"S": "sid-1"},
        "principal": {"S": principal},
    }
    new = opened(sessions)
    [kept] = [one for one in aws.items("sessions") if one["id"]["S"] == ids.digest(f"session {new}")]
    aws.client("dynamodb").put_item(
        TableName=f"{settings.table_prefix}sessions",
        Item=item | {"opened_at": kept["opened_at"], "last_seen_at": kept["last_seen_at"]},
    )

    session = sessions.find(secret)

    assert session.principal == Citizen("V1-b", "c2VhbGVk", Level.SUBSTANTIAL)
    assert (session.means, sessions.hint(secret)) == ("", "")


def test_nobody_is_found_by_an_id_that_was_never_given_out(sessions):
    opened(sessions)

    assert sessions.find("x" * 43) is None
    assert sessions.find("") is None


def test_every_login_gets_an_id_and_form_token_of_its_own(sessions):
    first, second = opened(sessions), opened(sessions)

    assert first != second
    assert sessions.find(first).form_token != sessions.find(second).form_token
    assert first not in repr(sessions.find(first))


def test_a_session_ends_after_a_quarter_of_an_hour_without_a_request(sessions, clock):
    secret = opened(sessions)
    clock.advance(timedelta(minutes=15) - timedelta(seconds=1))
    before = sessions.find(secret)
    clock.advance(timedelta(seconds=1))

    assert not before.expired
    assert before.ends_at == NOON + timedelta(minutes=15)
    assert sessions.find(secret).expired


def test_a_session_that_is_used_goes_on(sessions, clock):
    secret = opened(sessions)
    for _ in range(3):
        clock.advance(timedelta(minutes=14))
        touched = sessions.touch(sessions.find(secret))

    assert touched.ends_at == clock.now() + timedelta(minutes=15)
    assert sessions.find(secret) == touched


def test_use_is_noted_once_a_minute(sessions, clock):
    secret = opened(sessions)
    clock.advance(timedelta(seconds=59))
    sessions.touch(sessions.find(secret))

    assert sessions.find(secret).last_seen_at == NOON


def test_a_session_ends_eight_hours_after_the_login_however_much_it_is_used(sessions, clock):
    secret = opened(sessions)
    for _ in range(8 * 6):
        clock.advance(timedelta(minutes=10))
        sessions.touch(sessions.find(secret))

    assert sessions.find(secret).expired


def test_an_expired_session_cannot_be_revived(sessions, clock):
    secret = opened(sessions)
    clock.advance(timedelta(minutes=16))
    sessions.touch(sessions.find(secret))

    assert sessions.find(secret).expired


def test_an_expired_session_still_tells_whose_it_was_for_a_day(sessions, clock):
    secret = opened(sessions)
    clock.advance(timedelta(hours=24))
    remembered = sessions.find(secret)
    clock.advance(timedelta(minutes=15))

    assert remembered.expired
    assert remembered.principal == CITIZEN
    assert sessions.find(secret) is None


def test_a_closed_session_is_gone_and_a_request_under_way_does_not_bring_it_back(sessions, clock):
    secret = opened(sessions)
    clock.advance(timedelta(minutes=2))
    under_way = sessions.find(secret)
    sessions.close(secret)
    sessions.touch(under_way)
    sessions.close(secret)

    assert sessions.find(secret) is None


def test_a_notice_of_logout_ends_that_session_and_no_other(sessions):
    ended, other = opened(sessions, session_id="sid-1"), opened(sessions, session_id="sid-2")
    neighbour = opened(sessions, subject="pseudonym-janssen")

    assert sessions.close_of(**DIGID, session_id="sid-1") == 1
    assert sessions.find(ended).expired
    assert not sessions.find(other).expired
    assert not sessions.find(neighbour).expired
    assert sessions.close_of(**DIGID, session_id="sid-1") == 0


def test_a_notice_of_logout_that_names_no_person_ends_that_session_and_no_other(sessions):
    ended, other = opened(sessions, session_id="sid-1"), opened(sessions, session_id="sid-2")
    unnamed, elsewhere = opened(sessions, session_id=""), opened(sessions, session_id="sid-1", issuer="https://staff.example")

    assert sessions.close_of(DIGID["issuer"], "", "sid-1") == 1
    assert sessions.close_of(DIGID["issuer"], "", "sid-1") == 0
    assert sessions.find(ended).expired
    assert not any(sessions.find(secret).expired for secret in (other, unnamed, elsewhere))


def test_a_notice_of_logout_for_another_person_in_that_session_ends_nothing(sessions):
    secret = opened(sessions, session_id="sid-1")

    assert sessions.close_of(DIGID["issuer"], "pseudonym-janssen", "sid-1") == 0
    assert not sessions.find(secret).expired


def test_nobody_is_logged_out_by_a_notice_about_nobody(sessions):
    secret = opened(sessions, session_id="")

    with pytest.raises(ValueError, match="neither a person nor a session"):
        sessions.close_of(DIGID["issuer"], "", "")
    assert not sessions.find(secret).expired


def test_a_session_that_was_ended_elsewhere_is_known_for_a_day_and_never_opens_again(sessions, clock):
    secret = opened(sessions, session_id="sid-1")
    clock.advance(timedelta(minutes=2))
    under_way = sessions.find(secret)
    sessions.close_of(**DIGID, session_id="sid-1")

    sessions.touch(under_way)
    sessions.touch(sessions.find(secret))

    assert sessions.find(secret).expired
    clock.advance(timedelta(days=1, minutes=1))
    assert sessions.find(secret) is None


def test_a_session_that_its_owner_ended_is_over_and_known_for_a_day(sessions, clock):
    secret, other = opened(sessions, session_id="sid-1"), opened(sessions, session_id="sid-2")
    under_way = sessions.find(secret)
    clock.advance(timedelta(minutes=2))

    for _ in range(2):
        sessions.end(secret)
    sessions.touch(under_way)

    found = sessions.find(secret)
    assert (found.expired, found.ended, found.principal) == (True, True, CITIZEN)
    assert not sessions.find(other).expired
    assert {use.is_this: use.is_over for use in sessions.of_same_person(sessions.find(other).id)} == {True: False, False: True}
    clock.advance(timedelta(days=1))
    assert sessions.find(secret) is None


def test_ending_a_session_that_is_not_there_makes_none(sessions):
    sessions.end("nobody's")

    assert sessions.find("nobody's") is None


def test_a_session_that_ran_out_was_not_ended_by_anybody(sessions, clock):
    secret = opened(sessions)
    clock.advance(timedelta(minutes=15))

    assert (sessions.find(secret).expired, sessions.find(secret).ended) == (True, False)


def test_a_notice_of_logout_without_a_session_ends_all_of_that_person_at_that_issuer(sessions):
    mine = [opened(sessions, session_id="sid-1"), opened(sessions, session_id="")]
    elsewhere = opened(sessions, issuer="https://staff.example")

    assert sessions.close_of(**DIGID, session_id="") == 2
    assert all(sessions.find(secret).expired for secret in mine)
    assert not sessions.find(elsewhere).expired


def test_somebody_logs_out_everywhere_else_and_stays_in_here(sessions, clock):
    here, there = opened(sessions), opened(sessions, session_id="sid-2")
    by_other_means = opened(sessions, issuer="https://wallet.example", subject="another-name")
    ran_out, neighbour = opened(sessions), opened(sessions, NEIGHBOUR, subject="pseudonym-janssen")
    sessions.end(ran_out)
    clock.advance(timedelta(minutes=1))

    assert sessions.end_others(sessions.find(here).id) == 2
    assert sessions.end_others(sessions.find(here).id) == 0
    assert [sessions.find(secret).ended for secret in (here, there, by_other_means, neighbour)] == [False, True, True, False]
    assert sessions.end_others("unknown") == 0


@pytest.mark.parametrize("principal", [CITIZEN, HANDLER])
def test_an_operator_ends_every_session_of_a_person_and_of_nobody_else(sessions, principal):
    theirs = [opened(sessions, principal), opened(sessions, principal, issuer="https://other.example", subject="x")]
    others = [opened(sessions, NEIGHBOUR), opened(sessions, SUPERVISOR)]

    assert sessions.known_of(owner_of(principal)) == 2
    assert sessions.end_of(owner_of(principal)) == 2
    assert sessions.end_of(owner_of(principal)) == 0
    assert all(sessions.find(secret).expired for secret in theirs)
    assert not any(sessions.find(secret).expired for secret in others)


def test_a_session_that_ran_out_is_not_kept_longer_by_ending_all(sessions, clock):
    ran_out = opened(sessions)
    clock.advance(timedelta(minutes=20))

    assert sessions.end_of(owner_of(CITIZEN)) == 0
    clock.advance(timedelta(hours=23, minutes=56))
    assert sessions.find(ran_out) is None


def test_a_session_of_before_people_had_a_key_in_the_table_ends_with_the_others(aws, settings, clock):
    sessions = SessionStore(settings, clock, lambda: DERIVATION.names)
    old, here = opened(sessions), opened(sessions)
    aws.client("dynamodb").update_item(
        TableName="test-sessions", Key={"id": {"S": sessions.find(old).id}}, UpdateExpression="REMOVE person"
    )

    assert len(sessions.of_same_person(sessions.find(here).id)) == 2
    assert sessions.end_others(sessions.find(here).id) == 1
    assert sessions.find(old).ended


@pytest.mark.parametrize("principal", [CITIZEN, HANDLER])
def test_a_form_is_known_as_this_session_s_or_as_one_of_the_same_person_and_not_by_half(sessions, principal):
    first, second = (sessions.find(opened(sessions, principal)) for _ in range(2))
    other = sessions.find(opened(sessions, NEIGHBOUR if principal is CITIZEN else SUPERVISOR))

    assert is_of_session(first.form_token, first)
    assert not is_of_session(second.form_token, first)
    assert is_of_same_person(second.form_token, first)
    assert not is_of_same_person(other.form_token, first)
    for broken in ("", None, first.form_token[:32], first.form_token[32:], first.form_token + "0", "é" * 64, [first.form_token]):
        assert not is_of_session(broken, first)
        assert not is_of_same_person(broken, first)


def test_nobody_who_knows_an_officer_s_number_can_make_half_of_a_token(sessions):
    session = sessions.find(opened(sessions, HANDLER))

    for guess in (HANDLER.id, owner_of(HANDLER), f"form of {owner_of(HANDLER)}"):
        assert not is_of_same_person("0" * 32 + ids.digest(guess)[:32], session)
    assert not is_of_same_person(form_token("x", HANDLER, lambda: b"another key"), session)


def test_a_notice_of_logout_is_remembered_as_long_as_it_could_come_again(sessions, clock):
    notice = LogoutNotice("pseudonym-boer", "sid-1", "name-1", clock.now() + timedelta(minutes=2))
    assert not sessions.heard(DIGID["issuer"], notice)

    sessions.note_heard(DIGID["issuer"], notice)
    sessions.note_heard(DIGID["issuer"], notice)

    assert sessions.heard(DIGID["issuer"], notice)
    assert not sessions.heard("https://staff.example", notice)
    assert not sessions.heard(DIGID["issuer"], replace(notice, name="name-2"))
    clock.advance(timedelta(minutes=2))
    assert not sessions.heard(DIGID["issuer"], notice)


def test_an_attempt_is_given_back_once(sessions):
    secret = sessions.begin(an_attempt())

    assert sessions.consume_attempt(secret) == an_attempt()
    assert sessions.consume_attempt(secret) is None


def test_an_attempt_lasts_a_quarter_of_an_hour(sessions, clock):
    secret = sessions.begin(an_attempt())
    clock.advance(timedelta(minutes=15))

    assert sessions.consume_attempt(secret) is None


def test_an_attempt_is_no_session_and_a_session_no_attempt(sessions):
    attempt, session = sessions.begin(an_attempt()), opened(sessions)

    assert sessions.find(attempt) is None
    assert sessions.consume_attempt(session) is None
    assert sessions.find(session)


def test_the_table_holds_nothing_that_opens_a_session(aws, settings, clock):
    sessions = SessionStore(settings, clock, lambda: DERIVATION.names)
    secrets = [opened(sessions), sessions.begin(an_attempt())]

    stored = str(aws.items("sessions"))

    assert len(aws.items("sessions")) == 3, "a session, an attempt, and when this citizen came in"
    assert [secret for secret in secrets if secret in stored] == []
    assert sessions.find(secrets[0]).form_token not in stored


def test_two_browsers_with_one_attempt_let_one_in(aws, settings, clock):
    class Racing(SessionStore):
        """Another taker comes between our reading and our deleting."""

        def _item(self, key):
            item = super()._item(key)
            SessionStore(settings, clock, lambda: DERIVATION.names)._model(id=key).delete()
            return item

    secret = SessionStore(settings, clock, lambda: DERIVATION.names).begin(an_attempt())

    assert Racing(settings, clock, lambda: DERIVATION.names).consume_attempt(secret) is None


def test_that_mail_comes_back_is_known_in_the_session_until_it_does_no_more(sessions, clock):
    secret = sessions.open(CITIZEN, issuer="i", subject="s", session_id="sid", unreachable=True)

    assert sessions.find(secret).unreachable
    assert not sessions.mark(sessions.find(secret), unreachable=False).unreachable
    assert not sessions.find(secret).unreachable
    sessions.mark(sessions.find(secret), unreachable=True)
    clock.advance(timedelta(minutes=2))
    sessions.touch(sessions.find(secret))
    assert sessions.find(secret).unreachable


def test_marking_a_session_that_was_closed_does_not_revive_it(sessions):
    secret = opened(sessions)
    session = sessions.find(secret)
    sessions.close(secret)

    sessions.mark(session, unreachable=True)

    assert sessions.find(secret) is None


def test_a_session_knows_when_its_citizen_came_in_the_time_before(sessions, clock):
    first = sessions.find(opened(sessions))
    clock.advance(timedelta(days=3))
    other = sessions.find(opened(sessions, principal=NEIGHBOUR))
    second = opened(sessions)
    clock.advance(timedelta(minutes=2))
    sessions.touch(sessions.find(second))

    assert (first.visited_before, other.visited_before) == (None, None)
    assert sessions.find(second).visited_before == first.opened_at


def test_of_an_officer_no_visits_are_kept(sessions):
    opened(sessions, principal=HANDLER)

    assert sessions.find(opened(sessions, principal=HANDLER)).visited_before is None


def test_a_person_can_read_back_where_they_are_and_were_logged_in(sessions, clock):
    first = opened(sessions)
    clock.advance(timedelta(minutes=20))
    second = opened(sessions, session_id="sid-2")
    opened(sessions, NEIGHBOUR, session_id="sid-3", subject="somebody else")

    uses = sessions.of_same_person(sessions.find(second).id)

    assert [(use.is_this, use.is_over) for use in uses] == [(True, False), (False, True)]
    assert sessions.find(first).id not in str(uses)
    assert sessions.of_same_person("unknown") == ()


def test_a_session_remembers_why_its_officer_looks_at_each_report(sessions):
    secret = opened(sessions, HANDLER)
    first = sessions.note_reason(sessions.find(secret), "A", "handling")
    sessions.note_reason(first, "B", "reporter_contact")
    sessions.note_reason(sessions.find(secret), "A", "supervision")

    assert sessions.find(secret).reasons == {"B": "reporter_contact", "A": "supervision"}


def test_of_many_reasons_the_newest_are_remembered(sessions):
    secret = opened(sessions, HANDLER)
    for number in range(MOST_REASONS + 2):
        sessions.note_reason(sessions.find(secret), str(number), "handling")

    assert list(sessions.find(secret).reasons) == [str(number) for number in range(2, MOST_REASONS + 2)]


def test_a_reason_revives_no_session_that_was_ended(sessions):
    secret = opened(sessions, HANDLER)
    session = sessions.find(secret)
    sessions.end(secret)

    sessions.note_reason(session, "A", "handling")

    assert sessions.find(secret).reasons == {}
    sessions.close(secret)
    sessions.note_reason(session, "A", "handling")
    assert sessions.find(secret) is None
