"""How large a picture is, from its first bytes."""

import struct

PNG = b"\x89PNG\r\n\x1a\n"
_START_OF_FRAME = frozenset({0xC0, 0xC1, 0xC2, 0xC3})


def size_of(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG or JPEG; None when it is neither."""
    if content.startswith(PNG) and content[12:16] == b"IHDR" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return int(width), int(height)
    if content.startswith(b"\xff\xd8"):
        return _jpeg(content)
    return None


def _jpeg(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker in _START_OF_FRAME:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return int(width), int(height)
        at += 2 + length
    return None
