"""Rules that concern several settings of the part `aws:`: readers, subjects, and the record of the service domain.

Source: IAM's user guide: `*` in a condition stands for any signs, also for `:` and `/`; GitHub's reference of OpenID
        Connect: one issuer signs for all repositories, and its subjects begin with `repo:OWNER/NAME:`; Cyclr's manual:
        its own service domains are COMPANY-h.cyclr.com, COMPANY-h.eu.cyclr.com and COMPANY-h.cyclr.uk.
Never:  a value in a problem, as in `stacks.settings_relations`; the account apart, which is twelve digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from components import derive
from stacks import settings_words
from stacks.mending import Loc
from stacks.settings_aws import GITHUB, ROLES
from stacks.settings_relations import Finding, Source, mapping

_ACCOUNT = re.compile(r"[0-9]{12}")
_READER = re.compile(r"arn:[a-z-]+:iam::(?P<account>[0-9]{12}):.+")
_REPOSITORY = re.compile(r"repo:[^:/*?\s]+/[^:/*?\s]+:\S+")
"""A subject of GitHub's that belongs to one repository, whatever stands for its run."""
_SOMEBODYS = re.compile(r"[^*?]+|system:serviceaccount:[^:*?]+:.+|(?!system:)[^:/*?]+[:/][^:/*?]+[:/].+")
"""A subject without a wildcard, or with its first two parts written out; of Kubernetes also the namespace."""
_OF_A_REPOSITORY = re.compile(r"repo:[^:]+:")
"""What stands before `pull_request` in the subject of a pull request's run."""
_CYCLRS = re.compile(r"(.+\.)?cyclr\.(com|uk)")
"""A domain whose records Cyclr itself holds."""
_RECORD: Loc = ("aws", "serviceDomainRecord")
_NO_REPOSITORY = "must begin with repo:OWNER/NAME: and have no wildcard in it, else runs of others may take the role"
_ANYBODYS = "has a wildcard where it says whose run it is, so that runs of others may take the role"
_OPEN = "lets the runs of pull requests take a role that reads secrets: whoever opens one could change what they run"
_BOTH = "also lets the runs of preview take this role, which may do what a pull request must not"


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
    declared = mapping(access.get("subjects"))
    issuer = access.get("identityProvider", GITHUB)
    is_github = isinstance(issuer, str) and issuer.partition("/")[0] == GITHUB
    pattern, anybodys = (_REPOSITORY, _NO_REPOSITORY) if is_github else (_SOMEBODYS, _ANYBODYS)
    previews = [subject for _, subject in _texts(declared.get("preview"), ())]
    for role in ROLES:
        place = ("aws", "access", "subjects", role)
        for loc, subject in _texts(declared.get(role), place):
            if re.fullmatch(r"\S+", subject):
                what = _too_open(role, subject, previews) if pattern.fullmatch(subject) else anybodys
                example = settings_words.example(place) if is_github else "SUBJECT"
                yield from [Finding(loc, what, f"run: {source.commands.set(loc, example)}")] if what else ()


def _too_open(role: str, subject: str, previews: Sequence[str]) -> str:
    """Runs of pull requests take the role for previews alone: what they run is not reviewed yet."""
    own = _OF_A_REPOSITORY.match(subject)
    if role != "preview" and own and _admits(subject, f"{own[0]}pull_request"):
        return _OPEN
    return _BOTH if role == "deploy" and any(_admits(subject, each) for each in previews) else ""


def record(values: Mapping[str, Any], source: Source) -> Iterator[Finding]:
    """A record is for a service domain of one's own, and leads from it to Cyclr."""
    declared = mapping(values.get("aws")).get("serviceDomainRecord")
    domain = _host(values.get("serviceDomain"))
    if declared is None or not domain:
        return
    take_out = f"take the record out: {source.commands.remove(_RECORD)}"
    if derive.is_local(domain):
        yield Finding(_RECORD, "is for a sandbox's service domain, which lies in no zone", take_out)
    elif _CYCLRS.fullmatch(domain):
        what = "is for a service domain of Cyclr's own, whose record Cyclr holds"
        yield Finding(_RECORD, what, f"{take_out}; or give serviceDomain the domain of your own")
    elif _host(mapping(declared).get("target")) == domain:
        loc = (*_RECORD, "target")
        command = source.commands.set(loc, settings_words.example(loc))
        yield Finding(loc, "is the service domain itself", f"name the instance of Cyclr; for the US run: {command}")


RULES: tuple[Callable[[Mapping[str, Any], Source], Iterator[Finding]], ...] = (readers, subjects, record)


def _host(value: Any) -> str:
    """The host in its canonical form; nothing where there is none, as the model says."""
    try:
        return derive.canonical_host(value) if isinstance(value, str) else ""
    except ValueError:
        return ""


def _admits(pattern: str, subject: str) -> bool:
    """Whether a subject, with `*` and `?` as IAM takes them, lets a run in."""
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), subject) is not None


def _texts(value: Any, loc: Loc) -> Iterator[tuple[Loc, str]]:
    """The texts in a list, each with its place."""
    for index, entry in enumerate(value if isinstance(value, list | tuple) else ()):
        if isinstance(entry, str):
            yield (*loc, str(index)), entry.strip()
