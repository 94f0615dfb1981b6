"""What one query sees of the embedded store: a read transaction, and the vectors of that moment."""

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

import numpy as np

from index.embed import Vectors
from index.errors import StoreMismatch
from index.local.lexical import TITLE_WEIGHT, Holding, gains, likeliest, most, parted, weight
from index.local.listing import listing
from index.local.schema import ARTICLE, is_chunk, is_said, verified
from index.local.scopes import Mask, Membership
from index.records import Article, Failure, Hit
from index.store import EVERYTHING, Digest, Found, Listing, Order, Outlet, Scope, Sighting
from index.terms import FUNCTION_WORDS, stem, words
from index.vectors import Keys, VectorSnapshot

MAX_TERMS = 64
"""Of a question, in lexical search: each costs a pass over its matches, and nobody asks with more on purpose."""


@dataclass(frozen=True)
class LocalSnapshot:
    """One read transaction, and the vectors that go with it."""

    connection: sqlite3.Connection
    model: str
    dimension: int
    vectors: VectorSnapshot
    membership: Membership
    frequency: dict[str, int]
    """In how many chunks terms occur: those that were counted, at this moment of the store. Shared by its snapshots."""
    _masks: dict[Scope, Mask] = field(default_factory=dict, repr=False, compare=False)

    def nearest(self, vector: Vectors, k: int, *scopes: Scope) -> list[Found]:
        """Return the `k` chunks of the highest cosine to `vector` in each scope, best first."""
        if len(vector) != self.dimension:
            raise StoreMismatch(
                f"the index holds vectors of {self.dimension} numbers, and the question has one of {len(vector)}: "
                "run `article-qa index --rebuild`"
            )
        found: dict[int, float] = {}
        for scope in scopes or (EVERYTHING,):
            found |= self.vectors.nearest(vector, k, mask=self._mask(scope))
        return _best(found)

    def matching(self, question: str, k: int, *scopes: Scope) -> list[Found]:
        """Return the `k` chunks that best match the words of `question` in each scope, best first."""
        said = [word for word in words(question) if word not in FUNCTION_WORDS]
        asked = dict(islice({stem(word): word for word in said}.items(), MAX_TERMS))
        chunks = self.count_chunks()
        frequency = self.document_frequency(asked)
        weights = {term: weight(count, chunks) for term, count in frequency.items()}
        searched, counted = parted(frequency, chunks)
        if not searched:
            return []
        quoted = [f'"{asked[term]}"' for term in searched]
        masks = [self._mask(scope) for scope in scopes or (EVERYTHING,)]
        scored = self._scored(quoted, [weights[term] for term in searched], k, masks)
        kept: dict[int, float] = {}
        for mask in masks:
            kept |= islice(((key, score) for key, score in scored if mask is None or _lets_through(mask, key)), k)
        left = {term: weights[term] for term in counted}
        more = gains(left, self._words(list(kept))) if left else [0.0] * len(kept)
        best = most(weights)
        return _best({key: (score + gain) / best for (key, score), gain in zip(kept.items(), more, strict=True)})

    def _scored(
        self, quoted: Sequence[str], weights: Sequence[float], k: int, masks: Sequence[Mask | None]
    ) -> list[tuple[int, float]]:
        """Return the keys and scores of the chunks that are worth scoring under any of these masks, best first."""
        of_each = [self._keys("rowid", "FROM lexical WHERE lexical MATCH ?", [word]) for word in quoted]
        first, last = self.vectors.first_key, self.vectors.last_key
        holding = Holding.of(of_each, weights, first, last)
        likely = np.zeros(max(0, last - first + 1), np.uint8)
        for mask in masks:
            likely[likeliest(holding, k, mask) - first] = 1
        rows = self.connection.execute(
            # Not `ORDER BY rank`, which would score each chunk that holds any of the words before it is asked; and no
            # function of ours, which would be called for each of them.
            f"""SELECT rowid, -rank FROM lexical WHERE lexical MATCH ? AND rank MATCH 'bm25({TITLE_WEIGHT}, 1.0)'
                AND rowid >= ? AND substr(?, rowid - ? + 1, 1) = x'01'""",
            (" OR ".join(quoted), first, likely.tobytes(), first),
        )
        return sorted(rows, key=lambda row: -row[1])

    def _words(self, keys: Sequence[int]) -> list[tuple[str, str]]:
        """Return the title and the words of each chunk."""
        rows = self.connection.execute(
            f"""SELECT c.key, coalesce(a.title, ''), substr(a.text, c.start + 1, c."end" - c.start)
                FROM chunks c JOIN articles a ON a.key = c.article WHERE c.key IN ({_places(keys)})""",
            list(keys),
        )
        said = {key: (str(title), str(text)) for key, title, text in rows}
        return [said.get(key, ("", "")) for key in keys]

    def sightings(self, phrases: Collection[str], scope: Scope = EVERYTHING) -> Iterator[Sighting]:
        """Yield every article that holds each of `phrases` in its title or a chunk, by id; without any, every one."""
        wanted, (where, values) = _quoted(phrases), self._within(scope)
        held = " INTERSECT ".join(
            ["SELECT c.article FROM lexical JOIN chunks c ON c.key = lexical.rowid WHERE lexical MATCH ?"] * len(wanted)
        )
        found = f"""
            WITH held(article) AS ({held}), seen(article, key, score) AS (
                SELECT c.article, c.key, -rank FROM lexical JOIN chunks c ON c.key = lexical.rowid
                WHERE lexical MATCH ? AND rank MATCH 'bm25({TITLE_WEIGHT}, 1.0)' AND c.article IN held)"""
        everything = """
            WITH seen(article, key, score) AS (SELECT article, key, 0.0 FROM chunks)"""
        rows = self.connection.execute(
            f"""{found if wanted else everything}, best(article, key, score) AS (
                    SELECT article, {"key, max(score)" if wanted else "min(key), 0.0"} FROM seen GROUP BY article)
                SELECT a.id, best.key, best.score, a.story, a.source, a.author, a.published
                FROM best JOIN articles a ON a.key = best.article WHERE 1 {where} ORDER BY a.id""",
            (*wanted, *([" OR ".join(wanted)] if wanted else []), *values),
        )
        for article, key, score, story, *said in rows:
            if is_said([article, *said]) and _is_day(said[2]):
                yield Sighting(article, key, score, story, *said)

    def passages(self, phrases: Collection[str], scope: Scope = EVERYTHING) -> Iterator[Found]:
        """Yield every chunk that, its article's title included, holds each of `phrases`, in order of its key."""
        where, values = self._within(scope)
        wanted = _quoted(phrases)
        matching = "JOIN lexical ON lexical.rowid = c.key AND lexical MATCH ?" if wanted else ""
        rows = self.connection.execute(
            f"""SELECT c.key FROM chunks c {matching} JOIN articles a ON a.key = c.article
                WHERE 1 {where} ORDER BY c.key""",
            ([" AND ".join(wanted)] if wanted else []) + values,
        )
        return (Found(key, 0.0) for (key,) in rows)

    def heads(self, found: Sequence[Found]) -> Mapping[int, Article]:
        """Return what the article of each key says of itself, without its text: enough to prefer one to another."""
        rows = self.connection.execute(
            f"""SELECT c.key, a.id, a.path, '', a.title, a.source, a.author, a.published, a.url, a.language
                FROM chunks c JOIN articles a ON a.key = c.article WHERE c.key IN ({_places(found)})""",
            [one.key for one in found],
        )
        # Not verified, as that takes the text: whatever is damaged is noticed when the hit is read.
        return {key: Article(*said) for key, *said in rows if is_said(said) and _is_day(said[6])}

    def hits(self, found: Sequence[Found]) -> list[Hit]:
        """Return what stands behind each key, in the same order; a key whose chunk was removed is left out."""
        rows = self.connection.execute(
            f"""SELECT c.key, c.article, c.start, c."end", v.digest FROM chunks c JOIN vectors v ON v.key = c.vector
                WHERE c.key IN ({_places(found)})""",
            [one.key for one in found],
        ).fetchall()
        articles = self._articles({article for _, article, *_ in rows})
        behind = {key: self._chunk(articles[article], *chunk) for key, article, *chunk in rows}
        return [Hit(*behind[one.key], one.score) for one in found if one.key in behind]

    def _articles(self, keys: Collection[int]) -> dict[int, Article]:
        """Return the articles of these keys, each read once: one that is long has many chunks."""
        rows = self.connection.execute(
            f"SELECT a.key, {ARTICLE}, a.digest FROM articles a WHERE a.key IN ({_places(keys)})", list(keys)
        )
        found = {key: verified(said, digest) for key, *said, digest in rows}
        if len(found) < len(keys):
            raise sqlite3.DatabaseError("the article of a passage is missing")
        return found

    def _chunk(self, article: Article, start: int, end: int, text: Digest) -> tuple[Article, int, int]:
        """Return a chunk that is still the words that were embedded."""
        if not is_chunk(article, start, end, text, self.model):
            raise sqlite3.DatabaseError(f"a passage of {article.id} is not what was stored")
        return article, start, end

    def document_frequency(self, terms: Collection[str]) -> Mapping[str, int]:
        """Return in how many chunks each term occurs (0 where it does not)."""
        for term in terms:
            if term not in self.frequency:
                row = self.connection.execute("SELECT doc FROM lexicon WHERE term = ?", (term,)).fetchone()
                self.frequency[term] = row[0] if row else 0
        return {term: self.frequency[term] for term in terms}

    def count_chunks(self) -> int:
        """Return how many chunks there are; the vectors know it, and counting rows takes longer the more there are."""
        return len(self.vectors) - len(self.vectors.removed)

    def articles(self) -> Iterator[Article]:
        """Yield every article, by id."""
        for *said, digest in self.connection.execute(f"SELECT {ARTICLE}, a.digest FROM articles a ORDER BY a.id"):
            yield verified(said, digest)

    def article(self, name: str) -> Article | None:
        """Return the article of the id `name`, if there is one."""
        row = self.connection.execute(f"SELECT {ARTICLE}, a.digest FROM articles a WHERE a.id = ?", (name,)).fetchone()
        return verified(row[:-1], row[-1]) if row else None

    def stories(self, names: Collection[str]) -> Mapping[str, int]:
        """Return a number for the story that each article of these ids tells: that of its near-copies is the same."""
        return dict(
            self.connection.execute(f"SELECT id, story FROM articles WHERE id IN ({_places(names)})", list(names))
        )

    def elsewhere(self, names: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """Return, for the articles of these ids, the other outlets that tell the same story, by name."""
        rows = self.connection.execute(
            f"""SELECT DISTINCT a.id, coalesce(b.source, b.id) FROM articles a JOIN articles b ON b.story = a.story
                WHERE a.id IN ({_places(names)}) AND b.id <> a.id AND b.source IS NOT a.source ORDER BY 1, 2""",
            list(names),
        )
        found: dict[str, tuple[str, ...]] = dict.fromkeys(names, ())
        for name, outlet in rows:
            found[name] += (str(outlet),)
        return found

    def listing(
        self,
        *,
        words: str = "",
        scope: Scope = EVERYTHING,
        order: Order = Order.NEWEST,
        limit: int = 50,
        offset: int = 0,
    ) -> Listing:
        """Return the entries from `offset` on of those that hold each of `words` in title, outlet or id."""
        where, values = self._within(scope)
        return listing(self.connection, words, (where, values), order, limit=limit, offset=offset)

    def failures(self) -> list[Failure]:
        """Return what the last build could not read, and why."""
        return [Failure(*row) for row in self.connection.execute("SELECT path, reason FROM failures ORDER BY path")]

    def outlets(self) -> list[Outlet]:
        """Return the outlets, the most articles first."""
        rows = self.connection.execute(
            "SELECT source, count(*) FROM articles GROUP BY source ORDER BY count(*) DESC, source"
        )
        return [Outlet(name, articles) for name, articles in rows if is_said([name])]

    def newest(self) -> date | None:
        """Return the day of the newest article; None where none has one."""
        (published,) = self.connection.execute("SELECT max(published) FROM articles").fetchone()
        return date.fromisoformat(published[:10]) if published and is_said([published]) and _is_day(published) else None

    def authors(self) -> list[str]:
        """Return the bylines, each once, in the order of the alphabet; it takes longer the more articles there are."""
        rows = self.connection.execute("SELECT DISTINCT author FROM articles WHERE author IS NOT NULL ORDER BY author")
        return [author for (author,) in rows if is_said([author])]

    def _mask(self, scope: Scope) -> Mask | None:
        """Return which chunks are of articles in `scope`; None where all are."""
        if scope == EVERYTHING:
            return None
        if scope not in self._masks:
            where, values = self._within(scope)
            articles = self._keys("a.key", f"FROM articles a WHERE 1 {where}", values)
            self._masks[scope] = self.membership.mask(self.connection, self.vectors, articles)
        return self._masks[scope]

    def _keys(self, column: str, where: str, values: Sequence[str]) -> Keys:
        """Return what `column` holds, which are keys: as one text, a third of the time that as many rows take."""
        (listed,) = self.connection.execute(f"SELECT group_concat({column}) {where}", values).fetchone()
        return np.fromstring(listed or "", np.int64, sep=",")

    def _within(self, scope: Scope) -> tuple[str, list[str]]:
        """Return the SQL conditions of `scope` on articles `a`, and their values."""
        conditions, values = [], []
        if scope.since is not None:
            conditions.append("AND a.published >= ?")
            values.append(scope.since.isoformat())
        if scope.until is not None:
            conditions.append("AND a.published <= ?")
            values.append(f"{scope.until.isoformat()}~")  # comes behind any time of that day
        if scope.source is not None:
            wanted = scope.source.strip().casefold()
            names = [outlet.name for outlet in self.outlets() if outlet.name and outlet.name.casefold() == wanted]
            conditions.append(f"AND a.source IN ({','.join('?' * len(names))})")
            values += names
        return " ".join(conditions), values


def _best(scores: Mapping[int, float]) -> list[Found]:
    return sorted((Found(key, score) for key, score in scores.items()), key=lambda one: (-one.score, one.key))


def _lets_through(mask: Mask, key: int) -> bool:
    return key < len(mask) and bool(mask[key])


def _quoted(phrases: Collection[str]) -> list[str]:
    """Write phrases as FTS5 reads them: nothing in them is an operator."""
    said = (" ".join(words(phrase)) for phrase in phrases)
    return [f'"{phrase}"' for phrase in dict.fromkeys(said) if phrase][:MAX_TERMS]


def _is_day(said: str | None) -> bool:
    try:
        return said is None or bool(date.fromisoformat(said[:10]))
    except ValueError:
        return False


def _places(values: Collection[object]) -> str:
    """Return as many question marks as there are values to bind."""
    return ",".join("?" * len(values))
