"""From Dublin Core statements to a dataset. What a plain `coverage`, `date` or `identifier` means is told by its words."""

import re
from typing import Any

from metadata.model import Agent, Coded, Dataset
from metadata.text import Text, best
from metadata.vocabulary import language_tag, look_up
from standards import dates
from standards.base import Rule, Unreadable
from standards.dublin_core_parts import Reader, boxes, covered, ways
from standards.dublin_core_terms import Said, statements
from standards.portal_members import is_address, licence

_RESOLVED = re.compile(r"https?://|urn:|doi:|hdl:|ark:|info:|10\.\d{4,9}/", re.IGNORECASE)
TITLE = Rule(
    id="dublin-core/title/absent",
    severity="error",
    message={"zh": "没有题名", "en": "There is no title"},
    clause="DCMI Metadata Terms, title",
    fix={"zh": "填写 title", "en": "Give a title"},
    link="http://purl.org/dc/terms/title",
)


def read(body: Any) -> Dataset:
    """The dataset of a record. Raises `Unreadable`."""
    whole = statements(body)
    reader = Reader(whole.said)
    title, others = _text(reader.take("title"))
    if not title:
        raise Unreadable(
            TITLE, next((each.place for each in whole.said if each.term == "title"), "") if whole.root is None else ""
        )
    reader.back(each._replace(name=_alternative(each.name)) for each in others)
    fields: dict[str, Any] = {
        "title": title,
        "description": _joined(reader.take("description", "abstract")),
        **_identified(reader, best(title)),
        **_parties(reader),
        **_subjects(reader),
        **_dates(reader),
        **covered(reader),
        **_permitted(reader),
        **_related(reader),
        "distribution": ways(reader, whole.others),
    }
    fields["spatial"] += boxes(whole.others)
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


def _identified(reader: Reader, title: str) -> dict[str, Any]:
    """The first identifier, and the others without the page. The page is typed as an address; in the fifteen elements, where no
    types are usual, the first address is it."""
    given = reader.take("identifier")
    typed = next((each.words for each in given if each.kind == "URI"), None)
    known = list(dict.fromkeys(each.words for each in given if each.kind != "URI" or each.words != typed)) or (
        [typed] if typed else []
    )
    if given and given[0].is_plain:
        # Repositories put the number of the journal or shelf first; what names the thing itself is what can be resolved.
        known.sort(key=lambda each: _RESOLVED.match(each) is None)
    untyped = (each.words for each in given if each.is_plain and each.words.lower().startswith(("http://", "https://")))
    return {
        "identifier": known[0] if known else title,
        "other_identifier": tuple(known[1:]),
        "landing_page": typed or next(untyped, None),
    }


def _parties(reader: Reader) -> dict[str, Any]:
    """Names of publishers in several languages are one publisher's; a second in one language stays."""
    name, others = _text(reader.take("publisher"))
    reader.back(others)
    creators = reader.take("creator")
    return {"publisher": Agent(name=name) if name else None, "creator": tuple(Agent(name=each.text) for each in creators)}


def _subjects(reader: Reader) -> dict[str, Any]:
    words: dict[str, tuple[str, ...]] = {}
    themes = []
    for each in reader.take("subject"):
        if each.kind == "URI" or (each.is_plain and is_address(each.words)):
            themes.append(_term("theme", each.words))
            continue
        for tag, said in each.text.items():
            words[tag] = tuple(dict.fromkeys((*words.get(tag, ()), said)))
    languages = [language_tag(each.words) or each.words for each in reader.take("language")]
    return {"keyword": words, "theme": tuple(themes), "language": tuple(dict.fromkeys(languages))}


def _term(scheme: str, said: str) -> Coded:
    found = look_up(scheme, said)
    return found if found.scheme or not is_address(said) else Coded(raw=said, uri=said, label=found.label)


def _dates(reader: Reader) -> dict[str, Any]:
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


def _day(reader: Reader, *terms: str) -> str | None:
    """The first date that is understood; the others go back."""
    given = reader.take(*terms)
    chosen = next((each for each in given if dates.parse(each.words)), None)
    reader.back(each for each in given if each is not chosen)
    return dates.parse(chosen.words) if chosen else None


def _permitted(reader: Reader) -> dict[str, Any]:
    """A licence is what `license` says, or a `rights` that is a known one or an address."""
    access = next(iter(reader.take("accessRights")), None)
    given = [each.words for each in reader.take("license")]
    rights = reader.take("rights")
    telling = [each for each in rights if look_up("licence", each.words).scheme or is_address(each.words)]
    words = [each for each in rights if not is_address(each.words)]
    return {
        "license": licence(*given, *(each.words for each in telling)),
        "rights": _joined(words),
        "access_rights": look_up("access-right", access.words) if access else None,
        "provenance": _joined(reader.take("provenance")),
    }


def _related(reader: Reader) -> dict[str, Any]:
    parts = [each.words for each in reader.take("isPartOf")]
    return {
        "is_part_of": parts[0] if parts else None,
        "relation": tuple(dict.fromkeys((*parts[1:], *(each.words for each in reader.take("relation"))))),
        "conforms_to": tuple(each.words for each in reader.take("conformsTo")),
        "page": tuple(dict.fromkeys(each.words for each in reader.take("references") if is_address(each.words))),
    }
