"""The portal with both logins elsewhere, once for each configuration; and what was done, in a line of JSON at the end."""

import json
import shutil
import subprocess
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from infra.local.stage import Stage
from tests.interop.configurations import CONFIGURATIONS, Configuration
from tests.interop.people import Somebody

HERE = Path(__file__).parent
DONE: Counter[str] = Counter()
BEGAN = time.monotonic()


@dataclass(frozen=True)
class Portal:
    """The local stage, and where the providers of its logins are."""

    stage: Stage
    configuration: Configuration
    issuers: Mapping[str, str]

    @property
    def url(self) -> str:
        return self.stage.url

    def somebody(self, login: str, person: str) -> Somebody:
        DONE["browsers"] += 1
        return Somebody(self.url, {"digid": "/login", "staff": "/staff/login"}[login], person)

    def rules_of(self, login: str) -> Mapping[str, Any]:
        rules: Mapping[str, Any] = getattr(self.configuration, login)
        return rules

    def replace_keys(self, login: str, kid: str) -> None:
        """Have the provider sign with a new key of this name from now on, and publish only that."""
        _post(f"{self.issuers[login].rstrip('/')}/_keys", {"kid": kid})


@pytest.fixture(scope="module", params=CONFIGURATIONS)
def portal(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    configuration = CONFIGURATIONS[request.param]
    keys_file = tmp_path_factory.mktemp("keys") / "keys.json"
    if request.param == "rotated keys":
        keys_file.write_text(json.dumps(_keys_in_the_middle_of_a_rotation()), encoding="utf-8")
    stage = Stage(port=0, keys_file=keys_file)
    with _providers(stage.url, {"digid": configuration.digid, "staff": configuration.staff}) as issuers:
        named = {f"{login.upper()}_ISSUER": issuer for login, issuer in issuers.items()}
        stage.environ.update(configuration.settings, **named)
        with stage:
            DONE["configurations"] += 1
            yield Portal(stage, configuration, issuers)


def _keys_in_the_middle_of_a_rotation() -> dict[str, Any]:
    """Return the portal's own keys after the step `use`: the fresh one of each use in front, the one before it still there."""
    made = [(use, age) for use in ("sig", "enc") for age in ("fresh", "before")]
    return {"keys": [RSAKey.generate_key(2048, {"use": use, "kid": f"{use}-{age}"}).as_dict(private=True) for use, age in made]}


@contextmanager
def _providers(portal: str, logins: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Run both providers for this portal; yield where they are."""
    node = shutil.which("node")
    assert node, "Node.js is needed here: install it (20 or newer), then `make interop`."
    process = subprocess.Popen([node, "providers.mjs"], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(json.dumps({"portal": portal, "logins": logins}) + "\n")
        process.stdin.flush()
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(timeout=60)
        process.stdout.close()


def _post(url: str, content: Any) -> None:
    request = urllib.request.Request(url, json.dumps(content).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if DONE:
        seconds = round(time.monotonic() - BEGAN, 1)
        terminalreporter.write_line(json.dumps({"provider": _version(), **DONE, "seconds": seconds}))


def _version() -> str:
    packages = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return f"oidc-provider {packages['node_modules/oidc-provider']['version']}"
