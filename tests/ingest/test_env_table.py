"""detectron2's table, and what surrounds a program."""

from rigcheck.facts import value_of
from rigcheck.ingest.env_table import parse_env_table
from rigcheck.ingest.surroundings import parse_surroundings
from rigcheck.ingest.text import Text

TABLE = """\
Python                  3.6.10 |Anaconda, Inc.|
detectron2              0.2.1 @/opt/detectron2
detectron2 arch flags   7.5
PyTorch                 1.5.0 @/opt/torch
GPU available           True
GPU 0,1                 GeForce GTX TITAN X (arch=5.2)
torchvision             0.6.0a0+82fd1c8 @/opt/torchvision
torchvision arch flags  3.5, 5.0, 6.0
"""


def test_the_table_tells_torch_cards_and_the_code_in_the_extension() -> None:
    rig = parse_env_table(Text(TABLE))
    assert value_of(rig.torch.version) == "1.5.0"
    assert value_of(rig.torch.cuda_available) is True
    (extension,) = value_of(rig.frameworks.extensions) or ()
    assert (extension.name, value_of(extension.arch_list)) == ("detectron2", ("sm_75",))
    gpus = value_of(rig.nvml.gpus) or ()
    assert [value_of(gpu.compute_capability) for gpu in gpus] == ["5.2", "5.2"]


def test_columns_of_another_tool_are_none() -> None:
    assert parse_env_table(Text("Python   3.6\nPyTorch  1.5.0\n")) == parse_env_table(Text(""))


def test_ldd_and_echo_tell_what_the_loader_takes() -> None:
    rig = parse_surroundings(
        Text(
            "$ ldd /e/site-packages/nvidia/cusparse/lib/libcusparse.so.12\n"
            "\tlibnvJitLink.so.12 => /usr/local/cuda-12.1/lib64/libnvJitLink.so.12 (0x00007)\n"
            "\tlibc.so.6 => /lib/libc.so.6 (0x00007)\n$ echo $LD_LIBRARY_PATH\n/usr/local/x:\n"
        )
    )
    names = [library.name for library in value_of(rig.torch.loaded_libraries) or ()]
    assert names == ["libcusparse.so.12", "libnvJitLink.so.12"]
    assert value_of(rig.environment.ld_library_path) == "/usr/local/x:"
