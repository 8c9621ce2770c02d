"""Written questions and answers (文書質問趣意書・答弁書) of minutes, or as a document of their own: sections in pairs.

A question stands with its headings and background, an answer with the question as its paper prints it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.structure.lines import Line
from ingest.structure.minute_speech import led_up
from ingest.structure.paragraphs import Paragraph, lines_of_range
from ingest.structure.written_numbers import read_mark, shown
from ingest.structure.written_papers import cut_papers, paragraphs_of
from ingest.structure.written_ties import Question, Sheet, Tie, read_sheets
from ingest.structure.written_wording import asking_sentences, gist
from rag.domain import PATH_SEPARATOR, Section

__all__ = ["Setting", "written_sections"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the minutes say of the meeting, for what the papers leave open."""

    sitting: str
    """Name of the meeting, or a title that names none."""
    day: str
    """ISO; empty where the minutes bear no date."""
    read: Callable[[str], str]
    """Reads the name of a meeting from a title; empty where it names none."""
    pairs: int = 0
    """Pairs of spoken questions, which are counted first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A sheet, and what its sections share."""

    sheet: Sheet
    sitting: str
    day: str

    def locator(self, called: str) -> str:
        """Write '令和7年2月定例会 文書質問 見本花子議員 一の1のア'."""
        asker = self.sheet.member.asker
        member = f"{asker}議員" if asker else ""
        return " ".join(part for part in (self.sitting, "文書質問", member, called) if part)


def written_sections(lines: Sequence[Line], setting: Setting) -> list[Section]:
    """Make a section of each written question and of each answer, in the order in which they are printed."""
    paragraphs = paragraphs_of(lines)
    sheets = list(_settled(read_sheets(cut_papers(paragraphs)), setting))
    answered = {one.own[0].order for each in sheets for tie in each.sheet.ties for one in tie.questions}
    placed: list[tuple[int, Section]] = []
    pairs = setting.pairs
    for each in sheets:
        placed.extend(_questions(each, answered))
        for tie in sorted(each.sheet.ties, key=_order):
            pairs += bool(tie.questions)
            placed.append((_words(tie)[0].order, _answer(each, tie, pair=pairs if tie.questions else 0)))
    placed.extend(_covers(sheets))
    return [section for _, section in sorted(placed, key=lambda one: one[0])]


def _settled(sheets: Iterable[Sheet], setting: Setting) -> Iterator[_Sheet]:
    """Give every paper its meeting and day: its own, else those of the paper above."""
    sitting = setting.read(setting.sitting)
    for sheet in sheets:
        named = (setting.read(text) for text in (sheet.paper.title, *(each.text for each in sheet.paper.cover)))
        sitting = next(filter(None, named), sitting)
        day = sheet.paper.day
        yield _Sheet(sheet=sheet, sitting=sitting, day=day.isoformat() if day else setting.day)


def _order(tie: Tie) -> int:
    """Return what puts answers in the order of their questions."""
    return tie.questions[0].own[0].order if tie.questions else tie.reply.words[0].order


def _questions(each: _Sheet, answered: Collection[int]) -> Iterator[tuple[int, Section]]:
    """Make the sections of a member's questions; those whose first place is not in `answered` are marked."""
    for question in each.sheet.questions:
        labels = _labels(
            each,
            speaker=each.sheet.member.asker,
            post="議員",
            role="member",
            topic=_topic(question),
            party=each.sheet.member.party,
            unanswered="" if question.own[0].order in answered else _asked(question),
        )
        paragraphs = (*question.lead, *question.own)
        yield paragraphs[0].order, _section(each.locator(shown(question.number)), paragraphs, question.headings, labels)


