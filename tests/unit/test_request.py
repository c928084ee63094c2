"""A request as it is read before any page sees it: keys, forms, JSON, cookies and languages, at their edges."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from chalicelib.core.errors import Invalid, Unauthenticated
from chalicelib.core.language import Language
from chalicelib.web.multipart import FormPart, parse
from chalicelib.web.request import Request
from tests.app.files import BOUNDARY, encoded
from tests.support.samples import CITIZEN, HANDLER, NEIGHBOUR

FORM = "application/x-www-form-urlencoded"
WANTED = SimpleNamespace(settings=SimpleNamespace(portal_url="https://portal.example"))


def asked(body=b"", **facts):
    given = {"method": "POST", "path": "/v1/reports", "base": "", "query": {}, "headers": {}, "language": Language.NL}
    return Request(services=WANTED, body=body, **(given | facts))


def form(body, **facts):
    return asked(body, headers={"content-type": FORM}, **facts)


def keyed(key, body=b"{}", **facts):
    return asked(body, headers={"idempotency-key": key}, **facts).idempotency_key


def refusal(act):
    with pytest.raises(Invalid) as refused:
        act()
    return [(error.field, error.code, dict(error.values)) for error in refused.value.errors]


def test_a_key_of_two_hundred_letters_is_taken_and_one_more_is_refused_with_the_number():
    assert keyed("k" * 200)
    assert refusal(lambda: keyed("k" * 201)) == [("Idempotency-Key", "idempotency_key", {"most": 200})]


@pytest.mark.parametrize("key", ["sleutél", "a\tb", "a\nb", "\x7f"])
def test_a_key_that_cannot_be_read_aloud_is_refused(key):
    assert refusal(lambda: keyed(key)) == [("Idempotency-Key", "idempotency_key", {"most": 200})]


def test_a_key_is_its_callers_own_on_its_own_route_and_knows_its_content():
    mine = keyed("k1", principal=CITIZEN)

    assert keyed("k1", b'{ "b": 1, "a": 2}', principal=CITIZEN) == keyed("k1", b'{"a": 2, "b": 1}', principal=CITIZEN)
    name, _, content = mine.partition(".")
    assert (len(name), len(content)) == (64, 32)
    changed = keyed("k1", b'{"a": 1}', principal=CITIZEN)
    assert changed.partition(".")[0] == name
    assert changed != mine
    for other in (
        keyed("k2", principal=CITIZEN),
        keyed("k1", principal=NEIGHBOUR),
        keyed("k1"),
        keyed("k1", principal=CITIZEN, path="/v1/other"),
        keyed("k1", principal=CITIZEN, method="PUT"),
    ):
        assert other.partition(".")[0] != name
    assert keyed("") == ""
    assert asked(b"{}").idempotency_key == ""


def test_the_same_form_sent_twice_is_one_request_and_with_other_content_another():
    request = asked(principal=CITIZEN)
    sent = {"_key": "k1", "_token": "t", "text": "a"}

    assert request.form_key(sent) == request.form_key({**sent, "_token": "another login"})
    assert len(request.form_key(sent)) == 64
    assert request.form_key(sent) != request.form_key({**sent, "text": "b"})
    assert request.form_key(sent) != request.form_key({**sent, "_key": "k2"})
    for no_key in ({"text": "a"}, {**sent, "_key": ""}, {**sent, "_key": ["k1", "k2"]}):
        assert request.form_key(no_key) == ""


def test_nobody_is_taken_for_a_citizen_or_an_officer():
    assert asked(principal=CITIZEN).citizen is CITIZEN
    assert asked(principal=HANDLER).officer is HANDLER
    for request, name, reason in (
        (asked(principal=HANDLER), "citizen", "no_citizen"),
        (asked(), "citizen", "no_citizen"),
        (asked(principal=CITIZEN), "officer", "no_officer"),
        (asked(), "officer", "no_officer"),
    ):
        with pytest.raises(Unauthenticated, match=reason):
            getattr(request, name)


def test_cookies_are_read_however_a_browser_writes_them():
    request = asked(headers={"cookie": " a=1;b=2=3 ; =x; ; c"})

    assert request.cookies == {"a": "1", "b": "2=3", "c": ""}
    assert asked().cookies == {}


def test_the_address_of_a_page_has_its_query_in_order():
    assert asked(path="/reports", query={"b": ["1 2", "3"], "a": ["é"]}).here == "/reports?b=1+2&b=3&a=%C3%A9"
    assert asked(path="/reports").here == "/reports"
    assert asked(base="/api").public_address("/verify") == "https://portal.example/api/verify"


def test_an_argument_is_there_once_or_not():
    request = asked(query={"a": ["1"], "b": ["1", "2"], "c": [""]})

    assert (request.argument("a"), request.argument("c"), request.argument("d")) == ("1", "", "")
    assert refusal(lambda: request.argument("b")) == [("b", "sent_twice", {})]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"NaN", "not_json"),
        (b"-Infinity", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'{"a": 1, "a": 1}', "duplicate_key"),
        (b'{"b": {"a": 1, "a": 2}}', "duplicate_key"),
        (b'"\xff"', "not_utf8"),
        ('"\ufffd"'.encode(), "not_utf8"),
        (b'"\\ud83d"', "not_utf8"),
    ],
)
def test_json_that_two_readers_could_read_differently_is_refused(body, code):
    assert refusal(lambda: asked(body).json()) == [("", code, {})]


@pytest.mark.parametrize("body", [b'\xef\xbb\xbf{"a": 1}', '\ufeff{"a": 1}'.encode()])
def test_json_behind_a_byte_order_mark_is_read(body):
    assert asked(body).json() == {"a": 1}


def test_a_second_byte_order_mark_is_no_json():
    assert refusal(lambda: asked("\ufeff\ufeff{}".encode()).json()) == [("", "not_json", {})]


def test_json_with_a_whole_character_in_two_halves_is_read():
    assert asked(b'"\\ud83d\\ude00"').json() == "\U0001f600"


def test_a_form_names_its_parts_with_dots_and_leaves_no_holes():
    body = b"a=1&goods.0.brand=Gazelle&goods.10.brand=Batavus&goods.2.brand=Giant&b=1&b=2&c=&x.y=1&n.00001=1"

    assert form(body).form() == {
        "a": "1",
        "goods": [{"brand": "Gazelle"}, {"brand": "Giant"}, {"brand": "Batavus"}],
        "b": ["1", "2"],
        "c": "",
        "x": {"y": "1"},
        "n": {"00001": "1"},
    }


def test_a_path_that_no_form_sends_harms_nothing():
    assert form(b"a=1&a.b=2&c.d=1").form() == {"a": "1", "c": {"d": "1"}}
    assert form(b"a.b.c.d.e.f=1").form() == {"a": {"b": {"c": {"d": "1"}}}}
    assert form(b"a.b.c.d=1").form() == {"a": {"b": {"c": {"d": "1"}}}}
    assert form(b"a.0.b.1.c=1&a.0.b.0=2").form() == {"a": [{"b": ["2", "1"]}]}


def test_a_form_of_five_thousand_fields_is_read_and_one_more_is_refused():
    def fields(number):
        return "&".join(f"f{n}=1" for n in range(number)).encode()

    assert len(form(fields(5_000)).form()) == 5_000
    assert refusal(lambda: form(fields(5_001)).form()) == [("", "too_many_fields", {"most": 5_000})]


@pytest.mark.parametrize("body", [b"a=%ff", b"a=\xff", "a=\ufffd".encode()])
def test_a_form_that_is_no_text_is_refused(body):
    assert refusal(lambda: form(body).form()) == [("", "not_utf8", {})]


def test_the_language_that_somebody_chose_half_way_a_form_is_only_that_of_a_form():
    assert form(b"_language=en&a=1").wanted_language is Language.EN
    assert form(b"_language=fr").wanted_language is None
    assert form(b"a=1").wanted_language is None
    assert form(b"_language=en", method="GET").wanted_language is None
    assert asked(query={"language": ["en"]}).in_asked_language().language is Language.EN
    assert asked(query={"language": ["fr"]}).in_asked_language().language is Language.NL
    assert asked().in_asked_language().language is Language.NL


MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def test_files_are_those_that_were_chosen_and_are_no_fields():
    body = encoded({"a": "1", "b.c": "2"}, {"file": ("foto.jpg", "image/jpeg", b"x"), "none": ("", "", b"")})
    request = asked(body, headers={"content-type": MULTIPART.replace("multipart", "Multipart")})

    assert request.is_multipart
    assert request.form() == {"a": "1", "b": {"c": "2"}}
    assert request.files() == (FormPart("file", b"x", "foto.jpg", "image/jpeg"),)
    assert not replace(request, headers={"content-type": FORM}).is_multipart
    assert replace(request, headers={}).files() == ()


def part(name, *more, head=b"Content-Disposition: form-data"):
    return b"\r\n".join([b"--" + BOUNDARY.encode(), head + f'; name="{name}"'.encode(), *more, b"", b"x", b""])


def whole(*parts):
    return b"".join(parts) + b"--" + BOUNDARY.encode() + b"--\r\n"


def test_a_form_has_up_to_ninety_nine_parts():
    assert len(parse(MULTIPART, whole(*(part(f"f{n}") for n in range(99))))) == 99
    assert refusal(lambda: parse(MULTIPART, whole(*(part(f"f{n}") for n in range(100))))) == [("", "not_a_form", {})]
    assert parse(MULTIPART, whole()) == ()


def test_what_a_browser_says_of_a_part_has_room_for_four_thousand_letters():
    def said(length):
        start = len(part("f", b"X: ").partition(b"\r\n\r\n")[0]) - len(b"--" + BOUNDARY.encode())
        return whole(part("f", b"X: " + b"x" * (length - start)))

    assert parse(MULTIPART, said(4_096)) == (FormPart("f", b"x"),)
    assert refusal(lambda: parse(MULTIPART, said(4_097))) == [("", "not_a_form", {})]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (whole(part("f", head=b"Content-Disposition: form-data\xff")), "not_utf8"),
        (b"before" + whole(part("f")), "not_a_form"),
        (part("f"), "not_a_form"),
        (b"", "not_a_form"),
        (whole(part("f").replace(b"name=", b"nome=")), "not_a_form"),
        (whole(part("f").replace(b"\r\n\r\n", b"\r\n")), "not_a_form"),
        (whole(b"--" + BOUNDARY.encode() + b'Content-Disposition: form-data; name="f"\r\n\r\nx\r\n'), "not_a_form"),
    ],
)
def test_a_form_that_breaks_off_or_says_nothing_of_itself_is_refused(body, code):
    assert refusal(lambda: parse(MULTIPART, body)) == [("", code, {})]


def test_names_of_headers_and_parameters_are_read_in_any_case():
    body = whole(part("f", b"CONTENT-TYPE:  image/png ", head=b'content-disposition: form-data; FILENAME="a.png"'))

    assert parse(MULTIPART, body) == (FormPart("f", b"x", "a.png", "image/png"),)


def test_what_is_sent_as_json_comes_back_as_it_was():
    content = {"a": [1, 2.5, None, True, "é"], "b": {}}

    assert asked(json.dumps(content).encode()).json() == content
