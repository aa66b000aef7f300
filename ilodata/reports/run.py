"""A report list through papermill: pages, an index, a codebook, a manifest."""

import hashlib
import json
import os
import re
import signal
import sys
import tempfile
import time
import warnings
from collections import Counter
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path

from tqdm import tqdm

from ilodata import tables
from ilodata.reports import keys, lists, pool

tqdm.monitor_interval = 0  # it would be a second thread, and a fork has to be from one

ENGINES = ("fast", "kernel")
PICTURES = 60  # an index of more reports has no pictures, which would make it too large
SCRIPT = {"name": "charts"}  # a job beside the reports: what makes charts live
# Run once before the forks, so that no report pays for what loads at first use.
PRIME = (
    "import ilodata as ilo",
    "ilo.load_events().groupby('kind').size().to_frame()",
    "ilo.charts.counts(ilo.by_founding(ilo.support()), 'Cells by table and how founded')",
)


def build(
    list_path="reports/default.yaml",
    only=(),
    out="reports/html",
    standalone=False,
    *,
    workers=None,
    engine="fast",
    timeout=None,
    force=False,
    keep_notebooks=False,
    dry_run=False,
    as_json=False,
    dask=None,
):
    """Run the reports of a list and write their pages.

    Pages appear whole or not at all; one whose key is what it would be again is not rebuilt.
    Whatever varies (when a page was built, how long it took) stands in ``manifest.json``, and
    nowhere in the pages. Pages of other lists stay as they are.

    Parameters
    ----------
    list_path : str or Path
        The report list; its notebooks are found as `lists.read_list` says.
    only : iterable of str
        Names of the reports to build; empty for all. The index shows the others as they are.
    out : str or Path
        Folder for the pages; made if it is not there.
    standalone : bool
        Whether each page holds the script that makes its charts live, so that it can be mailed
        as one file; else the pages share one beside them.
    workers : int, optional
        How many reports are at work at once; as many as there are processors by default.
    engine : {"fast", "kernel"}
        The cells run in a forked process, or in an ordinary kernel; the pages are the same.
    timeout : float, optional
        Seconds after which a report is ended and counts as failed.
    force : bool
        Rebuild what is as it would be again, too.
    keep_notebooks : bool
        Keep each executed notebook, and what its process printed, in ``out/notebooks``.
    dry_run : bool
        Only print which reports would run, and why.
    as_json : bool
        Print a line of JSON for each report and one at the end, for machines.
    dask : str, optional
        Address of a Dask scheduler, whose workers run the reports.

    Returns
    -------
    int
        0 if all were built, 1 if one failed, 130 if Ctrl-C ended it; what was finished stays.

    Raises
    ------
    DataError
        If the list, a name in ``only`` or the data cannot be read, or ``out`` cannot be written:
        before anything has run. If the disk is full: with what was finished kept.
    """
    if engine not in ENGINES:
        raise tables.DataError(f"--engine {engine}: {tables.nearest(engine, ENGINES)}")
    out = Path(out)
    reports = lists.read_list(list_path)
    chosen = _chosen(reports, [only] if isinstance(only, str) else list(only))
    root = lists.project_of(list_path)
    list_name = Path(list_path).resolve().relative_to(root).as_posix()
    around = keys.surroundings(list_name, standalone)
    manifest = keys.manifest_of(out)
    lacks = {  # by name, why a report does not stand
        report["name"]: keys.why(
            report, manifest["reports"].get(report["name"], {}), around, root, out
        )
        for report in reports
    }
    due = {report["name"]: lacks[report["name"]] or "forced" * force for report in chosen}
    due = {name: reason for name, reason in due.items() if reason}
    todo = [report for report in chosen if report["name"] in due]
    if dry_run:
        for name, reason in due.items():
            print(json.dumps({"report": name, "why": reason}) if as_json else f"{name}: {reason}")
        _say(as_json, f"{len(due)} of {len(chosen)} reports would run", would_run=len(due))
        return 0
    # The pool begins at both ends, so that reports with many charts run beside those with few, and
    # their drawings wait less for each other; neighbours share charts, which are drawn once.
    todo.sort(key=lambda report: -(root / report["notebook"]).stat().st_size)
    whole = keys.key_of({"of": [(r["name"], r["title"]) for r in reports], "around": around})
    whole += keys.key_of({"tables": _all_tables()})
    indexed = manifest.get("index") == whole and (out / "index.html").is_file()
    if dask and todo:
        from ilodata.reports import cluster

        cluster.check(dask, keep_notebooks)
    stopped, told = False, {"new": [], "changed": [], "unchanged": [], "failed": []}
    with keys.alone(out), tempfile.TemporaryDirectory() as scratch, _settled(scratch):
        make = {"standalone": standalone, "engine": engine, "keep": keep_notebooks}
        make |= {"around": around, "root": root, "scratch": Path(scratch), "timeout": timeout}
        if todo or not indexed:
            done = _each([] if dask else todo, list_name, out, workers, make)
            if dask:
                done = _elsewhere(done, todo, list_path, dask, make)
            bar = tqdm(
                total=len(todo),
                unit="report",
                leave=False,
                disable=as_json or not sys.stderr.isatty(),
            )
            try:
                for report, page, record in done:
                    bar.update()
                    name, before = report["name"], manifest["reports"].get(report["name"], {})
                    tables.write(out / f"{name}.html", page)
                    keys.note(out, name, record)
                    manifest["reports"][name] = record
                    failed = record["status"] == "failed"
                    lacks[name] = "it failed" if failed else ""
                    kind = "failed" if failed else _since(before.get("sha256"), record["sha256"])
                    told[kind].append(name)
                    if as_json:
                        shown = {"report": name, "why": due[name], "status": record["status"]}
                        print(json.dumps(shown | {"seconds": record["seconds"]}), flush=True)
                    elif failed:
                        error = record["error"]
                        _tell(f"failed: {name}, {error['where']}: {error['message']}")
                    elif record["stderr"]:
                        _tell(f"{name} wrote to stderr (see manifest.json; not in its page)")
            except KeyboardInterrupt:
                stopped = True
            finally:
                done.close()
                bar.close()
            # An index takes seconds of a long list: who stops a build has it with the next one.
            if not stopped:
                tables.write(out / "index.html", _index(reports, manifest, lacks, make))
                manifest["index"] = whole
            keys.keep(out, manifest)
    for kind, names in told.items():
        if names and kind != "failed" and not as_json:
            print(f"{kind}: {', '.join(names)}")
    if len(chosen) > len(todo) and not as_json:
        print(f"as before: {len(chosen) - len(todo)} of {len(chosen)}")
    built = sum(not reason for reason in lacks.values())
    index = (out / "index.html").as_posix()
    _say(as_json, f"{built} of {len(reports)} reports stand in {index}", built=built, index=index)
    return 130 if stopped else int(bool(told["failed"]))


