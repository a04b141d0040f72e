"""Saved searches through the API and the portal: whose they are, what may be saved, links that confirm and end."""

import re
from urllib.parse import urlencode

import pytest
from sqlmodel import Session, select

from catalog_api import searches as saving
from catalog_api.settings import Settings
from metadata import clock, database, searches
from metadata.errors import NotAllowed
from metadata.tables import SavedSearch
from tests.catalog_api.conftest import SITE, Site
from tests.harvests import new_source, record, visit

URL = "/api/v1/searches"
PAGE = {"Accept": "text/html", "Accept-Language": "en"}
BUSES = {"name": "Buses", "query": "q=bus&format=CSV"}


@pytest.fixture
def mailing(site: Site) -> Settings:
    """The site with a mail server in its settings (no mail is sent by web processes)."""
    return set_mail(site, "smtp://mail.example")


def set_mail(site: Site, url: str) -> Settings:
    object.__setattr__(site.settings, "smtp_url", url)  # the application holds these very settings
    return site.settings


def rows(site: Site) -> list[SavedSearch]:
    with Session(site.engine) as session:
        return list(session.exec(select(SavedSearch).order_by(SavedSearch.id)))


def test_a_search_is_saved_shown_and_ended(any_site: Site) -> None:
    site = any_site
    made = site.client.post(URL, json=BUSES, headers=site.headers("write"))
    assert made.status_code == 201, made.text
    shown = made.json()
    assert (shown["name"], shown["query"], shown["channel"], shown["state"], shown["owner"]) == (
        "Buses",
        "q=bus&format=CSV",
        "none",
        "active",
        "write",
    )
    assert shown["feed"] == f"{SITE}/searches/{shown['id']}/feed.atom" and shown["url"] == f"{SITE}/search?q=bus&format=CSV"
    own = f"{URL}/{shown['id']}"
    assert site.client.get(own, headers=site.headers("write")).json() == shown
    assert site.client.get(URL, headers=site.headers("write")).json() == {"items": [shown], "total": 1, "next": None}
    assert site.client.delete(own, headers=site.headers("write")).status_code == 204
    assert site.client.get(own, headers=site.headers("write")).status_code == 404 and rows(site) == []


def test_any_token_may_save_and_sees_its_own(site: Site) -> None:
    assert site.client.post(URL, json=BUSES).status_code == 401
    assert site.client.get(URL).status_code == 401
    for who in ("write", "harvest", "department"):
        assert site.client.post(URL, json=BUSES, headers=site.headers(who)).status_code == 201
    mine = site.client.get(URL, headers=site.headers("harvest")).json()
    assert [one["owner"] for one in mine["items"]] == ["harvest"] and mine["total"] == 1
    own = f"{URL}/{mine['items'][0]['id']}"
    for method in ("GET", "DELETE"):
        assert site.client.request(method, own, headers=site.headers("write")).status_code == 404
        assert site.client.request(method, own).status_code == 401
    everyone = site.client.get(f"{URL}?limit=2", headers=site.headers("admin")).json()
    assert len(everyone["items"]) == 2 and everyone["total"] == 3
    rest = site.client.get(f"{URL}?limit=2&after={everyone['next']}", headers=site.headers("admin")).json()
    assert len(rest["items"]) == 1 and rest["next"] is None
    assert site.client.delete(own, headers=site.headers("admin")).status_code == 204


def test_what_is_kept_is_the_question_alone(site: Site) -> None:
    given = "?q=bus&sort=title&limit=5&facets=format&format=CSV&format=JSON&-theme=TRAN&modified_from=2024&page=3&lang=en"
    made = site.client.post(URL, json={"name": "x", "query": given}, headers=site.headers()).json()
    assert made["query"] == "q=bus&format=CSV&format=JSON&-theme=TRAN&modified_from=2024"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"query": "nonsense=1"}, 400),
        ({"query": "modified_from=yesterday"}, 400),
        ({"query": "q=" + "a+" * 3000}, 422),
        ({"name": ""}, 422),
        ({"channel": "pigeon"}, 422),
        ({"channel": "webhook", "target": "http://127.0.0.1/hook"}, 422),
        ({"channel": "webhook", "target": "http://169.254.169.254/"}, 422),
        ({"channel": "webhook", "target": "ftp://city.example/"}, 422),
        ({"channel": "webhook", "target": "https://user:pass@city.example/"}, 422),
        ({"channel": "webhook", "target": ""}, 422),
        ({"channel": "mail", "target": "a@b.example"}, 400),
        ({"language": "fr"}, 422),
    ],
)
def test_what_cannot_be_saved_is_refused(site: Site, change: dict[str, str], status: int) -> None:
    answer = site.client.post(URL, json={**BUSES, **change}, headers=site.headers())
    assert answer.status_code == status, answer.text
    assert rows(site) == []


