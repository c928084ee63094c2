"""The sentences for a reader when something is refused: which field, what is wrong, what to do. One row per code.

A house test wants a row for every code that the code can raise. The sentences are messages; `nl` has the Dutch.
"""

from collections.abc import Mapping
from datetime import date

from chalicelib.core.errors import Conflict, FieldError
from chalicelib.core.language import N_, Language, long_date, translate
from chalicelib.forms.questions import Warned

FIELD: Mapping[str, str] = {
    "required": N_("Fill this in"),
    "choose_one": N_("Choose one of the answers"),
    "yes_or_no": N_("Choose yes or no"),
    "must_tick": N_("Tick this box to go on"),
    "not_text": N_("Write this as text"),
    "not_a_number": N_("Write this as a whole number"),
    "not_a_decimal": N_("Send this as a number, for example 649.5"),
    "too_low": N_("Use a number of %(least)s or more"),
    "too_high": N_("Use a number of %(most)s or less"),
    "not_a_list": N_("Send this as a list"),
    "not_an_object": N_("Send this as an object with named fields"),
    "not_a_choice": N_("Choose one of the answers that are offered"),
    "none_and_others": N_("Choose either “None of these” or what applies, not both"),
    "unknown_field": N_("This field is not known. Leave it out"),
    "sent_twice": N_("This was sent twice. Send it once"),
    "wrong_value": N_("This value cannot be used. Look at the example and change it"),
    "too_long": N_("This is too long. Use at most %(most)s characters"),
    "too_many_rows": N_("There are too many rows. Use at most %(most)s"),
    "control_characters": N_(
        "There are characters in this text that nobody can read. Type that part again instead of pasting it"
    ),
    "date_format": N_("Write the date as day-month-year, for example 12-7-2016"),
    "no_such_date": N_("This date does not exist. Check the day, the month and the year"),
    "date_too_far": N_("This date is too far away. Check the year"),
    "which_century": N_("Write the year with four digits, for example 1980"),
    "date_in_future": N_("This date is in the future. Enter a date of today or before"),
    "deadline_in_past": N_("The deadline must be tomorrow or later"),
    "time_format": N_("Write the time as hours and minutes, for example 14:30"),
    "no_clue": N_("Nothing is found by this. Check it, or choose which sort it is"),
    "clue_too_long": N_("This is too long to search by. Copy only the number or the address"),
    "line_columns": N_("A line has three parts: sort, number on the thing, number on the list"),
    "line_sort": N_("The sort is not known. Write frame, imei, serial or plate"),
    "line_value": N_("This cannot be the number on a thing. Check it: a frame number has digits, an IMEI 15 of them"),
    "line_number": N_("The number on the list has at most 30 letters, digits and hyphens, such as NN-2016-0012"),
    "victim_list": N_("This is no number of a list. It looks like S-K7MD-PR3W, and stands in the file and on this page"),
    "receiver_name": N_("Fill in the name of the organisation"),
    "not_agreed": N_("This goes only if the reporter agreed. Ask them first and tick that they did, or leave that part out"),
    "list_too_large": N_("This file is larger than %(most)s KB. Send the list in parts, of at most 200 lines each"),
    "list_not_text": N_("This file is no list of text lines. Save it as CSV in your spreadsheet, and choose that file"),
    "list_twice": N_("Choose a file or paste a list, not both: empty one of the two"),
    "too_many_lines": N_("There are more lines than one list may have. Send these lines as a list of their own"),
    "shared_until": N_("Choose a day from tomorrow on, at most five years from now: then somebody looks at it again"),
    "half_a_name": N_(
        "Nobody is found by a name alone. Type the family name with the date of birth, for example: van den Berg 12-7-1980"
    ),
    "no_such_time": N_("This time did not exist: that night the clock went from 2:00 to 3:00. Look at the time again"),
    "moment_format": N_("Write date, time and offset, for example 2016-07-12T14:30:00+02:00"),
    "moment_in_future": N_("This moment is in the future. Enter a moment before now"),
    "ends_before_start": N_("The end is before the start. Change one of the two moments"),
    "money_format": N_("Write the amount in euros, for example 649,50 or 1.250"),
    "postcode": N_("Write a postcode with four digits and two letters, for example 1234 AB"),
    "email": N_("Write an e-mail address such as name@example.nl"),
    "phone": N_("Write a telephone number such as 06 12345678 or +32 470 12 34 56"),
    "iban": N_("This account number is not right. Check it, for example NL91 ABNA 0417 1643 00"),
    "bsn": N_("This is not a BSN. It has nine digits: look at the identity document again"),
    "imei": N_("This IMEI number is not right. It has 15 digits; you find it on the box"),
    "company_number": N_("Write the KVK number with 8 digits"),
    "branch_number": N_("Write the branch number with 12 digits, or leave it empty"),
    "url": N_("Write the address of the website, for example www.example.com"),
    "municipality": N_("We do not know this place. Enter a municipality, town or village, for example Zaanstad or Zaandam"),
    "municipality_which": N_("There are more places with this name. Choose one: %(names)s"),
    "municipality_like": N_("We do not know this place. Did you mean: %(names)s"),
    "answer_one": N_("Answer at least one of the questions"),
    "choices": N_("Write 2 to 10 different answers to choose from, each at most 100 characters"),
    "files_once": N_("Ask for files once, and say there which ones"),
    "placeholder_left": N_("Something is still to be filled in here: %(what)s. Replace it, with its braces, by your own words"),
    "placeholders_differ": N_("The two languages do not have equally many places to fill in. Make them say the same"),
    "reason_required": N_("Explain to the reporter why. This status cannot do without an explanation"),
    "registration_number": N_("Write the police number like PL0100-2016123456"),
    "registration_number_required": N_("Fill in the police number. A registered report has one"),
    "registration_number_same": N_("This is the police number that the report has already. Type the right one"),
    "registration_number_taken": N_("Another report has this police number. Look at the number again"),
    "registration_number_stands": N_("This report has another police number. Correct that one first"),
    "idempotency_key": N_("Send a key of at most %(most)s printable ASCII characters"),
    "cursor": N_("This page of the list does not exist. Start again without a cursor"),
    "staff_id": N_("Write the staff id as on the pass, without spaces, for example NN1234"),
    "month": N_("Write the month as year-month, for example 2016-07"),
    "week": N_("Write the week as year and week, for example 2016-W26"),
    "not_json": N_("The body is not JSON. Check brackets and quotes"),
    "duplicate_key": N_("A name stands twice in one object. Send each name once"),
    "not_utf8": N_("The text is not UTF-8. Send it as UTF-8"),
    "too_many_fields": N_("There are too many fields. Send at most %(most)s"),
    "reference_unknown": N_("This is no number of a report. It has twelve letters and digits, such as K7MD-PR3W-9XCV"),
    "code_unknown": N_("This code is not right. Check the letters and digits in the mail"),
    "code_is_check": N_("This is the check code of an e-mail. Another code is asked for here"),
    "code_is_survey": N_("This is the code of a questionnaire. Another code is asked for here"),
    "code_is_copy": N_("This is the code of a copy on paper. Another code is asked for here"),
    "code_is_address": N_("This is the code for an e-mail address. Another code is asked for here"),
    "code_is_number": N_("This is the number of a report. A code is asked for here"),
    "address_code": N_("This is not the code that we mailed. Tries left: %(left)s"),
    "not_a_form": N_("The form did not arrive whole. Open the page again, and send it once more"),
    "files_confirmed": N_("These files belong to something that you have sent, so nothing can be added or taken away"),
    "too_many_files": N_("You can send at most %(most)s files here. Remove one first, or send the rest later"),
    "file_required": N_("Choose a file first"),
    "batch_numbers": N_(
        "Not every line is the number of a report: look at number %(places)s of your list. It has twelve letters and digits, "
        "such as K7MD-PR3W-9XCV"
    ),
    "batch_police_numbers": N_(
        "No report of your unit has this police number: look at number %(places)s of your list. Correct it, or leave it out"
    ),
    "text_or_words": N_("Choose a standard text or write it yourself, not both. Clear what you do not want"),
    "batch_no_place": N_("This act has no place for these words. Clear them, or choose another act"),
    "batch_text_unknown": N_("This standard text is not in use in your unit. Choose another one"),
    "batch_text_elsewhere": N_("This standard text is meant for something else. Choose one for what you want to do"),
    "batch_case_unknown": N_("No report of your unit is in this joint case. Look at its number, or leave it empty for a new one"),
    "batch_cases": N_("These reports are in more than one joint case. Say here in which one they must come"),
    "batch_empty": N_("Choose at least one report"),
    "batch_list_too_large": N_("There are more than %(most)s reports in this list. Filter it further, and then take all of it"),
    "batch_case_too_large": N_("There are more than %(most)s reports in this case. Choose some of them by their numbers"),
    "batch_too_large": N_("These are %(count)s reports. Take at most %(most)s at once, and the others after that"),
    "file_kind": N_("We cannot take this kind of file. Send a photo or picture, a PDF, or an e-mail saved as .eml"),
    "file_not_as_declared": N_("The name of this file does not fit with what is in it. Save it again, and then send that"),
    "file_empty": N_("There is nothing in this file. Choose another one"),
    "file_too_large": N_("This file is too large. Send one of at most %(most)s MB"),
    "team_or_unit": N_("Choose where the reports go: one team of your unit, or one other unit"),
    "lines_required": N_("Tick at least one report"),
    "remark_required": N_("Write why you hand it over, for the officers of the other unit"),
    "same_report": N_("This is the report itself. Fill in the number of the other one"),
    "unit_elsewhere": N_("Choose another police unit than your own"),
    "team_takes_no_work": N_("This team has no members, or it is closed. Choose another one, or add people first"),
}

