"""Every character set a source may come in is read as UTF-8, whole and in small bites."""

import io
from pathlib import Path

import pytest

from harvesters.charset import Utf8Reader, Utf8Watch, decode, known
from harvesters.spool import local

ZH = '{"title": "公共交通线路信息，包含全市公交站点位置与运营时间数据"}'
TW = '{"title": "公共交通路線資訊，包含全市公車站點位置與營運時間資料"}'
FR = '{"title": "Données ouvertes de la Ville de Montréal – réseau d’égouts"}'


@pytest.mark.parametrize(
    ("words", "charset", "header"),
    [
        (ZH, "utf-8", None),
        (ZH, "utf-8-sig", "application/json; charset=gbk"),  # a mark outweighs the header
        (ZH, "utf-8", "application/json; charset=iso-8859-1"),  # a server's unchecked default
        (ZH, "utf-16", None),
        (ZH, "utf-16-le", None),
        (ZH, "utf-16-be", "application/json"),
        (ZH, "utf-32", None),
        (ZH, "utf-32-be", None),
        (ZH, "gb18030", None),
        (ZH, "gb18030", "text/html; charset=GB2312"),
        (ZH, "gb18030", "application/json; charset=utf-8"),  # the header is wrong
        ('{"title": "目录"}', "gb18030", "application/json; charset=GBK"),  # valid UTF-8 by chance
        (TW, "big5", None),
        (TW, "cp950", "text/html; charset=Big5"),
        (FR, "cp1252", None),
        (FR, "cp1252", "application/json; charset=ISO-8859-1"),
        (FR, "utf-8", "application/json; charset=nonsense"),
        ('{"title": "plain"}', "ascii", "application/json; charset=utf-16"),
    ],
)
def test_text_is_read_in_its_own_character_set(words: str, charset: str, header: str | None) -> None:
    assert decode(words.encode(charset), header) == words


@pytest.mark.parametrize(
    ("words", "charset"), [(ZH, "gb18030"), (TW, "big5"), (FR, "cp1252"), (ZH, "utf-16"), (ZH, "utf-8-sig")]
)
def test_a_document_is_read_the_same_from_disk_in_any_bite(words: str, charset: str, tmp_path: Path) -> None:
    long = words * 20_000  # more than one chunk, so that characters are cut in the middle
    path = tmp_path / "data.json"
    path.write_bytes(long.encode(charset))
    with path.open("rb") as file:
        document = local(file, "data.json")
        with document.open() as reader:
            assert reader.read().decode("utf-8") == long
        with document.open() as one, document.open() as other:
            assert one.read(7) == other.read(7)
            assert b"".join(iter(lambda: one.read(1013), b"")).decode("utf-8", "ignore").endswith(words[-9:])


def test_one_broken_byte_does_not_turn_a_utf8_text_into_another() -> None:
    broken = (ZH * 50).encode() + b"\xff" + ZH.encode()
    assert decode(broken, None) == ZH * 50 + "\ufffd" + ZH


def test_the_watch_tells_where_utf8_breaks() -> None:
    watch = Utf8Watch()
    for chunk in (b"abc", "公".encode()[:2], "公".encode()[2:], b"x\xff"):
        watch.feed(chunk)
    assert watch.broken_at == 6
    cut = Utf8Watch()
    cut.feed("公".encode()[:2], final=True)
    assert cut.broken_at == 0


@pytest.mark.parametrize(
    "header",
    [None, "text/html", "text/html; charset=", "x; charset=base64", "x; charset=zip", "x; charset=utf-16", "x; charset=../etc"],
)
def test_a_header_that_names_no_usable_set_is_passed_over(header: str | None) -> None:
    assert known(header) is None


def test_a_reader_that_ends_in_half_a_character_says_so() -> None:
    source = io.BytesIO("目录".encode("gb18030")[:-1])
    assert io.BufferedReader(Utf8Reader(source.read, "gb18030")).read().decode() == "目\ufffd"
