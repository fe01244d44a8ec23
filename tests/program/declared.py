"""Components on their own under mocks: run with a provider of AWS, with each request as the engine would get it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pulumi
import pulumi_aws
from pulumi.runtime import mocks, rpc
from pulumi.runtime.settings import SETTINGS
from pulumi.runtime.stack import run_pulumi_func

from tests.program.harness import PROJECT, STACK, _close_loop

REGION, ACCOUNT = "eu-west-1", "123456789012"
GIVEN = "given"
"""The name of the provider that a component is given."""
ARN = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:acme/facebook-AbCdEf"
MADE = {
    "aws:kms/key:Key": {"keyId": "key-1", "arn": "arn:key-1"},
    "aws:secretsmanager/secret:Secret": {"arn": ARN},
    "aws:sns/topic:Topic": {"arn": "arn:topic"},
}
"""What AWS tells of a resource once it is there."""


class Lost(Exception):
    """A resource that could not be made."""


class Monitor(mocks.MockMonitor):
    """Keeps each request as it came, and knows what AWS would answer."""

    def __init__(self, *, preview: bool, lost: str) -> None:
        super().__init__(self)
        self._preview, self._lost, self.requests = preview, lost, {}

    def new_resource(self, args: Any) -> tuple[str, dict[str, Any]]:
        if args.name == self._lost:
            raise Lost(args.name)
        return "" if self._preview else f"{args.name}-id", args.inputs | (
            {} if self._preview else MADE.get(args.typ, {})
        )

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the engine's name
        try:
            response = super().RegisterResource(request)
        finally:
            if request.type != "pulumi:pulumi:Stack":
                _close_loop()
        self.requests[request.name] = request
        return response


def declare(
    make: Callable[[pulumi.ProviderResource], Any], *, preview: bool = False, lost: str = ""
) -> tuple[dict[str, Any], Any]:
    """Run `make` with a provider as the program; its requests by name, and the result of the output it returns.

    lost  the resource that cannot be made; then the result is that of the output alone, not of the whole run
    """
    monitor = Monitor(preview=preview, lost=lost)
    known: dict[str, Any] = {}

    async def whole() -> None:
        if lost:  # outputs that nobody awaits would be told on the terminal
            asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        pulumi.runtime.stack.set_root_resource(None)
        mocks.set_mocks(None, PROJECT, STACK, preview, monitor=monitor)

        def program() -> None:
            known["output"] = make(pulumi_aws.Provider(GIVEN, region=REGION))

        with suppress(Lost):
            await run_pulumi_func(program)
        with suppress(Lost):
            if known["output"] is not None and await known["output"].is_known():
                known["value"] = await known["output"].future()

    handler = signal.getsignal(signal.SIGINT)
    try:
        asyncio.run(whole())
    finally:
        signal.signal(signal.SIGINT, handler)
        pulumi.runtime.stack.set_root_resource(None)
        SETTINGS.outputs.clear()
    return monitor.requests, known.get("value")


def inputs(request: Any) -> dict[str, Any]:
    """The inputs of a request, without what is unknown."""
    return rpc.deserialize_properties(request.object)
