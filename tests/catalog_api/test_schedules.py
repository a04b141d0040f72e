"""When a source is due: time zones with their gaps and overlaps, jitter, blackout windows, backing off; clear refusals."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_api.schedules import BACK_OFF_AFTER, Plan, checked_line, next_time, resting_until, waking, windows_of, zone_of
from metadata.errors import Invalid

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def slots(line: str, zone: str, after: str, count: int) -> list[str]:
    """The next slots of a line, in UTC, to the minute."""
    plan, moment, found = Plan(checked_line(line), zone_of(zone)), at(after), []
    for _ in range(count):
        moment = plan.slot(moment)
        found.append(moment.strftime("%m-%d %H:%M"))
    return found


@pytest.mark.parametrize(
    ("line", "zone", "after", "expected"),
    [
        ("0 3 * * *", "Asia/Shanghai", "2026-05-03T00:00", ["05-03 19:00", "05-04 19:00"]),
        ("30 8 * * mon", "America/New_York", "2026-01-05T13:29", ["01-05 13:30", "01-12 13:30"]),
        # Berlin, 29 March 2026: 02:00–03:00 does not exist. 02:30 is read with the offset before the gap (RFC 5545).
        ("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00", ["03-28 01:30", "03-29 01:30", "03-30 00:30"]),
        ("0 * * * *", "Europe/Berlin", "2026-03-28T23:30", ["03-29 00:00", "03-29 01:00", "03-29 02:00"]),
        ("*/30 2-3 * * *", "Europe/Berlin", "2026-03-29T00:59", ["03-29 01:00", "03-29 01:30", "03-30 00:00", "03-30 00:30"]),
        # 25 October 2026: 02:00–03:00 comes twice. A daily run comes once, an hourly one goes on through both.
        ("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00", ["10-25 00:30", "10-26 01:30"]),
        ("30 2 * * *", "Europe/Berlin", "2026-10-25T00:31", ["10-26 01:30"]),
        ("*/30 * * * *", "Europe/Berlin", "2026-10-24T23:40", ["10-25 00:00", "10-25 00:30", "10-25 01:00", "10-25 01:30"]),
        ("0 */2 * * *", "Europe/Berlin", "2026-10-24T23:00", ["10-25 00:00", "10-25 01:00", "10-25 03:00"]),
        ("@daily", "UTC", "2026-05-03T00:00", ["05-04 00:00"]),
        # a clock that moves by half an hour (Lord Howe), and a day that was left out (Samoa, 30 December 2011)
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00", ["10-03 15:45", "10-04 15:15"]),
        ("0 12 * * *", "Pacific/Apia", "2011-12-29T00:00", ["12-29 22:00", "12-30 22:00"]),
    ],
)
def test_a_line_is_read_on_the_wall_clock_of_its_zone(line: str, zone: str, after: str, expected: list[str]) -> None:
    assert slots(line, zone, after, len(expected)) == expected


@settings(deadline=None)
@given(
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Shanghai"]),
    st.sampled_from(["*/17 * * * *", "30 2 * * *", "0 1,2,3 * * *", "15 */3 * * sun", "59 23 28-31 * *"]),
    st.integers(0, 2 * 365 * 24 * 60),
)
def test_slots_only_go_forward_and_each_is_a_time_of_the_line(zone: str, line: str, minute: int) -> None:
    plan, moment = Plan(line, zone_of(zone)), at("2025-01-01T00:00") + timedelta(minutes=minute)
    first = plan.slot(moment)
    second = plan.slot(first)
    assert moment < first < second
    assert plan.slot(first - timedelta(microseconds=1)) == first  # nothing was passed over on the way
    assert plan.slot(second - timedelta(microseconds=1)) == second


def test_jitter_is_a_sources_own_and_stays_for_the_day() -> None:
    plans = [Plan("0 */6 * * *", SHANGHAI, jitter=45, seed=f"source-{n}") for n in range(40)]
    noon = at("2026-05-03T16:00")  # midnight in Shanghai
    delays = [plan.due(noon - timedelta(seconds=1)) - noon for plan in plans]
    assert all(timedelta(0) <= one <= timedelta(minutes=45) for one in delays)
    assert len(set(delays)) > 30 and max(delays) > timedelta(minutes=30)
    plan, delay = plans[7], delays[7]
    later = plan.due(noon + delay)
    assert later - (noon + timedelta(hours=6)) == delay  # the same day, the same delay
    assert plan.due(noon + delay - timedelta(microseconds=1)) == noon + delay
    days = {plan.due(noon + timedelta(days=n, seconds=-1)) - noon - timedelta(days=n) for n in range(10)}
    assert len(days) > 5


@settings(deadline=None)
@given(st.integers(0, 600), st.integers(0, 3 * 24 * 60))
def test_no_slot_is_lost_or_doubled_by_jitter(jitter: int, minute: int) -> None:
    """Walked by `due`, each slot of the line is met exactly once, moved by its day's delay."""
    plan = Plan("0 * * * *", BERLIN, jitter=jitter, seed="roads")
    start = at("2026-03-27T00:00") + timedelta(minutes=minute)
    end, moment, met = start + timedelta(hours=24), start, []
    while (moment := plan.due(moment)) <= end:
        met.append(moment)
    slot, moved = start - timedelta(hours=11), set()
    while (slot := plan.slot(slot)) <= end:
        moved.add(slot + plan._delay(slot))
    assert met == sorted(one for one in moved if start < one <= end)


