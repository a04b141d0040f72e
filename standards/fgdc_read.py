"""FGDC CSDGM records (FGDC-STD-001-1998) read as datasets.

The standard has no identifier of a record: an address in the citation stands for one, else the title. Places are names of the
elements; texts have no language there.
"""

from typing import Any

from metadata.model import Agent, Coded, Contact, Dataset, Distribution, InformationItem, Period, Place, Series
from metadata.text import Text, guess, text, words_of
from metadata.vocabulary import coded, format_of, look_up
from standards import dates
from standards.base import Rule, Unreadable
from standards.iso_constraints import licence_within
from standards.iso_extents import number
from standards.repairs import bare_mail
from standards.xml_documents import Element, every, first, found, words

CITATION = "idinfo/citation/citeinfo"
EDGES = ("westbc", "southbc", "eastbc", "northbc")
_NOTHING = frozenset(("", "none", "n/a", "unknown", "unpublished material", "unpublished", "not available", "none."))
_STATUS = {"complete": "completed", "in work": "onGoing", "planned": "planned"}
_EXTRA = {
    "purpose": "idinfo/descript/purpose", "supplinf": "idinfo/descript/supplinf", "geoform": f"{CITATION}/geoform",
    "datacred": "idinfo/datacred", "native": "idinfo/native", "current": "idinfo/timeperd/current", "metd": "metainfo/metd",
    "metstdn": "metainfo/metstdn", "metstdv": "metainfo/metstdv", "complete": "dataqual/complete", "logic": "dataqual/logic",
    "direct": "spdoinfo/direct", "srcscale": "dataqual/lineage/srcinfo/srcscale", "pubplace": f"{CITATION}/pubinfo/pubplace",
    "issue": f"{CITATION}/serinfo/issue", "distliab": "distinfo/distliab",
}  # fmt: skip


def read(root: Element, untitled: Rule, where: str) -> Dataset:
    """The dataset that a `metadata` element describes. Raises `Unreadable` (the rule `untitled`) without a title."""
    title = _text(found(root, f"{CITATION}/title"))
    if not title:
        raise Unreadable(untitled, where)
    links = [link for each in every(root, f"{CITATION}/onlink") if (link := words(each)).startswith(("http://", "https://"))]
    keyword, theme = _keywords(root)
    licence, rights = _use(root)
    return Dataset(
        identifier=found(root, "idinfo/datsetid") or (links[0] if links else "") or next(iter(title.values())),
        title=title,
        description=_prose(root, "idinfo/descript/abstract"),
        publisher=_publisher(root),
        creator=_creators(root),
        contact_point=_contacts(root),
        keyword=words_of(keyword),
        theme=theme,
        issued=_date(found(root, f"{CITATION}/pubdate")),
        accrual_periodicity=_frequency(found(root, "idinfo/status/update")),
        spatial=_places(root),
        temporal=_periods(root),
        access_rights=_access(found(root, "idinfo/accconst")),
        rights=rights,
        license=licence,
        landing_page=links[0] if links else None,
        page=tuple(dict.fromkeys(links[1:])),
        provenance=_lineage(root),
        version=found(root, f"{CITATION}/edition") or None,
        in_series=_series(root),
        relation=_relations(root),
        status=_status(found(root, "idinfo/status/progress")),
        distribution=_distributions(root),
        information_item=_items(root),
        extra=_extra(root),
    )


def _text(said: str) -> Text:
    return text(said, guess(said))


def _prose(root: Element, path: str) -> Text:
    """Words with their paragraphs; line breaks within one are the editor's."""
    element = first(root, path)
    raw = "" if element is None else "".join(element.itertext())
    parts = (" ".join(part.split()) for part in raw.replace("\r", "").split("\n\n"))
    return _text("\n\n".join(part for part in parts if part))


def _something(said: str) -> str:
    return "" if said.lower() in _NOTHING else said


def _date(said: str) -> str | None:
    """`19990214`, `199902`, `1999`; words such as `Unknown` are none."""
    return dates.parse(said) if said else None


def _publisher(root: Element) -> Agent | None:
    """Who published it, else who distributes it."""
    name = _something(found(root, f"{CITATION}/pubinfo/publish"))
    if name:
        return Agent(name=_text(name))
    contact = first(root, "distinfo/distrib/cntinfo")
    name = _something(_organisation(contact))
    if not name:
        return None
    return Agent(name=_text(name), email=bare_mail(found(contact, "cntemail")), phone=found(contact, "cntvoice") or None)


def _organisation(contact: Element | None) -> str:
    return found(contact, "cntorgp/cntorg") or found(contact, "cntperp/cntorg")


def _creators(root: Element) -> tuple[Agent, ...]:
    names = dict.fromkeys(_something(words(each)) for each in every(root, f"{CITATION}/origin"))
    return tuple(Agent(name=_text(name)) for name in names if name)


def _contacts(root: Element) -> tuple[Contact, ...]:
    """Whom to ask about the data, else the distributor."""
    for path in ("idinfo/ptcontac/cntinfo", "distinfo/distrib/cntinfo"):
        made = tuple(contact for each in every(root, path) if (contact := _contact(each)))
        if made:
            return made
    return ()


def _contact(element: Element) -> Contact | None:
    person = found(element, "cntorgp/cntper") or found(element, "cntperp/cntper")
    organisation = _something(_organisation(element))
    email, phone = bare_mail(found(element, "cntemail")), found(element, "cntvoice") or None
    parts = [found(element, f"cntaddr/{name}") for name in ("address", "city", "state", "postal", "country")]
    told: dict[str, Any] = {"positionName": found(element, "cntpos"), "address": ", ".join(part for part in parts if part)}
    extra = {name: value for name, value in told.items() if value}
    if not (person or organisation or email or phone):
        return None
    return Contact(name=_text(person), organization=_text(organisation), email=email, phone=phone, extra=extra)


