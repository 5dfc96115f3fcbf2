"""A text of any mixture to one partial rig."""

from collections.abc import Callable

from rigcheck.errors import UsageError
from rigcheck.facts import Rig, value_of
from rigcheck.ingest.collect_env import parse_collect_env
from rigcheck.ingest.cpuinfo import parse_cpuinfo
from rigcheck.ingest.dkms import parse_dkms
from rigcheck.ingest.env_table import parse_env_table
from rigcheck.ingest.firmware import parse_firmware
from rigcheck.ingest.kernel_log import parse_kernel_log
from rigcheck.ingest.lscpu import parse_lscpu
from rigcheck.ingest.lspci import parse_lspci
from rigcheck.ingest.merge import merge
from rigcheck.ingest.messages import parse_messages
from rigcheck.ingest.nvcc import parse_nvcc
from rigcheck.ingest.packages import parse_packages
from rigcheck.ingest.peer_copies import parse_peer_copies
from rigcheck.ingest.pip_commands import parse_pip_commands
from rigcheck.ingest.prose import parse_prose
from rigcheck.ingest.smi_csv import parse_smi_csv
from rigcheck.ingest.smi_list import parse_smi_list
from rigcheck.ingest.smi_query import parse_smi_query
from rigcheck.ingest.smi_table import parse_cut_names, parse_smi_table
from rigcheck.ingest.smi_xml import parse_smi_xml
from rigcheck.ingest.stated import parse_stated
from rigcheck.ingest.step_times import parse_step_times
from rigcheck.ingest.surroundings import parse_surroundings
from rigcheck.ingest.text import Text
from rigcheck.ingest.topology import parse_topology
from rigcheck.ingest.uname import parse_uname

# The most direct first: where two contradict each other, the driver's own words count more than a
# tool that copied them, and both more than what somebody wrote from memory.
_PARSERS: tuple[Callable[[Text], Rig], ...] = (
    parse_smi_xml,
    parse_smi_query,
    parse_smi_csv,
    parse_smi_list,
    parse_smi_table,
    parse_kernel_log,
    parse_messages,
    parse_nvcc,
    parse_uname,
    parse_lspci,
    parse_cpuinfo,
    parse_lscpu,
    parse_surroundings,
    parse_collect_env,
    parse_env_table,
    parse_packages,
    parse_firmware,
    parse_topology,
    parse_step_times,
    parse_peer_copies,
    parse_cut_names,
    parse_stated,
    parse_prose,
    parse_pip_commands,
)


def read_rig(text: Text) -> Rig:
    """The rig that a text tells of.

    Raises:
        UsageError: if nothing in it tells of a machine.
    """
    rig = merge(parse(text) for parse in _PARSERS)
    rig = merge((rig, parse_dkms(text, value_of(rig.host.kernel_release))))
    if rig == Rig():
        raise UsageError(
            "nothing in this text tells of a machine",
            hint="paste what `python -m torch.utils.collect_env`, `nvidia-smi` or `lscpu` prints, "
            "or the error message",
        )
    return rig
