"""A reader or a cross-encoder by its name on the Hugging Face hub, or by its folder, instead of the packaged one.

Nothing is fetched: a model must have been downloaded before, by the person. Each text is read by itself, so that it is
as slow as its model is large; a reader must have learned silence, as those trained on SQuAD 2.0 have.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import ModelError
from index.records import Span
from qa.spans import LONGEST_PASSAGE, LONGEST_QUESTION, SEPARATOR, Marked

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class HubReader:
    """An extractive reader (`AutoModelForQuestionAnswering`); loaded when it is first needed."""

    def __init__(self, name: str) -> None:
        self._name = name

    def mark(self, question: str, passages: Sequence[str]) -> Iterator[Marked]:
        """Yield each passage with what in it answers `question`. Raises ModelError."""
        for passage in passages:
            yield self._mark(question, passage)

    def _mark(self, question: str, passage: str) -> Marked:
        import torch

        tokenizer, model = self._model
        read = tokenizer(
            question,
            passage,
            truncation="only_second",
            max_length=min(LONGEST_QUESTION + LONGEST_PASSAGE, tokenizer.model_max_length),
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        spans, of_passage = read.pop("offset_mapping")[0].numpy(), np.array(read.sequence_ids(0)) == 1
        with torch.inference_mode():
            said = model(**read)
        begins, ends = (
            (logits[0] - logits[0, 0]).float().numpy()[of_passage] for logits in (said.start_logits, said.end_logits)
        )
        marked = Marked(LEAST, begins, ends, spans[of_passage].astype(np.int64))
        _, answers = marked.best(Span(0, len(passage)))
        return replace(marked, answers=max(answers, LEAST))

    @cached_property
    def _model(self) -> tuple[Any, Any]:
        _quietly()
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer

        try:
            tokenizer = AutoTokenizer.from_pretrained(self._name, local_files_only=True, use_fast=True)
            model = AutoModelForQuestionAnswering.from_pretrained(self._name, local_files_only=True)
        except (OSError, ValueError) as error:
            raise _absent("reader", self._name, "ARTICLE_QA_READER") from error
        if not tokenizer.is_fast:
            raise ModelError(f"the reader {self._name!r} does not tell which characters its tokens stand for")
        return tokenizer, model.eval()


LEAST = -10.0
"""Less likely than this, as a logit, no passage is said to answer."""


class HubCrossEncoder:
    """A cross-encoder of one label (`sentence_transformers.CrossEncoder`); loaded when it is first needed."""

    def __init__(self, name: str) -> None:
        self._name = name

    def mark(self, question: str, passages: Sequence[str]) -> Iterator[Marked]:
        """Yield how well each passage answers, which is all that it tells. Raises ModelError."""
        from torch.nn import Identity

        pairs = [(question, passage.replace(SEPARATOR, " ")) for passage in passages]
        said = self._model.predict(pairs, activation_fn=Identity(), show_progress_bar=False)
        yield from (Marked.unmarked(float(answers)) for answers in said)

    @cached_property
    def _model(self) -> "CrossEncoder":
        _quietly()
        from sentence_transformers import CrossEncoder

        try:
            model: CrossEncoder = CrossEncoder(self._name, device="cpu", local_files_only=True)
        except (OSError, ValueError) as error:
            raise _absent("cross-encoder", self._name, "ARTICLE_QA_CROSS_ENCODER") from error
        if model.num_labels != 1:
            raise ModelError(f"the cross-encoder {self._name!r} gives {model.num_labels} scores, and one is needed")
        return model


def _quietly() -> None:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # a bar for a load of half a second, on the standard error of every question


def _absent(kind: str, name: str, variable: str) -> ModelError:
    remedy = f"fetch it once with `hf download {name}`, or set {variable} to a model's folder, or unset it"
    return ModelError(f"no {kind} {name!r} on this machine: {remedy}")
