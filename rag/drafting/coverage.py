"""Which paragraphs of a draft answer which of the questions of an item; by words and by what is asked, no model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.drafting.facets import Facet, asked, tells
from rag.japanese.dates import dates
from rag.japanese.numerals import figures
from rag.japanese.synonyms import Synonyms, load_synonyms
from rag.japanese.text import narrow, sentences
from rag.japanese.words import content_nouns

__all__ = ["coverage", "sub_questions"]

STRONG = 0.5
"""Likeness from which a paragraph answers a question besides the one for which it stands."""
LEFT = 0.05
"""Likeness of a paragraph that tells something to any question: where it stands for no other, it may answer in other words."""
NOUNS, LETTERS, FACET = 0.4, 0.45, 0.15
"""What shared nouns, shared kanji and katakana, and that it tells what is asked count for likeness."""
UNTOLD = 0.5
"""What likeness counts where no sentence tells what is asked."""
SHORT = 40
"""Characters of a closing sentence that only resolves."""
MOST = 12
"""Questions beyond which the paragraphs are dealt out one by one."""
_PARTICULAR = frozenset({Facet.ISSUES, Facet.REASON})
"""What a sentence without figure or measure may tell."""
_HARD = frozenset({Facet.TIME, Facet.REASON, Facet.STATE, Facet.MONEY, Facet.DECISION, Facet.VIEW})
"""What is asked so plainly that a paragraph must tell it."""
_LIGHT = frozenset(
    "県 本県 県内 県民 御 議員 質問 答弁 お尋ね 知事 部長 教育長 見解 所見 認識 考え 考え方 所感 思い 今後 現状 現在 状況 課題 取組 取り組み 対応 対策 方針 方向 方策 件数 推移 実績 効果 成果 評価"
    " 時期 理由 要因 原因 背景 財源 予算 費用 必要 重要 具体 的 性 等 者 数 率 年 年度 月 日 令和 平成 点 上 中 内 為 其の 此の 何 どう 如何 進め方 見通し 内容 これまで 此れ 実施 推進 事 所 次 初め 最後 一 二 三 万 億 千 円 人 件 割 %".split()
)
"""Words of every question, that tell no topic."""
_OPENS = re.compile(
    r"(?:お答え|御答弁|ご答弁)(?:を)?(?:いたし|申し上げ|し)ます|(?:お尋ね|御?質問|ご質問|御指摘|ご指摘)(?:が|を|で|の|に)[^。]{0,24}(?:ました|あります|ございます|いただき)|^[^。]{0,40}について(?:で|の|お)[^。]{0,24}$|^[^。]{0,60}(?:について)?の(?:お尋ね|御?ご?質問)[^。]{0,12}$"
)
"""A sentence that only says what is answered."""
_AHEAD = re.compile(r"今後|これから|予定|見通し|来年度以降|将来|どうして?いく|増やす|減らして")
_COMES = re.compile(
    r"まいり(?:ます|たい)|いたします|こと(?:と|に)(?:して|いたし|し)|予定|計画|目指|来年|来春|見込|たいと考え|検討|新設|今後"
)
_HEARSAY = re.compile(
    r"(?:声|意見|お話|不安|心配|要望|ご苦労|期待)(?:も|を|が|など|は)?[^。]{0,16}(?:伺って|いただいて|頂いて|頂戴|寄せられて|届いて|大き|多い)|予想されて|見られるところ|想像に難く|痛ましい"
    r"|お借りして|お越しになり|挙げてくださ|訪ね、|思いがいたし|計り知れ|申し上げます。?$"
)
"""A sentence that only tells what is heard, seen or feared."""
_MEASURE = re.compile(
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
_WANTS_VIEW = re.compile(r"見解|所見|認識|受け止め|考えを(?:伺|問|聞|お)|どう(?:見|考え)|どのように(?:見|考え)")
_HEADS = re.compile(r"^[^。]{0,40}について(?:で|お)[^。]{0,16}。?$")
"""A paragraph that only announces the next one."""
_VIEWS = re.compile(r"考え|認識|受け止め|重要|必要|べき|大切|不可欠|深刻|危機")
_LIGHT_LETTERS = frozenset(
    "県知事伺問聞答示進取組対応支援状況現今後何考見解所認識度年月日数計画推移実績行者人中内外上下的性等化策体制向手法方針具目標市町村国全員用地域活動充強確保促会議学校生業者大小本"
)
_ASKS = re.compile(
    r"(?:伺(?:う|い|わせ)|問う|問い|尋ね|聞(?:く|き|かせ)|示(?:せ|され|して)|求める|求めたい|知りたい|いかがか|どうか|ないか|のか|るか|たか|うか|すか|か[。?？]?$|見解(?:を|は)|所見(?:を|は)|如何)"
)
_FACET = (
    r"(?:(?:今後|これまで|現在|主|具体的|県|知事|教育長|本県|当面)(?:の|な))?"
    r"(?:進捗状況|利用状況|取組状況|実施状況|実施時期|開始時期|整備時期|現状認識|基本的な考え方|考え方|方向性|支援策|進め方|取組方針|基本方針|スケジュール|見通し|取組内容"
    r"|現状|実態|状況|課題|問題点|取組|取り組み|対応|対策|方針|方策|効果|成果|評価|要因|原因|理由|背景|時期|財源|予算|費用|件数|人数|推移|実績|内容|認識|見解|所見|考え|経緯|影響|体制|目標|規模|対象)"
)
_LIST = re.compile(
    rf"^(?P<topic>.+?)(?:に(?:関する|係る|おける|対する)|の|について(?:の)?、?(?:その)?)(?P<list>{_FACET}(?:(?:、|と|及び|並びに|・|や|、?また、?|、?併せて)(?:その)?{_FACET})+)(?P<rest>(?:について|に関して|を|は|に対する).*)?$"
)
_JOINED = re.compile(
    r"(?:とともに|と併せて|とあわせて|、また、?|。また、?|、併せて|、あわせて|、さらに、?|、加えて、?)"
)


def coverage(
    questions: Sequence[str], paragraphs: Sequence[str], *, synonyms: Synonyms | None = None
) -> tuple[tuple[int, ...], ...]:
    """Return for each question the indexes of the paragraphs that answer it; empty: it is left unanswered.

    A passage answers where it is on the question's topic and a sentence of it tells what is asked; that the topic is
    mentioned is no answer. `synonyms`: the packaged ones where None is given.
    """
    known = synonyms or load_synonyms(Path())
    asking = [_Asking.of(question, questions) for question in questions]
    heads = ["", *(paragraph if _HEADS.search(paragraph) else "" for paragraph in paragraphs)]
    passages = [_Passage.of(paragraph, known, head=head) for head, paragraph in zip(heads, paragraphs, strict=False)]
    likeness = [[_likeness(each, passage, passages) for passage in passages] for each in asking]
    found = [{at for at, score in enumerate(row) if score >= STRONG} for row in likeness]
    for number, at in _dealt(likeness):
        found[number].add(at)
    return tuple(tuple(sorted(each)) for each in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """A question as it is compared."""

    text: str
    facets: tuple[Facet, ...]
    is_ahead: bool
    """Whether it asks what is to come."""
    nouns: Mapping[str, float]
    """Noun → how much it tells this question from the others, 1 for one that no other has."""
    letters: Mapping[str, float]
    """The same of kanji and katakana words."""

    @classmethod
    def of(cls, question: str, questions: Sequence[str]) -> _Asking:
        return cls(
            text=question,
            facets=asked(question),
            is_ahead=_AHEAD.search(question) is not None,
            nouns=_weights(_words(question), [_words(each) for each in questions]),
            letters=_weights(_letters(question), [_letters(each) for each in questions]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passage:
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
    def of(cls, paragraph: str, synonyms: Synonyms, *, head: str) -> _Passage:
        every = [narrow(span.of(paragraph)).strip() for span in sentences(paragraph)]
        said = () if _HEADS.search(paragraph) else tuple(each for each in every if _tells_something(each))
        views = tuple(each for each in every if each not in said and _VIEWS.search(each) and not _OPENS.search(each))
        text = "".join([head, *(said or views)])
        others = [each for each in every if each not in said and not _HEARSAY.search(each) and not _OPENS.search(each)]
        around = (_words("".join(others), synonyms), _letters("".join(others)))
        rest = tuple(each for each in others if not _RESOLVE.search(each))
        return cls(
            said=said, views=views, rest=rest, nouns=_words(text, synonyms), letters=_letters(text), around=around
        )


def _tells_something(sentence: str) -> bool:
    """Tell whether a sentence gives a figure, a time or a measure, and no courtesy, hearsay or general resolve."""
    if _OPENS.search(sentence) or _HEARSAY.search(sentence) or _DULL.search(sentence):
        return False
    if any(figure.value != 1 for figure in figures(sentence)) or dates(sentence):
        return True
    if _SPEAKS_OF.match(sentence):
        return _RESOLVE.search(sentence) is None
    is_short = len(sentence) < SHORT and re.search(r"まいります。?$", sentence) is not None
    return _MEASURE.search(sentence) is not None and _RESOLVE.search(sentence) is None and not is_short


def _likeness(asking: _Asking, passage: _Passage, passages: Sequence[_Passage]) -> float:
    """Return how much a passage seems to answer a question, 0 to 1; 0 where it does not tell what is asked."""
    wants_view = asking.facets == (Facet.VIEW,) or _WANTS_VIEW.search(asking.text) is not None
    telling = passage.said + (passage.views if wants_view else ())
    if asking.facets[0] in _PARTICULAR:
        telling += tuple(sentence for sentence in passage.rest if tells(asking.facets[0], sentence))
    if not telling:
        return 0.0
    told = any(tells(asking.facets[0], sentence) for sentence in telling)
    if asking.facets[0] is Facet.PLAN:
        told = told or any(map(_MEASURE.search, telling))
    if (asking.facets[0] in _HARD and not told) or (asking.is_ahead and not any(map(_COMES.search, telling))):
        return 0.0
    nouns = _weighed(asking.nouns, (passage.nouns, passage.around[0]), [each.nouns for each in passages])
    letters = _weighed(asking.letters, (passage.letters, passage.around[1]), [each.letters for each in passages])
    return LEFT + (NOUNS * nouns + LETTERS * letters) * (1.0 if told else UNTOLD) + FACET * told * (nouns + letters > 0)


def _dealt(likeness: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return pairs of question and paragraph, each at most once, that together are most alike."""
    best: dict[int, tuple[float, list[tuple[int, int]]]] = {0: (0.0, [])}
    for at in range(len(likeness[0]) if likeness else 0):
        after = dict(best)
        for taken, (score, pairs) in best.items():
            for number in range(min(len(likeness), MOST)):
                gained = score + likeness[number][at]
                key = taken | 1 << number
                if not taken >> number & 1 and likeness[number][at] > 0 and gained > after.get(key, (-1.0, []))[0]:
                    after[key] = (gained, [*pairs, (number, at)])
        best = after
    return max(best.values(), key=lambda each: each[0])[1]


