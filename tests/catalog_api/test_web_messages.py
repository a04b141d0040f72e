"""The catalogue of messages: nothing untranslated, nothing left over, every placeholder kept."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment

from catalog_api.web import translation

WEB = Path(translation.__file__).parent
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None, "say": None}
METHODS = [("templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
OPTIONS = {"templates/**.html": {"newstyle_gettext": "true", "silent": "false"}}

Message = str | tuple[str, ...]


def used() -> set[Message]:
    found = extract_from_dir(str(WEB), method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS)  # type: ignore[arg-type]
    return {message if isinstance(message, str) else tuple(message) for _, _, message, _, _ in found}


def translated(tag: str) -> dict[Message, tuple[str, ...]]:
    with (translation.FOLDER / f"{tag}.po").open("rb") as file:
        messages = read_po(file)
    return {
        message.id if isinstance(message.id, str) else tuple(message.id): _strings(message.string)
        for message in messages
        if message.id and not message.fuzzy
    }


def _strings(words: str | Iterable[str]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def test_every_message_is_translated_and_every_translation_is_used() -> None:
    chinese = translated("zh")
    assert len(used()) > 250  # the extraction itself works
    assert used() - chinese.keys() == set()
    assert chinese.keys() - used() == set()


def test_no_translation_is_empty_or_loses_a_placeholder() -> None:
    for message, words in translated("zh").items():
        wanted = set(PLACEHOLDER.findall(message if isinstance(message, str) else " ".join(message)))
        for one in words:
            assert one.strip(), message
            assert set(PLACEHOLDER.findall(one)) == wanted, message


def texts() -> Iterator[tuple[str, str]]:
    """What templates write themselves, outside tags, expressions and blocks."""
    for path in sorted((WEB / "templates").glob("*.html")):
        plain = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text("utf-8"), flags=re.S)
        plain = re.sub(r"<(svg|code|pre)\b.*?</\1>|<[^>]*>|&\w+;", " ", plain, flags=re.S)
        yield from ((path.name, word) for word in re.findall(r"[A-Za-z一-鿿]{2,}", plain))


def test_templates_hold_no_words_of_their_own() -> None:
    names = {"JSON", "CSV", "CKAN", "DCAT", "US", "AP", "Turtle", "API", "data", "json", "UTC", "MiB"}
    assert [(file, word) for file, word in texts() if word not in names] == []


def test_templates_parse() -> None:
    made = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
    for path in (WEB / "templates").glob("*.html"):
        made.parse(path.read_text("utf-8"))


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("fr;q=0.9, en;q=0.1, zh;q=0.2", "zh"),
        ("fr", "zh"),
        ("", "zh"),
        ("en;q=0, zh;q=0", "zh"),
        ("en;q=nonsense,,;;;,*", "zh"),
        ("zh-Hant-TW", "zh"),
        ("EN", "en"),
        ("en," * 100_000, "en"),
    ],
)
def test_accept_language(header: str, wanted: str) -> None:
    assert translation.accepted(header, ("zh", "en")) == wanted
