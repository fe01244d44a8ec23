"""Calls of AWS on loopback, and how its refusals are told.

Never: an address that is not on this machine.
Units: seconds.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from pulumi.provider.experimental.property_value import PropertyValue

LOOPBACK = ("127.0.0.1", "::1", "localhost")
PREFIX = "AWS_ENDPOINT_URL"
_BOUNDED = Config(connect_timeout=5, read_timeout=15, retries={"mode": "standard", "total_max_attempts": 3})


class Refusal(NotImplementedError):
    """What the engine prints of an operation that failed: one line, as the real provider says it.

    The SDK's server lets no other exception through as it is.
    """


class HalfMade(Refusal):
    """A resource was made and something after that failed: the engine is to remember it."""

    def __init__(
        self, reason: str, identity: str, state: dict[str, PropertyValue], inputs: dict[str, PropertyValue]
    ) -> None:
        super().__init__(reason)
        self.identity, self.state, self.inputs = identity, state, inputs


def endpoint(env: Mapping[str, str] = os.environ) -> str:
    """The address of AWS, which is on this machine.

    Raises: Refusal, when it is not named, or it or that of one service is elsewhere
    """
    named = {key: value for key, value in env.items() if key == PREFIX or key.startswith(f"{PREFIX}_")}
    for key, value in {PREFIX: "", **named}.items():
        if urlsplit(value).hostname not in LOOPBACK:
            raise Refusal(f"the stand-in of the aws plugin serves AWS on loopback only: {key} is not an address there")
    return named[PREFIX]


class Account:
    """The account that a configured provider works in."""

    def __init__(self, region: str) -> None:
        self.region = region
        self._endpoint = endpoint()
        self._session = boto3.session.Session()
        self._clients: dict[tuple[str, str], Any] = {}

    def client(self, service: str, region: str | None = None) -> Any:
        """The client of a service, in the provider's region or that of the resource."""
        key = (service, region or self.region)
        if key not in self._clients:
            self._clients[key] = self._session.client(
                service, region_name=key[1], endpoint_url=self._endpoint, config=_BOUNDED
            )
        return self._clients[key]

    def number(self) -> str:
        """The account's number, as the real provider asks for it when it is configured."""
        return str(self.client("sts").get_caller_identity()["Account"])


@contextmanager
def told(what: str) -> Iterator[None]:
    """Every failure of a call inside leaves as one line that names what was done.

    Raises: Refusal
    """
    try:
        yield
    except Refusal as refusal:
        raise Refusal(f"{what}: {refusal}") from None
    except ClientError as error:
        answer = error.response["Error"]
        code, message = answer.get("Code", "an error without a code"), " ".join(answer.get("Message", "").split())
        raise Refusal(f"{what}: operation {error.operation_name}: {code}: {message}") from None
    except (BotoCoreError, ResponseParserError) as error:
        raise Refusal(f"{what}: no answer of AWS that could be used ({type(error).__name__})") from None
    except KeyError as missing:  # botocore takes an answer that is no JSON for an empty one
        raise Refusal(f"{what}: an answer of AWS without {missing}") from None


def found(call: Callable[..., Any], *gone: str, **parameters: Any) -> Any:
    """What a call answers; None where its refusal says that the thing is not there."""
    with unless(*gone):
        return call(**parameters)
    return None


@contextmanager
def unless(*codes: str) -> Iterator[None]:
    """Take these refusals for what was wanted: a thing that is gone already need not be deleted."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"].get("Code") not in codes:
            raise


def tags_of(answer: list[dict[str, str]], key: str = "Key", value: str = "Value") -> dict[str, str]:
    """Tags as the provider has them; those of AWS itself are not shown."""
    return {each[key]: each[value] for each in answer if not each[key].startswith("aws:")}


def tag_list(tags: Mapping[str, str] | None, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """Tags as most services take them."""
    return [{key: name, value: text} for name, text in (tags or {}).items()]


def retagged(old: Mapping[str, str] | None, new: Mapping[str, str] | None) -> tuple[list[str], dict[str, str]]:
    """Which tags to remove, and which to set."""
    old, new = old or {}, new or {}
    return sorted(old.keys() - new.keys()), {key: value for key, value in new.items() if old.get(key) != value}
