"""How strongly a spoken sentence commits: the ladder of phrases that an office approved, read from a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rag.errors import SettingsError
from rag.japanese.text import narrow, sentences

__all__ = ["FILE_NAME", "LEVELS", "Ladder", "Reading", "load_ladder"]

PACKAGED = Path(__file__).with_name("ladder.txt")
FILE_NAME = "phrase_ladder.txt"
"""An office's own file in its home: the levels that it gives take the place of the packaged ones."""
LEVELS = {
    0: "約束なし",
    1: "取り組む",
    2: "努める",
    3: "検討",
    4: "動向を注視",
    5: "研究",
    6: "時期尚早",
    7: "実施しない",
}
"""What each level is called on screen."""
CONSIDERS = (3, 4, 5)
"""Levels of those who think about it: what they do now (検討しております) is what they commit to."""
REFUSES = (6, 7)

_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_KANJI = (
    ("参り", "まいり"),
    ("参る", "まいる"),
    ("致", "いた"),
    ("頂", "いただ"),
    ("下さ", "くださ"),
    ("出来", "でき"),
)
_NO = re.compile(r"(?:ござい|あり|おり|い)ません|(?<=て)(?:いない|おらず|いません)|ではなく")
_HAVE_TO = re.compile(
    r"なけれ?ば(?:ならない|なりません|なるまい|いけない)|なくては(?:ならない|なりません)|ざるを[得え](?:ない|ません)"
)
_TWICE = re.compile(
    r"ない(?:という)?(?:わけ|もの|こと|つもり)で?は(?:ない)|ないとは(?:言え|限ら)ない|否定(?:する|している)?もの(?:で)?は?ない"
)
"""Two negations: nothing is refused."""
_THINKS = re.compile(
    r"(?:もの|ところ|こと)?(?:だ|である|の?ではないか)?(?:と(?:も|は)?(?:考え|思っ?|存じ|思料し|認識し|受け止め|判断し|理解し|承知し)(?:て(?:お|い)?|た)?(?:り|い)?(?:ます|る)?"
    r"|か?と(?:考え|思い|存じ)ます|と(?:い|言)うべき|と言わべき|という(?:認識|考え|思い|立場|状況)|と考えるところ)(?:ところ|次第|もの)?"
    r"(?:で(?:す|あります|ございます|ある))?$"
)
"""と考えております at the end, which turns nothing round."""
_IS = re.compile(r"(?:の|もの|ところ|次第|わけ)?(?:で(?:す|あります|ございます|ある|あり)|だ)$")
_NOUNS = r"予定|方針|所存|考え|必要|重要|課題|段階|余地|状況|決意|覚悟|計画|事項|対象|意向|大切|不可欠|申し上|中|存|思|所|事|要|時間|至|無|整理"
_NOT_NOW = re.compile(r"現時点|現段階|(?:今|現在)の(?:段階|時点|ところ)|現状|現下|直ちに|今すぐ|すぐに|当面|当分")
_HARD = re.compile(r"困難|難し|適[当切]|妥当|でき|得ない|無理|不可能")
_TAIL = rf"(?:[ぁ-ん]|{_NOUNS})*"
"""What may follow the last predicate: endings, and nouns that carry it (する予定, する所存)."""
_LIGHT = (
    r"進め|行|努め|続け|深め|加速|重ね|着手|入|始め|開始|実施|継続|急|図|取り組|取りかか|取り掛か|努力|当た|尽く|要|必要|取り進め"
    r"|求め|推進|充実|強化|掘り下げ|本格化|具体化|払|注|尽力|傾け|加え"
)
"""Verbs that say nothing of their own behind what is considered (検討を進める)."""
_CARRIED = rf"(?:[・や][^、をが]{{1,10}})?(?:の[^をに、]{{1,8}})?(?:を|に|が|も|に(?:ついて|向けて?))(?:[^、]{{0,12}}を(?:持|も)って)?[^をが、]{{0,24}}?(?:{_LIGHT})"
_NO_PREDICATE = (
    r"(?!会議?(?:[をのにで]|$)|委員|結果|状況|の結果|チーム|組織|体制|部会|本部|所|者|開発|機関|施設|成果|内容)"
)
"""What makes a noun of the word before it (検討会, 研究者)."""
_PAST = re.compile(r"(?:まし|でし|[^、]{2}[たしいきりっんえけせてねべめれげ])た$|んだ$")
_NOW = re.compile(
    r"(?<!こととし)(?<!予定し)(?<!計画し)(?<!ことにし)(?<!方針とし)[てで](?:い|お)(?:る|り|ります|ます)?$|中$"
)
_OTHERS_WILL = re.compile(
    r"(?:^|、)(?:国|政府|[^、]{0,6}省|[^、]{0,6}庁|各?市町村?|他県|事業者)(?:に?は|では|においては|においても|が|も|としては)、(?!.*(?:本県|県として|県では|本市|市として))"
)
"""A sentence about what somebody else is going to do."""
_OTHERS = re.compile(
    r"(?:国|政府|省|庁|他県|市町村|各市町|関係者|有識者|審議会|委員会)(?:において|におきまして|では|でも|が|で)(?:も|は)?[^、]{0,6}、?[^、]{0,8}(?:検討|議論|協議|研究|審議)"
    r"|られて(?:い|お)"
)
"""Who else considers it."""
_BEGUN = re.compile(r"着手|開始|始め|入っ")
_INTENDS = re.compile(
    r"(?:まいり|いき|ゆき)(?:ます|たい)$|(?:まいる|ていく|でいく)$|[しりちいきぎみびえけげせてねべめれ]たい$|こと(?:と|に)(?:し|いたし|な)[^、]{0,8}$"
    r"|(?:する|行う|[るうくすつむぶぐの])(?:予定|方針|所存|決意|覚悟|計画|考え)(?:[でとにし][^、]{0,8})?$"
)
_ACTS = re.compile(
    r"(?<![らさかわなまたばが]れ)(?<!あり)(?<!ござい)(?<!おり)(?<!てい)(?<!でき)(?<!なり)(?<!思い)(?<!言え)ます$"
)
_WISH = re.compile(r"(?:まいり|いき|ゆき)たい$")
_PLAIN_VERB = re.compile(r"[るうくすむぐぶつ]$")
_NOT = re.compile(r"ない[ぁ-おき-ん]{0,6}$|ません$")
_IS_NOT = re.compile(r"[てで]ない$|[らさかわなまたばが]れ(?:ない|ません)$")
"""What is not so, and nothing that is refused."""
_VAGUE = re.compile(
    r"^(?:適切|的確|柔軟|必要に応じて?|適宜|しっかり|きちんと|適時)[^、]{0,12}(?:対応|対処|判断)し?" + _TAIL + "$"
)
"""What is said so loosely that the clause before it tells the stance (動向を注視し、適切に対応してまいります)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A sentence with the level on which it stands."""

    level: int
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """The wordings of each level, 1 (strongest) to 7, and those that commit to nothing (0)."""

    wordings: Mapping[int, tuple[str, ...]]

    def level(self, sentence: str) -> int:
        """Return the level of the last predicate, 1 to 7; 0 where the sentence commits to nothing.

        Of several sentences the last one that commits counts. An act that is announced in words of no level is on level 1.
        """
        return next((each.level for each in reversed(self.readings(sentence)) if each.level), 0)

    def strongest(self, text: str) -> int:
        """Return the strongest level of the sentences of a text, 1 being the strongest; 0 where none commits."""
        return min((each.level for each in self.readings(text) if each.level), default=0)

    def readings(self, text: str) -> tuple[Reading, ...]:
        """Return each sentence with its level, in order."""
        said = [span.of(text).strip() for span in sentences(text)]
        return tuple(Reading(level=self._level(sentence), sentence=sentence) for sentence in said)

    def _level(self, sentence: str) -> int:
        clauses = [clause for clause in _plain(sentence).split("、") if clause]
        if not clauses or _OTHERS_WILL.search("、".join(clauses)):
            return 0
        if _VAGUE.match(clauses[-1]) and len(clauses) > 1:
            before = max(self._clause(re.sub(r"(?:しながら|しつつ|し|の上|した上で)$", "する", clauses[-2])), 0)
            if before in CONSIDERS:
                return before
        return self._clause(clauses[-1], whole="、".join(clauses))

    def _clause(self, clause: str, whole: str = "") -> int:
        if _TWICE.search(clause):
            return 3
        core, whole = _core(clause), _core(whole or clause)
        if refused := self._find((0, *REFUSES), core, whole):
            return 6 if refused == 7 and _NOT_NOW.search(whole) and _HARD.search(core) else refused
        found = self._find((0, 1, 2, *CONSIDERS), core, core)
        if found == 0:
            return 0
        if found in CONSIDERS:
            return _considered(found, core, whole)
        if _NOT.search(core):
            return 0 if _IS_NOT.search(core) else 7
        if not _announces(core, is_thought=_THINKS.search(clause) is not None, named=bool(found)):
            return 0
        return 2 if _WISH.search(core) else found or 1

    def _find(self, levels: tuple[int, ...], core: str, text: str) -> int | None:
        """Return the level of the longest wording that is the last predicate; None where none is."""
        best, longest = None, 0
        for level in levels:
            for pattern in self._patterns[level]:
                for found in pattern.finditer(text if level in REFUSES else core):
                    if len(found[0]) > longest:
                        best, longest = level, len(found[0])
        return best

    @cached_property
    def _patterns(self) -> Mapping[int, tuple[re.Pattern[str], ...]]:
        return {level: tuple(_pattern(level, wording) for wording in found) for level, found in self.wordings.items()}


