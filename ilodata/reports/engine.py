"""Stage one: run a notebook as a kernel would, in a process of its own."""

import asyncio
import codecs
import logging
import os
import sys
import tempfile
import threading
from types import SimpleNamespace

from ipykernel.inprocess.ipkernel import InProcessKernel
from ipykernel.inprocess.manager import InProcessKernelManager
from ipykernel.iostream import OutStream
from jupyter_core.utils import run_sync
from nbclient.client import NotebookClient
from nbclient.exceptions import CellExecutionComplete
from nbformat.v4 import new_output
from papermill.engines import Engine, papermill_engines
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from papermill.utils import chdir
from traitlets.config import Config

MOST = 10_000_000  # characters that a cell may print: more is a mistake that would fill the memory
SILENCE = 60  # seconds without a message from a kernel in this process: it is broken
# No file, and no thread that writes it.
NO_HISTORY = Config({"HistoryManager": {"enabled": False, "hist_file": ":memory:"}})
# A kernel does not load our charts by itself, and Altair's own way to show one needs a network.
LIKE_THE_FAST_ONE = [
    "--log-level=CRITICAL",
    "--IPKernelApp.exec_lines=__import__('ilodata.charts').load_events();",
]


class CellError(Exception):
    """A cell that ended a run: where it stands, its source, the error in words, the traceback."""

    def __init__(self, cell, message, traceback=""):
        self.failure = {"where": place(cell), "message": message}
        self.failure |= {"source": cell.source, "traceback": traceback}
        super().__init__(f"{self.failure['where']}: {message}")


def place(cell):
    """Say where a cell stands: counted from 1 in its notebook, prose too, and its first line."""
    number = cell.metadata.get("position")
    first = next((line for line in cell.source.splitlines() if line.strip()), "").strip()
    first = first if len(first) <= 50 else f"{first[:49]}…"
    return f"cell {number} ({first})" if number else "the cell that gives the parameters"


def execute(notebook, parameters, engine="fast", tell=lambda where: None):
    """Run the cells of a notebook in its own folder; the process is used up by it.

    ``parameters`` are put behind the cell tagged so; what an earlier papermill gave it is left out.
    ``engine`` is "fast", ipykernel's own kernel in this process, or "kernel", one in a process beside
    it. ``tell`` is called with the `place` of each cell before it runs.

    Returns the notebook with its outputs and each cell's ``position`` in its metadata, and CellError or
    None. An output of type error is an error, whatever else says, except in a cell tagged
    ``raises-exception``; so is a cell that ends Python. Raises nbclient's DeadKernelError if the
    kernel was killed.
    """
    nb = load_notebook_node(str(notebook))
    for number, cell in enumerate(nb.cells, 1):
        cell.metadata["position"] = number
    nb.cells = [each for each in nb.cells if "injected-parameters" not in each.metadata.tags]
    papermill_engines.register("fast", InProcess)
    name = {"kernel_name": "python3", "engine_name": "fast" if engine == "fast" else None}
    if parameters:
        nb = parameterize_notebook(nb, parameters, language="python", **name)
    error = None
    try:
        with chdir(str(notebook.parent)):
            papermill_engines.execute_notebook_with_engine(
                nb=nb,
                progress_bar=False,
                on_cell_start=lambda cell, **_: tell(place(cell)),
                on_cell_executed=_hold_to_its_end,
                extra_arguments=LIKE_THE_FAST_ONE,
                **name,
            )
    except CellError as ended:
        error = ended
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs = merged(cell.outputs)
    return nb, error


def merged(outputs):
    """Put neighbouring outputs of one stream together, as one that was written over shows."""
    made = []
    for output in outputs:
        if made and output.output_type == "stream" and made[-1].get("name") == output.name:
            made[-1].text += output.text
        else:
            made.append(output)
    for output in made:
        if output.output_type == "stream":
            output.text = "\n".join(map(_written_over, output.text.split("\n")))
    return made


def _written_over(line):
    """Return what is seen of a line that a progress bar has written over, in linear time."""
    seen = line.rstrip("\r")
    return seen.rpartition("\r")[2] + line[len(seen) :]


def _hold_to_its_end(cell, execute_reply, **_):
    """Raise CellError where a cell left an error that it may not, or ended Python by itself."""
    reply = execute_reply["content"]
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if reply["status"] == "error" and not errors:  # IPython prints a bad magic, a group of errors
        told = {key: reply[key] for key in ("ename", "evalue", "traceback")}
        errors = [new_output("error", **told)]
        cell.outputs += errors
    if any(each.get("source") == "ask_exit" for each in reply.get("payload", [])):
        raise CellError(cell, "exit() ends Python here; what comes after it did not run")
    if errors and "raises-exception" not in cell.metadata.get("tags", []):
        said = f"{errors[0].ename}: {errors[0].evalue}"
        if errors[0].ename == "SystemExit":
            said += " (the cell ends Python; what comes after it did not run)"
        raise CellError(cell, said, "\n".join(errors[0].traceback))


