"""The answer to a digest challenge (RFC 3261 § 22, RFC 7616, RFC 8760: MD5 and SHA-256).

Rule: the password is used here and appears nowhere else.
"""

from __future__ import annotations

import hashlib
import secrets

from sipmessage import AuthChallenge, AuthCredentials, AuthParameters, Request, Response

from pbx.phone.errors import PhoneError

_HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}
_HEADERS = {401: ("WWW-Authenticate", "Authorization"), 407: ("Proxy-Authenticate", "Proxy-Authorization")}
CHALLENGES = frozenset(_HEADERS)


def authorise(request: Request, challenged: Response, user: str, password: str) -> None:
    """Add the credentials that a 401 or 407 asks for. Raises PhoneError if it asks for the unknown."""
    ask, give = _HEADERS[challenged.code]
    challenge = _understood(challenged.headers.getlist(ask))
    request.headers.set(
        give, str(AuthCredentials("Digest", _credentials(request, challenge.parameters, user, password)))
    )


def _understood(headers: list[str]) -> AuthChallenge:
    for header in headers:
        try:
            challenge = AuthChallenge.parse(header)
        except ValueError:
            continue
        known = challenge.parameters.get("algorithm", "MD5").upper() in _HASHES
        if challenge.scheme.lower() == "digest" and known and {"realm", "nonce"} <= set(challenge.parameters):
            return challenge
    raise PhoneError(f"cannot answer this challenge (digest with MD5 or SHA-256 is known): {headers}")


def _credentials(request: Request, asked: AuthParameters, user: str, password: str) -> AuthParameters:
    make = _HASHES[asked.get("algorithm", "MD5").upper()]

    def digest(*parts: str) -> str:
        return make(":".join(parts).encode()).hexdigest()

    uri = str(request.uri)
    secret, act = digest(user, asked["realm"], password), digest(request.method, uri)
    given = {"username": user, "realm": asked["realm"], "nonce": asked["nonce"], "uri": uri}
    given |= {key: asked[key] for key in ("algorithm", "opaque") if key in asked}
    if "auth" in asked.get("qop", ""):
        cnonce = secrets.token_hex(8)
        given |= {"qop": "auth", "nc": "00000001", "cnonce": cnonce}
        given["response"] = digest(secret, asked["nonce"], "00000001", cnonce, "auth", act)
    else:
        given["response"] = digest(secret, asked["nonce"], act)
    return AuthParameters(**given)
