"""What a change of the access to the vendors leads to. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from stacks.operations.comparison.declared import Declared
from stacks.operations.summary.changes import CREATE, DELETE, Change
from stacks.settings_model import REGIONS, FacebookSettings

CALLED = {
    "graphUrl": FacebookSettings.model_fields["graph_url"].default,
    "wwwUrl": FacebookSettings.model_fields["www_url"].default,
    "dashboardUrl": FacebookSettings.model_fields["dashboard_url"].default,
}
"""Input -> Facebook's own address. The dashboard is linked only; the others are called."""
_OWN = {
    **{key: (address,) for key, address in CALLED.items()},
    "cyclrApiUrl": tuple(region.api for region in REGIONS.values()),
}


def said(change: Change) -> Iterator[tuple[bool, str, str]]:
    """Whether it is a danger, what happens, what to do. On a first deployment only an address of others counts."""
    key, after = change.setting.rpartition(":")[2], str(change.after or "")
    if change.operation == DELETE:
        return
    if key in _OWN and after:
        yield from _address(change, key, after)
    if change.operation == CREATE:
        return
    if key == "graphVersion":
        yield (
            False,
            f"Graph is asked in version {after} from now on. Only this project's own calls use it.",
            "",
        )
    elif key == "cyclrClientId":
        yield (
            False,
            "Another API client looks at Cyclr.",
            "It must see the same accounts, else installations look as if they were gone.",
        )
    elif not key:
        yield (False, "A secret of the access to the vendors changes; its value is not shown.", "")


def _address(change: Change, key: str, address: str) -> Iterator[tuple[bool, str, str]]:
    stack = change.urn.partition("::")[0].removeprefix("urn:pulumi:")
    declared = Declared(stack, {(key,): address}, frozenset())
    if address.rstrip("/") in _OWN[key]:
        if change.operation != CREATE:
            yield (False, f"The vendor is asked at another of its own addresses: {address}.", "")
    elif _is_local(declared, key):
        yield (
            not declared.is_sandbox,
            f"The vendor is asked at {address}, an address of the machine that runs: what is seen there is a sandbox, "
            "and says nothing of real customers.",
            "Only a stack with sandbox in its name should have this.",
        )
    else:
        sent = "Links to it" if key == "dashboardUrl" else "Secrets are sent to it, and what it answers"
        rest = "lead people there." if key == "dashboardUrl" else "is taken for the vendor's word."
        yield (
            True,
            f"{address} is not an address of the vendor ({key}). {sent} {rest}",
            "Use the vendor's own address.",
        )


def _is_local(declared: Declared, key: str) -> bool:
    try:
        return declared.is_local((key,))
    except ValueError:  # no URL at all
        return False
