"""Every member of a table is also in use: a status can be reached, a letter is called for, a setting is read, a page is served.

Each check is made twice: of what there is, and of one more that stands alone, which it has to name.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path

from chalicelib.core.retention import Kept
from chalicelib.core.settings import _PARSERS, Settings
from chalicelib.letters.catalogue import ABOUT_A_REPORT, Letter
from chalicelib.profiles.mail import MAILS
from chalicelib.reports.events import Channel
from chalicelib.reports.statuses import TRANSITIONS, Mover, Status
from chalicelib.routes import AREAS
from infra.local.people import _DUTCH
from infra.local.words import DUTCH
from infra.tables import definitions
from tests.browser.routes import PAGES

ROOT = Path(__file__).parents[2]
CODE = {file: file.read_text("utf-8") for part in ("chalicelib", "infra") for file in sorted((ROOT / part).rglob("*.py"))}
OF_PROGRAMS = {"/.well-known/jwks.json", "/.well-known/security.txt"}  # asked for by their well-known names
TERMS: Mapping[str, Kept | str] = {  # by what the items of each table are forgotten
    **{each.value: each for each in Kept},
    "sessions": Kept.ENDED_SESSIONS,
    "audit": Kept.LOOKS,
    "boards": "never: one item for each police unit, written over again and again",
    "limits": "until the window of its try is over, which is a setting",
}


def statuses_apart(transitions: Mapping[str, Mapping[str, Mover]]) -> list[str]:
    """Say which statuses no report comes to, and to which it does not come back after a question that may be asked there."""
    reached, begun = {Status.RECEIVED}, [Status.RECEIVED]
    for at in begun:  # grows while it is walked
        found = [to for to in transitions[at] if to not in reached]
        reached.update(found)
        begun += found
    asked = [status for status, edges in transitions.items() if edges.get(Status.AWAITING_REPORTER) is Mover.QUESTION]
    return [f"no edge of TRANSITIONS leads to {status}" for status in transitions if status not in reached] + [
        f"TRANSITIONS does not lead from {Status.AWAITING_REPORTER} back to {status}"
        for status in asked
        if status not in transitions[Status.AWAITING_REPORTER]
    ]


def letters_uncalled(letters: Iterable[str]) -> list[str]:
    """Say which letters no event and no notice calls for."""
    called = {*ABOUT_A_REPORT, *MAILS.values(), Letter.DIGEST}  # a morning calls for the last: digests.actions.lay_ready
    return [
        f"neither letters.catalogue.CATALOGUE nor profiles.mail.MAILS calls for {letter}"
        for letter in letters
        if letter not in called
    ]


def settings_astray(settings: Mapping[str, object]) -> list[str]:
    """Say which settings cannot be read from a text, and which of them no code reads."""
    unread = [name for name in settings if not any(re.search(rf"\.{name}\b", text) for text in CODE.values())]
    return [f"core.settings._PARSERS has no way to read {name}" for name, kind in settings.items() if kind not in _PARSERS] + [
        f"nothing reads the setting {name}" for name in unread
    ]


def modules_unserved(modules: Iterable[str]) -> list[str]:
    """Say which modules with routes are in no area of chalicelib/routes.py, so that their pages answer 404."""
    served = {blueprint._import_name for area in AREAS.values() for blueprint in area()}
    return [f"routes.AREAS does not serve {module}" for module in modules if module not in served]


def pages_unlinked(pages: Iterable[str]) -> list[str]:
    """Say to which pages nothing in the portal leads; a page with a parameter is not looked for."""
    texts = [file.read_text("utf-8") for ending in ("py", "html", "js") for file in (ROOT / "chalicelib").rglob(f"*.{ending}")]
    text = re.sub(r"@routes\.page\([^)]*\)", "", "\n".join(texts))
    plain = [page for page in pages if "{" not in page]
    return [f"nothing leads to {page}" for page in plain if not re.search(rf"""{re.escape(page)}(?=["'?#])""", text)]


def tables_without_term(tables: Iterable[str]) -> list[str]:
    """Say of which tables core/retention.py does not tell how long they are kept."""
    return [f"core.retention.RETENTION has no term for the table {table}" for table in tables if table not in TERMS]


