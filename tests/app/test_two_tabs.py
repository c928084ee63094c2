"""Two windows, two clicks, two people at once, a login that ran out: work is done once, and nothing typed is lost."""

from datetime import timedelta

import pytest

from chalicelib.reports.statuses import Status
from tests.app import world
from tests.app.forms import begin, told
from tests.app.test_api_rules import every
from tests.app.test_bad_input import CLOSED_FORMS, token_for
from tests.support.samples import CITIZEN, NEIGHBOUR, REFERENCE

DESK, OTHER_DESK = f"/desk/reports/{REFERENCE}", f"/desk/reports/{world.OTHER_REFERENCE}"
API, OTHER_API = f"/v1{DESK}", f"/v1{OTHER_DESK}"
CHECKED = {"status": "checked", "version": 1}


class Meanwhile:
    """The table of reports, where somebody else acts between the reading and the first writing."""

    def __init__(self, reports, act):
        self._reports, self._act = reports, act

    def __getattr__(self, name):
        return getattr(self._reports, name)

    def save(self, before, after):
        act, self._act = self._act, None
        if act:
            act()
        return self._reports.save(before, after)


@pytest.fixture
def meanwhile(services, clock):
    """Have somebody do something, a second later, between the reading and the writing of the next request."""

    def meanwhile(act):
        answers = []

        def later():
            clock.advance(timedelta(seconds=1))
            answers.append(act())

        services.__dict__["reports"] = Meanwhile(services.reports, later)
        return answers

    return meanwhile


def kinds(services, reference=REFERENCE):
    return [str(event.kind) for event in services.reports.get(reference).timeline]


ASKED = f"/reports/{REFERENCE}/question"


def answering(browser, answer="Ja."):
    """Type an answer, and return the form of the page on which it is checked and sent."""
    browser.submit(ASKED, {"answer": answer})
    return browser.get(f"{ASKED}/check").hidden


def test_two_clicks_at_once_on_an_answer_are_one_answer(portal, services, forms, meanwhile):
    browser = portal.browser("sanne")
    form = answering(browser)
    others = meanwhile(lambda: browser.post(f"{ASKED}/check", form))

    answer = browser.post(f"{ASKED}/check", form)

    assert [answer.status, *(other.status for other in others)] == [303, 303]
    assert kinds(services) == ["received", "question_asked", "question_answered"]


def test_two_clicks_at_once_on_a_status_are_one_change(portal, services, forms, meanwhile):
    browser = portal.browser("handler")
    form = {**browser.get(OTHER_DESK).hidden_for(f"{OTHER_DESK}/status"), "status": "checked"}
    others = meanwhile(lambda: browser.post(f"{OTHER_DESK}/status", form))

    answer = browser.post(f"{OTHER_DESK}/status", form)

    assert [answer.status, *(other.status for other in others)] == [303, 303]
    assert kinds(services, world.OTHER_REFERENCE) == ["received", "status_changed"]


@pytest.mark.parametrize("key", ["1", ""])
def test_two_officers_at_once_are_one_change_and_one_refusal(key, portal, services, forms, meanwhile):
    def change(person):
        headers = {"Idempotency_Key": key} if key else {}
        return portal.api("POST", f"{OTHER_API}/status-changes", CHECKED, person=person, **headers)

    others = meanwhile(lambda: change("supervisor"))

    answer = change("handler")

    assert (others[0].status, answer.status, answer.json["code"]) == (201, 409, "stale_version")
    assert services.reports.get(world.OTHER_REFERENCE).timeline[-1].by.id == "NN4444"


def test_the_same_request_twice_at_once_is_carried_out_once(portal, services, forms, meanwhile):
    def change():
        return portal.api("POST", f"{OTHER_API}/status-changes", CHECKED, person="handler", Idempotency_Key="1")

    others = meanwhile(change)

    assert change().json == others[0].json
    assert kinds(services, world.OTHER_REFERENCE) == ["received", "status_changed"]


def test_what_a_reporter_wishes_does_not_wait_for_an_officer(portal, services, forms, meanwhile):
    meanwhile(lambda: portal.api("POST", f"{OTHER_API}/status-changes", CHECKED, person="handler"))
    wishes = {"information": "nothing", "survey": False}

    answer = portal.api("POST", f"/v1/reports/{world.OTHER_REFERENCE}/wishes", wishes, person="sanne")

    assert answer.status == 200
    assert kinds(services, world.OTHER_REFERENCE) == ["received", "status_changed", "wishes_changed"]
    assert services.reports.get(world.OTHER_REFERENCE).status is Status.CHECKED