# Why a file was refused after it came: the rest is said before.
FILE: Mapping[str, str] = {
    "file_not_as_named": FIELD["file_not_as_declared"],
    "file_two_kinds": N_("There is another file hidden in this one. Make a photo or a PDF of what you want to show"),
    "file_empty": FIELD["file_empty"],
    "file_too_large": N_("This file is too large. Send a smaller one"),
    "file_changed": N_("Something else arrived than the file that you chose. Remove it, and send it once more"),
    "file_damaged": N_("We cannot open this picture. Save it again, or take a new one, and then send that"),
    "file_given_up": N_("We did not manage to look into this file. Remove it, save it again, and then send that"),
    "file_harmful": N_(
        "Our scanner found something harmful in this file, so nobody will open it. Remove it, and check your device"
    ),
    "file_not_scanned": N_(
        "Our scanner cannot look into this file. Is it locked with a password? Take that off, and send it again"
    ),
}

WARNING: Mapping[str, str] = {
    "untrue": N_("This cannot be right as you typed it. Is it what you saw? Then leave it as it is"),
    "cut": N_("This was too long, so we kept only its beginning"),
    "namesake": N_("There is also a place with this name in %(names)s. Was it there? Then enter that municipality"),
    "recommended": N_("You left this empty. If you know it, it helps us"),
    "doubtful_plate": N_("This does not look like a Dutch licence plate. Is it right? Then leave it as it is"),
    "doubtful_frame_number": N_("This frame number is short, or has no digits. Is it right? Then leave it as it is"),
}