def _keywords(root: Element) -> tuple[list[str], tuple[Coded, ...]]:
    """All kinds of keywords; those of ISO 19115's topic categories are themes."""
    said: list[str] = []
    themes: dict[str, Coded] = {}
    for kind in ("theme", "place", "stratum", "temporal"):
        short = {"stratum": "strat", "temporal": "temp"}.get(kind, kind)
        for group in every(root, f"idinfo/keywords/{kind}"):
            topics = "iso 19115" in found(group, f"{short}kt").lower()
            for each in every(group, f"{short}key"):
                known = look_up("theme", words(each)) if topics else None
                if known and known.scheme:
                    themes.setdefault(known.code, known)
                else:
                    said.append(words(each))
    return said, tuple(themes.values())


def _frequency(said: str) -> Coded | None:
    return look_up("frequency", said) if said else None


def _status(said: str) -> Coded | None:
    code = _STATUS.get(said.lower(), "")
    return Coded(scheme="iso-progress" if code else "", code=code, label={"en": said}, raw=said) if said else None


def _places(root: Element) -> tuple[Place, ...]:
    made = []
    for each in every(root, "idinfo/spdom/bounding"):
        edges = [number(found(each, edge)) for edge in EDGES]
        west, south, east, north = edges
        if west is not None and south is not None and east is not None and north is not None:
            made.append(Place(name=_text(found(root, "idinfo/spdom/descgeog")), box=(west, south, east, north)))
        elif raw := ", ".join(found(each, edge) for edge in EDGES).strip(", "):
            made.append(Place(raw=raw))
    return tuple(made)


def _periods(root: Element) -> tuple[Period, ...]:
    """Ranges, and each single date."""
    made: list[Period] = []
    for each in every(root, "idinfo/timeperd/timeinfo"):
        for span in every(each, "rngdates"):
            begin, end = found(span, "begdate"), found(span, "enddate")
            start, stop = _date(begin), _date(end)
            raw = None if start or stop else "/".join(part for part in (begin, end) if part)
            made.append(Period(start=start, end=stop, raw=raw or None))
        for single in every(each, ".//sngdate/caldate"):
            day = _date(words(single))
            made.append(Period(start=day, end=day) if day else Period(raw=words(single) or None))
    return _once(made)


def _once(made: list[Period]) -> tuple[Period, ...]:
    kept: list[Period] = []
    for each in made:
        if each != Period() and each not in kept:
            kept.append(each)
    return tuple(kept)


def _access(said: str) -> Coded | None:
    """`None` is the standard's word for no constraint on access (1.7)."""
    bare = said.strip(" .").lower()
    if bare in ("none", "public", "unrestricted", "no restrictions"):
        return coded("access-right", "PUBLIC", said)
    known = look_up("access-right", said) if said else None
    return known if known and known.scheme else None


def _use(root: Element) -> tuple[Coded | None, Text]:
    """A licence that the shared list knows, else the words about use and access."""
    use, access = found(root, "idinfo/useconst"), found(root, "idinfo/accconst")
    known = look_up("licence", use) if _something(use) else None
    if known and known.scheme and known.code != "notspecified":
        return known, {}
    linked = licence_within(use)
    told = [use, "" if _access(access) else access]
    return linked, _text("\n".join(part for part in told if _something(part)))


def _lineage(root: Element) -> Text:
    steps = (words(each) for each in every(root, "dataqual/lineage/procstep/procdesc"))
    return _text("\n".join(dict.fromkeys(step for step in steps if _something(step))))


def _series(root: Element) -> tuple[Series, ...]:
    name = _something(found(root, f"{CITATION}/serinfo/sername"))
    made = [Series(title=_text(name))] if name else []
    for each in every(root, f"{CITATION}/lworkcit/citeinfo"):
        title = found(each, "title")
        if title:
            made.append(Series(title=_text(title), identifier=found(each, "onlink") or None))
    return tuple(made)


def _relations(root: Element) -> tuple[str, ...]:
    told = (found(each, "onlink") or found(each, "title") for each in every(root, "idinfo/crossref/citeinfo"))
    return tuple(dict.fromkeys(each for each in told if each))


def _distributions(root: Element) -> tuple[Distribution, ...]:
    """Every address of every digital form."""
    made: list[Distribution] = []
    for form in every(root, "distinfo/stdorder/digform"):
        name = found(form, "digtinfo/formname")
        size = number(found(form, "digtinfo/transize"))
        for each in every(form, "digtopt/onlinopt/computer/networka/networkr"):
            url = words(each)
            if url:
                one = _distribution(url, name, _text(found(form, "digtinfo/formcont")), size)
                if one not in made:
                    made.append(one)
    return tuple(made)


def _distribution(url: str, name: str, about: Text, size: float | None) -> Distribution:
    form, _ = format_of(name or None, None, url)
    at, media_type = format_of(None, None, url)
    file = bool(at and at.scheme and at.code != "HTML")
    return Distribution(
        description=about,
        access_url=None if file else url,
        download_url=url if file else None,
        format=form,
        media_type=media_type if file else None,
        byte_size=round(size * 1_000_000) if size and 0 < size < 1e9 else None,
    )


def _items(root: Element) -> tuple[InformationItem, ...]:
    """The attributes of the entities, as columns."""
    made = []
    for each in every(root, "eainfo/detailed/attr"):
        name = found(each, "attrlabl")
        if name:
            made.append(InformationItem(name=_text(name), description=_text(found(each, "attrdef"))))
    return tuple(made)


def _extra(root: Element) -> dict[str, Any]:
    told = {name: found(root, path) for name, path in _EXTRA.items()}
    return {name: value for name, value in told.items() if value}