REUSED = [
    (f"/v1/reports/{REFERENCE}/answers", "sanne", {"question": 1, "answer": "Ja."}, {"answer": "Nee."}),
    (f"/v1/reports/{REFERENCE}/wishes", "sanne", {"information": "nothing", "survey": False}, {"information": "all"}),
    (f"{OTHER_API}/status-changes", "handler", CHECKED, {"remark": "Toch anders."}),
    (f"{API}/questions", "handler", {"text": "En het frame?", "version": 2}, {"text": "En het stuur?"}),
]


@pytest.mark.parametrize(("path", "person", "body", "change"), REUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_a_key_is_for_one_request(path, person, body, change, portal, services, forms):
    first, again = (portal.api("POST", path, body, person=person, Idempotency_Key="mine") for _ in range(2))
    other = portal.api("POST", path, body | change, person=person, Idempotency_Key="mine")

    assert first.status in (200, 201)
    assert again.json == first.json
    assert (other.status, other.json["code"]) == (409, "idempotency_key_reused")


def test_the_same_key_of_another_officer_is_another_request(portal, services, forms):
    path = f"{API}/questions"
    portal.api("POST", path, {"text": "En het frame?", "version": 2}, person="handler", Idempotency_Key="1")

    portal.api("POST", path, {"text": "En het stuur?", "version": 3}, person="supervisor", Idempotency_Key="1")

    assert [one.parts[0].text for one in services.reports.get(REFERENCE).questions][1:] == ["En het frame?", "En het stuur?"]


def test_the_back_button_and_another_choice_is_not_taken_for_the_first_one(portal, services, forms):
    browser = portal.browser("handler")
    form = browser.get(OTHER_DESK).hidden_for(f"{OTHER_DESK}/status")
    browser.post(f"{OTHER_DESK}/status", {**form, "status": "checked"})

    page = browser.post(f"{OTHER_DESK}/status", {**form, "status": "referred", "explanation": "Toch elders."})

    assert page.status == 409
    assert "Toch elders.</textarea>" in page.text
    assert services.reports.get(world.OTHER_REFERENCE).status is Status.CHECKED


def test_an_answer_that_comes_too_late_is_shown_to_who_typed_it(portal, services, forms, clock):
    browser = portal.browser("sanne")
    form = browser.get(ASKED).hidden
    browser.post(f"{ASKED}/check", answering(browser))

    page = browser.post(ASKED, {**form, "answer": "Nee, toch <niet>."})

    assert page.status == 409
    assert "U hebt deze vraag al beantwoord" in page.text
    assert "Wij hebben het niet ontvangen" in page.text
    assert "Nee, toch &lt;niet&gt;." in page.text
    assert services.reports.get(REFERENCE).questions[0].answers == {"answer": "Ja."}


def test_another_survey_answer_with_the_same_form_is_gone(portal, services, forms):
    form = forms["/survey/answer"]
    first = portal.browser().post(form.address, {**form.fields, "_key": "k"})
    again = portal.browser().post(form.address, {**form.fields, "_key": "k"})
    other = portal.browser().post(form.address, {**form.fields, "_key": "k", "satisfaction": "1"})

    assert (first.status, again.status, other.status) == (303, 303, 410)


def test_whoever_goes_back_after_sending_is_led_to_the_receipt(portal, services):
    browser = portal.browser("sanne")
    check = told(browser)
    step, page = check.replace("/check", "/story"), browser.get(check)
    receipt = browser.post(check, {**page.hidden, "truth": "yes"}).location
    token = {"_token": page.hidden["_token"]}

    later = [
        browser.get(step),
        browser.post(step, {**token, "story": "Nog iets."}),
        browser.get(check),
        browser.post(check, {**page.hidden, "truth": "yes"}),
    ]

    assert [answer.location for answer in later] == [receipt] * 4
    assert services.drafts.of_owner(CITIZEN.pseudonym) == ()
    assert len(services.reports.of_reporter(CITIZEN.pseudonym).lines) == 1


def test_two_windows_on_one_draft_keep_what_both_saved(portal, services):
    browser = portal.browser("sanne")
    address = begin(browser).rpartition("/")[0]
    one, other = browser.get(f"{address}/story").hidden, browser.get(f"{address}/bicycle").hidden

    browser.post(f"{address}/story", {**one, "story": "Weg."})
    browser.post(f"{address}/bicycle", {**other, "brand": "Koga"})

    assert 'value="Koga"' in browser.get(f"{address}/bicycle").text
    assert "Weg.</textarea>" in browser.get(f"{address}/story").text


def test_two_windows_that_save_at_the_same_moment_both_keep_their_part(portal, services):
    browser = portal.browser("sanne")
    address = begin(browser).rpartition("/")[0]
    one, other = browser.get(f"{address}/story").hidden, browser.get(f"{address}/bicycle").hidden
    drafts, saved = services.drafts, []

    class Between:
        """The other window saves between our reading and our writing."""

        def __getattr__(self, name):
            return getattr(drafts, name)

        def change(self, owner, draft_id, kind, change):
            def late(present):
                if not saved:
                    saved.append(True)
                    services.__dict__["drafts"] = drafts
                    saved.append(browser.post(f"{address}/bicycle", {**other, "brand": "Koga"}).status)
                return change(present)

            return drafts.change(owner, draft_id, kind, late)

    services.__dict__["drafts"] = Between()
    answer = browser.post(f"{address}/story", {**one, "story": "Weg."})

    assert (answer.status, saved[1]) == (303, 400)  # saved before anything is said about what is missing
    assert 'value="Koga"' in browser.get(f"{address}/bicycle").text
    assert "Weg.</textarea>" in browser.get(f"{address}/story").text


def test_a_draft_that_another_window_sent_is_not_begun_again(portal, services):
    browser = portal.browser("sanne")
    check = told(browser)
    step, form = check.replace("/check", "/story"), browser.get(check).hidden
    drafts = services.drafts

    class Sent:
        """The other window confirms between our reading and our writing."""

        def __getattr__(self, name):
            return getattr(drafts, name)

        def change(self, owner, draft_id, kind, change):
            services.__dict__["drafts"] = drafts
            browser.post(check, {**form, "truth": "yes"})
            return drafts.change(owner, draft_id, kind, change)

    services.__dict__["drafts"] = Sent()

    answer = browser.post(step, {"_token": form["_token"], "story": "Nog iets."})

    assert answer.status == 409
    assert services.drafts.of_owner(CITIZEN.pseudonym) == ()
    assert len(services.reports.of_reporter(CITIZEN.pseudonym).lines) == 1


def elsewhere(services, browser, token):
    services.sessions.close_of("issuer", "sanne", "")


def in_another_window(services, browser, token):
    browser.post("/logout", token)


@pytest.mark.parametrize("log_out", [elsewhere, in_another_window])
def test_what_was_typed_when_somebody_logged_out_elsewhere_or_in_another_window_waits_too(log_out, portal, services, forms):
    form = forms["/reports/{reference}/question"]
    browser = portal.browser("sanne")
    typed = {**token_for(portal, browser), **form.fields, "answer": WORDS}
    log_out(services, browser, token_for(portal, browser))

    sent = browser.post(form.address, typed)
    again = portal.browser("sanne").get(form.address)

    assert (sent.status, sent.location.partition("?")[0]) == (303, "/login")
    assert browser.get("/reports").location.startswith("/login")
    assert SHOWN in again.text


def test_what_stood_in_a_window_is_not_for_who_logs_in_next_at_the_same_computer(portal, services, forms):
    form = forms["/reports/{reference}/question"]
    browser = portal.browser("sanne")
    typed = {**token_for(portal, browser), **form.fields, "answer": WORDS}
    browser.post("/logout", token_for(portal, browser))
    browser.post(form.address, typed)
    browser.cookies["__Host-session"] = portal.browser("neighbour").cookies["__Host-session"]

    theirs = browser.post(form.address, typed)

    assert theirs.status == 403
    assert "net getypt" not in theirs.text + browser.get(form.address).text
    assert services.drafts.of_owner(NEIGHBOUR.pseudonym) == ()


def test_what_an_officer_typed_waits_a_day_and_what_a_citizen_typed_a_month(portal, services, forms, clock):
    shown = {}
    for path in ("/desk/reports/{reference}/question", "/reports/{reference}/question"):
        form = forms[path]
        browser = portal.browser(form.person)
        typed = {**token_for(portal, browser), **form.fields, TYPED[path]: WORDS}
        clock.advance(timedelta(minutes=20))
        browser.post(form.address, typed)
        shown[path] = SHOWN in portal.browser(form.person).get(page_of(form)).text
    clock.advance(timedelta(days=1))

    assert list(shown.values()) == [True, True]
    assert SHOWN not in portal.browser("handler").get(page_of(forms["/desk/reports/{reference}/question"])).text
    assert SHOWN in portal.browser("sanne").get(page_of(forms["/reports/{reference}/question"])).text


TYPED = {  # what a form's page shows of it
    "/report/{kind}/{draft}/{step}": "story",
    "/reports/{reference}/question": "answer",
    "/reports/{reference}/survey": "why",
    "/desk/reports/{reference}/status": "remark",
    "/desk/reports/{reference}/question": "text",
}
TO_TYPE_IN = [operation for operation in CLOSED_FORMS if operation.path in TYPED]
WORDS = "Dit heb ik net getypt <b>."
SHOWN = "Dit heb ik net getypt &lt;b&gt;.</textarea>"


def page_of(form):
    """The page on which a form stands."""
    return form.address.rpartition("/")[0] if form.address.endswith("/status") else form.address


@every(TO_TYPE_IN)
def test_what_was_typed_when_the_login_ran_out_waits_for_its_writer_until_it_is_sent(
    operation, portal, services, forms, clock, aws
):
    form, stored = forms[operation.path], services.reports.get(REFERENCE)
    browser = portal.browser(form.person)
    typed = {**token_for(portal, browser), **form.fields, TYPED[operation.path]: WORDS}
    clock.advance(timedelta(minutes=20))

    sent = browser.post(form.address, typed)
    other = portal.browser({"sanne": "neighbour", "handler": "supervisor"}[form.person]).get(page_of(form))
    again = portal.browser(form.person)
    again._send("HEAD", page_of(form))
    shown = [again.get(page_of(form)) for _ in range(2)]

    assert (sent.status, sent.location.partition("?")[0]) == (303, "/staff/login" if form.person == "handler" else "/login")
    assert services.reports.get(REFERENCE) == stored
    assert "Dit heb ik net getypt" not in other.text
    assert all(SHOWN in page.text and "staat hier weer" in page.text for page in shown)
    assert (
        again.post(form.address, {**shown[1].hidden_for(form.address), **form.fields, TYPED[operation.path]: WORDS}).status == 303
    )
    assert "staat hier weer" not in again.get(page_of(form)).text


@every(TO_TYPE_IN)
def test_a_form_opened_before_a_new_login_comes_back_filled_for_the_same_person_only(operation, portal, services, forms, aws):
    form, before = forms[operation.path], services.reports.get(REFERENCE)
    typed = {**token_for(portal, portal.browser(form.person)), **form.fields, TYPED[operation.path]: WORDS}
    somebody_else = portal.browser({"sanne": "neighbour", "handler": "supervisor"}[form.person])
    same = portal.browser(form.person)

    refused, kept = somebody_else.post(form.address, typed), same.post(form.address, typed)

    assert (refused.status, kept.status) == (403, 303)
    assert kept.location == form.address
    assert SHOWN in same.get(page_of(form)).text
    assert "Dit heb ik net getypt" not in somebody_else.get(page_of(form)).text
    assert services.reports.get(REFERENCE) == before


def test_what_was_saved_later_goes_before_what_waited(portal, services, clock):
    browser = portal.browser("sanne")
    address = begin(browser).rpartition("/")[0] + "/story"
    typed = {**browser.get(address).hidden, "story": "Oud."}
    clock.advance(timedelta(minutes=20))
    browser.post(address, typed)
    clock.advance(timedelta(minutes=1))
    elsewhere = portal.browser("sanne")

    elsewhere.post(address, {**token_for(portal, elsewhere), "story": "Nieuw."})

    assert "Nieuw.</textarea>" in elsewhere.get(address).text


def test_one_browser_is_an_officer_or_a_citizen_never_both(portal, services, forms):
    browser, officer = portal.browser("sanne"), portal.browser("handler")

    desk, mine = browser.get("/desk"), officer.get("/reports")

    assert (desk.status, mine.status) == (403, 403)
    assert "medewerkers van de politie" in desk.text
    assert "log daarna in met DigiD" in mine.text
