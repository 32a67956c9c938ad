"""Disks that can be cut off from their power: file systems in files, one in the other, mounted by root.

    outside   a file system in a file          frozen while `drive.img` is copied
    drive     a file system in outside/drive.img    frozen while `disk.img` is copied
    disk      a file system in drive/disk.img       here the database lies

A copy of `disk.img` is a disk as its kernel had written it at one moment: what stood in the kernel's memory is gone,
what went to the drive is there. A copy of `drive.img` is harder: of what went to the drive only that is there which the
kernel told it to flush, as with a drive that has a memory of its own and no battery. A frozen file system holds up
whoever writes to it, so a cut may fall into the middle of a write or a flush, and the copy is of one moment.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

_SIZES = {"outside": 224, "drive": 144, "disk": 64}
"""Megabytes; each has room for the file of the next."""


@dataclass(frozen=True, slots=True)
class Disks:
    """Mounted disks; `disk` is the folder for the database."""

    folder: Path

    @property
    def disk(self) -> Path:
        return self.folder / "disk"

    @classmethod
    @contextmanager
    def mounted(cls, folder: Path) -> "Iterator[Disks]":
        """Make and mount them, and let all go at the end."""
        with ExitStack() as stack:
            place = folder
            place.mkdir(parents=True)
            for name, size in _SIZES.items():
                image = place / f"{name}.img"
                with image.open("wb") as file:
                    file.truncate(size * 1_000_000)
                subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
                place = folder / name
                stack.enter_context(_mounted(image, place))
            yield cls(folder)

    def cut(self, *, flushed_only: bool) -> Path:
        """Copy what a power cut at this moment would leave; the copy is for `left`."""
        frozen, name = ("outside", "drive") if flushed_only else ("drive", "disk")
        copy = self.folder / f"cut-{name}.img"
        with _frozen(self.folder / frozen):
            shutil.copyfile(self.folder / frozen / f"{name}.img", copy)
        return copy

    @contextmanager
    def left(self, cut: Path) -> Iterator[Path]:
        """Mount what a cut left, as a machine does that starts again."""
        with ExitStack() as stack:
            if cut.stem == "cut-drive":
                stack.enter_context(_mounted(cut, self.folder / "left-drive"))
                cut = self.folder / "left-drive" / "disk.img"
            stack.enter_context(_mounted(cut, self.folder / "left"))
            yield self.folder / "left"


@contextmanager
def _mounted(image: Path, place: Path) -> Iterator[None]:
    place.mkdir(exist_ok=True)
    subprocess.run(["mount", "-o", "loop", image, place], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@contextmanager
def _frozen(place: Path) -> Iterator[None]:
    subprocess.run(["fsfreeze", "--freeze", place], check=True)
    try:
        yield
    finally:
        subprocess.run(["fsfreeze", "--unfreeze", place], check=True)
