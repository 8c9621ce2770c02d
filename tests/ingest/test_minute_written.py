"""Written questions and answers are told from what is spoken, and each answer is tied to its question."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.structure import guess, recognise
from rag.domain import Block, Document, Kind, Section, Structure


def document(text: str, *, title: str = "綴り", page: int | None = None) -> Document:
    """A text file, or a paged one where `page` is the page of every line."""
    lines = enumerate(text.strip("\n").split("\n"), 1)
    blocks = tuple(Block(text=line, line=None if page else number, page=page) for number, line in lines if line.strip())
    return Document(path="会議録/文書質問.txt", title=title, blocks=blocks)


def read(text: str) -> Structure:
    return recognise(document(text), Kind.MINUTES)


def answers(structure: Structure) -> list[Section]:
    """The official's sections that answer a written question, in the order of the questions."""
    paired = [section for section in structure.sections if section.labels.get("pair") and section.labels.get("written")]
    return sorted(paired, key=lambda section: int(section.labels["pair"]))


def at(text: str, lines: str) -> str:
    """The words on the lines of a label ('3-4'), without indentation."""
    first, _, last = lines.partition("-")
    return "".join(line.strip() for line in text.strip("\n").split("\n")[int(first) - 1 : int(last or first)])


def pairs(text: str) -> list[tuple[str, str, str]]:
    """Who answers what with which lines of the text; a tie that is not sure has a question mark."""
    return [
        (
            section.labels.get("post", "") + ("？" if section.labels.get("certain") == "no" else ""),
            section.labels["question"],
            at(text, section.labels["lines"]),
        )
        for section in answers(read(text))
    ]


def unanswered(structure: Structure) -> list[str]:
    return [section.labels["unanswered"] for section in structure.sections if section.labels.get("unanswered")]


LETTER = """
令和六年みほん県議会臨時会会議録
令和六年七月九日
出席議員　五名

○議長（標木一郎君）　これより会議を開きます。
○議長（標木一郎君）　文書質問に対する答弁書が提出されましたので、本号末尾に掲載します。
　〔文書質問趣意書及び答弁書は本号末尾に掲載〕
○議長（標木一郎君）　これにて閉会します。

文書質問趣意書及び答弁書
　六総総第一二号
　令和六年六月二十日
　みほん県知事　例示太郎
　みほん県議会議長　標木一郎殿
　文書質問に対する答弁書の送付について
　令和六年第二回みほん県議会定例会における左記議員の文書質問に対する答弁書を別紙のとおり送付します。
　記
　見本花子議員
　想田美咲議員
　令和六年第二回みほん県議会定例会文書質問趣意書
　提出者　見本花子
　質問事項
　一　渡船の運航について
　二　県有林の間伐について
　三　職員住宅の空き室について
　一　渡船の運航について
　渡船は島の足であるが、欠航が年々増えている。船員が足りないと聞く。
　１　船の更新について
　二隻の船は就航から三十年を超えた。部品も手に入らないという。
　新しい船を造る時期はいつか伺う。２　運賃の割引を高校生にも広げるべきと考えるが、見解を伺う。
　港の待合室には暖房がない。
　３　待合室について、ア　暖房を入れる考えはあるか伺う。
　イ　便所の改修の予定を伺う。
　二　県有林の間伐について
　１　間伐した面積と、材の売払いの額を示されたい。
　三　職員住宅の空き室について
　職員住宅の三割が空いている。民間に貸すべきではないか。
　令和六年第二回みほん県議会定例会
　見本花子議員の文書質問に対する答弁書
　質問事項
　一　渡船の運航について
　１　船の更新について
　新しい船を造る時期について伺う。
　回答
　令和八年度に設計に着手します。
　進め方は次のとおりです。
　１　船の大きさを決める。
　２　設計を発注する。
　質問事項
　一の２　運賃の割引を高校生にも広げるべきと考えるが、見解を伺う。
　回答
　来年四月から広げます。
　質問事項
　一の３のア　待合室に暖房を入れる考えはあるか伺う。
　回答
　今年の冬までに入れます。
　質問事項
　一の３のイ　待合室の便所の改修の予定を伺う。
　回答
　来年度に行います。
　質問事項
　二　県有林の間伐について
　１　間伐した面積について伺う。
　ア　間伐した面積を伺う。
　回答
　八十二ヘクタールです。
　質問事項
　二の１のイ　材の売払いの額を伺う。
　回答
　一億一千万円です。
　質問事項
　三　職員住宅の空き室について
　職員住宅の空き室を民間に貸すべきだが、見解を伺う。
　回答
　貸付けの要件を今年度中に定めます。
　会議録署名議員　例木昇
"""
"""As a metropolis prints them: full numbers, the question restated, the answer under 回答."""

