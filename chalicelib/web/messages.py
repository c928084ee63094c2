"""What the reader is told when something is refused: which field, what is wrong, what to do. One row per code.

A house test wants a row for every code that the code can raise. The sentences are messages; `nl` has the Dutch.
"""

from collections.abc import Mapping

from chalicelib.core.errors import FieldError
from chalicelib.core.language import Language, mark, translate
from chalicelib.forms.questions import Warned

FIELD: Mapping[str, str] = {
    "required": mark("Fill this in"),
    "choose_one": mark("Choose one of the answers"),
    "yes_or_no": mark("Choose yes or no"),
    "must_tick": mark("Tick this box to go on"),
    "not_text": mark("Write this as text"),
    "not_a_number": mark("Write this as a whole number"),
    "too_low": mark("Use a number of %(least)s or more"),
    "too_high": mark("Use a number of %(most)s or less"),
    "not_a_list": mark("Send this as a list"),
    "not_an_object": mark("Send this as an object with named fields"),
    "not_a_choice": mark("Choose one of the answers that are offered"),
    "none_and_others": mark("Choose either “None of these” or what applies, not both"),
    "unknown_field": mark("This field is not known. Leave it out"),
    "sent_twice": mark("This was sent twice. Send it once"),
    "wrong_value": mark("This value cannot be used. Look at the example and change it"),
    "too_long": mark("This is too long. Use at most %(most)s characters"),
    "too_many_rows": mark("There are too many rows. Use at most %(most)s"),
    "control_characters": mark("There are invisible characters in this text. Type it again instead of pasting it"),
    "date_format": mark("Write the date as day-month-year, for example 12-7-2016"),
    "no_such_date": mark("This date does not exist. Check the day, the month and the year"),
    "date_in_future": mark("This date is in the future. Enter a date of today or before"),
    "deadline_in_past": mark("The deadline must be tomorrow or later"),
    "time_format": mark("Write the time as hours and minutes, for example 14:30"),
    "moment_format": mark("Write date, time and offset, for example 2016-07-12T14:30:00+02:00"),
    "moment_in_future": mark("This moment is in the future. Enter a moment before now"),
    "ends_before_start": mark("The end is before the start. Change one of the two moments"),
    "money_format": mark("Write the amount in euros, for example 649,50"),
    "postcode": mark("Write a postcode with four digits and two letters, for example 1234 AB"),
    "email": mark("Write an e-mail address such as name@example.nl"),
    "phone": mark("Write a telephone number such as 06 12345678 or +32 470 12 34 56"),
    "iban": mark("This account number is not right. Check it, for example NL91 ABNA 0417 1643 00"),
    "bsn": mark("This is not a BSN. It has nine digits: look at the identity document again"),
    "imei": mark("This IMEI number is not right. It has 15 digits; you find it on the box"),
    "company_number": mark("Write the KVK number with 8 digits"),
    "branch_number": mark("Write the branch number with 12 digits, or leave it empty"),
    "url": mark("Write the address of the website, for example www.example.com"),
    "municipality": mark("We do not know this municipality. Choose one from the list"),
    "answer_one": mark("Answer at least one of the questions"),
    "choices": mark("Write 2 to 10 different answers to choose from, each at most 100 characters"),
    "files_once": mark("Ask for files once, and say there which ones"),
    "reason_required": mark("Explain to the reporter why. This status cannot do without an explanation"),
    "registration_number": mark("Write the police number like PL0100-2016123456"),
    "registration_number_required": mark("Fill in the police number. A registered report has one"),
    "idempotency_key": mark("Send a key of at most %(most)s printable ASCII characters"),
    "cursor": mark("This page of the list does not exist. Start again without a cursor"),
    "not_json": mark("The body is not JSON. Check brackets and quotes"),
    "duplicate_key": mark("A name stands twice in one object. Send each name once"),
    "not_utf8": mark("The text is not UTF-8. Send it as UTF-8"),
    "too_many_fields": mark("There are too many fields. Send at most %(most)s"),
    "reference_unknown": mark("This is no number of a report. It has twelve letters and digits, such as K7MD-PR3W-9XCV"),
    "code_unknown": mark("This code is not right. Check the letters and digits in the mail"),
    "address_code": mark("This is not the code that we mailed. Tries left: %(left)s"),
    "not_a_form": mark("The form did not arrive whole. Open the page again, and send it once more"),
    "files_confirmed": mark("These files belong to something that you have sent, so nothing can be added or taken away"),
    "too_many_files": mark("You can send at most %(most)s files here. Remove one first, or send the rest later"),
    "file_required": mark("Choose a file first"),
    "file_kind": mark("We cannot take this kind of file. Send a photo or picture, a PDF, or an e-mail saved as .eml"),
    "file_not_as_declared": mark("The name of this file does not fit with what is in it. Save it again, and then send that"),
    "file_empty": mark("There is nothing in this file. Choose another one"),
    "file_too_large": mark("This file is too large. Send one of at most %(most)s MB"),
}

# Why a file was refused after it came: the rest is said before.
FILE: Mapping[str, str] = {
    "file_not_as_named": FIELD["file_not_as_declared"],
    "file_two_kinds": mark("There is another file hidden in this one. Make a photo or a PDF of what you want to show"),
    "file_empty": FIELD["file_empty"],
    "file_too_large": mark("This file is too large. Send a smaller one"),
    "file_changed": mark("This file was sent again with something else in it. Remove it, and send it once more"),
    "file_damaged": mark("We cannot open this picture. Save it again, or take a new one, and then send that"),
    "file_harmful": mark(
        "Our scanner found something harmful in this file, so nobody will open it. Remove it, and check your device"
    ),
    "file_not_scanned": mark(
        "Our scanner cannot look into this file. Is it locked with a password? Take that off, and send it again"
    ),
}

