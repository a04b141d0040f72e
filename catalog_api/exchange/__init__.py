"""The catalogue in other words: each file serves one protocol or format, the mirror of `harvesters/`."""
