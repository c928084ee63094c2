"""Real inputs of people, programs and telephones, and the value that is kept: examples from systems like this one, and siblings.

`stranger` marks evidence about somebody else: it is kept as typed, and flagged where it cannot be true.
"""

from datetime import UTC, datetime

import pytest

from chalicelib.core.errors import Invalid
from chalicelib.forms import inputs
from chalicelib.forms.doubts import doubt_of
from chalicelib.forms.places import _NAMESAKES, _by_name, _folded, _rows, municipalities, places_named, read_municipality
from chalicelib.forms.questions import Input, Question
from chalicelib.forms.text import BadInput
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.submission import parse
from tests.support.samples import answers

TODAY = datetime(2026, 11, 30, 12, tzinfo=UTC)
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"  # a flag of an emoji and six tags
BIKE = KINDS["bicycle-theft"]


def read(kind, value, *, now=TODAY, **facts):
    """Return a value as it is kept, or the code of what is wrong with it."""
    try:
        return inputs.read(Question("q", "Q", kind, **{"most": 4_000} | facts), value, now)
    except BadInput as wrong:
        return wrong.code


def theirs(kind, value, most=4_000):
    """Return evidence as it is kept, and the doubt about it."""
    question = Question("q", "Q", kind, stranger=True, most=most)
    kept = inputs.read(question, value, TODAY)
    doubt = doubt_of(question, kept)
    return kept, doubt.code if doubt else ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u200eMijn fiets is weg\u200e", "Mijn fiets is weg"),  # a chat export
        ("eerst\x0btoen\x0cdaarna\u0085slot", "eerst\ntoen\ndaarna\nslot"),
        ("regel\u2028regel\u2029alinea", "regel\nregel\nalinea"),
        ("omge\u202ekeerd\u202c", "omgekeerd"),
        ("\ufeffbegin", "begin"),
        ("af\u00adbreken", "afbreken"),
        ("zon\u200bder", "zonder"),
        ("e\u200e\u0301\u00e9n", "één"),
        ("tussen\u00a0ruimte\u202fhier", "tussen ruimte hier"),
        ("Anne\u2011Marie", "Anne-Marie"),
        ("hij zei \u2013 en dat klopt \u2014 niets", "hij zei \u2013 en dat klopt \u2014 niets"),
        ("👨\u200d👩\u200d👧 weg", "👨\u200d👩\u200d👧 weg"),
        ("👩🏽\u200d🚒 🏳\ufe0f\u200d🌈 1\ufe0f\u20e3", "👩🏽\u200d🚒 🏳\ufe0f\u200d🌈 1\ufe0f\u20e3"),
        (ENGLAND, ENGLAND),
        ("می\u200cخواهم", "می\u200cخواهم"),  # Persian spells with it
        ("क\u094d\u200dष", "क\u094d\u200dष"),
        ("a\u200db\u200cc", "abc"),
        ("tekst\ufe0f", "tekst"),
        ("verborgen\U000e0041\U000e0042", "verborgen"),
        ("\u3164naam\u2800", "naam"),
        ("O\u2019Brien, d'Arc, X Æ, 李, Ó", "O\u2019Brien, d'Arc, X Æ, 李, Ó"),
    ],
)
def test_nothing_that_nobody_sees_is_kept_and_nothing_that_somebody_wrote_is_lost(typed, kept):
    assert read(Input.LONG_TEXT, typed) == kept
    assert read(Input.TEXT, typed) == kept.replace("\n", " ")


