"""The same page from any run: ``jupyter nbconvert --to ilodata out.ipynb``."""

from nbconvert.exporters import Exporter, FilenameExtension

from ilodata import parameters, words
from ilodata.reports import lists, page


class PageExporter(Exporter):
    """Makes of an executed notebook of ours the page that ``ilodata build`` makes of it."""

    export_from_notebook = "Page with its proof (ilodata)"
    output_mimetype = "text/html"
    file_extension = FilenameExtension(".html")

    def from_notebook_node(self, nb, resources=None, **kw):
        """Render a notebook with outputs; return the page, and the resources.

        What papermill noted in it says which parameters it was run with; the name of its file becomes
        that of the page. Raises ValueError if no cell has an output, or a chart or link cannot be
        rendered.
        """
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        if not any(cell.get("outputs") for cell in nb.cells):
            raise ValueError("the notebook has no outputs; run it first, or add --execute")
        name = resources.get("metadata", {}).get("name") or "notebook"
        noted = nb.metadata.get("papermill", {})
        report = lists.Report(
            name=words.slug(name) or "page",
            title=page.question(nb, name),
            notebook=noted.get("input_path") or f"{name}.ipynb",
            parameters=noted.get("parameters", {}),
            declared=parameters.declared(nb),
        )
        return page.render(nb, report, page.context([], ""))[0], resources
