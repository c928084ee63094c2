"""`make deployed`: the tests of this folder, then one JSON line: how long, how many mails and requests."""

import json
import subprocess
import sys
import time

from tests.deployed.cloud import BUILD, IGNORED, ROOT


def main() -> int:
    began = time.monotonic()
    line = [sys.executable, "-m", "pytest", "-p", "no:randomly", "tests/deployed"]
    code = subprocess.run(line, cwd=ROOT, check=False).returncode
    figures = json.loads((BUILD / "figures.json").read_text()) if (BUILD / "figures.json").exists() else {}
    print("Not tested here, because the emulator ignores it:")
    print("\n".join(f"  {each}" for each in IGNORED))
    print(json.dumps({"deployed": code == 0, **figures, "seconds": round(time.monotonic() - began)}))
    return code


if __name__ == "__main__":
    sys.exit(main())
