"""The questions of every report, whatever happened: the mandatory data of the decree on electronic reports, (a) to (g).

Source: docs/domain.md, "What a report holds". The letters in the comments are the decree's.
"""

from chalicelib.core.language import N_
from chalicelib.forms.questions import TICKED, Choice, Eased, Input, Need, Question, Section
from chalicelib.reports.crimes.contact import EMAIL, INFORMATION, LANGUAGE
from chalicelib.reports.crimes.triage import CIRCUMSTANCES

_YES = frozenset({True})
OTHER_VICTIM = frozenset({"person", "company"})

BEFORE = Section("circumstances", N_("First this"), (CIRCUMSTANCES,))

STORY = Section(
    "story",
    N_("What happened"),
    (
        Question(  # (c) the offence, in the victim's own words and first
            "story",
            N_("What happened?"),
            Input.LONG_TEXT,
            Need.REQUIRED,
            hint=N_("Tell it in your own words: what did you see, and what did you notice?"),
            most=4_000,
            example="Mijn fiets stond op slot voor het station. Toen ik terugkwam was hij weg.",
        ),
    ),
)

PLACE = Section(  # (d)
    "place",
    N_("Where it happened"),
    (
        Question(
            "municipality",
            N_("In which municipality did it happen?"),
            Input.MUNICIPALITY,
            Need.REQUIRED,
            example="Groningen",
        ),
        Question(
            "place",
            N_("Where exactly?"),
            Input.TEXT,
            Need.REQUIRED,
            most=200,
            example="Stationsplein, bij de ingang",
        ),
    ),
)

TIME = Section(  # (d)
    "time",
    N_("When it happened"),
    (
        Question(
            "happenedFrom",
            N_("When did it happen, or from when?"),
            Input.MOMENT,
            Need.REQUIRED,
            hint=N_("For example 12-7-2016 and 14:30. Do you not know exactly? Then the last time that all was well."),
            example="2016-06-30T07:15:00Z",
        ),
        Question(
            "happenedUntil",
            N_("Until when?"),
            Input.MOMENT,
            Need.REQUIRED,
            hint=N_("The moment when you found out. Do you know the exact time? Then enter the same moment again."),
            example="2016-06-30T15:40:00Z",
        ),
    ),
)

HELP = Section(
    "help",
    N_("What can help us"),
    (
        Question(
            "witnesses",
            N_("Who saw it happen?"),
            Input.LONG_TEXT,
            hint=N_("Names, and how we can reach them if you know."),
            most=1_000,
            example="De stationsmedewerker",
        ),
        Question("cameras", N_("Are there camera images?"), Input.YES_NO, Need.RECOMMENDED, example=True),
    ),
)

DAMAGE = Section(
    "damage",
    N_("Your damage"),
    (
        Question("damage", N_("How much is the damage, in euros?"), Input.MONEY, Need.RECOMMENDED, example=649.5),
        Question("insured", N_("Are you insured for this?"), Input.YES_NO, Need.RECOMMENDED, example=True),
        Question(
            "wantsCompensation",
            N_("Do you want the offender to pay for your damage?"),
            Input.YES_NO,
            Need.REQUIRED,
            hint=N_("If there is a court case, you can ask for this."),
            example=True,
        ),
    ),
)

VICTIM = Section(  # (e)
    "victim",
    N_("Who is the victim"),
    (
        Question(
            "victim",
            N_("For whom do you report?"),
            Input.CHOICE,
            Need.REQUIRED,
            choices=(
                Choice("self", N_("For myself")),
                Choice("person", N_("For another person")),
                Choice("company", N_("For a company or organisation")),
            ),
            example="self",
        ),
    ),
)

VICTIM_DETAILS = Section(  # (e)
    "victim-details",
    N_("More about the victim"),
    (
        Question(
            "victimName",
            N_("Name of that person, company or organisation"),
            need=Need.REQUIRED,
            most=200,
            when=("victim", OTHER_VICTIM),
            example="Fietsenmakerij De Ketting",
        ),
        Question(
            "victimAddress",
            N_("Address of that person, company or organisation"),
            need=Need.REQUIRED,
            most=200,
            when=("victim", OTHER_VICTIM),
            example="Havenstraat 12, Groningen",
        ),
        Question(
            "victimDateOfBirth",
            N_("Date of birth of that person"),
            Input.BIRTHDAY,
            Need.RECOMMENDED,
            hint=N_("Day-month-year, for example 12-7-1980. Is only the year known? Then enter that, for example 1980."),
            when=("victim", frozenset({"person"})),
            example="1955-03-04",
        ),
        Question(
            "companyNumber",
            N_("Chamber of Commerce number (KVK)"),
            Input.COMPANY_NUMBER,
            Need.REQUIRED,
            hint=N_("8 digits"),
            when=("victim", frozenset({"company"})),
            example="12345678",
        ),
        Question(
            "branchNumber",
            N_("Branch number (KVK)"),
            Input.BRANCH_NUMBER,
            hint=N_("12 digits. Leave it empty if you do not know it."),
            when=("victim", frozenset({"company"})),
            example="000012345678",
        ),
        Question(
            "mandate",
            N_("Why may you report for them?"),
            need=Need.REQUIRED,
            hint=N_("For example: a written mandate and its date, or: I am the parent."),
            most=300,
            when=("victim", OTHER_VICTIM),
            example="Schriftelijke machtiging van 1 juli 2016",
        ),
    ),
)

