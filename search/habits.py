"""What an operator chooses of the search, the same for every engine."""

from dataclasses import dataclass, field
from pathlib import Path

from search.ranking import Ranking


@dataclass(frozen=True)
class Habits:
    """`synonyms`: the file of words that mean the same (read again when it changes), None for none. `languages`: those of
    the site, best first."""

    ranking: Ranking = field(default_factory=Ranking)
    synonyms: Path | None = None
