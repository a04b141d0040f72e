"""Which words are valid in which datatype: XML Schema 1.1 Part 2, for the types that DCAT's profiles ask for."""

import re
from calendar import monthrange

_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_DAY = r"-?(?P<year>[1-9]\d{3,}|0\d{3})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])"
_CLOCK = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_FORMS = {
    f"{_XSD}{name}": re.compile(form, re.ASCII)
    for name, form in {
        "date": rf"{_DAY}{_ZONE}",
        "dateTime": rf"{_DAY}T{_CLOCK}{_ZONE}",
        "gYear": rf"-?(?:[1-9]\d{{3,}}|0\d{{3}}){_ZONE}",
        "gYearMonth": rf"-?(?:[1-9]\d{{3,}}|0\d{{3}})-(?:0[1-9]|1[0-2]){_ZONE}",
        "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
        "integer": r"[+-]?\d+",
        "nonNegativeInteger": r"\+?\d+|-0+",
        "double": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
        "boolean": r"true|false|0|1",
        "hexBinary": r"(?:[0-9a-fA-F]{2})*",
        "duration": r"-?P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d|\.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?",
    }.items()
}
DATES = frozenset(_XSD + name for name in ("date", "dateTime", "gYear", "gYearMonth"))


def is_valid(words: str, datatype: str) -> bool:
    """Whether the words are of the datatype's lexical space, blanks around them left out; True for a type that is not known."""
    form = _FORMS.get(datatype)
    found = form.fullmatch(words.strip(" \t\r\n")) if form else None
    if form is None or found is None:
        return form is None
    if "day" not in found.groupdict():
        return True
    year, month = int(found["year"]), int(found["month"])
    return int(found["day"]) <= monthrange(year if 0 < year < 10_000 else 2000 + year % 400, month)[1]
