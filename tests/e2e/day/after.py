"""The evening and later: the figures, who looked at what, promises to reporters, and a case that is opened again after a year."""

import re
from datetime import date, timedelta

from tests.e2e.day.people import UNIT, WALL, changed
from tests.e2e.pressing import Pressable

NEWS, HEARD = "Wij wachten op de beelden van de winkel.", "Er hangt een camera bij de bank waar het geld is opgenomen."
STANDS = "De beelden zijn al gewist. Daarom blijft ons besluit staan."
CAUGHT = "Wij hebben iemand aangehouden die dit misschien deed."


def a_supervisor_sees_the_figures(day):
    day.world.boards_are_counted()
    noel = day.officer("supervisor-amsterdam")
    page = noel.follow(noel.open("/desk"), "Cijfers")
    assert f"{UNIT}, geteld op" in page.words
    assert "Open 2 " in page.words
    assert "Te vertellen: geen e-mail bereikt hen 1" in page.words
    assert noel.open("/desk/audit").status == 403, "who looks at lookers is somebody else"


def an_auditor_reads_who_looked(day):
    """Wim reads who looked, why, and what was refused; a statement he does not."""
    wim = day.officer("auditor")
    page = wim.press(wim.open("/desk/audit"), "Toon wie keek", {"number": day.bike})
    for officer in ("AM1012", "AM1003" if day.has_bike == "handler-amsterdam" else "AM1011"):
        assert officer in page.words
    assert "Ik behandel deze aangifte" in page.words
    assert "LD1010" in page.words, "that he reads this is on record too"
    assert "WL7654321" not in page.text

    page = wim.press(wim.open("/desk/audit"), "Toon wie keek", {"number": day.found})
    refused = page.words.partition("Gevraagd en geweigerd")[2]
    assert "AM1012" in refused

    done = _done_by(wim, "AM1011")
    assert "Gezocht" in done
    assert "Om te zien wat er te doen is" in done
    assert "NL20INGB0001234567" not in done, "that it was an account, and not which"

    assert day.found in _registers(wim, "refused")
    assert re.search(r"AM10(03|11|12)", _registers(wim, "sample") + _registers(wim, "out-of-hours"))

    statement = wim.open(f"/desk/reports/{day.bike}")
    assert statement.status == 403
    assert "WL7654321" not in statement.text


def _done_by(auditor, officer):
    """Return what stands on record of an officer, this month and the one before: the day may have begun in that."""
    begin = auditor.open("/desk/audit")
    [this] = [value for form in Pressable(begin.text).forms for name, value in form.standing if name == "month"]
    before = f"{date.fromisoformat(f'{this}-01') - timedelta(days=1):%Y-%m}"
    asked = [auditor.press(begin, "Toon de maand", {"officer": officer, "month": month}) for month in (this, before)]
    return "".join(_all(auditor, page) for page in asked)


def _all(auditor, page):
    """Return the words of a page and of those that go on from it."""
    words = page.words
    while "Eerder" in page.words:
        page = auditor.follow(page, "Eerder")
        words += page.words
    return words


def _registers(auditor, name):
    """Return what stands in a register of this week, and of the one before: a story may go on at midnight on a Sunday."""
    links = [to for _, to in Pressable(auditor.open("/desk/audit").text).links if f"register={name}" in to][:2]
    assert links
    return " ".join(auditor.open(each).words for each in links)


def a_reporter_asks_how_it_stands(day):
    """Two weeks later Mariëlla asks; it is counted on the first page, and answered."""
    day.world.days_pass(15)
    mariella = day.citizen("janssen")
    page = mariella.follow(mariella.open(f"/reports/{day.bike}"), "Vraag hoe het ervoor staat")
    page = mariella.press(page, "Vraag hoe het ervoor staat")
    assert "U hoort uiterlijk op" in page.words

    day.world.boards_are_counted()
    officer = day.officer(day.has_bike)
    start = officer.open("/desk")
    assert "Vraag hoe het ervoor staat 1" in start.words
    assert day.bike in officer.follow(start, "Vraag hoe het ervoor staat").words
    page = officer.follow(officer.read(day.bike), "Laat weten hoe het ervoor staat")
    check = officer.press(page, "Bekijk wat er gebeurt", {"explanation": NEWS})
    assert NEWS in check.words
    officer.press(check, "Doe dit: Nieuws aan de aangever")
    page = day.citizen("janssen").open(f"/reports/{day.bike}")
    assert NEWS in page.words
    assert "U hoort uiterlijk op" not in page.words


