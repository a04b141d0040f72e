"""How deep a JSON text nests, found out before a parser sees it.

The streaming parser keeps the path of every level, so its memory grows with the square of the depth: 200 kB of opening
brackets would take gigabytes. RFC 8259 §9 lets receivers limit the depth. Bytes are looked at by the chunk with the
searches of `bytes`, never one by one: this costs a fifth of the parsing.
"""

from metadata.errors import NotData

DEEPEST = 256  # real descriptions have about ten levels


class Nesting:
    """Follows how deep brackets nest, chunk by chunk, and refuses more than `DEEPEST` levels before the parser sees them.

    The levels before a chunk and those inside it are added, so a document may be refused from half as many on.
    """

    def __init__(self, place: str) -> None:
        self._place, self._depth, self._quoted, self._escape = place, 0, False, b""

    def feed(self, chunk: bytes) -> None:
        """The next bytes of the document. Raises `NotData` when they nest too deep."""
        left = self._brackets(self._escape + chunk)
        levels = 0  # closed inside this chunk
        while levels <= DEEPEST and len(shorter := left.replace(b"[]", b"").replace(b"{}", b"")) < len(left):
            left, levels = shorter, levels + 1
        opened = left.count(b"[") + left.count(b"{")
        if self._depth + opened + levels > DEEPEST:
            raise NotData(f"it nests more than {DEEPEST} levels deep", place=self._place, remedy="Ask the source to mend it.")
        self._depth = max(0, self._depth + 2 * opened - len(left))

    def _brackets(self, chunk: bytes) -> bytes:
        """Only the brackets outside strings. Pairs of quotes with no bracket between them go first: nearly all of them."""
        tail = len(chunk) - len(chunk.rstrip(b"\\"))
        self._escape, chunk = (b"\\", chunk[:-1]) if tail % 2 else (b"", chunk)
        if b"\\" in chunk:
            chunk = _unescaped(chunk)
        kept = chunk.translate(None, _NOT_BRACKETS)
        parts = (b'"' + kept if self._quoted else kept).replace(b'""', b"").split(b'"')
        self._quoted = len(parts) % 2 == 0
        return b"".join(parts[::2])


def _unescaped(chunk: bytes) -> bytes:
    """The chunk without escaped quotes and backslashes. Searching for one byte is fast where escapes are rare."""
    pieces = chunk.split(b"\\") if chunk.count(b"\\") * 200 < len(chunk) else []
    if not pieces:
        return chunk.replace(b"\\\\", b"").replace(b'\\"', b"")
    kept, escaped = [pieces[0]], False
    for piece in pieces[1:]:
        if piece and not escaped:
            kept.append(piece[1:])
        else:  # nothing between two backslashes: the second one is what the first escapes
            kept.append(piece)
            escaped = not escaped
    return b"".join(kept)


_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b'[]{}"')
