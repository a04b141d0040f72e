"""The rules that a profile's table stands for, in words: one rule for each thing it asks of a property.

`dcat-ap-3/Dataset/title/minCount` is the rule that a dataset has a title; its last step is the SHACL component, `recommended`
for what is only advised, `list` for a controlled list. The words are put together from the names of classes and properties
(`files/rdf/words.json`), so that no rule is without them, in either language.
"""

from collections.abc import Iterator

from metadata.text import Text
from standards.base import Rule, Severity
from standards.shapes_table import Property, Shape, Table, lists, local, words

_KIND = {
    "literal": ("文字", "words"),
    "node": ("一个资源（网址或节点），而不是文字", "a resource (an address or a node), not words"),
}
_INSTEAD = {
    "literal": ("改用文字", "Write words"),
    "node": ("改用网址，或写成带有类型和属性的节点", "Give an address, or a node with its class and properties"),
}


def rules_of(shapes: Table) -> dict[str, Rule]:
    """All rules of a table, by id."""
    found = {}
    for shape in shapes.shapes:
        for each in shape.properties:
            for rule in _property(shapes, shape, each):
                found[rule.id] = rule
        for choice in shape.either:
            rule = _either(shapes, shape, choice)
            found[rule.id] = rule
    return found


class _About:
    """The words for a property of a class: in zh 「数据集的标题(dct:title)」, in en "title (dct:title) of the dataset"."""

    def __init__(self, shapes: Table, shape: Shape, path: str) -> None:
        self.owner = words(shape.target, "zh"), words(shape.target, "en")
        self.name = f"{words(path, 'zh')}（{path}）", f"{words(path, 'en')} ({path})"
        self.start = f"{shapes.name}/{local(shape.target)}/{local(path)}"
        self.clause = f"{shapes.title}, {shape.section}: {words(path, 'en')}"
        self.link = f"{shapes.link}#{shape.section}.{local(path)}"

    def rule(self, suffix: str, severity: Severity, message: tuple[str, str], fix: tuple[str, str]) -> Rule:
        """A rule with these words, zh first."""
        return Rule(
            id=f"{self.start}/{suffix}",
            severity=severity,
            message=_text(message),
            clause=self.clause,
            fix=_text(fix),
            link=self.link,
        )


def _text(said: tuple[str, str]) -> Text:
    return {"zh": said[0], "en": said[1]}


def _property(shapes: Table, shape: Shape, each: Property) -> Iterator[Rule]:
    about = _About(shapes, shape, each.path)
    if each.anchor:
        about.link = f"{shapes.link}#{each.anchor}" if shapes.bare_anchors else f"{shapes.link}#{shape.section}.{each.anchor}"
    (zh_owner, en_owner), (zh, en) = about.owner, about.name
    add = f"补充{zh}", f"Add the {en}"
    if each.min:
        yield about.rule(
            "minCount", "error", (f"{zh_owner}缺少必填的{zh}", f"The {en_owner} has no {en}, which is mandatory"), add
        )
    if each.recommended:
        yield about.rule(
            "recommended",
            "warning",
            (f"{zh_owner}没有{zh}，标准建议填写", f"The {en_owner} has no {en}, which is recommended"),
            add,
        )
    if each.max is not None:
        yield about.rule(
            "maxCount", "error",
            (f"{zh_owner}的{zh}最多只能有 {each.max} 个", f"The {en_owner} has more than {each.max} {en}"),
            ("只保留一个", "Keep one of them"),
        )  # fmt: skip
    yield from _range(shapes, each, about)
    if each.list:
        yield _list(each, about)


def _range(shapes: Table, each: Property, about: _About) -> Iterator[Rule]:
    (zh_owner, en_owner), (zh, en) = about.owner, about.name
    kind = "literal" if each.kind == "literal" or each.datatypes else "node"
    if each.kind or each.datatypes or (each.leads_to and shapes.kinds):
        zh_kind, en_kind = _KIND[kind]
        yield about.rule(
            "nodeKind", "error",
            (f"{zh_owner}的{zh}应是{zh_kind}", f"The {en} of the {en_owner} should be {en_kind}"),
            _INSTEAD[kind],
        )  # fmt: skip
    if each.leads_to:
        zh_kind, en_kind = f"{words(each.leads_to, 'zh')}（{each.leads_to}）", f"{words(each.leads_to, 'en')} ({each.leads_to})"
        yield about.rule(
            "class", "error",
            (f"{zh_owner}的{zh}没有注明类型，应是{zh_kind}", f"The {en} of the {en_owner} is not said to be a {en_kind}"),
            (f"为它加上 rdf:type {each.leads_to}", f"Say of it rdf:type {each.leads_to}"),
        )  # fmt: skip
    if each.datatypes or each.date:
        names = each.datatypes or ("xsd:date", "xsd:dateTime")
        zh_kind, en_kind = "或".join(words(name, "zh") for name in names), " or ".join(words(name, "en") for name in names)
        yield about.rule(
            "datatype", "error",
            (f"{zh_owner}的{zh}应是{zh_kind}，且写法正确", f"The {en} of the {en_owner} should be {en_kind}, and well-formed"),
            (f"写成{zh_kind}并注明数据类型", f"Write it as {en_kind}, with the datatype"),
        )  # fmt: skip


def _list(each: Property, about: _About) -> Rule:
    wanted = lists()[each.list]
    (zh_owner, en_owner), (zh, en) = about.owner, about.name
    severity: Severity = "warning" if each.list_advised else "error"
    return about.rule(
        "list", severity,
        (f"{zh_owner}的{zh}不是{wanted.zh}中的值", f"The {en} of the {en_owner} is not in the {wanted.en}"),
        (f"使用以 {wanted.start} 开头的网址", f"Use an address that starts with {wanted.start}"),
    )  # fmt: skip


def _either(shapes: Table, shape: Shape, choice: tuple[str, ...]) -> Rule:
    zh, en = words(shape.target, "zh"), words(shape.target, "en")
    zh_names, en_names = "、".join(words(each, "zh") for each in choice), " or ".join(words(each, "en") for each in choice)
    return Rule(
        id=f"{shapes.name}/{local(shape.target)}/{'-or-'.join(map(local, choice))}",
        severity="warning",
        message={"zh": f"{zh}应至少有其中之一：{zh_names}", "en": f"The {en} should have a {en_names}"},
        clause=f"{shapes.title}, {shape.section}",
        fix={"zh": f"补充 {'、'.join(choice)} 之一", "en": f"Add {' or '.join(choice)}"},
        link=f"{shapes.link}#{shape.section}",
    )
