"""What is mapped into a process."""

from rigcheck.target.mapped_files import parse_maps

MAPS = """\
7f1 r-xp 0 08:01 12 /opt/venv/lib/python3.12/site-packages/nvidia/cudnn/lib/libcudnn.so.9
7f2 r--p 0 08:01 12 /opt/venv/lib/python3.12/site-packages/nvidia/cudnn/lib/libcudnn.so.9
7f5 r-xp 0 08:01 15 /usr/lib/x86_64-linux-gnu/libcuda.so.580.95.05
7f6 r-xp 0 08:01 16 /home/ada/my libraries/libcublas.so.12
7f7 rw-p 0 00:00 0
7f7 r--p 0 08:01 17 /usr/lib/locale/locale-archive
7f8 r--p 0 00:00 0                          [vvar]
"""


def test_shared_libraries_are_told_each_once_with_spaces_in_their_paths() -> None:
    assert parse_maps(MAPS) == [
        "/home/ada/my libraries/libcublas.so.12",
        "/opt/venv/lib/python3.12/site-packages/nvidia/cudnn/lib/libcudnn.so.9",
        "/usr/lib/x86_64-linux-gnu/libcuda.so.580.95.05",
    ]
