"""A department's web folder of ISO 19139 records: one XML file per dataset, in a subfolder per unit, listed as nginx does."""

from datetime import datetime
from html import escape

from catalog_api.sample_departments.datasets import described
from catalog_api.sample_departments.pages import HTML, changed, home
from catalog_api.sample_departments.seeds import Row, Seed
from catalog_api.sample_departments.web import Answer, Site
from standards import iso_19139

ROOT = "/metadata/"


def folder(seed: Seed) -> Site:
    """The listings and the files."""
    files = {f"{ROOT}{row.unit.name}/{row.name}.xml": _file(seed, row) for row in seed.rows}
    units = {f"{ROOT}{row.unit.name}/": None for row in seed.rows}
    answers = files | {unit: _listing(unit, _held(unit, files)) for unit in units}
    answers[ROOT] = _listing(ROOT, [(unit.removeprefix(ROOT), None, "-") for unit in units])
    return lambda asked: answers.get(asked.path) or home(seed, asked)


def _file(seed: Seed, row: Row) -> Answer:
    return Answer(iso_19139.write(described(seed, row)), "application/xml", modified=changed(row))


def _held(unit: str, files: dict[str, Answer]) -> list[tuple[str, datetime | None, str]]:
    return [
        (path.removeprefix(unit), answer.modified, str(len(answer.body)))
        for path, answer in files.items()
        if path.startswith(unit)
    ]


def _listing(path: str, lines: list[tuple[str, datetime | None, str]]) -> Answer:
    """One page: `(name, when it was changed or None, size)` of what is in the folder."""
    shown = "".join(
        f'<a href="{escape(name)}">{escape(name)}</a> {f"{when:%d-%b-%Y %H:%M}" if when else "":>24} {size:>8}\n'
        for name, when, size in lines
    )
    page = f"<html>\n<head><title>Index of {path}</title></head>\n<body>\n<h1>Index of {path}</h1><hr><pre>"
    return Answer(f'{page}<a href="../">../</a>\n{shown}</pre><hr></body>\n</html>\n'.encode(), HTML)
