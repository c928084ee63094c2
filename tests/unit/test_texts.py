"""Standard texts: written once, read by two, filled in for each report, and never sent with something left to fill in."""

from dataclasses import replace

import pytest

from chalicelib.core.errors import Conflict, Invalid, NotFound
from chalicelib.core.language import Language
from chalicelib.people.model import Officer, StaffRole
from chalicelib.reports import corrections, promises
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.information_request import AnswerSort, Part
from chalicelib.reports.model import EXPLANATION_LENGTH, Change
from chalicelib.reports.placeholders import unfilled
from chalicelib.reports.statuses import Status
from chalicelib.texts import actions, model
from chalicelib.texts.actions import TextEdit
from chalicelib.texts.filling import fill
from chalicelib.texts.model import ALL_UNITS, OCCASIONS
from chalicelib.texts.reading_level import remarks, score
from chalicelib.texts.store import shipped
from tests.support.fakes_texts import FakeTexts
from tests.support.samples import a_report

UNIT = "Noord-Nederland"
BY = Actor(Role.OFFICER, "NN1")
EDIT = TextEdit(
    unit=UNIT,
    occasion="closed",
    crime="",
    name="Gestopt",
    bodies={
        Language.NL: "We zijn gestopt met {aangiftenummer}. Reden: {reden}.",
        Language.EN: "We stopped with {report number}. Reason: {reason}.",
    },
)


def an_officer(number, *units):
    return Officer(number, frozenset({StaffRole.SUPERVISOR}), frozenset(units or {UNIT}))


ANNE, BRAM, CEM = an_officer("NN1"), an_officer("NN2"), an_officer("LI1", "Limburg")


@pytest.fixture
def texts():
    return FakeTexts()


def written(texts, clock, edit=EDIT, officer=ANNE):
    return actions.write(edit, officer=officer, texts=texts, clock=clock)


def test_a_text_is_used_after_a_colleague_published_it(texts, clock):
    draft = written(texts, clock)
    before = actions.usable(UNIT, texts)
    published = actions.publish(draft, officer=BRAM, texts=texts, clock=clock)

    assert draft.id not in {text.id for text in before}
    assert published in actions.usable(UNIT, texts)
    assert published not in actions.usable("Limburg", texts)


def test_nobody_publishes_their_own_text(texts, clock):
    draft = written(texts, clock)

    with pytest.raises(Conflict, match="text_needs_another_reader"):
        actions.publish(draft, officer=ANNE, texts=texts, clock=clock)


def test_a_text_for_all_units_is_read_by_somebody_of_another_unit(texts, clock):
    draft = written(texts, clock, replace(EDIT, unit=ALL_UNITS))

    with pytest.raises(Conflict, match="text_needs_another_reader"):
        actions.publish(draft, officer=BRAM, texts=texts, clock=clock)
    actions.publish(draft, officer=CEM, texts=texts, clock=clock)

    assert draft.id in {text.id for text in actions.usable(UNIT, texts)}


def test_the_older_version_is_used_until_the_newer_one_is_published(texts, clock):
    first = actions.publish(written(texts, clock), officer=BRAM, texts=texts, clock=clock)
    newer = actions.write(replace(EDIT, name="Kort"), text_id=first.id, seen=1, officer=ANNE, texts=texts, clock=clock)
    assert first in actions.usable(UNIT, texts)
    newer = actions.publish(newer, officer=BRAM, texts=texts, clock=clock)

    assert (newer in actions.usable(UNIT, texts), first in actions.usable(UNIT, texts)) == (True, False)


def test_a_retired_text_is_not_offered_and_stays_known(texts, clock):
    published = actions.publish(written(texts, clock), officer=BRAM, texts=texts, clock=clock)
    retired = actions.retire(published, officer=ANNE, texts=texts, clock=clock)

    assert published.id not in {text.id for text in actions.usable(UNIT, texts)}
    assert actions.find(published.id, [UNIT], texts) == [retired]
    with pytest.raises(Conflict, match="text_not_published"):
        actions.retire(retired, officer=ANNE, texts=texts, clock=clock)


def test_of_two_who_change_a_text_at_once_the_second_reads_that_it_changed(texts, clock):
    first = written(texts, clock)
    actions.write(replace(EDIT, name="Een"), text_id=first.id, seen=1, officer=ANNE, texts=texts, clock=clock)

    with pytest.raises(Conflict, match="text_changed"):
        actions.write(replace(EDIT, name="Twee"), text_id=first.id, seen=1, officer=BRAM, texts=texts, clock=clock)