SIGNED = """
令和七年二月みほん県議会定例会会議録
令和七年三月二十六日
○議長（標木一郎君）　これをもちまして閉会いたします。
○知事（例示太郎君）　御礼を申し上げます。
　　　────────────────────
　　　　（参照）文書質問趣意書及び答弁書
文書質問趣意書（第一号）
　令和七年三月三日
みほん県議会議員　範野　徹
みほん県知事　例示太郎様

１　児童相談所の宿直
　職員の宿直が月に八回に及ぶ。
問１　宿直の回数を示されたい。
　一人で三十人を見る夜もある。
問２　増員の計画はあるか。
２　井戸水の検査
問３　検査の結果を伺う。
問４　検査の費用を県が負担すべきではないか。また、その時期はいつか。
問５　農産物への影響はないか。
　　　────────────────────
文書質問趣意書（第二号）
　提出　令和七年三月五日
質問者　雛田はるか
１　教室の不足
（1）　不足している教室の数を伺う。
（2）　通学バスの時間が長い児童への対応を伺う。
２　ため池
（1）　池を誰が見回るのか。
　　　────────────────────
答弁書（第一号）
　範野議員から提出された文書質問について、下記のとおり回答します。
　令和七年三月二十四日
みほん県知事　例示太郎
問１（宿直の回数）
　平均で七・八回です。
問２
　十四人を採用します。
問３及び問４について
　基準を超えたのは二か所です。
（1）北地区
（2）南地区
　費用は来年度から県が負います。
　　　────────────────────
答弁書（第二号）
答弁者　教育長　模木洋子
１　教室の不足
（1）　不足している教室の数を伺う。
　二十七室です。
（2）　通学バスの時間が長い児童への対応を伺う。
　路線を二つ増やします。
答弁者　知事　例示太郎
２　ため池
（1）について
　（1）でお答えした職員のほか、相談員が年に二回見回っています。
"""
"""Questions of several members first; 問 counted through the paper, (1) under a heading, restated or not."""

BELOW = """
令和７年第３回みほん市議会定例会　文書質問及び回答

質問者　想定　健議員（みほん創生会）
質問1　米飯の給食の割合を伺う。
回答1（教育部）　週に三・五回です。
　残りはパンです。
質問2　公園の遊具について、次の点を伺う。
（1）　点検の頻度はどうか。
（2）　更新の方針はどうか。
回答2（公園緑地課）
（1）　年に一回です。
（2）　十年で全てを更新します。

質問者　標識　花子議員
質問1　図書館の開館時間を延ばす考えはないか。
回答1（図書館）　平日は午後八時まで開きます。
質問2　市営バスの減便の理由を伺う。
質問3　駐輪場の利用率を伺う。
回答3　八割です。
市長　例示三郎
"""
"""Each answer below its question, by number; who answers in brackets."""

ALL_FIRST = """
みほん町議会　令和７年６月定例会　文書質問・答弁書
見本太郎議員
【質問】
１　町営住宅の修繕について
１－１　雨漏りの申出は何件あったか。
１－２　修繕の順番をどう決めているのか。
２　電気柵の補助を増やす考えはないか。
【答弁】
１－１　二十一件です。
１－２　次の順で行っています。
　１　雨漏り
　２　床の沈み
　急を要するものは先に行います。
２　補助率を三分の二に引き上げます。
町長　例示　次郎
"""
"""All questions first, all answers after; the answers hold lists."""

