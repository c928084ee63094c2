"""The key of codes, replaced without a code that fails. docs/operations/keys.md has the whole procedure; ADR-0031 the reasons.

`add` puts a fresh key in the secret that makes codes from a moment on, so that by then every function knows it; the old ones
go on for what was made with them. `retire` drops them. The key of names stays. The secret before stays as AWSPREVIOUS.
"""

import secrets
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from chalicelib.core.clock import iso
from chalicelib.core.derivation import Derivation, ProofKey, ProofKeys
from infra.ops.stage import Refused, Stage

_BYTES = 48  # 64 characters


def rotate(stage: Stage, arguments: Namespace) -> int:
    """Take one step, or with --dry-run only say what it would do."""
    name, vault = stage.services.settings.derivation_secret, stage.client("secretsmanager")
    try:
        before = Derivation.parse(vault.get_secret_value(SecretId=name)["SecretString"])
    except ValueError as error:
        raise Refused(f"The secret {name} holds no derivation keys: {error}. Restore it; never make a new one.") from None
    after = STEPS[arguments.step](before, stage, arguments)
    stage.say(f"before  {_named(before)}")
    stage.say(f"after   {_named(after)}")
    if arguments.dry_run:
        stage.say("nothing was changed")
        return 0
    vault.put_secret_value(SecretId=name, SecretString=after.written())
    stage.say("Deploy once more, before the newest begins: functions that run keep the keys with which they started.")
    return 0


def add(keys: Derivation, stage: Stage, arguments: Namespace) -> Derivation:
    """Return the keys with a fresh one, that makes codes from some hours on."""
    now, hours = stage.services.clock.now(), arguments.hours
    if not hours.isascii() or not hours.isdigit() or int(hours) == 0:
        raise Refused("--hours is a whole number above 0.")
    if keys.proofs.keys[0].since > now:
        raise Refused(f"A fresh key is there already, and begins at {iso(keys.proofs.keys[0].since)}.")
    begins = now.replace(microsecond=0) + timedelta(hours=int(hours))
    fresh = ProofKey(begins, secrets.token_urlsafe(_BYTES).encode())
    return replace(keys, proofs=ProofKeys((fresh, *keys.proofs.keys)))


def retire(keys: Derivation, stage: Stage, arguments: Namespace) -> Derivation:
    """Return the keys without those that make no codes any more; not while open surveys have codes of them, unless one leaked."""
    newest = keys.proofs.keys[0]
    if len(keys.proofs.keys) == 1:
        raise Refused("There is one key. Take the step `add` first.")
    if newest.since > stage.services.clock.now():
        raise Refused(f"The fresh key begins at {iso(newest.since)}; until then codes are made with the old one.")
    in_use = newest.since + timedelta(days=stage.services.settings.survey_open_days)
    if stage.services.clock.now() < in_use and not arguments.leaked:
        raise Refused(f"Surveys may be open with codes of the old key until {iso(in_use)}. Retire it then, or now with --leaked.")
    return replace(keys, proofs=ProofKeys((newest,)))


STEPS: Mapping[str, Callable[[Derivation, Stage, Namespace], Derivation]] = {"add": add, "retire": retire}


def _named(keys: Derivation) -> str:
    return "codes since " + ", ".join(iso(each.since) for each in keys.proofs.keys)
