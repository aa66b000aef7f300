"""What the stages of a build tell each other, and the index, of a report: plain values, as in JSON."""

from typing import NotRequired, TypedDict


class Failure(TypedDict):
    """Why a report failed."""

    where: str  # "cell 3 (its first line)", "its run", "its page"
    message: str
    source: str  # of the cell, "" for none


class RunOutcome(TypedDict):
    """How a notebook ran."""

    error: Failure | None
    seconds: float
    peak_mb: NotRequired[int]  # not known of what was lost


class Facts(TypedDict):
    """What the index says of a page; texts are HTML without links."""

    headline: str
    counts: list[str]  # of things, and sums of money, that headline and standfirst tell
    facts: list[tuple[str, str]]  # of a profile: term and value
    picture: str  # the main chart in small, "" for none
    pictured: str  # its title
    words: list[str]  # all that can be found on the page


class Finding(TypedDict):
    """A finding, as a notebook shows it; figures as plain numbers."""

    kind: str  # "headline", "standfirst", "finding" or "caveat"
    text: str  # linked
    value: NotRequired[str]
    low: NotRequired[str]
    high: NotRequired[str]
    unit: NotRequired[str]


class Result(TypedDict):
    """A finding, as a row of ``results.csv``; figures as shown, "" where there is none."""

    report: str
    kind: str
    text: str
    value: str
    low: str
    high: str
    unit: str
    of: str  # the cells that it rests on


class PageFacts(TypedDict):
    """What is told of a page that was made."""

    facts: Facts
    results: list[Result]
    unseen: list[str]  # a sentence for each thing that a page cannot show


class Record(TypedDict):
    """All that is known of a report, ``out/.runs/NAME.json``; if it failed, facts are {}."""

    name: str
    notebook: str
    parameters: dict
    inputs: dict[str, str]  # what its page was made of, each as a short text
    status: str  # "built" or "failed"
    error: Failure | None
    facts: Facts | dict
    results: list[Result]
    unseen: list[str]
    seconds: dict[str, float]  # of "run" and "page"
    peak_mb: NotRequired[int]
    sha256: str  # of its page
    built_at: str  # ISO 8601, UTC


class Manifest(TypedDict):
    """All that is known of a build, ``out/manifest.json``."""

    list: str  # its file, as a user would type it
    inputs: dict[str, str]  # what all pages are made of, each as a short text
    reports: dict[str, Record]  # by name, without facts and results
