"""The parts of a DataCite description (in its JSON form): people, dates, places, rights, relations. Source: schema 4.6."""

from typing import Any

from metadata.model import Agent, Coded, Contact, Distribution, Period, Place
from metadata.text import Text, guess, text
from metadata.vocabulary import format_of, language_tag
from standards import dates
from standards.portal_members import Members, box, is_address, licence, real, words
from standards.rdf_geometry import box_of

_FILED = ("HasPart", "IsPartOf", "IsPublishedIn")


def texts(items: list[dict[str, Any]], name: str, language: str, kinds: tuple[str, ...], kind: str) -> Text:
    """Words by language of the entries of these kinds ("" for entries without one), one below the other in one language."""
    made: Text = {}
    for each in items:
        said = words(each.get(name))
        if said and words(each.get(kind)) in kinds:
            tag = language_tag(words(each.get("lang"))) or guess(said)
            tag = language if tag == "und" and language else tag
            made[tag] = f"{made[tag]}\n\n{said}" if tag in made else said
    return made


def publisher(top: Members) -> Agent | None:
    """In JSON a name, or since 4.5 an object with an identifier."""
    whole = top.inside("publisher")
    name = whole.words("name") or top.words("publisher")
    return (
        Agent(name=text(name, guess(name)), identifier=whole.words("publisherIdentifier"), extra=whole.left()) if name else None
    )


def agent(body: dict[str, Any]) -> Agent | None:
    """A creator with the first identifier (ORCID, ROR) and affiliation."""
    one = Members(body)
    name = one.words("name", "creatorName") or ", ".join(
        each for each in (one.words("familyName"), one.words("givenName")) if each
    )
    if not name:
        return None
    within = one.take("affiliation")
    first = within[0] if isinstance(within, list) and within else None
    inside = words(first.get("name")) if isinstance(first, dict) else words(first)
    return Agent(
        name=text(name, guess(name)),
        identifier=_name_identifier(one),
        parent=Agent(name=text(inside, guess(inside))) if inside else None,
        extra=one.left(),
    )


