"""What was learned of the order of candidates, on the screen 評価."""

from __future__ import annotations

from markupsafe import Markup

from rag.wiring import Home
from ui.drawing import draw, facts
from ui.words import ranker as words


def show_ranker(home: Home) -> None:
    """Draw the card of the home's learned order and whether it is used; one line where nothing was learned."""
    found = home.order.find()
    draw(Markup("<h2>{}</h2>").format(words.TITLE))
    told = {"standing": words.STANDINGS[found.standing]}
    if found.card:
        told |= words.facts_of(found.card.as_json(), f"{found.card.made_at.astimezone():%Y-%m-%d %H:%M}")
    draw(facts((words.FACTS[name], value) for name, value in told.items()))
    if found.standing not in words.HELD:
        draw(Markup('<p class="kotae-meta">{}</p>').format(words.REMEDY))