def test_a_webhook_gets_a_secret_and_hides_its_own(site: Site) -> None:
    hook = {**BUSES, "channel": "webhook", "target": "https://city.example/hook?token=secret1"}
    made = site.client.post(URL, json=hook, headers=site.headers("write")).json()
    assert made["state"] == "active" and made["target"] == "https://city.example/hook?token=***"
    assert made["secret"] == saving.key(site.settings, "webhook", made["id"]) and len(made["secret"]) == 32
    assert made["secret"] not in str(rows(site)[0].model_dump())


def test_a_token_has_a_bound(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "MOST_OF_A_TOKEN", 2)
    answers = [site.client.post(URL, json=BUSES, headers=site.headers("write")).status_code for _ in range(3)]
    assert answers == [201, 201, 409]
    assert site.client.post(URL, json=BUSES, headers=site.headers("harvest")).status_code == 201


@pytest.mark.parametrize(
    "address", ["", "x", "a@b", "a b@c.example", "a@b.example\nBcc: c@d.example", "a@b.example," * 30, "@b.c"]
)
def test_addresses_of_mail_are_looked_at(site: Site, mailing: Settings, address: str) -> None:
    given = {**BUSES, "channel": "mail", "target": address}
    assert site.client.post(URL, json=given, headers=site.headers()).status_code == 400
    form = site.client.post("/searches/new", data={"query": "q=bus", "mail": address}, headers=PAGE)
    assert form.status_code == 422 or "\n" in address
    assert all("\n" not in one.target for one in rows(site))


def test_a_stopped_search_goes_on_when_it_is_asked_to(site: Site) -> None:
    made = site.client.post(URL, json=BUSES, headers=site.headers("write")).json()
    with database.writing(site.engine) as session:
        row = searches.saved(session, made["id"])
        row.state, row.failures, row.message, row.telling = "stopped", 10, "gone", 3
        session.add(row)
        session.commit()
    own = f"{URL}/{made['id']}"
    assert site.client.get(own, headers=site.headers("write")).json()["message"] == "gone"
    assert site.client.post(f"{own}/resume", headers=site.headers("harvest")).status_code == 404
    again = site.client.post(f"{own}/resume", headers=site.headers("write")).json()
    assert (again["state"], again["failures"], again["message"]) == ("active", 0, "")
    assert rows(site)[0].telling is None


# The portal


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_form_offers_the_feed_and_mail_only_where_it_is_sent(site: Site, language: str) -> None:
    path = f"/searches/new?q=bus&organization=transport&sort=title&lang={language}"
    page = site.client.get(path, headers=PAGE)
    assert page.status_code == 200
    feed = "http://catalogue.example/feeds/datasets.atom?q=bus&amp;organization=transport"
    assert feed in page.text and 'name="mail"' not in page.text and "bus · " in page.text
    set_mail(site, "smtp://mail.example")
    assert 'name="mail"' in site.client.get(path, headers=PAGE).text


@pytest.mark.parametrize("query", ["", "nonsense=1", "q=" + "x" * 5000, "q=%00%ff", "modified_from=soon", "bbox=1,2"])
def test_odd_addresses_give_a_form(site: Site, mailing: Settings, query: str) -> None:
    assert site.client.get(f"/searches/new?{query}", headers=PAGE).status_code == 200
    answer = site.client.post("/searches/new", data={"query": query, "mail": "a@b.example"}, headers=PAGE)
    assert answer.status_code in (303, 422)
    assert site.client.post("/searches/new", content=b"\xff\xfe", headers=PAGE).status_code == 422


