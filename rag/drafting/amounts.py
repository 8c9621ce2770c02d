"""The amounts of a sentence, dates and idioms aside, and the unit that a question asks for."""

from __future__ import annotations

import re

from rag.japanese.text import narrow

__all__ = ["has_amount", "has_asked_unit"]

_NUMBER = (
    r"(?:[0-9][0-9,.]*(?:[百千]?[万億兆](?:[0-9][0-9,.]*)?)*[百千]?|[一二三四五六七八九十百千〇][一二三四五六七八九十百千万億〇・.]*)"
    r"(?:余り|余|あまり)?(?:の|つの)?"
)
_UNITS = (
    "人|名|件|校|戸|世帯|頭|台|基|棟|か所|箇所|ヶ所|カ所|社|者|両|団体|施設|市|町|村|区|回|本|床|ha|ヘクタール|km|キロ|トン|TEU|時間|日|年|か月|円|割|%|パーセント"
    "|ポイント|点|番|位|倍|機|隻|路線|園|室|教室|橋|冊|枚|組|種|品目|地区|地点|事業所|店|組織|クラブ|部|羽|人泊|立方|平方|メートル|リットル|ナノ|ミリ|分|度|便|法人|自治体|議席"
)
_AMOUNT = re.compile(
    rf"[0-9]|[一二三四五六七八九十百千〇][一二三四五六七八九十百千万億〇・.]+|[二三四五六七八九]つの|{_NUMBER}(?:延べ)?(?:{_UNITS}|以上|余|でありま|まで|から|に)"
)
_NONE = re.compile(
    r"半数|全て|ゼロ|皆無|ありません|おりません|(?:は|も|が)ございません|全(?:校|戸|施設|市町|市|町|村|園|学年|学校|職員|社|路線|地区)"
)
"""What says how many without a number."""
_NO_AMOUNT = re.compile(
    r"(?:令和|平成|昭和)(?:元|[0-9一二三四五六七八九十]+)年度?(?:[0-9一二三四五六七八九十]+月)?(?:[0-9一二三四五六七八九十]+日)?"
    r"|[0-9一二三四五六七八九〇十]+年度?(?:[0-9一二三四五六七八九十]+月)?|[0-9一二三四五六七八九十]+月(?:[0-9一二三四五六七八九十]+日)?"
    r"|第[0-9一二三四五六七八九十]+|一人一人|一人ひとり|一つひとつ|一体|一層|一部|一定|一丸|一方|一般|統一|一つ|唯一|一環|一貫|一日も|一時"
)
_LONGEST_UNIT = 10
_COUNTED = re.compile(rf"何(か所|ヶ所|カ所|[一-龥ァ-ヶー%]{{1,{_LONGEST_UNIT}}})")
_ALIKE = {
    "人": "人|名",
    "名": "人|名",
    "戸": "戸|棟|世帯",
    "頭": "頭|匹",
    "台": "台|基",
    "か所": "か所|箇所|カ所|ヶ所|地点|地区",
    "ヶ所": "か所|箇所|カ所|ヶ所|地点|地区",
    "カ所": "か所|箇所|カ所|ヶ所|地点|地区",
    "箇所": "か所|箇所|カ所|ヶ所|地点|地区",
    "社": "社|者",
    "施設": "施設|か所",
    "市町": "市|町|団体",
    "割": "割|%|パーセント|分の",
    "%": "割|%|パーセント",
    "パーセント": "割|%|パーセント",
    "路線": "路線|便|系統",
    "番": "番|位|に次ぐ|最も",
    "位": "番|位|に次ぐ|最も",
    "市町村": "市|町|村|団体",
    "自治体": "自治体|市|町|村|区|県|団体",
    "回": "回|件|度",
    "ヘクタール": "ヘクタール|ha",
    "メートル": "メートル|m(?![A-Za-z0-9])|km",
    "キロ": "キロ|km|kg",
    "キロメートル": "キロ|km",
    "平方メートル": "平方メートル|m2|㎡",
    "平方キロメートル": "平方キロ|km2",
    "立方メートル": "立方メートル|m3|㎥",
    "トン": "トン|t(?![A-Za-z])",
    "キロワット": "キロワット|kW(?!h)",
    "キロワット時": "キロワット時|kWh|メガワット時|MWh|ギガワット時|GWh",
    "リットル": "リットル|L(?![A-Za-z])",
    "件": "件|店|社|か所|人|名|施設",
}
"""A unit that is asked for → the units in which it may be told."""
_LASTS = re.compile(r"何年(?:間|も|か)")
_YEARS = re.compile(r"[0-9一二三四五六七八九十]+年")
_IS_NO_UNIT = frozenset("年月日度百千万億兆")
_HOW_MUCH = re.compile("いくら|幾ら")
_MONEY = re.compile(r"経費|費|額|財源|予算|負担|値段|料")
_MONEY_AT_END = re.compile(r"(?:額|費|費用|経費|財源|予算|単価)(?:は|を|と|、|$|及)")
_RATE_AT_END = re.compile(r"(?:[^倍効能確]率|割合|比率)(?:は|を|の|が|と|、|につ|$)")
_AT_END = 16
"""Characters at the end of a question in which the noun stands whose amount is asked."""
_RATE = "割|%|パーセント|分の|倍|ポイント|半数|割合"


def has_amount(sentence: str) -> bool:
    """Tell whether a narrowed sentence gives an amount; a year, a day and 一体 are none."""
    return _AMOUNT.search(_NO_AMOUNT.sub("", sentence)) is not None


def has_asked_unit(sentence: str, question: str) -> bool:
    """Tell whether a narrowed sentence gives an amount in the unit that a question asks for; any, where it asks for none."""
    if _LASTS.search(question) and _YEARS.search(sentence):
        return True
    unit = _unit_of(narrow(question).rstrip("。?？ "))
    if unit is None:
        return has_amount(sentence)
    rest = _NO_AMOUNT.sub("", sentence)
    return re.search(f"{_NUMBER}(?:延べ)?(?:{unit})", rest) is not None or _NONE.search(rest) is not None


def _unit_of(question: str) -> str | None:
    """Return the units in which a question may be answered, as a pattern; None: it names none."""
    if found := _COUNTED.search(question):
        for length in range(_LONGEST_UNIT, 0, -1):
            if (named := found[1][:length]) in _ALIKE:
                return _ALIKE[named]
        if found[1][0] not in _IS_NO_UNIT:
            return re.escape(found[1][0])
    if "金額" in question or (_HOW_MUCH.search(question) and _MONEY.search(question)):
        return "円"
    end = re.split("[。、]", question)[-1][-_AT_END:]
    if _RATE_AT_END.search(end):
        return _RATE
    return "円" if _MONEY_AT_END.search(end) else None
