"""What is to be done, and where to read of it, on the page."""

from collections.abc import Iterator

from rigcheck.findings import Remedy
from rigcheck.report.formats.markup import Child, Markup, content, tag

_PUBLIC_SCHEMES = ("https://", "http://")


def steps(remedy: Remedy) -> Iterator[Child]:
    """The commands of a remedy, and the one that shows whether it worked."""
    if remedy.commands:
        yield _commands(remedy.commands)
    if remedy.verify:
        yield tag("p", "Then see that it worked:")
        yield _commands((remedy.verify,))


def _commands(commands: tuple[str, ...]) -> Markup:
    # A command is a line: whatever breaks one within it is shown, not done.
    lines = "\n".join(command.replace("\n", " ") for command in commands)
    return tag("div", tag("pre", tag("code", lines)), class_="commands")


def link(address: str) -> Markup:
    """A link that shows where it leads; plain text where it is no address of the web."""
    if not address.startswith(_PUBLIC_SCHEMES):
        return content(address)
    return tag("a", address, href=address, rel="noopener noreferrer")