CONFLICT: Mapping[str, str] = {
    "transition_not_allowed": N_("A report with status “%(current)s” cannot go to “%(wanted)s”. Choose one of the next statuses"),
    "correction_not_allowed": N_(
        "A report with status “%(current)s” cannot go back to “%(wanted)s”: it has not been there, or the table has no way back"
    ),
    "no_number": N_("This report has no police number yet. It gets one when you register it"),
    "nothing_to_undo": N_("There is nothing to undo here any more. Look at the report: you can still make a correction"),
    "undone_already": N_("This was undone already"),
    "read_already": N_("The reporter has read this already, so it cannot be undone. Make a correction, and explain it"),
    "told_already": N_("The letter about this is on its way, so it cannot be undone. Make a correction, and explain it"),
    "question_not_allowed": N_("Nothing can be asked in status “%(current)s”"),
    "question_answered": N_("You have answered this question already. Thank you"),
    "question_expired": N_("The time to answer this question is over. We went on with your report"),
    "question_replaced": N_("We have asked a newer question in the place of this one. Answer the newer one"),
    "question_retracted": N_("We have withdrawn this question. You do not have to answer it"),
    "question_unknown": N_("There is no such question with this report"),
    "against_wish": N_("This person does not want to be reached in this way. The page of the report says how they can be told"),
    "notes_full": N_("This report is nearly full. The room that is left is for its reporter and for decisions: no note fits in"),
    "nothing_to_tell": N_("There is nothing that this reporter still has to be told"),
    "text_changed": N_("Somebody changed this text in the meantime. Look at it again, and then decide"),
    "text_needs_another_reader": N_("Somebody else must read and publish this text; if it is for all units, of another unit"),
    "text_of_portal": N_("This text comes with the portal. Write one of your own in its place"),
    "text_not_a_draft": N_("This version was published or retired already"),
    "text_not_published": N_("Only a text that is in use can be retired"),
    "texts_full": N_("There are %(most)s texts here, which is the most we can keep. Retire one, and change that"),
    "already_joint": N_("This report belongs to the joint case %(case)s. Take it out of that first"),
    "task_not_open": N_("This task is not open on this report"),
    "victim_list_over": N_("Nobody waits on this list any more: it was handed over, or it is of another unit"),
    "stale_version": N_("Somebody changed this report in the meantime. Look at it again, and then decide"),
    "idempotency_key_reused": N_("This key was used for another request. Send a new key"),
    "additions_full": N_("You have added to this report %(most)s times, which is the most we can keep. Call 0900-8844"),
    "report_full": N_("There is so much in this report that no more fits in. Call 0900-8844"),
    "answer_changed": N_("Your answer was changed in another window. Check it again, and then send it"),
    "code_unasked": N_("No code is on its way. Enter your e-mail address first"),
    "code_replaced": N_("This was an older code. Type the one from the newest e-mail"),
    "code_tried_out": N_("There were five wrong codes. Ask for a new code"),
    "code_expired": N_("The half hour for this code is over. Ask for a new code"),
    "files_confirmed": FIELD["files_confirmed"],
    "files_forgotten": N_(
        "Files that you chose more than %(days)s days ago are no longer there. Look at the files, and then send again"
    ),
    "files_awaited": N_("A file is still on its way. Wait a moment and send again, or remove the file"),
    "too_many_files": FIELD["too_many_files"],
    "file_not_checked": N_("This file is still being checked. Try again in a minute"),
    "file_refused": N_("Our check refused this file, so nobody will open it"),
    "nothing_free": N_("Nothing is free in this list: somebody has each of these reports. Look at another list"),
    "filters_full": N_("You have saved %(most)s lists, which is the most we can keep. Forget one of them first"),
    "choice_changed": N_("You changed this in another window. Look at it again, and then save it"),
    "update_too_soon": N_("You can ask for an update from %(day)s on"),
    "update_question_open": N_("We are waiting for your answer to our question. Answer that first"),
    "update_decided": N_("We have taken a decision about your report. You read it on the page of your report"),
    "contest_no_decision": N_("There is no decision about this report that you can ask this for now"),
    "contest_twice": N_("You have asked this about this decision before. You read on the page of your report what we say"),
    "call_before_survey": N_("You can ask this after we have asked you how we kept you informed"),
    "call_too_late": N_("You could ask this until %(day)s. You can always call us yourself: 0900-8844"),
    "call_twice": N_("You have asked us this about this report before"),
    "call_unwanted": N_("You told us not to call you. Do you want that now? Change it first under “My details”"),
    "call_no_number": N_("There is no telephone number in your report. Call us yourself: 0900-8844"),
    "draft_changed": N_("This report was changed in another window. Check it again, and then confirm"),
    "batch_confirmed": N_("This was confirmed already. Look at how it ended, or choose the reports again"),
    "batch_not_tried": N_("Nothing was tried yet. Say what you want to do, and try that first"),
    "batch_changed": N_("Something else was tried in the meantime. Read again what would be done, and then confirm"),
    "batch_nothing": N_("There is no report for which this can be done"),
    "batch_needs_supervisor": N_(
        "Over %(most)s reports a supervisor of your unit confirms. They find it under “Many reports at once”"
    ),
    "batch_needs_other": N_("More than %(most)s reporters hear of this. So another supervisor than you confirms it"),
    "batch_stays": N_("There is no way back from this: what was noted stays, and an undo is not undone"),
    "batch_text_replaced": N_("The standard text was rewritten or taken out of use since. Try again with the one of now"),
    "batch_has_it": N_("%(who)s has it already"),
    "batch_joined": N_("It is in the joint case %(case)s already"),
    "batch_given_on": N_("Somebody else gave it on since, so it stays there"),
    "batch_left": N_("It is not in that joint case any more"),
    "batch_text_of_other_unit": N_("The standard text is of another police unit"),
    "batch_text_of_other_crime": N_("The standard text is meant for another kind of report"),
    "batch_not_done": N_("This is not finished, so there is nothing to take back yet"),
    "team_exists": N_("Your unit has a team with this name. Choose another name"),
    "team_unknown": N_("Your unit has no open team like this. Look at the teams again, and choose one of them"),
    "teams_full": N_("A unit has at most %(most)s teams. Close one first"),
    "members_full": N_("A team has at most %(most)s members. Make a second team"),
    "absences_full": N_("The work of %(most)s colleagues is being set free already. Wait some minutes, and try again"),
    "rules_full": N_("A unit has at most %(most)s rules. Take one away first"),
    "rule_exists": N_("There is a rule for these reports. Take that one away first"),
    "team_has_work": N_("This team still has reports. Give those to somebody else first, or set them free"),
    "team_in_rules": N_("A rule sends new reports to this team. Take that rule away first"),
    "team_takes_no_work": N_("Team %(team)s has no members, so it takes no work. Choose somebody else"),
    "assigned_to_other": N_("%(who)s has this report. Ask them to give it back, or ask a supervisor"),
    "assigned_meanwhile": N_("%(who)s has this report since a moment ago. Look at it again, and then decide"),
    "assigns_own_only": N_("You can take work yourself, or give it to a team that you are in. A supervisor gives it to others"),
    "in_other_case": N_("The other report is in another case, %(case)s. Take one of the two out of its case first"),
    "line_failed": N_("Something went wrong with this one, and nothing was done with it. Try it again"),
    "routed_already": N_("By the rules of now this report stays where it is"),
    "assignee_not_of_unit": N_("Nobody with this staff number is in a team of this unit. A supervisor can add them to one first"),
}

