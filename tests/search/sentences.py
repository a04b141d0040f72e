"""A tiny sentence model, made on the spot: a table of word vectors in ONNX and a tokenizer of words. Words of one meaning have
one vector, so that it is known what is near what."""

from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

MEANINGS = (
    ("car", "cars", "automobile", "vehicle", "汽车", "车辆"),
    ("doctor", "physician", "医生"),
    ("rain", "rainfall", "precipitation", "降水", "雨量"),
    ("school", "schools", "academy", "学校"),
    ("tax", "levy", "税"),
    ("river", "stream", "河流"),
    ("museum", "gallery", "博物馆"),
    ("fire", "blaze", "消防"),
)
SIZE = len(MEANINGS) + 8


def make(folder: Path, *, pooled: bool = False, types: bool = False) -> Path:
    """The model's folder. `pooled`: it gives a vector for each text, not for each token; `types`: it wants token types."""
    folder.mkdir(parents=True, exist_ok=True)
    words = {"[PAD]": 0, "[UNK]": 1}
    rows = [numpy.zeros(SIZE), _unlike(0)]
    for place, meaning in enumerate(MEANINGS):
        for word in meaning:
            words[word] = len(rows)
            rows.append(4.0 * numpy.eye(SIZE)[place])
    _tokenizer(words).save(str(folder / "tokenizer.json"))
    onnx.save(_model(numpy.array(rows, numpy.float32), pooled, types), str(folder / "model.onnx"))
    return folder


def _unlike(place: int) -> "numpy.ndarray[tuple[int], numpy.dtype[numpy.float64]]":
    """A short vector that no meaning has: of words that the model does not know."""
    return 0.5 * numpy.eye(SIZE)[len(MEANINGS) + place]


def _tokenizer(words: dict[str, int]) -> Tokenizer:
    found = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    found.normalizer = normalizers.Lowercase()
    chinese = "|".join(word for word in words if not word.isascii())
    found.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(chinese), "isolated"), pre_tokenizers.Whitespace()]
    )
    return found


def _model(table: "numpy.ndarray[tuple[int, ...], numpy.dtype[numpy.float32]]", pooled: bool, types: bool) -> onnx.ModelProto:
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])
    mask = helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch", "tokens"])
    kinds = helper.make_tensor_value_info("token_type_ids", TensorProto.INT64, ["batch", "tokens"])
    each = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", SIZE])
    whole = helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["batch", SIZE])
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])]
    if pooled:
        nodes.append(helper.make_node("ReduceSum", ["last_hidden_state", "axes"], ["sentence_embedding"], keepdims=0))
    constants = [numpy_helper.from_array(table, "table"), numpy_helper.from_array(numpy.array([1], numpy.int64), "axes")]
    graph = helper.make_graph(
        nodes,
        "words",
        [ids, mask, *([kinds] if types else [])],
        [each, *([whole] if pooled else [])],
        constants if pooled else constants[:1],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
