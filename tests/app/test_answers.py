"""The police ask several things at once, each of its own sort; a citizen answers in a draft, checks it, and sends it once."""

import html
from datetime import date, timedelta

import pytest

from chalicelib.drafts.store import answer_id
from chalicelib.evidence.scanner import EICAR
from chalicelib.reports import actions, request_answers
from chalicelib.reports.additions import FILES
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.information_request import AnswerSort, Part
from chalicelib.reports.statement import Statement
from chalicelib.reports.statuses import Status
from tests.app import files
from tests.app.test_evidence import HEADERS, PHOTO, links, looked_at
from tests.support.samples import CITIZEN, REFERENCE, a_report, answers

OFFICER = Actor(Role.OFFICER, "NN1234")
REPORT = f"/reports/{REFERENCE}"
PAGE, CHECK, THANKS = f"{REPORT}/question", f"{REPORT}/question/check", f"{REPORT}/question/thanks"
DESK = f"/desk/reports/{REFERENCE}"
LONE = (Part("Was het slot nog heel?"),)
FOUR = (
    Part("Hoe zag de man eruit?"),
    Part("Hoeveel sleutels hebt u nog?", AnswerSort.CHOICE, ("Geen", "Eén", "100% zeker <twee>")),
    Part("Wanneer kunt u langskomen?", AnswerSort.DATE),
    Part("Hebt u een foto van de fiets?", AnswerSort.FILES),
)
TOLD = {"answer": "Een man met een <pet>.", "answer2": "3", "answer3": "20 juli 2016"}


@pytest.fixture
def report(services):
    return services.reports.add(a_report(statement=Statement.of("bicycle-theft", answers())))


@pytest.fixture
def ask(services, report):
    def ask(*parts, text="", **changes):
        before = services.reports.get(REFERENCE)
        facts = {
            "by": OFFICER,
            "version": before.version,
            "deadline_on": date(2016, 7, 15),
            "deadlines": services.deadlines,
        } | changes
        return actions.ask(before, text, parts, **facts, reports=services.reports, clock=services.clock)

    return ask


@pytest.fixture
def sanne(portal):
    return portal.browser("sanne")


def stored(services):
    return services.reports.get(REFERENCE)


def draft(services):
    return services.drafts.get(CITIZEN.pseudonym, answer_id(REFERENCE))


def with_files(browser, *chosen, button="add", **fields):
    hidden = browser.get(PAGE).hidden
    form = files.encoded(hidden | fields | {"_go": button}, {})[: -len(files.BOUNDARY) - 6]
    parts = [files.encoded({}, {"file": one})[: -len(files.BOUNDARY) - 6] for one in chosen]
    return browser._send("POST", PAGE, b"".join([form, *parts, f"--{files.BOUNDARY}--\r\n".encode()]), HEADERS)


def answered(browser, fields):
    """Type, check and send, as a citizen does; return the thanks."""
    typed = browser.submit(PAGE, fields)
    assert typed.location == CHECK, typed.text
    return browser.submit(CHECK, {}, follow=True)


def test_a_question_is_answered_checked_and_sent_and_the_report_goes_on(sanne, services, ask):
    ask(*LONE)
    assert f'href="{PAGE}"' in sanne.get(REPORT).text

    typed = sanne.submit(PAGE, {"answer": "Nee, <doorgeknipt>."})
    checked = sanne.get(CHECK)
    assert stored(services).status is Status.AWAITING_REPORTER
    page = sanne.submit(CHECK, {}, follow=True)

    assert typed.location == CHECK
    assert "De politie heeft dit nog niet ontvangen" in checked.text
    assert "Nee, &lt;doorgeknipt&gt;." in checked.text
    assert stored(services).status is Status.RECEIVED
    assert stored(services).questions[0].answers == {"answer": "Nee, <doorgeknipt>."}
    assert "Dank u wel voor uw antwoord" in page.text
    assert "controleert of uw aangifte compleet is" in page.text
    assert "Nee, &lt;doorgeknipt&gt;." in sanne.get(REPORT).text
    assert draft(services) is None


