"""The links and buttons of a page, and what a browser without a script sends when one is pressed: read from the HTML alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

Typed = Mapping[str, str | Iterable[str]]
_WORDED = ("a", "button", "textarea")  # what stands between their tags is read


@dataclass(frozen=True)
class Button:
    """A button: its words, and what it sends along."""

    words: str
    name: str
    value: str


@dataclass
class Form:
    """A form. `standing` is what would be sent if nobody typed; `names` are the fields that somebody can fill in, and
    `offered` what can be picked in those where one picks.
    """

    action: str
    method: str
    id: str
    standing: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    offered: dict[str, set[str]] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)

    def takes(self, typed: Typed) -> bool:
        """True when somebody can type this: the fields are there, and picked is what is offered."""
        return set(typed) <= self.names and all(
            set(_several(value)) <= self.offered.get(name, set(_several(value))) for name, value in typed.items()
        )

    def sent(self, typed: Typed, pressed: Button) -> list[tuple[str, str]]:
        """Return the fields that are sent: those that stand there, changed where somebody typed, and the button."""
        kept = [each for each in self.standing if each[0] not in typed]
        new = [(name, one) for name, value in typed.items() for one in _several(value)]
        return [*kept, *new, *([(pressed.name, pressed.value)] if pressed.name else [])]


def _several(value: str | Iterable[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


@dataclass
class _Select:
    name: str
    options: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def value(self) -> str:
        """The option that is chosen, as long as nobody chose another: the first, if the page chose none."""
        return next((value for value, chosen in self.options if chosen), self.options[0][0] if self.options else "")


class Pressable(HTMLParser):
    """The links and forms of a page, by their words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []  # words and address
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select: _Select | None = None
        self._open: dict[str, tuple[dict[str, str], list[str]]] = {}  # of the tags whose words are being read
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                self._form = Form(given.get("action", ""), given.get("method", "get").lower(), given.get("id", ""))
                self.forms.append(self._form)
            case "input":
                self._input(given)
            case "select":
                self._select = _Select(given.get("name", ""))
            case "option" if self._select:
                self._select.options.append((given.get("value", ""), "selected" in given))
            case _ if tag in _WORDED:
                self._open[tag] = given, []

    def handle_data(self, data: str) -> None:
        for _, texts in self._open.values():
            texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select:
            self._stands({"name": self._select.name}, self._select.value)
            for value, _ in self._select.options:
                self._offers({"name": self._select.name}, value)
            self._select = None
        elif tag in self._open:
            given, texts = self._open.pop(tag)
            self._ends(tag, given, "".join(texts))

    def _ends(self, tag: str, given: dict[str, str], text: str) -> None:
        words = " ".join(text.split())
        if tag == "textarea":
            self._stands(given, text.removeprefix("\n"))
        elif tag == "a":
            self.links.append((words, given.get("href", "")))
        elif form := self._of(given):
            form.buttons.append(Button(words, given.get("name", ""), given.get("value", "")))

    def _input(self, given: dict[str, str]) -> None:
        picked = given.get("type") in ("checkbox", "radio")
        if picked:
            self._offers(given, given.get("value", "on"))
        if not picked or "checked" in given:
            self._stands(given, given.get("value", ""))

    def _offers(self, given: dict[str, str], value: str) -> None:
        if form := self._of(given):
            form.names.add(given["name"])
            form.offered.setdefault(given["name"], set()).add(value)

    def _stands(self, given: dict[str, str], value: str) -> None:
        if (form := self._of(given)) and given.get("name"):
            form.names.add(given["name"])
            form.standing.append((given["name"], value))

    def _of(self, given: dict[str, str]) -> Form | None:
        """Return the form of a control: the one that it names, else the one that it stands in."""
        named = given.get("form")
        return next((each for each in self.forms if each.id == named), None) if named else self._form
