"""Each job has a process of its own; how it ends costs no other, and none is left behind."""

import functools
import importlib
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from ilodata.reports import pool

STATE = {"runs": 0}


def fresh(test):
    """Run a test in a new process: this one may have threads, and cannot be forked safely."""

    @functools.wraps(test)
    def run(**given):
        os.environ["OPENBLAS_NUM_THREADS"] = "1"
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=spawn) as process:
            process.submit(_body, __name__, test.__name__, given).result()

    return run


def _body(module, name, given):
    getattr(importlib.import_module(module), name).__wrapped__(**given)


def answers(jobs, do, size=2, **more):
    import ilodata.charts  # noqa: F401, so that no job waits for it

    with pool.Pool(size) as processes:
        return {job["name"]: answer for job, answer in processes.each(jobs, do, **more)}


def jobs(*names):
    return [{"name": name} for name in names]


@fresh
def test_each_job_sees_the_process_as_it_was_before_any_job():
    def do(job, tell):
        STATE["runs"] += 1
        return {"runs": STATE["runs"], "pid": os.getpid()}

    given = answers(jobs(*"abcdef"), do)
    assert {answer["runs"] for answer in given.values()} == {1}
    assert len({answer["pid"] for answer in given.values()}) == 6
    assert STATE["runs"] == 0


@fresh
def test_random_numbers_are_not_those_of_the_job_before():
    def do(job, tell):
        import random

        import numpy as np

        return {"seen": [random.random(), np.random.random()]}

    first, second = answers(jobs("a", "b"), do).values()
    assert first["seen"][0] != second["seen"][0] and first["seen"][1] != second["seen"][1]


@fresh
def test_a_killed_job_is_tried_once_more_and_told_apart(tmp_path):
    def do(job, tell):
        tell("code cell 3")
        tries = tmp_path / job["name"]
        tries.open("a").write("x")
        if job["name"] == "always" or (job["name"] == "once" and len(tries.read_text()) == 1):
            os.kill(os.getpid(), signal.SIGKILL)
        return {"done": True}

    given = answers(jobs("always", "once", "never"), do)
    assert given["always"] == pool.Ended("killed", "code cell 3 (ended by SIGKILL)")
    assert given["once"]["done"] and given["never"]["done"]
    tries = {name: len((tmp_path / name).read_text()) for name in given}
    assert tries == {"always": 2, "once": 2, "never": 1}


@fresh
def test_a_job_that_does_not_end_is_ended_with_what_it_started():
    def do(job, tell):
        child = subprocess.Popen(["sleep", "600"])
        tell(str(child.pid))
        if job["name"] == "hangs":
            time.sleep(600)
        return {"child": child.pid}

    given = answers(jobs("hangs", "ends"), do, timeout=15)
    assert given["hangs"].how == "timed out"
    for pid in (int(given["hangs"].where), given["ends"]["child"]):
        assert not is_running(pid)


def is_running(pid):
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@fresh
def test_the_parent_has_time_for_something_while_the_first_jobs_are_at_work(tmp_path):
    here, times = tmp_path / "done", []

    def do(job, tell):
        while not here.exists():
            time.sleep(0.01)
        return {"pid": os.getpid()}

    def meanwhile():
        times.append(1)
        here.touch()

    assert len(answers(jobs(*"abcd"), do, meanwhile=meanwhile, timeout=60)) == 4
    assert times == [1]
    assert answers([], do, meanwhile=meanwhile) == {} and times == [1, 1]


@fresh
def test_charts_are_drawn_by_another_process_even_where_that_one_was_killed():
    spec = {"data": {"values": [{"a": 1}]}, "mark": "tick", "encoding": {"x": {"field": "a"}}}

    def do(job, tell):
        from ilodata.charts import look

        if job["name"] == "bad":
            try:
                return {"svg": look.draw(spec | {"data": {"url": "https://example.org/a.csv"}})}
            except ValueError as error:
                return {"error": str(error)}
        return {"svg": look.draw(spec), "threads": len(os.listdir("/proc/self/task"))}  # noqa: PTH208

    with pool.Pool(1) as processes:
        given = {job["name"]: a for job, a in processes.each(jobs("one", "bad", "two"), do)}
        os.kill(processes.drawers[0], signal.SIGKILL)
        [(_, third)] = processes.each(jobs("three"), do)
    assert given["one"]["svg"] == given["two"]["svg"] == third["svg"]
    assert given["one"]["svg"].startswith("<svg") and given["one"]["threads"] == 1
    assert "example.org" in given["bad"]["error"]


@fresh
def test_a_report_still_has_its_charts_when_another_is_killed_while_it_asks_for_one(tmp_path):
    here, tried = tmp_path / "drew", tmp_path / "tried"

    def do(job, tell):
        from ilodata.charts import look

        spec = {"data": {"values": [{"a": 1}]}, "mark": "tick", "title": job["name"]}
        if job["name"] == "asks":
            before = look.draw(spec)
            here.touch()
            while not tried.exists():  # the other one is killed, and begun again
                time.sleep(0.01)
            return {"same": look.draw(spec) == before}
        while not here.exists():
            time.sleep(0.01)
        if not (tmp_path / "killed").exists():
            (tmp_path / "killed").touch()
            line = next(
                c.cell_contents for c in look.draw.__closure__ if hasattr(c.cell_contents, "fileno")
            )
            os.write(line.fileno(), b"\0\0\0\x50half of a question")
            os.kill(os.getpid(), signal.SIGKILL)
        tried.touch()
        return {"same": "<svg" in look.draw(spec)}

    given = answers(jobs("asks", "is killed"), do, timeout=60)
    assert given == {name: {"same": True, "peak_mb": given[name]["peak_mb"]} for name in given}


@fresh
def test_another_process_keeps_watch_when_that_one_was_killed():
    with pool.Pool(1) as processes:
        first = processes.watcher
        os.kill(first, signal.SIGKILL)
        os.waitpid(first, 0)
        given = list(processes.each(jobs("one", "two"), lambda job, tell: {"of": job["name"]}))
        second = processes.watcher
        assert second != first and is_running(second)
    assert sorted(answer["of"] for _, answer in given) == ["one", "two"]
    assert not is_running(second)


ORPHANS = r"""
import os, signal, sys, time
from ilodata.reports import pool
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's "&" would have it ignored
def do(job, tell):
    os.write(1, f"{os.getpid()}\n".encode())  # at once: two processes write to this pipe
    time.sleep(600)
with pool.Pool(2) as processes:
    print(*processes.drawers, flush=True)
    list(processes.each([{"name": "a"}, {"name": "b"}], do))
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_running_when_the_build_is_ended(how):
    build = subprocess.Popen(
        [sys.executable, "-c", ORPHANS],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    pids = [int(pid) for _ in range(3) for pid in build.stdout.readline().split()]
    assert len(pids) == 3 and all(map(is_running, pids))
    build.send_signal(how)
    build.wait(10)
    until = time.monotonic() + 10
    while any(map(is_running, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [pid for pid in pids if is_running(pid)]


@pytest.mark.parametrize("when", ["before", "later"])
@fresh
def test_a_process_with_threads_is_not_forked(when):
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    refused = pytest.raises(RuntimeError, match="several threads")
    try:
        if when == "before":
            thread.start()
            with refused:
                pool.Pool(1)
        else:
            with pool.Pool(1) as processes, refused:
                thread.start()
                list(processes.each(jobs("one"), lambda job, tell: {}))
    finally:
        stop.set()
        thread.join()
