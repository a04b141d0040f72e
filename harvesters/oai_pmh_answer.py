"""One answer of an OAI-PMH repository: its records one after another, its token, its errors.

An answer is read from disk as it is parsed, however long it is. Where it is not well-formed its records are cut apart by their
spelling, so that one odd record is one odd record and not the end of the page. Rules: OAI-PMH 2.0 §3.2 (XML responses), §3.5
(flow control), §3.6 (errors). No entities, no DTD (`standards/xml_characters.py`).
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from harvesters.json_text import refuse
from harvesters.spool import Document
from metadata.errors import NotData, TooLarge
from standards.base import Unreadable
from standards.xml_characters import DOCTYPE, without_doctype
from standards.xml_documents import MOST_BYTES, local, parse, root_name, words

_STEP = 1 << 16
_CONTROLS = bytes(32 if byte < 32 and byte not in (9, 10, 13) else byte for byte in range(256))
_SPACES = ("http://www.openarchives.org/OAI/2.0/", "http://www.openarchives.org/OAI/2.0", "")
_PARTS = ("record", "header", "error", "responseDate", "resumptionToken")
_TAGS = tuple(f"{{{space}}}{name}" if space else name for space in _SPACES for name in _PARTS)
_ROOTS = frozenset(f"{{{space}}}OAI-PMH" if space else "OAI-PMH" for space in _SPACES)
_SAFE = {"encoding": "utf-8", "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}

_ROOT = re.compile(rb"<(?:([\w.-]+):)?OAI-PMH\b[^<>]*>")
_END = re.compile(rb"</(?:[\w.-]+:)?OAI-PMH\s*>")
_BEGIN = re.compile(rb"<((?:[\w.-]+:)?)record(?:\s[^<>]*)?>\s*(?:<!--.*?-->\s*)*<\1header[\s>/]", re.DOTALL)
_AFTER = re.compile(rb"<(?:[\w.-]+:)?resumptionToken\b|</(?:[\w.-]+:)?ListRecords\s*>|</(?:[\w.-]+:)?OAI-PMH\s*>")
_TOKEN = re.compile(rb"<(?:[\w.-]+:)?resumptionToken\b([^<>]*?)(?:/>|>(.*?)</)", re.DOTALL)
_ATTRIBUTE = re.compile(rb"([\w:.-]+)\s*=\s*[\"']([^\"'<]*)[\"']")
_NAMED = re.compile(rb"<(?:[\w.-]+:)?identifier\s*>(.*?)<", re.DOTALL)


class Broken(Exception):
    """The answer cannot be read, and its records cannot be told apart."""


@dataclass(frozen=True)
class Odd:
    """A record that is not well-formed: its spelling, and what its header seems to call it."""

    body: bytes
    identifier: str | None


@dataclass
class Answer:
    """What an answer says beside its records; whole once `entries` has been read to its end. `token` is None when the answer
    names no resumptionToken at all, "" at the end of a list; `size` is its completeListSize."""

    document: Document
    date: str = ""
    token: str | None = None
    size: int | None = None
    errors: list[tuple[str, str]] = field(default_factory=list)
    count: int = 0

    def entries(self) -> Iterator[Any]:
        """Every `record` of the answer (of ListIdentifiers every `header`), as an element that lives until the next one is
        asked for, or as `Odd`. Raises `NotData` for what is no OAI-PMH, `Broken` for what cannot be read."""
        self._look()
        try:
            yield from self._streamed()
        except etree.XMLSyntaxError as problem:
            if _is_limit(problem):
                raise Broken(str(problem.msg)) from None
            yield from self._cut_apart(str(problem.msg))
        except Unreadable as problem:
            raise NotData(
                "the answer declares entities, which is not read for safety",
                place=self.document.place,
                value=problem.finding.value,
                remedy="Ask the source to leave its DOCTYPE out.",
            ) from None

    def _look(self) -> None:
        """Raises `NotData` for what is no OAI-PMH at all."""
        head = self.document.head(_STEP)
        root = root_name(head.translate(_CONTROLS).lstrip())
        if root in _ROOTS or (not root and _ROOT.search(head)):
            return
        text = head.decode("utf-8", "replace")
        if not text.lstrip("\ufeff \t\r\n\0").startswith("<?xml") or root.rpartition("}")[2].lower() == "html":
            _refuse(text, self.document.place, root)
        raise NotData(
            "this is no OAI-PMH answer",
            place=self.document.place,
            value=root or " ".join(text[:80].split()),
            remedy="Check the URL: it is that of the repository's OAI-PMH endpoint.",
        )

    def _streamed(self) -> Iterator[Any]:
        parser = etree.XMLPullParser(("start", "end"), tag=_TAGS, **_SAFE)
        depth = since = 0
        with self.document.open() as reader:
            first = True
            while chunk := reader.read(_STEP):
                chunk = chunk.translate(_CONTROLS)
                parser.feed(without_doctype(chunk.lstrip()) if first else chunk)
                first = False
                since += len(chunk)
                for event, element in parser.read_events():
                    depth += 1 if event == "start" else -1
                    if event == "start":
                        _refuse_declarations(element)
                    elif depth == 0:
                        since = 0
                        yield from self._taken(element)
                        _forget(element)
                if since > MOST_BYTES:
                    limit = f"more than {MOST_BYTES >> 20} MiB of XML without the end of a record"
                    raise TooLarge(limit, place=self.document.place, remedy="Ask the source to mend it.")
        parser.close()

    def _taken(self, element: Any) -> Iterator[Any]:
        name = local(element)
        if name in ("record", "header"):
            self.count += 1
            yield element
        elif name == "error":
            self.errors.append((element.get("code") or "", words(element)))
        elif name == "responseDate":
            self.date = words(element)
        else:
            self._end("".join(element.itertext()).strip(), element.get("completeListSize"))

    def _end(self, token: str, size: str | None) -> None:
        self.token = token
        self.size = int(size) if size and size.strip().isdecimal() and len(size) < 16 else None

    def _cut_apart(self, why: str) -> Iterator[Any]:
        """The records from where the parser stopped, each parsed by itself. Raises `Broken` when the end of the answer is
        missing: nobody can tell then what else it held."""
        if self.document.size > MOST_BYTES:
            raise Broken(why)
        with self.document.open() as reader:
            text = reader.read().translate(_CONTROLS)
        root, starts = _ROOT.search(text), [found.start() for found in _BEGIN.finditer(text)]
        if not root or not starts or not _END.search(text, starts[-1]):
            raise Broken(why)
        after = _AFTER.search(text, starts[-1])
        last = after.start() if after else len(text)
        given = self.count
        for start, end in list(zip(starts, [*starts[1:], last], strict=True))[given:]:
            self.count += 1
            yield _parsed(text[root.start() : starts[0]], text[start:end].strip())
        self._note_token(text, last)

    def _note_token(self, text: bytes, last: int) -> None:
        if found := _TOKEN.search(text, last):
            attributes = {name.decode(): value.decode("utf-8", "replace") for name, value in _ATTRIBUTE.findall(found[1])}
            token = html.unescape((found[2] or b"").decode("utf-8", "replace")).strip()
            self._end(token, attributes.get("completeListSize"))


def single(body: bytes) -> Any:
    """The first `record` of an answer held in memory, or its first `error`; None for neither. Raises `Unreadable`."""
    root = parse(body)
    for name in ("record", "error"):
        for space in _SPACES:
            if (found := next(root.iter(f"{{{space}}}{name}" if space else name), None)) is not None:
                return found
    return None


def is_answer(root: str) -> bool:
    """Whether a root element's name is that of OAI-PMH 2.0."""
    return root in _ROOTS


