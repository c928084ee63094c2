"""Nothing is forgotten: every role, letter, language and term is everywhere where there is one of each.

Each check is made twice: of what there is, and of one more that nobody wrote down, of which it has to say what lacks.
"""

import pytest

from chalicelib.core.language import Language
from chalicelib.core.retention import RETENTION, Kept
from chalicelib.letters.catalogue import Letter
from chalicelib.letters.render import NEUTRAL_WITHIN, TEMPLATES
from chalicelib.people.model import StaffRole
from chalicelib.reports.crimes import CRIME_WORDS, CRIMES, KINDS
from chalicelib.reports.events import EventKind
from chalicelib.reports.retention import TERMS, Sight
from chalicelib.reports.statuses import Status
from tests.house.completeness import (
    PARTIAL,
    files_missing,
    lacking,
    languages_without_catalogue,
    roles_without_permission,
    roles_without_person,
    tables,
    terms_unkept,
)

TABLES = tables()
KEPT_YEARS = RETENTION[Kept.REPORTS].years


def test_the_tables_of_the_house_are_found():
    assert len(TABLES) > 30
    assert {table.name for table in TABLES} >= set(PARTIAL), "these are left out of a table that is no more"
    assert all(len(partial.why) > 20 for partial in PARTIAL.values())


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_a_table_has_a_row_for_every_member(table):
    assert [each for enum in table.enums for each in table.lacks(enum)] == []


@pytest.mark.parametrize("table", [table for table in TABLES if table.name in PARTIAL and PARTIAL[table.name].members], ids=str)
def test_what_a_table_leaves_out_it_does_not_have(table):
    assert PARTIAL[table.name].members.isdisjoint(table.rows)


def test_every_crime_has_its_words():
    assert set(CRIME_WORDS) == set(CRIMES) == {kind.crime for kind in KINDS.values()}


def test_every_staff_role_may_do_something_and_is_played_on_the_local_stage():
    assert roles_without_permission(StaffRole) == []
    assert roles_without_person(StaffRole) == []


def test_a_new_staff_role_is_missed_in_every_table_by_name():
    roles = [*StaffRole, "night_watch"]

    assert roles_without_permission(roles) == ["no permission of people.permissions.ALLOWED names night_watch"]
    assert roles_without_person(roles) == ["no officer of infra/local/people.py is a night_watch"]
    assert lacking(StaffRole, roles) == [
        "people.permissions.REASONS lacks night_watch",
        "reports.presenter.STAFF_WORDS lacks night_watch",
        "infra.local.people._DUTCH lacks night_watch",
    ]


def test_every_letter_has_its_files_in_every_language():
    assert files_missing(Language, Letter) == []


def test_a_new_letter_is_missed_with_its_words_and_each_of_its_files():
    missing = files_missing(Language, [*Letter, "planted"])

    assert len(missing) == len(Language) * 2 * 3
    assert "chalicelib/letters/templates/planted/nl/neutral/body.html is not there" in missing
    assert lacking(Letter, [*Letter, "planted"]) == ["letters.labels.LETTER_WORDS lacks planted"]


def test_every_letter_says_in_which_language_it_is():
    letters = {file: file.relative_to(TEMPLATES).parts[1] for file in TEMPLATES.rglob("body.html")}

    assert len(letters) >= len(Letter) * len(Language)
    assert [file for file, language in letters.items() if f'<html lang="{language}">' not in file.read_text("utf-8")] == []


def test_every_language_has_its_catalogue():
    assert languages_without_catalogue(Language) == []


def test_a_new_language_is_missed_in_every_table_letter_and_catalogue():
    languages = [*Language, "fy"]

    assert languages_without_catalogue(languages) == ["chalicelib/locale/fy/LC_MESSAGES/messages.mo is not there"]
    assert len(files_missing(languages, Letter)) == len(Letter) * 2 * 3 - len(NEUTRAL_WITHIN) * 3
    assert set(lacking(Language, languages)) >= {
        "core.language.LANGUAGES lacks fy",
        "copies.presenter.OTHER_WORDS lacks fy",
    }


def test_every_term_is_kept_everywhere():
    assert terms_unkept(KEPT_YEARS, TERMS) == []


def test_a_new_retention_term_is_missed_where_it_is_not_kept():
    assert terms_unkept(12, TERMS) == [
        "evidence.store.LONGEST ends before the report",
        "infra/template.yaml: what is kept expires after 3700 days",
    ]
    assert terms_unkept(KEPT_YEARS, (*TERMS, (20, Sight.LISTED))) == [
        "reports.retention.TERMS is not in order, or goes on after the report was destroyed"
    ]
    assert terms_unkept(KEPT_YEARS, TERMS[:1]) == ["reports.retention.TERMS does not have each Sight once"]


def test_a_new_status_and_a_new_event_are_missed_in_every_table_by_name():
    of_status, of_event = lacking(Status, [*Status, "lost"]), lacking(EventKind, [*EventKind, "vanished"])

    assert {"reports.statuses.TRANSITIONS lacks lost", "reports.statuses.WORDS lacks lost"} <= set(of_status)
    assert {"letters.catalogue.CATALOGUE lacks vanished", "reports.presenter.EVENT_WORDS lacks vanished"} <= set(of_event)
