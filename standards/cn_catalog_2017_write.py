"""A Dataset as a record after the guide of 2017: a JSON object in the guide's words and order, empty fields left out.

Fields of the model that the guide has no place for stand in extended metadata (扩展元数据, §5.3 leaves it to each
catalogue): 关键字, 更新日期, 在线资源链接地址, 联系方式, 挂接资源. XML (`cn_catalog_2017_xml`) and tables
(`cn_catalog_2017_table`) are made of the same object. Words in a language that their script does not show are written
`{"en": "…"}`.
"""

from typing import Any

import msgspec

from metadata import vocabulary
from metadata.model import Coded, Dataset, Distribution, InformationItem, Openness, Sharing
from metadata.text import Text, Words, best, guess
from standards import cn_catalog_2017_lists as lists
from standards.cn_catalog_2017_names import CORE, EXTENDED, EXTENSION, NAMES, group_of, key_of
from standards.cn_catalog_2017_read import BETWEEN, ON_CONDITION, class_in
from standards.cn_identifiers import class_levels
from standards.cn_nodes import is_tag

Json = dict[str, Any]
_ORDER = list(dict.fromkeys((name.group or name.name) for name in (*CORE, *EXTENDED)))
_RANK = {name: rank for rank, name in enumerate(_ORDER)}


def write(dataset: Dataset) -> Json:
    """The record; what the guide and its extensions cannot carry is left out (see `carries`)."""
    made: Json = {
        "信息资源分类": _classification(dataset),
        "信息资源名称": texts(dataset.title),
        "信息资源代码": None if dataset.identifier == best(dataset.title) else dataset.identifier,
        **_provider(dataset),
        "信息资源摘要": texts(dataset.description),
        "信息资源格式": _format(dataset.distribution),
        "信息项信息": [_item(item) for item in dataset.information_item],
        "共享属性": _sharing(dataset.sharing),
        "开放属性": _openness(dataset.openness),
        "更新周期": _frequency(dataset.accrual_periodicity),
        "发布日期": dataset.issued,
        "关联资源代码": list(dataset.relation),
        **_extended(dataset),
    }
    return _with_extra({name: value for name, value in made.items() if value not in (None, "", [], {})}, dataset)


def _extended(dataset: Dataset) -> Json:
    pages = [*filter(None, (dataset.landing_page,)), *dataset.page]
    contacts = (
        {"联系人": texts(contact.name or contact.organization), "联系电话": contact.phone, "联系邮箱": contact.email}
        for contact in dataset.contact_point
    )
    return {
        "主题分类": [word for theme in dataset.theme if (word := theme_word(theme))],
        "关键字": keywords(dataset.keyword),
        "更新日期": dataset.modified,
        "在线资源链接地址": pages[0] if len(pages) == 1 else pages,
        "联系方式": [filled for contact in contacts if (filled := _filled(contact))],
        "挂接资源": _files(dataset.distribution),
    }


def texts(words: Text) -> Any:
    """Plain words where their language shows, else by language; None for none."""
    there = {tag: said for tag, said in words.items() if said and is_tag(tag)}
    if not there:
        return best(words) or None
    tag, said = next(iter(there.items()))
    return said if len(there) == 1 and guess(said) == tag else there


def keywords(words: Words) -> Any:
    """A plain list where the languages show, else lists by language."""
    there = {tag: [word for word in said if word] for tag, said in words.items() if is_tag(tag)}
    flat = [(tag, word) for tag, said in there.items() for word in said]
    if all(guess(word) == tag for tag, word in flat):
        return [word for _, word in flat]
    return {tag: said for tag, said in there.items() if said}


def theme_word(theme: Coded) -> str:
    """A theme as its source called it, where that is understood again; else in Chinese."""
    raw = theme.raw or ""
    return raw if raw and vocabulary.look_up("theme", raw).code == theme.code else words_of(theme)


def words_of(coded: Coded | None) -> str:
    """How a coded value is called: in Chinese, else as its source did."""
    if coded is None:
        return ""
    return coded.label.get("zh") or coded.raw or best(coded.label) or coded.code or coded.uri or ""


def _filled(object_: Json) -> Json:
    return {name: value for name, value in object_.items() if value not in (None, "", [], {})}


def _classification(dataset: Dataset) -> Json:
    """类, 项, 目, 细目; the class code too, where the resource's code does not begin with it."""
    given = dataset.classification
    if given is None:
        return {}
    levels = (given.raw or "").split(BETWEEN) if given.raw else []
    if not levels or (levels == [words_of(given)] and not lists.find("class", levels[0])):
        levels = _levels(given)
    made: Json = dict(zip(("类", "项", "目"), levels[:3], strict=False))
    if levels[3:]:
        made["细目"] = levels[3] if len(levels) == 4 else levels[3:]
    code = given.code if given.scheme in ("", lists.CLASS) else ""
    if code and code != class_in(dataset.identifier):
        made["信息资源分类码"] = code
    return _filled(made)


def _levels(given: Coded) -> list[str]:
    """The levels of a class of which only its own name is known: 类 by its digit, the name at its level."""
    depth = len(class_levels(given.code))
    first = lists.by_code("class", given.code[:1]) if depth else None
    name = given.label.get("zh") or best(given.label) or given.raw or ""
    if not name:
        return []
    if not depth or not first:
        return [name]
    return [first.label["zh"], *([""] * (depth - 2)), *([name] if depth > 1 else [])]


