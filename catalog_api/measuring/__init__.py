"""What `mulu bench search` measures with: documents in any number, timings, and the same work done by the bare engines."""

EIGHT_FACETS = ("organization", "publisher", "theme", "keyword", "format", "licence", "frequency", "language")
"""What a results page counts when a search is measured."""
