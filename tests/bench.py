"""How fast a list is built: by a shell loop, by xargs, by ilodata build, and by the floor.

``make bench`` runs it; ``python tests/bench.py --reports 32 --rounds 3``. The four ways run one
after the other, again and again, so that a noisy machine is noisy for all of them; medians count.
(a) and (b) run as many reports as ``--loop`` says, since each costs the same. The floor is two
warm processes without isolation: the same cells, the same pages.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SETTLED = {"PYTHONHASHSEED": "0", "TZ": "UTC", "OPENBLAS_NUM_THREADS": "1"}
NOTEBOOKS = ("00-sources", "01-timelines", "02-funding-flows", "03-sstc-reach")


def listed(folder, number):
    """Write a list of so many reports: all notebooks in turn, each report another window."""
    (folder / "reports").mkdir(parents=True)
    (folder / "notebooks").symlink_to(ROOT / "notebooks")
    reports = []
    for n in range(number):
        notebook = NOTEBOOKS[n % len(NOTEBOOKS)]
        start, end = str(1985 + n // len(NOTEBOOKS) % 32), str(2025 - n // 128)
        given = {} if notebook.startswith("00") else {"start": start, "end": end}
        report = {"name": f"r{n}", "title": f"Report {n}", "parameters": given}
        reports.append(report | {"notebook": f"notebooks/{notebook}.ipynb"})
    path = folder / "reports" / "bench.yaml"
    path.write_text(json.dumps({"reports": reports}))
    return path, reports


def by_shell(folder, reports, at_once):
    """Run papermill and nbconvert for each report, as a shell script would; return the seconds.

    Seen once: one of two papermills at work at once failed. Then all of it is run again.
    """
    for again in range(3):
        lines = _lines(folder, reports)
        started = time.perf_counter()
        done = subprocess.run(f"xargs -0 -P{at_once} -n1 sh -c < {lines}", shell=True)
        took = time.perf_counter() - started
        if done.returncode == 0 and len(list(folder.glob("*.html"))) == len(reports):
            return took
        lost = [
            log
            for log in folder.glob("*.log")
            if not log.with_suffix("").with_suffix(".html").exists()
        ]
        last = [log.read_text().strip().splitlines()[-1:] for log in lost]
        print(
            f"the shell's way lost {len(lost)} of {len(reports)} reports: {last}; again", flush=True
        )
        folder.rename(f"{folder}-{again}")
    raise SystemExit("the shell's way lost a report three times")


def _lines(folder, reports):
    """Write the commands of a shell script, one a report."""
    folder.mkdir()
    lines = []
    for report in reports:
        ran = folder / f"{report['name']}.ipynb"
        given = " ".join(f"-p {name} {value}" for name, value in report["parameters"].items())
        notebook = ROOT / report["notebook"]
        lines.append(
            f"{BIN}/papermill --no-progress-bar --cwd {notebook.parent} {given} {notebook} {ran} "
            f">{ran}.log 2>&1 && {BIN}/jupyter nbconvert --to html {ran} >>{ran}.log 2>&1"
        )
    script = folder / "lines"
    script.write_text("\0".join(lines))
    return script


def by_build(path, out, *more):
    """Build the list by the command; return its manifest's records."""
    command = [f"{BIN}/ilodata", "build", str(path), f"--out={out}", "--json", *more]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads((out / "manifest.json").read_text())["reports"]


FLOOR = """
import functools, gc, json, sys, time
from pathlib import Path
from ilodata import tables
from ilodata.charts import look
from ilodata.reports import keys, lists, pages, pool, run
gc.set_threshold(pool.SELDOM, 10, 10)
once = functools.cache(lambda draw, spec: draw(json.loads(spec)))  # as `pool` draws
look.draw = functools.partial(lambda draw, spec: once(draw, json.dumps(spec)), look.draw)
path, turn, of = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
out = Path(sys.argv[4])
reports = lists.read_list(path)[turn::of]
make = {"root": lists.project_of(path), "engine": "fast", "keep": False, "scratch": out}
make |= {"around": keys.surroundings("reports/bench.yaml", False), "out": out}
with run._settled(str(out)):
    make["context"] = pages.context_of_data("reports/bench.yaml")
    make["context"]["charts"] = {"name": pages.script_name(), "text": ""}
    warm = {**reports[0], "name": f"warm{turn}"}
    run._print_to = lambda path: None
    for report in [warm, warm]:
        assert run._built(report, print, make)["record"]["status"] == "built"
    print("ready", flush=True)
    sys.stdin.readline()
    for report in reports:
        answer = run._built(report, lambda at: None, make)
        assert answer["record"]["status"] == "built"
        tables.write(out / (report["name"] + ".html"), answer["page"])
"""


