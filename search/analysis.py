"""Text → tokens, the same for every engine and for both sides, the index and the question (DESIGN §5.13). Pure.

A token stream is one string, tokens parted by single blanks, so that an engine needs no more than a whitespace tokenizer.

- Folding, character by character: NFKC (full → half width), lower case, traditional → simplified (`search.traditional`),
  accents of Latin, Greek, Cyrillic, Arabic and Hebrew letters away, kana apart from its voicing mark. One character in, any
  number out, so positions can be traced back.
- Scripts written without blanks (Han, kana, hangul, Thai, Lao, Khmer, Burmese): a run of characters becomes its bigrams, a
  run of one stays as it is. A question's run is the phrase of its bigrams; one character alone is looked up in `characters`.
- Other scripts: words of letters, digits and the signs that belong to them, as UAX #29 (word boundaries) draws them but for
  these: `-`, `/`, `.` and apostrophes part the tokens of one word, so do letters from digits (`gbt21063`), and a number is
  parted at its commas. English plurals are folded (`search.analysis_words`).
- Codes: `GB/T 21063`, `PM2.5` and `real-time` are taken apart (`gb t 21063`), and their joined forms (`gbt`, `gbt21063`,
  `pm25`, `realtime`) follow at the end of the stream, after a bar, so that each spelling finds the other and phrases stay
  whole.
- Stems (`search.stemming`): where the language of a text is known, the stems of its words, marked, follow there as well
  (`surveying | ~survey`). A question's word looks for itself, for its stem and for its marked stem, so `survey`, `surveys`
  and `surveying` find each other in titles, keywords and descriptions, and phrases stay exact.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import add

from search.analysis_words import JOINT, LONGEST, singular, take_apart
from search.stemming import MARK, Stems, rules_of, stems, variants
from search.traditional import simplified

BAR = "|"
"""Stands between values and before joined forms. No text gives this token, so no phrase reaches across it."""

_DENSE = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff"
)
_RUN = re.compile(f"([{_DENSE}]+)")
_ONE = re.compile(f"[{_DENSE}]")
_ACCENT = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4"
    "\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe00-\ufe0f\ufe20-\ufe2f]"
)
_SIGNS = "".join(chr(code) for code in range(0x0483, 0x3000) if unicodedata.category(chr(code)) in ("Mn", "Mc"))
_WORD = re.compile(rf"[\w{_SIGNS}]++(?:[-/.'’][\w{_SIGNS}]++)*+")
_WIDE = re.compile(r"[^\x00-\x7f]+")
_SLASH = re.compile(r"/[a-z]{1,3}(?!\S)")
_STANDARD = re.compile(r"\b([a-z]{1,6}(?:/[a-z]{1,3})+)\s+(\d{2,})")
_AROUND = "!\"#$%&'()*+,-./:;<=>?@[\\]^`{|}~"  # never the first or last character of a word
_REMEMBERED = 1_000_000
QUESTIONED = ("en",)
"""Languages whose stems a question's words look for: nothing tells the language of a question."""


@dataclass(frozen=True)
class Atom:
    """The smallest thing looked for: one of `forms` must be there, each a phrase of tokens; the first is the one that was
    typed, stems come last. `single` is one character of a dense script, to be looked up among `characters`. `text` is what was
    typed, folded. `begun`: the one token of each form only begins like this. `fields`: only there; empty for all of
    `search.fields.TEXTS`."""

    text: str
    forms: tuple[tuple[str, ...], ...]
    single: bool = False
    begun: bool = False
    fields: tuple[str, ...] = ()


