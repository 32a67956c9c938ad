"""Small real pictures."""

import struct
import zlib


def png(width: int = 4, height: int = 3, extra: bytes = b"") -> bytes:
    """A black PNG of a size; `extra` bytes make it larger without changing what it shows."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows = zlib.compress(b"".join(b"\x00" + bytes(width) for _ in range(height)))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"IDAT", rows)
        + (chunk(b"teXt", extra) if extra else b"")
        + chunk(b"IEND", b"")
    )


def jpeg(width: int = 640, height: int = 480) -> bytes:
    """The beginning of a JPEG of a size."""
    comment = b"\xff\xfe" + struct.pack(">H", 4) + b"hi"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
    return b"\xff\xd8" + comment + frame + b"\xff\xd9"
