"""What `mulu bench search` measures with: documents in any number, timings, and the same work done by the bare engines."""
