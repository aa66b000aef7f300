"""Pages in Chromium: live, readable everywhere, silent, and nothing gets in.

Needs playwright and Debian's chromium; without them these tests are skipped, unless the variable
ILODATA_BROWSER says ``required``. NODE_DIR may name a folder with ``node_modules/axe-core`` and
``node_modules/vnu-jar``, which judge accessibility and markup.
"""

import csv
import gzip
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest

from ilodata import tables
from ilodata.reports import lists, outputs, pages

REPO = Path(__file__).resolve().parent.parent
EVIL = '</script><script>ran=1</script><img src=x onerror="ran=1"><!-- \'"&amp; {{7*7}} ${7*7}'
# Columns that name a row of another table, or a column.
LEADS = re.compile(r".*_id|record|field|subject|object|part_of|iso3")
WATCH = """
window.shifted = 0;
new PerformanceObserver(list => { for (const e of list.getEntries()) window.shifted += e.value; })
  .observe({type: "layout-shift", buffered: true});
"""
PLACES = "[...document.querySelectorAll('.chart > div')].filter(e => e.checkVisibility())"
SIZES = f"""() => {PLACES}.map(e => {{
  const box = e.parentElement.getBoundingClientRect();
  const drawn = e.querySelector("svg").getBoundingClientRect();
  return [box.width, box.height, drawn.width, drawn.height].map(Math.round);
}})"""
SCROLL = f"""async () => {{
  for (const place of {PLACES}) {{
    place.scrollIntoView();
    await new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)));
  }}
}}"""
LIVE = f"() => {PLACES}.map(e => e.dataset.live)"
CUT = """() => [document.documentElement, ...document.querySelectorAll("main, .scroll, pre, table, p")]
  .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)
  .map(e => `${e.tagName}.${e.className} ${e.scrollWidth} > ${e.clientWidth}`)"""
TABLES = """() => [...document.querySelectorAll("a.csv")].map(link => ({
  name: link.download, href: link.href,
  rows: [...(link.parentElement.previousElementSibling?.querySelectorAll("tr") ?? [])].map(
    row => [...row.cells].map(cell => cell.textContent.replace(/\\s+/g, " ").trim())),
}))"""
AXE = """async () => (await axe.run(document, {resultTypes: ["violations"], runOnly: {type: "tag",
  values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}))
  .violations.map(each => `${each.id}: ${each.nodes[0].html.slice(0, 200)}`)"""
SCROLLING = """() => [...document.querySelectorAll(".scroll")]
  .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)
  .map(e => `${e.getAttribute("aria-label")} ${e.scrollWidth} > ${e.clientWidth}`)"""
# What Tab has to reach, in the order of the page; and what is reached, seen by its outline.
STOPS = """() => [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.classList.contains("skip"))
  .map((e, number) => { e.number = number; return e.outerHTML.slice(0, 120); })"""
