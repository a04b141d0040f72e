"""Columns that an ISO 19115 record describes: attributes of an embedded feature catalogue (ISO 19110), bands of coverages."""

from metadata.model import InformationItem
from standards.iso_tree import Tongues, first_held, kind, objects, said
from standards.xml_documents import Element

MOST = 2_000
_ATTRIBUTES = frozenset(("FC_FeatureAttribute", "FC_Attribute"))


def items(root: Element, tongues: Tongues) -> tuple[InformationItem, ...]:
    """Each attribute and each named dimension once, in the order told."""
    found: list[InformationItem] = []
    for content in objects(root, "contentInfo"):
        told = [_attribute(each, tongues) for each in content.iter() if kind(each) in _ATTRIBUTES]
        told += [_dimension(each, tongues) for each in _dimensions(content)]
        found += [each for each in told if each.name]
    kept: dict[str, InformationItem] = {}
    for each in found[:MOST]:
        kept.setdefault(repr((each.name, each.code)), each)
    return tuple(kept.values())


def _attribute(element: Element, tongues: Tongues) -> InformationItem:
    return InformationItem(
        name=tongues.text(first_held(element, "memberName")),
        code=said(element, "code") or None,
        description=tongues.text(first_held(element, "definition"), prose=True),
    )


def _dimensions(content: Element) -> list[Element]:
    return [*objects(content, "dimension"), *objects(content, "attributeGroup.attribute")]


def _dimension(element: Element, tongues: Tongues) -> InformationItem:
    """A band or another dimension: by the name of its sequence, else its descriptor."""
    described = tongues.text(first_held(element, "descriptor|description"), prose=True)
    name = tongues.text(first_held(element, "sequenceIdentifier.aName"))
    return InformationItem(name=name or described, description=described if name else {})
