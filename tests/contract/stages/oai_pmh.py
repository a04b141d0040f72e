"""A small OAI-PMH repository that keeps the protocol's rules, over real HTTP; tests make it break them one at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.hostile.server import Handler, Hostile, says

OAI = "http://www.openarchives.org/OAI/2.0/"
DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
FORMATS = {"oai_dc": DC, "unknown": "http://example.org/unknown"}


def identifier(number: int) -> str:
    """The identifier of the record of this number."""
    return f"id-{number:04}"


def dublin_core(title: str) -> str:
    """One oai_dc record."""
    return (
        f'<oai_dc:dc xmlns:oai_dc="{DC}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title></oai_dc:dc>"
    )


@dataclass
class Item:
    """A record: `metadata` None means deleted; `sets` are those it is in."""

    name: str
    metadata: str | None
    stamp: str = "2026-01-01T00:00:00Z"
    sets: tuple[str, ...] = ()

    def header(self) -> str:
        """The header, as both lists give it."""
        status = "" if self.metadata is not None else ' status="deleted"'
        sets = "".join(f"<setSpec>{each}</setSpec>" for each in self.sets)
        name = f"<identifier>{escape(self.name)}</identifier>"
        return f"<header{status}>{name}<datestamp>{self.stamp}</datestamp>{sets}</header>"

    def record(self) -> str:
        """The whole record."""
        metadata = "" if self.metadata is None else f"<metadata>{self.metadata}</metadata>"
        return f"<record>{self.header()}{metadata}<about><rights xmlns='urn:x'>of no interest</rights></about></record>"


@dataclass
class Repository:
    """Answers as OAI-PMH 2.0 says. `asked` holds the arguments of every request; `date` is the responseDate; `spoil` may change
    any answer; `expired` holds tokens that are refused once."""

    items: list[Item]
    page: int = 5
    granularity: str = "YYYY-MM-DDThh:mm:ssZ"
    deleted: str = "persistent"
    date: str = "2026-03-01T12:00:00Z"
    formats: dict[str, str] = field(default_factory=lambda: dict(FORMATS))
    sized: bool = True
    expired: set[str] = field(default_factory=set)
    spoil: Callable[[dict[str, str], str], str] = lambda _, body: body
    asked: list[dict[str, str]] = field(default_factory=list)

    def behave(self, handler: Handler) -> None:
        """One answer."""
        arguments = dict(parse_qsl(urlsplit(handler.path).query))
        self.asked.append(arguments)
        body = self.spoil(arguments, f'<?xml version="1.0" encoding="UTF-8"?>\n{self.answer(arguments)}')
        status, _, rest = body.partition("!") if body[:1].isdigit() else ("200", "", body)
        says(rest.encode("utf-8", "surrogateescape"), int(status), {"Content-Type": "text/xml"})(handler)

    def answer(self, arguments: dict[str, str]) -> str:
        """The answer's text."""
        verb = arguments.get("verb", "")
        verbs: dict[str, Callable[[], str]] = {
            "Identify": self.identify,
            "ListMetadataFormats": self.list_formats,
            "ListRecords": lambda: self.listed(arguments),
            "ListIdentifiers": lambda: self.listed(arguments),
            "GetRecord": lambda: self.one(arguments),
        }
        inner = verbs[verb]() if verb in verbs else error("badVerb")
        request = f"<responseDate>{self.date}</responseDate><request>http://example.org/oai</request>"
        return f'<OAI-PMH xmlns="{OAI}">{request}{inner}</OAI-PMH>'

    def identify(self) -> str:
        """Who it is."""
        return (
            "<Identify><repositoryName>x</repositoryName><baseURL>http://example.org/oai</baseURL>"
            "<protocolVersion>2.0</protocolVersion><adminEmail>a@example.org</adminEmail>"
            f"<earliestDatestamp>2020-01-01</earliestDatestamp><deletedRecord>{self.deleted}</deletedRecord>"
            f"<granularity>{self.granularity}</granularity></Identify>"
        )

    def list_formats(self) -> str:
        """Its formats."""
        lines = "".join(
            f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>x.xsd</schema>"
            f"<metadataNamespace>{space}</metadataNamespace></metadataFormat>"
            for prefix, space in self.formats.items()
        )
        return f"<ListMetadataFormats>{lines}</ListMetadataFormats>"

    def listed(self, arguments: dict[str, str]) -> str:
        """A page: `resumptionToken` stands alone, and holds everything."""
        verb, token = arguments["verb"], arguments.get("resumptionToken")
        if token is not None:
            if set(arguments) != {"verb", "resumptionToken"}:
                return error("badArgument", "resumptionToken is exclusive")
            if token in self.expired:
                self.expired.discard(token)
                return error("badResumptionToken", "expired")
            position, prefix, start, spec = token.split("|")[:4]
        else:
            position, prefix = "0", arguments.get("metadataPrefix", "")
            start, spec = arguments.get("from", ""), arguments.get("set", "")
        if prefix not in self.formats:
            return error("cannotDisseminateFormat")
        if "T" in start and "hh" not in self.granularity:
            return error("badArgument", "granularity")
        items = [item for item in self.items if item.stamp >= start and (not spec or spec in item.sets)]
        return self.page_of(verb, items, int(position), f"{prefix}|{start}|{spec}")

    def page_of(self, verb: str, items: list[Item], start: int, state: str) -> str:
        """The items of one page, with a token."""
        shown = items[start : start + self.page]
        if not shown:
            return error("noRecordsMatch")
        inner = "".join(item.record() if verb == "ListRecords" else item.header() for item in shown)
        last = start + self.page >= len(items)
        size = f' completeListSize="{len(items)}" cursor="{start}"' if self.sized else ""
        token = f"<resumptionToken{size}>{'' if last else f'{start + self.page}|{state}'}</resumptionToken>"
        return f"<{verb}>{inner}{token if start or not last else ''}</{verb}>"

    def one(self, arguments: dict[str, str]) -> str:
        """One record by its identifier."""
        found = next((item for item in self.items if item.name == arguments.get("identifier")), None)
        return f"<GetRecord>{found.record()}</GetRecord>" if found else error("idDoesNotExist")


def error(code: str, words: str = "") -> str:
    """An error of the protocol."""
    return f'<error code="{code}">{words}</error>'


def items(count: int) -> list[Item]:
    """So many plain records."""
    return [Item(identifier(number), dublin_core(f"数据 {number}")) for number in range(count)]


@contextmanager
def served(repository: Repository) -> Iterator[str]:
    """The repository over HTTP, at its endpoint."""
    with Hostile({"/oai": repository.behave}) as server:
        yield f"{server.url}/oai"


@contextmanager
def stage(_: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """23 records in five pages, each in two batches."""
    with served(Repository(items(23))) as url:
        yield url, {"batch_size": 3}
