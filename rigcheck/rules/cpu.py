"""Has the CPU the instructions that the installed libraries use?"""

from collections.abc import Iterator

from rigcheck import versions
from rigcheck.facts import Fact, Found, Rig, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.knowledge import cpu_needs
from rigcheck.knowledge.cpu_needs import Need
from rigcheck.rules.evidence import from_table, passed, skipped, told, unknown
from rigcheck.rules.places import platform_of
from rigcheck.rules.remedies.python_packages import installer_for, verify_with
from rigcheck.rules.rule import Judgement, rule

_WIDEST = (("avx512f", "AVX-512"), ("avx2", "AVX2"), ("avx", "AVX"), ("sse4_2", "SSE4.2"))


@rule(
    "cpu-lacks-instructions",
    group="cpu",
    needs=("host", "cpu", "python", "torch"),
    link="https://github.com/pytorch/pytorch/issues/116623",
)
def cpu_lacks_instructions(rig: Rig) -> Iterator[Judgement]:
    """An installed library uses instructions that this CPU does not have, and dies of SIGILL.

    The CPU's flags are held against what each library's wheels were measured to need. torch needs
    SSE4.1 and no AVX2: it chooses its kernels at run time, so a CPU without AVX2 is slower and not
    broken. A virtual machine may hide flags that its host has.
    """
    flags = _flags(rig)
    installed = _installed(rig)
    if platform_of(rig) != "x86_64":
        yield skipped("the tables tell of x86-64 only", told("CPU", rig.host.architecture))
        return
    if not installed:
        yield skipped("no library with known needs is installed")
        return
    if not isinstance(flags, Found):
        yield unknown(
            "the instruction sets of this CPU could not be told",
            told("CPU flags", flags),
            tells="The kernel lists them",
            commands=("grep -m1 ^flags /proc/cpuinfo",),
        )
        return
    lacks = [(need, v) for need, v in installed if not set(need.flags) <= set(flags.value)]
    for need, version in lacks:
        yield _lacks(rig, need, version)
    if not lacks:
        yield passed(f"{_model(rig)} has what {_names(installed)} need{_kernels(rig)}", _cpu(rig))


def _flags(rig: Rig) -> Fact[tuple[str, ...]]:
    """Those that the interpreter sees by CPUID, else the kernel's list.

    Under an emulator of another CPU the kernel's is that of the machine around it.
    """
    return rig.python.cpu_flags if isinstance(rig.python.cpu_flags, Found) else rig.cpu.flags


def _installed(rig: Rig) -> list[tuple[Need, str]]:
    """Each need of each library that is installed, with the library's version."""
    found = {d.name: d.version for d in value_of(rig.python.distributions) or ()}
    torch = value_of(rig.torch.installed_version)
    if torch is not None:
        found["torch"] = torch
    return [
        (need, version)
        for package, version in found.items()
        for need in cpu_needs.needs_of(package, version)
    ]


def _lacks(rig: Rig, need: Need, version: str) -> Judgement:
    missing = " ".join(flag for flag in need.flags if flag not in (value_of(_flags(rig)) or ()))
    return Judgement(
        verdict=Verdict(need.verdict),
        headline=f"{_model(rig)} lacks {missing}: {need.title} {version} needs {need.what}",
        evidence=(
            _cpu(rig),
            told("hypervisor", rig.host.hypervisor),
            from_table(f"{need.title} needs {need.what}; without, {need.effect}", need),
        ),
        remedy=_remedy(rig, need),
        subject=need.title,
    )


def _remedy(rig: Rig, need: Need) -> Remedy:
    installer = installer_for(rig)
    parts: list[str] = []
    commands: tuple[str, ...] = ()
    if isinstance(rig.host.hypervisor, Found):
        parts.append(
            "This is a virtual machine: if its host's CPU is newer, give it the host's CPU type "
            "(host-passthrough in libvirt, `host` in Proxmox and QEMU)"
        )
    if need.fix:
        parts.append(f"Install a release without the need ({need.fix})")
        commands = (*installer.prepare, installer.install([need.fix]))
    else:
        no_way = f"No wheel of {need.title} does without: use a newer CPU, or build it from source"
        parts.append(need.advice or no_way)
    return Remedy(
        text="; ".join(parts),
        commands=commands,
        verify=verify_with(installer, "cpu", "python", "torch"),
    )


def _cpu(rig: Rig) -> Evidence:
    flags = _flags(rig)
    relevant = {flag for need in cpu_needs.table().need for flag in need.flags}
    relevant |= {flag for flag, _ in _WIDEST}
    has = " ".join(flag for flag in sorted(relevant) if flag in (value_of(flags) or ()))
    return Evidence(f"CPU {_model(rig)} has {has or 'none of the sets asked for'}", flags.source)


def _kernels(rig: Rig) -> str:
    """What torch's kernels use here, which tells a slow CPU from a broken one."""
    capability = value_of(rig.torch.cpu_capability)
    if capability is not None:
        return f"; torch uses its {capability} kernels"
    flags = value_of(_flags(rig)) or ()
    widest = next((name for flag, name in _WIDEST if flag in flags), None)
    return f"; its widest vector set is {widest}" if widest else ""


def _names(installed: list[tuple[Need, str]]) -> str:
    names = {f"{need.title} {versions.minor(version)}" for need, version in installed}
    return " and ".join(sorted(names, key=str.lower))


def _model(rig: Rig) -> str:
    if _is_emulated(rig):
        return "the emulated CPU of this interpreter"
    return value_of(rig.cpu.model) or "this CPU"


def _is_emulated(rig: Rig) -> bool:
    """The interpreter sees a CPU that lacks what the machine's has."""
    seen, there = value_of(rig.python.cpu_flags), value_of(rig.cpu.flags)
    sets = {flag for flag, _ in _WIDEST}
    return seen is not None and there is not None and not sets & set(there) <= set(seen)
