from __future__ import annotations

from datetime import date

import pytest

from rag.drafting.figure_check import FigureFault, FigureProblem, FigureSource, check_figures

OLD = FigureSource(
    title="令和6年版 子育て支援の概要",
    day=date(2024, 8, 1),
    text="放課後児童クラブの登録児童数は、令和6年5月1日現在で12,430人であり、待機児童は214人である。\n一時預かり事業は86か所で実施している。",
)
NEW = FigureSource(
    title="令和7年版 子育て支援の概要",
    day=date(2025, 8, 1),
    text=(
        "放課後児童クラブの登録児童数は、令和7年5月1日現在で12,985人であり、待機児童は187人である。\n"
        "一時預かり事業は91か所で実施している。\n"
        "整備費の予算額は、施設整備が3億2,000万円、運営費が1億5,500万円である。\n"
        "病児保育の利用は延べ4,800人で、実施施設は24施設である。\n"
        "県道の改良延長は36.5キロメートル、要改良区間は全体で73キロメートルである。"
    ),
)


def check(draft: str, *sources: FigureSource) -> tuple[FigureProblem, ...]:
    return check_figures(draft, sources or (OLD, NEW), day=date(2025, 12, 3))


@pytest.mark.parametrize(
    "draft",
    [
        "放課後児童クラブの登録児童数は、令和7年5月1日現在、12,985人でございます。",
        "放課後児童クラブの登録児童数は約13,000人となっております。",
        "待機児童は、昨年の214人から本年は187人へと減少しております。",
        "令和6年5月1日現在の待機児童は214人でございました。",
        "待機児童は27人減少しております。",
        "登録児童数は前年から555人の増となっております。",
        "施設整備3億2,000万円と運営費1億5,500万円を合わせ、4億7,500万円を計上しております。",
        "整備費の予算は、総額で4億7,500万円でございます。",
        "施設整備の予算額は320,000千円でございます。",
        "病児保育は24施設で実施し、1施設当たり平均200人の利用がございます。",
        "県道は、73キロメートルのうち36.5キロメートル、50パーセントの改良を終えております。",
        "改良を終えた延長は36,500メートルでございます。",
        "2点お尋ねがございました。1点目は、24時間体制の整備についてであります。",
        "待機児童は、12.6パーセント減少しております。",
    ],
)
def test_a_figure_that_stands_in_a_source_or_follows_from_it_is_passed(draft: str) -> None:
    assert check(draft) == ()


@pytest.mark.parametrize(
    ("draft", "fault", "words", "right"),
    [
        ("放課後児童クラブの登録児童数は12,430人でございます。", FigureFault.STALE, "12,430人", "12,985人"),
        ("一時預かり事業は、現在86か所で実施しております。", FigureFault.STALE, "86か所", "91か所"),
        ("放課後児童クラブの登録児童数は12,958人でございます。", FigureFault.DIGIT, "12,958人", "12,985人"),
        ("病児保育の実施施設は27施設でございます。", FigureFault.DIGIT, "27施設", "24施設"),
        ("施設整備の予算額は3億2,000万人でございます。", FigureFault.UNIT, "3億2,000万人", "3億2,000万円"),
        ("県道の改良延長は36.5メートルでございます。", FigureFault.UNIT, "36.5メートル", "36.5キロメートル"),
        (
            "施設整備3億2,000万円と運営費1億5,500万円を合わせ、4億8,500万円を計上しております。",
            FigureFault.SUM,
            "4億8,500万円",
            "4億7,500万円",
        ),
        ("待機児童は、昨年の214人から187人へと、37人減少しております。", FigureFault.SUM, "37人", "27人"),
        ("県営住宅の空き室は48戸でございます。", FigureFault.UNKNOWN, "48戸", ""),
        ("令和5年5月1日現在の登録児童数は12,985人でございます。", FigureFault.DIGIT, "令和5年5月1日", ""),
    ],
)
def test_a_figure_that_its_sources_do_not_bear_is_told_with_the_right_one(
    draft: str, fault: FigureFault, words: str, right: str
) -> None:
    found = check(draft)
    assert [(each.fault, each.words, each.right) for each in found] == [(fault, words, right)]


def test_a_stale_figure_names_the_newer_source_and_its_words() -> None:
    (found,) = check("待機児童は214人となっております。")
    assert found.source == NEW
    assert "187人" in found.quote


def test_a_value_that_a_text_says_was_changed_is_stale() -> None:
    rule = FigureSource(
        title="要綱", day=date(2025, 4, 1), text="補助の上限額は、1件当たり50万円から80万円に引き上げた。"
    )
    (found,) = check("補助の上限額は、1件当たり50万円でございます。", rule)
    assert (found.fault, found.right) == (FigureFault.STALE, "80万円")


def test_a_table_is_read_with_its_unit_and_heads() -> None:
    table = FigureSource(
        title="決算の概要",
        day=date(2025, 9, 1),
        text="（単位：千円）\n区分 | 令和5年度 | 令和6年度\n県税 | 81,200,000 | 83,450,000\n地方交付税 | 120,300,000 | 118,900,000",
    )
    assert check("令和6年度の県税は834億5,000万円でございます。", table) == ()
    (found,) = check("令和6年度の県税は834億5,500万円でございます。", table)
    assert found.words == "834億5,500万円"


