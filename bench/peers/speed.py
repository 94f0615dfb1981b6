"""How fast each embeds the same passages with the same weights, in turns, so that a busy minute meets them all.

Peers run the packaged weights in floats, through sentence-transformers or their own wrapper of it, with batches as they
come. Ours is measured twice: the embedder, and a whole `index.build` of the articles into a new store. Two bare loops
run our exported graph over the words of the passages, which were looked up before: with ONNX Runtime as it comes, and
on as many threads as ours has.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bench.peers import ours, weights
from bench.peers.corpus import ROWS, read
from bench.peers.passage import Peer, our_passages
from index import build
from index.embed import Vectors
from index.encoder import MODELS, PackagedModel, convert, open_session, processors
from index.packaged import PackagedEmbedder

ROUNDS = 3
BUILT = f"{ours.TITLE}, the whole build"
LOOP = "bare loop, one text after another"
LOOPS = "bare loop, a text on each processor"
PLAIN = "sentence-transformers"
WARM = 4
"""Passages that each is given first: what is loaded with the first use is not counted."""
Run = Callable[[Sequence[str]], object]


class Took(NamedTuple):
    """What a run took: on the clock, and of all processors."""

    seconds: float
    processor_seconds: float


def now() -> Took:
    """Return the time, on both clocks."""
    return Took(time.perf_counter(), time.process_time())


def measure(name: str, rows: Sequence[str], peers: Sequence[Peer], work: Path) -> dict[str, object]:
    """Embed the passages of the articles that `rows` hold as JSON, with the packaged model `name`."""
    with tempfile.TemporaryDirectory(dir=work) as place:
        folder = Path(place) / "articles"
        folder.mkdir()
        (folder / ROWS).write_text("\n".join(rows))
        texts = [passage.text for passage in our_passages(read(folder))]
        runs = dict(_runs(MODELS[name], folder, texts, peers, work))
        took = in_turns(runs, texts, ROUNDS)
    return {"passages": len(texts), "rounds": ROUNDS, **rates(took, len(texts))}


def rates(took: Mapping[str, Sequence[Took]], passages: int) -> dict[str, dict[str, float]]:
    """Return passages a second of each, by the medians of its rounds."""
    found: dict[str, dict[str, float]] = {"passages a second": {}, "passages a processor second": {}}
    for title, rounds in took.items():
        for name, seconds in zip(found, zip(*rounds, strict=True), strict=True):
            found[name][title] = round(passages / statistics.median(seconds), 1)
    return found


def in_turns(
    runs: Mapping[str, Run], texts: Sequence[str], rounds: int, clock: Callable[[], Took] = now
) -> dict[str, list[Took]]:
    """Return what each run took in each round, after a first use that is not counted."""
    for run in runs.values():
        run(texts[:WARM])
    took: dict[str, list[Took]] = {title: [] for title in runs}
    for _ in range(rounds):
        for title, run in runs.items():
            began = clock()
            run(texts)
            took[title].append(Took(*np.subtract(clock(), began)))
    return took


def _runs(
    model: PackagedModel, folder: Path, texts: Sequence[str], peers: Sequence[Peer], work: Path
) -> Iterator[tuple[str, Run]]:
    embedder = PackagedEmbedder(model)
    yield ours.TITLE, embedder.passages
    yield BUILT, lambda _: _build(folder, embedder)
    yield from _loops(model, texts, folder.parent / "graph.onnx")
    floats = str(weights.write(model, work / "weights" / model.name))
    from sentence_transformers import SentenceTransformer

    plain = SentenceTransformer(floats, device="cpu")
    yield PLAIN, lambda some: plain.encode(list(some), show_progress_bar=False)
    for peer in peers:
        if peer.encoder:
            yield peer.title, peer.encoder(floats)


def _build(folder: Path, embedder: PackagedEmbedder) -> None:
    with tempfile.TemporaryDirectory(dir=folder.parent) as store:
        build(folder, store=store, embedder=embedder)


def _loops(model: PackagedModel, texts: Sequence[str], graph: Path) -> Iterator[tuple[str, Run]]:
    import onnxruntime

    vocabulary = model.package.vocabulary()
    vocabulary.tokenizer.enable_truncation(model.longest)
    read = {text: vocabulary.tokenizer.encode(f"{model.before_passage}{text}").ids for text in texts}
    words = {text: vocabulary.words(np.array(ids, np.int64))[None] for text, ids in read.items()}
    convert(model, graph)
    one, several = open_session(graph), onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    yield LOOP, lambda some: [_run(several, words[text]) for text in some]
    yield LOOPS, lambda some: _at_once(one, [words[text] for text in some])


def _at_once(session: Any, words: Sequence[Vectors]) -> None:  # noqa: ANN401 - onnxruntime has no types
    with ThreadPoolExecutor(processors()) as pool:
        for _ in pool.map(lambda given: _run(session, given), words):
            pass


def _run(session: Any, words: Vectors) -> Vectors:  # noqa: ANN401
    states: Vectors = session.run(["states"], {"words": words})[0]
    return states
