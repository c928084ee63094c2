"""The pages that the site has: every GET route that is not of the API."""

import re
from urllib.parse import urlsplit

from app import app
from chalicelib.web.routes import declared

PAGES = {operation.path for operation in declared(app) if operation.method == "GET" and not operation.is_api}


def route_of(address: str) -> str:
    """Return the route that serves an address: of several, the one with the fewest parameters. Empty: none of the portal's."""
    path = re.sub(r"\{[^}]+\}", "X", urlsplit(address).path)
    serving = [page for page in PAGES if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", page), path)]
    return min(serving, key=lambda page: page.count("{"), default="")
