"""`python -m infra.local`: start the local stage and say where to look. Written for old interpreters up to the version check."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # said in a sentence, not in a traceback
    sys.exit("Mijn Politie needs Python 3.11 or newer; this is {}.{}.".format(*sys.version_info[:2]))

import argparse
import os
import signal
import threading
from functools import partial
from pathlib import Path

from chalicelib import events, wiring
from infra.local import demo, logs
from infra.local.keeping import Unusable
from infra.local.people import CITIZENS, OFFICERS
from infra.local.stage import KEPT, Stage

_ENDS = (signal.SIGINT, signal.SIGTERM)


def main() -> None:
    """Run until Ctrl-C or SIGTERM."""
    options = _options()
    port = _port(options.port)
    logs.begin(verbose=options.verbose)
    # Waited for by this thread and blocked in all others: a handler runs in this thread only, and a signal that comes to another
    # one does not wake it.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    try:
        stage = Stage(port, keep_in=options.keep)
    except OSError:
        sys.exit(f"Port {port} is busy. Stop what runs there, or choose another one: make run PORT={port + 1}")
    try:
        with stage:
            print(_welcome(stage.url, options.keep), flush=True)
            if options.demo:
                threading.Thread(target=_fill, name="demo", daemon=True).start()
            signal.sigwait(_ENDS)
    except Unusable as unusable:
        sys.exit(str(unusable))
    print("Stopped.")


def _fill() -> None:
    """Fill the stage while it can already be used; what is there twice (KEEP=1) is left as it is."""
    demo.run(wiring.services(), say=partial(print, flush=True))
    events.every_quarter_hour()  # so that the first page of the desk counts them at once


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.local", description="Run the whole portal on this machine.")
    parser.add_argument("--port", default=os.environ.get("PORT", "8000"), help="where it listens (default: PORT, else 8000)")
    keep = "go on from what FOLDER keeps, and keep everything there (default: .local/kept)"
    parser.add_argument("--keep", nargs="?", const=KEPT, type=Path, metavar="FOLDER", help=keep)
    parser.add_argument("--demo", action="store_true", help="fill the stage with a month's work: 400 reports, within a minute")
    parser.add_argument("--verbose", action="store_true", help="log every round, also those that find nothing to do")
    return parser.parse_args()


def _port(given: str) -> int:
    if not given.isascii() or not given.isdigit() or int(given) > 65_535:  # noqa: PLR2004
        sys.exit("A port is a number from 0 to 65535; 0 takes any free one.")
    return int(given)


def _welcome(url: str, keep_in: Path | None) -> str:
    kept = (
        f"and what you do is kept in {_shown(keep_in)}" if keep_in else "and nothing is kept when you stop it (KEEP=1 keeps it)"
    )
    return f"""
Mijn Politie runs on this machine. This is not the police; nothing leaves this machine, {kept}.

  Portal        {url}/
  Mail tray     {url}/_local/mail
  Everything    {url}/_local   (clock, state, test persons)
  Log in as     a citizen ({_names(CITIZENS)}) or an officer ({_names(OFFICERS)})
  Operate       python -m infra.ops --stage local{_url_option(url)} status
  Stop          Ctrl-C
"""


def _shown(folder: Path) -> Path:
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder


def _url_option(url: str) -> str:
    return "" if url.endswith(":8000") else f" --url {url}"


def _names(people: object) -> str:
    return ", ".join(person.id for person in list(people)[:2]) + ", …"  # type: ignore[call-overload]


if __name__ == "__main__":
    main()
