"""The parts of a MODS record: titles, names, topics, places, dates, conditions, related items. Source: MODS 3.8."""

from collections.abc import Iterator
from typing import Any

from metadata.model import Agent, Distribution, Period, Place, Series
from metadata.text import Text, guess, text
from metadata.vocabulary import format_of, language_tag, look_up
from standards import dates
from standards.coordinates import box_of_words
from standards.portal_members import is_address, keywords, licence
from standards.xml_documents import Element, every, found, href, local, words

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CREATING = (
    "creator",
    "author",
    "cartographer",
    "cre",
    "aut",
    "ctg",
    "",
    "compiler",
    "com",
    "researcher",
    "res",
    "data collector",
)
_PUBLISHING = ("publisher", "pbl", "issuing body", "isb")
_FIRST = ("doi", "hdl", "uri", "ark", "purl")


def tag_of(element: Element) -> str:
    """The language of an element's words; "" when it is not told."""
    said = element.get("lang") or element.get(_LANG) or ""
    return language_tag(said) or "" if said else ""


def titles(root: Element) -> Text:
    """The main title, and translated ones in their languages. Alternative and abbreviated ones are no titles of their own."""
    made: Text = {}
    for each in every(root, "mods:titleInfo"):
        said = _title(each)
        if said and each.get("type") in (None, "", "translated", "uniform"):
            tag = tag_of(each) or tag_of(root) or guess(said)
            made = {**made, tag: made.get(tag, said)} if made else {tag: said}
    return made or next((text(said) for each in every(root, "mods:titleInfo") if (said := _title(each))), {})


def _title(info: Element) -> str:
    lead, main, under = (found(info, f"mods:{part}") for part in ("nonSort", "title", "subTitle"))
    if not main:
        return ""
    parts = [words(each) for name in ("partNumber", "partName") for each in every(info, f"mods:{name}")]
    joined = f"{lead}{'' if lead.endswith(chr(39)) else ' '}{main}".strip()
    return ". ".join(each for each in (f"{joined}: {under}" if under else joined, *parts) if each)


def identifiers(root: Element) -> tuple[str, ...]:
    """All that are not marked invalid, the persistent ones first; else the record's own."""
    said = [
        (each.get("type", "").lower(), words(each)) for each in every(root, "mods:identifier") if each.get("invalid") != "yes"
    ]
    ordered = sorted((pair for pair in said if pair[1]), key=lambda pair: (pair[0] not in _FIRST, said.index(pair)))
    own = [words(each) for each in every(root, "mods:recordInfo/mods:recordIdentifier")]
    return tuple(dict.fromkeys([value for _, value in ordered] or [each for each in own if each]))


def description(root: Element) -> Text:
    """Abstracts of one language one below the other."""
    made: Text = {}
    for each in every(root, "mods:abstract"):
        said = words(each)
        if said:
            tag = tag_of(each) or guess(said)
            made[tag] = f"{made[tag]}\n\n{said}" if tag in made else said
    return made


def who(root: Element) -> tuple[dict[str, Any], list[Element]]:
    """Publisher and creators, and the names with other roles."""
    creators, publishers, others = [], [words(each) for each in every(root, "mods:originInfo/mods:publisher")], []
    for each in every(root, "mods:name"):
        said = _name(each)
        roles = {words(role).lower() for role in every(each, "mods:role/mods:roleTerm")} or {""}
        if said and roles & set(_PUBLISHING):
            publishers.append(said)
        elif said and roles & set(_CREATING):
            creators.append(Agent(name=text(said, guess(said)), identifier=each.get("valueURI")))
        else:
            others.append(each)
    publisher = next((each for each in publishers if each), None)
    return {
        "publisher": Agent(name=text(publisher, guess(publisher))) if publisher else None,
        "creator": tuple(creators),
    }, others


def _name(element: Element) -> str:
    """The display form, else family, given and other parts without dates."""
    parts = {part.get("type", ""): words(part) for part in every(element, "mods:namePart")}
    if parts.get("family"):
        return ", ".join(each for each in (parts["family"], parts.get("given", "")) if each)
    return parts.get("") or parts.get("given") or found(element, "mods:displayForm")


def topics(root: Element) -> dict[str, Any]:
    """Keywords and periods of the subjects, and languages."""
    subjects = every(root, "mods:subject")
    said = [words(each) for one in subjects for each in one if local(each) in ("topic", "occupation")]
    said += [_name(each) for one in subjects for each in every(one, "mods:name")]
    said += [_title(each) for one in subjects for each in every(one, "mods:titleInfo")]
    terms_said = dict.fromkeys(words(each) for each in every(root, "mods:language/mods:languageTerm"))
    return {
        "keyword": keywords(each for each in said if each),
        "temporal": tuple(
            dict.fromkeys(_period(words(each)) for each in every(root, "mods:subject/mods:temporal") if words(each))
        ),
        "language": tuple(dict.fromkeys(language_tag(each) or each for each in terms_said if each)),
    }