def _name_identifier(one: Members) -> str | None:
    given = one.peek("nameIdentifiers")
    found = [words(each.get("nameIdentifier")) for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    if len(found) == 1 and found[0]:
        one.take("nameIdentifiers")
    return next((each for each in found if each), None)


def contacts(items: list[dict[str, Any]]) -> tuple[Contact, ...]:
    """Contributors who are contact persons."""
    people = (agent(each) for each in items if each.get("contributorType") == "ContactPerson")
    return tuple(Contact(name=one.name, organization=one.parent.name if one.parent else {}) for one in people if one)


def dated(top: Members) -> dict[str, Any]:
    """Issued, updated and covered; other dates are put back. Without a date of issue the year of publication counts."""
    found: dict[str, str] = {}
    periods, rest = [], []
    for each in top.items("dates"):
        kind, said = words(each.get("dateType")), words(each.get("date"))
        day = dates.parse(said)
        if kind in ("Issued", "Updated") and day and kind not in found:
            found[kind] = day
        elif kind == "Coverage" and said:
            periods.append(_period(said))
        else:
            rest.append(each)
    top.put_back("dates", rest)
    year = top.date("publicationYear") if "Issued" not in found else None
    return {"issued": found.get("Issued") or year, "modified": found.get("Updated"), "temporal": tuple(periods)}


def _period(said: str) -> Period:
    span = dates.parse_period(said)
    day = dates.parse(said)
    if span:
        return Period(start=span[0], end=span[1])
    return Period(start=day, end=day) if day else Period(raw=said)


def places(top: Members) -> tuple[Place, ...]:
    """Names, boxes, points and polygons; what is none of them is put back."""
    given = [(each, _place(each)) for each in top.items("geoLocations")]
    top.put_back("geoLocations", [each for each, place in given if place is None])
    return tuple(place for _, place in given if place)


def _place(body: dict[str, Any]) -> Place | None:
    name = words(body.get("geoLocationPlace"))
    edges, point = body.get("geoLocationBox"), body.get("geoLocationPoint")
    found = box(*(edges.get(each) for each in EDGES)) if isinstance(edges, dict) else None
    geometry = _polygon(body.get("geoLocationPolygon")) or (_point(point) if isinstance(point, dict) else None)
    found = found or box_of(geometry)
    if not name and not found and not geometry:
        return None
    return Place(name=text(name, guess(name)), box=found, geometry=geometry)


EDGES = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")


def _point(point: dict[str, Any]) -> dict[str, Any] | None:
    across, along = real(point.get("pointLongitude")), real(point.get("pointLatitude"))
    return {"type": "Point", "coordinates": [across, along]} if across is not None and along is not None else None


def _polygon(value: Any) -> dict[str, Any] | None:
    """A list of `polygonPoint`; the point inside it is none of its corners."""
    given = value if isinstance(value, list) else []
    corners = [each["polygonPoint"] for each in given if isinstance(each, dict) and isinstance(each.get("polygonPoint"), dict)]
    ring = [shape["coordinates"] for each in corners if (shape := _point(each))]
    return {"type": "Polygon", "coordinates": [ring]} if len(ring) >= 4 else None


def rights(items: list[dict[str, Any]]) -> tuple[Coded | None, Text]:
    """The first known licence, else the first of all; and the words."""
    made = [licence(*(words(each.get(name)) for name in ("rightsIdentifier", "rightsUri", "rights"))) for each in items]
    found = [each for each in made if each]
    said = "\n".join(dict.fromkeys(words(each.get("rights")) for each in items if words(each.get("rights"))))
    return next((each for each in found if each.scheme), found[0] if found else None), text(said, guess(said))


def relations(items: list[dict[str, Any]]) -> dict[str, Any]:
    """What it is part of, and the rest as addresses or identifiers with their scheme."""
    part, others, documents = None, [], []
    for each in items:
        said, kind = words(each.get("relatedIdentifier")), words(each.get("relationType"))
        if not said:
            continue
        link = f"https://doi.org/{said}" if words(each.get("relatedIdentifierType")) == "DOI" and not is_address(said) else said
        if kind == "IsPartOf" and part is None:
            part = link
        elif kind in ("IsDocumentedBy", "IsDescribedBy"):
            documents.append(link)
        else:
            others.append(link)
    return {"is_part_of": part, "relation": tuple(dict.fromkeys(others)), "page": tuple(documents)}


def ways(top: Members) -> tuple[Distribution, ...]:
    """One for each address of the content, else one for each format; several sizes stay as they are."""
    forms, urls = top.many("formats"), top.many("contentUrl")
    size = _bytes(top)
    made = []
    for number in range(max(len(forms), len(urls))):
        url = urls[number] if number < len(urls) else None
        said = forms[number] if number < len(forms) else forms[0] if len(forms) == 1 else None
        form, media_type = format_of(said, said if said and "/" in said else None, url)
        one = max(len(forms), len(urls)) == 1
        made.append(Distribution(download_url=url, format=form, media_type=media_type, byte_size=size if one else None))
    return tuple(made)


_UNITS = {
    "b": 1,
    "bytes": 1,
    "byte": 1,
    "kb": 1000,
    "mb": 1000**2,
    "gb": 1000**3,
    "tb": 1000**4,
    "kib": 1 << 10,
    "mib": 1 << 20,
    "gib": 1 << 30,
}


def _bytes(top: Members) -> int | None:
    """The one size when it is a number of bytes; it stays beside where it is rounded."""
    given = top.peek("sizes")
    number, _, unit = words(given[0]).partition(" ") if isinstance(given, list) and len(given) == 1 else ("", "", "")
    value = real(number)
    factor = _UNITS.get(unit.strip().lower())
    if value is None or factor is None or not 0 <= value * factor < 1 << 63:
        return None
    if factor == 1:
        top.take("sizes")
    return int(value * factor)