def a_decision_is_contested(day):
    victim, reference = day.citizen("bultenaar"), day.frauds[0]
    page = victim.follow(victim.open(f"/reports/{reference}"), "Vraag ons om opnieuw te kijken")
    page = victim.press(page, "Vraag ons om opnieuw te kijken", {"reason": HEARD})
    assert "U hoort uiterlijk op" in page.words

    joost = day.officer("handler-amsterdam-3")
    assert reference in joost.follow(joost.open("/desk"), "Vragen om nog eens te kijken").words
    page = joost.follow(joost.read(reference), "Laat weten hoe het ervoor staat")
    assert HEARD in page.words
    check = joost.press(page, "Bekijk wat er gebeurt", {"explanation": STANDS})
    joost.press(check, "Doe dit: Nieuws aan de aangever")
    assert STANDS in day.citizen("bultenaar").open(f"/reports/{reference}").words


def somebody_asks_to_be_called(day):
    """Two weeks after the decision a victim says what they think of it, and asks for a call; the police read only that."""
    victim, reference, thought = day.citizen("zywialowska"), day.frauds[1], "Ik hoorde te laat iets."
    form = victim.follow(victim.open(f"/reports/{reference}"), "Beantwoord onze vragen")
    answered = victim.press(form, "Verstuur mijn antwoorden", {"satisfaction": "4", "why": thought})
    assert "We hebben uw antwoorden ontvangen" in answered.words
    victim.press(answered, "Ja, bel mij")

    day.world.boards_are_counted()
    joost = day.officer("handler-amsterdam-3")
    start = joost.open("/desk")
    assert "Terugbellen 1" in start.words
    assert reference in joost.follow(start, "Terugbellen").words
    page = joost.read(reference)
    assert thought not in page.words
    done = joost.press(page, "Noteer dat het klaar is", {"doneTask": "survey_call", "doneRemark": "Gebeld."})
    assert "Gebeld." in done.words


def the_polices_own_system_was_told(day):
    """Reference and status, each once; of what was taken back it never heard."""
    told = day.told_since()
    assert len({one["id"] for one in told}) == len(told)
    assert {name for one in told for name in one["data"]} == {"reference", "status"}
    heard = [(one["data"]["reference"], one["data"]["status"]) for one in told]
    assert [status for reference, status in heard if reference == day.bike] == [
        "received", "awaiting_reporter", "received", "checked", "registered",
    ]  # fmt: skip
    for reference in day.frauds:
        assert heard.count((reference, "not_investigated")) == 1


def a_closed_report_is_opened_again_after_a_year(day):
    """Somebody is caught. The supervisor opens it again as one act for a list of one; its reporter hears of it."""
    colleague = day.officer(day.has_wall)
    changed(colleague, colleague.read(day.wall), "closed", explanation="Er zijn geen sporen meer.")
    day.world.letters_go()
    day.world.days_pass(400)
    before = len(day.mails(WALL))

    noel = day.officer("supervisor-amsterdam")
    page = noel.press(noel.open("/desk/batches/new"), "Kies deze aangiften", {"references": day.wall})
    tried = noel.press(page, "Probeer", {"act": "status", "status": "reopened", "explanation": CAUGHT})
    assert "Wordt gedaan 1" in tried.words
    assert "Per e-mail 1" in tried.words
    noel.press(tried, "Doe het voor 1 aangifte")
    day.world.letters_go()
    assert day.eventually(lambda: len(day.mails(WALL)) > before)
    page = day.citizen("boer").open(f"/reports/{day.wall}")
    assert CAUGHT in page.words
