"""The stand-in as a process of the engine's: a port on its standard output, then calls until it is ended.

A refusal reaches the engine as its text alone, where the SDK's own `main` adds a trace of Python's stack to it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import grpc
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.provider.experimental.server import ProviderServicer
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from tests.aws.plugin.calls import HalfMade, Refusal, endpoint
from tests.aws.plugin.provider import VERSION, Aws

LIMITS = [("grpc.max_receive_message_length", 400 << 20), ("grpc.max_send_message_length", 400 << 20)]
"""Bytes of one message, as the engine has them."""
DETAILS = "grpc-status-details-bin"


class Told(grpc.aio.ServerInterceptor):
    """Turns a refusal into the answer of the call."""

    async def intercept_service(
        self, continuation: Callable[[Any], Awaitable[Any]], handler_call_details: grpc.HandlerCallDetails
    ) -> Any:
        """Wrap the method that is called."""
        handler = await continuation(handler_call_details)

        async def answer(request: Any, context: grpc.aio.ServicerContext[Any, Any]) -> Any:
            try:
                return await handler.unary_unary(request, context)
            except HalfMade as half:
                details = ((DETAILS, half_made(half).SerializeToString()),)
                return await context.abort(grpc.StatusCode.UNKNOWN, str(half), details)
            except Refusal as refusal:
                return await context.abort(grpc.StatusCode.UNKNOWN, str(refusal))

        if handler is None or not handler.unary_unary:
            return handler
        return grpc.unary_unary_rpc_method_handler(answer, handler.request_deserializer, handler.response_serializer)


class Servicer(ProviderServicer):
    """The SDK's server, but for an answer that it cannot give."""

    async def Read(self, request: Any, context: Any) -> Any:  # noqa: N802 - gRPC's name
        """Of what is gone there are no properties at all: an import takes an empty map for a resource."""
        answer = await super().Read(request, context)
        return answer if answer.id else provider_pb2.ReadResponse()


def half_made(half: HalfMade) -> Any:
    """The form in which the engine hears of a resource that it has to remember though its creation failed."""
    told = provider_pb2.ErrorResourceInitFailed(
        id=half.identity,
        properties=PropertyValue.marshal_map(half.state),
        inputs=PropertyValue.marshal_map(half.inputs),
        reasons=[str(half)],
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(half))
    status.details.add().Pack(told)
    return status


def main() -> None:
    """Serve the engine that has started this process."""
    try:
        endpoint()
    except Refusal as refusal:
        sys.exit(str(refusal))
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve())


async def _serve() -> None:
    server = grpc.aio.server(interceptors=(Told(),), options=LIMITS)
    servicer = Servicer([], VERSION, Aws(), engine_address=sys.argv[1])
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)  # noqa: T201 - the engine reads it
    await server.wait_for_termination()
