"""Which character set some bytes are in, and reading them as UTF-8 whatever it is.

In this order: a byte-order mark, the charset of the Content-Type header, the content. One exception, because servers
name a default they never checked: bytes beyond ASCII that form valid UTF-8 are UTF-8, whatever the header says. A few
broken bytes in a long UTF-8 text are replaced (U+FFFD) rather than turning all of it into another character set.
"""

import codecs
import io
from collections.abc import Callable

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE = 1 << 18
# Told apart by content. big5 and gb2312 are read by the sets that contain them.
_CANDIDATES = ["gb18030", "big5", "cp950", "cp932", "cp1252"]
_WIDER = {"big5": "cp950", "gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "iso8859-1": "cp1252"}
_TWO_BYTES = {"gb18030", "cp950", "big5hkscs"}
_BELOW_THREE = bytes(range(0xE0))  # bytes that do not begin a UTF-8 sequence of three or more
_UTF8_ENOUGH = 10  # so many good characters for each broken byte, and it is still UTF-8


class Utf8Watch:
    """Follows bytes as they come in: whether they are valid UTF-8, where they first are not, whether they are all ASCII,
    and whether there are `wide` characters (three bytes or more)."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._fed = 0
        self.broken_at: int | None = None
        self.ascii = True
        self.wide = False

    def feed(self, chunk: bytes, final: bool = False) -> None:
        """The next bytes; `final` with the last ones."""
        self.ascii = self.ascii and chunk.isascii()
        self.wide = self.wide or (not self.ascii and bool(chunk.translate(None, _BELOW_THREE)))
        if self.broken_at is not None or (self.ascii and not final):
            self._fed += len(chunk)
            return
        try:
            self._decoder.decode(chunk, final)
            self._fed += len(chunk)
        except UnicodeDecodeError:
            self.broken_at = self._fed


def detect(head: bytes, sample: bytes, header: str | None, watch: Utf8Watch) -> str:
    """The Python codec to read with: `head` are the first bytes, `sample` those around the first that are not UTF-8."""
    for mark, name in BOMS:
        if head.startswith(mark):
            return name
    if wide := _by_nulls(head):
        return wide
    named = known(header)
    if watch.broken_at is None:
        # A few words, such as 目录 in GBK, are valid UTF-8 by chance, yet never with sequences of three bytes.
        return named if named in _TWO_BYTES and not watch.ascii and not watch.wide else "utf-8"
    if _mostly_utf8(sample):
        return "utf-8"
    if named and _decodes(sample, named):
        return named
    return _by_content(sample)


def known(header: str | None) -> str | None:
    """The Python codec for the charset parameter of a Content-Type, in its wider form, or None."""
    if not header or "charset=" not in header.lower():
        return None
    word = header.lower().split("charset=", 1)[1].split(";")[0].strip(" \"'")
    try:
        info = codecs.lookup(word)
    except (LookupError, ValueError):
        return None
    # `_is_text_encoding` keeps codecs such as base64 or zlib out, which a header could name. A wide set without a mark or
    # nulls is a mistake: nearly any bytes decode as UTF-16.
    plain = getattr(info, "_is_text_encoding", True) and not info.name.startswith(("utf", "ascii"))
    return _WIDER.get(info.name, info.name) if plain else None


def _by_nulls(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: JSON and XML begin with two ASCII characters (RFC 4627 §3)."""
    nulls = tuple(byte == 0 for byte in head[:4])
    patterns: dict[tuple[bool, ...], str] = {
        (True, True, True, False): "utf-32-be",
        (False, True, True, True): "utf-32-le",
        (True, False, True, False): "utf-16-be",
        (False, True, False, True): "utf-16-le",
    }
    return patterns.get(nulls)


def _mostly_utf8(sample: bytes) -> bool:
    words = sample.decode("utf-8", "replace")
    broken = words.count("\ufffd")
    beyond = sum(1 for character in words if character > "\x7f") - broken
    return beyond >= broken * _UTF8_ENOUGH


def _decodes(sample: bytes, name: str) -> bool:
    """Whether the sample reads in that set; its last character may be cut."""
    try:
        codecs.getincrementaldecoder(name)().decode(sample)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _by_content(sample: bytes) -> str:
    import charset_normalizer  # here: nearly all that comes is UTF-8

    best = charset_normalizer.from_bytes(sample, cp_isolation=_CANDIDATES).best()
    return _WIDER.get(best.encoding, best.encoding) if best else "cp1252"


def decode(content: bytes, header: str | None) -> str:
    """Bytes held in memory as text, without a byte-order mark."""
    watch = Utf8Watch()
    watch.feed(content, final=True)
    start = max(0, _broken_place(content) - SAMPLE // 4) if watch.broken_at is not None else 0
    charset = detect(content[:8], content[start : start + SAMPLE], header, watch)
    return content.decode(charset, "replace")


def _broken_place(content: bytes) -> int:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return 0


class Utf8Reader(io.RawIOBase):
    """Bytes in any character set, read as UTF-8 without a mark, in bounded memory. What does not decode becomes U+FFFD."""

    def __init__(self, source: Callable[[int], bytes], charset: str) -> None:
        self._source = source
        self._decoder = None if charset == "utf-8-plain" else codecs.getincrementaldecoder(charset)("replace")
        self._left = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        while not self._left and not self._ended:
            self._left = self._next(max(len(buffer), 1 << 12))
        count = min(len(buffer), len(self._left))
        buffer[:count], self._left = self._left[:count], self._left[count:]
        return count

    def _next(self, size: int) -> bytes:
        chunk = self._source(size)
        self._ended = not chunk
        if self._decoder is None:
            return chunk
        return self._decoder.decode(chunk, final=not chunk).encode("utf-8", "replace")
