"""Alerts to a real mail server and a real webhook: what is new is told once, to whoever asked, and to nobody else."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from catalog_api import alerts as alerting
from catalog_api import mail, webhooks
from catalog_api import searches as saving
from catalog_api.alerts import Alerts
from catalog_api.settings import Settings
from metadata import clock, database, ledger, searches, statistics
from metadata.errors import Refused, Unavailable, Unreachable
from metadata.tables import DatasetRow, SavedSearch
from search.engines import open_engine
from search.sync import sync
from tests.catalog_api.conftest import Site, settings_for
from tests.harvests import new_source, record, visit
from tests.hooks import Hook
from tests.mailing import Mailbox


class Catalogue:
    """A catalogue whose alerts are sent by hand."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine, self.settings = engine, settings
        self.search = open_engine(settings.search)
        new_source(engine)

    def harvest(self, *titles: str, **more: Any) -> None:
        visit(self.engine, "roads", [record(title, title, **more) for title in titles], accept_retire=True)
        with database.reading(self.engine) as session:
            sync(session, self.search)

    def save(self, query: str, channel: str, target: str, **more: Any) -> str:
        with database.writing(self.engine) as session:
            row = searches.save(session, "My search", query, channel=channel, target=target, language="en", **more)
            session.commit()
            return row.id

    def tell(self) -> int:
        """One turn in which every search is looked at."""
        with database.writing(self.engine) as session:
            for row in searches.searches(session):
                if row.state == "active" or row.sent is None:
                    row.due = clock.now()
                session.add(row)
            session.commit()
        return Alerts(self.engine, self.settings, self.search, lambda: True).tell_due()

    def row(self, search_id: str) -> SavedSearch:
        with Session(self.engine) as session:
            return searches.saved(session, search_id)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with Mailbox() as made:
        yield made


@pytest.fixture
def catalogue(tmp_path: Path, database_engine: Engine, database_url: str, box: Mailbox) -> Catalogue:
    changed = {"smtp_url": box.url, "internal_webhooks": True}
    return Catalogue(database_engine, settings_for(tmp_path / "data", database_url).model_copy(update=changed))


@pytest.fixture
def one(tmp_path: Path, sqlite_url: str, box: Mailbox) -> Iterator[Catalogue]:
    """The same on SQLite only."""
    engine = database.connect(sqlite_url)
    changed = {"smtp_url": box.url, "internal_webhooks": True}
    yield Catalogue(engine, settings_for(tmp_path / "data", sqlite_url).model_copy(update=changed))
    engine.dispose()


def links(text: str) -> list[str]:
    return re.findall(r"http://catalogue\.example\S+", text)


def test_news_come_by_mail_once(catalogue: Catalogue, box: Mailbox) -> None:
    catalogue.harvest("Bus old")
    search_id = catalogue.save("q=bus", "mail", "reader@city.example")
    assert catalogue.tell() == 0 and box.mails == []  # what was there before is no news
    catalogue.harvest("Bus old", "Bus new", "Tram")
    assert catalogue.tell() == 1
    (told,) = box.mails
    assert told["To"] == "reader@city.example" and told["Subject"] == "[目录 Mulu] 1 new or changed: My search"
    text = told.get_content()
    assert "* Bus new\n  new · Transport\n  http://catalogue.example/dataset/bus-new" in text
    assert "Bus old" not in text and "Tram" not in text
    assert catalogue.tell() == 0 and len(box.mails) == 1
    catalogue.harvest("Bus old", "Bus new", "Tram", description="Now longer.")
    assert catalogue.tell() == 1
    assert box.mails[1].get_content().count("changed · Transport") == 2
    row = catalogue.row(search_id)
    assert row.sent and row.checked and row.telling is None and row.failures == 0
    assert len({one["Message-ID"] for one in box.mails}) == 2


