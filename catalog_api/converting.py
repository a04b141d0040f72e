"""From one standard to another, through the canonical description, and what was lost on the way."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import orjson

from catalog_api.checking import chosen_standard, opened, records
from harvesters import spool
from metadata.errors import Invalid
from metadata.model import Dataset
from standards import rdf
from standards.base import Standard, Unreadable
from standards.table import STANDARDS


@dataclass(frozen=True)
class Converted:
    """What a conversion gave: the bytes, how many records were read and failed, and which fields the target cannot carry,
    with how many datasets had them."""

    content: bytes
    read: int
    failed: int
    lost: dict[str, int]


def convert_file(path: Path, source: str | None, target: str) -> Converted:
    """Converts a file. Raises `Invalid` when the target is not written, or the file cannot be read."""
    chosen = writer(target)
    with opened(path) as handle:
        return _convert(records(spool.local(handle, str(path))), source, chosen)


def writer(name: str) -> Standard:
    """The standard of this name. Raises `Invalid` when it is not written."""
    chosen = STANDARDS.get(name)
    if chosen.write is None:
        written = ", ".join(one.name for one in STANDARDS.values() if one.write)
        raise Invalid("this standard is only read", place="--to", value=name, remedy=f"Written are: {written}.")
    return chosen


def _convert(bodies: Iterable[Any], source: str | None, target: Standard) -> Converted:
    datasets: list[Dataset] = []
    failed = 0
    for body in bodies:
        reader = chosen_standard(body, source)
        try:
            datasets.append(_read(reader, body))
        except Unreadable:
            failed += 1
    lost = Counter(field for dataset in datasets for field in losses(dataset, target))
    return Converted(b"".join(written(datasets, target)), len(datasets), failed, dict(lost.most_common()))


def _read(reader: Standard, body: Any) -> Dataset:
    if reader.read is None:
        raise Invalid("this standard is only written", place="--from", value=reader.name)
    return reader.read(body)


def written(datasets: Iterable[Dataset], target: Standard) -> Iterator[bytes]:
    """Datasets in a standard: RDF as Turtle, DCAT-US as one catalogue, anything else as JSON lines."""
    assert target.write is not None
    if target.media_type == "text/turtle":
        yield rdf.serialise([one for dataset in datasets for one in target.write(dataset)], "turtle")
    elif target.name.startswith("dcat_us_1_1"):
        from standards import dcat_us_1_1

        yield from dcat_us_1_1.catalog(target.write(dataset) for dataset in datasets)
    else:
        yield from (orjson.dumps(target.write(dataset), default=msgspec.to_builtins) + b"\n" for dataset in datasets)


def losses(dataset: Dataset, target: Standard) -> list[str]:
    """The fields of a dataset that are not there any more when what was written is read back; all that is known to be lost of
    a standard that is only written is its `extra`."""
    assert target.write is not None
    if target.read is None:
        return [f"extra.{name}" for name in dataset.extra]
    try:
        back = target.read(target.write(dataset))
    except Unreadable:
        return ["everything"]
    return [name for name in dataset.__struct_fields__ if getattr(dataset, name) and not getattr(back, name)]
