"""`shim.c` -> a library that makes chosen calls fail, and the handle by which a process that has loaded it arms it."""

import ctypes
import shutil
import subprocess
import sys
from enum import IntEnum
from pathlib import Path

SOURCE = Path(__file__).parent / "shim.c"
Kind = IntEnum("Kind", "WRITE TRUNCATE SYNC OPEN RENAME REMOVE FOLDER", start=0)


class Mode(IntEnum):
    """What happens at the step that is chosen. The numbers are those of `shim.c`."""

    COUNT = 1
    """Nothing: steps are counted."""
    EIO_ONCE = 2
    EIO_ON = 3
    """From that step on, as on a disk that has died."""
    ENOSPC_ON = 4
    """From that write on, as on a disk that is full."""
    SHORT = 5
    """Half is written, and the call says so, as a disk or a signal may make it."""
    EXIT = 6
    """The process ends before the call."""
    TORN = 7
    """The process ends in the middle of the write."""
    FULL = 8
    """The step is a number of bytes: once files have grown by them, the disk is full."""


def compile_shim(place: Path) -> Path | None:
    """Return the compiled shim, in `place`; None where there is no compiler, or it cannot be preloaded."""
    if sys.platform != "linux" or not shutil.which("cc"):
        return None
    library = place / "shim.so"
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", library, SOURCE, "-ldl"], check=True, timeout=60
    )
    return library


class Shim:
    """The shim in this process. Raises AttributeError where it was not preloaded."""

    def __init__(self) -> None:
        self.library = ctypes.CDLL(None)
        for name in ("fault_steps", "fault_count", "fault_writes_anywhere"):
            getattr(self.library, name).restype = ctypes.c_long

    def arm(self, folder: Path, mode: Mode, step: int = 0) -> None:
        """Count the steps below `folder` from now on, and fail at `step`."""
        self.library.fault_arm(str(folder).encode(), ctypes.c_long(step), int(mode))

    def disarm(self) -> None:
        """Let every call through again."""
        self.library.fault_disarm()

    @property
    def steps(self) -> int:
        """How many steps were counted."""
        return int(self.library.fault_steps())

    @property
    def writes_anywhere(self) -> int:
        """How many calls that write were seen, below the folder or not."""
        return int(self.library.fault_writes_anywhere())

    @property
    def counts(self) -> dict[str, int]:
        """How many calls of each kind were seen."""
        return {kind.name: int(self.library.fault_count(int(kind))) for kind in Kind}
