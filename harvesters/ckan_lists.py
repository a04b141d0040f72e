"""CKAN portals without a search, and DKAN 1: `package_list`, `current_package_list_with_resources`, `package_show`.

The names of `package_list` say what there is. Whole packages come page by page where the portal gives them so (DKAN wraps
each page in one more list, and does not always page); whatever of the names did not come is shown one by one. So a listing that
pages badly costs requests and no records. Source: CKAN's API guide; DKAN 7.x, "DKAN dataset API".
"""

from collections.abc import Iterator
from typing import Any

from harvesters.address import mask
from harvesters.base import Batch
from harvesters.ckan_api import Api, lacks_action, page_of, refuses, result_of
from harvesters.ckan_filters import Filters
from harvesters.ckan_records import records
from harvesters.ckan_search import Point
from harvesters.json_text import name_of
from harvesters.listing import MOST_ROWS, At, Listing, Page
from harvesters.web import Answer
from metadata.errors import NotData, SourceError

_AT_A_TIME = 1000  # names asked for at a time where they do not come all at once
_GONE = frozenset({404, 410})
_FEW = 10


class Lists:
    """One walk over a portal's lists."""

    def __init__(self, api: Api, filters: Filters, size: int, point: Point) -> None:
        self.api, self.filters, self.size, self.point = api, filters, size, point
        self.met: set[str] = set()

    def batches(self) -> Iterator[Batch]:
        """Batches, until every name was met or shown. A name that is gone by then was deleted or hidden meanwhile."""
        names = self.names()
        total = None if self.filters.any else len(names)
        if self.point.way != "names":
            yield from self._resources(total)
        rest = sorted(name for name in names if name not in self.met and name > self.point.last)
        self.point.way = "names"
        for start in range(0, len(rest), self.size):
            part = rest[start : start + self.size]
            shown = self._shown(part, whole=len(part) == len(names))
            self.point.last = part[-1]
            yield Batch(records(shown, False), self.point.cursor(), total, again=True)

    def names(self) -> list[str]:
        """Every name, also where the portal gives only so many at a time."""
        try:
            found = self._some({})
        except SourceError as problem:  # too many for one answer
            try:
                found = self._some({"limit": _AT_A_TIME, "offset": 0})
            except SourceError:
                raise problem from None
        known = dict.fromkeys(found)
        while found and len(known) < MOST_ROWS:
            try:
                found = [name for name in self._some({"limit": _AT_A_TIME, "offset": len(known)}) if name not in known]
            except SourceError:
                break  # beyond the end, or not able to page: then all came at once
            known |= dict.fromkeys(found)
        return list(known)

    def _some(self, params: dict[str, str | int]) -> list[str]:
        names = result_of(self.api.ask("package_list", params))
        if not isinstance(names, list):
            raise NotData("package_list gives no list", place=self.api.address("package_list"), value=type(names).__name__)
        return [str(name) for name in names]

    def _resources(self, total: int | None) -> Iterator[Batch]:
        """Whole packages, page by page. Begins anew in a run that goes on: what was met must be known for the rest."""
        self.point.way = "resources"
        listing = Listing(self.api.address("current_package_list_with_resources"), "offset", self.size, at=0)
        try:
            for rows in listing.walk(self._packages):
                self.met.update(name for row in rows for key in ("id", "name") if (name := name_of(row, key)))
                yield Batch(records(filter(self.filters.admits, rows), False), self.point.cursor(), total, again=True)
        except SourceError:
            return  # the names that are left are shown one by one

    def _packages(self, at: At) -> Page:
        params: dict[str, str | int] = {"limit": self.size, "offset": at if isinstance(at, int) else 0}
        answer = self.api.ask("current_package_list_with_resources", params)
        rows, _ = page_of(result_of(answer), mask(answer.url))
        return Page(rows)

    def _shown(self, names: list[str], whole: bool) -> list[Any]:
        """The packages of these names that may be seen. Raises `NotData` when none of many may: that is no answer."""
        answers = [self.api.ask("package_show", {"id": name}) for name in names]
        seen = [_unwrapped(result_of(answer)) for answer in answers if not _is_away(answer)]
        if not seen and (whole or len(names) >= _FEW):
            said = f"none of {len(names)} packages that are listed can be shown"
            raise NotData(said, place=self.api.address("package_show"), value=names[0], remedy="Check the source's token.")
        return [row for row in seen if self._is_wanted(row)]

    def _is_wanted(self, row: Any) -> bool:
        return self.filters.admits(row) and not self.met & {name_of(row, "id"), name_of(row, "name")}


def _is_away(answer: Answer) -> bool:
    """Whether a single package is deleted, or private: a wall's 403 is an error of the whole portal."""
    return answer.status in _GONE or (answer.status == 403 and refuses(answer) and not lacks_action(answer))


def _unwrapped(shown: Any) -> Any:
    """DKAN's package_show gives a list of one."""
    return shown[0] if isinstance(shown, list) and len(shown) == 1 else shown
