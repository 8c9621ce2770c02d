from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.drafting.coverage import Covered, coverage, sub_questions
from rag.drafting.facets import Facet, asked
from rag.drafting.saying import Saying
from rag.drafting.telling import tells

QUESTIONS = (
    "医療的ケア児の受入れの現状について伺う。",
    "医療的ケア児の受入れに当たっての課題は何か。",
    "看護師の配置に係る財源をどのように確保するのか。",
    "支援センターの開設はいつか。",
)
PARAGRAPHS = (
    "医療的ケア児の受入れについてお答えいたします。県内では、現在、保育所等38施設で62人の医療的ケア児を受け入れております。",
    "受入れを進める上では、看護師の確保や、緊急時の医療機関との連携が課題となっております。",
    "看護師の配置に要する経費につきましては、国の補助金と県の基金を充てることとしております。",
    "支援センターは、令和9年4月の開設を予定しております。",
)


def answered(questions: Sequence[str], paragraphs: Sequence[str]) -> list[tuple[int, ...]]:
    return [each.answered_by for each in coverage(questions, paragraphs)]


def test_each_question_has_the_paragraph_that_answers_it() -> None:
    assert answered(QUESTIONS, PARAGRAPHS) == [(0,), (1,), (2,), (3,)]


@pytest.mark.parametrize("left_out", range(4))
def test_a_question_whose_paragraph_is_left_out_is_unanswered(left_out: int) -> None:
    kept = [each for at, each in enumerate(PARAGRAPHS) if at != left_out]
    assert [number for number, found in enumerate(answered(QUESTIONS, kept)) if not found] == [left_out]


def test_a_mention_of_the_topic_is_no_answer() -> None:
    found = answered(
        ("避難所の冷房の整備はいつ完了するのか。", "避難所の運営訓練の状況を伺う。"),
        (
            "避難所の冷房の整備についてのお尋ねであります。",
            "避難所の運営訓練は、昨年度、延べ1万人に参加いただいております。",
        ),
    )
    assert found == [(), (1,)]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "不登校児童生徒への支援の現状と課題、今後の取組について伺う。",
            ["不登校児童生徒への支援の現状", "不登校児童生徒への支援の課題", "不登校児童生徒への支援の今後の取組"],
        ),
        (
            "近年、空き家が増加している。空き家の件数の推移はどうか。また、除却への補助を拡充すべきと考えるが、知事の見解を伺う。",
            ["空き家の件数の推移はどうか。", "また、除却への補助を拡充すべきと考えるが、知事の見解を伺う。"],
        ),
        ("県立病院の経営について", ["県立病院の経営について"]),
        (
            "水道の広域化の進捗を伺うとともに、料金への影響を示されたい。",
            ["水道の広域化の進捗を伺う", "料金への影響を示されたい。"],
        ),
    ],
)
def test_a_text_is_taken_apart_into_what_it_asks(text: str, asked: list[str]) -> None:
    assert sub_questions(text) == asked


@pytest.mark.parametrize(
    ("paragraph", "is_answered"),
    [
        ("相談センターの昨年度の相談は2,960件で、医療機関とも情報を共有しております。", False),
        ("相談センターの24時間化につきましては、来年度からの実施に向けて検討してまいります。", True),
        ("相談センターの24時間化を望む声もいただいております。", False),
        ("今後とも、誰もが安心して暮らせる社会の実現に努めてまいります。", False),
    ],
)
def test_a_request_is_answered_by_what_will_be_done_only(paragraph: str, *, is_answered: bool) -> None:
    assert bool(answered(("相談センターの24時間化を求めるが、どうか。",), (paragraph,))[0]) is is_answered


def test_what_is_left_over_may_answer_in_other_words_unless_another_question_has_its_place_there() -> None:
    questions = ("藻場の再生の取組を伺う。", "里親への委託率の現状を伺う。")
    other_words = "魚の産卵の場となる海藻の群落につきましては、7つの海域で種苗の投入を行っております。"
    assert answered(questions, (other_words, "里親への委託率は27.4%でございます。")) == [(0,), (1,)]
    assert answered(questions, ("里親への委託率は27.4%でございます。",)) == [(), (0,)]


def test_more_questions_than_can_be_tried_together_are_dealt_one_by_one() -> None:
    names = "国保 水道 林道 港湾 空港 県営住宅 図書館 美術館 博物館 体育館 保育所 消防団 公園 鉄道".split()
    questions = [f"{name}の改修の状況を伺う。" for name in names]
    paragraphs = [f"{name}につきましては、昨年度に12か所で改修を行っております。" for name in names]
    assert all(number in found for number, found in enumerate(answered(questions, paragraphs)))
    assert answered(questions, paragraphs[:-1])[-1] == ()


def test_a_paragraph_on_the_topic_that_does_not_tell_what_is_asked_is_named_with_what_is_missing() -> None:
    questions = ("不登校の児童生徒数は何人か。", "路線バスの減便が続いている要因は何か。")
    paragraphs = (
        "不登校の児童生徒は、昨年度は小中学校で2,914人でございます。",
        "路線バスにつきましては、昨年度は12の路線で減便が行われております。",
    )
    assert coverage(questions, paragraphs)[1] == Covered(wants=Facet.REASON, answered_by=(), touched_by=(1,))


