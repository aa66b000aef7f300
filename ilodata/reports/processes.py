"""The processes of a build: one a report, a few that publish, and none left behind."""

import hashlib
import json
import multiprocessing
import os
import resource
import signal
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import connection, forkserver

import psutil

from ilodata import tables
from ilodata.problems import DataError
from ilodata.reports import lists, run

SERVER = multiprocessing.get_context("forkserver")
RESULTS = ("report", "parameters", "kind", "text", "value", "low", "high", "unit", "of")
PINNED = {  # what a notebook, a chart or a page would take from its surroundings
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",  # a fork copies one thread only
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # as a kernel has it
}


@contextmanager
def surroundings():
    """Start the server that reports are forked from; give the environment of its processes.

    It imports what all need beside whatever the caller does, and nothing of the current folder. Python
    takes the order of sets from its environment when it starts, so that is pinned too.
    """
    pinned, before = PINNED | {"ILODATA_DATA": str(tables.data_dir().resolve())}, dict(os.environ)
    SERVER.set_forkserver_preload(["__main__", "ilodata.reports.warm"])
    with tempfile.TemporaryDirectory() as scratch:
        pinned |= {"IPYTHONDIR": scratch, "JUPYTER_RUNTIME_DIR": scratch}
        try:
            os.environ.update(pinned | {"PYTHONSAFEPATH": "1"})
            forkserver.ensure_running()
            yield before | pinned
        finally:
            os.environ.clear()
            os.environ.update(before)


class Worker:
    """A process that does jobs of one stage: the line to it, its job, where it is, its last moment."""

    job, where, seconds, until = None, "", None, float("inf")

    def __init__(self, stage, made):
        self.line, self.there = SERVER.Pipe()
        self.process = SERVER.Process(target=stage, args=(self.there, made))

    def begin(self, job, seconds):
        """Give it a job, and so many seconds for that (None: no limit); the first starts it."""
        self.job, self.where, self.seconds = job, f"its {job[0]}", seconds
        self.until = time.monotonic() + seconds if seconds else float("inf")
        if self.process.pid is None:
            try:
                self.process.start()
            except (EOFError, ConnectionError):  # its server was killed just now: with a new one
                time.sleep(0.1)
                self.process.start()
            self.there.close()
        with suppress(OSError):  # it was killed while it waited: that is heard
            self.line.send(job)

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
        """End the process with all that it has started, which may live in groups of its own."""
        if (pid := self.process.pid) is None:
            return
        pids = [pid]
        with suppress(psutil.Error):
            pids += [each.pid for each in psutil.Process(pid).children(recursive=True)]
        for each in pids:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(each, signal.SIGKILL)
        self.process.kill()  # should it have no group yet
        self.process.join(5)
        self.line.close()


def do(jobs, made, workers, size=1):
    """Have jobs done, so many at once, the last of them first; what is killed, once more.

    A job is "check", "run", "page" or "index" and what that takes; more may be added meanwhile. Yields
    each with its answer; that of a report which was lost is what `run.failed` gives. Each notebook has
    a fresh worker; others wait to publish. Raises DataError where what is lost is of no report.
    """
    tried = []
    while jobs or any(worker.job for worker in workers):
        while jobs and sum(bool(worker.job) for worker in workers) < size:
            job = jobs.pop()
            idle = (worker for worker in workers if not worker.job and job[0] != "run")
            free = [worker for worker in idle if worker.process.is_alive()]
            if not free:  # what publishes needs all reports, for its links; what runs, only its own
                is_run = job[0] == "run"
                fresh = (run_notebook, replace(made, reports=())) if is_run else (publish, made)
                workers.append(Worker(*fresh))
            (free or workers)[-1].begin(job, made.timeout if len(job) > 1 else None)
        busy = [worker for worker in workers if worker.job]
        ends = [end for worker in busy for end in (worker.line, worker.process.sentinel)]
        until = min(worker.until for worker in busy)
        connection.wait(ends, max(0, until - time.monotonic()) if until < float("inf") else None)
        for worker in busy:
            heard, answer = worker.heard()
            if heard == "at work":
                continue
            job, worker.job = worker.job, None
            if heard != "done" or job[0] == "run":
                worker.end()
                workers.remove(worker)
            if heard == "killed" and job not in tried:
                tried.append(job)
                jobs.append(job)
            elif heard == "done":
                yield job, answer
            elif len(job) == 1 or job[0] == "page" and job[2]["error"]:
                raise DataError(answer)
            else:
                yield job, run.failed(f"its {job[0]}", answer)


