"""JSON as sources give it: parsing it, and saying in one line what a text is that is not JSON.

Numbers beyond what JSON libraries hold exactly (integers over 64 bits, floats beyond a double, NaN) are kept as their
spelling, in a string: nothing is lost, and the record can be written again (RFC 8259 §6 lets receivers set such limits).
"""

import json
import re
from decimal import Decimal
from typing import Any

import orjson

from metadata.digits import may_be_long
from metadata.errors import NotData

_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(
    r"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|script|meta|title|br|p|div|h\d|b|center)\b", re.IGNORECASE | re.DOTALL
)
TEMPLATE = re.compile(r"\s*(---\s*\n|\{\{|\{%|<%|<\?php|\$\{)")
_LONG_INTEGER = re.compile(r"(?<![\w.+-])-?\d{19,}(?![\d.eE])")
_SURROGATES = re.compile("[\ud800-\udfff]")
_INT64 = 1 << 63


def loads(text: str, place: str) -> Any:
    """Parsed JSON, or `NotData` that says what the text is instead."""
    try:
        if not may_be_long(text.encode("utf-8", "surrogatepass")) or not _LONG_INTEGER.search(text):
            return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    # The slow reader takes what the fast one refuses: long integers, NaN, lone surrogates.
    try:
        return _whole(json.loads(text, parse_int=_integer, parse_float=_float, parse_constant=str))
    except (ValueError, RecursionError) as error:
        refuse(text, place)
        raise NotData("this is not JSON", place=place, value=str(error), remedy="Ask the source to mend it.") from None


def refuse(text: str, place: str) -> None:
    """Raises `NotData` when the start of a document shows that it is no JSON at all; returns when it might be."""
    start = text.lstrip("\ufeff \t\r\n\0")
    shown = " ".join(start[:400].split())[:80]
    if not start:
        raise NotData("the answer is empty", place=place, remedy="Ask the source what happened to its data.")
    if TEMPLATE.match(start):
        raise unfilled(shown, place)
    if _MARKUP.match(start):
        title = _TITLE.search(start)
        words = " ".join(title.group(1).split()) if title else shown
        remedy = "Check the URL, or whether the site is down."
        raise NotData("this is an HTML page, not data", place=place, value=words, remedy=remedy)
    if start.startswith("<"):
        raise NotData("this is XML, not JSON", place=place, value=shown, remedy="Check the URL and the protocol.")
    if start[0] not in '{["':
        raise NotData("this is not JSON", place=place, value=shown, remedy="Check the URL.")


def unfilled(shown: str, place: str) -> NotData:
    """What is said about a template (Liquid, Jinja, PHP) that was published instead of what it makes."""
    remedy = "Ask the source for the finished file."
    return NotData("this is a template that was not filled in", place=place, value=shown, remedy=remedy)


def tamed(value: Any) -> Any:
    """A parsed value whose numbers any JSON library can write again."""
    if isinstance(value, dict):
        return {key: tamed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [tamed(inner) for inner in value]
    if isinstance(value, Decimal):
        return _float(str(value))
    if isinstance(value, int) and not isinstance(value, bool):
        return _bounded(value)
    return value


def name_of(body: Any, *keys: str) -> str | None:
    """The first of these fields that is a word or a number, as the record's identifier; None when there is none."""
    if not isinstance(body, dict):
        return None
    for key in keys:
        value = body.get(key)
        if isinstance(value, str) and (word := value if value.isascii() else _SURROGATES.sub("\ufffd", value)):
            if word := word.replace("\0", "").strip():
                return word
        elif isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return None


def failure_in(body: Any) -> str | None:
    """What an error that came with status 200 says, or None when this is no error."""
    if not isinstance(body, dict):
        return None
    error = body.get("error") or body.get("errors")
    if not error and body.get("success") is not False:
        return None
    if isinstance(error, dict):
        inner = error.get("message") or error.get("title") or error.get("__type")
        return str(inner if inner else error)
    return str(error or body.get("message") or "success is false")


def _integer(digits: str) -> int | str:
    return digits if len(digits) > 20 else _bounded(int(digits))


def _bounded(number: int) -> int | str:
    return number if -_INT64 <= number < 2 * _INT64 else str(number)


def _float(digits: str) -> float | str:
    number = float(digits)
    return digits if number in (float("inf"), float("-inf")) or number != number else number


def _whole(value: Any) -> Any:
    """Lone surrogates cannot be stored or sent as UTF-8: they become U+FFFD."""
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_whole(key): _whole(inner) for key, inner in value.items()}
    return [_whole(inner) for inner in value] if isinstance(value, list) else value
