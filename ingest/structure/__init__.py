"""Recognise what a document consists of: one module a kind, chosen by a table of functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ingest.structure import answers, faq, minutes, notes, plain, rules
from ingest.structure.guess import guess
from ingest.structure.lines import titled
from rag.domain import Document, Kind, Structure

__all__ = ["guess", "recognise"]

_RECOGNISERS: Mapping[Kind, Callable[[Document], Structure]] = {
    Kind.RULES: rules.recognise,
    Kind.MINUTES: minutes.recognise,
    Kind.ANSWERS: answers.recognise,
    Kind.FAQ: faq.recognise,
    Kind.NOTES: notes.recognise,
    Kind.PLAIN: plain.recognise,
}


def recognise(document: Document, kind: Kind | None = None) -> Structure:
    """Cut a document into sections that a person would cite; `kind` None: guess it from the content.

    A guessed kind of which nothing is found is read as plain, so that no words are lost.
    """
    document = titled(document)
    if kind is not None:
        return _RECOGNISERS[kind](document)
    structure = _RECOGNISERS[guess(document)](document)
    return structure if structure.sections else plain.recognise(document)
