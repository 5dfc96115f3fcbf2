"""The command palette's commands: what the keys do on the screen below it."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from textual.app import App, SystemCommand
from textual.binding import ActiveBinding
from textual.screen import Screen

_OF_THE_PALETTE = "command_palette"


def commands_of(app: App[Any], screen: Screen[Any]) -> Iterator[SystemCommand]:
    """Each action that has a name, once, with its key."""
    named: dict[str, ActiveBinding] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.show and binding.action != _OF_THE_PALETTE and active.enabled:
            named.setdefault(binding.description, active)
    for name, active in named.items():
        key = app.get_key_display(active.binding)
        yield SystemCommand(name, f"key {key}", _run(app, active))


def _run(app: App[Any], active: ActiveBinding) -> Callable[[], Awaitable[bool]]:
    return lambda: app.run_action(active.binding.action, active.node)