WARNING: Mapping[str, str] = {
    "recommended": mark("You left this empty. If you know it, it helps us"),
    "doubtful_plate": mark("This does not look like a Dutch licence plate. Is it right? Then leave it as it is"),
    "doubtful_frame_number": mark("This frame number is short, or has no digits. Is it right? Then leave it as it is"),
}

CONFLICT: Mapping[str, str] = {
    "transition_not_allowed": mark(
        "A report with status “%(current)s” cannot go to “%(wanted)s”. Choose one of the next statuses"
    ),
    "question_not_allowed": mark("Nothing can be asked in status “%(current)s”"),
    "question_answered": mark("You have answered this question already. Thank you"),
    "question_expired": mark("The time to answer this question is over. We went on with your report"),
    "question_replaced": mark("We have asked a newer question in the place of this one. Answer the newer one"),
    "question_unknown": mark("There is no such question with this report"),
    "nothing_to_tell": mark("There is nothing that this reporter still has to be told"),
    "stale_version": mark("Somebody changed this report in the meantime. Look at it again, and then decide"),
    "idempotency_key_reused": mark("This key was used for another request. Send a new key"),
    "additions_full": mark("You have added to this report %(most)s times, which is the most we can keep. Call 0900-8844"),
    "report_full": mark("There is so much in this report that no more fits in. Call 0900-8844"),
    "answer_changed": mark("Your answer was changed in another window. Check it again, and then send it"),
    "code_unasked": mark("No code is on its way. Enter your e-mail address first"),
    "code_replaced": mark("This was an older code. Type the one from the newest e-mail"),
    "code_tried_out": mark("There were five wrong codes. Ask for a new code"),
    "code_expired": mark("The half hour for this code is over. Ask for a new code"),
    "files_confirmed": FIELD["files_confirmed"],
    "files_forgotten": mark(
        "Files that you chose more than 30 days ago are no longer there. Look at the files, and then send again"
    ),
    "files_awaited": mark("A file is still on its way. Wait a moment and send again, or remove the file"),
    "too_many_files": FIELD["too_many_files"],
    "file_not_checked": mark("This file is still being checked. Try again in a minute"),
    "file_refused": mark("Our check refused this file, so nobody will open it"),
    "draft_changed": mark("This report was changed in another window. Check it again, and then confirm"),
}

STATUS: Mapping[int, tuple[str, str]] = {
    400: (mark("Something is not filled in right"), mark("Change what is listed, and send it again")),
    401: (mark("You are not logged in"), mark("Log in and try again")),
    403: (mark("You are not allowed to do this"), mark("Your account lacks the right for this. Ask your supervisor")),
    404: (mark("We cannot find this"), mark("It does not exist, or it is not yours. Check the address")),
    405: (mark("This cannot be done here"), mark("Use one of the methods in the Allow header")),
    406: (mark("We cannot answer in this form"), mark("Accept application/json")),
    409: (mark("This does not fit with what happened in the meantime"), mark("Look at the present state, and decide again")),
    410: (mark("This is no longer here"), mark("It was answered already, or the time for it is over")),
    413: (mark("This is too large"), mark("Send at most %(limit)s bytes")),
    415: (mark("We cannot read this form of content"), mark("Send application/json")),
    429: (mark("You have tried this too often"), mark("Wait %(minutes)s minutes, and try again")),
    500: (mark("Something went wrong with us"), mark("It is not your fault, and we have been told. Try again later")),
    503: (mark("This does not work for the moment"), mark("Wait a few minutes, and try again")),
}

# What people on a page are told instead: they know no methods, send no JSON, and count no bytes.
PAGE_STATUS: Mapping[int, tuple[str, str]] = {
    405: (mark("This cannot be done here"), mark("Go back, and use the links and buttons on the page")),
    413: (mark("This is too large"), mark("Go back in your browser, make your text shorter, and send it again")),
    415: (mark("We cannot read this form of content"), mark("Open the page again, and send the form from there")),
}

FORM_FILES = mark("Without JavaScript you can send 4 MB at a time. Go back in your browser, and send fewer or smaller files")

FORBIDDEN: Mapping[str, str] = {  # by what was missing; for a right of an officer, the sentence of the status says it
    "form_token": mark("This form does not belong to your login. Open the page again, and send it from there"),
    "same_origin": mark("This was sent from another website. Open the page here, and send it from there"),
    "citizen": mark("This is for people who report a crime. Log out, and then log in with DigiD"),
    "officer": mark("This is for employees of the police. Log out, and then log in with your staff account"),
}


NOT_FOUND: Mapping[str, str] = {  # by what was looked for, where more can be said than the sentence of the status
    "report_at_desk": mark("There is no report with this number in your police unit. Check the number, or ask the other unit"),
}


def field_sentence(error: FieldError, language: Language) -> str:
    """Return what is wrong with a field and what to do."""
    return translate(FIELD[error.code], language, **dict(error.values))


def warning_sentence(warned: Warned, language: Language) -> str:
    """Return what is doubtful about an answer; it may stay as it is."""
    return translate(WARNING[warned.code], language, **dict(warned.values))