def _provider(dataset: Dataset) -> Json:
    office = dataset.publisher
    if office is None:
        return {}
    unit = NAMES["provider_unit"].path
    return {"信息资源提供方": texts(office.name), unit: office.extra.get(unit), "信息资源提供方代码": office.code}


def _format(ways: tuple[Distribution, ...]) -> Json:
    """Class and type of the first format that is told."""
    way = next((way for way in ways if way.format), None)
    if way is None or way.format is None:
        return {}
    word = format_word(way.format)
    sort = lists.find("format", word)
    own = lists.format_class(word) or lists.class_of_format(way)
    said = way.extra.get(NAMES["format_class"].name)
    name = said if isinstance(said, str) else sort.label["zh"] if sort else own.label["zh"] if own else ""
    return _filled({"信息资源格式分类": name, "信息资源格式类型": "" if sort and not isinstance(said, str) else word})


def format_word(given: Coded) -> str:
    """A format as a word that is understood again."""
    if given.scheme == "format":
        known = vocabulary.term("format", given.code)
        label = known.label.get("zh", "") if known else ""
        for word in (given.raw or "", label, given.code):
            if word and vocabulary.look_up("format", word).code == given.code:
                return word
    return given.raw or best(given.label) or given.code or given.uri or ""


def _item(item: InformationItem) -> Json:
    kind = item.data_type
    known = lists.by_code("type", kind.code) if kind and kind.scheme == lists.TYPE else None
    made = {
        "信息项名称": texts(item.name),
        "信息项代码": item.code,
        "数据类型": known.label["zh"] if known else words_of(kind),
        "数据长度": item.length,
        "小数位数": item.precision,
        "信息项说明": texts(item.description),
        "是否必填": _yes(item.required),
        "是否主键": _yes(item.key),
    }
    return _with_own(_filled(made), item.extra)


def _with_own(made: Json, extra: Json) -> Json:
    """What the source said beyond it behind the rest, where it takes no other's name."""
    return made | {name: value for name, value in extra.items() if name and value is not None and name not in made}


def _yes(value: bool | None) -> str:
    return "" if value is None else "是" if value else "否"


def _sharing(sharing: Sharing | None) -> Json:
    if sharing is None:
        return {}
    value = lists.by_code("sharing", sharing.kind)
    made: Json = {"共享类型": value.label["zh"] if value else ""}
    if sharing.kind == "none" and not sharing.condition:
        made["共享条件"] = texts(sharing.legal_basis)
    else:
        made |= {"共享条件": texts(sharing.condition), "不予共享依据": texts(sharing.legal_basis)}
    return _filled(made | _method(sharing.method))


def _method(method: Coded | None) -> Json:
    if method is None:
        return {}
    where, _, how = method.code.partition("/") if method.scheme == lists.SHARING_METHOD else ("", "", "")
    first, second = lists.by_code("method-class", where), lists.by_code("method", how)
    if first or second:
        return {"共享方式分类": first.label["zh"] if first else "", "共享方式类型": second.label["zh"] if second else ""}
    category, slash, kind = (method.raw or best(method.label)).partition("/")
    return {"共享方式分类": category, "共享方式类型": kind} if slash else {"共享方式类型": category}


def _openness(openness: Openness | None) -> Json:
    if openness is None:
        return {}
    condition = texts(openness.condition)
    if openness.kind == "conditional":
        condition = condition or ON_CONDITION
    elif openness.kind == "open":
        condition = "无条件开放"
    return _filled({"是否向社会开放": "否" if openness.kind == "none" else "是", "开放条件": condition})


def _frequency(given: Coded | None) -> str:
    """The guide's word where it says the same; else the word for the frequency, which is understood again."""
    known = vocabulary.term("frequency", given.code) if given and given.scheme == "frequency" else None
    if known is None:
        return words_of(given)
    words = (known.names.get("cn-2017", ""), known.label.get("zh", ""))
    return next((word for word in words if word and lists.update_cycle(word) == known.code), known.code)


def _files(ways: tuple[Distribution, ...]) -> list[Json]:
    """The distributions, unless there is a single one that tells no more than its format."""
    if len(ways) == 1 and _is_bare(ways[0]):
        return []
    return [made for way in ways if (made := _file(way))]


def _is_bare(way: Distribution) -> bool:
    return way == Distribution(format=way.format, extra=way.extra) and set(way.extra) <= {NAMES["format_class"].name}


def _file(way: Distribution) -> Json:
    made = {
        "文件名称": texts(way.title),
        "下载地址": way.download_url,
        "访问地址": way.access_url,
        "文件格式": format_word(way.format) if way.format else "",
        "媒体类型": way.media_type,
        "文件说明": texts(way.description),
    }
    return _with_own(_filled(made), way.extra)


def _with_extra(made: Json, dataset: Dataset) -> Json:
    """The record with what the source said beyond the guide: at its place in the guide, by its own name, or as extended."""
    apart: Json = {}
    for name, value in dataset.extra.items():
        place = next((each for each in NAMES.values() if each.path == name), None)
        if place and place.group:
            made.setdefault(place.group, {})
            if isinstance(made[place.group], dict):
                made[place.group].setdefault(place.name, value)
        elif place and name not in made:
            made[name] = value
        elif place or name in made or not name or name == EXTENSION or key_of(name) or group_of(name) or "/" in name:
            apart[name] = value
        else:
            made[name] = value
    if apart:
        made[EXTENSION] = apart
    ordered = sorted(made.items(), key=lambda each: _RANK.get(each[0], len(_RANK)))
    return msgspec.to_builtins(dict(ordered))  # type: ignore[no-any-return]