def work(made, due, size, dask, tell):
    """Run the reports whose names are ``due``, publish their pages, then the index.

    ``size`` reports are at work at once, here or on the workers of the scheduler ``dask``; ``tell`` is
    called with the record of each when its page stands. Raises DataError with all that is wrong with
    any value, before anything runs; and if a file cannot be written or the tables cannot be read:
    what was finished is kept.
    """
    workers = []
    with surroundings() as environment:
        made = replace(made, environment=environment)
        try:
            [(_, reports)] = do([("check",)], made, workers)
            todo = [report for report in reports if report["name"] in due]
            if dask:
                from ilodata.reports import cluster

                cluster.run(todo, made, dask, tell)
                todo = []
            jobs = [("run", report) for report in reversed(todo)]
            for job, answer in do(jobs, made, workers, size):
                if job[0] == "page" and "sha256" in answer:
                    made.file(job[1], "ipynb").unlink(missing_ok=True)
                    tell(answer)
                else:  # how it ran, or what it was lost to
                    jobs.append(("page", job[1], answer))
            list(do([("index",)], made, workers))
        finally:
            for worker in workers:
                worker.end()


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

    from ilodata.reports import engine

    _settle(made.environment | {"ILODATA_UNDRAWN": "1"})
    (_, report), started = line.recv(), time.monotonic()
    try:
        path = lists.project_of(made.list_path) / report["notebook"]
        nb, error = engine.execute(path, report["parameters"], lambda at: line.send(("at", at)))
        told = {
            "error": error and error.failure,
            "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            "seconds": round(time.monotonic() - started, 3),
        }
        tables.write(made.file(report, "ipynb"), nbformat.writes(nb).encode("utf-8", "replace"))
        line.send(("done", told))
    except DataError as error:
        line.send(("stop", str(error)))
    except Exception as error:  # whatever a notebook does must not cost the other reports
        line.send(("done", run.failed("its run", run.in_words(error))))
    threading.Event().wait()  # what it has started is found and ended with it


def publish(line, made):
    """Stage two: check the list, make pages and the index, as long as somebody asks."""
    _settle(made.environment)
    from ilodata.charts import look
    from ilodata.reports import page

    make = {"page": _page, "index": _index}
    make["check"] = lambda made, context: lists.checked(made.reports, made.list_path)
    try:
        context = page.context(made.reports, made.list_name)
        while job := line.recv():
            line.send(("done", make[job[0]](*job[1:], made, context)))
            if job[0] == "check":
                look.svg({"mark": "point"})  # what draws starts while the first report runs
    except Exception as error:
        line.send(("stop", run.in_words(error)))


def _page(report, ran, made, context):
    """Write the page of a report, and beside it what is known of it; return that.

    It leaves the executed notebook where it is: a page whose worker is killed is made again of it.
    """
    import nbformat

    from ilodata.reports import outputs, page

    started, kept = time.monotonic(), made.file(report, "ipynb")
    record = {key: report[key] for key in ("name", "title", "notebook", "parameters")}
    record |= {"facts": {}, "results": [], "unseen": [], "made_of": run.made_of(report, made)} | ran
    try:
        if not record["error"]:
            nb = nbformat.reads(kept.read_text("utf-8"), 4)
            text, told = page.render(nb, report, context)
            record |= told
    except Exception as error:  # a page that cannot be made costs only itself
        record |= run.failed("its page", run.in_words(error))
    if failure := record["error"]:
        failure["message"] = outputs.printed(failure["message"])
        text = page.failed(report, failure)
    record |= {
        "status": "failed" if failure else "built",
        "sha256": hashlib.sha256(text := text.encode("utf-8", "replace")).hexdigest(),
        "seconds": {"run": record["seconds"], "page": round(time.monotonic() - started, 3)},
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    tables.write(made.out / f"{report['name']}.html", text)
    tables.write(made.file(report, "json"), run.as_json(record))
    if made.keep and kept.is_file():
        made.out.joinpath("notebooks").mkdir(exist_ok=True)
        tables.write(made.out / "notebooks" / kept.name, kept.read_bytes())
    return record


def _index(made, context):
    """Write index, codebook, a link at each retired address, and what is known of all reports."""
    import pandas as pd

    from ilodata.reports import index, page

    records = {path.stem: run.record_of(path) for path in made.out.glob(".runs/*.json")}
    told, results = {}, []
    for report in made.reports:
        if record := records.get(report["name"]):
            given = json.dumps(record["parameters"], ensure_ascii=False, sort_keys=True)
            results += [{"parameters": given} | row for row in record["results"]]
            if record["made_of"] == run.made_of(report, made):
                told[report["name"]] = record["facts"] | {"failure": record["error"]}
    tables.write(made.out / "codebook.html", index.codebook())
    tables.write(made.out / "index.html", index.render(made.reports, told, context))
    for old, new in made.retired.items():
        tables.write(made.out / f"{old}.html", page.fill("moved.html.j2", old=old, new=new))
    results = pd.DataFrame(results, columns=RESULTS, dtype=object)
    tables.write(made.out / "results.csv", results.to_csv(index=False, lineterminator="\n"))
    for record in records.values():
        record.pop("facts", None), record.pop("results", None)
    known = {"list": made.list_name, "made_with": made.made_with, "reports": records}
    tables.write(made.out / "manifest.json", run.as_json(known))
