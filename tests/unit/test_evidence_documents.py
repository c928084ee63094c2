"""Photos of phones and documents: what they tell about their maker goes, nothing else moves, and what is left is told."""

import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.evidence.kinds import KINDS, Mismatch, require_kind
from chalicelib.evidence.strip import Damaged, copied
from tests.support import pictures
from tests.support.pictures import EXAMPLES, SECRET, TIFF, box

WORD = SECRET[:14]


@pytest.mark.parametrize("version", [0, 1, 2])
def test_the_copy_of_a_phones_photo_has_its_pixels_and_nothing_that_it_tells(version):
    told = pictures.heic(secret=SECRET, version=version)
    assert told.count(SECRET) > 10

    copy = copied("heic", told)

    assert WORD not in copy.content
    assert (len(copy.content), copy.hides) == (len(told), False)
    assert b"pixels" * 4 in copy.content
    assert copy.content.index(b"pixels") == told.index(b"pixels"), "nothing is moved"
    assert box(b"irot", b"\1") in copy.content
    require_kind(KINDS["heic"], copy.content)
    assert copied("heic", copy.content) == copy


def test_a_phones_photo_keeps_its_colours():
    copy = copied("heic", pictures.heic(secret=SECRET)).content
    profile = copy[copy.index(b"colrprof") + 8 :]

    assert (profile[36:40], profile[16:20]) == (b"acsp", b"RGB ")
    assert int.from_bytes(profile[:4]) == len(pictures.icc(SECRET))


@pytest.mark.parametrize("kind", [b"moov", b"free", b"skip", b"uuid", b"sefd", b"mpvd"])
def test_what_else_a_maker_adds_to_a_photo_is_empty_in_the_copy(kind):
    told = pictures.heic(more=box(kind, SECRET), tail=box(kind, SECRET) + SECRET)

    copy = copied("heic", told).content

    assert WORD not in copy
    assert len(copy) == len(told) - len(SECRET), "what follows the last box is no part of it"


def large(content):
    """The same photo, the size of whose pixels takes eight bytes."""
    at = content.index(b"mdat") - 4
    return content[:at] + b"\0\0\0\1mdat" + (len(content) - at + 8).to_bytes(8) + content[at + 8 :]


def test_a_size_of_eight_bytes_and_one_that_is_all_the_rest_are_read():
    photo = pictures.heic(secret=SECRET)
    at = photo.index(b"mdat") - 4

    rest = copied("heic", photo[:at] + bytes(4) + photo[at + 4 :])

    assert WORD not in rest.content
    assert b"pixels" * 4 in rest.content
    assert copied("heic", large(photo)) is not None


@pytest.mark.parametrize(
    "content",
    [
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40),
        pictures.heic()[:-40],
        pictures.heic()[:60],
        pictures.heic().replace(b"infe\2", b"infe\1"),
        pictures.heic().replace(b"infe", b"infx"),
        pictures.heic().replace(b"\0\0\0\x44\0", b"\0\0\0\x40\0"),
        pictures.heic().replace(b"iloc", b"iloX"),
        pictures.heic().replace(b"idat", b"idaX"),
    ],
)
def test_a_photo_that_is_put_together_in_another_way_is_given_as_it_was_sent(content):
    assert copied("heic", content) is None


def test_a_photo_that_names_the_same_bytes_without_end_is_not_copied_without_end():
    whole = box(b"iloc", b"\1\0\0\0\x44\0", b"\xff\xff", (b"\0\2" + bytes(4) + b"\0\1" + bytes(4) + b"\0\0\1\0") * 65_535)
    head = box(b"ftyp", b"heic\0\0\0\0mif1heic")

    assert copied("heic", head + box(b"meta", bytes(4), whole) + box(b"mdat", bytes(300))) is None


# Documents

INFO = b"7 0 obj <</Title(" + SECRET + b" >> \\( )/Author<" + SECRET.hex().encode() + b">/X<</Y(z)>>>> endobj"
XMP = b"8 0 obj<</Type/Metadata/Subtype/XML/Length 99>>stream\n<x>" + SECRET + b"</x>\nendstream endobj"
WITH_INFO = b"/Info 7 0 R"


@pytest.mark.parametrize(
    "told",
    [
        pictures.pdf(INFO, trailer=WITH_INFO),
        pictures.pdf(INFO, INFO, trailer=b"/Info\r\n7 0\tR"),
        pictures.pdf(XMP, INFO, trailer=WITH_INFO),
        pictures.pdf(XMP.replace(b"/Type/Metadata", b"/Type /Metadata").replace(b"stream\n<", b"stream\r\n<")),
        pictures.pdf(XMP.replace(b"/Type/Metadata", b"")),
        pictures.pdf(trailer=b"/Info<</Author(" + SECRET + b")>>"),
        pictures.pdf(
            b"4 0 obj<</Filter/DCTDecode>>stream\n" + pictures.jpeg(pictures.exif(), pictures.remark()) + b"\nendstream endobj"
        ),
        pictures.pdf(tail=SECRET),
        SECRET + pictures.pdf(),
    ],
)
def test_the_copy_of_a_document_tells_nothing_of_its_maker_and_nothing_is_moved(told):
    assert SECRET in told

    copy = copied("pdf", told)

    assert SECRET not in copy.content
    assert SECRET.hex().encode() not in copy.content
    assert not copy.hides
    assert copy.content.index(b"startxref") == told.index(b"startxref")
    assert re.findall(rb"\d 0 obj", copy.content) == re.findall(rb"\d 0 obj", told)
    assert copied("pdf", copy.content) == copy
    require_kind(KINDS["pdf"], copy.content)


