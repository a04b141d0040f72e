"""Reads every file of a folder of real descriptions and says, folder by folder, what became of them, as a Markdown table.

    python docs/standards/real_files.py [FOLDER] [--details]

FOLDER is by default `${MULU_CORPORA:-~/.cache/mulu/corpora}`. `--details` lists what is refused on standard error.
"""

import os
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from catalog_api.checking import examined, is_valid  # noqa: E402
from harvesters import forms, spool  # noqa: E402
from metadata.errors import CatalogError  # noqa: E402

LARGE = 60 << 20


@dataclass
class Told:
    """What became of the files of a folder."""

    files: int = 0
    records: int = 0
    datasets: int = 0
    faulty: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    standards: Counter[str] = field(default_factory=Counter)


def look(path: Path, told: Told, details: bool) -> None:
    """Takes one file in."""
    told.files += 1
    try:
        with path.open("rb") as file:
            for part in forms.records(spool.local(file, str(path))):
                said = examined(part, None)
                told.records += 1
                told.datasets += said.dataset is not None
                told.faulty += said.dataset is not None and not is_valid(said.findings)
                told.standards[said.standard.name if said.standard else "–"] += 1
                if said.dataset is None:
                    worst = next((one for one in said.findings if one.severity == "error"), None)
                    told.refused[worst.message.get("en", worst.rule) if worst else "no dataset"] += 1
    except CatalogError as problem:
        told.refused[problem.message.partition(" (")[0].partition(":")[0]] += 1
        if details:
            print(path, problem.message, problem.value, file=sys.stderr)


def main(root: Path, details: bool) -> None:
    """Prints the table."""
    folders: dict[str, Told] = {}
    for path in sorted(each for each in root.rglob("*") if each.is_file()):
        steps = path.relative_to(root).parts
        if path.name == "SOURCE.txt" or ".xz-" in path.name or path.stat().st_size > LARGE or len(steps) < 2:
            continue
        look(path, folders.setdefault("/".join(steps[:2]), Told()), details)
    print("| folder | files | records | datasets | of these with errors | recognised as | not read, and why |")
    print("|---|--:|--:|--:|--:|---|---|")
    for name, told in folders.items():
        standards = ", ".join(f"{each} {count:,}" for each, count in told.standards.most_common(4) if each != "–")
        why = "; ".join(f"{count:,}: {reason}" for reason, count in told.refused.most_common(3))
        print(f"| {name} | {told.files:,} | {told.records:,} | {told.datasets:,} | {told.faulty:,} | {standards} | {why} |")


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    chosen = words[0] if words else os.environ.get("MULU_CORPORA") or "~/.cache/mulu/corpora"
    main(Path(chosen).expanduser(), "--details" in sys.argv)
