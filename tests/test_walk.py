"""The whole walk: a source is harvested, checked, stored, indexed, searched and handed on. Read this first."""

import json
from pathlib import Path

from sqlmodel import SQLModel

from harvesters.dcat_us import DcatUs
from harvesters.run import Job, harvest
from harvesters.web import Web
from metadata import database, departments, ledger, sources, store
from search.base import Query
from search.engines import open_engine
from search.sync import sync
from standards.table import STANDARDS
from tests.serving import Folder


def test_a_dataset_walks_from_a_department_to_a_reader(tmp_path: Path) -> None:
    described = {
        "title": "公共交通线路",
        "description": "全市公交线路",
        "identifier": "bus-1",
        "accessLevel": "public",
        "keyword": ["公交"],
    }
    with Folder({"/data.json": json.dumps({"dataset": [described]})}) as department:
        engine = database.connect(f"sqlite:///{tmp_path}/walk.db")
        SQLModel.metadata.create_all(engine)
        with database.writing(engine) as session, Web(internal=True, spool_dir=tmp_path) as web:
            departments.put_organization(session, "transport", {"zh": "交通局"})
            url = f"{department.url}/data.json"
            source = sources.put_source(session, "transport", url=url, protocol="dcat_us", organization="transport")
            run = sources.ask(session, source)
            run.state = "running"
            for _ in harvest(
                session, web, Job(source, DcatUs(url, DcatUs.Settings()), STANDARDS.get, "dcat_us_1_1_non_federal"), run
            ):
                session.commit()
            assert (run.state, run.received, run.added) == ("done", 1, 1)
            index = open_engine(f"tantivy://{tmp_path}/index")
            assert sync(session, index) == 1
            (hit,) = index.search(Query(words="公交線路")).hits  # asked in traditional script
            entry = store.get(session, hit.name)
            assert (entry.name, entry.warnings + entry.errors > 0) == ("gong-gong-jiao-tong-xian-lu", True)
            written = STANDARDS.get("dcat_us_1_1").write(entry.dataset)  # type: ignore[misc]
            assert written["title"] == described["title"] and written["identifier"] == "bus-1"
            assert ledger.verify(session).ok
        engine.dispose()
