"""The packages that are fetched for the functions: Lambda's own wheels, just those that the runtime's lock names, or nothing."""

import base64
import hashlib
import zipfile
from pathlib import Path

import pytest
from chalice.deploy.packager import DependencyBuilder
from chalice.utils import OSUtils

from infra.deploy import hooks
from infra.deploy.errors import Stop

LAMBDA = "cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64"
NEW_MACHINE, MAC = "cp313-cp313-manylinux_2_41_x86_64", "cp313-cp313-macosx_11_0_arm64"


@pytest.fixture
def index(tmp_path, monkeypatch):
    """Makes wheels of a package in an index of our own, and returns each one's hash."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")

    def make(tags: str, version: str = "1.0", needs: str = "") -> str:
        info = f"thing-{version}.dist-info"
        metadata = f"Metadata-Version: 2.1\nName: thing\nVersion: {version}\n" + (f"Requires-Dist: {needs}\n" if needs else "")
        wheel = f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: {tags}\n"
        files = {"thing.py": f"on = {tags!r}\n", f"{info}/METADATA": metadata, f"{info}/WHEEL": wheel}
        path = folder / f"thing-{version}-{tags}.whl"
        with zipfile.ZipFile(path, "w") as archive:
            rows = []
            for name, content in files.items():
                archive.writestr(name, content)
                digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).rstrip(b"=").decode()
                rows.append(f"{name},sha256={digest},{len(content)}\n")
            archive.writestr(f"{info}/RECORD", "".join(rows) + f"{info}/RECORD,,\n")
        return "--hash=sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()

    return make


@pytest.fixture
def fetched(tmp_path):
    """Fetches what a lock names, as Chalice is told to, and returns the names of the files."""

    def fetched(lock: str) -> list[str]:
        (tmp_path / "requirements.lock").write_text(lock)
        directory = tmp_path / "fetched"
        directory.mkdir()
        file = hooks.locked(None, str(tmp_path))
        wheels, missing = hooks.download(DependencyBuilder(OSUtils()), "cp313", str(directory), file)
        assert not missing
        assert {each.filename for each in wheels} == {each.name for each in directory.iterdir()}
        return sorted(each.filename for each in wheels)

    return fetched


def test_lambdas_own_wheel_is_shipped_whatever_machine_deploys(index, fetched):
    hashes = [index(tags) for tags in (LAMBDA, NEW_MACHINE, MAC)]

    assert fetched(f"thing==1.0 {' '.join(hashes)}\n") == [f"thing-1.0-{LAMBDA}.whl"]


def test_a_newer_version_in_the_index_changes_nothing(index, fetched):
    tested = index("py3-none-any", "1.0")
    index("py3-none-any", "1.1")

    assert fetched(f"thing==1.0 {tested}\n") == ["thing-1.0-py3-none-any.whl"]


@pytest.mark.parametrize("lock", ["thing==1.0 --hash=sha256:" + "0" * 64, "thing==1.0", "thing==0.9 --hash=sha256:" + "0" * 64])
def test_a_file_that_was_never_tested_is_not_shipped(index, fetched, lock):
    index("py3-none-any")

    with pytest.raises(Stop, match=r"What requirements\.lock names could not be fetched .* nothing else is shipped instead"):
        fetched(f"{lock}\n")


def test_nothing_is_built_where_lambda_has_no_wheel(index, fetched):
    only_mac = index(MAC)

    with pytest.raises(Stop):
        fetched(f"thing==1.0 {only_mac}\n")


def test_chalice_builds_the_layer_from_the_lock():
    replaced = {name for _, name in hooks.HOOKED}

    assert {"_get_requirements_filename", "_download_dependencies"} <= replaced
    assert Path(hooks.locked(None, "project")) == Path("project/requirements.lock")
