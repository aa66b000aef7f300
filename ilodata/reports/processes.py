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
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass
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
    finally:
        os.environ.clear()
        os.environ.update(before)
    yield before | pinned


@dataclass(eq=False)
class Worker:
    """A process at work, the line to it, and what it does until when."""

    process: multiprocessing.Process
    line: connection.Connection
    job: tuple = ()
    until: float = float("inf")
    where: str = "its start"

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
        self.line.close()


def work(todo, made, size, tell):
    """Run reports and publish their pages, then the index.

    Parameters
    ----------
    todo : list of dict
        As `lists.read_list` gives them.
    made : run.Build
    size : int
        How many notebooks run at once, and how many pages are made at once.
    tell : callable
        Called with the record of each report when its page stands.

    Raises
    ------
    DataError
        If a file cannot be written or the tables cannot be read; what was finished is kept.
    """
    crew = Crew(made, min(size, max(1, len(todo))))
    try:
        crew.do([("run", report) for report in todo], [], tell)
        crew.do([], [("codebook",), ("index",)], tell)
    finally:
        for worker in crew.workers:
            worker.end()


class Crew:
    """The processes of one build, each a `Worker`.

    Parameters
    ----------
    made : run.Build
    size : int
        How many may run a notebook at once; as many may publish.
    """

    def __init__(self, made, size):
        self.made, self.size, self.workers, self.idle, self.tried = made, size, [], [], set()

    def do(self, to_run, to_publish, tell):
        """Do jobs of both stages, those of the second as the first leaves them."""
        to_run, to_publish = deque(to_run), deque(to_publish)
        while to_run or to_publish or len(self.workers) > len(self.idle):
            self.hand_out(to_run, to_publish)
            for worker, kind, content in self.listen():
                if kind == "at":
                    worker.where = content
                elif kind == "stop":
                    raise DataError(content)
                elif kind == "done" and worker.job[0] == "run":
                    to_publish.append(("page", worker.job[1], content))
                elif kind == "done":
                    if content:
                        tell(content)
                elif (job := self.after(worker, kind)) and job[0] == "run":
                    to_run.appendleft(job)
                else:
                    to_publish.appendleft(job)

    def hand_out(self, to_run, to_publish):
        """Begin what can be begun."""
        stages = [worker.job[0] == "run" for worker in self.workers]
        for _ in range(min(self.size - sum(stages), len(to_run))):
            job = to_run.popleft()
            self.begin(run_notebook, job[1], self.made).job = job
        while to_publish:
            if not self.idle:
                if len(stages) - sum(stages) >= self.size:
                    break
                stages.append(False)
                self.idle.append(self.begin(publish, self.made))
            worker, worker_job = self.idle.pop(), to_publish.popleft()
            with suppress(OSError):  # it was ended while idle: `listen` will see it
                worker.line.send(worker_job)
            worker.job = worker_job
            worker.until = time.monotonic() + (self.made.timeout or float("inf"))

    def begin(self, target, *arguments):
        """Start a process."""
        here, there = SERVER.Pipe()
        process = SERVER.Process(target=target, args=(there, *arguments), daemon=False)
        process.start()
        there.close()
        limit = time.monotonic() + (self.made.timeout or float("inf"))
        self.workers.append(Worker(process, here, until=limit))
        return self.workers[-1]

    def listen(self):
        """Wait until something happens; give each worker that tells something, and what.

        Yields
        ------
        tuple of (Worker, str, object)
            "at" and where it is; "done" and an answer; "stop" and why nothing can go on;
            "killed" or "timed out" and how it ended. Whoever is at its end is no worker any more.
        """
        busy = {worker.line: worker for worker in self.workers if worker not in self.idle}
        ends = {worker.process.sentinel: worker for worker in busy.values()}
        patience = min(worker.until for worker in busy.values()) - time.monotonic()
        patience = None if patience == float("inf") else max(0, patience)
        ready = connection.wait([*busy, *ends], patience)
        for worker in busy.values():
            try:
                if worker.line in ready and worker.line.poll():
                    kind, content = worker.line.recv()
                elif worker.process.sentinel in ready:
                    raise EOFError
                elif time.monotonic() >= worker.until:
                    kind, content = "timed out", ""
                else:
                    continue
            except (EOFError, OSError):
                kind, content = "killed", ""
            if kind == "done" and worker.job[0] != "run":
                self.idle.append(worker)
            elif kind != "at":
                self.workers.remove(worker)
                worker.end()
            yield worker, kind, content

    def after(self, worker, kind):
        """Return what is done after a worker was ended: its job once more, or the page of a failure."""
        stage, report = worker.job[0], (worker.job[1:2] or (None,))[0]
        name = report["name"] if report else stage
        if kind == "killed" and (stage, name) not in self.tried:
            self.tried.add((stage, name))
            return worker.job
        at = worker.where if stage == "run" else "its page"
        said = f"its process was ended twice, the second time at {at}"
        if kind == "timed out":
            said = f"still at work after {self.made.timeout:g} seconds, at {at}"
        if not report or stage == "page" and worker.job[2].get("failure"):
            raise DataError(f"{name}: {said}; build again")
        failure = {"where": f"its {stage}", "message": said, "source": "", "traceback": ""}
        return ("page", report, {"failure": failure, "seconds": 0.0})


