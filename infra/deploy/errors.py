"""Why a deploy stops: one sentence that says what is wrong and what to do."""


class Stop(Exception):
    """The deploy cannot go on. The steps that were done so far stay done, and the next run takes it from there."""
