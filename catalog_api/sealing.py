"""Secrets at rest: AES-256 in GCM (NIST SP 800-38D) under a key made from `Settings.key` (HKDF, RFC 5869).

What is sealed is bound to where it belongs: taken to another source or field, it does not open. A sealed secret is
`{"sealed": "v1.…"}`, which no form and no API lets anyone write.
"""

import base64
import secrets
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from metadata.errors import Invalid

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = "v1."
_NONCE = 12  # bytes, SP 800-38D §8.2.2: random, and far fewer than 2³² of them


def seal(key: str, place: str, text: str) -> dict[str, str]:
    """A secret as it is stored, for this place only."""
    nonce = secrets.token_bytes(_NONCE)
    hidden = _cipher(key).encrypt(nonce, text.encode("utf-8", "surrogatepass"), place.encode())
    return {"sealed": _VERSION + base64.urlsafe_b64encode(nonce + hidden).decode("ascii")}


def is_sealed(value: object) -> bool:
    """Whether a stored value is a sealed secret."""
    return isinstance(value, Mapping) and set(value) == {"sealed"}


def unseal(key: str, place: str, value: Mapping[str, Any]) -> str:
    """The secret. Raises `Invalid` when it was sealed under another key, or for another place."""
    from cryptography.exceptions import InvalidTag  # here: few sources have secrets

    text = str(value.get("sealed"))
    try:
        packed = base64.urlsafe_b64decode(text.removeprefix(_VERSION).encode("ascii"))
        opened = _cipher(key).decrypt(packed[:_NONCE], packed[_NONCE:], place.encode())
    except (InvalidTag, ValueError) as problem:
        remedy = "Set MULU_SECRET_KEY (or the file `secret_key` in the data folder) back, or give this secret anew."
        raise Invalid("this secret was sealed with another secret key", place=place, remedy=remedy) from problem
    return opened.decode("utf-8", "surrogatepass")


@lru_cache(maxsize=8)
def _cipher(key: str) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # here: few sources have secrets
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derived = HKDF(SHA256(), length=32, salt=None, info=b"mulu: secrets of sources").derive(key.encode())
    return AESGCM(derived)
