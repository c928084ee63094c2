"""Every AWS call of this process, one at a time, and who listens to them.

moto answers the calls in memory, but its state is not safe under threads (two conditional writes can both succeed); so
each call holds one lock, as if each table were a single partition.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from moto.core.models import botocore_stubber

Answer = tuple[int, Any, Any]
Listener = Callable[[Any, Answer], None]


class AwsTap:
    """Stands between botocore and moto."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._listeners: list[Listener] = []
        self._moto = botocore_stubber.process_request

    def connect(self) -> None:
        botocore_stubber.process_request = self._process

    def disconnect(self) -> None:
        botocore_stubber.process_request = self._moto

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let no other thread call AWS meanwhile."""
        with self._lock:
            yield

    def listen(self, listener: Listener) -> None:
        """Call `listener(request, answer)` after every call that moto answered, outside the lock."""
        self._listeners.append(listener)

    def _process(self, request: Any) -> Answer | None:
        with self._lock:
            answer: Answer | None = self._moto(request)
        if answer is not None:
            for listener in self._listeners:
                listener(request, answer)
        return answer
