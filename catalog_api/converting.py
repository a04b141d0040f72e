"""From one standard to another, through the canonical description, and what was lost on the way."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from catalog_api import columns as tables
from catalog_api.checking import chosen_standard
from catalog_api.given import opened, spooled
from harvesters.forms import Part, records
from harvesters.spool import Document
from metadata.errors import Invalid
from metadata.model import Dataset
from standards import forms, loss
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


def convert_file(
    path: Path, source: str | None, target: str, end: str = "", columns: Mapping[str, str] | None = None
) -> Converted:
    """Converts a file; `end` is how the new file's name ends (`.xlsx`), where the target has several forms, `columns` which
    column of a table is what. Raises `Invalid` when the target is not written, or the file cannot be read."""
    chosen = writer(target)
    with opened(path, str(path)) as document:
        return _convert(_parts(document, columns), source or _source(columns), chosen, end)


def convert_bytes(
    data: bytes, source: str | None, target: str, end: str = "", columns: Mapping[str, str] | None = None
) -> Converted:
    """The same for what came with a request."""
    chosen = writer(target)
    with spooled(data, "the description") as document:
        return _convert(_parts(document, columns), source or _source(columns), chosen, end)


def _parts(document: Document, columns: Mapping[str, str] | None) -> Iterator[Part]:
    return tables.parts(document, columns) if columns else records(document)


def _source(columns: Mapping[str, str] | None) -> str | None:
    return tables.STANDARD if columns else None


def writer(name: str) -> Standard:
    """The standard of this name. Raises `Invalid` when it is not written."""
    chosen = STANDARDS.get(name)
    if chosen.write is None:
        written = ", ".join(one.name for one in STANDARDS.values() if one.write)
        raise Invalid("this standard is only read", place="--to", value=name, remedy=f"Written are: {written}.")
    return chosen


def _convert(parts: Iterable[Part], source: str | None, target: Standard, end: str) -> Converted:
    datasets: list[Dataset] = []
    failed = 0
    for part in parts:
        reader = chosen_standard(part.body, source)
        try:
            datasets.append(_read(reader, part.body))
        except Unreadable:
            failed += 1
    lost = Counter(name for dataset in datasets for name in losses(dataset, target))
    return Converted(b"".join(written(datasets, target, end)), len(datasets), failed, dict(lost.most_common()))


def _read(reader: Standard, body: Any) -> Dataset:
    if reader.read is None:
        raise Invalid("this standard is only written", place="--from", value=reader.name)
    return reader.read(body)


def written(datasets: Iterable[Dataset], target: Standard, end: str = "") -> Iterator[bytes]:
    """Datasets in a standard, as one document of its form."""
    assert target.write is not None
    return forms.joined((target.write(dataset) for dataset in datasets), target, end)


def losses(dataset: Dataset, target: Standard) -> list[str]:
    """The fields of a dataset that `target` cannot carry: those its table does not name, and those that are gone when what was
    written is read back; where all that is said of a field is lost, its name alone. Of a standard that is only written, and has
    no table, its `extra` is what is known to be lost."""
    if not target.carries:
        lost = [f"extra.{name}" for name in dataset.extra] if target.read is None else _gone(dataset, target)
    else:
        lost = list(dict.fromkeys([*loss.losses(dataset, target), *_gone(dataset, target)]))
    return loss.collapsed(lost, list(loss.used(dataset)))


def _gone(dataset: Dataset, target: Standard) -> list[str]:
    """What is not there any more when what was written is read back."""
    if target.read is None or target.write is None:
        return []
    try:
        back = target.read(target.write(dataset))
    except Unreadable:
        return ["everything"]
    there = set(loss.used(back))
    return [name for name in loss.used(dataset) if name not in there and name.partition(".")[0] not in loss.GIVEN_ANEW]


def loss_report(dataset: Dataset, target: Standard) -> dict[str, Any]:
    """`{"to", "carried": [field…], "lost": [{"field", "value"}]}` of one dataset."""
    lost = losses(dataset, target)
    gone = {name for name in lost if "." not in name}
    kept = [name for name in loss.used(dataset) if name not in lost and name.partition(".")[0] not in gone]
    return {"to": target.name, "carried": kept, "lost": [{"field": name, "value": shown(dataset, name)} for name in lost]}


def shown(dataset: Dataset, name: str) -> str:
    """The value of a dotted field as JSON, cut to 200 characters."""
    values: list[Any] = [dataset]
    for step in name.split("."):
        values = [_of(one, step) for one in values]
        values = [inner for one in values for inner in (one if isinstance(one, tuple) else (one,)) if inner is not None]
    told = msgspec.json.encode(values[0] if len(values) == 1 else values) if values else b""
    return told.decode()[:200]


def _of(value: Any, step: str) -> Any:
    return value.get(step) if isinstance(value, dict) else getattr(value, step, None)
