from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.structure.minute_procedure import is_clerk, parts


def is_procedure(paragraph: str, *, presides: bool) -> bool:
    """Judge a speech of one paragraph."""
    (part,) = parts([paragraph], presides=presides)
    return part.procedure


def cut(*paragraphs: str, presides: bool) -> list[tuple[bool, int]]:
    """Return of each part whether it is procedure, and its number of paragraphs."""
    return [(part.procedure, len(part.paragraphs)) for part in parts(paragraphs, presides=presides)]


@pytest.mark.parametrize(
    "paragraph",
    [
        "定刻になりましたので、これより委員会を始めます。",
        "本日の傍聴人は3名です。これを許可することといたします。",
        "議案第12号から議案第19号までの8件を一括して議題とします。提出者の説明を求めます。",
        "通告がありませんので、討論なしと認めます。",
        "この採決は起立によって行います。",
        "お諮りします。会期は本日から20日までの14日間としたいと思います。御異議ありませんか。",
        "それでは休憩を解いて会議を再開いたします。",
        "5番、想田君の発言を許します。",
        "では、総務部長。",
        "ただいまの発言は通告の範囲を超えておりますので、御注意願います。",
        "当局から発言を求められておりますので、これを許します。",
        "次回の委員会は、6月12日午前10時から開きます。",
        "投票の結果を報告します。投票総数18票、有効投票17票、無効投票1票です。",
        "会議録署名議員は、会議規則第88条の規定により、3番、想田健君、4番、例示花子君を指名します。",
        "本日の議題は,お手元に配付いたしました案件書のとおりであります。",
        "副知事標本大介君、教育長模木洋子さん、総務部長例示二郎君。",
        "（挙手全員）",
        "午前11時52分休憩",
        "本件は、地方自治法第百九十六条第一項の規定により、監査委員の選任に同意することに賛成の諸君の起立を求めます。",
    ],
)
def test_what_a_chair_says_to_run_the_meeting_is_procedure(paragraph: str) -> None:
    assert is_procedure(paragraph, presides=True)


@pytest.mark.parametrize(
    "paragraph",
    [
        "避難所の開設に当たっては、地元の自主防災組織との連絡が遅れたとの声を各地で聞いており、改善が必要だと感じております。",
        "要望活動で国土交通省を訪ね、国道の四車線化を求めてまいりました。来年度の概算要求に調査費を盛り込みたいとの話がありました。",
        "私は、この計画の目標値は低過ぎると思います。近隣の市では既に八割に達しているからです。",
        "審議会としては、料金の改定はやむを得ないものの、低所得の世帯への配慮を求めるという考え方でまとめたいと思います。",
        "この際、申し上げます。先ほどお求めのありました資料によりますと、井戸からの流出は確認されておらず、調査の結果は三年前に公表済みであります。",
        "保育士の処遇について、国の制度を待つだけではなく、市独自の上乗せを考える時期に来ているのではないでしょうか。",
    ],
)
def test_what_a_chair_says_on_a_matter_is_substance(paragraph: str) -> None:
    assert not is_procedure(paragraph, presides=True)


@pytest.mark.parametrize(
    "paragraph",
    [
        "ただいま議長のお許しをいただきましたので、通告に従いまして一般質問を行います。",
        "おはようございます。3番、市民クラブの想田健です。",
        "みほん創生会を代表して質問いたします。",
        "想田委員の御質問にお答えをいたします。",
        "その他の御質問につきましては、関係部長から答弁いたさせます。",
        "以上で説明を終わります。御審議のほどよろしくお願い申し上げます。",
        "この際、議事進行の動議を提出いたします。",
        "一般選挙において当選された皆様に、心よりお祝いを申し上げます。おめでとうございます。",
    ],
)
def test_words_with_which_a_speech_opens_and_closes_are_procedure(paragraph: str) -> None:
    assert is_procedure(paragraph, presides=False)


@pytest.mark.parametrize(
    "paragraph",
    [
        "御答弁ありがとうございました。冷房の設置が半数にとどまっているのは残念です。",
        "防犯灯の設置についてお答えいたします。",
        "半数でございます。",
        "はい、そのとおりです。",
        "本日、午前10時から地元の説明会を開催いたしました。",
        "都市計画審議会の意見です。",
        "通告に従い、空き家対策について伺います。",
        "議案第5号は、手数料の額を引き上げるものでございます。",
        "市長の所見を伺います。",
    ],
)
def test_short_words_of_others_on_a_matter_are_substance(paragraph: str) -> None:
    assert not is_procedure(paragraph, presides=False)


REPORT = "委員会では、指定管理者の公募の範囲を県内に限るべきではないかとの意見があり、次の更新までに考え方をまとめるよう求めたところであります。"


def test_a_chair_who_reports_and_then_puts_it_to_the_vote_is_cut_at_the_change() -> None:
    speech = (
        "これより報告に入ります。",
        REPORT,
        REPORT,
        "お諮りいたします。",
        "本件は、報告のとおり決定することに御異議ありませんか。",
    )
    assert cut(*speech, presides=True) == [(True, 1), (False, 2), (True, 2)]


def test_a_single_act_inside_of_a_report_cuts_nothing() -> None:
    assert cut(REPORT, "資料をお手元に配付しております。", REPORT, presides=True) == [(False, 3)]


def test_a_short_opening_stays_with_the_answer_and_a_long_greeting_stands_alone() -> None:
    assert cut("見本議員の御質問にお答えいたします。", REPORT, presides=False) == [(False, 2)]
    greeting = (
        "令和7年第2回定例会の開会に当たりまして、一言御挨拶を申し上げます。",
        "まず、さきの選挙において御当選の栄に浴されました皆様に、心からお祝いを申し上げます。",
    )
    assert cut(*greeting, REPORT, presides=False) == [(True, 2), (False, 1)]


def test_names_and_headings_go_with_the_words_before_them() -> None:
    assert cut("陳情の付託について申し上げます。", "陳情第3号　通学路の整備", presides=True) == [(True, 2)]
    assert cut(REPORT, "記", presides=True) == [(False, 2)]


def test_few_words_of_a_chair_are_substance_in_a_summary() -> None:
    (spoken,) = parts(["定額を基本とする。"], presides=True)
    (noted,) = parts(["定額を基本とする。"], presides=True, summary=True)
    assert (spoken.procedure, noted.procedure) == (True, False)


@pytest.mark.parametrize("post", ["議会局長", "みほん県議会事務局長", "事務局長", "議事課主査", "書記", "議事調査課長"])
def test_the_office_of_the_assembly_runs_the_meeting(post: str) -> None:
    assert is_clerk(post)


@pytest.mark.parametrize("post", ["選挙管理委員会事務局長", "人事委員会事務局長", "総務部長", "病院局長"])
def test_other_offices_do_not(post: str) -> None:
    assert not is_clerk(post)


@given(
    paragraphs=st.lists(
        st.sampled_from([REPORT, "休憩いたします。", "想田健君。", "記", "以上です。", ""]), max_size=9
    ),
    presides=st.booleans(),
)
def test_no_paragraph_is_lost_and_neighbouring_parts_differ(paragraphs: list[str], presides: bool) -> None:
    made = parts(paragraphs, presides=presides)
    assert [paragraph for part in made for paragraph in part.paragraphs] == paragraphs
    assert all(left.procedure is not right.procedure for left, right in pairwise(made))
