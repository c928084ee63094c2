"""The promises of every store of standard texts: on the table (moto) and on the fake."""

from dataclasses import replace

import pytest

from chalicelib.core.errors import Conflict
from chalicelib.core.language import Language
from chalicelib.texts.model import ALL_UNITS, TextState, TextVersion
from chalicelib.texts.store import TextStore, shipped
from tests.support.fakes_texts import FakeTexts

UNIT = "Noord-Nederland"


@pytest.fixture(params=["table", "fake"])
def texts(request, settings):
    if request.param == "fake":
        return FakeTexts()
    request.getfixturevalue("aws")
    return TextStore(settings)


@pytest.fixture
def text(clock):
    return TextVersion(
        id="TXT-K7MD-PR3W",
        version=1,
        unit=UNIT,
        occasion="closed",
        crime="",
        name="Gestopt",
        bodies={Language.NL: "We zijn gestopt.", Language.EN: "We stopped."},
        author="NN1",
        author_units=frozenset({UNIT}),
        written_at=clock.now(),
    )


def test_versions_come_back_in_order_as_they_were_written(texts, text):
    second = replace(text, version=2, name="Gestopt, korter", crime="fraud")
    for one in (second, text):
        texts.add(one)

    assert list(texts.of_unit(UNIT)) == [text, second]
    assert list(texts.of_unit("Limburg")) == []
    assert list(texts.of_unit(ALL_UNITS)) == list(shipped())


def test_of_two_who_write_the_same_version_the_second_is_refused(texts, text):
    texts.add(text)
    texts.add(text)  # the reply was lost, and the write came again

    with pytest.raises(Conflict, match="text_changed"):
        texts.add(replace(text, name="Anders"))

    assert list(texts.of_unit(UNIT)) == [text]


def test_a_version_is_published_once_and_by_whoever_was_first(texts, text, clock):
    texts.add(text)
    published = replace(text, state=TextState.PUBLISHED, by="NN2", at=clock.now())
    texts.decide(text, published)
    texts.decide(text, published)

    with pytest.raises(Conflict, match="text_changed"):
        texts.decide(text, replace(published, by="NN3"))

    assert list(texts.of_unit(UNIT)) == [published]