# Why something was not done for one report of many: as short as a line of a table.
BATCH_ROW: Mapping[str, str] = {
    "batch_report_unknown": N_("No report of your police unit has this number"),
    "placeholder_left": N_("Not known of this report, so the text cannot be filled in: %(what)s"),
    "batch_row_failed": N_("It could not be read or written for an hour. Tell an operator"),
    "stale_version": N_("Somebody changed it after the trial. Look at it, and choose it again"),
    "transition_not_allowed": N_("From “%(current)s” it cannot go to “%(wanted)s”"),
}

STATUS: Mapping[int, tuple[str, str]] = {
    400: (N_("Something is not filled in right"), N_("Change what is listed, and send it again")),
    401: (N_("You are not logged in"), N_("Log in and try again")),
    403: (N_("You are not allowed to do this"), N_("Your account lacks the right for this. Ask your supervisor")),
    404: (N_("We cannot find this"), N_("It does not exist, or it is not yours. Check the address")),
    405: (N_("This cannot be done here"), N_("Use one of the methods in the Allow header")),
    406: (N_("We cannot answer in this form"), N_("Accept application/json")),
    409: (N_("This does not fit with what happened in the meantime"), N_("Look at the present state, and decide again")),
    410: (N_("This is no longer here"), N_("It was answered already, or the time for it is over")),
    413: (N_("This is too large"), N_("Send at most %(limit)s bytes")),
    415: (N_("We cannot read this form of content"), N_("Send application/json")),
    429: (N_("You have tried this too often"), N_("Wait %(minutes)s minutes, and try again")),
    500: (N_("Something went wrong with us"), N_("It is not your fault, and we have been told. Try again later")),
    503: (N_("This does not work for the moment"), N_("Wait a few minutes, and try again")),
}

