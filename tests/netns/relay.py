"""A real coturn in the server's namespace: TURN over UDP and TCP on 3478, over TLS on 443."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from typing import TYPE_CHECKING, Self

from server.tls import ensure_certificate
from tests.fakes.serving import Serve
from tests.netns.namespace import TOOLS
from tests.netns.network import TURN

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "relay-of-the-tests"  # shared with the server, which makes credentials from it that end by themselves
URLS = (f"turn:{TURN}:3478?transport=udp", f"turns:{TURN}:443?transport=tcp")


class Relay:
    """A context manager: answers while it is open. `config` is the server's settings file that names it."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "relay.toml"
        self.config.write_text(f"turn_urls = {list(URLS)!r}\nturn_secret = '{SECRET}'\n")
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        program = shutil.which("turnserver", path=TOOLS)
        assert program, "coturn is not installed: apt-get install coturn"
        certificate, key, _ = ensure_certificate(self._folder / "relay-tls", ["localhost"], [TURN], time.time())
        command = [
            program, "-n", f"--listening-ip={TURN}", f"--relay-ip={TURN}", "--listening-port=3478",
            "--tls-listening-port=443", "--no-dtls", "--fingerprint", "--use-auth-secret", "--realm=tongke",
            f"--static-auth-secret={SECRET}", f"--cert={certificate}", f"--pkey={key}", "--no-cli", "--no-rfc5780",
            "--no-software-attribute", "--log-file=stdout", f"--pidfile={self._folder / 'relay.pid'}",
            f"--userdb={self._folder / 'relay.db'}",
        ]  # fmt: skip
        with (self._folder / "relay.log").open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=self._folder)
        Serve.wait(self._answers, 20, "coturn to listen on 443")
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self._folder / "relay.log").read_text(errors="replace")[-2000:]
        with contextlib.suppress(OSError):
            socket.create_connection((TURN, 443), timeout=1).close()
            return True
        return False
