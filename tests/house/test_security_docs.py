"""The pages about security say what there is: each requirement, key, algorithm and stored attribute has its line."""

import re
from pathlib import Path

import pytest

from chalicelib.audit.store import AuditItem
from chalicelib.boards.store import BoardItem
from chalicelib.bulk.store import BatchItem
from chalicelib.clues.store import ClueItem
from chalicelib.core.limits import LimitItem
from chalicelib.drafts.store import DraftItem
from chalicelib.erasure.store import TombstoneItem
from chalicelib.evidence.store import FolderItem
from chalicelib.feed.store import ChangesItem
from chalicelib.identity import jose, keys
from chalicelib.identity.sessions import SessionItem
from chalicelib.letters.ledger import LetterItem
from chalicelib.officers.store import OfficerItem
from chalicelib.profiles.store import ProfileItem
from chalicelib.reports.registry import NumberItem
from chalicelib.reports.table import ReportItem
from chalicelib.surveys.store import SurveyItem
from chalicelib.teams.store import RosterItem
from chalicelib.texts.store import TextItem
from infra.ops.keys import BITS
from infra.tables import resources

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "security"
PAGES = {page.name: page.read_text(encoding="utf-8") for page in [*FOLDER.glob("*.md"), ROOT / "SECURITY.md"]}
REQUIREMENTS = (Path(__file__).parent / "data" / "asvs-5.0-level-2.txt").read_text().split()
MODELS = {
    "reports": ReportItem,
    "numbers": NumberItem,
    "letters": LetterItem,
    "surveys": SurveyItem,
    "sessions": SessionItem,
    "drafts": DraftItem,
    "officers": OfficerItem,
    "batches": BatchItem,
    "changes": ChangesItem,
    "boards": BoardItem,
    "texts": TextItem,
    "files": FolderItem,
    "limits": LimitItem,
    "profiles": ProfileItem,
    "audit": AuditItem,
    "tombstones": TombstoneItem,
    "teams": RosterItem,
    "clues": ClueItem,
}


def rows(page, columns):
    """The rows of every table with so many columns, without head and rule."""
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGES[page].splitlines() if line.startswith("|")]
    return [line for line in lines if len(line) == columns and not set(line[0]) <= set("-")]


def test_every_requirement_of_the_standard_has_one_line_and_a_judgement():
    lines = [row for row in rows("asvs.md", 3) if row[0]]

    assert len(REQUIREMENTS) == 253
    assert [row[0] for row in lines] == REQUIREMENTS
    assert {row[1] for row in lines} == {"met", "none", "issuer", "judged"}
    assert all(len(row[2]) > 3 for row in lines)
    for word in ("met", "none", "issuer", "judged"):
        assert f"{sum(row[1] == word for row in lines)} {word}" in PAGES["asvs.md"], word


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_file_that_a_page_about_security_names_is_there(page):
    named = [name for name in re.findall(r"`([A-Za-z_.][A-Za-z0-9_./-]*)`", PAGES[page]) if "/" in name]

    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_key_and_secret_of_the_stack_is_in_the_inventory():
    listed = set(re.findall(r"^\| `(\w+)` \|", PAGES["keys-and-algorithms.md"], re.MULTILINE))

    assert len(listed) > 4
    assert listed == set(resources("AWS::KMS::Key")) | set(resources("AWS::SecretsManager::Secret"))
    assert f"RSA of {BITS:,} bits" in PAGES["keys-and-algorithms.md"]


def test_every_algorithm_that_is_taken_is_in_the_inventory_and_no_other():
    told = {row[0]: row[1].split(", ") for row in rows("keys-and-algorithms.md", 3)}

    assert told["what the portal signs"] == [keys.SIGNING]
    assert told["signatures that are taken"] == list(jose.SIGNATURES)
    assert told["envelopes that are opened: the key"] == list(jose.KEY_ENCRYPTION)
    assert told["envelopes that are opened: the content"] == list(jose.CONTENT_ENCRYPTION)


def test_no_digest_but_sha_256_is_made_by_name():
    used = {
        (path.relative_to(ROOT).as_posix(), found)
        for path in (ROOT / "chalicelib").rglob("*.py")
        for found in re.findall(r"hashlib\.(\w+)", path.read_text(encoding="utf-8"))
    }

    assert {found for _, found in used} == {"sha256", "new"}
    assert {path for path, found in used if found == "new"} == {"chalicelib/identity/oidc.py"}, (
        "the issuer's signature says which"
    )


@pytest.mark.parametrize("table", sorted(MODELS))
def test_every_attribute_that_is_stored_has_a_protection_level(table):
    listed = [name for row in rows("data-protection-levels.md", 3) if row[0] == table for name in row[2].split(", ")]

    assert sorted(listed) == sorted({each.attr_name for each in MODELS[table].get_attributes().values()})


def test_every_table_of_the_stack_has_its_levels():
    tables = {
        each["Properties"]["TableName"]["Fn::Sub"].removeprefix("${Prefix}")
        for each in resources("AWS::DynamoDB::Table").values()
    }

    assert tables == set(MODELS)
    levels = {row[1] for row in rows("data-protection-levels.md", 3) if row[0] in tables}
    assert levels == {"sealed", "personal", "linked", "plain"}