def test_several_questions_of_every_sort_are_answered_at_once_with_a_file(portal, sanne, services, ask):
    ask(*FOUR, text="Wij zoeken nog verder.")

    page = sanne.get(PAGE)
    assert "De politie heeft 4 vragen aan u" in page.text
    assert "Wij zoeken nog verder." in page.text
    assert all(html.escape(part.text) in page.text for part in FOUR)
    assert with_files(sanne, PHOTO, **TOLD).location == PAGE
    looked_at(portal)
    assert "Een man met een &lt;pet&gt;.</textarea>" in sanne.get(PAGE).text
    assert "foto café.jpg" in sanne.get(PAGE).text
    assert with_files(sanne, button="check", **TOLD).location == CHECK
    checked = sanne.get(CHECK).text
    for shown in ("Een man met een &lt;pet&gt;.", "100% zeker &lt;twee&gt;", "20 juli 2016", "foto café.jpg"):
        assert shown in checked
    sanne.submit(CHECK, {})

    [asked] = stored(services).questions
    [file] = asked.evidence
    assert {name: value for name, value in asked.answers.items() if name != FILES} == TOLD | {"answer3": "2016-07-20"}
    assert (file.name, file.size, file.part) == ("foto café.jpg", len(PHOTO[2]), "answer-1")
    own, copy = sanne.get(REPORT).text, sanne.get(f"{REPORT}/copy").text
    desk = portal.browser("handler").get(f"{DESK}").text
    for seen in (own, copy, desk):
        assert "100% zeker &lt;twee&gt;" in seen
        assert "20 juli 2016" in seen
        assert file.sha256 in seen
    assert sanne.get(links(own)[0]).status == 303
    assert portal.browser("handler").get(html.unescape(links(desk)[0])).status == 303
    assert portal.browser("neighbour").get(links(own)[0]).status == 404


def test_what_one_does_not_know_may_stay_empty_and_is_pointed_out(sanne, services, ask):
    ask(*FOUR)
    sanne.submit(PAGE, {"answer": "Een man.", "answer3": ""})

    checked = sanne.get(CHECK).text
    sanne.submit(CHECK, {})

    assert checked.count("Dit hebt u leeg gelaten") == 3
    assert stored(services).questions[0].answers == {"answer": "Een man."}
    assert "Geen antwoord" in sanne.get(REPORT).text


@pytest.mark.parametrize(
    ("parts", "field", "sentence"),
    [
        (LONE, "answer", "Was het slot nog heel? Vul dit in"),
        (FOUR, "answer", "Hoe zag de man eruit? Beantwoord minstens één van de vragen"),
        (FOUR[3:], "file", "Kies bestanden: Kies eerst een bestand"),
        (FOUR[1:2], "answer", "Hoeveel sleutels hebt u nog? Kies een van de antwoorden"),
    ],
)
def test_an_answer_with_nothing_in_it_comes_back_with_what_is_wrong(sanne, services, ask, parts, field, sentence):
    ask(*parts)

    page = sanne.submit(PAGE, {"answer": "  "})

    assert page.status == 400
    assert f'<a href="#{field}">{sentence}</a>' in page.text
    assert stored(services).open_question


def test_everything_wrong_is_said_at_once_and_nothing_typed_is_lost(sanne, ask):
    ask(*FOUR)

    page = sanne.submit(PAGE, {"answer": "heel " * 1000, "answer2": "9", "answer3": "31-2-2016"})

    assert page.status == 400
    assert page.text.count('class="message"') == 3
    assert "heel heel heel" in page.text
    assert 'value="31-2-2016"' in page.text
    assert "heel heel heel" in sanne.get(PAGE).text


def test_a_draft_waits_until_it_is_sent_also_on_another_device(portal, sanne, services, ask):
    ask(*LONE)

    stopped = sanne.submit(PAGE, {"answer": "Ik moet het nog opzoeken.", "_go": "stop"})

    assert stopped.location == f"{REPORT}?saved=answer#saved"
    assert "De politie heeft het nog niet ontvangen" in sanne.get(f"{REPORT}?saved=answer").text
    assert "Ik moet het nog opzoeken.</textarea>" in portal.browser("sanne").get(PAGE).text
    assert stored(services).open_question


def test_two_clicks_and_the_back_button_are_one_answer(sanne, services, ask):
    ask(*LONE)
    sanne.submit(PAGE, {"answer": "Nee."})
    form = sanne.get(CHECK).hidden

    sent = [sanne.post(CHECK, form) for _ in range(3)]

    assert [answer.location for answer in sent] == [THANKS] * 3
    assert [str(event.kind) for event in stored(services).timeline] == ["received", "question_asked", "question_answered"]


