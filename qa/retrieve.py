"""Question -> hits: dense and lexical search of one snapshot, fused by score.

Both scores lie on a fixed scale: the cosine of question and chunk in units of the model's own spread, and BM25 as a
share of the most that any chunk could score for the question. Their sum lets the one that is surer decide: a question
in the article's own words is found by its words, a paraphrase by its meaning. Fusing by rank cannot know which of the
two it sees, and was worse than the better half on every set that we have (`docs/decisions/0003-fuse-by-score.md`).

An article that says more on the question raises each of its chunks. What the question leans to, a time, an outlet, the
newest, is a bonus on that score. Of near-copies the best one is kept, and names the others. Chunks that stand side by
side are one passage, and one article does not crowd out others; what only asks
comes last.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from index.chunk import CHUNK_CHARS
from index.embed import Vectors
from index.records import Hit
from index.store import EVERYTHING, Found, Scope, Snapshot
from qa.leaning import NO_LEANING, Leaning, bonuses, preferred_days
from qa.wording.asking import only_asks

DEPTH = 100
"""Chunks that each way of searching contributes."""
SPARE = 3
"""Hits that are looked up for each that is wanted: some are near-copies of better ones."""
CONTEXT, TOGETHER = 0.1, 3
"""What a chunk gains by each point of the other best chunks of its article, and how many chunks count, itself among
them (`docs/decisions/0010-retrieval-on-news.md`)."""
FARTHEST, NEAR = 0.3, 0.5
"""Shares of the best score: from the second on, a chunk gains all of what is preferred, up to the first nothing. On
news MRR@10 is .764 without and .761 with it, R@5 the same; what is new and does not fit stays behind."""
PER_ARTICLE, FURTHER = 2, 0.75
"""So many passages of one article count in full, and each further one so much of the one before."""
LONGEST = 2 * CHUNK_CHARS
"""Of a passage that is joined of several chunks: about what the model reads at once."""
SPREADS = 24
"""Spreads of the cosine that weigh as much as the best lexical score that is possible (decisions 3 and 10)."""


def search(
    snapshot: Snapshot,
    question: str,
    vector: Vectors,
    *,
    spread: float,
    k: int,
    scope: Scope = EVERYTHING,
    leaning: Leaning = NO_LEANING,
) -> list[Hit]:
    """Return the `k` chunks most likely to answer `question`, whose vector is `vector`, best first.

    `spread` is that of the embedder.
    """
    found = weigh(snapshot, find(snapshot, question, vector, spread=spread, k=k, scope=scope, leaning=leaning), leaning)
    kept = tell_first(spread_out(join(fold(snapshot, snapshot.hits(found[: SPARE * k])))), question)[:k]
    elsewhere = snapshot.elsewhere({hit.article.id for hit in kept})
    return [replace(hit, elsewhere=elsewhere[hit.article.id]) for hit in kept]


def find(
    snapshot: Snapshot,
    question: str,
    vector: Vectors,
    *,
    spread: float,
    k: int,
    scope: Scope = EVERYTHING,
    leaning: Leaning = NO_LEANING,
) -> list[Found]:
    """Return what both ways of searching find in `scope`, and once more in the days that are preferred; best first.

    Where a question is about what just happened, an archive of years has a hundred passages that are as near.
    """
    depth = max(k, DEPTH)
    scopes = [scope, *preferred_days(leaning, scope)]
    return fuse(snapshot.nearest(vector, depth, *scopes), snapshot.matching(question, depth, *scopes), spread=spread)


def weigh(snapshot: Snapshot, found: Sequence[Found], leaning: Leaning = NO_LEANING) -> list[Found]:
    """Add to the score of each chunk what its article says beside it, and what is preferred; best first."""
    heads = snapshot.heads(found)
    there = [one for one in found if one.key in heads]
    articles = [heads[one.key] for one in there]
    scores = [one.score for one in there]
    gained = [
        beside + share * preferred
        for beside, share, preferred in zip(
            _context(scores, [article.id for article in articles]),
            _relevance(scores),
            bonuses(leaning, articles),
            strict=True,
        )
    ]
    raised = [Found(one.key, one.score + bonus) for one, bonus in zip(there, gained, strict=True)]
    return sorted(raised, key=lambda one: (-one.score, one.key))


def _relevance(scores: Sequence[float]) -> list[float]:
    """Return what share of a preference each chunk gets: none for what is new, or of the outlet, and of nothing else.

    >>> _relevance([1.0, 0.5, 0.4, 0.1])
    [1.0, 1.0, 0.5, 0.0]
    """
    best = max(scores, default=0.0) or 1.0
    return [round(min(1.0, max(0.0, (score / best - FARTHEST) / (NEAR - FARTHEST))), 6) for score in scores]


def _context(scores: Sequence[float], articles: Sequence[str]) -> list[float]:
    """Return what each chunk gains by the best other chunks of its article that were found."""
    best: dict[str, list[float]] = {}
    for article, score in zip(articles, scores, strict=True):
        best.setdefault(article, []).append(score)
    best = {article: sorted(found, reverse=True)[:TOGETHER] for article, found in best.items()}
    return [
        CONTEXT * (sum(best[article]) - (score if score >= best[article][-1] else best[article][-1]))
        for article, score in zip(articles, scores, strict=True)
    ]


def fold(snapshot: Snapshot, hits: Sequence[Hit]) -> list[Hit]:
    """Return `hits` without those that tell a story which an article of a better one tells."""
    stories = snapshot.stories({hit.article.id for hit in hits})
    teller: dict[int, str] = {}
    for hit in hits:
        teller.setdefault(stories[hit.article.id], hit.article.id)
    return [hit for hit in hits if teller[stories[hit.article.id]] == hit.article.id]


def join(hits: Sequence[Hit]) -> list[Hit]:
    """Make one passage of hits that stand side by side in an article, in the place of the better one."""
    joined: list[Hit] = []
    for hit in hits:
        beside = next((place for place, other in enumerate(joined) if _side_by_side(hit, other)), None)
        if beside is None:
            joined.append(hit)
        else:
            other = joined[beside]
            joined[beside] = replace(other, start=min(hit.start, other.start), end=max(hit.end, other.end))
    return joined


def _side_by_side(one: Hit, two: Hit) -> bool:
    if one.article.id != two.article.id or max(one.end, two.end) - min(one.start, two.start) > LONGEST:
        return False
    between = one.article.text[min(one.end, two.end) : max(one.start, two.start)]
    return not between or between.isspace()


def tell_first(hits: Sequence[Hit], question: str) -> list[Hit]:
    """Put passages that tell something before those that only ask: nothing is as near to a question as itself."""
    return sorted(hits, key=lambda hit: only_asks(hit.text, question))


def spread_out(hits: Sequence[Hit]) -> list[Hit]:
    """Put the further passages of an article behind those of others that are about as good."""
    seen: Counter[str] = Counter()
    counts: list[tuple[float, Hit]] = []
    for hit in hits:
        counts.append((hit.score * FURTHER ** max(0, seen[hit.article.id] + 1 - PER_ARTICLE), hit))
        seen[hit.article.id] += 1
    return [hit for _, hit in sorted(counts, key=lambda one: -one[0])]


def fuse(dense: Sequence[Found], lexical: Sequence[Found], *, spread: float) -> list[Found]:
    """Add up the scores of each chunk, best first.

    The cosine counts by how far it is above the lowest that was found. A chunk that only lexical search found is no
    closer than that.

    >>> fuse([Found(1, 0.6), Found(2, 0.5)], [Found(2, 0.4)], spread=0.05)[0].key
    2
    """
    lowest = min((found.score for found in dense), default=0.0)
    scores = {found.key: (found.score - lowest) / (SPREADS * spread) for found in dense}
    for found in lexical:
        scores[found.key] = scores.get(found.key, 0.0) + found.score
    return sorted((Found(key, score) for key, score in scores.items()), key=lambda found: (-found.score, found.key))
