"""The numbers of `/metrics`: what is in the catalogue, how the index stands, how searches and alerts fare.

All of them are read from the database, where every process adds what it counted: whichever web process answers, and however
many there are, they are the same.
"""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from sqlmodel import Session, col, func, select

from catalog_api.chores import DRIFT
from catalog_api.statistics import BUCKET, BUCKETS, EMPTY, SECONDS
from metadata import clock, marks, searches, statistics, store
from metadata.errors import CatalogError
from metadata.tables import DatasetRow, Run
from search.base import SearchEngine

CHANNELS = ("mail", "webhook")


class Numbers:
    """A collector for prometheus_client, over one session."""

    def __init__(self, session: Session, engine: SearchEngine) -> None:
        self._session, self._engine = session, engine

    def collect(self) -> Iterator[Metric]:
        """All numbers, as they are now."""
        yield from self._catalogue()
        yield from self._index()
        yield from self._drift()
        yield from self._searches()
        yield from self._alerts()

    def _catalogue(self) -> Iterator[Metric]:
        datasets = GaugeMetricFamily("mulu_datasets", "Datasets by state", labels=["state"])
        for state, count in self._session.execute(select(DatasetRow.state, func.count()).group_by(DatasetRow.state)):
            datasets.add_metric([state], count)
        runs = GaugeMetricFamily("mulu_runs", "Harvests by state", labels=["state"])
        for state, count in self._session.execute(select(Run.state, func.count()).group_by(Run.state)):
            runs.add_metric([state], count)
        going = select(func.count()).select_from(Run).where(col(Run.state).in_(("queued", "running")))
        yield datasets
        yield runs
        yield GaugeMetricFamily("mulu_runs_open", "Harvests that wait or go on", self._session.exec(going).one())

    def _index(self) -> Iterator[Metric]:
        """Without the index there is no telling how far it is behind; that it is away is a number of its own."""
        try:
            behind = max(0, store.last_sequence(self._session) - self._engine.position())
        except CatalogError:
            yield GaugeMetricFamily("mulu_index_up", "Whether the index answers", 0)
            return
        yield GaugeMetricFamily("mulu_index_up", "Whether the index answers", 1)
        yield GaugeMetricFamily("mulu_index_behind", "Changes that the index has not taken in yet", behind)

    def _drift(self) -> Iterator[Metric]:
        last = marks.mark(self._session, DRIFT)
        if last is None:
            return
        drift = GaugeMetricFamily("mulu_index_drift", "How store and index differed when last compared", labels=["kind"])
        for kind in ("missing", "stale", "extra"):
            drift.add_metric([kind], last.value.get(kind, 0))
        yield drift
        at = clock.parse(last.at).timestamp()
        yield GaugeMetricFamily("mulu_index_compared_timestamp_seconds", "When store and index were last compared", at)

    def _searches(self) -> Iterator[Metric]:
        numbers = statistics.numbers(self._session)
        passed, buckets = 0.0, []
        for bound in (*map(str, BUCKETS), "+Inf"):
            passed += numbers.get(f"{BUCKET}{bound}", 0.0)
            buckets.append((bound, passed))
        yield HistogramMetricFamily(
            "mulu_search_seconds", "Time that searches took", buckets=buckets, sum_value=numbers.get(SECONDS, 0.0)
        )
        yield CounterMetricFamily("mulu_searches_empty", "Searches that found nothing", numbers.get(EMPTY, 0.0))

    def _alerts(self) -> Iterator[Metric]:
        saved = GaugeMetricFamily("mulu_saved_searches", "Saved searches", labels=["state", "channel"])
        for state, channel, count in searches.by_state(self._session):
            saved.add_metric([state, channel], count)
        numbers = statistics.numbers(self._session)
        sent = CounterMetricFamily("mulu_alerts_sent", "Messages of saved searches", labels=["channel"])
        for channel in CHANNELS:
            sent.add_metric([channel], numbers.get(f"alerts:{channel}", 0.0))
        yield saved
        yield sent
        yield CounterMetricFamily("mulu_alerts_failed", "Messages that failed", numbers.get("alerts:failed", 0.0))