class _Folding(dict[int, str]):
    """Code point → folded characters, worked out when first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


class _Forms(dict[str, str]):
    """What stands between blanks in a text in lower case → its parts in order, worked out when first met. `tails` hold what
    belongs to the end of the stream for those that have it: joined forms, and `STANDARD` where the name of a standard may
    begin. `size` counts the characters that are remembered."""

    STANDARD = "\x1e"

    def __init__(self) -> None:
        super().__init__()
        self.size = 0
        self.tails: dict[str, str] = {}

    def __missing__(self, piece: str) -> str:
        if not piece.isascii() and len(runs := _RUN.split(fold(piece))) > 1:
            return self._dense(piece, runs)
        plain = piece.strip(_AROUND) if piece.isascii() and "/" not in piece else piece
        if plain.isascii() and plain.isalpha():
            stream = singular(plain[:LONGEST])
        elif plain.isascii() and plain.isdigit():
            stream = plain[:LONGEST]
        elif plain == piece:
            stream = self._worked_out(piece)
        else:
            stream = self[plain]
            if plain in self.tails:
                self.tails[piece] = self.tails[plain]
        self[piece] = stream
        self.size += len(piece) + 1
        return stream

    def _dense(self, piece: str, runs: list[str]) -> str:
        """The parts of a piece with dense runs. It is not remembered: such text seldom comes twice."""
        streams = [" ".join(_bigrams(run)) if index % 2 else self[run] for index, run in enumerate(runs)]
        if tail := " ".join(filter(None, map(self.tails.get, runs[::2]))):
            self._remember_tail(piece, tail)
        return " ".join(filter(None, streams))

    def _worked_out(self, piece: str) -> str:
        """The parts of a piece without dense scripts."""
        folded = fold(piece)
        found: list[str] = []
        tail: list[str] = []
        for word in _WORD.findall(folded):
            parts, joined = take_apart(word)
            found += parts
            tail += joined
        if found and _SLASH.search(folded):
            tail.append(self.STANDARD)
        if tail:
            self._remember_tail(piece, " ".join(tail))
        return " ".join(found)

    def _remember_tail(self, piece: str, tail: str) -> None:
        self.tails[piece] = tail
        self.size += len(piece) + len(tail)


class _Stemmed(dict[str, str]):
    """What stands between blanks in a text in lower case → its tail, and the marked stems of its words that are not themselves
    stems, by the rules of one language."""

    def __init__(self, known: Stems) -> None:
        super().__init__()
        self._known = known

    def __missing__(self, piece: str) -> str:
        if len(self) > _REMEMBERED // 10:
            self.clear()
        forms = _known
        tail = [forms.tails.get(piece, "")]
        for token in forms[piece].split(" "):
            if token.isalpha() and (stem := self._known[token]) != token:
                tail.append(MARK + stem)
        self[piece] = found = " ".join(filter(None, tail))
        return found


_SIMPLIFIED = simplified()
_FOLDING = _Folding()
_dense: set[str] = set()
_others: set[str] = set()
_known = _Forms()


def fold(text: str) -> str:
    """The text in the form in which it is compared."""
    lower = text.lower()
    return lower if lower.isascii() else _WIDE.sub(lambda run: run[0].translate(_FOLDING), lower)


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the position in `text` it comes from."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    folded: list[str] = []
    offsets: list[int] = []
    for position, character in enumerate(text):
        form = fold(character)
        folded.append(form)
        offsets.extend([position] * len(form))
    return "".join(folded), offsets


def stream(text: str, language: str = "") -> str:
    """The tokens of one text: its words and bigrams in order, then a bar, the joined forms of its codes, and, where
    `language` (a BCP 47 tag) has stems, those of its words."""
    forms = _remembered()
    pieces = text.lower().split()
    parts = " ".join(map(forms.__getitem__, pieces))
    if "  " in parts or parts[:1] == " " or parts[-1:] == " ":
        parts = " ".join(parts.split())
    tails = map(_stemmed(rules).__getitem__, pieces) if (rules := rules_of(language)) else map(forms.tails.get, pieces)
    tail = " ".join(filter(None, dict.fromkeys(tails)))
    if not tail:
        return parts
    if forms.STANDARD in tail:
        tail = _with_standards(tail, text)
    return f"{parts} {BAR} {tail}" if tail else parts


def joined(streams: Iterable[str]) -> str:
    """Several streams as one, with a bar between them."""
    return f" {BAR} ".join(filter(None, streams))


def main(stream: str) -> str:
    """A stream without the joined forms at its end: what a whole title is compared by."""
    return stream.partition(f" {BAR} ")[0]


def characters(streams: Iterable[str]) -> str:
    """Each character of a dense script in some streams, once, in code point order: where one-character questions look."""
    found = set("".join([tokens for tokens in streams if not tokens.isascii()]))
    if unknown := found - _dense - _others:
        _dense.update(filter(is_dense, unknown))
        _others.update(unknown - _dense)
    return " ".join(sorted(found & _dense))


def is_dense(character: str) -> bool:
    """Whether a folded character belongs to a script written without blanks."""
    return _ONE.match(character) is not None


def runs(text: str) -> list[str]:
    """The runs of dense scripts in a text, folded."""
    return _RUN.findall(fold(text))


def atoms(text: str, languages: tuple[str, ...] = QUESTIONED) -> Iterator[Atom]:
    """What a question's text asks for, in order; words also in the stems of these languages."""
    for index, piece in enumerate(_RUN.split(fold(text))):
        if index % 2:
            yield Atom(piece, (tuple(_bigrams(piece)),), single=len(piece) == 1)
        else:
            yield from (_atom(word, languages) for word in _WORD.findall(piece) if _has_letter(word))


