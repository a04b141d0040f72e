"""From Dublin Core statements to a dataset. What a plain `coverage`, `date` or `identifier` means is told by its words."""

from collections.abc import Iterable
from typing import Any

from metadata.model import Agent, Coded, Dataset, Distribution, Period, Place
from metadata.text import Text, best
from metadata.vocabulary import format_of, language_tag, look_up
from standards import dates
from standards.base import Rule, Unreadable
from standards.coordinates import box_of_words, name_of_words
from standards.dublin_core_terms import Said, statements
from standards.portal_members import is_address, licence, unknown
from standards.rdf_geometry import box_of, geometry_of

TITLE = Rule(
    id="dublin-core/title/absent",
    severity="error",
    message={"zh": "没有题名", "en": "There is no title"},
    clause="DCMI Metadata Terms, title",
    fix={"zh": "填写 title", "en": "Give a title"},
    link="http://purl.org/dc/terms/title",
)


class _Reader:
    """Takes statements by their terms; what is not taken is left under its own name."""

    def __init__(self, said: Iterable[Said]) -> None:
        self.left: list[Said] = list(said)

    def take(self, *terms: str) -> list[Said]:
        """All statements of these terms that have words, in the order of the terms."""
        found = [each for term in terms for each in self.left if each.term == term and each.text]
        self.left = [each for each in self.left if each not in found]
        return found

    def back(self, said: Iterable[Said]) -> None:
        """Statements that were not understood."""
        self.left.extend(said)

    def rest(self) -> dict[str, Any]:
        """What is left, by name."""
        found: dict[str, list[Any]] = {}
        for each in self.left:
            found.setdefault(each.name, []).append(each.raw)
        return {name: some[0] if len(some) == 1 else some for name, some in found.items()}


def read(body: Any) -> Dataset:
    """The dataset of a record. Raises `Unreadable`."""
    whole = statements(body)
    reader = _Reader(whole.said)
    title, others = _text(reader.take("title"))
    if not title:
        raise Unreadable(TITLE, next((each.place for each in whole.said if each.term == "title"), "") if whole.root is None else "")
    reader.back(each._replace(name=_alternative(each.name)) for each in others)
    fields = {
        "title": title,
        "description": _joined(reader.take("description", "abstract")),
        **_identified(reader, best(title)),
        **_parties(reader),
        **_subjects(reader),
        **_dates(reader),
        **_covered(reader),
        **_permitted(reader),
        **_related(reader),
        "distribution": _ways(reader, whole.others),
    }
    fields["spatial"] += _boxes(whole.others)
    return Dataset(**fields, extra={**whole.others, **reader.rest()})


def _alternative(name: str) -> str:
    """A second title in one language is an alternative one."""
    return "dcterms:alternative" if name.startswith("dc") else "alternative"


def _text(said: list[Said]) -> tuple[Text, list[Said]]:
    """One Text of statements in several languages, and those whose language is told already."""
    made: Text = {}
    others = []
    for each in said:
        if set(each.text) & set(made):
            others.append(each)
        else:
            made = {**made, **each.text}
    return made, others


def _joined(said: list[Said]) -> Text:
    made: Text = {}
    for each in said:
        for tag, words in each.text.items():
            made[tag] = f"{made[tag]}\n\n{words}" if tag in made else words
    return made


def _identified(reader: _Reader, title: str) -> dict[str, Any]:
    """The first identifier, the others, and the first address among them as the page."""
    given = list(dict.fromkeys(each.words for each in reader.take("identifier")))
    page = next((each for each in given if each.lower().startswith(("http://", "https://"))), None)
    return {"identifier": given[0] if given else title, "other_identifier": tuple(given[1:]), "landing_page": page}


def _parties(reader: _Reader) -> dict[str, Any]:
    """Names of publishers in several languages are one publisher's; a second in one language stays."""
    name, others = _text(reader.take("publisher"))
    reader.back(others)
    creators = reader.take("creator")
    return {"publisher": Agent(name=name) if name else None, "creator": tuple(Agent(name=each.text) for each in creators)}


