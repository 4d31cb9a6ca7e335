"""What is in an order's form against what the API asks for: every fault at the field where it can be mended.

The checks are those that papers go through before they are sent; here each finds its place. Nothing is sent, and no
fault quotes a value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from numbers_toolkit.activation.data_checking import check_values
from numbers_toolkit.activation.given_papers import PHONE_NUMBER
from numbers_toolkit.activation.paper_words import in_words, shown
from numbers_toolkit.activation.papers import prepare
from numbers_toolkit.activation.schema_checking import SchemaChecker
from numbers_toolkit.activation.schema_reading import words
from numbers_toolkit.errors import InvalidInputError, PapersError, PapersWarning, warn_user
from numbers_toolkit.payloads import Hidden
from numbers_toolkit.widgets.order_blanks import field_name, label_of
from numbers_toolkit.widgets.order_documents import document_faults, same_files
from numbers_toolkit.widgets.order_places import is_filled, value_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numbers_toolkit.activation.papers import Papers
    from numbers_toolkit.widgets.order_places import Path, Place
    from numbers_toolkit.widgets.order_sheet import Sheet, Standing

__all__ = ["Checked", "check_form"]

#: What stands for a value when it is looked at alone.
_ALONE = "value"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to.

    Parameters
    ----------
    papers : Papers or None
        The papers, when nothing is wrong with them.
    faults : mapping of str to str
        What is wrong, by field.
    others : tuple of str
        What is wrong with no field in particular.
    by_schema : bool
        Whether the schema alone refuses them, which the API may see otherwise.
    """

    papers: Papers | None = None
    faults: Mapping[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    by_schema: bool = False

    @property
    def count(self) -> int:
        """How many places have to be looked at."""
        return len(self.faults) + len(self.others)


def check_form(sheet: Sheet, values: Hidden, *, check_data: bool = True) -> Checked:
    """Check what is in a form. Sends nothing.

    Parameters
    ----------
    sheet : Sheet
        What the form asks for.
    values : Hidden
        What is in its fields, by name.
    check_data : bool, default True
        Whether data that does not fit the schema is refused; else a warning tells of it.

    Returns
    -------
    Checked
        The papers, or everything that is wrong.

    Raises
    ------
    MissingDependencyError
        When data has to be checked against a schema and the extra ``orders`` is not installed.

    Warns
    -----
    PapersWarning
        For what could not be checked, and for one file in the place of several documents.

    Examples
    --------
    >>> from numbers_toolkit.activation.requirements import read_requirements
    >>> from numbers_toolkit.widgets.order_sheet import Sheet
    >>> asked = {"fields": {"schema": {"required": ["city"], "properties": {"city": {"type": "string"}}}}}
    >>> sheet = Sheet(read_requirements(asked, "SE", "LOCAL"))
    >>> check_form(sheet, Hidden({})).faults
    {'data/city': 'City is missing.'}
    >>> check_form(sheet, Hidden({"data/city": "Umeå"})).papers
    <Papers: data (city)>
    """
    standing = sheet.standing(values.value)
    other = [
        *_odd_values(standing),
        *((name, text) for name, text, _ in document_faults(sheet.needed, values.value)),
    ]
    by_schema = list(_misfits(sheet, standing)) if check_data else []
    try:
        papers = sheet.papers(values.value, check_data=check_data)
        prepare(sheet.needed, papers)
    except InvalidInputError:
        # Its words are about what programs give; and only data that is written as JSON can be of another shape.
        other = [("", 'The data is no group of fields: write it as {"name": "value"}.'), *other]
    except PapersError as error:
        if not other and not by_schema:
            other = [("", f"{fault[:1].upper()}{fault[1:].rstrip('.')}.") for fault in error.faults]
    if other or by_schema:
        return _refused([*by_schema, *other], by_schema=not other)
    for sentence in same_files(sheet.needed, values.value):
        warn_user(sentence, PapersWarning)
    return Checked(papers)


def _refused(found: Sequence[tuple[str, str]], *, by_schema: bool) -> Checked:
    faults: dict[str, str] = {}
    for name, text in found:
        if name and text not in faults.get(name, ""):
            faults[name] = f"{faults[name]} {text}" if name in faults else text
    others = dict.fromkeys(text for name, text in found if not name)
    return Checked(None, faults, tuple(others), by_schema)


def _odd_values(standing: Standing) -> Iterator[tuple[str, str]]:
    for place in standing.places:
        if place.what == "blank" and place.shown:
            value = Hidden(value_at(standing.data.value, place.path))
            for fault in check_values(Hidden({"data": [{_ALONE: value.value}]})):
                yield field_name(place.path), _sentence(label_of(place), fault.removeprefix(f"{_ALONE} "))


def _misfits(sheet: Sheet, standing: Standing) -> Iterator[tuple[str, str]]:
    """Yield what the schema refuses; what waits for the phone number is not judged."""
    needed, data = sheet.needed, standing.data
    if not (is_filled(data.value) or needed.data_is_mandatory):
        return
    if not needed.schema:
        if not is_filled(data.value):
            yield (
                field_name(standing.places[0].path),
                "Nothing is filled in, and registration data is needed.",
            )
        return
    for path, text in SchemaChecker(needed.schema).faults(data.value):
        found = value_at(data.value, path)
        if isinstance(found, str) and PHONE_NUMBER in found:
            continue
        place = _nearest(standing.places, path)
        if place is None:
            yield "", _sentence(in_words(path) or "The data", _untitled(text))
        else:
            yield field_name(place.path), _sentence(_subject(standing.places, place, path), _untitled(text))


def _nearest(places: Sequence[Place], path: Path) -> Place | None:
    """Return the blank where a fault can be mended: its own, the one that holds it, or the first inside of it."""
    blanks = [one for one in places if one.what == "blank" and one.shown]
    holding = [one for one in blanks if path[: len(one.path)] == one.path]
    inside = [one for one in blanks if one.path[: len(path)] == path] if path else []
    return max(holding, key=lambda one: len(one.path)) if holding else next(iter(inside), None)


def _subject(places: Sequence[Place], place: Place, path: Path) -> str:
    """Return what a fault is about, in the words of the form."""
    own = next((one for one in places if one.path == path), None)
    if own is not None:
        return label_of(own)
    rest = in_words(path[len(place.path) :])
    return f"{label_of(place)}, {rest}," if rest else label_of(place)


def _untitled(text: str) -> str:
    """Return a fault without the title that the schema gives the field: the form shows it anyway."""
    if text.startswith("("):
        _, separator, rest = text.partition(") ")
        return rest if separator else text
    return text


def _sentence(subject: str, text: str) -> str:
    return f"{shown(words(subject))} {text.rstrip('.')}."
