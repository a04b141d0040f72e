"""Integers beyond 64 bits in a JSON text, of which fast parsers make floats (RFC 8259 §6 lets them). Looked for in one sweep
over the bytes: a regular expression would take longer than the parsing."""

_DIGITS = bytes(48 if 48 <= byte < 58 else byte for byte in range(256))
_LONG = b"0" * 19


def may_be_long(text: bytes) -> bool:
    """Whether 19 digits stand side by side anywhere."""
    return _LONG in text.translate(_DIGITS)


def has_long_integer(text: bytes) -> bool:
    """Whether what looks like an integer of 19 digits or more stands where a JSON value may (a text may hold the like)."""
    digits = text.translate(_DIGITS)
    at = digits.find(_LONG)
    while at >= 0:
        end = at + len(_LONG)
        while digits[end : end + 1] == b"0":
            end += 1
        if (
            text[max(0, at - 40) : at].removesuffix(b"-").rstrip()[-1:] in (b":", b"[", b",", b"")
            and text[end : end + 1] not in _MORE
        ):
            return True
        at = digits.find(_LONG, end)
    return False


_MORE = (b".", b"e", b"E")  # a float: its digits may be as many as they like