# The sentences for people on a page instead: they know no methods, send no JSON, and count no bytes.
PAGE_STATUS: Mapping[int, tuple[str, str]] = {
    405: (N_("This cannot be done here"), N_("Go back, and use the links and buttons on the page")),
    413: (N_("This is too large"), N_("Go back in your browser, make your text shorter, and send it again")),
    415: (N_("We cannot read this form of content"), N_("Open the page again, and send the form from there")),
}

# By what was counted (TooMany), where the sentence of the status is not the right one: these are of a day.
TOO_MANY: Mapping[str, str] = {
    "reports of a person": N_(
        "You have sent as many reports today as one person can in a day. Go on tomorrow: what you filled in is kept. "
        "Can it not wait? Call 0900-8844"
    ),
    "drafts of a person": N_(
        "You have begun as many reports today as one person can in a day. Finish those first, or go on tomorrow. "
        "Can it not wait? Call 0900-8844"
    ),
    "codes of strangers in a day": N_("This e-mail address gets no more codes today. Use another address, or try again tomorrow"),
    "searches of an officer": N_(
        "You have searched as often today as one officer can in a day. Open a report by its number, or go on tomorrow. "
        "Do you need more for your work? Ask your supervisor"
    ),
    "upload": N_("You have sent as many files today as one person can in a day. Go on tomorrow, or call 0900-8844"),
}
TOO_MANY_TITLE = N_("This is all that can be done today")

