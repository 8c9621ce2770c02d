import pytest

from ingest.structure import minutes
from ingest.structure.minute_answering import TOPIC, changes_order, find_passages
from ingest.structure.minute_asking import find_questions
from ingest.structure.minute_assignment import Exchange
from ingest.structure.minute_likeness import Words
from ingest.structure.minute_pairing import Answering, Asking, pair, prepare
from ingest.structure.minute_points import for_point, opens_point, point_of
from rag.domain import Block, Document, Section


def read(text: str) -> list[Section]:
    """Return the sections of minutes whose lines are numbered from 1."""
    numbered = enumerate(text.strip("\n").split("\n"), 1)
    blocks = tuple(Block(text=line, line=number) for number, line in numbered if line.strip())
    return list(minutes.recognise(Document(path="会議録.txt", title="会議録", blocks=blocks)).sections)


def pairs(text: str) -> list[tuple[str, str, str]]:
    """Return the lines of each question with post and lines of its answer, in the order of the answers."""
    answers = [section.labels for section in read(text) if "question" in section.labels]
    return [(asked, each["post"], each["lines"]) for each in answers for asked in each["asked_lines"].split("\n")]


WRAPPED = """
○議長　標木一郎　これより本日の会議を開きます。通告に従いまして発言を許
します。
○5番　見本花子議員　防犯灯と公園の遊具について、順に伺ってまいりますの
で、簡潔な御答弁をお願い申し上げます。
　初めに、防犯灯についてでありますが、通学路が暗いという声を伺いました。
市が管理する防犯灯は何基あるのか伺います。また、公園の遊具についてであり
ますが、点検は年に何回行っているのか伺います。
　最後の項目に移りますが、給食の食材について地元の農家の方のお話を聞きま
した。
　地元の野菜は何割使われているのか伺います。
○総務部長　例示二郎　防犯灯の基数についてでございますが、市が管理するも
のは1,200基でございます。
　次に、公園の遊具の点検についてでございますが、年に2回、専門の業者が行
っております。
○教育長　架川三郎　給食の地元の野菜についてでございますが、昨年度は4割
を使っております。
"""


def test_a_question_inside_a_wrapped_paragraph_stands_on_its_own_lines() -> None:
    assert pairs(WRAPPED) == [("6", "総務部長", "11-12"), ("6-7", "総務部長", "13-14"), ("10", "教育長", "15-16")]


@pytest.mark.parametrize(("gap", "joined"), [("　", True), ("", False)])
def test_below_a_full_line_that_ends_a_sentence_a_paragraph_goes_on_only_where_paragraphs_are_indented(
    gap: str, joined: bool
) -> None:
    asked = "\n".join(section.text for section in read(WRAPPED.replace("\n　", f"\n{gap}")))
    assert ("伺いました。市が管理する" in asked) is joined


def asked(*paragraphs: str) -> list[str]:
    """Return what a speech asks with some certainty."""
    return [each.text for each in find_questions(paragraphs) if each.strength >= 0.6 and not each.opening]


@pytest.mark.parametrize(
    ("sentence", "point"),
    [
        ("一点目は、橋の点検であります。", 1),
        ("第２点、費用はいくらか。", 2),
        ("小問の3です。", 3),
        ("それと4番、井戸です。", 4),
        ("5番目に通告した件です。", 5),
        ("一点だけ申し上げます。", 0),
        ("3番線の電車が遅れました。", 0),
        ("12番、見本でございます。", 12),
    ],
)
def test_a_point_is_known_by_its_number(sentence: str, point: int) -> None:
    assert point_of(sentence) == point


@pytest.mark.parametrize(
    ("sentence", "opens"),
    [("もう1点、費用です。", True), ("それから、費用です。", True), ("それからの日々です。", False)],
)
def test_one_more_point_is_one_without_a_number(sentence: str, opens: bool) -> None:
    assert opens_point(sentence) is opens


CALL = "以上三点、一点目は土木部長に、二点目と三点目は教育長に答弁を求めます。"


@pytest.mark.parametrize(("point", "said"), [(1, "土木部長"), (2, "教育長"), (3, "教育長")])
def test_a_call_that_parts_the_points_addresses_each_to_its_own(point: int, said: str) -> None:
    found = for_point(CALL, point)
    assert said in found
    assert not {"土木部長", "教育長"} <= {name for name in ("土木部長", "教育長") if name in found}


def test_a_call_for_all_points_addresses_all() -> None:
    assert for_point("以上三点、教育長に伺います。", 2) == "以上三点、教育長に伺います。"


def test_questions_of_counted_points_in_one_paragraph_are_apart() -> None:
    assert asked("第1点、防犯灯は何基あるのか。それと2番、公園です。遊具の点検は年に何回行っているのか。") == [
        "第1点、防犯灯は何基あるのか。",
        "遊具の点検は年に何回行っているのか。",
    ]


