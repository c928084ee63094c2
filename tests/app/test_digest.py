"""An officer asks for the digest on a page of the desk, and ends it there or by the link of a mail."""

from datetime import UTC, datetime

import pytest

from chalicelib.boards.model import Board, Number
from chalicelib.digests import actions
from chalicelib.letters import due_letters
from chalicelib.profiles.model import code_of
from tests.support.fakes_letters import FakeMailer
from tests.support.samples import HANDLER

PAGE, ADDRESS = "/desk/digest", "agent@example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def mails(services):
    services.mailer = FakeMailer()
    return services.mailer.mails


@pytest.fixture
def wish(services):
    return lambda: actions.of_officer(HANDLER, services.digest_room)


@pytest.fixture
def code(services, wish):
    def code():
        waits = wish().challenge
        return code_of(services.proof_keys.at(waits.asked_at), wish().name, waits)

    return code


@pytest.fixture
def subscribed(portal, mails, code):
    assert mails == []
    officer = portal.browser("handler")
    officer.submit(PAGE, {"email": ADDRESS})
    officer.post(f"{PAGE}/code", officer.get(PAGE).hidden | {"code": code()})
    return officer


def test_an_officer_asks_types_the_code_and_ends_it(portal, services, wish, code):
    officer = portal.browser("handler")
    assert f'href="{PAGE}"' in officer.get("/desk").text

    assert officer.submit(PAGE, {"email": ADDRESS}).status == 303
    assert "Wij mailen een code naar agent@example.org" in officer.get(PAGE).text
    form = officer.get(PAGE).hidden
    wrong = officer.post(f"{PAGE}/code", form | {"code": "CCCC-CCCC"})
    assert (wrong.status, wish().email) == (400, "")
    done = [officer.post(f"{PAGE}/code", form | {"code": code_now}).location for code_now in [code()] * 2]
    assert done == [f"{PAGE}?done=begun"] * 2
    assert ADDRESS in officer.get(PAGE).text

    assert officer.post(f"{PAGE}/stop", form).location == f"{PAGE}?done=ended"
    assert ADDRESS not in officer.get(f"{PAGE}?done=ended").text
    assert wish().email == ""


@pytest.mark.parametrize("email", ["", "geen adres", "a@b"])
def test_an_address_that_cannot_be_one_is_told_at_its_field(portal, wish, email):
    page = portal.browser("handler").submit(PAGE, {"email": email})

    assert (page.status, 'id="email-error"' in page.text) == (400, True)
    assert wish().challenge is None


def test_the_mail_of_a_morning_holds_only_numbers(services, mails, subscribed, clock, caplog):
    services.boards.put(Board(unit="Noord-Nederland", counted_at=clock.now(), numbers={Number.OVERDUE: 3}))
    clock.advance(datetime(2016, 7, 4, 6, tzinfo=UTC) - clock.now())
    actions.lay_ready(services.digest_room)
    due_letters.send_due(services.mailroom)
    due_letters.send_due(services.mailroom)

    mail = mails[-1]
    assert mail.to == ADDRESS
    assert "Over de termijn: 3" in mail.text
    for hidden in (HANDLER.id, "Noord-Nederland"):
        assert hidden not in mail.subject + mail.text + mail.html + mail.unsubscribe_at
    assert ADDRESS not in caplog.text
    assert HANDLER.id not in caplog.text


def test_a_mail_program_ends_it_with_one_post_and_opening_the_address_does_not(portal, services, mails, subscribed, clock, wish):
    services.boards.put(Board(unit="Noord-Nederland", counted_at=clock.now(), numbers={Number.OVERDUE: 3}))
    clock.advance(datetime(2016, 7, 4, 6, tzinfo=UTC) - clock.now())
    actions.lay_ready(services.digest_room)
    due_letters.send_due(services.mailroom)
    path = "/unsubscribe/digest/" + mails[-1].unsubscribe_at.rpartition("/")[2]

    assert portal.browser().get(path).status == 200
    assert portal.browser().post(path, {}).status == 200
    assert wish().email == ADDRESS
    assert [portal.browser().post(path, ONE_CLICK).status for _ in range(2)] == [200, 200]
    assert wish().email == ""
    assert portal.browser().post("/unsubscribe/digest/K7MDP-R3W9X-K7MDP-R3W9X", ONE_CLICK).status == 404


def test_a_citizen_and_an_auditor_have_no_such_page(portal):
    assert portal.browser("sanne").get(PAGE).status == 403
    assert portal.browser("auditor").get(PAGE).status == 403
