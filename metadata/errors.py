"""What can go wrong, as values that know no HTTP.

    CatalogError            anything below; carries where, the value, and what to do
    ├── NotFound            no such dataset, source, run, …
    ├── Gone                it was here and was retired
    ├── Invalid             what was given cannot be used
    ├── Conflict            it clashes with what is there
    ├── NotAllowed          the asker may not
    │   └── NotKnown        the asker gave no token, or a wrong one
    ├── Unavailable         a part we need is away for now
    ├── TooLarge            more bytes than are allowed
    └── SourceError         a source did not give what it should; the run fails, the records stay
        ├── Unreachable     no answer, or an answer that is an error
        ├── NotData         an answer, but not data: HTML, an error inside 200, empty, truncated
        └── Refused         an address we do not fetch

`catalog_api/errors.py` maps them once to problem+json (RFC 9457), `catalog_api/ckan/` to CKAN's envelope.
"""


class CatalogError(Exception):
    """`message` says what is wrong, `place` where, `value` what was found (cut to 200 characters), `remedy` what to do."""

    def __init__(self, message: str, *, place: str = "", value: object = None, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.value = None if value is None else str(value)[:200].encode("utf-8", "replace").decode()
        self.remedy = remedy

    def __str__(self) -> str:
        found = f" (found: {self.value})" if self.value else ""
        where = f"{self.place}: " if self.place else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{where}{self.message}{found}.{remedy}".replace("..", ".")


class NotFound(CatalogError):
    """There is no such thing."""


class Gone(CatalogError):
    """It was here once and was retired."""


class Invalid(CatalogError):
    """What was given cannot be used."""


class Conflict(CatalogError):
    """It clashes with what is there already."""


class NotAllowed(CatalogError):
    """The asker may not do this."""


class NotKnown(NotAllowed):
    """The asker gave no token, or one that is wrong."""


class Unavailable(CatalogError):
    """A part that is needed is away for now."""


class TooLarge(CatalogError):
    """More bytes than are allowed."""


class SourceError(CatalogError):
    """A source did not give what it should."""


class Unreachable(SourceError):
    """No answer, or an answer that is an error."""


class NotData(SourceError):
    """An answer that holds no data."""


class Refused(SourceError):
    """An address that is not fetched: private, or of another scheme than http and https."""
