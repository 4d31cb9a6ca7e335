"""Checking a value against a JSON Schema that came from elsewhere, with the package jsonschema.

Such a schema may be broken, refer to something outside itself, or refer to itself without end. Nothing is
fetched; what can't be checked is noted and left to the API, which checks everything itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation.paper_words import shown
from numbers_toolkit.activation.schema_faults import fault_texts
from numbers_toolkit.activation.text_formats import FORMATS
from numbers_toolkit.errors import MissingDependencyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numbers_toolkit.activation.schema_faults import Fault

__all__ = ["SchemaChecker"]

_REFERENCES: Final = ("$ref", "$dynamicRef", "$recursiveRef")
#: References within references, and references in all: enough for any data, too few to run out of stack or time.
_DEEPEST: Final = 60
_MOST_REFERENCES: Final = 5_000


class SchemaChecker:
    """Checks values against one schema.

    Parameters
    ----------
    schema : mapping
        A JSON Schema of any draft.

    Attributes
    ----------
    notes : list of str
        What could not be checked so far.

    Raises
    ------
    MissingDependencyError
        When jsonschema is not installed.

    Examples
    --------
    >>> checker = SchemaChecker({"required": ["city"], "properties": {"vat": {"$ref": "vat.json"}}})
    >>> checker.faults({"vat": "AU123"}), checker.notes
    ([(('city',), 'is missing')], ['The schema refers to vat.json, which is not fetched; ...'])
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.notes: list[str] = []
        self._depth = 0
        self._references_left = _MOST_REFERENCES
        self._validator = self._made(dict(schema))

    def faults(self, value: Any) -> list[Fault]:
        """Return where a value does not fit, and how, without quoting it; empty when it fits."""
        found: list[Fault] = []
        if self._validator is None:
            return found
        # What the checker does with a schema that it can't digest is not known beforehand, and no reason to keep
        # anybody from sending data that the API checks anyway.
        try:
            for error in self._validator.iter_errors(value):
                found += fault_texts(error)
        except Exception as error:  # noqa: BLE001
            self._note(
                f"The schema can't be checked to the end ({type(error).__name__}); the API will check."
            )
        return found

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def _made(self, schema: dict[str, Any]) -> Any:
        """Return a validator, None when the schema can't be used."""
        try:
            import jsonschema
            import jsonschema.validators
            from jsonschema_specifications import REGISTRY
        except ImportError as error:
            raise MissingDependencyError(
                "Registration data is checked against the API's schema with jsonschema: "
                "pip install 'numbers-toolkit[orders]'. Nothing was sent."
            ) from error
        draft = _draft(jsonschema, schema)
        if draft is None:
            self._note("The schema in the API's answer is not valid; the data was not checked here.")
            return None
        rules = {
            word: self._following(draft.VALIDATORS[word]) for word in _REFERENCES if word in draft.VALIDATORS
        }
        rules["pattern"] = self._matching(jsonschema.ValidationError)
        formats = jsonschema.FormatChecker(formats=())
        for name, known in FORMATS.items():
            formats.checks(name)(known.fits)
        # This registry holds the drafts themselves and fetches nothing.
        return jsonschema.validators.extend(draft, rules)(schema, registry=REGISTRY, format_checker=formats)

    def _following(self, rule: Any) -> Any:
        """Return a rule that follows references within the schema, as far as that makes sense."""
        from referencing.exceptions import Unresolvable

        def follow(validator: Any, target: Any, instance: Any, part: Any) -> Iterator[Any]:
            if self._depth >= _DEEPEST or self._references_left <= 0:
                self._note("The schema refers to itself without end; it was checked as far as makes sense.")
                return
            self._depth += 1
            self._references_left -= 1
            try:
                yield from rule(validator, target, instance, part)
            except Unresolvable:
                self._note(
                    f"The schema refers to {shown(target)}, which is not fetched; that part was not checked here."
                )
            finally:
                self._depth -= 1

        return follow

    def _matching(self, error: Any) -> Any:
        def match(_validator: Any, pattern: Any, instance: Any, _part: Any) -> Iterator[Any]:
            if isinstance(instance, str) and not self._matches(pattern, instance):
                yield error("does not match")

        return match

    def _matches(self, pattern: str, text: str) -> bool:
        """Whether a text matches a pattern; one that this machine can't read counts as matched."""
        try:
            # In Python a dollar also matches before a line feed at the end; in JSON Schema it does not.
            ends = pattern.endswith("$") and not pattern.endswith("\\$")
            return re.search(f"{pattern[:-1]}\\Z" if ends else pattern, text, re.ASCII) is not None
        except (re.error, RecursionError, OverflowError):
            self._note(f"The pattern {shown(pattern)} can't be checked here; the API will check it.")
            return True


def _draft(jsonschema: Any, schema: dict[str, Any]) -> Any:
    """Return the draft that a schema is written in, None when it is valid in none."""
    newest, older = jsonschema.Draft202012Validator, jsonschema.Draft7Validator
    named = isinstance(schema.get("$schema"), str)
    drafts = [jsonschema.validators.validator_for(schema, default=newest)] if named else [newest, older]
    for one in drafts:
        try:
            # Patterns in another dialect of regular expressions are no reason to distrust the rest.
            one.check_schema(schema, format_checker=jsonschema.FormatChecker(formats=()))
        except Exception:  # noqa: BLE001, S112 - whatever it is that the checker dislikes, the schema is no use
            continue
        return one
    return None
