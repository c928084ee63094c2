"""A plugin of pytest: which test runs which lines of the portal, and how long it takes; and a limit for tests that never end.

With COVERED it writes a file in that folder for each test process. With LIMITS (a JSON file: seconds by test) a test that takes
far longer than it did is failed: a mutant may loop for ever.
"""

import json
import os
import signal
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

HERE = str(Path.cwd() / "chalicelib") + os.sep
Lines = set[tuple[str, int]]


class Covering:
    """Collects the lines of each test, with those of the fixtures that were made for another one."""

    def __init__(self, folder: str) -> None:
        self._folder, self._lines = folder, set()
        self._fixtures: dict[str, Lines] = defaultdict(set)
        self._tests: list[tuple[str, float]] = []
        self._failed: list[str] = []
        self._covered: dict[str, int] = defaultdict(int)  # by `file:line`, a bit for each test

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: Any) -> Any:
        self._lines, began = set(), time.perf_counter()
        threading.settrace(self._called)
        sys.settrace(self._called)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            threading.settrace(None)  # type: ignore[arg-type]
            took = time.perf_counter() - began
            made = set().union(*(self._fixtures[name] for name in getattr(item, "fixturenames", ())))
            for path, line in self._lines | made:
                self._covered[f"{path.removeprefix(HERE)}:{line}"] |= 1 << len(self._tests)
            self._tests.append((item.nodeid, took))

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Any:
        before, self._lines = self._lines, set()
        try:
            return (yield)
        finally:
            self._fixtures[fixturedef.argname] |= self._lines
            self._lines = before | self._lines

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed.append(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._tests:
            content = {
                "tests": self._tests,
                "failed": self._failed,
                "covered": {place: f"{bits:x}" for place, bits in self._covered.items()},
            }
            Path(self._folder, f"{os.getpid()}.json").write_text(json.dumps(content), encoding="utf-8")

    def _called(self, frame: Any, event: str, argument: Any) -> Any:
        return self._line if frame.f_code.co_filename.startswith(HERE) else None

    def _line(self, frame: Any, event: str, argument: Any) -> Any:
        self._lines.add((frame.f_code.co_filename, frame.f_lineno))
        return self._line


class Limits:
    """Fails a test that takes far longer than it did."""

    def __init__(self, file: str) -> None:
        self._seconds = json.loads(Path(file).read_text("utf-8"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Any:
        signal.signal(signal.SIGPROF, self._late)  # by the processor's time: the machine may be busy
        signal.setitimer(signal.ITIMER_PROF, 20 + 20 * self._seconds.get(item.nodeid, 0))
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def _late(self, *_: Any) -> None:
        pytest.fail("this test does not end")


def pytest_configure(config: pytest.Config) -> None:
    if folder := os.environ.get("COVERED"):
        config.pluginmanager.register(Covering(folder))
    if file := os.environ.get("LIMITS"):
        config.pluginmanager.register(Limits(file))
