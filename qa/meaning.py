"""(question, hits) -> readings by meaning alone: for what the trained reader, which knows English, cannot read.

The sentence whose vector is nearest to the question's, by itself and with the one before it, is the likeliest. That is
right less often than a reader is, and cannot tell that nothing answers: `docs/decisions/0033-other-languages.md`.
"""

from collections.abc import Sequence

import numpy as np

from index.embed import Embedder, Vectors
from index.records import Hit, Span
from qa.quoted import spans_of
from qa.read import Reading, Sentence, is_told

READ = 4
"""Passages that are read; of eight, fewer sentences are found."""
SHARES = (0.27, 0.08, 0.07)
"""How likely the first, second and third sentence is to answer (`python -m bench.languages`)."""
FEWEST_WORDS = 4
"""Of a sentence that is read."""


def read_by_meaning(embedder: Embedder, vector: Vectors, hits: Sequence[Hit]) -> list[Reading]:
    """Return a reading of each hit: those first that hold the sentences nearest to the question's `vector`."""
    found = [
        (number, span, before, hit.article.text[slice(*span)])
        for number, hit in enumerate(hits[:READ])
        for before, span in _with_before(hit)
    ]
    found = [one for one in found if len(one[3].split()) >= FEWEST_WORDS and is_told(one[3])]
    if not found:
        return [Reading(hit, ()) for hit in hits]
    texts = [text for *_, text in found] + [f"{before} {text}".strip() for _, _, before, text in found]
    near = (embedder.passages(texts) @ vector).reshape(2, -1).sum(axis=0)
    sentences: list[list[Sentence]] = [[] for _ in hits]
    for share, place in zip(SHARES, np.argsort(-near, kind="stable").tolist(), strict=False):
        number, span, _, _ = found[place]
        sentences[number].append(Sentence(span, share, None))
    readings = [Reading(hit, tuple(of)) for hit, of in zip(hits, sentences, strict=True)]
    return sorted(readings, key=lambda one: -max((said.probability for said in one.sentences), default=0.0))


def _with_before(hit: Hit) -> list[tuple[str, Span]]:
    """Return each sentence of a hit, with the text of the one before it."""
    spans = spans_of(hit)
    texts = ["", *(hit.article.text[slice(*span)] for span in spans)]
    return list(zip(texts, spans, strict=False))
