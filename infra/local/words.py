"""The words of the pages under /_local, in both languages. The reader's choice is the portal's own: its cookie.

English stands in the templates and tables, Dutch here: what exists only on a laptop stays out of the portal's own catalogue.
"""

from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from chalicelib.core.language import Language
from infra.local.http import LocalRequest

DUTCH: Mapping[str, str] = {
    # around every page
    "local stage": "lokale omgeving",
    "Local stage": "Lokale omgeving",
    "Skip to the content": "Direct naar de inhoud",
    "Note": "Let op",
    "This is the local stage. Nothing here is real.": "Dit is de lokale omgeving. Alles hier is nep.",
    "Nothing is kept when you stop it.": "Het is weg als u stopt.",
    "It is kept when you stop it.": "Het blijft bewaard als u stopt.",
    "Main menu": "Hoofdmenu",
    "To the portal": "Naar het portaal",
    # the overview
    "Overview": "Overzicht",
    "The portal": "Het portaal",
    "The mail that was sent": "De post die is verstuurd",
    "The state as JSON": "De toestand als JSON",
    "The clock": "De klok",
    "It is now": "Het is nu",
    "in the Netherlands. The clock only moves forward. What is due then happens at once.": (
        "in Nederland. De klok kan alleen vooruit. Wat dan aan de beurt is, gebeurt meteen."
    ),
    "Number of days forward": "Aantal dagen vooruit",
    "Move the clock": "Klok vooruitzetten",
    "What happens in the background": "Wat er op de achtergrond gebeurt",
    "Streams": "Streams",
    "Streams: changes that may still lead to mail": "Streams: wijzigingen die nog post kunnen opleveren",
    "Function": "Functie",
    "Handled": "Verwerkt",
    "Tried again": "Opnieuw geprobeerd",
    "Last error": "Laatste fout",
    "none": "geen",
    "Schedules": "Schema’s",
    "Schedules: what happens at fixed times": "Schema’s: wat op vaste tijden gebeurt",
    "When": "Wanneer",
    "Times": "Keren",
    "Next time (UTC)": "Volgende keer (UTC)",
    "Test persons": "Testpersonen",
    "Choose a test person on the login page. For the API:": "Kies een testpersoon op de inlogpagina. Voor de API:",
    "with": "met",
    "Who can log in": "Wie er kan inloggen",
    "Name": "Naam",
    "Sort": "Soort",
    "Person for the API": "Persoon voor de API",
    "officer": "medewerker",
    "citizen": "burger",
    # the mail tray
    "Mail": "Post",
    "Mail that was sent": "Verstuurde post",
    "All mail that was sent, newest first": "Alle post die is verstuurd, de nieuwste eerst",
    "Time": "Tijd",
    "To": "Aan",
    "Subject": "Onderwerp",
    "What SES says": "Wat SES zegt",
    "No mail was sent yet. First report something in": "Er is nog geen post verstuurd. Doe eerst een aangifte in",
    "the portal": "het portaal",
    "What can happen to mail": "Wat er met post kan gebeuren",
    "Report with one of these, and see what happens: here, at the report, and on the worklist. All other mail arrives.": (
        "Doe aangifte met een van deze adressen, en kijk wat er gebeurt: hier, bij de aangifte, en op de werklijst. "
        "Alle andere post komt aan."
    ),
    "Addresses to try": "Adressen om te proberen",
    "Address": "Adres",
    "What happens": "Wat er gebeurt",
    "From": "Van",
    "Sent": "Verstuurd",
    "Tag for SES:": "Kenmerk bij SES:",
    "What SES says of it": "Wat SES ervan zegt",
    "As text": "Als tekst",
    "As HTML": "Als HTML",
    "The mail as HTML": "De mail als HTML",
    "Back to all mail": "Terug naar alle post",
    "nothing": "niets",
    # what SES tells of a mail
    "SES has it": "SES heeft hem",
    "arrived": "aangekomen",
    "waits at the mailbox": "wacht bij de mailbox",
    "came back": "teruggekomen",
    "spam, says the reader": "spam, zegt de lezer",
    "thrown away by SES": "weggegooid door SES",
    # what happens to the mail of an address
    "Arrives, as mail usually does.": "Komt aan, zoals gewone post.",
    "Comes back: the address does not exist. The reporter reads that, and the police station calls or writes.": (
        "Komt terug: het adres bestaat niet. De aangever leest dat, en het bureau belt of schrijft."
    ),
    "Arrives, and the reader calls it spam. We do not write there again.": (
        "Komt aan, en de lezer noemt het spam. Wij schrijven er niet meer naar."
    ),
    "Arrives, and the reader is away. To us that is usual mail.": (
        "Komt aan, en de lezer is afwezig. Voor ons is dat gewone post."
    ),
    "SES refuses the address, because it did not exist before.": "SES weigert het adres, omdat het eerder niet bestond.",
    "Arrives, and comes back after that. Ours, not SES’s.": "Komt aan, en komt daarna toch terug. Van ons, niet van SES.",
    "The mailbox is full: SES keeps trying. Ours, not SES’s.": (
        "De mailbox is vol: SES blijft het proberen. Van ons, niet van SES."
    ),
    "SES finds a virus and throws it away. Ours, not SES’s.": "SES vindt een virus en gooit het weg. Van ons, niet van SES.",
    "SES says nothing of it: after three days that is noticed. Ours, not SES’s.": (
        "SES zegt er niets van: na drie dagen valt dat op. Van ons, niet van SES."
    ),
    # the simulated logins
    "DigiD simulator": "DigiD-simulator",
    "eHerkenning simulator": "eHerkenning-simulator",
    "Simulator of a European login": "Simulator van een Europese login",
    "Simulator of the staff login": "Simulator medewerkerslogin",
    "choose a test person": "kies een testpersoon",
    "This is a simulator, not DigiD.": "Dit is een simulator, niet DigiD.",
    "This is a simulator, not eHerkenning.": "Dit is een simulator, niet eHerkenning.",
    "This is a simulator, not the login of a country.": "Dit is een simulator, niet de login van een land.",
    "This is a simulator, not the login of the police.": "Dit is een simulator, niet de login van de politie.",
    "Nobody really logs in here. These persons do not exist. Never type anything of your own.": (
        "Hier logt niemand echt in. Deze personen bestaan niet. Vul nergens uw eigen gegevens in."
    ),
    "Level of assurance": "Betrouwbaarheidsniveau",
    "low": "laag",
    "substantial": "substantieel",
    "high": "hoog",
    "Log in as": "Inloggen als",
    "Or": "Of",
    "Cancel": "Annuleren",
    "Simulate an outage": "Storing nabootsen",
    "refused": "geweigerd",
    "The portal sent a request that this simulator does not take:": (
        "Het portaal stuurde een verzoek dat deze simulator niet aanneemt:"
    ),
    "That is a mistake of the portal or of its settings. Begin again at the portal.": (
        "Dat is een fout in het portaal of in zijn instellingen. Begin opnieuw op het portaal."
    ),
    # who they are
    "reader": "lezer",
    "handler": "behandelaar",
    "desk": "balie",
    "supervisor": "leidinggevende",
    "auditor": "auditor",
    "all units": "alle eenheden",
    "logged in for a company": "ingelogd voor een bedrijf",
    "Spain": "Spanje",
    "Germany": "Duitsland",
    "without a BSN": "zonder BSN",
    "the shortest name": "de kortste naam",
    "the longest surname": "de langste achternaam",
    "name in loose characters (NFD)": "naam in losse tekens (NFD)",
}
_ENGLISH = {dutch: english for english, dutch in DUTCH.items()}


def language_of(request: LocalRequest) -> Language:
    """Return the language that the reader chose, here or in the portal; Dutch before that."""
    try:
        chosen = SimpleCookie(request.headers.get("cookie", "")).get("language")
    except CookieError:
        return Language.NL
    return Language.EN if chosen and chosen.value == Language.EN else Language.NL


def spoken(language: Language) -> dict[str, Any]:
    """Return what every template needs to speak a language. Raises KeyError for words that have no Dutch."""
    say: Callable[[str], str] = DUTCH.__getitem__ if language is Language.NL else str
    return {"_": say, "note": lambda text: note(text, language), "language": language, "other": _OTHER[language]}


def note(dutch: str, language: Language) -> str:
    """Return what stands beside a test person's name. It is Dutch in its own table; the names of units stay as they are."""
    if language is Language.NL:
        return dutch
    return " · ".join(", ".join(_ENGLISH.get(word, word) for word in part.split(", ")) for part in dutch.split(" · "))


_OTHER = {Language.NL: (Language.EN, "English"), Language.EN: (Language.NL, "Nederlands")}
