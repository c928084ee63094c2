"""Every limit that somebody can meet stands on one page, with its reason and its sentence."""

from dataclasses import fields

from chalicelib.core.language import Language, translate
from chalicelib.core.settings import Settings
from chalicelib.web.messages import TOO_MANY
from infra.limits_page import PAGE, SILENT, page, rows

ROWS = tuple(rows())


def test_the_page_says_what_the_code_does():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m infra.limits_page`"


def test_every_limit_has_its_reason_and_a_sentence_in_both_languages():
    assert ROWS
    for row in ROWS:
        assert row.why
        assert row.told.startswith(SILENT) or translate(row.told, Language.NL) != row.told, row.what


def test_every_setting_that_is_a_limit_and_every_sentence_of_one_stands_there():
    named = {row.setting for row in ROWS}

    assert {one.name for one in fields(Settings) if one.name.endswith("_most")} <= named
    assert set(TOO_MANY.values()) <= {row.told for row in ROWS}
