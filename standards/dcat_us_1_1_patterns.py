"""Which strings DCAT-US 1.1 accepts as dates, intervals, media types, e-mail addresses and language tags.

The official schemas (Project Open Data Metadata Schema v1.1) say it with long expressions full of back-references, run by
Python's `re`. What they accept is said here again by composing small pieces that a linear-time engine can run. These are
quirks of the official expressions that the verdict depends on, so they are kept:

- digits, letters and blanks are Unicode's, and one line end may follow the value (`$` of Python's `re`);
- a month without a day, written without dash (`201604`), is refused unless a time follows behind `T`;
- seconds need minutes before them and the same colon, or lack of it; a fraction of the minute and `:SS` exclude each other;
- in `start/end` the end borrows the dash and the colon of the start: after `20150101/` the end `2015-12-31` is refused, and
  after a start without minutes the end may have no seconds.

`tests/standards/test_dcat_us_1_1_patterns.py` holds each against the official expression on generated strings.
"""

from standards.json_patterns import BLANK as _BLANK
from standards.json_patterns import DIGIT as _D
from standards.json_patterns import END as _END
from standards.json_patterns import MAILTO
from standards.json_patterns import WORD as _WORD

_YEAR = rf"[+-]?{_D}{{4}}"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = rf"(?:0[1-9]|[12]{_D}|3[01])"
_WEEK = rf"W(?:[0-4]{_D}|5[0-2])(?:-?[1-7])?"
_ORDINAL = rf"(?:00[1-9]|0[1-9]{_D}|[12]{_D}{{2}}|3[0-5]{_D}|36[1-6])"
_HOUR = rf"(?:[01]{_D}|2[0-3])"
_SIXTY = rf"[0-5]{_D}"
_MIDNIGHT = "24:?00"
_FRACTION = rf"[.,]{_D}+"
_SECONDS = rf"{_SIXTY}(?:{_FRACTION})?"
_ZONE = rf"(?:[zZ]|[+-]{_HOUR}:?(?:{_SIXTY})?)?"

# What may stand behind `T` or a blank, by the colon between hour and minute: none written yet, `:` or nothing.
_CLOCK = {
    None: rf"(?:(?:{_HOUR}|{_MIDNIGHT})(?:{_FRACTION})?)?",
    ":": rf"{_HOUR}:{_SIXTY}(?:{_FRACTION}|:{_SECONDS})?",
    "": rf"{_HOUR}{_SIXTY}(?:{_FRACTION})?(?:{_SECONDS})?",
}
_HOURS = rf"(?:{_HOUR}(?::?{_SIXTY})?|{_MIDNIGHT})"
# The same for the end of a pair, whose seconds borrow the colon of the start.
_END_CLOCK = {
    None: rf"(?:{_HOURS}(?:{_FRACTION})?)?",
    ":": rf"(?:{_HOURS}{_FRACTION}|(?:{_HOURS})?(?::{_SECONDS})?)",
    "": rf"(?:{_HOURS}(?:{_FRACTION})?)?(?:{_SECONDS})?",
}


def _timed(clock: str, mark: str) -> str:
    return rf"{mark}(?:{clock}){_ZONE}"


def _days(dash: str, borrowed: str | None, clock: str, optional: bool) -> str:
    """What follows the year: month, day, week or ordinal day behind `dash`, the day behind the `borrowed` dash; then a time."""
    behind_t, behind_any = _timed(clock, "T"), _timed(clock, f"[T{_BLANK}]")
    time = f"(?:{behind_any})?" if optional else behind_any
    forms = [f"{dash}(?:{_WEEK}|{_ORDINAL}){time}"]
    if dash:
        day = "" if borrowed is None else f"(?:{borrowed}{_DAY})?"
        forms.append(f"{dash}{_MONTH}{day}{time}")
    else:
        forms.append(_MONTH + behind_t)
        if borrowed == "":
            forms.append(_MONTH + _DAY + time)
    return f"(?:{'|'.join(forms)})"


def _date() -> str:
    clock = "|".join(_CLOCK.values())
    return f"{_YEAR}(?:{_days('-', '-', clock, True)}|{_days('', '', clock, True)})?"


def _end(dash: str | None, colon: str | None) -> str:
    clock = _END_CLOCK[colon]
    return f"{_YEAR}(?:{_days('-', dash, clock, True)}|{_days('', dash, clock, True)})?"


def _pair() -> str:
    """`start/end`: one form for each dash and colon the start can have."""
    forms = [f"{_YEAR}/{_end(None, None)}"]
    for dash in ("-", ""):
        for colon, clock in _CLOCK.items():
            start = _days(dash, dash, clock, optional=colon is None)
            forms.append(f"{_YEAR}{start}/{_end(dash, colon)}")
    return f"(?:{'|'.join(forms)})"


def _span(letters: str) -> str:
    return "".join(rf"(?:{_D}+(?:\.{_D}+)?{letter})?" for letter in letters)


_DATE = _date()
_DURATION = f"P{_span('YMWD')}(?:T{_span('HMS')})?"
_REPEATED = rf"(?:R{_D}*/)?"

_SUBTAG = "[A-Za-z0-9]"
_LANGUAGE = (
    r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
    rf"(?:-(?:{_SUBTAG}{{5,8}}|[0-9]{_SUBTAG}{{3}}))*(?:-[0-9A-WY-Za-wy-z](?:-{_SUBTAG}{{2,8}})+)*(?:-x(?:-{_SUBTAG}{{1,8}})+)*"
)
_OLD_LANGUAGES = (
    "i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)|en-GB-oed|sgn-(?:BE-(?:FR|NL)|CH-DE)"
    "|art-lojban|cel-gaulish|no-(?:bok|nyn)|zh-(?:guoyu|hakka|min(?:-nan)?|xiang)"
)


def _whole(*forms: str) -> str:
    return f"^(?:{'|'.join(forms)}){_END}"


PATTERNS: dict[str, str] = {
    "date": _whole(_DATE),
    "modified": _whole(_DATE, _REPEATED + _DURATION, f"{_REPEATED}{_DATE}/{_DURATION}"),
    "temporal": _whole(_pair(), f"{_REPEATED}{_DATE}/{_DURATION}", f"{_REPEATED}{_DURATION}/{_DATE}"),
    "frequency": rf"^(?:irregular$|R/{_DURATION}{_END})",
    "media-type": _whole(rf"[-{_WORD}]+/[-{_WORD}]+(?:\.[-{_WORD}]+)*(?:\+[-{_WORD}]+)?"),
    "mailto": _whole(MAILTO),
    "language": _whole(_LANGUAGE, rf"x(?:-{_SUBTAG}{{1,8}})+", _OLD_LANGUAGES),
    "redaction": rf"^\[\[REDACTED[^\n]*\]\]{_END}",
    "bureau": "[0-9]{3}:[0-9]{2}",
    "program": "[0-9]{3}:[0-9]{3}",
    "investment": "[0-9]{3}-[0-9]{9}",
}