@pytest.mark.parametrize("blank", ["\u200b", "\u00a0\u200e", "\u3164", "\ufeff\n", "\u2800\u200d", " \x0b"])
def test_a_field_with_nothing_to_see_in_it_is_empty(blank):
    with pytest.raises(Invalid) as caught:
        parse(BIKE, answers(story=blank, phone=blank, happenedUntil={"date": blank, "time": blank}), now=TODAY)

    assert {(error.field, error.code) for error in caught.value.errors} == {("story", "required"), ("happenedUntil", "required")}


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (Input.IBAN, "NL91\u00a0ABNA\u00a00417\u00a01643\u00a000", "NL91ABNA0417164300"),
        (Input.IBAN, "\u202anl91 abna\u20110417-1643.00\u202c", "NL91ABNA0417164300"),
        (Input.IBAN, "IBAN: NL91 ABNA 0417 1643 00", "NL91ABNA0417164300"),
        (Input.IBAN, "BE68 5390 0754 7034", "BE68539007547034"),  # no bank of any list, and no matter
        (Input.IBAN, "MT84 MALT 0110 0001 2345 MTLC AST0 01S", "MT84MALT011000012345MTLCAST001S"),
        (Input.IBAN, "NO93 8601 1117 947", "NO9386011117947"),
        (Input.IBAN, "BE68 5390 0754 7035", "iban"),
        (Input.IBAN, "NL91ABNA041716430", "iban"),
        (Input.DATE, "28\u201311\u20132026", "2026-11-28"),
        (Input.DATE, "28\u00a0november\u00a02026", "2026-11-28"),
        (Input.DATE, "２８-１１-２０２６", "2026-11-28"),
        (Input.POSTCODE, "1012\u00a0ab", "1012AB"),
        (Input.POSTCODE, "1012\u2013AB", "1012AB"),
        (Input.POSTCODE, "NL-1012 AB", "1012AB"),
        (Input.MONEY, "€\u00a01.234,50", 123_450),
        (Input.MONEY, "1\u202f234,50", 123_450),
        (Input.COMPANY_NUMBER, "1234\u00a05678", "12345678"),
        (Input.COMPANY_NUMBER, "KvK 1234.5678", "12345678"),
        (Input.BRANCH_NUMBER, "0000\u20091234\u20095678", "000012345678"),
        (Input.IMEI, "49\u2011015420\u2011323751\u20118", "490154203237518"),
        (Input.IMEI, "IMEI: 490154203237518 / 01", "490154203237518"),
        (Input.PHONE, "\u202a06\u00a012345678\u202c", "+31612345678"),  # from a telephone's contacts
        (Input.PHONE, "٠٦١٢٣٤٥٦٧٨", "+31612345678"),
        (Input.PLATE, "ab\u201312\u2011cd", "AB-12-CD"),
        (Input.PLATE, "d123bc", "D-123-BC"),
        (Input.PLATE, "ABCD12", "AB-CD-12"),
        (Input.PLATE, "B MW 1234", "B MW 1234"),  # German: as it is typed
        (Input.EMAIL, "sanne@\u200bexample.org\u00a0", "sanne@example.org"),
        (Input.MUNICIPALITY, "Súdwest\u2011Fryslân\u00a0", "GM1900"),
        (Input.MARK, "FP2\u201300123\u200b", "FP2-00123"),
        (Input.MARK, "14½ / 14²", "14½ / 14²"),  # a house number that is not 142
        (Input.MONEY, "1²", "money_format"),
        (Input.IMEI, "49015420323751⑧", "imei"),
        (Input.DATE, "1²-7-2016", "date_format"),
    ],
)
def test_what_a_number_was_typed_or_pasted_with_is_not_kept(kind, typed, kept):
    assert read(kind, typed) == kept


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("12,-", 1_200),
        ("12.-", 1_200),
        ("12,\u2013", 1_200),
        ("12,\u2014", 1_200),
        ("12,--", 1_200),
        ("100,=", 10_000),
        ("€ 99,-", 9_900),
        ("€99", 9_900),
        ("99 €", 9_900),
        ("12 euro", 1_200),
        ("12,50 Euro", 1_250),
        ("EUR 12,50", 1_250),
        ("1.234,-", 123_400),
        ("1 234 567,89", 123_456_789),
        ("1'234.50", 123_450),
        ("1\u2019234.50", 123_450),
        ("1,234.56", 123_456),
        (",50", 50),
        ("0", 0),
        ("0,00", 0),
        ("007", 700),
        (12.5, 1_250),
        (1e2, 10_000),
        (0.29, 29),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed, cents):
    assert read(Input.MONEY, typed) == cents


