"""A row as a dataset of the model, in all its languages: for the departments whose records a standard's own writer makes."""

from catalog_api.sample_departments import words
from catalog_api.sample_departments.seeds import Row, Seed
from metadata import vocabulary
from metadata.model import Agent, Coded, Contact, Dataset, Distribution, Period, Place

_CODES = {"public": "PUBLIC", "restricted": "RESTRICTED", "closed": "NON_PUBLIC"}


def described(seed: Seed, row: Row) -> Dataset:
    """The whole description. Words in traditional script stay `zh-Hant`."""
    address = f"https://{seed.domain}/dataset/{row.name}"
    return Dataset(
        identifier=address,
        uri=address,
        title=row.title,
        description={language: words.paragraph(seed, row, language) for language in row.note},
        publisher=Agent(name=seed.title, phone=seed.phone, homepage=f"https://{seed.domain}/"),
        contact_point=(Contact(name=row.unit.title, email=words.unit_address(seed, row), phone=seed.phone),),
        keyword={language: listed for language, listed in row.keyword.items() if listed},
        theme=(_theme(row),),
        issued=row.issued,
        modified=row.modified,
        accrual_periodicity=vocabulary.look_up("frequency", words.FREQUENCY_WORDS[row.frequency]["zh"]),
        language=tuple(row.title),
        spatial=(_place(row),),
        temporal=_temporal(row),
        access_rights=vocabulary.coded("access-right", _CODES[row.access]),
        rights=words.ACCESS[row.access][2] if row.access in words.ACCESS else {},
        license=_licence(seed),
        landing_page=f"{address}.html",
        distribution=tuple(_distribution(row, *link[1:]) for link in words.links(seed, row)),
    )


def _theme(row: Row) -> Coded:
    """By its Chinese name, or by its English one where only that is in the list."""
    named = words.THEMES[row.theme]
    found = vocabulary.look_up("theme", named["zh"])
    return found if found.code else vocabulary.look_up("theme", named["en"])


def _place(row: Row) -> Place:
    name, box = words.AREAS[row.area]
    return Place(name={language: said for language, said in name.items() if language in row.title}, box=box)


def _temporal(row: Row) -> tuple[Period, ...]:
    if not row.temporal:
        return ()
    start, _, end = row.temporal.partition("/")
    return (Period(start=start, end=end),)


def _licence(seed: Seed) -> Coded:
    address, title = words.LICENCES[seed.licence]
    known = vocabulary.look_up("licence", address)
    return known if known.code else Coded(uri=address, label={"zh": title}, raw=address)


def _distribution(row: Row, name: str, media_type: str | None, address: str) -> Distribution:
    title = {language: f"{said} ({name})" for language, said in row.title.items()}
    form = vocabulary.look_up("format", name)
    if media_type is None:
        return Distribution(title=title, access_url=address, format=form)
    return Distribution(title=title, download_url=address, format=form, media_type=media_type)
