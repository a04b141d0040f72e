"""The walk over a web folder and the folders below it: files in the order of their names, each folder before those in it.

A folder that says what a folder above it says (a link that leads back up) is passed over, as is one that was listed before. A
file that cannot be fetched does not stop the others, yet the run ends in an error: what it holds is unknown, and must not be
taken for gone. After several failures in a row the walk stops.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from fnmatch import fnmatchcase
from itertools import islice

from harvesters.address import mask
from harvesters.base import NotModified, Record
from harvesters.file_records import named_records
from harvesters.spool import Document
from harvesters.waf_listing import Item, folder_of, read, settled
from harvesters.web import Web
from metadata.errors import CatalogError, NotData, Refused, TooLarge, Unreachable

MOST_FOLDERS = 100_000
MOST_FAILURES = 10  # files or folders in a row that cannot be fetched
_MOST_NAMES = 1000  # records of one file whose names are remembered, so that it need not be fetched when unchanged
_SHOWN = 1 << 16  # bytes of an unreadable file that its record keeps
_GONE = (404, 410)
_EXCLUDE = "Try again; what is not to be harvested can be named in the setting `exclude`."

Key = tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Point:
    """Where the walk is: the file (its path under the start), how many of its records were given, its digest; how many files
    and folders could not be had until then, and which was the first."""

    file: str = ""
    count: int = 0
    digest: str = ""
    missing: int = 0
    first: str = ""


def spelled(point: Point) -> str:
    """The point as a cursor."""
    return json.dumps(asdict(point), ensure_ascii=False)


def going_on(cursor: str | None) -> Point:
    """The point of a cursor; the beginning for none, or for one of another kind."""
    try:
        return Point(**json.loads(cursor)) if cursor else Point()
    except (ValueError, TypeError):
        return Point()


@dataclass
class Walk:
    """A walk. `patterns` and `excluded` are shell patterns, of names or, with a slash, of paths under the start. `trusting`: a
    file beside which the listing says what it said at the last good run is not asked for."""

    web: Web
    start: str
    patterns: Sequence[str]
    excluded: Sequence[str]
    depth: int
    trusting: bool
    point: Point
    _root: str = ""
    _listed: set[str] = field(default_factory=set)
    _failures: int = 0

    def records(self) -> Iterator[tuple[Record, Point]]:
        """Every record from the point on, with the point after it."""
        after = key(self.point.file) if self.point.file else ()
        for item, path, sure in self._files(self.start, "", (), after):
            if path != self.point.file:
                self.point = replace(self.point, file=path, count=0, digest="")
            for record in self._file(item, sure):
                self.point = replace(self.point, count=self.point.count + 1)
                yield record, self.point

    def end(self) -> None:
        """Raises `NotData` when something could not be had."""
        if self.point.missing:
            said = f"{self.point.missing} files or folders could not be read to their end; the rest was read"
            raise NotData(said, place=mask(self.start), value=self.point.first, remedy=_EXCLUDE)

    def _files(
        self, url: str, path: str, above: tuple[frozenset[tuple[str, str]], ...], after: Key
    ) -> Iterator[tuple[Item, str, bool]]:
        """(file, its path, whether its date is certain) of a folder and those below it, from the file `after` on."""
        listing = self._listing(url, path)
        if listing is None:
            return
        items, now = listing
        print_ = frozenset((item.name, item.said) for item in items)
        if print_ in above and (len(print_) > 1 or any(not item.folder for item in items)):
            return
        for item in sorted(items, key=lambda each: key(each.name)):
            inner = path + item.name
            if self._is_excluded(inner) or _is_past(key(inner), after):
                continue
            if not item.folder:
                if self._is_wanted(inner):
                    yield item, inner, settled(item.date, now)
            elif inner.count("/") <= self.depth:
                yield from self._files(item.url, inner, (*above, print_), after)

    def _listing(self, url: str, path: str) -> tuple[list[Item], str | None] | None:
        """What a folder lists, and the server's time; None when it was listed before, is gone, or cannot be had."""
        if url in self._listed:
            return None
        self._listed.add(url)
        if len(self._listed) > MOST_FOLDERS:
            raise TooLarge(f"more than {MOST_FOLDERS:,} folders", place=mask(self.start), value=mask(url), remedy=_EXCLUDE)
        try:
            answer = self.web.get(url, tolerate=_GONE if path else ())
            if answer.status in _GONE:
                return None
            items = read(answer.url, answer.headers.get("content-type", "").partition(";")[0].lower(), answer.text)
            if items is None:
                raise _no_listing(answer.text, mask(answer.url))
            if path and not answer.url.startswith(self._root):
                raise Refused("this folder leads out of the source", place=mask(url), value=mask(answer.url))
        except CatalogError as problem:
            if not path:
                raise
            self._miss(path, problem)
            return None
        self._root = self._root or folder_of(answer.url)
        self._failures = 0
        return items, answer.headers.get("date")

    def _is_excluded(self, path: str) -> bool:
        return any(_fits(path.rstrip("/"), pattern) for pattern in self.excluded)

    def _is_wanted(self, path: str) -> bool:
        return any(_fits(path, pattern) for pattern in self.patterns)

    def _file(self, item: Item, sure: bool) -> Iterator[Record]:
        """The records of one file from the point on."""
        known = self.web.validators.get(item.url, {})
        names = known["names"].split("\n") if "names" in known else None
        if names and self.trusting and sure and known.get("listed") == item.said and not self.point.digest:
            self.web.fresh_validators[item.url] = dict(known)
            yield from self._same(names)
            return
        try:
            with self.web.spool(item.url, conditional=not self.point.digest and (names is not None or not known)) as document:
                yield from self._read(item, document)
            self._failures = 0
        except NotModified:
            self.web.fresh_validators[item.url] = {**known, "listed": item.said}
            yield from self._same(names or [])
        except Unreachable as problem:
            yield from self._unreachable(item, problem)
        except Refused as problem:
            self._miss(self.point.file, problem)
        except (NotData, TooLarge) as problem:  # it cannot even be unpacked
            yield Record(str(problem), item.url)

    def _same(self, names: list[str]) -> Iterator[Record]:
        self._failures = 0
        yield from islice((Record(None, name, same=True) for name in names), self.point.count, None)

    def _read(self, item: Item, document: Document) -> Iterator[Record]:
        skip = self.point.count if self.point.digest == document.digest else 0
        self.point = replace(self.point, count=skip, digest=document.digest)
        names: list[str] = []
        try:
            for number, record in enumerate(named_records(document, item.url)):
                names.append(record.identifier or "")
                if number >= skip:
                    yield record
        except (NotData, TooLarge) as problem:
            self.web.fresh_validators.pop(item.url, None)
            if names:
                self._miss(self.point.file, problem)
            elif not skip:
                yield Record(document.head(_SHOWN).decode("utf-8", "replace") or str(problem), item.url)
            return
        self._remember(item, names)

    def _remember(self, item: Item, names: list[str]) -> None:
        """What lets the next run pass the file over. Of a file without records, or with very many, nothing is kept."""
        kept = self.web.fresh_validators.pop(item.url, None)
        if kept is not None and 0 < len(names) <= _MOST_NAMES and not any("\n" in name for name in names):
            self.web.fresh_validators[item.url] = kept | {"listed": item.said, "names": "\n".join(names)}

    def _unreachable(self, item: Item, problem: Unreachable) -> Iterator[Record]:
        """A file that is gone since it was listed is a failed record; one that cannot be fetched leaves the run unfinished."""
        gone = False
        with suppress(CatalogError):
            gone = self.web.get(item.url, tolerate=_GONE).status in _GONE
        if gone:
            yield Record(str(problem), item.url)
        else:
            self._miss(self.point.file, problem)

    def _miss(self, path: str, problem: CatalogError) -> None:
        """Notes what could not be had. Raises after too many in a row."""
        self._failures += 1
        if self._failures >= MOST_FAILURES:
            raise problem
        self.point = replace(self.point, missing=self.point.missing + 1, first=self.point.first or f"{path}: {problem.message}")


def key(path: str) -> Key:
    """By this files and folders are sorted: the files of a folder before the folders in it."""
    *folders, last = path.rstrip("/").split("/")
    return (*((1, name) for name in folders), (1 if path.endswith("/") else 0, last))


def _is_past(here: Key, after: Key) -> bool:
    """Whether a file or a whole folder comes before the file `after`."""
    return here < after[: len(here)] if here[-1][0] else here < after


def _fits(path: str, pattern: str) -> bool:
    pattern = pattern.lower()
    return fnmatchcase((path if "/" in pattern else path.rpartition("/")[2]).lower(), pattern)


def _no_listing(text: str, place: str) -> NotData:
    remedy = "Check the URL: it is that of a folder whose files the server lists."
    return NotData("this is not the listing of a folder", place=place, value=" ".join(text[:200].split()), remedy=remedy)
