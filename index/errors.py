"""The errors that a person may meet; each message names its remedy. One that a single module raises may stand there.

ArticleQAError
├── FolderMissing       the folder of articles is not there, or holds none
├── ArticleError        a file cannot be read as an article
│   └── ArticleTooCostly    reading it takes more time or memory than one file may
├── FetchFailed         an address cannot be fetched, or not kept
├── QuestionRefused     the question is empty, or too long to be one
├── SettingRefused      a setting has a value that means nothing
├── AddressBusy         the page cannot be served where it was asked for
├── AccountRefused      who may sign in cannot be read, or written, so
├── TooManyAsking       more people ask at once than can be answered soon
├── ExtraMissing        what was asked for needs an optional part of the install
├── ModelError          the embedding model cannot be loaded
└── StoreError
    ├── StoreMissing    nothing has been built here yet
    ├── StoreBusy       another build is running
    ├── StoreCorrupt    the database itself is damaged
    └── StoreMismatch   built by another model, or in another format
"""


class ArticleQAError(Exception):
    """Base of everything that article-qa raises on purpose."""


class FolderMissing(ArticleQAError):
    """The folder of articles does not exist, or holds no article."""


class ArticleError(ArticleQAError):
    """A file cannot be read as an article; the message is the reason, without the path."""


class ArticleTooCostly(ArticleError):
    """Reading a file takes more time or memory than one may: it would again, until the file changes."""


class FetchFailed(ArticleQAError):
    """An address cannot be fetched, or what came cannot be kept; the message names the address."""


class QuestionRefused(ArticleQAError):
    """The question is empty, or too long to be one."""


class SettingRefused(ArticleQAError):
    """A setting has a value that means nothing."""


class AddressBusy(ArticleQAError):
    """The page cannot be served where it was asked for."""


class AccountRefused(ArticleQAError):
    """The file of those who may sign in cannot be read or written, or a name or password cannot be one."""


class TooManyAsking(ArticleQAError):
    """More people ask at once than can be answered soon; the message says when to come again."""


class ExtraMissing(ArticleQAError):
    """An optional part of the install is missing; the message says how to get it."""


class ModelError(ArticleQAError):
    """The embedding model cannot be loaded."""


class StoreError(ArticleQAError):
    """A store cannot do what was asked."""


class StoreMissing(StoreError):
    """Nothing has been built at this place yet."""


class StoreBusy(StoreError):
    """Another build holds the store."""


class StoreCorrupt(StoreError):
    """The database itself is damaged."""


class StoreMismatch(StoreError):
    """The store was built by another model, or in another format."""
