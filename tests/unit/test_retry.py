"""Load, decide, save: what rests on no version that anybody saw is done again when somebody else was first."""

import pytest

from chalicelib.core.errors import Conflict
from chalicelib.core.retry import load_decide_save


class Shelf:
    """A text with a version, which others change `meanwhile` so many times."""

    def __init__(self, meanwhile):
        self.text, self.meanwhile, self.saved = "a", meanwhile, 0

    def load(self):
        return self.text

    def save(self, before, after):
        if self.meanwhile:
            self.meanwhile -= 1
            self.text += "+"
            raise Conflict("stale_version")
        assert before == self.text
        self.text, self.saved = after, self.saved + 1
        return after


def test_a_change_is_decided_again_on_what_another_left():
    shelf = Shelf(meanwhile=2)

    assert load_decide_save(shelf.load, lambda text: f"{text}b", shelf.save, tries=3) == ("a++", "a++b")
    assert shelf.text == "a++b"


def test_what_decides_nothing_new_is_not_saved():
    shelf = Shelf(meanwhile=0)

    before, after = load_decide_save(shelf.load, lambda text: text, shelf.save, tries=3)

    assert before is after
    assert shelf.saved == 0


def test_somebody_who_is_never_first_is_told():
    shelf = Shelf(meanwhile=3)

    with pytest.raises(Conflict, match="stale_version"):
        load_decide_save(shelf.load, lambda text: f"{text}b", shelf.save, tries=3)
    assert shelf.saved == 0


def test_what_the_decision_refuses_is_not_tried_again():
    def refuse(_):
        raise Conflict("additions_full")

    shelf = Shelf(meanwhile=0)
    with pytest.raises(Conflict, match="additions_full"):
        load_decide_save(shelf.load, refuse, shelf.save, tries=3)
