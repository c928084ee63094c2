"""Write docs/operations/limits.md: `python -m infra.limits_page`. A house test compares it with the code."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from chalicelib.core.settings import Settings
from chalicelib.drafts.store import LARGEST
from chalicelib.evidence import model as evidence
from chalicelib.letters.rate_limiter import PATIENCE
from chalicelib.profiles import actions as details
from chalicelib.profiles.model import CODE_LIFE, MOST_TRIES
from chalicelib.reports import additions
from chalicelib.reports.contact import MOST_WISHES
from chalicelib.web import form_recovery, messages
from chalicelib.web.request import BODY_LIMIT, FILES_LIMIT

PAGE = Path(__file__).parent.parent / "docs" / "operations" / "limits.md"

_HEAD = """# Limits

Written by `python -m infra.limits_page` from the code; a test compares. Every end that somebody can meet, why it is there, and
what they read then. Each is far from what an honest person needs; the counter of a police station has none of those of a person.
Counts lie in the table `limits` under a keyed digest, and are forgotten when their window is over. The decision:
[ADR-0043](../adr/0043-limits.md). Those with a name in capitals are [settings](settings.md).

| what | how much | why | what its reader is told |
|---|---|---|---|"""

_PROVE = (  # on the receipt
    "Show that this address is yours. We mail you a code, and you type it here. Until then we send few e-mails to this address."
)
SILENT = "nothing: "  # what begins so tells why nobody needs to be told


@dataclass(frozen=True, slots=True)
class Row:
    """One limit: `setting` names the field of Settings that holds it, `told` is a message, or begins with SILENT."""

    what: str
    much: str
    why: str
    told: str
    setting: str = ""


def rows() -> Iterator[Row]:
    """Yield every limit."""
    wait = messages.STATUS[429][1]
    yield from _of_a_day(wait)
    yield from _of_mail(wait)
    yield from _of_size()


def _of_a_day(wait: str) -> Iterator[Row]:
    day = messages.TOO_MANY
    yield _set(
        "reports_most", "reports that one person sends", "a day", "forty reports are forty mails", day["reports of a person"]
    )
    yield _set("drafts_most", "reports that one person begins", "a day", "each takes room for 30 days", day["drafts of a person"])
    yield _set("upload_most", "files that one person sends", "a day", "room, and the scanner costs money", day["upload"])
    yield Row(
        "typed texts that wait for a login",
        f"{form_recovery.MOST} at a time",
        "whoever has only the cookie of a session that is over could fill a table with them",
        f"{SILENT}the oldest make room",
    )
    yield _set(
        "limit_tries",
        "failed tries with a code of a mail, a questionnaire or a copy, each apart",
        f"in {_default('limit_window_s') // 60} minutes, from one address or IPv6 network",
        "nobody is to find a code by trying",
        wait,
    )
    yield Row(
        "tries with the code for an e-mail address",
        f"{MOST_TRIES}, within {_minutes(CODE_LIFE)}",
        "the code is short, because people copy it from a mail",
        messages.CONFLICT["code_tried_out"],
    )


def _of_mail(wait: str) -> Iterator[Row]:
    yield _set(
        "unproven_mail_most",
        "mails about reports to an address that its reporter has not proven, over all reports of everybody",
        "a day",
        "anybody can type anybody's address; news of the police waits for the next day, and the mail after filing is held back",
        _PROVE,
    )
    yield _set(
        "details_most",
        "codes that one person asks, and other changes of their details",
        "an hour",
        "nobody fills a mailbox",
        wait,
    )
    yield Row("codes that one person asks for one address", f"{details.MOST_TO_ADDRESS} an hour", "likewise", wait)
    yield Row(
        "codes for one address by everybody whose it is not",
        f"{_default('details_most')} an hour, {details.MOST_OF_STRANGERS} a day",
        "likewise; its owner's own are not counted",
        messages.TOO_MANY["codes of strangers in a day"],
    )
    yield _set(
        "searches_most",
        "searches by a clue that one officer may do",
        "a day",
        "who tries numbers one after the other is stopped, and seen",
        messages.TOO_MANY["searches of an officer"],
    )
    yield _set(
        "mail_rate",
        "mails that all functions send",
        "a second",
        "SES allows no more",
        f"{SILENT}a mail waits {PATIENCE.seconds} s for its turn, then a minute",
    )
    yield Row(
        "changes of the wishes or the address of one report that stand in its timeline",
        str(MOST_WISHES),
        "the bytes for a decision are kept free; later ones count, and stand in no timeline",
        f"{SILENT}the change counts",
    )


def _of_size() -> Iterator[Row]:
    yield Row(
        "additions to one report", str(additions.MOST), "an item of DynamoDB holds 400 KB", messages.CONFLICT["additions_full"]
    )
    yield Row(
        "a form or a call of the API", f"{BODY_LIMIT // 1024} KB", "three times the largest report", messages.PAGE_STATUS[413][1]
    )
    yield Row(
        "a form with files, without JavaScript", f"{FILES_LIMIT // 1024 // 1024} MB", "Lambda takes 6 MB", messages.FORM_FILES
    )
    yield Row("a draft", f"{LARGEST // 1024} KB", "an item of DynamoDB holds 400 KB", messages.PAGE_STATUS[413][1])
    yield Row(
        "files with one report or answer", str(evidence.MOST_FILES), "somebody looks at each", messages.FIELD["too_many_files"]
    )
    yield Row(
        "one file", f"{evidence.MOST_BYTES // 1024 // 1024} MB", "a photo takes a third of it", messages.FIELD["file_too_large"]
    )


def page() -> str:
    """Return the page as it should be."""
    lines = (f"| {row.what} | {_named(row)} | {row.why} | {row.told} |" for row in rows())
    return "\n".join((_HEAD, *lines, ""))


def _set(setting: str, what: str, per: str, why: str, told: str) -> Row:
    return Row(what, f"{_default(setting)} {per}", why, told, setting)


def _named(row: Row) -> str:
    return f"{row.much} (`{row.setting.upper()}`)" if row.setting else row.much


def _default(setting: str) -> int:
    found: Any = next(one.default for one in fields(Settings) if one.name == setting)
    return int(found)


def _minutes(length: timedelta) -> str:
    return f"{length // timedelta(minutes=1)} minutes"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
