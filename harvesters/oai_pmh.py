"""OAI-PMH 2.0: records of a repository, page by page, by resumption tokens.

Rules of the walk:
- A token is asked for alone: no other argument stands beside it (§3.5). To a repository that misses them (badArgument; as
  pycsw does) they are given all the same. A token that comes again, or page after page without anything new, is a circle, and
  an error.
- A token may expire (badResumptionToken). The list is then asked for from its beginning, a few times at most; what was given
  before is passed over, and the batches say `again`.
- An answer whose records cannot be told apart, or an error 500 for a page, is met by asking for the identifiers and then for
  each record by itself: one odd record is one failed record.
- completeListSize may be an estimate (§3.5), so a few records fewer are no error; a page fewer, or a tenth, is an early end. Of
  sizes that change on the way the least counts.
- After a good run only what changed since its responseDate is asked for (`from`, by the repository's granularity). Where a
  repository does not keep track of deletions for good, or is asked for sets, every few runs ask in full; where headers have
  no datestamp, all do: `from` has nothing to go by there.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from harvesters.base import Batch, Found, Seen
from harvesters.oai_pmh_answer import is_answer
from harvesters.oai_pmh_repository import Repository, asked_who, by_granularity, endpoint
from harvesters.oai_pmh_walk import Point, Refused, Walk, read, spelled
from harvesters.since import Since, earlier
from harvesters.web import Web
from standards.xml_documents import root_name

_NEVER = 1_000_000_000  # runs between two full ones where nothing is missed without
_ENDPOINTS = ("/oai", "/oai/request", "/oai-pmh", "/oai2d", "/oaipmh")
_DAY = r"^(\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?)?$"


class OaiPmhSettings(BaseModel):
    """What an OAI-PMH source lets one choose."""

    model_config = ConfigDict(extra="forbid")

    prefix: str = Field(default="", title="Metadata prefix; empty: the richest format that is read")
    sets: str = Field(default="", title="Only these sets (setSpec), separated by commas")
    since: str = Field(
        default="",
        pattern=_DAY,
        title="Only records changed from this day on (YYYY-MM-DD)",
    )
    until: str = Field(
        default="",
        pattern=_DAY,
        title="Only records changed up to this day (YYYY-MM-DD)",
    )
    full_every: int = Field(default=7, ge=1, le=10_000, title="Every so many runs everything is asked for, not only changes")
    overlap: int = Field(default=24, ge=0, le=24 * 365, title="Hours before the last run from which changes are asked for")
    trust_size: bool = Field(default=True, title="Take a list much shorter than its completeListSize for broken")
    batch_size: int = Field(default=500, ge=1, le=10_000, title="Records in a batch")

    def lists(self) -> list[str]:
        """The sets that are asked for, one after another; one empty name for the whole repository."""
        return [each.strip() for each in self.sets.split(",") if each.strip()] or [""]


class OaiPmh:
    """The harvester of OAI-PMH repositories."""

    name: ClassVar[str] = "oai_pmh"
    title: ClassVar[dict[str, str]] = {"zh": "OAI-PMH 元数据收割协议", "en": "OAI-PMH repository"}
    standard: ClassVar[str] = ""
    Settings: ClassVar[type[BaseModel]] = OaiPmhSettings

    def __init__(self, url: str, settings: BaseModel) -> None:
        self.settings = OaiPmhSettings.model_validate(settings.model_dump())
        self.base = endpoint(url)

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """Batches of records, a page or less each; `resume` is JSON (`oai_pmh_walk.Point`)."""
        repository = Repository(web, self.base)
        if point := read(resume):
            yield from self._walk(repository, point).batches()
            return
        stamp, seconds, kept = repository.identify()
        since = Since.of(web, self._key(), self._often(kept))
        walk = self._walk(repository, self._beginning(repository, seconds, since.start))
        given = False
        for batch in self._listed(walk, seconds):
            given = True
            yield batch
        if walk.point.partial and not given:
            yield Batch((), spelled(walk.point), partial=True)
        if walk.stamped:
            with suppress(ValueError):  # a responseDate that is no moment: the next run asks for everything
                since.remember(earlier(stamp, 60 * self.settings.overlap))

    def _listed(self, walk: Walk, seconds: bool) -> Iterator[Batch]:
        """What changed; everything where the repository does not take `from`, or not in this form."""
        try:
            yield from walk.batches()
        except Refused:
            walk.point = replace(walk.point, start=by_granularity(self.settings.since, seconds), partial=False)
            yield from walk.batches()

    def _walk(self, repository: Repository, point: Point) -> Walk:
        return Walk(repository, self.settings.lists(), self.settings.batch_size, self.settings.trust_size, point)

    def _beginning(self, repository: Repository, seconds: bool, changed: str | None) -> Point:
        settings = self.settings
        start = max(changed or "", settings.since)
        return Point(
            prefix=settings.prefix or repository.format(),
            start=by_granularity(start, seconds),
            until=by_granularity(settings.until, seconds),
            partial=bool(changed),
        )

    def _key(self) -> str:
        settings = self.settings
        return " ".join((self.base, settings.prefix, settings.sets, settings.since, settings.until))

    def _often(self, kept: bool) -> int:
        """How many runs there are from one full run to the next. What leaves a set is not told, so sets are asked in full."""
        return _NEVER if kept and not self.settings.sets and self.settings.full_every > 1 else self.settings.full_every

    @staticmethod
    def probes(url: str) -> Sequence[str]:
        """The address itself, asked who it is, and where repositories usually are."""
        parts = urlsplit(url)
        site, path = f"{parts.scheme}://{parts.netloc}", parts.path.strip("/")
        usual = [f"{site}{place}?verb=Identify" for place in _ENDPOINTS]
        if not path:
            return usual
        return [asked_who(endpoint(url)), f"{site}/{path}/oai?verb=Identify", *usual[:3]]

    @staticmethod
    def recognises(seen: Seen) -> Found | None:
        """An answer of OAI-PMH, an error too: it tells which verb it would have liked."""
        if not is_answer(root_name(seen.head)):
            return None
        return Found(endpoint(seen.url), "the answer is one of OAI-PMH 2.0", 100, _asked_for(seen.asked))


def _asked_for(address: str) -> dict[str, str]:
    """The settings that an address copied from a list of records stands for."""
    asked = dict(parse_qsl(urlsplit(address).query))
    if asked.get("verb") not in ("ListRecords", "ListIdentifiers"):
        return {}
    named = {"prefix": "metadataPrefix", "sets": "set", "since": "from", "until": "until"}
    settings = {name: asked[argument] for name, argument in named.items() if asked.get(argument)}
    return {name: value for name, value in settings.items() if name in ("prefix", "sets") or re.match(_DAY, value)}
