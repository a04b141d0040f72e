"""A made-up catalogue of a few hundred datasets, and what a plain reading of it answers: the reference for every engine."""

import random
import re
import unicodedata
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

import opencc

from metadata.entry import Entry
from metadata.model import Agent, Coded, Dataset, Distribution, InformationItem, Openness, Sharing
from metadata.text import best
from metadata.vocabulary import coded
from search.base import Query
from search.order import title_key

NOUNS_ZH = [
    "公共交通",
    "公交线路",
    "空气质量",
    "水质监测",
    "人口普查",
    "法人单位",
    "食物环境卫生",
    "停车场",
    "图书馆",
    "行政区划",
]
NOUNS_HANT = ["公共交通", "食物環境衞生", "臺灣地圖", "圖書館", "機場航線"]
NOUNS_EN = ["Bus routes", "Air quality", "Parking lots", "Census blocks", "Real-time traffic", "Water wells", "Zoning map"]
DEPARTMENTS = {
    "transport": {"zh": "交通局", "en": "Transport Bureau"},
    "water": {"zh": "水务局", "en": "Water Authority"},
    "health": {"zh": "卫生健康委员会", "en": "Health Commission"},
    "statistics": {"zh": "统计局"},
}
CODES = ["GB/T 21063", "GBT21063", "PM2.5", "COVID-19", "ISO 19115"]
Has = Callable[[Entry], bool]
_convert = opencc.OpenCC("hk2s").convert


def make(count: int = 300, seed: int = 7) -> list[Entry]:
    """So many entries, always the same ones for the same seed."""
    chance = random.Random(seed)
    return [_entry(chance, number) for number in range(count)]


def _entry(chance: random.Random, number: int) -> Entry:
    department = chance.choice([*DEPARTMENTS, None])
    day = f"{chance.randint(2019, 2025)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    return Entry(
        id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        name=f"{chance.choice(['bus', 'air', 'water', 'data'])}-{number:03}",
        identifier=f"urn:test:{number}",
        state="withheld" if chance.random() < 0.1 else "published",
        source=chance.choice(["portal-a", "portal-b"]),
        standard="dcat_us_1_1",
        organization=department,
        organization_title=DEPARTMENTS.get(department or "", {}),
        created=f"2026-05-0{chance.randint(1, 3)}T08:00:00.000000Z",
        updated=f"2026-06-0{chance.randint(1, 3)}T08:00:00.000000Z",
        sequence=number + 1,
        errors=0,
        warnings=0,
        digest="",
        dataset=_dataset(chance, number, chance.choice([day, day[:7], day[:4], f"{day}T09:30:00Z", None, "R/P1Y"])),
    )


def _dataset(chance: random.Random, number: int, modified: str | None) -> Dataset:
    noun, hant, english = chance.choice(NOUNS_ZH), chance.choice(NOUNS_HANT), chance.choice(NOUNS_EN)
    title = chance.choice(
        [
            {"zh": f"{noun}数据"},
            {"zh-Hant": f"{hant}資料"},
            {"en": english},
            {"zh": noun, "en": english},
            {"en": f"{english} {number % 9}"},
        ]
    )
    about = " ".join(chance.sample([*NOUNS_EN, *CODES, "水", "城市。", "开放"], 4))
    words = chance.sample(["交通", "环境", "water", "Transit", "地图", "统计"], chance.randint(0, 3))
    return Dataset(
        identifier=f"urn:test:{number}",
        title=title,
        description={"en": about} if chance.random() < 0.8 else {},
        publisher=chance.choice([None, Agent(name={"zh": "市政府", "en": "City Hall"}), Agent(name={"en": "County Office"})]),
        keyword={"und": tuple(words)} if words else {},
        theme=chance.choice(
            [(), (coded("theme", "TRAN"),), (coded("theme", "TRAN"), coded("theme", "ENVI")), (Coded(raw="parks"),)]
        ),
        modified=modified,
        accrual_periodicity=chance.choice([None, coded("frequency", "MONTHLY"), coded("frequency", "DAILY")]),
        language=chance.choice([(), ("zh",), ("en", "zh")]),
        license=chance.choice([None, coded("licence", "CC-BY-4.0")]),
        distribution=(Distribution(title={"en": "Table of stops"}, format=coded("format", chance.choice(["CSV", "JSON"]))),),
        information_item=(InformationItem(name={"zh": chance.choice(["站点名称", "经度"])}),),
        openness=chance.choice([None, Openness(kind="open"), Openness(kind="conditional")]),
        sharing=chance.choice([None, Sharing(kind="unconditional")]),
    )


