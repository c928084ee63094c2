"""`python -m infra.local`: start the local stage and say where to look. Written for old interpreters up to the version check."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # said in a sentence, not in a traceback
    sys.exit("Mijn Politie needs Python 3.11 or newer; this is {}.{}.".format(*sys.version_info[:2]))

import argparse
import logging
import os
import signal
import threading

from infra.local.people import CITIZENS, OFFICERS
from infra.local.stage import Stage


def main() -> None:
    """Run until Ctrl-C or SIGTERM."""
    port = _port()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S")
    for noisy in ("botocore", "urllib3", "moto", "werkzeug", "pynamodb"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        stage = Stage(port)
    except OSError:
        sys.exit(f"Port {port} is busy. Stop what runs there, or choose another one: make run PORT={port + 1}")
    with stage:
        print(_welcome(stage.url), flush=True)
        stop.wait()
    print("Stopped.")


def _port() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.local", description="Run the whole portal on this machine.")
    parser.add_argument("--port", default=os.environ.get("PORT", "8000"), help="where it listens (default: PORT, else 8000)")
    given = str(parser.parse_args().port)
    if not given.isascii() or not given.isdigit() or int(given) > 65_535:  # noqa: PLR2004
        sys.exit("A port is a number from 0 to 65535; 0 takes any free one.")
    return int(given)


def _welcome(url: str) -> str:
    return f"""
Mijn Politie runs on this machine. This is not the police; nothing leaves this machine, and everything is gone when you stop it.

  Portal        {url}/
  Mail tray     {url}/_local/mail
  Everything    {url}/_local   (clock, state, test persons)
  Log in as     a citizen ({_names(CITIZENS)}) or an officer ({_names(OFFICERS)})
  Operate       python -m infra.ops --stage local{_url_option(url)} status
  Stop          Ctrl-C
"""


def _url_option(url: str) -> str:
    return "" if url.endswith(":8000") else f" --url {url}"


def _names(people: object) -> str:
    return ", ".join(person.id for person in list(people)[:2]) + ", …"  # type: ignore[call-overload]


if __name__ == "__main__":
    main()
