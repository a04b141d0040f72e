"""Fills the tables in these pages from the code: `python docs/standards/fill.py`, or `--check` to compare only.

Between `<!-- mulu:fields -->` and `<!-- /mulu:fields -->` (also `rules`, `loss`, `matrix` in `loss.md`, `names` in
`spreadsheet.md`) stands what the code says; all else in a page is written by hand. See `standards/mapping.py`.
"""

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from standards import loss, mapping  # noqa: E402
from standards.spreadsheet_columns import NAMES  # noqa: E402
from standards.table import STANDARDS  # noqa: E402

Makers = dict[str, Callable[[], str]]


def makers(name: str) -> Makers:
    """What fills the markers of the page of this name."""
    if name == "loss":
        return {"matrix": lambda: loss.matrix_page(STANDARDS.get(one) for one in STANDARDS if STANDARDS.is_built_in(one))}
    if name not in STANDARDS:
        return {}
    standard = STANDARDS.get(name)
    return {
        "names": lambda: ", ".join(f"`{field}`" for field in NAMES) + ".",
        "fields": lambda: mapping.fields_table(mapping.fields(f"standards.{name}")),
        "rules": lambda: mapping.rules_table(standard),
        "loss": lambda: mapping.loss_list(standard),
    }


def pages() -> dict[Path, str]:
    """Every page, as it should be."""
    found = sorted(Path(__file__).parent.glob("*.md"))
    return {path: mapping.filled(path.read_text("utf-8"), makers(path.stem)) for path in found}


def main(check: bool) -> int:
    """Writes the pages that differ, or only names them."""
    stale = {path: text for path, text in pages().items() if path.read_text("utf-8") != text}
    for path, text in stale.items():
        print(path.relative_to(ROOT), "is stale" if check else "was filled")
        if not check:
            path.write_text(text, "utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
