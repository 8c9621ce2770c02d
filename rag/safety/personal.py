"""Tell a question about one person's private matters from a question about the rules on such matters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.japanese.text import normalise

_PERSON = (
    r"(?:私|わたし|僕|自分|本人|同僚|部下|上司|あの人|彼|彼女|隣の席の人|前任者|後任者|申請者|職員番号\s*[a-z]?[0-9]+"
    r"|[一-龥々ァ-ヶー]{1,6}(?:さん|氏|君|様|課長|係長|部長|主査|主事|主任|議員|委員|知事))"
)
_MATTER = (
    r"(?:人事評価|勤務評定|評価結果|評価|成績|処分歴|懲戒処分|処分|病歴|病名|既往歴|診断名|診断結果|障害の(?:有無|程度|等級)|休職の?理由|休んでいる理由"
    r"|自宅の?住所|住所|自宅|電話番号|携帯番号|携帯|メールアドレス|生年月日|年齢|給与額|給与明細|給料|年収|月収|ボーナス|口座番号|口座|個人番号|マイナンバー"
    r"|家族構成|家族|配偶者|離婚歴|学歴|犯罪歴|前科|国籍|宗教|支持政党|思想|借金|滞納|異動先|退職理由|有給の?残(?:日数|り)?|年休の?残(?:日数|り)?)"
)
_ASKING = r"(?:教え|知りた|調べ|見せ|一覧|出して|何|なに|いくつ|いくら|どこ|どう|いつ|誰|ある|ですか|でしょうか|ますか|[?。]?$)"
_RULES = r"手続|届|申請|変更|変わ|様式|基準|制度|規程|規則|条例|根拠|方法|取扱い|扱い|開示|訂正|請求|提出|しなければ|してよい|してもよい|必要ですか|できます|もらえ|支給|使え|使って"
_PRIVATE = re.compile(rf"{_PERSON}の(?:[^。?]{{0,12}}の)?{_MATTER}[^。?]{{0,20}}?{_ASKING}")
_NAMED = re.compile(_PERSON)
_ABOUT_RULES = re.compile(_RULES)


def is_personal(question: str, earlier: Sequence[str] = ()) -> bool:
    """Tell whether the question asks for private facts of a person (evaluation, discipline, health, address, pay).

    `earlier` are the questions on which it leans: whom they name last is whom it is about.
    """
    named = [found[0] for each in earlier for found in _NAMED.finditer(normalise(each))]
    return _asks_for_private(question) or (bool(named) and _asks_for_private(f"{named[-1]}の{question}"))


def _asks_for_private(question: str) -> bool:
    plain = normalise(question)
    found = _PRIVATE.search(plain)
    return found is not None and _ABOUT_RULES.search(plain) is None