def test_what_another_window_changed_is_shown_before_it_is_sent(sanne, services, ask):
    ask(*LONE)
    sanne.submit(PAGE, {"answer": "Nee."})
    form = sanne.get(CHECK).hidden
    sanne.submit(PAGE, {"answer": "Toch wel."})

    page = sanne.post(CHECK, form)

    assert page.status == 409
    assert "in een ander venster gewijzigd" in page.text
    assert "Toch wel." in page.text
    assert stored(services).open_question
    assert sanne.post(CHECK, form | {"answers": page.hidden["answers"]}).location == THANKS
    assert stored(services).questions[0].answers == {"answer": "Toch wel."}


def test_another_answer_after_the_first_was_sent_is_refused_and_can_be_added_with_one_button(sanne, services, ask):
    ask(*FOUR)
    form = sanne.get(PAGE).hidden
    answered(sanne, {"answer": "Een man."})

    page = sanne.post(PAGE, form | TOLD)
    added = sanne.post(f"{REPORT}/add/more", page.hidden)

    assert page.status == 409
    assert "U hebt deze vraag al beantwoord" in page.text
    assert "Wij hebben het niet ontvangen" in page.text
    assert added.status == 303
    [addition] = stored(services).additions
    assert "Hoeveel sleutels hebt u nog?\n100% zeker <twee>" in addition.answers["text"]
    assert stored(services).questions[0].answers == {"answer": "Een man."}


def test_the_last_day_is_a_day_to_answer_and_says_so(sanne, services, ask, clock):
    ask(*LONE)
    assert "15 juli 2016" in sanne.get(PAGE).text
    clock.advance(timedelta(days=14, hours=11))  # 15 July, an hour before midnight in Amsterdam
    browser = sanne.portal.browser("sanne")

    page = browser.get(PAGE).text
    assert "Vandaag is de laatste dag" in page
    assert "Vandaag is de laatste dag" in browser.get(REPORT).text

    assert "Dank u wel" in answered(browser, {"answer": "Nee."}).text


def test_an_answer_after_the_deadline_says_so_shows_what_was_typed_and_leads_on(portal, sanne, services, ask, clock):
    ask(*LONE)
    sanne.submit(PAGE, {"answer": "Nee, <niet>."})
    form = sanne.get(CHECK).hidden
    clock.advance(timedelta(days=20))
    browser = portal.browser("sanne")
    token = {"_token": browser.get(REPORT).hidden["_token"]}

    sent, opened = browser.post(CHECK, form | token), browser.get(PAGE)

    assert (sent.status, opened.status) == (409, 200)
    for page in (sent, opened):
        assert "De tijd om deze vraag te beantwoorden is voorbij" in page.text
        assert "Nee, &lt;niet&gt;." in page.text
        assert f'action="{REPORT}/add/more"' in page.text
    assert stored(services).questions[0].answers == {}
    assert browser.post(f"{REPORT}/add/more", opened.hidden).status == 303
    assert stored(services).additions[0].answers == {"text": "Nee, <niet>."}


def test_a_newer_question_takes_the_place_of_the_older_and_what_was_typed_is_shown(sanne, services, ask):
    ask(*LONE)
    sanne.submit(PAGE, {"answer": "Nee."})
    form = sanne.get(CHECK).hidden
    ask(Part("Welke kleur?"))

    sent, opened = sanne.post(CHECK, form), sanne.get(PAGE)
    newer = sanne.get(f"{PAGE}?new=yes")

    assert (sent.status, opened.status) == (409, 200)
    assert all("Nee." in page.text and "nieuwere vraag" in page.text for page in (sent, opened))
    assert f'href="{PAGE}?new=yes"' in opened.text
    assert "Welke kleur?" in newer.text
    assert "Nee.</textarea>" not in newer.text
    assert stored(services).open_question.number == 2


def test_without_a_question_the_page_says_that_nothing_is_asked(sanne, report):
    page = sanne.get(PAGE)

    assert page.status == 200
    assert "U hoeft niets te doen" in page.text
    assert sanne.get(CHECK).location == PAGE
    assert sanne.get(THANKS).location == PAGE


