"""Tables that were given to the catalogue as files: kept by their digest, and read by the protocol `spreadsheet`.

A file is kept in the database as a body, so that every worker has it, and in the folder `uploads` of the data folder, where the
harvester reads it; a worker that has not got it there takes it out of the database. The address of its source,
`upload://DIGEST/NAME`, is made here only: whoever names one must have sent the file.
"""

import os
import tempfile
import time
from pathlib import Path, PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlmodel import Session, col, select

from catalog_api.given import opened
from catalog_api.settings import Settings
from harvesters import forms
from harvesters.base import Found
from harvesters.detection import Candidate
from harvesters.spreadsheet import UPLOAD, folder, parted, shown
from harvesters.spreadsheet_rows import Told, columns_of, read
from metadata import bodies, identity, sources
from metadata.errors import CatalogError, Invalid, SourceError
from metadata.tables import Source

if TYPE_CHECKING:
    from catalog_api.source_forms import SourceBody

SPREADSHEET = "spreadsheet"
LONGEST_NAME = 120
_DAY = 24 * 3600


def keep(session: Session, settings: Settings, data: bytes, name: str) -> str:
    """Keeps a file; the address for its source. Raises `Invalid` for an empty one."""
    if not data:
        raise Invalid("this file is empty", place="file", remedy="Send the workbook or CSV as the body.")
    digest = identity.digest(data)
    bodies.keep(session, {digest: data})
    _sweep(session, settings)
    _write(settings, digest, data)
    plain = identity.clean(PurePath(name.replace("\\", "/")).name)[-LONGEST_NAME:]
    return f"{UPLOAD}://{digest}/{quote(plain, safe='')}"


def taken(session: Session, settings: Settings, body: "SourceBody") -> tuple["SourceBody", list[Candidate]]:
    """A source whose address is a table on this machine, as one of an uploaded file, with what its columns are taken for; any
    other source as it is."""
    if body.protocol not in ("", SPREADSHEET):
        return body, []
    try:
        url, columns = _sent(session, settings, body.url)
    except SourceError as problem:
        if body.protocol:
            raise Invalid(problem.message, place="url", value=body.url, remedy=problem.remedy) from None
        return body, []
    if not url:
        return body, []
    found = Found(url, f"a table on this machine: {columns or 'name its columns in `columns`'}", 100)
    return body.model_copy(update={"url": url, "protocol": SPREADSHEET}), [Candidate(SPREADSHEET, found)]


def next_edition(session: Session, settings: Settings, name: str, url: str) -> str:
    """Another address for a source of tables: a file on this machine becomes an uploaded one; any other address stays."""
    if sources.source(session, name).protocol != SPREADSHEET:
        return url
    try:
        return _sent(session, settings, url)[0] or url
    except SourceError as problem:
        raise Invalid(problem.message, place="url", value=url, remedy=problem.remedy) from None


def _sent(session: Session, settings: Settings, word: str) -> tuple[str, str]:
    """The address of a file on this machine once it is kept, and what its columns are; empty when it is no file."""
    path = Path(word)
    if "://" in word or not word or not path.is_file():
        return "", ""
    if path.stat().st_size > forms.LIMIT:
        raise Invalid(f"this file has more than {forms.LIMIT >> 20} MiB", place="url", value=word, remedy="Split it.")
    with opened(path, word) as document:
        columns = shown(columns_of(document, {}))
    return keep(session, settings, path.read_bytes(), path.name), columns


def bring(session: Session, settings: Settings, url: str) -> None:
    """Makes sure that the file of an upload's address is in this machine's folder; nothing for other addresses."""
    if not url.startswith(f"{UPLOAD}://"):
        return
    digest, _ = parted(url)
    if not (folder(settings.spool_dir) / digest).exists():
        _write(settings, digest, bodies.fetch(session, digest))


def is_here(settings: Settings, url: str) -> bool:
    """Whether an address is that of a file in the folder of uploads."""
    try:
        digest, _ = parted(url)
    except SourceError:
        return False
    return (folder(settings.spool_dir) / digest).is_file()


def told(settings: Settings, url: str, columns: dict[str, str]) -> tuple[list[Told], int, str]:
    """What the columns of an uploaded table are, how many records it has, and why it has none. Raises `Invalid` for a file that
    is no table."""
    digest, name = parted(url)
    with opened(folder(settings.spool_dir) / digest, name) as document:
        try:
            found = columns_of(document, columns)
        except SourceError as problem:
            raise Invalid(problem.message, place="file", value=problem.value, remedy=problem.remedy) from None
        count = 0
        try:
            for _ in read(document, columns, frozenset()):
                count += 1
        except CatalogError as problem:
            return found, count, f"{problem.message}. {problem.remedy}"
    return found, count, ""


def forget(session: Session, settings: Settings, url: str) -> None:
    """Lets go of a file that no source has any more. What was harvested from it stays."""
    if not url.startswith(f"{UPLOAD}://"):
        return
    digest, _ = parted(url)
    if session.exec(select(Source.id).where(col(Source.url).startswith(f"{UPLOAD}://{digest}"))).first() is None:
        (folder(settings.spool_dir) / digest).unlink(missing_ok=True)


def _sweep(session: Session, settings: Settings) -> None:
    """Removes files that no source has (it was removed), a day after they came."""
    place = folder(settings.spool_dir)
    kept = {url[len(UPLOAD) + 3 :][:64] for url in session.exec(select(Source.url).where(col(Source.url).startswith(UPLOAD)))}
    for path in place.iterdir() if place.is_dir() else ():
        if path.name not in kept and path.stat().st_mtime < time.time() - _DAY:
            path.unlink(missing_ok=True)


def _write(settings: Settings, digest: str, data: bytes) -> None:
    """Puts the file into the folder, whole or not at all."""
    settings.folder()
    place = _made(folder(settings.spool_dir))
    with tempfile.NamedTemporaryFile(dir=place, delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(place / digest)


def _made(place: Path) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    return place
