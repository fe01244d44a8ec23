"""The rules behind `consequences`: from the changes of one connector to sentences. Pure.

A setting that no rule names has no consequence. Where a vendor's behaviour is not known, the sentence says "may".
Source: Cyclr's manual (service domains, credentials of accounts, installing); Facebook's app dashboard and login.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from components import derive
from components.facebook.app_rules import DOMAINS
from stacks.operations.summary import notices
from stacks.operations.summary.changes import CREATE, DELETE, REPLACE, UPDATE, Change
from stacks.operations.summary.rules import access, calm
from stacks.operations.summary.rules.facts import (
    ACCESS,
    APP,
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
_IDS = ("app_id", "client_id")

Rule = Callable[[Facts], Iterator[Said]]


def rules_for(facts: Facts) -> tuple[Rule, ...]:
    """A connector that comes or goes as a whole has rules of its own: its single inputs then say nothing more."""
    if facts.find(CONNECTOR, by=(CREATE,)):
        return (_arrives, _exclusive, calm.attestations)
    return (_leaves,) if facts.find(CONNECTOR, by=(DELETE,)) else RULES


def _arrives(_facts: Facts) -> Iterator[Said]:
    yield Said(
        False,
        "The connector is set up for the first time. No customer can connect before its open steps are done.",
        "After the update, do what `cyclr-connectors steps` lists: redirect URI, App Mode and Advanced Access at "
        "Facebook, Client ID and Client Secret in Cyclr's library, then one consent with `cyclr-connectors authorize`.",
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
            f"{notices.NOTICES[APP]['app_id']}. "
            f"Until its id and secret stand in Cyclr's library, {notices.NOTICES[SETUP]['client_id']}.",
            "Finish the new app first (app domains, redirect URI, App Mode, Advanced Access), then type its id and "
            "secret into the library, and ask customers to reconnect.",
        )


def _secret(facts: Facts) -> Iterator[Said]:
    """Another app has another secret: then the app is what matters."""
    changed = [each for each in facts.changes if each.setting in _VERSIONS and each.operation in (UPDATE, REPLACE)]
    if not changed or any(each.setting in _IDS for each in facts.changes):
        return
    written = " The update writes it to the accounts with credentials of their own." if _written(changed) else ""
    yield Said(
        True,
        f"The app secret changes, version {changed[0].before} to {changed[0].after}. From its reset at Facebook to "
        f"the new value in Cyclr's library, {notices.NOTICES[SETUP]['client_secret']}.{written}",
        "Keep that gap short: reset at Facebook, type it into the library at once, run the update, then prove it by a "
        "consent: `cyclr-connectors authorize --renew`.",
    )


def _written(changes: Iterable[Change]) -> bool:
    return any(each.resource == CREDENTIALS for each in changes)


def _domains(facts: Facts) -> Iterator[Said]:
    """Facebook keeps what is no longer declared, unless the declaration is exclusive."""
    changed, exclusive = facts.find(APP, DOMAINS.name), facts.find(APP, "exclusive_app_domains")
    removed = [each for each in texts(changed.before) if each not in texts(changed.after)] if changed else []
    moved = facts.find(SETUP, "service_domain")
    names = ", ".join(each for each in removed if not moved or each != derive.app_domain(str(moved.before)))
    if not changed or not names or (exclusive and exclusive.after):
        return
    if changed.drifted:  # only an exclusive declaration reads back what others added
        yield Said(
            True,
            f"App domain removed at Facebook, where somebody added it: {names}. Who connects through it then sees "
            '"Can\'t load URL" or "URL Blocked".',
            "Find out whose it is; declare it if it is needed.",
        )
    elif not changed.exclusive:
        yield Said(False, f"App domain no longer declared: {names}. It stays at Facebook and is reported.")
    else:
        yield Said(
            True,
            f"App domain no longer declared: {names}. It is removed at Facebook, and who connects through it sees "
            '"Can\'t load URL" or "URL Blocked".',
            "Make sure that nobody connects through it any more.",
        )


def _exclusive(facts: Facts) -> Iterator[Said]:
    changed = facts.find(APP, "exclusive_app_domains", by=(CREATE, UPDATE, REPLACE))
    if changed and changed.after:
        yield Said(
            True,
            "App domains become exclusive: each one at Facebook that is not declared here is removed, and who connects "
            'through it sees "Can\'t load URL" or "URL Blocked".',
            "Compare with the App domains of the app at Facebook; declare those that others need.",
        )
    elif changed and changed.operation != CREATE:
        yield Said(False, "App domains are exclusive no more: those that are not declared here are kept and reported.")


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
    _domains,
    _exclusive,
    _credentials,
    _installation,
    _access,
    *calm.RULES,
)
"""Of a connector that stays."""
