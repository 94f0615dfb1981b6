"""JSON, JSON lines, CSV -> Articles, one a row: its text stands in a field of a usual name, its other fields too.

Lines of JSON and rows of CSV are read one at a time: such a file may be of any size. A row without text is passed
over; where no row has any, the file is an ArticleError. A line that is not JSON is a Failure, and stops no other.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO

from index.errors import ArticleError
from index.formats.encoding import decode, lines_of
from index.formats.fields import by_plain_name, read_fields
from index.formats.keys import Keys
from index.records import Article, Failure

Row = Mapping[str, object]

TEXTS = ("text", "body", "content", "article", "articlebody", "articletext", "fulltext", "maintext", "description")
"""In plain form, see `by_plain_name`. The description last: where there is a text, it is a summary of it."""
KEYS = ("id", "guid", "uuid", "key")
DELIMITERS = ",;\t|"
MAX_CELL = 16 * 2**20
"""Characters: csv's own 131,072 is less than a long article, and an open quote must not swallow a file in silence."""
MAX_COLUMNS = 10_000
"""Each row is held with all its names: a line may hold millions."""
MAX_NAMED = 100
"""Failures of one file that are told one by one: a log in JSON's clothes has as many as it has lines."""


def read_json(path: str, data: bytes) -> list[Article]:
    """Read a .json file: a list of objects, one object, or an object that holds one list of objects."""
    try:
        said = json.loads(decode(data))
    except ValueError as error:
        raise ArticleError(f"not JSON: {error}") from error
    except RecursionError as error:
        raise ArticleError("its JSON is nested too deep to be rows of articles") from error
    return [found for found in _articles(path, _rows_in(said)) if isinstance(found, Article)]


def read_jsonl(path: str, file: IO[bytes]) -> Iterator[Article | Failure]:
    """Read a .jsonl file: one object a line."""
    lines = enumerate(lines_of(file), 1)
    return _articles(path, (_row_in(line, number) for number, line in lines if line.strip()))


def read_csv(path: str, file: IO[bytes]) -> Iterator[Article | Failure]:
    """Read a .csv file: a line of names, then one article a row."""
    lines = lines_of(file)
    names = next(lines, "")
    delimiter = max(DELIMITERS, key=names.count)
    if names.count(delimiter) > MAX_COLUMNS:
        raise ArticleError(f"more than {MAX_COLUMNS:,} columns: keep those that say something")
    return _articles(path, _csv_rows(_led_by(names, lines), delimiter))


def _led_by(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _csv_rows(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    reader = csv.DictReader(lines, delimiter=delimiter)
    while True:
        before = csv.field_size_limit(MAX_CELL)  # of the whole process: put back before anything else runs
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise ArticleError(f"not CSV: line {reader.line_num}: {error}") from error
        finally:
            csv.field_size_limit(before)
        if row is None:
            return
        yield row


def _rows_in(said: object) -> Sequence[object]:
    if isinstance(said, list):
        return said
    if not isinstance(said, dict):
        return []
    inside = [
        value for value in said.values() if isinstance(value, list) and any(isinstance(row, dict) for row in value)
    ]
    return inside[0] if len(inside) == 1 and not _text(said) else [said]


def _row_in(line: str, number: int) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return ArticleError(f"line {number} is not JSON: mend or remove it")


def _articles(path: str, rows: Iterable[object]) -> Iterator[Article | Failure]:
    keys = Keys()
    articles = failures = 0
    for row in rows:
        if isinstance(row, ArticleError):
            key = keys.name(None)
            failures += 1
            if failures <= MAX_NAMED:
                yield Failure(f"{path}#{key}", str(row))
            continue
        said = row if isinstance(row, dict) else {}
        key, text = keys.name(_own_key(said)), _text(said)
        if text:
            articles += 1
            yield Article(id=f"{path}#{key}", path=path, text=text, **read_fields(said))
    if failures > MAX_NAMED:
        yield Failure(path, f"{failures - MAX_NAMED:,} more lines are not JSON")
    if not articles and not failures:
        raise ArticleError(f"no row has a text: name that field one of {' '.join(TEXTS)}")


def _text(row: Row) -> str | None:
    by_name = by_plain_name(row)
    values = (by_name.get(name) for name in TEXTS)
    return next((value for value in values if isinstance(value, str) and value.strip()), None)


def _own_key(row: Row) -> str | None:
    by_name = by_plain_name(row)
    values = (by_name.get(name) for name in KEYS)
    return next((str(value) for value in values if isinstance(value, str | int) and value != ""), None)