def _subjects(reader: _Reader) -> dict[str, Any]:
    words: dict[str, tuple[str, ...]] = {}
    themes = []
    for each in reader.take("subject"):
        if each.kind == "URI" or is_address(each.words):
            themes.append(_term("theme", each.words))
            continue
        for tag, said in each.text.items():
            words[tag] = tuple(dict.fromkeys((*words.get(tag, ()), said)))
    languages = [language_tag(each.words) or each.words for each in reader.take("language")]
    return {"keyword": words, "theme": tuple(themes), "language": tuple(dict.fromkeys(languages))}


def _term(scheme: str, said: str) -> Coded:
    found = look_up(scheme, said)
    return found if found.scheme or not is_address(said) else Coded(raw=said, uri=said, label=found.label)


def _dates(reader: _Reader) -> dict[str, Any]:
    """Of several plain dates the earliest is that of issue: repositories add those of their own handling."""
    issued = _day(reader, "issued", "available")
    if issued is None:
        plain = reader.take("date")
        known = sorted((day, number) for number, each in enumerate(plain) if (day := dates.parse(each.words)))
        issued = known[0][0] if known else None
        reader.back(each for number, each in enumerate(plain) if not known or number != known[0][1])
    frequency = next(iter(reader.take("accrualPeriodicity")), None)
    return {
        "issued": issued or _day(reader, "created", "dateSubmitted"),
        "modified": _day(reader, "modified"),
        "accrual_periodicity": look_up("frequency", frequency.words) if frequency else None,
    }


def _day(reader: _Reader, *terms: str) -> str | None:
    """The first date that is understood; the others go back."""
    given = reader.take(*terms)
    chosen = next((each for each in given if dates.parse(each.words)), None)
    reader.back(each for each in given if each is not chosen)
    return dates.parse(chosen.words) if chosen else None


def _covered(reader: _Reader) -> dict[str, Any]:
    places = [_place(each) for each in reader.take("spatial")]
    periods = [_period(each) for each in reader.take("temporal")]
    for each in reader.take("coverage"):
        when = _period(each)
        if each.kind == "Period" or (when.raw is None):
            periods.append(when)
        elif each.words.strip("- "):
            places.append(_place(each))
    return {"spatial": tuple(places), "temporal": tuple(periods)}


def _place(said: Said) -> Place:
    """A DCMI Box, WKT or GeoJSON, coordinates in words, an address, or a name."""
    box = box_of_words(said.words)
    name = name_of_words(said.words)
    if box:
        return Place(box=box, name={_first(said): name} if name else {})
    shape = geometry_of(said.words) if said.words[:1] in "{PMLE<" else None
    if shape:
        return Place(geometry=shape, box=box_of(shape))
    if said.kind == "URI" or is_address(said.words):
        return Place(uri=said.words)
    return Place(name={tag: words.rstrip("- ") for tag, words in said.text.items()})


def _first(said: Said) -> str:
    return next(iter(said.text), "und")


def _period(said: Said) -> Period:
    """A DCMI Period (`start=…; end=…`), an interval, or one date."""
    parts = dict(part.strip().split("=", 1) for part in said.words.split(";") if "=" in part)
    if "start" in parts or "end" in parts:
        start, end = dates.parse(parts.get("start", "")), dates.parse(parts.get("end", ""))
        if start or end:
            return Period(start=start, end=end)
    span = dates.parse_period(said.words)
    if span:
        return Period(start=span[0], end=span[1])
    day = dates.parse(said.words)
    return Period(start=day, end=day) if day else Period(raw=said.words)


