"""The forms beside the change of status: a note, and tasks. Each is a form of its own, so that no note ends in a letter. Pure."""

from dataclasses import replace

from chalicelib.core.language import N_
from chalicelib.desk.labels import TASK_WORDS
from chalicelib.forms.questions import Choice, Input, Need, Question
from chalicelib.reports.model import EXPLANATION_LENGTH, Report
from chalicelib.reports.tasks import Task

_INTERNAL = N_("Only officers read this.")
NOTE = Question("note", N_("Note"), Input.LONG_TEXT, Need.REQUIRED, hint=_INTERNAL, most=EXPLANATION_LENGTH)
_DONE = Question("doneTask", N_("Which task is done?"), Input.CHOICE, Need.REQUIRED)
_DONE_REMARK = Question("doneRemark", N_("How it was done"), Input.LONG_TEXT, hint=_INTERNAL, most=EXPLANATION_LENGTH)
_NEW = Question("newTask", N_("Which task?"), Input.CHOICE, Need.REQUIRED)
_NEW_REMARK = Question(
    "newRemark",
    N_("Work to be done, or what became known of it"),
    Input.LONG_TEXT,
    hint=_INTERNAL,
    most=EXPLANATION_LENGTH,
)
RAISED_BY_HAND = (
    Task.CALL_BACK,
    Task.FORWARD,
    Task.POST_COPY,
    Task.VICTIM_SUPPORT,
    Task.COMPENSATION,
    Task.CAMERA_IMAGES,
)


def done(report: Report) -> tuple[Question, ...]:
    """Return what is asked to note that a task was done; nothing when none is open."""
    return (_choice(_DONE, report.open_tasks), _DONE_REMARK) if report.open_tasks else ()


def raised(report: Report) -> tuple[Question, ...]:
    """Return what is asked to open a task, or to write more about one that is open."""
    return _choice(_NEW, tuple(dict.fromkeys((*RAISED_BY_HAND, *report.open_tasks)))), _NEW_REMARK


def _choice(question: Question, tasks: tuple[Task, ...]) -> Question:
    return replace(question, choices=tuple(Choice(task, TASK_WORDS[task]) for task in tasks))
