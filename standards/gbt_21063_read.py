"""Core metadata of GB/T 21063.3-2007, read as a Dataset, and written.

Identifier and dates of the metadata itself, and who maintains it, describe the catalogue record: they stay in `extra` by
their short names (`mdId`, `MdContact`, `mdDateUpd`). Categories become themes; their kind (分类方式) is the scheme.
"""

from typing import Any

from metadata.model import Agent, Coded, DataService, Dataset, Distribution
from metadata.text import Text, Words, best, guess, text, words_of
from metadata.vocabulary import format_of, look_up
from standards.base import Unreadable
from standards.cn_identifiers import tidy
from standards.cn_nodes import Node, is_tag
from standards.dates import date_of
from standards.gbt_21063_elements import ELEMENTS, Parts, Stated, short_name, stated, text_of
from standards.gbt_21063_rules import FACETS, RULES

Json = dict[str, Any]
SCHEME = "gbt-21063.4"
EU, GUIDE = "EU data-theme", "资源属性分类"
"""Kinds of classification (分类方式) under which themes of the European list, and classes of the guide of 2017, are written."""

_RECORD = ("mdId", "MdContact", "mdDateUpd", "DescKeys")


def read(body: Any) -> Dataset:
    """The dataset that core metadata describes. Raises `Unreadable` when it is none, or has no title."""
    found = stated(body)
    title = _texts(found, "resTitle")
    if not title:
        raise Unreadable(RULES["gbt-21063/resTitle/required"], found.place("resTitle"))
    providers = [_agent(parts) for parts in found.entries.get("IdPoC", ()) if parts.get("rpOrgName")]
    extra: Json = dict(found.left)
    issued = date_of(found.words("pubDate")) if found.words("pubDate") else None
    if issued is None and found.words("pubDate"):
        extra["pubDate"] = found.words("pubDate")
    themes, classification = _themes(found)
    extra |= _record(found)
    return Dataset(
        identifier=tidy(found.words("resID")) or found.words("mdId") or best(title),
        title=title,
        description=_texts(found, "abstract"),
        publisher=providers[0] if providers else None,
        creator=tuple(providers[1:]),
        keyword=_keywords(found),
        theme=themes,
        classification=classification,
        issued=issued,
        distribution=tuple(_distribution(text_of(parts["onLineSrc"][0])) for parts in found.entries.get("onLineSrc", ())),
        service=_services(found),
        extra=extra,
    )


def _texts(found: Stated, short: str) -> Text:
    words: Text = {}
    for parts in found.entries.get(short, ()):
        for node in parts.get(short, ()):
            if said := text_of(node):
                words.setdefault(node.language or guess(said), said)
    return words


def _agent(parts: Parts) -> Agent:
    name: Text = {}
    for node in parts.get("rpOrgName", ()):
        name.setdefault(node.language or guess(text_of(node)), text_of(node))
    address = parts.get("cntAdd")
    return Agent(name=name, extra={"cntAdd": text_of(address[0])} if address else {})


def _themes(found: Stated) -> tuple[tuple[Coded, ...], Coded | None]:
    """Categories as themes; one of the guide of 2017 as the class."""
    themes: list[Coded] = []
    classification: Coded | None = None
    for parts in found.entries.get("TpCat", ()):
        kind, name, code = (_word(parts, part) for part in ("cateStd", "cateName", "cateCode"))
        if not name and not code:
            continue
        label = text(name, guess(name))
        if kind == GUIDE and classification is None:
            classification = Coded(scheme="cn-2017", code=code, label=label)
        elif kind == EU:
            named = look_up("theme", name)
            themes.append(named if named.code == code or not code else look_up("theme", code))
        else:
            scheme = f"{SCHEME}/{FACETS[kind]}" if kind in FACETS else kind
            themes.append(Coded(scheme=scheme, code=code, label=label, raw=None if scheme or code else name))
    return tuple(themes), classification


def _word(parts: Parts, short: str) -> str:
    nodes = parts.get(short)
    return text_of(nodes[0]) if nodes else ""


def _keywords(found: Stated) -> Words:
    words: dict[str, list[str]] = {}
    for parts in found.entries.get("DescKeys", ()):
        for node in parts.get("keyword", ()):
            words.setdefault(node.language or guess(text_of(node)), []).append(text_of(node))
    return {tag: said for tag, given in words.items() for said in words_of(given, tag).values()}


def _distribution(url: str) -> Distribution:
    """A file where the address shows one, else a page."""
    found, _ = format_of(None, None, url)
    return Distribution(download_url=url) if found and found.scheme and found.code != "HTML" else Distribution(access_url=url)


def _services(found: Stated) -> tuple[DataService, ...]:
    made = []
    for parts in found.entries.get("ServInfo", ()):
        url, kind = _word(parts, "servURL"), _word(parts, "servType")
        if url or kind:
            made.append(DataService(endpoint_url=(url,) if url else (), extra={"servType": kind} if kind else {}))
    return tuple(made)


