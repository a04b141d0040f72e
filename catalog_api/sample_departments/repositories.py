"""A department's OAI-PMH repository: the six verbs, `oai_dc` only, a few records a page, deletions kept for good.

Rules: OAI-PMH 2.0 (openarchives.org). `site.page` of the seed says how many records a page holds, `site.withdrawn` which
records were taken back (when anything was last changed). A resumption token is `OFFSET|FROM|UNTIL`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from catalog_api.sample_departments.datasets import described
from catalog_api.sample_departments.pages import changed, home, newest
from catalog_api.sample_departments.seeds import Seed
from catalog_api.sample_departments.web import Answer, Asked, Site
from standards.dublin_core_xml import oai_dc

DOOR = "/oai"
SPACE = "http://www.openarchives.org/OAI/2.0/"
_FORMAT = ("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", "http://www.openarchives.org/OAI/2.0/oai_dc/")
_STAMP = "%Y-%m-%dT%H:%M:%SZ"
Arguments = Mapping[str, str]


@dataclass(frozen=True)
class Item:
    """A record of the repository; without metadata it was deleted."""

    identifier: str
    stamp: str
    metadata: bytes | None


class Refused(Exception):
    """An error of the protocol: its code, and what is said about it."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(said)
        self.code = code


def repository(seed: Seed) -> Site:
    """The endpoint, and the front page."""
    items, page = held(seed), int(seed.site["page"])

    def answer(asked: Asked) -> Answer:
        if asked.path != DOOR:
            return home(seed, asked)
        arguments = {name: values[0] for name, values in asked.query.items()}
        root = etree.Element(f"{{{SPACE}}}OAI-PMH", nsmap={None: SPACE})
        _put(root, "responseDate", f"{datetime.now(UTC):{_STAMP}}")
        _put(root, "request", f"https://{seed.domain}{DOOR}")
        try:
            root.append(_told(seed, items, page, arguments))
        except Refused as problem:
            _put(root, "error", str(problem)).set("code", problem.code)
        return Answer(etree.tostring(root, encoding="utf-8", xml_declaration=True), "text/xml; charset=utf-8")

    return answer


def held(seed: Seed) -> list[Item]:
    """All records, and behind them those that were taken back."""
    kept = [Item(_name(seed, row.name), f"{changed(row):{_STAMP}}", oai_dc(described(seed, row))) for row in seed.rows]
    gone = [Item(_name(seed, name), f"{newest(seed):{_STAMP}}", None) for name in seed.site["withdrawn"]]
    return kept + gone


def _name(seed: Seed, name: str) -> str:
    return f"oai:{seed.domain}:{name}"


def _told(seed: Seed, items: Sequence[Item], page: int, arguments: Arguments) -> Any:
    """What a verb answers. Raises `Refused`."""
    verb = arguments.get("verb", "")
    if verb == "Identify":
        return _identify(seed, items)
    if verb == "ListMetadataFormats":
        return _formats()
    if verb == "ListSets":
        raise Refused("noSetHierarchy", "the repository has no sets")
    if verb in ("ListRecords", "ListIdentifiers"):
        return _list(verb, items, page, arguments)
    if verb == "GetRecord":
        return _record(items, arguments)
    raise Refused("badVerb", f"there is no verb {verb!r}")


def _identify(seed: Seed, items: Sequence[Item]) -> Any:
    root = etree.Element(f"{{{SPACE}}}Identify")
    _put(root, "repositoryName", seed.title["zh"])
    _put(root, "baseURL", f"https://{seed.domain}{DOOR}")
    _put(root, "protocolVersion", "2.0")
    _put(root, "adminEmail", f"opendata@{seed.domain.removeprefix('data.')}")
    _put(root, "earliestDatestamp", min(item.stamp for item in items))
    _put(root, "deletedRecord", "persistent")
    _put(root, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    return root


def _formats() -> Any:
    root = etree.Element(f"{{{SPACE}}}ListMetadataFormats")
    one = _put(root, "metadataFormat")
    for name, value in zip(("metadataPrefix", "schema", "metadataNamespace"), _FORMAT, strict=True):
        _put(one, name, value)
    return root


def _list(verb: str, items: Sequence[Item], page: int, arguments: Arguments) -> Any:
    """A page of records or headers, with the token of the next one; an empty token ends a list of several pages."""
    start, since, until = _position(arguments)
    among = [item for item in items if since <= item.stamp and item.stamp[: len(until) or None] <= (until or item.stamp)]
    shown = among[start : start + page]
    if not shown:
        raise Refused("noRecordsMatch", "nothing was changed in this time")
    root = etree.Element(f"{{{SPACE}}}{verb}")
    for item in shown:
        root.append(_header(item) if verb == "ListIdentifiers" else _whole(item))
    after = start + page
    if start or after < len(among):
        token = _put(root, "resumptionToken", f"{after}|{since}|{until}" if after < len(among) else "")
        token.set("completeListSize", str(len(among)))
        token.set("cursor", str(start))
    return root


def _position(arguments: Arguments) -> tuple[int, str, str]:
    """`(offset, from, until)` of a first request or of a token. Raises `Refused`."""
    token = arguments.get("resumptionToken")
    if token is None:
        _check_format(arguments)
        return 0, arguments.get("from", ""), arguments.get("until", "")
    offset, *times = token.split("|")
    if not offset.isdecimal() or len(times) != 2 or len(arguments) != 2:
        raise Refused("badResumptionToken", "this token was not given here")
    return int(offset), times[0], times[1]


def _check_format(arguments: Arguments) -> None:
    prefix = arguments.get("metadataPrefix")
    if prefix is None:
        raise Refused("badArgument", "metadataPrefix is missing")
    if prefix != _FORMAT[0]:
        raise Refused("cannotDisseminateFormat", f"there is no format {prefix!r}")


def _record(items: Sequence[Item], arguments: Arguments) -> Any:
    _check_format(arguments)
    wanted = next((item for item in items if item.identifier == arguments.get("identifier")), None)
    if wanted is None:
        raise Refused("idDoesNotExist", "there is no such record")
    root = etree.Element(f"{{{SPACE}}}GetRecord")
    root.append(_whole(wanted))
    return root


def _header(item: Item) -> Any:
    header = etree.Element(f"{{{SPACE}}}header")
    if item.metadata is None:
        header.set("status", "deleted")
    _put(header, "identifier", item.identifier)
    _put(header, "datestamp", item.stamp)
    return header


def _whole(item: Item) -> Any:
    record = etree.Element(f"{{{SPACE}}}record")
    record.append(_header(item))
    if item.metadata is not None:
        _put(record, "metadata").append(etree.fromstring(item.metadata))
    return record


def _put(parent: Any, name: str, said: str = "") -> Any:
    child = etree.SubElement(parent, f"{{{SPACE}}}{name}")
    child.text = said or None
    return child
