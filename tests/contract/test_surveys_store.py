"""The promises of every store of surveys: the same test bodies on the table (moto) and on the fake."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.core import ids
from chalicelib.core.codes import kept_name
from chalicelib.core.errors import Gone, NotFound
from chalicelib.reports.events import Channel
from chalicelib.surveys.model import Answer, Scores, SurveyLine, invitation
from chalicelib.surveys.store import SurveyStore
from tests.support.fakes_letters import FakeSurveys
from tests.support.samples import a_report

CODE = ids.code(b"c" * 32)
INVITED = invitation(a_report(), name=kept_name(b"k" * 32, CODE), on=date(2016, 7, 20), open_days=30)
LAST = date(2016, 8, 19)
SCORES = Scores(satisfaction=8, understood=5, easy_to_find=1, knew_what_to_expect=3)
ANSWER = Answer(SCORES, "Snel é ✓", date(2016, 7, 21))


@pytest.fixture(params=["table", "fake"])
def surveys(request, settings):
    if request.param == "fake":
        return FakeSurveys()
    request.getfixturevalue("aws")
    return SurveyStore(settings)


def test_an_invitation_comes_back_as_it_was_written(surveys):
    surveys.add(INVITED)

    assert surveys.get(INVITED.id) == INVITED
    assert INVITED.last_day == LAST


def test_an_unknown_invitation_is_none_and_cannot_be_answered(surveys):
    assert surveys.get(INVITED.id) is None
    with pytest.raises(NotFound):
        surveys.answer(INVITED.id, ANSWER, key="k")
    assert surveys.get(INVITED.id) is None


def test_an_invitation_that_was_not_told_yet_may_be_written_again_with_a_later_day(surveys):
    surveys.add(INVITED)
    later = replace(INVITED, invited_on=date(2016, 7, 22), last_day=date(2016, 8, 21))

    surveys.add(later)

    assert surveys.get(INVITED.id) == later


def test_an_answer_comes_back_and_nothing_overwrites_it(surveys):
    surveys.add(INVITED)

    answered = surveys.answer(INVITED.id, ANSWER, key="k")
    surveys.add(INVITED)

    assert answered == surveys.get(INVITED.id) == replace(INVITED, answer=ANSWER)


def test_a_second_answer_is_gone_even_with_the_same_words(surveys):
    surveys.add(INVITED)
    surveys.answer(INVITED.id, ANSWER, key="k")

    with pytest.raises(Gone) as gone:
        surveys.answer(INVITED.id, ANSWER, key="other")

    assert gone.value.why == "answered"


def test_the_same_request_twice_is_one_answer(surveys):
    surveys.add(INVITED)
    first = surveys.answer(INVITED.id, ANSWER, key="k")

    assert surveys.answer(INVITED.id, ANSWER, key="k") == first


def test_the_last_day_counts_and_the_day_after_is_gone(surveys):
    surveys.add(INVITED)

    with pytest.raises(Gone) as gone:
        surveys.answer(INVITED.id, replace(ANSWER, answered_on=date(2016, 8, 20)), key="k")
    assert gone.value.why == "expired"

    on_time = replace(ANSWER, answered_on=LAST, why="")
    assert surveys.answer(INVITED.id, on_time, key="k").answer == on_time


def test_a_month_holds_its_invitations_with_and_without_answers(surveys):
    surveys.add(INVITED)
    surveys.add(replace(INVITED, id="second", channel=Channel.DESK))
    surveys.add(replace(INVITED, id="june", month="2016-06"))
    surveys.answer(INVITED.id, ANSWER, key="k")

    found = sorted(surveys.of_month("2016-07"), key=lambda line: line.channel)

    assert found == [
        SurveyLine("bicycle-theft", "Noord-Nederland", Channel.DESK, "2016-07", None),
        SurveyLine("bicycle-theft", "Noord-Nederland", Channel.ONLINE, "2016-07", SCORES),
    ]


def test_nothing_in_the_table_leads_back_to_a_report_or_a_person(aws, settings):
    surveys = SurveyStore(settings)
    surveys.add(INVITED)
    surveys.answer(INVITED.id, ANSWER, key="k")

    [item] = aws.items("surveys")

    assert CODE not in str(item)
    assert set(item) == {
        "id", "kind", "unit", "channel", "month", "invited_on", "last_day", "satisfaction", "understood", "easy_to_find",
        "knew_what_to_expect", "why", "answered_on", "key", "expires_at",
    }  # fmt: skip
