"""Question -> hits: dense and lexical search of one snapshot, fused by score.

Both scores lie on a fixed scale: the cosine of question and chunk, and BM25 as a share of the most that any chunk could
score for the question. Their weighted sum lets the one that is surer decide: a question in the article's own words is
found by its words, a paraphrase by its meaning. Fusing by rank cannot know which of the two it sees, and was worse than
the better half on every set that we have (`docs/decisions/0003-fuse-by-score.md`).

What the question leans to, a time, an outlet, the newest, is a bonus on that score.
"""

from collections.abc import Sequence
from dataclasses import replace

from index.embed import Vectors
from index.records import Hit
from index.store import EVERYTHING, Found, Scope, Snapshot
from qa.leaning import NO_LEANING, Leaning, bonuses

DEPTH = 100
"""Chunks that each way of searching contributes."""
LEXICAL_WEIGHT = 0.7
"""Chosen on SQuAD's training half and our dev questions: `docs/decisions/0003-fuse-by-score.md`."""


def search(
    snapshot: Snapshot,
    question: str,
    vector: Vectors,
    *,
    k: int,
    scope: Scope = EVERYTHING,
    leaning: Leaning = NO_LEANING,
) -> list[Hit]:
    """Return the `k` chunks most likely to answer `question`, whose vector is `vector`, best first."""
    depth = max(k, DEPTH)
    fused = fuse(snapshot.nearest(vector, depth, scope), snapshot.matching(question, depth, scope))
    if leaning:
        return lean(snapshot.hits(fused[: 2 * depth]), leaning)[:k]
    return snapshot.hits(fused[: 2 * k])[:k]  # a key may be of a chunk that was removed since the vectors were read


def lean(hits: Sequence[Hit], leaning: Leaning) -> list[Hit]:
    """Add to the score of each hit what its article gains by `leaning`; best first, in the order given where equal."""
    gained = bonuses(leaning, [hit.article for hit in hits])
    raised = [replace(hit, score=hit.score + bonus) for hit, bonus in zip(hits, gained, strict=True)]
    return sorted(raised, key=lambda hit: -hit.score)


def fuse(dense: Sequence[Found], lexical: Sequence[Found]) -> list[Found]:
    """Add up the scores of each chunk, best first.

    A chunk that only lexical search found is given the lowest cosine found: it is no closer than that.

    >>> fuse([Found(1, 0.6), Found(2, 0.5)], [Found(2, 0.4)])[0].key
    2
    """
    lowest = min((found.score for found in dense), default=0.0)
    scores = {found.key: found.score for found in dense}
    for found in lexical:
        scores[found.key] = scores.get(found.key, lowest) + LEXICAL_WEIGHT * found.score
    return sorted((Found(key, score) for key, score in scores.items()), key=lambda found: (-found.score, found.key))
