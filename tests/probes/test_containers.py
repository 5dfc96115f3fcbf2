from pathlib import Path

import pytest

from rigcheck.facts import Absent, Reason, value_of
from rigcheck.probes.containers import container_of_cgroup, parse_environ, read_container
from tests.probes.trees import recorded, write_tree

PLAIN_MOUNT = "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
LXCFS = "fuse.lxcfs lxcfs rw,user_id=0,group_id=0,allow_other\n"
LXCFS_MOUNT = f"{PLAIN_MOUNT}99 22 0:50 /proc/meminfo /proc/meminfo rw - {LXCFS}"


@pytest.fixture(autouse=True)
def outside_kubernetes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)


@pytest.mark.parametrize(
    ("files", "container"),
    [
        ({".dockerenv": ""}, "docker"),
        # Version 2 with a namespace: the cgroup says nothing, the layers do.
        (
            {
                "proc/self/cgroup": "0::/\n",
                "proc/self/mountinfo": recorded("docker-cgroup2.mountinfo"),
            },
            "docker",
        ),
        ({"proc/self/cgroup": recorded("docker-cgroup1.cgroup")}, "docker"),
        ({"run/.containerenv": ""}, "podman"),
        ({"run/systemd/container": "lxc\n"}, "lxc"),
        ({"run/systemd/container": "systemd-nspawn\n"}, "systemd-nspawn"),
        ({"proc/1/environ": "PATH=/bin\0container=lxc\0TERM=linux\0"}, "lxc"),
        ({"proc/self/mountinfo": LXCFS_MOUNT}, "lxc"),
        ({"proc/self/cgroup": "0::/kubepods/besteffort/pod1/abc\n"}, "kubernetes"),
        (
            {"var/run/secrets/kubernetes.io/serviceaccount/token": "x", ".dockerenv": ""},
            "kubernetes",
        ),
        ({".singularity.d/runscript": ""}, "apptainer"),
    ],
)
def test_each_container_is_told_by_its_sign(
    tmp_path: Path, files: dict[str, str], container: str
) -> None:
    assert value_of(read_container(write_tree(tmp_path, files))) == container


@pytest.mark.parametrize(
    "files",
    [
        {"proc/self/cgroup": "0::/user.slice/user-1000.slice/session-2.scope\n"},
        # The daemon is no container, nor is the host that serves lxcfs, nor a live system.
        {"proc/self/cgroup": "4:memory:/system.slice/docker.service\n"},
        {"proc/self/mountinfo": f"{PLAIN_MOUNT}99 22 0:50 / /var/lib/lxcfs rw - {LXCFS}"},
        {"proc/self/mountinfo": "27 1 0:24 / / rw - overlay overlay rw,lowerdir=/rofs\n"},
        # systemd counts WSL among the containers.
        {"run/systemd/container": "wsl\n"},
        {"proc/1/environ": "HOME=/\0"},
    ],
)
def test_a_machine_that_only_resembles_one_is_none(tmp_path: Path, files: dict[str, str]) -> None:
    container = read_container(write_tree(tmp_path, files))
    assert isinstance(container, Absent)
    assert container.reason is Reason.NOT_THERE


def test_a_pod_is_known_by_its_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    assert value_of(read_container(tmp_path)) == "kubernetes"


def test_podmans_scope_is_told_by_its_cgroup() -> None:
    path = f"0::/user.slice/libpod-{'ab' * 32}.scope/container"
    assert container_of_cgroup(path) == "podman"


def test_a_variable_is_taken_whole() -> None:
    assert parse_environ("xcontainer=a\0container=b=c\0", "container") == "b=c"
    assert parse_environ("xcontainer=a\0", "container") == ""
