"""Writing DCAT-US 3.0: a dataset (a service, a series, where it came in as one) as a dict, a catalogue as a stream of bytes.

What came in and would be said otherwise here is in `extra`. It goes out as it came as long as it reads as what the dataset says
now, so that an edit is never undone by the source's old words.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from metadata.model import Dataset
from standards.base import Unreadable
from standards.dcat_us_3_plain import plain
from standards.dcat_us_3_read import READ, read
from standards.dcat_us_3_schema import class_of
from standards.dcat_us_3_values import Json, is_iri

CONFORMS_TO = "https://resources.data.gov/dcat-us/3.0.0"
_CATALOG = {"@type": "Catalog", "conformsTo": {"@type": "Standard", "title": "DCAT-US 3.0", "identifier": CONFORMS_TO}}
_CLASSES = ("Dataset", "DataService", "DatasetSeries")


def write(dataset: Dataset) -> Json:
    """The dataset as a DCAT-US 3.0 object; fields without a value are left out."""
    name = class_of({"@type": dataset.extra.get("@type")})
    written = plain(dataset, name if name in _CLASSES else "Dataset")
    if dataset.uri and is_iri(dataset.uri):
        written["@id"] = dataset.uri
    beside = {field: said for field, said in dataset.extra.items() if field not in written and field not in READ}
    otherwise = {field: said for field, said in dataset.extra.items() if field not in beside and field != "@id"}
    whole = {**written, **beside}
    return _as_it_came(whole, otherwise, dataset) if otherwise else whole


def _as_it_came(written: Json, extra: Json, dataset: Dataset) -> Json:
    """With the source's own way to say what is written, where that is what the dataset says."""
    try:
        now = read(written)
    except Unreadable:
        return written

    def fits(body: Json) -> bool:
        found = read(body)
        return all(
            (said := getattr(found, name)) == getattr(now, name) or said == getattr(dataset, name)
            for name in found.__struct_fields__
            if name != "extra"
        )

    whole = {**written, **extra}
    if fits(whole):
        return whole
    for field, said in extra.items():
        if fits(changed := {**written, field: said}):
            written = changed
    return written


def catalog(records: Iterable[Json]) -> Iterator[bytes]:
    """A catalogue around objects that `write` gave, one piece per record, so that any number fits in little memory. Services go
    to `service`; a series stands among the datasets, of which its members speak."""
    yield orjson.dumps(_CATALOG)[:-1] + b',"dataset":['
    separator = b"\n"
    services: list[Any] = []
    for record in records:
        if class_of(record) == "DataService":
            services.append(record)
            continue
        yield separator + orjson.dumps(record)
        separator = b",\n"
    yield b"\n]"
    if services:
        yield b',"service":' + orjson.dumps(services)
    yield b"}\n"
