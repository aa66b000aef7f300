"""Stage one and two of a list on the workers of a Dask cluster: the same pages and records.

A worker runs portions of the list by the command that runs here, into a folder of its own, and
sends back pages and records. It needs the project at the same path, with the same commit and
environment: a shared folder, or a clone. What its pages were made of is compared with what is here.
"""

import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from ilodata import tables
from ilodata.files import write
from ilodata.problems import DataError
from ilodata.reports import run as local

PORTION = 50  # reports at most: what a lost worker costs, against the seconds that a start takes


def run(todo, build, address):
    """Build reports on the workers of a scheduler; a portion whose worker is lost goes to another.

    ``todo`` is as `lists.checked` gives it, the list of ``build`` stands at the same path on each
    worker. Yields what is known of each report when its page stands here. Raises DataError if there
    is no scheduler or worker, or a worker has other data, notebooks or code.
    """
    if build.keep:
        raise DataError("--keep-notebooks is for builds on this machine, without --dask")
    from distributed import Client, as_completed  # where it is missing, the command says so

    known, words = {report.name: report for report in todo}, [str(build.list_path.resolve())]
    words += ["--timeout", str(build.timeout)] if build.timeout else []
    names, data = list(known), str(tables.data_dir().resolve())
    try:
        with Client(address, timeout="10s", set_as_default=False) as client, client.as_current():
            if not (cores := sum(client.nthreads().values())):
                raise DataError(
                    f"--dask {address} has no workers; start one: dask worker {address}"
                )
            size = min(PORTION, math.ceil(len(todo) / (4 * cores)) or 1)
            portions = [names[at : at + size] for at in range(0, len(names), size)]
            given = {"command": words, "data": data, "as_of": tables.chosen_date()}
            sent = client.map(portion, portions, **given, pure=False)
            for _, found in as_completed(sent, with_results=True):
                for name, (page, record) in found.items():
                    _take(known[name], page, record, build)
                    yield record
    except DataError:  # of this machine
        raise
    except Exception as error:  # no scheduler, a worker's own words, or that it died thrice
        raise DataError(f"--dask {address}: {error}") from None


def _take(report, page, record, build):
    """Write what a worker has made, if it was made of what is here."""
    here = local.inputs(report, build)
    if other := [key for key in here if here[key] != record["inputs"].get(key)]:
        said = f"a worker made {report.name} of other {', '.join(other)}"
        raise DataError(f"{said}; update the project there to what is here")
    write(build.file(report, "html"), page)
    write(build.file(report, "json"), local.as_json(record))


def portion(names, command, data, as_of):
    """Build some reports of a list on this worker, one at a time; return page and record by name."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        words = [sys.executable, "-m", "ilodata.cli", "build", *command, "--out", folder]
        words += ["--workers", "1", *(f"--only={name}" for name in names)]
        around = os.environ | {"ILODATA_DATA": data, "ILODATA_AS_OF": as_of}
        done = subprocess.run(words, env=around, capture_output=True, text=True)  # noqa: S603
        records = {path.stem: local.record_of(path) for path in out.glob(".runs/*.json")}
        if done.returncode not in (0, 1) or len(records) != len(names):
            raise RuntimeError(done.stderr.strip() or "the worker built nothing")
        return {name: ((out / f"{name}.html").read_text("utf-8"), records[name]) for name in names}
