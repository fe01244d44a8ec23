"""Policies and answers as the tests here write and read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

VERSION = "2012-10-17"


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    """A policy document."""
    return {"Version": VERSION, "Statement": list(statements)}


def allow(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    """A statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    """A statement that denies."""
    return {**allow(action, resource, **more), "Effect": "Deny"}


def error_of(call: Callable[..., Any], **parameters: Any) -> str:
    """The code of the error that a call ends with, empty where it succeeds."""
    return _error(call, parameters).get("Code", "")


def text_of(call: Callable[..., Any], **parameters: Any) -> str:
    """The text of the error that a call ends with, empty where it succeeds."""
    return _error(call, parameters).get("Message", "")


def _error(call: Callable[..., Any], parameters: dict[str, Any]) -> dict[str, str]:
    try:
        call(**parameters)
    except ClientError as error:
        return dict(error.response["Error"])
    return {}
