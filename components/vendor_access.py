"""How this environment reaches both vendors: one explicit provider resource, and what a provider reads of it.

An explicit provider keeps unrelated stack config out of the state and gives all resources one process.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.dynamic import Config

from components import engine, secrets
from components.errors import ConnectorError
from components.tokens import Once

SECRET_PREFIX = "secret."  # noqa: S105 - the name of a key
_KEYS = {
    "environment": "environment",
    "graph_url": "graphUrl",
    "www_url": "wwwUrl",
    "dashboard_url": "dashboardUrl",
    "graph_version": "graphVersion",
    "cyclr_api_url": "cyclrApiUrl",
    "cyclr_console_url": "cyclrConsoleUrl",
    "cyclr_client_id": "cyclrClientId",
    "cyclr_client_secret": "cyclrClientSecret",
    "secret_names": "secretNames",
    "references": "references",
    "aws_region": "awsRegion",
    "aws_account": "awsAccount",
}
_ONLY_ON_AWS = ("aws_region", "aws_account")
"""Left out where they are empty: a stack without AWS has no new input in its state."""
_PROCESS = object()
"""The one run that a provider process lives for."""
_looked_up = Once[str]()


@dataclass(frozen=True)
class Access:
    """What a provider needs to call the vendors. Secret values are in `values` alone, in memory only."""

    cyclr_api_url: str
    cyclr_client_id: str
    cyclr_client_secret: str
    """A secret reference."""
    cyclr_console_url: str
    environment: str = ""
    graph_url: str = "https://graph.facebook.com"
    www_url: str = "https://www.facebook.com"
    dashboard_url: str = "https://developers.facebook.com"
    graph_version: str = "v25.0"
    aws_region: str = ""
    """Where AWS holds this environment's secrets; "": what AWS_REGION or the profile says."""
    aws_account: str = ""
    """The account that the credentials must be of; "": any."""
    references: Mapping[str, str] = field(default_factory=dict)
    """App id (client id) -> the secret reference that the stack file has now."""
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Config key -> value of every `config:` reference of the stack."""
    run: object = field(default_factory=object, compare=False, repr=False)
    """Which run asks: what one look has asked already is not asked again in it."""

    @classmethod
    def from_config(cls, config: Config) -> Access:
        """The access that `VendorAccess` handed to the provider process."""
        plain = {name: config.get(key) or "" for name, key in _KEYS.items()}
        references = json.loads(plain.pop("references") or "{}")
        names = [name for name in plain.pop("secret_names").split(",") if name]
        values = {name: config.get(SECRET_PREFIX + name) or "" for name in names}
        return cls(values=values, references=references, run=_PROCESS, **plain)

    def declares(self, app_id: str) -> bool:
        """Whether the stack file still has the app (client id). Without any reference, nothing is known of that."""
        return not self.references or app_id in self.references

    def resolve(self, reference: str, where: str, belongs_to: str = "") -> str:
        """The secret behind a reference, looked up once a run.

        A state may hold a reference that the stack file no longer has: then the current one of `belongs_to` counts.
        Raises: AuthError, when there is no value; what AWS answers, where AWS holds it.
        """
        try:
            return self._value(reference, where)
        except ConnectorError:
            current = self.references.get(belongs_to, reference)
            if current == reference:
                raise
        return self._value(current, where)

    def may_write(self, write: str) -> None:
        """Pass when a write may go out: the engine lives, and every secret of the stack file is there to be read.

        A run whose role lacks one of them would stop half way. `write` names what would be sent.
        Raises: EngineGone; what `resolve` raises.
        """
        engine.require(engine.address(), write)
        for app_id, reference in sorted(self.references.items()):
            self.resolve(reference, f"secret of app {app_id}", app_id)
        self.resolve(self.cyclr_client_secret, "the API credentials of cyclr in the stack file")

    def _value(self, reference: str, where: str) -> str:
        return secrets.resolve(reference, self.values, where, lambda whole: self._at_aws(whole, where))

    def _at_aws(self, whole: secrets.Reference, where: str) -> str:
        """A secret as a whole, so that its entries are of one version."""
        from components.aws import secret_store  # noqa: PLC0415 - who does not use AWS does not pay for it

        if self.aws_account:
            _looked_up.get((self.run, "awsAccount"), self._checked_account)
        return _looked_up.get((self.run, whole), lambda: secret_store.value(whole, where, self.aws_region))

    def _checked_account(self) -> str:
        """The account, when it is that of the credentials: another one's secret of the same name goes to no vendor."""
        from components.aws import identity  # noqa: PLC0415

        identity.check(self.aws_account, f"aws.account of stack {self.environment}", self.aws_region)
        return self.aws_account


class VendorAccess(pulumi.ProviderResource):
    """Base URLs, API version, our API credentials and the `config:` secrets that the stack refers to."""

    def __init__(
        self,
        name: str,
        access: Access,
        values: Mapping[str, pulumi.Input[str]],
        first: Iterable[pulumi.Input[str]] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`access` without values; `values` maps config keys to secret outputs; what must be known `first`.

        While that is missing, nothing is declared that would need it.
        """
        plain: dict[str, Any] = {key: getattr(access, name) for name, key in _KEYS.items() if hasattr(access, name)}
        for each in _ONLY_ON_AWS:
            if not getattr(access, each):
                del plain[_KEYS[each]]
        references = json.dumps(dict(access.references), sort_keys=True)
        awaited = [each for each in first if isinstance(each, pulumi.Output)]
        # Also with versions that a preview cannot know: the engine does not configure a provider that has an unknown
        # setting, and takes everything that is read through it for gone.
        waited = pulumi.Output.all(*awaited)
        plain["references"] = waited.apply(lambda _: references, run_with_unknowns=True) if awaited else references
        plain["secretNames"] = ",".join(sorted(values))
        secret: dict[str, Any] = {SECRET_PREFIX + key: pulumi.Output.secret(value) for key, value in values.items()}
        project = pulumi.get_project()
        super().__init__(
            "pulumi-python", name, {f"{project}:{key}": value for key, value in {**plain, **secret}.items()}, opts
        )
