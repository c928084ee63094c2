"""`make screens`: the pictures of the desk, from a stage with the month of work that `make run DEMO=1` shows.

The stage runs as whoever tries it runs it, in a process of its own, on the day that it is; so these pictures are taken anew
only by hand.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

from infra.local.demo import MOST
from tests.browser.chromium import launched
from tests.browser.pictures import SCREENS, small

WIDTH, HEIGHT = 1280, 720
OFFICER = "handler-noord"


def main() -> None:
    """Fill a stage, log in as an officer, and go from the first page to the reports that are linked by an account."""
    with _stage() as url, sync_playwright() as playwright, launched(playwright) as browser:
        tab = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        tab.goto(f"{url}/staff/login")
        tab.locator(f'button[value="{OFFICER}"]').click()
        tab.goto(f"{url}/desk")
        while not tab.locator(".counts").count():  # the reports are there, and counted a moment later
            tab.wait_for_timeout(1000)
            tab.reload()
        _take(tab, "start-1280")
        tab.goto(f"{url}/desk/queue?kind=marketplace-purchase-fraud")
        tab.locator(".queue td a").first.click()
        tab.locator("main form .button").first.click()
        _take(tab, "desk-report-1280")
        tab.locator('main a[href*="/linked/"]').first.click()
        _take(tab, "linked-1280")
        tab.goto(f"{url}/desk/queue?status=all")
        _take(tab, "worklist-1280")


def _take(tab: Page, name: str) -> None:
    (SCREENS / f"{name}.png").write_bytes(small(tab.screenshot()))


@contextmanager
def _stage() -> Iterator[str]:
    """Run a stage on a free port, wait until its month is there, and yield its address."""
    line = [sys.executable, "-m", "infra.local", "--port", "0", "--demo"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        url = ""
        try:
            for said in process.stdout:
                url = url or next((word for word in said.split() if word.startswith("http://127.0.0.1")), "")
                if f"{MOST} of {MOST}" in said:
                    break
            yield url.rstrip("/")
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
