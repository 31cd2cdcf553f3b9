"""Everything Vitrine can refuse, as one tree.

    VitrineError
    ├── InputError              something a person gave us; the page shows the sentence, nothing is lost
    │   ├── EmptyQueryError     neither a photo nor words
    │   ├── TextTooLongError    more characters than a query may have
    │   ├── QueryError          a part of the query contradicts another, or names what does not exist
    │   ├── FilterError         a filter on an unknown field, or a malformed range
    │   ├── ImageError          a picture that cannot be used
    │   └── CatalogError        a catalog that is missing, empty or unreadable
    ├── ModelError              a model that cannot be had, or that is not a two-tower CLIP
    ├── IndexFileError          a saved index
    │   ├── DamagedIndexError   a file is missing or its SHA-256 differs
    │   └── StaleIndexError     it was built with another model or another format
    └── StartError              the app cannot start: a port that is taken, a setting out of range

Each error says what was wrong, with the value and the limit, and what to do about it. `code` and
`details` are for the page, which says the same in the reader's language.
"""

from __future__ import annotations


class VitrineError(Exception):
    """Base of all errors raised on purpose.

    Args:
        problem: what was wrong, with the value and the limit; one sentence.
        remedy: what to do about it; one sentence, may be empty.
        code: a key for the page's word list; the class's own when not given.
        details: the values that the sentence mentions, by name.
    """

    code = "error"

    def __init__(self, problem: str, remedy: str = "", *, code: str | None = None, **details: object) -> None:
        super().__init__(f"{problem} {remedy}".strip())
        self.problem = problem
        self.remedy = remedy
        self.code = code or type(self).code
        self.details = details


class InputError(VitrineError, ValueError):
    code = "input"


class EmptyQueryError(InputError):
    code = "empty_query"


class TextTooLongError(InputError):
    code = "text_too_long"


class QueryError(InputError):
    code = "query"


class FilterError(InputError):
    code = "filter"


class ImageError(InputError):
    code = "image"


class CatalogError(InputError):
    code = "catalog"


class ModelError(VitrineError):
    code = "model"


class IndexFileError(VitrineError):
    code = "index_file"


class DamagedIndexError(IndexFileError):
    code = "damaged_index"


class StaleIndexError(IndexFileError):
    code = "stale_index"


class StartError(VitrineError):
    code = "start"
