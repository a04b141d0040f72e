"""Terms of schema.org in JSON-LD, both ways: what the standards that describe datasets with them have in common.

    node(value) -> dict                    an object with its members under bare names (`sc:name`, `https://schema.org/name`
→ `name`)
    about(members, language) -> dict       the fields of a `Dataset` that they say
    download(members, language) -> dict    those of a `Distribution`
    variable(value, language)              an information item

Writing is in `schema_values`.

Words without a language are in the document's (`@language` of its context), else `zh` where Han characters prevail, else `und`;
words in another language are written as `{"@language": …, "@value": …}`. A coded value that is no plain word is a
`DefinedTerm`. Terms: https://schema.org/Dataset, DataDownload, Place, GeoShape, DefinedTerm; JSON-LD 1.1 §4.2.
"""

import re
from typing import Any

from metadata.model import Agent, Checksum, Coded, Contact, InformationItem, Period, Place
from metadata.text import Text, Words, guess
from metadata.vocabulary import format_of, language_tag, look_up, media_type_of
from standards.dates import date_of, parse_period
from standards.json_members import Members, coded, listed, number, said, web, words

_PREFIXES = ("https://schema.org/", "http://schema.org/", "schema:", "schemaorg:", "sc:", "sdo:", "SO:")
_SIZE = re.compile(r"(\d{1,18})\s*(?:b|bytes?|字节)?", re.IGNORECASE)
HASHES = ("sha256", "md5")


def bare(name: str) -> str:
    """A term without the prefix of schema.org."""
    return next((name[len(each) :] for each in _PREFIXES if name.startswith(each)), name)


def node(value: Any) -> dict[str, Any]:
    """An object with bare names; of a list the first object; {} for anything else."""
    found = next((each for each in listed(value) if isinstance(each, dict)), {})
    return {bare(str(name)): each for name, each in found.items()}


def nodes(value: Any) -> list[dict[str, Any]]:
    """The objects among some values."""
    inner = value.get("@list", value) if isinstance(value, dict) else value
    return [node(each) for each in listed(inner) if isinstance(each, dict)]


def types(value: dict[str, Any]) -> tuple[str, ...]:
    """The bare names of an object's types."""
    return tuple(bare(each) for each in listed(value.get("@type")) if isinstance(each, str))


def document_language(value: dict[str, Any]) -> str:
    """The language that a document's context sets for its words; ""."""
    for each in listed(value.get("@context")):
        if isinstance(each, dict) and isinstance(each.get("@language"), str):
            return (language_tag(each["@language"]) or "").removeprefix("und")
    return ""


def texts(value: Any, language: str = "") -> Text:
    """Words by language; of several in one language, each on a line."""
    found: Text = {}
    for each in listed(value):
        for tag, word in _one(each, language).items():
            found[tag] = f"{found[tag]}\n{word}" if tag in found and word != found[tag] else word
    return found


def _one(value: Any, language: str) -> Text:
    if isinstance(value, dict):
        word, tag = words(value.get("@value")), words(value.get("@language"))
        return {language_tag(tag) or (tag if tag.isascii() else "") or "und": word} if word else {}
    word = words(value)
    if not word:
        return {}
    return {language: word} if language else said(word)


# --- reading -------------------------------------------------------------------------------------------------------------


def about(members: Members, language: str) -> dict[str, Any]:
    """Fields of a dataset, without identifier, title, distributions and items. What is taken is gone from `members`."""

    def text(name: str) -> Text:
        return members.take(lambda value: texts(value, language), name) or {}

    return {
        "description": text("description") or text("abstract"),
        "keyword": members.take(lambda value: _keywords(value, language), "keywords", "keyword") or {},
        "publisher": next(iter(members.take(lambda value: agents(value, language), "publisher", "provider") or ()), None),
        "creator": members.take(lambda value: agents(value, language), "creator", "author") or (),
        "contact_point": members.take(lambda value: _contacts(value, language), "maintainer", "contactPoint") or (),
        "issued": members.take(_date, "datePublished"),
        "modified": members.take(_date, "dateModified"),
        "language": members.take(_languages, "inLanguage") or (),
        "version": members.take(lambda value: words(value) or words(node(value).get("name")), "version"),
        "license": members.take(licence, "license"),
        "access_rights": members.take(lambda value: term(value, "access-right"), "conditionsOfAccess"),
        "rights": text("usageInfo"),
        "theme": members.take(_themes, "about") or (),
        "spatial": members.take(lambda value: _places(value, language), "spatialCoverage", "spatial") or (),
        "temporal": members.take(_periods, "temporalCoverage", "temporal") or (),
    }


