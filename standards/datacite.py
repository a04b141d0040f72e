"""DataCite's metadata schema, kernel 4 (3 and 2.2 where they differ): XML, and the JSON of DataCite's API. Read only.

`datacite_xml` makes the JSON form of an XML record; `datacite_parts` reads the parts of it. The six mandatory properties are
errors, the recommended ones warnings. Source: schema.datacite.org/meta/kernel-4.6 and its documentation, sections 2 and 4.
"""

import re
from collections.abc import Iterator
from typing import Any

from metadata.model import Dataset
from metadata.vocabulary import language_tag, look_up
from standards import cross_field, datacite_xml
from standards.base import Finding, Standard, Unreadable, finding
from standards.datacite_parts import EDGES, agent, contacts, dated, places, publisher, relations, rights, texts, ways
from standards.datacite_rules import DOI, FIELDS, NEEDS, OBJECT, RULES, YEAR
from standards.json_schema import cleaned
from standards.needs import there
from standards.portal_members import Members, box, is_address, keywords, words
from standards.xml_documents import local, parse, root_name, where

__all__ = ["FIELDS", "STANDARD", "check", "read", "recognises"]


_ELEMENTS = {"doi": "identifier", "types": "resourceType"}
"""Members of the JSON whose elements are called otherwise."""
_TELLING = (
    "creators",
    "titles",
    "publicationYear",
    "rightsList",
    "relatedIdentifiers",
    "geoLocations",
    "descriptions",
    "schemaVersion",
)
_DOI_FORM = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_BEFORE_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


def recognises(body: Any) -> bool:
    """Whether it is a `resource` of DataCite's kernel, or JSON with titles, creators and one more of its members."""
    if isinstance(body, bytes):
        namespace, _, name = root_name(body).rpartition("}")
        return name == "resource" and (
            namespace.startswith("{http://datacite.org/schema/kernel-")
            or (not namespace and b"datacite.org/schema" in body[:2000])
        )
    inner = _attributes(body)
    if not isinstance(inner, dict) or not isinstance(inner.get("titles"), list) or "@context" in inner:
        return False
    return "creators" in inner and sum(name in inner for name in _TELLING) >= 3


def _attributes(body: Any) -> Any:
    """The description in an answer of the API (JSON:API)."""
    for _ in range(2):
        inner = (
            next((body[name] for name in ("data", "attributes") if isinstance(body.get(name), dict)), None)
            if isinstance(body, dict)
            else None
        )
        if inner is None:
            break
        body = inner
    return body


def _object(body: Any) -> dict[str, Any]:
    if isinstance(body, bytes):
        root = parse(body)
        if local(root) != "resource":
            raise Unreadable(OBJECT, where(root), local(root))
        found = datacite_xml.members(root)
    else:
        found = _attributes(body)
    if not isinstance(found, dict):
        raise Unreadable(OBJECT, "", type(body).__name__)
    whole = cleaned(found)
    return whole if isinstance(whole, dict) else {}


def read(body: Any) -> Dataset:
    """The dataset of a record. Raises `Unreadable`."""
    top = Members(_object(body))
    said = top.words("language")
    tag = language_tag(said) if said else ""
    titles = top.items("titles")
    title = texts(titles, "title", tag or "", ("", "TranslatedTitle"), "titleType") or texts(
        titles, "title", tag or "", ("AlternativeTitle", "Other", "Subtitle"), "titleType"
    )
    if not title:
        raise Unreadable(RULES["datacite/titles/absent"], "/titles")
    title = {name: words_.split("\n\n")[0] for name, words_ in title.items()}
    top.put_back("titles", [each for each in titles if words(each.get("titleType")) not in ("", "TranslatedTitle")])
    dataset: dict[str, Any] = {
        **_identified(top, next(iter(title.values()))),
        "title": title,
        **_described(top, tag or ""),
        **_people(top),
        **dated(top),
    }
    given = top.items("rightsList")
    permitted, words_of_rights = rights(given)
    related = relations(top.items("relatedIdentifiers"))
    return Dataset(
        **dataset,
        **related,
        language=(tag or said,) if said else (),
        spatial=places(top),
        license=permitted,
        rights=words_of_rights,
        version=top.words("version"),
        distribution=ways(top),
        extra=top.left(),
    )


