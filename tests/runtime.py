"""`make runtime`: the tests on the functions' own Python, beside the oldest one that contributors may have (`make test`).

The code that runs in Lambda is tested: rooms, stores, pages and API, events. Stages, deploys and browsers are tested once,
elsewhere; so is what only reads the source, and a thousand odd addresses, values and bodies: the same from one Python to
another.
"""

import subprocess
import sys

from infra.deploy import interpreter

TESTS = ("tests/unit", "tests/contract", "tests/app")
ONCE = tuple(f"tests/app/test_{each}.py" for each in ("odd_requests", "every_field", "bad_input", "api_rules"))


def main(options: list[str]) -> int:
    """Run the tests with pytest's `options`; 0 too when there is nothing to run them with, or nothing to add."""
    if sys.version_info[:2] == interpreter.RUNTIME:
        print(f"`make test` runs on the functions' own Python {interpreter.VERSION} here; there is no other to try.")
        return 0
    if interpreter.found() is None:
        print(f"The tests run on Python {sys.version_info.major}.{sys.version_info.minor} alone. {interpreter.NONE}")
        return 0
    python = interpreter.environment(interpreter.ROOT / "build" / "runtime", "requirements-dev.lock")
    print(f"On Python {interpreter.VERSION}:", flush=True)
    run = [python, "-m", "pytest", *options, *TESTS, *(f"--ignore={each}" for each in ONCE)]
    return subprocess.run(run, check=False, cwd=interpreter.ROOT).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
