"""The sheet behind an order's form: from requirements to fields, and from what is in the fields to papers.

Keeps no value that a person gave: whoever asks hands over what is in the form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation.paper_words import listed, shown
from numbers_toolkit.activation.papers import Papers
from numbers_toolkit.activation.schema_reading import BODY, DATA, ENTRY, SchemaReader
from numbers_toolkit.payloads import Hidden
from numbers_toolkit.widgets.order_blanks import field_name, form_field, label_of, takes
from numbers_toolkit.widgets.order_documents import attachments_of, document_fields
from numbers_toolkit.widgets.order_kinds import not_known
from numbers_toolkit.widgets.order_places import composed, is_filled
from numbers_toolkit.widgets.order_schema import MOST_PLACES, form_places
from numbers_toolkit.widgets.order_templates import schema_of_templates
from numbers_toolkit.widgets.order_values import NOTHING, known_value, read_blank, shown_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numbers_toolkit.activation.requirement_values import Requirements
    from numbers_toolkit.widgets.order_places import Path, Place

__all__ = ["Sheet", "Standing"]

#: A condition may open a field that opens another one; after so many rounds it runs in circles.
_MOST_ROUNDS: Final = 6


@dataclass(frozen=True, slots=True, repr=False)
class Standing:
    """What is in a form at a moment: its places, and the data that they make.

    Parameters
    ----------
    places : tuple of Place
        As the conditions are now.
    data : Hidden
        What the schema describes, JSON.
    """

    places: tuple[Place, ...]
    data: Hidden

    def __repr__(self) -> str:
        return f"<Standing: {len(self.places)} places>"


class Sheet:
    """What a form asks for.

    Parameters
    ----------
    needed : Requirements
        What an order has to come with.

    Attributes
    ----------
    needed : Requirements
        The same.
    counts : dict of tuple to int
        How many groups each list is to have, by its path; changed by :meth:`add` and :meth:`remove`.
    schema : mapping or None
        JSON Schema that the data is made of, None where no data is asked for.

    Examples
    --------
    >>> from numbers_toolkit.activation.requirements import read_requirements
    >>> asked = {"fields": {"schema": {"required": ["city"], "properties": {"city": {"type": "string"}}}}}
    >>> sheet = Sheet(read_requirements(asked, "SE", "LOCAL"))
    >>> [one["label"] for one in sheet.fields({})]
    ['City']
    >>> sheet.papers({"data/city": "Umeå"}).request_details
    {'data': [{'city': 'Umeå'}]}
    """

    def __init__(self, needed: Requirements) -> None:
        self.needed = needed
        self.counts: dict[Path, int] = {}
        self.schema: Mapping[str, Any] | None = None
        if needed.schema:
            self.schema = needed.schema
        elif needed.asks_for_data:
            self.schema = schema_of_templates(needed.templates) if needed.templates else {}
        self.part = SchemaReader(self.schema).place() if self.schema else ENTRY

    def standing(self, values: Mapping[str, Any]) -> Standing:
        """Return how the form stands.

        Parameters
        ----------
        values : mapping of str to object
            What is in its fields, by their names.
        """
        if self.schema is None:
            return Standing((), Hidden({}))
        data, places = self._whole(), form_places(self.schema, None, self.counts)
        for _ in range(_MOST_ROUNDS):
            before, data = data, composed(places, _read(places, values), whole=self._whole())
            if data == before:
                break
            places = form_places(self.schema, data, self.counts)
        return Standing(places, Hidden(data))

    def fields(self, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the fields of the form as it stands, those among them that do not show.

        Parameters
        ----------
        values : mapping of str to object
            What is in its fields.
        """
        places = self.standing(values).places
        return [*(form_field(one) for one in places), *document_fields(self.needed, values)]

    def proposals(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the fields of the form as it stands hold before anybody fills them in, by name.

        Parameters
        ----------
        values : mapping of str to object
            What is in its fields.
        """
        found = {}
        for place in self.standing(values).places:
            value = known_value(place)
            if value is not NOTHING and takes(place, value):
                found[field_name(place.path)] = shown_value(place, value)
        return found

    def lists(self, values: Mapping[str, Any]) -> tuple[Place, ...]:
        """Return the lists of groups that can grow or shrink now."""
        return tuple(one for one in self.standing(values).places if one.what == "list" and one.shown)

    def add(self, place: Place) -> None:
        """Have a list get one group more."""
        self.counts[place.path] = min(place.entries + 1, place.most)

    def remove(self, place: Place) -> None:
        """Have a list get one group less: the last."""
        self.counts[place.path] = max(place.entries - 1, place.least, 1)

    # -- papers -------------------------------------------------------------------------------------------------

    def papers(self, values: Mapping[str, Any], *, check_data: bool = True) -> Papers:
        """Return what is in the form as papers. Nothing is checked.

        Parameters
        ----------
        values : mapping of str to object
            What is in its fields.
        check_data : bool, default True
            As for :class:`numbers_toolkit.Papers`.

        Raises
        ------
        InvalidInputError
            When the data has a shape that no registration has; only where it is written as JSON.
        """
        data = self._as_given(self.standing(values).data)
        return Papers(data.value, attachments_of(self.needed, values), check_data=check_data)

    def _as_given(self, held: Hidden) -> Hidden:
        """Return data as Papers take it, whatever part of a registration the schema describes."""
        if not is_filled(held.value):
            return Hidden(None)
        if not self.schema:
            # Written as JSON: an entry, several, or the details, as whoever writes it knows best.
            return held if _is_data(held) else Hidden("no data")
        if self.part == ENTRY:
            return Hidden([held.value])
        details = held.value.get("requestDetails", {}) if self.part == BODY else held.value
        # Details without data would be taken for an entry of the data.
        return Hidden(details if self.part == DATA else {"data": [], **details})

    def _whole(self) -> Any:
        return [] if self.part == DATA else {}

    # -- remarks ------------------------------------------------------------------------------------------------

    def remarks(self) -> list[str]:
        """Return what a person should know of the form before filling it in, a sentence each."""
        needed, told = self.needed, []
        if needed.not_understood:
            told.append(
                f"It asks for something that this version does not understand ({listed(needed.not_understood)}). "
                "Look into other_fields of its requirements whether it has to be given."
            )
        places = self.standing({}).places
        for place in places:
            if strange := not_known(place):
                told.append(
                    f"{label_of(place)} is of a kind that this version does not know ({strange}): write it as text."
                )
        if len(places) >= MOST_PLACES:
            told.append(
                f"The form shows the first {MOST_PLACES} places of the schema; what comes after can't be given here."
            )
        if self.schema is not None and not needed.schema:
            told.append(_unspelt(needed))
        proposed = self.proposals({})
        filled = [one for one in places if "default" in one.words and field_name(one.path) in proposed]
        if filled:
            told.append(
                f"Filled in as the API proposes it: {listed(map(label_of, filled))}. Correct what is not so."
            )
        return told


def _is_data(held: Hidden) -> bool:
    entries = held.value if isinstance(held.value, list) else [held.value]
    return all(isinstance(one, dict) for one in entries)


def _unspelt(needed: Requirements) -> str:
    reference = f" ({shown(needed.schema_reference)})" if needed.schema_reference else ""
    if needed.templates:
        return (
            f"The API names these fields, but not the rules for them{reference}. It checks them when they are sent, "
            "and a refusal costs nothing."
        )
    return (
        f"The API names a schema without holding it{reference}, so the fields are not known here. Write the data as "
        "JSON; the API checks it when it is sent, and a refusal costs nothing."
    )


def _read(places: Sequence[Place], values: Mapping[str, Any]) -> dict[Path, Any]:
    read = {
        one.path: read_blank(one, values.get(field_name(one.path))) for one in places if one.what == "blank"
    }
    return {path: value for path, value in read.items() if value is not NOTHING}