class Stream(OutStream):
    """What cells print; what the programs print that they start joins it in its order.

    ``name`` is "stdout" or "stderr", ``number`` the file descriptor whose place a file takes: it is read
    before a cell prints, and when it has ended.
    """

    def __init__(self, kernel, name, number):
        super().__init__(kernel.session, kernel.iopub_thread, name, watchfd=False)
        self.number, self.owner, self.printed, self.read = number, os.getpid(), 0, 0
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        with tempfile.TemporaryFile() as file:
            os.dup2(file.fileno(), number)
        self.file = os.dup(number)  # whatever a cell does to the descriptor

    def fileno(self):
        """Return the descriptor, which programs can write to."""
        return self.number

    def write(self, text):
        """Publish a text; refuse what would fill the memory."""
        if os.getpid() != self.owner:  # a process that a cell has forked
            return os.write(self.number, text.encode("utf-8", "replace"))
        self.catch_up()
        self.printed += len(text)
        if self.printed > MOST:
            raise RuntimeError(f"a cell prints more than {MOST:,} characters; print less")
        return super().write(text)

    def catch_up(self):
        """Publish what programs have written, as far as there is room; one thread does it."""
        if threading.current_thread() is not threading.main_thread():
            return
        begin, self.read = self.read, os.fstat(self.file).st_size
        size = min(self.read - begin, max(0, MOST - self.printed))
        if text := self.decoder.decode(os.pread(self.file, size, begin)):
            self.printed += len(text)
            super().write(text)

    def flush(self):
        """Publish what was printed."""
        if os.getpid() == self.owner:
            self.catch_up()
            super().flush()


class Kernel(InProcessKernel):
    """ipykernel's in-process kernel, which from 7.0 fails on a cell with ``await``."""

    async def do_execute(self, *arguments, **more):
        """Run a cell as if shell messages had a thread, as they have in a kernel of its own."""
        self.shell_channel_thread = SimpleNamespace(parent_thread=None)
        try:
            return await super().do_execute(*arguments, **more)
        finally:
            self.shell_channel_thread = None


class InProcess(Engine):
    """Run code cells in this process, in ipykernel's in-process kernel; nbclient reads them."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, on_cell_start, on_cell_executed, **_):
        """Run the cells in order; papermill calls this."""
        # Nobody connects to it: without an address it lists the machine's interfaces to find one.
        manager = InProcessKernelManager(config=NO_HISTORY, ip="127.0.0.1")
        manager.kernel = kernel = Kernel(parent=manager, session=manager.session)
        kernel.stdout, kernel.stderr = (
            Stream(kernel, f"std{of}", n) for n, of in ((1, "out"), (2, "err"))
        )
        sys.stdout, sys.stderr = kernel.stdout, kernel.stderr  # which cell prints, is told to these
        client = manager.client()
        client.start_channels()
        reader = NotebookClient(nb_man.nb, record_timing=False)
        reader.reset_execution_trackers()
        sys.path.insert(0, "")  # the folder of the notebook, as in a kernel
        for name in ("ipykernel", "papermill", "traitlets"):  # a notebook's log is its own
            logging.getLogger(name).propagate = False
        for index, cell in enumerate(nb_man.nb.cells):
            skipped = reader.skip_cells_with_tag in cell.metadata.tags
            if cell.cell_type != "code" or not cell.source.strip() or skipped:
                continue
            nb_man.cell_start(cell, index)
            on_cell_start(cell=cell)
            kernel.stdout.printed = kernel.stderr.printed = 0
            reply = _run(client, reader, cell, index)
            nb_man.cell_complete(cell, cell_index=index)
            on_cell_executed(cell=cell, execute_reply=reply)


def _run(client, reader, cell, index):
    """Run one cell, read what it shows into its outputs, and return the kernel's reply."""
    reader.clear_before_next_output = False
    asked = client.execute(cell.source, allow_stdin=False)
    reply = client.get_shell_msg(timeout=SILENCE)
    cell.execution_count = reply["content"].get("execution_count")
    while True:
        message = client.get_iopub_msg(timeout=SILENCE)
        if message["parent_header"].get("msg_id") != asked:
            continue  # of a task that an earlier cell began: nbclient leaves it out too
        try:
            reader.process_message(message, cell, index)
        except CellExecutionComplete:
            break
    run_sync(asyncio.sleep)(0)  # such tasks go on between cells
    return reply
