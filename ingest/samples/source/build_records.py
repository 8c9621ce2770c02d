"""Build the sample's minutes, notes, answers, notices, FAQ, organisation table and labels from records/*.txt."""

import csv
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from ingest.samples.source.formats import (
    Block,
    Heading,
    Paragraph,
    Sheet,
    Table,
    write_csv,
    write_docx,
    write_pdf,
    write_text,
    write_xlsx,
)
from ingest.samples.source.read_records import (
    Entry,
    Item,
    read_faq,
    read_fields,
    read_notice,
    read_organisation,
    read_text,
)

HERE = Path(__file__).parent
MIHON = HERE.parent / "mihon"
SPEECH_CHARACTERS_A_MINUTE = 300

_WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ%,."})
_FAQ_HEAD = ("番号", "区分", "質問", "回答", "根拠規程", "所管課", "更新日")
_FAQ_WIDTHS = (12, 14, 36, 70, 34, 20, 11)
_FAQ_SHEETS = (
    "faq_1_旅費",
    "faq_2_服務・休暇",
    "faq_3_契約・会計",
    "faq_4_文書・情報",
    "faq_5_給与・手当",
    "faq_hidden",
)
_ANSWERS = {
    "answer_1_宿泊税": "R0806_雛形_問1_宿泊税",
    "answer_2_保育士家賃補助": "R0806_例示_問1(2)ア_保育士の家賃補助",
    "answer_3_避難所冷房": "R0806_雛形_問2_避難所の冷房",
    "answer_4_橋梁": "R0806_雛形_問3_橋梁の老朽化",
    "answer_5_生成AI": "R0806_例示_問4(1)_生成AIの全庁活用",
    "answer_6_教員の働き方": "R0709_仮名_問3_教員の働き方",
}
_NOTICE_HEAD = ("会議", "質問日", "議席", "議員", "会派", "方式", "受付")


def main() -> None:
    """Write every record file below mihon/."""
    build_minutes()
    build_notes()
    build_faq()
    build_organisation()
    build_answers()
    build_notices()
    build_labels()


def build_minutes() -> None:
    """Write one sitting as cp932 text with wide figures, one as Word, and the committee as PDF."""
    folder = MIHON / "会議録"
    wide = read_text("minutes_r0709_day2").replace("III", "Ⅲ").translate(_WIDE)
    write_text(folder / "令和7年9月定例会_第2号.txt", wide, encoding="cp932")
    write_docx(folder / "令和8年6月定例会_第2号.docx", _page("minutes_r0806_day2"), page_numbers=True)
    write_pdf(folder / "令和8年3月予算特別委員会_第3号.pdf", _page("minutes_r0803_budget"))


def build_notes() -> None:
    """Write the note of the tax council as PDF, which breaks its lines, and the other as Word."""
    folder = MIHON / "会議要旨"
    write_pdf(folder / "第4回宿泊税検討会議_議事要旨.pdf", _page("note_r0808_lodging_tax"))
    write_docx(folder / "令和8年度第2回避難所環境改善検討部会_議事要旨.docx", _page("note_r0809_shelter"))


def build_faq() -> None:
    """Write the workbook: one sheet a field, the category merged downwards, old answers on a hidden sheet."""
    extensions = {row[1]: row[4] for row in read_organisation() if row[2] == "（代表）"}
    sheets = []
    for name in _FAQ_SHEETS:
        title, entries = read_faq(name)
        rows = (_FAQ_HEAD, *_faq_rows(title, entries, extensions=extensions))
        merges = tuple(_category_merges(entries))
        hidden = name == "faq_hidden"
        sheets.append(Sheet(title=title, rows=rows, merges=merges, widths=_FAQ_WIDTHS, hidden=hidden))
    write_xlsx(MIHON / "FAQ" / "庁内FAQ.xlsx", sheets)


def build_organisation() -> None:
    """Write who is in charge of what as a cp932 table."""
    rows = [("部局", "課", "係", "分掌事務", "内線"), *read_organisation()]
    write_csv(MIHON / "組織" / "組織・分掌表.csv", rows, encoding="cp932")


def build_answers() -> None:
    """Write the answer sheets as Word, with the time that reading them aloud takes."""
    for source, name in _ANSWERS.items():
        write_docx(MIHON / "答弁書" / f"{name}.docx", _answer_sheet(read_fields(source)))


def build_notices() -> None:
    """Write one notice as a workbook and one as Word."""
    folder = MIHON / "質問通告"
    rows = tuple(_notice_rows(*read_notice("notice_r0806_例示花子")))
    write_xlsx(folder / "令和8年6月定例会_例示花子.xlsx", [Sheet(title="通告", rows=rows, widths=(8, 8, 6, 80, 18))])
    write_docx(folder / "令和8年12月定例会_架空由美.docx", _notice_page(*read_notice("notice_r0812_架空由美")))