def _parsed(around: bytes, piece: bytes) -> Any:
    """A piece of the answer as an element, with the namespaces declared around it; `Odd` when it is not well-formed."""
    tags = re.findall(rb"<([\w.:-]+)((?:\s[^<>]*?)?)(/?)>", around)
    opened = [(name, said) for name, said, closed in tags if not closed and b"</" + name not in around]
    whole = b"".join(b"<" + name + said + b">" for name, said in opened) + piece
    whole += b"".join(b"</" + name + b">" for name, _ in reversed(opened))
    try:
        record = next((each for each in parse(whole).iter() if local(each) == "record"), None)
    except Unreadable:
        record = None
    if record is not None:
        return record
    named = _NAMED.search(piece)
    return Odd(piece, _unescaped(named[1]) or None if named else None)


def _unescaped(raw: bytes) -> str:
    return " ".join(html.unescape(raw.decode("utf-8", "replace")).split())


def _refuse(text: str, place: str, root: str) -> None:
    """Raises `NotData` for a page, an empty answer, a template."""
    if root.rpartition("}")[2].lower() == "html":
        text = text[text.lower().find("<html") :]
    if not text.lstrip("\ufeff \t\r\n\0").startswith(("{", "[", '"')):
        try:
            refuse(text, place)
        except NotData as problem:
            if "JSON" not in problem.message:
                raise


def _refuse_declarations(element: Any) -> None:
    declared = element.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise Unreadable(DOCTYPE, "")


def _is_limit(problem: Any) -> bool:
    said = str(problem)
    return "huge" in said.lower() or "too long" in said or "too big" in said or "Excessive" in said


def _forget(element: Any) -> None:
    """Lets go of an element and of what stands before it."""
    element.clear(keep_tail=False)
    for each in (element, *element.iterancestors()):
        around = each.getparent()
        while around is not None and each.getprevious() is not None:
            del around[0]
