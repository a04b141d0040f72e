"""Protocols: one file each walks what a department publishes and yields its records."""
