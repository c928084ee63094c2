"""A stage's AWS as data, and back: tables, what their streams still had to bring, keys, secrets and the files of reports.

Items go past the API, so that putting them back wakes no function; only what the stream had not brought yet is written again
with its stream listening. moto answers the API; its backends are read and filled here, as in cloud.py.
"""

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.kms.models import kms_backends

Item = dict[str, Any]


def tables(account: str, region: str, positions: Mapping[str, str]) -> tuple[dict[str, list[Item]], dict[str, list[Item]]]:
    """Return the items of each table as they were before what its stream has not brought, and that, oldest first.

    `positions` has the last sequence number that was taken of each table with a reader; the others' streams are nobody's.
    """
    items: dict[str, list[Item]] = {}
    untaken: dict[str, list[Item]] = {}
    for name, table in dynamodb_backends[account][region].tables.items():
        found = {_key(table, item): item for item in (each.to_json()["Attributes"] for each in table.all_items())}
        if name in positions:
            records = [each.record["dynamodb"] for each in table.stream_shard.items]
            untaken[name] = [_change(each) for each in records if int(each["SequenceNumber"]) > int(positions[name] or 0)]
            for change in reversed(untaken[name]):
                found.pop(_key(table, change["keys"]), None)
                if change["before"] is not None:
                    found[_key(table, change["keys"])] = change["before"]
        items[name] = list(found.values())
    return items, untaken


def put_back(account: str, region: str, items: Mapping[str, list[Item]], untaken: Mapping[str, list[Item]]) -> None:
    """Fill the tables, which exist and are empty. Raises KeyError for a table that there is no more."""
    known = dynamodb_backends[account][region].tables
    for name, content in items.items():
        for item in content:
            known[name].put_item(item)
        if known[name].stream_shard:
            known[name].stream_shard.items.clear()
    for name, changes in untaken.items():
        for change in changes:
            if change["after"] is not None:
                known[name].put_item(change["after"])
            else:
                known[name].delete_item(*_key_values(known[name], change["keys"]))


def _change(record: Mapping[str, Any]) -> Item:
    return {"keys": record["Keys"], "before": record.get("OldImage"), "after": record.get("NewImage")}


def _key(table: Any, item: Mapping[str, Any]) -> str:
    return json.dumps([item[name] for name in (table.hash_key_attr, table.range_key_attr) if name])


def _key_values(table: Any, keys: Mapping[str, Any]) -> tuple[Any, Any]:
    partition, sort = table.hash_key_attr, table.range_key_attr
    return DynamoType(keys[partition]), DynamoType(keys[sort]) if sort else None


def key_of(account: str, region: str, arn: str) -> dict[str, str]:
    """Return a key's name and what it is made of."""
    key = kms_backends[account][region].keys[arn.rpartition("/")[2]]
    return {"id": key.id, "material": base64.b64encode(key.key_material).decode()}


def rekey(account: str, region: str, arn: str, kept: Mapping[str, str]) -> str:
    """Give a new key the name and the content of a kept one; return its ARN."""
    keys = kms_backends[account][region].keys
    key = keys.pop(arn.rpartition("/")[2])
    key.id, key.key_material = kept["id"], base64.b64decode(kept["material"])
    key.arn = f"{arn.rpartition('/')[0]}/{key.id}"
    keys[key.id] = key
    return str(key.arn)


def objects(client: Any, buckets: Iterable[str], has: Callable[[str], bool]) -> tuple[list[Item], dict[str, bytes]]:
    """Return what stands in the buckets, and the bodies that `has` does not know yet, by their name."""
    found: list[Item] = []
    bodies: dict[str, bytes] = {}
    for bucket in buckets:
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for each in page.get("Contents", ()):
                at = {"Bucket": bucket, "Key": each["Key"]}
                head, tags = client.head_object(**at), client.get_object_tagging(**at)["TagSet"]
                facts = {name: head[name] for name in ("ContentType", "ContentDisposition", "Metadata") if head.get(name)}
                body = each["ETag"].strip('"')
                found.append({"at": at, "facts": facts, "tags": {tag["Key"]: tag["Value"] for tag in tags}, "body": body})
                if not has(body) and body not in bodies:
                    bodies[body] = client.get_object(**at)["Body"].read()
    return found, bodies


def put_objects_back(client: Any, kept: Iterable[Mapping[str, Any]], body: Callable[[str], bytes]) -> None:
    for each in kept:
        client.put_object(**each["at"], **each["facts"], Body=body(each["body"]))
        if each["tags"]:
            tags = [{"Key": name, "Value": value} for name, value in each["tags"].items()]
            client.put_object_tagging(**each["at"], Tagging={"TagSet": tags})
