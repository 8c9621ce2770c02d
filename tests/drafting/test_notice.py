"""A notice of questions, as offices and members write it, becomes items."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from ingest.readers import read_document
from rag.assembly.item import Item, Notice, Stance
from rag.domain import Block, Document
from rag.drafting.notice import read_notice
from rag.drafting.notice_answerers import take_answerer
from rag.drafting.notice_head import Asker, read_asker
from rag.errors import InputError, NoticeError

Rows = Sequence[Sequence[str | None]]
FromText = Callable[[str], Notice]


class FromRows(Protocol):
    """Read the rows of a csv file."""

    def __call__(self, rows: Rows, encoding: str = "utf-8") -> Notice:
        """Return the notice."""


SAMPLES = Path(__file__).resolve().parents[2] / "ingest/samples/mihon/質問通告"


def read(path: Path) -> Notice:
    return read_notice(read_document(path, name=path.name))


def told(notice: Notice) -> list[tuple[str, str, str]]:
    """Label, words and answerer of each item."""
    return [(item.label, item.text, item.answerer) for item in notice.items]


@pytest.fixture
def text(tmp_path: Path) -> FromText:
    def build(words: str) -> Notice:
        path = tmp_path / "通告.txt"
        path.write_text(words, encoding="utf-8")
        return read(path)

    return build


@pytest.fixture
def table(tmp_path: Path) -> FromRows:
    def build(rows: Rows, encoding: str = "utf-8") -> Notice:
        stream = io.StringIO()
        csv.writer(stream).writerows(rows)
        path = tmp_path / "通告.csv"
        path.write_bytes(stream.getvalue().encode(encoding))
        return read(path)

    return build


WHOLE = """令和8年12月みほん県議会定例会　一般質問通告書

みほん県議会議長　様
　　　　　　　　　　　　　令和8年12月1日
　　　　　　　議席番号　12番　　会派　みらい会
　　　　　　　質問者　標本　太郎

　会議規則第61条の規定により、次のとおり通告します。

