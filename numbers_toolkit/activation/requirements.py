"""What a person must give for a number order: registration data and documents, as the API tells it.

The API's answer is free-form. What is understood stands in named fields, the rest is kept in
:attr:`Requirements.other_fields`; nothing in an answer can break the reading of it, and nothing is fetched.

Source: operation "Lookup number requirements" of the Numbers API's OpenAPI description 1.0.3.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import vocabulary
from numbers_toolkit.activation.paper_words import listed
from numbers_toolkit.activation.requirement_values import DocumentTemplate, RequiredAttachment, Requirements
from numbers_toolkit.activation.schema_reading import SchemaReader, words
from numbers_toolkit.activation.template_reading import fields_of_templates
from numbers_toolkit.errors import NotFoundError, UnknownValueWarning, warn_user

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numbers_toolkit.client import NumbersClient

__all__ = [
    "DocumentTemplate",
    "RequiredAttachment",
    "Requirements",
    "order_requirements",
    "read_requirements",
]

_KNOWN: Final = ("fields", "attachments")
#: Seen in a draft of an official SDK; kept, and no reason for a warning.
_EXPECTED: Final = ("quantityOrdersSupported",)
_ATTACHMENT_FIELDS: Final = (
    "id", "title", "description", "mandatory", "template", "allowedMimeTypes", "allowedDocumentTypes"
)  # fmt: skip
_YES: Final = (True, "true", "TRUE", "True")


def order_requirements(client: NumbersClient, region_code: str, number_type: str) -> Requirements:
    """Return what a person must give to order a number of one region and type. Costs and orders nothing.

    Parameters
    ----------
    client : NumbersClient
        The API.
    region_code : str
        ISO 3166-1 alpha-2.
    number_type : str
        ``MOBILE``, ``LOCAL`` or ``TOLL_FREE``.

    Returns
    -------
    Requirements
        With ``known=False`` when the API knows of none for this kind of number.

    Raises
    ------
    InvalidInputError
        When region or type can't be right; nothing was sent.
    APIError, TransportError
        When the API does not answer.

    Examples
    --------
    >>> import numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client:
    ...     needed = order_requirements(client, "SE", "LOCAL")
    >>> needed.mandatory, [one.title for one in needed.mandatory_attachments]
    (True, ['Business registration'])
    """
    region = vocabulary.check_region_code(region_code)
    kind = vocabulary.check_number_type(number_type)
    try:
        answer = client.lookup_number_requirements(region, kind)
    except NotFoundError:
        return Requirements(region_code=region, number_type=kind, known=False, source=client.source)
    return read_requirements(answer, region, kind, source=client.source)


def read_requirements(
    answer: Mapping[str, Any], region_code: str, number_type: str, *, source: str = ""
) -> Requirements:
    """Return the requirements that an answer of the API stands for, whatever it holds.

    Parameters
    ----------
    answer : mapping
        The API's NumberRequirements.
    region_code, number_type : str
        What was asked for.
    source : str
        Where the answer is from.

    Returns
    -------
    Requirements
        All that the answer says.

    Warns
    -----
    UnknownValueWarning
        When it holds fields that this version does not know; they are in ``other_fields``.

    Examples
    --------
    >>> read_requirements({"fields": {"schema": "/schema/a.json"}}, "AU", "MOBILE")
    <Requirements: AU MOBILE asks for registration data after the schema /schema/a.json.>
    """
    reading = _Reading()
    schema, reference, templates = reading.registration(answer.get("fields"))
    attachments = reading.attachments(answer.get("attachments"))
    for name in answer.keys() - set(_KNOWN):
        reading.keep(name, answer[name], expected=name in _EXPECTED)
    if reading.unknown:
        warn_user(
            f"The requirements of {region_code} {number_type} hold {listed(reading.unknown)}, which this version "
            "does not know. It is kept in other_fields; look there whether it asks for something.",
            UnknownValueWarning,
        )
    fields = SchemaReader(schema).fields() if schema else ()
    return Requirements(
        region_code=region_code,
        number_type=number_type,
        fields=fields or fields_of_templates(templates),
        attachments=attachments,
        schema=schema,
        schema_reference=reference,
        templates=templates,
        other_fields=reading.other,
        source=source,
    )


class _Reading:
    """One reading of an answer; keeps what is not understood."""

    def __init__(self) -> None:
        self.other: dict[str, Any] = {}
        self.unknown: list[str] = []

    def keep(self, path: str, value: Any, *, expected: bool = False) -> None:
        """Keep a value that has no place, unless it says nothing."""
        if value in (None, "", [], {}):
            return
        self.other[path] = value
        if not expected:
            self.unknown.append(path)

    def registration(self, fields: Any) -> tuple[dict[str, Any] | None, str, tuple[dict[str, Any], ...]]:
        """Return schema, reference to a schema, and templates."""
        given = _decoded(fields) if isinstance(fields, str) else fields
        if not isinstance(given, dict):
            self.keep("fields", fields)
            return None, "", ()
        if isinstance(given.get("properties"), dict):
            return given, "", ()
        schema, reference = self._schema(given.get("schema"))
        templates = self._templates(given.get("rules"))
        for name in given.keys() - {"schema", "rules"}:
            # The API calls this part free-form: more in it is no surprise.
            self.keep(f"fields.{name}", given[name], expected=True)
        return schema, reference, templates

    def _schema(self, given: Any) -> tuple[dict[str, Any] | None, str]:
        decoded = _decoded(given) if isinstance(given, str) else given
        if isinstance(decoded, dict):
            return decoded or None, ""
        if isinstance(given, str):
            return None, given.strip()
        self.keep("fields.schema", given)
        return None, ""

    def _templates(self, rules: Any) -> tuple[dict[str, Any], ...]:
        if not isinstance(rules, list):
            self.keep("fields.rules", rules)
            return ()
        found = []
        for position, rule in enumerate(rules):
            path = f"fields.rules[{position}]"
            if not isinstance(rule, dict):
                self.keep(path, rule)
                continue
            for name, value in rule.items():
                if name == "template" and isinstance(value, dict):
                    found.append(value)
                else:
                    self.keep(f"{path}.{name}", value, expected=True)
        return tuple(one for one in found if one)

    def attachments(self, given: Any) -> tuple[RequiredAttachment, ...]:
        """Return the documents, each once."""
        if not isinstance(given, list):
            self.keep("attachments", given)
            return ()
        found: dict[str, RequiredAttachment] = {}
        for position, one in enumerate(given):
            path = f"attachments[{position}]"
            attachment_id = words(one.get("id")) if isinstance(one, dict) else ""
            if not attachment_id or attachment_id in found:
                self.keep(path, one)
            else:
                found[attachment_id] = self._attachment(one, path)
        return tuple(found.values())

    def _attachment(self, given: dict[str, Any], path: str) -> RequiredAttachment:
        for name in given.keys() - set(_ATTACHMENT_FIELDS):
            self.keep(f"{path}.{name}", given[name])
        return RequiredAttachment(
            attachment_id=words(given["id"]),
            title=words(given.get("title")),
            description=words(given.get("description")),
            mandatory=given.get("mandatory") in _YES,
            allowed_mime_types=self._texts(given.get("allowedMimeTypes"), f"{path}.allowedMimeTypes"),
            allowed_document_types=self._texts(
                given.get("allowedDocumentTypes"), f"{path}.allowedDocumentTypes"
            ),
            templates=self._document_templates(given.get("template"), f"{path}.template"),
        )

    def _texts(self, given: Any, path: str) -> tuple[str, ...]:
        values = given if isinstance(given, list) else [given]
        texts = [one.strip() for one in values if isinstance(one, str) and one.strip()]
        odd = [one for one in values if one is not None and not isinstance(one, str)]
        self.keep(path, odd)
        return tuple(dict.fromkeys(texts))

    def _document_templates(self, given: Any, path: str) -> tuple[DocumentTemplate, ...]:
        values = given if isinstance(given, list) else [given]
        found = [one for one in values if isinstance(one, dict) and (one.get("name") or one.get("url"))]
        self.keep(path, [one for one in values if one not in (None, "", {}) and one not in found])
        return tuple(DocumentTemplate(words(one.get("name")), words(one.get("url"))) for one in found)


def _decoded(text: str) -> Any:
    """Return the JSON that a text holds, None when it holds none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
