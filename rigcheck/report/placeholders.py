"""What stands in place of a private text: the same for the same, so that relations stay visible."""

import re

_BARE = frozenset({"GPU", "MIG"})
"""Written as a device's UUID begins, so that what reads UUIDs still reads them."""
PLACEHOLDER = re.compile(r"<[A-Za-z-]+(?: \d+)?>|(?:GPU|MIG)-\d{1,3}(?![\w-])")


class Placeholders:
    """Numbers private texts by kind, in the order in which they are met."""

    def __init__(self) -> None:
        self._numbers: dict[str, dict[str, int]] = {}

    def of(self, kind: str, private: str) -> str:
        """`<host>`, `<host 2>`, `GPU-1`."""
        known = self._numbers.setdefault(kind, {})
        number = known.setdefault(private, len(known) + 1)
        if kind in _BARE:
            return f"{kind}-{number}"
        return f"<{kind}>" if number == 1 else f"<{kind} {number}>"

    def of_device(self, uuid: str) -> str:
        """`GPU-1` for a whole UUID, and for the start of one that is known."""
        kind = "MIG" if uuid.startswith("MIG") else "GPU"
        known = self._numbers.get(kind, {})
        whole = next((k for k in known if k.lower().startswith(uuid.lower())), uuid)
        return self.of(kind, whole)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Those of which something was replaced."""
        return tuple(self._numbers)