def _settle(line, environment):
    """Begin a process: a group of its own, the environment of all, silence, an end with its parent."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    with open(os.devnull, "r+b") as nothing:  # noqa: PTH123
        for number in (0, 1, 2):
            os.dup2(nothing.fileno(), number)

    def end():
        with suppress(EOFError, OSError):
            line.poll(None)  # nobody writes to a process that runs a notebook
        os.killpg(0, signal.SIGKILL)

    return threading.Thread(target=end, daemon=True)


def run_notebook(line, report, made):
    """Stage one: run a notebook, leave it in ``.runs``, and tell how it went."""
    watch = _settle(line, made.environment | {"ILODATA_UNDRAWN": "1"})
    watch.start()
    started, notebook = time.monotonic(), lists.project_of(made.list_path) / report["notebook"]
    told = {"failure": None, "stderr": "", "allowed": 0}
    try:
        import nbformat

        from ilodata.reports import engine

        nb, error = engine.execute(
            notebook, report["parameters"], made.engine, lambda where: line.send(("at", where))
        )
        text = nbformat.writes(nb).encode("utf-8", "replace")
        outputs = [(cell, o) for cell in nb.cells for o in cell.get("outputs", [])]
        told["stderr"] = "".join(o.text for _, o in outputs if o.get("name") == "stderr")
        told["allowed"] = sum(
            o.output_type == "error" for cell, o in outputs if engine.allowed(cell)
        )
        if error:
            told["failure"] = neutral(error.failure, made, notebook)
    except Exception as error:  # whatever a notebook does must not cost the other reports
        if type(error).__name__ == "Died":
            os.killpg(0, signal.SIGKILL)  # as its kernel was; the build tries it again
        failure = {"message": f"{type(error).__name__}: {error}", "source": "", "traceback": ""}
        told["failure"], text = neutral({"where": "its run"} | failure, made, notebook), b""
    told["seconds"] = round(time.monotonic() - started, 3)
    told["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    try:
        if text:
            tables.write(made.file(report, "ipynb"), text)
        line.send(("done", told))
    except DataError as error:
        line.send(("stop", str(error)))
    watch.join()  # what it has started is found and ended with it


def neutral(failure, made, notebook):
    """Take out of the words of an error what differs from machine to machine."""
    known = [(str(tables.data_dir().resolve().parent), "")]
    known += [
        (str(lists.project_of(made.list_path)), ""),
        (sys.prefix, "…"),
        (sys.base_prefix, "…"),
    ]
    said = {}
    for key, text in failure.items():
        for folder, instead in known:
            text = text.replace(f"{folder}/", f"{instead}/" if instead else "")
        text = re.sub(r"\x1b\[[0-9;]*m", "", text)
        text = re.sub(r"ipykernel_\d+/\d+", "ipykernel", text)
        text = re.sub(r"0x[0-9a-f]{6,}", "0x…", text)
        said[key] = text.encode("utf-8", "replace").decode()
    return said


def publish(line, made):
    """Stage two: write the pages that are asked for, one after the other, until nobody asks."""
    _settle(line, made.environment)
    try:
        from ilodata.reports import page

        context = page.context(made.reports, made.list_name)
        while True:
            job = line.recv()
            answer = None
            if job[0] == "codebook":
                from ilodata.reports import codebook

                tables.write(made.out / "codebook.html", codebook.render())
            elif job[0] == "index":
                from ilodata.reports import index

                tables.write(
                    made.out / "index.html", index.render(made.reports, _told(made), context)
                )
                for old, new in made.retired.items():
                    tables.write(made.out / f"{old}.html", page.moved(old, new))
            else:
                answer = _page(*job[1:], made, context)
            line.send(("done", answer))
    except EOFError:
        return
    except Exception as error:
        with suppress(OSError):
            said = (
                str(error) if isinstance(error, DataError) else f"{type(error).__name__}: {error}"
            )
            line.send(("stop", said))


def _page(report, ran, made, context):
    """Write the page of a report, and beside it what is known of it; return that."""
    import nbformat

    from ilodata.reports import outputs, page

    started, kept, failure = time.monotonic(), made.file(report, "ipynb"), ran["failure"]
    record = {key: report[key] for key in ("name", "title", "notebook", "parameters")}
    record |= {"facts": {}, "results": [], "unseen": []}
    if not failure:
        try:
            nb = nbformat.reads(kept.read_text("utf-8"), 4)
            text = page.render(nb, report, context)
            record["facts"], record["results"] = page.facts(nb, report), page.results(nb, report)
            record["unseen"] = outputs.unseen(nb)
        except Exception as error:  # a page that cannot be made costs only itself
            failure = {"message": f"{type(error).__name__}: {error}", "source": "", "traceback": ""}
            failure = neutral({"where": "its page"} | failure, made, kept)
    if failure:
        text = page.failed(report, failure)
    place, text = made.out / f"{report['name']}.html", text.encode("utf-8", "replace")
    now = hashlib.sha256(text).hexdigest()
    record |= {"status": "failed" if failure else "built", "error": failure, "sha256": now}
    record |= {"made_of": run.made_of(report, made), "stderr": ran.get("stderr", "")}
    record |= {"allowed": ran.get("allowed", 0), "peak_mb": ran.get("peak_mb")}
    record["seconds"] = {"run": ran["seconds"], "page": round(time.monotonic() - started, 3)}
    record["built_at"] = datetime.now(UTC).isoformat(timespec="seconds")
    record["change"] = run.change(place, now)
    tables.write(place, text)
    tables.write(made.file(report, "json"), run.as_json(record))
    if made.keep and kept.is_file():
        made.out.joinpath("notebooks").mkdir(exist_ok=True)
        kept.replace(made.out / "notebooks" / kept.name)
    kept.unlink(missing_ok=True)
    return {key: of for key, of in record.items() if key not in ("facts", "results", "made_of")}


def _told(made):
    """Return what the index says of each report that stands or failed, by name."""
    told = {}
    for report in made.reports:
        record = run.record_of(made.file(report, "json"))
        if record and record["made_of"] == run.made_of(report, made):
            failed = {"failure": record["error"]} if record["error"] else {}
            told[report["name"]] = record["facts"] | failed
    return told
