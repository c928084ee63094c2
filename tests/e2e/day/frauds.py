"""Six people paid into one account: found, joined, given to a team, and decided in one act, which is undone and done again."""

from tests.e2e.day.morning import BANK_ACCOUNT, ONLINE, victim
from tests.e2e.day.people import NUMBERS

REASON = "Wij weten niet wie dit was. Uw bank weet ervan."
FIRST = 101  # of their police numbers


def an_account_is_searched(day):
    """Typed as it stands on a bank statement, the number is recognised; all six are found and put in one case."""
    aylin, first = day.officer("handler-amsterdam-2"), day.frauds[0]

    def found():
        return aylin.press(aylin.open("/desk/search"), "Zoek", {"value": "nl20 ingb 0001 2345 67", "reason": "handling"})

    assert day.eventually(lambda: all(one in found().text for one in day.frauds)), found().words
    page = found()
    assert "Rekeningnummer (IBAN): 6 aangiften in uw eenheid" in page.words
    assert day.found not in page.text

    page = aylin.read(first)
    assert f"{BANK_ACCOUNT}: 5 aangiften in uw eenheid" in page.words
    for other in day.frauds[1:]:
        page = aylin.press(aylin.look(f"/desk/reports/{other}/work"), "Voeg samen met deze aangifte", {"other": first})
        assert "De twee aangiften staan nu in één gezamenlijke zaak." in page.words
    case = aylin.follow(page, "C-")
    assert "Gezamenlijke zaak" in case.words
    assert all(one in case.text for one in day.frauds)


def a_supervisor_gives_the_case_to_a_team(day):
    """One by hand; the five others are given by the system that the police have, which may send the same twice."""
    noel = day.officer("supervisor-amsterdam")
    page = noel.press(noel.open("/desk/teams"), "Team maken", {"name": "Internetoplichting"})
    assert "een team zonder leden neemt geen werk aan" in page.words
    page = noel.follow(page, "Internetoplichting")
    team = page.path.rpartition("/")[2]
    for member in ("AM1011", "AM1012"):
        page = noel.press(page, "Aan het team toevoegen", {"member": member})
    assert "AM1011" in page.words
    assert "AM1012" in page.words

    first, *others = day.frauds
    page = noel.press(noel.look(f"/desk/reports/{first}/work"), "Geef", {"to": team})
    assert "Wie heeft de aangifte? nog niemand" not in page.words
    system, given = day.cast.program("supervisor-amsterdam"), {"references": others, "to": team}
    once, twice = (system.post("/v1/desk/assignments", given, Idempotency_Key="day-team") for _ in range(2))
    assert once == twice
    assert [one["assignee"] for one in once["outcomes"]] == [team] * 5


def they_get_their_police_numbers(day):
    """The system that the police have registers them; it sends each step twice, and it is done once."""
    system = day.cast.program("handler-amsterdam-2")
    for number, reference in enumerate(day.frauds, FIRST):
        path, why = f"/v1/desk/reports/{reference}", {"Look_Reason": "handling"}
        steps = ({"status": "checked"}, {"status": "registered", "registrationNumber": f"{NUMBERS}{number:06}"})
        for step in steps:
            body = {**step, "version": system.get(path, **why)["version"]}
            key = f"day-{step['status']}-{reference}"
            once, twice = (system.post(f"{path}/status-changes", body, Idempotency_Key=key, **why) for _ in range(2))
            assert once["version"] == twice["version"] == body["version"] + 1


def all_are_decided_in_one_act(day):
    """Ticked, tried, confirmed; undone within the time; and done again."""
    aylin = day.officer("handler-amsterdam-2")
    tried = _tried(aylin, day.frauds)
    again = aylin.press(tried, "Probeer", {**_DECIDED, "explanation": REASON})
    assert "Wordt gedaan 6" in again.words
    assert "Per e-mail 5" in again.words
    assert "Vertellen per telefoon of brief 1" in again.words
    assert REASON in again.words
    stale = aylin.press(tried, "Doe het voor 6 aangiften")
    assert "Er is intussen iets anders geprobeerd" in stale.words

    done = _ended(day, aylin, aylin.press(again, "Doe het voor 6 aangiften"))
    assert "Gedaan 6" in done.words
    undone = _ended(day, aylin, aylin.press(done, "Draai het terug voor 6 aangiften"))
    assert "Gedaan 6" in undone.words

    redone = aylin.press(_tried(aylin, day.frauds, REASON), "Doe het voor 6 aangiften")
    assert "Gedaan 6" in _ended(day, aylin, redone).words


def each_victim_was_mailed_once(day):
    """Of three changes that were done, one of them twice and once undone, each had one mail; it says that there is news."""
    for number in range(len(ONLINE)):
        news = day.mailed(victim(number), 2)[1]
        assert not [word for word in (*day.frauds, BANK_ACCOUNT, REASON) if word in news["text"] + news["html"]]


def the_victims_read_why(day):
    """Each reads the decision that stands, and nothing of the one that was taken back; the sixth is on the list to call."""
    for reference, person in zip(day.frauds, ONLINE, strict=False):
        page = day.citizen(person).open(f"/reports/{reference}")
        assert page.words.count(REASON) >= 1
        assert "Nog niets." not in page.words
        assert BANK_ACCOUNT in page.words, "it is their own report"
    joost = day.officer("handler-amsterdam-3")
    told = joost.follow(joost.open("/desk"), "Te vertellen")
    assert day.frauds[5] in told.words
    assert day.frauds[0] not in told.words


_DECIDED = {"act": "status", "status": "not_investigated"}


def _tried(officer, references, reason="Nog niets."):
    """Tick the lines of the worklist, and ask what would come of one act for all of them."""
    wanted = {"status": "registered", "kind": "web-shop-fraud"}
    lines = officer.press(officer.open("/desk/queue"), "Toon", wanted)
    chosen = officer.press(lines, "Eén handeling voor de gekozen regels", {"references": references})
    assert f"{len(references)} aangiften tegelijk" in chosen.words
    return officer.press(chosen, "Probeer", {**_DECIDED, "explanation": reason})


def _ended(day, officer, page):
    """Look again until the act has ended for each of them."""
    assert day.eventually(lambda: "Kijk opnieuw" not in officer.open(page.path).words), page.words
    return officer.open(page.path)
