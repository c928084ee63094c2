"""The bugs: each a small change, most of them to the letters, of the kind that somebody could make and a reader overlook.

PROMISED are those by which the promise of the mail once broke (docs/letters.md).

A bug that no longer fits the code fails tests/house/test_mutants.py: who changes the code keeps the list alive.
"""

from tests.mutants.planting import Bug

STREAM, ROUNDS, RECEIPTS = "tests/unit/test_letters_stream.py", "tests/unit/test_due_letters.py", "tests/unit/test_receipts.py"
LEDGER, PACE, TURNS = "tests/contract/test_ledger.py", "tests/unit/test_rate_limiter.py", "tests/contract/test_rate_limiter.py"
EVERY_MAIL, LAWS = "tests/unit/test_sending.py", "tests/unit/test_states.py"
CATALOGUE, TEXTS, MAILER = "tests/unit/test_catalogue.py", "tests/unit/test_letters_templates.py", "tests/unit/test_mailer.py"
DETAILS, CONTACT, PROFILES = "tests/unit/test_details.py", "tests/unit/test_contact.py", "tests/unit/test_profiles_stream.py"
ACTIONS, MODEL, SURVEYS = "tests/unit/test_actions.py", "tests/unit/test_model.py", "tests/unit/test_survey_actions.py"
SWEEPER, LISTED = "tests/unit/test_sweeper.py", "tests/contract/test_suppression.py"
TIME_OUTS, LOG = "tests/contract/test_time_outs.py", "tests/app/test_privacy.py"
OURS, CLICK, OVERVIEW = "tests/app/test_mail.py", "tests/app/test_unsubscribe.py", "tests/unit/test_overview.py"

CLAIMING = (
    Bug("a letter is sent without a claim", "send", "standing is not Standing.OURS", "False", (STREAM, ROUNDS)),
    Bug(
        "a claim is taken from whoever holds it",
        "MOVES",
        "Rule(_of(S.UNKNOWN), _of(S.CLAIMED))",
        "Rule(_OPEN, _of(S.CLAIMED))",
        (LAWS,),
    ),
    Bug("the lease is ignored", "LedgerEntry.standing", "self.lease_until is None or now < self.lease_until", "False", (LEDGER,)),
    Bug("a lease never ends", "LedgerEntry.standing", "now < self.lease_until", "now != self.lease_until", (LEDGER, ROUNDS)),
    Bug(
        "a letter taken over is not flagged",
        "LedgerStore.take_over",
        "{'repeated': True, **self._lease(letter_id, attempt)}",
        "self._lease(letter_id, attempt)",
        (LEDGER,),
    ),
    Bug(
        "a claim is lost when the reply to its own write was",
        "LedgerEntry.standing",
        "self.attempt == attempt",
        "False",
        (LEDGER,),
    ),
    Bug(
        "a letter that could not be sent keeps its claim",
        "LedgerStore.release",
        "{**_NO_CLAIM, **_due(letter_id, until)}",
        "_due(letter_id, until)",
        (LEDGER,),
    ),
    Bug(
        "SES's Send event settles nothing",
        "LedgerStore.note_receipt",
        "{'message_id': message_id, 'accepted_at': LetterItem.accepted_at | accepted_at, **facts, **queue}",
        "{'message_id': message_id, **facts, **queue}",
        (LEDGER, RECEIPTS),
    ),
    Bug("letters are tried for ever", "try_again_at", "gone_on < TRIED_FOR", "True", (ROUNDS, STREAM)),
    Bug("who was overtaken notes over the other", "LedgerStore._move", "rule.by_holder", "False", (LEDGER,)),
)

