"""A small catalogue in a folder, with everything a page must be able to show: several departments, both languages, faults,
markup that must not run, withheld and retired datasets, runs in every state. Filled through the real readers and store."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from catalog_api.settings import Settings
from catalog_api.upgrade import upgrade
from harvesters.base import Record
from harvesters.examining import examine
from harvesters.run import Job, take
from metadata import clock, database, departments, leaving, sources, store
from metadata.tables import DatasetRow, Run, Source
from search.engines import open_engine
from search.sync import sync
from standards.table import STANDARDS
from tests.harvests import Listing

STANDARD = "dcat_us_1_1_non_federal"
TODAY = clock.now()[:10]
EVIL = "<script>window.ran = 1</script><img src=x onerror='window.ran = 2'>"


def description(identifier: str, title: str) -> dict[str, Any]:
    """A DCAT-US description without faults."""
    return {
        "@type": "dcat:Dataset",
        "identifier": identifier,
        "title": title,
        "description": f"{title}: one line for each place, checked every month.",
        "keyword": ["open data"],
        "modified": TODAY,
        "publisher": {"@type": "org:Organization", "name": "City"},
        "contactPoint": {"@type": "vcard:Contact", "fn": "Desk", "hasEmail": "mailto:desk@city.example"},
        "accessLevel": "public",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "accrualPeriodicity": "R/P1M",
        "theme": ["Transport"],
        "distribution": [
            {
                "@type": "dcat:Distribution",
                "title": "Table",
                "format": "CSV",
                "mediaType": "text/csv",
                "downloadURL": f"https://city.example/{identifier}.csv",
            }
        ],
    }


def transport() -> list[dict[str, Any]]:
    """Thirty datasets without faults, half of them Chinese, one overdue."""
    chinese = {"description": "公交线路与站点。", "keyword": ["公交", "交通"], "language": ["zh-CN"]}
    zh = [{**description(f"t-{number}", f"公共交通线路{number}"), **chinese} for number in range(15)]
    en = [{**description(f"e-{number}", f"Traffic counts {number}"), "theme": ["Environment"]} for number in range(14)]
    return [*zh, *en, {**description("late", "Overdue counts"), "modified": "2020-01-01"}]


def market() -> list[Any]:
    """Faults: markup in the words, a script for a link, a title that is a number, a record that is no object."""
    bad = {"@type": "dcat:Distribution", "title": EVIL, "downloadURL": "javascript:alert(1)", "format": EVIL}
    words = {"title": f"Prices {EVIL}", "description": f"<p>First</p><p>Second {EVIL}</p>", "keyword": [EVIL]}
    evil = {**description("evil", ""), **words, "distribution": [bad]}
    number = {**description("number", ""), "title": 300.21, "contactPoint": {"fn": "Desk", "hasEmail": "desk@city.example"}}
    return [evil, number, {"identifier": "untitled"}, "not an object", description("=1+1", "=cmd()")]


def fill(folder: Path) -> Settings:
    """Fills a catalogue in this folder and returns its settings."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(data_dir=folder, site_url="http://portal.example", _env_file=None)  # type: ignore[call-arg]
    engine = database.connect(settings.database)
    upgrade(engine)
    with database.writing(engine) as session:
        _department(session, "transport", {"zh": "交通运输局", "en": "Transport Bureau"}, transport())
        _department(session, "market", {"zh": "市场监督管理局", "en": "Market Bureau"}, market())
        strict = _department(
            session,
            "strict",
            {"zh": "统计局", "en": "Statistics Bureau"},
            [description("fine", "Fine figures")],
            admits="valid",
        )
        _harvest(session, strict, [{**description("secret", "Secret draft"), "modified": "-"}], "held")
        gone = _department(
            session, "archive", {"en": "Archive"}, [description("gone", "Gone maps"), description("kept", "Kept maps")]
        )
        _retire(session, gone, "gone")
        _running(session, gone)
        departments.put_organization(session, "empty", {"zh": "空部门"})
        session.commit()
    index = open_engine(settings.search)
    with database.reading(engine) as session:
        sync(session, index)
    engine.dispose()
    return settings


def _department(session: Session, name: str, title: dict[str, str], bodies: Sequence[Any], admits: str = "readable") -> Source:
    departments.put_organization(session, name, title, description={"zh": "说明", "en": "About it"})
    url = f"https://{name}.example/data.json?key=hidden-key"
    source = sources.put_source(session, name, url=url, protocol="dcat_us", organization=name, admits=admits)
    _harvest(session, source, bodies, "done")
    return source


def _harvest(session: Session, source: Source, bodies: Sequence[Any], state: str) -> Run:
    run = sources.ask(session, source)
    records = [Record(body, str(body["identifier"]) if isinstance(body, dict) else None) for body in bodies]
    job = Job(source, Listing(()), STANDARDS.get, STANDARD)
    taken = [take(record, job) for record in records]
    sifted = store.fresh(session, run, taken)
    store.put(session, source, run, [examine(one, STANDARDS.get(one.standard)) for one in sifted.fresh], sifted, "end")
    run.state, run.started, run.finished, run.seconds, run.bytes = state, clock.now(), clock.now(), 1.5, 12345
    session.flush()
    run.findings_by_rule = sources.findings_by_rule(session, run.id or 0)
    session.add(run)
    session.flush()
    return run


def _retire(session: Session, source: Source, identifier: str) -> None:
    rows = session.exec(select(DatasetRow).where(DatasetRow.source_id == source.id, DatasetRow.identifier == identifier)).all()
    assert leaving.retire_rows(session, rows, "test") == 1


def _running(session: Session, source: Source) -> None:
    run = sources.ask(session, source)
    run.state, run.started, run.total, run.received = "running", clock.later(-20), 400, 100
    session.add(run)
    session.flush()
