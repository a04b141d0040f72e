"""The elements of one ISO 19115 record, which remember what was found in them, and a survey of the kinds the check asks for.

A record is walked by the same paths many times, by `check` and by `read`. Its elements are `Remembering`, so that a path is
walked once; what they remember holds as long as nobody changes the tree. Elements of other trees (those that are built or
mended) remember nothing and are walked anew. `gco:isoType`: ISO/TS 19139:2007 §A.4.
"""

from lxml import etree

from standards.xml_documents import LOCALS, Element, local, step, told

_ISO_TYPE = "isoType"
_NOTHING: list[Element] = []
_NO_NAMES: dict[str, list[Element]] = {}


class Remembering(etree.ElementBase):  # type: ignore[misc]
    """An element with room for what was found in it; None is not looked for yet."""

    named: dict[str, list[Element]] | None = None
    inside: dict[str, list[Element]] | None = None
    spoken: str | None = None
    coded: str | None = None
    shown: str | None = None
    survey: "Survey | None" = None


class _Paths(dict[str, tuple[str, str]]):
    """Paths, which are all written in these files, split before their last property."""

    def __missing__(self, path: str) -> tuple[str, str]:
        way, _, last = path.rpartition(".")
        self[path] = way, last
        return way, last


_PATHS = _Paths()


def properties(owner: Element | None, names: str) -> list[Element]:
    """The property elements of a class element that have one of the names (`a|b`). Lists are shared: not to be changed."""
    if owner is None:
        return _NOTHING
    try:
        children: dict[str, list[Element]] | None = owner.named
    except AttributeError:
        return [each for each in owner if local(each) in names.split("|")]
    if children is None:
        children = owner.named = _named(owner)
    found = children.get(names)
    if found is None:
        if "|" not in names or not children:
            return _NOTHING
        wanted = names.split("|")
        found = children[names] = [each for each in owner if LOCALS[each.tag] in wanted]
    return found


def _named(owner: Element) -> dict[str, list[Element]]:
    """The children by their local names, in their order."""
    found: dict[str, list[Element]] = {}
    for each in owner:
        name = LOCALS[each.tag]
        if name in found:
            found[name].append(each)
        else:
            found[name] = [each]
    return found or _NO_NAMES


def objects(owner: Element | None, path: str) -> list[Element]:
    """The class elements at a path of properties. Lists are shared: not to be changed."""
    if owner is None:
        return _NOTHING
    if "." in path:
        way, last = _PATHS[path]
        owners = objects(owner, way)
        return objects(owners[0], last) if len(owners) == 1 else [inner for each in owners for inner in objects(each, last)]
    try:
        known: dict[str, list[Element]] | None = owner.inside
    except AttributeError:
        return [inner for each in properties(owner, path) for inner in each]
    if known is not None and path in known:
        return known[path]
    holders = properties(owner, path)
    if not holders:
        return _NOTHING
    if known is None:
        known = owner.inside = {}
    found = known[path] = [inner for each in holders for inner in each]
    return found


def held(owner: Element | None, path: str) -> list[Element]:
    """The property elements at a path. Lists are shared: not to be changed."""
    if "." not in path:
        return properties(owner, path)
    way, last = _PATHS[path]
    owners = objects(owner, way)
    return properties(owners[0], last) if len(owners) == 1 else [each for one in owners for each in properties(one, last)]


def kind(element: Element) -> str:
    """The class of an element: that of the model (`gco:isoType`) where a profile has made its own."""
    for name in element.keys():  # noqa: SIM118  (an element by itself is its children)
        if name.endswith(_ISO_TYPE) and name.rpartition("}")[2] == _ISO_TYPE:
            return str(element.get(name)).rpartition(":")[2] or local(element)
    return local(element)


def where(element: Element, attribute: str = "") -> str:
    """As `xml_documents.where`; what is around several findings is spelled once."""
    return told(_shown(element), element, attribute)


def _shown(element: Element) -> str:
    found: str | None = getattr(element, "shown", None)
    if found is None:
        around = element.getparent()
        found = ("" if around is None else _shown(around)) + "/" + step(element)
        if isinstance(element, Remembering):
            element.shown = found
    return found


class Survey:
    """The elements of a record that the check looks at wherever they stand, each list in the record's order."""

    def __init__(self, root: Element) -> None:
        self.coded: list[Element] = []
        self._kinds: dict[str, list[Element]] = {group: [] for group in {*_CLASSES.values(), *_NAMES.values()}}
        for each in root.iter():
            name = sort = LOCALS[each.tag]
            attributes = each.keys()
            if attributes:
                sort = kind(each)
                if "codeListValue" in attributes or "codeList" in attributes:
                    self.coded.append(each)
            if sort in _CLASSES:
                self._kinds[_CLASSES[sort]].append(each)
            if name in _NAMES:
                self._kinds[_NAMES[name]].append(each)

    def of(self, group: str) -> list[Element]:
        """The elements of one of the groups below."""
        return self._kinds[group]


_CLASSES = {
    "EX_GeographicBoundingBox": "box",
    "TimePeriod": "period",
    "CI_ResponsibleParty": "party",
    "CI_Responsibility": "party",
    "CI_Date": "citation date",
    "CI_OnlineResource": "link",
    "MD_Format": "format",
}
"""Groups by class."""
_NAMES = {
    "Date": "date",
    "DateTime": "date",
    "LocalisedCharacterString": "localised",
    **dict.fromkeys(("organisationName", "fileIdentifier", "keyword", "explanation", "statement"), "mandatory"),
}
"""Groups by local name."""


def survey(root: Element) -> Survey:
    """The survey of a record."""
    found: Survey | None = getattr(root, "survey", None)
    if found is None:
        found = Survey(root)
        if isinstance(root, Remembering):
            root.survey = found
    return found
