"""The classes of DCAT-US 3.0 and their fields, and the JSON Schema that is made of them.

`files/dcat_us_3/classes.json` has one line for each field: level (M mandatory, R recommended, O optional), kind, and how many:
`?` null is right too, `*` a list, `*?` a list or null, `|*` one or a list, `|*?` one, a list or null. A kind is a class or one
of `_KINDS`. The facts are those of GSA's schemas 3.0.0 (https://resources.data.gov/dcat-us/3.0.0/definitions/…); the schema
that comes out says the same without alternatives, so that one fault is told once and not once for every branch.
"""

from functools import cache
from typing import Any, NamedTuple

from standards.json_patterns import END, MAILTO
from standards.json_schema import Step, Validator, compiled, schema_file

FOLDER = "dcat_us_3"
_FREQUENCIES = (
    "continual", "daily", "weekly", "fortnightly", "monthly", "quarterly", "biannually", "annually", "asNeeded", "irregular",
    "notPlanned", "unknown", "continuous", "biweekly", "semiannual", "annual", "triennial", "biennial", "threeTimesAYear",
    "bimonthly", "semimonthly", "threeTimesAMonth", "semiweekly", "threeTimesAWeek",
)  # fmt: skip
_COORDINATES = {"type": "array"}
_POINT = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}


def _geometry(kind: str | None, coordinates: dict[str, Any] | None) -> dict[str, Any]:
    said: dict[str, Any] = {"type": {"type": "string", "const": kind}} if kind else {}
    properties = {**said, **({"coordinates": coordinates} if coordinates else {})}
    return {"required": ["type", "coordinates"], "properties": properties}


# JSON types, and what else holds of a value of these types; keywords mean nothing for values of other types.
_KINDS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "text": (("string",), {}),
    "keyword": (("string",), {"minLength": 1}),
    "code": (("string",), {"maxLength": 2}),
    "iri": (("string",), {"format": "iri"}),
    "date": (
        ("string",),
        {
            "anyOf": [
                {"format": "date-time"},
                {"format": "date"},
                {"pattern": f"^[0-9]{{4}}{END}"},
                {"pattern": f"^[0-9]{{4}}-[0-9]{{2}}{END}"},
            ]
        },
    ),
    "frequency": (("string",), {"anyOf": [{"enum": [*_FREQUENCIES, None]}, {"pattern": f"^R/P[^\\n]+{END}"}]}),
    "mail": (("string",), {"pattern": f"^{MAILTO}{END}"}),
    "bbox": (("string", "object"), _geometry("Polygon", _COORDINATES)),
    "point": (("string", "object"), _geometry("Point", _POINT)),
    "shape": (("string", "object"), _geometry(None, None)),
}
_OR_TEXT = frozenset(("Concept", "Identifier"))
_EITHER_END = {"anyOf": [{"required": ["startDate"]}, {"required": ["endDate"]}]}


class Field(NamedTuple):
    """A field of a class: level `M`, `R` or `O`, kind (a class or one of `_KINDS`), and how many (`""`, `?`, `*`, `*?`, `|*`,
    `|*?`)."""

    level: str
    kind: str
    many: str

    @property
    def is_list(self) -> bool:
        return "*" in self.many


@cache
def classes() -> dict[str, dict[str, Field]]:
    """The fields of each class, by name."""
    read = schema_file(FOLDER, "classes.json")
    return {name: {field: _field(line) for field, line in fields.items()} for name, fields in read.items()}


def _field(line: str) -> Field:
    level, rest = line.split(" ")
    kind = rest.rstrip("?*|")
    return Field(level, kind, rest[len(kind) :])


def class_of(body: Any, otherwise: str = "Dataset") -> str:
    """The class an object is of: what `@type` says, with or without prefix, else what only one class has, else `otherwise`."""
    if not isinstance(body, dict):
        return otherwise
    said = body.get("@type")
    for word in said if isinstance(said, list) else [said]:
        name = word.rpartition(":")[2].rpartition("#")[2] if isinstance(word, str) else ""
        if name in _TOP:
            return name
    return next((name for name, mark in _TOP.items() if mark and mark in body and "distribution" not in body), otherwise)


_TOP = {
    "Dataset": "",
    "DataService": "endpointURL",
    "DatasetSeries": "seriesMember",
    "CatalogRecord": "primaryTopic",
    "Catalog": "dataset",
}


@cache
def validator(name: str) -> Validator:
    """The compiled schema of a class."""
    made = {kind: _class(kind, fields) for kind, fields in classes().items()} | {
        kind: rest for kind, (_, rest) in _KINDS.items()
    }
    return compiled({"type": "object", **made[name], "$defs": made})


def _class(name: str, fields: dict[str, Field]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "required": [field for field, line in fields.items() if line.level == "M"],
        "properties": {field: _schema(line) for field, line in fields.items()},
    }
    return schema | (_EITHER_END if name == "PeriodOfTime" else {})


def _schema(field: Field) -> dict[str, Any]:
    types = json_types(field.kind)
    reference = {"$ref": f"#/$defs/{field.kind}"}
    null = ["null"] if field.many.endswith("?") else []
    if not field.is_list:
        return {"type": [*types, *null], **reference}
    items = {"items": {"type": list(types), **reference}}
    if field.many.startswith("|"):
        return {"type": [*types, "array", *null], **reference, **items}
    return {"type": ["array", *null], **items}


def json_types(kind: str) -> tuple[str, ...]:
    """The JSON types that one value of a kind may have."""
    if kind in _KINDS:
        return _KINDS[kind][0]
    return ("string", "object") if kind in _OR_TEXT else ("object",)


class Spot(NamedTuple):
    """Where a fault is, in words of the classes: class, field, the steps inside a value that is no class, and whether it is an
    element of a list."""

    kind: str
    field: str
    inner: tuple[str, ...]
    item: bool


def spot(name: str, path: tuple[Step, ...]) -> Spot:
    """The spot of a place inside an object of class `name`."""
    known = classes()
    kind, field, item = name, "", False
    inner: tuple[str, ...] = ()
    for step in path:
        if isinstance(step, int):
            item = True
            continue
        target = known[kind][field].kind if field else kind
        if target in known:
            kind, field, inner = target, step, ()
        else:
            inner = (*inner, step)
        item = False
    return Spot(kind, field, inner, item)
