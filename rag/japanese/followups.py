"""A question that leans on the one before it (その場合は？, 様式は？) read as one that stands alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.japanese.text import narrow
from rag.japanese.words import content_nouns

REMEMBERED = 5
"""Questions before, of which the last may lean on the one before it, and so on."""
LONGEST = 40
"""Characters of a question that may lean on the one before it; a longer one, and one of words set side by side, stands alone."""
FEW = 2
"""Nouns of a question that names no subject, at most."""
LONGEST_CASE = 18
"""Characters of a case: 会計年度任用職員の場合は？ is one, a longer text says itself what it asks."""
ATTRIBUTES = frozenset(
    "様式 書式 書類 期限 締め切り 手続き 手続 方法 やり方 流れ 金額 額 上限 下限 単価 根拠 条文 規程 規定 担当 担当課 窓口 提出先 届け出先 連絡先 理由 対象"
    " 対象者 要件 条件 例外 期間 日数 回数 人数 割合 率 決裁 決裁権者 承認 添付 届け出 届出 申請 請求 精算 提出 必要 施行 日 時期 先 者 書 課 的 権 票 簿 何 幾ら 円 回 人 時間 月 年 番号 号 条 項 第 雛形 記入例 見本 記載例 起算日 起算 其れ".split()
)
"""Nouns that name something of the thing spoken of, not another thing."""
_OPENING = re.compile(
    r"^(?:それでは|では|じゃあ|それじゃ|それなら|ちなみに|また|あと|ほかに|他に|さらに|なお|逆に|一方|そして|で)[、,\s]*(?=.)"
)
_POINTING = re.compile(
    r"(?:その|この|同じ|上記の|前述の|先ほどの|さっきの)(?:場合|とき|時|件|手続き?|人|者|もの|制度|こと|際)?(?:には|では|は|に|の|も|を|で)?[、,]?"
    r"|(?:それ|これ|そちら|こちら|そこ)(?:には|では|は|に|の|も|を|で|について)?[、,]?"
)
_POINTS = re.compile(
    r"(?:それ(?!ぞれ|以外|以上|以下|以後|以前|に伴)|その(?!他|ほか|都度|つど|うち|まま|後|日|旨)"
    r"|これ(?!から|まで|ら)|同じく|上記の|前述の|先ほどの|さっきの|そちら|そこ)"
)
_CASE = re.compile(
    r"(?:の場合|場合|のとき|とき|なら|だと|だったら|では|の人|でも)(?:には?|は|も)?(?:どう(?:ですか|なりますか|でしょうか)?)?[?。\s]*$"
)
"""Ends a question that only names another case: 県外の場合は？"""
_BARE_TOPIC = re.compile(
    r"^(?P<topic>[^、。?]{1,24}?)(?:は|も|って|についても?は?)(?:どう(?:ですか|なりますか|でしょうか)?)?[?。\s]*$"
)
"""A question without a predicate: 様式は？"""
_ASKING_ALONE = re.compile(
    r"^(?:いくら|いつ|どこ|だれ|誰|どの|どう|なぜ|なんで|何(?:日|回|人|円|時間|か月|が|を|で)?|必要|可能|できます|よいです|いいです)"
)
_MORE = re.compile(
    r"^(?:もっと|もう少し)?(?:詳しく|くわしく|具体的に)(?:教えて(?:ください)?|は|説明して(?:ください)?)?[?。]?$"
)
_CLAUSE = re.compile("[をがに]|(?<![一-龥])[るたい](?=[一-龥])")
"""Belongs to a clause: 公印を省略できる文書は？ names all that it asks for."""
_CONDITION = re.compile(
    r"^[^、。]{1,18}?(?:だったら|たら|なら|だと|の?場合(?:には|は|にも|も)?|の?とき(?:には|は|にも|も)?)[、,]?"
)
_ARGUMENT = re.compile(r"([^、。はがを]+?)(?:は|が|を|って|について|に(?!も)|で(?!も|す))")
_ENDS_ASKING = re.compile(
    r"(?:か|の|い|たい|る|たら|ば|ます|です|だめ|大丈夫|構わない|決裁|誰|いつ|どこ|いくら)[?。]*$"
)
_LAST_TOPIC = re.compile(r"^(.*)は(?=[^は]*$)")


def standing_alone(text: str, earlier: Sequence[str]) -> str:
    """Return a question with what it takes from those before it, the last one last; as it is where it takes nothing."""
    if not earlier:
        return text
    flat = narrow(text).strip()
    body = _OPENING.sub("", flat)
    if len(body) > LONGEST or " " in body:
        return text
    is_opened, points = body != flat, _POINTS.match(body) is not None
    before = earlier[-REMEMBERED:]
    previous = standing_alone(before[-1], before[:-1])
    if points or _MORE.match(body):
        rest = _POINTING.sub("", _MORE.sub("", body), count=1).strip()
        return f"{_topic(previous)}について、{rest}" if rest.strip("?。、 はも") else previous
    if (found := _CASE.search(body)) and found.start() <= LONGEST_CASE and "、" not in body:
        return f"{body.rstrip('?。 ')}、{narrow(previous).strip()}"
    if (found := _BARE_TOPIC.match(body)) and not _CLAUSE.search(found["topic"]):
        nouns = content_nouns(found["topic"])
        if nouns and nouns <= ATTRIBUTES:
            return f"{_topic(previous)}について、{found['topic']}は何ですか。"
        predicate = narrow(previous).rpartition("は")[2].strip() if "は" in previous else ""
        return f"{found['topic']}は{predicate}" if predicate and nouns else text
    if _lacks_subject(body, is_opened=is_opened):
        return f"{_topic(previous)}について、{body}"
    return text


def _lacks_subject(body: str, *, is_opened: bool) -> bool:
    """Tell whether a question asks something of a thing that it does not name: 割り勘なら構いませんか, ひな形はありますか."""
    nouns = content_nouns(body)
    if nouns <= ATTRIBUTES:
        return is_opened or bool(nouns) or _ASKING_ALONE.match(body) is not None
    rest = _CONDITION.sub("", body)
    if _ENDS_ASKING.search(rest) is None:
        return False
    named = [found[1] for found in _ARGUMENT.finditer(rest)]
    return len(nouns) <= FEW and not any(content_nouns(each) - ATTRIBUTES for each in named)


def _topic(question: str) -> str:
    """Return what a question is about: what stands before its last は, else all of it without its ending."""
    flat = narrow(question).strip()
    found = _LAST_TOPIC.match(flat)
    topic = found[1] if found else re.sub(r"(?:を|について|に関して)?(?:教えて|知りたい|説明して).*$|[?。]+$", "", flat)
    topic = topic.rstrip("、 ")
    return f"{topic[:-1]}こと" if topic.endswith("の") else topic