@pytest.mark.parametrize(
    "typed",
    [
        "0,125",
        "0.500",
        "01.234",
        "00.123,45",
        "1.23.456",
        "1,234.567",
        "12.34.567",
        "-5",
        "\u22125",
        "5-",
        "12,",
        "12 euro 50",
        "veel",
        "€",
        "ongeveer 100",
        "1e3",
        "100.000.000.000",
        12.345,
        0.001,
        0.1 + 0.2,
        -0.01,
        float("nan"),
        float("inf"),
        10**400,
        True,
        None,
        [],
        {},
    ],
)
def test_an_amount_with_two_readings_or_a_part_of_a_cent_is_asked_again(typed):
    assert read(Input.MONEY, typed) == "money_format"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("28-11-26", "2026-11-28"),
        ("28/11/26", "2026-11-28"),
        ("28 nov '26", "2026-11-28"),
        ("28-11-80", "1980-11-28"),
        ("28 - 11 - 2026", "2026-11-28"),
        ("zaterdag 28 november 2026", "2026-11-28"),
        ("za 28-11-2026", "2026-11-28"),
        ("28e november 2026", "2026-11-28"),
        ("28th of november 2026", "date_format"),
        ("November 28, 2026", "2026-11-28"),
        ("28 sept 2026", "2026-09-28"),
        ("28112026", "2026-11-28"),
        ("20261128", "2026-11-28"),
        ("28112620", "date_format"),
        ("30 maandag 2016", "date_format"),
        ("30 marathon 2016", "date_format"),
        ("30 mart 2016", "date_format"),
        ("1 augustinus 2016", "date_format"),
        ("5 mei. 2016", "2016-05-05"),
        ("28-11-27", "which_century"),
        ("31-4-26", "no_such_date"),
        ("9999-12-31", "date_too_far"),
        ("31-12-2200", "date_too_far"),
        ("0-11-2026", "no_such_date"),
    ],
)
def test_a_day_is_read_where_only_one_is_possible(typed, kept):
    assert read(Input.DATE, typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("28-11-26", "which_century"),  # a baby, or somebody of a hundred
        ("28-11-80", "1980-11-28"),
        ("00-00-1950", "1950"),
        ("0-0-1950", "1950"),
        ("1950", "1950"),
        ("1950-00-00", "1950"),
        ("00-03-1950", "1950-03"),
        ("1950-03", "1950-03"),
        ("1950-03-00", "1950-03"),
        ("maart 1950", "1950-03"),
        ("3-1950", "1950-03"),
        ("00-00-0000", "unknown"),
        ("onbekend", "unknown"),
        ("Unknown", "unknown"),
        ("2027", "date_in_future"),
        ("12-2026", "date_in_future"),
        ("1899", "no_such_date"),
        ("13-1950", "no_such_date"),
        ("15-00-1950", "no_such_date"),
        ("31-2-1950", "no_such_date"),
        ("zomer 1950", "date_format"),
        (1950, "not_text"),
    ],
)
def test_of_a_birth_is_kept_what_is_known(typed, kept):
    assert read(Input.BIRTHDAY, typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("9999-12-31T23:59:59-14:00", "moment_format"),
        ("9999-12-31T23:59:59+14:00", "moment_in_future"),
        ("0001-01-01T00:00:00+14:00", "moment_format"),
        ("1900-01-01T00:00:00+14:00", "no_such_date"),
        ({"date": "31-12-9999", "time": "23:59"}, "date_too_far"),
        ({"date": "27-3-2016", "time": "2:30"}, "no_such_time"),
        ({"date": "29-3-26", "time": "02.00"}, "no_such_time"),
        ({"date": "27-3-2016", "time": "3:00"}, "2016-03-27T01:00:00Z"),
        ({"date": "27-3-2016", "time": "1:59"}, "2016-03-27T00:59:00Z"),
        ({"date": "28-11-26", "time": "2:30 pm"}, "2026-11-28T13:30:00Z"),
        ({"date": "28-11-26", "time": "12 a.m."}, "2026-11-27T23:00:00Z"),
        ({"date": "28-11-26", "time": "13 pm"}, "time_format"),
        ({"date": "28\u201311\u201326", "time": "09\u00a0:\u00a030"}, "2026-11-28T08:30:00Z"),
    ],
)
def test_a_moment_is_read_where_there_was_one(typed, kept):
    assert read(Input.MOMENT, typed) == kept


