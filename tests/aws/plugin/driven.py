"""The provider as the engine drives it, in this process and with plain values: check, diff, create, read, update."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi.provider.experimental import provider as sdk

from tests.aws.plugin.provider import Aws
from tests.aws.plugin.values import Props, plain_map, wrapped_map

SEED = b"engine's own dice"


@dataclass(frozen=True)
class Made:
    """A resource as a state holds it."""

    token: str
    identity: str
    inputs: Props
    outputs: Props


@dataclass(frozen=True)
class Driven:
    """A configured provider."""

    provider: Aws

    @classmethod
    def configured(cls, **settings: Any) -> Driven:
        """A provider with these settings."""
        provider = Aws()
        asyncio.run(provider.configure(sdk.ConfigureRequest({}, wrapped_map(settings), True, False)))
        return cls(provider)

    def client(self, service: str) -> Any:
        """A client of AWS, for who works behind the provider's back."""
        return self.provider.account.client(service)

    def failures(self, token: str, inputs: Props) -> dict[str, str]:
        """What check finds wrong: reasons by the path of the input."""
        return {each.property: each.reason for each in self._checked(token, inputs).failures or []}

    def checked(self, token: str, inputs: Props, old: Props | None = None) -> Props:
        """The inputs after check, which finds nothing wrong."""
        answer = self._checked(token, inputs, old)
        assert not answer.failures, self.failures(token, inputs)
        return plain_map(answer.inputs or {})

    def made(self, token: str, **inputs: Any) -> Made:
        """A new resource."""
        checked = self.checked(token, inputs)
        answer = asyncio.run(self.provider.create(sdk.CreateRequest(urn(token), wrapped_map(checked), 0, False)))
        return Made(token, str(answer.resource_id), checked, plain_map(answer.properties))

    def previewed(self, token: str, **inputs: Any) -> Props:
        """What a preview shows of a new resource."""
        checked = wrapped_map(self.checked(token, inputs))
        return plain_map(asyncio.run(self.provider.create(sdk.CreateRequest(urn(token), checked, 0, True))).properties)

    def difference(self, made: Made, inputs: Props, ignored: tuple[str, ...] = ()) -> sdk.DiffResponse:
        """What these inputs would change."""
        new = self._checked(made.token, inputs, made.inputs).inputs
        request = sdk.DiffRequest(urn(made.token), made.identity, wrapped_map(made.outputs), new or {}, list(ignored))
        return asyncio.run(self.provider.diff(request))

    def changed(self, made: Made, **changes: Any) -> Made:
        """The resource after an update; a change to None takes the input out."""
        inputs = {key: value for key, value in (made.inputs | changes).items() if value is not None}
        inputs = self.checked(made.token, inputs, made.inputs)
        request = sdk.UpdateRequest(
            urn(made.token), made.identity, wrapped_map(made.outputs), wrapped_map(inputs), 0, [], False
        )
        return Made(made.token, made.identity, inputs, plain_map(asyncio.run(self.provider.update(request)).properties))

    def seen(self, made: Made) -> Made | None:
        """The resource as a refresh finds it; None when it is gone."""
        request = sdk.ReadRequest(urn(made.token), made.identity, wrapped_map(made.outputs), wrapped_map(made.inputs))
        answer = asyncio.run(self.provider.read(request))
        found = Made(made.token, str(answer.resource_id), plain_map(answer.inputs), plain_map(answer.properties))
        return found if answer.resource_id else None

    def imported(self, token: str, identity: str) -> Made | None:
        """A resource of which only its id is known; None when there is none."""
        return self.seen(Made(token, identity, {}, {}))

    def delete(self, made: Made) -> None:
        """Take it away."""
        request = sdk.DeleteRequest(urn(made.token), made.identity, wrapped_map(made.outputs), 0)
        asyncio.run(self.provider.delete(request))

    def _checked(self, token: str, inputs: Mapping[str, Any], old: Props | None = None) -> sdk.CheckResponse:
        request = sdk.CheckRequest(urn(token), wrapped_map(old or {}), wrapped_map(dict(inputs)), SEED)
        return asyncio.run(self.provider.check(request))


def urn(token: str) -> str:
    """The name of the only resource of its type here."""
    return f"urn:pulumi:dev::project::{token}::thing"
