"""The import rule of the house, read from the code itself with `ast`."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FILES = sorted([ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py")])

# By kind of file: a file imports only from kinds on its own level or lower.
PURE, STORE, ACTION, WIRING, EDGE, APP = range(1, 7)
LEVELS = {
    "model": PURE, "statuses": PURE, "statement": PURE, "questions": PURE, "inputs": PURE, "places": PURE, "submission": PURE,
    "access": PURE, "catalogue": PURE, "results": PURE, "common": PURE, "theft": PURE, "vandalism": PURE, "fraud": PURE,
    "triage": PURE, "hints": PURE, "claims": PURE, "crimes": PURE, "masks": PURE, "steps": PURE, "form": PURE, "shown": PURE,
    "contact": PURE, "codes": PURE, "additions": PURE, "adding": PURE, "terms": PURE, "objection": PURE, "retention": PURE,
    "words": PURE, "unreachable": PURE, "standing": PURE, "overview": PURE, "pace": STORE, "turns": STORE,
    "supplementary": PURE, "asking": PURE, "room": PURE, "news": PURE,
    "kinds": PURE, "strip": PURE, "scanner": STORE, "bucket": STORE,
    "store": STORE, "table": STORE, "drafts": STORE, "audit": STORE, "ledger": STORE, "mailer": STORE, "render": STORE,
    "sessions": STORE, "oidc": STORE, "tokens": STORE, "bsn": STORE, "keys": STORE, "fetch": STORE, "discovery": STORE,
    "actions": ACTION, "post": ACTION, "sending": ACTION, "rounds": ACTION, "sweeper": ACTION, "receipts": ACTION,
    "holdings": ACTION,
    "wiring": WIRING,
    "disclosure": EDGE,
    "events": EDGE, "telling": EDGE,
    "composing": EDGE, "looking": EDGE,
    "entry": EDGE, "attaching": EDGE, "panel": EDGE, "schemas": EDGE, "api": EDGE, "pages": EDGE, "doors": EDGE,
}  # fmt: skip
# By feature: who may import whom (besides itself, core, and identity.model).
FEATURES = {
    "core": set(),
    "reports": set(),
    "identity": set(),
    "surveys": {"reports"},
    "letters": {"reports", "surveys"},
    "desk": {"reports", "identity", "evidence"},
    "evidence": {"reports"},
    "filing": {"reports", "evidence"},
    "erasure": {"reports", "evidence"},
    "copies": {"reports"},
    "additions": {"reports", "evidence"},
    "details": {"reports", "surveys", "letters", "evidence", "filing"},
    "answers": {"reports", "evidence"},
    "about": {"reports", "surveys", "letters"},
    "counter": {"reports", "desk", "identity", "filing", "copies"},
    "official": {"reports", "identity", "evidence", "desk"},
}
# By library: the only files that may import it. A trailing slash is a folder.
LIBRARIES = {
    "chalice": ("app.py", "chalicelib/routes.py", "chalicelib/web/routes.py"),
    "pynamodb": (
        "store.py",
        "table.py",
        "ledger.py",
        "sessions.py",
        "drafts.py",
        "audit.py",
        "core/tables.py",
        "core/limits.py",
        "turns.py",
    ),
    "boto3": ("wiring.py", "mailer.py"),
    "botocore": ("wiring.py", "mailer.py", "core/tables.py"),
    "pydantic": ("schemas.py", "web/schema.py", "web/openapi.py"),
    "jinja2": ("web/html.py", "letters/render.py", "profiles/render.py"),
    "joserfc": ("chalicelib/identity/",),
    "cryptography": ("chalicelib/identity/",),
}


def relative(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def imports(file: Path):
    """Yield (module, names) for every import in a file, at its top and inside functions; type-checking blocks do not count."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{relative(file)} imports relatively"
            yield node.module, tuple(alias.name for alias in node.names)


