"""Reading a DCAT-US 1.1 record into a Dataset: https://resources.data.gov/resources/dcat-us/.

Whatever is an object with a title is read, however wrong the rest. Each reader below takes the value of one field and gives
what it understood; what nobody understood stays in `extra` under the source's name, from where the writer gives it back.
Null and empty strings count as nothing said.

`accessLevel` says how open a dataset is to society, which is its openness and its access rights; it says nothing of sharing
between departments. `references` are documents about the data (foaf:page). A `modified` of `R/P1Y` is an interval, not a date:
it becomes the frequency where `accrualPeriodicity` names none.
"""

import re
from typing import Any, Literal

from metadata.model import Coded, Dataset, Openness, Period
from metadata.text import UNDETERMINED, Text, Words, guess, text, words_of
from metadata.vocabulary import language_tag, look_up
from standards.base import Unreadable
from standards.dates import date_of, is_duration, parse, parse_period
from standards.dcat_us_1_1_distribution import read_distributions
from standards.dcat_us_1_1_parties import read_agent, read_contacts
from standards.dcat_us_1_1_places import read_places
from standards.dcat_us_1_1_rules import UNREADABLE, UNTITLED
from standards.json_schema import cleaned, shown

Left = dict[str, Any]

_READ = frozenset(
    (
        "@type", "accessLevel", "accrualPeriodicity", "conformsTo", "contactPoint", "describedBy", "describedByType",
        "description", "distribution", "identifier", "isPartOf", "issued", "keyword", "landingPage", "language", "license",
        "modified", "publisher", "references", "rights", "spatial", "temporal", "theme", "title",
    )
)  # fmt: skip
_TYPES = ("dcat:Dataset", "Dataset", None)
_OPENNESS: dict[str, Literal["open", "conditional", "none"]] = {
    "PUBLIC": "open",
    "RESTRICTED": "conditional",
    "NON_PUBLIC": "none",
}
_SEPARATORS = re.compile(r"[,;|、，；\n]")
_LICENCE_NAME = 200
"""A licence without address that is longer than this is a text about use, not the name of a licence."""


def read(body: Any) -> Dataset:
    """The dataset a record describes. Raises `Unreadable` when it is no object or has no title, and nothing else."""
    if not isinstance(body, dict):
        raise Unreadable(UNREADABLE, "", shown(body))
    body = cleaned(body)
    get = body.get
    left: Left = {name: value for name, value in body.items() if name not in _READ and value is not None}
    language, tag = _languages(get("language"), left)
    title = said(get("title"), tag)
    if not title:
        raise Unreadable(UNTITLED, "/title", shown(get("title")))
    if get("@type") not in _TYPES:
        left["@type"] = get("@type")
    description = _text(body, "description", tag, left)
    words = tag or (UNDETERMINED if not description or description.keys() == {UNDETERMINED} else next(iter(description)))
    modified = _modified(get("modified"), left)
    level = _word(body, "accessLevel", left)
    rights = look_up("access-right", level) if level else None
    return Dataset(
        identifier=_identifier(body, title),
        title=title,
        description=description,
        publisher=read_agent(get("publisher"), tag, left, "publisher"),
        contact_point=read_contacts(get("contactPoint"), tag, left),
        keyword=_keywords(get("keyword"), tag, left),
        theme=tuple(look_up("theme", word) for word in _list(body, "theme", left)),
        issued=_date(body, "issued", left),
        modified=modified,
        accrual_periodicity=_frequency(body, left),
        language=language,
        spatial=_places(get("spatial"), words, left),
        temporal=_periods(get("temporal"), left),
        access_rights=rights,
        openness=_openness(rights),
        rights=_text(body, "rights", tag, left),
        license=_license(body, left),
        landing_page=_word(body, "landingPage", left),
        page=tuple(_list(body, "references", left)),
        conforms_to=tuple(_list(body, "conformsTo", left)),
        described_by=_word(body, "describedBy", left),
        described_by_type=_word(body, "describedByType", left),
        is_part_of=_word(body, "isPartOf", left),
        distribution=read_distributions(get("distribution"), tag, left),
        extra=left,
    )


def said(value: Any, tag: str) -> Text:
    """A Text of words, of a number, or of an object of words by language; empty when it is none of these.

    `tag` is the language the record names, or `""` when the script of the words has to do."""
    if isinstance(value, str):
        return text(value, tag or (UNDETERMINED if value.isascii() else guess(value)))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return text(str(value), tag or UNDETERMINED)
    if isinstance(value, dict):
        pairs = ((language_tag(key), words) for key, words in value.items() if isinstance(words, str))
        return {language: words.strip() for language, words in pairs if language and words.strip()}
    return {}