def sub_questions(text: str) -> list[str]:
    """Return what the text of an item asks, each as a question of its own; the whole text where it asks nothing."""
    found: list[str] = []
    for sentence in (span.of(text).strip() for span in sentences(text)):
        for part in (each.lstrip("、 ") for each in _JOINED.split(sentence)):
            if part and (_ASKS.search(part) or _LIST.match(part.rstrip("。"))):
                found.extend(_of_list(part))
    return found or [text.strip()]


def _of_list(part: str) -> list[str]:
    listed = _LIST.match(part.rstrip("。"))
    if listed is None:
        return [part.strip()]
    return [f"{listed['topic']}の{facet}" for facet in re.findall(_FACET, listed["list"])]


def _words(text: str, synonyms: Synonyms | None = None) -> frozenset[str]:
    """Return the nouns that tell what a text is about, with the official words for what it says in everyday ones."""
    official = [word for words in synonyms.find(text).values() for word in words] if synonyms else []
    return frozenset(word for word in content_nouns(" ".join([text, *official])) if not word.isdigit()) - _LIGHT


def _letters(text: str) -> frozenset[str]:
    """Return the kanji of a text, and the pairs of its katakana: other words for a thing often share one (藻場, 海藻)."""
    text = narrow(text)
    katakana = [run[at : at + 3] for run in re.findall(r"[ァ-ヶー]{3,}", text) for at in range(len(run) - 2)]
    return frozenset([*re.findall(r"[一-龥]", text), *katakana]) - _LIGHT_LETTERS


def _weights(own: frozenset[str], every: Sequence[frozenset[str]]) -> dict[str, float]:
    return {each: 1 / max(1, sum(each in other for other in every)) for each in own}


def _weighed(
    weights: Mapping[str, float], held: tuple[frozenset[str], frozenset[str]], every: Sequence[frozenset[str]]
) -> float:
    """Return the weighed share that is held, half for what only stands around it; what many passages hold tells less."""
    common = {each: weight / (1 + sum(each in other for other in every)) ** 0.5 for each, weight in weights.items()}
    total = sum(common.values())
    near, around = held
    found = sum(
        weight * (1.0 if each in near else 0.5) for each, weight in common.items() if each in near or each in around
    )
    return found / total if total else 0.0
