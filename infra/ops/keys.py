"""The portal's own keys: made, and rotated without a login that fails. docs/operations/keys.md has the whole procedure.

A set is rotated in three steps, with the issuers in between: `add` puts fresh keys at the end, `use` brings the newest to the
front, `retire` drops the others. Of each use the first key works (identity/keys.py). The set before stays as AWSPREVIOUS.
"""

import json
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError
from joserfc.jwk import RSAKey

from infra.ops.stage import Refused, Stage

BITS = 3_072
USES = ("sig", "enc")
Key = dict[str, Any]


def rotate(stage: Stage, arguments: Namespace) -> int:
    """Take one step, or with --dry-run only say what it would do."""
    secret = stage.services.settings.oidc_keys_secret
    before = _read(stage, secret)
    after = STEPS[arguments.step](before, stage)
    stage.say(f"before  {_named(before) or 'no keys'}")
    stage.say(f"after   {_named(after)}")
    if arguments.dry_run:
        stage.say("nothing was changed")
        return 0
    stage.client("secretsmanager").put_secret_value(SecretId=secret, SecretString=json.dumps({"keys": after}))
    stage.say("What the issuers have to know (public, safe to send):")
    stage.say(json.dumps({"keys": [RSAKey.import_key(key).as_dict(private=False) for key in after]}, indent=2))
    stage.say("Deploy once more: functions that run keep the keys with which they started.")
    return 0


def add(keys: list[Key], stage: Stage) -> list[Key]:
    """Return the set with a fresh key of each use at its end."""
    if any(sum(key["use"] == use for key in keys) > 1 for use in USES):
        raise Refused("There are fresh keys already. Take the step `use` or `retire` before you add others.")
    made_on = stage.services.clock.now().strftime("%Y%m%d%H%M%S")
    return [*keys, *(RSAKey.generate_key(BITS, {"use": use, "kid": f"{use}-{made_on}"}).as_dict(private=True) for use in USES)]


def use(keys: list[Key], _: Stage) -> list[Key]:
    """Return the set with the newest key of each use in front of the others."""
    if len(keys) <= len(USES):
        raise Refused("There is no fresh key. Take the step `add` first, and have the issuers know it.")
    return [key for use in USES for key in reversed([one for one in keys if one["use"] == use])]


def retire(keys: list[Key], _: Stage) -> list[Key]:
    """Return the set with the first key of each use alone."""
    if not keys:
        raise Refused("There are no keys. Take the step `add` first.")
    return [next(key for key in keys if key["use"] == use) for use in USES]


STEPS: Mapping[str, Callable[[list[Key], Stage], list[Key]]] = {"add": add, "use": use, "retire": retire}


def _read(stage: Stage, secret: str) -> list[Key]:
    """Return the keys of the secret; none when it was made and never filled. Raises Refused when it is not there."""
    try:
        text = stage.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
        keys: list[Key] = json.loads(text)["keys"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        if "version" in error.response["Error"]["Message"] or "staging label" in error.response["Error"]["Message"]:
            return []  # the stack made it; its value is ours to put
        raise Refused(f"There is no secret {secret}. Bring up the stack first.") from None
    except (ValueError, KeyError, TypeError):
        return []  # what CloudFormation or a hand put there is no key set
    return keys


def _named(keys: list[Key]) -> str:
    return ", ".join(f"{key['use']} {key['kid']}" for key in keys)