def _period(said: str) -> Period:
    span = dates.parse_period(said)
    if span:
        return Period(start=span[0], end=span[1])
    day = dates.parse(said)
    return Period(start=day, end=day) if day else Period(raw=said)


def places(root: Element) -> tuple[Place, ...]:
    """Names, hierarchies from large to small, and coordinates."""
    made = []
    for each in every(root, "mods:subject/mods:geographic"):
        if words(each):
            made.append(Place(name=text(words(each), guess(words(each))), uri=each.get("valueURI")))
    for each in every(root, "mods:subject/mods:hierarchicalGeographic"):
        parts = ", ".join(filter(None, map(words, reversed(list(each)))))
        if parts:
            made.append(Place(name=text(parts, guess(parts))))
    for each in every(root, "mods:subject/mods:cartographics/mods:coordinates"):
        if words(each):
            box = box_of_words(words(each))
            made.append(Place(box=box, raw=None if box else words(each)))
    return tuple(each for number, each in enumerate(made) if each not in made[:number])


def dates_said(root: Element) -> dict[str, Any]:
    """Dates, frequency and edition of the origin."""
    frequency, edition = found(root, "mods:originInfo/mods:frequency"), found(root, "mods:originInfo/mods:edition")
    return {
        "issued": _date(root, "originInfo/mods:dateIssued", "originInfo/mods:copyrightDate", "originInfo/mods:dateCreated"),
        "modified": _date(root, "originInfo/mods:dateModified", "recordInfo/mods:recordChangeDate"),
        "accrual_periodicity": look_up("frequency", frequency) if frequency else None,
        "version": edition or None,
    }


def _date(root: Element, *paths: str) -> str | None:
    """The first date that is understood; a machine-readable one (with an encoding) before the others, no ends of periods."""
    for path in paths:
        given = sorted(
            (each for each in every(root, f"mods:{path}") if each.get("point") != "end"),
            key=lambda each: not each.get("encoding"),
        )
        day = next((day for each in given if (day := dates.parse(words(each)))), None)
        if day:
            return day
    return None


def terms(root: Element) -> dict[str, Any]:
    """Conditions of access and use, addresses, formats."""
    conditions = every(root, "mods:accessCondition")
    use = [each for each in conditions if "restriction" not in each.get("type", "")]
    said = [words(each) for each in use if words(each)]
    addresses = [address for each in use if (address := href(each))]
    known = next((found for each in (*addresses, *said) if (found := look_up("licence", each)).scheme), None)
    restricted = next((words(each) for each in conditions if "restriction" in each.get("type", "") and words(each)), "")
    joined = "\n\n".join(said)
    return {
        "license": known or (licence(*addresses) if addresses else None),
        "rights": text(joined, guess(joined)),
        "access_rights": look_up("access-right", restricted) if restricted else None,
        **_links(root),
    }


def _links(root: Element) -> dict[str, Any]:
    urls = [each for each in every(root, "mods:location/mods:url") if is_address(words(each))]
    raw = [each for each in urls if each.get("access") == "raw object"]
    shown = sorted(
        (each for each in urls if each not in raw),
        key=lambda each: not (each.get("usage") or each.get("access") == "object in context"),
    )
    types = [words(each) for each in every(root, "mods:physicalDescription/mods:internetMediaType") if words(each)]
    ways = []
    for number, each in enumerate(raw or [None] if types else raw):
        url = words(each) or None
        form, media_type = format_of(None, types[number] if number < len(types) else None, url)
        if form is None and number < len(types):
            form, media_type = format_of(types[number])
        ways.append(
            Distribution(
                title=text(each.get("displayLabel", "")) if each is not None else {},
                download_url=url,
                format=form,
                media_type=media_type,
            )
        )
    return {
        "landing_page": words(shown[0]) if shown else None,
        "page": tuple(map(words, shown[1:])),
        "distribution": tuple(ways),
    }


def relations(root: Element) -> dict[str, Any]:
    """What the record is part of, its series, and what else it is related to."""
    part, series, others = None, [], []
    for each in every(root, "mods:relatedItem"):
        title = next((said for info in every(each, "mods:titleInfo") if (said := _title(info))), "")
        links = [*filter(None, (words(one) for one in every(each, "mods:identifier"))), *_addresses(each)]
        kind = each.get("type", "")
        if kind == "host" and part is None and (links or title):
            part = next(iter(links), title)
        elif kind == "series" and (title or links):
            series.append(Series(identifier=next(iter(links), None), title=text(title, guess(title)) if title else {}))
        elif links or title:
            others.append(next(iter(links), title))
    return {"is_part_of": part, "in_series": tuple(series), "relation": tuple(dict.fromkeys(others))}


def _addresses(item: Element) -> Iterator[str]:
    yield from (words(one) for one in every(item, "mods:location/mods:url") if words(one))
    link = href(item)
    if link:
        yield link
