"""The canonical description of a dataset: what every standard is read into and written from.

Frozen `msgspec` structs, so that building costs little and decoding checks the types. Field names are DCAT's
in snake_case (W3C DCAT 3, https://www.w3.org/TR/vocab-dcat-3/); what Chinese catalogues add (information items,
sharing, openness) follows 《政务信息资源目录编制指南(试行)》 2017. What a standard says and this model has no
field for goes into `extra` under the name the source gave it, so that reading loses nothing.

Dates are strings in ISO 8601 with the precision they were given in: `2016`, `2016-04`, `2016-04-14`,
`2016-04-14T09:37:39Z`. Languages are BCP 47 tags. A box is `(west, south, east, north)` in degrees (WGS 84).
"""

from typing import Any, Literal

import msgspec

from metadata.text import Text, Words

Box = tuple[float, float, float, float]


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """The base of all that follows: immutable, unknown fields refused when decoded, defaults left out."""


class Coded(Model, frozen=True):
    """A value from a controlled list. `raw` is the word the source used; `scheme` is empty when nothing matched."""

    scheme: str = ""
    code: str = ""
    uri: str | None = None
    label: Text = {}
    raw: str | None = None


class Agent(Model, frozen=True):
    """Who publishes or creates (foaf:Agent, 信息资源提供方). `code` is the 统一社会信用代码 (GB 32100) where known."""

    name: Text = {}
    identifier: str | None = None
    code: str | None = None
    kind: Coded | None = None
    homepage: str | None = None
    email: str | None = None
    phone: str | None = None
    parent: "Agent | None" = None
    extra: dict[str, Any] = {}


class Contact(Model, frozen=True):
    """Whom to ask (vcard:Kind). `email` is the bare address, without `mailto:`."""

    name: Text = {}
    email: str | None = None
    phone: str | None = None
    url: str | None = None
    organization: Text = {}
    extra: dict[str, Any] = {}


class Place(Model, frozen=True):
    """Where (dct:Location). `raw` is what the source wrote; `geometry` is GeoJSON."""

    name: Text = {}
    uri: str | None = None
    code: Coded | None = None
    box: Box | None = None
    geometry: dict[str, Any] | None = None
    raw: str | None = None


class Period(Model, frozen=True):
    """When (dct:PeriodOfTime); an open end is `None`. `raw` is what the source wrote when it is neither."""

    start: str | None = None
    end: str | None = None
    raw: str | None = None


class Checksum(Model, frozen=True):
    """spdx:Checksum; `algorithm` in lower case without dashes: `sha256`."""

    algorithm: str
    value: str


class InformationItem(Model, frozen=True):
    """One column of a dataset (信息项, csvw:Column)."""

    name: Text
    code: str | None = None
    data_type: Coded | None = None
    length: int | None = None
    precision: int | None = None
    description: Text = {}
    required: bool | None = None
    key: bool | None = None
    extra: dict[str, Any] = {}


class Sharing(Model, frozen=True):
    """共享属性: may other departments have it? Unconditionally, on a condition, or not (then with the legal basis)."""

    kind: Literal["unconditional", "conditional", "none"]
    condition: Text = {}
    legal_basis: Text = {}
    method: Coded | None = None
    raw: str | None = None


class Openness(Model, frozen=True):
    """开放属性: may society have it? An axis of its own beside sharing."""

    kind: Literal["open", "conditional", "none"]
    condition: Text = {}
    raw: str | None = None


class DataService(Model, frozen=True):
    """dcat:DataService: an API that serves the data."""

    identifier: str | None = None
    title: Text = {}
    description: Text = {}
    endpoint_url: tuple[str, ...] = ()
    endpoint_description: tuple[str, ...] = ()
    conforms_to: tuple[str, ...] = ()
    license: Coded | None = None
    access_rights: Coded | None = None
    contact_point: tuple[Contact, ...] = ()
    publisher: Agent | None = None
    extra: dict[str, Any] = {}


class Series(Model, frozen=True):
    """dcat:DatasetSeries: what several datasets are parts of."""

    identifier: str | None = None
    title: Text = {}
    description: Text = {}
    accrual_periodicity: Coded | None = None
    publisher: Agent | None = None
    extra: dict[str, Any] = {}


class Distribution(Model, frozen=True):
    """dcat:Distribution: one way to get the data. `byte_size` in bytes; `media_type` is an IANA name such as `text/csv`."""

    identifier: str | None = None
    title: Text = {}
    description: Text = {}
    access_url: str | None = None
    download_url: str | None = None
    format: Coded | None = None
    media_type: str | None = None
    compress_format: str | None = None
    package_format: str | None = None
    byte_size: int | None = None
    checksum: Checksum | None = None
    license: Coded | None = None
    rights: Text = {}
    issued: str | None = None
    modified: str | None = None
    language: tuple[str, ...] = ()
    conforms_to: tuple[str, ...] = ()
    page: tuple[str, ...] = ()
    described_by: str | None = None
    described_by_type: str | None = None
    status: Coded | None = None
    availability: Coded | None = None
    access_service: tuple[DataService, ...] = ()
    extra: dict[str, Any] = {}


class Dataset(Model, frozen=True):
    """dcat:Dataset, 信息资源. `uri` is the address the catalogue gives it, set by whoever serves it."""

    identifier: str
    title: Text
    uri: str | None = None
    description: Text = {}
    publisher: Agent | None = None
    creator: tuple[Agent, ...] = ()
    contact_point: tuple[Contact, ...] = ()
    keyword: Words = {}
    theme: tuple[Coded, ...] = ()
    classification: Coded | None = None
    issued: str | None = None
    modified: str | None = None
    accrual_periodicity: Coded | None = None
    language: tuple[str, ...] = ()
    spatial: tuple[Place, ...] = ()
    temporal: tuple[Period, ...] = ()
    access_rights: Coded | None = None
    rights: Text = {}
    license: Coded | None = None
    landing_page: str | None = None
    page: tuple[str, ...] = ()
    provenance: Text = {}
    conforms_to: tuple[str, ...] = ()
    described_by: str | None = None
    described_by_type: str | None = None
    version: str | None = None
    version_notes: Text = {}
    other_identifier: tuple[str, ...] = ()
    is_part_of: str | None = None
    in_series: tuple[Series, ...] = ()
    relation: tuple[str, ...] = ()
    status: Coded | None = None
    spatial_resolution_in_meters: float | None = None
    temporal_resolution: str | None = None
    applicable_legislation: tuple[str, ...] = ()
    hvd_category: tuple[Coded, ...] = ()
    distribution: tuple[Distribution, ...] = ()
    service: tuple[DataService, ...] = ()
    information_item: tuple[InformationItem, ...] = ()
    sharing: Sharing | None = None
    openness: Openness | None = None
    extra: dict[str, Any] = {}


_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Dataset)


def encode(dataset: Dataset) -> bytes:
    """Canonical JSON: defaults left out, keys in a fixed order, UTF-8. The same dataset always gives the same bytes."""
    return _encoder.encode(dataset)


def decode(body: bytes) -> Dataset:
    """The dataset that `encode` wrote. Raises `msgspec.ValidationError` when the bytes are not a dataset."""
    return _decoder.decode(body)
