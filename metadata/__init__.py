"""The ground: words, values and rows that every other room stands on."""
