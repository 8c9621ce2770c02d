import pytest

from ingest.structure import minutes
from rag.domain import Block, Document, Kind, Section, Structure


def read(text: str, *, title: str = "会議録") -> Structure:
    blocks = tuple(Block(text=line) for line in text.strip("\n").split("\n") if line.strip())
    return minutes.recognise(Document(path="会議録/第2号.txt", title=title, blocks=blocks))


PLENARY = """
令和7年9月みほん県議会定例会会議録（第2号）
令和7年9月17日（水曜日）
出席議員　12名
　1番　例示　花子君
　5番　想定　健君
午前10時開議

◯議長（見本太郎君）　これより本日の会議を開きます。
　5番想定健君。
　〔5番想定健君登壇〕

◯5番（想定健君）　みほん創生会の想定健でございます。通告に従い質問いたします。
　最初に、宿泊税についてお伺いいたします。
　受入れ環境の整備には、安定した財源が欠かせません。
　そこで、宿泊税の導入についてどのように考えるのか、知事にお伺いいたします。
　次に、橋梁の老朽化対策についてであります。
　判定区分IIIの橋梁の修繕の進み具合について、県土整備部長にお伺いいたします。
　〔知事標本大介君登壇〕

◯知事（標本大介君）　想定議員のご質問にお答えいたします。
　宿泊税についてのご質問がございました。
　導入の是非も含めて検討してまいります。
　その他のご質問につきましては、関係部長から答弁いたさせます。

◯県土整備部長（図面隆君）　橋梁の老朽化対策についてお答えいたします。
　昨年度末までに92橋で修繕に着手しております。

○副議長（別表節子さん）　暫時休憩いたします。
　　　午前11時52分休憩
"""


def spoken(structure: Structure, role: str) -> list[Section]:
    """Return the remarks of one role; of officials those with substance."""
    found = [section for section in structure.sections if section.labels.get("role") == role]
    return [section for section in found if role != "official" or "procedure" not in section.labels]


def test_a_section_is_one_remark_on_one_topic_by_one_speaker() -> None:
    structure = read(PLENARY)
    assert [(section.labels["speaker"], section.labels["topic"]) for section in spoken(structure, "member")] == [
        ("想定健", "宿泊税"),
        ("想定健", "橋梁の老朽化対策"),
    ]
    assert [(section.labels["post"], section.labels["topic"]) for section in spoken(structure, "official")] == [
        ("知事", "宿泊税"),
        ("県土整備部長", "橋梁の老朽化対策"),
    ]


def test_an_answer_carries_the_question_put_to_that_post() -> None:
    governor, director = spoken(read(PLENARY), "official")
    assert "宿泊税の導入についてどのように考えるのか、知事にお伺いいたします。" in governor.labels["question"]
    assert director.labels["question"] == "判定区分IIIの橋梁の修繕の進み具合について、県土整備部長にお伺いいたします。"


def test_the_locator_is_sitting_day_and_post() -> None:
    governor = spoken(read(PLENARY), "official")[0]
    assert governor.locator == "令和7年9月定例会 9月17日 知事"
    assert (governor.labels["sitting"], governor.labels["date"]) == ("令和7年9月定例会", "2025-09-17")


def test_stage_directions_and_speaker_lines_are_no_spoken_words() -> None:
    text = "\n".join(section.text for section in read(PLENARY).sections[1:])
    assert "登壇" not in text
    assert "◯" not in text


def test_what_the_chair_says_to_run_the_meeting_is_marked() -> None:
    assert all(section.labels["procedure"] == "yes" for section in spoken(read(PLENARY), "chair"))
    assert all("procedure" not in section.labels for section in spoken(read(PLENARY), "official"))


