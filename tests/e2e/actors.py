"""The actors who tell the story: a citizen, an officer and an inbox. They speak HTTP, and know no code of the portal."""

import html
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any

from tests.e2e.pressing import Pressable, Typed


@dataclass
class Page:
    """A page that a browser shows."""

    url: str
    status: int
    text: str

    @property
    def words(self) -> str:
        """The page that a reader sees: no tags, one space between words."""
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", self.text)).split())

    @property
    def path(self) -> str:
        return urllib.parse.urlsplit(self.url).path

    def form(self, to: str) -> tuple[str, dict[str, str]]:
        """Return where a form goes and its hidden fields: the form that goes to `to`, else the first of the main part."""
        text = self.text if to else self.text.partition("<main")[2]
        for attributes, inside in re.findall(r"<form([^>]*)>(.*?)</form>", text, re.DOTALL):
            action = re.search(r'action="([^"]*)"', attributes)
            target = html.unescape(action[1]) if action else self.url
            if not to or target == to:
                hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inside)
                return target, {name: html.unescape(value) for name, value in hidden}
        raise AssertionError(f"no form {to} on this page: {self.words[:1000]}")


class Browser:
    """A browser without JavaScript: cookies, links, forms, redirects."""

    def __init__(self, url: str, *handlers: urllib.request.BaseHandler) -> None:
        """`handlers` say how to come there, where that is not over the network's own way."""
        self._url = url
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), *handlers)

    def open(self, path: str) -> Page:
        return self._ask(urllib.request.Request(urllib.parse.urljoin(self._url, path)))

    def send(self, page: Page, form: Any, *, to: str = "") -> Page:
        """Send the form of `page`, with the hidden fields that it holds."""
        target, hidden = page.form(to)
        fields = [*hidden.items(), *(form.items() if isinstance(form, dict) else form)]
        url = urllib.parse.urljoin(page.url, target)
        headers = {"Origin": self._url}
        return self._ask(urllib.request.Request(url, urllib.parse.urlencode(fields, doseq=True).encode(), headers))

    def follow(self, page: Page, words: str) -> Page:
        """Follow the first link that begins with these words."""
        links = Pressable(page.text).links
        to = next((address for said, address in links if said.startswith(words)), None)
        assert to is not None, f"no link “{words}” on {page.path}, but {[said for said, _ in links]}"
        return self.open(urllib.parse.urljoin(page.url, to))

    def press(self, page: Page, words: str, typed: Typed | None = None) -> Page:
        """Fill in the fields of a form, and press its button that begins with these words.

        Of several such forms it is the first that has the fields. Nobody fills in a field that is not there, or picks
        what is not offered.
        """
        found = [(form, button) for form in Pressable(page.text).forms for button in form.buttons]
        found = [each for each in found if each[1].words.startswith(words) and each[0].takes(typed or {})]
        assert found, f"no button “{words}” for {typed or {}} on {page.path}: {page.words[:2000]}"
        form, button = found[0]
        return self._sent(page, form.action, form.method, form.sent(typed or {}, button))

    def _sent(self, page: Page, action: str, method: str, fields: list[tuple[str, str]]) -> Page:
        url, content = urllib.parse.urljoin(page.url, action), urllib.parse.urlencode(fields)
        if method == "get":
            return self.open(f"{url.partition('?')[0]}?{content}")
        return self._ask(urllib.request.Request(url, content.encode(), {"Origin": self._url}))

    def _ask(self, request: urllib.request.Request) -> Page:
        try:
            with self._opener.open(request, timeout=60) as answer:
                return Page(answer.url, answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Page(error.url, error.code, error.read().decode())


class Citizen(Browser):
    """Somebody whose bicycle was stolen."""

    def log_in(self, person: str = "janssen") -> Page:
        login = self.open("/login/with/digid")
        assert "SIMULATOR" in login.words.upper()
        return self.send(login, {"person": person, "level": "substantial"})

    def tell(self, kind: str, fields: list[tuple[str, str]]) -> Page:
        """Go through the choice aid and every page of the report, and come to the page that shows what was received."""
        aid = self.open(f"/report/{kind}/circumstances")
        page = self.send(aid, [field for field in fields if field[0] == "circumstances"])
        while page.status == 200 and not page.path.endswith("/check"):
            asked = set(re.findall(r' name="([^".]+)', page.text))
            page = self.send(page, [field for field in fields if field[0].split(".")[0] in asked - {"circumstances"}])
        return page

    def confirm(self, check: Page) -> Page:
        return self.send(check, {"truth": "yes"})

    def log_out(self, page: Page) -> Page:
        return self.send(page, {}, to="/logout")


class Officer(Browser):
    """Somebody at the police."""

    def log_in(self, person: str = "handler") -> Page:
        return self.send(self.open("/staff/login"), {"person": person})

    def read(self, reference: str) -> Page:
        return self.look(f"/desk/reports/{reference}")

    def look(self, path: str, reason: str = "handling") -> Page:
        """Open a page of a report, and say why if that is asked."""
        page = self.open(path)
        asked = re.search(r'action="(/desk/reports/[^"/]+/reason)"', page.text)
        return self.send(page, {"reason": reason}, to=asked[1]) if asked else page

    def change(self, reference: str, status: str, **facts: str) -> Page:
        return self.send(self.read(reference), {"status": status, **facts}, to=f"/desk/reports/{reference}/status")

    def ask(self, reference: str, text: str) -> Page:
        return self.send(self.look(f"/desk/reports/{reference}/question"), {"questions.0.text": text, "_step": "do"})


class Program:
    """A system of somebody else, which has an access token and calls the API."""

    def __init__(self, url: str, token: str, *handlers: urllib.request.BaseHandler) -> None:
        self._url, self._token = url, token
        self._opener = urllib.request.build_opener(*handlers)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, None, **headers)

    def post(self, path: str, content: Any, **headers: str) -> Any:
        return self.call("POST", path, content, **headers)

    def call(self, method: str, path: str, content: Any, **headers: str) -> Any:
        """Return what the portal answers; `Look_Reason` stands for the header `Look-Reason`. Fails when it refuses."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        given |= {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(f"{self._url}{path}", body, given, method=method)
        try:
            with self._opener.open(request, timeout=60) as answer:
                self.told = answer.headers  # of the newest answer
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from None


class Inbox:
    """The post that came, as the mail tray shows it."""

    def __init__(self, url: str, address: str) -> None:
        self._url, self._address = url, address

    def mails(self) -> list[dict[str, Any]]:
        """Return the mails to this address, oldest first."""
        with urllib.request.urlopen(f"{self._url}/_local/mails", timeout=60) as answer:
            found = json.loads(answer.read())
        return [mail for mail in reversed(found) if mail["to"] == self._address]


class World:
    """The levers of the local stage."""

    def __init__(self, url: str) -> None:
        self._url = url

    def post(self, path: str, content: Any) -> Any:
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self._url}{path}", json.dumps(content).encode(), headers)
        with urllib.request.urlopen(request, timeout=300) as answer:  # when a year passes, much is due
            return json.loads(answer.read())

    def days_pass(self, days: int) -> None:
        self.post("/_local/clock", {"advance_days": days})

    def minutes_pass(self, minutes: int) -> None:
        self.post("/_local/clock", {"advance_minutes": minutes})

    def letters_go(self) -> None:
        """The time to undo is over, and news that waited for more is sent."""
        self.minutes_pass(10)

    def boards_are_counted(self) -> None:
        """The next quarter of an hour strikes, at which the work of each unit is counted."""
        self.minutes_pass(15)

    def token(self, person: str) -> str:
        return str(self.post("/_local/tokens", {"person": person})["access_token"])


class Cast:
    """Everybody in a story on the local stage."""

    def __init__(self, url: str) -> None:
        self._url = url

    def citizen(self) -> Citizen:
        return Citizen(self._url)

    def officer(self) -> Officer:
        return Officer(self._url)

    def inbox(self, address: str) -> Inbox:
        return Inbox(self._url, address)

    def program(self, person: str) -> Program:
        return Program(self._url, self.world().token(person))

    def world(self) -> World:
        return World(self._url)