TABLE = FigureSource(
    title="施設の利用状況（令和7年度）",
    day=date(2025, 11, 1),
    text="農業産出額(億円) 1,563\n　うち 米 418 園芸 620\n管理戸数 12,480 入居戸数 9,860\n手話通訳者 93\n漁獲量 4,120t\n供給電力量 312,400 MWh\n補助額 月額9,000円",
)
IN_THOUSANDS = FigureSource(title="当初予算", day=date(2025, 2, 1), text="単位:百万円\n法人二税　84,620　81,220")
SERIES = tuple(
    FigureSource(title=f"移住者数の状況（令和{year}年度）", day=date(2019 + year, 6, 24), text=text)
    for year, text in ((5, "移住者数 1,157人（前年 1,020人）"), (6, "移住者数 1,308人（前年 1,157人）"))
)
CLUB = FigureSource(
    title="相談の実績", day=date(2025, 6, 1), text="延べ相談件数 1,318件\n平年比 260%\n倉庫 1,192口 店舗 312口"
)


@pytest.mark.parametrize(
    ("draft", "source"),
    [
        ("農業産出額は1,563億円で、このうち園芸が620億円でございます。", TABLE),
        ("管理戸数は1万2,480戸で、9,860戸に入居いただいております。", TABLE),
        ("手話通訳者は93人でございます。", TABLE),
        ("漁獲量は4,120トンでございます。", TABLE),
        ("法人二税は846億2,000万円で、前年度を34億円上回っております。", IN_THOUSANDS),
        ("相談は延べ1,318件、月平均で約110件でございます。", CLUB),
        ("昨年は平年比2.6倍となりました。", CLUB),
        ("全部で1,500口余りを備えております。", CLUB),
    ],
)
def test_a_table_need_not_repeat_what_it_counts(draft: str, source: FigureSource) -> None:
    assert check(draft, source) == ()


@pytest.mark.parametrize(
    ("draft", "fault", "sources"),
    [
        ("昨年度の移住者は1,157人でございます。", FigureFault.STALE, SERIES),
        ("年額9,000円を補助しております。", FigureFault.UNIT, (TABLE,)),
        ("供給電力量は31万2,400キロワット時でございます。", FigureFault.UNIT, (TABLE,)),
        ("昭和61年の開館から今年で45年となります。", FigureFault.SUM, (TABLE,)),
        (
            "申請の期限は11月25日でございます。",
            FigureFault.DIGIT,
            (FigureSource(title="しおり", day=date(2025, 7, 1), text="申請は11月15日まで"),),
        ),
    ],
)
def test_an_older_edition_another_basis_and_another_day_are_told(
    draft: str, fault: FigureFault, sources: tuple[FigureSource, ...]
) -> None:
    assert fault in {each.fault for each in check(draft, *sources)}


def edition(year: int, text: str) -> FigureSource:
    return FigureSource(title="窓口の実績", day=date(2018 + year, 6, 1), text=text)


@pytest.mark.parametrize(
    ("draft", "source"),
    [
        (
            "会館は、昭和55年に開館してから30年を迎えた平成22年に改修いたしました。",
            "会館は昭和55年に開館し、平成22年に改修した。",
        ),
        ("報酬は年額36万円、日額9,800円でございます。", "報酬　年額36万円　日額9,800円"),
        ("9月1日の防災の日に、住民の訓練を行っております。", "窓口の職員の研修は9月26日に実施"),
        ("本年度は令和8年度4月1日に始めました。", "令和8年度4月1日に開始。研修は4月26日に実施"),
        ("18歳と19歳の相談は201件でございます。", "18・19歳の相談 201件"),
        ("16歳から78歳までの46人が学んでおります。", "生徒 46人（16～78歳）"),
    ],
)
def test_what_the_sources_bear_in_another_form_is_sound(draft: str, source: str) -> None:
    assert check_figures(draft, [edition(8, source)], day=date(2026, 12, 1)) == ()


@pytest.mark.parametrize(
    ("draft", "fault", "sources", "right"),
    [
        (
            "令和5年度の相談は120件、令和6年度の相談は120件でございます。",
            FigureFault.STALE,
            (edition(6, "令和5年度の相談は120件。"), edition(7, "令和6年度の相談は150件。")),
            "150件",
        ),
        (
            "相談は45件でございました。",
            FigureFault.DIGIT,
            (edition(8, "別表 45 相談 130件"),),
            "130件",
        ),
        (
            "会館は、昭和55年に開館してから40年を迎えた平成22年に改修いたしました。",
            FigureFault.SUM,
            (edition(8, "会館は昭和55年に開館し、平成22年に改修した。"),),
            "46年",
        ),
    ],
)
def test_a_value_that_is_right_elsewhere_is_wrong_here(
    draft: str, fault: FigureFault, sources: tuple[FigureSource, ...], right: str
) -> None:
    assert [(each.fault, each.right) for each in check_figures(draft, sources, day=date(2026, 12, 1))] == [
        (fault, right)
    ]


def test_a_figure_that_was_borne_once_may_be_said_again() -> None:
    source = FigureSource(title="処理状況", day=date(2025, 5, 1), text="受付件数　R5 4件　R6 8件　R7 6件")
    assert check("3年間に合わせて18件を受け付けました。18件のうち多くは服務に関するものでございます。", source) == ()
