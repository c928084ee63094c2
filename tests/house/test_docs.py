"""The documentation says what the code does."""

import re
from pathlib import Path

from chalicelib.reports.crimes import KINDS
from infra.settings_page import PAGE, page

ROOT = Path(__file__).parent.parent.parent
CODE = [
    *ROOT.glob("*.py"),
    *ROOT.glob("*.toml"),
    *(
        path
        for room in ("chalicelib", "infra", "tests")
        for path in (ROOT / room).rglob("*")
        if path.suffix in (".py", ".yaml", ".toml")
    ),
]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
THIS = Path(__file__)


def test_every_setting_has_its_line():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m infra.settings_page"


def test_the_readme_names_targets_that_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8")))

    assert named
    assert named <= targets


def test_links_between_documents_lead_somewhere():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.name}: {link}"
        for page in pages
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]

    assert pages
    assert broken == []


def test_every_decision_has_a_number_of_its_own_and_carries_it():
    pages = sorted((ROOT / "docs" / "adr").glob("*.md"))
    numbers = [page.name[:4] for page in pages]

    assert len(numbers) > 10
    assert len(set(numbers)) == len(numbers)
    assert all(page.read_text(encoding="utf-8").startswith(f"# {page.name[:4]} — ") for page in pages)


def test_runtime_dependencies_have_their_reasons():
    reasons = (ROOT / "docs" / "adr" / "0005-runtime-dependencies.md").read_text(encoding="utf-8").lower()
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    packages = [line.partition("==")[0].lower() for line in lines if line and not line.startswith("#")]

    assert len(packages) >= 5
    assert [package for package in packages if package not in reasons] == []


def test_every_room_of_the_map_exists():
    text = (ROOT / "chalicelib" / "__init__.py").read_text(encoding="utf-8")
    rooms = re.findall(r"^    (\w+)/ ", text, re.MULTILINE)

    assert set(rooms) == {
        path.name for path in (ROOT / "chalicelib").iterdir() if path.is_dir() and path.name not in ("__pycache__", "locale")
    }


def test_a_decision_is_cited_in_one_spelling_and_exists():
    known = {page.name[:4] for page in (ROOT / "docs" / "adr").glob("*.md")}
    cited = [
        (path.name, *found)
        for path in (*CODE, *DOCUMENTS)
        if path != THIS
        for found in re.findall(r"\bADR(s?[ -]*)(\d+)", _text(path))
    ]

    assert len(cited) > 50
    assert [one for one in cited if one[1] != "-" or one[2] not in known] == []


def test_a_link_to_a_decision_says_its_number():
    wrong = [
        f"{page.name}: [{text}]"
        for page in DOCUMENTS
        for text, number in re.findall(r"\[([^\]]*\d[^\]]*)\]\([a-z./]*adr/(\d{4})", _text(page))
        if text != f"ADR-{number}"
    ]

    assert wrong == []


def test_every_document_that_code_cites_is_there_with_the_section():
    cited = [(path.name, *found) for path in CODE if path != THIS for found in _citations(_text(path))]

    assert len(cited) > 20
    assert [(name, document) for name, document, _ in cited if not (ROOT / document).exists()] == []
    assert [one for one in cited if one[2] and one[2] not in _sections(ROOT / one[1])] == []


def test_no_document_is_cited_by_a_name_that_is_not_its_path():
    wrong = [
        f"{path.name}: {words}"
        for path in (*CODE, *DOCUMENTS)
        if path != THIS
        for words in re.findall(r'\b(?:DOMAIN|DESIGN|TOOLS|STYLE|AWS-FACTS),? (?:"|section)', _text(path))
    ]

    assert wrong == []


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _citations(text: str) -> list[tuple[str, str]]:
    """Return the documents that a text cites, each with its section; a citation may go on in the next line of a comment."""
    flat = re.sub(r"\s*\n\s*(?:#\s*)?", " ", text)
    return re.findall(r'(docs/[\w/-]+\.md)(?:, "([^"]+)")?', flat)


def _sections(document: Path) -> set[str]:
    return set(re.findall(r"^#+ (.+)$", _text(document), re.MULTILINE))


def test_the_readme_counts_the_kinds_of_crime():
    assert f"- **{len(KINDS)} kinds of theft, vandalism and internet fraud**" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_file_that_the_contributors_page_names_exists():
    named = _paths((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))

    assert len(named) > 30
    assert [path for path in named if not _exists(path)] == []


def test_a_file_that_is_not_there_is_found():
    assert _paths("a row in `reports/planted.py`, see [it](docs/planted.md#here) and `chalicelib/planted/`; `make run`") == [
        "chalicelib/reports/planted.py",
        "chalicelib/planted/",
        "docs/planted.md",
    ]


def _exists(path: str) -> bool:
    """True for a path of the repository; for a bare name also when it is that of a file in some room."""
    return (ROOT / path).exists() or ("/" not in path and any((ROOT / "chalicelib").rglob(path)))


def _paths(text: str) -> list[str]:
    """Return the files and folders that a page names between backticks or links to; those of a room stand in chalicelib."""
    quoted = re.findall(r"`([\w.-]+(?:/[\w.-]+)*(?:/|\.(?:py|md|yaml|toml|txt|po|html|csv|json)))`", text)
    rooms = {path.name for path in (ROOT / "chalicelib").iterdir()}
    linked = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    return [f"chalicelib/{path}" if path.partition("/")[0] in rooms else path for path in quoted] + linked