def test_the_description_of_a_document_that_is_packed_is_packed_still():
    packed = zlib.compress(SECRET * 9)
    stream = b"8 0 obj<</Type/Metadata/Filter/FlateDecode>>stream\n%s\nendstream endobj"

    copy = copied("pdf", pictures.pdf(stream % packed, trailer=b"/Metadata 8 0 R"))

    assert packed not in copy.content
    assert not copy.hides
    assert zlib.decompressobj().decompress(copy.content[copy.content.index(b"stream\n") + 7 :]) == b" "


@pytest.mark.parametrize(
    "told",
    [
        pictures.pdf(trailer=WITH_INFO),
        pictures.pdf(b"7 0 obj(text)endobj", trailer=WITH_INFO),
        pictures.pdf(b"7 0 obj<</Author 6 0 R>>endobj", b"6 0 obj(" + SECRET + b")endobj", trailer=WITH_INFO),
        pictures.pdf(b"7 0 obj<</Author(never ends", trailer=WITH_INFO),
        pictures.pdf(trailer=b"/Metadata 8 0 R"),
        pictures.pdf(b"4 0 obj<</Filter[/FlateDecode/DCTDecode]>>stream\nx\nendstream endobj"),
        pictures.pdf(b"4 0 obj<</Filter/JPXDecode>>stream\nx\nendstream endobj"),
        pictures.pdf(b"4 0 obj<</Type/EmbeddedFile>>stream\nx\nendstream endobj"),
        pictures.pdf() + pictures.pdf(INFO)[9:],
    ],
)
def test_a_document_that_may_tell_more_than_could_be_taken_out_says_so(told):
    assert copied("pdf", told).hides


def test_a_document_made_for_the_web_has_two_tables_and_no_older_version():
    told = pictures.pdf(b"9 0 obj<</Linearized 1>>endobj") + b"startxref\n0\n%%EOF\n"

    assert not copied("pdf", told).hides


@pytest.mark.parametrize("before", [b"\n", b"\r\n \t", b"\xef\xbb\xbf", b"\0\0", b"\x1b%-12345X@PJL\n", b"%!PS\n", b"x" * 1_024])
def test_a_document_behind_a_few_bytes_is_taken_as_viewers_take_it_and_they_are_cut_from_the_copy_only(before):
    told = before + pictures.pdf()

    assert require_kind(KINDS["pdf"], told) is KINDS["pdf"]
    assert copied("pdf", told).content == b"\n" * len(before) + pictures.pdf()


@pytest.mark.parametrize(
    ("before", "why"),
    [
        (b"x" * 1_025, "file_not_as_named"),
        (b"MZ" + bytes(60), "file_not_as_named"),
        (b"#!/bin/sh\n", "file_not_as_named"),
        (b"\n <a href=x>\n", "file_not_as_named"),
        (b"\xef\xbb\xbfPK\x03\x04", "file_not_as_named"),
        (pictures.gif(), "file_not_as_named"),
        (b"\0\0\0\x18ftypisom" + bytes(8), "file_not_as_named"),
        (b"text <script>", "file_two_kinds"),
    ],
)
def test_a_document_behind_something_that_others_would_run_or_open_is_refused(before, why):
    with pytest.raises(Mismatch, match=why):
        require_kind(KINDS["pdf"], before + pictures.pdf())


# Two files in one


def archive(before, *, name=b"a", comment=b"", start=None):
    """A zip archive of one empty file that begins behind something, with where its list begins counted from the file's start."""
    entry = b"PK\x03\x04" + bytes(22) + bytes([len(name), 0, 0, 0]) + name
    listed = b"PK\x01\x02" + bytes(24) + bytes([len(name), 0]) + bytes(16) + name
    at = len(before) + len(entry) if start is None else start
    counts = b"\1\0\1\0" + len(listed).to_bytes(4, "little") + at.to_bytes(4, "little") + len(comment).to_bytes(2, "little")
    return before + entry + listed + b"PK\x05\x06" + bytes(4) + counts + comment


