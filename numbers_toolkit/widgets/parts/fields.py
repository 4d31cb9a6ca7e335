"""The fields of a form: what there are, what their values look like, and what is wrong with one. No widget."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.widgets.parts.described import checked
from numbers_toolkit.widgets.parts.uploads import UploadedFile, size_text
from numbers_toolkit.wording import listed

__all__ = ["KINDS", "Field", "described", "empty", "given", "number_of", "offered", "problem", "typed"]

#: A field as a form describes it; the keys are those of the defaults below.
Field: TypeAlias = dict[str, Any]

TEXTS: Final = ("text", "longtext", "date")
#: One value of the options, and several.
ONE_OF: Final = ("choice", "switch")
SOME_OF: Final = ("choices", "checks")
KINDS: Final = (*TEXTS, *ONE_OF, *SOME_OF, "number", "file", "heading")

DEFAULTS: Final[dict[str, Any]] = {
    "kind": "text",
    "label": "",
    "help": "",
    "placeholder": "",
    "options": [],
    "required": False,
    "disabled": False,
    "hidden": False,
    "min": None,
    "max": None,
    "step": None,
    "many": False,
    "accept": "",
    "wide": False,
    "secret": False,
}
_OPTION: Final[dict[str, Any]] = {"value": "", "label": "", "note": "", "disabled": False}
_THOUSANDS: Final = re.compile(r"(?<=\d)[,\s_'](?=\d{3}(?!\d))")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d*)?|[+-]?\.\d+")


def described(fields: Sequence[Mapping[str, Any]]) -> list[Field]:
    """Return fields with every key, their options too.

    Raises
    ------
    InvalidInputError
        For a name that is missing or stands twice, an unknown kind or key, and two options of one value.

    Examples
    --------
    >>> described([{"name": "region", "kind": "choice", "options": ["US"]}])[0]["options"]
    [{'value': 'US', 'label': 'US', 'note': '', 'disabled': False}]
    """
    whole = checked("field", fields, DEFAULTS)
    for one in whole:
        if one["kind"] not in KINDS:
            raise InvalidInputError(
                f"There is no kind of field {one['kind']!r}; there is {listed(KINDS, most=20)}."
            )
        one["label"] = one["label"] or one["name"].replace("_", " ").capitalize()
        one["options"] = options_of(one["options"])
    return whole


def options_of(options: Iterable[Mapping[str, Any] | str]) -> list[dict[str, Any]]:
    """Return options with every key; a text is value and label at once."""
    whole: list[dict[str, Any]] = []
    for one in options:
        option = {**_OPTION, **({"value": one} if isinstance(one, str) else one)}
        option["label"] = option["label"] or option["value"]
        whole.append(option)
    values = [one["value"] for one in whole]
    twice = (
        sorted({value for value in values if values.count(value) > 1})
        if len(set(values)) < len(values)
        else []
    )
    if twice:
        raise InvalidInputError(f"Options need values of their own; {listed(twice)} stands twice.")
    return whole


def empty(field: Field) -> Any:
    """Return the value of a field that nobody has filled in.

    Examples
    --------
    >>> [empty({"kind": kind}) for kind in ("text", "number", "choice", "choices", "file")]
    ['', None, '', [], []]
    """
    if field["kind"] == "number":
        return None
    return [] if field["kind"] in (*SOME_OF, "file") else ""


def given(field: Field, value: Any) -> Any:
    """Return a value that a program gives a field, as the field keeps it.

    Raises
    ------
    InvalidInputError
        When it is of another type, or not among the options. A field without options takes any, as they may
        come later.

    Examples
    --------
    >>> given({"name": "size", "kind": "number"}, 25), given({"name": "note", "kind": "text"}, None)
    (25, '')
    """
    kind, name = field["kind"], field["name"]
    if value is None:
        return empty(field)
    if kind == "number":
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise InvalidInputError(f"The field {name!r} takes a number, not {value!r}.")
        return value
    if kind in (*SOME_OF, "file"):
        several = _several(field, value)
        _refuse_strange(field, several)
        return several
    if not isinstance(value, str) or kind == "heading":
        raise InvalidInputError(f"The field {name!r} takes text, not {_told(field, value)}.")
    _refuse_strange(field, [value] if value else [])
    return value


def offered(field: Field, value: Any) -> Any:
    """Return what of a value the options offer; all of it where there are no options."""
    values = {one["value"] for one in field["options"]}
    if not values:
        return value
    if field["kind"] in SOME_OF:
        return [one for one in value if one in values]
    return value if field["kind"] not in ONE_OF or value in values else ""


def typed(field: Field, value: Any) -> Any:
    """Return the value of what a person entered; a number that is none is None, what is not offered is left out.

    Examples
    --------
    >>> typed({"kind": "number", "options": []}, "1,250"), typed({"kind": "number", "options": []}, "ten")
    (1250, None)
    """
    if field["kind"] == "number":
        return number_of(str(value))
    if field["kind"] in SOME_OF:
        return offered(
            field, list(dict.fromkeys(str(one) for one in value)) if isinstance(value, list) else []
        )
    return offered(field, value if isinstance(value, str) else "")


def number_of(text: str) -> float | None:
    """Return the number that a text says, None when it says none. Thousands may be set apart.

    Examples
    --------
    >>> number_of("25"), number_of(" 1 250.50 "), number_of("1,5"), number_of("")
    (25, 1250.5, None, None)
    """
    plain = _THOUSANDS.sub("", text.strip())
    if not _NUMBER.fullmatch(plain):
        return None
    return float(plain) if "." in plain else int(plain)


def problem(field: Field, value: Any, text: str = "") -> str:
    """Return what is wrong with a value, in words for the person who entered it; empty when nothing is.

    Parameters
    ----------
    field : dict
        The field.
    value : Any
        Its value.
    text : str
        What was typed into a field for numbers.

    Examples
    --------
    >>> size = {"name": "size", "kind": "number", "min": 1, "max": 100, "step": 1, "required": True}
    >>> problem(size, None, "ten"), problem(size, 25), problem(size, None)
    ('Write a whole number from 1 to 100.', '', 'This is required.')
    """
    kind = field["kind"]
    if kind == "heading":
        return ""
    if kind == "number" and (value is not None or text.strip()):
        return "" if value is not None and _fits(field, value) else _number_wanted(field)
    if field.get("required") and value in ("", None, []):
        return _missing(kind)
    if kind == "date":
        return _date_problem(field, value)
    if kind == "file":
        return _file_problem(field, value)
    return ""


def _fits(field: Field, value: float) -> bool:
    least, most = field.get("min"), field.get("max")
    within = (least is None or value >= least) and (most is None or value <= most)
    return within and not (_is_whole(field) and value != int(value))


def _is_whole(field: Field) -> bool:
    return isinstance(field.get("step"), int)


def _number_wanted(field: Field) -> str:
    least, most = field.get("min"), field.get("max")
    noun = "a whole number" if _is_whole(field) else "a number"
    if least is not None and most is not None:
        return f"Write {noun} from {least:,} to {most:,}."
    if least is not None:
        return f"Write {noun} of at least {least:,}."
    return f"Write {noun} of at most {most:,}." if most is not None else f"Write {noun}, such as 25."


def _missing(kind: str) -> str:
    if kind == "file":
        return "A file is required here."
    return (
        "Choose one."
        if kind in ONE_OF
        else "Choose at least one."
        if kind in SOME_OF
        else "This is required."
    )


def _date_problem(field: Field, value: str) -> str:
    least, most = field.get("min"), field.get("max")
    if value and least and value < str(least):
        return f"The earliest date is {least}."
    return f"The latest date is {most}." if value and most and value > str(most) else ""


def _file_problem(field: Field, files: Sequence[UploadedFile]) -> str:
    most = field.get("max")
    large = [one.name for one in files if most is not None and one.size > most]
    none = [one.name for one in files if not one.size]
    if large and most is not None:
        return f"{listed(large)} is larger than {size_text(most)}, the most that can be taken."
    return f"{listed(none)} is empty: choose another file." if none else ""


def _several(field: Field, value: Any) -> list[Any]:
    wanted: type = UploadedFile if field["kind"] == "file" else str
    several = list(value) if isinstance(value, Iterable) and not isinstance(value, str) else [None]
    if not all(isinstance(one, wanted) for one in several):
        told = _told(field, value)
        raise InvalidInputError(f"The field {field['name']!r} takes a list of {wanted.__name__}, not {told}.")
    return list(dict.fromkeys(several))


def _refuse_strange(field: Field, values: Sequence[Any]) -> None:
    known = [one["value"] for one in field.get("options", ())]
    strange = [one for one in values if one not in known] if known else []
    if strange and field["kind"] in (*ONE_OF, *SOME_OF):
        raise InvalidInputError(
            f"The field {field['name']!r} does not offer {listed([repr(one) for one in strange])}; "
            f"it offers {listed(known, most=10)}."
        )


def _told(field: Field, value: Any) -> str:
    # What is secret is not repeated in a message, and neither is a file.
    return type(value).__name__ if field.get("secret") or field["kind"] == "file" else repr(value)
