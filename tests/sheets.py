"""Answer sheets as tests need them: one that shows only what matters, and twenty that differ in all that a page can."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from typing import Any

from rag.assembly.item import AnswerPart, Check, Finding, Item, Paragraph, PastAnswer, Severity
from rag.assembly.sheet import Compared, Difference, FollowUp, Sheet
from rag.domain import Citation, Period

JST = timezone(timedelta(hours=9))
MADE_AT = datetime(2026, 11, 26, 21, 34, 5, tzinfo=JST)


def item(text: str = "奨学金の返還支援を広げる考えはないか、知事に伺う。", **told: Any) -> Item:
    given: dict[str, Any] = {
        "number": ("1", "2", "ア"),
        "headings": ("人口減少対策について", "若者の定着について"),
        "answerer": "知事",
        "member": "想定健",
        "group": "県民クラブ",
        "seat": "12",
    }
    return Item(text=text, **given | told)


def citation(quote: str = "奨学金の返還を支援する。", **told: Any) -> Citation:
    given: dict[str, Any] = {
        "number": 1,
        "document_id": "d1",
        "title": "みほん県若者定着促進条例",
        "locator": "第5条第2項",
        "period": Period(start=date(2024, 4, 1)),
    }
    return Citation(quote=quote, **given | told)


def paragraph(text: str, part: AnswerPart = AnswerPart.ACTION, **told: Any) -> Paragraph:
    return Paragraph(text=text, part=part, **told)


def past(number: int = 0, difference: Difference | None = Difference.SAME, text: str = "") -> Compared:
    gist = text or "本県におきましても、返還支援の対象を広げることを検討してまいりたいと考えております。"
    return Compared(
        difference=difference,
        answer=PastAnswer(
            day=date(2025 - number % 8, 3 + number % 9, 10),
            sitting=f"令和{7 - number % 6}年{3 + number % 9}月定例会",
            official="知事（標本大介）",
            question="奨学金の返還支援を広げる考えはないか。",
            text=gist,
            citation=citation(gist, title="会議録", locator=f"発言{number + 1}", document_id=f"m{number}"),
        ),
    )


SPOKEN = (
    (AnswerPart.RESTATEMENT, "奨学金の返還支援についてのお尋ねでございます。"),
    (AnswerPart.VIEW, "若者の県内への定着は、本県の将来を左右する重要な課題であると認識しております。"),
    (
        AnswerPart.PRESENT,
        "このため県では、令和六年度から、県内の中小企業に就職した方の奨学金の返還を支援しており、昨年度は、百二十三人の方に御利用いただいたところでございます。",
    ),
    (
        AnswerPart.ISSUES,
        "一方で、対象となる業種が限られていることや、制度が十分に知られていないことなどの課題がございます。",
    ),
    (
        AnswerPart.ACTION,
        "今後は、対象業種の拡大について、市町村や経済団体の御意見を伺いながら検討いたしますとともに、大学等と連携した周知に取り組んでまいります。",
    ),
    (AnswerPart.RESOLVE, "引き続き、若者に選ばれる県づくりに全力で取り組んでまいる考えでございます。"),
)


def sheet(**told: Any) -> Sheet:
    """A sheet with an answer in six parts, unless told otherwise."""
    given: dict[str, Any] = {
        "item": item(),
        "made_at": MADE_AT,
        "sitting": "令和8年12月定例会",
        "day": date(2026, 12, 3),
        "office": "総務部 若者定着課",
        "related_offices": ("商工労働部 雇用対策課", "総務部 財政課"),
        "contact": "内線 2345",
        "paragraphs": tuple(
            paragraph(text, part, citations=(citation(),) if part in (AnswerPart.PRESENT, AnswerPart.ACTION) else ())
            for part, text in SPOKEN
        ),
        "past_answers": (past(0), past(1, Difference.FORWARD)),
        "follow_ups": (
            FollowUp(
                question="対象業種はいつ広げるのか。",
                answer="来年度の予算編成の中で検討いたします。",
                citations=(citation(),),
            ),
            FollowUp(question="利用者の定着率はどうか。", answer=""),
        ),
        "model": "extractive",
    }
    return Sheet(**given | told)


RED = Finding(
    check=Check.FIGURES,
    severity=Severity.RED,
    message="「百二十三人」は資料では「百二十一人」です。どちらが正しいか確かめ、直してください。",
    paragraph=2,
    quotes=("百二十三人", "百二十一人"),
    citation=citation("利用者は百二十一人である。"),
)
CAUTION = Finding(
    check=Check.STRENGTH,
    severity=Severity.CAUTION,
    message="「取り組んでまいります」は前の答弁の「検討します」より強い言い方です。",
    paragraph=4,
)
HOSTILE = (
    '=HYPERLINK("http://example.invalid","x")\x00\x0b\x1b[31m{{答}}<w:p>&amp;\u202eABC\ufffe\ud800\r\n二行目\tタブ'
)
RARE = "𠮷野家の髙橋﨑山、葛󠄀城市、辻󠄁、叱𠮟、鷗外、𩸽（ほっけ）、㍿、①②③、㌔、〜～−、ｶﾞｷﾞｸﾞ、ABC１２３、αβγ、한국어、🎌、👨‍👩‍👧"


def varied_sheets() -> Iterable[tuple[str, Sheet]]:
    """Yield twenty sheets with the name of what each tries."""
    long = "県といたしましては、市町村や関係団体と連携しながら、県民の皆様の安全・安心な暮らしを守るため、必要な施策を着実に進めてまいります。"
    yield "usual", sheet()
    yield "nothing", Sheet(item=Item(number=(), text="県政について"), made_at=MADE_AT)
    yield (
        "empty_item",
        Sheet(item=Item(number=("3",), text=""), made_at=MADE_AT, paragraphs=(paragraph("お答えします。"),)),
    )
    yield "long_paragraphs", sheet(paragraphs=tuple(paragraph(long * n) for n in (8, 12, 3, 20, 1)))
    yield "paragraph_over_a_page", sheet(paragraphs=(paragraph(long * 30), paragraph(long)))
    yield "many_short_paragraphs", sheet(paragraphs=tuple(paragraph(long) for _ in range(40)))
    yield "many_past", sheet(past_answers=tuple(past(n, list(Difference)[n % 3]) for n in range(40)))
    yield "long_past", sheet(past_answers=(past(0, None, long * 20), past(1, Difference.BACK, long)))
    yield (
        "confirm",
        sheet(
            paragraphs=(
                paragraph(
                    "利用者は「要確認」人で、前年度より増えております。",
                    needs_confirming=True,
                    changes=("「43路線」→「要確認」",),
                ),
                paragraph("今後とも取り組んでまいります。"),
                paragraph(
                    "期限は令和九年三月末（要確認）でございます。", changes=("「三年」→「二年」", "「知事」→「部長」")
                ),
            ),
        ),
    )
    yield "red", sheet(findings=(CAUTION, RED), checked=(Check.FIGURES, Check.STRENGTH, Check.COVERAGE), version=3)
    yield (
        "many_findings",
        sheet(
            findings=tuple(
                Finding(check=check, severity=list(Severity)[n % 3], message=f"{n + 1}件目。{long}", paragraph=n)
                for n in range(4)
                for check in Check
            )
        ),
    )
    yield (
        "rare_letters",
        sheet(
            item=item(f"{RARE}について", member="𠮷﨑髙德"),
            paragraphs=(paragraph(RARE), paragraph("標本《ひょうほん》｜岬《みさき》")),
        ),
    )
    yield (
        "hostile",
        sheet(
            item=item(HOSTILE, member=HOSTILE, group=HOSTILE, headings=(HOSTILE,), background=HOSTILE),
            office=HOSTILE,
            contact=HOSTILE,
            paragraphs=(paragraph(HOSTILE), paragraph("{{問}}")),
            model=HOSTILE,
            past_answers=(past(0, None, HOSTILE),),
            follow_ups=(FollowUp(question=HOSTILE, answer="{{答}}"),),
        ),
    )
    yield (
        "table_like",
        sheet(
            paragraphs=(
                paragraph("区分\t令和6年度\t令和7年度\n利用者\t121人\t123人\n金額\t1,234千円\t2,345千円"),
                paragraph("| a | b |\n|---|---|\n| 1 | 2 |"),
            ),
        ),
    )
    yield (
        "unbroken",
        sheet(
            item=item("ーーーー" * 60),
            paragraphs=(
                paragraph("https://www.example.lg.jp/" + "abcdefghij" * 30),
                paragraph("「" * 30 + "っ、。」）" * 30),
            ),
            past_answers=(past(0, None, "A" * 400),),
        ),
    )
    yield (
        "many_sources",
        sheet(
            paragraphs=tuple(
                paragraph(
                    long,
                    citations=tuple(
                        citation(
                            f"{long}{n}{m}",
                            document_id=f"{n}{m}",
                            page=n or None,
                            period=Period() if m else Period(start=date(2019, 5, 1), end=date(2020, 4, 1)),
                        )
                        for m in range(4)
                    ),
                )
                for n in range(6)
            )
        ),
    )
    yield (
        "long_head",
        sheet(
            item=item(
                number=("12", "34", "ア", "(ア)"),
                answerer="健康福祉部長兼新型感染症対策統括監",
                member="長曽我部寿限無",
                group="みほん県議会未来を創る改革クラブ・無所属の会",
            ),
            office="健康福祉部 感染症対策局 新型感染症対策推進課 企画調整担当",
            related_offices=tuple(f"第{n}部 第{n}課" for n in range(12)),
            contact="内線 12345・67890、担当 標本・見本、夜間 090-0000-0000",
        ),
    )
    yield "long_question", sheet(item=item(long * 12, background=f"{long * 6}\n{long}"))
    yield (
        "many_follow_ups",
        sheet(
            follow_ups=tuple(
                FollowUp(question=f"{n}つ目の再質問。{long}", answer=long * (n % 4), citations=(citation(),))
                for n in range(15)
            )
        ),
    )
    yield (
        "everything_replaced",
        sheet(version=12, findings=(RED,), made_at=datetime(2019, 5, 1, 0, 5, tzinfo=JST), day=date(2019, 5, 1)),
    )
