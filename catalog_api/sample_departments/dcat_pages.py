"""A department's catalogue in DCAT-AP: `/catalog.ttl`, in pages that Hydra links; `site.page` of the seed is their size."""

from catalog_api.sample_departments.datasets import described
from catalog_api.sample_departments.pages import home, newest
from catalog_api.sample_departments.seeds import Seed
from catalog_api.sample_departments.web import Answer, Asked, Site
from metadata.model import Agent, Dataset
from standards import rdf
from standards.dcat_ap_3_catalog import CatalogPage, catalog

DOOR = "/catalog.ttl"


def catalogue(seed: Seed) -> Site:
    """The pages, made when they are first asked for: their addresses hold the port."""
    datasets = [described(seed, row) for row in seed.rows]
    size = int(seed.site["page"])
    last = -(-len(datasets) // size)
    made: dict[tuple[str, int], Answer] = {}

    def answer(asked: Asked) -> Answer:
        number = asked.query.get("page", ["1"])[0]
        if asked.path != DOOR or not number.isdecimal() or not 1 <= int(number) <= last:
            return home(seed, asked)
        key = (asked.host, int(number))
        if key not in made:
            made[key] = _turtle(seed, datasets, f"http://{asked.host}{DOOR}", key[1], size)
        return made[key]

    return answer


def _turtle(seed: Seed, datasets: list[Dataset], address: str, number: int, size: int) -> Answer:
    last = -(-len(datasets) // size)
    page = CatalogPage(
        uri=f"https://{seed.domain}/",
        page=f"{address}?page={number}",
        title=seed.title,
        description=seed.description,
        publisher=Agent(name=seed.title, homepage=f"https://{seed.domain}/"),
        datasets=tuple(datasets[(number - 1) * size : number * size]),
        total=len(datasets),
        items_per_page=size,
        first=f"{address}?page=1",
        last=f"{address}?page={last}",
        next=f"{address}?page={number + 1}" if number < last else None,
        previous=f"{address}?page={number - 1}" if number > 1 else None,
        language=("zh", "en"),
    )
    return Answer(rdf.serialise(catalog(page), "turtle"), "text/turtle; charset=utf-8", modified=newest(seed))