PLAIN = """
文書質問に対する回答（令和７年９月定例会）
◆模野　信也議員
道路の除雪について
問　昨冬の除雪の委託費はいくらか。
答（建設課長）　一億二千万円である。
　機械は二台を買い足した。
防災無線の更新について
問　戸別受信機の配布はいつ終わるのか。
答（危機管理課長）　令和九年三月を見込む。
◆範野　徹議員
問　時間外勤務の上限を超えた者は何人か。
答（総務課長）　十二人である。
問　原因をどう分析しているか。
問　再発を防ぐ策を問う。
答（総務課長）　予約制を取り入れる。
"""
"""問 and 答 without numbers under headings and members."""

NATIONAL = """
質問主意書
提出者　雛田はるか
　県立病院の建て替えに関し、以下質問する。
一　整備の費用はいくらか。
二　次の点について見解を問う。
　１　病床を減らす理由は何か。
　２　救急の受入れは維持されるのか。
　右質問する。
令和七年十月二日

答弁書
　令和七年十月二十日
　　みほん県知事　例示　太郎
　雛田はるか議員提出の質問に対し、次のとおり答弁する。
一について
　三百四十億円である。
二の１及び２について
　人口の減少に合わせたものであり、救急の体制は維持する。
"""

KEYED = """
文書質問趣意書
提出者　見本花子
１　橋の点検について
問１　点検の結果を伺う。
２　堤防の草刈りについて
問２　回数を増やせないか。
３　港の灯りについて
問３　灯りを増やせないか。
文書質問に対する答弁書
みほん県知事　例示太郎
問１　橋の点検の結果について
答１（道路課）　二橋に傷みがありました。
　１　北橋
２　堤防の草刈りについて
問２　草刈りの回数を増やせないか。
答２（河川課）　年二回を三回とします。
問　灯りを増やせないか。
答　五基を加えます。
"""
"""問1 with 答1 below it in the answers' paper; one without number; a list whose number is that of a heading."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            KEYED,
            [
                ("道路課", "点検の結果を伺う。", "答１（道路課）　二橋に傷みがありました。１　北橋"),
                ("河川課", "回数を増やせないか。", "答２（河川課）　年二回を三回とします。"),
                ("知事", "灯りを増やせないか。", "答　五基を加えます。"),
            ],
        ),
        (
            ALL_FIRST.replace("　２　床の沈み\n", ""),
            [
                ("町長", "雨漏りの申出は何件あったか。", "１－１　二十一件です。"),
                (
                    "町長",
                    "修繕の順番をどう決めているのか。",
                    "１－２　次の順で行っています。１　雨漏り急を要するものは先に行います。",
                ),
                ("町長", "電気柵の補助を増やす考えはないか。", "２　補助率を三分の二に引き上げます。"),
            ],
        ),
        (
            LETTER,
            [
                (
                    "知事",
                    "新しい船を造る時期はいつか伺う。",
                    "令和八年度に設計に着手します。進め方は次のとおりです。１　船の大きさを決める。２　設計を発注する。",
                ),
                ("知事", "運賃の割引を高校生にも広げるべきと考えるが、見解を伺う。", "来年四月から広げます。"),
                ("知事", "暖房を入れる考えはあるか伺う。", "今年の冬までに入れます。"),
                ("知事", "便所の改修の予定を伺う。", "来年度に行います。"),
                ("知事？", "間伐した面積と、材の売払いの額を示されたい。", "八十二ヘクタールです。"),
                ("知事？", "間伐した面積と、材の売払いの額を示されたい。", "一億一千万円です。"),
                (
                    "知事",
                    "職員住宅の三割が空いている。民間に貸すべきではないか。",
                    "貸付けの要件を今年度中に定めます。",
                ),
            ],
        ),
        (
            SIGNED,
            [
                ("知事", "宿直の回数を示されたい。", "問１（宿直の回数）平均で七・八回です。"),
                ("知事", "増員の計画はあるか。", "問２十四人を採用します。"),
                (
                    "知事",
                    "検査の結果を伺う。\n検査の費用を県が負担すべきではないか。また、その時期はいつか。",
                    "問３及び問４について基準を超えたのは二か所です。（1）北地区（2）南地区費用は来年度から県が負います。",
                ),
                ("教育長", "不足している教室の数を伺う。", "二十七室です。"),
                ("教育長", "通学バスの時間が長い児童への対応を伺う。", "路線を二つ増やします。"),
                (
                    "知事",
                    "池を誰が見回るのか。",
                    "（1）について（1）でお答えした職員のほか、相談員が年に二回見回っています。",
                ),
            ],
        ),
        (
            BELOW,
            [
                ("教育部", "米飯の給食の割合を伺う。", "回答1（教育部）　週に三・五回です。残りはパンです。"),
                ("公園緑地課", "点検の頻度はどうか。", "（1）　年に一回です。"),
                ("公園緑地課", "更新の方針はどうか。", "（2）　十年で全てを更新します。"),
                ("図書館", "図書館の開館時間を延ばす考えはないか。", "回答1（図書館）　平日は午後八時まで開きます。"),
                ("市長", "駐輪場の利用率を伺う。", "回答3　八割です。"),
            ],
        ),
        (
            ALL_FIRST,
            [
                ("町長", "雨漏りの申出は何件あったか。", "１－１　二十一件です。"),
                (
                    "町長",
                    "修繕の順番をどう決めているのか。",
                    "１－２　次の順で行っています。１　雨漏り２　床の沈み急を要するものは先に行います。",
                ),
                ("町長", "電気柵の補助を増やす考えはないか。", "２　補助率を三分の二に引き上げます。"),
            ],
        ),
        (
            PLAIN,
            [
                (
                    "建設課長",
                    "昨冬の除雪の委託費はいくらか。",
                    "答（建設課長）　一億二千万円である。機械は二台を買い足した。",
                ),
                ("危機管理課長", "戸別受信機の配布はいつ終わるのか。", "答（危機管理課長）　令和九年三月を見込む。"),
                ("総務課長", "時間外勤務の上限を超えた者は何人か。", "答（総務課長）　十二人である。"),
                (
                    "総務課長？",
                    "原因をどう分析しているか。\n再発を防ぐ策を問う。",
                    "答（総務課長）　予約制を取り入れる。",
                ),
            ],
        ),
        (
            NATIONAL,
            [
                ("知事", "整備の費用はいくらか。", "一について三百四十億円である。"),
                (
                    "知事",
                    "病床を減らす理由は何か。\n救急の受入れは維持されるのか。",
                    "二の１及び２について人口の減少に合わせたものであり、救急の体制は維持する。",
                ),
            ],
        ),
    ],
    ids=[
        "問1 and 答1",
        "a list of one",
        "restated in full",
        "signed papers",
        "directly below",
        "all questions first",
        "問 and 答",
        "national",
    ],
)
def test_every_answer_is_tied_to_the_question_that_it_answers(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert pairs(text) == expected


def test_an_answer_says_who_asked_what_where_and_under_which_heading() -> None:
    section = answers(read(LETTER))[1]
    assert section.locator == "令和6年第2回定例会 文書質問 見本花子議員 一の2 知事答弁"
    assert section.path == ("渡船の運航について",)
    assert section.labels == {
        "sitting": "令和6年第2回定例会",
        "date": "2024-06-20",
        "written": "yes",
        "speaker": "例示太郎",
        "post": "知事",
        "role": "official",
        "topic": "渡船の運航",
        "question": "運賃の割引を高校生にも広げるべきと考えるが、見解を伺う。",
        "background": "２　運賃の割引を高校生にも広げるべきと考えるが、見解を伺う。",
        "gist": "運賃の割引を高校生にも広げるべき",
        "member": "見本花子議員",
        "asked_lines": "30",
        "lines": "52",
        "pair": "2",
    }


def test_a_question_stands_with_its_headings_and_the_background_that_leads_to_it() -> None:
    asked = {
        section.locator.split()[-1]: section
        for section in read(LETTER).sections
        if section.labels.get("role") == "member"
    }
    assert list(asked) == ["一の1", "一の2", "一の3のア", "一の3のイ", "二の1", "三"]
    assert asked["一の1"].text.split("\n") == [
        "一　渡船の運航について",
        "渡船は島の足であるが、欠航が年々増えている。船員が足りないと聞く。",
        "１　船の更新について",
        "二隻の船は就航から三十年を超えた。部品も手に入らないという。",
        "新しい船を造る時期はいつか伺う。",
    ]
    assert asked["一の1"].labels["topic"] == "渡船の運航 › 船の更新"
    assert (
        asked["一の3のア"].text
        == "港の待合室には暖房がない。\n３　待合室について、\nア　暖房を入れる考えはあるか伺う。"
    )
    assert (asked["三"].labels["speaker"], asked["三"].labels["post"]) == ("見本花子", "議員")


def test_a_question_without_an_answer_is_marked_and_no_other_one() -> None:
    assert unanswered(read(SIGNED)) == ["農産物への影響はないか。"]
    assert unanswered(read(BELOW)) == ["市営バスの減便の理由を伺う。"]
    assert unanswered(read(LETTER)) == []


def test_the_party_of_a_member_is_said_where_the_paper_says_it() -> None:
    assert [section.labels.get("party") for section in answers(read(BELOW))] == ["みほん創生会"] * 3 + [None] * 2


def test_the_restated_question_counts_only_where_the_question_itself_is_not_printed() -> None:
    alone = LETTER[LETTER.index("　見本花子議員の文書質問に対する答弁書") :]
    found = read(f"文書質問に対する答弁書\nみほん県知事　例示太郎\n{alone}")
    assert [section.labels["question"] for section in answers(found)][:3] == [
        "新しい船を造る時期について伺う。",
        "運賃の割引を高校生にも広げるべきと考えるが、見解を伺う。",
        "待合室に暖房を入れる考えはあるか伺う。",
    ]
    assert {section.labels.get("certain") for section in answers(found)} == {None}


def test_a_number_that_does_not_fit_leads_to_the_question_that_is_restated_and_the_tie_is_not_sure() -> None:
    text = """
