"""The processes of a build: one a report, a few that publish, and none left behind."""

import hashlib
import multiprocessing
import os
import re
import resource
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import connection, forkserver

import psutil

from ilodata import tables
from ilodata.problems import DataError
from ilodata.reports import lists, run

SERVER = multiprocessing.get_context("forkserver")
PINNED = {  # what a notebook, a chart or a page would take from its surroundings
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",  # a fork copies one thread only
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # as a kernel has it
}


@contextmanager
def surroundings(scratch):
    """Start the server that reports are forked from; give the environment of its processes.

    It imports what all need beside whatever the caller does. Its own environment is pinned too,
    since Python takes the order of sets from there when it starts, and it must not import what
    happens to lie in the current folder.
    """
    pinned = PINNED | {"ILODATA_DATA": str(tables.data_dir().resolve()), "IPYTHONDIR": scratch}
    pinned["JUPYTER_RUNTIME_DIR"] = scratch
    before = dict(os.environ)
    SERVER.set_forkserver_preload(["__main__", "ilodata.reports.warm"])
    try:
        os.environ.update(pinned | {"PYTHONSAFEPATH": "1"})
        forkserver.ensure_running()
        yield before | pinned
    finally:
        os.environ.clear()
        os.environ.update(before)


class Lost(DataError):
    """A job that was not done: its process was killed again, or took too long."""


class Worker:
    """A process that does jobs, the line to it, and where it is in its job."""

    def __init__(self, target, made):
        self.line, there = SERVER.Pipe()
        self.process = SERVER.Process(target=target, args=(there, made), daemon=False)
        self.process.start()
        there.close()

    def ask(self, job, seconds):
        """Have a job done; return the answer, or raise EOFError, OSError or TimeoutError."""
        until, self.where = time.monotonic() + (seconds or float("inf")), f"its {job[0]}"
        self.line.send(job)
        while True:
            left = None if seconds is None else max(0, until - time.monotonic())
            ready = connection.wait([self.line, self.process.sentinel], left)
            if not ready:
                raise TimeoutError
            if self.line not in ready:
                raise EOFError
            kind, content = self.line.recv()
            if kind == "stop":
                raise DataError(content)
            if kind == "done":
                return content
            self.where = content

    def end(self):
        """End the process with all that it has started, which may live in groups of its own."""
        pids = [self.process.pid]
        with suppress(psutil.Error):
            pids += [each.pid for each in psutil.Process(pids[0]).children(recursive=True)]
        for pid in pids:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
        self.process.kill()  # should it have no group yet
        self.process.join(5)


class Crew:
    """The workers of one build: a fresh one for each notebook, and those that wait to publish."""

    def __init__(self, made):
        self.made, self.workers, self.idle = made, set(), []
        self.lock, self.stopped = threading.Lock(), False

    def build(self, report):
        """Run a report and publish its page; return what is told of it."""
        try:
            ran = self.ask(run_notebook, "run", report)
        except Lost as lost:
            ran = run.failed("its run", lost)
        try:
            return self.ask(publish, "page", report, ran)
        except Lost as lost:
            return self.ask(publish, "page", report, run.failed("its page", lost))

    def ask(self, target, *job):
        """Have a process do a job; if it is killed, another once more."""
        for _ in range(2):
            worker = self.free(target)
            try:
                answer = worker.ask(job, self.made.timeout)
            except TimeoutError:
                self.end(worker)
                said = f"still at work after {self.made.timeout:g} seconds, at {worker.where}"
                raise Lost(said) from None
            except (EOFError, OSError):
                self.end(worker)
                continue
            if target is publish:
                self.idle.append(worker)
            else:
                self.end(worker)
            return answer
        raise Lost(f"its process was ended twice, the second time at {worker.where}")

    def free(self, target):
        """Return a worker that waits for a job of this stage, or a new one."""
        with self.lock:  # nobody begins while all are ended
            if self.stopped:
                raise Lost("stopped")
            if target is publish and self.idle:
                return self.idle.pop()
            # What publishes needs all reports, for its links; what runs, only its own.
            made = self.made if target is publish else replace(self.made, reports=())
            worker = Worker(target, made)
            self.workers.add(worker)
            return worker

    def end(self, worker):
        """End a worker that is used up."""
        worker.end()
        worker.line.close()
        self.workers.discard(worker)

    def stop(self):
        """End all workers; whoever waits for one is told."""
        with self.lock:
            self.stopped = True
        for worker in list(self.workers):
            worker.end()


def work(todo, made, size, tell):
    """Run reports and publish their pages, then the index.

    Parameters
    ----------
    todo : list of dict
        As `lists.checked` gives them.
    made : run.Build
    size : int
        How many reports are at work at once.
    tell : callable
        Called with the record of each report when its page stands.

    Raises
    ------
    DataError
        If a file cannot be written or the tables cannot be read; what was finished is kept.
    """
    crew, slots = Crew(made), ThreadPoolExecutor(size)
    try:
        # The server is waited for here, where Ctrl-C ends that; no thread begins before.
        crew.idle.append(crew.free(publish))
        for done in as_completed([slots.submit(crew.build, report) for report in todo]):
            tell(done.result())
        crew.ask(publish, "index")
    finally:
        crew.stop()
        slots.shutdown(cancel_futures=True)


