"""Truly at once, over HTTP: two clicks in the same instant on a stage that serves many threads."""

import json
import threading
import urllib.error
import urllib.request

from tests.app.forms import typed
from tests.e2e.actors import Citizen, World
from tests.support.samples import answers


def at_once(*acts):
    """Do all of them in the same instant, each on a thread of its own, and return what came of each."""
    ready, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        ready.wait()
        found[place] = act()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


def _values(given):
    return given if isinstance(given, list) else [given]


def called(url, token, body, key):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers), timeout=60) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def test_two_clicks_in_the_same_instant_file_one_report_and_show_its_receipt(stage):
    citizen = Citizen(stage.url)
    citizen.log_in("boer")
    fields = typed()
    check = citizen.tell("bicycle-theft", [(name, value) for name in fields for value in _values(fields[name])])
    before = citizen.open("/reports").text.count('<td><a href="/reports/')

    first, second = at_once(*[lambda: citizen.confirm(check)] * 2)

    assert (first.status, second.status) == (200, 200)
    assert first.path == second.path
    assert first.path.endswith("/receipt")
    assert citizen.open("/reports").text.count('<td><a href="/reports/') == before + 1


def test_the_same_call_in_the_same_instant_is_carried_out_once(stage):
    world = World(stage.url)
    citizen, officer = world.token("boer"), world.token("handler")
    body = {"kind": "bicycle-theft", "answers": answers(), "truth": True}

    filed = at_once(*[lambda: called(f"{stage.url}/v1/reports", citizen, body, "file")] * 3)
    reference = filed[0][1]["reference"]
    address = f"{stage.url}/v1/desk/reports/{reference}/status-changes"
    changed = at_once(*[lambda: called(address, officer, {"status": "checked", "version": 1}, "change")] * 3)

    assert {status for status, _ in filed} == {status for status, _ in changed} == {201}
    assert {report["reference"] for _, report in filed} == {reference}
    assert [event["kind"] for event in changed[-1][1]["timeline"]] == ["received", "status_changed"]
