"""What a report is made of: plain, frozen values that say everything and render nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Action", "Banner", "Card", "Cell", "Column", "Figure", "Page", "Section", "Table"]

Tone: TypeAlias = Literal["plain", "good", "bad", "warn"]


@dataclass(frozen=True, slots=True)
class Cell:
    """Text of a cell.

    ``full`` is what a shortened text stood for, ``anchor`` a place in the report, ``under`` a code on a line
    of its own.
    """

    text: str
    full: str = ""
    anchor: str = ""
    under: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """Heading of a table's column, and how it looks.

    ``number`` stands to the right, ``code`` in a fixed pitch on one line, ``name`` on one line, ``text`` wraps.
    """

    name: str
    look: str = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under headings; ``more`` says what was left out."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing as SVG that stands by itself, and the table of what it shows."""

    key: str
    svg: str
    table: Table
    alternative: str


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do first: what is wrong, how many numbers have it, what to do and who."""

    anchor: str
    problem: str
    code: str
    numbers: str
    remedy: str
    who_acts: str
    retry: str
    oldest: str
    costs: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One headline figure."""

    label: str
    lines: tuple[str, ...]
    detail: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Banner:
    """What a reader must know before reading on."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with what stands under it, in this order: lead, actions, figures, tables, note."""

    key: str
    heading: str
    lead: str = ""
    actions: tuple[Action, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """All that a page says, from its heading down.

    Parameters
    ----------
    title : str
        Heading of the page.
    lead : str
        The most important thing, in a sentence.
    generated_at : datetime.datetime
        When it was made.
    banners : tuple of Banner
        Warnings about the data itself.
    cards : tuple of Card
        Headline figures.
    sections : tuple of Section
        What follows, most pressing first.
    """

    title: str
    lead: str
    generated_at: datetime
    banners: tuple[Banner, ...] = ()
    cards: tuple[Card, ...] = ()
    sections: tuple[Section, ...] = ()
    tone: Tone = field(default="plain")