def by_floor(path, out, of=2):
    """Run the same cells and render the same pages in warm processes; time what they do warm."""
    out.mkdir()
    begun = [
        subprocess.Popen(
            [sys.executable, "-c", FLOOR, str(path), str(turn), str(of), str(out)],
            env=os.environ | SETTLED, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for turn in range(of)
    ]  # fmt: skip
    for process in begun:
        while process.stdout.readline() != "ready\n":
            assert process.poll() is None
    started = time.perf_counter()
    for process in begun:
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.wait() for process in begun] == [0] * of
    return time.perf_counter() - started


def by_length(scratch, number):
    """Build so many reports; print whether the last take longer, or more memory, than the first."""
    path, _ = listed(scratch / "project", number)
    began = time.time()
    records = list(by_build(path, scratch / "long").values())
    print(f"{number} reports in {time.time() - began:.0f} s, all of them built", flush=True)
    for notebook in NOTEBOOKS:  # one after the other, since the largest is built first
        own = [record for record in records if notebook in record["notebook"]]
        own.sort(key=lambda record: record["built_at"])
        half = len(own) // 2
        spent = [
            sum(sum(record["seconds"].values()) for record in part) / len(part)
            for part in (own[:half], own[half:])
        ]
        print(f"{notebook}: first half {spent[0]:.2f} s a report, second half {spent[1]:.2f} s")
    print(f"most memory of one report {max(record['peak_mb'] for record in records)} MB")
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"most memory of any process {children:.0f} MB")


def main():
    """Measure, and print medians, ratios, memory and the share of each stage."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=32)
    parser.add_argument("--loop", type=int, default=4, help="reports that (a) and (b) run")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--long", type=int, help="build so many reports instead, once")
    parser.add_argument("--skip-shell", action="store_true", help="only (c) and (d)")
    given = parser.parse_args()
    spent = {way: [] for way in ("loop", "xargs", "build", "steady", "floor", "only", "nothing")}
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        if given.long:
            by_length(scratch, given.long)
            return
        path, reports = listed(scratch / "project", given.reports)
        by_build(path, scratch / "first", "--only=r0")  # byte code, the script for live charts
        for turn in range(given.rounds):
            for way, at_once in (("loop", 1), ("xargs", 2)):
                if not given.skip_shell:
                    took = by_shell(scratch / f"{way}{turn}", reports[: given.loop], at_once)
                    spent[way].append(took / given.loop)
            out = scratch / f"build{turn}"
            out.mkdir()
            for script in (scratch / "first").glob("charts-*.js"):
                shutil.copy(script, out)
            started = time.perf_counter()
            records = by_build(path, out)
            took = time.perf_counter() - started
            spent["build"].append(took / given.reports)
            stages = {
                stage: statistics.median(r["seconds"][stage] for r in records.values())
                for stage in ("run", "page")
            }
            most = max(record["peak_mb"] for record in records.values())
            started = time.perf_counter()
            by_build(path, out)
            spent["nothing"].append(time.perf_counter() - started)
            alone = scratch / f"only{turn}"
            alone.mkdir()
            for script in (scratch / "first").glob("charts-*.js"):
                shutil.copy(script, alone)
            started = time.perf_counter()
            by_build(path, alone, "--only=r3")
            spent["only"].append(time.perf_counter() - started)
            # What each report adds, once all is warm.
            spent["steady"].append((took - spent["only"][-1]) / max(1, given.reports - 1))
            spent["floor"].append(by_floor(path, scratch / f"floor{turn}") / given.reports)
            print(
                f"round {turn + 1}:",
                {way: round(s[-1], 2) for way, s in spent.items() if s},
                flush=True,
            )
    middle = {way: statistics.median(values) for way, values in spent.items() if values}
    of = middle.get("loop")
    print(f"\n{given.reports} reports, {os.cpu_count()} cores, medians of {given.rounds} rounds")
    for way, words in (
        ("loop", "(a) shell loop of papermill and nbconvert, seconds a report"),
        ("xargs", "(b) the same by xargs -P2"),
        ("build", "(c) ilodata build, its start included"),
        ("steady", "    what one report more adds to it"),
        ("floor", "(d) two warm processes without isolation"),
    ):
        if way in middle:
            ratio = f"{of / middle[way]:6.1f} times (a)" if of else ""
            print(f"{words:58} {middle[way]:7.2f} {ratio}")
    print(
        f"(c) to (d): {middle['build'] / middle['floor']:.2f}, without the start {middle['steady'] / middle['floor']:.2f}"
    )
    print(
        f"cold build of one report {middle['only']:.1f} s; with nothing to do {middle['nothing']:.1f} s"
    )
    print(
        f"one report (median): cells {stages['run']:.2f} s, page {stages['page']:.2f} s; most memory of one {most} MB"
    )
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"most memory of any process {children:.0f} MB")


if __name__ == "__main__":
    main()
