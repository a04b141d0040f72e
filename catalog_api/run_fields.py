"""What a run report tells, wherever it is given: by the API, by a command, on a page."""

RUN_FIELDS = (
    "source",
    "state",
    "received",
    "added",
    "updated",
    "unchanged",
    "retired",
    "renamed",
    "failed",
    "warned",
    "duplicates",
    "bytes",
    "seconds",
    "peak_memory_mib",
    "resumed",
    "partial",
    "saved",
    "message",
    "findings_by_rule",
)
