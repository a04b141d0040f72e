"""Telling the owners of sources: what a mail and a webhook say, when, at least once, through restarts and failures."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from catalog_api import webhooks
from catalog_api.jobs import Worker
from catalog_api.searches import key
from catalog_api.settings import Settings
from catalog_api.telling import AWAY_SECONDS, MOST_FAILURES, Telling
from metadata import clock, database, marks, sources
from metadata.errors import Unavailable
from metadata.tables import Mark, Run
from search.engines import open_engine
from tests.catalog_api.conftest import Site
from tests.catalog_api.test_jobs import asked, working
from tests.harvests import new_source, record, unreadable, visit
from tests.hooks import Hook
from tests.live import until
from tests.mailing import Mailbox


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with Mailbox() as made:
        yield made


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as made:
        yield made


def set_up(site: Site, box: Mailbox | None, **more: Any) -> Settings:
    given = {"smtp_url": box.url if box else "", "internal_webhooks": True, "languages": ("zh", "en"), **more}
    settings = site.settings.model_copy(update=given)
    assert settings.key == site.settings.key
    return settings


def telling(site: Site, settings: Settings) -> Telling:
    return Telling(site.engine, settings, lambda: True)


def listens(site: Site, **notify: Any) -> str:
    return new_source(site.engine, notify={"mail": [], "webhook": "", "when": "always", "language": "en", **notify})


def told(site: Site, number: int) -> str | None:
    with database.reading(site.engine) as session:
        return sources.run(session, number).told


def plain(mail: Any) -> str:
    text: str = mail.get_content()
    return text


FAILING = [record("a"), *(unreadable(f"f{n:02}") for n in range(25)), record("b", license="not a link")]


def test_a_mail_says_what_is_wrong_how_to_mend_it_and_where_the_rest_is(any_site: Site, box: Mailbox) -> None:
    site, settings = any_site, set_up(any_site, box)
    listens(site, mail=["desk@city.example", "chief@city.example"])
    run = visit(site.engine, "roads", FAILING)
    assert telling(site, settings).tell_due() == 2 and told(site, run.id or 0)
    assert sorted(mail["To"] for mail in box.mails) == ["chief@city.example", "desk@city.example"]
    text = plain(box.mails[0])
    for part in ("Received: 27", "Failed: 25", "25 ×", "What to do:", "dcat-us-1.1/record/untitled", "f00", "f09", "25 in all"):
        assert part in text, (part, text)
    assert "f10" not in text  # the first ones; the report has them all
    link = next(line for line in text.splitlines() if "/source/roads/runs/" in line)
    page = site.client.get(link.removeprefix(settings.site_url))
    assert page.status_code == 200 and "f00" in page.text
    assert box.mails[0]["Message-ID"] == f"<run-{run.id}.{run.source_id}@catalogue.example>"
    assert box.mails[0]["Auto-Submitted"] == "auto-generated" and "roads: Done" in box.mails[0]["Subject"]
    assert telling(site, settings).tell_due() == 0 and len(box.mails) == 2  # once


def test_a_mail_speaks_the_language_that_was_asked_for(site: Site, box: Mailbox) -> None:
    settings = set_up(site, box)
    listens(site, mail=["desk@city.example"], language="zh")
    visit(site.engine, "roads", [unreadable("f"), record("a")])
    telling(site, settings).tell_due()
    assert "失败：1" in plain(box.mails[0]) and "Failed" not in plain(box.mails[0]) and "完成" in box.mails[0]["Subject"]


def test_a_webhook_is_told_all_of_it_and_signed(any_site: Site, hook: Hook) -> None:
    site, settings = any_site, set_up(any_site, None)
    listens(site, webhook=hook.url)
    run = visit(site.engine, "roads", FAILING)
    assert telling(site, settings).tell_due() == 1
    ((_, headers, body),) = hook.taken
    said = json.loads(body)
    assert headers["x-mulu-delivery"] == said["id"] == f"run-{run.id}"
    assert said["event"] == "run.ended" and said["run"]["failed"] == 25 and said["run"]["worker"] is None
    assert said["rules"][0]["count"] == 25 and said["rules"][0]["fix"]["en"]
    assert [one["identifier"] for one in said["failed"]] == [f"f{n:02}" for n in range(10)]
    shown = site.client.get("/api/v1/sources/roads", headers=site.headers("write")).json()
    assert headers["x-mulu-signature-256"] == webhooks.signature(shown["notify"]["secret"], body)
    assert shown["notify"]["secret"] == key(settings, "source webhook", run.source_id)
    assert "notify" not in site.client.get("/api/v1/sources/roads", headers=site.headers("department")).json()


@pytest.mark.parametrize(
    ("when", "visits", "expected"),
    [
        ("always", [["a"], ["a"]], [True, True]),
        ("change", [["a"], ["a"], ["a", "b"], ["a", "!"]], [True, False, True, True]),
        ("error", [["a"], ["a", "b"], ["a", "b", "!"], ["a"]], [False, False, True, True]),  # the last one is held
    ],
)
def test_only_runs_that_are_wanted_are_told(
    site: Site, hook: Hook, when: str, visits: list[list[str]], expected: list[bool]
) -> None:
    teller, sent = telling(site, set_up(site, None)), []
    listens(site, webhook=hook.url, when=when)
    for names in visits:
        run = visit(site.engine, "roads", [unreadable("!") if name == "!" else record(name) for name in names])
        sent.append(bool(teller.tell_due()))
        assert told(site, run.id or 0)
    assert sent == expected


def test_a_run_that_is_not_told_of_waits_through_restarts(any_site: Site, box: Mailbox, hook: Hook) -> None:
    """The mail server is away, then one address is refused; the webhook was told already and is not told again."""
    site, settings = any_site, set_up(any_site, box)
    listens(site, mail=["desk@city.example", "gone@city.example"], webhook=hook.url)
    run = visit(site.engine, "roads", [record("a")]).id or 0
    away = set_up(site, None, smtp_url="smtp://127.0.0.1:9")
    with pytest.raises(Unavailable):
        telling(site, away).tell_due()
    assert told(site, run) is None and not box.mails
    assert telling(site, settings).tell_due() == 0  # not before its time
    _hurry(site, run)
    box.refused.add("gone@city.example")
    assert telling(site, settings).tell_due() == 2 and told(site, run) is None
    assert [mail["To"] for mail in box.mails] == ["desk@city.example"] and len(hook.taken) == 1
    for failure in range(1, MOST_FAILURES):
        with database.reading(site.engine) as session:
            mark = marks.mark(session, f"report of run {run}")
            assert mark and mark.value["failures"] == failure and "550" in mark.value["message"]
            wait = clock.parse(mark.value["due"]) - clock.parse(clock.now())
            assert min(2**failure, 1440) * 60 - 20 < wait.total_seconds() <= min(2**failure, 1440) * 60
        _hurry(site, run)
        assert telling(site, settings).tell_due() == 0
    assert told(site, run) and len(box.mails) == 1 and len(hook.taken) == 1
    with database.reading(site.engine) as session:
        assert marks.mark(session, f"report of run {run}") is None
    assert AWAY_SECONDS > 60


def _hurry(site: Site, run: int) -> None:
    with database.writing(site.engine) as session:
        mark = session.get_one(Mark, f"report of run {run}")
        session.delete(mark)
        session.flush()
        marks.put_mark(session, mark.name, {**mark.value, "due": clock.later(-1)})
        session.commit()


def test_a_process_that_dies_after_sending_sends_the_very_same_again(
    site: Site, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = set_up(site, None)
    listens(site, webhook=hook.url)
    visit(site.engine, "roads", [record("a")])
    dying = telling(site, settings)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(dying, "_note", die)
    with pytest.raises(KeyboardInterrupt):
        dying.tell_due()
    assert telling(site, settings).tell_due() == 1
    first, second = hook.taken
    assert first[1]["x-mulu-delivery"] == second[1]["x-mulu-delivery"] and json.loads(first[2]) == json.loads(second[2])


def test_one_report_that_fails_holds_up_no_other(site: Site, box: Mailbox) -> None:
    settings = set_up(site, box)
    new_source(site.engine, "dead", notify={"webhook": "http://127.0.0.1:9/hook", "when": "always"})
    new_source(site.engine, "quiet")
    new_source(site.engine, "roads", notify={"mail": ["desk@city.example"], "when": "always", "language": "en"})
    runs = [visit(site.engine, name, [record(name)]).id or 0 for name in ("dead", "quiet", "roads")]
    assert telling(site, settings).tell_due() == 1
    assert [bool(told(site, one)) for one in runs] == [False, True, True]


def test_only_the_leading_worker_tells_and_never_of_a_run_that_goes_on(site: Site, hook: Hook) -> None:
    settings = set_up(site, None)
    listens(site, webhook=hook.url)
    visit(site.engine, "roads", [record("a")])
    number = asked(site.engine, "roads")
    assert Telling(site.engine, settings, lambda: False).tell_due() == 0 and not hook.taken
    assert telling(site, settings).tell_due() == 1 and told(site, number) is None


def test_a_worker_tells_by_itself(any_site: Site, box: Mailbox) -> None:
    site, settings = any_site, set_up(any_site, box)
    listens(site, mail=["desk@city.example"])
    run = visit(site.engine, "roads", [record("a")]).id or 0
    with working(site.engine, settings) as worker:
        assert isinstance(worker, Worker)
        until("it is told", lambda: told(site, run))
    assert len(box.mails) == 1
    open_engine(settings.search)


@pytest.mark.parametrize(
    ("notify", "place"),
    [
        ({"mail": ["nobody"]}, "notify.mail"),
        ({"mail": ["a@b.example\nBcc: c@d.example"]}, "notify.mail"),
        ({"webhook": "ftp://x.example"}, "notify.webhook"),
        ({"webhook": "http://169.254.169.254/"}, "notify.webhook"),
        ({"webhook": "http://127.0.0.1/"}, "notify.webhook"),
        ({"mail": ["a@b.example"], "language": "fr"}, "notify.language"),
    ],
)
def test_who_cannot_be_told_is_refused(site: Site, notify: dict[str, Any], place: str) -> None:
    sent = {"url": "https://x.example/data.json", "protocol": "dcat_us", "notify": notify}
    answer = site.client.put("/api/v1/sources/roads", json=sent, headers=site.headers())
    assert (answer.status_code, answer.json()["place"]) == (400, place), answer.text


@pytest.mark.parametrize(
    "notify", [{"when": "sometimes"}, {"mail": "a@b.example"}, {"mails": []}, {"mail": ["a@b.example"] * 21}]
)
def test_a_notify_of_another_form_is_refused(site: Site, notify: dict[str, Any]) -> None:
    sent = {"url": "https://x.example/data.json", "protocol": "dcat_us", "notify": notify}
    assert site.client.put("/api/v1/sources/roads", json=sent, headers=site.headers()).status_code == 422


def test_a_run_of_a_removed_source_is_forgotten(site: Site, hook: Hook) -> None:
    listens(site, webhook=hook.url)
    run = visit(site.engine, "roads", [record("a")])
    with database.writing(site.engine) as session:
        session.add(Run(source_id=run.source_id, source="roads", state="failed", asked=clock.now(), finished=clock.now()))
        session.flush()
        sources.remove_source(session, "roads", "operator")
        session.commit()
    assert telling(site, set_up(site, None)).tell_due() == 0 and not hook.taken
