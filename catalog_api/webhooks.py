"""Telling a program: a POST of JSON through the guarded sockets of `harvesters/wire.py`, signed (HMAC-SHA256 of the body).

A webhook's address is judged where the connection is made, as a source's is (`harvesters/address.py`); redirects are not
followed, and of the answer only the status is read.
"""

import hashlib
import hmac
from collections.abc import Mapping

import httpx

from harvesters.address import mask, vet
from harvesters.wire import Pace, PinnedTransport
from metadata.errors import Unreachable

TIMEOUT = 10.0
LONGEST = 30.0
SIGNATURE = "X-Mulu-Signature-256"
DELIVERY = "X-Mulu-Delivery"


def signature(secret: str, body: bytes) -> str:
    """What the receiver compares: `sha256=` and the HMAC of the body in hexadecimal."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def post(url: str, body: bytes, headers: Mapping[str, str], *, internal: bool = False) -> int:
    """Sends a body of JSON; the status of the answer. Raises `Refused` for an address that is not fetched, `Unreachable` for
    no answer, or one that is not 2xx."""
    target = vet(url, internal)
    pace = Pace(window=LONGEST, floor=1, total=LONGEST)
    pace.start(mask(url))
    sent = {"content-type": "application/json", "user-agent": "Mulu/0.1 (open data catalogue)", **headers}
    with httpx.Client(transport=PinnedTransport(internal, pace), trust_env=False, timeout=TIMEOUT) as client:
        try:
            with client.stream("POST", target, content=body, headers=sent, follow_redirects=False) as answer:
                status = answer.status_code
        except httpx.HTTPError as problem:
            raise Unreachable("the webhook does not answer", place=mask(url), value=str(problem)) from None
    if not 200 <= status < 300:
        raise Unreachable(f"the webhook answered HTTP {status}", place=mask(url), remedy="It must answer with 2xx.")
    return status
