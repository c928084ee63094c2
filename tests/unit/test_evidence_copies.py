"""Odd pictures and mails that people send: which are taken, and which bytes of a picture its copy keeps."""

import zlib

import pytest

from chalicelib.evidence.kinds import KINDS, Mismatch, promised, require_kind
from chalicelib.evidence.strip import Damaged, stripped
from tests.support import pictures
from tests.support.pictures import SECRET, _segment

JPEG = b"\xff\xd8\xff"
HTML = b"<html>"
FILLED = JPEG + bytes(2_000)


def taken(code, content):
    try:
        require_kind(KINDS[code], content)
    except Mismatch as refused:
        return str(refused)
    return "taken"


def at(place, what):
    """A photo that says something else at a place."""
    return FILLED[:place] + what + FILLED[place + len(what) :]


def archive(comment=b""):
    return b"PK\x05\x06" + bytes(16) + len(comment).to_bytes(2, "little") + comment


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (at(5, HTML), "file_two_kinds"),
        (at(1_024 - 6, HTML), "file_two_kinds"),
        (at(1_024 - 5, HTML), "taken"),
        (FILLED + archive(), "file_two_kinds"),
        (FILLED + archive(b"abc"), "file_two_kinds"),
        (FILLED + archive(b"x" * 300), "file_two_kinds"),
        (JPEG + archive(b"x" * 65_535), "file_two_kinds"),
        (FILLED + archive() + b"more", "taken"),
        (FILLED + archive(b"x" * 300)[:-1], "taken"),
        (FILLED + archive(b"x" * 300) + b"y", "taken"),
        (JPEG + b"PK\x05\x06", "taken"),
    ],
)
def test_a_photo_that_is_also_a_web_page_or_an_archive_is_refused_and_one_that_only_looks_so_is_taken(content, expected):
    assert taken("jpeg", content) == expected


def mail(*headers, body=b"Hallo"):
    return b"\r\n".join([*headers, b"", body])


FROM, DATE, RECEIVED = b"From: a@example.org", b"Date: Fri, 1 Jul 2016 10:00:00 +0200", b"Received: from mx"
LONG = 64 * 1024


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (mail(FROM, DATE), "taken"),
        (mail(FROM, RECEIVED), "taken"),
        (mail(b"From a@example.org Fri Jul  1 10:00:00 2016", FROM, DATE), "taken"),
        (mail(FROM, DATE, body=HTML), "taken"),
        (mail(FROM, b"Subject: x"), "file_not_as_named"),
        (mail(DATE, RECEIVED), "file_not_as_named"),
        (mail(b"Geachte heer: zie onder", b"From a"), "file_not_as_named"),
        (b"Hallo\r\n\r\n" + mail(FROM, DATE), "file_not_as_named"),
        (mail(FROM, DATE).ljust(LONG - 1, b"x") + b"\0", "file_not_as_named"),
        (mail(FROM, DATE).ljust(LONG, b"x") + b"\0", "taken"),
        (mail(FROM, DATE) + archive(), "file_not_as_named"),
        (mail(FROM, DATE).ljust(LONG, b"x") + archive(), "file_two_kinds"),
    ],
)
def test_a_mail_has_a_sender_and_a_date_and_nothing_binary_at_its_beginning(content, expected):
    assert taken("eml", content) == expected


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("heic", b"\0\0\0\x18ftypisom" + bytes(40)),
        ("heic", b"\0\0\0\x18moovheic" + bytes(40)),
        ("webp", b"RIFF\x04\0\0\0WAVE" + bytes(40)),
        ("webp", b"FORM\x04\0\0\0WEBP" + bytes(40)),
        ("gif", b"GIF88a" + bytes(40)),
    ],
)
def test_a_film_or_a_sound_in_the_same_wrapping_is_no_picture(code, content):
    assert taken(code, content) == "file_not_as_named"


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"])
def test_a_photo_of_any_iphone_is_taken(brand):
    assert taken("heic", b"\0\0\0\x18ftyp" + brand + bytes(40)) == "taken"


def test_what_a_browser_adds_to_the_kind_of_a_file_does_not_matter():
    assert promised("Foto.JPG", " IMAGE/JPEG ; charset=binary") is KINDS["jpeg"]
    assert promised("mail.eml", "text/plain") is KINDS["eml"]
    with pytest.raises(Mismatch, match="file_not_as_declared"):
        promised("foto.png", "application/pdf")


# Which side is up


def tiff(*entries, order="little", first=8):
    """A TIFF with these entries: their tags, and their values."""
    marks = {"little": b"II\x2a\0", "big": b"MM\0\x2a"}[order]

    def number(value, size=2):
        return value.to_bytes(size, order)

    told = b"".join(number(tag) + number(3) + number(1, 4) + number(value) + bytes(2) for tag, value in entries)
    return marks + number(first, 4) + bytes(first - 8) + number(len(entries)) + told + bytes(4) + SECRET