def _say(as_json, line, **facts):
    print(json.dumps(facts) if as_json else line)


def _chosen(reports, only):
    names = [report["name"] for report in reports]
    unknown = [name for name in only if name not in names]
    if unknown:
        wrong = [f"no report is named {name}; {tables.nearest(name, names)}" for name in unknown]
        raise tables.DataError("\n".join(wrong))
    return [report for report in reports if not only or report["name"] in only]


def _all_tables():
    """Hash each table and each file of reference data: the index says what all of them are."""
    folder = tables.data_dir()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): keys.hashed(path) for path in files}


@contextmanager
def _settled(scratch):
    """Pin what kernels and charts take from their surroundings, and give it back."""
    pinned = {
        "ILODATA_DATA": str(tables.data_dir().resolve()),  # a kernel runs in another folder
        "IPYTHONDIR": scratch,  # no start-up files of the user's, no history
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
    }
    before = {key: os.environ.get(key) for key in pinned}
    os.environ.update(pinned)
    time.tzset()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for key, value in before.items():
            os.environ.pop(key)
            if value is not None:
                os.environ[key] = value
        time.tzset()


def _each(todo, list_name, out, workers, make):
    """Run reports in forked processes; give each with its page and its record."""
    size = max(1, min(workers or os.cpu_count() or 1, len(todo)))
    with pool.Pool(size) as processes:
        # Only now, while the drawers start: these imports take seconds.
        from ilodata.reports import pages

        context = pages.context_of_data(list_name)
        context["charts"] = {"name": pages.script_name(), "text": ""}
        make |= {"context": context, "out": out}
        if len(todo) > 1:
            with suppress(Exception):  # what is wrong with the data, each report says by itself
                _prime(todo, make)
        jobs, script = list(todo), out / pages.script_name()
        if make["standalone"]:
            [(_, answer)] = processes.each([SCRIPT], _scripted)
            context["charts"] = {"name": "", "text": _script(answer)}
        elif not script.is_file():
            jobs.insert(0, SCRIPT)  # its name is known before it is made

        def meanwhile():
            tables.write(out / "codebook.html", pages.render_codebook(context["codebook"]))

        do = partial(_job, make=make)
        for report, answer in processes.each(jobs, do, make["timeout"], meanwhile):
            if report is SCRIPT:
                tables.write(script, _script(answer, make["timeout"]))
                continue
            if isinstance(answer, pool.Ended):
                failure = {"where": "its run", "message": _end_of(answer, make["timeout"])}
                failure |= {"source": "", "traceback": ""}
                answer = _as_failed(report, failure, make, {})
            yield report, answer["page"], answer["record"] | {"peak_mb": answer.get("peak_mb")}


