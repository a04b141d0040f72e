"""The characters of an XML document: which set they are in, what no XML may hold, and the DOCTYPE; with the rules about it.

Whatever a document declares, what is parsed is UTF-8, so that no odd set (UTF-7, EBCDIC) hides a DOCTYPE from the one who
looks for it. Rules: W3C XML 1.0 (5th edition) §2.2, §2.8, §4.1, appendix F.
"""

import codecs
import html.entities
import re

from standards.base import Rule, Unreadable

_MEND = {
    "zh": "用 XML 校验工具打开该文件，在所指的行改正后重新提交",
    "en": "Open the file in an XML checker, mend it at that line",
}
MALFORMED = Rule(
    id="record/xml/well-formed",
    severity="error",
    message={"zh": "XML 格式不正确，无法解析", "en": "This is not well-formed XML"},
    clause="W3C XML 1.0 §2.1 Well-Formed XML Documents",
    fix=_MEND,
    link="https://www.w3.org/TR/xml/#sec-well-formed",
)
DOCTYPE = Rule(
    id="record/xml/doctype",
    severity="error",
    message={
        "zh": "XML 带有自定义实体的 DOCTYPE 声明，出于安全考虑不予解析",
        "en": "This XML has a DOCTYPE with declarations of its own, which is not read for safety",
    },
    clause="W3C XML 1.0 §2.8 Prolog and Document Type Declaration",
    fix={
        "zh": "删除 <!DOCTYPE …> 声明，并把其中的实体替换为实际文字",
        "en": "Remove the <!DOCTYPE …> and write out the words that its entities stand for",
    },
    link="https://www.w3.org/TR/xml/#sec-prolog-dtd",
)
TOO_MUCH = Rule(
    id="record/xml/limits",
    severity="error",
    message={
        "zh": "XML 嵌套过深，或者单个文本、属性、文件过大",
        "en": "This XML is nested too deep, or a text, an attribute or the document is too large",
    },
    clause="libxml2 parser limits: depth 256, text and attributes 10 MB",
    fix={"zh": "把文件拆成每条记录一份，去掉异常的内容", "en": "Give one document for each record, without what swells it"},
)
REFUSED = Rule(
    id="record/xml/exception",
    severity="error",
    message={"zh": "服务返回的是错误信息，不是数据", "en": "The service answered with an error, not with data"},
    clause="OGC Web Services Common, exception reports",
    fix={"zh": "核对请求的网址和参数，或联系数据提供方", "en": "Check the address and its parameters, or ask the source"},
    link="https://www.ogc.org/standards/common/",
)
RULES = {rule.id: rule for rule in (MALFORMED, DOCTYPE, TOO_MUCH, REFUSED)}

_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_PLAIN_DOCTYPE = re.compile(rb"""<!DOCTYPE(?:[^\[<>"']{0,500}|"[^"]{0,2000}"|'[^']{0,2000}'){0,9}>""")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_UTF8_ENOUGH = 10  # so many good characters beyond ASCII for each broken one, and it is still UTF-8
_BLANKS = re.compile(rb"\s*")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "cp950", "iso8859-1": "cp1252"}
_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_XMLS_OWN = ("lt", "gt", "amp", "quot", "apos", "LT", "GT", "AMP", "QUOT")


def as_utf8(body: bytes) -> bytes:
    """The document in UTF-8, whatever it declares; what does not decode becomes U+FFFD. UTF-8 comes back as it is."""
    if body.startswith(codecs.BOM_UTF8):
        return body[3:]
    for mark, codec in _WIDE_MARKS:
        if body.startswith(mark):
            return body.decode(codec, "replace").lstrip("\ufeff").encode("utf-8", "replace")
    start = body[:64].lstrip()
    trimmed = body.lstrip() if body[:1].isspace() else body
    declared = _DECLARED.match(start[:1] + trimmed[1:400]) if trimmed else None
    codec_name = _text_codec(declared.group(1).decode()) if declared else None
    if codec_name is None:
        return trimmed
    return trimmed if _is_utf8(trimmed) else trimmed.decode(codec_name, "replace").encode("utf-8", "replace")


def _text_codec(word: str) -> str | None:
    """The Python codec for a declared character set; None for UTF-8, for what is unknown, and for what cannot be true, since
    the declaration itself was read as ASCII."""
    try:
        info = codecs.lookup(word)
    except (LookupError, ValueError):
        return None
    plain = getattr(info, "_is_text_encoding", True) and not info.name.startswith(("utf", "ascii"))
    return _WIDER.get(info.name, info.name) if plain else None


def _is_utf8(body: bytes) -> bool:
    """Whether this is UTF-8 with characters beyond ASCII: then a declaration that says otherwise is wrong."""
    try:
        return not body.isascii() and bool(body.decode())
    except UnicodeDecodeError:
        return False


def mended(body: bytes) -> bytes:
    """Without what no XML may hold: bytes that are not UTF-8, control characters, references to them (U+FFFD instead), and
    HTML's names for characters."""
    words = body.decode("utf-8", "replace")
    broken = words.count("\ufffd")
    if sum(1 for character in words if character > "\x7f") < broken * (_UTF8_ENOUGH + 1):
        words = _in_another_set(body)
    words = _NAMED.sub(_spelled_out, _FORBIDDEN.sub("\ufffd", words))
    return _REFERENCE.sub(_allowed, words).encode("utf-8", "replace")


def _spelled_out(entity: re.Match[str]) -> str:
    """HTML's names for characters, which XML does not have (`&nbsp;`), as the characters."""
    word = entity.group(1)
    return html.entities.html5.get(f"{word};", entity.group()) if word not in _XMLS_OWN else entity.group()


def _in_another_set(body: bytes) -> str:
    try:
        return body.decode("gb18030")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _allowed(reference: re.Match[str]) -> str:
    number = int(reference.group(1), 16) if reference.group(1) else int(reference.group(2))
    fine = number in (9, 10, 13) or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000
    return reference.group() if fine else "\ufffd"


def without_doctype(utf8: bytes) -> bytes:
    """The document with a DOCTYPE that only names a DTD blanked out (lines keep their numbers). Raises `Unreadable` for one
    with declarations of its own. Only the prolog may have one, so the words `<!DOCTYPE` inside a record do no harm."""
    start = _prolog_end(utf8)
    if not utf8.startswith(b"<!DOCTYPE", start):
        return utf8
    plain = _PLAIN_DOCTYPE.match(utf8, start)
    if not plain:
        raise Unreadable(DOCTYPE, f"(line {utf8.count(10, 0, start) + 1})", utf8[start : start + 80].decode("utf-8", "replace"))
    blank = re.sub(rb"[^\n]", b" ", plain.group())
    return utf8[:start] + blank + utf8[plain.end() :]


def _prolog_end(utf8: bytes) -> int:
    """Where the first thing stands that is neither blank nor comment nor processing instruction."""
    at = 0
    while True:
        at = _BLANKS.match(utf8, at).end()  # type: ignore[union-attr]
        opening = next((pair for pair in ((b"<?", b"?>"), (b"<!--", b"-->")) if utf8.startswith(pair[0], at)), None)
        end = utf8.find(opening[1], at) if opening else -1
        if opening is None or end < 0:
            return at
        at = end + len(opening[1])
