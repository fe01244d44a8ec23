"""The provider that the engine speaks to: it checks by the SDK's tables, compares as the real one does, and calls AWS.

One operation at a time, so that a run of the engine always makes the same calls in an order that can be told.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from typing import Any

from pulumi.provider.experimental import provider as sdk
from pulumi.runtime.rpc import UNKNOWN

from tests.aws.plugin.arguments import failures, table
from tests.aws.plugin.calls import Account, HalfMade, Refusal, told
from tests.aws.plugin.comparison import changed, paths
from tests.aws.plugin.kinds import TOKENS, Kind, kind
from tests.aws.plugin.values import DEFAULTED, Props, plain, plain_map, wrapped, wrapped_map

VERSION = "7.51.1"
SETTINGS = ("region", "allowedAccountIds", "version", "skipCredentialsValidation", "skipRegionValidation")
"""Of the provider; the last three are what the SDK and the engine always send."""
NAME_DIGITS = 7
_EMPTY: tuple[Any, ...] = (None, "", [], {})


class Aws(sdk.Provider):
    """The stand-in."""

    def __init__(self) -> None:
        self._account: Account | None = None

    @property
    def account(self) -> Account:
        """Where it works, once it is configured."""
        assert self._account, "the engine configures a provider before it uses it"
        return self._account

    async def get_schema(self, request: sdk.GetSchemaRequest) -> sdk.GetSchemaResponse:
        """The types without their properties, which the SDK has."""
        return sdk.GetSchemaResponse(
            json.dumps({"name": "aws", "version": VERSION, "resources": {token: {} for token in TOKENS}})
        )

    async def check_config(self, request: sdk.CheckRequest) -> sdk.CheckResponse:
        """Settings that the stand-in does not put into practice are refused."""
        unknown = [key for key in request.new_inputs if key not in SETTINGS and not key.startswith("__")]
        reasons = [sdk.CheckFailure(key, "the stand-in of the aws plugin has no such setting") for key in unknown]
        return sdk.CheckResponse(inputs=request.new_inputs, failures=reasons)

    async def configure(self, request: sdk.ConfigureRequest) -> sdk.ConfigureResponse:
        """The account is asked for its number, as the real provider does."""
        settings = plain_map(request.args)
        region = settings.get("region") or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
        if not region:
            raise Refusal("Missing region configuration: set aws:region, AWS_REGION or AWS_DEFAULT_REGION")
        account = Account(region)
        with told("validating provider credentials"):
            number = account.number()
        allowed = settings.get("allowedAccountIds") or []
        if allowed and number not in (json.loads(allowed) if isinstance(allowed, str) else allowed):
            raise Refusal(f"AWS account ID not allowed: {number}")
        self._account = account
        return sdk.ConfigureResponse(accept_secrets=True, supports_preview=True)

    async def check(self, request: sdk.CheckRequest) -> sdk.CheckResponse:
        """The inputs with the provider's own, or every reason why not."""
        inputs = plain_map(request.new_inputs)
        reasons = [sdk.CheckFailure(path, reason) for path, reason in _problems(request.type, inputs)]
        if reasons:
            return sdk.CheckResponse(inputs=request.new_inputs, failures=reasons)
        of, defaults = _kind(request.type), {}
        if of.name_prefix is not None and "name" not in inputs:
            defaults["name"] = _made_up(of, request)
        defaults |= {key: value for key, value in of.defaults.items() if key not in inputs}
        own = {**defaults, DEFAULTED: sorted(defaults)}
        return sdk.CheckResponse(inputs={**request.new_inputs, **{key: wrapped(own[key]) for key in own}})

    async def diff(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        """What would change, and what of it only by making the resource anew."""
        of, state, inputs = _kind(request.type), plain_map(request.old_state), plain_map(request.new_inputs)
        names = _changed(of, state, inputs) - set(request.ignore_changes)
        replaces = names & of.immutable
        detailed = {
            path: _property_diff(old, new, name in replaces)
            for name in sorted(names)
            for path, old, new in paths(name, state.get(name), inputs.get(name))
        }
        # A name that was declared is taken until the old resource is gone; one that was made up is made up anew.
        given = of.name_prefix is not None and "name" not in _defaulted(request.new_inputs)
        return sdk.DiffResponse(
            changes=bool(names),
            replaces=sorted(replaces),
            diffs=sorted(names),
            detailed_diff=detailed,
            delete_before_replace=bool(replaces) and given and "name" not in names,
        )

    async def create(self, request: sdk.CreateRequest) -> sdk.CreateResponse:
        """The resource as AWS tells it after it was made."""
        of, inputs = _kind(request.type), plain_map(request.properties)
        if request.preview:
            later = (table(request.type).outputs | of.computed) - inputs.keys()
            return sdk.CreateResponse("", wrapped_map(inputs | dict.fromkeys(later, UNKNOWN), request.properties))
        with told(f"creating {of.noun} ({inputs.get('name', request.name)})"):
            identity = of.create(self.account, inputs)
        try:
            with told(f"creating {of.noun} ({identity})"):
                of.finish(self.account, identity, inputs)
            state = self._there(of, identity, inputs)
        except Refusal as refusal:
            # Whatever the next run finds different it will set; what cannot be set is as it was declared.
            kept = {key: inputs[key] for key in of.immutable | of.unread if key in inputs}
            raise HalfMade(str(refusal), identity, wrapped_map(kept), request.properties) from None
        return sdk.CreateResponse(identity, wrapped_map(state, request.properties))

    async def read(self, request: sdk.ReadRequest) -> sdk.ReadResponse:
        """The resource as AWS tells it; without an id when it is gone; without a state before, it is to be imported."""
        of, before, inputs = _kind(request.type), plain_map(request.properties), plain_map(request.inputs)
        state = self._state(of, request.resource_id, before)
        if state is None:
            return sdk.ReadResponse("", {}, {})
        found = _inputs_found(of, state, inputs) if before or inputs else _imported(request.type, of, state)
        likes = (request.properties, request.inputs)
        kept = {key: value for key, value in request.inputs.items() if key == DEFAULTED}
        return sdk.ReadResponse(request.resource_id, wrapped_map(state, *likes), {**wrapped_map(found, *likes), **kept})

    async def update(self, request: sdk.UpdateRequest) -> sdk.UpdateResponse:
        """Only what differs is sent; what AWS tells then is the state."""
        of, state, inputs = _kind(request.type), plain_map(request.olds), plain_map(request.news)
        likes = (request.olds, request.news)
        if request.preview:
            return sdk.UpdateResponse(wrapped_map(_as_planned(state, inputs), *likes))
        names = _changed(of, state, inputs) - set(request.ignore_changes)
        with told(f"updating {of.noun} ({request.resource_id})"):
            of.update(self.account, request.resource_id, state, inputs, names)
        kept = {key: value for key, value in state.items() if key not in table(request.type).inputs}
        after = self._there(of, request.resource_id, {**kept, **inputs})
        return sdk.UpdateResponse(wrapped_map(after, *likes))

    async def delete(self, request: sdk.DeleteRequest) -> None:
        """What is gone already is deleted."""
        of = _kind(request.type)
        with told(f"deleting {of.noun} ({request.resource_id})"):
            of.delete(self.account, request.resource_id, plain_map(request.properties))

    def _there(self, of: Kind, identity: str, before: Props) -> Props:
        state = self._state(of, identity, before)
        if state is None:
            raise Refusal(f"reading {of.noun} ({identity}): couldn't find resource")
        return state

    def _state(self, of: Kind, identity: str, before: Props) -> Props | None:
        with told(f"reading {of.noun} ({identity})"):
            state = of.read(self.account, identity, before)
        return None if state is None else {**{key: before[key] for key in of.unread if key in before}, **state}


def _kind(token: str) -> Kind:
    of = kind(token)
    if of is None:
        raise Refusal(f"the stand-in of the aws plugin does not serve {token}")
    return of


def _problems(token: str, inputs: Props) -> Iterator[tuple[str, str]]:
    of = _kind(token)
    yield from failures(inputs, token)
    for name in inputs:
        if name in table(token).inputs and name not in of.served:
            yield name, "the stand-in of the aws plugin does not serve this argument"
    yield from of.rules(inputs)


def _made_up(of: Kind, request: sdk.CheckRequest) -> str:
    """The name that it has, else the resource's with digits that the engine has drawn."""
    old = request.old_inputs.get("name")
    digits = hashlib.sha256(request.random_seed).hexdigest()[:NAME_DIGITS]
    return str(plain(old)) if old is not None else f"{of.name_prefix}{request.name}-{digits}"


def _defaulted(inputs: Any) -> list[str]:
    return list(plain(inputs[DEFAULTED])) if DEFAULTED in inputs else []


def _changed(of: Kind, state: Props, inputs: Props) -> frozenset[str]:
    return changed(state, inputs, of.served, of.computed, of.same)


def _property_diff(old: Any, new: Any, replaces: bool) -> sdk.PropertyDiff:
    name = "ADD" if old in _EMPTY else "DELETE" if new in _EMPTY else "UPDATE"
    return sdk.PropertyDiff(sdk.PropertyDiffKind[f"{name}_REPLACE" if replaces else name], False)


def _inputs_found(of: Kind, state: Props, inputs: Props) -> Props:
    """The inputs as they would have to be declared: in the words of the declaration where they mean the same."""
    differ = changed(state, inputs, inputs.keys(), (), of.same)
    return {name: state.get(name) if name in differ else value for name, value in inputs.items()}


def _imported(token: str, of: Kind, state: Props) -> Props:
    """What would have to be declared of a resource that nobody declared yet."""
    known = {name: value for name, value in state.items() if name in table(token).inputs and name in of.served}
    return {name: value for name, value in known.items() if value and value != of.defaults.get(name)}


def _as_planned(state: Props, inputs: Props) -> Props:
    tags = {"tagsAll": inputs.get("tags", {})} if "tagsAll" in state else {}
    return {**state, **inputs, **tags}
