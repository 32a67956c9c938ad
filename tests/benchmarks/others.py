"""The peers' environment and processes; the environment is made when it is first needed, in the temporary folder."""

import hashlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil

from tests.ports import free_port

PEERS = Path(__file__).parent / "peers"
STARTS_WITHIN = 60.0
_NO_WHEEL = "pygments-markdown-lexer"
"""Errbot needs it, and it is published as source alone."""


def python() -> Path:
    """The Python that has the peers' packages."""
    pins = PEERS / "requirements.txt"
    folder = Path(tempfile.gettempdir()) / f"regatta-peers-{hashlib.sha256(pins.read_bytes()).hexdigest()[:12]}"
    program, done = folder / "bin" / "python", folder / "done"
    if not done.exists():
        print(f"Setting up the peers in {folder}.", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        wheels = ["--require-hashes", "--only-binary", ":all:", "--no-binary", _NO_WHEEL, "--no-deps", "-r", str(pins)]
        quietly = ["-qq", "--disable-pip-version-check", "--no-cache-dir"]
        subprocess.run([program, "-m", "pip", *quietly, "install", *wheels], check=True)
        subprocess.run([program, "-m", "compileall", "-q", folder / "lib"], check=False)
        done.touch()
    return program


class Other:
    """A peer that is running."""

    def __init__(self, port: int, process: psutil.Process) -> None:
        self.url, self.process = f"http://127.0.0.1:{port}", process


@contextmanager
def running(name: str, *arguments: str) -> Iterator[Other]:
    """Run a peer's program on a free port until the block ends."""
    port = free_port()
    command = [str(python()), str(PEERS / f"{name}.py"), str(port), *arguments]
    with subprocess.Popen(command) as process:
        try:
            until = time.monotonic() + STARTS_WITHIN
            while process.poll() is None and time.monotonic() < until:
                with suppress(httpx.TransportError):
                    httpx.get(f"http://127.0.0.1:{port}/", timeout=1)
                    break
                time.sleep(0.05)
            else:
                raise AssertionError(f"{name} does not start")
            yield Other(port, psutil.Process(process.pid))
        finally:
            process.terminate()
