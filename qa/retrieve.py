"""Question -> hits: dense and lexical search of one snapshot, fused by score.

Both scores lie on a fixed scale: the cosine of question and chunk, and BM25 as a share of the most that any chunk could
score for the question. Their weighted sum lets the one that is surer decide: a question in the article's own words is
found by its words, a paraphrase by its meaning. Fusing by rank cannot know which of the two it sees, and was worse than
the better half on every set that we have (`docs/decisions/0003-fuse-by-score.md`).

What the question leans to, a time, an outlet, the newest, is a bonus on that score. Of near-copies the best one is
kept, and names the others.
"""

from collections.abc import Sequence
from dataclasses import replace

from index.embed import Vectors
from index.records import Hit
from index.store import EVERYTHING, Found, Scope, Snapshot
from qa.leaning import NO_LEANING, Leaning, bonuses

DEPTH = 100
"""Chunks that each way of searching contributes."""
SPARE = 3
"""Hits that are looked up for each that is wanted: some are near-copies of better ones."""
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
        fused = lean(snapshot, fused, leaning)
    return fold(snapshot, snapshot.hits(fused[: SPARE * k]), k=k)


def fold(snapshot: Snapshot, hits: Sequence[Hit], *, k: int) -> list[Hit]:
    """Return the `k` best of `hits`, a story told by one article only; the others that tell it are named with it."""
    stories = snapshot.stories({hit.article.id for hit in hits})
    teller: dict[int, str] = {}
    for hit in hits:
        teller.setdefault(stories[hit.article.id], hit.article.id)
    kept = [hit for hit in hits if teller[stories[hit.article.id]] == hit.article.id][:k]
    elsewhere = snapshot.elsewhere({hit.article.id for hit in kept})
    return [replace(hit, elsewhere=elsewhere[hit.article.id]) for hit in kept]


def lean(snapshot: Snapshot, found: Sequence[Found], leaning: Leaning) -> list[Found]:
    """Add to the score of each chunk what its article gains by `leaning`; best first."""
    heads = snapshot.heads(found)
    there = [one for one in found if one.key in heads]
    gained = bonuses(leaning, [heads[one.key] for one in there])
    raised = [Found(one.key, one.score + bonus) for one, bonus in zip(there, gained, strict=True)]
    return sorted(raised, key=lambda one: -one.score)


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
