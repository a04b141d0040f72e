"""Dates, numbers, periods and places that are asked of the made-up catalogue."""

from itertools import product

from search.base import Query, Range
from tests.search.questions import EVERYONE, Asked
from tests.search.reading import everything, holds


def _asked(name: str, query: Query) -> Asked:
    return Asked(name, query, holds(query.words) if query.words else everything)


_DATES: list[Range] = [
    (None, "2021"),
    ("2021", None),
    ("2021-03", "2021-05"),
    ("2020-02-10", "2020-12-31"),
    ("2022-06-15T00:00:00Z", None),
    (None, "2023-04-09T09:30:00Z"),
    ("2022", "2021"),
    (None, None),
    ("2019", "2019"),
    ("2024-02", "2024-02"),
]
DATES = [
    _asked(f"{name} {low}..{high}", Query(ranges={name: (low, high)}, readers=EVERYONE))
    for name, (low, high) in [*product(("modified", "issued"), _DATES), ("created", ("2026-05-02", None)),
                              ("updated", (None, "2026-06-02")), ("updated", ("2026-06-02T08:00:00.000000Z", "2026-06-02"))]
] + [
    _asked("both", Query(ranges={"modified": ("2021", "2023"), "issued": (None, "2022")}, readers=EVERYONE)),
    _asked("words", Query("交通", ranges={"modified": ("2021", "2023")}, readers=EVERYONE)),
    _asked("days", Query(filters={"updated": ("2026-06-01", "2026-06-03")}, readers=EVERYONE)),
    _asked("a year", Query(filters={"modified": ("2022",)}, readers=EVERYONE)),
    _asked("not a year", Query(excluded={"modified": ("2022", "2023-05")}, readers=EVERYONE)),
    _asked("a month of a year", Query(required={"issued": ("2022", "2022-05")}, readers=EVERYONE)),
]  # fmt: skip

PERIODS = [
    _asked(f"period {low}..{high}", Query(ranges={"period": (low, high)}, readers=EVERYONE))
    for low, high in [("2020", None), (None, "2018"), ("2021-09-30", "2021-09-30"), ("2021-10-01", "2022-05-31"),
                      ("2015", "2015"), ("2016", "2016"), ("2023", "2030"), (None, None), ("2018-12-31", "2019-01-01"),
                      ("2020-12-31T23:59:59Z", "2020-12-31T23:59:59Z"), (None, "1900"), ("2100", None)]
]  # fmt: skip
"""What the data is about: an overlap is enough, an open end goes on for ever."""

NUMBERS = [
    _asked(f"{name} {low}..{high}", Query(ranges={name: (low, high)}, readers=EVERYONE))
    for name, (low, high) in [
        *product(("size",), [("1", None), (None, "0"), ("0", "0"), ("2048", "2048"), ("2049", None), ("1000000", "2000000"),
                             ("2000000", None), ("3", "2"), (None, None)]),
        *product(("use",), [("1", None), (None, "0"), ("7", "120"), ("4000", "4000"), ("4001", None), (None, None)]),
        *product(("quality",), [("100", None), (None, "99"), ("50", None), ("0", "100"), ("101", None)]),
    ]
]  # fmt: skip

BOXES = {
    "peking": (115.0, 39.0, 117.0, 41.0),
    "half of peking": (116.4, 39.0, 117.0, 41.0),
    "a point in peking": (116.397, 39.908, 116.397, 39.908),
    "china": (73.0, 18.0, 135.0, 54.0),
    "fiji": (176.0, -20.0, -178.0, -15.0),
    "west of the line": (176.0, -20.0, 180.0, -15.0),
    "east of the line": (-180.0, -20.0, -178.0, -15.0),
    "across, narrow": (179.5, -18.0, -179.5, -17.0),
    "across, wide": (120.0, -60.0, -60.0, 60.0),
    "the line itself": (180.0, -90.0, 180.0, 90.0),
    "the other line": (-180.0, -90.0, -180.0, 90.0),
    "the far north": (170.0, 55.0, 180.0, 75.0),
    "the far north-east": (-180.0, 55.0, -170.0, 75.0),
    "world": (-180.0, -90.0, 180.0, 90.0),
    "north": (-180.0, 30.0, 180.0, 90.0),
    "nowhere": (0.0, 0.0, 0.0, 0.0),
    "an edge": (116.8, 40.2, 118.0, 41.0),
    "a touch beside": (116.80001, 40.2, 118.0, 41.0),
    "america": (-130.0, 20.0, -60.0, 50.0),
    "ocean": (-40.0, -40.0, -30.0, -30.0),
    "south pole": (-180.0, -90.0, 180.0, -80.0),
}
PLACES = [
    _asked(f"{relation} {name}", Query(box=box, relation=relation, readers=EVERYONE))
    for (name, box), relation in product(BOXES.items(), ("intersects", "within"))
] + [
    _asked("words in china", Query("交通", box=BOXES["china"], readers=EVERYONE)),
    _asked("for everyone in china", Query("数据", box=BOXES["china"], relation="within")),
    _asked("a box, a filter, a range", Query(filters={"format": ("CSV",)}, ranges={"modified": ("2021", None)},
                                             box=BOXES["china"], readers=EVERYONE)),
]  # fmt: skip

POINTS = {
    "forbidden city": (116.397, 39.908),
    "shanghai": (121.47, 31.23),
    "the line": (180.0, -17.6),
    "the other side of the line": (-180.0, -17.6),
    "null island": (0.0, 0.0),
    "north pole": (0.0, 90.0),
}
NEAR = [
    _asked(f"{kilometres} km of {name}", Query(near=(*point, kilometres), readers=EVERYONE))
    for (name, point), kilometres in product(POINTS.items(), (0.0, 30.0, 1_100.0, 8_000.0, 20_100.0))
] + [
    _asked("words near", Query("交通", near=(116.4, 39.9, 1_500.0), readers=EVERYONE)),
    _asked("near and in a box", Query(near=(116.4, 39.9, 1_500.0), box=BOXES["china"], readers=EVERYONE)),
]  # fmt: skip

BOUNDS = [*DATES, *PERIODS, *NUMBERS, *PLACES, *NEAR]

HISTOGRAMS = [
    *product(("modified", "issued", "updated"), ("year", "quarter", "month", "day")),
    ("created", "month"),
]
