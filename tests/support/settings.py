"""The settings of a stage that is not there: what tests, benches, the simulation and the crash matrix run with."""

from typing import Any

from chalicelib.core.settings import Settings

ACCOUNT, REGION = "123456789012", "eu-west-1"


def settings_of(name: str, **changes: Any) -> Settings:
    """Return the settings of a stage for tests whose tables, keys and secrets are called after `name`."""
    stream = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}-{{table}}/stream/2016-07-01T00:00:00.000"
    made_up: dict[str, Any] = {
        "stage": "test",
        "region": REGION,
        "portal_url": "https://portal.example",
        "table_prefix": f"{name}-",
        "reports_stream_arn": stream.format(table="reports"),
        "profiles_stream_arn": stream.format(table="profiles"),
        "partial_batches": True,
        "evidence_bucket": f"{name}-evidence",
        "mail_from": "post@portal.example",
        "mail_rate": 100_000,  # a clock that stands still: every mail's turn is a little further off
        "mail_configuration_set": f"{name}-mail",
        "receipts_topic": f"{name}-receipts",
        "bsn_hmac_key_id": f"alias/{name}-bsn-hmac",
        "bsn_key_id": f"alias/{name}-bsn",
        "oidc_keys_secret": f"{name}-oidc-keys",
        "derivation_secret": f"{name}-derivation",
        "clues_secret": f"{name}-clues",
        "digid_issuer": "https://digid.example",
        "digid_client_id": "mijn-politie",
        "staff_issuer": "https://staff.example",
        "staff_client_id": "mijn-politie-desk",
    }
    return Settings(**(made_up | changes))