def test_a_text_of_another_unit_is_not_found(texts, clock):
    draft = written(texts, clock)

    with pytest.raises(NotFound):
        actions.find(draft.id, ["Limburg"], texts)


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"occasion": "awaiting_reporter"}, "occasion", "not_a_choice"),
        ({"crime": "arson"}, "crime", "not_a_choice"),
        ({"name": " "}, "name", "required"),
        ({"bodies": {Language.NL: "Tekst."}}, "en", "required"),
        ({"bodies": {Language.NL: "Tekst.", Language.EN: "Text {a}."}}, "en", "placeholders_differ"),
        ({"bodies": {Language.NL: "x" * EXPLANATION_LENGTH + "y", Language.EN: "Text."}}, "nl", "too_long"),
        ({"bodies": {Language.NL: "x" * (EXPLANATION_LENGTH - 9) + "{soort}", Language.EN: "Text."}}, "nl", "too_long"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused_with_its_field(texts, clock, changed, field, code):
    with pytest.raises(Invalid) as refused:
        written(texts, clock, replace(EDIT, **changed))

    assert (field, code) in {(error.field, error.code) for error in refused.value.errors}


def test_what_is_known_of_a_report_is_filled_in_and_the_rest_is_named():
    report = a_report()
    text = "{Aangiftenummer}, {politienummer}, {gemeente}, {datum van aangifte}, {reden}"

    filled = fill(text, report)

    assert filled == f"{report.reference}, {{politienummer}}, Groningen, 1 juli 2016, {{reden}}"
    assert unfilled(filled) == ("politienummer", "reden")


DAY = a_report().filed_at.date()
FILLED_IN = {  # by what an officer says something to a reporter, with a place that is still to be filled in
    "a status": lambda report, at: report.changed(Change(Status.REFERRED, explanation="Bel {naam}."), by=BY, at=at),
    "a correction": lambda report, at: corrections.corrected(
        report.changed(Change(Status.CHECKED), by=BY, at=at), Change(Status.RECEIVED, explanation="Bel {naam}."), by=BY, at=at
    ),
    "an update": lambda report, at: promises.update_given(report, "Bel {naam}.", by=BY, at=at),
    "a question": lambda report, at: report.asked("Waar was {naam}?", deadline_on=DAY.replace(day=20), by=BY, at=at),
    "the text of a question": lambda report, at: report.asked(
        "", [Part("Waar was {naam}?")], deadline_on=DAY.replace(day=20), by=BY, at=at
    ),
    "an answer to choose": lambda report, at: report.asked(
        "", [Part("Waar?", AnswerSort.CHOICE, ("Bij {naam}", "Thuis"))], deadline_on=DAY.replace(day=20), by=BY, at=at
    ),
}


@pytest.mark.parametrize("what", FILLED_IN)
def test_t9_nothing_is_told_to_a_reporter_in_which_something_is_left_to_fill_in(what):
    report = a_report()

    with pytest.raises(Invalid) as refused:
        FILLED_IN[what](report, report.filed_at)

    field = "text" if "question" in what or "answer" in what else "explanation"
    assert [(e.field, e.code, e.values["what"]) for e in refused.value.errors] == [(field, "placeholder_left", "naam")]


@pytest.mark.parametrize("text", shipped(), ids=lambda text: text.id)
def test_what_comes_with_the_portal_can_be_used_and_is_easy_to_read(text):
    model.require_usable(text)
    for language, body in text.bodies.items():
        assert remarks(body, language) == ()


def test_there_is_a_text_for_every_decision_and_for_news():
    assert {"not_investigated", "closed", "registered", "reopened", "update_given"} <= {text.occasion for text in shipped()}
    assert {text.occasion for text in shipped()} <= set(OCCASIONS)


def test_a_hard_text_is_remarked_upon_sentence_by_sentence():
    hard = (
        "Wij delen u mede dat wij teneinde de door u verstrekte informatie omtrent het voorval nader te kunnen beoordelen "
        "genoodzaakt zijn aanvullende inlichtingen in te winnen."
    )
    found = remarks(hard, Language.NL)

    assert {remark.code for remark in found} == {"long_sentence", "word_of_offices", "hard_to_read"}
    assert {remark.values.get("word") for remark in found} >= {"teneinde", "omtrent"}
    assert score("Kort.", Language.NL) is None
