"""What the blanks of an order's form look like: label, help, choices and bounds, by what the schema says of each."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation.paper_words import shown
from numbers_toolkit.activation.schema_reading import SchemaReader, words
from numbers_toolkit.formatting import region_name, region_text
from numbers_toolkit.widgets.order_kinds import is_plain_list, items_of, kind_of, not_known, types_of
from numbers_toolkit.widgets.order_places import TITLES, allowed_values
from numbers_toolkit.widgets.order_values import NO, YES, shown_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numbers_toolkit.widgets.order_places import Path, Place

__all__ = ["field_name", "form_field", "label_of", "takes"]

_LONGEST_HELP: Final = 300
_SAMPLES: Final[Mapping[str, str]] = {
    "email": "name@example.com",
    "idn-email": "name@example.com",
    "uri": "https://example.com",
    "iri": "https://example.com",
    "date-time": "2026-03-02T09:00:00Z",
    "time": "09:00:00Z",
}
_CODE: Final = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
_HUMPS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\s-]+")


def field_name(path: Path) -> str:
    """Return what the field at a path is called in the form.

    Examples
    --------
    >>> field_name(("directors", 0, "name")), field_name(())
    ('data/directors/0/name', 'data')
    """
    return "/".join(["data", *(str(one).replace("~", "~0").replace("/", "~1") for one in path)])


def label_of(place: Place) -> str:
    """Return what a person calls a place: its title, or its name in words.

    Examples
    --------
    >>> from numbers_toolkit.widgets.order_places import Place
    >>> label_of(Place(path=("endBusinessName",))), label_of(Place(path=("vat",), words={"title": "VAT number"}))
    ('End business name', 'VAT number')
    """
    title = shown(words(place.words.get("title")))
    position = place.path[-1] if place.path and isinstance(place.path[-1], int) else None
    base = title or _in_words(place.name) or "Registration data"
    return base if position is None else f"{base}, number {position + 1}"


def form_field(place: Place) -> dict[str, Any]:
    """Return the field of a form for a place.

    Parameters
    ----------
    place : Place
        A blank; or a group or list, which becomes a heading.

    Returns
    -------
    dict
        As :class:`numbers_toolkit.widgets.parts.form.Form` takes it.

    Examples
    --------
    >>> from numbers_toolkit.widgets.order_places import Place
    >>> field = form_field(Place(path=("use",), words={"enum": ["ALERTS", "MARKETING"]}, required=True))
    >>> field["kind"], [one["label"] for one in field["options"]], field["required"]
    ('choice', ['Alerts', 'Marketing'], True)
    """
    told = place.words
    field = {
        "name": field_name(place.path),
        "label": label_of(place),
        "help": shown(words(told.get("description")), _LONGEST_HELP),
        "hidden": not place.shown,
    }
    if place.what != "blank":
        return {**field, "name": f"{place.what}:{field['name']}", "kind": "heading"}
    kind = kind_of(place)
    field |= {"kind": kind, "required": place.required, "help": _help(place, kind)}
    if kind in ("choice", "choices", "checks"):
        field["options"] = _options(place, told if kind == "choice" else items_of(told))
    elif kind == "switch":
        field["options"] = _yes_or_no(place)
    elif kind == "number":
        field |= _bounds(told)
    if kind in ("text", "longtext"):
        field["placeholder"] = _placeholder(place)
        field["wide"] = kind == "longtext"
    return field


def takes(place: Place, value: Any) -> bool:
    """Whether the field of a blank offers a value; one that is written takes any.

    Examples
    --------
    >>> from numbers_toolkit.widgets.order_places import Place
    >>> use = Place(path=("use",), words={"enum": ["ALERTS", "MARKETING"]})
    >>> takes(use, "ALERTS"), takes(use, "FUN"), takes(Place(path=("city",)), "Hobart")
    (True, False, True)
    """
    offered = [one["value"] for one in form_field(place).get("options", ())]
    found = shown_value(place, value)
    return not offered or all(one in offered for one in (found if isinstance(found, list) else [found]))


# -- what a field says ----------------------------------------------------------------------------------------------


def _options(place: Place, told: Mapping[str, Any]) -> list[dict[str, str]]:
    values = allowed_values(told)
    titles = told.get(TITLES)
    if not isinstance(titles, list) or len(titles) != len(values):
        titles = [_option_label(place.name, one) for one in values]
    options: dict[str, dict[str, str]] = {}
    for one, title in zip(values, titles, strict=True):
        value, label = words(one), shown(words(title))
        # The API's own word stands beside ours, so that it is found in its documentation.
        note = "" if value in label or _in_words(value) == label else shown(value)
        if value:
            options.setdefault(value, {"value": value, "label": label, "note": note})
    return list(options.values())


def _option_label(name: str, value: Any) -> str:
    text = words(value)
    if "country" in name.lower() and region_name(text):
        return region_text(text)
    return _in_words(text) if len(text) > 3 and _CODE.fullmatch(text) else text  # noqa: PLR2004 - not "SMS", "EU"


def _in_words(name: str) -> str:
    r"""Return a name as people write it.

    Examples
    --------
    >>> _in_words("postalCode"), _in_words("CUSTOMER_SERVICE"), _in_words("vat_id")
    ('Postal code', 'Customer service', 'Vat id')
    """
    parts = [one for one in _HUMPS.split(name) if one]
    return shown(" ".join(parts).lower().capitalize())


def _yes_or_no(place: Place) -> list[dict[str, str]]:
    options = [{"value": YES, "label": "Yes", "note": ""}, {"value": NO, "label": "No", "note": ""}]
    return options if place.required else [*options, {"value": "", "label": "Leave open", "note": ""}]


def _bounds(told: Mapping[str, Any]) -> dict[str, Any]:
    given = {"min": told.get("minimum"), "max": told.get("maximum"), "step": told.get("multipleOf")}
    bounds = {name: value for name, value in given.items() if _is_number(value)}
    return {"step": 1, **bounds} if types_of(told)[:1] == ["integer"] else bounds


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _help(place: Place, kind: str) -> str:
    told = place.words
    about = [shown(words(told.get("description")), _LONGEST_HELP)]
    asked = SchemaReader(told).field("", required=None)
    if asked.pattern and not about[0] and kind != "date":
        about.append(f"As the pattern {shown(asked.pattern)}")
    if kind == "number":
        about += [f"{shown(one)[:1].upper()}{shown(one)[1:]}" for one in asked.limits]
    if kind == "longtext":
        about.append(_how_to_write(place))
    if strange := not_known(place):
        described = shown(json.dumps(dict(told), ensure_ascii=False, default=str), _LONGEST_HELP)
        about.append(f"This version knows no {strange}; the API describes it so: {described}")
    sentences = [one.rstrip(".") for one in about if one]
    return ". ".join(sentences) + "." if sentences else ""


def _how_to_write(place: Place) -> str:
    if place.path and is_plain_list(place.words):
        return "One on each line"
    types = types_of(place.words)
    if place.path and (not types or "string" in types):
        return ""
    return (
        "Written as JSON: [...]" if types == ["array"] else 'Written as JSON, for example {"name": "value"}'
    )


def _placeholder(place: Place) -> str:
    given = place.words.get("examples")
    samples: Sequence[Any] = given if isinstance(given, list) else []
    candidates = (*samples, place.words.get("example"))
    sample = next((one for one in candidates if one not in (None, "", [], {})), None)
    return shown(words(sample)) if sample is not None else _SAMPLES.get(words(place.words.get("format")), "")
