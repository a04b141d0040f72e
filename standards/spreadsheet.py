"""Catalogues kept in tables (XLSX, XLS, ODS, CSV, TSV): one row per dataset, or one per file, in columns of anyone's choosing.

Which column is what: `spreadsheet_columns.mapping`, which a body's member `mapping` overrides. Rows put together in
`…_rows`, reading in `…_read`, writing (rows, CSV, XLSX) in `…_write`, rules, checks and repairs beside them. Tables after
the guide of 2017 are `cn_catalog_2017`.
"""

from typing import Any

from standards import tables
from standards.base import Standard
from standards.spreadsheet_check import across, check
from standards.spreadsheet_columns import NAMES, mapping
from standards.spreadsheet_read import read
from standards.spreadsheet_repair import repair
from standards.spreadsheet_rows import TELLING, gather
from standards.spreadsheet_rules import RULES
from standards.spreadsheet_write import document, workbook, write

__all__ = [
    "FIELDS",
    "STANDARD",
    "across",
    "check",
    "document",
    "gather",
    "mapping",
    "read",
    "recognises",
    "repair",
    "workbook",
    "write",
]

_MODEL = {
    "identifier": ("identifier", "without one, the title"),
    "title": ("title", "a language stands in the header: `标题(en)`"),
    "description": ("description", ""),
    "publisher": ("publisher.name", ""),
    "publisher_code": ("publisher.code", ""),
    "publisher_email": ("publisher.email", ""),
    "publisher_page": ("publisher.homepage", ""),
    "publisher_phone": ("publisher.phone", ""),
    "creator": ("creator.name", "in one language"),
    "keyword": ("keyword", "one to a line, or between `;` `、` `,` `|`"),
    "theme": ("theme", "the same"),
    "issued": ("issued", ""),
    "modified": ("modified", ""),
    "frequency": ("accrual_periodicity", ""),
    "language": ("language", ""),
    "spatial": ("spatial.name", ""),
    "box": ("spatial.box", "west,south,east,north"),
    "temporal": ("temporal", "`start/end`, one to a line"),
    "start": ("temporal.start", "of a single period"),
    "end": ("temporal.end", "of a single period"),
    "license": ("license", ""),
    "access_rights": ("access_rights", ""),
    "rights": ("rights", ""),
    "landing_page": ("landing_page", ""),
    "contact_name": ("contact_point.name", "one contact a row"),
    "contact_email": ("contact_point.email", ""),
    "contact_phone": ("contact_point.phone", ""),
    "contact_page": ("contact_point.url", ""),
    "provenance": ("provenance", ""),
    "version": ("version", ""),
    "conforms_to": ("conforms_to", ""),
    "other_identifier": ("other_identifier", ""),
    "relation": ("relation", ""),
    "status": ("status", ""),
    "sharing": ("sharing.kind", ""),
    "sharing_condition": ("sharing.condition", ""),
    "sharing_basis": ("sharing.legal_basis", ""),
    "openness": ("openness.kind", ""),
    "openness_condition": ("openness.condition", ""),
    "file": ("distribution.download_url", "one file a row; several addresses in a cell are several files"),
    "file_access": ("distribution.access_url", ""),
    "file_name": ("distribution.title", ""),
    "file_description": ("distribution.description", ""),
    "file_identifier": ("distribution.identifier", ""),
    "file_format": ("distribution.format", ""),
    "file_media_type": ("distribution.media_type", ""),
    "file_size": ("distribution.byte_size", ""),
    "file_license": ("distribution.license", ""),
    "file_issued": ("distribution.issued", ""),
    "file_modified": ("distribution.modified", ""),
    "file_language": ("distribution.language", ""),
    "items": ("information_item.name", "several in a cell"),
    "item_name": ("information_item.name", "one a row"),
    "item_code": ("information_item.code", ""),
    "item_type": ("information_item.data_type", ""),
    "item_length": ("information_item.length", ""),
    "item_description": ("information_item.description", ""),
    "item_required": ("information_item.required", ""),
    "item_key": ("information_item.key", ""),
}
FIELDS: tuple[tuple[str, str, str], ...] = tuple(
    (model, f"{NAMES[field].zh} / {NAMES[field].en}", note) for field, (model, note) in _MODEL.items()
)
CARRIES = frozenset(model for model, _ in _MODEL.values()) - {"spatial.name", "spatial.box", "creator.name"} | {"extra"}


def recognises(body: Any) -> bool:
    """Whether it is a row under a header with a title and two more fields of a catalogue, or with a mapping that names a
    title."""
    if not tables.is_row(body):
        return False
    given = body.get("mapping")
    chosen = {str(name): str(field) for name, field in given.items()} if isinstance(given, dict) else None
    fields = {each.field for each in mapping(tables.headers(body), chosen)}
    return "title" in fields and (chosen is not None or len(fields & TELLING) >= 2)


STANDARD = Standard(
    name="spreadsheet",
    title={"zh": "表格目录", "en": "Catalogue in a table"},
    media_type="text/csv",
    version="1.0",
    recognises=recognises,
    read=read,
    write=write,
    check=check,
    rules=RULES,
    repair=repair,
    carries=CARRIES,
    form="table",
    marks={
        "zh": "表头中有标题（名称），以及描述、发布机构、关键词、更新周期、下载地址等列中的至少两列",
        "en": "its header has a title (or name) and two or more of description, publisher, keywords, frequency, download url …",
    },
)
