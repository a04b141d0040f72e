"""What stands at the side of the results: facets with their counts, years with bars, the map."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog_api.web import labels
from catalog_api.web.addresses import address, segment
from catalog_api.web.asking import PARTS, Asking, box_fields, values_of
from catalog_api.web.places import view
from catalog_api.web.translation import Tongue
from catalog_api.web.understanding import Label, title
from metadata.text import Text, best
from search.base import FacetCount, Page
from search.facet_trees import BETWEEN
from search.facets import FACETS, facet_label

COUNTED = ("organization", "theme", "class", "format", "region", "openness", "frequency", "licence_openness", "api", "keyword")
"""Facets whose values stand at the side, in this order."""

MORE = ("publisher", "sharing", "access", "licence", "language", "quality", "source", "standard")
"""Facets that have pages of their own; at the side only when something of them is chosen."""

SIZE = 50
FEW = 8
"""Values of a facet at the side; the rest is on the facet's page."""

BARS = 30
"""Years that bars are drawn for: the last ones."""

OPEN = 4
"""Facets that are unfolded when nothing of them is chosen."""


@dataclass
class Choice:
    """A value of the facet `facet`: what it is called, how many have it, whether it is chosen (in which part of the question)
    or left out. `below`: the values under it in a tree. Addresses are made when they are shown: most are not."""

    asking: Asking
    facet: str
    value: str
    name: str
    count: int | None
    part: str = ""
    below: list["Choice"] = field(default_factory=list)

    @property
    def chosen(self) -> bool:
        """Whether it has to be there."""
        return self.part in ("filters", "required")

    @property
    def out(self) -> bool:
        """Whether it must not be there."""
        return self.part == "excluded"

    @property
    def unfolded(self) -> bool:
        """Whether something below it is chosen or left out."""
        return any(one.part or one.unfolded for one in self.below)

    @property
    def url(self) -> str:
        """The address of the question with it, or without it when it is chosen."""
        asking = self.asking
        if self.chosen:
            return asking.changed(asking.without_value(self.part, self.facet, self.value))
        return asking.changed(asking.with_value("filters", self.facet, self.value))

    @property
    def out_url(self) -> str:
        """The address of the question that leaves it out, or no longer does."""
        asking = self.asking
        if self.out:
            return asking.changed(asking.without_value("excluded", self.facet, self.value))
        return asking.changed(asking.with_value("excluded", self.facet, self.value))

    @property
    def all_url(self) -> str:
        """The address of all values under it."""
        return address(f"/search/facet/{segment(self.facet)}", [*self.asking.pairs, ("under", self.value)])


def labelled(titles: Mapping[str, Text], spoken: Tongue, page: Page | None = None) -> Label:
    """The words for a facet's values: departments as they are called now, then what the answer says, then the lists."""
    told = {(name, one.value): one.label for name, counts in (page.facets if page else {}).items() for one in counts}

    def label(name: str, value: str) -> str:
        if name not in FACETS:
            return value
        known = titles.get(value, {}) if name == "organization" else {}
        words = best(known or told.get((name, value)) or facet_label(name, value), spoken.languages)
        return words or (spoken.say(labels.tongue(value)) if name == "language" else value)

    return label


def counted(asking: Asking) -> tuple[str, ...]:
    """The facets to count for a page."""
    used = used_facets(asking)
    return (*COUNTED, *(name for name in MORE if name in used))


def used_facets(asking: Asking) -> set[str]:
    """Facets of which something is chosen or left out."""
    query = asking.query
    return {name for part in (query.filters, query.excluded, query.required) for name in part if name in FACETS}


def facets(page: Page, asking: Asking, spoken: Tongue, label: Label) -> list[dict[str, Any]]:
    """Those with a choice to make: more than one value, or one that is chosen or left out."""
    used = used_facets(asking)
    shown = []
    for name in counted(asking):
        counts = page.facets.get(name, ())
        if len(counts) > 1 or name in used:
            values = tree(name, counts, asking, label)
            few, rest = _few(values)
            shown.append(
                {
                    "name": title(name, spoken),
                    "values": few,
                    "used": name in used,
                    "more": len(rest) or len(counts) >= SIZE,
                    "more_url": asking.url(path=f"/search/facet/{segment(name)}"),
                }
            )
    return shown


