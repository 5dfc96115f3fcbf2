"""The power supply for the cards found."""

import dataclasses
import re
from collections.abc import Iterator

from rigcheck.advice import Counsel
from rigcheck.facts import Found, Rig, value_of
from rigcheck.knowledge import gpu_specs
from rigcheck.rules.each_gpu import answering, card_name, name_of, unlisted_cards
from rigcheck.rules.places import Place, place_of

_TOPIC = "power supply"
MOBILE = re.compile(r"Laptop GPU|Max-Q|Mobile|\bMX\d{3}\b|\d{3}M\b")
"""Names of GPUs that are soldered into laptops; the M of a Quadro M4000 is Maxwell's."""
_REST = "What the processor, the drives and the fans take comes on top, and is not known here"


@dataclasses.dataclass(frozen=True)
class _Board:
    """A card and the power that its board may draw."""

    name: str
    watts: float | None
    """None where neither the driver nor the tables tell."""
    supply_w: int | None
    source: str
    form: str = "card"


def power_supply(rig: Rig) -> Iterator[Counsel]:
    """What the boards draw together, and the supply suggested for one of them."""
    boards = _boards(rig)
    if not boards or place_of(rig) in (Place.CONTAINER, Place.JETSON):
        return
    sources = tuple(dict.fromkeys(board.source for board in boards if board.watts is not None))
    if any(MOBILE.search(board.name) for board in boards):
        text = "A GPU of a laptop is fed by the laptop's own supply: train with it plugged in"
        yield Counsel(topic=_TOPIC, text=text, sources=sources)
    elif any(board.form == "SXM" for board in boards):
        text = "SXM modules are fed by the server that was built for them"
        yield Counsel(topic=_TOPIC, text=text, sources=sources)
    else:
        yield Counsel(topic=_TOPIC, text=_text(boards), sources=sources)


def _text(boards: tuple[_Board, ...]) -> str:
    known = [board.watts for board in boards if board.watts is not None]
    unknown = [board.name for board in boards if board.watts is None]
    parts = [", ".join(_counted(boards))] if known else []
    if len(known) > 1:
        parts.append(f"Together the boards draw up to {sum(known):.0f} W")
    if unknown:
        names = ", ".join(dict.fromkeys(unknown))
        parts.append(f"What {names} may draw is not in the tables: its box or maker's page tells")
    return ". ".join([*parts, _supply(boards)])


def _counted(boards: tuple[_Board, ...]) -> Iterator[str]:
    told = [f"{b.name} draws up to {b.watts:.0f} W" for b in boards if b.watts is not None]
    for text in dict.fromkeys(told):
        count = told.count(text)
        yield f"{count} times: {text}" if count > 1 else text


def _supply(boards: tuple[_Board, ...]) -> str:
    """The supply suggested for the hungriest card alone, and what the others add to it."""
    suggested = [b for b in boards if b.supply_w is not None and b.watts is not None]
    if not suggested or any(board.watts is None for board in boards):
        return _REST
    first = max(suggested, key=lambda board: board.supply_w or 0)
    if len(boards) == 1:
        return (
            f"TechPowerUp suggests a supply of {first.supply_w} W for a machine with one; if the "
            "card's box asks for more, that counts"
        )
    others = sum(b.watts or 0 for b in boards) - (first.watts or 0)
    return (
        f"TechPowerUp suggests {first.supply_w} W for a machine with one {first.name}; with what "
        f"the others draw that makes {(first.supply_w or 0) + others:.0f} W"
    )


def _boards(rig: Rig) -> tuple[_Board, ...]:
    driven = [
        _board(name_of(gpu), gpu.power_limit_default_w)
        for gpu in answering(rig)
        if not value_of(gpu.memory_is_unified)
    ]
    return (*driven, *(_board(card_name(card), None) for card in unlisted_cards(rig)))


def _board(name: str, limit_w: object) -> _Board:
    rows = gpu_specs.specs_of(name)
    spec = max(rows, key=lambda row: row.tdp_w, default=None)
    supply, form = (spec.supply_w, spec.form) if spec else (None, "card")
    if isinstance(limit_w, Found):
        return _Board(name, limit_w.value, supply, limit_w.source, form)
    if spec is not None:
        return _Board(name, float(spec.tdp_w), supply, spec.source, form)
    return _Board(name, None, None, "", form)
