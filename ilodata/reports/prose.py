"""Prose and HTML of notebooks made safe: nothing of them can run, fetch, or look like the page."""

import html
import re
from urllib.parse import unquote

import mistune
import nh3
from lxml import html as lxml_html

# No landmarks of a page, and nothing that HTML has given up.
BARRED = "acronym area article aside center footer header hgroup map nav strike tt"
TAGS = nh3.ALLOWED_TAGS - set(BARRED.split()) | {"tfoot"}
ATTRIBUTES = {
    "a": {"href", "id"},
    "img": {"src", "alt", "width", "height"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
    "li": {"id"},
    "sup": {"id"},
    "abbr": {"title"},
}
WITH_WORDS = {"script", "style", "iframe", "object", "embed", "svg", "math", "template", "noscript"}
LOST = re.compile(r"<(script|iframe|object|embed|svg|math|canvas|video|audio|form|input)\b", re.I)
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
ADDRESSES = {"href": r"(?s)(https?://|mailto:).*", "src": PICTURE}
MARKDOWN = mistune.create_markdown(
    escape=False, plugins=["strikethrough", "table", "url", "task_lists", "def_list", "footnotes"]
)
# Characters that no page may hold, or that reorder what a reader sees; colours of a terminal.
UNSEEN = re.compile(
    "\x1b\\[.*?[@-~]|"
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)


def plain(text):
    """Return text, or lines of it, without characters that hide or reorder what is read."""
    text = text if isinstance(text, str) else "".join(text)
    return UNSEEN.sub("", text.replace("\r\n", "\n"))


def _seen(source):
    """Leave out what JupyterLab shows nobody: what an attribute or a style sheet of its own hides."""
    if not re.search(r"hidden|display\s*:\s*none", source):
        return source
    root = lxml_html.fragment_fromstring(source, create_parent="div")
    sheets = " ".join(root.xpath(".//style/text()"))
    names = "".join(re.findall(r"([.#][\w-]+)\s*\{[^}]*display\s*:\s*none", sheets))
    here = "contains(translate(@style, ' ', ''), 'display:none')"
    hidden = re.findall(r"([.#])([\w-]+)", names)
    marked = [f"@id='{it}'" if of == "#" else f"contains(@class, '{it}')" for of, it in hidden]
    for element in root.xpath(f".//*[{' or '.join(['@hidden', here, *marked])}]"):
        element.drop_tree()
    return lxml_html.tostring(root, encoding="unicode")


def swept(source, prefix=""):
    """Return HTML that can neither run nor fetch, and what of it somebody would have seen that is gone.

    Comments, scripts, styles and frames go (by nh3, as bleach is deprecated); in the place of a picture
    that would have to be fetched stand words; headings begin at the third level. Its ids, and links to
    these, begin with ``prefix``, so that two pieces cannot collide. What is missed is said in a few words
    each.
    """
    missed = []

    def instead(match):
        image = lxml_html.fromstring(match[0])
        address = image.get("src", "")
        if PICTURE.fullmatch(address):
            return match[0]
        said = f"{image.get('alt') or 'a picture'} ({address})"
        missed.append(f"picture {said}, which the notebook does not hold")
        return f"<em>[picture not shown: {html.escape(said)}]</em>"

    def allowed(_, name, value):
        if name == "href" and value.startswith("#"):
            inside = unquote(value[1:])
            own = inside.startswith(("fn-", "fnref-"))
            return f"#{prefix}{inside}" if own else f"#{slug(inside)}"
        if name in ADDRESSES:
            return value if re.fullmatch(ADDRESSES[name], value) else None
        return f"{prefix}{slug(value)}" if name == "id" else value

    source = _seen(plain(source).replace("#harmful-link", ""))  # mistune's, for what would run
    made = nh3.clean(
        re.sub(r"(</?)h[12]\b", r"\1h3", re.sub(r"(?i)<img\b[^>]*>", instead, source), flags=re.I),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=allowed,
        clean_content_tags=WITH_WORDS,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noreferrer",
    )
    kinds = sorted({kind.lower() for kind in LOST.findall(source)})
    return made, missed + [f"{kind} in HTML, which a page may not hold" for kind in kinds]


def markdown(source, prefix=""):
    """Turn Markdown into safe HTML, as JupyterLab shows it but for formulas (``$`` is money here).

    All else as in `swept`.
    """
    return swept(_rendered(source), prefix)


def sections(source, attachments=None):
    """Split Markdown at its headings of levels one and two: (level, heading as text, HTML below).

    What stands before the first of them has level 0. ``attachments`` are the pictures of the cell, as a
    notebook keeps them. The HTML is to be `swept`.
    """
    before, *found = re.split(r"<h([12])>(.*?)</h\1>\n?", _rendered(source, attachments))
    return [
        (0, "", before),
        *zip(map(int, found[::3]), map(text_of, found[1::3]), found[2::3], strict=True),
    ]


def _rendered(source, attachments=None):
    """Turn Markdown into HTML, with the pictures of its cell."""
    source = plain(source)
    for name, kinds in (attachments or {}).items():
        for kind, body in kinds.items():
            source = source.replace(f"attachment:{name}", f"data:{kind};base64,{plain(body)}")
    made = re.sub(r"(?<=[a-z])'(?=s\b)", "’", MARKDOWN(source))
    for box, shown in ((r"<input[^>]*checked[^>]*>", "☑ "), (r"<input[^>]*checkbox[^>]*>", "☐ ")):
        made = re.sub(box, shown, made)
    return made


def text_of(source):
    """Return what a piece of HTML says, in one line."""
    return " ".join(lxml_html.fromstring(f"<div>{source}</div>").text_content().split())


def slug(text):
    """Return text as an id or a part of a file's name."""
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-") or "part"
