"""Why a deploy stops: one sentence that says what is wrong and what to do."""


class Stop(SystemExit):
    """The deploy cannot go on. The steps that were done so far stay done, and the next run takes it from there.

    A SystemExit, because Chalice makes a traceback of every other error: so its sentence is all that is said, whoever runs us.
    """
