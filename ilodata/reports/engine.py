"""A papermill engine that runs the cells in this process, without a kernel's sockets.

``papermill --engine ilodata`` finds it by its entry point. The outputs are those of an ordinary
kernel; what a kernel's process would isolate, the process that calls this has to: `pool` forks
one for each report.
"""

import atexit
import builtins
import io
import logging
import sys
from contextlib import contextmanager

import nbformat
import pandas as pd
from ipykernel.compiler import XCachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.formatters import PlainTextFormatter
from IPython.core.interactiveshell import InteractiveShell
from papermill.engines import Engine
from traitlets import Type

MOST = 10_000_000  # characters that a cell may print: more is a mistake that would fill the memory


class Outputs(list):
    """The outputs of one cell, in the order in which they came."""

    wipe = False  # clear_output(wait=True): with the next output

    def add(self, kind, **content):
        """Append an output as the notebook format has it."""
        if self.wipe:
            self.clear()
            self.wipe = False
        self.append(_node({"output_type": kind} | content))  # right by how it is made

    def stream(self, name):
        """Return the stream of a name to which nothing but streams was added since."""
        for output in reversed(self):
            if output.output_type != "stream":
                return None
            if output.name == name:
                return output
        return None


class _Stream(io.TextIOBase):
    """What a cell prints to, as the kernel's streams keep it: pieces of one stream together."""

    encoding = "utf-8"

    def __init__(self, name, shell):
        self.name, self.shell, self.printed = name, shell, 0

    def writable(self):
        return True

    def write(self, text):
        outputs = self.shell.outputs
        self.printed += len(text)
        if self.printed > MOST:
            raise RuntimeError(f"a cell prints more than {MOST:,} characters; print less")
        # A kernel collects each stream until something is displayed, and so do we.
        known = None if outputs.wipe else outputs.stream(self.name)
        if known:
            known.parts.append(text)
        elif text:
            outputs.add("stream", name=self.name, text="")
            outputs[-1].parts = [text]
        return len(text)


class _Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **_):
        known = (transient or {}).get("display_id")
        if update:
            for output in self.shell.displays.get(known, []):
                output.data, output.metadata = _node(data), _node(metadata or {})
            return
        self.shell.outputs.add("display_data", data=data, metadata=metadata or {})
        if known:
            self.shell.displays.setdefault(known, []).append(self.shell.outputs[-1])

    def clear_output(self, wait=False):
        if wait:
            self.shell.outputs.wipe = True
        else:
            self.shell.outputs.clear()


class _Hook(DisplayHook):
    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        self.said = (format_dict, md_dict or {})

    def finish_displayhook(self):
        data, metadata = self.__dict__.pop("said", ({}, {}))
        if data:
            self.shell.outputs.add(
                "execute_result", data=data, metadata=metadata, execution_count=self.prompt_count
            )
        super().finish_displayhook()


class _Unread(PlainTextFormatter):
    """Says nothing of what is shown as a table, as which a page shows it."""

    def __call__(self, obj):
        return "" if isinstance(obj, pd.DataFrame) else super().__call__(obj)


def _node(value):
    return nbformat.from_dict(value)


# pandas asks by the name of the shell's class whether it is in a notebook ("zmq" is a kernel's).
class _ShellInsteadOfZmq(InteractiveShell):
    compiler_class = Type(XCachingCompiler)  # names a cell in errors as a kernel does
    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)

    def __init__(self, **more):
        self.outputs, self.displays = Outputs(), {}
        super().__init__(**more)

    def _showtraceback(self, etype, evalue, stb):
        self.outputs.add("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb))

    def init_history(self):  # no file, and no thread that writes it
        from IPython.core.history import HistoryManager

        self.history_manager = HistoryManager(shell=self, parent=self, enabled=False)

    def enable_gui(self, gui=None):
        pass


class WarmEngine(Engine):
    """Run a notebook's code cells in this process, in a fresh IPython shell."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, on_cell_start=None, aside=None, **_):
        """Run the cells in order up to the first that fails; papermill calls this.

        ``on_cell_start(cell=…, cell_index=…)`` is called before each, as nbclient does. Where
        nobody keeps the notebook, a list ``aside`` takes pairs of a cell and its outputs, which
        papermill would write out else, and tables are not written as plain text too.
        """
        with _as_in_a_kernel() as shell:
            if aside is not None:
                shell.display_formatter.formatters["text/plain"] = _Unread(parent=shell)
            for index, cell in enumerate(nb_man.nb.cells):
                if cell.cell_type != "code" or not cell.source.strip():
                    continue
                nb_man.cell_start(cell, index)
                if on_cell_start:
                    on_cell_start(cell=cell, cell_index=index)
                ran = _run(shell, cell)
                if not ran:
                    nb_man.cell_exception(cell, cell_index=index, exception=None)
                elif aside is not None:
                    aside.append((cell, cell.outputs))
                    cell.outputs = []
                nb_man.cell_complete(cell, cell_index=index)
                if not ran:
                    break


def _run(shell, cell):
    shell.outputs = Outputs()
    cell.execution_count = shell.execution_count
    sys.stdout, sys.stderr = _Stream("stdout", shell), _Stream("stderr", shell)
    try:
        result = shell.run_cell(cell.source, store_history=True)
    finally:
        for output in shell.outputs:
            if output.output_type == "stream":
                output.text = "".join(output.pop("parts"))
        cell.outputs = list(shell.outputs)
    return result.success


@contextmanager
def _as_in_a_kernel():
    """Give this process a shell, and the names and streams that a kernel has; take them back."""
    before = sys.stdout, sys.stderr, sys.displayhook, sys.path[:], builtins.input
    main, log = sys.modules["__main__"], logging.getLogger()
    handlers, level = log.handlers[:], log.level
    log.handlers[:] = []
    log.setLevel(logging.WARNING)
    shell = _ShellInsteadOfZmq.instance()
    sys.modules["__main__"] = shell.user_module
    sys.path.insert(0, "")  # the folder of the notebook
    builtins.input = _no_input
    try:
        yield shell
    finally:
        sys.modules["__main__"] = main
        log.handlers[:] = handlers
        log.setLevel(level)
        sys.stdout, sys.stderr, sys.displayhook, sys.path[:], builtins.input = before
        shell.displayhook.flush = lambda: None  # it would search for garbage, a tenth of a second
        atexit.unregister(shell.atexit_operations)  # once is enough
        shell.atexit_operations()
        type(shell).clear_instance()


def _no_input(prompt=""):
    raise RuntimeError("a report cannot ask its reader; give a parameter instead of input()")
