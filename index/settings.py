"""The few things that a person may change, read once from the environment at the edges.

Variable              Default            What it is
ARTICLE_QA_STORE      .article-qa        the folder of the store
ARTICLE_QA_FOLDER     seeds              the folder of articles
ARTICLE_QA_MODEL      multilingual-e5-small   the embedding model, shipped in a package; so is all-MiniLM-L6-v2; or any
                                         sentence-transformers model: its folder, or its name after `hf download NAME`
ARTICLE_QA_READER     packaged           what marks the words that answer; or any extractive reader of the Hugging Face
                                         hub that has learned silence: its folder, or its name after `hf download NAME`
ARTICLE_QA_CROSS_ENCODER   packaged      what reads the likeliest sentences again; or any cross-encoder of one label,
                                         named likewise
ARTICLE_QA_SILENCE    0.3                say "the articles do not say" where they are less likely than this to
                                         answer, 0 to 1
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.errors import SettingRefused

DEFAULT_MODEL = "multilingual-e5-small"
"""Chosen by the figures of `docs/decisions/0009-embedder.md`."""
PACKAGED = "packaged"
"""The reader and the cross-encoder that come with article-qa."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says, or the defaults."""

    store: str = ".article-qa"
    folder: str = "seeds"
    model: str = DEFAULT_MODEL
    reader: str = PACKAGED
    cross_encoder: str = PACKAGED
    silence: float = 0.3


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from `environment`; an empty variable counts as absent. Raises SettingRefused.

    >>> read_settings({"ARTICLE_QA_STORE": "/data/news"}).store
    '/data/news'
    """
    defaults = Settings()
    return Settings(
        store=environment.get("ARTICLE_QA_STORE") or defaults.store,
        folder=environment.get("ARTICLE_QA_FOLDER") or defaults.folder,
        model=environment.get("ARTICLE_QA_MODEL") or defaults.model,
        reader=environment.get("ARTICLE_QA_READER") or defaults.reader,
        cross_encoder=environment.get("ARTICLE_QA_CROSS_ENCODER") or defaults.cross_encoder,
        silence=_share(environment.get("ARTICLE_QA_SILENCE") or str(defaults.silence)),
    )


def path_of(said: str | Path) -> Path:
    """Return the place that a person names, be it there or not; `~` is their home, and a stranger's stays as it is.

    Raises SettingRefused for the address of a server.

    >>> path_of("~nosuch/articles").as_posix()
    '~nosuch/articles'
    """
    if "://" in str(said):
        raise SettingRefused(f"{said} is the address of a server, and this is kept in a folder: name one")
    return Path(os.path.expanduser(said))  # noqa: PTH111 - that of Path raises RuntimeError for a stranger


def _share(said: str) -> float:
    try:
        share = float(said)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise SettingRefused(f"ARTICLE_QA_SILENCE is {said!r}: give a number from 0 to 1")
    return share
