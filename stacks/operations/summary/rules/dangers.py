"""The rules behind `consequences`: from the changes of one connector to sentences. Pure.

A setting that no rule names has no consequence. Where a vendor's behaviour is not known, the sentence says "may".
Source: Cyclr's manual (service domains, credentials of accounts, installing); Facebook's app dashboard and login.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from components import derive, secrets
from components.facebook.app_rules import DOMAINS
from stacks.operations.summary import notices
from stacks.operations.summary.changes import ACCESS, APP, CREATE, DELETE, LABELS, REPLACE, UPDATE, Change
from stacks.operations.summary.rules import access, app_domains, aws, calm
from stacks.operations.summary.rules.facts import (
    CONNECTOR,
    CREDENTIALS,
    INSTALLATION,
    REDIRECT,
    SETUP,
    Facts,
    Said,
    host,
    texts,
)

_VERSIONS = ("app_secret_version", "client_secret_version")
_PLACES = ("app_secret", "client_secret")
_AT_AWS = tuple(f"{kind}:" for kind in secrets.AWS)
_IDS = ("app_id", "client_id")

Rule = Callable[[Facts], Iterator[Said]]


def rules_for(facts: Facts) -> tuple[Rule, ...]:
    """A connector that comes or goes as a whole has rules of its own: its single inputs then say nothing more."""
    if facts.find(CONNECTOR, by=(CREATE,)):
        return (_arrives, app_domains.exclusive, calm.attestations)
    return (_leaves,) if facts.find(CONNECTOR, by=(DELETE,)) else RULES


def _arrives(facts: Facts) -> Iterator[Said]:
    """The app may be live already: what the first update does to it is what a reviewer must know."""
    declared = [each for each in facts.all(APP, by=(CREATE,)) if each.setting in LABELS and each.after]
    names = ", ".join(LABELS[each.setting] for each in declared)
    if any(each.by_hand for each in declared):
        then = " The app's settings are only read, and each that differs becomes an open step."
    else:
        then = f" An app already in use gets what is declared: {names}." if names else ""
    yield Said(
        False,
        "The connector is declared here for the first time. Nothing was looked at yet: the first update adopts what is "
        f"there, at Facebook and at Cyclr.{then}",
        "Compare with the app at Facebook before the update. After it, `cyclr-connectors steps` lists what is left to "
        "do before a customer can connect.",
    )


def _leaves(facts: Facts) -> Iterator[Said]:
    ours = next(facts.all(INSTALLATION, by=(DELETE,)), None)
    lost = " The observation installation is removed from its account if this project made it." if ours else ""
    yield Said(
        True,
        "The connector leaves this environment: nobody looks at it any more, and a customer is the first to notice "
        f"what breaks. The Facebook app and Cyclr's library entry stay as they are.{lost}",
        "If customers still use it, keep it declared. If not, retire the app and the library entry by hand.",
    )


def _domain(facts: Facts) -> Iterator[Said]:
    """The service domain names the move; the redirect URI alone is one as well."""
    moved = facts.find(SETUP, "service_domain")
    uri = facts.find(REDIRECT, "redirect_uri", by=(REPLACE,))
    if moved:
        old, new, old_uri = str(moved.before), str(moved.after), derive.redirect_uri(str(moved.before))
        new_uri = derive.redirect_uri(new)
    elif uri:
        old_uri, new_uri = str(uri.before), str(uri.after)
        old, new = host(old_uri), host(new_uri)
    else:
        return
    ticket = "A custom domain is a support ticket at Cyclr, and Cyclr switches it, not this update"
    if _is_kept(facts, old, old_uri):
        yield Said(
            False,
            f"The service domain moves from {old} to {new}; the old domain and redirect URI stay declared beside the "
            "new ones, so that customers can connect before and after the switch.",
            f"Add {new_uri} at Facebook before Cyclr switches. {ticket}.",
        )
        return
    yield Said(
        True,
        f"The service domain moves from {old} to {new}. As soon as Cyclr sends customers back to the new one, "
        f"{notices.CANT_LOAD} until {new_uri} is among the Valid OAuth Redirect URIs of the app.",
        f"Add the new redirect URI at Facebook first, and declare previousServiceDomain: {old} until the move is over: "
        f"it keeps both. {ticket}.",
    )


def _is_kept(facts: Facts, old: str, old_uri: str) -> bool:
    """Whether the old address stays declared: by a second redirect, or among the app domains of the declaration."""
    redirects = facts.all(REDIRECT, "redirect_uri", by=(CREATE, REPLACE))
    domains = facts.find(APP, DOMAINS.name)
    return any(each.after == old_uri for each in redirects) or (
        domains is not None and derive.app_domain(old) in texts(domains.after)
    )


def _app(facts: Facts) -> Iterator[Said]:
    changed = next(
        (each for each in facts.changes if each.setting in _IDS and each.operation in (UPDATE, REPLACE)), None
    )
    if changed:
        yield Said(
            True,
            f"The Facebook app changes from {changed.before} to {changed.after}, and "
            f"{notices.NOTICES[APP]['app_id']}. The new app was not looked at. Until its id and secret stand in "
            "Cyclr's library, new customers are sent to the app that stands there now.",
            "Finish the new app first (app domains, redirect URI, App Mode, Advanced Access), then type its id and "
            "secret into the library, and ask customers to reconnect.",
        )


def _secret(facts: Facts) -> Iterator[Said]:
    """Another app has another secret: then the app is what matters."""
    stays = [each for each in facts.changes if each.operation in (UPDATE, REPLACE)]
    changed = [each for each in stays if each.setting in _VERSIONS]
    if any(each.setting in _IDS for each in facts.changes):
        return
    # Another entry of the same secret at AWS has the same version: that is of the secret as a whole.
    if place := next(filter(_at_another_place_of_aws, stays), None):
        yield Said(
            True,
            f"The app secret is kept elsewhere: {place.after} in place of {place.before}. Whether its value changes "
            "with it cannot be told from here, since each place tells versions in its own way.",
            "See that both hold the same value. If it is another one, treat it as a changed secret: the library first, "
            "then the update, then a consent: `cyclr-connectors authorize --renew`.",
        )
        return
    if not changed:
        return
    written = " The update writes it to the accounts with credentials of their own." if _written(changed) else ""
    yield Said(
        True,
        f"The app secret changes, version {changed[0].before} to {changed[0].after}. From its reset at Facebook to "
        f"the new value in Cyclr's library, {notices.NOTICES[SETUP]['client_secret']}.{written}",
        "Keep that gap short: reset at Facebook, type it into the library at once, run the update, then prove it by a "
        "consent: `cyclr-connectors authorize --renew`.",
    )


def _at_another_place_of_aws(change: Change) -> bool:
    sides = (str(change.before), str(change.after))
    return change.setting in _PLACES and any(side.startswith(_AT_AWS) for side in sides)


def _written(changes: Iterable[Change]) -> bool:
    return any(each.resource == CREDENTIALS for each in changes)


def _credentials(facts: Facts) -> Iterator[Said]:
    for each in facts.changes:
        if each.resource != CREDENTIALS or each.missing or each.operation not in (CREATE, DELETE):
            continue
        if each.operation == CREATE:
            yield Said(
                True,
                "Credentials move from Cyclr's library to the accounts. It is not documented which of the two Cyclr "
                "uses where both are there, so customers may fail to refresh. Who installs the connector after the "
                "last update has no credentials until the next.",
                "Run the update after each new installation, and try one account before all of them.",
            )
        else:
            yield Said(
                True,
                "Credentials move from the accounts to Cyclr's library: those that we wrote are removed. Where the "
                "library entry is empty, customers can neither connect nor refresh.",
                "Type Client ID and Client Secret into the library before the update.",
            )
        return


def _installation(facts: Facts) -> Iterator[Said]:
    replaced = facts.find(INSTALLATION, "account", "connector", by=(REPLACE,))
    if replaced:
        yield Said(
            True,
            f"The observation installation is replaced, {replaced.setting} {replaced.before} by {replaced.after}. Its "
            "consent does not move with it; the old one is removed if this project made it, which cuts off whoever "
            "uses it.",
            "After the update, give the consent again: `cyclr-connectors authorize`.",
        )
    if any(each.missing for each in facts.all(INSTALLATION, by=(CREATE,))):
        yield Said(
            False,
            "The observation installation is gone at Cyclr and is made again, without its consent. Customers notice "
            "nothing; until then the connector cannot be observed.",
            "After the update, give the consent again: `cyclr-connectors authorize`.",
        )


def _access(facts: Facts) -> Iterator[Said]:
    for each in facts.changes:
        if each.resource == ACCESS:
            yield from (Said(*said) for said in access.said(each))


RULES: tuple[Rule, ...] = (
    _domain,
    _app,
    _secret,
    app_domains.removed,
    app_domains.exclusive,
    _credentials,
    _installation,
    _access,
    *aws.RULES,
    *calm.RULES,
)
"""Of a connector that stays."""
