"""Asking an OAI-PMH repository: the six verbs' arguments, and what its errors mean.

Rules: OAI-PMH 2.0 §3.1 (requests), §3.6 (errors and exceptions), §4 (verbs). An error may come with status 200 or, against the
rules, with one of 400 and more; the answer is looked at before the status.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from harvesters.address import mask
from harvesters.base import Record
from harvesters.charset import decode
from harvesters.oai_pmh_answer import Answer, Broken, is_answer, single
from harvesters.oai_pmh_record import Format, chosen, records
from harvesters.spool import Document, write
from harvesters.web import MEMORY_LIMIT, Web
from metadata.errors import CatalogError, Invalid, NotData, Unreachable
from standards.base import Unreadable
from standards.xml_documents import found, local, parse, root_name, words

ARGUMENTS = frozenset(("verb", "metadataPrefix", "set", "from", "until", "resumptionToken", "identifier"))
_TOLD = (400, 404, 405, 406, 409, 410, 422, 500, 501)  # statuses under which an error of the protocol may come
_SHOWN = 1 << 16  # bytes of an unreadable answer that its record keeps
_REMEDIES = {
    "badArgument": "Check the settings.",
    "badVerb": "Check the URL: it is that of the OAI-PMH endpoint.",
    "noSetHierarchy": "Remove the setting `sets`.",
    "noMetadataFormats": "Ask the source which formats it gives.",
}


class Expired(Exception):
    """The resumption token is not taken (any more)."""


@dataclass(frozen=True)
class Repository:
    """A repository at its endpoint, asked through the guarded client."""

    web: Web
    base: str

    @property
    def place(self) -> str:
        """The endpoint, as it may be shown."""
        return mask(self.base)

    def identify(self) -> tuple[str, bool, bool]:
        """(responseDate, whether datestamps have seconds, whether deletions are kept for good)."""
        root = self._told({"verb": "Identify"})
        granularity, deleted = found(root, ".//{*}granularity"), found(root, ".//{*}deletedRecord")
        return found(root, "{*}responseDate"), "hh" in granularity.lower(), deleted.lower() == "persistent"

    def format(self) -> str:
        """The prefix of the richest format that is read; oai_dc, which every repository must have, when it names none."""
        try:
            root = self._told({"verb": "ListMetadataFormats"})
        except NotData:
            return "oai_dc"
        formats = [
            Format(*(found(each, f"{{*}}{name}") for name in ("metadataPrefix", "schema", "metadataNamespace")))
            for each in root.iter("{*}metadataFormat")
        ]
        choice = chosen(formats)
        if formats and choice is None:
            raise Invalid(
                "the repository has no format that is read",
                place=self.place,
                value=", ".join(each.prefix for each in formats),
                remedy="Name one of them in the setting `prefix` to harvest it all the same.",
            )
        return choice.prefix if choice else "oai_dc"

    @contextmanager
    def page(self, arguments: Mapping[str, str]) -> Iterator[Answer]:
        """An answer that lists. Raises `Expired` when the token it was asked with is refused by the status alone, `Broken`
        when the repository breaks down over it (500)."""
        with self._spooled(self._address(arguments), "resumptionToken" in arguments) as document:
            yield Answer(document)

    def one(self, identifier: str, prefix: str) -> tuple[list[Record], bool]:
        """The record of this identifier asked for by itself, and whether it could be read; none when there is none."""
        arguments = {"verb": "GetRecord", "identifier": identifier, "metadataPrefix": prefix}
        answer = self.web.get(self._address(arguments), tolerate=_TOLD)
        try:
            record = single(answer.content)
        except Unreadable:
            record = None
        if record is None:
            return [Record(decode(answer.content[:_SHOWN], None), identifier)], False
        if local(record) == "error":
            said = f"{record.get('code')}: {words(record)}"
            gone = record.get("code") == "idDoesNotExist"
            return ([], True) if gone else ([Record(said, identifier)], record.get("code") == "cannotDisseminateFormat")
        return records(record, self.place), True

    def explain(self, code: str, said: str, prefix: str) -> CatalogError:
        """What is said about an error of the protocol that ends the run."""
        value = f"{code}: {said}" if said else code
        if code == "cannotDisseminateFormat":
            remedy = f"Name another format in the setting `prefix`; {self.place}?verb=ListMetadataFormats lists them."
            return Invalid(f"the repository does not give the format {prefix}", place=self.place, value=value, remedy=remedy)
        remedy = _REMEDIES.get(code, "Try again later, or ask the source.")
        return NotData("an error came instead of data", place=self.place, value=value, remedy=remedy)

    def _told(self, arguments: Mapping[str, str]) -> Any:
        """The parsed answer to a question about the repository itself."""
        address = self._address(arguments)
        try:
            with self._spooled(address, False) as document:
                answer = Answer(document)
                for _ in answer.entries():
                    pass
                if answer.errors:
                    raise self.explain(*answer.errors[0], "")
                return parse(document.whole())
        except Broken as problem:
            raise NotData("this answer is broken", place=mask(address), value=str(problem), remedy="Ask the source.") from None

    def _address(self, arguments: Mapping[str, str]) -> str:
        return _with(self.base, arguments)

    @contextmanager
    def _spooled(self, address: str, token: bool) -> Iterator[Document]:
        with ExitStack() as stack:
            try:
                document = stack.enter_context(self.web.spool(address, conditional=False))
            except Unreachable as problem:
                file = stack.enter_context(tempfile.TemporaryFile(dir=self.web.spool_dir))
                document = self._told_by_error(address, token, problem, cast(BinaryIO, file))
            yield document

    def _told_by_error(self, address: str, token: bool, problem: Unreachable, file: BinaryIO) -> Document:
        """The answer that came with an error status, when it is one of the protocol; it is asked for once more."""
        answer = self.web.get(address, tolerate=_TOLD)
        if answer.status >= 400 and not is_answer(root_name(answer.content)):
            if token and answer.status in (400, 404, 410, 422):
                raise Expired(problem.message)
            raise Broken(problem.message) if answer.status == 500 else problem
        return write([answer.content], file, mask(answer.url), MEMORY_LIMIT, dict(answer.headers))


def endpoint(url: str) -> str:
    """The repository's own address: without arguments of the protocol, and without a fragment."""
    parts = urlsplit(url.strip())
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in ARGUMENTS]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))


def asked_who(base: str) -> str:
    """The address under which a repository says who it is."""
    return _with(base, {"verb": "Identify"})


def _with(base: str, arguments: Mapping[str, str]) -> str:
    parts = urlsplit(base)
    query = "&".join(filter(None, (parts.query, urlencode(arguments))))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def by_granularity(stamp: str, seconds: bool) -> str:
    """A moment as this repository takes it: a day, or a day and a time."""
    day, _, time = stamp.partition("T")
    if not seconds:
        return day
    return f"{day}T{time or '00:00:00Z'}" if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else stamp
