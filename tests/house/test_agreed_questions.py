"""The questions of every kind of crime are those that were agreed: how each is read, how much it takes, when it is asked.

A change of a question is also one of the list in tests/data, so that somebody reads what becomes of a report. To write that
again: `python -m tests.house.test_agreed_questions`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from chalicelib.forms.questions import Question
from chalicelib.reports.crimes import KINDS

AGREED = Path(__file__).parents[1] / "data" / "questions.txt"


def _lines(place: str, questions: Iterable[Question]) -> Iterator[str]:
    for question in questions:
        said = [
            question.input.value,
            question.need.value,
            f"most {question.most}",
            *(choice.value for choice in question.choices),
        ]
        if question.when:
            said.append(f"when {question.when[0]} is {' or '.join(sorted(map(str, question.when[1])))}")
        if question.eased:
            read = f" as {question.eased.input.value}" if question.eased.input else ""
            said.append(
                f"optional{read} when {question.eased.question} is {' or '.join(sorted(map(str, question.eased.answers)))}"
            )
        if question.stranger:
            said.append("taken as typed")
        if question.autocomplete:
            said.append(f"known as {question.autocomplete}")
        yield f"{place}.{question.name}: {', '.join(said)}"
        yield from _lines(f"{place}.{question.name}", question.rows)


def agreed() -> str:
    """Return the list as it stands in the code."""
    sections = {
        line: None for kind in KINDS.values() for section in kind.sections for line in _lines(section.name, section.questions)
    }
    kinds = [
        f"{code}: {', '.join(section.name for section in kind.sections)} ({len(kind.questions)} questions)"
        for code, kind in KINDS.items()
    ]
    return "\n".join([*kinds, "", *sections, ""])


def test_every_question_is_asked_as_it_was_agreed():
    assert agreed() == AGREED.read_text("utf-8"), "agreed otherwise? then run: python -m tests.house.test_agreed_questions"


if __name__ == "__main__":
    AGREED.write_text(agreed(), "utf-8")