def more_facets(asking: Asking, spoken: Tongue) -> list[dict[str, str]]:
    """The way to the facets that are not at the side."""
    used = used_facets(asking)
    listed = [name for name in MORE if name not in used]
    return [{"name": title(name, spoken), "url": asking.url(path=f"/search/facet/{segment(name)}")} for name in listed]


def tree(name: str, counts: tuple[FacetCount, ...], asking: Asking, label: Label) -> list[Choice]:
    """The values, those below others within them; then what is left out or chosen and found nowhere."""
    made = {one.value: choice(name, one.value, one.count, asking, label) for one in counts}
    top: list[Choice] = []
    for one in counts:
        above = made.get(one.parent or "")
        if above is None or above.value == one.value:
            top.append(made[one.value])
        else:
            above.below.append(made[one.value])
            made[one.value].name = made[one.value].name.removeprefix(f"{one.parent}{BETWEEN}")
    query = asking.query
    chosen = (*query.excluded.get(name, ()), *query.filters.get(name, ()), *query.required.get(name, ()))
    return [*top, *(choice(name, value, None, asking, label) for value in dict.fromkeys(chosen) if value not in made)]


def choice(name: str, value: str, count: int | None, asking: Asking, label: Label) -> Choice:
    """One value."""
    part = next((part for part in PARTS if value in values_of(asking.query, part).get(name, ())), "")
    return Choice(asking, name, value, label(name, value), count, part)


def _few(values: list[Choice]) -> tuple[list[Choice], list[Choice]]:
    """The first ones and whatever is chosen, and the rest."""
    few = [one for place, one in enumerate(values) if place < FEW or one.part or one.unfolded]
    return few, [one for one in values if one not in few]


def years(page: Page, asking: Asking, this_year: int) -> dict[str, Any]:
    """The bars of the years in which datasets were modified, and the years that the slider spans."""
    counts = {int(begin[:4]): count for begin, count in page.histograms.get("modified", ()) if begin[:4].isdigit()}
    last = max((year for year in counts if year <= this_year + 1), default=this_year)
    first = max(min(counts, default=last), last - BARS + 1)
    bars = [(year, counts.get(year, 0)) for year in range(first, last + 1)]
    most = max((count for _, count in bars), default=0)
    low, high = asking.query.ranges.get("modified", (None, None))
    kept = asking.kept("modified_from", "modified_to")
    return {
        "bars": [
            {
                "year": year,
                "count": count,
                "height": round(36 * count / most, 2) if most else 0,
                "chosen": (low is None or str(year) >= low[:4]) and (high is None or str(year) <= high[:4]),
                "url": address("/search", [*kept, ("modified_from", str(year)), ("modified_to", str(year))]),
            }
            for year, count in bars
        ],
        "first": first,
        "last": last,
        "from": low or "",
        "to": high or "",
        "kept": kept,
        "older": sum(count for year, count in counts.items() if year < first),
    }


def covered(asking: Asking) -> dict[str, Any]:
    """What the form of the time covered holds."""
    low, high = asking.query.ranges.get("period", (None, None))
    return {"from": low or "", "to": high or "", "kept": asking.kept("period_from", "period_to")}


def area(asking: Asking, spoken: Tongue, home: str) -> dict[str, Any]:
    """What the forms of the box and of the point hold, and the map."""
    query = asking.query
    return {
        **box_fields(query),
        "relation": query.relation,
        "box_kept": asking.kept("bbox", "relation"),
        "point_kept": asking.kept("near", "sort"),
        "map": view(query.box, query.near, spoken.tag, home),
        "used": query.box is not None or query.near is not None,
    }
