"""Files, written whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path

from ilodata.problems import DataError


def write(path, content):
    """Write a text or bytes whole or not at all: beside its place first, then into it."""
    path, content = Path(path), content.encode() if isinstance(content, str) else content
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise DataError(f"{path.as_posix()}: cannot be written: {error.strerror}") from None