def _permitted(reader: _Reader) -> dict[str, Any]:
    """A licence is what `license` says, or a `rights` that is a known one or an address."""
    access = next(iter(reader.take("accessRights")), None)
    given = [each.words for each in reader.take("license")]
    rights = reader.take("rights")
    telling = [each for each in rights if look_up("licence", each.words).scheme or is_address(each.words)]
    words = [each for each in rights if each not in telling or look_up("licence", each.words).scheme and not is_address(each.words)]
    return {
        "license": licence(*given, *(each.words for each in telling)),
        "rights": _joined(words),
        "access_rights": look_up("access-right", access.words) if access else None,
        "provenance": _joined(reader.take("provenance")),
    }


def _related(reader: _Reader) -> dict[str, Any]:
    parts = [each.words for each in reader.take("isPartOf")]
    return {
        "is_part_of": parts[0] if parts else None,
        "relation": tuple(dict.fromkeys((*parts[1:], *(each.words for each in reader.take("relation"))))),
        "conforms_to": tuple(each.words for each in reader.take("conformsTo")),
        "page": tuple(dict.fromkeys(each.words for each in reader.take("references") if is_address(each.words))),
    }


def _ways(reader: _Reader, others: dict[str, Any]) -> tuple[Distribution, ...]:
    """Addresses of `hasFormat` and of CSW's `URI`, with the format of the same number where there are as many of both."""
    urls = [each for each in reader.take("hasFormat") if is_address(each.words)]
    links = _csw_links(others)
    forms = reader.take("format", "medium")
    if not urls and not links:
        known = [each for each in forms if look_up("format", each.words).scheme]
        reader.back(each for each in forms if each not in known)
        return tuple(Distribution(format=form, media_type=kind) for each in known for form, kind in (_format(each.words, None),))
    paired = len(forms) == len(urls) and not links
    if not paired:
        reader.back(forms)
    made = []
    for number, each in enumerate(urls):
        form, kind = _format(forms[number].words if paired else None, each.words)
        made.append(Distribution(download_url=each.words, format=form, media_type=kind))
    return (*made, *links)


def _format(said: str | None, url: str | None) -> tuple[Coded | None, str | None]:
    return format_of(said, said if said and "/" in said else None, url)


def _csw_links(others: dict[str, Any]) -> tuple[Distribution, ...]:
    """pycsw's `dc:URI` with its protocol."""
    given = others.get("URI")
    made = []
    for each in given if isinstance(given, list) else [given]:
        url = each.get("#text") if isinstance(each, dict) else each
        if isinstance(url, str) and is_address(url):
            protocol = str(each.get("@protocol", "")) if isinstance(each, dict) else ""
            name = str(each.get("@name", "")) if isinstance(each, dict) else ""
            form, kind = format_of(None, None, url)
            label: Text = {"und": name} if name.strip() else {}
            made.append(Distribution(title=label, access_url=url, format=form or unknown(protocol), media_type=kind))
    if made:
        others.pop("URI")
    return tuple(made)


def _boxes(others: dict[str, Any]) -> tuple[Place, ...]:
    """`ows:BoundingBox` of a CSW record: latitude first unless it is a WGS84BoundingBox or CRS84."""
    made = []
    for name in ("WGS84BoundingBox", "BoundingBox"):
        given = others.get(name)
        for each in given if isinstance(given, list) else [given]:
            corners = _corners(each) if isinstance(each, dict) else None
            if corners:
                lower, upper = corners
                swapped = name == "BoundingBox" and "CRS84" not in str(each.get("@crs", ""))
                numbers = (*reversed(lower), *reversed(upper)) if swapped else (*lower, *upper)
                box = box_of_words(" ".join(numbers)) or box_of_words(" ".join((*lower, *upper)))
                made.extend([Place(box=box)] if box else [])
    if made:
        for name in ("WGS84BoundingBox", "BoundingBox"):
            others.pop(name, None)
    return tuple(made)


def _corners(value: dict[str, Any]) -> tuple[list[str], list[str]] | None:
    lower, upper = str(value.get("LowerCorner", "")).split(), str(value.get("UpperCorner", "")).split()
    return (lower, upper) if len(lower) == len(upper) == 2 else None
