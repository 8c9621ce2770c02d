"""The paragraphs of a draft as they are compared with questions: only what tells something of its own counts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.japanese.dates import dates
from rag.japanese.numerals import figures
from rag.japanese.synonyms import Synonyms
from rag.japanese.text import narrow, sentences
from rag.japanese.words import content_nouns

__all__ = ["COMES", "HEADS", "MEASURE", "Passage", "letters", "words"]

SHORT = 40
"""Characters of a closing sentence that only resolves."""
_LIGHT = frozenset(
    "県 本県 県内 県民 御 議員 質問 答弁 お尋ね 知事 部長 教育長 見解 所見 認識 考え 考え方 所感 思い 今後 現状 現在 状況 課題 取組 取り組み 対応 対策 方針 方向 方策 件数 推移 実績 効果 成果 評価"
    " 時期 理由 要因 原因 背景 財源 予算 費用 必要 重要 具体 的 性 等 者 数 率 年 年度 月 日 令和 平成 点 上 中 内 為 其の 此の 何 どう 如何 進め方 見通し 内容 これまで 此れ 実施 推進 事 所 次 初め 最後 一 二 三 万 億 千 円 人 件 割 %".split()
)
"""Words of every question, that tell no topic."""
_OPENS = re.compile(
    r"(?:お答え|御答弁|ご答弁)(?:を)?(?:いたし|申し上げ|し)ます|(?:お尋ね|御?質問|ご質問|御指摘|ご指摘)(?:が|を|で|の|に)[^。]{0,24}(?:ました|あります|ございます|いただき)|^[^。]{0,40}について(?:で|の|お)[^。]{0,24}$|^[^。]{0,60}(?:について)?の(?:お尋ね|御?ご?質問)[^。]{0,12}$"
)
"""A sentence that only says what is answered."""
COMES = re.compile(
    r"まいり(?:ます|たい)|いたします|こと(?:と|に)(?:して|いたし|し)|予定|計画|目指|来年|来春|見込|たいと考え|検討|新設|今後"
)
_HEARSAY = re.compile(
    r"(?:声|意見|お話|不安|心配|要望|ご苦労|期待)(?:も|を|が|など|は)?[^。]{0,16}(?:伺って|いただいて|頂いて|頂戴|寄せられて|届いて|大き|多い)|予想されて|見られるところ|想像に難く|痛ましい"
    r"|お借りして|お越しになり|挙げてくださ|訪ね、|思いがいたし|計り知れ|申し上げます。?$"
)
"""A sentence that only tells what is heard, seen or feared."""
MEASURE = re.compile(
    r"(?:設け|助成|補助|配置|整備|作成|策定|実施|始め|配(?:っ|り|布)|提供|導入|公表|開催|開い|開き|開放|指定|派遣|支援|行って|行い|行う|働き?掛け|協議|議論|調べ|見直|改め|拡充|引き上げ|広げ|取り入れ|備え|促し|促す"
    r"|求めて|公募|募集|講習|研修|登録|委ね|充て|加え|移行|紹介|配信|定めて|お諮り|上乗せ|助言|対応)[^。]{0,30}(?:ます|ました|たところ|ところでございます|予定でございます|おります|考え(?:で|て)[^。]*)。?$"
)
_DULL = re.compile(
    r"(?:重要|大切|肝要|不可欠|急務|必要|課題)で(?:ある(?:と(?:考え|認識し)て(?:おり|い)ます)|ございます|あります)。?$|(?:欠かせ|少なくあり)ません。?$|限りがございました"
    r"|^[^0-9]*と(?:承知|認識)しております。?$|実情(?:でございます|です)"
)
"""A sentence that ends in what goes without saying."""
_SPEAKS_OF = re.compile(r"[^、。]{2,40}(?:につきまして|に対しまして|について)は、")
_RESOLVE = re.compile(
    r"^(?:今後とも|引き続き|これからも|こうした|これらの)[^。]{0,70}(?:まいります|いたします)。?$|(?:守り抜|寄り添|力を尽く|全力|総合的な対策|実現(?:を|に)(?:目指|努)|できる(?:限り|よう)[^。]{0,20}(?:努め|取り組)|関係(?:機関|団体)[^。]{0,6}と(?:も)?連携|丁寧にご?説明|十分配慮|しっかりと(?:後押し|取り組))"
    r"|(?:づくり|社会|県政|取組|対策|振興|共生|充実|管理|導入|利用|活用|防止|体制|確保|維持)(?:に|を|の推進に)?(?:取り組|努め|目指し|進め)[^。]*まいります。?$"
)
"""A sentence that only resolves to do well."""
_CLOSES = re.compile(r"(?:取り組んで|努めて|目指して|支えて|力を尽くして|進めて)まいります。?$")
HEADS = re.compile(r"^[^。]{0,40}について(?:で|お)[^。]{0,16}。?$")
"""A paragraph that only announces the next one."""
_VIEWS = re.compile(
    r"(?:考え|認識|受け止め|思|存じ)[^。]{0,16}。?$|(?:重要|必要|大切|不可欠|深刻|危機|べき)[^。、]{0,6}(?:です|ございます|あります|おります)。?$"
)
_LIGHT_LETTERS = frozenset(
    "県知事伺問聞答示進取組対応支援状況現今後何考見解所認識度年月日数計画推移実績行者人中内外上下的性等化策体制向手法方針具目標市町村国全員用地域活動充強確保促会議学校生業者大小本"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph as it is compared: only its sentences that tell something of their own."""

    said: tuple[str, ...]
    views: tuple[str, ...]
    """Sentences that tell a view and no more."""
    rest: tuple[str, ...]
    """Its other sentences, without announcements, hearsay and resolves."""
    nouns: frozenset[str]
    """Of what it says, of its views and of the heading before it."""
    letters: frozenset[str]
    around: tuple[frozenset[str], frozenset[str]]
    """Nouns and letters of its other sentences, which say what the former are about."""

    @classmethod
    def of(cls, paragraph: str, synonyms: Synonyms, *, head: str) -> Passage:
        """Read a paragraph; `head`: the one before it, where that only announces it, else empty."""
        every = [narrow(span.of(paragraph)).strip() for span in sentences(paragraph)]
        said = () if HEADS.search(paragraph) else tuple(each for each in every if _tells_something(each))
        views = tuple(each for each in every if each not in said and _VIEWS.search(each) and not _OPENS.search(each))
        text = "".join([head, *(said or views)])
        others = [each for each in every if each not in said and not _HEARSAY.search(each) and not _OPENS.search(each)]
        around = (words("".join(others), synonyms), letters("".join(others)))
        rest = tuple(each for each in others if not _RESOLVE.search(each) and not _CLOSES.search(each))
        return cls(said=said, views=views, rest=rest, nouns=words(text, synonyms), letters=letters(text), around=around)


