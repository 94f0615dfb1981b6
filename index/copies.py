"""The text of an article -> its signature; two signatures -> how much of their wording the articles share.

An agency story stands in several outlets under other headlines, with a line of the outlet's own before it and with its
end cut off. A signature holds two MinHashes of the article's shingles (runs of a few words): one of the whole text and
one of its opening. A copy is like in both. The whole alone takes two match reports above the same list of fixtures for
one story, the opening alone two newsletters under the same greeting. Which articles are worth comparing is found by
bands: numbers that a near-copy very probably shares, and that an SQL index looks up.

No work here depends on the order in which articles come, on the process or on the machine; the only place that imports
rensa. Each constant is chosen in `docs/decisions/0006-near-copies.md`.
"""

import re
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain, islice

import numpy as np
from rensa import RMinHash

SHINGLE = 4
"""Words in a shingle."""
OPENING = 400
"""Words in the opening of an article."""
SHORT = 50
"""An article of fewer words is one shingle: only the same words in the same order are its copy."""
SLOTS = 128
"""Numbers in a MinHash: the standard error of the Jaccard index that two of them give is at most .044."""
BANDS, ROWS = 20, 2
"""Articles whose whole texts have a Jaccard index of j share a band with probability 1 - (1 - j**ROWS) ** BANDS."""
COPY = 0.7
"""From this likeness on, two articles count as one story."""
RECIPE = (
    f"rensa {RMinHash.ALGORITHM_VERSION}, {SHINGLE} words, opening {OPENING}, short {SHORT}, "
    f"{SLOTS} slots, {BANDS} bands of {ROWS}"
)
"""What signatures and bands are made by. Those of different recipes are not comparable: keep it with them."""

SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Scripts written without spaces (Thai, Lao, Burmese, Khmer, Japanese, Chinese): each character counts as a word."""
WORD = re.compile(f"[{SPACELESS}]|[^\\W_{SPACELESS}]+")
BLOCK = 50_000
"""Words that are held at a time: more than an opening has."""
SLOT = np.dtype("<u2")  # 16 of rensa's 32 bits: two different shingles agree once in 65,536
SIZES = struct.Struct("<II")
NOTHING = bytes(2 * SLOTS * SLOT.itemsize + SIZES.size)


def signature(text: str) -> bytes:
    """Return the signature of a text, 520 bytes: the same for the same words, whatever their case and punctuation."""
    blocks = _shingles(text)
    first = next(blocks, [])
    if not first:
        return NOTHING
    whole, size = _sketch(chain([first], blocks))
    opening, opening_size = _sketch([first[:OPENING]])
    return whole + opening + SIZES.pack(size, opening_size)


def bands(signature: bytes) -> list[int]:
    """Return the numbers (BANDS of them, below 2**63) under which to look for near-copies; none without words.

    Where the Jaccard index of the whole is .4, .5 or .6, two articles share one with probability .97, .997 or .9999.
    """
    if signature == NOTHING:
        return []
    rows = np.frombuffer(signature, SLOT, BANDS * ROWS).reshape(BANDS, ROWS).tolist()
    return [number << 32 | one << 16 | two for number, (one, two) in enumerate(rows)]


def likeness(one: bytes, other: bytes) -> float:
    """Estimate which share (0 to 1) of the shorter article stands in the other: of the whole or the opening, the lower.

    From the estimated Jaccard index j of two sets and their sizes: they share j / (1 + j) of the sum of both.
    """
    if NOTHING in (one, other):
        return 0.0
    same = np.frombuffer(one, SLOT, 2 * SLOTS) == np.frombuffer(other, SLOT, 2 * SLOTS)
    jaccards: list[float] = same.reshape(2, SLOTS).mean(axis=1).tolist()
    sizes = zip(SIZES.unpack(one[-SIZES.size :]), SIZES.unpack(other[-SIZES.size :]), strict=True)
    shares: list[float] = [j / (1 + j) * sum(pair) / min(pair) for j, pair in zip(jaccards, sizes, strict=True)]
    return min(1.0, *shares)


def _shingles(text: str) -> Iterator[list[str]]:
    """Yield the shingles of a text in order, a block at a time: those of a long one take ten times its memory."""
    words = (found[0] for found in WORD.finditer(unicodedata.normalize("NFKC", text.casefold())))
    held = list(islice(words, BLOCK))
    if 0 < len(held) < SHORT:
        yield [" ".join(held)]
        return
    while len(held) >= SHINGLE:
        yield [" ".join(held[start : start + SHINGLE]) for start in range(len(held) - SHINGLE + 1)]
        held = held[1 - SHINGLE :] + list(islice(words, BLOCK))


def _sketch(blocks: Iterable[list[str]]) -> tuple[bytes, int]:
    """Return the MinHash of shingles, SLOTS numbers of 16 bits, and how many different ones there are."""
    minima, hashes = RMinHash(num_perm=SLOTS, seed=1), [np.zeros(0, np.int64)]
    for block in blocks:
        minima.update(block)
        hashes.append(np.unique(np.fromiter(map(hash, block), np.int64, len(block))))
    return np.array(minima.digest(), np.uint32).astype(SLOT).tobytes(), len(np.unique(np.concatenate(hashes)))
