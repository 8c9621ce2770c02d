"""Every error that Kotae raises on purpose.

    KotaeError
    ├── InputError              what a person gave cannot be used
    │   ├── QuestionError       an empty or overlong question
    │   ├── DocumentError       a file that cannot be read
    │   │   └── DocumentBusyError   a failure that may pass: time, memory, a file that could not be opened
    │   ├── LabelsError         a labels file with a wrong line
    │   ├── DirectoryError      a directory file with a wrong line, or an unknown user
    │   ├── TemplateError       a template of a sheet that cannot be filled
    │   ├── UnconfirmedError    more would be sent to a paid model than may be without being asked
    │   ├── NoticeError         a notice of questions without any question
    │   └── CasesError          a batch, case or judgement file with a wrong line
    ├── SettingsError           an unknown key or a value that does not fit
    ├── StorageError            the home, the catalogue or an index
    │   ├── HomeError           a home that cannot be made or written
    │   ├── BusyError           another process is writing
    │   └── NotFoundError       an id that the catalogue does not hold
    ├── DeniedError             the user may not do this
    ├── ServingError            the web page cannot be served
    └── ModelError              the language or embedding model
        ├── ModelSetupError     a missing key, address or file
        │   └── ModelGoneError  an order that nothing will ever come of
        ├── ModelBusyError      a limit or time-out that may pass
        └── ModelAnswerError    an answer that cannot be used
            └── ModelTextError  what the model wrote is no whole answer

Each message is Japanese, one line: subject, finding, remedy.
"""

from __future__ import annotations


class KotaeError(Exception):
    """Root of all errors raised on purpose; `str(error)` is one Japanese line for the person."""


class InputError(KotaeError):
    """What a person gave cannot be used."""


class QuestionError(InputError):
    """The question is empty or longer than the settings allow."""


class DocumentError(InputError):
    """A file cannot be read as a document."""


class DocumentBusyError(DocumentError):
    """A file could not be read this time; the same bytes may be read the next time."""


class LabelsError(InputError):
    """A line of the labels file is wrong."""


class DirectoryError(InputError):
    """A line of the directory file is wrong, or the user is not in it."""


class TemplateError(InputError):
    """A template of an answer sheet cannot be read, or has a place that is unknown, missing or not closed."""


class UnconfirmedError(InputError):
    """More would be sent to an embedding model than may be sent unasked; nothing was sent."""


class NoticeError(InputError):
    """A notice holds no question."""


class CasesError(InputError):
    """A line of a batch, case or judgement file is wrong."""


class SettingsError(KotaeError):
    """A settings key is unknown or its value does not fit."""


class StorageError(KotaeError):
    """The home, the catalogue or an index failed."""


class HomeError(StorageError):
    """The home folder cannot be made or written."""


class BusyError(StorageError):
    """Another process is writing to this home; the message names it."""


class NotFoundError(StorageError):
    """The catalogue does not hold this id, or the user may not know that it does."""

    @classmethod
    def of(cls, document_id: str) -> NotFoundError:
        """Name the id; the same words whether it is unknown or hidden, so that nobody learns which."""
        return cls(f"文書 {document_id}: 台帳にありません。kotae documents で番号を確かめてください。")

    @classmethod
    def of_exchange(cls, exchange_id: str) -> NotFoundError:
        """Name the exchange; the same words whether it is unknown or hidden."""
        return cls(f"質問の記録 {exchange_id}: 見つかりません。画面を開き直してください。")


class DeniedError(KotaeError):
    """The user may not do this."""


class ServingError(KotaeError):
    """The web page cannot be served."""


class ModelError(KotaeError):
    """A language or embedding model failed."""


class ModelSetupError(ModelError):
    """A key, an address or a file that the model needs is missing."""


class ModelGoneError(ModelSetupError):
    """The vendor does not hold an order or its files, or nothing in them can be read: asking again would end the same."""


class ModelBusyError(ModelError):
    """The model's limit or time-out was reached; trying later may help."""


class ModelAnswerError(ModelError):
    """The model's answer cannot be used (cut short, broken, refused)."""


class ModelTextError(ModelAnswerError):
    """What the model wrote is no whole answer: cut off at its limit, stopped by a content check, or without the shape asked for.

    Asking again would end the same.
    """
