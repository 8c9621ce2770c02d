"""What leads up to a question is searched with its answer, and is never long."""

from __future__ import annotations

from ingest.structure import recognise
from ingest.structure.minute_speech import LONGEST_BACKGROUND, led_up
from rag.domain import Block, Document, Kind

SENTENCE = "渡船の欠航が続き、島の店には品物が届かない日が増えている。"
MANY = LONGEST_BACKGROUND // len(SENTENCE) + 5


def test_the_last_paragraphs_are_kept_as_long_as_they_are_not_too_long_together() -> None:
    half = "島" * (LONGEST_BACKGROUND // 2)
    assert led_up([]) == ""
    assert led_up(["港", half, half]) == f"{half}\n{half}"
    assert led_up(["港", half + "港", half]) == half


def test_a_paragraph_that_is_too_long_alone_is_cut_at_the_end_of_a_sentence_and_keeps_its_end() -> None:
    kept = led_up(["港の話である。", SENTENCE * MANY + "船はいつ直るのか。"])
    assert kept.removesuffix("船はいつ直るのか。").replace(SENTENCE, "") == ""
    assert kept.endswith("船はいつ直るのか。")
    assert LONGEST_BACKGROUND - len(SENTENCE) < len(kept) <= LONGEST_BACKGROUND


def test_a_sentence_that_is_too_long_alone_keeps_its_end() -> None:
    kept = led_up(["島" * LONGEST_BACKGROUND + "はどうか。"])
    assert len(kept) == LONGEST_BACKGROUND
    assert kept.endswith("島はどうか。")


def background(text: str) -> str:
    blocks = tuple(Block(text=line, line=number) for number, line in enumerate(text.split("\n"), 1))
    structure = recognise(Document(path="会議録/綴り.txt", title="綴り", blocks=blocks), Kind.MINUTES)
    return next(each.labels["background"] for each in structure.sections if each.labels.get("pair"))


def test_the_limit_holds_for_what_is_written_and_for_what_is_spoken() -> None:
    asked = SENTENCE * MANY + "船をいつ直すのか伺う。"
    written = (
        f"文書質問趣意書\n提出者　見本花子\n１　{asked}\n答弁書\nみほん県知事　例示太郎\n１について\n　来年直します。"
    )
    spoken = (
        "みほん県議会定例会会議録\n○議長（標木一郎君）　これより質問を行います。見本花子君。\n"
        f"○見本花子君　{asked}\n○知事（例示太郎君）　船は来年直します。"
    )
    for text in (written, spoken):
        assert background(text).endswith("船をいつ直すのか伺う。")
        assert len(background(text)) <= LONGEST_BACKGROUND