１　地域公共交通について（知事）
　　　路線バスの廃止が相次ぎ、通院や買物に困る県民が増えている。県は昨年度、
　　計画を策定した。
　(1) 現状と課題
　(2) 路線バスの減便が続く中山間地域における移動手段の確保に
　　　ついて、県はどう支援するのか。（企画部長）
　　ア　デマンド交通
　　イ　自家用有償旅客運送の導入を進めるべきと考えるが、見
　　　解を伺う。（土木部長）
　　　　　　　　　　　－１－
２　防災について
　(1) 避難所の環境（危機管理監）
　(3) 耐震化の状況（土木部長）
※資料を配布する
以上
"""


def test_each_leaf_of_a_notice_is_an_item_with_what_stands_above_it(text: FromText) -> None:
    notice = text(WHOLE)
    assert notice.title == "令和8年12月みほん県議会定例会 一般質問通告書"
    assert notice.sitting == "令和8年12月みほん県議会定例会"
    assert notice.items[1] == Item(
        number=("1", "2", "ア"),
        text="デマンド交通",
        headings=(
            "地域公共交通について",
            "路線バスの減便が続く中山間地域における移動手段の確保について、県はどう支援するのか。",
        ),
        background="路線バスの廃止が相次ぎ、通院や買物に困る県民が増えている。県は昨年度、計画を策定した。",
        answerer="企画部長",
        member="標本太郎",
        group="みらい会",
        seat="12",
    )
    assert told(notice) == [
        ("問1(1)", "現状と課題", "知事"),
        ("問1(2)ア", "デマンド交通", "企画部長"),
        ("問1(2)イ", "自家用有償旅客運送の導入を進めるべきと考えるが、見解を伺う。", "土木部長"),
        ("問2(1)", "避難所の環境", "危機管理監"),
        ("問2(3)", "耐震化の状況", "土木部長"),
    ]


def test_a_missing_number_and_a_note_are_told(text: FromText) -> None:
    warnings = text(WHOLE).warnings
    assert "22行目: 問2(1)の次が問2(3)です。抜けた項目がないか、通告を確かめてください。" in warnings
    assert any("※資料を配布する" in each for each in warnings)
    assert len(warnings) == 2


def test_a_line_that_belongs_nowhere_is_told(text: FromText) -> None:
    notice = text("一般質問通告書\n県政への思い\n1 防災について（知事）\n")
    assert notice.warnings == ("2行目: 「県政への思い」はどの質問のものか分かりません。質問なら番号を付けてください。",)


def test_a_file_without_any_question_is_refused_with_a_remedy(text: FromText) -> None:
    with pytest.raises(NoticeError, match=r"^通告\.txt: 質問が見つかりません。.*選んでください。$") as caught:
        text("みほん県議会議長　様\n令和8年12月1日\n")
    assert isinstance(caught.value, InputError)


def test_words_of_a_form_inside_a_question_are_kept(text: FromText) -> None:
    notice = text(
        "一般質問通告書\n1 県の施策の決定の過程を県民に広く知らせるために、県議会での審議の\n方式の見直しを伺う。（知事）\n"
        "　　一般質問で取り上げた課題のうち、県の対応が決まったものは次のとおりであると、昨年の本会議で答えている。\n2 記録の公開（総務部長）\n"
    )
    assert told(notice) == [
        ("問1", "県の施策の決定の過程を県民に広く知らせるために、県議会での審議の方式の見直しを伺う。", "知事"),
        ("問2", "記録の公開", "総務部長"),
    ]
    assert "次のとおりである" in notice.items[0].background


@pytest.mark.parametrize(
    ("line", "asker"),
    [
        ("質問者　標本　太郎議員（みらい会）", ("標本太郎", "みらい会", "")),
        ("【12番 標本太郎議員】", ("標本太郎", "", "12")),
        ("二十番　標本　太郎　（県政会）", ("標本太郎", "県政会", "20")),
        ("第1順位　7番　標本　さくら　無所属の会　（一問一答）", ("標本さくら", "無所属の会", "7")),
        ("■4番　標本　次郎議員［未来の会］　一問一答（10:00～）", ("標本次郎", "未来の会", "4")),
        ("質問日　令和９年３月２日（火）　　質問者　３番　標本　由美", ("標本由美", "", "3")),
        ("15番　標本　薫　新風県政", ("標本薫", "新風県政", "15")),
        ("質問者　標　本　薫", ("標本薫", "", "")),
        ("会　派　　みらい会", ("", "みらい会", "")),
        ("議席番号　十五番", ("", "", "15")),
        ("一般質問通告書（12番 標本太郎）", ("標本太郎", "", "12")),
        ("一般質問通告（標本太郎議員・県政クラブ・５番）", ("標本太郎", "県政クラブ", "5")),
        ("発言順位１番　標本太郎（自由の会）", ("標本太郎", "自由の会", "")),
    ],
)
def test_who_asks_is_read_in_many_wordings(line: str, asker: tuple[str, str, str]) -> None:
    assert read_asker(line) == Asker(member=asker[0], group=asker[1], seat=asker[2])


@pytest.mark.parametrize(
    "line", ["議員定数の削減について", "(3) 女性議員", "国道12番線", "10番目の課題", "みほん県議会議長　様"]
)
def test_a_line_that_only_looks_like_a_member_is_none(line: str) -> None:
    assert read_asker(line) is None


@pytest.mark.parametrize(
    ("line", "post", "rest"),
    [
        ("現状を伺う。（知事）", "知事", "現状を伺う。"),
        ("現状　　　総務部長", "総務部長", "現状"),
        ("現状を（知事、以下同じ）", "知事", "現状を"),
        ("現状について【答弁者　環境・エネルギー部長】", "環境・エネルギー部長", "現状について"),
        ("（こども未来局長）", "こども未来局長", ""),
        ("→教育長", "教育長", ""),
    ],
)
def test_an_answerer_is_parted_from_the_words(line: str, post: str, rest: str) -> None:
    named = take_answerer(line)
    assert named is not None
    assert (named.post, named.rest) == (post, rest)


@pytest.mark.parametrize("line", ["現状（仮称）", "交通の空白（都市部）", "薬剤師の不足の状況（薬局）", "費用（一部）"])
def test_words_in_brackets_that_are_no_post_stay(line: str) -> None:
    assert take_answerer(line) is None


@given(
    st.lists(
        st.text("1１(（)）①ア一、。　 \t（知事）番議員・-－【】問第ⅠaＡ※:〃|について", max_size=30),
        min_size=1,
        max_size=12,
    )
)
def test_any_lines_are_a_notice_or_refused(lines: list[str]) -> None:
    blocks = tuple(Block(text=line, line=at) for at, line in enumerate(lines, 1) if line.strip())
    try:
        notice = read_notice(Document(path="通告.txt", title="通告", blocks=blocks))
    except NoticeError:
        return
    assert all(item.text for item in notice.items)


def test_several_members_ask_in_one_file(text: FromText) -> None:
    notice = text(
        "令和8年第4回定例会 発言通告一覧\n\n1番　標本太郎議員（自由の会）\n一、医療について\n　①医師確保　　　　知事\n"
        "　②看護師確保　　　　健康福祉部長\n\n2番　見本花子議員（県民クラブ）\n一、医療について\n　①医師確保対策　　　知事\n"
    )
    assert [(item.label, item.text, item.answerer, item.member, item.group, item.seat) for item in notice.items] == [
        ("問1(1)", "医師確保", "知事", "標本太郎", "自由の会", "1"),
        ("問1(2)", "看護師確保", "健康福祉部長", "標本太郎", "自由の会", "1"),
        ("問1(1)", "医師確保対策", "知事", "見本花子", "県民クラブ", "2"),
    ]
    assert notice.warnings == ()


@pytest.mark.parametrize(
    ("words", "items"),
    [
        (
            (
                "【問1】教育について\n答弁者：教育長\n(ア)不登校の現状を伺う。\n【問2】観光について\n(ア)宿泊税の検討状況を伺う。\n"
                "答弁者：商工労働部長\n(イ)誘客について伺う。\n答弁者：知事\n"
            ),
            [
                ("問1(ア)", "不登校の現状を伺う。", "教育長"),
                ("問2(ア)", "宿泊税の検討状況を伺う。", "商工労働部長"),
                ("問2(イ)", "誘客について伺う。", "知事"),
            ],
        ),
        (
            (
                "１．脱炭素について\n　(1)再エネの導入について\n　(2)２０５０年に向けた取組について\n答弁を求める者　知事、環境部長\n"
                "２．鳥獣被害について\n　１）捕獲の状況\n　２）ジビエの活用\n答弁を求める者　農林水産部長\n"
            ),
            [
                ("問1(1)", "再エネの導入について", "知事、環境部長"),
                ("問1(2)", "２０５０年に向けた取組について", "知事、環境部長"),
                ("問2(1)", "捕獲の状況", "農林水産部長"),
                ("問2(2)", "ジビエの活用", "農林水産部長"),
            ],
        ),
        (
            (
                "第１　県政運営について\n　１　財政の見通し（知事）\n第２　産業振興について\n　１　企業の誘致（知事）\n　　(1)　用地の確保\n"
                "　２　賃上げ支援（商工労働部長）\n"
            ),
            [
                ("問1(1)", "財政の見通し", "知事"),
                ("問2(1)1", "用地の確保", "知事"),
                ("問2(2)", "賃上げ支援", "商工労働部長"),
            ],
        ),
        (
            "1 行政のデジタル化について\n1-1 オンライン化の状況は。（総務部長）\n1-2 職員の育成（総務部長）\n",
            [("問1(1)", "オンライン化の状況は。", "総務部長"), ("問1(2)", "職員の育成", "総務部長")],
        ),
        (
            "【知事】\n1 予算編成の基本方針\n【教育長】\n2 教員の働き方改革\n",
            [("問1", "予算編成の基本方針", "知事"), ("問2", "教員の働き方改革", "教育長")],
        ),
        (
            "質問項目　地域公共交通について\n要旨　減便への対応を伺う。\n答弁者　知事\n質問項目　観光について\n要旨　宿泊税の検討状況を伺う。\n答弁者　商工労働部長\n",
            [("", "減便への対応を伺う。", "知事"), ("", "宿泊税の検討状況を伺う。", "商工労働部長")],
        ),
        (
            "１．県政運営について　　　　　　　　　　　　　知　事\n　（１）財政の見通し\n２．教育について　　　　　　　　　　　教　育　長\n　（１）いじめ\n",
            [("問1(1)", "財政の見通し", "知事"), ("問2(1)", "いじめ", "教育長")],
        ),
        (
            "１　環境行政｜(1)不法投棄の防止｜環境部長\n　　　　　　｜(2)海洋ごみの回収｜環境部長\n２　消防｜(1)消防団の装備｜危機管理監\n",
            [
                ("問1(1)", "不法投棄の防止", "環境部長"),
                ("問1(2)", "海洋ごみの回収", "環境部長"),
                ("問2(1)", "消防団の装備", "危機管理監"),
            ],
        ),
        (
            "1. 公共交通について\n1. 現状について（知事）\n2. 課題について（知事）\n2. 観光について（知事）\n",
            [
                ("問1(1)", "現状について", "知事"),
                ("問1(2)", "課題について", "知事"),
                ("問2", "観光について", "知事"),
            ],
        ),
        (
            "私立高校の授業料の支援を広げるべきではないか。（知事）\n県立図書館の開館時間の延長について（教育長）\n",
            [
                ("", "私立高校の授業料の支援を広げるべきではないか。", "知事"),
                ("", "県立図書館の開館時間の延長について", "教育長"),
            ],
        ),
    ],
    ids=[
        "answerer below",
        "answerer of a group",
        "same style twice",
        "path",
        "answerer above",
        "labels",
        "letters set apart",
        "bars",
        "one style for two levels",
        "nothing numbered",
    ],
)
def test_numbers_and_answerers_are_read_in_many_layouts(
    text: FromText, words: str, items: list[tuple[str, str, str]]
) -> None:
    assert told(text(words)) == items


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_columns_are_read_by_their_names(table: FromRows, encoding: str) -> None:
    notice = table(
        [
            ["令和8年12月定例会質問通告一覧"],
            [],
            ["順位", "議席", "議員名", "会派", "大項目", "中項目", "小項目", "答弁者", "スタンス"],
            ["1", "12", "標本太郎", "みらい会", "1 公共交通", "(1) 路線バス", "ア 減便への対応", "知事", "推進"],
            ["", "", "", "", "", "", "イ 運転手の確保", "企画部長", ""],
            ["", "", "", "", "", "(2) 鉄道", "", "同上", "様子見"],
            ["2", "3", "見本花子", "県民クラブ", "1 公共交通", "(1) 路線バスの維持", "", "知事", ""],
        ],
        encoding,
    )
    assert told(notice) == [
        ("問1(1)ア", "減便への対応", "知事"),
        ("問1(1)イ", "運転手の確保", "企画部長"),
        ("問1(2)", "鉄道", "企画部長"),
        ("問1(1)", "路線バスの維持", "知事"),
    ]
    assert [(item.member, item.seat, item.stance) for item in notice.items] == [
        ("標本太郎", "12", Stance.FORWARD),
        ("標本太郎", "12", None),
        ("標本太郎", "12", None),
        ("見本花子", "3", None),
    ]
    assert notice.warnings == (
        "行6のスタンス「様子見」は 推進・現状維持・慎重 のどれでもありません。どれかを書いてください。",
    )


def test_a_number_that_counts_the_members_is_none_of_a_question(table: FromRows) -> None:
    notice = table(
        [
            ["No.", "発言者", "件名", "質問要旨", "答弁を求める者"],
            ["1", "標本太郎", "防災対策", "1 避難所の環境について", "危機管理監"],
            ["", "", "", "2 備蓄について", "危機管理監"],
            ["", "", "教育行政", "3 不登校支援について", "教育長"],
            ["2", "見本花子", "医療", "1 医師の確保について", "健康福祉部長"],
        ]
    )
    assert [(item.label, item.headings, item.member) for item in notice.items] == [
        ("問1", ("防災対策",), "標本太郎"),
        ("問2", ("防災対策",), "標本太郎"),
        ("問3", ("教育行政",), "標本太郎"),
        ("問1", ("医療",), "見本花子"),
    ]
    assert notice.warnings == ()


def test_a_table_without_names_of_columns_is_read_by_what_it_holds(table: FromRows) -> None:
    notice = table(
        [
            ["13", "標本　太郎", "みらい会", "1", "公共交通について", ""],
            ["13", "標本　太郎", "みらい会", "1(1)", "路線バスの減便にどう対応するのか。", "企画部長"],
            ["13", "標本　太郎", "みらい会", "1(2)", "鉄道の利用をどう進めるのか。", "知事"],
            ["8", "見本　花子", "県民の会", "1", "不登校の児童生徒への支援を伺う。", "教育長"],
            ["8", "見本　花子", "県民の会", "2", "教員の確保をどう進めるのか。", "教育長"],
        ]
    )
    assert [(item.label, item.answerer, item.member, item.seat) for item in notice.items] == [
        ("問1(1)", "企画部長", "標本太郎", "13"),
        ("問1(2)", "知事", "標本太郎", "13"),
        ("問1", "教育長", "見本花子", "8"),
        ("問2", "教育長", "見本花子", "8"),
    ]


def test_a_cell_may_hold_several_entries(table: FromRows) -> None:
    notice = table(
        [
            ["番号", "質問事項", "質問の要旨", "答弁を求める者"],
            ["1", "地域医療", "(1) 医師確保の現状\n(2) 看護師の養成について", "知事\n健康福祉部長"],
            ["2", "農業", "①担い手の確保②スマート農業の推進", "農林水産部長"],
        ]
    )
    assert told(notice) == [
        ("問1(1)", "医師確保の現状", "知事"),
        ("問1(2)", "看護師の養成について", "健康福祉部長"),
        ("問2(1)", "担い手の確保", "農林水産部長"),
        ("問2(2)", "スマート農業の推進", "農林水産部長"),
    ]


def test_a_row_without_a_number_that_names_its_own_answerer_is_an_item(table: FromRows) -> None:
    head = ["番号", "質問要旨", "答弁者"]
    hospital, bridge = ["1", "県立病院の経営を問う", "病院局長"], ["", "橋の老朽化を問う", "土木部長"]
    assert told(table([head, hospital, bridge, ["2", "道路の整備を問う", "知事"]])) == [
        ("問1", "県立病院の経営を問う", "病院局長"),
        ("", "橋の老朽化を問う", "土木部長"),
        ("問2", "道路の整備を問う", "知事"),
    ]
    heading = ["", "公共交通について", "知事"]
    assert told(table([head, heading, ["(1)", "路線バスを問う", ""], ["(2)", "鉄道を問う", ""]])) == [
        ("問1", "路線バスを問う", "知事"),
        ("問2", "鉄道を問う", "知事"),
    ]


def test_a_question_without_a_number_before_the_first_number_is_an_item_and_a_heading_there_is_none(
    table: FromRows,
) -> None:
    read = table(
        [
            ["番号", "質問", "答弁者"],
            ["", "防災について、知事の基本認識を伺う。", "知事"],
            ["1", "避難所の冷房の整備を伺う。", "危機管理局長"],
            ["2", "備蓄の見直しを伺う。", "危機管理局長"],
        ]
    )
    assert [each.text for each in read.items] == [
        "防災について、知事の基本認識を伺う。",
        "避難所の冷房の整備を伺う。",
        "備蓄の見直しを伺う。",
    ]
    heading = table([["番号", "質問", "答弁者"], ["", "防災について", "知事"], ["1", "避難所の冷房の整備を伺う。", ""]])
    assert [(each.text, each.headings) for each in heading.items] == [("避難所の冷房の整備を伺う。", ("防災について",))]


def test_numbers_may_have_columns_of_their_own(table: FromRows) -> None:
    notice = table(
        [
            ["大", "中", "小", "質問内容", "答弁者", "備考"],
            ["1", "", "", "公共交通について", "", ""],
            ["", "(1)", "", "路線バスの維持について", "知事", ""],
            ["", "(2)", "", "鉄道について", "", "資料あり"],
            ["", "", "ア", "利用の促進", "企画部長", ""],
            ["2", "", "", "観光の振興を伺う。", "知事", ""],
        ]
    )
    assert told(notice) == [
        ("問1(1)", "路線バスの維持について", "知事"),
        ("問1(2)ア", "利用の促進", "企画部長"),
        ("問2", "観光の振興を伺う。", "知事"),
    ]
    assert any("資料あり" in each for each in notice.warnings)


def test_a_workbook_without_names_of_columns_is_read(tmp_path: Path) -> None:
    book = Workbook()
    for at, (member, rows) in enumerate(
        {
            "標本太郎": [
                ("1", "公共交通について", None),
                (None, "(1)", "路線バスの維持", "知事"),
                (None, "(2)", "鉄道の利用促進を図るべきと考え"),
                (None, None, "るが、見解を伺う。", "企画部長"),
            ],
            "見本花子": [("1", "教育について", "", "教育長"), (None, "(1)", "不登校")],
        }.items()
    ):
        sheet = book.worksheets[0] if not at else book.create_sheet(member)
        for row in [("一般質問通告書",), ("議員名", member, "議席", f"{at + 3}番"), (), *rows]:
            sheet.append(row)
    book.save(tmp_path / "通告.xlsx")
    notice = read(tmp_path / "通告.xlsx")
    assert told(notice) == [
        ("問1(1)", "路線バスの維持", "知事"),
        ("問1(2)", "鉄道の利用促進を図るべきと考えるが、見解を伺う。", "企画部長"),
        ("問1(1)", "不登校", "教育長"),
    ]
    assert [(item.member, item.seat) for item in notice.items] == [("標本太郎", "3")] * 2 + [("見本花子", "4")]


def test_merged_cells_say_what_they_say_once(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in [
        ("一般質問通告書",),
        ("質問事項", "質問の要旨", None, "答弁者"),
        ("１　防災について", "(1)", "避難所の環境について", "危機管理監"),
        (None, "(2)", "備蓄について", None),
        ("２　教育について", "(1)", "不登校について", "教育長"),
    ]:
        sheet.append(row)
    for area in ("A1:D1", "B2:C2", "A3:A4", "D3:D4"):
        sheet.merge_cells(area)
    book.save(tmp_path / "通告.xlsx")
    assert told(read(tmp_path / "通告.xlsx")) == [
        ("問1(1)", "避難所の環境について", "危機管理監"),
        ("問1(2)", "備蓄について", "危機管理監"),
        ("問2(1)", "不登校について", "教育長"),
    ]


def test_a_word_file_with_a_table_and_paragraphs_is_read(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("一般質問通告書", 1)
    head = document.add_table(rows=1, cols=4)
    for cell, words in zip(head.rows[0].cells, ("氏名", "標本太郎", "会派", "みらい会"), strict=True):
        cell.text = words
    for words in ("１　公共交通について", "（１）路線バスの維持について\t知事", "２　観光について（知事）"):
        document.add_paragraph(words)
    document.add_paragraph("　宿泊税の検討が進んでいる。")
    document.add_paragraph("①検討状況")
    document.add_paragraph("②使途")
    document.save(str(tmp_path / "通告.docx"))
    notice = read(tmp_path / "通告.docx")
    assert told(notice) == [
        ("問1(1)", "路線バスの維持について", "知事"),
        ("問2(1)", "検討状況", "知事"),
        ("問2(2)", "使途", "知事"),
    ]
    assert {(item.member, item.group) for item in notice.items} == {("標本太郎", "みらい会")}
    assert notice.items[1].background == "宿泊税の検討が進んでいる。"


@pytest.mark.parametrize(
    ("name", "count"), [("令和8年12月定例会_架空由美.docx", 14), ("令和8年6月定例会_例示花子.xlsx", 15)]
)
def test_the_notices_of_the_sample_are_read_whole(name: str, count: int) -> None:
    notice = read(SAMPLES / name)
    assert len(notice.items) == count
    assert all(item.answerer and item.member and item.group and item.seat for item in notice.items)
    assert notice.sitting.startswith("令和8年")
    assert notice.warnings == ()


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("質問日　令和8年12月10日（木）", date(2026, 12, 10)),
        ("発言予定日：R8.12.10", date(2026, 12, 10)),
        ("受付　令和8年11月20日", None),
        ("質問日　令和8年12月10日\n質問日　令和8年12月11日", None),
        ("質問日　令和8年12月", None),
    ],
)
def test_the_day_of_the_questions_is_the_one_that_the_head_names(text: FromText, head: str, day: date | None) -> None:
    assert text(f"発言通告書\n{head}\n問1　宿泊税の導入の考え方を問う。（知事）\n").day == day
