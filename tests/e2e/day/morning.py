"""The night and the morning: people report, the first page counts, two take the next at once, a question is answered."""

from concurrent.futures import ThreadPoolExecutor

from chalicelib.citizen.following.schemas import example_of
from chalicelib.reports.crimes import KINDS
from tests.e2e.day.people import BIKE, FOUND, HERE, REFERENCE, WALL
from tests.e2e.story import file, form_of

BANK_ACCOUNT = "NL20INGB0001234567"
ONLINE = ("bultenaar", "zywialowska", "wang", "kemal", "haci")
AT_THE_COUNTER = "999993276"
_UNTYPED = ("circumstances", "email", "oneName", "birthUnknown")


def victim(number):
    return f"victim{number}.day@example.org"


def citizens_file(day):
    """In the night, as people do: a bicycle, a wall, a bicycle that was already found, and six who paid for nothing."""
    day.bike = file(day.citizen("janssen"), email=BIKE, frameNumber="WL7654321", **HERE)

    jan = day.citizen("boer")
    jan.press(jan.open("/details/safety"), "Opslaan", {"neutral": "yes", "phone": "no"})
    day.wall = file(jan, "graffiti", email=WALL, **HERE)

    body = example_of(KINDS["bicycle-theft"])
    told = HERE | {"frameNumber": "FG1122334", "email": FOUND}
    day.found = _filed(day, "wiel", {**body, "answers": body["answers"] | told})
    for number, person in enumerate(ONLINE):
        day.frauds.append(_filed(day, person, _fraud(victim(number))))
    day.frauds.append(_at_the_counter(day))


def _fraud(address):
    body = example_of(KINDS["web-shop-fraud"])
    told = HERE | {"accounts": [{"iban": BANK_ACCOUNT}], "email": address}
    return {**body, "answers": body["answers"] | told}


def _filed(day, person, body):
    return day.cast.program(person).post("/v1/reports", body, Idempotency_Key=f"day-{person}")["reference"]


def _at_the_counter(day):
    """The sixth has no e-mail address, and comes to the police station."""
    fields = form_of("web-shop-fraud", accounts=[{"iban": BANK_ACCOUNT}], **HERE)
    aylin = day.officer("handler-amsterdam-2")
    form = aylin.open("/desk/new/web-shop-fraud")
    read_out = aylin.press(form, "Lees het voor", {name: value for name, value in fields if name not in _UNTYPED})
    assert "Er is nog niets opgenomen." in read_out.words
    last = {"bsn": AT_THE_COUNTER, "identity": "yes", "truth": "yes"}
    made = aylin.press(read_out, "De aangifte opnemen", last)
    return REFERENCE.search(made.url + made.words)[0]


def the_first_page_counts(day):
    """The first page says how much there is, and whose it is."""
    day.world.boards_are_counted()
    page = day.officer("handler-amsterdam").open("/desk")

    assert "U hebt geen open aangifte." in page.words
    assert "Open 9 Nog van niemand 9 Over de termijn 0" in page.words
    assert "Nieuw van aangevers 0" in page.words


def two_take_the_next_at_once(day):
    """Two press in the same moment and get different reports: the two that wait the longest."""
    people = ("handler-amsterdam", "handler-amsterdam-2")
    colleagues = [day.officer(person) for person in people]
    lists = [each.follow(each.open("/desk"), "Nog van niemand") for each in colleagues]
    with ThreadPoolExecutor() as both:
        taken = list(both.map(lambda who, page: who.press(page, "Neem de volgende"), colleagues, lists))

    got = {REFERENCE.search(page.path)[0]: each for page, *each in zip(taken, people, colleagues, taken, strict=True)}
    assert set(got) == {day.bike, day.wall}
    day.has_bike, youssef, page = got[day.bike]
    assert "Waarom bekijkt u deze aangifte?" in page.words
    assert "WL7654321" not in page.text, "first why, then what"
    page = youssef.press(page, "Ik behandel deze aangifte")
    assert "WL7654321" in page.words
    assert "Waarom bekijkt u" not in youssef.open(page.url).words, "why is asked once"

    day.has_wall, aylin, page = got[day.wall]
    words = aylin.press(page, "Ik behandel deze aangifte").words
    assert words.index("Let op de veiligheid") < words.index("ZORRO"), "the warning stands above what happened"
    assert "Nee, niet bellen" in words


def a_question_and_its_answer(day):
    """A note that no reporter reads, and two questions that she does; a colleague sees that she answered."""
    youssef, note = day.officer(day.has_bike), "De stationsmedewerker kent de dader misschien."
    page = youssef.press(youssef.read(day.bike), "Bewaar de notitie", {"note": note})
    assert note in page.words

    page = youssef.press(
        youssef.follow(page, "Een vraag stellen"), "Nog een toevoegen", {"questions.0.text": "Was het slot doorgeknipt?"}
    )
    second = {
        "questions.1.text": "Wat voor slot was het?",
        "questions.1.sort": "choice",
        "questions.1.choices": "Ketting\nBeugel",
    }
    check = youssef.press(page, "Bekijk wat er gebeurt", second)
    assert "Er is nog niets veranderd." in check.words
    assert "Er gaat een e-mail uit" in check.words
    assert "Terugdraaien" in youssef.press(check, "Doe dit: Vraag aan de aangever").words

    day.world.letters_go()
    mails = day.mailed(BIKE, 2)  # of what was received, and of the question
    assert not [mail for mail in mails if "slot" in mail["text"] or day.bike in mail["text"]]

    mariella = day.citizen("janssen")
    page = mariella.open(f"/reports/{day.bike}")
    assert "Onze vragen aan u" in page.words
    assert note not in page.words
    page = mariella.follow(page, "Beantwoord deze vragen")
    check = mariella.press(page, "Mijn antwoord controleren", {"answer": "Ja, het lag ernaast.", "answer2": "1"})
    mariella.press(check, "Verstuur naar de politie")

    joost = day.officer("handler-amsterdam-3")
    assert day.bike in joost.follow(joost.open("/desk"), "Nieuw van aangevers").words
    page = joost.read(day.bike)
    assert "Ja, het lag ernaast." in page.words
    assert "Ketting" in page.words
