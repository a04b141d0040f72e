"""Depth is counted over strings, escapes and cuts, and stops at its limit."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvesters.nesting import DEEPEST, Nesting
from metadata.errors import NotData


@settings(max_examples=200, deadline=None)
@given(text=st.text('[]{}"\\a', max_size=60), cut=st.integers(1, 7))
def test_nesting_is_counted_alike_in_any_bite(text: str, cut: int) -> None:
    whole, bitten = Nesting(""), Nesting("")
    content = text.encode()
    whole.feed(content)
    for start in range(0, len(content), cut):
        bitten.feed(content[start : start + cut])
    assert whole._quoted == bitten._quoted and whole._escape == bitten._escape


@settings(max_examples=300, deadline=None)
@given(text=st.text('\\"a', max_size=30), filling=st.sampled_from([0, 10_000]))
def test_escapes_are_told_from_quotes_however_rare(text: str, filling: int) -> None:
    """The fast and the slow way of reading escapes agree with the json module."""
    content = json.dumps({text: text + "x" * filling})
    nesting = Nesting("")
    nesting.feed(content.encode())
    assert (nesting._depth, nesting._quoted, nesting._escape) == (0, False, b"")


@pytest.mark.parametrize("bite", [1, 3, 1000])
def test_nesting_is_allowed_to_its_limit_and_no_further(bite: int) -> None:
    def feed(depth: int) -> None:
        nesting = Nesting("")
        content = b'["]", ' * depth + b"1" + b"]" * depth + b' "[[[[" []'
        for start in range(0, len(content), bite):
            nesting.feed(content[start : start + bite])

    feed(DEEPEST // 2)
    with pytest.raises(NotData):
        feed(DEEPEST + 1)
