"""Whether a sound file is fit to be decoded: a file, not too large, not cut off or damaged.

Decoders trust what they read; the one for ogg even crashes the process on a damaged file.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from typing import IO

LARGEST_BYTES = 50_000_000
"""A larger file is refused unread: 30 s of stereo at 192 kHz and 32 bit need 46 MB."""

_HEADER = 64
"""Some programs include the header in the length: this many missing bytes are tolerated."""
_UNKNOWN = 0x7FFF_F000
"""A program writing into a pipe cannot know the length, and announces this many bytes or more."""
_PAGE = 27
"""Bytes of an ogg page's head, before its table of segments."""
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class SoundError(Exception):
    """A sound is not available; the text names the file and the reason."""


def check_file(path: Path) -> None:
    """SoundError unless a file can be given to a decoder."""
    try:
        size = path.stat().st_size
        # Never opened: a pipe would wait for a writer, a device has no end.
        if not path.is_file():
            raise SoundError(f"{path}: not a file")
        if not size:
            raise SoundError(f"{path}: the file is empty")
        if size > LARGEST_BYTES:
            megabytes, limit = -(-size // 1_000_000), LARGEST_BYTES // 1_000_000
            raise SoundError(f"{path}: the file is too large: {megabytes} MB, at most {limit}")
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            wrong = {b"RIFF": _wav_fault, b"OggS": _ogg_fault}.get(start, _no_fault)(file, size)
    except OSError as error:
        raise SoundError(f"{path}: {error.strerror or error}") from error
    if wrong:
        raise SoundError(f"{path}: {wrong}")


def _no_fault(_file: IO[bytes], _size: int) -> str:
    return ""


def _wav_fault(file: IO[bytes], size: int) -> str:
    """Whether a wav has as many bytes of sound as its header announces."""
    if file.read(12)[8:] != b"WAVE":
        return ""
    while len(chunk := file.read(8)) == 8:
        length = int.from_bytes(chunk[4:], "little")
        if chunk[:4] == b"data":
            there = size - file.tell()
            if length >= _UNKNOWN or length - there <= _HEADER:
                return ""
            return f"the file is cut off: {there} of {length} bytes of sound are there"
        file.seek(length + length % 2, os.SEEK_CUR)
    # Left to the decoder, a non-wav might be noise that looks like mp3.
    return "the file is damaged: there is no sound where its header says"


def _ogg_fault(file: IO[bytes], _size: int) -> str:
    """Whether every page of an ogg is complete, with a correct checksum."""
    while head := file.read(_PAGE):
        segments = file.read(head[26]) if len(head) == _PAGE else b""
        body = file.read(sum(segments))
        if len(head) < _PAGE or len(segments) < head[26] or len(body) < sum(segments):
            return "the file is cut off in the middle"
        page = head[:22] + bytes(4) + head[26:] + segments + body
        if head[:4] != b"OggS" or _ogg_checksum(page) != head[22:26]:
            return "the file is damaged: a checksum is wrong"
    return ""


def _ogg_checksum(page: bytes) -> bytes:
    """CRC-32 as in RFC 3533: that of zlib with all bits reversed, starting from 0."""
    crc = zlib.crc32(page.translate(_REVERSED), 0xFFFF_FFFF) ^ 0xFFFF_FFFF
    return crc.to_bytes(4, "big").translate(_REVERSED)