SENDING = (
    Bug(
        "a mail that another attempt holds is taken for done by its stream",
        "send",
        "standing in _SOMEBODY_ELSES and run.retry is Retry.STREAM",
        "False",
        (EVERY_MAIL,),
    ),
    Bug(
        "what SES refused is tried again",
        "_refused",
        "run.mailroom.ledger.note_rejected(entry.id, attempt=run.id, reason=error.reason)",
        "_released(prepared, error, run)",
        (STREAM,),
    ),
    Bug(
        "an unknown outcome is taken for not sent",
        "SesMailer.send",
        "OutcomeUnknown('no_message_id')",
        "Unavailable('no_message_id')",
        (MAILER,),
    ),
    Bug("a mail whose reply came late is taken for not sent", "_sorted", "status >= _SERVER_ERROR", "status > 599", (MAILER,)),
    Bug(
        "a rejected address passes for a fault of the set-up",
        "_sorted",
        "code in _REJECTING",
        "code not in _REJECTING",
        (MAILER,),
    ),
    Bug(
        "SES is away, and the run goes on all the same",
        "_broken_off",
        "run.ses_is_away or isinstance(error, Unavailable | OutcomeUnknown)",
        "False",
        (STREAM, ROUNDS),
    ),
    Bug(
        "the acceptance is never noted",
        "_note_accepted",
        "run.mailroom.ledger.note_accepted(name, attempt=run.id, message_id=message_id, written=written)",
        "True",
        (STREAM,),
    ),
    Bug(
        "news that waits is not told by the letter that goes",
        "_tell_with_it",
        "other.is_news and (other.state is LetterState.WAITING or other.has_reached_nobody)",
        "other.is_news and other.has_reached_nobody",
        (STREAM, ROUNDS),
    ),
    Bug(
        "the hours at which somebody is safe are ignored",
        "decide",
        "found.at if found.at > now else mailroom.order_of(found.letter, event, report)",
        "mailroom.order_of(found.letter, event, report)",
        (ROUNDS,),
    ),
    Bug("a turn is used long after its time", "Pacer.is_in_time", "woke - turn <= LATE", "True", (PACE,)),
    Bug("two functions get the same turn", "TurnStore.join", "LimitItem.next_turn + _span(by)", "LimitItem.next_turn", (TURNS,)),
    Bug("a mail does not wait for its turn", "send", "run.mailroom.turn()", "", (EVERY_MAIL,)),
    Bug(
        "clocks are trusted to agree", "Pacer.interval", "timedelta(seconds=1) + 2 * SKEW + LATE", "timedelta(seconds=1)", (PACE,)
    ),
)

CHOOSING = (
    Bug("news waits for nothing", "due_at", "max([now, *_waits_until(event, report, waits)])", "now", (CATALOGUE, STREAM)),
    Bug("a question waits for more news", "_waits_until", "weight_of(event, called) is Weight.ACT", "False", (CATALOGUE, STREAM)),
    Bug("wishes are ignored", "_is_silenced", "weight in SILENCED[report.contact.information]", "False", (CATALOGUE,)),
    Bug(
        "a question can be silenced",
        "SILENCED",
        "frozenset({Weight.ORDINARY, Weight.DECISION})",
        "frozenset(Weight)",
        (CATALOGUE,),
    ),
    Bug(
        "an unusable address is written to",
        "choose",
        "not (report.contact.email and report.contact.usable)",
        "not report.contact.email",
        (CATALOGUE,),
    ),
    Bug("a failing record holds back nobody of its report", "deliver", "record.reference in failed.values()", "False", (STREAM,)),
    Bug(
        "a failing record is passed over in silence",
        "deliver",
        "log.event('record_failed', level=logging.ERROR, sequence_number=record.sequence_number, error=type(error).__name__)",
        "del failed[record.sequence_number]",
        (STREAM,),
    ),
    Bug("events are read from the end", "_news", "new_events(before, after)", "reversed(new_events(before, after))", (STREAM,)),
)

HEARING = (
    Bug("a bounce after a delivery is not noted", "_READERS", "_bounced", "lambda _: _Told({})", (RECEIPTS,)),
    Bug("a passing bounce makes the address unusable", "_bounced", "kind == PERMANENT", "kind", (RECEIPTS,)),
    Bug(
        "anybody's topic is believed",
        "receipt_of",
        "sns['TopicArn'].rpartition(':')[2] != topic.rpartition(':')[2]",
        "False",
        (RECEIPTS,),
    ),
    Bug(
        "another configuration set is believed",
        "_receipt",
        "mail['tags'].get('ses:configuration-set') != [configuration_set]",
        "False",
        (RECEIPTS,),
    ),
)

