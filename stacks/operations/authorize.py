"""`cyclr-connectors authorize`: a one-time link for a person's consent, and the mark that lets it prove the secret.

The mark is written before the link is printed, and only while the installation is not authenticated: written later, it
would claim a consent that was given under another secret.
Never:  stores or logs the link, which equals a login.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from components import derive
from components.catalogue import CATALOGUE
from components.cyclr import consent, marks
from components.cyclr.api import Cyclr
from components.cyclr.authorise import authorise_link, open_authorise_link
from components.cyclr.installation_rules import find
from components.errors import DeclarationError, located
from components.secrets import fingerprint
from stacks.operations import declaration, options
from stacks.operations.declaration import Declaration
from stacks.operations.engine import Engine
from stacks.operations.progress import progress
from stacks.operations.sinks import stdout

CUTS_OFF = "its running integrations stop and its webhooks at the provider are removed, until the new consent"


@dataclass(frozen=True)
class Link:
    """A consent that waits for a person."""

    account: str
    installation: str
    url: str
    expires_at: str
    """ISO 8601, UTC, as Cyclr says it."""


@click.command("authorize")
@options.stack
@options.as_json
@options.config_file
@click.option("--connector", help="Which connector, where the stack declares several.")
@click.option("--account", help="Another account than the observing one; it gets a link and no mark.")
@click.option("--renew", is_flag=True, help="End the consent that stands, and ask for a new one.")
@click.option("--yes", is_flag=True, help="Do not ask before --renew cuts the installation off.")
def command(
    *,
    stack: str,
    as_json: bool,
    config_file: Path | None,
    connector: str | None,
    account: str | None,
    renew: bool,
    yes: bool,
) -> None:
    """Print the one-time link with which a person consents, made now and valid for minutes.

    For the observing account the installation is marked first: a consent completed after that proves the secret.
    """
    engine = Engine(stack, config_file)
    with progress(f"Reading {stack} ..."):
        declared = declaration.read(engine)
    name = declared.connector(connector)
    with located(f"cyclr-connectors authorize, environment {stack}"):
        target = _other(declared, name, account) if account else declaration.observation_installation(engine, name)
        if not account:
            _see_that_it_can_prove(declared, name, *target)
        _free(declared, *target, renew=renew, confirmed=yes)
        if not account:
            _mark(declared, name, *target)
        link = _new_link(declared, *target)
    _show(link, stack, options.target(stack, config_file), as_json=as_json, marked=not account)


def _other(declared: Declaration, connector: str, account: str) -> tuple[str, str]:
    """The connector's installation in a customer's account.

    Raises: DeclarationError, when it is not installed there.
    """
    there = find(Cyclr(declared.access).installations(account), CATALOGUE[connector].cyclr_name, "")
    if there is None:
        raise DeclarationError(
            f"{CATALOGUE[connector].cyclr_name} is not installed in account {account}",
            where=f"account {account}",
            why="the account's list of connectors has none of that name",
            fix="install it there, in Cyclr's console or by its API, and run this again",
        )
    return account, str(there["Id"])


def _see_that_it_can_prove(declared: Declaration, connector: str, account: str, installation: str) -> None:
    """See, before anything is ended or written, that a consent now would be one under the library entry's secret.

    Raises: DeclarationError, when the installation holds credentials of its own.
    """
    app = declared.settings.connectors[connector]
    declared.access.resolve(app.app_secret, f"appSecret of {connector}")
    live = Cyclr(declared.access).installation(account, installation)
    own = consent.seen(live, {}).own
    if own:
        raise DeclarationError(
            "A consent now would prove nothing about the library entry",
            where=f"installation {installation} in account {account}",
            why=f"it has its own {' and '.join(own)}, which the consent would be given under",
            fix=f"take {' and '.join(own)} out of its properties in Cyclr's console, then run this again",
        )
    if live.get("Authenticated") is True and (asked := _asked(declared, account, installation)):
        _compare(declared, connector, asked)


def _free(declared: Declaration, account: str, installation: str, *, renew: bool, confirmed: bool) -> None:
    """See that no consent stands; end it when told to.

    Raises: DeclarationError, when one stands and `--renew` was not given.
    """
    cyclr = Cyclr(declared.access)
    if cyclr.installation(account, installation).get("Authenticated") is not True:
        return
    if not renew:
        raise DeclarationError(
            f"Installation {installation} is authenticated already",
            where=f"account {account}",
            why="a mark written now would prove nothing about the consent that stands",
            fix=f"to ask for a new consent add --renew; {CUTS_OFF}",
        )
    message = f"Ending the consent of installation {installation} in account {account}: {CUTS_OFF}."
    click.echo(message, err=True)
    if not confirmed:
        click.confirm("End it now?", abort=True, err=True)
    cyclr.deauthenticate(account, installation)


def _mark(declared: Declaration, connector: str, account: str, installation: str) -> None:
    """Write what the consent will prove, once the dialog asks for what is declared.

    Raises: DeclarationError, while it asks for something else.
    """
    cyclr = Cyclr(declared.access)
    settings = declared.settings
    app = settings.connectors[connector]
    asked = _asked(declared, account, installation)
    _compare(declared, connector, asked)
    secret = fingerprint(declared.access.resolve(app.app_secret, f"appSecret of {connector}"), app.app_id)
    scopes = tuple(consent.split_scopes(consent.without_secret(asked, app.app_id, secret).get("scope", "")))
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    mark = marks.Consent(secret, scopes, today)
    description = cyclr.installation(account, installation).get("Description")
    if not marks.is_made_by(settings.environment, description):
        click.echo(f"Installation {installation} was there before us: adding a mark to its Description.", err=True)
    cyclr.describe(account, installation, marks.with_consent(description, mark))


def _asked(declared: Declaration, account: str, installation: str) -> Mapping[str, str]:
    """What the login dialog would be asked for; empty where the link does not lead to it."""
    service = derive.service_url(declared.settings.service_domain)
    token = Cyclr(declared.access).sign_in_token(account)["Token"]
    return open_authorise_link(service, installation, token) or {}


def _compare(declared: Declaration, connector: str, asked: Mapping[str, str]) -> None:
    """Pass when the dialog is asked for what is declared.

    Raises: DeclarationError, while it is asked for something else.
    """
    settings = declared.settings
    app = settings.connectors[connector]
    wanted = {"client_id": app.app_id, "redirect_uri": derive.redirect_uri(settings.service_domain)}
    mark = fingerprint(declared.access.resolve(app.app_secret, f"appSecret of {connector}"), app.app_id)
    found = consent.without_secret(asked, app.app_id, mark)
    wrong = [
        f"{key} is {found.get(key) or 'missing'}, declared {value}"
        for key, value in wanted.items()
        if found.get(key) != value
    ]
    if wrong:
        raise DeclarationError(
            "A consent now would prove nothing: the login dialog asks for other values than the declared ones",
            where=f"library entry {CATALOGUE[connector].cyclr_name} at {declared.access.cyclr_console_url}",
            why="; ".join(wrong),
            fix=f"set what cyclr-connectors steps -s {settings.environment} lists before it, then run this again",
        )


def _new_link(declared: Declaration, account: str, installation: str) -> Link:
    token = Cyclr(declared.access).sign_in_token(account)
    url = authorise_link(derive.service_url(declared.settings.service_domain), installation, token["Token"])
    return Link(account, installation, url, token["ExpiresAtUtc"])


def _lifetime(expires_at: str) -> str:
    """How long the link may still be opened, by this machine's clock."""
    try:
        end = datetime.datetime.fromisoformat(expires_at)
    except ValueError:
        return "the time that Cyclr allows"
    left = (end.replace(tzinfo=end.tzinfo or datetime.UTC) - datetime.datetime.now(datetime.UTC)).total_seconds()
    return f"{max(round(left / 60), 0)} minutes"


def _show(link: Link, stack: str, target: str, *, as_json: bool, marked: bool) -> None:
    if as_json:
        stdout.document(
            {
                "environment": stack,
                "account": link.account,
                "installation": link.installation,
                "marked": marked,
                "link": link.url,
                "expires_at": link.expires_at,
            }
        )
        return
    until = f"{_lifetime(link.expires_at)} (until {link.expires_at})"
    click.echo(f"Open this link once, within {until}, in a browser of the person who consents:", err=True)
    click.echo(link.url)
    click.echo(f"It is a login to account {link.account}: do not store it or send it by mail.", err=True)
    if marked:
        click.echo(f"When the dialog is done: cyclr-connectors status {target}", err=True)
