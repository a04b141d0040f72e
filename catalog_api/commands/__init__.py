"""What `mulu` can do, by topic."""
