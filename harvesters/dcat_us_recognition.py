"""What shows that an answer is a data.json: the schema that it says it conforms to, or a `dataset` list of DCAT-US records.

A data.json may as well be a DCAT graph in JSON-LD: that is RDF, and not for this protocol. DKAN 2 keeps a data.json beside its
search, so an answer of that search leads to it. Sources: Project Open Data schema v1.1; DKAN 2, "Metastore search API".
"""

import re
from typing import Any
from urllib.parse import urlsplit

import ijson
import orjson

from harvesters.base import Found, Seen
from standards.table import detect

_SCHEMA = re.compile(r"\"(?:conformsTo|describedBy|@context)\"\s*:\s*\"https?://project-open-data\.cio\.gov/v1\.1/")
_US_3 = re.compile(r"\"(?:conformsTo|@context|\$schema)\"\s*:\s*\"[^\"]*dcat-us[^\"]*\"", re.IGNORECASE)
_LIST = re.compile(r"\"dataset\"\s*:\s*\[")
_OURS = ("dcat_us_1_1", "dcat_us_1_1_non_federal", "dcat_us_3")
_DKAN = re.compile(r"^\{\s*\"total\"\s*:\s*\"?\d+\"?\s*,\s*\"results\"\s*:\s*\{\s*\"dkan_dataset[\\/]+")
_DKAN_PATH = re.compile(r"/api/1/search/?$")


def probes(url: str) -> list[str]:
    """A data.json beside the address given, and at the site's front."""
    parts = urlsplit(url)
    folder = parts.path if parts.path.endswith("/") else parts.path.rpartition("/")[0] + "/"
    paths = dict.fromkeys((f"{folder}data.json", "/data.json", "/data.json.gz"))
    return [f"{parts.scheme}://{parts.netloc}{path}" for path in paths]


def recognises(seen: Seen) -> Found | None:
    """The document's address and how sure that is; None when it is none."""
    if seen.status >= 400 or not seen.text.startswith(("{", "[")):
        return None
    if _DKAN.match(seen.text):
        parts = urlsplit(seen.url)
        root = _DKAN_PATH.sub("", parts.path)
        return Found(f"{parts.scheme}://{parts.netloc}{root}/data.json", "DKAN's search; its data.json lists everything", 80)
    standard = _standard(seen)
    named = bool(_SCHEMA.search(seen.text) or _US_3.search(seen.text))
    if seen.text.startswith("{") and _LIST.search(seen.text) and (standard or (named and not _is_graph(seen))):
        why = "it names the schema of DCAT-US" if named else "it lists records of DCAT-US"
        return Found(seen.url, why, 100 if named else 80, standard=_other(standard))
    if standard and _is_sole(seen):
        return Found(seen.url, "records of DCAT-US, without a catalogue around them", 40, standard=_other(standard))
    return None


def _other(standard: str | None) -> str | None:
    """The standard to take the records in, where it is not the one they are taken in anyway."""
    return None if standard == "dcat_us_1_1_non_federal" else standard


def _standard(seen: Seen) -> str | None:
    """The standard of the first record, when it is one of DCAT-US."""
    found = detect(_first(seen))
    return found.name if found and found.name in _OURS else None


def _first(seen: Seen) -> Any:
    """The first record: of the `dataset` list, of a bare list, or of lines."""
    prefix = "item" if seen.text.startswith("[") else "dataset.item"
    try:
        for record in ijson.items(seen.text.encode(), prefix, use_float=True):
            return record
    except ijson.JSONError:  # cut off, or lines
        pass
    return _line(seen)


def _line(seen: Seen) -> Any:
    """The first line, when it is an object of its own."""
    try:
        body = orjson.loads(seen.text.partition("\n")[0])
    except orjson.JSONDecodeError:
        return None
    return None if isinstance(body, dict) and "dataset" in body else body


def _is_sole(seen: Seen) -> bool:
    """Whether this is a bare list, or more lines than one."""
    return seen.text.startswith("[") or "\n{" in seen.text


def _is_graph(seen: Seen) -> bool:
    """Whether the catalogue's records are nodes of RDF: prefixed names, which DCAT-US does not have."""
    return bool(re.search(r"\"(?:dct|dcterms|dcat):\w+\"\s*:", seen.text))