WRITING = (
    Bug("all mails carry the same code", "order_of", "codes.check_code_of(key, name)", "codes.check_code_of(key, '')", (TEXTS,)),
    Bug("the code is kept as it is", "code_digest", "kept_name(key, read_long(code))", "code", (OURS,)),
    Bug(
        "who is not safe gets the usual mail",
        "folder",
        "plain / 'neutral' if neutral and letter not in NEUTRAL_WITHIN else plain",
        "plain",
        (TEXTS,),
    ),
    Bug("a mail that SES refused passes for ours", "_mailed_at", "found.rejected and not found.returned", "False", (OURS,)),
    Bug(
        "half an address unsubscribes",
        "is_token_of",
        "hmac.compare_digest(token.encode(), token_of(derivation_key, letter_id).encode())",
        "True",
        (CLICK,),
    ),
    Bug("an officer sees the codes", "preview", "_CODE.sub(COVERED, text)", "text", (OVERVIEW,)),
)

PROMISED = (
    Bug(
        "a record that comes again closes what waits",
        "MOVES",
        "Rule(_of(S.UNKNOWN), _of(S.NOT_SENT, S.HELD_BACK))",
        "Rule(_OPEN, _of(S.NOT_SENT, S.HELD_BACK))",
        (LAWS,),
    ),
    Bug("what was held back stays so at a new address", "settle", "recall(report.reference, others, room)", "", (ROUNDS,)),
    Bug(
        "what a mail told that came back stays told",
        "_unreached",
        "leader.has_reached_nobody",
        "entry.has_reached_nobody",
        (ROUNDS,),
    ),
    Bug(
        "an older change of details changes a newer report",
        "ProfileDesk.reach",
        "person.taken",
        "type(person.taken)()",
        (DETAILS,),
    ),
    Bug(
        "a change that changes nothing here comes back later",
        "Report.details_changed",
        "self.taken.has(part, number)",
        "False",
        (CONTACT,),
    ),
    Bug("a profile that was forgotten counts from one again", "Profile.next_number", "int(at.timestamp())", "1", (DETAILS,)),
    Bug(
        "whoever chooses one thing gives all reports the rest",
        "Profile.with_choices",
        "_CHOICES if names is None else names",
        "_CHOICES",
        (DETAILS,),
    ),
    Bug(
        "of letters that were given up the hour says nothing",
        "remind",
        "log.event('letters_on_pile', level=logging.WARNING, letters=number)",
        "",
        (SWEEPER,),
    ),
    Bug("the pile of a unit is nobody's", "pile", "('', *units())", "('',)", (SWEEPER,)),
    Bug(
        "an address that SES refuses is no dead one",
        "_refused",
        "run.mailroom.unusable(entry.reference, frozenset({last.order.to.lower()}))",
        "",
        (STREAM,),
    ),
    Bug("safe hours of now move nothing that waits", "recall", "room.ledger.look_again(entry.id, until=now)", "", (ROUNDS,)),
    Bug(
        "an address mended before its bounce is heard never gets the question",
        "_note",
        "known and receipt.unreachable",
        "False",
        (ROUNDS,),
    ),
    Bug(
        "a complaint stops mail about one report only",
        "decide_last",
        "mailroom.suppression.holds(decision.to)",
        "False",
        (RECEIPTS,),
    ),
    Bug(
        "a proof of before takes an address off the list",
        "SuppressionList.remove",
        "LetterItem.first_at <= proven_at",
        "LetterItem.first_at.exists()",
        (LISTED,),
    ),
    Bug(
        "a time-out of the table is an error of our own",
        "wrote",
        "_is_answered(error) and error.cause_response_code == 'ConditionalCheckFailedException'",
        "error.cause_response_code == 'ConditionalCheckFailedException'",
        (TIME_OUTS,),
    ),
    Bug(
        "a claim without a reply is left for ten minutes",
        "_claim",
        "ledger.release(entry.id, attempt=run.id, until=run.mailroom.clock.now())",
        "",
        (EVERY_MAIL,),
    ),
    Bug("a mail goes by what was true before its claim", "send", "decide()", "prepared.order", (STREAM,)),
    Bug(
        "a reason is given by an older image", "settle", "isinstance(decision, NoLetter) and decision.letter", "False", (STREAM,)
    ),
    Bug(
        "a bounce of what was never mailed marks the address",
        "_is_address_noted",
        "entry is None or entry.claimed_at is None or receipt.message_id in entry.returned.split()",
        "entry is None",
        (RECEIPTS,),
    ),
    Bug("a sentence gets into the log", "_word", "text if _PLAIN.fullmatch(text) else '?'", "text", (LOG,)),
)

