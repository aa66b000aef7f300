"""The commands: ``ilodata check``, ``verify``, ``audit``, ``add-document`` and more."""

import argparse
import os
import sys
from pathlib import Path

from ilodata.tables import DataError


def main(argv=None):
    """Run one command; return its exit code: 0, or 1 with one line a finding on stderr.

    Parameters
    ----------
    argv : list of str, optional
        Arguments; those of the process by default.
    """
    arguments = _parser().parse_args(argv)
    arguments.is_command = argv is None
    if arguments.data:
        if not Path(arguments.data).is_dir():
            print(f"--data {arguments.data}: is no folder of tables", file=sys.stderr)
            return 1
        os.environ["ILODATA_DATA"] = str(Path(arguments.data).resolve())
    try:
        code = arguments.run(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("Stopped. What was finished is kept.", file=sys.stderr)
        return 130
    except (DataError, OSError) as error:
        if arguments.debug:
            raise
        _complain(str(error).splitlines())
        return 1


def _parser():
    parser = argparse.ArgumentParser(
        prog="ilodata",
        description="Facts on the cooperation of the ILO and China, each with where it comes from.",
    )
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--data", metavar="DIR", help="folder of tables to use instead of data/ (or ILODATA_DATA)"
    )
    shared.add_argument("--debug", action="store_true", help="show the traceback of an error")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name, run, text):
        added = commands.add_parser(name, parents=[shared], help=text, description=text)
        added.set_defaults(run=run)
        return added

    command("check", _check, "Check the tables: schema, references, codes, evidence, arithmetic.")
    added = command("verify", _verify, "Prove each piece of evidence in the documents.")
    added.add_argument("dir", metavar="DIR", help="folder of the documents, found by their hash")
    added = command("audit", _audit, "Find each mention in a document, and which row uses it.")
    added.add_argument("document", metavar="DOCUMENT", help="the text of a registered document")
    added.add_argument("--html", metavar="FILE", help="write the document with its mentions marked")
    added = command(
        "add-document", _add_document, "Register a new document; list what it mentions."
    )
    added.add_argument("file", metavar="FILE", help="a text, HTML or PDF file")
    added.add_argument("--out", metavar="DIR", help="where its text goes; beside FILE by default")
    added.add_argument("--title", help="the title as printed; the first heading by default")
    added.add_argument(
        "--own", action="store_true", help="register another edition as a document of its own"
    )
    added = command("evidence", _evidence, "Show where the cells of a record come from.")
    added.add_argument("record", metavar="RECORD", help="such as contributions/jpo-2017-2022")
    added.add_argument("field", metavar="FIELD", nargs="?", help="one column; all by default")
    added = command("build", _build, "Run a list of reports and write their pages.")
    added.add_argument("list", metavar="LIST", nargs="?", default="reports/default.yaml")
    added.add_argument(
        "--only", metavar="NAME", action="append", default=[], help="build only this report"
    )
    added.add_argument("--out", metavar="DIR", default="reports/html", help="where the pages go")
    added.add_argument(
        "--standalone", action="store_true", help="make each page one file that can be mailed"
    )
    added.add_argument("--dry-run", action="store_true", help="only print what would run, and why")
    added.add_argument("--force", action="store_true", help="rebuild what has not changed, too")
    added.add_argument("--workers", type=_number, metavar="N", help="reports at work at once")
    added.add_argument("--timeout", type=_number, metavar="S", help="end a report after S seconds")
    added.add_argument(
        "--engine", default="fast", help="fast (the default), or kernel: an ordinary Jupyter kernel"
    )
    added.add_argument(
        "--keep-notebooks", action="store_true", help="keep the executed notebooks in DIR/notebooks"
    )
    added.add_argument("--json", action="store_true", help="print lines of JSON, for machines")
    added.add_argument("--dask", metavar="ADDRESS", help="run on the workers of a Dask scheduler")
    added = command("export", _export, "Write the tables as a workbook or as an IATI file.")
    added.add_argument(
        "format",
        choices=["xlsx", "iati"],
        help="a workbook of all tables, or an IATI 2.03 activity file",
    )
    added.add_argument("out", metavar="OUT", help="the file, such as ilo-china.xlsx")
    added.add_argument(
        "--level",
        metavar="LEVEL",
        help="of the amounts in an IATI file, which holds one: project, agreement or channel_total",
    )
    return parser


def _number(text):
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return number


def _complain(lines):
    """Print findings, each readable and harmless to a terminal whatever value it quotes."""
    from ilodata import tables

    for line in lines:
        line = tables.visible(line)
        line = line if len(line) <= 600 else f"{line[:350]} … {line[-200:]}"
        print(line, file=sys.stderr)