def test_a_visitor_saves_confirms_and_ends(site: Site, mailing: Settings) -> None:
    sent = site.client.post("/searches/new", data={"query": "q=bus&sort=title", "mail": "reader@city.example"}, headers=PAGE)
    assert (sent.status_code, sent.headers["location"]) == (303, "/searches/sent")
    assert "Look into your mail" in site.client.get("/searches/sent", headers=PAGE).text
    (row,) = rows(site)
    assert (row.state, row.query, row.target, row.owner, row.language, row.name) == (
        "pending",
        "q=bus",
        "reader@city.example",
        None,
        "en",
        "bus",
    )
    visit(site.engine, new_source(site.engine), [record("a")])
    key = saving.key(site.settings, "confirm", row.id)
    link = f"/searches/{row.id}/confirm?{urlencode({'key': key})}"
    opened = site.client.get(link, headers=PAGE)
    assert opened.status_code == 200 and rows(site)[0].state == "pending"  # opening changes nothing
    action = re.search(r'<form action="([^"]+)" method="post"', opened.text.split("<main")[1])
    assert action is not None and action[1].replace("&amp;", "&") == link
    assert site.client.post(link, headers=PAGE).status_code == 200
    assert (rows(site)[0].state, rows(site)[0].told) == ("active", 1)  # news from now on
    assert site.client.post(link, headers=PAGE).status_code == 200  # twice does no harm
    end = f"/searches/{row.id}/unsubscribe?{urlencode({'key': saving.key(site.settings, 'unsubscribe', row.id)})}"
    assert site.client.get(end, headers=PAGE).status_code == 200 and len(rows(site)) == 1
    one_click = site.client.post(end, data={"List-Unsubscribe": "One-Click"})  # RFC 8058
    assert one_click.status_code == 200 and rows(site) == []
    assert site.client.post(end, headers=PAGE).status_code == 404


def test_a_link_that_is_not_whole_does_nothing(site: Site, mailing: Settings) -> None:
    site.client.post("/searches/new", data={"query": "q=bus", "mail": "reader@city.example"}, headers=PAGE)
    (row,) = rows(site)
    key = saving.key(site.settings, "confirm", row.id)
    for purpose, given in (
        ("confirm", ""),
        ("confirm", key[:-1]),
        ("unsubscribe", key),
        ("confirm", "é"),
        ("confirm", "x" * 999),
    ):
        for method in ("GET", "POST"):
            answer = site.client.request(method, f"/searches/{row.id}/{purpose}?{urlencode({'key': given})}", headers=PAGE)
            assert answer.status_code == 403, (purpose, given)
    assert rows(site)[0].state == "pending"
    other = Settings(_env_file=None, data_dir=site.settings.data_dir, secret_key="another")  # type: ignore[call-arg]
    with pytest.raises(NotAllowed):
        saving.require_key(other, "confirm", row.id, key)


def test_nobody_is_flooded_with_mails_that_others_ask_for(
    site: Site, mailing: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(mail: str) -> int:
        return site.client.post("/searches/new", data={"query": "q=bus", "mail": mail}, headers=PAGE).status_code

    assert [ask("victim@city.example") for _ in range(4)] == [303, 303, 303, 422]
    assert ask("other@city.example") == 303
    monkeypatch.setattr(saving, "MOST_UNCONFIRMED_IN_ALL", 4)
    assert ask("third@city.example") == 422
    with database.writing(site.engine) as session:
        assert searches.forget_unconfirmed(session, clock.later(1)) == 4
        session.commit()
    assert ask("victim@city.example") == 303


@pytest.mark.parametrize("path", ["/searches/new?q=bus", "/searches/sent", "/statistics", "confirm", "unsubscribe"])
@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-Hans"), ("en", "en")])
def test_pages_are_whole_in_both_languages(site: Site, mailing: Settings, path: str, language: str, tag: str) -> None:
    if "/" not in path:
        with database.writing(site.engine) as session:
            row = searches.save(session, "Buses", "q=bus", channel="mail", target="a@b.example", state="pending")
            session.commit()
        path = f"/searches/{row.id}/{path}?{urlencode({'key': saving.key(site.settings, path, row.id)})}"
    answer = site.client.get(path, headers={"Accept": "text/html", "Accept-Language": language})
    html = answer.text
    assert answer.status_code == 200 and f'<html lang="{tag}">' in html
    assert html.count("<h1") == 1 and html.count("<main") == 1
    ids = re.findall(r'\bid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert not re.search(r"<script(?![^>]*src=)|<[^>]*\s(on\w+|style)=", html)
    for link in set(re.findall(r'href="(/(?!static)[^"]*)"', html)):
        assert site.client.get(link.replace("&amp;", "&")).status_code == 200, link