COMMITTEE = """
令和8年みほん県議会予算特別委員会会議録（第3号）
令和8年3月12日（木曜日）
出席委員
　委員長　別表節子
　委員　添付正樹
　委員　例示花子
説明のため出席した者
　知事　標本大介
　危機管理課長　標識勉
　道路課長　路肩進

別表委員長　ただいまから委員会を開きます。

添付委員の質疑及び答弁

添付委員　みほん創生会の添付です。最初に、避難所の冷房について伺います。来年度の予算はいくらですか。

標識危機管理課長　6億4,000万円を計上しております。これは、市町村の負担を県が補助するものでございます。

添付委員　設置率の見込みをお尋ねします。

標識危機管理課長　本年度末で38.5%でございます。

添付委員　次に、橋梁の修繕です。何橋に着手できるのかを伺います。

路肩道路課長　30橋で新たに着手する計画でございます。

例示委員の質疑及び答弁

例示委員　保育士の確保について質問します。研究の結果はどうだったのでしょうか。

標本知事　検討してまいります。
"""


def test_committee_speakers_are_found_without_circles() -> None:
    structure = read(COMMITTEE)
    officials = spoken(structure, "official")
    assert [(section.labels["speaker"], section.labels["post"]) for section in officials] == [
        ("標識勉", "危機管理課長"),
        ("標識勉", "危機管理課長"),
        ("路肩進", "道路課長"),
        ("標本大介", "知事"),
    ]
    assert officials[0].locator == "令和8年予算特別委員会 3月12日 危機管理課長"
    assert spoken(structure, "chair")[0].labels["speaker"] == "別表節子"


def test_a_follow_up_keeps_the_topic_of_the_exchange() -> None:
    officials = spoken(read(COMMITTEE), "official")
    assert [section.labels["topic"] for section in officials] == [
        "避難所の冷房",
        "避難所の冷房",
        "橋梁の修繕",
        "保育士の確保",
    ]
    assert officials[1].labels["question"] == "設置率の見込みをお尋ねします。"
    assert officials[3].path == ("例示委員の質疑及び答弁",)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("平成二十五年第二回臨時会会議録", "平成25年第2回臨時会"),
        ("令和元年第2回みほん県議会定例会会議録", "令和元年第2回定例会"),
        ("令和8年6月みほん県議会定例会会議録（第2号）", "令和8年6月定例会"),
        ("令和8年みほん県議会予算特別委員会会議録", "令和8年予算特別委員会"),
    ],
)
def test_the_sitting_is_named_as_people_do(line: str, name: str) -> None:
    assert minutes.read_sitting([line], "題名").name == name


def test_a_sitting_without_a_name_takes_the_title() -> None:
    assert minutes.read_sitting(["本日の記録"], "委員会の記録").name == "委員会の記録"


@pytest.mark.parametrize(
    "line",
    [
        "◯知事（標本大介君）　お答えいたします。",
        "○知事(標本大介君)　お答えいたします。",
        "　◯知事（標本大介君）　お答えいたします。",
        "●知事（標本大介）　お答えいたします。",
        "◯知事　標本大介君　お答えいたします。",
        "○標本知事　お答えいたします。",
        "◯２番（例示花子さん）　お答えいたします。",
        "○六十七番（架空由美君）　お答えいたします。",
    ],
)
def test_every_way_of_writing_a_speaker_line_is_found(line: str) -> None:
    structure = read(f"会議録\n{line}\n　続きです。\n◯議長（見本太郎君）　以上です。")
    roles = [section.labels["role"] for section in structure.sections if "role" in section.labels]
    assert len(roles) == 2
    assert roles[0] != "chair"


@pytest.mark.parametrize(
    "line", ["○ふるさと納税（寄附金）　制度の概要です。", "○配付資料　別添のとおりです。", "◯印は、必須の項目です。"]
)
def test_a_bullet_is_no_speaker(line: str) -> None:
    assert minutes.count_speakers(lines(line)) == 0


def lines(text: str) -> list[minutes.Line]:
    return [minutes.Line(text=line) for line in text.split("\n")]


def test_kind_and_day_are_those_of_the_sitting() -> None:
    structure = read(PLENARY)
    assert structure.kind is Kind.MINUTES
    assert structure.effective_from is not None
    assert structure.effective_from.isoformat() == "2025-09-17"
