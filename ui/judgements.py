"""What people thought of answers -> a .jsonl file, which `article-qa eval` reads. It goes nowhere else."""

import json
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.durable import write_whole
from index.errors import ArticleQAError
from ui.conversation import Exchange

MAX_COMMENT = 2000


class JudgementLost(ArticleQAError):
    """A thumb or a comment could not be kept; the message says why."""


@dataclass(frozen=True)
class Judgements:
    """A file of judgements, one a line; an answer has at most one."""

    file: Path
    _writing: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def keep(self, name: str, exchange: Exchange) -> None:
        """Put the judgement of an answer in place of the one that it had; without a thumb, take it away."""
        with self._writing:
            try:
                lines = self._lines_but(name)
                if exchange.thumb:
                    lines.append(json.dumps(_row(name, exchange), ensure_ascii=False))
                self.file.parent.mkdir(parents=True, exist_ok=True)
                write_whole(self.file, "".join(f"{line}\n" for line in lines).encode("utf-8", "replace"))
            except OSError as error:
                raise JudgementLost(
                    f"{self.file} cannot be written: {error.strerror}; free the disk, and try again"
                ) from error

    def _lines_but(self, name: str) -> list[str]:
        """Return the lines of other answers, whoever wrote them, as they are."""
        if not self.file.exists():
            return []
        lines = [line for line in self.file.read_text("utf-8", "replace").split("\n") if line.strip()]
        return [line for line in lines if not _is_of(line, name)]


def _row(name: str, exchange: Exchange) -> dict[str, Any]:
    """Return a judgement in the form in which `qa.questions` reads a question; the question stands alone."""
    return {
        "question": exchange.understood or exchange.asked.question,
        "thumb": exchange.thumb,
        "comment": exchange.comment[:MAX_COMMENT],
        "citations": [{"article": quote.source.article, "quote": quote.text} for quote in exchange.quotes],
        "today": exchange.at[:10],
        "answer_id": name,
    }


def _is_of(line: str, name: str) -> bool:
    try:
        row = json.loads(line)
    except ValueError:
        return False
    return isinstance(row, dict) and row.get("answer_id") == name
