"""Pages beside the search page: all values of one facet, with a search inside; what can be typed."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from catalog_api.deps import AskerDep, EngineDep, SessionDep
from catalog_api.web import narrowing
from catalog_api.web.addresses import address, segment, word
from catalog_api.web.asking import Asking, asked
from catalog_api.web.chips import chips
from catalog_api.web.page import render, speaking
from catalog_api.web.translation import N_
from catalog_api.web.understanding import title
from metadata.departments import organizations
from metadata.errors import NotFound
from search.facets import FACETS

router = APIRouter(include_in_schema=False)
VALUES = 200
"""Values on the page of a facet; further ones are found by their words."""

EXAMPLES = (
    (("公共交通 票价", "bus fares"), N_("with all of these words, in any order")),
    (('"bus stop"', "「公交站点」"), N_("with these words one after the other")),
    (("bus -school", "公交 -校车"), N_("with the first word and without the second")),
    (("公交 OR 地铁", "bus|tram"), N_("with at least one of these words")),
    (
        ("title:bus", "标题：公交"),
        N_("with the word in the title; keyword, publisher, description, column and resource work alike"),
    ),
    (("format:csv", "主题：交通", "theme:TRAN"), N_("with this value of a facet, by its name or its code")),
    (("modified:2024..", "issued:2020-05..2021", "发布：>2020"), N_("modified or issued within these dates")),
    (("size:>1MB",), N_("with a download at least so large")),
    (("econom*",), N_("with a word that begins like this")),
    (("GB/T 21063", "PM2.5"), N_("with this code, in whatever spelling")),
    (("gonggong jiaotong", "ggjt"), N_("whose names are read so in pinyin, or begin with these letters")),
)
"""What the page about typing shows: `(what is typed, what it finds)`."""


@router.get("/search/help")
def help_page(request: Request) -> Response:
    """What can be typed."""
    return render(request, "search_help.html", {"examples": EXAMPLES})


@router.get("/search/facet/{name}")
def facet_page(request: Request, name: str, session: SessionDep, engine: EngineDep, asker: AskerDep) -> Response:
    """All values of one facet, with a search inside."""
    if name not in FACETS:
        raise NotFound("there is no such facet", value=name)
    spoken = speaking(request)
    asking = asked(request, asker.readers, spoken.languages)
    inside, under, by = word(request, "in", 100), word(request, "under", 200), word(request, "by", 10)
    order = by if by in ("count", "value") else "count"
    query = replace(
        asking.query,
        facets=(name,),
        facet_size=VALUES + 1,
        facet_order=order,
        facet_words={name: inside} if inside else {},
        facet_under={name: under} if under else {},
        limit=0,
        after=None,
    )
    page = engine.search(query)
    label = narrowing.labelled({one.name: one.title for one in organizations(session)}, spoken, page)
    counts, own = page.facets.get(name, ()), f"/search/facet/{segment(name)}"
    choices = narrowing.tree(name, counts[:VALUES], asking, label)
    values = {
        "facet": title(name, spoken),
        "inside": inside,
        "under": label(name, under) if under else "",
        "kept": [*asking.pairs, ("under", under), ("by", order if by else "")],
        "chosen": chips(asking, spoken, label),
        "choices": [one for one in choices if one.count is not None or not (inside or under)],
        "cut": len(counts) > VALUES,
        "by": order,
        "by_count_url": address(own, [*asking.pairs, ("under", under), ("in", inside)]),
        "by_value_url": address(own, [*asking.pairs, ("under", under), ("in", inside), ("by", "value")]),
        "whole_url": asking.url(path=own),
        "back_url": asking.url(),
        "json_url": address(f"/api/v1/facets/{segment(name)}", _for_api(asking, inside, under, order)),
    }
    return render(request, "facet.html", values)


def _for_api(asking: Asking, inside: str, under: str, order: str) -> list[tuple[str, str]]:
    """The parameters of the same list in the API, where `q` are the words inside."""
    named = [("words" if name == "q" else name, value) for name, value in asking.pairs if name != "sort"]
    return [*named, ("q", inside), ("under", under), ("order", "" if order == "count" else order)]
