"""Everybody in a story on the deployed stage: the same actors, on the portal's real address, which leads to the emulator here."""

import functools
import http.client
import json
import re
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from chalicelib.letters.mailer import TAG, tag_of
from tests.deployed.cloud import LETTER_WAIT_S, PORTAL, PREFIX
from tests.e2e.actors import Browser, Citizen, Officer, Program

EVENTS = Path(__file__).parents[1] / "events"
MICROSECONDS_A_DAY = 86_400_000_000
INSTANTS, DAYS = {"at", "filed_at", "changed_at", "ea", "w"}, {"due_on", "d"}


class _Connection(http.client.HTTPSConnection):
    """The address https://portal.example, when dialled, is the emulator, without TLS: that is API Gateway's own part."""

    def __init__(self, *args, emulator, **options):
        super().__init__(*args, **options)
        self._emulator = urlsplit(emulator)

    def connect(self):
        plain = http.client.HTTPConnection(self._emulator.hostname, self._emulator.port, timeout=self.timeout)
        plain.connect()
        self.sock = plain.sock


class Way(urllib.request.HTTPSHandler):
    """The way from the portal's address to the emulator."""

    def __init__(self, emulator):
        super().__init__()
        self._emulator = emulator

    def https_open(self, req):
        return self.do_open(functools.partial(_Connection, emulator=self._emulator), req)


class Fetching(Browser):
    """A browser that also takes what is no page."""

    def fetch(self, path):
        """Return what is downloaded from an address of the portal."""
        with self._opener.open(PORTAL + path, timeout=60) as answer:
            return answer.read()

    def status(self, path):
        """Return only how the portal answered."""
        try:
            with self._opener.open(PORTAL + path, timeout=60) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code


class Visitor(Citizen, Fetching):
    """A citizen whose browser runs the page's script too."""

    def post(self, page, address, **fields):
        """Ask what the script asks, with the token of the form that it stands in."""
        token = re.search(r'name="_token" value="([^"]+)"', page.text)[1]
        body = urlencode({"_token": token, **fields}).encode()
        return self._ask(urllib.request.Request(PORTAL + address, body, {"Origin": PORTAL}))


class Clerk(Officer, Fetching):
    """An officer who downloads, too."""


def send_file(invited, content):
    """Post a file to the bucket as it was invited; return the status."""
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in invited["fields"].items()
    ]
    head = "".join(parts) + '--x\r\nContent-Disposition: form-data; name="file"; filename="foto.jpg"\r\n\r\n'
    body = head.encode() + content + b"\r\n--x--\r\n"
    request = urllib.request.Request(invited["url"], body, {"Content-Type": "multipart/form-data; boundary=x"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.status


class Inbox:
    """The mails that SES took for one address."""

    def __init__(self, cloud, address):
        self._cloud, self._address = cloud, address

    def mails(self):
        """Return the mails to this address, oldest first, as the mail tray of the local stage has them."""
        return [mail for mail in self._cloud.sent() if mail["to"] == self._address]


class World:
    """Time passes: not by the clock of this machine, but by turning back the dates of reports and of what is told of them."""

    def __init__(self, cloud):
        self._cloud = cloud

    def days_pass(self, days):
        dynamodb = self._cloud.client("dynamodb")
        for table in (f"{PREFIX}changes", f"{PREFIX}reports"):
            for item in dynamodb.scan(TableName=table, ConsistentRead=True)["Items"]:
                dynamodb.put_item(TableName=table, Item=earlier(item, days))
        self.ticks("every_hour", 2)

    def minutes_pass(self, minutes):
        time.sleep(LETTER_WAIT_S)
        self.ticks("every_minute", 2)

    def letters_go(self):
        """They go by themselves: whoever looks for a mail waits for it."""

    def boards_are_counted(self):
        self.ticks("every_quarter_hour", 2)

    def ticks(self, function, count):
        """Wait until a schedule struck `count` times more, and its runs are over."""
        before = self._ended(function)
        until = time.monotonic() + 90
        while self._ended(function) < before + count:
            if time.monotonic() > until:
                raise AssertionError(f"{function} did not run in 90 seconds")
            time.sleep(0.3)

    def _ended(self, function):
        return sum(line.startswith("END ") for line in self._cloud.logs(function))


def earlier(value, days, name=""):
    """Return DynamoDB JSON with every instant and day of a report `days` earlier."""
    if isinstance(value, list):
        return [earlier(each, days) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"N"} and name in INSTANTS:
        return {"N": str(int(value["N"]) - days * MICROSECONDS_A_DAY)}
    if set(value) == {"S"} and name in DAYS and re.fullmatch(r"\d{4}-\d\d-\d\d", value["S"]):
        ordinal = time.mktime(time.strptime(value["S"] + " 12", "%Y-%m-%d %H")) - days * 86_400
        return {"S": time.strftime("%Y-%m-%d", time.localtime(ordinal))}
    return {each: earlier(inside, days, each if each not in ("M", "L") else name) for each, inside in value.items()}


class Cast:
    """Everybody, on the deployed stage."""

    def __init__(self, cloud):
        self._cloud = cloud

    def citizen(self):
        return Visitor(PORTAL, Way(self._cloud.url))

    def officer(self):
        return Clerk(PORTAL, Way(self._cloud.url))

    def inbox(self, address):
        return Inbox(self._cloud, address)

    def world(self):
        return World(self._cloud)

    def program(self, person):
        return Program(PORTAL, self.token(person), Way(self._cloud.url))

    def token(self, person):
        body = json.dumps({"person": person}).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self._cloud.issuers}/tokens", body), timeout=20) as answer:
            return json.loads(answer.read())["access_token"]


def bounce(mail, address, reference):
    """SES's own document of a bounce, about this mail."""
    event = json.loads((EVENTS / "ses-bounce.json").read_text())
    event["bounce"]["bouncedRecipients"][0]["emailAddress"] = address
    at = f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime())}.000Z"
    event["mail"] |= {"messageId": mail["id"], "destination": [address], "timestamp": at}
    event["mail"]["tags"] |= {"ses:configuration-set": [f"{PREFIX}mail"], TAG: [tag_of(f"{reference}#1")]}
    return json.dumps(event)


def usable(cloud, reference):
    key = {"reference": {"S": reference}}
    item = cloud.client("dynamodb").get_item(TableName=f"{PREFIX}reports", Key=key, ConsistentRead=True)["Item"]
    return item["contact"]["M"]["usable"]["BOOL"]