def _tells_something(sentence: str) -> bool:
    """Tell whether a sentence gives a figure, a time or a measure, and no courtesy, hearsay or general resolve."""
    if _OPENS.search(sentence) or _HEARSAY.search(sentence) or _DULL.search(sentence):
        return False
    if any(figure.value != 1 for figure in figures(sentence)) or dates(sentence):
        return True
    if _SPEAKS_OF.match(sentence):
        return _RESOLVE.search(sentence) is None
    is_short = len(sentence) < SHORT and re.search(r"まいります。?$", sentence) is not None
    return MEASURE.search(sentence) is not None and _RESOLVE.search(sentence) is None and not is_short


def words(text: str, synonyms: Synonyms | None = None) -> frozenset[str]:
    """Return the nouns that tell what a text is about, with the official words for what it says in everyday ones."""
    official = [word for words in synonyms.find(text).values() for word in words] if synonyms else []
    return frozenset(word for word in content_nouns(" ".join([text, *official])) if not word.isdigit()) - _LIGHT


def letters(text: str) -> frozenset[str]:
    """Return the kanji of a text, their pairs, and threes of its katakana: other words for a thing often share some (藻場, 海藻)."""
    text = narrow(text)
    katakana = [run[at : at + 3] for run in re.findall(r"[ァ-ヶー]{3,}", text) for at in range(len(run) - 2)]
    pairs = [run[at : at + 2] for run in re.findall(r"[一-龥]{2,}", text) for at in range(len(run) - 1)]
    kept = [pair for pair in pairs if not set(pair) <= _LIGHT_LETTERS]
    return frozenset([*re.findall(r"[一-龥]", text), *kept, *katakana]) - _LIGHT_LETTERS
