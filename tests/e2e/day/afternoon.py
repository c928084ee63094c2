"""The afternoon: a slip that nobody hears of, a police number that was wrong, a text, and a report that goes elsewhere."""

from tests.e2e.day.people import BIKE, ELSEWHERE, FOUND, NUMBERS, WALL, changed

WRONG, RIGHT = f"{NUMBERS}000001", f"{NUMBERS}000010"
PROMISE = "Wij bekijken eerst de beelden van de camera op het plein. Daarna hoort u van ons wat wij doen."


def a_slip_is_undone_and_nobody_hears_of_it(day):
    slip = "Kom langs op het bureau."
    officer = day.officer(day.has_bike)
    done = changed(officer, officer.read(day.bike), "referred", explanation=slip)
    assert "Terugdraaien" in done.words
    back = officer.press(done, "Terugdraaien")
    assert "(ongedaan gemaakt)" in back.words

    changed(officer, officer.read(day.bike), "checked", explanation="Uw aangifte is duidelijk.")
    page = day.citizen("janssen").open(f"/reports/{day.bike}")
    assert "Uw aangifte is duidelijk." in page.words
    assert slip not in page.words


def a_slip_that_was_read_is_corrected(day):
    """Once its reporter has read it, it cannot be undone any more, only explained."""
    sorry = "Wij hadden ons vergist. U hoeft niet langs te komen."
    officer = day.officer(day.has_wall)
    done = changed(officer, officer.read(day.wall), "referred", explanation="Kom langs op het bureau.")
    assert "Kom langs op het bureau." in day.citizen("boer").open(f"/reports/{day.wall}").words

    refused = officer.press(done, "Terugdraaien")
    assert "De aangever heeft dit al gelezen, dus ongedaan maken kan niet meer." in refused.words
    page = officer.follow(officer.read(day.wall), "Terug naar een eerdere status")
    changed(officer, page, "received", explanation=sorry)
    assert sorry in day.citizen("boer").open(f"/reports/{day.wall}").words


def two_reports_cannot_have_one_police_number(day):
    """The second is refused with all that was typed; the first turns out to be wrong, is corrected, and the number is free."""
    officer = day.officer(day.has_bike)
    changed(officer, officer.read(day.bike), "registered", registrationNumber=WRONG)

    colleague = day.officer(day.has_wall)
    changed(colleague, colleague.read(day.wall), "checked")
    typed = {"status": "registered", "registrationNumber": WRONG, "remark": "Van het bord overgenomen."}
    refused = colleague.press(colleague.read(day.wall), "Bekijk wat er gebeurt", typed)
    assert "Een andere aangifte heeft dit politienummer" in refused.words
    assert "Van het bord overgenomen." in refused.words
    assert day.bike not in refused.words

    page = officer.follow(officer.read(day.bike), "Herstel het politienummer")
    page = officer.press(page, "Herstel het politienummer", {"registrationNumber": RIGHT, "reason": "Van een ander dossier."})
    assert RIGHT in page.words
    page = day.citizen("janssen").open(f"/reports/{day.bike}")
    assert RIGHT in page.words
    assert "Van een ander dossier." not in page.words

    changed(colleague, colleague.read(day.wall), "registered", registrationNumber=WRONG)
    assert WRONG in day.citizen("boer").open(f"/reports/{day.wall}").words


def a_standard_text_needs_two_pairs_of_eyes(day):
    """Noël writes it and cannot publish it himself; Marieke reads and publishes it; a colleague uses it."""
    noel = day.officer("supervisor-amsterdam")
    english = "We look at the pictures of the camera on the square first. Then you hear what we do."
    written = {"name": "Eerst de beelden", "nl": PROMISE, "en": english, "occasion": "investigating", "unit": "Amsterdam"}
    page = noel.press(noel.follow(noel.open("/desk/texts"), "Schrijf een tekst"), "Bewaar als concept", written)
    assert "U schreef deze versie." in page.words
    assert "Publiceer deze tekst" not in page.words

    marieke = day.officer("supervisor")
    page = marieke.follow(marieke.open("/desk/texts"), "Eerst de beelden")
    mark = page.path.rpartition("/")[2] + "-1"
    assert PROMISE in page.words
    marieke.press(page, "Publiceer deze tekst")

    colleague = day.officer(day.has_wall)
    changed(colleague, colleague.read(day.wall), "investigating", text=mark)
    assert PROMISE in day.citizen("boer").open(f"/reports/{day.wall}").words


def a_report_goes_to_another_unit(day):
    """Joost hands it over, and cannot read it any more; Fenna finds it, with his remark; its reporter hears nothing by mail."""
    joost, remark = day.officer("handler-amsterdam-3"), "De fiets is in Groningen gezien."
    page = joost.follow(joost.read(day.found), "Draag over aan een andere politie-eenheid")
    check = joost.press(page, "Controleer wat er gebeurt", {"unit": ELSEWHERE, "remark": remark})
    assert "Krijgt geen e-mail." in check.words
    page = joost.press(check, f"Overdragen aan {ELSEWHERE}")
    assert "De aangifte is overgedragen" in page.words
    refused = joost.open(f"/desk/reports/{day.found}")
    assert refused.status == 404
    assert "FG1122334" not in refused.text

    fenna = day.officer("handler-noord")
    lines = fenna.press(fenna.open("/desk/queue"), "Toon", {"kind": "bicycle-theft", "status": "all"})
    assert day.found in lines.words
    assert remark in fenna.read(day.found).words


def found_property_becomes_a_task(day):
    """The desk types the number of a bicycle that was brought in; it is a task for an officer, and no mail for its owner."""
    fenna = day.officer("handler-noord")
    asked = {"value": "FG1122334", "reason": "handling"}
    assert day.eventually(lambda: day.found in fenna.press(fenna.open("/desk/search"), "Zoek", asked).words)
    hylke = day.officer("desk-noord")
    page = hylke.press(
        hylke.open("/desk/goods"), "Voer dit voorwerp in", {"sort": "frame", "value": "fg 1122-334", "number": "NN-2026-0012"}
    )
    assert day.found in page.words

    hits = fenna.press(fenna.open("/desk/tasks"), "Toon", {"task": "goods_hit"})
    page = fenna.follow(hits, day.found)
    page = fenna.press(page, "Ik behandel deze aangifte") if "Waarom bekijkt u" in page.words else page
    done = {"doneTask": "goods_hit", "doneRemark": "Het is haar fiets. Zij haalt hem op."}
    page = fenna.press(page, "Noteer dat het klaar is", done)
    assert done["doneRemark"] in page.words
    assert done["doneRemark"] not in day.citizen("wiel").open(f"/reports/{day.found}").words
    day.mailed(FOUND, 1)


def what_was_mailed(day):
    """Of all that happened with the bicycle and the wall, each reporter had one mail more: nothing of the slip."""
    day.world.letters_go()
    day.mailed(BIKE, 3)
    day.mailed(WALL, 2)
