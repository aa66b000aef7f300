"""The processes of a build: started, told what to do, heard, and ended with all that they began.

What they do stands in `stages`, in which order in `run`. No pool does this: an executor's processes
cannot be ended one by one, and what a notebook has started outlives those of pebble.
"""

import multiprocessing
import os
import signal
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing import connection, forkserver, resource_tracker

from ilodata import tables
from ilodata.problems import DataError
from ilodata.reports import lists, stages

SERVER = multiprocessing.get_context("forkserver")
PINNED = {  # what a notebook, a chart or a page would take from its surroundings
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",  # a fork copies one thread only
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # as a kernel has it
}


@contextmanager
def started():
    """Prepare the server that processes are forked from; give their environment, and a list for them.

    The first process starts it. It imports what all need, and nothing of the current folder. Python
    takes the order of sets from its environment when it starts, so that is pinned too. At the end all
    processes in the list are ended.
    """
    pinned, before = PINNED | {"ILODATA_DATA": str(tables.data_dir().resolve())}, dict(os.environ)
    SERVER.set_forkserver_preload(["__main__", "ilodata.reports.preload"])
    workers = []
    with tempfile.TemporaryDirectory() as scratch:
        pinned |= {"IPYTHONDIR": scratch, "JUPYTER_RUNTIME_DIR": scratch}
        try:
            os.environ.update(pinned | {"PYTHONSAFEPATH": "1"})
            yield before | pinned, workers
        finally:
            for worker in workers:
                worker.end()
            os.environ.clear()
            os.environ.update(before)


@dataclass(frozen=True)
class Job:
    """What a worker has to do: "check", "run", "page" or "index", and of which report."""

    kind: str
    report: lists.Report | None = None
    ran: dict | None = None  # how its notebook ran, for its page
    is_second: bool = False  # the first worker that had it was killed


def _ensure_server():
    """Start the server if none is there, deaf to Ctrl-C: that is for the build, which ends it."""
    resource_tracker.ensure_running()  # later it would let the signal through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # the server inherits this
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Worker:
    """A process that does one job after the other, and the line to it."""

    job = process = None

    def __init__(self, build):
        self.build = build

    def begin(self, job, seconds):
        """Give it a job, and so many seconds for that (None: no limit); the first starts it."""
        self.job, self.where, self.seconds = job, f"its {job.kind}", seconds
        self.until = time.monotonic() + (seconds or float("inf"))
        if self.process is None:
            try:
                self._start()
            except (EOFError, ConnectionError):  # its server was killed just now
                time.sleep(0.1)
                self._start()
        with suppress(OSError):  # it was killed while it waited: that is heard
            self.line.send(job)

    def _start(self):
        """Start a process with a line of its own; a server is started for it if there is none.

        What a killed server had forked lives for a moment, and would take the job from a shared line.
        """
        _ensure_server()
        self.line, there = SERVER.Pipe()
        self.process = SERVER.Process(target=stages.do_jobs, args=(there, self.build))
        self.process.start()
        there.close()

    def heard(self):
        """Return "done" and the answer, "late" or "killed" and that in words, or "at work"."""
        with suppress(EOFError, OSError):
            while self.line.poll():
                kind, content = self.line.recv()
                if kind == "stop":
                    raise DataError(content)
                if kind == "done":
                    return kind, content
                self.where = content
            if self.process.is_alive() and time.monotonic() < self.until:
                return "at work", None
            if self.process.is_alive():
                return "late", f"still at work after {self.seconds:g} seconds, at {self.where}"
        return "killed", f"its process was ended twice, the second time at {self.where}"

    def end(self):
        """End the process with all that it has started."""
        if self.process is None or self.process.pid is None:
            return
        stages.end_all(self.process.pid)
        self.process.kill()  # should it have no group yet
        self.process.join(5)
        self.line.close()


def dispatch(jobs, build, workers, size=1):
    """Have jobs done, so many at once, the last of them first; what is killed, once more.

    More jobs may be added meanwhile; ``workers`` are the processes there are, to which it adds. Yields
    each job with its answer; that of a report which was lost is what `stages.failed` gives. Raises
    DataError where what is lost is of no report.
    """
    while jobs or any(worker.job for worker in workers):
        while jobs and sum(bool(worker.job) for worker in workers) < size:
            job = jobs.pop()
            _worker_for(job, build, workers).begin(job, build.timeout if job.report else None)
        busy = [worker for worker in workers if worker.job]
        ends = [end for worker in busy for end in (worker.line, worker.process.sentinel)]
        connection.wait(ends, timeout=1)  # then see who is late
        for worker in busy:
            heard, answer = worker.heard()
            if heard == "at work":
                continue
            job, worker.job = worker.job, None
            if heard != "done" or job.kind == "run":
                worker.end()
                workers.remove(worker)
            if heard == "done":
                yield job, answer
            elif heard == "killed" and not job.is_second:
                jobs.append(replace(job, is_second=True))
            elif job.kind == "run" or (job.kind == "page" and not job.ran["error"]):
                yield job, stages.failed(f"its {job.kind}", answer)
            else:
                name = job.report.name if job.report else build.list_name
                raise DataError(f"{job.kind} of {name}: {answer}")


def _worker_for(job, build, workers):
    """Return who does a job: a new worker for each notebook, for others one that waits, if any."""
    idle = [worker for worker in workers if not worker.job and worker.process.is_alive()]
    if idle and job.kind != "run":
        return idle[0]
    # A notebook needs its own report only; what publishes needs all, for its links.
    workers.append(Worker(replace(build, reports=None) if job.kind == "run" else build))
    return workers[-1]
