"""What a result was measured with: machine, versions, commit."""

import os
import platform
import sqlite3
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("faiss-cpu", "onnxruntime", "tokenizers", "numpy")


def machine() -> Mapping[str, object]:
    """Return the day, the processors, the versions and the commit; that others shared the machine, it cannot know."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True, cwd=Path(__file__).parent
    )
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "versions": {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            **{library: version(library) for library in LIBRARIES},
        },
        "commit": commit.stdout.strip(),
    }
