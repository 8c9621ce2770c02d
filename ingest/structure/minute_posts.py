"""Tell surname and post apart where minutes write them together (標木健康福祉部長 → 標木, 健康福祉部長)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.japanese.text import narrow

__all__ = ["ends_in_post", "is_post", "split_post"]

_WORDS = frozenset(
    """
    総務 総合 政策 企画 経営 戦略 未来 創造 秘書 広報 広聴 報道 行政 行革 改革 行財政 財政 財務 財産 管財 契約 検査 税務 税制 納税 課税 収税 収納 資産税 市民税 町民税 県税
    人事 職員 給与 旅費 厚生 法務 法制 文書 情報 デジタル DX システム 統計 市長 市長室 公室 本庁 本部 支所 出張所 振興局 支庁 事務所 東京 地方 創生 移住 定住 交流 国際 渉外
    会計 出納 監査 選挙 管理 管理委員会 委員会 事務局 事務 議会 議事 調査 庶務 人権 平和 男女 共同 参画 協働 自治 コミュニティ 地域 づくり まちづくり ふるさと
    県民 市民 町民 村民 区民 都民 府民 道民 住民 戸籍 窓口 年金 保険 国保 生活 くらし 暮らし 安全 安心 消費 消費者 消費生活 交通 公共 危機 防災 消防 救急 予防 警防 警察 警務 刑事
    国土 強靱化 復興 復旧 災害 原子力 基地 民生 健康 保健 医療 医務 医事 病院 診療所 薬務 衛生 感染症 疾病 防疫 検疫 福利 福利厚生 福祉 社会 介護 高齢 高齢者 長寿 障害 障がい 障害者 援護 援助 保護
    こども 子ども 子供 子育て 児童 家庭 青少年 少子化 保育 幼児 母子 若者 女性 教育 教育委員会 学校 学務 学事 教職員 教員 義務 義務教育 高校 高等 特別支援 指導 生涯 学習 文教 体育 保健体育
    スポーツ 文化 文化財 芸術 図書館 博物館 美術館 公民館 給食 私学 大学 大会 準備 世界 遺産 経済 産業 商工 商業 工業 商店街 労働 雇用 就労 就業 中小企業 企業 立地 誘致 金融 観光 観光振興
    空港 港湾 航空 農林 水産 農業 農政 農務 農村 農地 農産 園芸 畜産 家畜 家畜防疫 農産物 畜産物 林産物 水産物 林業 林務 森林 林政 山村 里山 漁業 漁港 漁政 食品 食料 ブランド 流通 市場 卸売 中央卸売 中央卸売市場 地産
    環境 自然 資源 循環 循環型 廃棄物 ごみ 清掃 減量 脱炭素 温暖化 エネルギー 公害 大気 水質 水資源 水環境 みどり 緑化 緑地 公園 動物 動植物 ゼロカーボン 鳥獣
    土木 県土 都土 都市 建設 建築 住宅 市営住宅 県営住宅 営繕 施設 設備 開発 再開発 整備 計画 景観 区画 区画整理 用地 道路 街路 橋りょう 橋梁 維持 河川 砂防 海岸 治水 下水道 上水道 上下水道 水道
    浄水 工務 技術 設計 公営企業 企業局 にぎわい 賑わい 魅力 発信 空き家 推進 対策 振興 支援 保全 活用 利用 利活用 促進 創出 育成 確保 連携 調整 担当 統括 総括 特命 特別 常任 運営 予算 決算 センター プロジェクト チーム グループ
    """.split()
)
"""What the names of offices are made of."""
_JOINTS = frozenset("部 局 課 室 班 係 所 館 庁 等 兼 及び ・ 第一 第二 第三 第1 第2 第3".split())
"""What stands between them, never in front."""
_STANDING = re.compile(
    "(?:副|臨時|仮|前|代表|職務代理者)?(?:知事|市長|町長|村長|区長|議長|委員長|座長|会長|部会長|教育長|教育次長|参与|理事|技監|危機管理監|監査委員|会計管理者|企業管理者"
    "|病院事業管理者|公営企業管理者|上下水道事業管理者|警察本部長|会計監督|主査|総監|警視総監|消防総監)"
)
"""Posts that need no office in front of them."""
_RANK = re.compile(
    "(?:担当|副|統括|総括)*(?:長|次長|部長|局長|課長|室長|所長|係長|館長|校長|院長|園長|署長|場長|班長|本部長|委員長|主幹|主査|主任|参事|理事|技監|監|統括監|管理監|政策監|企画監|審議監|調整監|管理者|調査官|書記)"
    "(?:補佐|代理|心得|事務取扱)?"
)
_SURNAME = re.compile("[\u4e00-\u9fff々ヶケノの]+|[ぁ-ん]+|[ァ-ンー]+")
_PLACE = re.compile("..[都道府県市区]$")
_ENDING = re.compile(
    "(?:知事|市長|町長|村長|区長|教育長|局長|部長|課長|室長|所長|次長|参事|主幹|主任|技監|理事|総監|管理者|委員長|議長|座長|会長|主査|監|書記|委員|議員|参考人|公述人|係長|補佐"
    "|館長|校長|院長|センター長|場長|園長|署長)$"
)
_LONGEST_SURNAME = 5
_LONGEST_WORD = 7


def is_post(text: str) -> bool:
    """Tell whether a text is a post and nothing else (知事, 建築住宅課長)."""
    text = narrow(text)
    return _STANDING.fullmatch(text) is not None or _is_office(text)


def ends_in_post(text: str) -> bool:
    """Tell whether a text ends as posts do, whatever stands in front of it."""
    return _ENDING.search(text) is not None


def split_post(who: str, known: Iterable[str] = ()) -> tuple[str, str]:
    """Return surname and post of '標木健康福祉部長'; ('', who) where nothing shows where the post begins.

    `known` are posts that the document itself names.
    """
    if is_post(who):  # 森林整備課主査, where 主査 is a post of somebody else
        return "", who
    endings = (post for post in known if who.endswith(post) and len(who) - len(post) <= _LONGEST_SURNAME)
    post = max(endings, key=len, default="")
    if post:
        return who.removesuffix(post), post
    starts = range(min(_LONGEST_SURNAME + 1, len(who)))
    start = next((at for at in starts if (not at or _is_surname(who[:at])) and is_post(who[at:])), 0)
    return who[:start], who[start:]


def _is_surname(text: str) -> bool:
    """Tell whether a text may be a surname: one kind of letters, and no name of a place (東京都知事)."""
    return _SURNAME.fullmatch(text) is not None and _PLACE.search(text) is None


def _is_office(text: str) -> bool:
    """Tell whether words of offices from the first letter on lead up to a rank."""
    reached = {0}
    for at in range(len(text)):
        if at not in reached:
            continue
        if at and _RANK.fullmatch(text, at):
            return True
        words = _WORDS if not at else _WORDS | _JOINTS
        reached.update(end for end in range(at + 1, min(at + _LONGEST_WORD, len(text)) + 1) if text[at:end] in words)
    return False