REPORTER = Section(  # (a)
    "you",
    N_("Who are you"),
    (
        Question(
            "givenNames",
            N_("Given names"),
            need=Need.REQUIRED,
            most=200,
            eased=Eased("oneName", TICKED),
            example="Sanne",
            autocomplete="given-name",
        ),
        Question(
            "oneName",
            N_("I have one name only. I enter it as my family name."),
            Input.TICK,
            example=False,
        ),
        Question(
            "familyName",
            N_("Family name"),
            need=Need.REQUIRED,
            most=200,  # what the population register allows
            hint=N_("With the prefix, such as: van den Berg"),
            example="van den Berg",
            autocomplete="family-name",
        ),
        Question(
            "dateOfBirth",
            N_("Date of birth"),
            Input.BIRTHDAY,
            Need.REQUIRED,
            hint=N_("Day-month-year, for example 12-7-1980. Is only the year known? Then enter that, for example 1980."),
            eased=Eased("birthUnknown", TICKED),
            example="1980-07-12",
            autocomplete="bday",
        ),
        Question("birthUnknown", N_("My date of birth is not known, or not completely."), Input.TICK, example=False),
        Question("placeOfBirth", N_("Place of birth"), need=Need.REQUIRED, example="Assen"),
    ),
)

NO_POSTCODE = frozenset({"boat", "caribbean", "abroad", "none"})
_NO_ADDRESS = frozenset({"none"})

ADDRESS = Section(  # (b)
    "address",
    N_("Your address and telephone number"),
    (
        Question(
            "addressKind",
            N_("Do you have a Dutch postcode?"),
            Input.CHOICE,
            hint=N_("If not, choose where you live. We then ask only for what your address has."),
            choices=(
                Choice("postcode", N_("Yes")),
                Choice("boat", N_("No, I live on a boat, or somewhere else without a postcode")),
                Choice("caribbean", N_("No, I live on Bonaire, Sint Eustatius or Saba")),
                Choice("abroad", N_("No, I live in another country")),
                Choice("none", N_("No, I have no fixed address")),
            ),
            example="postcode",
        ),
        Question(
            "street",
            N_("Street"),
            need=Need.REQUIRED,
            eased=Eased("addressKind", _NO_ADDRESS),
            example="Damrak",
            autocomplete="address-line1",
        ),
        Question(
            "houseNumber",
            N_("House number, with its addition"),
            Input.MARK,
            Need.REQUIRED,
            hint=N_("For example 14 or 14-3"),
            most=20,
            eased=Eased("addressKind", NO_POSTCODE),
            example="1-hs",
        ),
        Question(
            "postcode",
            N_("Postcode"),
            Input.POSTCODE,
            Need.REQUIRED,
            most=20,
            eased=Eased("addressKind", NO_POSTCODE, Input.MARK),
            example="1012 AB",
            autocomplete="postal-code",
        ),
        Question(
            "city",
            N_("Town or city"),
            need=Need.REQUIRED,
            eased=Eased("addressKind", _NO_ADDRESS),
            example="Amsterdam",
            autocomplete="address-level2",
        ),
        Question(
            "country",
            N_("Country"),
            need=Need.REQUIRED,
            when=("addressKind", frozenset({"abroad"})),
            example="Frankrijk",
            autocomplete="country-name",
        ),
        Question(
            "phone",
            N_("Telephone number"),
            Input.PHONE,
            hint=N_("So that we can call you if we must."),
            example="+31612345678",
            autocomplete="tel",
        ),
    ),
)

CONTACT = Section("contact", N_("How we reach you"), (EMAIL, LANGUAGE))

WISHES = Section(
    "wishes",
    N_("How we keep you informed"),
    (
        Question(  # (f) how the reporter wants the confirmation
            "confirmation",
            N_("How do you want to get the confirmation of your report?"),
            Input.CHOICE,
            Need.REQUIRED,
            choices=(
                Choice("portal", N_("On this website: I can always read and print it here")),
                Choice("post", N_("On paper, by post")),
            ),
            example="portal",
        ),
        INFORMATION,
        Question(
            "wantsVictimSupport",
            N_("May Victim Support Netherlands contact you?"),
            Input.YES_NO,
            Need.REQUIRED,
            hint=N_("They help you for free. We then give them your name and telephone number."),
            example=False,
        ),
    ),
)

LEADING = (BEFORE, STORY)
FOLLOWING = (PLACE, TIME, HELP, DAMAGE, VICTIM, VICTIM_DETAILS, REPORTER, ADDRESS, CONTACT, WISHES)

TRUTH = Question(  # (g) a tick, empty by default; asked on the page where the report is confirmed
    "truth",
    N_("I have told the truth. I know that a false report is a crime."),
    Input.TICK,
    Need.REQUIRED,
    example=True,
)