@pytest.mark.parametrize(
    ("windows", "moment", "expected"),
    [
        (["08:00-18:00"], "2026-05-04T07:59", None),
        (["08:00-18:00"], "2026-05-04T08:00", "2026-05-04T18:00"),
        (["08:00-18:00"], "2026-05-04T17:59", "2026-05-04T18:00"),
        (["08:00-18:00"], "2026-05-04T18:00", None),
        (["mon-fri 08:00-18:00"], "2026-05-03T12:00", None),  # a Sunday
        (["mon-fri 08:00-18:00"], "2026-05-04T12:00", "2026-05-04T18:00"),
        (["22:00-06:00"], "2026-05-04T23:00", "2026-05-05T06:00"),
        (["22:00-06:00"], "2026-05-05T05:59", "2026-05-05T06:00"),
        (["fri 22:00-06:00"], "2026-05-09T03:00", "2026-05-09T06:00"),  # Friday night, on Saturday
        (["fri 22:00-06:00"], "2026-05-08T03:00", None),
        (["sat,sun 00:00-24:00"], "2026-05-09T12:00", "2026-05-11T00:00"),  # windows that follow on each other
        (["08:00-12:00", "12:00-18:00", "17:00-20:00"], "2026-05-04T09:00", "2026-05-04T20:00"),
        (["fri-mon 10:00-11:00"], "2026-05-10T10:30", "2026-05-10T11:00"),
        (["tue 12:00-12:00"], "2026-05-06T11:00", "2026-05-06T12:00"),  # a whole day
        ([], "2026-05-04T12:00", None),
    ],
)
def test_a_source_is_left_alone_in_its_windows(windows: list[str], moment: str, expected: str | None) -> None:
    assert resting_until(windows, "UTC", at(moment)) == (at(expected) if expected else None)


def test_windows_are_read_in_the_sources_zone_also_while_clocks_are_moved() -> None:
    assert resting_until(["08:00-18:00"], "Asia/Shanghai", at("2026-05-04T01:00")) == at("2026-05-04T10:00")
    night = windows_of(["22:00-02:30"])
    assert waking(night, BERLIN, at("2026-03-28T23:00")) == at("2026-03-29T01:30")  # its end does not exist that night
    assert waking(night, BERLIN, at("2026-10-24T23:00")) == at("2026-10-25T00:30")  # comes twice: the first end …
    assert waking(night, BERLIN, at("2026-10-25T01:10")) == at("2026-10-25T01:30")  # … and where clocks went back into it


