"""Values that turn into JSON and back, and the check that tells whether JSON was changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar, Self, cast

from numbers_toolkit.errors import UnknownValueWarning, warn_user

__all__ = ["Plain", "checksum", "text_bytes"]


class Plain:
    """A value that turns into JSON and back; what equals its default is left out."""

    READERS: ClassVar[Mapping[str, Any]] = MappingProxyType({})
    __slots__ = ()

    def content(self) -> dict[str, Any]:
        """Return the value as JSON content."""
        named = {one: getattr(self, one.name) for one in fields(cast("Any", self))}
        return {one.name: _json(value) for one, value in named.items() if value != _default(one)}

    def __reduce__(self) -> tuple[Any, ...]:
        # A read-only mapping does not pickle; its content does.
        return type(self).read, (self.content(),)

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Self:
        """Return the value that JSON content stands for; a field that is not known is warned about."""
        known = {one.name for one in fields(cast("Any", cls))}
        unknown = sorted(content.keys() - known - {"format", "kind", "check"})
        if unknown:
            warn_user(
                f"{cls.__name__} holds {', '.join(unknown)}, which this version does not know and leaves out of "
                "account; it was written by a newer one.",
                UnknownValueWarning,
            )
        readers = cls.READERS
        return cls(
            **{name: readers.get(name, _as_is)(content[name]) for name in content.keys() & known},
        )


def _default(one: Field[Any]) -> Any:
    return one.default if one.default_factory is MISSING else one.default_factory()


def _as_is(value: Any) -> Any:
    return value


def _json(value: Any) -> Any:
    if isinstance(value, Plain):
        return value.content()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return [_json(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _json(one) for name, one in value.items()}
    if is_dataclass(value):
        return {one.name: _json(getattr(value, one.name)) for one in fields(value)}
    return value


def checksum(content: Any) -> str:
    """Return a short digest of JSON content.

    Examples
    --------
    >>> checksum({"b": 1, "a": 2}) == checksum({"a": 2, "b": 1})
    True
    """
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text_bytes(text)).hexdigest()[:16]


def text_bytes(text: str) -> bytes:
    r"""Return JSON text as UTF-8; half a character, which names from the API can hold, as its JSON escape.

    Examples
    --------
    >>> text_bytes(json.dumps("é\ud83d", ensure_ascii=False))
    b'"\xc3\xa9\\ud83d"'
    """
    return text.encode("utf-8", "backslashreplace")
