"""Everybody in a story on the deployed stage: the same actors, on the portal's real address, which leads to the emulator here."""

import functools
import http.client
import json
import re
import time
import urllib.request
from urllib.parse import urlsplit

from tests.deployed.cloud import LETTER_WAIT_S, PORTAL, PREFIX
from tests.e2e.actors import Citizen, Officer

MICROSECONDS_A_DAY = 86_400_000_000
INSTANTS, DAYS = {"at", "filed_at", "changed_at", "ea"}, {"due_on", "d"}


class _Connection(http.client.HTTPSConnection):
    """What was dialled as https://portal.example is the emulator, without TLS: that is API Gateway's own part."""

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


class Inbox:
    """What SES took for one address."""

    def __init__(self, cloud, address):
        self._cloud, self._address = cloud, address

    def mails(self):
        """Return the mails to this address, oldest first, as the mail tray of the local stage has them."""
        return [mail for mail in self._cloud.sent() if mail["to"] == self._address]


class World:
    """Time passes: not by the clock of this machine, but by turning back the dates of the reports."""

    def __init__(self, cloud):
        self._cloud = cloud

    def days_pass(self, days):
        table = f"{PREFIX}reports"
        dynamodb = self._cloud.client("dynamodb")
        for item in dynamodb.scan(TableName=table, ConsistentRead=True)["Items"]:
            dynamodb.put_item(TableName=table, Item=_earlier(item, days))
        self.ticks("every_hour", 2)

    def minutes_pass(self, minutes):
        time.sleep(LETTER_WAIT_S)
        self.ticks("every_minute", 2)

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


def _earlier(value, days, name=""):
    """Return DynamoDB JSON with every instant and day of a report `days` earlier."""
    if isinstance(value, list):
        return [_earlier(each, days) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"N"} and name in INSTANTS:
        return {"N": str(int(value["N"]) - days * MICROSECONDS_A_DAY)}
    if set(value) == {"S"} and name in DAYS and re.fullmatch(r"\d{4}-\d\d-\d\d", value["S"]):
        ordinal = time.mktime(time.strptime(value["S"] + " 12", "%Y-%m-%d %H")) - days * 86_400
        return {"S": time.strftime("%Y-%m-%d", time.localtime(ordinal))}
    return {each: _earlier(inside, days, each if each not in ("M", "L") else name) for each, inside in value.items()}


class Cast:
    """Everybody, on the deployed stage."""

    def __init__(self, cloud):
        self._cloud = cloud

    def citizen(self):
        return Citizen(PORTAL, Way(self._cloud.url))

    def officer(self):
        return Officer(PORTAL, Way(self._cloud.url))

    def inbox(self, address):
        return Inbox(self._cloud, address)

    def world(self):
        return World(self._cloud)

    def token(self, person):
        body = json.dumps({"person": person}).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self._cloud.issuers}/tokens", body), timeout=20) as answer:
            return json.loads(answer.read())["access_token"]
