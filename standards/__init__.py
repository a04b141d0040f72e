"""Formats: pure functions that read, write and check descriptions, one file per standard and version."""
