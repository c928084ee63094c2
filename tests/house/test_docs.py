"""The documentation says what the code does."""

import re
from pathlib import Path

from infra.settings_page import PAGE, page

ROOT = Path(__file__).parent.parent.parent


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