def test_a_harmful_file_is_refused_and_is_no_answer(portal, sanne, services, ask):
    ask(*FOUR[3:])
    with_files(sanne, ("bon.pdf", "application/pdf", b"%PDF-1.4\n" + EICAR + b"\n%%EOF"))
    looked_at(portal)

    page = sanne.get(PAGE).text
    sent = with_files(sanne, button="check")

    assert "iets schadelijks gevonden" in page or "schadelijk" in page
    assert sent.status == 400
    assert stored(services).open_question


def test_a_file_that_is_still_on_its_way_is_waited_for(portal, sanne, services, ask):
    ask(*FOUR)
    with_files(sanne, PHOTO, answer="Een man.")
    with_files(sanne, button="check", answer="Een man.")

    page = sanne.submit(CHECK, {})

    assert page.status == 409
    assert "onderweg" in page.text
    assert stored(services).open_question
    looked_at(portal)
    assert sanne.submit(CHECK, {}).location == THANKS
    assert len(stored(services).questions[0].evidence) == 1


def test_files_are_taken_only_where_they_are_asked_for(portal, sanne, services, ask):
    ask(*LONE)

    with_files(sanne, PHOTO, answer="Nee.", button="check")
    sanne.submit(CHECK, {})

    assert stored(services).questions[0].answers == {"answer": "Nee."}
    assert "foto" not in sanne.get(REPORT).text


def test_another_persons_question_is_not_found(portal, ask):
    ask(*LONE)
    browser = portal.browser("neighbour")
    token = {"_token": browser.get("/reports").text.partition('name="_token" value="')[2].partition('"')[0]}

    assert [browser.get(page).status for page in (PAGE, CHECK, THANKS)] == [404] * 3
    assert [browser.post(page, token | {"question": "1", "answer": "Ja."}).status for page in (PAGE, CHECK)] == [404] * 2


@pytest.mark.parametrize("forged", ["x", "", "0" * 64, "é.é", "a" * 5_000])
def test_a_forged_fingerprint_sends_nothing(sanne, services, ask, forged):
    ask(*LONE)
    sanne.submit(PAGE, {"answer": "Nee."})

    page = sanne.post(CHECK, sanne.get(CHECK).hidden | {"answers": forged})

    assert page.status == 409
    assert stored(services).open_question


def test_the_api_answers_by_the_names_that_it_gives(portal, ask):
    ask(*FOUR)
    [asked] = portal.api("GET", f"/v1{REPORT}", person="sanne").json["questions"]
    body = {"question": 1} | dict(zip([part["name"] for part in asked["parts"]], ["Een man.", "1", "2016-07-20"], strict=False))

    answer = portal.api("POST", f"/v1{REPORT}/answers", body, person="sanne")

    assert [part["sort"] for part in asked["parts"]] == ["text", "choice", "date", "files"]
    assert (asked["state"], asked["deadlineOn"]) == ("open", "2016-07-15")
    assert answer.status == 201
    assert answer.json["questions"][0]["answers"] == {"answer": "Een man.", "answer2": "1", "answer3": "2016-07-20"}
    wrong = portal.api("POST", f"/v1{REPORT}/answers", {"question": 1, "answer": "Nog eens."}, person="sanne")
    assert (wrong.status, wrong.json["code"]) == (409, "question_answered")


def test_the_api_names_every_answer_that_is_wrong(portal, services, ask):
    ask(*FOUR)
    body = {"question": 1, "answer": 5, "answer2": "9", "answer3": "morgen", "answer5": "Te veel"}

    answer = portal.api("POST", f"/v1{REPORT}/answers", body, person="sanne")

    assert answer.status == 400
    assert {error["field"]: error["code"] for error in answer.json["errors"]} == {
        "answer": "not_text",
        "answer2": "not_a_choice",
        "answer3": "date_format",
        "answer5": "unknown_field",
    }
    assert stored(services).open_question


# How an officer puts the questions together.


ROWS = {
    "text": "Wij zoeken verder.",
    "questions.0.text": "Hoe zag de man eruit?",
    "questions.0.sort": "text",
    "questions.1.text": "Hoeveel sleutels?",
    "questions.1.sort": "choice",
    "questions.1.choices": "Geen\r\n\r\n Eén \r\nTwee",
    "questions.2.text": "Hebt u een foto?",
    "questions.2.sort": "files",
}