def answer(entries: Sequence[Entry], query: Query, has: Has = lambda _: True) -> list[Entry]:
    """Whom a question finds, by looking at every entry; `has` says which have the words."""
    return [
        entry
        for entry in entries
        if ("*" in query.readers or query.readers & set(entry.readers))
        and has(entry)
        and all(set(values_of(entry, name)) & set(wanted) for name, wanted in query.filters.items())
        and not any(set(values_of(entry, name)) & set(wanted) for name, wanted in query.excluded.items())
    ]


def values_of(entry: Entry, name: str) -> list[str]:
    """The values of a facet, read from the entry in its own way."""
    dataset = entry.dataset
    taken: dict[str, list[str | None]] = {
        "organization": [entry.organization],
        "publisher": [best(dataset.publisher.name) if dataset.publisher else None],
        "theme": [theme.code or theme.raw for theme in dataset.theme],
        "keyword": [word for words in dataset.keyword.values() for word in words],
        "format": [part.format.code for part in dataset.distribution if part.format],
        "licence": [dataset.license.code if dataset.license else None],
        "frequency": [dataset.accrual_periodicity.code if dataset.accrual_periodicity else None],
        "language": list(dataset.language),
        "openness": [dataset.openness.kind if dataset.openness else None],
        "sharing": [dataset.sharing.kind if dataset.sharing else None],
        "source": [entry.source],
        "standard": [entry.standard],
        "state": [entry.state],
        "name": [entry.name],
        "id": [entry.id],
        "identifier": [entry.identifier],
    }
    return [value for value in taken[name] if value]


def counts(entries: Iterable[Entry], name: str) -> dict[str, int]:
    """How many of the entries have each value of a facet."""
    return dict(Counter(value for entry in entries for value in dict.fromkeys(values_of(entry, name))))


def texts(entry: Entry) -> list[str]:
    """Every text of an entry that words are looked for in."""
    dataset = entry.dataset
    found = [*dataset.title.values(), *dataset.description.values(), *entry.organization_title.values(), entry.identifier]
    found += [word for words in dataset.keyword.values() for word in words]
    found += list(dataset.publisher.name.values()) if dataset.publisher else []
    found += [word for theme in dataset.theme for word in (theme.label.values() if theme.label else [theme.raw or ""])]
    found += [word for part in dataset.distribution for word in part.title.values()]
    return found + [word for item in dataset.information_item for word in item.name.values()]


@lru_cache(maxsize=10_000)
def plain(text: str) -> str:
    """A text in narrow, simplified, lower-case form: the reference's own folding."""
    return str(_convert(unicodedata.normalize("NFKC", text))).lower()


def holds(run: str) -> Has:
    """Whether an entry has a run of Chinese characters anywhere."""
    return lambda entry: any(plain(run) in plain(text) for text in texts(entry))


def says(pattern: str) -> Has:
    """Whether one text of an entry matches a pattern."""
    return lambda entry: any(re.search(pattern, plain(text)) for text in texts(entry))


def in_order(entries: Iterable[Entry], order: str) -> list[str]:
    """Ids in an order: what has no value last, equal ones by id."""
    key, back = order.removeprefix("-"), order.startswith("-")
    down = (key in ("modified", "created", "updated")) != back
    by_id = sorted(entries, key=lambda entry: entry.id)
    have = [entry for entry in by_id if _value(entry, key) is not None]
    have.sort(key=lambda entry: _value(entry, key), reverse=down)
    return [entry.id for entry in [*have, *(entry for entry in by_id if _value(entry, key) is None)]]


def _value(entry: Entry, key: str) -> Any:
    if key == "modified":
        return _padded(entry.dataset.modified)
    if key == "title":
        return title_key(best(entry.dataset.title))
    return {"created": entry.created, "updated": entry.updated, "name": entry.name, "id": entry.id}[key]


def _padded(date: str | None) -> str | None:
    """A date of any precision as its first second."""
    if not date or not re.match(r"\d{4}", date):
        return None
    return date[:19] + "0000-01-01T00:00:00"[len(date[:19]) :]