文書質問趣意書
質問者　想田美咲
１　収集日を増やす考えはないか。
２　粗大ごみの手数料を下げられないか。
３　野焼きの苦情は何件あったか。
答弁書
質問事項
１　収集日を増やす考えはないか伺う。
回答
ありません。
質問事項
２　野焼きの苦情の件数を伺う。
回答
三十一件です。
質問事項
３　給食費の滞納の額を伺う。
回答
二百万円です。
市長　例示三郎
"""
    assert pairs(text) == [
        ("市長", "収集日を増やす考えはないか。", "ありません。"),
        ("市長？", "野焼きの苦情は何件あったか。", "三十一件です。"),
        ("市長？", "給食費の滞納の額を伺う。", "二百万円です。"),
    ]
    assert unanswered(read(text)) == ["粗大ごみの手数料を下げられないか。"]


def test_an_answer_to_more_questions_than_anyone_can_tell_is_tied_to_none() -> None:
    questions = "".join(f"問　道路{number}号の補修はいつ終わるのか。\n" for number in "甲乙丙丁戊己")
    structure = read(f"文書質問及び回答\n見本花子議員\n{questions}答　順に進めます。\n")
    assert answers(structure) == []
    assert len(unanswered(structure)) == 6


def test_a_paper_without_any_number_is_one_question_and_one_answer() -> None:
    text = """
