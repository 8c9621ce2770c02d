"""Faults in what is said: look-alike terms, posts and persons, absolute words, claims of the writer's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import permutations
from random import Random

from tests.bench.faithful import Draft
from tests.bench.fault import Fault, rewritten

TERMS: Sequence[Sequence[str]] = [
    line.split()
    for line in """
    旅費 日当 食卓料
    宿泊費 宿泊手当 転居費
    宿泊料 宿泊費
    鉄道賃 船賃 航空賃
    概算払 前金払 部分払
    住居手当 通勤手当 扶養手当
    期末手当 勤勉手当
    時間外勤務 休日勤務 宿日直勤務
    年次有給休暇 特別休暇 病気休暇
    介護休暇 育児休業
    夏季休暇 看護等休暇
    休暇 休業
    週休日 休日
    停職 減給 戒告
    一般競争入札 指名競争入札
    随意契約 一般競争入札
    予定価格 最低制限価格
    契約書 見積書 納品書
    請求書 見積書
    契約保証金 入札保証金
    条例 規則
    省令 政令
    許可 認可
    承認 許可
    届出 申請
    公印 印鑑
    起案 供覧
    収受 発送
    原本 写し
    書面 口頭
    公用車 自家用車
    保有個人情報 特定個人情報
    仮名加工情報 匿名加工情報
    要配慮個人情報 個人関連情報
    開示 訂正
    利用停止 訂正
    外部の生成AI 庁内の生成AI
    特許権 実用新案権 意匠権
    特許出願 意匠登録出願
    専用実施権 通常実施権
    拒絶 登録
    審判 訴訟
    使用者 労働者
    労働時間 休憩時間
    賃金 退職金
    解雇 配置転換
    罰金 科料
    懲役 禁錮
    拘禁刑 拘留
    製錬 加工
    貯蔵 廃棄
    発電 送電
    発電用原子炉 試験研究用等原子炉
    小売電気事業 発電事業
    一般送配電事業者 発電事業者
    電気通信事業者 小売電気事業者
    個人情報取扱事業者 行政機関等
    都道府県 市町村
    安全管理者 衛生管理者
    出願人 審査官
    取締役 監査役
    """.splitlines()
    if line.strip()
]
"""Terms that look alike and are not the same thing, a family a line."""
POSTS: Sequence[Sequence[str]] = [
    line.split()
    for line in """
    知事 副知事 教育長
    部長 課長 係長
    総務部長 企画部長 会計局長 健康福祉部長 県土整備部長
    人事課長 財政課長 管財課長 契約用度課長 法務文書課長 給与旅費課長 デジタル推進課長
    会計管理者 出納員 監査委員
    旅行命令権者 支出命令者
    情報セキュリティ責任者 統括情報セキュリティ責任者
    服務管理者 文書管理責任者 保護管理者
    安全運転管理者 整備管理者
    契約担当者 検査員
    経済産業大臣 総務大臣 厚生労働大臣 国土交通大臣
    内閣総理大臣 内閣官房長官
    特許庁長官 文化庁長官
    原子力規制委員会 原子力委員会 公正取引委員会
    個人情報保護委員会 公正取引委員会
    労働基準監督署長 都道府県労働局長
    審判長 審査官
    町長 教育委員会
    行政官庁 地方裁判所
    裁判所 検察官
    """.splitlines()
    if line.strip()
]
"""Posts and bodies that could do the same and are not the same, a family a line."""
SPEAKERS = ("標本大介", "目録京子", "付箋誠", "索引明", "概要恵子", "参照浩", "図面隆", "黒板智子")
_LEAD = re.compile(r"[^、]*第[0-9]+条(?:の[0-9]+)*(?:第[0-9]+項)?によ(?:り|ると)、")
"""Names the clause, and so the rule: no place for a term of the clause."""
_ABSOLUTE = ("必ず", "例外なく", "いかなる場合も", "すべて")
_ALREADY = re.compile(r"必ず|例外なく|いかなる|すべて|全て|常に|一切|例外はな")
_TOPIC_END = re.compile(r"[^、（）()「」]{2,40}?(?:は|には|については|においては)、")
_HAS_LIMIT = re.compile(
    r"を除き、|やむを得ない|原則として|おおむね|に限り|特別の(?:事情|理由|定め)|を除くほか|に支障の?ない"
)
CLAIMS: Sequence[tuple[str, Sequence[str]]] = (
    ("違反した職員は懲戒処分の対象となります", ("懲戒",)),
    ("手数料として1件につき300円がかかります", ("手数料", "300円")),
    ("オンラインでの提出は受け付けられません", ("オンライン",)),
    ("この取扱いは翌年度末で廃止される予定です", ("廃止",)),
    ("様式は広報課の窓口で受け取れます", ("広報",)),
    ("期限を過ぎた分も1か月までは受け付けられます", ("受け付け", "1か月")),
    ("家族の同意書を添えることが条件です", ("家族", "同意書")),
    ("過去5年分までさかのぼって適用されます", ("さかのぼ", "遡", "5年")),
    ("近隣の県でも同じ取扱いです", ("近隣", "他県")),
    ("判断に迷うときは副市長が決めます", ("副市長",)),
    ("英語の書類には翻訳を付けなければなりません", ("英語", "翻訳")),
    ("費用の半額は国が補助します", ("補助", "半額")),
    ("毎年9月に説明会が開かれます", ("説明会",)),
    ("平均して2週間ほどで結果が通知されます", ("2週間", "平均")),
    ("担当者が不在のときは電話で足ります", ("電話", "不在")),
    ("退職した後も3年間は同じ義務を負います", ("退職", "3年間")),
)
"""Claims that would be news in any clause, each with words of which none may stand in what is cited."""


def look_alike(draft: Draft, rng: Random) -> Fault | None:
    """Swap a term for one that looks like it and does not stand in what is cited."""
    options = list(_swaps(draft, TERMS))
    return rewritten(draft, rng.choice(options)) if options else None


def post(draft: Draft, rng: Random) -> Fault | None:
    """Let another post or body do it."""
    options = list(_swaps(draft, POSTS))
    return rewritten(draft, rng.choice(options)) if options else None


def person(draft: Draft, rng: Random) -> Fault | None:
    """Let another person have said it."""
    speaker = draft.statement.chunk.labels.get("speaker", "")
    text = draft.sentence.text
    others = [each for each in SPEAKERS if each != speaker and not draft.ground.says(each)]
    if not speaker or f"（{speaker}）" not in text or not others:
        return None
    other = rng.choice(others)
    return rewritten(draft, (text.replace(speaker, other), f"{speaker} → {other}"))


def _swaps(draft: Draft, families: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    text = draft.sentence.text
    lead = _LEAD.match(text)
    head, text = (lead[0], text[lead.end() :]) if lead else ("", text)
    for family in families:
        for said, other in permutations(family, 2):
            if draft.ground.says(other) or (other in said and draft.ground.says(said)):
                continue
            # 総務部長 is no 部長, 旅費請求書 no 旅費; a term that begins a longer one would make another word of it.
            told = re.sub(rf"(?<![一-龠ァ-ヶ々A-Z「]){said}(?![一-龠ァ-ヶー々])", other, text)
            if told != text:
                yield head + told, f"{said} → {other}"


def absolute(draft: Draft, rng: Random) -> Fault | None:
    """Leave no exception where the passage has one: 必ず, いかなる場合も."""
    text = draft.sentence.text
    if _ALREADY.search(draft.ground.text) or not (draft.statement.excepted or _HAS_LIMIT.search(text)):
        return None
    word = rng.choice(_ABSOLUTE)
    for limit in ("原則として、", "原則として", "おおむね"):
        if limit in text:
            return rewritten(draft, (text.replace(limit, f"{word}、"), f"{limit} → {word}"))
    topic = _TOPIC_END.match(text)
    if not draft.statement.excepted or topic is None:
        return None
    told = f"{text[: topic.end()]}{word}、{text[topic.end() :]}"
    return rewritten(draft, (told, f"＋{word}（ただし書あり）"))


def claim(draft: Draft, rng: Random) -> Fault | None:
    """Append a claim of which the cited passage says nothing."""
    text = draft.sentence.text
    said, words = rng.choice(CLAIMS)
    if any(draft.ground.says(word) for word in words) or draft.statement.is_remark:
        return None
    joined = f"{text.removesuffix('。')}{'が' if text.endswith(('ます。', 'です。', 'ません。')) else 'とされており'}、{said}。"
    apart = f"{text}なお、{said}。"
    return rewritten(draft, (rng.choice((joined, apart)), f"＋{said}"))
