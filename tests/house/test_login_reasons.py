"""Every code with which a login is refused or an issuer is down stands on the page that operators read."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operations" / "logins.md").read_text(encoding="utf-8")
RAISED = re.compile(r'(?:LoginRefused|IdentityProviderDown|_OfAnotherKey|_notice_refused)\(f?"([a-z_]+)')


def test_every_code_of_a_refused_login_is_explained_to_operators():
    files = [file for room in ("identity", "login") for file in (ROOT / "chalicelib" / room).rglob("*.py")]
    codes = {code for file in files for code in RAISED.findall(file.read_text(encoding="utf-8"))}
    explained = set(re.findall(r"`([a-z_]+)…?`", PAGE))

    assert len(codes) > 30
    assert sorted(codes - explained) == []
