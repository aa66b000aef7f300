"""Nothing runs, fetches or writes that should not, whatever it is given to read."""

import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from conftest import REPO

# Runs a notebook by our engine in a process of its own, whose every file, socket and program the hook
# is asked about. It does not see what compiled code does by itself: vl-convert, which draws charts
# from data alone (allowed_base_urls is empty: see test_page.py).
GUARDED = """
import os, sys
from pathlib import Path
from ilodata.reports import engine, preload
notebook, folder = sys.argv[1:]
told, refused = os.dup(1), []
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
MOVES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate",
         "os.chmod", "os.chown", "shutil.move", "shutil.rmtree"}
BARRED = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "pty.spawn",
          "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname",
          "socket.sendto", "socket.sendmsg", "urllib.Request"}

def outside(path):
    if not isinstance(path, (str, bytes, os.PathLike)):  # a file that is open, or a mode
        return False
    path = os.path.realpath(os.fsdecode(path))
    return not (path in ("/dev/null", folder) or path.startswith(folder + os.sep))

def guard(event, args):
    written = args if event in MOVES else ()
    if event == "open" and (args[2] or 0) & WRITES:
        written = args[:1]
    if event in BARRED or any(map(outside, written)):
        refused.append(event)
        raise PermissionError(f"refused: {event} {args}")

sys.addaudithook(guard)
nb, error = engine.execute(Path(notebook), {})
os.write(told, f"{error} REFUSED {refused}".encode())
os.kill(os.getpid(), 9)
"""
TRIED = {  # what the hook is asked: a cell that does it
    "socket.getaddrinfo": "import socket; socket.create_connection(('127.0.0.1', 9), 1)",
    "open": "import pathlib; pathlib.Path('../escaped').write_text('a')",
    "os.system": "import os; os.system('true')",
}


@pytest.mark.parametrize("path", sorted((REPO / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem)
def test_a_notebook_needs_no_network_writes_no_file_and_starts_no_program(path, tmp_path):
    nb, folder = nbformat.read(path, 4), tmp_path.resolve() / "inside"
    for source in TRIED.values():  # so that we see that the hook works
        nb.cells.append(new_code_cell(source, metadata={"tags": ["raises-exception"]}))
    folder.mkdir()
    nbformat.write(nb, folder / path.name)
    environment = {
        "PATH": "/usr/bin:/bin", "HOME": str(folder), "IPYTHONDIR": str(folder), "TZ": "UTC",
        "TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(REPO), "ILODATA_UNDRAWN": "1",
    }  # fmt: skip
    command = [sys.executable, "-c", GUARDED, str(folder / path.name), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)
    assert done.stdout + done.stderr == f"None REFUSED {[*TRIED]}"