def _elsewhere(done, todo, list_path, address, make):
    """Run reports on a cluster, when all that is forked here is over."""
    yield from done
    from ilodata.reports import cluster

    yield from cluster.each(todo, list_path, address, make)


def _prime(todo, make):
    """Do once what each report does: on a notebook of ours, and with the words of theirs."""
    import nbformat

    from ilodata.charts import look
    from ilodata.reports import pages

    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in PRIME]
    notebook.cells.append(nbformat.v4.new_markdown_cell("## Is it *ready*?\n\n- `yes`"))
    notebook.metadata.kernelspec = {"name": "python3", "language": "python", "display_name": "P"}
    report = {"name": "prime", "title": "Prime", "notebook": "", "parameters": {}, "declared": {}}
    with look.undrawn():
        for part in (".", "reference"):
            for resource in tables.package(part)["resources"]:
                tables.read(resource["name"], part)
        nb = _execute(notebook, report, None, lambda *_, **__: None, make | {"engine": "fast"})
        for path, of in Counter(report["notebook"] for report in todo).items():
            nb.cells += _unrun((make["root"] / path).read_bytes()).cells if of > 2 else []
        pages.render_page(nb, report, make["context"])


@lru_cache(16)
def _unrun(content):
    """Read a notebook's file, and leave out the outputs, which papermill would read for nothing."""
    import nbformat

    nb = nbformat.reads(content.decode(), 4)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    return nb


def _execute(notebook, report, executed, on_cell, make):
    import papermill

    fast, aside = make["engine"] == "fast", None if make["keep"] else []
    nb = papermill.execute_notebook(
        notebook,
        executed,
        report["parameters"],
        **({"engine_name": "ilodata", "aside": aside} if fast else {}),
        kernel_name="python3",
        language="python",
        cwd=(make["root"] / report["notebook"]).parent,
        progress_bar=False,
        log_output=False,
        request_save_on_cell_execute=make["keep"],  # else only a failure or the end is written
        on_cell_start=on_cell,
        extra_arguments=["--log-level=CRITICAL"],  # a kernel greets and leaves with warnings
    )
    for cell, outputs in aside or []:
        cell.outputs = outputs
    return nb


def _job(report, tell, make):
    return _scripted(report, tell) if report is SCRIPT else _built(report, tell, make)


def _end_of(ended, timeout):
    if ended.how == "killed":
        return f"its process was ended twice, the second time at {ended.where}"
    return f"still at work after {timeout:g} seconds, at {ended.where}"


def _script(answer, timeout=None):
    """Return the script for live charts, if it could be made."""
    if isinstance(answer, pool.Ended):
        raise tables.DataError(
            f"the script for live charts: {_end_of(answer, timeout)}; build again"
        )
    return answer["script"]


def _scripted(_, tell):
    from ilodata.reports import pages

    tell("the script for live charts")
    return {"script": pages.script_of_charts()}