ELSEWHERE = (
    Bug(
        "an officer saves over what somebody else did",
        "require_version",
        "report.version != version",
        "False",
        (ACTIONS, "tests/unit/test_at_the_same_moment.py"),
    ),
    Bug("a repeated request is carried out twice", "ReportFacts.handled", "bool(found)", "False", (MODEL, ACTIONS)),
    Bug(
        "a key is used for two requests",
        "ReportFacts.handled",
        "found and found != key",
        "False",
        ("tests/unit/test_edges_of_a_report.py",),
    ),
    Bug(
        "a question ends on its last day",
        "Report.question_expired",
        "day_of(at) <= question.deadline_on",
        "day_of(at) < question.deadline_on",
        (MODEL, ACTIONS),
    ),
    Bug("a neighbour reads a report", "own", "report.reporter.pseudonym != mine.pseudonym", "False", (ACTIONS,)),
    Bug(
        "a status needs no reason",
        "Report.changed",
        "change.status in REASON_REQUIRED and not change.explanation.strip()",
        "False",
        (MODEL,),
    ),
    Bug(
        "an officer skips the table of statuses",
        "Report.changed",
        "TRANSITIONS[self.status].get(change.status) is not Mover.OFFICER",
        "False",
        (MODEL,),
    ),
    Bug(
        "an old question is answered",
        "Report.answered",
        "question is None or question.number != number",
        "question is None",
        (MODEL, "tests/unit/test_asking.py"),
    ),
    Bug(
        "a survey is over on its last day",
        "Invitation.state",
        "on <= self.last_day",
        "on < self.last_day",
        (SURVEYS, "tests/contract/test_surveys_store.py"),
    ),
    Bug("a code for an address never ends", "Challenge.is_open", "at < self.ends_at", "True", (DETAILS,)),
    Bug(
        "any code proves an address",
        "confirm",
        "hmac.compare_digest(known, code_of(desk.derivation.proofs.at(challenge.asked_at), before.id, challenge))",
        "True",
        (DETAILS,),
    ),
    Bug(
        "the old address does not hear of the new one",
        "Profile.proven",
        "old if old.casefold() != new.email.casefold() else ''",
        "''",
        (DETAILS, PROFILES),
    ),
    Bug(
        "who shares a mailbox is called when that is not safe",
        "may_be_sent_at",
        "first <= local.hour < last",
        "first <= local.hour <= last",
        (CONTACT, ROUNDS),
    ),
    Bug(
        "whoever must not be called is offered a call",
        "map_of",
        "None if contact.safety.phone else True",
        "None",
        ("tests/contract/test_contact_layout.py",),
    ),
    Bug(
        "an officer of another unit looks",
        "found",
        "may(desk.officer, permission, report.unit) or also(report)",
        "True",
        (ACTIONS,),
    ),
    Bug(
        "a report that is too old is looked at",
        "found",
        "sight(report.filed_at, desk.clock.now()) is Sight.NONE",
        "False",
        ("tests/app/test_retention.py",),
    ),
    Bug(
        "whoever wants to hear nothing is on no list with a referral",
        "_asks_to_act",
        "event.kind is EventKind.STATUS_CHANGED and event.status is Status.REFERRED",
        "False",
        ("tests/unit/test_unreachable.py",),
    ),
    Bug(
        "telling by telephone is noted where there was nothing to tell",
        "Report.contacted_offline",
        "self.to_contact_since is None and not is_mail_given_up",
        "False",
        ("tests/unit/test_unreachable.py",),
    ),
)

BUGS = (*CLAIMING, *SENDING, *CHOOSING, *HEARING, *WRITING, *PROMISED, *ELSEWHERE)