FORM_FILES = N_("Without JavaScript you can send 4 MB at a time. Go back in your browser, and send fewer or smaller files")

FORBIDDEN: Mapping[str, str] = {  # by what was missing; for a right of an officer, the sentence of the status says it
    "form_token": N_("This form does not belong to your login. Open the page again, and send it from there"),
    "reason": N_("This reason does not go with your role. Open the report again, and choose why you look"),
    "sort": N_("Your role may not search by this. Search by another thing, or ask a colleague who handles reports"),
    "same_origin": N_("This was sent from another website. Open the page here, and send it from there"),
    "citizen": N_("This is for people who report a crime. Log out, and then log in with DigiD"),
    "officer": N_("This is for employees of the police. Log out, and then log in with your staff account"),
}


NOT_FOUND: Mapping[str, str] = {  # by what was looked for, where more can be said than the sentence of the status
    "batch": N_("There is no such list of reports, or it is not yours. Choose the reports again"),
    "report_on_record": N_("Nothing is on record about this number, and there is no report that has it. Check the number"),
    "joint_case": N_("There is no joint case with this number in your police unit"),
    "team": N_("There is no such team in this unit. It may have been closed: look at the teams again"),
    "report_at_desk": N_("There is no report with this number in your police unit. Check the number, or ask the other unit"),
}


def conflict_sentence(conflict: Conflict, language: Language) -> str:
    """Return why something was not done. A day stands in it as people write it."""
    values = {name: long_date(value, language) if isinstance(value, date) else value for name, value in conflict.values.items()}
    return translate(CONFLICT[conflict.code], language, **values)


def field_sentence(error: FieldError, language: Language) -> str:
    """Return what is wrong with a field and what to do."""
    return translate(FIELD[error.code], language, **dict(error.values))


def warning_sentence(warned: Warned, language: Language) -> str:
    """Return what is doubtful about an answer; it may stay as it is."""
    return translate(WARNING[warned.code], language, **dict(warned.values))
