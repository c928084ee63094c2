"""Texts are complete: every message is translated, every code its sentence, and the compiled catalogue is that of the source."""

import ast
import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from chalicelib.core.language import LANGUAGES, LOCALE, Language, translate
from chalicelib.reports import presenter
from chalicelib.reports.statuses import WORDS, Status
from chalicelib.web.html import TEMPLATES
from chalicelib.web.messages import CONFLICT, FIELD, WARNING

ROOT = Path(__file__).parent.parent.parent
TRANSLATED = [language.value for language, conventions in LANGUAGES.items() if not conventions.is_source]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None, "translate": None}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@pytest.fixture(scope="module")
def used():
    """Every message that the code and the templates use, read as Babel reads them."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT / "chalicelib", [_below(method) for method in methods], _below_keys(options), KEYWORDS)
    return {message for _, _, message, _, _ in found}


def _below(method):
    return method[0].removeprefix("chalicelib/"), method[1]


def _below_keys(options):
    return {pattern.removeprefix("chalicelib/"): values for pattern, values in options.items()}


@pytest.fixture(scope="module", params=TRANSLATED)
def translated(request) -> Catalog:
    """The sentences of a language that is not the source: each of these tests is of each such language."""
    with (LOCALE / request.param / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=request.param)


def test_every_message_is_translated(used, translated):
    known = {
        message.id for message in translated if message.id and message.string and all(_strings(message)) and not message.fuzzy
    }

    assert len(used) > 400
    assert sorted(map(str, used - known)) == []


def test_no_translation_is_left_of_a_message_that_is_gone(used, translated):
    known = {message.id for message in translated if message.id}

    assert sorted(map(str, known - used)) == []
    assert not translated.obsolete


def test_every_language_has_the_same_placeholders(translated):
    wrong = [
        m.id
        for m in translated
        if m.id and {p for i in _ids(m) for p in _named(i)} != {p for s in _strings(m) for p in _named(s)}
    ]

    assert wrong == []


def test_no_message_has_a_bare_percent_sign(translated):
    """A page fills in every message with `%`: a bare one would break it."""
    bare = [m.id for m in translated if m.id and any("%" in PLACEHOLDER.sub("", text) for text in (*_ids(m), *_strings(m)))]

    assert bare == []


def test_a_translation_ends_as_the_english_does(translated):
    """Sentences that stand alone end in a full stop, those to which a page adds one do not: in both languages alike."""
    wrong = [
        m.id
        for m in translated
        if m.id and any((i[-1] in ".:") != (s[-1] in ".:") for i, s in zip(_ids(m), _strings(m), strict=True))
    ]

    assert wrong == []


def test_the_compiled_catalogue_is_that_of_the_source(translated):
    """By what they say: another version of Babel writes its own number, and orders the bytes as it likes."""
    made = io.BytesIO()
    write_mo(made, translated)
    made.seek(0)
    kept = (LOCALE / str(translated.locale) / "LC_MESSAGES" / "messages.mo").read_bytes()

    assert _said(made) == _said(io.BytesIO(kept)), "run `make texts`: the compiled catalogue is not that of the source"


def _said(compiled):
    """The texts of a compiled catalogue, without its header."""
    return {str(message.id): message.string for message in read_mo(compiled) if message.id}


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_no_sentence_stands_in_a_template_without_gettext(template):
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", template.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r'<[^>]*>|[a-z-]+="[^"]*"', " ", text)  # tags, and attributes that a macro makes
    words = set(re.findall(r"[A-Za-z]{3,}", text))

    assert words <= {"Mijn", "Politie"}


def _raised(*names):
    """Every literal code that is handed to one of these constructors."""
    codes = set()
    for file in (ROOT / "chalicelib").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                place = 1 if node.func.id in ("FieldError", "Warned") else 0
                codes |= set().union(*map(_literals, node.args[place : place + 1]))
    return codes


def _literals(node):
    """The texts that an expression can come to, where they stand in it: a constant, one of two, or a default."""
    if isinstance(node, ast.IfExp):
        return _literals(node.body) | _literals(node.orelse)
    if isinstance(node, ast.Call):
        return set().union(*map(_literals, node.args))
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def test_every_code_of_a_refused_field_has_its_sentence():
    from chalicelib.forms.reading import _MISSING
    from chalicelib.web.schema import _CODES

    codes = _raised("BadInput", "FieldError") | set(_CODES.values()) | set(_MISSING.values())

    assert len(codes) > 20
    assert codes - set(FIELD) == set()


def test_every_conflict_has_its_sentence():
    codes = _raised("Conflict")
    ends = {f"question_{end}" for end in presenter.QUESTION_END_WORDS}

    assert codes
    assert (codes | ends) - set(CONFLICT) == set()


def test_every_warning_has_its_sentence():
    codes = _raised("Warned")

    assert codes == set(WARNING)


def test_statuses_have_the_dutch_names_that_were_agreed():
    names = {status: translate(words.name, Language.NL) for status, words in WORDS.items()}

    assert names[Status.NOT_INVESTIGATED] == "We doen geen onderzoek"
    assert names[Status.REOPENED] == "Wij kijken opnieuw naar uw zaak"
    assert names[Status.WITH_PROSECUTOR] == "Uw zaak ligt bij het Openbaar Ministerie"


def _ids(message):
    return message.id if isinstance(message.id, tuple) else (message.id,)


def _strings(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def _named(text):
    return PLACEHOLDER.findall(text)
