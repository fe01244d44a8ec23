"""One random case: a world, a declaration for it, and then what people change at the vendors and in the stack file."""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.contract.convergence.consoles import drifts, worlds
from tests.contract.convergence.declarations import ROTATED, Declaration, declarations, edits, seldom


class Case(NamedTuple):
    """Two declarations and the two states of the world that they meet."""

    made: dict[str, Any]
    declaration: Declaration
    drift: dict[str, Any]
    edited: Declaration


def _case(made: dict[str, Any], first: Declaration, edit: Declaration, drift: dict[str, Any], rotated: bool) -> Case:
    """A rotated secret changes at the vendor and in the stack file together."""
    if rotated:
        edit, drift = {**edit, "appSecret": "other"}, {**drift, "fields": {**drift["fields"], "secret": ROTATED}}
    return Case(made, first, drift, {**first, **edit})


cases = st.builds(_case, worlds, declarations, edits, drifts, seldom(False, True))
