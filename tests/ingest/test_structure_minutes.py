import pytest

from ingest.structure import minutes
from ingest.structure.lines import lines_of
from ingest.structure.minute_speakers import Speaker, presiding
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
        ("令和六年度みほん県議会決算特別委員会会議録", "令和6年度決算特別委員会"),
        ("令和6年度第2回総務委員会会議録", "令和6年度第2回総務委員会"),
        ("令和6年度第2回みほん県議会定例会会議録", "令和6年第2回定例会"),
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
        "○（架空由美君）　お答えいたします。",
    ],
)
def test_every_way_of_writing_a_speaker_line_is_found(line: str) -> None:
    structure = read(f"会議録\n{line}\n　続きです。\n◯議長（見本太郎君）　以上です。")
    roles = [section.labels["role"] for section in structure.sections if "role" in section.labels]
    assert len(roles) == 2
    assert roles[0] != "chair"


@pytest.mark.parametrize(
    "line",
    [
        "○ふるさと納税（寄附金）　制度の概要です。",
        "○配付資料　別添のとおりです。",
        "◯印は、必須の項目です。",
        "○（案）　制度の概要です。",
    ],
)
def test_a_bullet_is_no_speaker(line: str) -> None:
    assert minutes.count_speakers(lines(line)) == 0


def lines(text: str) -> list[minutes.Line]:
    return [minutes.Line(text=line) for line in text.split("\n")]