@pytest.mark.parametrize(
    ("start", "end", "kept"),
    [
        ("2:50", "2:10", ("2026-10-25T00:50:00Z", "2026-10-25T01:10:00Z")),
        ("2:10", "2:50", ("2026-10-25T00:10:00Z", "2026-10-25T00:50:00Z")),
        ("2:30", "2:30", ("2026-10-25T00:30:00Z", "2026-10-25T00:30:00Z")),
        ("1:00", "2:00", ("2026-10-24T23:00:00Z", "2026-10-25T00:00:00Z")),
        ("3:10", "2:50", None),
        ("1:50", "1:10", None),
    ],
)
def test_a_window_may_end_in_the_hour_that_comes_twice(start, end, kept):
    window = {"happenedFrom": {"date": "25-10-2026", "time": start}, "happenedUntil": {"date": "25-10-2026", "time": end}}

    if kept is None:
        with pytest.raises(Invalid, match="happenedUntil:ends_before_start"):
            parse(BIKE, answers(**window), now=TODAY)
    else:
        told = parse(BIKE, answers(**window), now=TODAY).answers
        assert (told["happenedFrom"], told["happenedUntil"]) == kept


def test_a_program_says_itself_which_of_two_hours_it_means():
    window = {"happenedFrom": "2026-10-25T02:50:00+02:00", "happenedUntil": "2026-10-25T02:10:00+02:00"}

    with pytest.raises(Invalid, match="happenedUntil:ends_before_start"):
        parse(BIKE, answers(**window), now=TODAY)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+31 (0)6 12345678", "+31612345678"),
        ("06/12345678", "+31612345678"),
        ("06\u201312345678", "+31612345678"),
        ("+49 (0)30 1234567", "+49301234567"),
        ("0049 (0)30 1234567", "+49301234567"),
        ("+39 (0)6 1234 5678", "+390612345678"),
        ("+31 06 12345678", "+31612345678"),
        ("0031 (0)20-123 45 67", "+31201234567"),
        ("(020) 123 45 67", "+31201234567"),
        ("06.12.34.56.78", "+31612345678"),
        ("tel:+31612345678", "+31612345678"),
        ("Tel. 06 12345678", "+31612345678"),
        ("31612345678", "+31612345678"),
        ("+32 470 12 34 56", "+32470123456"),
        ("0597-123456", "+31597123456"),
        ("0900-8844", "phone"),
        ("0800 1234567", "phone"),
        ("14020", "phone"),
        ("1234", "phone"),
        ("112", "phone"),
        ("+31 1234", "phone"),
        ("0612345678 / 0201234567", "phone"),
        ("06 FIETSEN", "phone"),
        ("anoniem", "phone"),
    ],
)
def test_a_number_of_ones_own_can_be_dialled(typed, kept):
    assert read(Input.PHONE, typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0900-8844", ("09008844", "")),
        ("14020", ("14020", "")),
        ("14 0317", ("140317", "")),
        ("1234", ("1234", "")),
        ("+31 900 8844", ("09008844", "")),
        ("0800 12 34 567", ("08001234567", "")),
        ("06/12345678", ("+31612345678", "")),
        ("+49 (0)30 1234567", ("+49301234567", "")),
        ("ING Bank", ("ING Bank", "untrue")),
        ("06123", ("06123", "untrue")),
        ("06 1234567x", ("06 1234567x", "untrue")),
        ("anoniem\u200b", ("anoniem", "untrue")),
    ],
)
def test_a_strangers_number_never_stops_a_report(typed, kept):
    assert theirs(Input.PHONE, typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Https://WWW.Example.com/Pad?A=B", ("https://www.example.com/Pad?A=B", "")),
        ("https://ing.nl@evil.example/login", ("https://ing.nl@evil.example/login", "")),
        ("HTTP://Gebruiker:Geheim@Evil.EXAMPLE:8080/X", ("http://Gebruiker:Geheim@evil.example:8080/X", "")),
        ("evil.example/" + "x" * 3_000, ("evil.example/" + "x" * 3_000, "")),
        ("evil.example/" + "x" * 9_000, ("evil.example/" + "x" * 3_987, "cut")),
        ("http://192.0.2.7/inloggen", ("http://192.0.2.7/inloggen", "")),
        ("www.Café-Verkoop.NL", ("www.café-verkoop.nl", "")),
        ("xn--80ak6aa92e.com", ("xn--80ak6aa92e.com", "")),
        ("https://evil.example/?q=1#deel", ("https://evil.example/?q=1#deel", "")),
        ("hxxps://evil[.]example", ("hxxps://evil[.]example", "untrue")),
        ("javascript:alert(1)", ("javascript:alert(1)", "untrue")),
        ("http:/ing.nl", ("http:/ing.nl", "untrue")),
        ("geen site", ("geen site", "untrue")),
        ("verkoper@example.net", ("verkoper@example.net", "untrue")),
        ("http://\x07evil.example", ("http://evil.example", "")),
    ],
)
def test_a_strangers_website_never_stops_a_report(typed, kept):
    assert theirs(Input.URL, typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("info@café.nl", ("info@café.nl", "")),
        ("Info@CAFÉ.nl", ("Info@café.nl", "")),
        ("józef@example.org", ("józef@example.org", "")),
        ("Verkoper <verkoper@Example.net>", ("verkoper@example.net", "")),
        ("mailto:x@example.net", ("x@example.net", "")),
        ("a..b@example.net", ("a..b@example.net", "")),
        ("x@10.0.0.1", ("x@10.0.0.1", "")),
        ("topdeals", ("topdeals", "untrue")),
        ("x@y", ("x@y", "untrue")),
        ("een @ twee.nl", ("een @ twee.nl", "untrue")),
    ],
)
def test_a_strangers_address_never_stops_a_report(typed, kept):
    assert theirs(Input.EMAIL, typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("nl91\u00a0abna 0417 1643 00", ("NL91ABNA0417164300", "")),
        ("BE68 5390 0754 7034", ("BE68539007547034", "")),
        ("NL92 ABNA 0417 1643 00", ("NL92 ABNA 0417 1643 00", "untrue")),
        ("P 1234567", ("P 1234567", "untrue")),
    ],
)
def test_a_strangers_account_never_stops_a_report(typed, kept):
    assert theirs(Input.IBAN, typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Sanne@CAFÉ.nl", "Sanne@xn--caf-dma.nl"),
        ("sanne@straße.de", "sanne@xn--strae-oqa.de"),
        ("x@example.AMSTERDAM", "x@example.amsterdam"),
        ("Sanne <sanne@example.org>", "sanne@example.org"),
        ("o'brien+fiets@example.org", "o'brien+fiets@example.org"),
        ("x@10.0.0.1", "email"),
        ("x@127.1", "email"),
        ("x@example.x", "email"),
        ("x@example.1", "email"),
        ("x@[10.0.0.1]", "email"),
        ("x@example.c0m", "email"),
        ("x@machine.local", "email"),
        ("x@localhost", "email"),
        ("x@iets.invalid", "email"),
        ("x@exa_mple.org", "email"),
        ("x@-example.org", "email"),
        ("x@caf\u00e9-.nl", "email"),
        ("x@☃.nl", "email"),
        ("józef@example.org", "email"),
        ("x y@example.org", "email"),
        ("x@example.org, y@example.org", "email"),
        ("x@" + "é" * 60 + ".nl", "email"),
    ],
)
def test_an_address_of_ones_own_can_exist(typed, kept):
    assert read(Input.EMAIL, typed) == kept


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Zaandam", "Zaanstad"),
        ("IJmuiden", "Velsen"),
        ("Scheveningen", "'s-Gravenhage"),
        ("Hoogvliet", "Rotterdam"),
        ("Nuenen", "Nuenen, Gerwen en Nederwetten"),
        ("Amsterdam-Zuidoost", "Amsterdam"),
        ("Bergen NH", "Bergen (NH.)"),
        ("Gemeente Utrecht", "Utrecht"),
        ("BERGEN (L)", "Bergen (L.)"),
        ("bergen, noord-holland", "Bergen (NH.)"),
        ("Bergen Limburg", "Bergen (L.)"),
        ("hengelo ov", "Hengelo (O.)"),
        ("Hengelo Gld", "Bronckhorst"),
        ("gem. Zwolle", "Zwolle"),
        ("Alphen a/d Rijn", "Alphen aan den Rijn"),
        ("Capelle a.d. IJssel", "Capelle aan den IJssel"),
        ("Den Bosch", "'s-Hertogenbosch"),
        ("The Hague", "'s-Gravenhage"),
        ("Sint Willebrord", "Rucphen"),
        ("Rotterdam Zuid", "Rotterdam"),
        ("Utrecht Overvecht", "Utrecht"),
        ("Zevenhuizen (Zuidplas)", "Zuidplas"),
        ("Hoorn, Terschelling", "Terschelling"),
        ("sudwest fryslan", "Súdwest-Fryslân"),
        ("Stad aan 't Haringvliet", "Goeree-Overflakkee"),
        ("ĳmuiden", "Velsen"),
        ("'s Gravenhage", "'s-Gravenhage"),
    ],
)
def test_a_place_leads_to_its_municipality(typed, name):
    assert municipalities()[read_municipality(typed)].name == name