def build_labels() -> None:
    """Join both hand-written label tables into labels.csv with a byte order mark."""
    rows: list[list[str]] = []
    for name in ("labels_rules.csv", "labels_records.csv"):
        with (HERE / name).open(encoding="utf-8-sig", newline="") as file:
            head, *body = csv.reader(file)
        rows += body if rows else [head, *body]
    write_csv(MIHON / "labels.csv", rows, encoding="utf-8-sig")


def _page(name: str) -> list[Block]:
    """Turn lines into paragraphs; the first line is the title."""
    title, *lines = read_text(name).rstrip("\n").split("\n")
    return [Heading(level=1, text=title), *(Paragraph(text=line) for line in lines)]


def _faq_rows(title: str, entries: list[Entry], *, extensions: dict[str, str]) -> Iterator[tuple[str | None, ...]]:
    previous = ""
    for number, entry in enumerate(entries, start=1):
        category = entry.category if entry.category != previous else None
        previous = entry.category
        office = f"{entry.office}（内線{extensions[entry.office]}）"
        updated = _short_era(entry.updated)
        yield f"{title}-{number:02}", category, entry.question, entry.answer, entry.grounds, office, updated


def _category_merges(entries: list[Entry]) -> Iterator[str]:
    row = 2
    for _, group in groupby(entries, key=lambda entry: entry.category):
        size = len(list(group))
        yield f"B{row}:B{row + size - 1}"
        row += size


def _short_era(date: str) -> str:
    """Write 2026-04-01 as R8.4.1."""
    year, month, day = (int(part) for part in date.split("-"))
    return f"R{year - 2018}.{month}.{day}"


def _answer_sheet(fields: dict[str, list[str]]) -> list[Block]:
    size = sum(len(line) for line in fields["答"])
    minutes, seconds = divmod(round(size * 60 / SPEECH_CHARACTERS_A_MINUTE), 60)
    head = ("議会・日・質問者（会派）", "通告番号", "答弁者", "主担当課・関係課・連絡先")
    values = tuple(fields[key][0] for key in ("議会", "番号", "答弁者", "担当"))
    follow_ups = [line.split("｜") for line in fields["再質問"]]
    return [
        Heading(level=1, text="答弁書"),
        Table(rows=(head, values)),
        Heading(level=2, text="問"),
        *(Paragraph(text=line) for line in fields["問"]),
        Heading(level=2, text="答"),
        *(Paragraph(text=f"　{line}") for line in fields["答"]),
        Paragraph(text=f"（読み原稿　{size}字　300字／分で{minutes}分{seconds:02}秒）", align="right"),
        Heading(level=2, text="関連資料"),
        _table("番号", "内容", "時点", "出典", lines=fields["資料"]),
        Heading(level=2, text="過去答弁"),
        _table("年月", "会議", "答弁者", "要旨", "今回との差", lines=fields["過去"]),
        Heading(level=2, text="想定再質問"),
        *(Paragraph(text=text) for pair in follow_ups for text in (f"問　{pair[0]}", f"答　{pair[1]}")),
        Heading(level=2, text="確認欄"),
        Paragraph(text="☑漏れ　☑整合　☑数値時点　☑表現　☑協議"),
        Paragraph(text=f"版　{fields['版'][0]}"),
    ]


def _table(*head: str, lines: list[str]) -> Table:
    return Table(rows=(head, *(tuple(line.split("｜")) for line in lines)))


def _notice_rows(fields: dict[str, str], items: list[Item]) -> Iterator[tuple[str | None, ...]]:
    yield "発言通告書（一般質問）", None, None, None, None
    for key in _NOTICE_HEAD:
        yield key, None, None, fields[key], None
    yield None, None, None, None, None
    yield "問", "枝番", "細目", "質問の要旨", "答弁者"
    for item in items:
        labels = [item.label if item.depth == depth else None for depth in range(3)]
        yield *labels, item.text, item.answerer or None


def _notice_page(fields: dict[str, str], items: list[Item]) -> list[Block]:
    head = Table(rows=tuple((key, fields[key]) for key in _NOTICE_HEAD))
    page: list[Block] = [Heading(level=1, text="発言通告書（一般質問）"), head, Paragraph(text="")]
    for item in items:
        label = "" if item.label == "*" else f"{item.label}　"
        page.append(Paragraph(text=f"{label}{item.text}{item.answerer}", indent=item.depth))
    return page


if __name__ == "__main__":
    main()
