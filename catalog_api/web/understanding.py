"""How a question was understood, and where a score comes from, in words."""

from collections.abc import Callable

from catalog_api.web.translation import N_, Tongue
from catalog_api.web.wording import day, size
from metadata.text import best
from search.base import Page, Range, Understood
from search.facets import FACETS, facet_label

Label = Callable[[str, str], str]
"""(facet, value) → the words for the value."""

TITLES = {
    "title": N_("Title"),
    "description": N_("Description"),
    "column": N_("Information items"),
    "resource": N_("Data and services"),
    "other": N_("Other words"),
    "name": N_("Name"),
    "id": N_("Id"),
    "identifier": N_("Identifier"),
    "modified": N_("Modified"),
    "issued": N_("Issued"),
    "created": N_("In the directory since"),
    "updated": N_("Changed in the directory"),
    "period": N_("Time covered"),
    "size": N_("Size"),
    "use": N_("Visits"),
    "bbox": N_("Area"),
    "near": N_("Near"),
}
"""What fields are called that are no facets."""

READ_AS = {
    "pinyin": N_("Nothing has these words as typed. Shown are datasets whose names are read so in pinyin."),
    "parts": N_("Nothing has these words as typed. Shown are datasets that have all parts of them."),
}  # fmt: skip
_PARTS = {
    "all_in_title": N_("All words in the title"),
    "exact_title": N_("Exactly the title"),
    "words": N_("Words: %(rest)s"),
    "freshness": N_("Modified since %(rest)s"),
    "quality": N_("Checks: %(rest)s"),
    "use": N_("At least %(rest)s visits"),
}
"""Parts of a score (`search.planning.parts`): what stands behind their colon is the rest."""


def title(name: str, spoken: Tongue) -> str:
    """What a facet, a range or a field of text is called."""
    if name in FACETS and name != "quality":
        return best(FACETS[name].title, spoken.languages)
    return spoken.say(TITLES.get(name, "")) or (best(FACETS[name].title, spoken.languages) if name in FACETS else name)


def understood(page: Page, typed: str, spoken: Tongue, label: Label) -> list[str]:
    """Each part of the question, where something else is looked for than was typed letter by letter; [] otherwise."""
    parts = [_part(one, spoken, label) for one in page.understood if one.kind not in ("everything", "nothing")]
    plain = len(parts) == 1 and page.understood[0].kind == "word" and parts[0].casefold() == typed.casefold()
    return [] if plain else parts


def bounds(name: str, ends: Range, spoken: Tongue) -> str:
    """A range in words."""
    low, high = (_bound(name, end, spoken) for end in ends)
    if low and high:
        return low if low == high else spoken.say(N_("%(low)s to %(high)s")) % {"low": low, "high": high}
    form = N_("from %(low)s on") if low else N_("up to %(high)s")
    return spoken.say(form) % {"low": low, "high": high}


def explained(parts: dict[str, float], spoken: Tongue) -> list[tuple[str, float]]:
    """The named parts of a score, the largest first."""
    named = [(_name(name, spoken), score) for name, score in parts.items()]
    return sorted(named, key=lambda part: -part[1])


def _name(part: str, spoken: Tongue) -> str:
    name, _, rest = part.partition(": ")
    if name not in _PARTS:
        return part
    shown = {
        "freshness": lambda: day(rest, spoken),
        "quality": lambda: best(facet_label("quality", rest), spoken.languages) or rest,
        "use": lambda: rest.removesuffix(" visits"),
    }.get(name, lambda: rest)()
    return spoken.say(_PARTS[name]) % {"rest": shown}


def _bound(name: str, end: str | None, spoken: Tongue) -> str:
    if end is None:
        return ""
    if name == "size" and end.isdigit():
        return size(int(end), spoken)
    return end if name in ("quality", "use") else day(end, spoken)


def _part(one: Understood, spoken: Tongue, label: Label) -> str:
    said = bounds(one.field or "", one.bounds, spoken) if one.kind == "range" else _words(one, spoken, label)
    if one.also:
        said += spoken.say(N_(" (also %(words)s)")) % {"words": _joined(one.also, spoken)}
    if one.field:
        said = f"{title(one.field, spoken)}{spoken.say(N_(': '))}{said}"
    return spoken.say(N_("without %(words)s")) % {"words": said} if one.negated else said


def _words(one: Understood, spoken: Tongue, label: Label) -> str:
    shown = [label(one.field, word) for word in one.words] if one.kind == "field" and one.field in FACETS else list(one.words)
    forms = {"phrase": N_("“%(words)s”"), "prefix": N_("%(words)s…")}
    if one.kind in forms:
        shown = [spoken.say(forms[one.kind]) % {"words": word} for word in shown]
    return _joined(tuple(dict.fromkeys(shown)), spoken)


def _joined(words: tuple[str, ...], spoken: Tongue) -> str:
    return spoken.say(N_(" or ")).join(words)
