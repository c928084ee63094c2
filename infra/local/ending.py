"""Ending a thread of the stage: nothing may still be at work when AWS is taken away, or when the next stage has its own."""

import threading

PATIENCE_S = 60.0  # longer than any handler takes on a busy machine


def ended(thread: threading.Thread, within_s: float = PATIENCE_S) -> None:
    """Wait until a thread that was told to stop has stopped. Raises TimeoutError when it goes on."""
    thread.join(timeout=within_s)
    if thread.is_alive():
        raise TimeoutError(f"{thread.name} is still at work")