def exif(content):
    return _segment(0xE1, b"Exif\0\0" + content)


MAKER = (0x010F, 6)  # an entry that says who made the camera
KEPT = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0%c" + bytes(6)


@pytest.mark.parametrize("order", ["little", "big"])
@pytest.mark.parametrize(
    ("entries", "first", "side"),
    [
        ([(0x0112, 6)], 8, 6),
        ([MAKER, MAKER, (0x0112, 3)], 8, 3),
        ([(0x0112, 2)], 20, 2),
        ([(0x0112, 8)], 9, 8),
        ([(0x0112, 1)], 8, 0),
        ([(0x0112, 0)], 8, 0),
        ([(0x0112, 9)], 8, 0),
        ([(0x0112, 0x0106)], 8, 0),
        ([MAKER], 8, 0),
        ([], 8, 0),
    ],
)
def test_the_copy_says_which_side_is_up_and_nothing_else(order, entries, first, side):
    told = tiff(*entries, order=order, first=first)

    photo, picture = stripped("jpeg", pictures.jpeg(exif(told))), stripped("png", pictures.png((b"eXIf", told)))

    assert SECRET not in photo + picture
    assert photo == (pictures.jpeg(exif(KEPT % side)) if side else pictures.jpeg())
    assert picture == (pictures.png((b"eXIf", KEPT % side)) if side else pictures.png())


@pytest.mark.parametrize("told", [b"", b"II", b"XX" + tiff((0x0112, 6))[2:], tiff((0x0112, 6))[:12]])
def test_a_photo_that_says_nothing_readable_of_itself_is_shown_as_it_is(told):
    assert stripped("jpeg", pictures.jpeg(exif(told))) == pictures.jpeg()


def test_of_two_that_say_which_side_is_up_the_last_that_says_something_counts():
    sideways, upright = exif(tiff((0x0112, 6))), exif(tiff((0x0112, 1)))

    assert stripped("jpeg", pictures.jpeg(sideways, upright)) == pictures.jpeg(exif(KEPT % 6))
    assert stripped("jpeg", pictures.jpeg(sideways, exif(tiff((0x0112, 8))))) == pictures.jpeg(exif(KEPT % 8))


# A photo, segment by segment

SCAN = _segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\xff\0\x34\xff\xd0\x56"
END = b"\xff\xd9"


def photo(*segments):
    return b"\xff\xd8" + b"".join(segments) + SCAN + END


def test_a_photo_without_a_wrapping_of_its_own_says_first_which_side_is_up():
    table = _segment(0xDB, bytes(65))

    assert stripped("jpeg", photo(table, exif(tiff((0x0112, 6))))) == photo(exif(KEPT % 6), table)


@pytest.mark.parametrize(
    ("marker", "body", "is_kept"),
    [
        (0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0", True),
        (0xE0, b"JFIF\0\x01", False),
        (0xE0, b"JFXX\0\x10" + SECRET, False),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET, False),
        (0xE2, b"ICC_PROFILE\0\x01\x01" + SECRET, False),
        (0xE2, b"MPF\0" + SECRET, False),
        (0xE3, b"ICC_PROFILE\0" + SECRET, False),
        (0xED, SECRET, False),
        (0xEE, b"Adobe\0\x64\0\0\0\0\x01", True),
        (0xEE, b"Adobe\0\x64", False),
        (0xEE, SECRET, False),
        (0xEF, SECRET, False),
        (0xFE, SECRET, False),
        (0xC4, b"huffman", True),
        (0xDD, b"\0\x04", True),
        (0xF0, SECRET, False),
        (0x02, SECRET, False),
        (0xC8, SECRET, False),
        (0xE0, b"", False),
    ],
)
def test_of_a_photo_colours_and_tables_are_kept_and_remarks_are_not(marker, body, is_kept):
    segment = _segment(marker, body)

    assert stripped("jpeg", photo(segment)) == photo(segment if is_kept else b"")


@pytest.mark.parametrize("marker", [0x01, 0xD0, 0xD7])
def test_a_marker_that_stands_alone_between_two_parts_says_nothing_and_is_left_out(marker):
    content = photo(bytes([0xFF, marker]), _segment(0xC4, b"huffman"))

    assert stripped("jpeg", content) == photo(_segment(0xC4, b"huffman"))


