"""The clients' way to `http`, which is imported with the first call.

`http` brings in requests and TLS, which take 60 ms to import. Neither the program nor a preview that looks at nobody
sends anything, and both import every client.
"""

from __future__ import annotations

from collections.abc import Collection

from components.calls import Answer, Call, Dialect


def send(base_url: str, dialect: Dialect, call: Call, expect: Collection[int] = ()) -> Answer:
    """As `http.send`."""
    from components import http  # noqa: PLC0415 - see above

    return http.send(base_url, dialect, call, expect)
