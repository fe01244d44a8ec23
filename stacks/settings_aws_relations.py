"""Rules that concern several settings of the part `aws:`: readers and the account, subjects and who signs for them.

Source: IAM's user guide: `*` in a condition stands for any signs, also for `:` and `/`; GitHub's reference of OpenID
        Connect: one issuer signs for all repositories, and its subjects begin with `repo:OWNER/NAME:`.
Never:  a value in a problem, as in `stacks.settings_relations`; the account apart, which is twelve digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stacks import settings_words
from stacks.mending import Loc
from stacks.settings_aws import GITHUB, ROLES
from stacks.settings_relations import Finding, Source, mapping

_ACCOUNT = re.compile(r"\d{12}")
_READER = re.compile(r"arn:[a-z-]+:iam::(?P<account>\d{12}):.+")
_REPOSITORY = re.compile(r"repo:[^:/*?\s]+/[^:/*?\s]+:\S+")
"""A subject of GitHub's that belongs to one repository, whatever stands for its run."""
_SOMEBODYS = re.compile(r"[^*?]+|[^:/*?]+[:/][^:/*?]+[:/].+")
"""A subject without a wildcard, or with its first two parts written out."""
_NO_REPOSITORY = "must begin with repo:OWNER/NAME: and have no wildcard in it, else runs of others may take the role"
_ANYBODYS = "has a wildcard before its second : or /, so that runs of others may take the role"


def readers(values: Mapping[str, Any], source: Source) -> Iterator[Finding]:
    """A secret's key admits its own account alone, so a reader of another one could never read."""
    aws = mapping(values.get("aws"))
    account = aws.get("account")
    if not isinstance(account, str) or not _ACCOUNT.fullmatch(account):
        return
    for name, entry in mapping(aws.get("secrets")).items():
        for loc, reader in _texts(mapping(entry).get("readers"), ("aws", "secrets", name, "readers")):
            found = _READER.fullmatch(reader)
            if found and found["account"] != account:
                what = "is of another account than aws.account, and the key of the secret admits that one alone"
                command = source.commands.set(loc, f"arn:aws:iam::{account}:role/ROLE")
                yield Finding(loc, what, f"run: {command}")


def subjects(values: Mapping[str, Any], source: Source) -> Iterator[Finding]:
    """Whose run it is stands in each subject: the same issuer signs the tokens of everybody."""
    access = mapping(mapping(values.get("aws")).get("access"))
    issuer = access.get("identityProvider", GITHUB)
    is_github = isinstance(issuer, str) and issuer.partition("/")[0] == GITHUB
    pattern, what = (_REPOSITORY, _NO_REPOSITORY) if is_github else (_SOMEBODYS, _ANYBODYS)
    for role in ROLES:
        place = ("aws", "access", "subjects", role)
        for loc, subject in _texts(mapping(access.get("subjects")).get(role), place):
            if re.fullmatch(r"\S+", subject) and not pattern.fullmatch(subject):
                example = settings_words.example(place) if is_github else "SUBJECT"
                yield Finding(loc, what, f"run: {source.commands.set(loc, example)}")


RULES: tuple[Callable[[Mapping[str, Any], Source], Iterator[Finding]], ...] = (readers, subjects)


def _texts(value: Any, loc: Loc) -> Iterator[tuple[Loc, str]]:
    """The texts in a list, each with its place."""
    for index, entry in enumerate(value if isinstance(value, list | tuple) else ()):
        if isinstance(entry, str):
            yield (*loc, str(index)), entry.strip()
