"""A report list through papermill: pages, an index, a codebook, a manifest."""

import hashlib
import json
import os
import re
import sys
import tempfile
import time
import warnings
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from tqdm import tqdm

from ilodata import tables
from ilodata.reports import lists


def build(list_path="reports/default.yaml", only=(), out="reports/html", standalone=False):
    """Run the reports of a list and write their pages.

    Pages appear whole or not at all. Whatever varies (when a page was built, how long it took)
    stands in ``manifest.json``, and nowhere in the pages. Pages of other lists stay as they are.

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

    Returns
    -------
    int
        0 if all were built, 1 if one failed, 130 if Ctrl-C ended it; what was finished stays.

    Raises
    ------
    DataError
        If the list, a name in ``only`` or the data cannot be read, or ``out`` cannot be written:
        before anything has run.
    """
    reports = lists.read_list(list_path)
    chosen = _chosen(reports, [only] if isinstance(only, str) else list(only))
    # Only now, since these imports take seconds that a mistake in the list should not cost.
    from ilodata.reports import pages

    root, out = lists.project_of(list_path), Path(out)
    with tempfile.TemporaryDirectory() as scratch, _settled(scratch):
        context = pages.context_of_data(Path(list_path).resolve().relative_to(root).as_posix())
        _write(out / "codebook.html", pages.render_codebook(context["codebook"]))
        context["charts"] = _script(out, standalone)
        manifest = _manifest(out)
        before = {name: record.get("sha256") for name, record in manifest.items()}
        told = {"new": [], "changed": [], "unchanged": []}
        failed, stopped = 0, False
        quiet = not sys.stderr.isatty()
        try:
            for report in tqdm(chosen, unit="report", disable=quiet, leave=False):
                page, record = _built(report, context, root, Path(scratch))
                failed += record["status"] == "failed"
                told[_since(before.get(report["name"]), record["sha256"])].append(report["name"])
                _write(out / f"{report['name']}.html", page)
                manifest[report["name"]] = record
                _write(out / "manifest.json", _json({"reports": manifest}))
        except KeyboardInterrupt:
            stopped = True
        entries = [_entry(report, manifest, context, root, out) for report in reports]
        _write(out / "index.html", pages.render_index(entries, context))
    for kind, names in told.items():
        if names:
            print(f"{kind}: {', '.join(names)}")
    built = sum(entry["status"] == "built" for entry in entries)
    print(f"{built} of {len(reports)} reports stand in {(out / 'index.html').as_posix()}")
    return 130 if stopped else int(failed > 0)


def _chosen(reports, only):
    names = [report["name"] for report in reports]
    unknown = [name for name in only if name not in names]
    if unknown:
        wrong = [f"no report is named {name}; {tables.nearest(name, names)}" for name in unknown]
        raise tables.DataError("\n".join(wrong))
    return [report for report in reports if not only or report["name"] in only]


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


def _script(out, standalone):
    """Write the script for live charts beside the pages, or give its text to stand in each.

    Its name holds a hash of its content, by which an earlier one is known to be whole.
    """
    from ilodata.reports import pages

    there = [(path.name, path.read_bytes()) for path in sorted(out.glob("charts-*.js"))]
    whole = [data.decode() for name, data in there if name == _script_name(data)]
    text = pages.script_of_charts(whole)
    name = _script_name(text.encode())
    if not standalone and text not in whole:
        _write(out / name, text)
    return {"name": name, "text": text if standalone else ""}


def _script_name(data):
    return f"charts-{hashlib.sha256(data).hexdigest()[:12]}.js"


def _sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _since(before, now):
    return "new" if before is None else "unchanged" if before == now else "changed"


