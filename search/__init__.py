"""Questions and answers: the index follows the store's log, and every door asks it through one Query."""
