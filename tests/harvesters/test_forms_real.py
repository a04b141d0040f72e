"""Every real file is read without an exception, whatever it is: checked through the same functions as the command."""

from collections import Counter
from itertools import islice
from pathlib import Path

from catalog_api.checking import examined
from harvesters import forms, spool
from metadata.errors import CatalogError

LARGE = 20 << 20
SOME = 20  # records of each file; all of them are read by docs/standards/real_files.py
EVERY = 4  # files of a folder that are read here are one in so many; that script reads all


def test_no_real_file_breaks_the_reader(corpora: Path) -> None:
    seen: Counter[str] = Counter()
    for path in sorted(each for each in corpora.rglob("*") if each.is_file() and each.stat().st_size < LARGE)[::EVERY]:
        try:
            with path.open("rb") as file:
                for part in islice(forms.records(spool.local(file, path.name)), SOME):
                    said = examined(part, None)
                    seen["records"] += 1
                    seen["datasets"] += said.dataset is not None
                    assert said.dataset or said.findings, f"{path}: a record that is neither read nor told of: {part.place}"
        except CatalogError as problem:
            seen["refused"] += 1
            seen["long"] += "\n" in str(problem)
        seen["files"] += 1
    assert not seen["long"] and seen["files"] > 5_000 / EVERY and seen["datasets"] > 10_000 / EVERY, seen
    assert seen["refused"] < seen["files"] / 10, seen