def _answer(each: _Sheet, tie: Tie, *, pair: int) -> Section:
    reply, member = tie.reply, each.sheet.member
    first = tie.questions[0] if tie.questions else None
    official = reply.official
    asked = "\n".join(_asked(question) for question in tie.questions)
    about = [paragraph.text[reply.offset if at == 0 else 0 :] for at, paragraph in enumerate(reply.restated)]
    labels = _labels(
        each,
        speaker=official.name if official else "",
        post=official.post if official else "",
        role="official",
        topic=_topic(first) if first else "",
        question=asked,
        gist=gist(about[-1] if about else asked) if asked else "",
        background=_background(tie.questions),
        member=f"{member.asker}議員" if member.asker and first else "",
        party=member.party if first else "",
        asked_page=str(_asking(first)[0].page or "") if first else "",
        asked_lines="\n".join(filter(None, (lines_of_range(_asking(question)) for question in tie.questions))),
        lines=lines_of_range((*reply.mark, *reply.words)),
        certain="" if tie.sure or not first else "no",
        pair=str(pair) if pair and asked else "",
    )
    numbers = shown(reply.number) or "・".join(shown(question.number) for question in tie.questions)
    called = f"{numbers} {official.post if official else ''}答弁"
    return _section(each.locator(called.strip()), _words(tie), first.headings if first else (), labels)


def _background(questions: Sequence[Question]) -> str:
    """Return the words of the questions with what leads up to them, the last of many: searched with the answer."""
    return led_up([paragraph.text for question in questions for paragraph in (*question.lead, *question.own)])


def _covers(sheets: Sequence[_Sheet]) -> Iterator[tuple[int, Section]]:
    """Keep what is neither question nor answer: letters, titles, names, lists of contents; words like 回答 alone are left out."""
    used = {paragraph.order for each in sheets for paragraph in _used(each.sheet)}
    run: list[Paragraph] = []
    owner: _Sheet | None = None
    for each in sheets:
        paper = each.sheet.paper
        for paragraph in sorted((*paper.cover, *paper.body, *paper.behind), key=lambda one: one.order):
            if paragraph.order in used:
                yield from _cover(run, owner)
                run = []
            elif not _is_word(paragraph.text):
                owner = owner if run else each
                run.append(paragraph)
    yield from _cover(run, owner)


def _cover(run: Sequence[Paragraph], owner: _Sheet | None) -> Iterator[tuple[int, Section]]:
    if run and owner is not None:
        yield run[0].order, _section(owner.locator("表紙"), run, (), _labels(owner, procedure="yes"))


def _used(sheet: Sheet) -> Iterator[Paragraph]:
    for question in sheet.questions:
        yield from (*question.lead, *question.own)
    for tie in sheet.ties:
        yield from _words(tie)


def _is_word(text: str) -> bool:
    """Tell whether a line says 質問事項 or 回答 and nothing else."""
    mark = read_mark(text)
    return mark is not None and bool(mark.key) and not mark.numbers and mark.words >= len(text)


def _words(tie: Tie) -> list[Paragraph]:
    """Return what is printed for an answer: headings, the question again, the answer."""
    reply = tie.reply
    return sorted((*reply.lead, *reply.restated, *reply.mark, *reply.words), key=lambda one: one.order)


def _section(locator: str, paragraphs: Sequence[Paragraph], path: tuple[str, ...], labels: dict[str, str]) -> Section:
    text = "\n".join(paragraph.text for paragraph in paragraphs)
    return Section(
        locator=locator,
        text=text,
        path=path,
        caption=labels.get("topic", ""),
        page=paragraphs[0].page,
        breaks=tuple(found.end() for found in re.finditer("\n", text)),
        labels=labels,
    )


def _labels(each: _Sheet, **known: str) -> dict[str, str]:
    """Leave out what is not known."""
    labels = {"sitting": each.sitting, "date": each.day, "written": "yes", **known}
    return {name: value for name, value in labels.items() if value}


def _topic(question: Question) -> str:
    return PATH_SEPARATOR.join(re.sub(r"(?:について|に関すること|の件)$", "", heading) for heading in question.headings)


def _asked(question: Question) -> str:
    """Return the sentences that ask, as they stand."""
    return "".join(sentence for _, sentence in asking_sentences(question.words))


def _asking(question: Question) -> tuple[Paragraph, ...]:
    """Return the paragraphs from the first to the last that asks."""
    places = [at for at, _ in asking_sentences(question.words)]
    return question.own[places[0] : places[-1] + 1] if places else question.own
