"""My details, as a citizen comes by them: an address with its code, wishes and safety for all reports, and what follows."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.language import Language
from chalicelib.profiles.model import code_of
from chalicelib.reports.contact import Contact, Hours, InformationWish, Safety
from chalicelib.reports.events import EventKind
from tests.app.forms import begin, page_of, told
from tests.app.test_bad_input import SCRIPT, token_for
from tests.support.fakes_letters import FakeMailer
from tests.support.samples import CITIZEN, NEIGHBOUR, REFERENCE, a_report

OTHER = "CCCC-CCCC-CCCC"
NEW = "nieuw@example.org"


@pytest.fixture
def mailer(services):
    services.__dict__["mailer"] = FakeMailer()
    return services.mailer


@pytest.fixture
def browser(portal, services, mailer):
    services.reports.add(a_report())
    return portal.browser("sanne")


@pytest.fixture
def stream(services, aws):
    """Let what was written since the last time come to the function that carries changed details out."""
    from chalice.local import LambdaContext

    from app import app

    client, seen = aws.client("dynamodbstreams"), [0]
    arn = aws.client("dynamodb").describe_table(TableName="test-profiles")["Table"]["LatestStreamArn"]

    def stream(*, again=0):
        shard = client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
        at = client.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        records = client.get_records(ShardIterator=at)["Records"]
        fresh = [{**one, "eventSourceARN": arn} for one in records[seen[0] - again :]]
        for one in fresh:
            one["dynamodb"] = {**one["dynamodb"], "ApproximateCreationDateTime": 0}
        answer = app.handler_map["on_details_changed"]({"Records": fresh}, LambdaContext("details", 512, 300_000))
        assert answer == {"batchItemFailures": []}
        seen[0] = len(records)
        return len(fresh)

    return stream


def asked(browser, email=NEW):
    """Ask for a code on the page; return the page on which it is typed."""
    answer = browser.submit("/details/address", {"email": email})
    assert (answer.status, answer.location) == (303, "/details/code")
    return browser.get("/details/code")


def mailed_code(mailer):
    return re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", mailer.mails[-1].text)[0]


def test_a_new_address_is_used_once_the_code_from_the_mail_is_typed(browser, services, mailer, stream):
    services.reports.add(a_report(reference=OTHER))
    before = browser.get("/details").text
    page = asked(browser)
    stream()

    assert "sanne@example.org" in before
    assert "Nog niet gecontroleerd" in before
    assert NEW in page.text
    assert services.reports.get(REFERENCE).contact.email == "sanne@example.org"
    done = browser.submit("/details/code", {"code": mailed_code(mailer)}, follow=True)
    stream()
    stream(again=2)

    assert "Vanaf nu mailen wij u op dit adres" in done.text
    assert "Gecontroleerd op 1 juli 2016" in done.text
    for reference in (REFERENCE, OTHER):
        report = services.reports.get(reference)
        assert report.contact.email == NEW
        assert [event.kind for event in report.timeline] == [EventKind.RECEIVED, EventKind.CONTACT_CHANGED]
    assert [mail.to for mail in mailer.mails] == [NEW, "sanne@example.org"]
    assert "U hebt uw gegevens gewijzigd" in browser.get(f"/reports/{REFERENCE}").text


def test_no_mail_leaves_from_the_request_itself(browser, mailer):
    asked(browser)

    assert mailer.mails == []


def test_the_code_is_nowhere_on_a_page_or_in_a_log(browser, services, mailer, stream, caplog):
    caplog.set_level("INFO")
    page = asked(browser)
    stream()

    code = mailed_code(mailer)
    assert code not in page.text
    assert code not in browser.get("/details").text
    assert code not in caplog.text
    assert NEW not in caplog.text
    assert "example.org" not in caplog.text


def test_an_address_that_cannot_be_is_said_at_the_field(browser, aws):
    for email in ("", "sanne", "a@b", SCRIPT, "x" * 300, "a@example.org\r\nBcc: b@example.org"):
        answer = browser.submit("/details/address", {"email": email})
        assert answer.status == 400, email
        assert 'aria-invalid="true"' in answer.text
        assert "<script>" not in answer.text
    assert aws.items("profiles") == []


def test_a_wrong_code_says_how_many_tries_are_left_and_after_five_a_new_one_must_be_asked(browser, services, mailer, stream):
    asked(browser)
    stream()
    right = mailed_code(mailer)
    slip = browser.submit("/details/code", {"code": "K7MD"})
    answers = [browser.submit("/details/code", {"code": _sound(right)}) for _ in range(5)]

    late = browser.submit("/details/code", {"code": right})

    assert slip.status == 400
    assert [answer.status for answer in answers] == [400] * 5
    assert "zo vaak proberen: 4" in answers[0].text
    assert late.status == 409
    assert "vijf keer een verkeerde code" in late.text
    assert services.profiles.get(CITIZEN.pseudonym).email == "sanne@example.org"


def _sound(right):
    """A code that could be, and is not the one."""
    from chalicelib.core import ids

    return next(code for code in (ids.short_code(bytes([n]) * 32) for n in range(9)) if code != right)


def test_a_code_of_half_an_hour_ago_is_over_and_the_page_offers_a_new_one(browser, mailer, stream, clock, portal):
    asked(browser)
    stream()
    hidden = browser.get("/details/code").hidden
    for _ in range(3):
        clock.advance(timedelta(minutes=10))
        browser.get("/details")

    answer = browser.post("/details/code", {**hidden, "code": mailed_code(mailer)})

    assert answer.status == 409
    assert "halve uur voor deze code is voorbij" in answer.text
    assert "Mail mij een nieuwe code" in answer.text
    assert browser.post("/details/address", {**token_for(portal, browser), "email": NEW}).status == 303


def test_sending_the_right_code_twice_ends_at_the_same_page(browser, services, mailer, stream):
    page = asked(browser)
    stream()
    form = {**page.hidden, "code": mailed_code(mailer)}

    first, again = (browser.post("/details/code", form) for _ in range(2))

    assert first.location == again.location == "/details?saved=address#saved"
    assert services.profiles.get(CITIZEN.pseudonym).version == 2


def test_the_code_of_an_older_window_is_told_as_what_it_is(browser, mailer, stream, clock):
    first = asked(browser)
    stream()
    old = mailed_code(mailer)
    clock.advance(timedelta(minutes=1))
    asked(browser, "ander@example.org")

    answer = browser.post("/details/code", {**first.hidden, "code": old})

    assert answer.status == 409
    assert "oudere code" in answer.text
    assert "ander@example.org" in answer.text


def test_somebody_elses_code_is_of_no_use(browser, portal, services, mailer, stream):
    asked(browser)
    stream()
    theirs = portal.browser("neighbour")

    answer = theirs.post("/details/code", {**token_for(portal, theirs), "challenge": "1", "code": mailed_code(mailer)})

    assert answer.status == 409
    assert NEW not in answer.text
    assert services.profiles.get(NEIGHBOUR.pseudonym) is None


@pytest.mark.parametrize("number", ["", "x", "-1", "1" * 5_000, "²", "0", "99"])
def test_a_forged_number_of_a_challenge_is_refused(number, browser, mailer, stream):
    page = asked(browser)
    stream()

    answer = browser.post("/details/code", {**page.hidden, "challenge": number, "code": mailed_code(mailer)})

    assert answer.status == 409


def test_too_many_codes_are_refused_with_the_time_to_wait(browser, portal):
    form = {**token_for(portal, browser), "email": NEW}
    for _ in range(5):
        assert browser.post("/details/address", form).status == 303

    answer = browser.post("/details/address", form)

    assert answer.status == 429
    assert "Wacht" in answer.text


def test_who_changed_their_wishes_very_often_can_still_choose_to_be_reached_safely(browser, portal, settings, services):
    wishes = {**token_for(portal, browser), "language": "nl", "survey": "no"}
    for number in range(settings.details_most):
        browser.post("/details/wishes", {**wishes, "information": ["all", "nothing"][number % 2]})
    assert browser.post("/details/wishes", {**wishes, "information": "all"}).status == 429

    answer = browser.submit("/details/safety", {"neutral": "yes", "hours": "9-17", "phone": "no"})

    assert answer.status == 303
    assert services.profiles.get(CITIZEN.pseudonym).choices.safety.neutral


def test_wishes_and_safety_count_for_all_reports_but_not_against_a_reports_own(browser, services, stream):
    own = Contact(email="a@example.org", information=InformationWish.DECISIONS, own=True)
    services.reports.add(a_report(reference=OTHER, contact=own))
    wishes = {"language": "en", "information": "nothing", "survey": "no"}

    saved = browser.submit("/details/wishes", wishes, follow=True)
    browser.submit("/details/safety", {"neutral": "yes", "hours": "17-21", "phone": "no"})
    stream()
    stream(again=2)

    assert "opgeslagen waarover u bericht wilt" in saved.text
    first, other = (services.reports.get(reference).contact for reference in (REFERENCE, OTHER))
    safety = Safety(neutral=True, hours=Hours.EVENING, phone=False)
    assert (first.language, first.information, first.survey, first.safety) == (
        Language.EN,
        InformationWish.NOTHING,
        False,
        safety,
    )
    assert (other.language, other.information, other.survey, other.safety) == (
        Language.EN,
        InformationWish.DECISIONS,
        True,
        safety,
    )
    page = browser.get("/details").text
    assert "Neutraal" in page
    assert "tussen 17.00 en 21.00 uur" in page


def test_what_is_missing_in_a_choice_is_said_all_at_once(browser, aws):
    answer = browser.submit("/details/safety", {"hours": "3-4"})

    assert answer.status == 400
    assert answer.text.count("message") >= 3
    assert aws.items("profiles") == []


def test_a_new_report_begins_with_the_address_and_the_wishes_that_are_known(browser, services, stream):
    browser.submit("/details/wishes", {"language": "en", "information": "decisions", "survey": "no"})
    page = begin(browser)
    browser.submit(page, {"story": "Weg."} if page.endswith("story") else {"circumstances": "none"})

    contact = browser.get(page.rpartition("/")[0] + "/contact").text

    assert 'value="sanne@example.org"' in contact
    assert re.search(r'value="en" checked', contact)


def test_a_new_report_is_as_safe_as_was_chosen_for_all(browser, services, stream):
    browser.submit("/details/safety", {"neutral": "yes", "hours": "9-12", "phone": "no"})
    browser.submit("/details/wishes", {"language": "nl", "information": "all", "survey": "no"})
    check = told(browser, email="ander@example.org")

    receipt = browser.submit(check, {"truth": "yes"}).location
    filed = services.reports.get(receipt.split("/")[2])

    assert filed.contact.safety == Safety(neutral=True, hours=Hours.MORNING, phone=False)
    assert not filed.contact.survey
    assert filed.contact.email == "ander@example.org"  # what was typed for this report is used for it


def test_a_report_through_the_api_is_as_safe(browser, portal, services):
    from tests.support.samples import answers

    browser.submit("/details/safety", {"neutral": "yes", "hours": "9-12", "phone": "no"})
    body = {"kind": "bicycle-theft", "answers": answers(), "truth": True}

    reference = portal.api("POST", "/v1/reports", body, person="sanne").json["reference"]

    assert services.reports.get(reference).contact.safety.neutral


def test_a_newcomer_is_asked_everything_as_before(portal, mailer):
    browser = portal.browser("neighbour")
    contact = browser.get(page_of(browser, "contact")).text

    assert "checked" in contact  # the language of the page
    assert 'type="email" value=""' in contact
    assert "nog geen e-mailadres" in browser.get("/details").text


def test_my_details_without_a_code_on_its_way_leads_to_where_one_is_asked(portal, mailer):
    assert portal.browser("neighbour").get("/details/code").location == "/details/address"


def test_the_profile_in_the_stream_is_that_of_the_table(browser, services, aws):
    asked(browser)

    [item] = aws.items("profiles")
    profile = services.profiles.profile_of_image(item)
    assert profile == services.profiles.get(CITIZEN.pseudonym)
    assert code_of(services.derivation_key, profile.id, profile.challenge) not in str(item)


BANNER = "Een e-mail aan u kwam bij ons terug"


def bounced(services, reference=REFERENCE):
    from chalicelib.reports import actions

    email = services.reports.get(reference).contact.email
    actions.note_unusable(reference, frozenset({email}), reports=services.reports, clock=services.clock)


def test_who_gets_no_mail_reads_so_on_every_page_with_the_way_to_a_new_address(browser, services, portal):
    bounced(services)
    assert BANNER in browser.get("/reports").text  # the list has looked

    pages = ["/", "/details", f"/reports/{REFERENCE}", "/report/saved", "/help"]

    for page in pages:
        assert BANNER in browser.get(page).text, page
        assert 'href="/details/address"' in browser.get(page).text, page
    assert "Een e-mail aan dit adres kwam terug" in browser.get("/details").text
    assert BANNER not in portal.browser("neighbour").get("/reports").text
    assert BANNER not in portal.browser("handler").get("/desk").text


def test_the_banner_goes_once_the_code_is_typed_and_what_was_held_back_can_be_told(browser, services, mailer, stream):
    bounced(services)
    browser.get("/reports")
    asked(browser, "sanne@example.org")  # the mailbox was full: the same address is right after all
    stream()

    done = browser.submit("/details/code", {"code": mailed_code(mailer)}, follow=True)
    stream()

    assert BANNER not in done.text
    assert BANNER not in browser.get("/reports").text
    report = services.reports.get(REFERENCE)
    assert (report.contact.email, report.contact.usable) == ("sanne@example.org", True)
    assert report.timeline[-1].kind is EventKind.CONTACT_CHANGED
    assert [mail.to for mail in mailer.mails] == ["sanne@example.org"]


def test_the_list_without_bounces_takes_the_banner_away(browser, services):
    bounced(services)
    browser.get("/reports")
    report = services.reports.get(REFERENCE)
    services.reports.save(report, report.contact_changed(replace(report.contact, usable=True), at=services.clock.now()))

    assert BANNER in browser.get("/help").text
    assert BANNER not in browser.get("/reports").text
    assert BANNER not in browser.get("/help").text


@pytest.mark.parametrize(("page", "field", "typed"), [("address", "email", "half@exa"), ("code", "code", "K7MD-PR")])
def test_what_was_typed_when_the_login_ran_out_or_the_language_changed_stands_there_again(
    page, field, typed, browser, portal, clock, mailer
):
    asked(browser)
    form = {**browser.get(f"/details/{page}").hidden, field: typed}
    switched = browser.post(f"/details/{page}", {**form, "_language": "en"}, follow=True)
    assert f'value="{typed}"' in switched.text
    browser.post("/language", {"to": "nl", "next": "/"})
    clock.advance(timedelta(minutes=20))

    browser.post(f"/details/{page}", form)
    again = portal.browser("sanne")

    assert f'value="{typed}"' in again.get(f"/details/{page}").text
    assert typed not in portal.browser("neighbour").get("/details/address").text


def test_who_logged_in_long_ago_logs_in_once_more_before_the_address_changes_and_types_nothing_twice(
    browser, portal, services, mailer, clock
):
    clock.advance(timedelta(minutes=9))
    assert browser.get("/details/address").status == 200
    clock.advance(timedelta(minutes=1))

    asked_again = browser.get("/details/address")
    sent = browser.post("/details/address", {**token_for(portal, browser), "email": NEW})

    for answer in (asked_again, sent):
        assert (answer.status, answer.location) == (303, "/session/again?next=/details/address")
    assert mailer.mails == []
    assert services.profiles.get(CITIZEN.pseudonym) is None, "nothing was asked for"
    assert 'href="/login?next=/details/address"' in browser.get(sent.location).text
    fresh = portal.browser("sanne")
    assert NEW in fresh.get("/details/address").text
    asked(fresh)


def test_reading_and_choosing_what_is_mailed_need_no_second_login(browser, clock):
    clock.advance(timedelta(minutes=12))

    for path in ("/details", "/details/wishes", "/details/safety", "/details/data", "/details/logins"):
        assert browser.get(path).status == 200


def test_somebody_sees_where_they_are_logged_in_and_logs_out_everywhere_else(browser, portal, services):
    other, theirs = portal.browser("sanne"), portal.browser("neighbour")
    page = browser.get("/details/logins").text

    assert page.count("laatst gebruikt") == 2
    assert page.count("dit is nu") == 1
    done = browser.submit("/details/logins", {})

    assert (done.status, done.location) == (303, "/details?saved=elsewhere#saved")
    assert "overal ergens anders uitgelogd" in browser.get("/details?saved=elsewhere").text
    assert browser.get("/details").status == 200
    assert other.get("/details").status == 303
    assert theirs.get("/details").status == 200
    again = browser.submit("/details/logins", {})
    assert again.status == 303, "twice is once"


def test_logging_out_everywhere_else_asks_for_a_login_of_now_and_for_the_form_of_this_session(browser, portal, services, clock):
    other = portal.browser("sanne")
    assert browser.post("/details/logins", {"_token": "0" * 64}).status == 403
    clock.advance(timedelta(minutes=10))
    late = browser.post("/details/logins", token_for(portal, browser))

    assert late.location == "/session/again?next=/details/logins"
    assert services.drafts.of_owner(CITIZEN.pseudonym) == (), "a button alone is not kept"
    assert other.get("/details").status == 200


def test_the_page_that_asks_for_another_login_leads_nowhere_else(browser):
    page = browser.get("/session/again?next=https://elsewhere.example/").text

    assert 'href="/login?next=/"' in page