def test_without_points_they_are_one() -> None:
    assert len(asked("防犯灯は何基あるのか。公園です。遊具の点検は年に何回行っているのか。")) == 1


def test_a_call_for_counted_points_reaches_the_first_though_one_point_asks_twice() -> None:
    found = find_questions(
        [
            "一点目は、橋の点検をいつまでに終えるのか。",
            "二点目は、避難所であります。あの光景はいつになったら変わるのでしょうか。",
            "寝台を県が広域で持つ考えはないか。",
            "以上二点、一点目は土木部長に、二点目は危機管理監に答弁を求めます。",
        ]
    )
    assert [(each.strength, "土木部長" in each.call, "危機管理監" in each.call) for each in found] == [
        (1.0, True, False),
        (0.6, False, False),
        (1.0, False, True),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "なぜ減ったのか。",
        "使い切れていない事情と、取崩しの計画。",
        "引き止めるための方策は。",
        "移行はいつまでか、併せて示されたい。",
    ],
)
def test_short_and_open_endings_ask(words: str) -> None:
    assert asked("職員が減っています。", words)


@pytest.mark.parametrize(
    "words", ["減るどころか増えている。", "そうなのか。", "一点、再質問をさせてください。", "これが本年度の計画。"]
)
def test_what_only_looks_like_a_question_asks_nothing(words: str) -> None:
    assert not asked("職員が減っています。", "別の段落です。", "もう一つの段落です。", words)


@pytest.mark.parametrize("words", ["では、私からは農林の関係を伺います。", "基金について、幾つか聞かせてください。"])
def test_a_topic_that_is_announced_is_no_question_where_one_follows(words: str) -> None:
    assert asked(words, "林道の残高は幾らあるのか。") == ["林道の残高は幾らあるのか。"]


def test_a_call_that_only_names_a_post_makes_the_question_above_it_certain() -> None:
    assert asked("捕獲の担い手をどう育てるのか。こちらも農林水産部長にお願いいたします。")[0].startswith("捕獲の")


def exchange(asking: list[str], *answering: tuple[str, list[str]]) -> Exchange:
    """Prepare what one member asks and what each official says."""
    words = Words([*asking, *(text for _, texts in answering for text in texts)])
    return prepare(
        [Asking(paragraphs=asking)], [Answering(post=post, paragraphs=texts) for post, texts in answering], words
    )


def tied(made: Exchange) -> list[tuple[int, int, int]]:
    """Return the paragraph of each question, its official and the first paragraph of its answer."""
    return [(each.asked.paragraph, each.answering, each.first) for each in pair(made)]


COMMITTEE = [
    "次に、就農した人です。五年後にどれだけの人が残っているのか。",
    "次に、林道です。なぜ増えたのか。",
    "次に、山のワクチンです。これはどれだけ効いているのか。",
]
ANSWERS = [
    ("担い手課長", ["定着の度合いは、八割弱です。"]),
    ("整備課長", ["六月の豪雨で、業者を復旧へ回しました。"]),
    ("家畜課長", ["捕まえた個体の五十七％に抗体が残っておりました。"]),
]


def test_where_as_many_officials_speak_as_questions_were_asked_they_answer_in_turn() -> None:
    made = exchange(COMMITTEE, *ANSWERS)
    assert made.in_turn
    assert tied(made) == [(0, 0, 0), (1, 1, 0), (2, 2, 0)]


@pytest.mark.parametrize(
    ("asking", "answers"),
    [
        (COMMITTEE[:2], ANSWERS),
        (COMMITTEE, [("知事", ANSWERS[0][1]), *ANSWERS[1:]]),
        (COMMITTEE, [("整備課長", ANSWERS[0][1]), *ANSWERS[1:]]),
        ([*COMMITTEE[:2], "最後に、山のワクチンはどれだけ効いているのか、家畜課長に伺います。"], ANSWERS),
    ],
    ids=["fewer questions", "the head of government", "one speaks twice", "a question names a post"],
)
def test_nothing_is_taken_to_be_in_turn_where_something_else_tells_the_order(
    asking: list[str], answers: list[tuple[str, list[str]]]
) -> None:
    assert not exchange(asking, *answers).in_turn


TWO_ASKED = [
    "担い手を広げるために、市としてできることは何か伺います。",
    "次に、蔵の火災への備えはできているのか伺います。",
]


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        ("順序が前後いたしますが、まず、使える技術から申し上げます。", True),
        ("火事のお話がございましたので、そちらからお答えさせていただきます。", True),
        ("順番を待つ方が増えております。", False),
        ("こちらからお願いしたものでございます。", False),
    ],
)
def test_an_official_who_changes_the_order_says_so(words: str, changed: bool) -> None:
    assert changes_order([words]) is changed


