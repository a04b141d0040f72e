"""How the values of each facet are taken from an entry, and the words that only the entry has for them. Pure.

Values are words of one line, cut at `LONGEST` characters, each once. Empty ones are left out.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

from metadata.entry import Entry
from metadata.model import Agent, Coded, Place
from metadata.text import best
from metadata.vocabulary import SCHEMES, is_open, terms
from search.facet_trees import CLASSES, PROVINCES, above_class, above_path, above_region, class_of, region_code

LONGEST = 200
"""Characters of a value; longer ones (a licence text in a code's place) are cut."""

Words = Mapping[str, Mapping[str, str]]
_REMEMBERED = 50_000
_NOTHING: Words = {}
_SCHEMES = frozenset(SCHEMES)
_SERVICES = frozenset(one.code for one in terms("format") if one.service)


class _Values(dict[str, str]):
    """A word as a source gave it → the value. It is emptied when it has grown large."""

    def __missing__(self, given: str) -> str:
        if len(self) > _REMEMBERED:
            self.clear()
        self[given] = value = " ".join(given[:LONGEST].split())
        return value


_value = _Values().__getitem__


def nothing(_entry: Entry) -> Words:
    """No words."""
    return _NOTHING


def words(given: Iterable[str | None]) -> list[str]:
    """Words as values."""
    return list(filter(None, map(_value, filter(None, given))))


def coded(given: Iterable[Coded | None]) -> list[str]:
    """Codes where a list knows the word, else the word."""
    return [_value(word) for one in given if one is not None and (word := one.code or one.raw or best(one.label)).strip()]


def unlisted(given: Iterable[Coded | None]) -> Words:
    """The words for codes of lists that are not ours."""
    foreign = [one for one in given if one is not None and one.code and one.scheme not in _SCHEMES]
    return {_value(one.code): one.label for one in foreign if one.label} if foreign else _NOTHING


def with_above(given: list[str], above: Callable[[str], str | None]) -> list[str]:
    """Values of a tree, each with those above it."""
    found: dict[str, None] = {}
    for value in given:
        one: str | None = value
        while one is not None and one not in found:
            found[one] = None
            one = above(one)
    return list(found)


def organizations(entry: Entry) -> Iterable[str]:
    """The department of a dataset, and those over it."""
    if not entry.organization:
        return ()
    return (entry.organization, *(name for name, _ in entry.above)) if entry.above else (entry.organization,)


def organization_titles(entry: Entry) -> Words:
    """What these are called."""
    if not entry.organization:
        return _NOTHING
    own = {entry.organization: entry.organization_title} if entry.organization_title else {}
    return own | {name: title for name, title in entry.above if title} if entry.above else own


def organizations_above(entry: Entry) -> Mapping[str, str]:
    """Department → the one over it."""
    if not entry.organization or not entry.above:
        return {}
    chain = (entry.organization, *(name for name, _ in entry.above))
    return dict(pairwise(chain))


def publisher(entry: Entry) -> list[str]:
    """Who publishes, by the name that would be shown."""
    agent: Agent | None = entry.dataset.publisher
    return words([_name(agent)]) if agent else []


def publisher_names(entry: Entry) -> Words:
    """Its names in other languages, where there are any."""
    agent = entry.dataset.publisher
    return {_value(_name(agent)): agent.name} if agent and len(agent.name) > 1 else _NOTHING


def _name(agent: Agent) -> str:
    return best(agent.name) if len(agent.name) > 1 else next(iter(agent.name.values()), "")


def keywords(entry: Entry) -> list[str]:
    """Keywords in every language."""
    return [value for given in entry.dataset.keyword.values() for value in map(_value, given) if value]


def themes(entry: Entry) -> list[str]:
    """Codes of the theme list where the word is known, else the word; of words with levels (`A > B`) all of them."""
    found = coded(entry.dataset.theme)
    return with_above(found, above_path) if any(">" in value for value in found) else found


def classes(entry: Entry) -> list[str]:
    """The class (信息资源分类) and those above it: 类, 项, 目, 细目."""
    found = _class(entry)
    return with_above([found], above_class) if found else []


def class_labels(entry: Entry) -> Words:
    """The words for the class itself."""
    given = entry.dataset.classification
    if not given or not given.code or not given.label or (value := _class(entry)) in CLASSES:
        return _NOTHING
    return {value: given.label}


def _class(entry: Entry) -> str:
    given = entry.dataset.classification
    return class_of(_value(given.code or given.raw or best(given.label))) if given else ""


def regions(entry: Entry) -> list[str]:
    """Codes of regions of China with those above them; other places by their code, else their name, else their address."""
    named = [place for place in entry.dataset.spatial if place.name or place.code or place.uri]
    return with_above(words(map(_region, named)), above_region) if named else []


def region_names(entry: Entry) -> Words:
    """The names of regions that are said by their code."""
    found: dict[str, Mapping[str, str]] = {}
    for place in entry.dataset.spatial:
        label = place.name or (place.code.label if place.code else {})
        if place.code and label and (value := _value(_region(place))) and value not in PROVINCES:
            found[value] = label
    return found or _NOTHING


def _region(place: Place) -> str:
    if place.code and (code := place.code.code or place.code.raw):
        return region_code(code, place.code.scheme) or code
    return best(place.name) or place.uri or ""


def formats(entry: Entry) -> list[str]:
    """Formats of the distributions."""
    return coded([part.format for part in entry.dataset.distribution])


def api(entry: Entry) -> tuple[str]:
    """`yes` when a service serves the data, or a distribution has one or is in the format of one; `no` otherwise."""
    if entry.dataset.service:
        return ("yes",)
    for part in entry.dataset.distribution:
        if part.access_service or (part.format is not None and part.format.code in _SERVICES):
            return ("yes",)
    return ("no",)


def all_licences(entry: Entry) -> list[Coded]:
    """Those of the dataset and of its distributions."""
    found = [part.license for part in entry.dataset.distribution if part.license is not None]
    return [entry.dataset.license, *found] if entry.dataset.license else found


def licences(entry: Entry) -> list[str]:
    """Codes of licences where the list knows them, else the words."""
    return coded(all_licences(entry))


def licence_openness(entry: Entry) -> tuple[str]:
    """`open` when every licence is an open one, `restricted` when one is known not to be, `unknown` otherwise and without
    any. The licence of the dataset decides; where it has none, those of its distributions."""
    known = list(map(is_open, [entry.dataset.license] if entry.dataset.license else all_licences(entry)))
    if False in known:
        return ("restricted",)
    return ("open",) if known and None not in known else ("unknown",)


def openness(entry: Entry) -> Iterable[str]:
    """开放属性."""
    return (entry.dataset.openness.kind,) if entry.dataset.openness else ()


def sharing(entry: Entry) -> Iterable[str]:
    """共享属性."""
    return (entry.dataset.sharing.kind,) if entry.dataset.sharing else ()


def quality(entry: Entry) -> tuple[str]:
    """What the checks found: `errors`, else `warnings`, else `clean`."""
    return ("errors",) if entry.errors else ("warnings",) if entry.warnings else ("clean",)