def modules_imported(file: Path):
    """Yield every module of the project that a file imports, `from package import module` resolved."""
    for module, names in imports(file):
        if module.split(".")[0] not in ("chalicelib", "app", "infra", "tests"):
            continue
        path = ROOT / module.replace(".", "/")
        submodules = [f"{module}.{name}" for name in names if (path / f"{name}.py").exists() or (path / name).is_dir()]
        yield from submodules or [module]


def level(parts: list[str]) -> int:
    if parts[0] == "app":
        return APP
    feature, name = parts[1], parts[-1]
    if feature == "core":
        return 0
    if feature == "web":
        return EDGE
    if len(parts) == 2 and name in FEATURES:
        return PURE
    return LEVELS[name]


def test_every_module_has_a_place_in_the_house():
    unknown = []
    for file in FILES:
        parts = relative(file).removesuffix(".py").removesuffix("/__init__").split("/")
        if parts == ["chalicelib"]:
            continue
        try:
            level(parts)
        except KeyError:
            unknown.append(relative(file))
    assert FILES
    assert not unknown, "give these names a level in LEVELS, or a better name"


@pytest.mark.parametrize("file", FILES, ids=relative)
def test_a_file_imports_only_from_its_left(file):
    parts = relative(file).removesuffix(".py").removesuffix("/__init__").split("/")
    if parts == ["chalicelib"]:
        return
    mine = level(parts)
    for module in modules_imported(file):
        other = module.split(".")
        if (relative(file), module) == ("app.py", "infra.deploy.hooks"):  # under the chalice command only; it reaches no function
            continue
        assert other[0] in ("chalicelib", "app"), f"{relative(file)} imports {module}"
        if other != ["chalicelib"]:
            assert level(other) <= mine, f"{relative(file)} imports {module}, which stands to its right"


@pytest.mark.parametrize("file", FILES, ids=relative)
def test_a_feature_imports_only_the_features_it_may(file):
    parts = relative(file).split("/")
    if len(parts) < 3 or parts[1] == "web":
        return
    feature = parts[1]
    edge = level(relative(file).removesuffix(".py").removesuffix("/__init__").split("/")) >= EDGE
    allowed = (
        FEATURES[feature] | {feature, "core"} | ({"web", "wiring", "identity", "desk", "reports", "evidence"} if edge else set())
    )
    for module in modules_imported(file):
        other = module.split(".")
        if len(other) > 1 and module != "chalicelib.identity.model":
            assert other[1] in allowed, f"{relative(file)} imports {module}"


@pytest.mark.parametrize("file", FILES, ids=relative)
def test_a_library_is_imported_only_where_it_belongs(file):
    name = relative(file)
    for module, _ in imports(file):
        homes = LIBRARIES.get(module.split(".")[0])
        if homes is not None:
            assert any(name.startswith(home) if home.endswith("/") else name.endswith(home) for home in homes), (
                f"{name}: {module}"
            )


@pytest.mark.parametrize(
    ("text", "home"),
    [("os.environ", "chalicelib/core/settings.py"), ("datetime.now", "chalicelib/core/clock.py"), ("time.time()", "")],
)
def test_environment_and_time_have_one_reader(text, home):
    users = [relative(file) for file in FILES if text in file.read_text(encoding="utf-8")]

    assert [user for user in users if user not in (home, "chalicelib/core/clock.py")] == []


def test_every_module_says_what_it_is_for():
    silent = [relative(f) for f in FILES if not ast.get_docstring(ast.parse(f.read_text(encoding="utf-8")))]

    assert silent == []


def test_nothing_is_patched_skipped_or_expected_to_fail():
    banned = ("mock.patch", "monkeypatch." + "setattr", "mark." + "skip", "mark." + "xfail")
    offenders = [
        relative(file)
        for file in (ROOT / "tests").rglob("*.py")
        if file.name != "test_imports.py" and any(word in file.read_text(encoding="utf-8") for word in banned)
    ]

    assert offenders == []


def test_rooms_stay_small():
    for file in FILES:
        source = file.read_text(encoding="utf-8")
        assert len(source.splitlines()) <= (80 if file.name == "app.py" else 350), relative(file)
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno - node.lineno < 50, f"{relative(file)}:{node.name}"
