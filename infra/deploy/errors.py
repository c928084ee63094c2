"""Why a deploy stops: one sentence that says what is wrong and what to do."""


class Stop(Exception):
    """The deploy cannot go on. What was done so far stays, and the next run takes it from there."""