def _built(report, tell, make):
    """Run one report in this process; return its page and what the manifest keeps of it."""
    from ilodata.charts import look
    from ilodata.reports import outputs, pages

    started, notebook = time.perf_counter(), make["root"] / report["notebook"]
    kept = make["scratch"] / report["name"]
    if make["keep"]:
        kept = make["out"] / "notebooks" / report["name"]
        kept.parent.mkdir(parents=True, exist_ok=True)
    executed, printed = kept.with_suffix(".ipynb"), kept.with_suffix(".log")
    _print_to(printed)
    begun = []  # the code cells of the notebook as it is, without the one with our parameters

    def on_cell(cell, **_):
        if "injected-parameters" not in cell.metadata.get("tags", []):
            begun.append(cell)
            tell(f"code cell {len(begun)}")

    told = kept.with_suffix(".used")
    told.write_text("", "utf-8")
    os.environ["ILODATA_USED"] = str(told)
    try:
        with pages.drawn_ahead() as begin:
            with nullcontext() if make["keep"] else look.undrawn(begin):  # the page draws its own
                source = notebook if make["keep"] else _unrun(notebook.read_bytes())
                nb = _execute(source, report, executed if make["keep"] else None, on_cell, make)
            ran = time.perf_counter()
            tell("its page")
            read = {*told.read_text("utf-8").split("\n")} - {""}
            read |= {f"{table}.csv" for table in keys.ALWAYS}
            findings = pages.findings_of(nb)
            named = [record.partition("/")[0] for each in findings for record in each["records"]]
            read |= {f"{table}.csv" for table in named}
            made_of = keys.parts(report, read, make["around"], make["root"])
            known = [file.removesuffix(".csv") for file in read]
            context = pages.of_tables(make["context"], known, keys.data_hash(made_of))
            page = pages.render_page(nb, report, context)
        record = _record(report, page, made_of) | {"status": "built", "findings": findings}
        record |= {"stderr": _stderr(nb), "picture": outputs.picture_of(page, report["name"])}
        record["seconds"] = {"run": ran - started, "page": time.perf_counter() - ran}
        answer = {"page": page, "record": record}
    except Exception as error:  # whatever a notebook does must not cost the other reports
        # In nbclient's words, and in those of jupyter_client while the kernel starts.
        if type(error).__name__ == "DeadKernelError" or str(error).startswith("Kernel died"):
            os.kill(os.getpid(), signal.SIGKILL)  # as its kernel was; and the pool tries again
        spent = {"run": time.perf_counter() - started}
        answer = _as_failed(
            report, _failure(error, len(begun), kept.parent, make["root"]), make, spent
        )
    seconds = answer["record"]["seconds"]
    answer["record"]["seconds"] = {stage: round(spent, 3) for stage, spent in seconds.items()}
    told.unlink(missing_ok=True)
    return answer


def _record(report, page, made_of):
    record = {key: report[key] for key in ("title", "notebook", "parameters")}
    record |= {"key": keys.key_of(made_of), "made_of": made_of}
    record["built_at"] = datetime.now(UTC).isoformat(timespec="seconds")
    return record | {"sha256": hashlib.sha256(page.encode()).hexdigest()}


def _as_failed(report, failure, make, seconds):
    from ilodata.reports import pages

    page = pages.render_failure(failure, report, make["context"])
    made_of = keys.parts(report, (), make["around"], make["root"])
    record = _record(report, page, made_of) | {"status": "failed", "error": failure}
    return {"page": page, "record": record | {"seconds": seconds, "stderr": ""}}


def _print_to(path):
    """Send what the process itself prints, not its cells, to a file."""
    with path.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)


def _failure(error, cell, folder, root):
    """Say where and why a report failed, in words that are the same on every machine."""
    from ilodata.reports.outputs import whole

    where, source, message = "its run", "", f"{type(error).__name__}: {error}"
    if hasattr(error, "ename"):
        where, source = f"code cell {cell}", error.source
        message = f"{error.ename}: {error.evalue}"
    known = [(str(tables.data_dir().resolve().parent), "")]
    known += [(str(root), ""), (sys.prefix, "…"), (sys.base_prefix, "…"), (str(folder), "…")]

    def neutral(text):
        for folder, instead in known:
            text = text.replace(f"{folder}/", f"{instead}/" if instead else "")
        return re.sub(r"0x[0-9a-f]{6,}", "0x…", re.sub(r"ipykernel_\d+/\d+", "ipykernel", text))

    traceback = whole("\n".join(getattr(error, "traceback", [])))
    said = {"message": whole(message), "source": source, "traceback": traceback}
    return {"where": where} | {key: neutral(text) for key, text in said.items()}


def _stderr(nb):
    outputs = [output for cell in nb.cells for output in cell.get("outputs", [])]
    return "".join(each.text for each in outputs if each.get("name") == "stderr")


def _since(before, now):
    return "new" if before is None else "unchanged" if before == now else "changed"


def _index(reports, manifest, lacks, make):
    from ilodata.reports import pages

    entries, root = [], make["root"]
    questions = {name: pages.question_of(root / name) for name in {r["notebook"] for r in reports}}
    for report in reports:
        record = manifest["reports"].get(report["name"], {})
        status = "not built" if lacks[report["name"]] else "built"
        if record.get("status") == "failed":
            made_of = keys.parts(report, (), make["around"], root)
            status = "failed" if keys.key_of(made_of) == record["key"] else "not built"
        entry = {"name": report["name"], "title": report["title"], "status": status}
        entry["question"] = questions[report["notebook"]]
        entry["picture"] = record.get("picture", "") if len(reports) <= PICTURES else ""
        entry["findings"] = record.get("findings", [])
        entries.append(entry | {"error": record.get("error")})
    return pages.render_index(entries, make["context"])


def _tell(line):
    tqdm.write(tables.visible(" ".join(line.split())), file=sys.stderr)
