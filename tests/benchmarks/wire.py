"""Post many requests over a few open connections, as cheaply as it goes: the load must not be what is measured."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

OK = 200


@dataclass(frozen=True, slots=True)
class Request:
    """What is posted, and with which headers."""

    path: str
    body: bytes
    headers: dict[str, str]

    def encoded(self, host: str) -> bytes:
        """The request as it goes over the wire."""
        lines = {"Host": host, "Content-Length": str(len(self.body))} | self.headers
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"POST {self.path} HTTP/1.1\r\n{head}\r\n".encode() + self.body


@dataclass
class Load:
    """How it went: the milliseconds of each answer, how many were not 200 or came with words, the seconds of all."""

    took: list[float] = field(default_factory=list)
    refused: int = 0
    worded: int = 0
    seconds: float = 0.0

    def at(self, part: float) -> float:
        """The milliseconds within which a part of the answers came."""
        return sorted(self.took)[min(int(len(self.took) * part), len(self.took) - 1)]


async def post_all(url: str, requests: Iterable[Request], connections: int) -> Load:
    """Post the requests in order, one after the other on each of so many connections."""
    address, waiting, load = urlsplit(url), iter(list(requests)), Load()

    async def on_one_connection() -> None:
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        for request in waiting:
            begun = time.perf_counter()
            try:
                writer.write(request.encoded(address.netloc))
                status, length, closes = await _answer(reader)
            except (ConnectionError, asyncio.IncompleteReadError):  # it stood idle too long, and was closed
                reader, writer = await asyncio.open_connection(address.hostname, address.port)
                writer.write(request.encoded(address.netloc))
                status, length, closes = await _answer(reader)
            load.took.append((time.perf_counter() - begun) * 1e3)
            load.refused += status != OK
            load.worded += length > 0
            if closes:
                writer.close()
                reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(on_one_connection() for _ in range(connections)))
    load.seconds = time.perf_counter() - begun
    return load


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int, bool]:
    """Read one answer to its end; its status, how long it is, and whether the server closes behind it."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0].strip() or 0)
    if b"transfer-encoding: chunked" in head:
        while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
            await reader.readexactly(size + 2)
        await reader.readuntil(b"\r\n")
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1]), length, b"\r\nconnection: close\r\n" in head