def within(document):
    head, end = document.rsplit(b"trailer", 1)
    return archive(head) + b"\ntrailer" + end


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("pdf", within(pictures.pdf())),
        ("pdf", archive(pictures.pdf())),
        ("pdf", archive(pictures.pdf(), start=0) + b"\n%%EOF\n"),
        ("pdf", archive(pictures.pdf()) + bytes(60_000)),
        ("jpeg", archive(pictures.jpeg(), comment=b"PK\x05\x06 is no end")),
        ("jpeg", pictures.jpeg(pictures._segment(0xFE, archive(b"")))),
        ("jpeg", archive(pictures.jpeg()) + b"\xff\xd9"),
        ("png", pictures.png((b"zIPx", archive(b"", start=2**32 - 1)))),
        ("gif", pictures.gif() + b"Rar!\x1a\x07\0"),
        ("pdf", pictures.pdf(b"Rar!\x1a\x07\1\0")),
        ("webp", pictures.webp((b"JUNK", b"7z\xbc\xaf\x27\x1c"))),
        ("heic", archive(pictures.heic())),
        ("jpeg", pictures.jpeg(tail=b"PK\x06\x07" + bytes(16) + b"PK\x05\x06" + b"\xff" * 18 + b"more")),
    ],
)
def test_a_file_in_which_a_reader_of_archives_finds_one_is_refused(code, content):
    with pytest.raises(Mismatch, match="file_two_kinds"):
        require_kind(KINDS[code], content)


# Mails and photos as programs and phones really save them

MAIL = pictures.mail()


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"\xef\xbb\xbf",
        b"\r\n",
        b"\n\n",
        b"\xef\xbb\xbf\n",
        b"X_Spam: 0\r\n",
        b"X.Odd!#$: 1\n",
        b"Subject:Hi\n",
        b">From a b\n",
    ],
)
def test_a_mail_is_taken_behind_what_programs_write_before_it(before):
    assert require_kind(KINDS["eml"], before + MAIL) is KINDS["eml"]


@pytest.mark.parametrize("content", [b"Hoi,\n\n" + MAIL, b"a b: c\n" + MAIL, b":x\n" + MAIL, b"\n" * 65 + MAIL, b"\0" + MAIL])
def test_a_letter_that_quotes_a_mail_is_no_mail(content):
    with pytest.raises(Mismatch, match="file_not_as_named"):
        require_kind(KINDS["eml"], content)


PHOTO = pictures.jpeg(pictures.exif())


@pytest.mark.parametrize(
    ("sent", "hides"),
    [
        (PHOTO[:-2], True),
        (PHOTO[:-2] + b"SEFT" + SECRET, True),
        (PHOTO[:-2] + b"\xff\xe5 no segment", True),
        (PHOTO + b"SEFH" + SECRET + b"SEFT", False),
        (PHOTO + pictures.jpeg(), False),
        (PHOTO + bytes(3_000), False),
    ],
)
def test_a_photo_without_its_end_or_with_a_trailer_of_its_maker_is_shown(sent, hides):
    copy = copied("jpeg", sent)

    assert require_kind(KINDS["jpeg"], sent) is KINDS["jpeg"]
    assert (copy.content[-2:], copy.hides) == (b"\xff\xd9", hides)
    assert TIFF not in copy.content
    assert hides or SECRET not in copy.content


# Nothing else is ever raised

FULL = {
    "jpeg": pictures.jpeg(pictures.exif(), pictures.profile(), pictures.remark(), tail=SECRET),
    "png": pictures.png((b"eXIf", TIFF), (b"iCCP", b"x\0\0" + zlib.compress(pictures.icc())), (b"tEXt", SECRET)),
    "webp": pictures.webp((b"ICCP", pictures.icc()), (b"EXIF", TIFF), (b"ANMF", bytes(24))),
    "gif": pictures.gif(pictures.gif_remark()),
    "heic": pictures.heic(secret=SECRET),
    "pdf": pictures.pdf(INFO, XMP, trailer=WITH_INFO),
    "eml": MAIL,
}


@pytest.mark.parametrize("code", FULL)
@given(data=st.data())
def test_whatever_becomes_of_a_file_on_its_way_it_is_taken_or_refused(code, data):
    whole = bytearray(FULL[code])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(whole)))
        match data.draw(st.sampled_from(("flip", "cut", "double", "fill"))):
            case "flip":
                whole[at : at + 1] = data.draw(st.binary(min_size=1, max_size=1))
            case "cut":
                del whole[at : at + data.draw(st.integers(1, 40))]
            case "double":
                whole[at:at] = whole[at : at + data.draw(st.integers(1, 60))]
            case "fill":
                whole[at : at + 4] = data.draw(st.sampled_from((b"\xff\xff\xff\xff", bytes(4), b"\0\0\0\1", b"\x7f\xff\xff\xff")))
    try:
        kind = require_kind(KINDS[code], bytes(whole)).code
        copy = copied(kind, bytes(whole))
    except (Damaged, Mismatch):
        return
    again = copied(kind, copy.content) if copy else None
    assert again is None or (copy and again.content == copy.content), "a copy of a copy is that copy"


def test_every_kind_is_among_those_that_are_tried():
    assert set(FULL) == set(EXAMPLES) == set(KINDS)
