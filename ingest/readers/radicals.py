"""CJK radical code points that PDF files hold in place of the ideograph (⽇ for 日).

NFKC knows the Kangxi block (U+2F00–2FD5) and three of the supplement; the rest of the supplement follows Unicode's
EquivalentUnifiedIdeograph property, as far as Japanese text uses it. No other character is changed.
"""

from __future__ import annotations

import unicodedata

_RADICALS = (
    "⺁⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺨⺩⺪⺫⺬⺭⺮⺯⺱⺲"
    "⺳⺷⺹⺺⺼⺽⺾⺿⻀⻁⻂⻃⻄⻆⻇⻊⻌⻍⻎⻏⻑⻒⻕⻖⻗⻘⻝⻞⻟⻠⻡⻣⻤⻨⻩⻫⻭⻯⻱⻲"
)
_IDEOGRAPHS = (
    "厂亻冂几刀刂卜㔾小小兀巳幺彑彐忄心扌攵旡日月歺民氵氺灬爫爫丬犭王疋目示礻竹糹罒罒"
    "网羊耂肀月臼艹艹艹虎衤覀西角角足辶辶辶阝長镸阜阝雨青食飠飠饣首骨鬼麦黄斉歯竜龜亀"
)
_KANGXI = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in (*range(0x2F00, 0x2FD6), 0x2E9F, 0x2EF3)}
_TABLE = str.maketrans(dict(zip(_RADICALS, _IDEOGRAPHS, strict=True)) | _KANGXI)


def fold_radicals(text: str) -> str:
    """Replace radical code points by their ideographs."""
    return text.translate(_TABLE)
