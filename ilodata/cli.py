"""The commands: ``ilodata build``, ``check``, ``evidence`` and more; each signature is a command."""

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal

import typer

from ilodata import words
from ilodata.problems import DataError, in_terminal, visible

# What a command needs is imported when it runs: one with nothing to do ends in half a second.
app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,  # frames around help and errors would not be Latin-1
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main(argv=None):
    """Run one command; return its exit code.

    0; 1 with one line a finding on stderr; 2 for usage; 130 where Ctrl-C ended a build.

    Parameters
    ----------
    argv : list of str, optional
        Arguments; those of the process by default.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) < 3:  # a closed stdout is open from here on
        pass
    os.close(number)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # of a terminal without Unicode
    try:
        app(args=argv, prog_name="ilodata")
    except SystemExit as ended:
        code = ended.code
    except (DataError, OSError) as error:
        code = _complain(str(error).splitlines())
    except ModuleNotFoundError as error:
        if error.name.startswith("ilodata"):
            raise
        extra = "cluster" if error.name in ("dask", "distributed") else "curation"
        remedy = f'is not installed, and this command needs it; run: pip install "ilodata[{extra}]"'
        if error.name in ("fcntl", "resource"):
            remedy = "is not in this Python; a build needs Linux or macOS, on Windows WSL"
        code = _complain([f"{error.name} {remedy}"])
    try:
        if sys.stdout:
            sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _complain(lines):
    """Print findings, each readable and harmless to a terminal whatever it quotes; return 1 or 0."""
    for line in lines:
        print(in_terminal(line), file=sys.stderr)
    return int(bool(lines))


def _say(wrong, counts, done):
    """Print findings and counts, and end the command."""
    code, told = _complain(wrong), ", ".join(f"{n:,} {name}" for name, n in counts.items())
    print(f"{done}: {told or 'nothing'}; {len(wrong) or 'nothing'} found")
    raise typer.Exit(code)


def _option(of, said, metavar=None, **more):
    return Annotated[of, typer.Option(help=said, metavar=metavar, **more)]


def _argument(of, said, metavar=None, **more):
    return Annotated[of, typer.Argument(help=said, metavar=metavar, **more)]


def _flag(name, said, **more):  # without one that says no
    return Annotated[bool, typer.Option(name, help=said, **more)]


Html = _option(Path | None, "Write its sentences, what is likely, rows to copy.", "FILE")
Propose = _option(Path | None, "Write rows to correct, one CSV file a table.", "DIR")


def _version(asked):
    if asked:
        print(f"ilodata {version('ilodata')}")
        raise typer.Exit


@app.callback()
def _all(_: _flag("--version", "Show it.", callback=_version, is_eager=True) = False):
    """Facts on the cooperation of the ILO and China, each with where it comes from."""


@app.command()
def build(
    listed: _argument(Path | None, "A report list; by default ours.", "LIST") = None,
    only: _option(list[str] | None, "Only this report; may be repeated.", "NAME") = None,
    out: _option(Path, "Where the pages go.", "DIR") = Path("reports/html"),
    dry_run: _flag("--dry-run", "Check all; say what would run, and why.") = False,
    force: _flag("--force", "Rebuild what has not changed, too.") = False,
    workers: _option(int | None, "Reports at once; by default processors.", "N", min=1) = None,
    timeout: _option(float | None, "Seconds a report may take; no limit.", "S", min=1) = None,
    keep_notebooks: _flag("--keep-notebooks", "Into DIR/notebooks.") = False,
    dask: _option(str | None, "Run on a Dask scheduler's workers.", "ADDRESS") = None,
):
    """Run a list of reports and write their pages.

    Example: ilodata build reports/by-place.yaml --only reach-cambodia
    """
    from ilodata.reports.run import build as run

    path, package = listed or Path("reports/default.yaml"), Path(__file__).resolve().parent
    if path.parent == Path("reports"):  # ours, whatever the current folder is, or where installed
        ours = path, package.parent / path, package / "lists" / path.name
        path = next((each for each in ours if each.is_file()), path)
    how = {"workers": workers, "timeout": timeout, "force": force, "dry_run": dry_run}
    how |= {"keep_notebooks": keep_notebooks, "dask": dask}
    raise typer.Exit(run(path, only or (), out, **how))


@app.command()
def check(fix: _flag("--fix", "Fill in first what follows from other cells.") = False):
    """Check tables: schema, references, evidence, sums.

    Example: ilodata check --fix
    """
    from ilodata.curation import filling
    from ilodata.curation.check import check

    for line in filling.fix() if fix else ():
        print(visible(line))
    _say(*check(), "checked, but not against the documents (ilodata verify does that)")


@app.command()
def verify(folder: _argument(Path, "Folder of the documents.", "DIR", envvar="DOCUMENTS")):
    """Prove the evidence in the documents, found by their hash.

    Example: ilodata verify ../documents
    """
    from ilodata.curation.verify import verify

    _say(*verify(folder), "proved")


@app.command()
def audit(
    document: _argument(Path, "The text of a registered document."),
    html: Html = None,
    propose: Propose = None,
    json: _flag("--json", "Print JSON, for machines.") = False,
):
    """Find each mention in a document, and which row uses it.

    Of the others it says what is likely.

    Example: ilodata audit ../documents/fact-sheet.txt --html marked.html
    """
    key, wrong, counts = _worklist(document, html, propose, json)
    if not json:
        print(f"audited documents/{key}", *counts, sep="\n  ")
    raise typer.Exit(int(bool(wrong)))


def _worklist(text, html, propose, as_json=False):
    """Print what waits for a row in a document; return its id, those sentences, counts."""
    from json import dumps

    from ilodata.curation import audit, proposing
    from ilodata.files import write

    row, bodies, findings = audit.audit(text)
    hints, rows = proposing.propose(bodies, findings)
    told = audit.passages(bodies, findings, hints, rows)
    wrong, counts = audit.report(told)
    if propose:
        for table, lines in proposing.as_csv(rows).items():
            (propose / table).parent.mkdir(parents=True, exist_ok=True)
            write(propose / f"{table}.csv", lines)
    if html:
        write(html, audit.page(row, told))
    if as_json:
        print(dumps(told, ensure_ascii=False, indent=1))
    else:
        for line in (line for each in wrong for line in each.splitlines()):
            print(visible(line))
    return row["document_id"], wrong, counts


@app.command()
def add_document(
    file: _argument(Path, "Text, HTML or PDF."),
    out: _option(Path | None, "Where its text goes; beside FILE.", "DIR") = None,
    title: _option(str | None, "As printed; the first heading.") = None,
    kind: _option(str | None, "A code of documents.kind; by its form.") = None,
    published: _option(str | None, "When issued; its date line.", "DATE") = None,
    language: _option(str | None, "Such as en; by its words.") = None,
    skip: _option(list[str] | None, "Heading to leave out; again for more.") = None,
    own: _flag("--own", "Another edition is a document of its own.") = False,
    html: Html = None,
    propose: Propose = None,
):
    """Register a new document, and list what it mentions.

    Example: ilodata add-document press-release.html --out ../documents --propose rows
    """
    from ilodata.curation import adding

    row, text, told = adding.add(file, out, title, own, kind, published, language, skip or ())
    key, wrong, _ = _worklist(text, html, propose)
    told += [
        f"registered documents/{key} ({row['title']}), {row['kind']}, latest date "
        f"{row['latest_date']}, text in {text}",
        f"{words.counted(len(wrong), 'sentence')} without a row"
        + f": ilodata audit {text} lists what is left" * bool(wrong),
    ]
    print(*map(visible, told), sep="\n")


@app.command()
def add_rows(folder: _argument(Path, "CSV files, one a table.", "DIR")):
    """Add the rows that --propose wrote and you corrected.

    Example: ilodata add-rows rows
    """
    from ilodata.curation import adding

    new = adding.append(folder)
    print(f"added {', '.join(f'{number} to {table}' for table, number in new.items())}")


@app.command()
def remove_document(document: str):
    """Take back a document that no row needs.

    Example: ilodata remove-document press-release-2025
    """
    from ilodata.curation import adding

    gone = adding.remove(document)
    print(f"removed {', '.join(f'{number} of {table}' for table, number in gone.items())}")


@app.command()
def review(
    record: _argument(list[str] | None, "Records, as table/id; by default all.") = None,
    by: _option(str | None, "Sign that you have seen them.", "NAME") = None,
):
    """List what has changed and a second person should see.

    It is what no machine proves. Lines that begin with ! rest on a label, a reason, a guess, or a few words for a role.

    Example: ilodata review agreements/mou-mohrss-2022 --by "A. Reader"
    """
    from ilodata.curation import review

    found = review.waiting(record or ())
    for each, lines in found.items():
        print(each if lines else f"{each}: has gone")
        print("".join(f"  {visible(line)}\n" for line in lines), end="")
    if by:
        review.sign(found, by)
    told = f"signed by {by}" if by else "to be seen by a second person"
    print(f"{words.counted(len(found), 'record')} {told}")
    raise typer.Exit(int(bool(found and not by)))


@app.command()
def evidence(
    record: _argument(str, "table/id, or an id or name alone."),
    field: _argument(str | None, "One column; all by default.") = None,
):
    """Show where the cells of a record come from.

    Example: ilodata evidence contributions/jpo-2017-2022 amount_usd
    """
    from ilodata.evidence import doubts, evidence, records

    for one in records(record):
        shown = evidence(one, field).reset_index()
        print(f"{one}: no evidence; only what a document states has some" if shown.empty else one)
        for row in shown.itertuples():
            where = row.field if row.record == one else f"{row.record}, {row.field}"
            print(f"  {where}: {row.value}")
            note = f" ({row.note})" if row.note else ""
            print(f"    {row.support}, {row.basis}: “{row.fragment}”{note}")
            print(f"      {row.document} › {row.section}")
        for limit in doubts(one).itertuples():
            print(f"  {limit.title}: {limit.what}")


@app.command()
def export(
    form: _argument(Literal["xlsx", "iati"], "A workbook, or IATI 2.03 activities."),
    out: _argument(Path, "Such as ilo-china.xlsx, or ilo-china.xml."),
):
    """Write the tables in another format.

    Example: ilodata export xlsx ilo-china.xlsx
    """
    from ilodata.tables import citation, data_sha256

    wanted = ".xlsx" if form == "xlsx" else ".xml"
    if out.suffix.lower() != wanted:
        raise DataError(f"{out}: ends in {out.suffix or 'nothing'}; write a name with {wanted}")
    out.parent.mkdir(parents=True, exist_ok=True)
    if form == "xlsx":
        from ilodata.exchange import workbook

        rows = workbook.export(out)
        many = words.counted(len(rows), "table"), words.counted(sum(rows.values()), "row")
        print(f"{out}: {', '.join(many)}")
    else:
        from ilodata.exchange import iati

        done = iati.export(out)
        many = words.counted(done["activities"], "activity")
        print(f"{out}: {many}, {words.counted(done['transactions'], 'transaction')}")
        print("".join(f"  {line}\n" for line in done["left_out"]), end="")
    print(f"  {citation()} SHA-256 {data_sha256()}")


if __name__ == "__main__":
    sys.exit(main())
