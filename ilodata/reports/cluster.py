"""The reports of a list on the workers of a Dask cluster: the same keys, bytes and manifest.

A worker runs portions of the list by the command that runs here, into a folder of its own, and
sends back pages and records. It needs the project at the same path, with the same commit and
environment: a shared folder, or a clone. What it sends is compared by key with what is here.
"""

import math
import socket
import subprocess
import sys
import tempfile
from concurrent.futures import as_completed
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from ilodata import tables
from ilodata.reports import keys

PORTION = 50  # reports at most: what a lost worker costs, against the seconds that a start takes


def check(address, keep):
    """Tell before anything runs whether a build can be sent to a scheduler.

    A connection is tried without its library, whose threads would forbid to fork.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://127.0.0.1:8786``.
    keep : bool
        Whether executed notebooks are to be kept.

    Raises
    ------
    DataError
        If notebooks are to be kept, the library is missing or nothing answers.
    """
    if keep:
        raise tables.DataError("--keep-notebooks is for builds on this machine, without --dask")
    if not find_spec("distributed"):
        wanted = "pip install 'ilodata[cluster]'"
        raise tables.DataError(f"--dask needs the package distributed: {wanted}")
    try:
        place = urlsplit(address if "://" in address else f"tcp://{address}")
        if place.scheme in ("tcp", "tls"):
            socket.create_connection((place.hostname, place.port or 8786), timeout=10).close()
    except (OSError, ValueError) as error:
        raise _unanswered(address, error) from None


def _unanswered(address, error):
    return tables.DataError(
        f"--dask {address}: no scheduler answers there ({type(error).__name__}); start one with: "
        "dask scheduler"
    )


def each(todo, list_path, address, make):
    """Run reports on the workers of a scheduler; give each with its page and its record.

    Parameters
    ----------
    todo : list of dict
        As `lists.read_list` gives them.
    list_path : str or Path
        The report list, at the same path on each worker.
    address : str
        Of the scheduler, such as ``tcp://127.0.0.1:8786``.
    make : dict
        How `run.build` builds.

    Yields
    ------
    tuple
        report, page, record; a portion whose worker is lost goes to another one.

    Raises
    ------
    DataError
        If there is no scheduler or worker, or a worker has other data, notebooks or code.
    """
    from distributed import Client

    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise _unanswered(address, error) from None
    with client:
        known = {report["name"]: report for report in todo}
        cores = sum(client.nthreads().values())
        if not cores:
            raise tables.DataError(
                f"--dask {address}: has no workers; start: dask worker {address}"
            )
        size = min(PORTION, max(1, math.ceil(len(todo) / (4 * cores))))
        names = list(known)
        portions = [names[i : i + size] for i in range(0, len(names), size)]
        options = ["--standalone"] * make["standalone"] + ["--engine", make["engine"]]
        options += ["--timeout", str(make["timeout"])] if make["timeout"] else []
        where = str(Path(list_path).resolve()), str(tables.data_dir().resolve())
        with client.get_executor(pure=False) as executor:
            waiting = [executor.submit(portion, *where, names, options) for names in portions]
            try:
                for future in as_completed(waiting):
                    try:
                        made = future.result()
                    except Exception as error:  # a worker's own words, or that it died thrice
                        raise tables.DataError(f"--dask {address}: {error}") from None
                    for name, (page, record) in made.items():
                        read = record["made_of"].get("tables", {})
                        here = keys.parts(known[name], read, make["around"], make["root"])
                        if keys.key_of(here) != record["key"]:
                            other = [key for key in here if here[key] != record["made_of"].get(key)]
                            raise tables.DataError(
                                f"--dask {address}: a worker made {name} of other {', '.join(other)}; "
                                "update the project there to what is here"
                            )
                        yield known[name], page, record
            finally:
                for future in waiting:
                    future.cancel()


def portion(list_path, data, names, options):
    """Build some reports of a list on this worker; return page and record of each by name.

    One process of this worker builds one report at a time: a worker with several threads gets
    several portions at once.
    """
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "ilodata.cli", "build", list_path, "--out", out, "--json"]
        command += ["--workers", "1", "--data", data, *options]
        command += [f"--only={name}" for name in names]
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        found = keys.manifest_of(Path(out))["reports"]
        if done.returncode not in (0, 1) or set(found) != set(names):
            raise RuntimeError(done.stderr.strip() or "the worker built nothing")
        return {
            name: ((Path(out) / f"{name}.html").read_text("utf-8"), found[name]) for name in names
        }
