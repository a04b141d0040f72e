"""Bodies: records and descriptions, kept once under their digest (DESIGN §5.2), compressed with zstd."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import zstandard
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from metadata import identity
from metadata.database import write_many
from metadata.errors import CatalogError, NotFound
from metadata.tables import Body

LEVEL = 1  # of zstd: on descriptions 1 % larger than level 3, in two thirds of its time
_local = threading.local()


def keep(session: Session, bodies: Mapping[str, bytes]) -> None:
    """Stores bodies under their digests; those already there stay as they are."""
    if not bodies:
        return
    compressor = _compressor()
    rows = [{"digest": key, "size": len(body), "data": compressor.compress(body)} for key, body in sorted(bodies.items())]
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
    rows: Any = session.execute(select(Body.digest, Body.data).where(col(Body.digest).in_(digests)))
    decompressor = _decompressor()
    return {key: decompressor.decompress(data) for key, data in rows}


def _compressor() -> zstandard.ZstdCompressor:
    if not hasattr(_local, "compressor"):
        _local.compressor = zstandard.ZstdCompressor(level=LEVEL)
    return _local.compressor  # type: ignore[no-any-return]


def _decompressor() -> zstandard.ZstdDecompressor:
    if not hasattr(_local, "decompressor"):
        _local.decompressor = zstandard.ZstdDecompressor()
    return _local.decompressor  # type: ignore[no-any-return]