def test_a_run_due_inside_a_window_comes_at_its_end_once() -> None:
    plan = Plan("0 * * * *", ZoneInfo("UTC"), windows=windows_of(["08:00-18:00"]))
    due = plan.due(at("2026-05-04T07:30"))
    assert due == at("2026-05-04T18:00")
    assert plan.due(due) == at("2026-05-04T19:00")


@settings(deadline=None)
@given(st.integers(0, 2 * 365 * 24 * 60), st.integers(0, 240))
def test_a_source_is_never_due_in_a_window(minute: int, jitter: int) -> None:
    windows = windows_of(["mon-fri 08:00-18:00", "22:00-03:30", "sat 00:00-24:00"])
    plan, moment = Plan("*/20 * * * *", BERLIN, jitter, windows, "roads"), at("2025-01-01T00:00") + timedelta(minutes=minute)
    due = plan.due(moment)
    assert due > moment and waking(windows, BERLIN, due) == due


def test_a_source_that_keeps_failing_is_asked_less_and_less() -> None:
    often, now = Plan("*/15 * * * *", ZoneInfo("UTC")), at("2026-05-04T12:01")
    waits = [often.backed_off(now, failures) - now for failures in range(12)]
    assert waits[:BACK_OFF_AFTER] == [timedelta(minutes=14)] * BACK_OFF_AFTER
    assert waits == sorted(waits) and waits[BACK_OFF_AFTER] > waits[0]
    growing = [later / earlier for earlier, later in pairwise(waits[4:9])]
    assert all(1.5 < one < 2.6 for one in growing), waits
    assert waits[-1] <= timedelta(days=1, minutes=15)
    assert often.backed_off(now, 10**6) == often.backed_off(now, 11)
    weekly = Plan("0 3 * * mon", ZoneInfo("UTC"))
    assert {weekly.backed_off(now, failures) for failures in range(30)} == {at("2026-05-11T03:00")}
    daily = Plan("0 3 * * *", ZoneInfo("UTC"))
    assert {daily.backed_off(now, failures) for failures in range(30)} == {at("2026-05-05T03:00")}


@pytest.mark.parametrize(
    "line", ["", "nonsense", "* * *", "61 * * * *", "0 3 * * * *", "0 3 * * * * * *", "0 0 30 2 *", "@@", "\x00", "* " * 500]
)
def test_a_line_that_is_no_cron_line_is_refused(line: str) -> None:
    with pytest.raises(Invalid) as told:
        next_time(line)
    assert told.value.place == "schedule" and "0 3 * * *" in told.value.remedy


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "UTC+8", "../etc/passwd", "Asia", "\x00", "x" * 300])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as told:
        zone_of(name)
    assert told.value.place == "timezone" and "Asia/Shanghai" in told.value.remedy


@pytest.mark.parametrize(
    "line", ["", "8-18", "25:00-26:00", "08:60-09:00", "08:00-24:01", "24:00-01:00", "mo 08:00-18:00", "mon-xyz 08:00-18:00",
             "mon- 08:00-18:00", "08:00", "08:00-18:00 mon", "montag 08:00-18:00"],
)  # fmt: skip
def test_a_window_that_is_none_is_refused(line: str) -> None:
    with pytest.raises(Invalid) as told:
        windows_of([line])
    assert told.value.place == "blackout" and told.value.value == line and "mon-fri" in told.value.remedy


def test_windows_that_leave_no_time_are_refused() -> None:
    with pytest.raises(Invalid, match="no time"):
        windows_of(["00:00-12:00", "12:00-24:00"])
    with pytest.raises(Invalid, match="no time"):
        windows_of(["mon-fri 06:00-06:00", "sat,sun 06:00-06:00"])
    assert windows_of(["00:00-12:00", "12:00-23:59"])