def _date(value: Any) -> str | None:
    inner = value.get("@value") if isinstance(value, dict) else value
    return date_of(inner[0] if isinstance(inner, list) and inner else inner)


def _languages(value: Any) -> tuple[str, ...]:
    found = (words(each) or words(node(each).get("alternateName") or node(each).get("name")) for each in listed(value))
    return tuple(dict.fromkeys(language_tag(each) or each for each in found if each))


def _keywords(value: Any, language: str) -> Words:
    found: dict[str, list[str]] = {}
    for each in listed(value):
        if isinstance(each, dict) and "@value" not in each:
            each = each.get("name", "")
        for tag, word in _one(each, language).items():
            parts = re.split(r"[,;，；、]", word) if not isinstance(value, list) else [word]
            for part in filter(None, map(str.strip, parts)):
                own = tag if language or isinstance(each, dict) else guess(part)
                found.setdefault(own, []).append(part)
    return {tag: tuple(dict.fromkeys(group)) for tag, group in found.items()}


def agents(value: Any, language: str = "") -> tuple[Agent, ...]:
    """Organizations and people; a role gives whom it is about."""
    found = (_agent(each, language, 0) for each in listed(value.get("@list", value) if isinstance(value, dict) else value))
    return tuple(each for each in found if each)


def _agent(value: Any, language: str, depth: int) -> Agent | None:
    if isinstance(value, str):
        return Agent(name=_one(value, language)) if value.strip() and not web(value) else None
    own = node(value)
    if "Role" in types(own) and depth < 3:
        return _agent(own.get("creator") or own.get("author") or own.get("publisher"), language, depth + 1)
    name = texts(own.get("name"), language) or texts(own.get("legalName"), language)
    name = name or said(f"{words(own.get('givenName'))} {words(own.get('familyName'))}")
    if not name:
        return None
    number_ = next(iter(identifiers(own.get("identifier"))), None)
    code = number_ if number_ and re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]{18}", number_) else None
    return Agent(
        name=name,
        identifier=web(own.get("@id")) or (None if code else number_),
        code=code,
        homepage=web(own.get("url")),
        email=words(own.get("email")).removeprefix("mailto:") or None,
        phone=words(own.get("telephone")) or None,
        parent=_agent(own.get("parentOrganization"), language, depth + 1) if depth < 3 else None,
    )


def _contacts(value: Any, language: str) -> tuple[Contact, ...]:
    """Contact points, alone or inside an organization."""
    found: list[Contact] = []
    for own in nodes(value):
        inner = node(own.get("contactPoint")) or own
        name = texts(inner.get("name"), language)
        outer = texts(own.get("name"), language) if inner is not own else {}
        found.append(
            Contact(
                name=name,
                organization=outer,
                email=(words(inner.get("email")) or words(own.get("email"))).removeprefix("mailto:") or None,
                phone=words(inner.get("telephone")) or words(own.get("telephone")) or None,
                url=web(own.get("url")) or web(inner.get("url")),
            )
        )
    return tuple(each for each in found if each != Contact())


def identifiers(value: Any) -> tuple[str, ...]:
    """Identifiers from words, addresses and `PropertyValue`s."""
    found = (
        words(each) or words(node(each).get("value")) or words(node(each).get("url") or node(each).get("@id"))
        for each in listed(value)
    )
    return tuple(dict.fromkeys(each for each in found if each))


def licence(value: Any) -> Coded | None:
    """The first licence, from an address, a word or a `CreativeWork`."""
    first = next(iter(listed(value)), None)
    if isinstance(first, str):
        return coded("licence")(first)
    own = node(first)
    if "inDefinedTermSet" in own:
        return term(own, "licence")
    told = [word for name in ("name", "identifier", "url", "@id") if (word := words(own.get(name)))]
    known = next((found for word in told if (found := look_up("licence", word)).scheme), None)
    if known or not told:
        return Coded(scheme=known.scheme, code=known.code, uri=known.uri, label=known.label, raw=told[0]) if known else None
    return Coded(raw=told[0], uri=web(own.get("url")) or web(own.get("@id")), label=said(told[0]))


def term(value: Any, scheme: str) -> Coded | None:
    """A coded value from a word or a `DefinedTerm`."""
    if isinstance(value, list):
        value = next(iter(value), None)
    if not isinstance(value, dict):
        return coded(scheme)(value)
    own = node(value)
    name = texts(own.get("name"))
    if "inDefinedTermSet" not in own:
        word = next(iter(name.values()), "") or words(own.get("@id")) or words(own.get("url"))
        return coded(scheme)(word)
    return Coded(
        scheme=words(own.get("inDefinedTermSet")),
        code=words(own.get("termCode")),
        uri=words(own.get("url")) or None,
        label=name,
        raw=words(own.get("alternateName")) or None,
    )