def test_an_officer_puts_questions_together_without_javascript(portal, services, report):
    browser, page = portal.browser("handler"), f"{DESK}/question"
    assert f'href="{page}"' in browser.get(f"{DESK}").text

    more = browser.submit(page, ROWS | {"_go": "more.questions"})
    assert "<legend>Vraag 2</legend>" in more.text
    assert (more.status, stored(services).questions) == (200, ())
    assert "questions.3.text" in more.text
    less = browser.submit(page, ROWS | {"_go": "less.questions.2"})
    assert "Hoeveel sleutels?" not in less.text
    assert "Hebt u een foto?" in less.text
    asked = browser.submit(page, ROWS | {"questions.3.text": " ", "questions.3.sort": "text", "_step": "do"}, follow=True)

    [question] = stored(services).questions
    assert question.explanation == "Wij zoeken verder."
    assert question.parts == (
        Part("Hoe zag de man eruit?"),
        Part("Hoeveel sleutels?", AnswerSort.CHOICE, ("Geen", "Eén", "Twee")),
        Part("Hebt u een foto?", AnswerSort.FILES),
    )
    assert "Hebt u een foto?" in asked.text


def test_what_is_wrong_with_the_questions_is_said_at_once(portal, services, report):
    wrong = ROWS | {"questions.0.sort": "files", "questions.1.choices": "Geen\nGeen", "deadlineOn": "1-1-2016x"}

    page = portal.browser("handler").submit(f"{DESK}/question", wrong)

    assert page.status == 400
    assert "2 tot 10 verschillende antwoorden" in page.text
    assert "Schrijf de datum als dag-maand-jaar" in page.text
    assert "Geen\nGeen</textarea>" in page.text
    assert stored(services).questions == ()


def test_files_are_asked_for_once(portal, services, report):
    page = portal.browser("handler").submit(f"{DESK}/question", ROWS | {"questions.0.sort": "files"})

    assert page.status == 400
    assert "Vraag één keer om bestanden" in page.text


def test_nothing_asked_is_said_at_the_first_question(portal, report):
    page = portal.browser("handler").submit(f"{DESK}/question", {"questions.0.text": " ", "questions.0.sort": "text"})

    assert page.status == 400
    assert 'href="#questions.0.text"' in page.text


def test_the_same_request_sent_twice_is_asked_once(portal, services, report):
    browser = portal.browser("handler")
    form = browser.get(f"{DESK}/question").hidden | ROWS | {"_step": "do"}

    sent = [browser.post(f"{DESK}/question", form).status for _ in range(2)]

    assert sent == [303, 303]
    assert len(stored(services).questions) == 1


def test_officers_who_may_not_ask_do_not_see_the_page(portal, report):
    assert portal.browser("reader").get(f"{DESK}/question").status == 403
    assert portal.browser("stranger").get(f"{DESK}/question").status == 404


def test_programs_of_the_police_ask_several_things_at_once(portal, services, report):
    questions = [{"text": "Hoe laat?"}, {"sort": "choice", "text": "Waar?", "choices": ["Thuis", "Buiten"]}]

    asked = portal.api("POST", f"/v1{DESK}/questions", {"questions": questions, "version": 1}, person="handler")
    wrong = portal.api("POST", f"/v1{DESK}/questions", {"questions": questions * 3, "version": 2}, person="handler")

    assert asked.status == 201
    assert [part["choices"] for part in asked.json["questions"][0]["parts"]] == [[], ["Thuis", "Buiten"]]
    assert (wrong.status, wrong.json["errors"][0]["field"]) == (400, "questions")


def test_a_report_that_is_full_says_so_to_the_officer_and_an_answer_always_fits(portal, sanne, services, report):
    questions = [{"text": "x" * 1_000}] * 5
    statuses = []
    for number in range(1, 20):
        asked = portal.api("POST", f"/v1{DESK}/questions", {"questions": questions, "version": 2 * number - 1}, person="handler")
        statuses.append(asked.status)
        if asked.status != 201:
            break
        told = dict.fromkeys(request_answers.NAMES, "heel " * 800)
        assert portal.api("POST", f"/v1{REPORT}/answers", {"question": number, **told}, person="sanne").status == 201

    assert len(statuses) > 10
    assert (statuses[-1], asked.json["code"]) == (409, "report_full")
    assert len(services.reports.get(REFERENCE).questions) == len(statuses) - 1
