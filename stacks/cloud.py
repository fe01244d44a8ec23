"""What an environment keeps at AWS: declared, where its stack file says so; and which version of a secret is current.

Never: import anything of AWS for a stack that does not use it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
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

    Secrets of others come first: where one of them cannot be told, nothing is made. The version of a secret that this
    stack makes itself is an output, known once the secret is there.
    Raises: RunError, when a version cannot be told or a name is taken; an output raises it when it is awaited.
    """
    references = {text: secrets.parse_reference(text) for text in settings.secret_references()}
    own = {each.whole: _own(each, settings) for each in references.values() if each.in_aws}
    _check_account(settings)
    known: dict[secrets.Reference, pulumi.Input[str]] = {
        whole: _asker(whole, settings, references)(None) for whole, name in own.items() if not name
    }
    made = _declare(settings)
    known |= {whole: made[name].apply(_asker(whole, settings, references)) for whole, name in own.items() if name}
    return {text: known[each.whole] for text, each in references.items() if each.in_aws}


def _own(reference: secrets.Reference, settings: EnvironmentSettings) -> str:
    """The secret that this stack makes, whether it is referred to by its name or by its ARN; "" for one of others."""
    if settings.aws is None or reference.kind != secrets.SECRETS_MANAGER:
        return ""
    in_account = f":secretsmanager:{settings.aws.region}:{settings.aws.account}:secret:"
    name = reference.name.partition(in_account)[2]
    # AWS puts a hyphen and six signs behind the name; an ARN is also taken without them.
    spelled = (reference.name, name, re.sub(r"-[A-Za-z0-9]{6}$", "", name))
    return next((each for each in spelled if each in settings.aws.secrets), "")


def _check_account(settings: EnvironmentSettings) -> None:
    """Nothing is asked for or made in another account than the declared one."""
    if settings.aws is None:
        return
    with _told(settings):
        from components.aws import identity  # noqa: PLC0415 - who does not use AWS does not pay for it

        identity.check(settings.aws.account, f"aws.account of stack {settings.environment}", settings.aws.region)


def _declare(settings: EnvironmentSettings) -> Mapping[str, pulumi.Output[str]]:
    """The names of the secrets that this stack makes, each known once its secret is there."""
    if settings.aws is None:
        return {}
    with _told(settings):
        from stacks import cloud_resources  # noqa: PLC0415

        return cloud_resources.make(settings, settings.aws)


def _asker(
    whole: secrets.Reference, settings: EnvironmentSettings, references: Mapping[str, secrets.Reference]
) -> Callable[[object], str]:
    """Asks AWS which version of a secret is current; in its errors stands the first setting that refers to it."""
    meant = [text for text, each in references.items() if each.whole == whole]
    where = f"{settings.secret_references()[meant[0]]} of stack {settings.environment}"
    entries = [references[text].key for text in meant if references[text].key]
    region = settings.aws.region if settings.aws else ""

    def current(_made: object) -> str:
        with _told(settings):
            from components.aws import secret_store  # noqa: PLC0415

            return secret_store.version(references[meant[0]], where, region, entries)

    return current


@contextmanager
def _told(settings: EnvironmentSettings) -> Iterator[None]:
    """An error of ours ends the program by its own text, without a traceback."""
    try:
        yield
    except ModuleNotFoundError as missing:
        if missing.name not in ("pulumi_aws", "boto3", "botocore"):
            raise
        raise _no_packages(settings) from None
    except DeclarationError as error:
        raise pulumi.RunError(str(error)) from None
    except ConnectorError as error:
        raise pulumi.RunError(f"{AT_AWS}{error}") from None


def _no_packages(settings: EnvironmentSettings) -> pulumi.RunError:
    from components.aws import clients  # noqa: PLC0415

    return pulumi.RunError(f"{AT_AWS}{clients.missing_packages(f'the program of stack {settings.environment}')}")
