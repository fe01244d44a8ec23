"""What an environment keeps at AWS: declared, where its stack file says so; and which version of a secret is current.

Never: import anything of AWS for a stack that does not use it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

import pulumi

from components import secrets
from components.errors import ConnectorError, DeclarationError
from stacks.settings import EnvironmentSettings

AT_AWS = "Stopped at AWS: "
"""How the text of an error begins that says nothing of the declaration: a look could not be taken."""
Versions = Mapping[str, pulumi.Input[str]]
"""Secret reference, as the stack file has it -> what tells that the secret changed."""


def versions(settings: EnvironmentSettings) -> Versions:
    """Everything under `aws:` is declared, and each secret that AWS holds is asked for its current version, once.

    The version of a secret that this stack makes itself is an output, known once the secret is there.
    Raises: RunError, when a version cannot be told or a name is taken; an output raises it when it is awaited.
    """
    made = _declare(settings)
    referred = {text: secrets.parse_reference(text) for text in settings.secret_references()}
    known: dict[str, pulumi.Input[str]] = {}
    found: dict[str, pulumi.Input[str]] = {}
    for text, where in settings.secret_references().items():
        reference = referred[text]
        if reference.in_aws:
            if reference.name not in known:
                entries = [each.key for each in referred.values() if each.name == reference.name and each.key]
                known[reference.name] = _version(reference, where, settings, _own(reference, settings, made), entries)
            found[text] = known[reference.name]
    return found


def _own(
    reference: secrets.Reference, settings: EnvironmentSettings, made: Mapping[str, pulumi.Output[str]]
) -> pulumi.Output[str] | None:
    """The secret that this stack makes, whether it is referred to by its name or by its ARN."""
    if settings.aws is None:
        return None
    in_account = f":secretsmanager:{settings.aws.region}:{settings.aws.account}:secret:"
    name = reference.name.partition(in_account)[2]
    # AWS puts a hyphen and six signs behind the name; an ARN is also taken without them.
    spelled = (reference.name, name, re.sub(r"-[A-Za-z0-9]{6}$", "", name))
    return next((made[each] for each in spelled if each in made), None)


def _declare(settings: EnvironmentSettings) -> Mapping[str, pulumi.Output[str]]:
    """The names of the secrets that this stack makes, each known once its secret is there."""
    if settings.aws is None:
        return {}
    try:
        from components.aws import identity  # noqa: PLC0415 - who does not use AWS does not pay for it
        from stacks import cloud_resources  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        if missing.name not in ("pulumi_aws", "boto3", "botocore"):
            raise
        raise _no_packages(settings) from None
    with _told():
        where = f"aws.account of stack {settings.environment}"
        identity.check(settings.aws.account, where, settings.aws.region)
        return cloud_resources.make(settings, settings.aws)


def _version(
    reference: secrets.Reference,
    where: str,
    settings: EnvironmentSettings,
    own: pulumi.Output[str] | None,
    entries: Collection[str],
) -> pulumi.Input[str]:
    def current(_name: str = "") -> str:
        try:
            from components.aws import secret_store  # noqa: PLC0415
        except ModuleNotFoundError:
            raise _no_packages(settings) from None
        with _told():
            region = settings.aws.region if settings.aws else ""
            return secret_store.version(reference, f"{where} of stack {settings.environment}", region, entries)

    return current() if own is None else own.apply(current)


@contextmanager
def _told() -> Iterator[None]:
    """An error of ours ends the program by its own text, without a traceback."""
    try:
        yield
    except DeclarationError as error:
        raise pulumi.RunError(str(error)) from None
    except ConnectorError as error:
        raise pulumi.RunError(f"{AT_AWS}{error}") from None


def _no_packages(settings: EnvironmentSettings) -> pulumi.RunError:
    from components.aws import clients  # noqa: PLC0415

    return pulumi.RunError(f"{AT_AWS}{clients.missing_packages(f'the program of stack {settings.environment}')}")