def words(folded: str) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Where the words of a folded text are, and the tokens each gives, stems among them: `(start, end, tokens)`. Dense runs are
    left out."""
    for found in _WORD.finditer(folded):
        if found[0].isascii():
            yield found.start(), found.end(), _tokens_of(found[0])
            continue
        for start, end in _outside_runs(folded, found.start(), found.end()):
            yield start, end, _tokens_of(folded[start:end])


@lru_cache(maxsize=20_000)
def _tokens_of(word: str) -> frozenset[str]:
    parts, forms = take_apart(word)
    return frozenset((*parts, *forms, *(variants(parts[0], QUESTIONED) if len(parts) == 1 else ())))


def _outside_runs(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for run in _RUN.finditer(folded, start, end):
        if run.start() > start:
            yield start, run.start()
        start = run.end()
    if start < end:
        yield start, end


@cache
def _stemmed(rules: str) -> _Stemmed:
    return _Stemmed(stems(rules))


def _remembered() -> _Forms:
    """The forms met so far; none again when they have become many. A text keeps those it began with."""
    global _known
    if _known.size > _REMEMBERED:
        _known = _Forms()
    return _known


def _with_standards(tail: str, text: str) -> str:
    """A tail without `STANDARD`, the names of standards written with a blank (`gb/t 21063`) joined at its end."""
    standards = [JOINT.sub("", letters) + digits for letters, digits in _STANDARD.findall(fold(text))]
    return " ".join([*(token for token in tail.split(" ") if token != _Forms.STANDARD), *standards])


def _bigrams(run: str) -> Iterable[str]:
    return map(add, run, run[1:]) if len(run) > 1 else (run,)


def _atom(word: str, languages: tuple[str, ...]) -> Atom:
    parts, joined = take_apart(word)
    others = joined[-1:] if len(parts) > 1 else variants(parts[0], languages)
    return Atom(word, (tuple(parts), *((form,) for form in others)))


def _has_letter(word: str) -> bool:
    return bool(JOINT.sub("", word))


def _fold_character(character: str) -> str:
    """Nothing for accents, for what is not seen (soft hyphens, joiners), and for halves of characters."""
    if _ACCENT.match(character) or unicodedata.category(character) in ("Cf", "Cs"):
        return ""
    wide = unicodedata.normalize("NFKC", character).casefold()
    return "".join(_plain(letter) for letter in wide)


def _plain(letter: str) -> str:
    """A letter without its accents, a Han character in its simplified form, kana apart from its voicing mark (which stands by
    itself in half width)."""
    if _ONE.match(letter) and not "\u3041" <= letter <= "\u30ff":
        return _SIMPLIFIED.get(ord(letter), letter)
    return _ACCENT.sub("", unicodedata.normalize("NFD", letter))
