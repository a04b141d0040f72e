"""Which form of a dataset is asked for: by extension, by `?standard=`, or by the `Accept` header (RFC 9110 §12.5.1)."""

from dataclasses import dataclass

import mimeparse

from metadata.errors import NotFound

HTML = "text/html"


@dataclass(frozen=True)
class Form:
    """A form that a dataset can be had in: its media type, and the RDF serialisation, if it is RDF."""

    media_type: str
    rdf: str | None = None


EXTENSIONS = {
    "ttl": Form("text/turtle", "turtle"),
    "rdf": Form("application/rdf+xml", "rdf"),
    "xml": Form("application/rdf+xml", "rdf"),
    "jsonld": Form("application/ld+json", "jsonld"),
    "nt": Form("application/n-triples", "nt"),
    "json": Form("application/json"),
}
_OFFERED = (  # the last one wins among equals
    "application/n-triples",
    "application/rdf+xml",
    "application/ld+json",
    "text/turtle",
    "application/json",
    HTML,
)


def form_of(extension: str) -> Form:
    """The form of an extension. Raises `NotFound` naming those that exist."""
    if extension not in EXTENSIONS:
        known = ", ".join(f".{one}" for one in EXTENSIONS)
        raise NotFound("datasets cannot be had in this form", value=f".{extension}", remedy=f"There are: {known}.")
    return EXTENSIONS[extension]


def accepted(header: str | None) -> Form:
    """The form that an `Accept` header prefers; a page when it names nothing that is offered."""
    try:
        best = mimeparse.best_match(_OFFERED, header or HTML)
    except mimeparse.MimeTypeParseException:
        best = HTML
    return next((form for form in EXTENSIONS.values() if form.media_type == best), Form(HTML))
