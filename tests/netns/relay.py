"""Debian's coturn with the configuration that we ship, in the namespace of this thread."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

from server.tls import ensure_certificate
from tests.fakes.serving import Serve
from tests.netns.namespace import TOOLS
from tests.netns.network import SERVER, SERVER_6, TURN

SHIPPED = Path(__file__).parents[2] / "deploy" / "coturn" / "turnserver.conf"
SECRET = "secret of the relay in tests"
URLS = (
    f"turn:{TURN}:3478?transport=udp",
    f"turn:{TURN}:3478?transport=tcp",
    f"turns:{TURN}:443?transport=tcp",
)


class Relay:
    """A context manager: answers while it is open. `config` is a settings file for `tongke serve --config`."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "relay.toml"
        self.config.write_text(f"turn_urls = {list(URLS)!r}\nturn_secret = '{SECRET}'\n")
        self._folder = folder
        self._log = folder / "relay.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        program = shutil.which("turnserver", path=TOOLS)
        assert program, "coturn is not installed: apt-get install coturn"
        own = self._folder / "turnserver.conf"
        own.write_text(self._filled_in())
        command = [program, "-c", str(own), f"--pidfile={self._folder / 'relay.pid'}", "--log-file=stdout"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=self._folder)
        Serve.wait(self._answers, 20, "coturn to listen on 443")
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)

    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def _filled_in(self) -> str:
        certificate, key, _ = ensure_certificate(self._folder / "relay-tls", ["localhost"], [TURN], time.time())
        text = SHIPPED.read_text()
        for placeholder, value in {
            "=RELAY-ADDRESS": f"={TURN}",
            "allowed-peer-ip=MEDIA-ADDRESS": f"allowed-peer-ip={SERVER}\nallowed-peer-ip={SERVER_6}",
            "=CERTIFICATE-FILE": f"={certificate}",
            "=KEY-FILE": f"={key}",
            "=SHARED-SECRET": f"={SECRET}",
            "\nno-stdout-log\nsyslog": "",  # where a test can read it
        }.items():
            assert placeholder in text, placeholder
            text = text.replace(placeholder, value)
        return text + f"userdb={self._folder / 'relay.db'}\n"

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log()[-2000:]
        with contextlib.suppress(OSError):
            socket.create_connection((TURN, 443), timeout=1).close()
            return True
        return False