文書質問
みほん市議会議員　模野信也
みほん市長　例示三郎様
　夜間の受付について
　夜間の受付が一人になってから、電話がつながらないという声を聞く。受付を二人に戻す考えはあるか、市長に伺う。
文書質問に対する答弁書
みほん市議会議員　模野信也様
みほん市長　例示三郎
　受付は七月から二人に戻すこととしている。電話は消防の相談の窓口とも結び、つながらない時間をなくす。
"""
    assert pairs(text) == [("市長", "受付を二人に戻す考えはあるか、市長に伺う。", at(text, "9"))]


def test_wrapped_lines_are_one_paragraph_and_their_lines_are_those_of_the_file() -> None:
    text = """
文書質問趣意書
提出者　雛田はるか
一　県営住宅のエレベーターについて
　県営住宅には五階建てでもエレベーターのない棟が多く、足の不自由な入居者
は買い物にも出られずにいる。国の補助制度ができたと聞くが、県の計画には何も
書かれていない。
１　エレベーターのない棟は何棟あり、そのうち六十五歳以上の者が住む住戸はど
れほどか伺う。
２　設置の計画を定めるべきと考えるが、知事の見解を求める。
答弁書
　　みほん県知事　例示太郎
一の１について
　エレベーターのない棟は二百十二棟であり、そのうち六十五歳以上の者が住む住
戸は三千四百戸である。
一の２について
　既存の棟に後から設ける場合、一基当たり五千万円ほどを要する。建て替えの時
期を見極めつつ、令和八年度までに計画を定める。
"""
    first, second = answers(read(text))
    assert (
        first.labels["question"]
        == "エレベーターのない棟は何棟あり、そのうち六十五歳以上の者が住む住戸はどれほどか伺う。"
    )
    assert (first.labels["asked_lines"], first.labels["lines"]) == ("7-8", "12-14")
    assert (second.labels["asked_lines"], second.labels["lines"]) == ("9", "15-17")


def test_a_paged_document_gives_the_page_of_the_question_and_no_lines() -> None:
    sections = answers(recognise(document(SIGNED, page=7), Kind.MINUTES))
    assert {section.labels["asked_page"] for section in sections} == {"7"}
    assert not any(section.labels.keys() & {"asked_lines", "lines"} for section in sections)


def test_what_is_spoken_stays_as_it_is_and_the_part_ends_at_the_signatures() -> None:
    spoken = [section for section in read(LETTER).sections if not section.labels.get("written")]
    assert [section.labels.get("post") for section in spoken] == [None, "議長", "議長", "議長"]
    assert [section.text for section in spoken][1:] == [
        "これより会議を開きます。",
        "文書質問に対する答弁書が提出されましたので、本号末尾に掲載します。",
        "これにて閉会します。\n会議録署名議員　例木昇",
    ]


def test_letters_titles_and_names_are_kept_as_procedure() -> None:
    covers = [section for section in read(LETTER).sections if section.locator.endswith("表紙")]
    assert all(section.labels["procedure"] == "yes" for section in covers)
    assert "六総総第一二号" in covers[0].text
    assert "三　職員住宅の空き室について" in covers[0].text


def test_a_document_that_is_written_questions_and_nothing_else_is_read_as_minutes() -> None:
    for text in (SIGNED, BELOW, ALL_FIRST, PLAIN, NATIONAL):
        assert guess(document(text)) is Kind.MINUTES


def test_a_rule_with_a_form_for_written_questions_is_no_written_question() -> None:
    articles = "".join(f"第{number}条　議員は、文書により質問することができる。\n" for number in range(1, 12))
    text = f"みほん県議会文書質問取扱規程\n{articles}様式第1号\n文書質問趣意書\n提出者　氏名\n１　質問の事項\n"
    assert guess(document(text)) is Kind.RULES


LINES = st.sampled_from(
    [
        line.strip()
        for text in (LETTER, SIGNED, BELOW, ALL_FIRST, PLAIN, NATIONAL)
        for line in text.strip("\n").split("\n")
        if line.strip()
        and "────" not in line
        and "会議録署名" not in line  # ends the part: a name below it (◆範野　徹議員) takes the floor
        and not line.startswith("○")
        and "２　運賃" not in line
        and "、ア　" not in line
    ]
)
WORDS = ("質問事項", "回答", "【質問】", "【答弁】")


@settings(max_examples=200)
@given(
    lines=st.lists(LINES, max_size=30),
    title=st.sampled_from(["文書質問趣意書", "文書質問及び回答", "文書質問に対する答弁書"]),
)
def test_no_line_is_lost_or_printed_twice_and_a_pair_always_has_both_its_sides(lines: list[str], title: str) -> None:
    lines = [title, *lines]
    structure = recognise(document("\n".join(lines)), Kind.MINUTES)
    shown = [line for section in structure.sections for line in section.text.split("\n")]
    printed = [line for line in shown if line not in WORDS]  # outside of such papers they stay
    kept = sorted(line for line in lines if line not in WORDS)
    assert sorted("".join(printed)) == sorted("".join(kept))
    for section in structure.sections:
        if section.labels.get("pair"):
            assert section.labels["question"]
            assert section.labels["lines"]
            assert section.labels["asked_lines"]
            assert len(section.labels["gist"]) <= 60


PARTS = """
みほん市議会　文書質問に対する回答書
次のとおり公表します。
【その1】
質問者　　想田　実里　議員
質問1　装置の台数を伺います。
回答1（福祉部）　386台です。
質問2　空きがないとの声があります。
ア　定員を伺います。
イ　装置は付いていますか。
回答2（福祉部）　ア　19事業所で195人です。
看護師への助成も設けます。
イ　41台の全てに備わっています。
質問3　認定の誤りの件数を伺います。
回答3　（調査中のため、追って回答します。）

