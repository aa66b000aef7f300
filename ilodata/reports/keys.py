"""What a page depends on, and what earlier builds left: keys, the manifest, one build at a time."""

import fcntl
import hashlib
import json
import platform
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from ilodata import tables

MADE_WITH = ("pandas", "altair", "papermill")  # named on every page
FURTHER = ("ipython", "jinja2", "lxml", "mistune", "pygments", "vl-convert-python")
# What every page says of the data, besides what its notebook reads.
ALWAYS = ("documents", "sections", "evidence", "conflicts", "conflict_records")  # tables
PACKAGE = Path(tables.__file__).parent


def hashed(path):
    """Return the SHA-256 of a file; empty where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def surroundings(list_name, standalone):
    """Collect what all pages of a build depend on.

    Returns
    -------
    dict
        list, standalone, code (hash of what runs and renders, and of what describes the tables),
        versions (of what they are made with).
    """
    files = [*PACKAGE.glob("*.py"), *PACKAGE.glob("charts/*.py"), *PACKAGE.glob("reports/**/*.*")]
    files = [file for file in files if file.name != "cli.py" and file.suffix != ".pyc"]
    described = [tables.data_dir() / "datapackage.json"]
    described += [tables.data_dir() / "reference" / "datapackage.json"]
    known = [hashed(file) for file in sorted(files) + described]
    return {
        "list": list_name,
        "standalone": standalone,
        "code": hashlib.sha256("".join(known).encode()).hexdigest(),
        "versions": {"Python": platform.python_version()}
        | {name: version(name) for name in MADE_WITH + FURTHER},
    }


def parts(report, read, around, root):
    """Collect what one page depends on.

    Parameters
    ----------
    report : dict
        As `lists.read_list` gives it.
    read : iterable of str
        The files of tables that its notebook reads, as paths within the data folder.
    around : dict
        From `surroundings`.
    root : Path
        The project's folder.
    """
    made_of = {key: report[key] for key in ("name", "title", "parameters")} | around
    made_of["notebook"] = hashed(root / report["notebook"])
    made_of["tables"] = {file: hashed(tables.data_dir() / file) for file in sorted(read)}
    return made_of


def key_of(made_of):
    """Return the key of a page: the hash of what it depends on."""
    return hashlib.sha256(as_json(made_of).encode()).hexdigest()


def data_hash(made_of):
    """Return the hash of the tables that a page depends on, in the order of their names."""
    return hashlib.sha256("".join(made_of["tables"].values()).encode()).hexdigest()


def why(report, record, around, root, out):
    """Say why a report has to be built; empty where its page is what it would become."""
    if not record:
        return "not built yet"
    if record.get("status") != "built":
        return "it failed"
    before = record.get("made_of", {})
    now = parts(report, before.get("tables", {}), around, root)
    if key_of(now) != record.get("key"):
        changed = [name for name in now if now[name] != before.get(name)]
        if "tables" in changed:
            at = changed.index("tables")
            known = before.get("tables", {})
            changed[at : at + 1] = [
                f"data/{file}" for file, of in now["tables"].items() if of != known.get(file)
            ]
        return f"changed: {', '.join(changed) or 'its key'}"
    if hashed(out / f"{report['name']}.html") != record.get("sha256"):
        return "its page is missing or was changed"
    return ""


def as_json(value):
    """Write a value as JSON that is the same whenever the value is."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def manifest_of(out):
    """Return what earlier builds left in a folder, those that were stopped too.

    A manifest that cannot be read only costs a rebuild.
    """
    known = {"reports": {}}
    with suppress(OSError, ValueError, TypeError, KeyError):
        found = json.loads((out / "manifest.json").read_text("utf-8"))
        known |= {"reports": dict(found["reports"]), "index": found.get("index")}
    with suppress(OSError, UnicodeDecodeError):
        for line in (out / "manifest.journal").read_text("utf-8").splitlines():
            with suppress(ValueError, TypeError):  # the last line may be cut
                known["reports"] |= json.loads(line)
    return known


def note(out, name, record):
    """Keep what is known of one report at once, whatever happens to the build."""
    try:
        with (out / "manifest.journal").open("a", encoding="utf-8") as journal:
            journal.write(json.dumps({name: record}, ensure_ascii=False) + "\n")
    except OSError as error:
        path = (out / "manifest.journal").as_posix()
        raise tables.DataError(f"{path}: cannot be written: {error.strerror}") from None


def keep(out, manifest):
    """Write the manifest of a build that came to its end."""
    tables.write(out / "manifest.json", as_json(manifest))
    (out / "manifest.journal").unlink(missing_ok=True)


@contextmanager
def alone(out):
    """Let no second build write into the same folder.

    Raises
    ------
    DataError
        If another build is at work there, or the folder cannot be written.
    """
    lock = out / ".lock"
    try:
        out.mkdir(parents=True, exist_ok=True)
        file = lock.open("a")
    except OSError as error:
        raise tables.DataError(f"{out.as_posix()}: cannot be written: {error.strerror}") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise tables.DataError(
                f"{out.as_posix()}: another build is writing here; wait for it, or choose another "
                "folder with --out"
            ) from None
        for left in out.glob(".*.part"):  # of a build that was killed
            left.unlink(missing_ok=True)
        yield
