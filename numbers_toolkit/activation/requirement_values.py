"""What a person must give for a number order, as a value: registration data and documents.

Made by :mod:`numbers_toolkit.activation.requirements`; knows no answer of the API and sends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from numbers_toolkit.activation.paper_words import listed
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from numbers_toolkit.activation.schema_reading import RequiredField

__all__ = ["DocumentTemplate", "RequiredAttachment", "Requirements"]


@dataclass(frozen=True, slots=True)
class DocumentTemplate:
    """A form to fill in: its file name, and where it can be downloaded."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredAttachment:
    """One document that an order asks for.

    Parameters
    ----------
    attachment_id : str
        The API's id of it.
    title, description : str
        What a person is told about it.
    mandatory : bool
        Whether the order can't do without.
    allowed_mime_types : tuple of str
        Kinds of files; empty means any.
    allowed_document_types : tuple of str
        What the document may be, ``Passport`` for example; empty means that it is not asked.
    templates : tuple of DocumentTemplate
        Forms to fill in.
    """

    attachment_id: str
    title: str = ""
    description: str = ""
    mandatory: bool = False
    allowed_mime_types: tuple[str, ...] = ()
    allowed_document_types: tuple[str, ...] = ()
    templates: tuple[DocumentTemplate, ...] = ()

    @property
    def name(self) -> str:
        """What a person calls it: the title, or the id where it has none."""
        return self.title or self.attachment_id


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Requirements:
    """What a person must give to order a number of one region and type.

    Made by :func:`numbers_toolkit.order_requirements`. Shown in a notebook, it says what is needed and has an
    example to copy.

    Parameters
    ----------
    region_code, number_type : str
        Kind of number.
    known : bool
        False when the API knows of no requirements for this kind.
    fields : tuple of RequiredField
        Fields of the registration data, as far as the answer spells them out.
    attachments : tuple of RequiredAttachment
        Documents.
    schema : dict or None
        JSON Schema of the data, when the answer holds one.
    schema_reference : str
        Name of a schema that the answer refers to without holding it. It is not fetched.
    templates : tuple of dict
        Samples of the data, when the answer holds some.
    other_fields : dict of str to object
        What else the answer holds, by path.
    source : str
        Where the answer is from: ``production``, ``sandbox``, or ``server HOST``.
    """

    region_code: str
    number_type: str
    known: bool = True
    fields: tuple[RequiredField, ...] = ()
    attachments: tuple[RequiredAttachment, ...] = ()
    schema: Mapping[str, Any] | None = None
    schema_reference: str = ""
    templates: tuple[Mapping[str, Any], ...] = ()
    other_fields: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""

    @property
    def kind(self) -> str:
        """Region and type, as people say them: ``AU MOBILE``."""
        return f"{self.region_code} {self.number_type}"

    @property
    def required_fields(self) -> tuple[RequiredField, ...]:
        """Fields that are said to be required."""
        return tuple(one for one in self.fields if one.required)

    @property
    def mandatory_attachments(self) -> tuple[RequiredAttachment, ...]:
        """Documents that the order can't do without."""
        return tuple(one for one in self.attachments if one.mandatory)

    @property
    def asks_for_data(self) -> bool:
        """Whether registration data is asked for."""
        return bool(self.schema or self.schema_reference or self.templates)

    @property
    def asks_for_anything(self) -> bool:
        """Whether anything is asked for, be it optional or not understood."""
        return self.asks_for_data or bool(self.attachments) or bool(self.not_understood)

    @property
    def not_understood(self) -> tuple[str, ...]:
        """Paths of what may be asked for in a way that this version does not understand."""
        return tuple(path for path in self.other_fields if path.startswith(("fields", "attachments")))

    @property
    def data_is_mandatory(self) -> bool:
        """Whether registration data has to be given, as far as can be told.

        A schema that is only referred to, or a template, counts: the API has a form to be filled in then.
        """
        unspelt = bool(self.schema_reference or self.templates) and self.schema is None
        return unspelt or bool(self.required_fields)

    @property
    def mandatory(self) -> bool:
        """Whether an order can't do without papers, as far as can be told."""
        return self.data_is_mandatory or bool(self.mandatory_attachments)

    def summary(self) -> str:
        """Return in one sentence what is asked for.

        Examples
        --------
        >>> Requirements(region_code="US", number_type="LOCAL", known=False).summary()
        'Nothing special is known to be required for US LOCAL.'
        """
        if not self.known:
            return f"Nothing special is known to be required for {self.kind}."
        if not self.asks_for_anything:
            return f"{self.kind} asks for no papers."
        parts = [one for one in (self._data_words(), self._document_words()) if one]
        if self.not_understood:
            parts.append(f"something this version does not understand ({listed(self.not_understood)})")
        return f"{self.kind} asks for {' and '.join(parts)}."

    def _data_words(self) -> str:
        if not self.asks_for_data:
            return ""
        if self.required_fields:
            total = f" of {len(self.fields)}" if len(self.fields) > len(self.required_fields) else ""
            return f"registration data ({counted(len(self.required_fields), 'required field')}{total})"
        spelt = f" ({counted(len(self.fields), 'field')})" if self.fields else ""
        where = f" after the schema {listed([self.schema_reference])}" if self.schema_reference else ""
        return f"registration data{spelt}{where}"

    def _document_words(self) -> str:
        needed = self.mandatory_attachments
        optional = len(self.attachments) - len(needed)
        if not needed:
            return counted(optional, "optional document") if optional else ""
        more = f", and {optional} optional" if optional else ""
        return f"{counted(len(needed), 'document')} ({listed(one.name for one in needed)}{more})"

    def example(self) -> str:
        """Return a call of :class:`numbers_toolkit.Papers` to copy and fill in."""
        from numbers_toolkit.activation.requirements_showing import example_text

        return example_text(self)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per field and document, what is required first.

        Returns
        -------
        pandas.DataFrame
            ``part`` (``field`` or ``document``), ``name``, ``title``, ``required`` (missing when the answer does not
            say), ``type``, ``description``, ``allowed``, ``limits``, ``example`` and ``path``.
        """
        from numbers_toolkit.activation.requirements_showing import requirements_frame

        return requirements_frame(self)

    def __repr__(self) -> str:
        return f"<Requirements: {self.summary()}>"

    def _repr_html_(self) -> str:
        from numbers_toolkit.activation.requirements_showing import requirements_html

        return requirements_html(self)