【その2】
質問者　　範田　光　議員
（質問の部）
1　西口の広場の整備について
　完成が遅れると聞く。
1-1　遅れた事情を問う。
1-2　総事業費はいくらか。
2　料金の支払
　カードをいつ入れるのか。
2-1　カードの種類は何か。
2-2　費用はいくらか。
（回答の部）
1-1　（都市整備部）　古い護岸が見付かりました。
1-2　51億円です。
2-1・2-2　（企画部）　一括して回答します。方式は一つで、180万円です。
（別表）質問と担当部局の対照
1　都市整備部　　2　企画部
"""


def test_questions_first_and_answers_after_are_tied_by_number_with_the_post_in_brackets() -> None:
    found = pairs(PARTS)[3:]
    assert found == [
        ("都市整備部", "遅れた事情を問う。", "1-1　（都市整備部）　古い護岸が見付かりました。"),
        ("都市整備部", "総事業費はいくらか。", "1-2　51億円です。"),
        (
            "企画部",
            "カードの種類は何か。\n費用はいくらか。",
            "2-1・2-2　（企画部）　一括して回答します。方式は一つで、180万円です。",
        ),
    ]


def test_parts_of_a_question_are_answered_apart_behind_one_word() -> None:
    assert pairs(PARTS)[:3] == [
        ("福祉部", "装置の台数を伺います。", "回答1（福祉部）　386台です。"),
        ("福祉部", "定員を伺います。", "回答2（福祉部）　ア　19事業所で195人です。看護師への助成も設けます。"),
        ("福祉部", "装置は付いていますか。", "イ　41台の全てに備わっています。"),
    ]


@pytest.mark.parametrize(
    "remark", ["（調査中のため、追って回答します。）", "（※" + "調査が続いている" * 5 + "ため、後日回答します。）"]
)
def test_an_answer_that_is_put_off_is_none(remark: str) -> None:
    structure = read(PARTS.replace("（調査中のため、追って回答します。）", remark))
    assert unanswered(structure) == ["認定の誤りの件数を伺います。"]


def test_a_promise_beside_an_answer_puts_nothing_off() -> None:
    structure = read(PARTS.replace("（調査中のため、追って回答します。）", "12件です（詳細は追って回答します。）。"))
    assert unanswered(structure) == []


def test_a_table_of_offices_and_a_count_of_papers_belong_to_no_answer() -> None:
    sections = read(PARTS).sections
    table = next(each for each in sections if "（別表）" in each.text)
    count = next(each for each in sections if "【その2】" in each.text)
    assert table.labels["procedure"] == count.labels["procedure"] == "yes"


ITEMS = """
文書質問趣意書
提出者　見本花子
一　橋の点検について
１　点検の結果を伺う。
二　議決結果の公表一覧
１　一覧をいつ載せるのか伺う。
{title}
みほん県知事　例示太郎
一の１について
　二橋に傷みがありました。
二の１について
　翌日に載せます。
{behind}
"""


@pytest.mark.parametrize("title", ["文書質問に対する答弁書", "陳情に関する答弁書"])
def test_the_part_ends_neither_at_the_heading_of_an_item_nor_at_a_title_but_at_another_appendix(title: str) -> None:
    text = ITEMS.format(title=title, behind="議決結果一覧\n第一号議案　可決")
    assert pairs(text) == [
        ("知事", "点検の結果を伺う。", "一の１について二橋に傷みがありました。"),
        ("知事", "一覧をいつ載せるのか伺う。", "二の１について翌日に載せます。"),
    ]
    assert not any(section.labels.get("written") for section in read(text).sections if "第一号議案" in section.text)


def test_a_title_above_the_first_speech_stands_in_the_contents_and_begins_no_part() -> None:
    text = LETTER.replace("出席議員　五名", "出席議員　五名\n文書質問趣意書及び答弁書\n閉会")
    head = read(text).sections[0]
    assert head.text.endswith("文書質問趣意書及び答弁書\n閉会")
    assert "written" not in head.labels
    assert len(pairs(text)) == len(pairs(LETTER))