def _themes(value: Any) -> tuple[Coded, ...]:
    return tuple(found for each in listed(value) if (found := term(each, "theme")))


def _places(value: Any, language: str) -> tuple[Place, ...]:
    found = (_place(each, language) for each in listed(value))
    return tuple(each for each in found if each and each != Place())


def _place(value: Any, language: str) -> Place | None:
    word = words(value)
    if word:
        return Place(uri=word) if web(word) else Place(name=_one(word, language))
    own = node(value)
    shape = node(own.get("geo")) or own
    box = _box(words(shape.get("box"))) or _point(shape)
    name = texts(own.get("name"), language)
    raw = next((words(shape.get(kind)) for kind in ("box", "polygon", "line", "circle") if words(shape.get(kind))), None)
    return Place(name=name, uri=web(own.get("@id")) or web(own.get("url")), box=box, raw=None if box or name else raw)


def _box(word: str) -> tuple[float, float, float, float] | None:
    """`south west north east`, with blanks or commas between them."""
    edges = [number(each) for each in re.split(r"[\s,]+", word.strip())] if word else []
    if len(edges) != 4 or any(each is None for each in edges):
        return None
    south, west, north, east = (each or 0.0 for each in edges)
    return (west, south, east, north)


def _point(shape: dict[str, Any]) -> tuple[float, float, float, float] | None:
    latitude, longitude = number(shape.get("latitude")), number(shape.get("longitude"))
    return (longitude, latitude, longitude, latitude) if latitude is not None and longitude is not None else None


def _periods(value: Any) -> tuple[Period, ...]:
    found = (_period(words(each) or words(node(each).get("@value") or node(each).get("name"))) for each in listed(value))
    return tuple(each for each in found if each)


def _period(word: str) -> Period | None:
    if not word:
        return None
    start, end = parse_period(word) or (None, None)
    if start or end:
        return Period(start=start, end=end)
    day = date_of(word)
    return Period(start=day, end=day) if day else Period(raw=word)


def download(members: Members, language: str) -> dict[str, Any]:
    """The fields of a distribution, without `extra`."""
    content, page = members.take(web, "contentUrl"), members.take(web, "url")
    media_type, word = _encoding(members)
    form, media_type = format_of(word, media_type, content or page)
    size = _SIZE.fullmatch(words(members.peek("contentSize")))
    members.drop(*(("contentSize",) if size else ()))
    return {
        "title": members.take(lambda value: texts(value, language), "name") or {},
        "description": members.take(lambda value: texts(value, language), "description") or {},
        "download_url": content,
        "access_url": page,
        "format": form,
        "media_type": media_type,
        "byte_size": int(size[1]) if size else None,
        "checksum": next(
            (Checksum(algorithm=name, value=found) for name in HASHES if (found := members.take(words, name))), None
        ),
        "license": members.take(licence, "license"),
        "issued": members.take(_date, "datePublished"),
        "modified": members.take(_date, "dateModified"),
        "language": members.take(_languages, "inLanguage") or (),
    }


def _encoding(members: Members) -> tuple[str | None, str | None]:
    """Media type and format word of `encodingFormat`, which may hold both."""
    every = [word for name in ("encodingFormat", "fileFormat") for each in listed(members.peek(name)) if (word := words(each))]
    members.drop("encodingFormat", "fileFormat")
    media = next((found for each in every if (found := media_type_of(each))), None)
    return media, next((each for each in every if not media_type_of(each)), None)


def variable(value: Any, language: str) -> InformationItem | None:
    """An information item from `variableMeasured`: a word or a `PropertyValue`."""
    if not isinstance(value, dict) or "@value" in value:
        name = _one(value, language)
        return InformationItem(name=name) if name else None
    own = Members(node(value))
    name = own.take(lambda each: texts(each, language), "name") or {}
    code = next(iter(own.take(identifiers, "identifier") or ()), None)
    described = own.take(lambda each: texts(each, language), "description") or {}
    kind = own.take(words, "valueType")
    own.drop("@type")
    typed = Coded(raw=kind, label=said(kind)) if kind else None
    return (
        InformationItem(name=name or said(code), code=code, data_type=typed, description=described, extra=own.left())
        if name or code
        else None
    )
