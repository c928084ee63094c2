"""Whoever asks what the portal holds about them gets all of it: a table or a reason cannot be forgotten."""

import importlib
import re
from pathlib import Path

from chalicelib.citizen.profile.presenter import NOTICES, WHY_NOT
from chalicelib.letters.catalogue import Letter, NotSentReason
from chalicelib.letters.labels import LETTER_WORDS
from chalicelib.profiles.access_request import HIDDEN, NOT_SHOWN, SHOWN
from chalicelib.profiles.model import NoticeKind
from infra.tables import definitions

ROOT = Path(__file__).parent.parent.parent


def test_every_table_is_shown_or_says_why_not():
    tables = {definition["TableName"] for definition in definitions("")}

    assert tables == set(SHOWN) | set(NOT_SHOWN)
    assert not set(SHOWN) & set(NOT_SHOWN)
    assert all(len(reason) > 40 for reason in (*NOT_SHOWN.values(), *HIDDEN.values()))


def test_what_is_hidden_is_a_field_that_there_is():
    """A field that got another name would be shown all at once: its rule must not stay behind unnoticed."""
    source = "\n".join(file.read_text("utf-8") for file in (ROOT / "chalicelib").rglob("*.py"))
    for field in HIDDEN:
        name, _, attribute = field.partition(".")
        bodies = re.findall(rf"^class {name}(?:Facts)?\b.*?(?=^\S)", source, re.MULTILINE | re.DOTALL)
        assert bodies, field
        assert any(re.search(rf"^    {attribute}: ", body, re.MULTILINE) for body in bodies), field


def test_every_letter_and_every_reason_has_its_words():
    assert set(LETTER_WORDS) == set(Letter)
    assert set(WHY_NOT) == set(NotSentReason)
    assert set(NOTICES) == set(NoticeKind)
    assert importlib.import_module("chalicelib.citizen.profile.access_request").routes
