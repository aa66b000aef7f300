"""How fast a list is built: by a shell loop, and by ilodata build.

``make bench`` runs it; ``python tests/bench.py --reports 32 --rounds 3``. The ways run one after
the other, again and again, so that a noisy machine is noisy for all of them; medians count. The
loop runs as many reports as ``--loop`` says, since each costs the same.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import combinations
from pathlib import Path

import nbformat
import psutil
from jupyter_client.manager import start_new_kernel

from ilodata import tables

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
NOTEBOOKS = ("00-sources", "01-timelines", "02-funding-flows", "03-sstc-reach")
WAYS = {
    "loop": "shell loop of papermill and nbconvert, seconds a report",
    "build": "ilodata build, its start included, seconds a report",
    "distinct": "the same, no two reports share a chart, seconds a report",
    "only": "cold build of one report, seconds",
    "nothing": "nothing to do, seconds",
    "import": "import ilodata in a fresh Python, seconds",
    "chart": "first chart in a fresh kernel of JupyterLab, seconds",
}


def listed(folder, number):
    """Write a list of so many reports: all notebooks in turn, each report another window."""
    (folder / "reports").mkdir(parents=True)
    (folder / "notebooks").symlink_to(ROOT / "notebooks")
    reports = []
    for n in range(number):
        notebook = NOTEBOOKS[n % len(NOTEBOOKS)]
        start, end = str(1985 + n // len(NOTEBOOKS) % 32), str(2025 - n // 128)
        given = {"start": start, "end": end} if notebook in NOTEBOOKS[1:3] else {}
        report = {"name": f"r{n}", "title": f"Report {n}", "parameters": given}
        reports.append(report | {"notebook": f"notebooks/{notebook}.ipynb"})
    path = folder / "reports" / "bench.yaml"
    path.write_text(json.dumps({"reports": reports}))
    return path, reports


def distinct(path, reports):
    """Write beside a list one of as many reports, or as many as there are pairs of places.

    No two of it share a chart. Windows would not do: our tables fill few different ones.
    """
    places, notebook = tables.rows("project_places"), f"notebooks/{NOTEBOOKS[3]}.ipynb"
    pairs = combinations(sorted({row["place_id"] for row in places}), 2)
    given = [{"notebook": notebook, "parameters": {"places": pair}} for pair in pairs]
    others = [report | own for report, own in zip(reports, given, strict=False)]
    path = path.with_name("distinct.yaml")
    path.write_text(json.dumps({"reports": others}))
    return path, others


def by_shell(folder, reports):
    """Run papermill and nbconvert for each report, as a shell script would; return the seconds."""
    folder.mkdir()
    lines = [f"exec >{folder}/log 2>&1"]
    for report in reports:
        ran, notebook = folder / f"{report['name']}.ipynb", ROOT / report["notebook"]
        given = " ".join(f"-r {name} {value}" for name, value in report["parameters"].items())
        ways = f"--no-progress-bar --cwd {notebook.parent} {given} {notebook} {ran}"
        lines += [f"{BIN}/papermill {ways}", f"{BIN}/jupyter nbconvert --to html {ran}"]
    started = time.perf_counter()
    subprocess.run(["sh", "-ec", "\n".join(lines)], check=True)
    return time.perf_counter() - started


def by_build(path, out, *more):
    """Build the list by the command; return the seconds, and its manifest's records.

    It writes into a file, as the loop does: a pipe is open until the last process that holds it is gone.
    """
    command = [f"{BIN}/ilodata", "build", str(path), f"--out={out}", *more]
    with path.with_suffix(".log").open("w") as log:
        started = time.perf_counter()
        done = subprocess.run(command, stdout=log, stderr=log)
        took = time.perf_counter() - started
    assert done.returncode == 0, path.with_suffix(".log").read_text()
    return took, json.loads((out / "manifest.json").read_text())["reports"]


def by_kernel():
    """Show the main chart of a notebook in a kernel as JupyterLab starts it; return the seconds."""
    path, shown = ROOT / "notebooks" / f"{NOTEBOOKS[1]}.ipynb", []
    tagged = [(it.source, it.metadata.get("tags", [])) for it in nbformat.read(path, 4).cells]
    needed = [source for source, tags in tagged if {"parameters", "main"} & {*tags}]
    started = time.perf_counter()
    manager, client = start_new_kernel(cwd=path.parent, stderr=subprocess.DEVNULL)
    for source in ("import ilodata as ilo", *needed):
        client.execute_interactive(source, output_hook=lambda it: shown.append(it["content"]))
    took = time.perf_counter() - started
    manager.shutdown_kernel()
    assert any("image/png" in it.get("data", {}) for it in shown), shown
    return took


def by_length(scratch, number):
    """Build so many reports; print whether the last take more time or memory than the first."""
    path, out, seen = listed(scratch / "project", number)[0], scratch / "long", []
    with ThreadPoolExecutor() as pool:
        building, started = pool.submit(by_build, path, out), time.perf_counter()
        while not building.done():
            stand, now = len([*out.glob(".runs/*.json")]), time.perf_counter() - started
            with suppress(psutil.Error):  # one has ended meanwhile: next time
                processes = psutil.Process().children(recursive=True)
                used = sum(it.memory_full_info().pss for it in processes)  # what is shared, once
                seen.append((stand, now, used / 2**20))
            time.sleep(0.2)
    took, records = building.result()
    print(f"{number} reports in {took:.0f} s, all of them built")
    own = [sum(records[f"r{n}"]["seconds"].values()) for n in range(number)]
    half = number // 8 * 4  # the notebooks in turn
    for name, of in (("first", own[:half]), ("second", own[half:])):
        part = [it for it in seen if (it[0] < half) == (name == "first")]
        wall, most = (part[-1][1] - part[0][1]) / len(of), max(used for *_, used in part)
        said = f"{statistics.mean(of):.2f} s a report, {wall:.2f} s of the build's time"
        print(f"{name} half {said}, all processes at most {most:.0f} MB")
    print(f"most memory of one report {max(it['peak_mb'] for it in records.values())} MB")


def main():
    """Measure, and print medians, ratios, memory and the share of each stage."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=32)
    parser.add_argument("--loop", type=int, default=4, help="reports that the loop runs")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--long", type=int, help="build so many reports instead, once")
    given = parser.parse_args()
    spent = {way: [] for way in WAYS}
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        if given.long:
            by_length(scratch, given.long)
            return
        path, reports = listed(scratch / "project", given.reports)
        other, others = distinct(path, reports)
        by_build(path, scratch / "first", "--only=r0")  # byte code
        for turn in range(given.rounds):
            took = by_shell(scratch / f"loop{turn}", reports[: given.loop])
            spent["loop"].append(took / given.loop)
            for way, more in (("build", ()), ("nothing", ()), ("only", ("--force", "--only=r3"))):
                took, records = by_build(path, scratch / f"build{turn}", *more)
                spent[way].append(took / (given.reports if way == "build" else 1))
            took, _ = by_build(other, out := scratch / f"distinct{turn}")
            spent["distinct"].append(took / len(others))
            pages = "".join(re.sub(r"\br\d+-", "", it.read_text()) for it in out.glob("r*.html"))
            charts = re.findall("(?s)<svg.*?</svg>", pages)
            assert len(charts) == len(set(charts)) >= len(others), "two reports share a chart"
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", "import ilodata"], check=True)
            spent["import"].append(time.perf_counter() - started)
            spent["chart"].append(by_kernel())
            said = {way: round(it[-1], 2) for way, it in spent.items()}
            print(f"round {turn + 1}:", said, flush=True)
    print(f"\n{given.reports} reports, {os.cpu_count()} cores, medians of {given.rounds} rounds")
    middle = {way: statistics.median(values) for way, values in spent.items()}
    for way, words in WAYS.items():
        ratio = f"{middle['loop'] / middle[way]:6.1f} times the loop" if "report" in words else ""
        print(f"{words:58} {middle[way]:7.2f} {ratio}")
    whole = sum(sum(it["seconds"].values()) for it in records.values())
    for of in ("run", "page"):
        took = [it["seconds"][of] for it in records.values()]
        said = f"{statistics.median(took):.2f} s, {sum(took) / whole:.0%} of all reports' seconds"
        print(f"one report, median of its {of}: {said}")
    print(f"most memory of one report {max(it['peak_mb'] for it in records.values())} MB")


if __name__ == "__main__":
    main()