def _say(wrong, counts, done):
    """Print findings and counts; return the exit code."""
    _complain(wrong)
    told = ", ".join(f"{number:,} {name}" for name, number in counts.items())
    found = "nothing found" if not wrong else f"{len(wrong):,} found"
    print(f"{done}: {told or 'nothing'}; {found}")
    return 1 if wrong else 0


def _check(_):
    from ilodata.curation.check import check

    return _say(*check(), "checked")


def _verify(arguments):
    from ilodata.curation.verify import verify

    return _say(*verify(arguments.dir), "proved")


def _audit(arguments):
    from ilodata import tables
    from ilodata.curation import adding, audit

    document, bodies, findings = audit.audit(arguments.document)
    wrong, counts = audit.report(bodies, findings, adding.suggest(bodies, findings))
    if arguments.html:
        text = Path(arguments.document).read_text(encoding="utf-8")
        page = audit.page(document, bodies, findings, text)
        tables.write(arguments.html, page)
    for line in wrong:
        print(tables.visible(line))
    print(f"audited documents/{document['document_id']}", *counts, sep="\n  ")
    return 1 if wrong else 0


def _add_document(arguments):
    from ilodata import tables
    from ilodata.curation import adding, audit

    row, text = adding.add(arguments.file, arguments.out, arguments.title, arguments.own)
    document, bodies, findings = audit.audit(text)
    wrong, _ = audit.report(bodies, findings, adding.suggest(bodies, findings))
    for line in wrong:
        print(tables.visible(line))
    print(
        f"registered documents/{row['document_id']} ({row['title']}), latest date "
        f"{row['latest_date']}, {len(bodies)} sections, text in {text}; {len(wrong):,} mentions "
        f"wait for a row: ilodata audit {text} lists those left"
    )
    return 0


def _evidence(arguments):
    from ilodata.evidence import conflicts_of, evidence
    from ilodata.tables import cells

    shown = evidence(arguments.record, arguments.field)
    if shown.empty:
        table, _, key = arguments.record.partition("/")
        row = next(row for row in cells(table)[0] if next(iter(row.values())) == key)
        value = row[arguments.field] if arguments.field else row.get("label", key)
        print(f"{arguments.field or arguments.record}: {value or '(blank)'}")
        print("  no evidence: only what a document states has some, not a key, code or our label")
    for field, rows in shown.groupby(level=0, sort=False):
        print(f"{field}: {rows.value.iloc[0] or '(blank)'}")
        for row in rows.itertuples():
            note = f" ({row.note})" if row.note else ""
            print(f"  {row.support}, {row.basis}: “{row.fragment}”{note}")
            print(f"    {row.document} › {row.section}")
    for limit in conflicts_of([arguments.record]).drop_duplicates("conflict_id").itertuples():
        print(f"conflict ({limit.status}): {limit.what} {limit.treatment}")
    return 0


def _settle():
    """Begin anew in surroundings in which pages come out the same, and a fork is safe.

    What a forked process inherits for good (the order of sets, threads of numpy) is decided when
    Python starts.
    """
    pinned = {"PYTHONHASHSEED": "0", "TZ": "UTC", "OPENBLAS_NUM_THREADS": "1"}
    if any(os.environ.get(key) != value for key, value in pinned.items()):
        os.environ.update(pinned)
        os.execv(sys.executable, [sys.executable, "-m", "ilodata.cli", *sys.argv[1:]])


def _build(arguments):
    if arguments.is_command:
        _settle()
    from ilodata.reports.run import build

    return build(
        arguments.list,
        arguments.only,
        arguments.out,
        arguments.standalone,
        workers=arguments.workers,
        engine=arguments.engine,
        timeout=arguments.timeout,
        force=arguments.force,
        keep_notebooks=arguments.keep_notebooks,
        dry_run=arguments.dry_run,
        as_json=arguments.json,
        dask=arguments.dask,
    )


def _export(arguments):
    from ilodata.tables import citation, data_sha256

    if arguments.format == "xlsx":
        from ilodata.exchange import workbook

        if arguments.level:
            raise DataError("--level is for iati; a workbook holds the amounts of all levels")
        rows = workbook.export(arguments.out)
        print(f"{arguments.out}: {len(rows)} tables, {sum(rows.values()):,} rows")
    else:
        from ilodata.exchange import iati

        level = arguments.level or "project"
        done = iati.export(arguments.out, level)
        print(
            f"{arguments.out}: {done['activities']} activities, {done['transactions']} transactions"
        )
        others = ", ".join(f"--level {name}" for name in iati.LEVELS if name != level)
        print(f"  amounts of level {level}; never add those of other files ({others}) to them")
        for line in done["left_out"]:
            print(f"  {line}")
    print(f"  {citation()} SHA-256 {data_sha256()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