def _built(report, context, root, scratch):
    """Run one report; return its page and what the manifest keeps of it."""
    import papermill

    from ilodata.reports import pages

    started, notebook, executed = (
        time.perf_counter(),
        root / report["notebook"],
        scratch / "run.ipynb",
    )
    executed.unlink(missing_ok=True)
    record = {key: report[key] for key in ("title", "notebook", "parameters")}
    record |= {"list": context["list"], "key": _key(report, context, root), "status": "built"}
    try:
        nb = papermill.execute_notebook(
            notebook,
            executed,
            report["parameters"],
            kernel_name="python3",
            language="python",
            cwd=notebook.parent,
            progress_bar=False,
            log_output=False,
            extra_arguments=["--log-level=CRITICAL"],  # a kernel greets and leaves with warnings
        )
        page = pages.render_page(nb, report, context)
        record["findings"] = pages.findings_of(nb)
        record["stderr"] = _stderr(nb)
        if record["stderr"]:
            _tell(f"{report['name']} wrote to stderr (see manifest.json; not in its page)")
    except Exception as error:  # whatever a notebook does must not cost the other reports
        failure = _failure(error, executed, root)
        page = pages.render_failure(failure, report, context)
        record |= {"status": "failed", "error": failure}
        _tell(f"failed: {report['name']}, {failure['where']}: {failure['message']}")
    record["seconds"] = round(time.perf_counter() - started, 2)
    record["built_at"] = datetime.now(UTC).isoformat(timespec="seconds")
    record["sha256"] = hashlib.sha256(page.encode()).hexdigest()
    return page, record


def _failure(error, executed, root):
    """Say where and why a report failed, in words that are the same on every machine."""
    from nbconvert.filters import strip_ansi

    where, source, message = "its run", "", f"{type(error).__name__}: {error}"
    if hasattr(error, "ename"):
        where, source, message = "a cell", error.source, f"{error.ename}: {error.evalue}"
    if executed.exists():
        for number, cell in enumerate(_code_cells(executed), 1):
            if any(output["output_type"] == "error" for output in cell["outputs"]):
                where = f"code cell {number}"
    known = [(str(tables.data_dir().resolve().parent), "")]
    known += [
        (str(root), ""),
        (sys.prefix, "…"),
        (sys.base_prefix, "…"),
        (str(executed.parent), "…"),
    ]

    def neutral(text):
        for folder, instead in known:
            text = text.replace(f"{folder}/", f"{instead}/" if instead else "")
        return re.sub(r"0x[0-9a-f]{6,}", "0x…", re.sub(r"ipykernel_\d+/\d+", "ipykernel", text))

    traceback = strip_ansi("\n".join(getattr(error, "traceback", [])))
    said = {"message": strip_ansi(message), "source": source, "traceback": traceback}
    return {"where": where} | {key: neutral(text) for key, text in said.items()}


def _code_cells(notebook):
    """Return the code cells of an executed notebook as they are counted in the original."""
    return [
        cell
        for cell in json.loads(notebook.read_text("utf-8"))["cells"]
        if cell["cell_type"] == "code"
        and "injected-parameters" not in cell["metadata"].get("tags", [])
    ]


def _stderr(nb):
    outputs = [output for cell in nb.cells for output in cell.get("outputs", [])]
    return "".join(each.text for each in outputs if each.get("name") == "stderr")


def _key(report, context, root):
    """Hash what a page depends on; a page with another key does not belong to the list as it is."""
    made_of = {key: report[key] for key in ("title", "notebook", "parameters")}
    made_of |= {key: context[key] for key in ("data_sha256", "versions", "list")}
    made_of["source"] = hashlib.sha256((root / report["notebook"]).read_bytes()).hexdigest()
    return hashlib.sha256(_json(made_of).encode()).hexdigest()


def _entry(report, manifest, context, root, out):
    """Return what the index says of a report: from this build, an earlier one, or none."""
    from ilodata.reports import outputs, pages

    page, record = out / f"{report['name']}.html", manifest.get(report["name"], {})
    is_there = (
        record.get("key") == _key(report, context, root)
        and page.is_file()
        and _sha256(page) == record.get("sha256")
    )
    status = record["status"] if is_there else "not built"
    shown = {"name": report["name"], "title": report["title"], "status": status}
    shown["question"] = pages.question_of(root / report["notebook"])
    text = page.read_text("utf-8") if status == "built" else ""
    shown["picture"] = outputs.picture_of(text, report["name"])
    return shown | {"findings": record.get("findings", []), "error": record.get("error")}


def _manifest(out):
    """Return what earlier builds left; a manifest that cannot be read only costs a rebuild."""
    try:
        return dict(json.loads((out / "manifest.json").read_text("utf-8"))["reports"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _json(value):
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _write(path, text):
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise tables.DataError(f"{path.as_posix()}: cannot be written: {error.strerror}") from None


def _tell(line):
    tqdm.write(" ".join(line.split()), file=sys.stderr)