def _identified(top: Members, title: str) -> dict[str, Any]:
    """A DOI without its address; the other identifiers; the page."""
    doi = top.words("doi")
    listed = [words(each.get("identifier")) for each in top.items("identifiers")]
    others = [*listed, *(words(each.get("alternateIdentifier")) for each in top.items("alternateIdentifiers"))]
    plain = top.words("identifier", "id")
    found = next((each for each in (doi, plain, *others) if each), None) or title
    bare = _BEFORE_DOI.sub("", found)
    bare = bare if _DOI_FORM.fullmatch(bare) else found
    page = top.address("url") or (
        f"https://doi.org/{bare}" if _DOI_FORM.fullmatch(bare) else found if is_address(found) else None
    )
    rest = dict.fromkeys(each for each in (plain, *others) if each and _BEFORE_DOI.sub("", each) != bare and each != found)
    return {"identifier": bare, "other_identifier": tuple(rest), "landing_page": page}


def _described(top: Members, tag: str) -> dict[str, Any]:
    given = top.items("descriptions")
    subjects = top.items("subjects")
    made = {
        "description": texts(given, "description", tag, ("", "Abstract"), "descriptionType"),
        "provenance": texts(given, "description", tag, ("Methods",), "descriptionType"),
        "keyword": keywords((words(each.get("subject")) for each in subjects), ""),
    }
    top.put_back(
        "descriptions", [each for each in given if words(each.get("descriptionType")) not in ("", "Abstract", "Methods")]
    )
    schemes = [each for each in subjects if len(each) > 1 + ("lang" in each)]
    top.put_back("subjects", schemes)
    access = next((found for each in subjects if (found := look_up("theme", words(each.get("valueUri")))).scheme), None)
    return {**made, "theme": (access,) if access else ()}


def _people(top: Members) -> dict[str, Any]:
    others = top.items("contributors")
    top.put_back("contributors", [each for each in others if each.get("contributorType") != "ContactPerson"])
    return {
        "creator": tuple(found for each in top.items("creators") if (found := agent(each))),
        "publisher": publisher(top),
        "contact_point": contacts(others),
    }


def check(body: Any) -> Iterator[Finding]:
    """What the schema asks for; pointers into the JSON, paths of elements in XML. Never raises."""
    try:
        found = _object(body)
    except Unreadable as problem:
        yield finding(
            RULES[problem.finding.rule],
            problem.finding.path if problem.finding.path.startswith("/") else "",
            problem.finding.value,
        )
        return
    at = "/resource" if isinstance(body, bytes) else ""
    for need in NEEDS:
        if not any(there(found, path) for path in need.paths):
            member = need.paths[0][0]
            yield finding(RULES[f"datacite/{need.name}/absent"], f"{at}/{_ELEMENTS.get(member, member) if at else member}")
    year = words(found.get("publicationYear"))
    if year and not re.fullmatch(r"\d{4}", year):
        yield finding(YEAR, f"{at}/publicationYear", year)
    doi = words(found.get("doi"))
    if doi and not _DOI_FORM.fullmatch(doi):
        yield finding(DOI, f"{at}/identifier" if at else "/doi", doi)
    try:
        dataset = read(body)
    except Unreadable:
        return
    for number, each in enumerate(found["geoLocations"] if isinstance(found.get("geoLocations"), list) else ()):
        edges = each.get("geoLocationBox") if isinstance(each, dict) else None
        if isinstance(edges, dict) and not box(*(edges.get(name) for name in EDGES)):
            yield finding(
                RULES["datacite/cross/spatial"], f"{at}/geoLocations" if at else f"/geoLocations/{number}/geoLocationBox", edges
            )
    places_ = {"issued": f"{at}/dates", "modified": f"{at}/dates", "temporal": f"{at}/dates", "spatial": f"{at}/geoLocations"}
    yield from cross_field.check("datacite", dataset, places_, RULES)


STANDARD = Standard(
    name="datacite",
    title={"zh": "DataCite 元数据（XML、JSON）", "en": "DataCite Metadata Schema (XML, JSON)"},
    media_type="application/vnd.datacite.datacite+xml",
    version="4.6",
    recognises=recognises,
    read=read,
    check=check,
    rules=RULES,
    form="xml",
    marks={
        "zh": "根元素是 DataCite 内核的 resource，或者 JSON 中有 titles、creators 和另一个 DataCite 字段",
        "en": "its root is resource of DataCite's kernel, or the JSON has titles, creators and one more of its members",
    },
)