def test_a_mail_says_how_to_end_it_and_that_a_machine_wrote_it(one: Catalogue, box: Mailbox) -> None:
    search_id = one.save("q=bus", "mail", "reader@city.example")
    one.harvest("Bus")
    assert one.tell() == 1
    told = box.mails[0]
    end = told["List-Unsubscribe"].strip("<>")
    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" and told["Auto-Submitted"] == "auto-generated"
    assert end in links(told.get_content())
    assert urlsplit(end).path == f"/searches/{search_id}/unsubscribe"
    assert end.endswith(f"key={saving.key(one.settings, 'unsubscribe', search_id)}")


def test_a_search_that_is_not_confirmed_gets_one_mail_only(site: Site, box: Mailbox) -> None:
    """From the form over the mail's own link to the first news, and its end."""
    settings = site.settings.model_copy(update={"smtp_url": box.url})
    object.__setattr__(site.settings, "smtp_url", box.url)
    catalogue = Catalogue(site.engine, settings)
    given = {"query": "q=bus", "mail": "reader@city.example"}
    page = {"Accept": "text/html", "Accept-Language": "zh"}
    assert site.client.post("/searches/new", data=given, headers=page).status_code == 303
    assert catalogue.tell() == 1 and catalogue.tell() == 0
    (asked,) = box.mails
    assert asked["Subject"] == "[目录 Mulu] 请确认您订阅的搜索" and asked["Content-Language"] == "zh"
    confirm = next(link for link in links(asked.get_content()) if "/confirm?" in link)
    catalogue.harvest("Bus before")
    assert catalogue.tell() == 0
    assert site.client.post(confirm).status_code == 200
    catalogue.harvest("Bus before", "Bus after")
    assert catalogue.tell() == 1
    text = box.mails[1].get_content()
    assert "Bus after" in text and "Bus before" not in text
    end = next(link for link in links(text) if "/unsubscribe?" in link)
    assert site.client.post(end, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    catalogue.harvest("Bus before", "Bus after", "Bus last")
    assert catalogue.tell() == 0 and len(box.mails) == 2


def test_a_webhook_is_signed_and_tells_what_a_mail_tells(catalogue: Catalogue) -> None:
    with Hook() as hook:
        search_id = catalogue.save("q=bus", "webhook", hook.url)
        catalogue.harvest("Bus", "Tram")
        assert (catalogue.tell(), catalogue.tell()) == (1, 0)
    ((path, headers, body),) = hook.taken
    secret = saving.key(catalogue.settings, "webhook", search_id)
    assert headers["x-mulu-signature-256"] == "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    told = json.loads(body)
    assert path == "/hook" and headers["content-type"] == "application/json" and headers["x-mulu-delivery"] == told["id"]
    assert told["search"] == {
        "id": search_id,
        "name": "My search",
        "query": "q=bus",
        "url": "http://catalogue.example/search?q=bus",
    }
    assert (told["total"], told["more"]) == (1, False)
    (dataset,) = told["datasets"]
    assert (dataset["name"], dataset["title"], dataset["new"], dataset["organization"]) == (
        "bus",
        {"und": "Bus"},
        True,
        "transport",
    )


def test_only_what_everyone_may_see_is_told(one: Catalogue, box: Mailbox) -> None:
    new_source(one.engine, admits="valid")
    one.save("q=bus", "mail", "reader@city.example", owner="department")
    one.harvest("Bus withheld", description="")
    assert one.tell() == 0
    one.harvest("Bus withheld", description="Mended.")
    assert one.tell() == 1 and "new · " in box.mails[0].get_content()
    one.harvest("Other")  # it is retired now: no news for a reader
    assert one.tell() == 0


def test_filters_of_a_search_hold(one: Catalogue, box: Mailbox) -> None:
    one.save("organization=health", "mail", "a@city.example")
    one.save("keyword=air&-name=bus", "mail", "b@city.example")
    one.save("updated_to=2020-01-01", "mail", "c@city.example")
    one.harvest("Bus", "Air", keyword=["air"])
    assert one.tell() == 1
    assert box.mails[0]["To"] == "b@city.example" and "* Air" in box.mails[0].get_content()
    assert "* Bus" not in box.mails[0].get_content()


def test_a_new_verdict_of_the_checks_is_no_news(one: Catalogue, box: Mailbox) -> None:
    one.harvest("Bus")
    one.save("q=bus", "mail", "reader@city.example")
    with database.writing(one.engine) as session:
        row = session.exec(select(DatasetRow)).one()
        row.sequence = ledger.append(session, [ledger.Line("test", "checked", row.id, row.name, row.digest, row.digest)])
        row.updated = clock.now()
        session.add(row)
        session.commit()
    with database.reading(one.engine) as session:
        sync(session, one.search)
    assert one.tell() == 0 and box.mails == []


def test_many_are_listed_up_to_a_bound_and_counted(one: Catalogue, box: Mailbox) -> None:
    one.save("q=bus", "mail", "reader@city.example")
    one.harvest(*(f"Bus {number}" for number in range(120)))
    assert one.tell() == 1
    text = box.mails[0].get_content()
    assert "120 new or changed" in box.mails[0]["Subject"] and text.count("* Bus") == 50


def test_more_than_are_counted(one: Catalogue, box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_api.news.SCANNED", 100)
    one.save("q=bus", "mail", "reader@city.example")
    one.harvest(*(f"Bus {number}" for number in range(120)))
    assert one.tell() == 1
    assert "more than 100 new or changed" in box.mails[0]["Subject"]


def test_a_search_is_looked_at_no_more_often_than_it_should(one: Catalogue, box: Mailbox) -> None:
    one.save("q=bus", "mail", "reader@city.example")
    one.harvest("Bus")
    assert one.tell() == 1
    one.harvest("Bus", "Bus two")
    alerts = Alerts(one.engine, one.settings, one.search, lambda: True)
    assert alerts.tell_due() == 0  # an hour has not gone by
    assert one.tell() == 1
    assert Alerts(one.engine, one.settings, one.search, lambda: False).tell_due() == 0


def test_a_process_that_dies_after_sending_sends_the_same_again(
    one: Catalogue, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    search_id = one.save("q=bus", "mail", "reader@city.example")
    one.harvest("Bus")
    with monkeypatch.context() as patched:

        def die(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        patched.setattr(Alerts, "_end", die)
        with pytest.raises(KeyboardInterrupt):
            one.tell()
    assert len(box.mails) == 1 and one.row(search_id).telling == 1
    one.harvest("Bus", "Bus two")  # meanwhile there is more: it is for the next message
    assert one.tell() == 1
    assert box.mails[0]["Message-ID"] == box.mails[1]["Message-ID"]
    assert "Bus two" not in box.mails[1].get_content()
    assert one.tell() == 1 and "Bus two" in box.mails[2].get_content()
    assert box.mails[2]["Message-ID"] != box.mails[0]["Message-ID"] and one.tell() == 0


def test_a_mail_server_that_is_away_loses_nothing_and_stops_nobody(one: Catalogue, box: Mailbox) -> None:
    mailed = one.save("q=bus", "mail", "reader@city.example")
    one.settings = one.settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:9"})
    with Hook() as hook:
        one.save("q=bus", "webhook", hook.url)
        one.harvest("Bus")
        with pytest.raises(Unavailable):
            one.tell()
        assert len(hook.taken) == 1  # what does not need it goes on
    row = one.row(mailed)
    assert (row.state, row.failures) == ("active", 0) and "mail server" in row.message and row.due > clock.later(60)
    one.settings = one.settings.model_copy(update={"smtp_url": box.url})
    assert one.tell() == 1 and len(box.mails) == 1 and one.row(mailed).message == ""


def test_failures_are_seen_tried_again_later_and_end_in_a_stop(one: Catalogue) -> None:
    with Hook(500) as hook:
        search_id = one.save("q=bus", "webhook", hook.url)
        one.harvest("Bus")
        dues = []
        for turn in range(1, alerting.MOST_FAILURES):
            assert one.tell() == 0
            row = one.row(search_id)
            assert (row.state, row.failures) == ("active", turn) and "HTTP 500" in row.message
            dues.append((clock.parse(row.due) - clock.parse(row.checked or "")).total_seconds())
        assert [round(due / 60) for due in dues] == [2, 4, 8, 16, 32, 64, 128, 256, 512]
        one.tell()
        assert one.row(search_id).state == "stopped" and len(hook.taken) == alerting.MOST_FAILURES
        assert len({headers["x-mulu-delivery"] for _, headers, _ in hook.taken}) == 1
        assert one.tell() == 0
        hook.status = 200
        with database.writing(one.engine) as session:
            searches.confirm(session, searches.saved(session, search_id))
            session.commit()
        one.harvest("Bus", "Bus two")
        assert one.tell() == 1 and b"Bus two" in hook.taken[-1][2] and one.row(search_id).failures == 0
    with Session(one.engine) as session:
        numbers = statistics.numbers(session)
    assert (numbers["alerts:failed"], numbers["alerts:webhook"]) == (alerting.MOST_FAILURES, 1)


def test_an_address_that_is_refused_counts_as_a_failure_of_its_own(one: Catalogue, box: Mailbox) -> None:
    box.refused.add("gone@city.example")
    gone = one.save("q=bus", "mail", "gone@city.example")
    one.save("q=bus", "mail", "here@city.example")
    one.harvest("Bus")
    assert one.tell() == 1
    assert one.row(gone).failures == 1 and "550" in one.row(gone).message and "gone@" not in one.row(gone).message


def test_a_search_that_cannot_be_asked_any_more_says_so(one: Catalogue) -> None:
    search_id = one.save("facet_that_was=1", "webhook", "http://127.0.0.1:9/")
    one.harvest("Bus")
    assert one.tell() == 0
    assert "no such parameter" in one.row(search_id).message


def test_webhooks_do_not_lead_inside_unless_they_may(one: Catalogue) -> None:
    with Hook() as hook:
        one.settings = one.settings.model_copy(update={"internal_webhooks": False})
        search_id = one.save("q=bus", "webhook", hook.url)
        one.harvest("Bus")
        assert one.tell() == 0 and hook.taken == []
        assert "not fetched" in one.row(search_id).message
        with pytest.raises(Refused):
            webhooks.post(hook.url.replace("127.0.0.1", "localhost"), b"{}", {})
        with pytest.raises(Refused):
            webhooks.post("http://169.254.169.254/latest/", b"{}", {}, internal=True)


@pytest.mark.parametrize("status", [200, 204, 302, 307, 404, 500])
def test_only_2xx_is_a_good_answer(status: int) -> None:
    with Hook(status) as hook:
        if status < 300:
            assert webhooks.post(hook.url, b"{}", {"x-more": "1"}, internal=True) == status
        else:
            with pytest.raises(Unreachable, match=str(status)):
                webhooks.post(hook.url, b"{}", {}, internal=True)
        assert [path for path, _, _ in hook.taken] == ["/hook"]  # a redirect is not followed
    with pytest.raises(Unreachable):
        webhooks.post(hook.url, b"{}", {}, internal=True)


def test_without_a_mail_server_mails_wait(one: Catalogue) -> None:
    search_id = one.save("q=bus", "mail", "reader@city.example")
    one.settings = one.settings.model_copy(update={"smtp_url": ""})
    one.harvest("Bus")
    with pytest.raises(Unavailable):
        one.tell()
    row = one.row(search_id)
    assert "MULU_SMTP_URL" in row.message and row.failures == 0
    assert mail.sender(one.settings) == "no-reply@catalogue.example"
