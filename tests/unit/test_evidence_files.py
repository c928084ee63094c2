"""The kind of a file, by its content; what a picture tells about its maker; and how files are called."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.evidence.kinds import KINDS, Mismatch, promised, require_kind
from chalicelib.evidence.model import NAME_LENGTH, clean_name
from chalicelib.evidence.strip import Damaged, stripped
from tests.support import pictures
from tests.support.pictures import EXAMPLES, SECRET, TIFF

PICTURES = ("jpeg", "png", "webp", "gif")


def reason(name, declared, content):
    with pytest.raises(Mismatch) as refused:
        require_kind(promised(name, declared), content)
    return refused.value.reason


@pytest.mark.parametrize("code", KINDS)
def test_a_sound_file_is_what_its_name_says(code):
    kind = KINDS[code]

    for name in (f"bewijs{end}" for end in kind.extensions):
        for declared in (kind.media_type, "", "application/octet-stream"):
            found = promised(name.upper(), declared)
            require_kind(found, EXAMPLES[code])
            assert found is kind


@pytest.mark.parametrize("code", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_no_file_passes_for_another_kind_and_a_picture_is_what_it_shows(code, other):
    if code != other:
        kind = KINDS[code]
        if kind.is_picture and KINDS[other].is_picture:  # viewers know a picture by its content, and so do we
            assert require_kind(promised(f"x{kind.extensions[0]}", kind.media_type), EXAMPLES[other]) is KINDS[other]
        else:
            assert reason(f"x{kind.extensions[0]}", kind.media_type, EXAMPLES[other]) == "file_not_as_named"


@pytest.mark.parametrize(
    ("name", "declared", "content", "why"),
    [
        ("x.exe", "", b"MZ", "file_kind"),
        ("x.svg", "image/svg+xml", b"<svg/>", "file_kind"),
        ("photo", "image/jpeg", pictures.jpeg(), "file_kind"),
        ("x.jpg", "text/html", pictures.jpeg(), "file_not_as_declared"),
        ("x.jpg", "image/jpeg", b"", "file_empty"),
        ("x.jpg", "image/jpeg", b"MZ" + bytes(100), "file_not_as_named"),
        ("x.jpg", "image/jpeg", pictures.jpeg(tail=pictures.zipped()), "file_two_kinds"),
        ("x.gif", "image/gif", b"GIF89a/*" + b"<SCRIPT >alert(1)</script>", "file_two_kinds"),
        ("x.png", "image/png", pictures.png((b"tEXt", b"%PDF-1.4")), "file_two_kinds"),
        ("x.pdf", "application/pdf", pictures.pdf() + pictures.zipped(), "file_two_kinds"),
        ("x.eml", "message/rfc822", b"Subject: no sender\r\n\r\nHello", "file_not_as_named"),
        ("x.eml", "message/rfc822", b"From: a\r\nDate: b\r\n\0\r\n\r\n", "file_not_as_named"),
        ("x.eml", "message/rfc822", b"<html>From: a</html>", "file_not_as_named"),
    ],
)
def test_what_is_not_what_it_says_is_refused_with_its_reason(name, declared, content, why):
    assert reason(name, declared, content) == why


ICCP = (b"iCCP", SECRET[:20] + b"\0\0" + zlib.compress(pictures.icc()))
TOLD = {
    "jpeg": pictures.jpeg(pictures.exif(), pictures.profile(), pictures.remark(), tail=SECRET),
    "png": pictures.png((b"eXIf", TIFF), (b"tEXt", SECRET), (b"iTXt", SECRET), (b"gAMA", bytes(4)), ICCP, tail=SECRET),
    "webp": pictures.webp((b"ICCP", pictures.icc()), (b"EXIF", TIFF), (b"XMP ", SECRET)),
    "gif": pictures.gif(pictures.gif_remark(), pictures.gif_remark()) + SECRET,
}


@pytest.mark.parametrize("code", PICTURES)
def test_the_copy_tells_nothing_about_its_maker(code):
    assert SECRET in TOLD[code]

    copy = stripped(code, TOLD[code])

    assert SECRET not in copy
    require_kind(KINDS[code], copy)


@pytest.mark.parametrize("code", PICTURES)
def test_a_copy_of_a_copy_is_the_same(code):
    copy = stripped(code, TOLD[code])

    assert stripped(code, copy) == copy


def test_the_copy_of_a_picture_without_metadata_is_the_picture():
    assert {code: stripped(code, EXAMPLES[code]) == EXAMPLES[code] for code in ("jpeg", "png", "gif")} == {
        "jpeg": True,
        "png": True,
        "gif": True,
    }


def test_a_photo_keeps_its_colours_and_which_side_is_up():
    copy = stripped("jpeg", TOLD["jpeg"])

    assert b"ICC_PROFILE\0\x01\x01" in copy
    assert copy.count(b"Exif\0\0") == 1
    assert b"\x01\x12\0\x03\0\0\0\x01\0\x06" in copy
    assert b"eXIf" in stripped("png", TOLD["png"])


def test_no_copy_is_made_of_a_mail_whose_every_word_is_evidence():
    assert stripped("eml", EXAMPLES["eml"]) is None


@pytest.mark.parametrize("code", PICTURES)
@given(data=st.data())
def test_a_damaged_picture_is_refused_and_never_raises_anything_else(code, data):
    whole = TOLD[code]
    at = data.draw(st.integers(0, len(whole)))
    noise = data.draw(st.binary(max_size=40))

    for content in (whole[:at], whole[:at] + noise + whole[at + len(noise) :]):
        try:
            stripped(code, content)
        except Damaged:
            continue


@given(st.text(max_size=300))
def test_a_cleaned_name_is_short_visible_and_stays_as_it_is(name):
    cleaned = clean_name(name)

    assert 0 < len(cleaned) <= NAME_LENGTH
    assert cleaned.isprintable()
    assert not set(cleaned) & set("/\\")
    assert clean_name(cleaned) == cleaned


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("foto café.jpg", "foto café.jpg"),
        ("C:\\Users\\sanne\\foto.jpg", "foto.jpg"),
        ("../../etc/passwd", "passwd"),
        ("rekening\u202egpj.pdf", "rekeninggpj.pdf"),
        ("a\r\nb\0.png", "a b.png"),
        ("照片.heic", "照片.heic"),
        (".jpg", "jpg"),
        ("", "-"),
        ("x" * 300 + ".jpg", "x" * 96 + ".jpg"),
    ],
)
def test_names_lose_folders_and_what_nobody_can_see(typed, kept):
    assert clean_name(typed) == kept
