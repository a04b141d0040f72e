"""Tokens: made once, shown once, kept as argon2 hashes, each with its scopes.

Scopes: `admin` (everything), `write` (organizations, sources, datasets), `harvest` (start and cancel runs), and
`department` (datasets of the token's own organization only). A token is `mulu_<prefix>_<secret>`; the prefix finds the
row. Argon2 is slow by design, so a token that was right is remembered for a while, under its SHA-256 digest.
"""

import hashlib
import secrets
import threading
import time
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlmodel import Session, select

from metadata import identity
from metadata.clock import now
from metadata.departments import organization as find_organization
from metadata.errors import Conflict, Invalid, NotAllowed, NotFound, NotKnown
from metadata.tables import Token

SCOPES = ("admin", "write", "harvest", "department")
_REMEMBERED_SECONDS = 300.0
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's minimum for argon2id
_remembered: dict[str, tuple[float, str]] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class Asker:
    """Who asks: nobody in particular, or the holder of a token. `readers` are the labels that search is filtered by."""

    name: str = "anonymous"
    scopes: frozenset[str] = frozenset()
    organization: str | None = None

    @property
    def readers(self) -> frozenset[str]:
        """What they may see: `public`, their organization, or everything for an `admin` (the label `*`)."""
        if "admin" in self.scopes:
            return frozenset({"public", "*"})
        return frozenset({"public", f"organization:{self.organization}"} if self.organization else {"public"})

    def require(self, *scopes: str, organization: str | None = None) -> None:
        """Raises `NotKnown` for nobody in particular, `NotAllowed` for a token without one of these scopes."""
        if not self.scopes:
            raise NotKnown(
                "this needs a token",
                place="Authorization",
                remedy="Send `Authorization: Bearer <token>`; make one with `mulu token create`.",
            )
        if "admin" in self.scopes or self.scopes & set(scopes):
            return
        if "department" in self.scopes and organization is not None and organization == self.organization:
            return
        needed = " or ".join(f"`{scope}`" for scope in scopes)
        raise NotAllowed(
            "this token may not do this", place="Authorization", value=self.name, remedy=f"It needs the scope {needed}."
        )


def create_token(session: Session, name: str, scopes: list[str], organization: str | None = None) -> str:
    """Makes a token and returns it: the only time that it can be seen. Raises `Invalid` for a scope that is none of `SCOPES`,
    `Conflict` for a name that is taken."""
    for scope in scopes:
        if scope not in SCOPES:
            raise Invalid("there is no such scope", place="scope", value=scope, remedy=f"Choose from {', '.join(SCOPES)}.")
    if not scopes or ("department" in scopes and organization is None):
        raise Invalid("a token needs a scope, and the scope `department` an organization", place="scope")
    if organization is not None:
        find_organization(session, organization)
    if session.exec(select(Token).where(Token.name == name)).first():
        raise Conflict(
            "there is a token of this name", place="name", value=name, remedy="Revoke it first, or choose another name."
        )
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    token = f"mulu_{prefix}_{secret}"
    row = Token(
        id=identity.new_id(),
        name=name,
        prefix=prefix,
        hash=_hasher.hash(token),
        scopes=scopes,
        organization=organization,
        created=now(),
    )
    session.add(row)
    session.flush()
    return token


def revoke_token(session: Session, name: str) -> None:
    """Takes a token away. Raises `NotFound`."""
    row = session.exec(select(Token).where(Token.name == name)).first()
    if row is None:
        raise NotFound("there is no token of this name", value=name, remedy="List them with `mulu token list`.")
    session.delete(row)
    session.flush()


def asker(session: Session, header: str | None) -> Asker:
    """Whoever sent this `Authorization` header. Raises `NotKnown` when it holds no token that is known."""
    if not header:
        return Asker()
    token = header.removeprefix("Bearer ").strip()
    parts = token.split("_", 2)
    row = None
    if len(parts) == 3 and parts[0] == "mulu" and len(parts[1]) == 8:
        row = session.exec(select(Token).where(Token.prefix == parts[1])).first()
    if row is None or not _fits(token, row.hash):
        raise NotKnown(
            "this token is not known",
            place="Authorization",
            remedy="Check that it was copied whole, or make a new one with `mulu token create`.",
        )
    return Asker(row.name, frozenset(row.scopes), row.organization)


def _fits(token: str, stored: str) -> bool:
    key = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
    with _lock:
        until, known = _remembered.get(key, (0.0, ""))
    if known == stored and time.monotonic() < until:
        return True
    try:
        _hasher.verify(stored, token)
    except (Argon2Error, InvalidHashError):
        return False
    with _lock:
        if len(_remembered) > 1000:
            _remembered.clear()
        _remembered[key] = (time.monotonic() + _REMEMBERED_SECONDS, stored)
    return True
