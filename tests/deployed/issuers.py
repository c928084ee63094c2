"""Both simulated issuers in a process of their own, as DigiD and the staff login are.

`python -m tests.deployed.issuers KEYS PORTAL` prints its address, and serves until its input ends.
`POST /tokens {"person": "…"}` hands out access tokens for the API.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from chalicelib.core.clock import SystemClock
from infra.local.http import LocalRequest, LocalResponse, as_json
from infra.local.issuer import Issuer
from infra.local.people import CITIZENS, OFFICERS

AUDIENCE = "mijn-politie-api"


class Silent:
    """Sends no back-channel notices: nobody logs out at these issuers."""

    def get(self, url):
        raise NotImplementedError(url)

    def post(self, url, form):
        raise NotImplementedError(url)


class Server(ThreadingHTTPServer):
    """The issuers of one portal, under /digid and /staff."""

    daemon_threads = True

    def __init__(self, keys, portal):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.issuers = {
            kind: Issuer(
                kind,
                f"{self.url}/{kind}",
                SystemClock(),
                client_public_keys=keys,
                people=people,
                audience=AUDIENCE,
                backchannel_logout_uri=f"{portal}/login/backchannel-logout",
                fetch=Silent(),
            )
            for kind, people in (("digid", CITIZENS), ("staff", OFFICERS))
        }

    def answer(self, request):
        if request.path == "/tokens":
            person = json.loads(request.body)["person"]
            kind = "digid" if person in {each.id for each in CITIZENS} else "staff"
            return as_json({"access_token": self.issuers[kind].access_token(person)})
        issuer = self.issuers.get(request.path.split("/")[1])
        return issuer.handle(request) if issuer else LocalResponse(404)


class Handler(BaseHTTPRequestHandler):
    """One request to an issuer."""

    def _serve(self):
        split = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = parse_qs(split.query, keep_blank_values=True)
        answer = self.server.answer(LocalRequest(self.command, split.path, query, headers, body))
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = _serve  # noqa: N815 — the names http.server calls

    def log_message(self, format, *args):  # noqa: A002 — its name in http.server
        """Write no log: queries hold states and codes."""


if __name__ == "__main__":
    server = Server(json.loads(Path(sys.argv[1]).read_text()), sys.argv[2])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.url, flush=True)
    sys.stdin.read()