REACHED = """() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const near = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return [e.number ?? e.className, seen && near];
}"""
# The colours of a live chart's marks and words, those of its picture without JavaScript, and what
# words lie on: the fills of the marks beneath them, from the lowest, at three points of a word.
# No mark is a ground that only shades the word on it, nor the inside of an outlined window.
COLOURS = """() => [...document.querySelectorAll(".chart .live svg")].map(svg => {
  const rgb = text => {
    const found = text.match(/[\\d.]+/g)?.map(Number) ?? [];
    return text === "none" || !found.length ? null : [...found.slice(0, 3), found[3] ?? 1];
  };
  const style = e => {
    const s = getComputedStyle(e);
    let opacity = 1;
    for (let up = e; up !== svg; up = up.parentElement) opacity *= getComputedStyle(up).opacity;
    const mix = (colour, of) => colour && [...colour.slice(0, 3), colour[3] * of * opacity];
    return {fill: mix(rgb(s.fill), s.fillOpacity), stroke: mix(rgb(s.stroke), s.strokeOpacity)};
  };
  const all = [...svg.querySelectorAll("path, line, rect, text")];
  const beneath = (e, x, y) => all.slice(0, all.indexOf(e)).filter(other => {
    if (!other.isPointInFill || !style(other).fill) return false;
    const at = new DOMPoint(x, y).matrixTransform(other.getScreenCTM().inverse());
    return other.isPointInFill(at);
  }).map(other => style(other).fill);
  const words = all.filter(e =>
    e.tagName === "text" && e.textContent.trim() && style(e).fill[3]);  // some give way to others
  const marks = all.filter(e => e.tagName !== "text"
    && e.closest(".role-mark, .role-legend-symbol") && !e.closest(".mark-shape")
    && !e.matches(".background, .foreground") && !e.closest("[class*=' ground_'], .window_brush_bg")
    && Math.max(e.getBoundingClientRect().width, e.getBoundingClientRect().height) > 1);
  return {
    chart: svg.closest("figure").id,
    words: words.flatMap(e => {
      const box = e.getBoundingClientRect(), y = (box.top + box.bottom) / 2;
      return [0.1, 0.5, 0.9].map(part =>
        [e.textContent, style(e).fill, beneath(e, box.left + part * box.width, y)]);
    }),
    marks: marks.map(e => [e.outerHTML.slice(0, 160), style(e).fill, style(e).stroke]),
  };
})"""
PAINTED = r"""() => [...document.querySelectorAll(".chart > div")].map(place => [
  `${place.closest("figure").id} ${place.className.split(" ")[0]}`,
  [...new Set(place.innerHTML.match(/(?:fill|stroke)="[^"]+"/g))].sort()])"""
NAMES = ["sources", "timelines", "funding-2017-2022", "sstc-reach"]
ALL = [*NAMES, "index", "codebook", "alone", "evil", "failed", "evil-index"]


@pytest.fixture(scope="module")
def built(browser, tmp_path_factory):
    """Write every kind of page: of the saved notebooks, and of data that are all markup."""
    out = tmp_path_factory.mktemp("html")
    context = pages.context_of_data("reports/default.yaml")
    script = pages.script_of_charts()
    (out / "charts-0.js").write_text(script, "utf-8")
    context["charts"] = {"name": "charts-0.js", "text": ""}
    listed = {each["name"]: each for each in lists.read_list(REPO / "reports" / "default.yaml")}
    entries = []
    for name in NAMES:
        report = listed[name]
        nb = nbformat.read(REPO / report["notebook"], 4)
        page = pages.render_page(nb, report, context)
        (out / f"{name}.html").write_text(page, "utf-8")
        entry = {"name": name, "title": report["title"], "status": "built", "error": None}
        entry["question"] = pages.question_of(REPO / report["notebook"])
        entry |= {"findings": pages.findings_of(nb), "picture": outputs.picture_of(page, name)}
        entries.append(entry)
    write = {"index": pages.render_index(entries, context)}
    write["codebook"] = pages.render_codebook(context["codebook"])
    alone = context | {"charts": {"name": "", "text": script}}
    write["alone"] = pages.render_page(nb, report, alone)
    for name, text in write.items():
        (out / f"{name}.html").write_text(text, "utf-8")
    paths = {path.stem: path for path in out.glob("*.html")}
    return paths | of_markup(tmp_path_factory.mktemp("markup"))


