"""Rule documents made from a seed: as many articles as a measurement needs, no two of them worded alike."""

from __future__ import annotations

from random import Random

OFFICES = (
    "総務課", "人事課", "給与旅費課", "財政課", "会計課", "管財課", "文書課", "情報政策課", "防災課", "福祉保健課",
    "環境保全課", "農政課", "林務課", "水産課", "観光振興課", "土木管理課", "河川課", "道路維持課", "都市計画課", "教育総務課",
)  # fmt: skip
MATTERS = (
    "出張命令", "宿泊費", "通勤経路", "物品の貸付け", "公印の使用", "文書の保存", "会議室の利用", "公用車の運転", "時間外勤務",
    "在宅勤務", "研修の受講", "講師の謝金", "補助金の交付", "契約の変更", "検査の立会い", "備品の廃棄", "鍵の保管", "記録媒体の持出し",
    "個人情報の開示", "広報紙の配布", "寄附の受納", "施設の点検", "樹木の伐採", "工事の監督", "測量の委託", "水質の検査", "家畜の防疫",
    "漁具の修繕", "避難所の開設", "備蓄食料の更新", "児童の送迎", "給食の調理", "図書の貸出し", "体育館の開放", "展示の撤去", "苗木の配布",
)  # fmt: skip
PERSONS = ("職員", "申請者", "受託者", "所属長", "管理責任者", "使用者", "受講者", "委員", "指導員", "会計年度任用職員")
DEEDS = (
    "書面により届け出なければならない", "台帳に記載するものとする", "承認を受けなければならない", "写しを添えて提出するものとする",
    "遅滞なく報告しなければならない", "その理由を付して申し出ることができる", "経費の一部を負担するものとする",
    "必要な措置を講じなければならない", "他人に譲り渡してはならない", "あらかじめ協議するものとする",
    "実績を点検し、結果を公表するものとする", "返納を命ずることができる",
)  # fmt: skip
REASONS = (
    "災害その他やむを得ない事由があるとき", "公務の運営に支障があるとき", "費用が予定額を超えるとき", "期間の途中で退職したとき",
    "虚偽の記載があったとき", "設備が故障したとき", "本人の申出があったとき", "法令の改正により必要が生じたとき", "参加者が定員に満たないとき",
    "天候の急変が見込まれるとき", "感染症の拡大が認められるとき", "隣接する自治体から要請があったとき",
)  # fmt: skip
THINGS = (
    "領収書", "見積書", "点検表", "誓約書", "位置図", "名簿", "日誌", "写真", "仕様書", "委任状", "計画書", "収支決算書", "受領証", "確認票",
)  # fmt: skip
PURPOSES = (
    "適正な執行",
    "事務の効率化",
    "安全の確保",
    "透明性の向上",
    "経費の節減",
    "県民の利便の増進",
    "資源の循環",
    "地域の活性化",
)


def make_rule(seed: object, *, articles: int) -> str:
    """Write a rule with this many articles; equal seeds give equal words, on every machine."""
    random = Random(f"{seed}")
    matter = random.choice(MATTERS)
    title = f"みほん県{matter}に関する{random.choice(('規程', '要綱', '要領', '規則'))}（第{random.randrange(1, 100_000)}号）"
    lines = [title, ""]
    for number in range(1, articles + 1):
        about = random.choice(MATTERS)
        lines.append(f"（{about}の{random.choice(('手続', '基準', '期限', '範囲', '記録', '特例', '費用', '責任'))}）")
        lines.append(f"第{number}条　{_sentence(random, about)}")
        lines += [f"{at}　{_sentence(random, about)}" for at in range(2, random.choice((2, 3, 3, 4)))]
    return "\n".join(lines) + "\n"


def _sentence(random: Random, about: str) -> str:
    person, deed, reason = random.choice(PERSONS), random.choice(DEEDS), random.choice(REASONS)
    first, second = random.sample(THINGS, 2)
    office, days, amount = random.choice(OFFICES), random.randrange(2, 400), random.randrange(3, 9_000) * 100
    return random.choice(
        (
            f"{person}は、{reason}は、{about}について{days}日以内に{first}を{office}に{deed}。",
            f"{about}に要する費用が{amount}円を超える場合において、{person}は、{first}及び{second}を添えて{office}の長に{deed}。",
            f"{office}は、{random.choice(PURPOSES)}のため、{about}に係る{first}を{days}日間保存し、{reason}は{deed}。",
            f"前項の規定にかかわらず、{reason}は、{person}は{about}の{second}を省略し、{amount}円を限度として{deed}。",
            f"{about}の期間は{days}日とする。ただし、{reason}は、{office}の意見を聴いて{second}により{deed}。",
        )
    )
