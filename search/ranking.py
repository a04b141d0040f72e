"""How much each part of a score weighs, and how the weights are read from a setting. Pure.

The score of a dataset is a sum (`?explain=true` shows it): BM25 of the words over the text fields, the best field counting
and a tenth of the others; then steps that are the same for everyone: the whole title, all words in the title, freshness,
quality, use. The two steps for titles are larger than any sum of the rest, so such datasets always come first.
"""

from dataclasses import dataclass, fields, replace

from metadata.errors import Invalid


@dataclass(frozen=True)
class Ranking:
    """Weights; 0 switches a part off. Of text fields: a factor of BM25. Of the others: the most that the part adds."""

    title: float = 8.0
    keyword: float = 4.0
    publisher: float = 2.0
    description: float = 1.0
    column: float = 1.0
    resource: float = 1.0
    other: float = 1.0
    exact_title: float = 10_000.0
    all_in_title: float = 1_000.0
    freshness: float = 3.0
    quality: float = 2.0
    use: float = 3.0


def ranking(text: str) -> Ranking:
    """The weights that a setting changes: `title=10 freshness=0`, parted by blanks or commas. Raises `Invalid`."""
    known = [field.name for field in fields(Ranking)]
    changed: dict[str, float] = {}
    for piece in text.replace(",", " ").split():
        name, _, value = piece.partition("=")
        try:
            changed[name] = float(value)
        except ValueError:
            changed[name] = -1.0
        if name not in known or not 0 <= changed[name] <= 1e6:
            remedy = f"Write name=number (0 to 1000000) with one of {', '.join(known)}."
            raise Invalid("this is no weight", place="MULU_RANKING", value=piece, remedy=remedy)
    return replace(Ranking(), **changed)
