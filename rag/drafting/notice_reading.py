"""The lines of a notice as they are read one after the other: an entry, the rest of one, its answerer, its background."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from rag.drafting.notice_answerers import Named, answerer_of, is_same_as_above, take_answerer
from rag.drafting.notice_head import Asker, find_sitting, is_formal, is_furniture, is_title, is_title_again, read_asker
from rag.drafting.notice_lines import Line
from rag.drafting.notice_marks import BULLET, Marked, read_marks, split_inside
from rag.drafting.notice_outline import Entry, Outline
from rag.drafting.notice_wording import Remarks, asks, goes_on, join, label_of_line, without_background_label

__all__ = ["Reading"]

_OPENERS, _CLOSERS = "【［[<＜〔", "】］]>＞〕"
_CALLABLE = ("arabic", "kana", "latin", "LATIN", "kanji")
"""Styles of numbers with which a wrapped line may begin by chance."""
_LONGEST_FORMAL = 30
"""Characters between the entries up to which a line that reads like one of every form is one."""
_HEAD_SHARE = 0.7
"""Share of a line between the entries that the name of a sitting takes where the line says nothing else."""


def _outline(asker: Asker) -> Outline:
    return Outline(root=Entry(mark=None, asker=asker))


@dataclass(slots=True, kw_only=True)
class Reading:
    """How far a notice is read."""

    plain: bool
    """Nothing is numbered: a line that asks is an entry."""
    widest: float
    """Full-width characters of the widest line."""
    warnings: list[str]
    outlines: list[Outline] = field(default_factory=lambda: [_outline(Asker())])
    """One for each member, and for each sheet."""
    title: str = ""
    sitting: str = ""
    lead: list[Line] = field(default_factory=list)
    """Lines in front of the first entry that say nothing known."""
    raw: Line | None = None
    """The last line of the entry or background that goes on; None: it is whole."""
    in_background: bool = False
    onward: str = ""
    """The answerer that holds for what follows (以下同じ)."""
    post: str = ""
    """The last answerer."""
    remarks: Remarks = field(default_factory=Remarks)
    over: str = ""
    """How the line that names an answerer in front of the first entry begins: later ones like it begin a group, too."""

    @property
    def outline(self) -> Outline:
        """Return the one that is being read."""
        return self.outlines[-1]

    @property
    def asker(self) -> Asker:
        """Return who asks in it."""
        return self.outline.root.asker or Asker()

    def take(self, line: Line) -> None:
        """Take one line to what it belongs to."""
        if line.begins and self.outline.root.below:
            self._begin_outline(self.asker)
        if line.asker is not None:
            self._ask(line.asker)
        if line.column or line.marks:
            self._take_cell(line)
        elif line.text and not is_furniture(line.text):
            remark = without_background_label(line.text) is None and self._is_note(line.text, line.at)
            if not remark and not self._is_head(line):
                self._take_text(line)

    def _begin_outline(self, asker: Asker) -> None:
        self.outline.settle(None)
        self.outlines.append(_outline(asker))
        self.raw, self.onward = None, ""

    def _ask(self, asker: Asker) -> None:
        """Take what was said of who asks; somebody else's questions begin anew."""
        known = self.asker.joined(asker)
        if known == self.asker:
            return
        if self.outline.root.below:
            self._begin_outline(asker)
        else:
            self.outline.root.asker = known

    def _is_head(self, line: Line) -> bool:
        """Take a line that speaks of the notice or of who asks; False: it is none."""
        inside = bool(self.outline.root.below)
        marked = read_marks(line.text)
        if (asker := read_asker(line.text, in_head=not inside and marked is None)) is not None:
            self._ask(asker)
            self.sitting = self.sitting or find_sitting(line.text)
            if not self.title and is_title(line.text):
                self.title = " ".join(line.text.split())
            return True
        spaced = all(len(piece) == 1 for piece in line.text.split())
        numbered = marked is not None and marked.sure and not spaced
        labelled = label_of_line(line.text)
        if numbered or (labelled and labelled[1] and (inside or self.plain)):
            return False
        if inside and self.raw is not None and goes_on(self.raw, line, widest=self.widest, strict=True):
            return is_title(line.text) and is_title_again(line.text, self.title)
        sitting = find_sitting(line.text)
        is_head = not inside or len(sitting) > _HEAD_SHARE * len(line.text)
        if (
            is_title(line.text)
            and (is_head or is_title_again(line.text, self.title))
            and not line.text.endswith(("。", "か"))
        ):
            self.title = self.title or " ".join(line.text.split())
            self.sitting = self.sitting or sitting
            return True
        if sitting and is_head:
            self.sitting = self.sitting or sitting
            return True
        return is_formal(line.text) and (not inside or len("".join(line.text.split())) <= _LONGEST_FORMAL)

    def _take_cell(self, line: Line) -> None:
        """Take what stands in a column of entries."""
        for at, part in enumerate(split_inside(line.text) or [""]):
            marked = read_marks(part)
            if marked is not None and not marked.sure and not self.outline.fits(marked.marks[0]):
                marked = None
            if at == 0 and line.marks:
                self._begin(Marked(marks=line.marks, words=0, sure=True), "" if marked else part, line)
                if marked is not None:
                    self._begin(marked, part[marked.words :], line)
            elif marked is not None:
                self._begin(marked, part[marked.words :], line)
            elif at or not self._goes_on(part, line):
                self._begin(None, part, line)
        if self.outline.last is not None and line.background:
            self.outline.last.background.append(line.background)

    def _goes_on(self, part: str, line: Line) -> bool:
        """Take a cell without a number to the entry above it: the rest of its words, or its background; False: it begins one."""
        if is_formal(part):
            return True
        if not line.answerer and self._is_note(part, line.at):
            return True
        last = self.outline.last
        if last is None or last.mark is None or last.column != line.column:
            return False
        named = take_answerer(part)
        post = line.answerer or (named.post if named else "")
        if post and last.answerer and line.answerer:
            return False
        words = named.rest if named else part
        cell = replace(line, text=words or part)
        background = without_background_label(words)
        if not last.text or (background is None and self.raw and goes_on(self.raw, cell, widest=0.0)):
            target = last.background if self.in_background else None
            if target:
                target[-1] = join(target[-1], words)
            else:
                last.text = join(last.text, words)
        else:
            last.background.append(words if background is None else background)
            self.in_background = True
        self.raw = cell
        if post:
            last.answerer = last.answerer or self._known(post)
        return True

    def _is_note(self, text: str, at: str) -> bool:
        """Take a remark of the form, which is told and not read; False: it is none."""
        if not self.remarks.take(text):
            return False
        self.warnings.append(f"{at}注記「{text}」は質問として読んでいません。必要なら通告に書き足してください。")
        self.raw = None
        return True

    def _take_text(self, line: Line) -> None:
        """Take a line of running text."""
        marked = read_marks(line.text)
        if marked is not None and not self._is_rest(line, marked):
            self._begin(marked, line.text[marked.words :], line)
        elif (named := take_answerer(line.text)) is not None and not named.rest:
            self._name(line, named)
        elif line.heading and not self.plain:
            self._begin(None, line.text, line)
        elif self.outline.last is None:
            self._take_lead(line)
        else:
            self._take_more(line, self.outline.last)
            if line.answerer and not self.outline.last.answerer:
                self.outline.last.answerer = self._known(line.answerer)

    def _take_lead(self, line: Line) -> None:
        """Take a line in front of the first entry."""
        label = label_of_line(line.text)
        if self.plain and ((label and label[1]) or take_answerer(line.text) or asks(line.text)):
            self._begin(None, line.text, line)
        else:
            self.lead.append(line)

    def _take_more(self, line: Line, last: Entry) -> None:
        """Take a line without a number below an entry."""
        if label := label_of_line(line.text):
            self._take_labelled(line, *label)
        elif self.raw is not None and goes_on(self.raw, line, widest=self.widest):
            self._extend(last, line)
        elif not last.text and not last.below:
            self._fill(last, line.text, line)
        elif self.plain and (take_answerer(line.text) or asks(line.text)):
            self._begin(None, line.text, line)
        else:
            self._add_background(last, line)

    def _is_rest(self, line: Line, marked: Marked) -> bool:
        """Tell a line that only seems to begin with a number: its first words count something, or a wrapped sentence goes on."""
        first, fits = marked.marks[0], self.outline.fits(marked.marks[0])
        if first.style.startswith(BULLET) or (fits and marked.sure):
            return False
        hanging = self.raw is not None and goes_on(self.raw, line, widest=self.widest, strict=fits)
        if not marked.sure:
            return hanging or not fits
        return hanging and len(marked.marks) == 1 and first.style in _CALLABLE

    def _begin(self, marked: Marked | None, words: str, line: Line) -> None:
        """Begin an entry with its number, words and answerer."""
        if marked is not None and marked.marks[0].style.startswith(BULLET) and not line.column:
            named = take_answerer(words)
            background = without_background_label(words)
            if background is not None and self.outline.last is not None:
                self.outline.last.background.append(background)
                return
            if named is not None and not named.rest:
                self._name(line, named)
                return
        entry = self.outline.add(
            marked.marks if marked else (), column=line.column, indent=line.indent, place=line.place
        )
        self.outline.settle(entry)
        entry.stance = line.stance
        self._fill(entry, words, line, numbered=True)

    def _fill(self, entry: Entry, words: str, line: Line, *, numbered: bool = False) -> None:
        """Give an entry its words."""
        words = words.strip()
        if words and words[0] in _OPENERS and words[-1] in _CLOSERS and not answerer_of(words):
            words = words[1:-1].strip()
        named = take_answerer(words, numbered=numbered)
        text = named.rest if named else words
        label = label_of_line(text)
        entry.text = label[1] if label and label[1] else text
        post = line.answerer or (named.post if named else "")
        entry.answerer = self._known(post) if post else self.onward
        if named is not None and named.onward:
            self.onward = entry.answerer
        self.raw = None if named else line
        self.in_background = False

    def _known(self, post: str) -> str:
        """Return a post, that of the entry before for 同上."""
        self.post = self.post if is_same_as_above(post) else post
        return self.post

    def _extend(self, entry: Entry, line: Line) -> None:
        """Add the rest of a wrapped line."""
        self.raw = line
        if self.in_background:
            entry.background[-1] = join(entry.background[-1], line.text)
            return
        whole = join(entry.text, line.text)
        named = take_answerer(whole)
        if named is None or not named.rest:
            entry.text = whole
            return
        entry.text, entry.answerer, self.raw = named.rest, self._known(named.post), None
        if named.onward:
            self.onward = entry.answerer

    def _add_background(self, entry: Entry, line: Line) -> None:
        """Take a paragraph that is neither an entry nor the rest of one; an answerer behind it is that of the entry."""
        named = take_answerer(line.text)
        if named is not None and not entry.answerer:
            entry.answerer = self._known(named.post)
        text = named.rest if named else line.text
        background = without_background_label(text)
        entry.background.append(text if background is None else background)
        self.raw, self.in_background = line, True

    def _name(self, line: Line, named: Named) -> None:
        """Take an answerer that stands on a line of its own: over the questions to it, or below what it answers."""
        last = self.outline.last
        self.raw = None
        post = self._known(named.post)
        begins = line.text[: line.text.find(named.post)].strip()
        if last is None:
            self.outline.root.answerer, self.over = post, begins
        elif self.outline.root.answerer and begins and begins == self.over:
            self._begin_outline(self.asker)
            self.outline.root.answerer = post
        elif not last.answerer:
            self.outline.waiting = (last, post)
        elif post not in last.answerer and not line.text[0].isalnum():
            last.answerer = f"{last.answerer}、{post}"
        if named.onward:
            self.onward = post

    def _take_labelled(self, line: Line, kind: str, words: str) -> None:
        """Take what a label says: 項目 is a heading where 要旨 follows."""
        last = self.outline.last
        if not words or last is None:
            return
        if self.plain and last.text and kind == "title":
            self._begin(None, words, line)
            return
        if last.text and kind == "text":
            last.titles.append(last.text)
            last.text = ""
        if last.text:
            self._add_background(last, line)
            return
        before = last.answerer
        self._fill(last, words, line)
        last.answerer = last.answerer or before
