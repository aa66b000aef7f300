"""Nothing runs, fetches or writes that should not, whatever it is given to read."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

REPO = Path(__file__).resolve().parent.parent


# Runs a notebook by our engine in a process of its own, whose every file, socket and program the hook
# is asked about. It does not see what compiled code does by itself: vl-convert, which draws charts
# from data alone (allowed_base_urls is empty: see test_page.py).
GUARDED = """
import os, sys
from pathlib import Path
from ilodata.reports import engine, warm
notebook, folder = sys.argv[1:]
told, refused = os.dup(1), []
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
MOVES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate",
         "os.chmod", "os.chown", "shutil.move", "shutil.rmtree"}
STARTS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "pty.spawn"}
NETWORK = {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname",
           "socket.sendto", "socket.sendmsg", "urllib.Request"}

def outside(path):
    if isinstance(path, int):  # a file that is open already
        return False
    path = os.path.realpath(os.fsdecode(path))
    return not (path in ("/dev/null", folder) or path.startswith(folder + os.sep))

def guard(event, args):
    wrong = event in NETWORK or event in STARTS
    if event == "open" and (args[2] or 0) & WRITES:
        wrong = outside(args[0])
    elif event in MOVES:
        wrong = any(outside(path) for path in args if isinstance(path, (str, bytes)))
    if wrong:
        refused.append(event)
        raise PermissionError(f"refused: {event} {args}")

sys.addaudithook(guard)
nb, error = engine.execute(Path(notebook), {})
os.write(told, f"{error} REFUSED {refused}".encode())
os.kill(os.getpid(), 9)
"""


def guarded(notebook, folder):
    environment = {
        "PATH": "/usr/bin:/bin", "HOME": str(folder), "IPYTHONDIR": str(folder), "TZ": "UTC",
        "TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(REPO), "ILODATA_UNDRAWN": "1",
    }  # fmt: skip
    command = [sys.executable, "-c", GUARDED, str(notebook), str(folder.resolve())]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)
    return done.stdout + done.stderr


@pytest.mark.parametrize("path", sorted((REPO / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem)
def test_a_notebook_needs_no_network_writes_no_file_and_starts_no_program(path, tmp_path):
    assert guarded(path, tmp_path) == "None REFUSED []"


@pytest.mark.parametrize(
    "source",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9), 1)",
        "import pathlib; pathlib.Path('../escaped').write_text('a')",
        "import os; os.system('true')",
    ],
)
def test_what_a_notebook_must_not_do_is_refused_where_it_is_tried(tmp_path, source):
    folder = tmp_path / "inside"
    folder.mkdir()
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    nbformat.write(notebook, folder / "a.ipynb")
    said = guarded(folder / "a.ipynb", folder)
    assert "PermissionError: refused: " in said and said.endswith("']"), said
    assert not (tmp_path / "escaped").exists()
