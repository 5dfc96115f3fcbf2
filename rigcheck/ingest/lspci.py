"""`lspci`, with -nn and -k: NVIDIA's GPUs on the bus and the driver that holds each.

```
01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GM206 [GeForce GTX 960] [10de:1401]
        Kernel driver in use: nouveau
```
"""

import itertools
import re

from rigcheck.facts import NOT_ASKED, Absent, Fact, Found, Pci, PciGpu, Reason, Rig
from rigcheck.ingest.smi_table import MOST_GPUS
from rigcheck.ingest.text import Text, sections

_DEVICE = re.compile(
    r"^(?P<bus>(?:[0-9a-f]{4}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]) "
    r"(?P<class>[A-Z][^:\n]{3,60}): (?P<name>[^\n]+)$",
    re.MULTILINE,
)
_MOST_DEVICES = 4_096
_MOST_LISTED = 4 * MOST_GPUS
"""A text may list a bus more than once."""
_GPU_CLASSES = ("VGA compatible controller", "3D controller", "Display controller")
_ID = re.compile(r"\[(10de:[0-9a-f]{4})\]")
_IN_USE = re.compile(r"Kernel driver in use: (\S+)")
_WHOLE_LIST = 5
"""With this many devices, a bridge among them, it is the list of the whole bus."""


def parse_lspci(text: Text) -> Rig:
    """The NVIDIA GPUs; none of them in the list of a whole bus means that there is none."""
    devices = list(itertools.islice(_DEVICE.finditer(text.content), _MOST_DEVICES))
    if not devices:
        return Rig()
    cards = (
        _gpu(text, device, end)
        for device, end in sections(devices, devices[-1].end() + 2_000)
        if device["class"].startswith(_GPU_CLASSES) and "NVIDIA" in device["name"]
    )
    by_place = {card.pci_bus_id: card for card in itertools.islice(cards, _MOST_LISTED)}
    gpus = tuple(itertools.islice(by_place.values(), MOST_GPUS))
    has_bridge = any("bridge" in device["class"] for device in devices)
    if not gpus and (len(devices) < _WHOLE_LIST or not has_bridge):
        return Rig()
    source = text.source(*devices[0].span())
    return Rig(pci=Pci(nvidia_gpus=Found(gpus, source)))


def _gpu(text: Text, device: re.Match[str], end: int) -> PciGpu:
    number = _ID.search(device["name"])
    name = device["name"].removeprefix("NVIDIA Corporation ")
    name = re.sub(r" \[10de:[0-9a-f]{4}\]| \(rev [0-9a-f]{2}\)| \(prog-if [^)]*\)", "", name)
    bus = device["bus"] if device["bus"].count(":") > 1 else f"0000:{device['bus']}"
    return PciGpu(
        pci_bus_id=bus,
        device_id=number[1] if number else "10de:",
        name=text.found(name.strip(), device),
        kernel_driver=_driver(text, device, end),
    )


def _driver(text: Text, device: re.Match[str], end: int) -> Fact[str]:
    details = text.content[device.end() : end]
    match = _IN_USE.search(text.content, device.end(), end)
    if match:
        return text.found(match[1], match)
    if "Kernel modules:" in details or "Subsystem:" in details:
        return Absent(Reason.NOT_THERE, text.source(*device.span()), "no driver is bound")
    return NOT_ASKED
