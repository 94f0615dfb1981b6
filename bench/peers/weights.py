"""A packaged model -> a folder that sentence-transformers loads: the same weights, in floats, for peers to embed."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoder import PackagedModel

if TYPE_CHECKING:
    from transformers import BertModel

MARKS = {"multilingual-e5-small": ("<pad>", "<unk>"), "all-MiniLM-L6-v2": ("[PAD]", "[UNK]")}
"""The word that fills a batch up, and the one for what is no word."""


def write(model: PackagedModel, folder: Path) -> Path:
    """Write the model into `folder`, unless it is there; return it."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import PreTrainedTokenizerFast

    if (folder / "modules.json").exists():
        return folder
    inside = folder / "bert"
    tokenizer = model.package.vocabulary().tokenizer
    fills, unknown = MARKS[model.name]
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token=fills, unk_token=unknown, model_max_length=model.longest
    ).save_pretrained(inside)
    _bert(model, tokenizer.get_vocab_size()).save_pretrained(inside)
    reads = Transformer(str(inside), max_seq_length=model.longest)
    parts = [reads, Pooling(model.dimension, pooling_mode="mean"), Normalize()]
    SentenceTransformer(modules=parts, device="cpu").save(str(folder))
    return folder


def _bert(model: PackagedModel, words: int) -> "BertModel":
    """Return a transformers model with the weights of the package."""
    import torch
    from transformers import BertConfig, BertModel

    bert = model.package.bert()
    table = model.package.vocabulary().words(np.arange(words))
    weights = {**bert.weights, "embeddings.word_embeddings.weight": table}
    sizes = BertConfig(
        vocab_size=words,
        hidden_size=bert.dimension,
        num_hidden_layers=bert.layers,
        num_attention_heads=bert.heads,
        intermediate_size=len(bert.weights["encoder.layer.0.intermediate.dense.bias"]),
        max_position_embeddings=len(bert.weights["embeddings.position_embeddings.weight"]),
        type_vocab_size=len(bert.weights["embeddings.token_type_embeddings.weight"]),
        layer_norm_eps=bert.epsilon,
    )
    made = BertModel(sizes, add_pooling_layer=False)
    tensors = {name: torch.from_numpy(np.array(value, np.float32)) for name, value in weights.items()}
    missing, _ = made.load_state_dict(tensors, strict=False)  # a package may have more: a pooler, numbers of places
    if missing:
        raise ValueError(f"the package lacks the weights {missing}")
    made.eval()
    return made
