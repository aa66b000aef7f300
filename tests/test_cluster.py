"""A Dask cluster gives the same pages, one of its workers killed in the middle or not."""

import json
import os
import signal
import subprocess
from dataclasses import replace

import pytest
from test_run import build, command, listing, project, wait_for

from ilodata.problems import DataError
from ilodata.reports import cluster, run

pytestmark = pytest.mark.slow  # make test-all


@pytest.fixture
def begun(tmp_path):
    """Start a scheduler and two workers of one thread; give its address and their processes."""
    from distributed import Client, LocalCluster

    how = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with LocalCluster(**how, local_directory=tmp_path) as started, Client(started) as client:
        yield started.scheduler_address, list(client.run(os.getpid).values())


def test_a_cluster_gives_the_same_bytes_even_where_a_worker_is_killed(tmp_path, begun):
    address, workers = begun
    listed = project(tmp_path / "project", listing("traces", "reached", where=list("12345")))
    here, there = tmp_path / "here", tmp_path / "there"
    code, _, errors = build(listed, f"--out={here}")
    assert code == 1, errors
    words = command(listed, f"--out={there}", f"--dask={address}")
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: any(there.glob(".runs/*.json")) or process.poll() is not None)
    assert process.poll() is None, process.stderr.read()  # the first are back, others under way
    os.kill(workers[0], signal.SIGKILL)
    errors = process.communicate(timeout=600)[1]
    assert process.returncode == 1, errors
    names = sorted(path.name for path in here.glob("*.html"))
    assert len([name for name in names if name.startswith("traces-")]) == 5
    for name in names:
        assert (here / name).read_bytes() == (there / name).read_bytes(), name
    records = [json.loads((out / "manifest.json").read_text())["reports"] for out in (here, there)]
    ours, theirs = ({n: (r["inputs"], r["status"]) for n, r in of.items()} for of in records)
    assert ours == theirs
    assert ours["reached-1"][1] == "failed"


def test_what_a_cluster_cannot_do_is_said(tmp_path):
    made = run.Build(tmp_path / "reports" / "a.yaml", [], {}, tmp_path, {})
    with pytest.raises(DataError, match="--dask tcp://127.0.0.1:1: .*127.0.0.1:1 after 10 s"):
        next(cluster.run([], made, "tcp://127.0.0.1:1"))
    with pytest.raises(DataError, match="--keep-notebooks is for builds on this machine"):
        next(cluster.run([], replace(made, keep=True), "tcp://127.0.0.1:1"))