TURNS = [
    ("chair", "議長", "標木一郎"),
    ("member", "議員", "見本一郎"),
    ("official", "総務部長", "例示二郎"),
    ("member", "議員", "見本一郎"),
]
"""Who speaks in each of LAYOUTS."""
LAYOUTS = {
    "search system of a city": """
○議長（標木一郎議員）　これより会議を開きます。
◆12番（見本一郎議員）　防犯灯の数を伺います。
　設置の基準もお示しください。
◎総務部長（例示二郎）　120基でございます。
◆12番（見本一郎議員）　増やすべきではありませんか。""",
    "turns that are numbered": """
1: ○議長（標木一郎議員）　これより会議を開きます。
2: ◆12番（見本一郎議員）　防犯灯の数を伺います。
3: ◎総務部長（例示二郎）　120基でございます。
4: ◆12番（見本一郎議員）　増やすべきではありませんか。""",
    "post and name apart": """
○議長　標木一郎君　これより会議を開きます。
○１２番　見本一郎議員　防犯灯の数を伺います。
○総務部長　例示二郎　120基でございます。
○12番　見本　一郎議員　増やすべきではありませんか。""",
    "no space behind the brackets": """
〇議長（標木一郎君）これより会議を開きます。
〇十二番（見本一郎君）防犯灯の数を伺います。
〇総務部長　（例示二郎君）　120基でございます。
〇十二番（見本一郎君）増やすべきではありませんか。""",
    "no circles": """
議長（標木一郎君）　これより会議を開きます。
12番（見本一郎君）　防犯灯の数を伺います。
総務部長（例示二郎君）　120基でございます。
12番（見本一郎君）　増やすべきではありませんか。""",
    "a draft that names members alone": """
議長　標木一郎君　　総務部長　例示　二郎君
○標木一郎君　これより会議を開きます。
○見本一郎君　防犯灯の数を伺います。
○例示二郎君　120基でございます。
○見本一郎君　増やすべきではありませんか。""",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_speakers_of_an_assembly_are_found_in_every_layout(layout: str) -> None:
    structure = read(f"会議録\n出席議員　12番　見本一郎君\n{LAYOUTS[layout].strip()}")
    sections = [section.labels for section in structure.sections if "role" in section.labels]
    assert [(labels["role"], labels["post"], labels["speaker"]) for labels in sections] == TURNS
    assert [labels.get("seat", "") for labels in sections] == ["", "12", "", "12"]


COMMITTEES = {
    "circles": "○想田委員長　{}\n○架川委員　{}\n○雛形道路課長　{}\n○架川委員　{}",
    "full names": "〇想田　秋子委員長　{}\n〇架川　茂委員　{}\n〇雛形　哲道路課長　{}\n〇架川　茂委員　{}",
    "no circles": "想田委員長　{}\n架川委員　{}\n雛形道路課長　{}\n架川委員　{}",
    "brackets": "（想田委員長）　{}\n（架川委員）　{}\n（雛形道路課長）　{}\n（架川委員）　{}",
    "square brackets": "［想田委員長］　{}\n［架川委員］　{}\n［雛形道路課長］　{}\n［架川委員］　{}",
    "closing brackets": "想田委員長）{}\n架川委員）{}\n雛形道路課長）{}\n架川委員）{}",
}


@pytest.mark.parametrize("layout", COMMITTEES)
def test_speakers_of_a_committee_are_found_in_every_layout(layout: str) -> None:
    words = ("ただいまから委員会を開きます。", "舗装の計画を伺います。", "30橋で着手いたします。", "分かりました。")
    structure = read("建設委員会会議録\n" + COMMITTEES[layout].format(*words))
    sections = [section for section in structure.sections if "role" in section.labels]
    assert [section.text for section in sections] == list(words)
    assert [(section.labels["role"], section.labels["post"]) for section in sections] == [
        ("chair", "委員長"),
        ("member", "委員"),
        ("official", "道路課長"),
        ("member", "委員"),
    ]
    names = [section.labels["speaker"] for section in sections]
    assert [name[:2] for name in names] == ["想田", "架川", "雛形", "架川"]


@pytest.mark.parametrize(
    "line",
    [
        "　建設部長　範本　武　　道路課長　雛形　哲　　道路課主幹　模川　実",
        "　道　路　課　長　　　雛形　哲君",
        "道路課長雛形哲君",
        "説明員　道路課長　雛形　　哲",
    ],
)
def test_the_head_gives_the_full_name_of_an_official(line: str) -> None:
    structure = read(f"会議録\n{line}\n○想田委員長　説明を求めます。\n○雛形道路課長　30橋で着手いたします。")
    (official,) = spoken(structure, "official")
    assert (official.labels["post"], official.labels["speaker"]) == ("道路課長", "雛形哲")


def test_an_official_of_whom_only_the_post_is_printed_has_no_other_name() -> None:
    structure = read(
        "会議録\n委員長　説明を求めます。\n財政課長　百六十七億円の増でございます。\n例沢農林部長　減っております。"
    )
    assert [(section.labels["post"], section.labels["speaker"]) for section in spoken(structure, "official")] == [
        ("財政課長", "財政課長"),
        ("農林部長", "例沢"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        "総務部長　の所管でございまして、毎年見直しております。",
        "出席委員　　委員長　　　想田　一樹",
        "　　　　　　委員　　　　見本　康平　　範田　ちづる　　模木　敬",
        "各部長　次のとおり報告がありました。",
        "（休憩　午前11時52分～午後1時1分）",
        "〔架川委員退席〕",
        "（副委員長、委員長席に着く）",
        "○出席委員（6名）",
        "○委員長報告　別紙のとおりです。",
    ],
)
def test_lists_directions_and_broken_sentences_are_no_speakers(lines: str) -> None:
    structure = read(
        f"会議録\n委員長　ただいまから委員会を開きます。\n架川委員　数を伺います。\n{lines}\n架川委員　どうですか。"
    )
    assert [section.labels["post"] for section in structure.sections if "post" in section.labels][:2] == [
        "委員長",
        "委員",
    ]
    assert {section.labels["speaker"] for section in structure.sections if "role" in section.labels} == {
        "委員長",
        "架川",
    }


def test_a_line_that_a_program_broke_before_a_post_is_no_speaker() -> None:
    speech = [
        "架川委員　道路の補修について、これまでの経過を踏まえてお尋ねをいたしますが、去年の夏に",
        "総務部長　名で出された通知によりますと、補修の要望は自治会を通すこととされておりまして、",
        "その手続に平均で四十日を要しているとのことです。これを縮める考えはありませんか。",
    ]
    structure = read("会議録\n委員長　ただいまから委員会を開きます。\n" + "\n".join(speech * 4))
    assert {section.labels["role"] for section in structure.sections if "role" in section.labels} == {"chair", "member"}


def test_a_row_of_a_table_is_no_speaker_and_tells_the_groups() -> None:
    rows = (("順位", "氏名", "会派名", "件名"), ("1", "想定　健議員", "みほん創生会", "宿泊税"))
    blocks = (
        Block(text="会議録"),
        Block(text="\n".join(" | ".join(row) for row in rows), rows=rows),
        Block(text="○議長（標木一郎君）　これより会議を開きます。"),
        Block(text="○5番（想定健君）　宿泊税について伺います。"),
        Block(text="○知事（標本大介君） | お答えいたします。", rows=(("○知事（標本大介君）", "お答えいたします。"),)),
        Block(text="○議長（標木一郎君）　以上で終わります。"),
    )
    structure = minutes.recognise(Document(path="会議録/第2号.docx", title="会議録", blocks=blocks))
    assert not spoken(structure, "official")
    assert spoken(structure, "member")[0].labels["party"] == "みほん創生会"


@pytest.mark.parametrize(
    ("words", "party"),
    [
        ("みほん創生会の想定健でございます。宿泊税について伺います。", "みほん創生会"),
        ("おはようございます。5番、県民クラブの想定です。宿泊税について伺います。", "県民クラブ"),
        ("私は、公明党を代表して質問いたします。宿泊税について伺います。", "公明党"),
        ("会派を代表して質問いたします。宿泊税について伺います。", None),
        ("県民を代表して伺います。宿泊税についてです。", None),
        ("5番の想定健でございます。宿泊税について伺います。", None),
        ("本日最後の想定健でございます。宿泊税について伺います。", None),
        ("先ほどは、市民クラブの例示花子議員が質問されました。", None),
    ],
)
def test_a_group_is_named_only_where_the_member_says_it(words: str, party: str | None) -> None:
    structure = read(
        f"会議録\n○議長（標木一郎君）　これより会議を開きます。\n○5番（想定健君）　{words}\n○5番（想定健君）　以上です。"
    )
    assert [section.labels.get("party") for section in spoken(structure, "member")] == [party, party]


def test_the_head_names_the_group_behind_the_member() -> None:
    structure = read(
        "会議録\n　3番　例示　花子（無所属）　　5番　想定　健（みほん創生会）\n○議長（標木一郎君）　会議を開きます。\n○5番（想定健君）　伺います。"
    )
    assert spoken(structure, "member")[0].labels["party"] == "みほん創生会"


def test_contradicting_groups_name_none() -> None:
    structure = read(
        "会議録\n　5番　想定　健（無所属）\n○議長（標木一郎君）　開きます。\n○5番（想定健君）　公明党を代表して質問いたします。"
    )
    assert "party" not in spoken(structure, "member")[0].labels


def test_heads_of_committees_report_as_members_where_the_assembly_sits() -> None:
    structure = read(
        "会議録\n○議長（標木一郎君）　委員長の報告を求めます。\n○総務委員長（見本花子君）　基金の残高を危ぶむ意見がございました。"
        "\n○議長（標木一郎君）　以上で終わります。\n○教育委員会委員長（例示実君）　教室の数を調べてまいります。"
        "\n○代表監査委員（標本健君）　決算を審査いたしました。"
    )
    assert [section.labels["post"] for section in spoken(structure, "member")] == ["総務委員長"]
    assert [section.labels["post"] for section in spoken(structure, "official")] == ["教育委員会委員長", "代表監査委員"]


@pytest.mark.parametrize(("speeches", "roles"), [(1, ["member", "chair"]), (2, ["chair", "chair", "chair"])])
def test_the_chair_of_the_assembly_presides_unless_those_of_committees_speak_more_often(
    speeches: int, roles: list[str]
) -> None:
    committee = Speaker(name="想田", post="総務委員長", role="chair", called="総務委員長")
    assembly = Speaker(name="標木", post="議長", role="chair", called="議長")
    assert [each.role for each in presiding([*[committee] * speeches, assembly])] == roles


@pytest.mark.parametrize(
    ("who", "role"),
    [
        ("土木事務所主査", "official"),
        ("県立病院主査", "official"),
        ("デジタル推進担当主査", "official"),
        ("教育委員会主査", "official"),
        ("商工会議所会長", "official"),
        ("自治会長", "official"),
        ("架空主査", "official"),
        ("主査", "chair"),
        ("想田主査", "chair"),
        ("標木会長", "chair"),
        ("第二分科会主査", "chair"),
        ("会長", "chair"),
        ("副会長", "chair"),
        ("都市計画審議会会長", "chair"),
        ("審議会長", "chair"),
        ("専門部会会長", "chair"),
    ],
)
def test_a_rank_presides_alone_behind_a_surname_of_the_roster_or_a_body_that_meets(who: str, role: str) -> None:
    structure = read(f"会議録\n　委員　想田　実\n　3番　標木　花子君\n○架川委員　伺います。\n○{who}　お答えします。")
    assert [each.labels["role"] for each in structure.sections if "role" in each.labels] == ["member", role]


def test_a_dialogue_with_an_office_below_a_department_has_its_pair() -> None:
    structure = read("会議録\n○架川委員　舗装は何か所ありますか。\n○土木事務所主査　舗装は30か所でございます。")
    assert [each.labels["question"] for each in spoken(structure, "official")] == ["舗装は何か所ありますか。"]


def test_speakers_are_found_in_the_text_of_pages() -> None:
    page = "○議長（標木一郎君）　これより会議を開きます。\n○5番（想定健君）　宿泊税の導入について、県の考え方を\n伺います。"
    blocks = (
        Block(text="会議録", page=1),
        Block(text=page, page=1),
        Block(text="○知事（標本大介君）　検討いたします。", page=2),
    )
    structure = minutes.recognise(Document(path="会議録/第2号.pdf", title="会議録", blocks=blocks))
    assert [(section.labels["role"], section.page) for section in structure.sections if "role" in section.labels] == [
        ("chair", 1),
        ("member", 1),
        ("official", 2),
    ]


def test_a_chair_who_speaks_on_a_matter_is_cut_from_the_running_of_the_meeting() -> None:
    structure = read(
        "会議録\n○想田委員長　再開いたします。\n補足しますと、先月の視察では、焼却炉の残りの使用年数が八年であるとの説明を受けたところでございます。"
        "\nこれより採決いたします。\n○架川委員　賛成します。\n○想田委員長　以上で終わります。"
    )
    assert [section.labels.get("procedure") for section in spoken(structure, "chair")] == ["yes", None, "yes", "yes"]


def test_a_line_knows_where_it_stands_in_a_text_file() -> None:
    made = lines_of((Block(text="会議録", line=1), Block(text="出席議員", line=3), Block(text="別紙", page=2)))
    assert [line.line for line in made] == [1, 3, None]


def test_kind_and_day_are_those_of_the_sitting() -> None:
    structure = read(PLENARY)
    assert structure.kind is Kind.MINUTES
    assert structure.effective_from is not None
    assert structure.effective_from.isoformat() == "2025-09-17"