def test_of_a_wrapping_and_of_a_word_on_colours_what_they_are_for_is_kept():
    jfif, adobe = b"JFIF\0\x01\x01\0\0\x01\0\x01", b"Adobe\0\x64\0\0\0\0\x01"
    told = photo(_segment(0xE0, jfif + b"\x01\x01" + SECRET), _segment(0xEE, adobe + SECRET), _segment(0xE0, jfif + b"\0\0"))

    assert stripped("jpeg", told) == photo(_segment(0xE0, jfif + b"\0\0"), _segment(0xEE, adobe))


def test_a_photo_of_several_scans_is_kept_to_its_end_and_what_follows_is_not():
    content = photo(SCAN, _segment(0xC4, b"huffman"), SCAN, b"\xff\xff\xff" + _segment(0xDB, b"table")[1:])

    assert stripped("jpeg", content + SECRET) == content.replace(b"\xff\xff\xff\xdb", b"\xff\xdb")


def test_what_stands_before_the_next_part_of_a_photo_belongs_to_neither():
    assert stripped("jpeg", photo(b"\xff" + _segment(0xFE, SECRET), _segment(0xDB, b"t"))) == photo(_segment(0xDB, b"t"))


@pytest.mark.parametrize(
    "content",
    [
        photo(b"\0"),
        photo(b"\xff\xdb\0\x01"),
        photo(b"\xff\xdb\0\0"),
        b"\xff\xd8\xff\xdb\0\x10table",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xff\xff",
        b"\xff\xd8\xff\xda",
        b"\xff\xd8",
        b"\xff\xd8" + _segment(0xDB, b"table"),
    ],
)
def test_a_photo_that_breaks_off_or_counts_wrong_is_damaged(content):
    with pytest.raises(Damaged, match="jpeg"):
        stripped("jpeg", content)


def test_the_smallest_part_and_one_that_ends_with_the_photo_are_sound():
    smallest = photo(_segment(0xDB, b""))

    assert stripped("jpeg", smallest) == smallest


# Pictures that are drawn


@pytest.mark.parametrize("name", [b"tRNS", b"gAMA", b"pHYs", b"acTL", b"fcTL", b"fdAT", b"PLTE"])
def test_what_a_picture_needs_to_look_right_is_kept(name):
    content = pictures.png((name, b"abcd"))

    assert stripped("png", content) == content


@pytest.mark.parametrize("name", [b"tEXt", b"zTXt", b"iTXt", b"tIME", b"prVt", b"eXIf", b"CRIT", b"gAMA", b"sRGB", b"iCCP"])
def test_what_a_picture_tells_of_its_maker_is_not_nor_what_is_too_long_to_be_what_it_says(name):
    assert stripped("png", pictures.png((name, SECRET))) == pictures.png()


def test_what_stands_in_a_picture_once_is_kept_once():
    content = pictures.png((b"gAMA", b"abcd"), (b"gAMA", b"efgh"), (b"fdAT", b"abcd"), (b"fdAT", b"efgh"))

    assert stripped("png", content) == pictures.png((b"gAMA", b"abcd"), (b"fdAT", b"abcd"), (b"fdAT", b"efgh"))


def test_the_copy_of_a_turned_picture_counts_right():
    copy = stripped("png", pictures.png((b"eXIf", tiff((0x0112, 6)))))
    place = copy.index(b"eXIf")

    assert int.from_bytes(copy[place - 4 : place]) == len(KEPT % 6)
    assert copy[place + 4 + len(KEPT % 6) :][:4] == zlib.crc32(b"eXIf" + KEPT % 6).to_bytes(4)


@pytest.mark.parametrize(
    "content",
    [
        pictures.png()[:-1],
        pictures.png()[:-12],
        pictures.png((b"t3Xt", b"")),
        pictures.png()[:8] + (2**31).to_bytes(4) + b"IDAT",
        pictures.png()[:8],
    ],
)
def test_a_picture_that_breaks_off_is_damaged(content):
    with pytest.raises(Damaged, match="png"):
        stripped("png", content)


def web(*chunks):
    """A WebP with chunks of its own."""
    body = b"WEBP" + b"".join(name + len(data).to_bytes(4, "little") + data + bytes(len(data) % 2) for name, data in chunks)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


FEATURES = bytes([0x10 | 0x02]) + bytes(9)
PROMISED = bytes([0x10 | 0x02 | 0x0C]) + bytes(9)
PIXELS = (b"VP8L", b"\x2f\0\0\0\0")  # of an odd length


def test_a_webp_keeps_what_it_shows_and_no_longer_promises_what_it_lost():
    shown = [(b"ANIM", bytes(6)), (b"ANMF", bytes(16)), (b"ALPH", b"a"), (b"VP8 ", b"abc"), PIXELS]
    told = [(b"EXIF", SECRET), (b"XMP ", SECRET + b"!"), (b"UNKN", b"x")]

    assert stripped("webp", web((b"VP8X", PROMISED), *told, *shown, *told)) == web((b"VP8X", FEATURES), *shown)
    assert stripped("webp", web(PIXELS) + SECRET) == web(PIXELS)