def load_ladder(home: Path) -> Ladder:
    """Return the packaged ladder with the levels that the home's own file gives instead; raises SettingsError naming the line."""
    wordings = dict[int, tuple[str, ...]].fromkeys(LEVELS, ()) | _read(PACKAGED)
    own = home / FILE_NAME
    return Ladder(wordings=wordings | _read(own) if own.is_file() else wordings)


def _read(path: Path) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    for level, wordings in _entries(path):
        found.setdefault(level, []).extend(wordings)
    return {level: tuple(wordings) for level, wordings in found.items()}


def _entries(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: 段階表のファイルを読めません。UTF-8で保存し直してください。") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        level, separator, wordings = narrow(line).partition("=")
        kept = [wording.strip() for wording in wordings.split("|") if wording.strip()]
        if not separator or level.strip() not in map(str, LEVELS) or not kept:
            raise SettingsError(
                f"{path}: {number}行目を読めません。「3 = 検討 | 議論を深め」のように、0から7の段階と言い回しを書いてください。"
            )
        yield int(level), kept


def _pattern(level: int, wording: str) -> re.Pattern[str]:
    """Compile a wording as the last predicate of a clause: only endings follow it."""
    words = "[^、]{0,12}?".join(re.escape(_fold(part)) for part in wording.split("*"))
    if level in REFUSES:
        words = words.replace("[^、]{0,12}?", ".{0,24}?")
    if level in (2, *CONSIDERS):
        words += rf"{_NO_PREDICATE}(?:{_CARRIED})?"
    return re.compile(rf"{words}{_TAIL}$")


def _plain(sentence: str) -> str:
    """Return a sentence without brackets, marks and courtesies, every negation written ない."""
    text = _BRACKETS.sub("", _fold(sentence)).strip("。.!?！？」』")
    text = re.sub(
        r"(?<=[すんたりい])(?:ので|けれども|が)、[^、]*(?:(?:理解|了承|了解|協力)[^。]*(?:願|賜|存じ|ください|いただ)|よろしく|お願い)[^。]*$",
        "",
        text,
    )
    text = re.sub(r"(?:^|、)(?:何とぞ|なにとぞ|どうか)[^。]*$", "", text) or text
    return re.sub(r"、(?:この|その)ように(?=考え|思)", "と", text).replace("を、", "を")


def _considered(level: int, core: str, whole: str) -> int:
    """Return the level of a clause that considers: what is not considered is refused, what was or what others consider is told."""
    if _NOT.search(core):
        return 7
    told = _PAST.search(core) and not _BEGUN.search(core)
    return 0 if told or (_NOW.search(core) and _OTHERS.search(whole)) else level


def _announces(core: str, *, is_thought: bool, named: bool) -> bool:
    """Tell whether a clause says what will be done: not what was done, is being done or is so."""
    if _INTENDS.search(core):
        return True
    if _PAST.search(core) or (_NOW.search(core) and "目指し" not in core[-10:]):
        return False
    return _ACTS.search(core) is not None or (named and not is_thought and _PLAIN_VERB.search(core) is not None)


def _core(clause: str) -> str:
    """Return a clause without と考えております and ところでございます at its end."""
    core = _THINKS.sub("", clause)
    return _IS.sub("", core) or core


def _fold(text: str) -> str:
    folded = "".join(narrow(text).split())
    for written, spoken in _KANJI:
        folded = folded.replace(written, spoken)
    folded = folded.replace("いたしません", "しない")
    return _HAVE_TO.sub("べき", _NO.sub("ない", folded))
