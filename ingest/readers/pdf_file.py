"""Open a PDF file: damaged ones, bombs and locked ones are refused."""

from __future__ import annotations

import pypdfium2 as pdfium

from ingest.readers.limits import check_streams
from ingest.readers.source import Source


def open_pdf(source: Source) -> pdfium.PdfDocument:
    """Open a PDF of at least one page; raises DocumentError. Permission flags are not a lock: only a password is."""
    data = source.read_bytes()
    check_streams(data, source)
    try:
        document = pdfium.PdfDocument(data)
        if len(document) == 0:
            raise source.error("ページがありません。元のソフトでPDFを作り直してください。")
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise source.error("パスワードで保護されています。パスワードなしのPDFに書き出してください。") from error
        if "security" in str(error).lower():
            raise source.error("読めない方式で暗号化されています。暗号化なしのPDFに書き出してください。") from error
        raise source.error("PDFとして読めません（壊れています）。元のソフトでPDFを作り直してください。") from error
    return document
