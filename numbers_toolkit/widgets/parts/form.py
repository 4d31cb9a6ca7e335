"""Fields of every kind, in one look. What a person enters travels by message and is in no state that is saved."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.widgets.parts import fields as kinds
from numbers_toolkit.widgets.parts.assets import script, style_sheet
from numbers_toolkit.widgets.parts.described import check_keys, position
from numbers_toolkit.widgets.parts.part import Part
from numbers_toolkit.widgets.parts.uploads import Arriving, UploadedFile
from numbers_toolkit.wording import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numbers_toolkit.widgets.parts.fields import Field

__all__ = ["Form", "UploadedFile"]

#: Views whose last edit is remembered; older ones are long closed.
_VIEWS_KEPT = 64


class Form(Part):
    """Fields to fill in.

    Parameters
    ----------
    fields : sequence of mapping
        Each with a ``name`` and any of: ``kind`` ("text", "number", "choice", "choices", "checks", "switch",
        "longtext", "date", "file" or "heading"), ``label``, ``help``, ``placeholder``, ``options`` (texts, or
        mappings with ``value``, ``label``, ``note``, ``disabled``), ``required``, ``disabled``, ``hidden``,
        ``error``, ``min``, ``max`` and ``step`` (numbers; dates as ``"2026-01-31"``; bytes of a file), ``many``
        and ``accept`` (files), ``wide`` (over all columns), ``secret`` (dots for letters, sent back to no view).
        An integer ``step`` asks for whole numbers. Money is better asked for as text, which stays exact.
    label : str
        What the form is for, for screen readers.
    columns : int, default 0
        Fields beside each other, 0 for as many as fit; always one where there is little room.

    Attributes
    ----------
    fields : list of dict
        The fields as they are; change them by :meth:`change_field`. A trait, saved with a notebook: structure
        only, never what was entered, and no error, since that may quote it.
    disabled : bool
        Whether no field can be changed at the moment. A trait.

    Examples
    --------
    >>> form = Form(
    ...     [
    ...         {"name": "region", "kind": "choices", "options": ["SE", "US"], "required": True},
    ...         {"name": "size", "kind": "number", "min": 1, "max": 100, "step": 1},
    ...     ],
    ...     label="Search",
    ... )
    >>> form.on_change(lambda name, value: print(name, value))
    >>> form.set_values(region=["SE"], size=25)
    region ['SE']
    size 25
    >>> form.values, form.problems()
    ({'region': ['SE'], 'size': 25}, {})
    """

    _esm: ClassVar[str] = script("form")
    _css: ClassVar[str] = style_sheet("form")

    fields: traitlets.List[Field] = traitlets.List(read_only=True).tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)
    columns = traitlets.Int(0).tag(sync=True)
    disabled = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(self, fields: Sequence[Mapping[str, Any]], *, label: str, columns: int = 0) -> None:
        self._values: dict[str, Any] = {}
        self._typed: dict[str, str] = {}
        self._errors: dict[str, str] = {}
        self._arriving: dict[tuple[str, str, str], Arriving] = {}
        self._edits: dict[str, int] = {}
        self._last_view = ""
        self._changed: list[Callable[[str, Any], object]] = []
        self._submitted: list[Callable[[], object]] = []
        super().__init__(label=label, columns=columns)
        self.show_fields(fields)

    # -- structure

    def show_fields(self, fields: Sequence[Mapping[str, Any]]) -> None:
        """Show other fields; one of the same name and kind keeps what was entered.

        Parameters
        ----------
        fields : sequence of mapping
            As for the form itself.
        """
        errors = {str(one.get("name")): str(one["error"]) for one in fields if one.get("error")}
        stripped = [{key: value for key, value in one.items() if key != "error"} for one in fields]
        new = kinds.described(stripped)
        former = {one["name"]: one["kind"] for one in self.fields}
        values = {}
        for field in new:
            if field["kind"] == "heading":
                continue
            same = former.get(field["name"]) == field["kind"]
            values[field["name"]] = (
                kinds.offered(field, self._values[field["name"]]) if same else kinds.empty(field)
            )
        self._values, self._errors = values, errors
        self._typed = {name: text for name, text in self._typed.items() if values.get(name) is not None}
        self.set_trait("fields", new)
        self._show_all()

    def change_field(self, name: str, **changes: Any) -> None:
        """Change a field; what a person is typing stays as it is.

        Values that new options don't offer are given up, and whoever listens is told.

        Parameters
        ----------
        name : str
            Which one.
        **changes
            Any of its keys but name and kind: ``options``, ``error``, ``disabled``, ``hidden``, ``help`` ...

        Raises
        ------
        InvalidInputError
            For a field or a key that does not exist.
        """
        place = position("field", self.fields, name)
        if "error" in changes:
            self._set_errors({**self._errors, name: str(changes.pop("error") or "")})
        check_keys("field", changes, {key: None for key in kinds.DEFAULTS if key != "kind"})
        if "options" in changes:
            changes["options"] = kinds.options_of(changes["options"])
        field = {**self.fields[place], **changes}
        self.set_trait("fields", [*self.fields[:place], field, *self.fields[place + 1 :]])
        if name in self._values:
            self._take({name: kinds.offered(field, self._values[name])})

    # -- values

    @property
    def values(self) -> dict[str, Any]:
        """What is entered, by field: text, a number or None, the value of an option, a list of values or files."""
        return {
            name: list(value) if isinstance(value, list) else value for name, value in self._values.items()
        }

    def set_values(self, **values: Any) -> None:
        """Enter values; every view shows them, and whoever listens is told of those that differ.

        Parameters
        ----------
        **values
            By field; None empties one.

        Raises
        ------
        InvalidInputError
            For a field that does not exist, and a value that it does not take. Nothing was entered then.
        """
        strange = [name for name in values if name not in self._values]
        if strange:
            raise InvalidInputError(
                f"The form {self.label!r} has no field {listed(strange)}; it has {listed(self._values, most=30)}."
            )
        self._take({name: kinds.given(self._field(name), value) for name, value in values.items()})

    def on_change(self, callback: Callable[[str, Any], object]) -> None:
        """Have somebody told of changed values, whether a person or a program changed them.

        Parameters
        ----------
        callback : callable
            Gets the field's name and its new value.
        """
        self._changed.append(callback)

    def on_submit(self, callback: Callable[[], object]) -> None:
        """Have somebody told that a person pressed Enter in a field for a line of text.

        Parameters
        ----------
        callback : callable
            Is called without arguments; the value of the field has arrived by then.
        """
        self._submitted.append(callback)

    def submit(self) -> None:
        """Do what Enter does."""
        if not self.disabled:
            self._call(self._submitted)

    # -- errors

    @property
    def errors(self) -> dict[str, str]:
        """What is shown to be wrong, by field."""
        return {name: error for name, error in self._errors.items() if error}

    def problems(self) -> dict[str, str]:
        """Return what the form itself finds wrong with what is entered, by field.

        That is: nothing where something is required, no number or one out of bounds, a file that is too large
        or still on its way. Hidden fields are not looked at.

        Returns
        -------
        dict of str to str
            Sentences for the person; empty when all is well.
        """
        arriving = {
            name: f"{one.name} is still being read. Wait a moment, or choose it again."
            for (_, name, _), one in self._arriving.items()
        }
        found = {}
        for field in self.fields:
            name = field["name"]
            if field["hidden"] or name not in self._values:
                continue
            told = arriving.get(name) or kinds.problem(field, self._values[name], self._typed.get(name, ""))
            if told:
                found[name] = told
        return found

    def check(self) -> bool:
        """Show what is wrong where it is wrong, and return whether all is well.

        Returns
        -------
        bool
            Whether :meth:`problems` found nothing.
        """
        found = self.problems()
        self.show_errors(found)
        return not found

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """Show errors in place of all former ones; the first field with one gets the focus.

        Parameters
        ----------
        errors : mapping of str to str
            Sentences by field; an empty mapping takes all away.

        Raises
        ------
        InvalidInputError
            For a field that does not exist.
        """
        for name in errors:
            position("field", self.fields, name)
        first = [one["name"] for one in self.fields if errors.get(one["name"]) and not one["hidden"]]
        self._set_errors(
            {name: str(error) for name, error in errors.items() if error}, focus=first[0] if first else ""
        )

    def focus(self, name: str) -> None:
        """Put the focus into a field, in the view that was used last.

        Parameters
        ----------
        name : str
            Which one.
        """
        position("field", self.fields, name)
        self._tell("focus", name=name, view=self._last_view)

    def close(self) -> None:
        """Take the form off the page, and forget what was entered."""
        self._values = {one["name"]: kinds.empty(one) for one in self.fields if one["kind"] != "heading"}
        self._typed, self._errors, self._arriving = {}, {}, {}
        self._changed, self._submitted = [], []
        super().close()

    # -- from and to the views

    def _heard(self, message: Mapping[str, Any], buffers: Sequence[memoryview]) -> None:
        kind, view, name = message.get("kind"), str(message.get("view", "")), str(message.get("name", ""))
        self._last_view = view or self._last_view
        if kind == "hello":
            self._show_all()
        elif kind == "submit":
            self.submit()
        elif name in self._values:
            self._note_edit(view, message.get("edit"))
            if kind == "value":
                self._entered(name, message.get("value"), settled=bool(message.get("settled")))
            elif kind == "file":
                self._file(view, name, message, buffers)
            elif kind == "remove":
                self._remove(name, message.get("place"))
            elif kind == "give up":
                self._arriving.pop((view, name, str(message.get("upload"))), None)

    def _entered(self, name: str, value: Any, *, settled: bool) -> None:
        field = self._field(name)
        if field["kind"] == "file":
            return
        new, errors = kinds.typed(field, value), dict(self._errors)
        former_error = errors.pop(name, "")
        changed = new != self._values[name]
        if field["kind"] == "number":
            changed = changed or str(value) != self._typed.get(name, "")
            self._typed[name] = str(value)
            if settled and (wrong := kinds.problem({**field, "required": False}, new, str(value))):
                errors[name] = wrong
            elif not changed and former_error:
                errors[name] = former_error
        elif not changed and former_error:
            # Leaving a field without a change does not answer what was said about it.
            errors[name] = former_error
        self._take({name: new}, typed=True)
        if errors != self._errors:
            self._set_errors(errors)

    def _file(self, view: str, name: str, message: Mapping[str, Any], buffers: Sequence[memoryview]) -> None:
        """Take an announced file, or a piece of one."""
        key = (view, name, str(message.get("upload")))
        if "file" in message:
            self._announce(key, Arriving.announced(message["file"]))
        arriving = self._arriving.get(key)
        if arriving is None:
            return
        whole = arriving.take(int(message.get("piece", 0)), buffers)
        if whole is None:
            return
        del self._arriving[key]
        self._tell("arrived", name=name, upload=key[2])
        former = self._values[name] if self._field(name)["many"] else []
        files = [*(one for one in former if one.name != whole.name), whole]
        wrong = kinds.problem(self._field(name), files)
        self._set_errors({**self._errors, name: wrong})
        self._take({name: files}, again=True)

    def _announce(self, key: tuple[str, str, str], arriving: Arriving) -> None:
        """Expect a file, and no longer those in whose place it comes, nor those of a view that may be gone."""
        view, name, _ = key
        alone = not self._field(name)["many"]
        for other, one in list(self._arriving.items()):
            if other[1] == name and (alone or other[0] != view or one.name == arriving.name):
                del self._arriving[other]
        self._arriving[key] = arriving

    def _remove(self, name: str, place: Any) -> None:
        files = self._values[name]
        if self._field(name)["kind"] != "file" or not isinstance(place, int) or not 0 <= place < len(files):
            return
        left = [*files[:place], *files[place + 1 :]]
        self._set_errors(
            {**self._errors, name: kinds.problem({**self._field(name), "required": False}, left)}
        )
        self._take({name: left})

    def _take(self, new: Mapping[str, Any], *, typed: bool = False, again: bool = False) -> None:
        """Keep values, show them in every view, and tell of those that differ."""
        changed = {name: value for name, value in new.items() if value != self._values[name]}
        self._values.update(changed)
        if not typed:
            for name in new:
                self._typed.pop(name, None)
        shown = new if typed or again else changed
        if shown:
            self._tell("values", values={name: self._shown(name) for name in shown}, seen=self._edits)
        for name in changed:
            value = self.values[name]
            # Whoever listens after one that changes the field again has heard of that already.
            self._call([partial(self._tell_of, one, name, value) for one in self._changed])

    def _tell_of(self, callback: Callable[[str, Any], object], name: str, value: Any) -> None:
        if self._values.get(name) == value:
            callback(name, value)

    def _set_errors(self, errors: Mapping[str, str], *, focus: str = "") -> None:
        self._errors = {name: str(error) for name, error in errors.items() if error}
        self._tell("errors", errors=self._errors, focus=focus, view=self._last_view)

    def _show_all(self) -> None:
        """Show all values and errors in every view; one that has more recent edits keeps those."""
        self._tell("values", values={name: self._shown(name) for name in self._values}, seen=self._edits)
        self._tell("errors", errors=self._errors, focus="", view="")

    def _shown(self, name: str) -> Any:
        """Return a value as views show it: numbers as they were typed, files without content, no secret."""
        field, value = self._field(name), self._values[name]
        if field["kind"] == "number":
            return self._typed.get(name, "" if value is None else f"{value}")
        if field["kind"] == "file":
            return [{"name": one.name, "media_type": one.media_type, "size": one.size} for one in value]
        return {"kept": bool(value)} if field["secret"] else value

    def _note_edit(self, view: str, edit: Any) -> None:
        if isinstance(edit, int):
            self._edits.pop(view, None)
            self._edits[view] = edit
            while len(self._edits) > _VIEWS_KEPT:
                self._edits.pop(next(iter(self._edits)))

    def _field(self, name: str) -> Field:
        field: Field = self.fields[position("field", self.fields, name)]
        return field
