"""What is given to be checked or converted, as a document: bytes of a request, or a file."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from harvesters import spool
from metadata.errors import Invalid


@contextmanager
def spooled(data: bytes, place: str) -> Iterator[spool.Document]:
    """Bytes that came with a request, as a document."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        yield spool.local(cast(BinaryIO, file), place)


@contextmanager
def opened(path: Path, place: str) -> Iterator[spool.Document]:
    """A file as a document. Raises `Invalid` when it cannot be opened."""
    try:
        file = path.open("rb")
    except OSError as problem:
        raise Invalid(f"this file cannot be read: {problem.strerror}", place=str(path)) from problem
    with file:
        yield spool.local(file, place)
