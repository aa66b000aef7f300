"""The two stages of a build, as their processes do them: run a notebook; publish its page.

What joins them is a file: the executed notebook in ``out/.runs``, whose charts are not drawn unless
it is to be kept. How it ran goes along.
"""

import hashlib
import json
import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime

import psutil

from ilodata.files import write
from ilodata.problems import DataError
from ilodata.reports import lists, run
from ilodata.reports.records import Failure, Manifest, Record, Result, RunOutcome

PEAK = 1024**2 if sys.platform == "darwin" else 1024  # units of ru_maxrss in a MB
RESULTS = ["report", "parameters", *list(Result.__annotations__)[1:]]


def do_jobs(line, build):
    """Do the jobs that come along a line, until it is closed; a notebook's process gets one."""
    _settle(build.environment)
    from ilodata.charts import look
    from ilodata.reports import page

    try:
        context = None
        if build.reports is not None:  # a notebook's process needs none of what pages say of all
            context = page.context(build.reports, build.list_name)
        while job := line.recv():
            match job.kind:
                case "check":
                    answer = lists.checked(build.reports, build.list_path)
                case "run":
                    answer = run_notebook(job.report, build, lambda at: line.send(("at", at)))
                case "page":
                    answer = write_page(job.report, job.ran, build, context)
                case "index":
                    answer = write_index(build, context)
            line.send(("done", answer))
            if job.kind == "check":
                look.svg({"mark": "point"})  # what draws starts while the first report runs
    except EOFError:
        return  # the line was closed
    except Exception as error:
        line.send(("stop", _in_words(error)))


def _settle(environment):
    """Begin a process: a group of its own, the environment of all, silence, an end with its build."""
    os.setsid()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # which the server is deaf to
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    with open(os.devnull, "r+b") as nothing:  # noqa: PTH123
        for number in (0, 1, 2):
            os.dup2(nothing.fileno(), number)

    def end_with_build():
        multiprocessing.parent_process().join()
        end_all(os.getpid())

    threading.Thread(target=end_with_build, daemon=True).start()


def end_all(pid):
    """End a process with its group, and with the groups of all that it has started."""
    groups, started = set(), []
    with suppress(psutil.Error):
        started = psutil.Process(pid).children(recursive=True)
    for process in started:
        with suppress(OSError):  # it has just ended by itself
            groups.add(os.getpgid(process.pid))
    for group in [*groups - {pid}, pid]:  # its own last: it may be this process
        with suppress(OSError):
            os.killpg(group, signal.SIGKILL)


def failed(where, said):
    """Describe the run of a report that failed outside its cells, as `RunOutcome`."""
    return RunOutcome(error=Failure(where=where, message=said, source=""), seconds=0.0)


def _in_words(error):
    """Say an error: ours as it is, another with its kind."""
    return str(error) if isinstance(error, DataError) else f"{type(error).__name__}: {error}"


def run_notebook(report, build, tell):
    """Stage one: run a notebook and leave it in ``.runs``; return how it went, as `RunOutcome`.

    ``tell`` is called with where it is. What the notebook has started is ended with its process.
    """
    import nbformat

    from ilodata.reports import engine

    os.environ["ILODATA_UNDRAWN"] = "" if build.keep else "1"
    path, started = lists.project_of(build.list_path) / report.notebook, time.monotonic()
    build.file(report, "ipynb").unlink(missing_ok=True)  # of a build that was killed
    try:
        nb, error = engine.execute(path, report.parameters, tell)
        text = nbformat.writes(nb)
    except Exception as error:  # whatever a notebook does must not cost the other reports
        return failed("its run", _in_words(error))
    write(build.file(report, "ipynb"), text.encode("utf-8", "replace"))
    return RunOutcome(
        error=error and error.failure,
        peak_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / PEAK),
        seconds=round(time.monotonic() - started, 3),
    )


def write_page(report, ran, build, context):
    """Stage two: write the page of a report, and beside it what is known of it; return that, a `Record`.

    ``ran`` is what `run_notebook` told. The executed notebook stays where it is: a page whose worker is
    killed is made again of it.
    """
    import nbformat

    from ilodata.reports import outputs, page

    started, kept = time.monotonic(), build.file(report, "ipynb")
    failure, told = ran["error"], {"facts": {}, "results": [], "unseen": []}
    try:
        if not failure:
            text, told = page.render(nbformat.reads(kept.read_text("utf-8"), 4), report, context)
    except Exception as error:  # a page that cannot be made costs only itself
        failure = failed("its page", _in_words(error))["error"]
    if failure:
        failure["message"] = outputs.printed(failure["message"])
        text = page.failed(report, failure)
    write(build.file(report, "html"), text := text.encode("utf-8", "replace"))
    seconds = {"run": ran["seconds"], "page": round(time.monotonic() - started, 3)}
    record = Record(
        **ran | told | {"error": failure, "seconds": seconds},
        name=report.name,
        notebook=report.notebook,
        parameters=report.parameters,
        inputs=run.inputs(report, build),
        status="failed" if failure else "built",
        sha256=hashlib.sha256(text).hexdigest(),
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    write(build.file(report, "json"), run.as_json(record))
    if build.keep and kept.is_file():
        build.out.joinpath("notebooks").mkdir(exist_ok=True)
        write(build.out / "notebooks" / kept.name, kept.read_bytes())
    return record


def write_index(build, context):
    """Write index, codebook, a link at each retired address, and what is known of all reports."""
    import pandas as pd

    from ilodata.reports import index, page

    records = {path.stem: run.record_of(path) for path in build.out.glob(".runs/*.json")}
    current, results = {}, []
    for report in build.reports:
        if record := records.get(report.name):
            given = json.dumps(record["parameters"], ensure_ascii=False, sort_keys=True)
            results += [{"parameters": given} | row for row in record["results"]]
            if record["inputs"] == run.inputs(report, build):
                current[report.name] = record
    write(build.out / "codebook.html", index.codebook(context))
    write(build.out / "index.html", index.render(build.reports, current, context))
    for old, new in build.retired.items():
        write(build.out / f"{old}.html", page.fill("moved.html.j2", old=old, new=new))
    results = pd.DataFrame(results, columns=RESULTS, dtype=object)
    write(build.out / "results.csv", results.to_csv(index=False, lineterminator="\n"))
    for record in records.values():  # what pages say is in the pages, and in results.csv
        for key in ("facts", "results"):
            record.pop(key, None)
    known = Manifest(list=build.list_name, inputs=build.shared, reports=records)
    write(build.out / "manifest.json", run.as_json(known))
