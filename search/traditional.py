"""Traditional → simplified, character by character, so that either script finds the other.

The table `traditional.txt` holds two lines of equal length: traditional characters, and the simplified one of each. It is
made from the character dictionary of OpenCC (https://github.com/BYVoid/OpenCC, Apache-2.0) by `python -m search.traditional`
and kept in the package, so that neither indexing nor asking needs OpenCC.
"""

import sys
from pathlib import Path

TABLE = Path(__file__).with_name("traditional.txt")
_HAN = ((0x3400, 0xA000), (0x20000, 0x32400))


def simplified() -> dict[int, str]:
    """Code point of a traditional character → its simplified form."""
    left, right = TABLE.read_text(encoding="utf-8").split("\n")[:2]
    return {ord(old): new for old, new in zip(left, right, strict=True)}


def pairs() -> list[tuple[str, str]]:
    """What OpenCC makes of every Han character on its own, where that is another one character: by the general dictionary,
    else by the ones that also know the shapes used in Hong Kong and in Taiwan."""
    import opencc

    converters = [opencc.OpenCC(name).convert for name in ("t2s", "hk2s", "tw2s")]
    found: dict[str, str] = {}
    for character in (chr(code) for start, end in _HAN for code in range(start, end)):
        forms = (convert(character) for convert in converters)
        if form := next((form for form in forms if form != character and len(form) == 1), None):
            found[character] = form
    return [(old, last) for old in found if (last := _last(found, old)) != old]


def _last(found: dict[str, str], character: str) -> str:
    """Where a character ends when it is simplified again and again (麼 → 么 → 幺), so that folding twice changes nothing."""
    seen = {character}
    while (character := found.get(character, character)) not in seen:
        seen.add(character)
    return character


def main() -> None:
    """Write the table anew."""
    found = pairs()
    TABLE.write_text("\n".join("".join(side) for side in zip(*found, strict=True)) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(found)} characters written to {TABLE.name}\n")


if __name__ == "__main__":
    main()
