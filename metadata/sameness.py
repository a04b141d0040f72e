"""Whether two descriptions from different sources tell of the same dataset, and which portals one came through. Pure.

Three rules, the surest first; each needs words that only one dataset of a portal has (`metadata/copies.py` sees to that). They
are made for aggregators: what a city's portal lists, the country's lists again, in another form and under another identifier.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from metadata.model import Dataset
from metadata.text import Text, best

PERSON = "person"
RULES: dict[str, Text] = {
    "same-identifier": {
        "zh": "两个来源使用同一个全局标识符（IRI、DOI 或 UUID）",
        "en": "Both sources know it under the same global identifier (IRI, DOI or UUID)",
    },
    "same-page": {"zh": "标题与介绍页地址相同", "en": "The same title and landing page"},
    "same-content": {"zh": "标题、发布者与数据链接相同", "en": "The same title, publisher and links to data"},
    PERSON: {"zh": "由人工认定", "en": "A person decided it"},
}
"""What links two datasets, in words: the rules in their order, and a person's decision."""

_GUIDS = ("guid", "uri", "dcat_uri", "doi", "DOI", "metadata_uri", "original_id", "source_datajson_identifier")
_FROM = (
    "harvest_dataset_url",
    "harvest_source_url",
    "harvest_source_reference",
    "harvest_source",
    "harvest_catalogue_url",
    "harvest_url",
    "harvest",
    "source",
    "source_url",
    "original_url",
    "remote_url",
    "import_source",
)
_FROM_INSIDE = ("remote_url", "source_url", "url", "@id", "uri", "source", "domain")
_FROM_TITLES = ("harvest_source_title", "harvest_catalogue_name", "harvest_source_name")
_FROM_TRIPLES = re.compile(r"<http://(?:purl\.org/dc/terms/source|www\.w3\.org/ns/prov#wasDerivedFrom)> <([^<>\s]+)>")
_UUID = re.compile(r"(?i)[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_DOI = re.compile(r"(?i)(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)")
_MOST = 50  # values of one kind that are looked at
_LONGEST = 2_000


@dataclass(frozen=True)
class Origin:
    """A portal that a description came from: its address, and its name where it is told."""

    url: str
    title: str = ""


@dataclass(frozen=True)
class Marks:
    """By what a dataset is known elsewhere: `(rule, value)` pairs, the rules in their order."""

    values: tuple[tuple[str, str], ...]

    @property
    def keyed(self) -> dict[int, tuple[str, str]]:
        """Each mark under 63 bits of its digest, by which it is looked up."""
        return {_short(rule, value): (rule, value) for rule, value in self.values}


def marks(dataset: Dataset) -> Marks:
    """By what this dataset may be known in another source too."""
    found = [("same-identifier", value) for value in sorted(_identifiers(dataset))]
    title = _folded(best(dataset.title))
    page = address(dataset.landing_page or "")
    if title and page:
        found.append(("same-page", f"{page}\n{title}"))
    publisher = _folded(best(dataset.publisher.name)) if dataset.publisher else ""
    links = sorted({one for one in map(address, _links(dataset)) if one})
    if title and publisher and links:
        found.append(("same-content", "\n".join((title, publisher, *links))))
    return Marks(tuple(found))


def origins(dataset: Dataset) -> tuple[Origin, ...]:
    """The portals that a description says it came from, the nearest first, one of each host."""
    title = next((one for name in _FROM_TITLES if isinstance(one := dataset.extra.get(name), str)), "")
    found: dict[str, Origin] = {}
    for url in _told_origins(dataset.extra):
        if (host := host_of(url)) and host not in found:
            found[host] = Origin(url[:_LONGEST], "" if found else title[:200])
    return tuple(found.values())


def address(text: str) -> str:
    """A web address in the form in which two are compared: without scheme, case of the host, last slash. Empty when it is
    none, or only the front page of a site."""
    try:
        parts = urlsplit(text.strip()[:_LONGEST])
        port = parts.port
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    if (
        parts.scheme not in ("http", "https")
        or "." not in (parts.hostname or "")
        or not (path or parts.query or parts.fragment)
    ):
        return ""
    place = f":{port}" if port not in (None, 80, 443) else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.hostname}{place}{path}{query}" + (f"#{parts.fragment}" if parts.fragment else "")


def host_of(text: str) -> str:
    """The host of a web address, in lower case without `www.`; empty when it is none."""
    try:
        parts = urlsplit(text.strip()[:_LONGEST])
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.") if parts.scheme in ("http", "https") and "." in host else ""


def is_publisher(dataset: Dataset, title: Text, code: str | None) -> bool:
    """Whether a department (its title in any language, its 统一社会信用代码) is the publisher that a description names."""
    publisher = dataset.publisher
    if publisher is None:
        return False
    if code and publisher.code and code.strip().upper() == publisher.code.strip().upper():
        return True
    return bool({_folded(one) for one in publisher.name.values()} & {_folded(one) for one in title.values()} - {""})


def _identifiers(dataset: Dataset) -> set[str]:
    given = [dataset.identifier, dataset.uri or "", *dataset.other_identifier[:_MOST]]
    given += [one for name in _GUIDS if isinstance(one := dataset.extra.get(name), str)]
    given += _told_origins(dataset.extra)
    return {mark for one in given for mark in _global(one.strip()[:_LONGEST])}


def _global(word: str) -> Iterable[str]:
    """The global identifiers that a word is: a DOI, a UUID (also at the end of an address), an address, a URN."""
    if found := _DOI.fullmatch(word):
        yield f"doi:{found[1].lower()}"
        return
    if word.lower().startswith("urn:uuid:") or _UUID.fullmatch(word.strip("{}")):
        yield from _uuid(word.strip("{}").rsplit(":", 1)[-1])
        return
    if place := address(word):
        yield place
        last = place.partition("?")[0].rsplit("/", 1)[-1]
        if _UUID.fullmatch(last) and len(_UUID.findall(place)) == 1:
            yield from _uuid(last)
    elif word.lower().startswith("urn:") and word.count(":") >= 2 and not word.startswith("urn:sha256:"):
        yield word.lower()


def _uuid(word: str) -> Iterable[str]:
    if _UUID.fullmatch(word) and len(set(word.lower()) - {"-"}) > 3:  # no placeholder
        yield f"uuid:{word.lower()}"


def _told_origins(extra: Mapping[str, Any]) -> list[str]:
    """Addresses that the members of provenance give."""
    found: list[str] = []
    for name in _FROM:
        found += _addresses(extra.get(name))
    if isinstance(left := extra.get("rdf"), str):
        found += _FROM_TRIPLES.findall(left)[:_MOST]
    return found[:_MOST]


def _addresses(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if host_of(value) else []
    if isinstance(value, list):
        return [url for one in value[:_MOST] if isinstance(one, str | dict) for url in _addresses(one)]
    if isinstance(value, dict):
        inside = (value.get(name) for name in _FROM_INSIDE)
        return [url for one in inside if isinstance(one, str) for url in _addresses(one if "://" in one else f"https://{one}")]
    return []


def _links(dataset: Dataset) -> Iterable[str]:
    for one in dataset.distribution:
        yield from (link for link in (one.access_url, one.download_url) if link)


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()


def _short(rule: str, value: str) -> int:
    digest = hashlib.blake2b(f"{rule}\n{value}".encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest) >> 1
