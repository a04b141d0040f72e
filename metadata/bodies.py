"""Bodies: records and descriptions, kept once under their digest (DESIGN §5.2), compressed with zstd."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from metadata import identity
from metadata.database import among, write_many
from metadata.errors import CatalogError, NotFound
from metadata.packing import Packed, pack, unpack
from metadata.tables import Body


def keep(session: Session, bodies: Mapping[str, bytes]) -> None:
    """Stores bodies under their digests; those already there stay as they are."""
    keep_packed(session, [pack(digest, body) for digest, body in bodies.items()])


def keep_packed(session: Session, bodies: Iterable[Packed]) -> None:
    """Stores bodies that are compressed already; those already there stay as they are."""
    rows = [{"digest": one.digest, "size": one.size, "data": one.data} for one in sorted(bodies, key=lambda one: one.digest)]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    write_many(session, insert(Body.__table__).on_conflict_do_nothing(), rows)  # type: ignore[attr-defined]


def fetch(session: Session, digest: str) -> bytes:
    """The body with this digest. Raises `NotFound`, or `CatalogError` when what is stored no longer gives its digest."""
    body = fetch_all(session, [digest]).get(digest)
    if body is None:
        raise NotFound("there is no body with this digest", value=digest)
    if identity.digest(body) != digest:
        raise CatalogError(
            "a stored body was altered: it no longer gives its digest", value=digest, remedy="Restore it from a backup."
        )
    return body


def fetch_all(session: Session, digests: Iterable[str]) -> dict[str, bytes]:
    """Bodies by digest; unknown digests are left out."""
    wanted = list(dict.fromkeys(digests))
    found: dict[str, bytes] = {}
    for start in range(0, len(wanted), 500):
        found.update(_some(session, wanted[start : start + 500]))
    return found


def _some(session: Session, digests: Sequence[str]) -> dict[str, bytes]:
    rows: Any = session.execute(select(Body.digest, Body.data).where(among(session, col(Body.digest), digests)))
    return {key: unpack(data) for key, data in rows}
