from pathlib import Path

import pytest

from rigcheck.facts import Absent, Found, Reason, value_of
from rigcheck.probes.sshd_config import (
    Hidden,
    Setting,
    SshdConfig,
    parse_sshd_config,
    read_sshd_config,
)
from tests.probes.trees import write_tree


def config(*entries: Setting | Hidden) -> SshdConfig:
    return SshdConfig(entries=entries, source="sshd_config")


def config_in(root: Path, files: dict[str, str]) -> SshdConfig:
    read = read_sshd_config(write_tree(root, files))
    assert isinstance(read, Found)
    return read.value


@pytest.mark.parametrize(
    "line", ["Port 2222", "  port\t2222  # why", "Port=2222", "Port = 2222", 'PORT "2222"']
)
def test_a_line_is_read_however_it_is_written(line: str) -> None:
    assert parse_sshd_config(line) == (Setting(keyword="port", value="2222"),)


def test_comments_and_match_blocks_are_left_out() -> None:
    text = "# Port 1\n\nUsePAM yes\nMatch User ann\n  PasswordAuthentication no\n"
    assert parse_sshd_config(text) == (Setting(keyword="usepam", value="yes"),)


def test_the_first_value_wins() -> None:
    no, yes = (Setting(keyword="usepam", value=value) for value in ("NO", "yes"))
    assert value_of(config(no, yes).first("UsePAM", default="x")) == "no"


def test_either_name_of_a_setting_counts() -> None:
    old = Setting(keyword="challengeresponseauthentication", value="no")
    names = ("KbdInteractiveAuthentication", "ChallengeResponseAuthentication")
    assert value_of(config(old).first(*names, default="yes")) == "no"


def test_without_a_line_the_default_holds() -> None:
    assert value_of(config().first("UsePAM", default="no")) == "no"


def test_a_hidden_file_before_the_line_may_have_set_it() -> None:
    yes = Setting(keyword="usepam", value="yes")
    hidden = Hidden(path="/etc/ssh/sshd_config.d/50-cloud-init.conf")
    unknown = config(hidden, yes).first("UsePAM", default="no")
    assert isinstance(unknown, Absent)
    assert (unknown.reason, unknown.source) == (Reason.NO_PERMISSION, hidden.path)


def test_a_hidden_file_after_the_line_cannot_change_it() -> None:
    yes = Setting(keyword="usepam", value="yes")
    assert value_of(config(yes, Hidden(path="x")).first("UsePAM", default="no")) == "yes"


def test_ports_add_up() -> None:
    ports = (Setting(keyword="port", value="22"), Setting(keyword="port", value="2222"))
    assert config(*ports).all("Port") == ("22", "2222")


def test_drop_ins_stand_in_the_place_of_their_include(tmp_path: Path) -> None:
    files = {
        "etc/ssh/sshd_config": "Include /etc/ssh/sshd_config.d/*.conf\n"
        "PasswordAuthentication yes\n",
        "etc/ssh/sshd_config.d/10-keys.conf": "PasswordAuthentication no\n",
        "etc/ssh/sshd_config.d/README": "PasswordAuthentication maybe\n",
    }
    read = config_in(tmp_path, files)
    assert value_of(read.first("PasswordAuthentication", default="yes")) == "no"


def test_drop_ins_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    files = {
        "etc/ssh/sshd_config": "Include sshd_config.d/*.conf\n",
        "etc/ssh/sshd_config.d/20-b.conf": "Port 20\n",
        "etc/ssh/sshd_config.d/10-a.conf": "Port 10\n",
    }
    assert config_in(tmp_path, files).all("Port") == ("10", "20")


def test_a_match_block_of_a_drop_in_ends_with_it(tmp_path: Path) -> None:
    files = {
        "etc/ssh/sshd_config": "Include sshd_config.d/*.conf\nPort 2222\n",
        "etc/ssh/sshd_config.d/10-ann.conf": "Match User ann\nPort 1\n",
    }
    assert config_in(tmp_path, files).all("Port") == ("2222",)


def test_a_file_that_includes_itself_ends(tmp_path: Path) -> None:
    files = {"etc/ssh/sshd_config": "Port 1\nInclude sshd_config\n"}
    assert set(config_in(tmp_path, files).all("Port")) == {"1"}


def test_what_cannot_be_read_is_remembered_in_its_place(tmp_path: Path) -> None:
    files = {"etc/ssh/sshd_config": "Include sshd_config.d/*.conf\nUsePAM yes\n"}
    # A directory instead of a file: unreadable for root as well, whom no mode stops.
    unreadable = tmp_path / "etc/ssh/sshd_config.d/50-cloud-init.conf"
    unreadable.mkdir(parents=True)
    read = config_in(tmp_path, files)
    assert read.hidden == (str(unreadable),)
    assert isinstance(read.first("UsePAM", default="no"), Absent)


def test_the_distributions_file_serves_where_etc_has_none(tmp_path: Path) -> None:
    assert config_in(tmp_path, {"usr/etc/ssh/sshd_config": "Port 7\n"}).all("Port") == ("7",)


def test_without_a_server_there_is_no_configuration(tmp_path: Path) -> None:
    read = read_sshd_config(tmp_path)
    assert isinstance(read, Absent)
    assert read.reason is Reason.NOT_THERE