@pytest.mark.parametrize(
    ("typed", "code", "offered"),
    [
        ("Bergen", "municipality_which", "Bergen (L.), Limburg; Bergen (NH.), Noord-Holland"),
        ("Zevenhuizen", "municipality_which", "Westerkwartier, Groningen; Zuidplas, Zuid-Holland"),
        ("Rijswijk", "municipality_which", "Altena, Noord-Brabant; Buren, Gelderland; Rijswijk (ZH.), Zuid-Holland"),
        ("Amsterdm", "municipality_like", "Amsterdam, Noord-Holland"),
        ("Zaadnam", "municipality_like", "Zaanstad, Noord-Holland"),
        ("Atlantis", "municipality", None),
        ("1012 AB", "municipality", None),
    ],
)
def test_a_name_of_several_places_or_mistyped_is_asked_with_those_to_choose_from(typed, code, offered):
    with pytest.raises(BadInput, match=code) as asked:
        read_municipality(typed)

    assert asked.value.values.get("names") == offered


def test_every_place_leads_to_its_municipality_and_seventy_need_a_choice():
    rows = list(_rows("places.csv"))
    several = {row["place"] for row in rows if len({each["cbs_code"] for each in rows if each["place"] == row["place"]}) > 1}
    astray = {row["place"] for row in rows if row["cbs_code"] not in places_named(row["place"])}

    assert len({(row["place"], row["cbs_code"]) for row in rows}) == 2_527
    assert len(several) == 70
    assert astray == {municipalities()[code].name for code in _NAMESAKES}  # an official name is that municipality's: see below


def test_every_municipality_is_read_by_its_code_its_name_and_as_it_is_offered():
    for code, place in municipalities().items():
        assert {read_municipality(text) for text in (code, place.name, place.title, f"Gemeente {place.name}")} == {code}


def test_whoever_names_a_municipality_is_told_of_the_village_of_that_name_elsewhere():
    named = {code: _by_name()[_folded(place.name)] for code, place in municipalities().items()}
    told = parse(BIKE, answers(municipality="Hoorn"), now=TODAY)

    assert {code: tuple(one for one in found if one != code) for code, found in named.items() if len(found) > 1} == _NAMESAKES
    assert [(doubt.code, doubt.values) for doubt in told.warnings] == [("namesake", {"names": "Terschelling, Fryslân"})]
