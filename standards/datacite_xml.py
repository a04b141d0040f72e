"""DataCite's XML as the JSON that DataCite's own API gives for it, so that both are read and checked the same.

Kernel 2.2, 3 and 4. The members keep the names of the JSON; elements and attributes that are none of them keep theirs. Source:
schema.datacite.org, kernel-4.6, and the JSON form of api.datacite.org.
"""

from typing import Any

from standards.xml_documents import Element, local, words
from standards.xml_values import value

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LISTS = {
    "titles": "title",
    "subjects": "subject",
    "dates": "date",
    "descriptions": "description",
    "rightsList": "rights",
    "alternateIdentifiers": "alternateIdentifier",
    "relatedIdentifiers": "relatedIdentifier",
}
_PLAIN = ("sizes", "formats")
_PEOPLE = {"creators": "creator", "contributors": "contributor"}
_RENAMED = {"rightsURI": "rightsUri", "schemeURI": "schemeUri", "valueURI": "valueUri"}


def members(root: Element) -> dict[str, Any]:
    """The members of a `resource` element."""
    found: dict[str, Any] = {}
    for each in root:
        name = local(each)
        said = _member(name, each)
        if said not in (None, "", [], {}):
            found[name] = said
    identifier = next((each for each in root if local(each) == "identifier"), None)
    if identifier is not None and words(identifier):
        kind = identifier.get("identifierType", "")
        found["identifier"] = words(identifier)
        found["identifiers"] = [{"identifier": words(identifier), "identifierType": kind}]
        if kind.upper() == "DOI":
            found["doi"] = words(identifier)
    return found


def _member(name: str, element: Element) -> Any:
    if name in _LISTS:
        return [said for each in element if (said := _valued(each, _LISTS[name]))]
    if name in _PLAIN:
        return [words(each) for each in element if words(each)]
    if name in _PEOPLE:
        return [said for each in element if (said := _person(each, _PEOPLE[name]))]
    if name == "resourceType":
        return {"resourceType": words(element), "resourceTypeGeneral": element.get("resourceTypeGeneral", "")}
    if name == "publisher":
        return {**_attributes(element), "name": words(element)} if element.attrib else words(element)
    if name == "geoLocations":
        return [said for each in element if (said := _place(each))]
    return value(element)


def _attributes(element: Element) -> dict[str, str]:
    return {
        ("lang" if name == _LANG else _RENAMED.get(name, name.rpartition("}")[2])): said
        for name, said in element.attrib.items()
        if said.strip()
    }


def _valued(element: Element, name: str) -> dict[str, Any]:
    """An element with text and attributes; one without text only when an attribute tells an address."""
    said, given = " ".join(" ".join(element.itertext()).split()), _attributes(element)
    if not said and "rightsUri" not in given:
        return {}
    return {name: said, **given} if said else dict(given)


def _person(element: Element, kind: str) -> dict[str, Any]:
    """`creatorName` and `contributorName` are `name` in JSON, with its type."""
    found: dict[str, Any] = _attributes(element)
    for each in element:
        name = local(each)
        if not words(each):
            continue
        if name == f"{kind}Name":
            found.update({"name": words(each), **_attributes(each)})
        elif name in ("affiliation", "nameIdentifier"):
            plural = "affiliation" if name == "affiliation" else "nameIdentifiers"
            found.setdefault(plural, []).append({("name" if name == "affiliation" else name): words(each), **_attributes(each)})
        else:
            found[name] = words(each)
    return found if found.get("name") or found.get("familyName") else {}


def _place(element: Element) -> dict[str, Any]:
    """Kernel 3 has the numbers of a box and a point in one text, latitude first."""
    found: dict[str, Any] = {}
    for each in element:
        name = local(each)
        inside = {local(part): words(part) for part in each if len(part) == 0}
        numbers = words(each).split() if not len(each) else []
        if name == "geoLocationPlace":
            found[name] = words(each)
        elif name == "geoLocationPolygon":
            found[name] = [{local(point): {local(part): words(part) for part in point}} for point in each]
        elif inside:
            found[name] = inside
        elif name == "geoLocationBox" and len(numbers) == 4:
            edges = ("southBoundLatitude", "westBoundLongitude", "northBoundLatitude", "eastBoundLongitude")
            found[name] = dict(zip(edges, numbers, strict=True))
        elif name == "geoLocationPoint" and len(numbers) == 2:
            found[name] = {"pointLatitude": numbers[0], "pointLongitude": numbers[1]}
    return found
