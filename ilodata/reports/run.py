"""Build a report list in two stages joined by files: run its notebooks, publish their pages.

Each notebook runs in a fresh process, forked from a server that has imported what all need, and
leaves ``out/.runs/NAME.ipynb``. A few long-lived workers make pages of these and write, beside
each, ``out/.runs/NAME.json``: what it was made of, and what the index says of it. What both stages
do stands in `stages`, who does it in `processes`.
"""

import fcntl
import hashlib
import json
import os
import platform
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from tqdm import tqdm

from ilodata import tables
from ilodata.problems import DataError, in_terminal, nearest
from ilodata.reports import lists

VERSIONS = ("pandas", "altair", "papermill", "ipykernel", "jinja2", "mistune", "vl-convert-python")


@dataclass(frozen=True)
class Build:
    """What all reports of a build share; it travels to each process."""

    list_path: Path
    reports: list | None  # of `lists.Report`; None where a notebook runs
    retired: dict  # old names to new ones
    out: Path
    shared: dict  # as `shared_inputs` gives it
    timeout: float | None = None
    keep: bool = False
    environment: dict | None = None

    @property
    def list_name(self):
        """The list as a user would type it in its project."""
        return self.list_path.resolve().relative_to(lists.project_of(self.list_path)).as_posix()

    def file(self, report, ending):
        """Return the place of a page (html), and of what else either stage leaves of a report."""
        folder = self.out if ending == "html" else self.out / ".runs"
        return folder / f"{report.name}.{ending}"


def build(
    list_path="reports/default.yaml",
    only=(),
    out="reports/html",
    *,
    workers=None,
    timeout=None,
    force=False,
    keep_notebooks=False,
    dry_run=False,
    dask=None,
):
    """Run the reports of a list and write their pages; options as in ``ilodata build --help``.

    Pages appear whole or not at all; one that would become what it is is not rebuilt, unless ``force``
    says so. Whatever varies (when a page was built, how long it took) stands in ``manifest.json``, and
    nowhere in the pages. Pages of other lists stay as they are, and so do those that ``only`` does not
    name. ``workers`` reports are at work at once, by default as many as there are processors;
    ``timeout`` is in seconds, None for no limit.

    Returns 0 if all were built, 1 if one failed, 130 if Ctrl-C ended it; what was finished stays.
    Raises DataError, before anything has run, if the list, a name in ``only`` or the data cannot be
    read, or ``out`` cannot be written; later if the disk is full, and what was finished stays.
    """
    started = time.monotonic()
    reports, retired = lists.entries(list_path)
    names = [report.name for report in reports]
    chosen = list(only) or names
    for name in chosen:
        if name not in names:
            raise DataError(f"no report is named {name}; {nearest(name, names)}")
    shared = shared_inputs(reports, retired, list_path)
    build = Build(Path(list_path), reports, retired, Path(out), shared, timeout, keep_notebooks)
    reasons = {report.name: why(report, build) for report in reports}
    due = {name: reasons[name] or "forced" for name in chosen if reasons[name] or force}
    if dry_run:
        lists.checked(reports, list_path)
        for name, reason in due.items():
            print(f"{name}: {reason}")
        print(f"{len(due)} of {len(chosen)} reports would run")
        return 0
    errors, stopped, index = {}, False, build.out.resolve() / "index.html"
    known = record_of(build.out / "manifest.json")
    beside = ["index.html", "codebook.html", "results.csv", *(f"{old}.html" for old in retired)]
    stands = all((build.out / name).is_file() for name in beside)
    if due or known.get("inputs") != shared or not stands:
        errors, stopped = _work(build, due, workers or os.cpu_count() or 1, dask)
    stand = sum(not reason for reason in (reasons | errors).values())
    told = f"{stand} of {len(reports)} reports stand, {len(errors)} built now"
    print(f"{told}; {time.monotonic() - started:.1f} s: {index.as_uri()}", flush=True)
    if stopped:
        print("Stopped. What was finished is kept.", file=sys.stderr)
    return 130 if stopped else int(any(errors.values()))


