"""The words of the screen 質問."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ui.words.page import place

TITLE = "質問"
LEAD = "庁内の規程・会議録・FAQから、原文と照らして確かめた答えだけをお見せします。1回に1つずつ質問してください。"
PROMPT = "知りたいことを1文で書いてください"
AS_OF = "確認時点（いつの規定で答えるか）"
PAST_DAY = "今日ではない日の規定で答えます。"
NEW = "新しい質問"
HISTORY = "これまでの質問"
HISTORY_SEARCH = "質問や答えの語でさがす"
HISTORY_CHOOSE = "開くやり取り"
HISTORY_OPEN = "このやり取りを開く"
HISTORY_NONE = "あてはまるやり取りはありません。"
EXAMPLES = "たとえば、こんなときに"
EXAMPLE_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "出張するとき",
        (
            "自家用車で出張したときの車賃は1キロメートルいくらですか。",
            "宿泊手当は1夜いくらですか。",
            "旅費の精算はいつまでにしますか。",
        ),
    ),
    (
        "休むとき",
        (
            "夏季休暇はいつまでに取ればよいですか。",
            "病気休暇に診断書は必要ですか。",
            "年次休暇は翌年に繰り越せますか。",
        ),
    ),
    (
        "買うとき",
        (
            "物品の購入で随意契約にできるのはいくらまでですか。",
            "見積書は何者から取る必要がありますか。",
            "物品の検査は何日以内にしますか。",
        ),
    ),
    (
        "契約するとき",
        (
            "契約書を省略できるのはどんなときですか。",
            "契約保証金が免除されるのはどんな場合ですか。",
            "入札の公告は何日前までに行いますか。",
        ),
    ),
    (
        "議会の前",
        (
            "宿泊税について知事はどう答弁しましたか。",
            "避難所の冷房の今後の目標はどう答弁していますか。",
            "生成AIの利用について総務部長はどう答弁しましたか。",
        ),
    ),
)
SEARCHING = "文書をさがしています…"
CHECKING = "次の資料を読み、原文と照らして確かめています…"
ASKED = "あなたの質問"
ANSWER = "こたえ"
RETRY = "もう一度質問する"
KEPT = "質問は残してあります。"
WAITING = "前の質問に答え終わったら、この質問に答えます。"
NOT_NOW = "いまは、この答えを表示できません。"
TOO_LONG_TEXT = "書いた質問（写して直せます）"
STOPPED = "答えが出る前に止まりました。"
WITHHELD = "この答えの資料は、いまは閲覧できません（取り下げられたか、閲覧範囲が変わりました）。答えは表示しません。"
SOURCES = "出典（番号を押すと、原文が横に開きます）"
NEAREST = "近い文書（番号を押すと開きます）"
CONTACT = "お尋ね先"
INQUIRY = "問い合わせ文（写して使えます）"
CHOICES = "次のどれに近いですか（番号を押すと、その質問に答えます）"
NO_OFFICE = "所管課は分かりませんでした。"


def rebuilding(writer: str) -> str:
    """Return what is said while there is no index to search."""
    who = f"（{writer}）" if writer else ""
    return f"検索の索引を作り直しているところです{who}。終わってから「{RETRY}」を押してください。"


def not_kept(reason: str) -> str:
    """Return what is said where question and answer could not be kept."""
    return f"質問と答えを記録できませんでした。この画面を閉じるまでは、ここで読めます（{reason}）"


def older(rest: int) -> str:
    """Return the label of the button that draws more of a conversation."""
    return f"前のやり取りも見る（あと{rest}件）"


def open_source(number: int) -> str:
    """Return the label of the button that opens a citation."""
    return f"［{number}］原文"


def open_nearest(number: int) -> str:
    """Return the label of the button that opens one of the nearest documents."""
    return f"（{number}）開く"


def choose(number: int) -> str:
    """Return the label of the button that asks one of the questions that may have been meant."""
    return f"（{number}）質問する"


def era(day: date) -> str:
    """Return a day with its era, as offices write it."""
    names = ((date(2019, 5, 1), "令和", 2018), (date(1989, 1, 8), "平成", 1988), (date(1926, 12, 25), "昭和", 1925))
    for start, name, before in names:
        if day >= start:
            year = day.year - before
            return f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    return f"{day.year}年{day.month}月{day.day}日"


def conversation(day: str, question: str, count: int) -> str:
    """Return an earlier conversation as one line."""
    more = f"（ほか{count - 1}問）" if count > 1 else ""
    return f"{day} {question}{more}"


def writer(model: str) -> str:
    """Return who wrote an answer, as a person says it."""
    return "引用だけ（言語モデルなし）" if model == "extractive" else model


def meta(as_of: str, model: str, seconds: float) -> str:
    """Return what stands under an answer."""
    return f"確認時点 {as_of}・作成方法 {model}・{seconds:.1f}秒"


def inquiry(question: str, office: str, extension: str, as_of: date, nearest: Sequence[tuple[str, str]]) -> str:
    """Return a text that can be sent to the office as it is."""
    phone = f"（内線 {extension}）" if extension else ""
    lines = [
        f"{office} 御中{phone}",
        "",
        "次のことについて、庁内の文書では確かめられなかったため、お尋ねします。",
        "",
        f"　質問　　　　　{question}",
        f"　いつの規定か　{era(as_of)}時点",
    ]
    if nearest:
        lines.append(f"　確かめた文書　{'、'.join(place(title, locator) for title, locator in nearest)}")
    return "\n".join([*lines, "", "根拠となる規程名と条番号も、あわせて教えてください。"])
