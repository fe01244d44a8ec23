"""What the rules on consequences read, and what they answer. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from stacks.operations.summary.changes import REPLACE, UPDATE, Change

REDIRECT = "facebook.LoginRedirect"
INSTALLATION, SETUP, CREDENTIALS = "cyclr.ConnectorInstallation", "cyclr.ConnectorSetup", "cyclr.AccountCredentials"
CONNECTOR = "OAuthConnector"


class Said(NamedTuple):
    """One consequence, before it is known whose."""

    danger: bool
    what: str
    advice: str = ""


@dataclass(frozen=True)
class Facts:
    """The changes of one connector."""

    changes: Sequence[Change]

    def find(self, resource: str, *settings: str, by: Iterable[str] = (UPDATE, REPLACE)) -> Change | None:
        """The first change of one of these settings, by one of these operations."""
        return next(self.all(resource, *settings, by=by), None)

    def all(self, resource: str, *settings: str, by: Iterable[str] = (UPDATE, REPLACE)) -> Iterator[Change]:
        """Every change of one of these settings (of any, where none is named), by one of these operations."""
        operations = tuple(by)
        for each in self.changes:
            if (
                each.resource == resource
                and each.operation in operations
                and (not settings or each.setting in settings)
            ):
                yield each


def host(url: str) -> str:
    """The host of a URL; the text itself where it is none."""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


def texts(value: Any) -> list[str]:
    """The entries of a list; of anything else, none."""
    return [str(each) for each in value] if isinstance(value, list) else []
