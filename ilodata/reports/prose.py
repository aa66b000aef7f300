"""Prose and HTML of notebooks made safe: nothing of them can run, fetch, or look like the page."""

import html
import re
from urllib.parse import unquote

import mistune
import nh3
from lxml import html as lxml_html
from markupsafe import Markup

from ilodata import words

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
# What goes with all that is in it: what somebody would have seen, and what nobody would.
LOST = "script iframe object embed svg math canvas video audio form input"
HIDDEN = {"style", "template", "noscript"}
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
ADDRESSES = {"href": r"(?s)(https?://|mailto:).*", "src": PICTURE}
MARKDOWN = mistune.create_markdown(
    escape=False, plugins=["strikethrough", "table", "url", "def_list", "footnotes"]
)
# Characters that no page may hold, or that reorder what a reader sees; colours of a terminal.
UNSEEN = re.compile(
    "\x1b\\[.*?[@-~]|"
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)


def printable(text):
    """Return text without characters that hide or reorder what is read."""
    return UNSEEN.sub("", text.replace("\r\n", "\n"))


def _seen(source):
    """Leave out what JupyterLab shows nobody: what an attribute or a style sheet of its own hides."""
    if not re.search(r"hidden|display\s*:\s*none", source):
        return source
    root = lxml_html.fragment_fromstring(source, create_parent="div")
    sheets = " ".join(root.xpath(".//style/text()"))
    hidden = ["@hidden", "contains(translate(@style, ' ', ''), 'display:none')"]
    for mark, name in re.findall(r"([.#])([\w-]+)\s*\{[^}]*display\s*:\s*none", sheets):
        hidden.append(f"@id='{name}'" if mark == "#" else f"contains(@class, '{name}')")
    for element in root.xpath(f".//*[{' or '.join(hidden)}]"):
        element.drop_tree()
    return lxml_html.tostring(root, encoding="unicode")


def sanitised(source, prefix=""):
    """Return HTML that can neither run nor fetch, and what of it somebody would have seen that is gone.

    Comments, scripts, styles and frames go; in the place of a picture that would have to be fetched
    stand words; headings begin at the third level. Its ids, and links to these, begin with ``prefix``,
    so that two pieces cannot collide. What is missed is said in a few words each.
    """
    missed, lost = [], set(LOST.split())

    def instead(match):
        image = lxml_html.fromstring(match[0])
        address = image.get("src", "")
        if PICTURE.fullmatch(address):
            return match[0]
        said = f"{image.get('alt') or 'a picture'} ({address})"
        missed.append(f"picture {said}, which the notebook does not hold")
        return f"<em>[picture not shown: {html.escape(said)}]</em>"

    def allowed(_, name, value):
        if name == "id":
            return f"{prefix}{words.slug(value) or 'part'}"
        if name == "href" and value.startswith("#"):
            inside = words.slug(unquote(value[1:])) or "part"
            return f"#{prefix if inside.startswith(('fn-', 'fnref-')) else ''}{inside}"
        return value if re.fullmatch(ADDRESSES.get(name, ".*"), value) else None

    source = _seen(printable(source).replace("#harmful-link", ""))  # mistune's, for what would run
    made = nh3.clean(
        re.sub(r"(</?)h[12]\b", r"\1h3", re.sub(r"(?i)<img\b[^>]*>", instead, source), flags=re.I),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=allowed,
        clean_content_tags=lost | HIDDEN,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noreferrer",
    )
    kinds = sorted(lost & set(re.findall(r"<(\w+)", source.lower())))
    return made, missed + [f"{kind} in HTML, which a page may not hold" for kind in kinds]


def markdown(source, attachments=None):
    """Turn Markdown into HTML, as JupyterLab shows it but for formulas (``$`` is money here).

    ``attachments`` are the pictures of its cell, as a notebook keeps them.
    """
    source = printable(source)
    for name, kinds in (attachments or {}).items():
        for kind, body in kinds.items():
            source = source.replace(f"attachment:{name}", f"data:{kind};base64,{body}")
    return re.sub(r"(?<=[a-z])'(?=s\b)", "’", MARKDOWN(source))


def sections(source, attachments=None):
    """Split Markdown at its headings of levels one and two: (level, heading as text, HTML below).

    What stands before the first of them has level 0. The HTML is to be `sanitised`. ``attachments``
    are as in `markdown`.
    """
    before, *found = re.split(r"<h([12])>(.*?)</h\1>\n?", markdown(source, attachments))
    heads = [Markup(it).striptags() for it in found[1::3]]
    return [(0, "", before), *zip(map(int, found[::3]), heads, found[2::3], strict=True)]