def _record(found: Stated) -> Json:
    """What describes the metadata, and keywords with their thesaurus, under short names."""
    made: Json = {short: found.words(short) for short in ("mdId", "mdDateUpd") if found.words(short)}
    contacts = [{short: _word(parts, short) for short in parts} for parts in found.entries.get("MdContact", ())]
    if contacts := [contact for contact in contacts if contact.get("rpOrgName")]:
        made["MdContact"] = contacts
    if any(parts.get("thesaName") for parts in found.entries.get("DescKeys", ())):
        made["DescKeys"] = [
            {"keyword": [text_of(node) for node in parts.get("keyword", ())]} | _thesaurus(parts.get("thesaName"))
            for parts in found.entries["DescKeys"]
        ]
    return made


def _thesaurus(nodes: list[Node] | None) -> Json:
    return {"thesaName": text_of(nodes[0])} if nodes else {}


# Writing


def write(dataset: Dataset) -> Json:
    """The core metadata as an object, in the standard's order, by short names; what it cannot carry is left out."""
    made: Json = {
        "mdId": dataset.extra.get("mdId"),
        "resTitle": _words(dataset.title),
        "pubDate": dataset.issued or dataset.extra.get("pubDate"),
        "abstract": _words(dataset.description),
        "IdPoC": _providers(dataset),
        "DescKeys": _key_lists(dataset),
        "TpCat": _categories(dataset),
        "onLineSrc": [url for way in dataset.distribution if (url := way.download_url or way.access_url)],
        "resID": dataset.identifier if dataset.identifier not in (best(dataset.title), dataset.extra.get("mdId")) else None,
        "ServInfo": _service(dataset),
        "MdContact": dataset.extra.get("MdContact"),
        "mdDateUpd": dataset.extra.get("mdDateUpd"),
    }
    kept = {name: value for name, value in made.items() if value not in (None, "", [], {})}
    own = {name: value for name, value in dataset.extra.items() if name and name not in kept and not _is_ours(name)}
    return {**{element.short: kept[element.short] for element in ELEMENTS if element.short in kept}, **own}


def _is_ours(name: str) -> bool:
    return name in _RECORD or bool(short_name(name))


def _words(words: Text) -> Any:
    there = {tag: said for tag, said in words.items() if said and is_tag(tag)}
    if not there:
        return best(words)
    tag, said = next(iter(there.items()))
    return said if len(there) == 1 and guess(said) == tag else there


def _providers(dataset: Dataset) -> list[Json]:
    """The publisher first: a creator without one would be taken for it."""
    first = dataset.publisher
    return [_party(office) for office in (first, *dataset.creator) if office.name] if first and first.name else []


def _party(office: Agent) -> Json:
    address = office.extra.get("cntAdd")
    return {"rpOrgName": _words(office.name)} | ({"cntAdd": address} if address else {})


def _key_lists(dataset: Dataset) -> list[Json]:
    """Keywords with their thesauri as the source had them, and the others."""
    given = dataset.extra.get("DescKeys")
    lists = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    there = {word for each in lists for word in each.get("keyword") or ()}
    others = {tag: [word for word in said if word not in there] for tag, said in dataset.keyword.items() if is_tag(tag)}
    flat = [(tag, word) for tag, said in others.items() for word in said if word]
    if not flat:
        return lists
    plain = all(guess(word) == tag for tag, word in flat)
    words: Any = [word for _, word in flat] if plain else {tag: said for tag, said in others.items() if said}
    return [*lists, {"keyword": words}]


def _categories(dataset: Dataset) -> list[Json]:
    made = [_category(theme) for theme in dataset.theme]
    if dataset.classification and dataset.classification.scheme == "cn-2017":
        made.append(_category(dataset.classification) | {"cateStd": GUIDE})
    return [each for each in made if each]


def _category(theme: Coded) -> Json:
    facet = next((name for name, code in FACETS.items() if theme.scheme == f"{SCHEME}/{code}"), "")
    kind = facet or (EU if theme.scheme == "theme" else theme.scheme)
    raw = theme.raw if theme.scheme == "theme" and theme.raw and look_up("theme", theme.raw).code == theme.code else ""
    name = raw or theme.label.get("zh") or best(theme.label) or theme.raw or ""
    parts = {"cateStd": kind, "cateName": name, "cateCode": theme.code}
    return {short: value for short, value in parts.items() if value}


def _service(dataset: Dataset) -> Json:
    service = next((each for each in dataset.service if each.endpoint_url or each.extra.get("servType")), None)
    if service is None:
        return {}
    kind = service.extra.get("servType") or best(service.title)
    parts = {"servURL": service.endpoint_url[0] if service.endpoint_url else "", "servType": kind}
    return {short: value for short, value in parts.items() if value}
