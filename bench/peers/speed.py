"""How fast each embeds the same passages with the same weights, in turns, so that a busy minute meets them all.

Peers run the packaged weights in floats, through sentence-transformers or their own wrapper of it, with batches as they
come. Ours is measured twice: the embedder, and a whole `index.build` of the articles into a new store. Two bare loops
run our exported graph over the words of the passages, which were looked up before: with ONNX Runtime as it comes, and
on as many threads as ours has.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from bench.peers import ours, weights
from bench.peers.corpus import ROWS, read
from bench.peers.passage import Peer, our_passages
from index import build
from index.embed import Vectors
from index.encoder import MODELS, PackagedModel, convert, open_session, processors
from index.packaged import PackagedEmbedder

ARTICLES = 30
"""Of news: some three hundred passages."""
ROUNDS = 3
BUILT = f"{ours.TITLE}, the whole build"
LOOP = "bare loop, one text after another"
LOOPS = "bare loop, a text on each processor"
PLAIN = "sentence-transformers"
Run = Callable[[], object]


def measure(name: str, rows: Sequence[str], peers: Sequence[Peer], work: Path) -> dict[str, object]:
    """Embed the passages of some of the articles that `rows` hold as JSON, with the packaged model `name`."""
    with tempfile.TemporaryDirectory(dir=work) as place:
        folder = Path(place) / "articles"
        folder.mkdir()
        (folder / ROWS).write_text("\n".join(random.Random(0).sample(rows, ARTICLES)))
        texts = [passage.text for passage in our_passages(read(folder))]
        runs = dict(_runs(MODELS[name], folder, texts, peers, work))
        took = in_turns(runs, ROUNDS)
    rates = {title: round(len(texts) / statistics.median(seconds), 1) for title, seconds in took.items()}
    return {"passages": len(texts), "rounds": ROUNDS, "passages a second": rates}


def in_turns(
    runs: Mapping[str, Run], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, list[float]]:
    """Return the seconds of each run in each round; what is loaded with the first use is not counted."""
    for run in runs.values():
        run()
    took: dict[str, list[float]] = {title: [] for title in runs}
    for _ in range(rounds):
        for title, run in runs.items():
            began = clock()
            run()
            took[title].append(clock() - began)
    return took


def _runs(
    model: PackagedModel, folder: Path, texts: Sequence[str], peers: Sequence[Peer], work: Path
) -> Iterator[tuple[str, Run]]:
    embedder = PackagedEmbedder(model)
    yield ours.TITLE, lambda: embedder.passages(texts)
    yield BUILT, lambda: _build(folder, embedder)
    yield from _loops(model, texts, folder.parent / "graph.onnx")
    floats = str(weights.write(model, work / "weights" / model.name))
    from sentence_transformers import SentenceTransformer

    plain = SentenceTransformer(floats, device="cpu")
    yield PLAIN, lambda: plain.encode(list(texts), show_progress_bar=False)
    for peer in peers:
        if peer.encoder:
            encode = peer.encoder(floats)
            yield peer.title, lambda encode=encode: encode(texts)


def _build(folder: Path, embedder: PackagedEmbedder) -> None:
    with tempfile.TemporaryDirectory(dir=folder.parent) as store:
        build(folder, store=store, embedder=embedder)


def _loops(model: PackagedModel, texts: Sequence[str], graph: Path) -> Iterator[tuple[str, Run]]:
    import onnxruntime

    vocabulary = model.package.vocabulary()
    vocabulary.tokenizer.enable_truncation(model.longest)
    read = [vocabulary.tokenizer.encode(f"{model.before_passage}{text}").ids for text in texts]
    words = [vocabulary.words(np.array(ids, np.int64))[None] for ids in read]
    convert(model, graph, None)
    one, several = open_session(graph), onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    yield LOOP, lambda: [_run(several, given) for given in words]
    yield LOOPS, lambda: _at_once(one, words)


def _at_once(session: Any, words: Sequence[Vectors]) -> None:  # noqa: ANN401 - onnxruntime has no types
    with ThreadPoolExecutor(processors()) as pool:
        for _ in pool.map(lambda given: _run(session, given), words):
            pass


def _run(session: Any, words: Vectors) -> Vectors:  # noqa: ANN401
    return session.run(["states"], {"words": words})[0]
