"""What Facebook says of the access token that a consent left: whose it is, whether it lives, what was granted to whom.

Source: the debug_token reference; the roles edge of Application (read-only since February 2020). That its user ids are
        those of debug_token is assumed, so a missing role raises evidence only and decides no verdict.
"""

from __future__ import annotations

from typing import Any

from components import errors
from components.calls import unusable
from components.facebook.graph import CODE_PARAMETER, Graph
from components.inspectors import TokenFacts
from components.vendor_access import Access


def inspect(access: Access, app_id: str, reference: str, token: str) -> TokenFacts:
    """Ask about a token with the app's own one; two calls, the second only for a token that lives.

    Raises: ApiError, when Facebook does not tell.
    """
    graph = Graph(access, app_id, reference)
    try:
        data = _data(graph.ask("/debug_token", {"input_token": token}, secrets=(token,)))
    except errors.Rejected as refused:
        # Facebook tells an app of its own tokens alone, and calls another one a wrong parameter.
        if refused.code == CODE_PARAMETER:
            return TokenFacts(is_ours=False)
        raise
    if not isinstance(data.get("is_valid"), bool):
        raise unusable("Facebook", "GET /debug_token", "the answer does not say whether the token is valid")
    if not data["is_valid"]:
        return TokenFacts(is_ours=True, cause=_cause(data))
    scopes = data.get("scopes")
    return TokenFacts(
        is_ours=str(data.get("app_id")) == app_id,
        lives=True,
        scopes=tuple(sorted(map(str, scopes))) if isinstance(scopes, list) else (),
        has_role=_has_role(graph, app_id, data.get("user_id")),
    )


def _has_role(graph: Graph, app_id: str, user: object) -> bool | None:
    """Whether the user is on the app's roles page; None where the list goes on, or is not told."""
    if not user:
        return None
    body = graph.ask(f"/{app_id}/roles", {})
    rows, paging = body.get("data"), body.get("paging")
    if not isinstance(rows, list):
        return None
    if str(user) in {str(row.get("user")) for row in rows if isinstance(row, dict)}:
        return True
    return None if isinstance(paging, dict) and paging.get("next") else False


def _data(body: dict[str, Any]) -> dict[str, Any]:
    found = body.get("data")
    return found if isinstance(found, dict) else {}


def _cause(data: dict[str, Any]) -> str:
    error = data.get("error")
    if not isinstance(error, dict) or not error.get("code"):
        return "without a reason"
    subcode = f"/{error['subcode']}" if error.get("subcode") else ""
    return f"code {error['code']}{subcode}"
