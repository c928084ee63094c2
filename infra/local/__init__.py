"""The local stage: one process with routes, stream, schedules, a mail tray, a simulated DigiD and a clock that can be moved.

Everything that exists only here is under /_local. `python -m infra.local`, or in a test `with Stage(port=0) as stage:`.
"""
