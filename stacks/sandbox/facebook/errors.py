"""Graph's error answers: the envelope, its headers, and the few sentences that come in the caller's language.

Source:  developers.facebook.com/docs/graph-api/guides/error-handling for the envelope; headers reported in
         freizl/hoauth2#19. Codes are stable in every language, sentences are not (facebookarchive/php-graph-sdk#684).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Request, Response

REDIRECT_REFUSED = (
    "Can't Load URL: The domain of this URL isn't included in the app's domains. To be able to load this URL, add all "
    "domains and subdomains of your app to the App Domains field in your app settings."
)
WRITE_GATE = (
    "(#10) Changing app settings through API calls has been disabled for this app. Go to your app's advanced settings "
    "to enable this."
)
SECRET_REFUSED = "Error validating client secret."  # noqa: S105
CODE_MALFORMED = "Invalid verification code format."
APP_UNKNOWN = "Error validating application. Cannot get application info due to a system error."

TRANSLATIONS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        REDIRECT_REFUSED: "Kan de URL niet laden: Het domein van deze URL is niet opgenomen in de domeinen van de app. "
        "Voeg alle domeinen en subdomeinen van je app toe aan het veld App-domeinen in je app-instellingen.",
        WRITE_GATE: "(#10) Het wijzigen van app-instellingen via API-aanroepen is uitgeschakeld voor deze app.",
        SECRET_REFUSED: "Fout bij het valideren van het clientgeheim.",
        CODE_MALFORMED: "Ongeldige indeling van de verificatiecode.",
    },
    "de": {
        REDIRECT_REFUSED: "URL kann nicht geladen werden: Die Domain dieser URL ist nicht in den Domains der App "
        "enthalten. Füge alle Domains und Subdomains deiner App im Feld App-Domains in den App-Einstellungen hinzu.",
        WRITE_GATE: "(#10) Das Ändern von App-Einstellungen über API-Aufrufe wurde für diese App deaktiviert.",
        SECRET_REFUSED: "Fehler beim Überprüfen des Client-Geheimcodes.",
        CODE_MALFORMED: "Ungültiges Format des Bestätigungscodes.",
    },
    "hi": {
        REDIRECT_REFUSED: "URL लोड नहीं किया जा सकता: इस URL का डोमेन ऐप के डोमेन में शामिल नहीं है.",
        SECRET_REFUSED: "क्लाइंट सीक्रेट को मान्य करने में त्रुटि.",
        CODE_MALFORMED: "सत्यापन कोड का प्रारूप अमान्य है.",
    },
}
"""Language to English sentence to its translation; a sentence without one stays English, as at the vendor."""


@dataclass(eq=False)
class GraphError(Exception):
    """One refusal of Graph.

    Shape:   ``challenge`` is the word in WWW-Authenticate: invalid_request, invalid_code or invalid_token.
    """

    code: int
    message: str
    status: int = 400
    subcode: int | None = None
    kind: str = "OAuthException"
    challenge: str = "invalid_request"


def parameter_error(message: str) -> GraphError:
    """Return the error for a parameter that cannot be used. Source: write errors of the Application reference."""
    return GraphError(100, f"(#100) {message}")


def permission_error(message: str) -> GraphError:
    """Return code 200, which comes as HTTP 403. Source: reported in snarfed/bridgy#78 and #481."""
    return GraphError(200, f"(#200) {message}", status=403)


def missing_object(node: str, method: str) -> GraphError:
    """Return the answer for an id that is unknown, or not for this caller. Source: reported, hasadna#303."""
    return GraphError(
        100,
        f"Unsupported {method.lower()} request. Object with ID '{node}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation. Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api",
        subcode=33,
        kind="GraphMethodException",
    )


def error_response(error: GraphError, request: Request) -> Response:
    """Return the HTTP answer for one refusal."""
    message = localised(error.message, language(request))
    trace = trace_id()
    body: dict[str, object] = {"message": message, "type": error.kind, "code": error.code}
    if error.subcode is not None:
        body["error_subcode"] = error.subcode
    response = json_response({"error": {**body, "fbtrace_id": trace}}, error.status)
    # A header holds Latin-1 at most, a sentence may be Hindi.
    quoted = message.encode("ascii", "backslashreplace").decode()
    response.headers["WWW-Authenticate"] = f'OAuth "Facebook Platform" "{error.challenge}" "{quoted}"'
    response.headers["x-fb-trace-id"] = trace
    return response


def json_response(body: object, status: int = 200) -> Response:
    """Return a JSON answer with the headers every Graph answer has."""
    response = Response(json.dumps(body, ensure_ascii=False), status, content_type="application/json; charset=UTF-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    response.headers["x-fb-trace-id"] = trace_id()
    response.headers["x-fb-rev"] = "1028384756"
    return response


def trace_id() -> str:
    """Return a fresh id in the vendor's form: 23 characters, the first an A."""
    return "A" + secrets.token_urlsafe(17)[:22]


def localised(message: str, lang: str) -> str:
    """Return the sentence in that language, or as it is."""
    return TRANSLATIONS.get(lang, {}).get(message, message)


def language(request: Request) -> str:
    """Return the caller's language: the ``locale`` parameter, else Accept-Language, else English."""
    asked = request.values.get("locale") or next((tag for tag, _ in request.accept_languages), "en")
    return asked.replace("-", "_").split("_")[0].lower()
