"""The entities with which RDF/XML abbreviates namespaces: `<!ENTITY dct "http://purl.org/dc/terms/">` and then `&dct;title`.

Ontology editors write documents so. They are expanded here, by hand, because no XML parser of ours reads a DOCTYPE: only
internal entities whose value is plain text (no other entity, no markup), few and short, so that a document grows by a known
factor at most; anything else is left to be refused (`standards/xml_characters.py`). Rules: XML 1.0 §4.2, §4.4.
"""

import html
import re

_MOST = 100
_LONGEST = 500
_MOST_GROWTH = 32 << 20
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+[\w:.-]+\s*\[([^\]]*)\]\s*>")
_ENTITY = re.compile(rb"""<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:"([^"<%]*)"|'([^'<%]*)')\s*>""")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)


def expanded(utf8: bytes) -> bytes:
    """The document without its DOCTYPE (lines keep their numbers), plain entities written out; else the document as it is."""
    found = _DOCTYPE.search(utf8[: 1 << 16]) if b"<!DOCTYPE" in utf8[: 1 << 14] else None
    if not found:
        return utf8
    declared = _declared(_COMMENT.sub(b"", found[1]))
    if declared is None:
        return utf8
    rest = utf8[found.end() :]
    growth = sum(rest.count(b"&" + name + b";") * len(value) for name, value in declared.items())
    if growth > _MOST_GROWTH:
        return utf8
    names = re.compile(rb"&(" + b"|".join(map(re.escape, declared)) + rb");") if declared else None
    blank = re.sub(rb"[^\n]", b" ", found[0])
    return utf8[: found.start()] + blank + (names.sub(lambda use: declared[use[1]], rest) if names else rest)


def _declared(inside: bytes) -> dict[bytes, bytes] | None:
    """Name → value, escaped for XML; None when there is anything but plain entities."""
    found = _ENTITY.findall(inside)
    if _ENTITY.sub(b"", inside).strip() or len(found) > _MOST:
        return None
    values = {name: double or single for name, double, single in found}
    plain = {name: html.unescape(value.decode("utf-8", "replace")) for name, value in values.items()}
    if any(
        len(value) > _LONGEST or re.search(rb"&(?!#|amp;|lt;|gt;|quot;|apos;)", values[name]) for name, value in plain.items()
    ):
        return None
    return {name: html.escape(value).encode() for name, value in plain.items()}