def test_a_webp_keeps_which_side_is_up_and_its_colours_and_promises_these_and_nothing_else():
    told = web((b"VP8X", bytes([0x3C]) + bytes(9)), (b"ICCP", pictures.icc()), PIXELS, (b"EXIF", tiff((0x0112, 6))))
    copy = stripped("webp", told)

    assert (copy[20], SECRET in copy, copy.count(b"EXIF"), KEPT % 6 in copy) == (0x38, False, 1, True)
    assert stripped("webp", copy) == copy


def test_a_moving_webp_hides_nothing_in_its_frames_and_nothing_stands_there_twice():
    frame, once = bytes(16) + web((b"ALPH", b"ab"), PIXELS)[12:], (b"ANIM", bytes(6))
    hidden = bytes(16) + web((b"ALPH", b"ab"), (b"JUNK", SECRET), PIXELS)[12:]

    told = web((b"VP8X", PROMISED), once, (b"ANIM", SECRET), (b"ANMF", hidden), (b"ANMF", frame))

    assert stripped("webp", told) == web((b"VP8X", FEATURES), once, (b"ANMF", frame), (b"ANMF", frame))


def test_a_webp_whose_last_part_lacks_its_padding_is_shown():
    whole = web(PIXELS)
    unpadded = whole[:4] + (len(whole) - 9).to_bytes(4, "little") + whole[8:-1]

    assert stripped("webp", unpadded) == whole


@pytest.mark.parametrize(
    "content",
    [web(PIXELS)[:-2], web(PIXELS)[:16] + b"\x40" + web(PIXELS)[17:], web(PIXELS)[:4] + b"\x60" + web(PIXELS)[5:]],
)
def test_a_webp_that_counts_wrong_is_damaged(content):
    with pytest.raises(Damaged, match="webp"):
        stripped("webp", content)


def test_a_part_of_a_webp_does_not_reach_beyond_its_end():
    short = web(PIXELS)
    content = short[:4] + (len(short) - 8 - 4).to_bytes(4, "little") + short[8:]

    with pytest.raises(Damaged, match="webp"):
        stripped("webp", content)


def moving(*parts, flags=0x80, colours=6):
    return b"GIF89a\x01\0\x01\0" + bytes([flags]) + b"\0\0" + bytes(colours) + b"".join(parts) + b"\x3b"


FRAME = b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\x01\x05\0"
COLOURED = b"\x2c\0\0\0\0\x01\0\x01\0\x81" + bytes(12) + b"\x02\x02\x44\x01\0"
DELAY = b"\x21\xf9\x04\0\0\0\0\0"
LOOP, ANIMATED = (b"\x21\xff\x0b" + name + b"\x03\x01\0\0\0" for name in (b"NETSCAPE2.0", b"ANIMEXTS1.0"))
XMP = b"\x21\xff\x0bXMP DataXMP" + bytes([len(SECRET)]) + SECRET + b"\0"
REMARK = b"\x21\xfe" + bytes([len(SECRET)]) + SECRET + b"\0"
TEXT = b"\x21\x01\x0c" + bytes(12) + b"\x02hi\0"


@pytest.mark.parametrize(("flags", "colours"), [(0x80, 6), (0x87, 768), (0xF1, 12), (0x07, 0), (0x00, 0)])
def test_a_gif_keeps_its_frames_their_colours_and_how_often_it_moves(flags, colours):
    shown = [LOOP, DELAY, FRAME, DELAY, COLOURED, ANIMATED, FRAME]
    told = [REMARK, XMP, TEXT, b"\x21\x77" + XMP[2:]]

    content = moving(*told, *shown, *told, flags=flags, colours=colours)

    assert stripped("gif", content + SECRET) == moving(*shown, flags=flags, colours=colours)


def test_how_long_a_frame_stays_and_how_often_a_gif_moves_is_all_that_is_kept_of_those_who_say_so():
    more = bytes([len(SECRET)]) + SECRET + b"\0"

    assert stripped("gif", moving(DELAY[:-1] + more, LOOP[:-1] + more, FRAME)) == moving(DELAY, LOOP, FRAME)


@pytest.mark.parametrize("content", [moving(b"\x22"), moving(FRAME)[:-1], moving(FRAME[:-1])[:-1], moving()[:-1], b"GIF89a"])
def test_a_gif_that_breaks_off_is_damaged(content):
    with pytest.raises(Damaged, match="gif"):
        stripped("gif", content)
