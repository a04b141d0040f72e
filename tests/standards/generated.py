"""Generated datasets for property tests: every field of the model, in values as the readers make them.

@given(datasets())              any
back(standard, dataset)         what `standard.read(standard.write(dataset))` says of each field that it carries
"""

from typing import Any

import msgspec
from hypothesis import strategies as st

from metadata.model import (
    Agent,
    Checksum,
    Coded,
    Contact,
    Dataset,
    Distribution,
    InformationItem,
    Openness,
    Period,
    Place,
    Sharing,
)
from metadata.vocabulary import format_of, look_up
from standards.base import Standard

ZH = st.text(st.sampled_from("公共交通站点数据目录信息"), min_size=1, max_size=8)
EN = st.text(st.sampled_from("abcdefghij klm"), min_size=1, max_size=12).map(str.strip).filter(lambda word: len(word) > 1)
TEXT = st.one_of(
    ZH.map(lambda word: {"zh": word}),
    EN.map(lambda word: {"und": word}),
    EN.map(lambda word: {"en": word}),
    st.builds(lambda zh, en: {"zh": zh, "en": en}, ZH, EN),
)
WORDS = st.dictionaries(
    st.sampled_from(("zh", "en", "und")), st.lists(EN, min_size=1, max_size=3, unique=True).map(tuple), max_size=2
)
DATE = st.sampled_from(("2016", "2016-04", "2016-04-14", "2016-04-14T09:37:39Z", "2024-02-29T08:00:00+08:00"))
URL = st.integers(0, 999).map(lambda number: f"https://data.example/{number}/file")
MAIL = st.sampled_from(("a@city.example", "open.data@dept.gov.example"))


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


def _coded(scheme: str, *words: str) -> st.SearchStrategy[Coded]:
    return st.sampled_from(words).map(lambda word: look_up(scheme, word))


LICENCE = st.one_of(
    _coded("licence", "CC-BY-4.0", "cc0", "house rules"), st.just(Coded(scheme="own", code="7", label={"zh": "内部"}))
)
AGENT = st.builds(
    Agent,
    name=TEXT,
    code=_maybe(st.just("11110000000013338W")),
    email=_maybe(MAIL),
    homepage=_maybe(URL),
    phone=_maybe(st.just("+86 10 1234")),
    identifier=_maybe(URL),
)
CONTACT = st.builds(Contact, name=TEXT, email=_maybe(MAIL), phone=_maybe(st.just("12345")), url=_maybe(URL))
ITEM = st.builds(
    InformationItem,
    name=TEXT,
    code=_maybe(st.from_regex("[a-z]{2,6}", fullmatch=True)),
    length=_maybe(st.integers(1, 99)),
    data_type=_maybe(st.sampled_from((Coded(raw="string", label={"und": "string"}), Coded(scheme="cn", code="N")))),
    required=_maybe(st.booleans()),
    key=_maybe(st.just(True)),
    description=st.one_of(st.just({}), TEXT),
)
PERIOD = st.sampled_from((Period(start="2010", end="2015-06-30"), Period(start="2020-01-01"), Period(end="2021")))
PLACE = st.sampled_from(
    (Place(name={"zh": "湖北"}), Place(box=(104.5, 32.25, 105.75, 33.0), name={"und": "valley"}), Place(raw="all"))
)


@st.composite
def distributions(draw: st.DrawFn) -> Distribution:
    url = draw(URL)
    raw, media_type = draw(st.sampled_from((("CSV", "text/csv"), ("odd form", None), ("xlsx", None), (None, None))))
    form, media_type = format_of(raw, media_type, url)
    return Distribution(
        identifier=draw(_maybe(st.from_regex("[a-z]{3,9}", fullmatch=True))),
        title=draw(TEXT),
        description=draw(st.one_of(st.just({}), TEXT)),
        download_url=url,
        access_url=draw(_maybe(URL)),
        format=form,
        media_type=media_type,
        byte_size=draw(_maybe(st.integers(1, 10**12))),
        license=draw(_maybe(LICENCE)),
        checksum=draw(_maybe(st.just(Checksum(algorithm="sha256", value="ab" * 32)))),
        issued=draw(_maybe(DATE)),
        modified=draw(_maybe(DATE)),
        language=draw(st.sampled_from(((), ("zh",), ("en", "zh")))),
    )


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    return Dataset(
        identifier=draw(st.from_regex("[a-z0-9]{3,12}", fullmatch=True)),
        title=draw(TEXT),
        description=draw(st.one_of(st.just({}), TEXT)),
        publisher=draw(_maybe(AGENT)),
        creator=tuple(draw(st.lists(AGENT, max_size=2, unique_by=repr))),
        contact_point=tuple(draw(st.lists(CONTACT, max_size=2, unique_by=repr))),
        keyword=draw(WORDS),
        theme=tuple(draw(st.lists(_coded("theme", "交通", "ENVI", "odd theme"), max_size=2, unique_by=lambda each: each.raw))),
        issued=draw(_maybe(DATE)),
        modified=draw(_maybe(DATE)),
        accrual_periodicity=draw(_maybe(_coded("frequency", "每月", "R/P1Y", "when it suits"))),
        language=draw(st.sampled_from(((), ("zh",), ("en", "zh")))),
        spatial=tuple(draw(st.lists(PLACE, max_size=2))),
        temporal=tuple(draw(st.lists(PERIOD, max_size=2))),
        access_rights=draw(_maybe(_coded("access-right", "public", "odd"))),
        rights=draw(st.one_of(st.just({}), TEXT)),
        license=draw(_maybe(LICENCE)),
        landing_page=draw(_maybe(URL)),
        version=draw(_maybe(st.sampled_from(("1.0", "2024")))),
        conforms_to=draw(st.sampled_from(((), ("https://std.example/1",)))),
        other_identifier=draw(st.sampled_from(((), ("doi:10.1/x",), ("a-1", "b-2")))),
        distribution=tuple(draw(st.lists(distributions(), max_size=3, unique_by=lambda each: each.download_url))),
        information_item=tuple(draw(st.lists(ITEM, max_size=3, unique_by=repr))),
        sharing=draw(
            st.sampled_from((None, Sharing(kind="conditional", condition={"zh": "申请"}), Sharing(kind="unconditional")))
        ),
        openness=draw(st.sampled_from((None, Openness(kind="open"), Openness(kind="none")))),
        extra=draw(st.sampled_from(({}, {"custom": "x"}, {"自定": "值"}))),
    )


def back(standard: Standard, dataset: Dataset) -> list[tuple[str, Any, Any]]:
    """The fields that the standard says it carries and that did not come back: name, before, after."""
    assert standard.read and standard.write
    found = standard.read(standard.write(dataset))
    return [
        (name, before, after)
        for name in sorted(standard.carries)
        if (before := _at(dataset, name)) != (after := _at(found, name))
    ]


def _at(value: Any, name: str) -> Any:
    head, _, rest = name.partition(".")
    inner = getattr(value, head)
    if not rest:
        return inner
    if isinstance(inner, tuple):
        return [_at(each, rest) for each in inner]
    if isinstance(inner, dict):
        return inner.get(rest)
    return _at(inner, rest) if isinstance(inner, msgspec.Struct) else inner