def of_markup(root):
    """Build reports from data, parameters and names with markup wherever one may write it.

    One report, evil, has all cells of all notebooks. For each text or list that a notebook takes
    as a parameter there is a report that is given markup instead (refused). Where a row names
    another by markup, what the notebooks make of it has to be shown as text too (lost).
    """
    refused = spoil(root / "data", lambda name: not LEADS.fullmatch(name), every=True)
    spoil(root / "lost", LEADS.fullmatch, every=False)
    (root / "notebooks").mkdir()
    (root / "reports").mkdir()
    saved = [
        Path(shutil.copy(path, root / "notebooks"))
        for path in sorted((REPO / "notebooks").glob("*.ipynb"))
    ]
    takes = [
        (path, name, EVIL if kind.startswith("str") else [EVIL])
        for path in saved
        for name, (kind, *_) in lists.parameters_of(path).items()
        if kind.startswith(("str", "list"))
    ]
    reports = [report(f"refused-{n}", path, {name: it}) for n, (path, name, it) in enumerate(takes)]
    reports.append(report("evil", of_all_cells(saved), {"text": EVIL}))
    out = root / "<b>html #1 & \"2\" '%41'"
    build(reports, root / "data", out)
    build(
        [report(f"lost-{n}", path, {}) for n, path in enumerate(saved)], root / "lost", root / "o"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ILODATA_DATA", str(root / "data"))
        context = pages.context_of_data("reports/list.yaml")
        error = {"where": EVIL, "message": "\n".join(refused), "source": EVIL, "traceback": EVIL}
        declared = {"text": lists.Parameter("str", EVIL, EVIL)}
        page = pages.render_failure(error, reports[-1] | {"declared": declared}, context)
    (out / "failed.html").write_text(page, "utf-8")
    found = {path.stem: path for path in [*out.glob("*.html"), *(root / "o").glob("lost-*.html")]}
    found.pop("codebook")
    return found | {"evil-index": found.pop("index")}


def report(name, path, parameters):
    given = {"name": name, "title": f"{name} {EVIL}", "notebook": f"notebooks/{path.name}"}
    return given | {"parameters": parameters}


def of_all_cells(saved):
    """Write a notebook with a name of markup and all cells of others; it has one parameter."""
    cells = [cell for path in saved for cell in nbformat.read(path, 4).cells]
    first, *others = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    first.source += f'\ntext: str = ""  # {EVIL}'
    for cell in others:
        cell.metadata.tags = []
    cells.append(nbformat.v4.new_code_cell("print(text)\ntext"))
    path = saved[0].with_name("<img src=x onerror=ran=1> & 'more'.ipynb")
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def build(reports, data, out):
    listed = data.parent / "reports" / f"{data.name}.yaml"
    listed.write_text(json.dumps({"reports": reports}), "utf-8")
    command = [sys.executable, "-m", "ilodata.cli", "build", listed, "--out", out]
    given = os.environ | {"ILODATA_DATA": str(data)}
    done = subprocess.run(command, env=given, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    assert (out / "index.html").is_file()


def spoil(data, chosen, every):
    """Put markup into columns of a copy of the data, as far as the loaders let it in.

    Returns what they say where they do not.
    """
    shutil.copytree(REPO / "data", data)
    refused = []
    resources = [(it, ".") for it in tables.package()["resources"]]
    resources += [(it, "reference") for it in tables.package("reference")["resources"]]
    for resource, part in resources:
        path = data / part / resource["path"]
        for name in [it["name"] for it in resource["schema"]["fields"] if chosen(it["name"])]:
            before = path.read_text("utf-8")
            rows = list(csv.DictReader(io.StringIO(before)))
            given = [row for row in rows if row[name]] or rows
            given[-1][name] += EVIL
            write(path, rows)
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("ILODATA_DATA", str(data))
                try:
                    tables.read(resource["name"], part)
                except tables.DataError as error:
                    refused.append(str(error))
                    path.write_text(before, "utf-8")
                    continue
            for row in given[:-1] if every else []:
                row[name] += EVIL
            write(path, rows)
    return refused


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def visit(browser, path, seen=None, **options):
    """Open a page; note in ``seen`` what it asks of the network and what goes wrong."""
    seen = [] if seen is None else seen
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
    context.add_init_script(WATCH)

    def watch(route):
        if route.request.url.split(":")[0] in ("file", "data", "blob"):
            route.continue_()
        else:
            seen.append(f"request: {route.request.url}")
            route.abort()

    context.route("**/*", watch)
    page = context.new_page()
    page.on("pageerror", lambda error: seen.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (seen.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda said: seen.append(said.text) if said.type == "error" else None)
    page.goto(path.as_uri(), wait_until="load")
    return page


def enliven(page):
    """Scroll through a page as long as a chart is not live: its script may come after the page."""
    for _ in range(30):  # the policy of a page lets no one wait in it
        page.evaluate(SCROLL)
        page.wait_for_timeout(1_000)
        if all(found := page.evaluate(LIVE)):
            break
    return found


def open_all(page):
    page.evaluate("() => document.querySelectorAll('details').forEach(e => { e.open = true; })")


PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("screen", [{}, PHONE], ids=["wide", "phone"])
def test_a_page_is_silent_and_its_charts_go_live_without_moving_anything(
    browser, built, name, screen
):
    seen = []
    page = visit(browser, built[name], seen, **screen)
    before = page.evaluate(SIZES)
    assert len(before) == page.locator("figure").count()
    assert enliven(page) == ["yes"] * len(before)
    assert page.evaluate(SIZES) == before
    assert page.evaluate("window.shifted") < 0.001
    assert page.evaluate("document.querySelectorAll('.vega-embed svg.marks').length") == len(before)
    assert page.evaluate("typeof ran") == "undefined"
    assert seen == []
    page.context.close()


def test_what_a_notebook_refuses_or_does_not_find_is_shown_as_text(browser, built):
    seen, odd = [], [name for name in built if name.startswith(("refused", "lost"))]
    assert len(odd) > 20
    for name in odd:
        page = visit(browser, built[name], seen)
        assert EVIL in page.inner_text("h1")
        assert page.evaluate("typeof ran") == "undefined"
        page.context.close()
    assert seen == []


def test_a_chart_that_comes_into_sight_when_the_window_changes_goes_live_too(browser, built):
    page = visit(browser, built["funding-2017-2022"])
    enliven(page)
    assert (
        page.locator(".wide[data-live=yes]").count()
        and not page.locator(".narrow[data-live]").count()
    )
    page.set_viewport_size({"width": 390, "height": 844})
    assert set(enliven(page)) == {"yes"} and page.locator(".narrow[data-live=yes]").count()
    page.emulate_media(media="print")
    assert not page.locator(".narrow:visible").count() and page.locator(".wide:visible").count()
    page.context.close()


@pytest.mark.parametrize("name", ALL)
def test_a_page_shows_its_charts_without_javascript_too(browser, built, name):
    for screen in ({}, PHONE):
        page = visit(browser, built[name], java_script_enabled=False, **screen)
        charts = page.locator(".chart svg:visible")
        assert charts.count() == built[name].read_text("utf-8").count('<div class="chart"')
        for number in range(charts.count()):
            box = charts.nth(number).bounding_box()
            assert box["width"] > 100 and box["height"] > 40
        page.context.close()


@pytest.mark.parametrize("name", ALL)
def test_a_page_fits_a_screen_a_phone_and_a_sheet_of_paper(browser, built, name):
    page = visit(browser, built[name])
    if "evil" not in name:  # its words are longer than any screen
        assert page.evaluate(SCROLLING) == []
    page.set_viewport_size(PHONE["viewport"])
    open_all(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 672, "height": 986})  # A4 within the margins of page.css
    assert page.evaluate(CUT) == []
    page.context.close()


def test_paper_has_the_evidence_that_a_screen_folds_away(browser, built):
    page = visit(browser, built["funding-2017-2022"])
    assert not page.locator(".evidence li:visible").count()
    page.emulate_media(media="print")
    assert page.locator(".evidence li").first.bounding_box()["height"] > 5
    assert not page.locator("details.code:visible, details.data:visible, .toc:visible").count()
    page.context.close()


@pytest.mark.parametrize("name", [*NAMES, "index", "codebook", "failed"])
def test_tab_reaches_everything_in_the_order_of_the_page_and_shows_where_it_is(
    browser, built, name
):
    page = visit(browser, built[name])
    open_all(page)
    stops = page.evaluate(STOPS)
    page.keyboard.press("Tab")
    assert page.evaluate(REACHED) == ["skip", True]
    reached = []
    for _ in stops:
        page.keyboard.press("Tab")
        reached.append(page.evaluate(REACHED))
    assert [stop for stop, _ in reached] == list(range(len(stops)))
    assert [stops[stop] for stop, seen in reached if not seen] == []
    page.context.close()


def test_a_link_opens_the_evidence_it_leads_to(browser, built):
    page = visit(browser, built["funding-2017-2022"])
    page.locator(".findings .sources a").first.focus()
    page.keyboard.press("Enter")
    # The browser tells of a link after it has followed it.
    page.locator(".evidence details[open] li").first.wait_for()
    page.locator(".evidence details[open] a").first.click()
    page.locator(".conflicts li:target").wait_for()
    page.context.close()


def over(colour, ground):
    """Return the colour that is seen where a colour with an opacity lies on a ground."""
    return [colour[3] * a + (1 - colour[3]) * b for a, b in zip(colour[:3], ground, strict=True)]


def contrast(colour, ground):
    """Return the contrast of WCAG 2.2 between two colours."""

    def luminance(colour):
        parts = [part / 255 for part in colour]
        parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(p * weight for p, weight in zip(parts, (0.2126, 0.7152, 0.0722), strict=True))

    dark, light = sorted([luminance(colour), luminance(ground)])
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_wcag():
    assert contrast([0, 0, 0], [255] * 3) == pytest.approx(21)
    assert contrast([118, 118, 118], [255] * 3) == pytest.approx(4.54, abs=0.01)
    assert over([0, 0, 0, 0.25], [255] * 3) == [191.25] * 3


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("screen", [{}, PHONE], ids=["wide", "phone"])
def test_the_words_and_marks_of_charts_stand_out_from_what_they_lie_on(
    browser, built, name, screen
):
    page = visit(browser, built[name], **screen)
    still = page.evaluate(PAINTED)
    enliven(page)
    found = page.evaluate(COLOURS)
    assert found and all(chart["words"] for chart in found)
    weak = []
    for chart in found:
        for words, colour, beneath in chart["words"]:
            ground = [255] * 3  # the card, in dark mode too
            for fill in beneath:
                ground = over(fill, ground)
            if contrast(over(colour, ground), ground) < 4.5:
                weak.append((chart["chart"], words, colour, beneath))
        for mark, *colours in chart["marks"]:
            painted = [over(each, [255] * 3) for each in colours if each]
            white = painted == [[255] * 3]  # it cuts a mark beneath it into dashes
            if not white and not any(contrast(each, [255] * 3) >= 3 for each in painted):
                weak.append((chart["chart"], mark))
    assert weak == []
    live = dict(page.evaluate(PAINTED))
    assert live.keys() == dict(still).keys()
    for chart, colours in still:  # the card of a live chart is the page's
        assert set(colours) - {'fill="white"'} <= set(live[chart])
    page.context.close()


@pytest.mark.parametrize("name", [name for name in ALL if "evil" not in name])
def test_a_page_is_small(built, name):
    held = built[name].read_bytes()
    if name == "alone":
        held = held.replace((built["index"].parent / "charts-0.js").read_bytes(), b"")
    assert len(held) < 450_000
    assert len(gzip.compress(held, mtime=0)) < 100_000


def test_pointing_at_a_mark_tells_what_it_is(browser, built):
    page = visit(browser, built["funding-2017-2022"])
    enliven(page)
    mark = page.locator(".chart .mark-symbol path").first
    mark.scroll_into_view_if_needed()
    page.wait_for_timeout(300)  # what scrolls hides what was told
    mark.hover()
    page.locator(".tip").wait_for()
    assert "label: " in page.locator(".tip").inner_text()
    page.keyboard.press("Escape")
    page.locator(".tip").wait_for(state="hidden")
    page.context.close()


def test_a_chart_that_cannot_be_made_live_stays_as_it_was(browser, built, tmp_path):
    path = tmp_path / "page.html"
    shutil.copy(built["funding-2017-2022"], path)
    seen = []
    page = visit(browser, path, seen)  # the shared script is not beside it
    assert page.locator(".chart svg").first.is_visible()
    assert all("charts-" in each or "ERR_FILE_NOT_FOUND" in each for each in seen)
    script = (built["index"].parent / "charts-0.js").read_text("utf-8")
    broken = script.replace("vegaEmbed(live, spec, {", "vegaEmbed(live, {}, {")
    assert broken != script
    (tmp_path / "charts-0.js").write_text(broken, "utf-8")
    page.reload()
    assert set(enliven(page)) == {"failed"}
    assert page.locator(".chart svg").first.is_visible()
    page.context.close()


@pytest.mark.parametrize("name", [*NAMES, "evil", "alone", "codebook"])
def test_what_is_downloaded_is_the_table_that_is_shown(browser, built, name):
    page = visit(browser, built[name])
    offered = page.evaluate(TABLES)
    assert len({each["name"] for each in offered}) == len(offered) > 0
    evidence = [each for each in offered if not each["rows"]]
    assert len(offered) - len(evidence) == page.locator("table:has(caption)").count()
    for each in offered:
        text = unquote(each["href"].partition(",")[2]).removeprefix("\ufeff")
        rows = [line for line in text.splitlines(keepends=True) if not line.startswith("# ")]
        read = list(csv.reader(rows))
        if each in evidence:
            assert len(read) == 1 + page.locator(".evidence > details:not(.conflicts) li").count()
        elif name == "codebook":
            assert [row[0] for row in read] == [row[0] for row in each["rows"]]
        elif "rowspan" not in built[name].read_text("utf-8"):
            assert read == [[as_data(it) for it in row] for row in each["rows"]]
        assert "Data edition" in text.splitlines()[-len(rows) - 1]
    with page.expect_download() as waiting:
        page.locator("a.csv:visible").first.click()
    chosen = next(each for each in offered if each["name"] == waiting.value.suggested_filename)
    held = Path(waiting.value.path()).read_text("utf-8")
    assert held == unquote(chosen["href"].partition(",")[2])
    page.context.close()


def as_data(text):
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text) if re.fullmatch(r"[\d,.]+", text) else text
    return "" if text == "–" else text


def test_the_index_is_searched_by_titles_and_findings(browser, built):
    page = visit(browser, built["index"])
    shown = page.locator(".entry:visible")
    assert shown.count() == page.locator(".picture svg").count() == len(NAMES)
    page.get_by_label("Search titles and findings").fill("channel TOTALS")
    assert shown.count() == 1 and "Who paid what" in shown.first.inner_text()
    assert page.get_by_role("status").inner_text() == f"1 of {len(NAMES)} reports"
    page.get_by_label("Search titles and findings").fill("no such words")
    assert shown.count() == page.locator(".group:visible").count() == 0
    page.context.close()
    page = visit(browser, built["index"], java_script_enabled=False)
    assert page.locator(".entry:visible").count() == len(NAMES)
    assert not page.get_by_label("Search titles and findings").is_visible()
    page.context.close()


@pytest.fixture(scope="module")
def node():
    if not os.environ.get("NODE_DIR"):
        pytest.skip("NODE_DIR names no folder: accessibility and markup were NOT judged")
    return Path(os.environ["NODE_DIR"]) / "node_modules"


@pytest.mark.parametrize("name", ALL)
def test_axe_finds_nothing_in_any_state_of_a_page(browser, built, node, name):
    axe = (node / "axe-core" / "axe.min.js").read_text("utf-8")
    for state in ({}, {"color_scheme": "dark"}, PHONE):
        page = visit(browser, built[name], **state)
        enliven(page)
        page.evaluate(axe)
        assert page.evaluate(AXE) == [], state
        open_all(page)
        assert page.evaluate(AXE) == [], (state, "all open")
        page.context.close()


def test_the_markup_of_every_page_is_valid(built, node):
    if not shutil.which("java"):
        pytest.skip("java is not installed: the markup was NOT judged")
    jar = node / "vnu-jar" / "build" / "dist" / "vnu.jar"
    done = subprocess.run(["java", "-jar", jar, *built.values()], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