@pytest.mark.parametrize(
    ("question", "facet"),
    [
        ("保育士の離職が続いているのはなぜか。", Facet.REASON),
        ("集団検診と個別検診とで、受診率にどのような差があるのか。", Facet.DIFFERENCE),
        ("補助の拡充を国に強く働き掛けるべきではないか。", Facet.REQUEST),
        ("計画はいつまでに策定するのか。", Facet.TIME),
        ("条例を制定する考えはあるか。", Facet.DECISION),
        ("無償化の対象を広げるのか、伺う。", Facet.DECISION),
        ("5年後の導入の目標を伺う。", Facet.TARGET),
        ("残る橋を今後どのように直していくのか。", Facet.AHEAD),
        ("登録者数は。", Facet.FIGURE),
        ("担い手をどう確保するのか。", Facet.MEASURE),
        ("運営の民間委託について、知事の所見を伺う。", Facet.VIEW),
        ("相談は増えているのか。", Facet.EFFECT),
        ("手順は定まっているのか。", Facet.FACT),
        ("避難所の整備の状況を伺う。", Facet.PRESENT),
        ("県立病院の経営について", Facet.PRESENT),
    ],
)
def test_what_a_question_asks_to_be_told(question: str, facet: Facet) -> None:
    assert asked(question)[0] is facet


@pytest.mark.parametrize(
    ("question", "sentence", "is_told"),
    [
        ("離職の要因は何か。", "給与の低さや業務量の多さによるものと考えております。", True),
        ("離職の要因は何か。", "離職された方は昨年度120人でございます。", False),
        ("離職の要因は何か。", "人材を確保するため、就職支度金の補助を行っております。", False),
        ("市部と町村部とで利用の実績はどのように違うのか。", "町村部の利用は29件でございます。", False),
        (
            "市部と町村部とで利用の実績はどのように違うのか。",
            "市部の120件に対し、町村部は29件と少なくなっております。",
            True,
        ),
        ("夏季加算の創設を国に求めるべきではないか。", "国においては、部会で検証を行っているところであります。", False),
        ("夏季加算の創設を国に求めるべきではないか。", "夏季加算の創設を国に要望しております。", True),
        ("新しい団地をいつまでに整備するのか。", "これまでに14か所を整備いたしました。", False),
        ("新しい団地をいつまでに整備するのか。", "令和10年度末までに完成させることとしております。", True),
        ("受付を24時間にする考えはあるか。", "大変重要な窓口であると考えております。", False),
        ("受付を24時間にする考えはあるか。", "受付の時間を延ばすことは考えておりません。", True),
        ("利用料を助成する考えはあるか。", "利用料の2分の1を助成しております。", True),
        ("対象の世帯は何世帯あるのか。", "購入費は6万7,000円を上限としております。", False),
        ("対象の世帯は何世帯あるのか。", "対象は1,200世帯でございます。", True),
        ("対象の世帯は何世帯あるのか。", "世帯の数は把握しておりません。", True),
        ("5年後に何ヘクタールまで広げるのか。", "本年産は2,150ヘクタールに作付けされました。", False),
        ("作付面積は何ヘクタールか。", "作付面積は120haでございます。", True),
        ("延長は何キロメートルか。", "延長は12kmでございます。", True),
        ("床面積は何平方メートルか。", "床面積は1,200㎡でございます。", True),
        ("漁獲量は何トンか。", "漁獲量は4,120tでございます。", True),
        ("発電量は何キロワット時か。", "発電量は312,400kWhでございます。", True),
        ("発電量は何キロワット時か。", "発電所は12基でございます。", False),
        ("何自治体で導入しているのか。", "導入しているのは19市町でございます。", True),
        ("県の負担額はいくらか。", "県の負担はございません。", True),
        ("何校で実施したのか。", "全校で実施いたしました。", True),
        ("登録をどう増やすのか。", "現在の登録は11万8,000人で、人口の1割に当たります。", False),
        ("登録をどう増やすのか。", "公民館で登録の講習を行っております。", True),
        ("登録をどう増やすのか。", "誰もが使いやすいサービスとなるよう、取組に努めてまいります。", False),
        ("方式の導入について所見を伺う。", "全国では19の空港で導入されております。", False),
        ("方式の導入について所見を伺う。", "現時点での導入には課題が多いものと考えております。", True),
        ("補助を受けた企業は売上げを伸ばしているのか。", "これまでに92社に交付いたしました。", False),
        ("実態を調査したのか。", "県のセンターで御相談をお受けしております。", False),
        ("存続の基準は何か。", "該当する学校は4校ございます。", False),
        ("存続の基準は何か。", "入学者が2年続けて20人未満の場合に、再編の対象といたします。", True),
        ("農業用水が足りなくなった場合の補償はどうなるのか。", "3日前から水位を下げる運用を行っております。", False),
    ],
)
def test_a_sentence_tells_what_is_asked_or_only_mentions_the_topic(
    question: str, sentence: str, *, is_told: bool
) -> None:
    assert tells(asked(question)[0], question, Saying.of(sentence)) is is_told


@pytest.mark.parametrize(
    ("sentence", "says_something"),
    [
        ("誰もが安心して暮らせるよう、全力で取り組んでまいります。", False),
        ("アドバイザーを派遣し、市町村の取組を支えてまいります。", True),
        ("対象を中学生にも広げてまいります。", True),
        ("県民の皆様から不安の声を伺っております。", False),
        ("不安の声が大きいことから、条例案を次の定例会に提出いたします。", True),
        ("", False),
    ],
)
def test_a_vow_or_what_is_only_heard_says_nothing_of_its_own(sentence: str, *, says_something: bool) -> None:
    assert Saying.of(sentence).says_something is says_something


def test_without_questions_or_answer_nothing_is_covered() -> None:
    assert coverage((), ("お答えいたします。",)) == ()
    assert answered(("財源は何か。",), ()) == [()]
    assert answered(("財源は何か。",), ("お答えいたします。",)) == [()]
