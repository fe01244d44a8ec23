"""A stack file without a fault, and ways to break it. CANARY stands for a secret typed where none belongs."""

from __future__ import annotations

CANARY = "5a5ad0b0c0de5a5ad0b0c0de5a5ad0b0"

VALID = """\
encryptionsalt: v1:c2FsdA==:v1:c2FsdA==
config:
  cyclr-connectors:serviceDomain: app-h.cyclr.com
  cyclr-connectors:cyclr:
    api: https://api.cyclr.com
    clientId: acme-api
    clientSecret: config:cyclrClientSecret
    account: acme-observation
  cyclr-connectors:facebook:
    graphVersion: v25.0
  cyclr-connectors:connectors:
    facebook-marketing:
      appId: "1234567890123456"
      appSecret: config:facebookAppSecret
      appName: Acme Ads
  cyclr-connectors:cyclrClientSecret:
    secure: v1:b25l
  cyclr-connectors:facebookAppSecret:
    secure: v1:dHdv
"""


def but(*changes: tuple[str, str], text: str = VALID) -> str:
    """The valid text with each old part replaced by a new one; an old part that is not there is the test's fault."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def app(*lines: str) -> str:
    """The valid text with more lines in its connector."""
    return but(("      appName: Acme Ads\n", "".join(f"      {line}\n" for line in ("appName: Acme Ads", *lines))))


def cyclr(*lines: str) -> str:
    """The valid text with more lines under cyclr."""
    more = "".join(f"    {line}\n" for line in lines)
    return but(("    account: acme-observation\n", f"    account: acme-observation\n{more}"))


def facebook(*lines: str) -> str:
    """The valid text with other lines under facebook."""
    return but(("    graphVersion: v25.0\n", "".join(f"    {line}\n" for line in lines)))


def config(*lines: str) -> str:
    """The valid text with more config keys."""
    return VALID + "".join(f"  {line}\n" for line in lines)


def top(*lines: str) -> str:
    """The valid text with more keys beside config."""
    return VALID + "".join(f"{line}\n" for line in lines)
