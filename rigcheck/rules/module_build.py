"""Why the kernel module is not loaded: not built for this kernel, or refused by Secure Boot."""

from collections.abc import Iterator

from rigcheck.facts import Absent, Found, Reason, Rig, is_known_absent, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import log_line, passed, skipped, told, unknown
from rigcheck.rules.grounds import without_gpu
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.remedies.driver_choice import VERIFY
from rigcheck.rules.remedies.kernel_module import build_module, distribution_family
from rigcheck.rules.rule import Judgement, rule

_GUIDE = "https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/"
_REJECTED = "module-rejected"


@rule(
    "kernel-module-not-built",
    group="driver",
    needs=("host", "pci", "driver", "nvml"),
    link=f"{_GUIDE}kernel-modules.html",
)
def kernel_module_not_built(rig: Rig) -> Iterator[Judgement]:
    """The driver is installed, but its kernel module was not built for the kernel that runs.

    It happens after a kernel update without the new kernel's headers, or where the build failed.
    The driver's libraries are there, and among the running kernel's modules there is no nvidia.
    """
    yield _without_question(rig) or _judge_build(rig)


def _judge_build(rig: Rig) -> Judgement:
    on_disk, library = rig.driver.module_on_disk_version, rig.driver.library_version
    both = (told("module on disk", on_disk), told("libraries", library))
    if isinstance(on_disk, Found):
        return passed(f"a module of driver {on_disk.value} lies ready for this kernel", *both)
    if is_known_absent(library):
        return skipped("no NVIDIA driver is installed", *both)
    if not is_known_absent(on_disk) or not isinstance(library, Found):
        return unknown(
            "whether there is a module for this kernel could not be told",
            *both,
            tells="The kernel's own list of modules tells it",
            commands=("modinfo -F version nvidia",),
        )
    kernel = value_of(rig.host.kernel_release) or "the running kernel"
    return Judgement(
        verdict=Verdict.FAIL,
        headline=f"the NVIDIA kernel module is not built for {kernel}",
        evidence=(*both, told("kernel", rig.host.kernel_release)),
        remedy=build_module(rig),
    )


@rule(
    "secure-boot-blocks-module",
    group="driver",
    needs=("host", "pci", "driver", "nvml", "kernel_log"),
    link="https://wiki.debian.org/SecureBoot#MOK_-_Machine_Owner_Key",
)
def secure_boot_blocks_module(rig: Rig) -> Iterator[Judgement]:
    """Secure Boot is on, and the kernel refuses a module that no enrolled key has signed.

    It looks like a missing driver. The firmware's variable tells whether Secure Boot is on, the
    kernel's log whether a module was rejected. Without the log it is only likely: the module lies
    ready and is not loaded.
    """
    yield _without_question(rig) or _judge_secure_boot(rig)


def _judge_secure_boot(rig: Rig) -> Judgement:
    secure_boot, on_disk = rig.host.secure_boot, rig.driver.module_on_disk_version
    told_of_boot = told("Secure Boot", secure_boot)
    if isinstance(secure_boot, Absent) and secure_boot.reason is Reason.NOT_APPLICABLE:
        return passed("started without UEFI, so without Secure Boot", told_of_boot)
    if value_of(secure_boot) is False:
        return passed("Secure Boot is off", told_of_boot)
    if is_known_absent(on_disk):
        return skipped("there is no module to refuse", told("module on disk", on_disk))
    if not isinstance(secure_boot, Found):
        return unknown(
            "whether Secure Boot refuses the module could not be told",
            told_of_boot,
            tells="The firmware's own tool tells whether it is on",
            commands=("mokutil --sb-state",),
        )
    return _refused(rig, (told_of_boot, told("module on disk", on_disk)))


def _refused(rig: Rig, evidence: tuple[Evidence, ...]) -> Judgement:
    log = rig.kernel_log
    rejection = next((m for m in value_of(log.messages) or () if m.id == _REJECTED), None)
    if rejection is not None:
        return Judgement(
            verdict=Verdict.FAIL,
            headline="Secure Boot keeps the NVIDIA kernel module from being loaded",
            evidence=(*evidence, log_line(rejection, log.messages.source)),
            remedy=_enrol(rig),
        )
    if value_of(log.reaches_boot):
        return passed("the kernel's log tells of no module that was rejected", *evidence)
    return Judgement(
        verdict=Verdict.WARN,
        headline="Secure Boot is on, and may be why the NVIDIA kernel module is not loaded",
        evidence=(*evidence, told("kernel log", log.messages)),
        remedy=_enrol(rig),
    )


def _without_question(rig: Rig) -> Judgement | None:
    """What both rules say where the module is loaded, or not this system's to load."""
    module = rig.driver.module_version
    if isinstance(module, Found):
        return passed(f"NVIDIA kernel module {module.value} is loaded", told("module", module))
    if isinstance(rig.nvml.driver_version, Found):
        return passed("the NVIDIA driver answers", told("driver", rig.nvml.driver_version))
    if place_of(rig) is not Place.HOST:
        return skipped("the kernel is not this system's own")
    nothing = without_gpu(rig)
    if nothing is not None or is_known_absent(module):
        return nothing
    return skipped("whether the module is loaded could not be told", told("module", module))


def _enrol(rig: Rig) -> Remedy:
    key = _KEYS.get(distribution_family(rig), "KEY.der")
    if value_of(rig.host.distribution_id) == "ubuntu":
        key = "/var/lib/shim-signed/mok/MOK.der"
    return Remedy(
        text="Enrol the key that signs the module: mokutil asks for a password of your own, and at "
        "the next start a blue screen (`Enroll MOK`) asks for it again, at the machine itself. Or "
        "switch Secure Boot off in the firmware's set-up",
        commands=(f"sudo mokutil --import {key}", "sudo reboot"),
        verify=VERIFY,
    )


# Where dkms and akmods keep the public half of the key they sign with.
_KEYS = {
    "debian": "/var/lib/dkms/mok.pub",
    "fedora": "/etc/pki/akmods/certs/public_key.der",
    "arch": "/var/lib/dkms/mok.pub",
}
