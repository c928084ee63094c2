"""The bugs: each a change of a few characters in letters/, of the kind that somebody could make and a reader overlook.

A text that no longer stands in its file, or stands there twice, fails tests/house/test_mutants.py: who changes the code
keeps the list alive.
"""

from dataclasses import dataclass

POST, ROUNDS, RECEIPTS = "tests/unit/test_post.py", "tests/unit/test_rounds.py", "tests/unit/test_receipts.py"
LEDGER, PACE, TURNS = "tests/contract/test_ledger.py", "tests/unit/test_pace.py", "tests/contract/test_turns.py"
CATALOGUE, TEXTS, MAILER = "tests/unit/test_catalogue.py", "tests/unit/test_letters_templates.py", "tests/unit/test_mailer.py"
SWEEPER, OURS, CLICK = "tests/unit/test_sweeper.py", "tests/app/test_mail.py", "tests/app/test_unsubscribe.py"
OVERVIEW = "tests/unit/test_overview.py"


@dataclass(frozen=True, slots=True)
class Bug:
    """What is wrong, in which file of letters/, what stands there instead, and the tests that should notice."""

    what: str
    file: str
    sound: str
    wrong: str
    tests: tuple[str, ...]


BUGS = (
    Bug(
        "a letter is sent without a claim",
        "sending",
        "    if not _is_claimed(ready, run):\n        return Outcome.SETTLED_BEFORE\n",
        "    _is_claimed(ready, run)\n",
        (POST, ROUNDS),
    ),
    Bug(
        "a claim is taken from whoever holds it",
        "ledger",
        "_UNSETTLED & LetterItem.attempt.does_not_exist()",
        "_UNSETTLED",
        (LEDGER,),
    ),
    Bug(
        "the lease is ignored",
        "standing",
        "Standing.LEASED if self.lease_until is None or now < self.lease_until else",
        "",
        (LEDGER,),
    ),
    Bug("a lease never ends", "standing", "now < self.lease_until else", "now != self.lease_until else", (LEDGER, ROUNDS)),
    Bug("a letter taken over is not flagged", "ledger", '{"repeated": True, **self._lease', "{**self._lease", (LEDGER,)),
    Bug(
        "a claim is lost when the reply to its own write was",
        "standing",
        "        if self.attempt == attempt:  # our own claim, whose reply was lost: the SDK wrote it twice\n"
        "            return Standing.CLAIMED\n",
        "",
        (LEDGER,),
    ),
    Bug(
        "what SES refused is tried again",
        "sending",
        "except Rejected as error:\n        ledger.note_rejected",
        "except Rejected as error:\n        raise error\n        ledger.note_rejected",
        (POST,),
    ),
    Bug(
        "an unknown outcome is taken for not sent",
        "mailer",
        'raise OutcomeUnknown("no_message_id")',
        'raise Unavailable("no_message_id")',
        (MAILER,),
    ),
    Bug(
        "a mail whose reply came late is taken for not sent",
        "mailer",
        "    if status >= _SERVER_ERROR:",
        "    if status > 599:",
        (MAILER,),
    ),
    Bug(
        "a rejected address passes for a fault of the set-up",
        "mailer",
        "    if code in _REJECTING and",
        "    if code not in _REJECTING and",
        (MAILER,),
    ),
    Bug(
        "a letter that could not be sent keeps its claim",
        "ledger",
        'facts = {"attempt": None, "lease_until": None, **self._put_off',
        "facts = {**self._put_off",
        (LEDGER,),
    ),
    Bug(
        "SES is away, and the run goes on all the same",
        "sending",
        "    except Unavailable as error:\n        run.ses_is_away = True\n",
        "    except Unavailable as error:\n",
        (POST, ROUNDS),
    ),
    Bug(
        "the acceptance is never noted",
        "sending",
        "    _note_accepted(entry.id, message_id, run)\n    return Outcome.SENT",
        "    return Outcome.SENT",
        (POST,),
    ),
    Bug("news waits for nothing", "catalogue", "event.at + wait if waits else event.at", "event.at", (CATALOGUE, POST)),
    Bug("a question waits for more news", "catalogue", "and weight_of(event, called) is not Weight.ACT", "", (CATALOGUE, POST)),
    Bug(
        "the hours at which somebody is safe are ignored",
        "rounds",
        "return safe_at if safe_at > now else ready",
        "return ready",
        (ROUNDS,),
    ),
    Bug("wishes are ignored", "catalogue", "return weight in SILENCED[report.contact.information]", "return False", (CATALOGUE,)),
    Bug(
        "a question can be silenced",
        "catalogue",
        "frozenset({Weight.ORDINARY, Weight.DECISION}),",
        "frozenset(Weight),",
        (CATALOGUE,),
    ),
    Bug("an unusable address is written to", "catalogue", "    if not report.contact.usable:", "    if False:", (CATALOGUE,)),
    Bug(
        "news that waits is not taken along",
        "sending",
        "(other.is_waiting_news or other.is_held_back)",
        "other.is_held_back",
        (POST, ROUNDS),
    ),
    Bug(
        "news that never arrived is not told again",
        "sending",
        "(other.is_waiting_news or other.is_held_back)",
        "other.is_waiting_news",
        (POST, ROUNDS),
    ),
    Bug(
        "a failing record holds back nobody of its report",
        "post",
        "if record.reference in failed.values():",
        "if record.reference in ():",
        (POST,),
    ),
    Bug(
        "a failing record is passed over in silence",
        "post",
        "            failed[record.sequence_number] = record.reference\n            log.event",
        "            log.event",
        (POST,),
    ),
    Bug(
        "events are read from the end",
        "post",
        "for event in new_events(before, after):",
        "for event in reversed(new_events(before, after)):",
        (POST,),
    ),
    Bug(
        "a bounce after a delivery is not noted", "receipts", '"Bounce": _bounced,', '"Bounce": lambda _: _Told({}),', (RECEIPTS,)
    ),
    Bug(
        "a passing bounce makes the address unusable", "receipts", "if kind == PERMANENT else ()", "if kind else ()", (RECEIPTS,)
    ),
    Bug(
        "anybody's topic is believed",
        "receipts",
        'if record["EventSource"] != "aws:sns" or',
        'if record["EventSource"] != "aws:sns" and',
        (RECEIPTS,),
    ),
    Bug(
        "another configuration set is believed",
        "receipts",
        '    if mail["tags"].get("ses:configuration-set") != [configuration_set]:',
        "    if False:",
        (RECEIPTS,),
    ),
    Bug(
        "SES's Send event settles nothing",
        "ledger",
        'told = {"accepted_at": LetterItem.accepted_at | accepted_at, **facts, **pile}',
        "told = {**facts, **pile}",
        (LEDGER, RECEIPTS),
    ),
    Bug(
        "letters are tried for ever", "standing", "return again if gone_on < TRIED_FOR else None", "return again", (ROUNDS, POST)
    ),
    Bug(
        "who was overtaken notes over the other",
        "ledger",
        "return self._update(letter_id, facts, LetterItem.attempt == attempt)\n\n    def note_rejected",
        "return self._update(letter_id, facts, LetterItem.reference.exists())\n\n    def note_rejected",
        (LEDGER,),
    ),
    Bug("a turn is used long after its time", "pace", "is_in_time = woke - turn <= LATE", "is_in_time = True", (PACE,)),
    Bug("two functions get the same turn", "turns", "LimitItem.next_turn + _span(by)", "LimitItem.next_turn", (TURNS,)),
    Bug("a mail does not wait for its turn", "pace", "        self._pacer.wait()\n", "", (PACE,)),
    Bug(
        "clocks are trusted to agree",
        "pace",
        "(timedelta(seconds=1) + 2 * SKEW + LATE) / self.rate",
        "timedelta(seconds=1) / self.rate",
        (PACE,),
    ),
    Bug(
        "all mails carry the same code",
        "render",
        "code = contact.language, contact.safety.neutral, codes.code_of(key, name)",
        'code = contact.language, contact.safety.neutral, codes.code_of(key, "")',
        (TEXTS,),
    ),
    Bug("the code is kept as it is", "codes", "return ids.digest(code)", "return code", (OURS,)),
    Bug("who is not safe gets the usual mail", "render", 'plain / "neutral" if neutral else plain', "plain", (TEXTS,)),
    Bug(
        "a mail that SES refused passes for ours",
        "actions",
        "None if found is None or found.rejected else",
        "None if found is None else",
        (OURS,),
    ),
    Bug(
        "half an address unsubscribes",
        "codes",
        "return hmac.compare_digest(token.encode(), token_of(derivation_key, letter_id).encode())",
        "return True",
        (CLICK,),
    ),
    Bug("an officer sees the codes", "overview", "_CODE.sub(COVERED, text)", "text", (OVERVIEW,)),
)
