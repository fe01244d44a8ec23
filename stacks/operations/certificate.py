"""The TLS certificate that a service domain serves: one verified handshake, and nothing after it.

The host is asked directly: no proxy is used, so that the certificate is the host's own and not one of a proxy that
opens TLS. Where only a proxy leads outside, the host is unreachable, which says nothing of its certificate.
Authorities are those of the machine; SSL_CERT_FILE and SSL_CERT_DIR name others, as everywhere in OpenSSL.
Units:  seconds.
Never:  a byte after the handshake; a certificate that was not verified.
"""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, date, datetime

from components import deadline, derive
from stacks.operations.summary.risks import Certificate, Handshake

DEADLINE = 5.0
"""For name, connection and handshake together."""
PORT = 443
DIRECTLY = "asked directly, without any proxy"

_EXPIRED = 10
_WRONG_HOST = (62, 64)
"""Source: OpenSSL's X509_V_ERR codes: expired; the host's name, its address does not match."""


def served(host: str, port: int = PORT) -> Certificate:
    """The certificate of a host, or why it has no date."""
    try:
        host = derive.canonical_host(host)
    except ValueError:
        return Certificate(None, "there is no host name to ask", Handshake.NOT_ASKED)
    if port == PORT and derive.is_local(host):
        return Certificate(None, "plain http, the sandbox only", Handshake.NOT_ASKED)
    try:
        return Certificate(deadline.within(DEADLINE, lambda: _until(host, port)))
    except ssl.SSLCertVerificationError as error:
        return _refused(error)
    except ssl.SSLError as error:
        return _unreachable(f"no TLS handshake came about: {(error.reason or 'no reason').replace('_', ' ').lower()}")
    except TimeoutError:
        return _unreachable(f"no answer within {DEADLINE:g} s")
    except socket.gaierror:
        return _unreachable("its name does not resolve")
    except OSError as error:
        return _unreachable(f"{error.strerror or 'the connection broke'}")


def _until(host: str, port: int) -> date:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), DEADLINE) as connection,
        context.wrap_socket(connection, server_hostname=host) as tls,
    ):
        certificate = tls.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC).date()


def _refused(error: ssl.SSLCertVerificationError) -> Certificate:
    if error.verify_code == _EXPIRED:
        handshake = Handshake.EXPIRED
    else:
        handshake = Handshake.WRONG_HOST if error.verify_code in _WRONG_HOST else Handshake.UNTRUSTED
    said = error.verify_message.rstrip(".")
    return Certificate(None, f"the certificate is refused, {handshake}: {said}", handshake)


def _unreachable(why: str) -> Certificate:
    return Certificate(None, f"{why} ({DIRECTLY})", Handshake.UNREACHABLE)
