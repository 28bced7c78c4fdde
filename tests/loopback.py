"""Free ports on loopback, and a guard: nothing in the test process opens a connection to anywhere else."""

from __future__ import annotations

import ipaddress
import socket
import sys
from typing import Any


class OutsideLoopbackError(RuntimeError):
    """A test tried to reach a host that is not this machine."""


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def refuse_everywhere_else() -> None:
    """From now on, until the process ends, connecting or resolving outside loopback raises OutsideLoopbackError."""
    sys.addaudithook(_audit)


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address, is this machine's loopback."""
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto"} and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else str(host or "")
    if not is_loopback(name):
        raise OutsideLoopbackError(f"Tests stay on loopback; something asked for {name!r}.")