@pytest.mark.parametrize(("words", "first"), [("そちらからお答えいたします。", 1), ("お答えいたします。", 0)])
def test_answers_are_tied_crosswise_on_little_where_another_order_is_announced(words: str, first: int) -> None:
    answer = [
        f"蔵の件でございますが、{words}七棟のうち三棟に装置がございます。",
        "次に、担い手でございますが、募集を始めました。",
    ]
    assert tied(exchange(TWO_ASKED, ("教育長", answer)))[0] == (0, 0, first)


@pytest.mark.parametrize(
    ("last", "announced"), [("詳細は担当部長から申し上げます。", False), ("三月までに終えます。", True)]
)
def test_a_speech_that_hands_over_announces_no_answer(last: str, announced: bool) -> None:
    found = find_passages([f"空き家は地域の力を弱らせる問題であり、重要な柱としております。{last}"])
    assert any(each.strength >= TOPIC for each in found) is announced


def test_a_greeting_before_an_announced_answer_does_not_hide_it() -> None:
    found = find_passages(
        ["私からは三点お答えします。まず、離職の状況でございますが、業務量の偏りが上位です。", "次です。"]
    )
    assert (found[0].paragraph, found[0].heading) == (0, "まず、離職の状況でございますが、業務量の偏りが上位です。")


@pytest.mark.parametrize(
    ("words", "strong"),
    [("最後に、滞在先でございます。方針を決めました。", True), ("滞在先でございます。方針を決めました。", False)],
)
def test_a_noun_behind_a_word_of_sequence_announces_an_answer(words: str, strong: bool) -> None:
    found = find_passages(["初めに、園地の引継ぎについてお答えします。始めました。", words])
    assert (found[-1].strength >= TOPIC) is strong


def test_more_questions_than_a_member_puts_are_tied_in_order_and_none_of_them_is_sure() -> None:
    asked = [f"{each}番目の橋の修繕はいつ終わるのか、伺います。" for each in range(301)]
    answers = [f"{each}番目の橋の修繕についてでございますが、終えます。" for each in range(301)]
    made = pair(
        prepare([Asking(paragraphs=asked)], [Answering(post="知事", paragraphs=answers)], Words([*asked, *answers]))
    )
    assert [each.first for each in made] == list(range(301))
    assert all(each.margin == 0 for each in made)
    few = pair(
        prepare(
            [Asking(paragraphs=asked[:9])],
            [Answering(post="知事", paragraphs=answers[:9])],
            Words([*asked[:9], *answers[:9]]),
        )
    )
    assert all(each.margin > 0 for each in few)


def test_a_call_for_several_answers_says_whom_and_is_no_word_of_the_questions() -> None:
    found = find_questions(
        [
            "１点目は、橋梁の老朽化対策をどう進めるのか。",
            "２点目は、図書館の開館時間をどう延ばすのか。",
            "以上、２点、１点目は土木部長に、２点目は教育長に伺います。",
        ]
    )
    assert [each.text for each in found] == [
        "１点目は、橋梁の老朽化対策をどう進めるのか。",
        "２点目は、図書館の開館時間をどう延ばすのか。",
    ]
    assert ["土木部長" in each.call for each in found] == [True, False]


def test_a_sentence_without_end_is_judged_by_its_last_words() -> None:
    [found] = find_questions(["橋の修繕と道路の維持について考え、" * 4000 + "県の見解を伺います"])
    assert found.strength == 1.0


def test_words_between_two_brackets_are_spoken_and_a_direction_alone_is_not() -> None:
    said = read(
        "◯議長（見本太郎君）　開きます。\n◯5番（想定健君）　述べます。\n〔速記中止〕この間に議論があった〔再開〕\n　〔5番想定健君登壇〕"
    )
    text = "\n".join(section.text for section in said)
    assert "この間に議論があった" in text
    assert "登壇" not in text


@pytest.mark.parametrize(
    ("post", "answers"), [("総務課長", "総務課長"), ("事務局長", "総務部長"), ("議事課長", "総務部長")]
)
def test_what_the_office_of_the_assembly_says_answers_no_question(post: str, answers: str) -> None:
    said = f"""
○議長　標木一郎　これより本日の会議を開きます。
○5番　見本花子議員　陳情の件数についてでありますが、本年度に受け付けた陳情は何件あるのか伺います。
○{post}　架川三郎　陳情の件数についてでございますが、本年度に受け付けた陳情は12件でございます。
○総務部長　例示二郎　陳情の件数についてでございますが、庁内に回付した陳情は10件でございます。
"""
    assert [answered for _, answered, _ in pairs(said)] == [answers]
