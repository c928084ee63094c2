"""A day at a police unit, told by those who spend it: the same on a laptop (tests/e2e) and as it is deployed (tests/deployed).

Youssef, Aylin and Joost handle reports in Amsterdam, Noël leads them, Marieke leads everywhere, Fenna and Hylke work in the
north, and Wim looks whether they look at no more than they should. They see pages, and nothing else; so does this story.
"""

import time

from tests.e2e.day import after, afternoon, frauds, morning
from tests.e2e.day.people import Day

SCENES = (
    morning.citizens_file,
    morning.the_first_page_counts,
    morning.two_take_the_next_at_once,
    morning.a_question_and_its_answer,
    frauds.an_account_is_searched,
    frauds.a_supervisor_gives_the_case_to_a_team,
    frauds.they_get_their_police_numbers,
    frauds.all_are_decided_in_one_act,
    frauds.the_victims_read_why,
    afternoon.a_slip_is_undone_and_nobody_hears_of_it,
    afternoon.a_slip_that_was_read_is_corrected,
    afternoon.two_reports_cannot_have_one_police_number,
    afternoon.a_standard_text_needs_two_pairs_of_eyes,
    afternoon.a_report_goes_to_another_unit,
    afternoon.found_property_becomes_a_task,
    afternoon.what_was_mailed,
    frauds.each_victim_was_mailed_once,
    after.a_supervisor_sees_the_figures,
    after.an_auditor_reads_who_looked,
    after.a_reporter_asks_how_it_stands,
    after.a_decision_is_contested,
    after.somebody_asks_to_be_called,
    after.the_polices_own_system_was_told,
    after.a_closed_report_is_opened_again_after_a_year,
)


def spend(cast, eventually):
    """Spend the day, from before the first cup of coffee to what is found out a year later."""
    day = Day(cast, eventually)
    for scene in SCENES:
        began = time.monotonic()
        scene(day)
        day.took[scene.__name__] = round(time.monotonic() - began, 1)
    return day