def _work(build, due, size, dask):
    """Build the reports that are ``due``, then the index.

    Returns the error of each that is built, or None, by name; and whether Ctrl-C ended it.
    """
    from ilodata.reports import cluster
    from ilodata.reports.processes import Job, dispatch, started

    errors = {}
    with locked(build.out), tqdm(total=len(due), unit="report", leave=False, disable=None) as bar:
        (build.out / ".runs").mkdir(exist_ok=True)
        (build.out / "manifest.json").unlink(missing_ok=True)  # it says that the index is right
        try:
            with started() as (environment, workers):
                build = replace(build, environment=environment)
                [(_, reports)] = dispatch([Job("check")], build, workers)
                todo = [report for report in reports if report.name in due]
                here = _run(todo, build, workers, size)
                for record in cluster.run(todo, build, dask) if dask else here:
                    errors[record["name"]] = record["error"]
                    for line in _told(record):
                        bar.write(in_terminal(" ".join(line.split())), file=sys.stderr)
                    bar.update()
                list(dispatch([Job("index")], build, workers))
        except KeyboardInterrupt:
            return errors, True
    return errors, False


def _run(todo, build, workers, size):
    """Run reports here, publish their pages; yield what is known of each when its page stands."""
    from ilodata.reports.processes import Job, dispatch

    jobs = [Job("run", report) for report in reversed(todo)]
    for job, answer in dispatch(jobs, build, workers, size):
        if job.kind == "page" and "sha256" in answer:
            build.file(job.report, "ipynb").unlink(missing_ok=True)
            yield answer
        else:  # how it ran, or what it was lost to
            jobs.append(Job("page", job.report, answer))


def _told(record):
    """Say what a terminal has to know of a report: why it failed, or what its page cannot show."""
    if error := record["error"]:
        return [f"failed: {record['name']}, {error['where']}: {error['message']}"]
    return [f"{record['name']}: {missed}" for missed in record["unseen"]]


def hashed(path):
    """Return the SHA-256 of a file; empty where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _hash(value):
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def as_json(value):
    """Write a value as JSON that is the same whenever the value is."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def shared_inputs(reports, retired, list_path):
    """Return what all pages of a list are made of, by name, each as a short text.

    data, code, versions, list (what a page may link: names, titles, lists of its reports, the records
    that they are about, and old names).
    """
    ours = Path(tables.__file__).parent
    code = sorted(ours.rglob("*.*[!c]")) + sorted(tables.data_dir().rglob("datapackage.json"))
    named = [[report.name, report.title, report.list] for report in reports]
    versions = [f"Python {platform.python_version()}"]
    versions += [f"{package} {version(package)}" for package in VERSIONS]
    return {
        "data": " ".join([tables.data_sha256(), tables.chosen_date()]).strip(),
        "code": _hash([hashed(file) for file in code]),
        "versions": ", ".join(versions),
        "list": _hash([Path(list_path).name, named, lists.pages_by_record(reports), retired]),
    }


def inputs(report, build):
    """Return what one page is made of: what all are, its notebook and parameters."""
    notebook = hashed(lists.project_of(build.list_path) / report.notebook)
    given = _hash(report.parameters if report.written is None else report.written)
    return build.shared | {"notebook": notebook, "parameters": given}


def why(report, build):
    """Say why a report has to be built; empty where its page is what it would become."""
    record = record_of(build.file(report, "json"))
    if not {"error", "inputs", "sha256"} <= record.keys():
        return "not built yet"
    if record["error"]:
        return "it failed"
    now, before = inputs(report, build), record["inputs"]
    if changed := [key for key in now if now[key] != before.get(key)]:
        return f"changed: {', '.join(changed)}"
    is_whole = hashed(build.file(report, "html")) == record["sha256"]
    return "" if is_whole else "its page is missing or was changed"


def record_of(path):
    """Return the `records.Record` of an earlier build; {} where nothing readable is there."""
    with suppress(OSError, ValueError):
        record = json.loads(path.read_text("utf-8"))
        return record if isinstance(record, dict) else {}
    return {}


@contextmanager
def locked(out):
    """Let no second build write into the same folder; DataError where one does, or nobody can."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        file = (out / ".lock").open("a")
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        said = "another build is writing here; wait for it, or choose another folder with --out"
        raise DataError(f"{out.as_posix()}: {said}") from None
    except OSError as error:
        raise DataError(f"{out.as_posix()}: cannot be written: {error.strerror}") from None
    with file:
        for kind in (".*.part", ".runs/.*.part", ".runs/*.ipynb", "notebooks/.*.part"):
            for left in out.glob(kind):  # of a killed build
                left.unlink(missing_ok=True)
        yield