def tables_untold(tables: Iterable[str]) -> list[str]:
    """Say which tables lack their row in docs/architecture.md, or their word in docs/operations/restore.md."""
    drawn = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    restored = (ROOT / "docs" / "operations" / "restore.md").read_text("utf-8")
    return [f"docs/architecture.md has no row for {table}" for table in tables if f"\n| {table} | " not in drawn] + [
        f"docs/operations/restore.md does not tell how to restore {table}"
        for table in tables
        if f"**{table}**" not in restored and f"-{table}" not in restored
    ]


def roles_only_in_dutch(names: Mapping[str, str]) -> list[str]:
    """Say which roles the login page of the local stage does not call by their English name when it speaks English."""
    return [f"infra.local.words.DUTCH does not have {role}: {dutch}" for role, dutch in names.items() if DUTCH.get(role) != dutch]


def unnamed(enum: str, members: Iterable[str], home: str) -> list[str]:
    """Say which members of an enumeration are named by no code outside their own module and the tables of words."""
    texts = [text for file, text in CODE.items() if not file.as_posix().endswith((home, "/presenter.py", "/labels.py"))]
    texts += [file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*.py")] if enum == "Kept" else []
    return [f"nothing makes or keeps {enum}.{name}" for name in members if not any(f"{enum}.{name}" in text for text in texts)]


def _with_routes() -> list[str]:
    made = (file for file, text in CODE.items() if re.search(r"^routes = Routes\(__name__\)", text, re.MULTILINE))
    return [file.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for file in made]


def _tables() -> list[str]:
    return [definition["TableName"] for definition in definitions("")]


def test_every_status_is_come_to_and_come_back_to():
    alone = {Status.RECEIVED: Mover.OFFICER, Status.AWAITING_REPORTER: Mover.QUESTION}

    assert statuses_apart(TRANSITIONS) == []
    assert statuses_apart({**TRANSITIONS, "paused": alone}) == [
        "no edge of TRANSITIONS leads to paused",
        "TRANSITIONS does not lead from awaiting_reporter back to paused",
    ]


def test_every_letter_is_called_for():
    assert letters_uncalled(Letter) == []
    assert letters_uncalled([*Letter, "planted"]) == [
        "neither letters.catalogue.CATALOGUE nor profiles.mail.MAILS calls for planted"
    ]


def test_every_setting_can_be_read_and_is():
    settings = {each.name: each.type for each in fields(Settings)}

    assert settings_astray(settings) == []
    assert settings_astray({**settings, "planted_rate": float}) == [
        "core.settings._PARSERS has no way to read planted_rate",
        "nothing reads the setting planted_rate",
    ]


def test_every_role_has_its_english_name_on_the_local_stage():
    assert roles_only_in_dutch(_DUTCH) == []
    assert roles_only_in_dutch({**_DUTCH, "night_watch": "wacht"}) == ["infra.local.words.DUTCH does not have night_watch: wacht"]


def test_every_module_with_routes_is_served():
    modules = _with_routes()

    assert len(modules) > 20
    assert modules_unserved(modules) == []
    assert modules_unserved([*modules, "chalicelib.citizen.planted"]) == [
        "routes.AREAS does not serve chalicelib.citizen.planted"
    ]


def test_something_leads_to_every_page():
    assert pages_unlinked(PAGES - OF_PROGRAMS) == []
    assert pages_unlinked([*PAGES, "/planted"])[-1] == "nothing leads to /planted"


def test_every_table_has_its_term_and_is_told_of():
    assert tables_without_term(_tables()) == []
    assert tables_untold(_tables()) == []
    assert tables_without_term(["planted"]) == ["core.retention.RETENTION has no term for the table planted"]
    assert tables_untold(["planted"]) == [
        "docs/architecture.md has no row for planted",
        "docs/operations/restore.md does not tell how to restore planted",
    ]


def test_every_term_is_kept_and_every_channel_is_used():
    terms, channels = [each.name for each in Kept], [each.name for each in Channel]

    assert unnamed("Kept", terms, "core/retention.py") == []
    assert unnamed("Channel", channels, "reports/events.py") == []
    assert unnamed("Kept", [*terms, "PLANTED"], "core/retention.py") == ["nothing makes or keeps " + "Kept" + ".PLANTED"]
    assert unnamed("Channel", [*channels, "PLANTED"], "reports/events.py") == ["nothing makes or keeps Channel.PLANTED"]
