"""Text → vectors, by a sentence model in a local folder. Nothing is fetched.

A folder holds `model.onnx` (or `onnx/model.onnx`) and `tokenizer.json`, as sentence-transformers and others export them
(https://sbert.net/docs/sentence_transformer/usage/efficiency.html). Inputs are `input_ids` and, where the model has them,
`attention_mask` and `token_type_ids`. The output is a vector for each text, or one for each token, whose mean is taken over
the tokens that are there. Prefixes that a model wants before questions and texts are read from
`config_sentence_transformers.json` (`prompts`: `query`, and `passage` or `document`).
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import orjson

from metadata.errors import Invalid

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    Matrix = NDArray[float32]

TOKENS = 256
"""Tokens of a text that are read; what follows is left out."""

BATCH = 32
_POOLED = "sentence_embedding"


class Embedder(Protocol):
    """What semantic search needs of a model. `name` tells models apart: vectors of different ones cannot be compared."""

    name: str
    size: int

    def texts(self, texts: Sequence[str]) -> "Matrix":
        """A row of length 1 for each text that is searched in."""
        ...

    def question(self, words: str) -> "Matrix":
        """The vector of length 1 of what someone looks for."""
        ...


class OnnxEmbedder:
    """A model in a folder. Raises `Invalid` when it cannot be used, and names what is missing."""

    def __init__(self, folder: Path) -> None:
        path = next((path for path in (folder / "model.onnx", folder / "onnx" / "model.onnx") if path.is_file()), None)
        tokenizer = folder / "tokenizer.json"
        if path is None or not tokenizer.is_file():
            missing = "model.onnx" if path is None else "tokenizer.json"
            raise _unusable(folder, f"there is no {missing}", "Put a sentence model exported to ONNX there.")
        self._session, self._tokenizer = _opened(folder, path, tokenizer)
        self._inputs = {one.name for one in self._session.get_inputs()}
        self._output = _output(folder, self._session)
        self._prompts = _prompts(folder)
        self.name = _name(path, tokenizer)
        self.size = int(self._vectors([""]).shape[1])
        self._remembered = lru_cache(maxsize=1_000)(lambda words: self._vectors([self._prompts.get("query", "") + words])[0])

    def texts(self, texts: Sequence[str]) -> "Matrix":
        """A row of length 1 for each text."""
        import numpy

        prompt = self._prompts.get("passage", self._prompts.get("document", ""))
        rows = [self._vectors([prompt + text for text in texts[at : at + BATCH]]) for at in range(0, len(texts), BATCH)]
        return numpy.concatenate(rows) if rows else numpy.zeros((0, self.size), numpy.float32)

    def question(self, words: str) -> "Matrix":
        """The vector of a question; remembered."""
        found: Matrix = self._remembered(words)
        return found

    def _vectors(self, texts: Sequence[str]) -> "Matrix":
        import numpy

        encoded = self._tokenizer.encode_batch(list(texts))
        mask = numpy.array([one.attention_mask for one in encoded], numpy.int64)
        given = {
            "input_ids": numpy.array([one.ids for one in encoded], numpy.int64),
            "attention_mask": mask,
            "token_type_ids": numpy.array([one.type_ids for one in encoded], numpy.int64),
        }
        fed = {name: given[name] for name in given if name in self._inputs}
        found = numpy.asarray(self._session.run([self._output], fed)[0], numpy.float32)
        if found.ndim == 3:
            weights = mask[:, :, None].astype(numpy.float32)
            found = (found * weights).sum(axis=1) / numpy.maximum(weights.sum(axis=1), 1.0)
        lengths = numpy.linalg.norm(found, axis=1, keepdims=True)
        return (found / numpy.where(lengths > 0, lengths, 1.0)).astype(numpy.float32)


def _opened(folder: Path, model: Path, tokenizer: Path) -> tuple[Any, Any]:
    import onnxruntime
    from tokenizers import Tokenizer

    try:
        session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
        found = Tokenizer.from_file(str(tokenizer))
    except Exception as error:  # both libraries raise their own kinds, down to bare Exception
        reason = str(error).partition("\n")[0]
        raise _unusable(folder, f"the model cannot be opened: {reason}", "Export it to ONNX anew.") from error
    unknown = {one.name for one in session.get_inputs()} - {"input_ids", "attention_mask", "token_type_ids"}
    if unknown:
        raise _unusable(folder, f"the model wants {', '.join(sorted(unknown))} besides text", "Use a sentence model.")
    found.enable_truncation(max_length=min(TOKENS, (found.truncation or {}).get("max_length", TOKENS)))
    found.enable_padding(pad_id=(found.padding or {}).get("pad_id") or _padding(found))
    return session, found


def _padding(tokenizer: Any) -> int:
    """The token that fills a batch up: it is masked, so it only has to be one that there is."""
    return next((found for word in ("[PAD]", "<pad>") if (found := tokenizer.token_to_id(word)) is not None), 0)


def _output(folder: Path, session: Any) -> str:
    """The output that is taken: a pooled one by its usual name, else the first with a vector for each token, else for each
    text."""
    outputs: dict[str, int] = {one.name: len(one.shape) for one in session.get_outputs()}
    if _POOLED in outputs:
        return _POOLED
    for dimensions in (3, 2):
        for name, found in outputs.items():
            if found == dimensions:
                return name
    raise _unusable(folder, f"the model gives no vectors ({', '.join(outputs)})", "Use a sentence model.")


def _prompts(folder: Path) -> dict[str, str]:
    try:
        found = orjson.loads((folder / "config_sentence_transformers.json").read_bytes())
        return {name: str(words) for name, words in (found.get("prompts") or {}).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _name(*files: Path) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for path in files:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, hashlib.blake2b).digest())
    return digest.hexdigest()


def _unusable(folder: Path, message: str, remedy: str) -> Invalid:
    return Invalid(message, place="MULU_SEMANTIC_MODEL", value=folder, remedy=remedy)