def _text(body: Left, name: str, tag: str, left: Left) -> Text:
    value = body.get(name)
    if value is None:
        return {}
    found = said(value, tag)
    if not found and not isinstance(value, str):
        left[name] = value
    return found


def _word(body: Left, name: str, left: Left) -> str | None:
    """A string without blanks around it; a number as one; anything else is left."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    left[name] = value
    return None


def _list(body: Left, name: str, left: Left) -> list[str]:
    """The strings of a list, or of one that stands alone; when there is anything else in it the whole is left too."""
    value = body.get(name)
    if value is None:
        return []
    values = value if isinstance(value, list) else [value]
    words = [stripped for each in values if isinstance(each, str) and (stripped := each.strip())]
    if any(each is not None and not isinstance(each, str) for each in values):
        left[name] = value
    return words


def _identifier(body: Left, title: Text) -> str:
    """What names the dataset in its source; its page, else its title, where the source forgot to say."""
    for name in ("identifier", "@id", "landingPage"):
        value = body.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if name == "identifier" and isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return next(iter(title.values()))


def _languages(value: Any, left: Left) -> tuple[tuple[str, ...], str]:
    """The language tags a record names, and the one its words are in when it names exactly one (else `""`)."""
    if value is None:
        return (), ""
    values = [value] if isinstance(value, str) else value
    if isinstance(value, str) and not language_tag(value):
        values = _SEPARATORS.split(value)
    words = [word for word in values if isinstance(word, str) and word.strip()] if isinstance(values, list) else []
    tags = tuple(dict.fromkeys(tag for word in words if (tag := language_tag(word))))
    if not isinstance(values, list) or len(words) != len(values) or list(tags) != words:
        left["language"] = value
    return tags, tags[0] if len(tags) == 1 else ""


def _keywords(value: Any, tag: str, left: Left) -> Words:
    if value is None:
        return {}
    if isinstance(value, str):
        redacted = value.startswith("[[REDACTED")
        values: list[Any] = [] if redacted else _SEPARATORS.split(value)
    else:
        values = value if isinstance(value, list) else []
    words = [each if isinstance(each, str) else str(each) for each in values if isinstance(each, str | int | float)]
    if len(words) != len(values) or (not values and value != []):
        left["keyword"] = value
    if tag or all(map(str.isascii, words)):
        return words_of(words, tag or UNDETERMINED)
    by_language: dict[str, list[str]] = {}
    for word in words:
        by_language.setdefault(guess(word), []).append(word)
    return {language: kept for language, group in by_language.items() if (kept := words_of(group).get(UNDETERMINED))}


def _modified(value: Any, left: Left) -> str | None:
    found = date_of(value)
    if found is None and value not in (None, ""):
        left["modified"] = value
    return found


def _date(body: Left, name: str, left: Left) -> str | None:
    value = body.get(name)
    found = date_of(value)
    if found is None and value not in (None, ""):
        left[name] = value
    return found


def _frequency(body: Left, left: Left) -> Coded | None:
    word = _word(body, "accrualPeriodicity", left)
    if word:
        return look_up("frequency", word)
    modified = body.get("modified")
    if not isinstance(modified, str) or not is_duration(modified):
        return None
    return look_up("frequency", "R/" + modified.rpartition("/")[2])


def _places(value: Any, language: str, left: Left) -> tuple[Any, ...]:
    if value is None:
        return ()
    places = read_places(value, language)
    if places is None or isinstance(value, list) or (isinstance(value, dict) and places[0].geometry is not value):
        left["spatial"] = value
    return places or ()


def _periods(value: Any, left: Left) -> tuple[Period, ...]:
    """`start/end` becomes two dates; what is less plain keeps its raw words beside what was understood of it."""
    if value is None or value == "":
        return ()
    if isinstance(value, dict):
        value_dates = date_of(value.get("startDate")), date_of(value.get("endDate"))
        left["temporal"] = value
        return (Period(start=value_dates[0], end=value_dates[1]),) if any(value_dates) else ()
    if not isinstance(value, str):
        left["temporal"] = value
        return ()
    return (_period(value.strip()),) if value.strip() else ()


def _period(words: str) -> Period:
    ends = parse_period(words)
    if ends is None:
        day = parse(words)
        return Period(start=day, end=day, raw=words)
    start, end = ends
    return Period(start=start, end=end) if start and end else Period(start=start, end=end, raw=words)


def _openness(rights: Coded | None) -> Openness | None:
    kind = _OPENNESS.get(rights.code) if rights else None
    return Openness(kind=kind, raw=rights.raw) if rights and kind else None


def _license(body: Left, left: Left) -> Coded | None:
    word = _word(body, "license", left)
    if not word:
        return None
    return Coded(raw=word) if len(word) > _LICENCE_NAME or "<" in word else look_up("licence", word)
