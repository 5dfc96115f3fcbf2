"""Runs in a child: asks NVML, and tells what it hears piece by piece, so that nothing is lost.

What has not been asked yet is `NOT_ASKED`: a driver which kills or holds us leaves behind what it
had told before, and how far it came.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import msgspec

from rigcheck import nvml
from rigcheck.facts import Fact, Found, Gpu, GpuPair, Nvml, value_of
from rigcheck.gpu import card, driver
from rigcheck.gpu.driver import Handle
from rigcheck.gpu.topology import gpu_pair
from rigcheck.probes.probe import fill_unasked

Stage: TypeAlias = Callable[[str], None]
News: TypeAlias = Nvml | Gpu
"""The part, or one of its GPUs, with all that is known of it by then."""


def read_news(library: str, root: Path, stage: Stage) -> Iterator[News]:
    """Yields what is known, each time that there is more; the last is the whole part."""
    stage("loading NVML")
    refusal = nvml.load(library)
    if refusal is not None:
        yield fill_unasked(Nvml(), refusal)
        return
    part = _library_alone()
    yield part
    stage("initialising NVML")
    with nvml.initialised() as refusal:
        if refusal is not None:
            yield fill_unasked(part, refusal)
        else:
            yield from _read_driver(part, root, stage)


def _library_alone() -> Nvml:
    """What the library tells before it is initialised. That of driver 470 tells nothing yet."""
    version = driver.nvml_version()
    return Nvml(nvml_version=version) if isinstance(version, Found) else Nvml()


def _read_driver(part: Nvml, root: Path, stage: Stage) -> Iterator[News]:
    stage("asking NVML for versions")
    part = msgspec.structs.replace(
        part,
        nvml_version=driver.nvml_version(),
        driver_version=driver.driver_version(),
        cuda_version=driver.cuda_version(),
    )
    count = driver.gpu_count()
    if not isinstance(count, Found):
        yield msgspec.structs.replace(part, gpus=count, gpu_pairs=count)
        return
    cards = _Cards(count.value, root, stage)
    yield msgspec.structs.replace(part, gpus=Found(tuple(cards.gpus), count.source))
    yield from cards.read()
    stage("asking NVML how the GPUs reach one another")
    pairs = tuple(cards.read_pairs())
    told = Found(tuple(cards.gpus), count.source)
    yield msgspec.structs.replace(part, gpus=told, gpu_pairs=Found(pairs, count.source))


class _Cards:
    """The GPUs, and what is known of each."""

    def __init__(self, count: int, root: Path, stage: Stage) -> None:
        self.gpus = [Gpu(index=index) for index in range(count)]
        self._handles: dict[int, Handle] = {}
        self._root = root
        self._stage = stage

    def read(self) -> Iterator[Gpu]:
        for index in range(len(self.gpus)):
            yield from self._open(index)
        for groups in (card.CHEAP, card.DEAR):
            for index in self._handles:
                yield from self._read_groups(index, groups)

    def _open(self, index: int) -> Iterator[Gpu]:
        """A GPU that is lost or has no power says so in every fact."""
        self._stage(f"opening GPU {index} with NVML")
        handle = driver.gpu_handle(index)
        if isinstance(handle, Found):
            self._handles[index] = handle.value
        else:
            self.gpus[index] = fill_unasked(self.gpus[index], handle)
            yield self.gpus[index]

    def _read_groups(self, index: int, groups: Mapping[str, card.Group]) -> Iterator[Gpu]:
        for title, read in groups.items():
            self._stage(f"asking NVML about GPU {index}: {title}")
            self.gpus[index] = read(self._handles[index], self.gpus[index], self._root)
            yield self.gpus[index]

    def read_pairs(self) -> Iterator[GpuPair]:
        """Of the GPUs that could be opened and have an identity."""
        known = [(_identity(self.gpus[index]), handle) for index, handle in self._handles.items()]
        named = [(identity, handle) for identity, handle in known if identity]
        for first, second in itertools.combinations(named, 2):
            yield gpu_pair(first, second)


def _identity(gpu: Gpu) -> str:
    facts: tuple[Fact[str], ...] = (gpu.uuid, gpu.pci_bus_id)
    return next(filter(None, map(value_of, facts)), "")
