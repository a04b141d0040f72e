"""Our expressions against the official ones: the same strings, by generation, for every kind of value that has a pattern."""

import json
import random
import re
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from standards.dcat_us_1_1_patterns import PATTERNS
from standards.json_schema import compiled

_SCHEMA = "dcat-us-1.1/ckanext-datajson/ckanext/datajson/pod_schema/federal-v1.1/dataset.json"
_ROUNDS = 12_000


@pytest.fixture(scope="module")
def theirs(official: Path) -> dict[str, list[re.Pattern[str]]]:
    """The official expressions by our names, for the engine they were written for."""
    schema = json.loads((official / _SCHEMA).read_text("utf-8"))
    fields, card = schema["properties"], schema["definitions"]["vcard"]["properties"]
    found = {
        "date": _plain(fields["issued"]),
        "modified": _plain(fields["modified"]),
        "temporal": _plain(fields["temporal"]),
        "frequency": [*_plain(fields["accrualPeriodicity"]), r"^irregular\Z"],
        "media-type": _plain(fields["describedByType"]),
        "mailto": _plain(card["hasEmail"]),
        "language": [fields["language"]["anyOf"][2]["items"]["pattern"]],
        "redaction": [fields["license"]["anyOf"][2]["pattern"]],
    }
    return {name: [re.compile(each) for each in patterns] for name, patterns in found.items()}


def _plain(field: dict[str, Any]) -> list[str]:
    return [each["pattern"] for each in field["anyOf"] if "pattern" in each and "REDACTED" not in each["pattern"]]


def _ours(name: str) -> Callable[[str], bool]:
    accepts: Callable[[str], bool] = compiled({"pattern": PATTERNS[name]}).gate.is_valid
    return accepts


class _Strings:
    """Strings near the border: put together from pieces that fit, do not quite fit, or belong elsewhere."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def any_of(self, *choices: str) -> str:
        return self.random.choice(choices)

    def date(self) -> str:
        year = self.any_of("", "", "+", "-") + self.any_of("2015", "2015", "1999", "0000", "201", "٢٠١٥")
        dash = self.any_of("", "-", "-")
        other = self.any_of(dash, dash, "", "-")
        month_day = dash + self.any_of("01", "12", "10", "13") + other + self.any_of("01", "29", "31", "32", "1", "00", "3١")
        day = self.any_of(
            year,
            year + dash + self.any_of("01", "12", "13", "00"),
            year + month_day,
            year + dash + "W" + self.any_of("01", "52", "53") + self.any_of("", "-1", "7", "8"),
            year + dash + self.any_of("001", "100", "366", "367", "000"),
        )
        return day + (self.time() if self.random.random() < 0.6 else "")

    def time(self) -> str:
        colon = self.any_of("", ":", ":")
        seconds = self.any_of(colon, colon, "", ":") + self.any_of("20", "59", "60") + self.any_of("", ".5")
        hour = self.any_of("", "10", "24", "24:00", "2400", f"10{colon}30", f"23{colon}59", "25", f"{colon}30", "30")
        fraction = self.any_of("", "", ".5", ",55", ".5530")
        zone = self.any_of("", "", "Z", "z", "+05", "-05:", "+05:30", "-0530", "+5")
        return self.any_of("T", "T", "T", " ", "\n", "\x1c", "　") + hour + fraction + self.any_of("", "", seconds) + zone

    def duration(self) -> str:
        parts = "".join(self.any_of("", "", "1" + unit, "1.5" + unit, "٣" + unit, ".5" + unit) for unit in "YMWD")
        return "P" + parts + self.any_of("", "", "T" + "".join(self.any_of("", "1" + unit) for unit in "HMS"))

    def when(self) -> str:
        repeat = self.any_of("", "", "R/", "R5/", "R")
        words = self.random.choice(
            (
                self.date,
                lambda: f"{self.date()}/{self.date()}",
                lambda: f"{repeat}{self.date()}/{self.duration()}",
                lambda: f"{repeat}{self.duration()}/{self.date()}",
                lambda: repeat + self.duration(),
                lambda: self.any_of("irregular", "irregular\n", "[[REDACTED-EX B6]]", f"[[REDACTED{self.time()}]]"),
            )
        )()
        return self.spoilt(words + (self.any_of("\n", " ", "\n\n", "x") if self.random.random() < 0.08 else ""), 0.1)

    def word(self) -> str:
        words = self.any_of(
            "en", "en-US", "zh-Hant-TW", "x-abc", "i-klingon", "sgn-BE-FR", "en-a-bb-c-dd", "en-x-a-x-b", "abcd-efg",
            "abc-def-ghi-jkl", "abc-def-ghi-jkl-mno", "de-1901", "us-EN", "zh-min-nan", "en-GB-oed", "abcde-Latn-150-abcde",
            "mailto:a@b.c", "mailto:é@b.中", "mailto:a b@c.d", "mailto:x@y.z\n", "mailto:a'()*+,;=:.-_~!$&@b-c.d.",
            "mailto:a/b@c.d", "mailto:a@b", "text/csv", "application/vnd.ms-excel", "application/x+y", "a/b.c+d", "a/b+c+d",
            "é/中", "a\u0301/b", "a/b;c=d", "²/½",
        )  # fmt: skip
        return self.spoilt(self.spoilt(words, 0.7), 0.5)

    def spoilt(self, words: str, share: float) -> str:
        if not words or self.random.random() > share:
            return words
        at = self.random.randrange(len(words) + 1)
        odd = self.any_of("", "-", ":", "0", "1", "T", "/", " ", "+", "@", ".", "a", "ab", "é", "_", "\n")
        return words[:at] + odd + words[at + self.random.randint(0, 1) :]


@pytest.mark.parametrize("name", ["date", "modified", "temporal", "frequency", "redaction", "language", "mailto", "media-type"])
def test_accepts_the_same_strings(theirs: dict[str, list[re.Pattern[str]]], name: str) -> None:
    strings, ours = _Strings(seed=1), _ours(name)
    make = strings.word if name in ("language", "mailto", "media-type") else strings.when
    made = [make() for _ in range(_ROUNDS)]
    verdicts = {words: any(each.search(words) for each in theirs[name]) for words in made}
    assert sum(verdicts.values()) > 50, "the strings should often be right, else this shows nothing"
    assert {words: verdict for words, verdict in verdicts.items() if ours(words) != verdict} == {}


@pytest.mark.parametrize(
    ("name", "around"), [("media-type", "{}/csv"), ("mailto", "mailto:{}@b.gov"), ("date", "2015-01-01{}")]
)
def test_knows_the_same_letters_digits_and_blanks(theirs: dict[str, list[re.Pattern[str]]], name: str, around: str) -> None:
    """Every character of the first plane's start, where the blanks are, and every 7th of the rest.

    Characters that Python's edition of Unicode does not know yet are left out: the engines follow editions years apart."""
    ours, different = _ours(name), []
    for code in (*range(0x3400), *range(0x3400, sys.maxunicode, 7)):
        if unicodedata.category(chr(code)) not in ("Cn", "Cs"):
            words = around.format(chr(code))
            if ours(words) != any(each.search(words) for each in theirs[name]):
                different.append(hex(code))
    assert different == []


def test_needs_no_backtracking() -> None:
    """An engine without look-around and back-references takes every pattern, so no value can make a check slow."""
    for pattern in PATTERNS.values():
        assert jsonschema_rs.validator_for(
            {"pattern": pattern}, pattern_options=jsonschema_rs.RegexOptions(size_limit=50_000_000)
        )
