"""Whether an SSH server listens, where, and whether it lets in with a password."""

from pathlib import Path

from rigcheck.facts import Absent, Fact, Found, Reason, value_of
from rigcheck.probes.sockets import read_listening, socket_text
from rigcheck.probes.sshd_config import SshdConfig

_DEFAULT_PORT = 22
_PASSWORD_METHODS = ("password", "keyboard-interactive")


def read_listen_addresses(root: Path, config: Fact[SshdConfig]) -> Fact[tuple[str, ...]]:
    """The listening sockets on the ports that sshd is configured for.

    Which process holds a socket only root may see, so that the port is what tells.
    """
    if not isinstance(config, Found):
        return config
    sockets = read_listening(root)
    if not isinstance(sockets, Found):
        return sockets
    ports = ports_of(config.value)
    addresses = tuple(socket_text(s) for s in sockets.value if s[1] in ports)
    if addresses:
        return Found(addresses, f"{sockets.source}, {config.source}")
    if config.value.hidden:
        return Absent(Reason.NO_PERMISSION, config.value.hidden[0], "Port may be set there")
    listed = ", ".join(str(port) for port in sorted(ports))
    return Absent(Reason.NOT_THERE, sockets.source, f"nothing listens on port {listed}")


def ports_of(config: SshdConfig) -> frozenset[int]:
    """Every port it may listen on: those of `ListenAddress`, else of `Port`, else 22."""
    ports = [int(port) for port in config.all("Port") if port.isdecimal()] or [_DEFAULT_PORT]
    addresses = config.all("ListenAddress")
    if not addresses:
        return frozenset(ports)
    own = [_port_of(address) for address in addresses]
    return frozenset(port for port in own if port is not None) | (
        frozenset(ports) if None in own else frozenset()
    )


def password_login(config: Fact[SshdConfig]) -> Fact[bool]:
    """Whether a password alone lets in, by the method `password` or through PAM's dialogue.

    The dialogue (keyboard-interactive) asks for the password where PAM is used.
    """
    if not isinstance(config, Found):
        return config
    sshd = config.value
    settings = {
        "direct": sshd.first("PasswordAuthentication", default="yes"),
        "dialogue": sshd.first(
            "KbdInteractiveAuthentication", "ChallengeResponseAuthentication", default="yes"
        ),
        "pam": sshd.first("UsePAM", default="no"),
        "methods": sshd.first("AuthenticationMethods", default="any"),
    }
    for setting in settings.values():
        if isinstance(setting, Absent):
            return setting
    value = {name: value_of(setting) or "" for name, setting in settings.items()}
    offered = value["direct"] == "yes" or value["dialogue"] == value["pam"] == "yes"
    return Found(offered and suffices(value["methods"]), settings["direct"].source)


def suffices(authentication_methods: str) -> bool:
    """Whether one of the alternatives asks for nothing but a password.

    `any` does; `publickey,password` asks for a key as well.
    """
    if authentication_methods == "any":
        return True
    alternatives = (alternative.split(",") for alternative in authentication_methods.split())
    return any(
        all(method.partition(":")[0] in _PASSWORD_METHODS for method in alternative)
        for alternative in alternatives
    )


def _port_of(listen_address: str) -> int | None:
    """`10.0.0.5:2222`, `[::1]:2222` → 2222; `10.0.0.5`, `::1`, `host` → None."""
    before, colon, port = listen_address.partition(" ")[0].rpartition(":")
    has_port = colon and port.isdecimal() and (":" not in before or before.endswith("]"))
    return int(port) if has_port else None