def _settle(environment):
    """Begin a process: a group of its own, the environment of all, silence, an end with its build."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    with open(os.devnull, "r+b") as nothing:  # noqa: PTH123
        for number in (0, 1, 2):
            os.dup2(nothing.fileno(), number)

    def end():
        multiprocessing.parent_process().join()
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=end, daemon=True).start()


def run_notebook(line, made):
    """Stage one: run a notebook, leave it in ``.runs``, and tell how it went."""
    import nbformat
    from nbclient.exceptions import DeadKernelError

    from ilodata.reports import engine

    _settle(made.environment | {"ILODATA_UNDRAWN": "1"})
    (_, report), started = line.recv(), time.monotonic()
    try:
        nb, error = engine.execute(
            lists.project_of(made.list_path) / report["notebook"],
            report["parameters"],
            made.engine,
            lambda where: line.send(("at", where)),
        )
        outputs = [(cell, it) for cell in nb.cells for it in cell.get("outputs", [])]
        told = {
            "failure": error and error.failure,
            "stderr": "".join(it.text for _, it in outputs if it.get("name") == "stderr"),
            "allowed": sum(
                engine.allowed(cell) and it.output_type == "error" for cell, it in outputs
            ),
            "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            "seconds": round(time.monotonic() - started, 3),
        }
        tables.write(made.file(report, "ipynb"), nbformat.writes(nb).encode("utf-8", "replace"))
        line.send(("done", told))
    except DeadKernelError:
        line.close()  # as if this process had been killed: the build tries it again
    except DataError as error:
        line.send(("stop", str(error)))
    except Exception as error:  # whatever a notebook does must not cost the other reports
        line.send(("done", run.failed("its run", error)))
    threading.Event().wait()  # what it has started is found and ended with it


def publish(line, made):
    """Stage two: make pages and the index as long as somebody asks."""
    _settle(made.environment)
    from ilodata.reports import page

    try:
        context = page.context(made.reports, made.list_name)
        while job := line.recv():
            make = _page if job[0] == "page" else _index
            line.send(("done", make(*job[1:], made, context)))
    except Exception as error:
        line.send(("stop", run.in_words(error)))


def _page(report, ran, made, context):
    """Write the page of a report, and beside it what is known of it; return that."""
    import nbformat

    from ilodata.reports import outputs, page

    started, kept = time.monotonic(), made.file(report, "ipynb")
    record = {key: report[key] for key in ("name", "title", "notebook", "parameters")}
    record |= {"facts": {}, "results": [], "unseen": [], "stderr": "", "allowed": 0} | ran
    failure = record.pop("failure")
    if not failure:
        try:
            nb = nbformat.reads(kept.read_text("utf-8"), 4)
            text = page.render(nb, report, context)
            record["facts"], record["results"] = page.facts(nb, report), page.results(nb, report)
            record["unseen"] = outputs.unseen(nb)
        except Exception as error:  # a page that cannot be made costs only itself
            failure = run.failed("its page", error)["failure"]
    if failure:
        failure = {key: _neutral(text, made) for key, text in failure.items()}
        text = page.failed(report, failure)
    place, text = made.out / f"{report['name']}.html", text.encode("utf-8", "replace")
    now = hashlib.sha256(text).hexdigest()
    record |= {"status": "failed" if failure else "built", "error": failure, "sha256": now}
    record |= {"made_of": run.made_of(report, made), "change": run.change(place, now)}
    record["seconds"] = {"run": record["seconds"], "page": round(time.monotonic() - started, 3)}
    record["built_at"] = datetime.now(UTC).isoformat(timespec="seconds")
    tables.write(place, text)
    tables.write(made.file(report, "json"), run.as_json(record))
    if made.keep and kept.is_file():
        made.out.joinpath("notebooks").mkdir(exist_ok=True)
        kept.replace(made.out / "notebooks" / kept.name)
    kept.unlink(missing_ok=True)
    return record


def _neutral(text, made):
    """Take out of the words of an error what differs from machine to machine."""
    ours = tables.data_dir().resolve().parent, lists.project_of(made.list_path)
    for folder in (*ours, sys.prefix, sys.base_prefix):
        text = text.replace(f"{folder}/", "" if folder in ours else "…/")
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    text = re.sub(r"ipykernel_\d+/\d+", "ipykernel", text)
    return re.sub(r"0x[0-9a-f]{6,}", "0x…", text).encode("utf-8", "replace").decode()


def _index(made, context):
    """Write the index, the codebook, and a link at each retired address."""
    from ilodata.reports import index, page

    told = {}
    for report in made.reports:
        record = run.record_of(made.file(report, "json"))
        if record and record["made_of"] == run.made_of(report, made):
            failed = {"failure": record["error"]} if record["error"] else {}
            told[report["name"]] = record["facts"] | failed
    tables.write(made.out / "codebook.html", index.codebook())
    tables.write(made.out / "index.html", index.render(made.reports, told, context))
    for old, new in made.retired.items():
        tables.write(made.out / f"{old}.html", page.moved(old, new))
