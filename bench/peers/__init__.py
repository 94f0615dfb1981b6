"""Ours beside its peers, in one run on the same articles: `python -m bench.peers SET ...`, or `--speed`.

    corpus      a set -> its articles, and the questions whose articles are known
    passage     what a peer is given to find, and what a peer is
    vectors     our embedder, with the vectors of texts that it has seen kept on disk
    ours, bm25s, txtai, llama_index, haystack, langchain
                one peer each: how it cuts, indexes, searches, and embeds by itself
    measure     a search and questions -> how many it answers, and how long it takes
    speed       how fast each embeds the same passages with the same weights
    weights     a packaged model -> a folder that sentence-transformers loads

Quality is asked of the same vectors: each peer is given our embedder in its own interface. Whatever else it does is its
own and as it comes: how words are compared, how the two are fused. Each is asked for 100 passages, in ranks of
articles.

Seeds and SQuAD are cut by a peer's own splitter where it has one; news by ours for all: its 90,000 vectors are enough.
"""
