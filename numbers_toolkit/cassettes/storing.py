"""A cassette as a file: vcrpy's YAML, so that either can read the other's, with where it comes from on top.

A file is written whole or not at all, once, when the recording ends: a process that is killed leaves the file as it
was. Needs vcrpy, which is loaded when the first cassette is used.
"""

from __future__ import annotations

import gzip
import hashlib
import http.client
import importlib
import json
import textwrap
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.cassettes.interactions import Interaction, Question
from numbers_toolkit.cassettes.scrubbing import kept_headers
from numbers_toolkit.errors import CassetteError, CassetteWarning, MissingDependencyError, warn_user
from numbers_toolkit.writing import replacing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Facts", "load", "save", "vcr_module"]

_OURS: Final = "numbers_toolkit"
#: Raised when an older version could no longer read what is written.
_FORMAT: Final = 1
_HEAD: Final = """
Answers of the Numbers API, recorded by numbers_toolkit {version} from {recorded_from} on {day}: {count}.
Credentials, tokens, secrets and cookies were blanked before this file was written.{shared}
Replay it: with nt.use_cassette({name!r}): ... Record it again: mode="all".
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """Where a cassette comes from.

    Parameters
    ----------
    recorded_from : str
        ``sandbox``, ``production`` or ``server HOST``; empty when nothing tells.
    recorded_at, until : str
        The server's time of the first and last answer, RFC 3339; empty when nothing tells.
    version : str
        Of this package, when it was written.
    projects : tuple of str
        Projects that were asked about, or their pseudonyms.
    pseudonyms : bool
        Whether what names a company or person was replaced.
    mode : str
        How it was recorded.
    replaced : mapping
        How much was blanked or replaced, by kind.
    """

    recorded_from: str = ""
    recorded_at: str = ""
    until: str = ""
    version: str = ""
    projects: tuple[str, ...] = ()
    pseudonyms: bool = False
    mode: str = ""
    replaced: Mapping[str, int] = field(default_factory=dict)


def vcr_module(name: str) -> Any:
    """Return a module of vcrpy.

    Raises
    ------
    MissingDependencyError
        When vcrpy is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingDependencyError(
            "Cassettes need vcrpy: pip install 'numbers-toolkit[cassettes]'."
        ) from error


# -- reading ------------------------------------------------------------------------------------------------------


def load(path: Path) -> tuple[Facts | None, list[Interaction]]:
    """Return what a file tells of itself, and its interactions in order.

    Parameters
    ----------
    path : Path
        A cassette of this package or of vcrpy.

    Returns
    -------
    tuple
        The facts are None for a file that tells none: one of vcrpy's, or of an older version.

    Raises
    ------
    CassetteError
        When the file is damaged, cut, no cassette, or of a newer version.
    """
    kept: dict[str, Any] = {}
    loader = _safe_loader()

    class Keeping:
        @staticmethod
        def deserialize(text: str) -> Any:
            kept.update(_mapping(vcr_module("yaml").load(text, Loader=loader)))
            return kept

    try:
        requests, responses, *_ = vcr_module("vcr.serialize").deserialize(
            path.read_text(encoding="utf-8"), Keeping
        )
        found = [_interaction(*pair) for pair in zip(requests, responses, strict=True)]
    except OSError as error:
        raise CassetteError(f"The cassette {path} can't be read: {error.strerror or error}.") from error
    except Exception as error:
        # YAML of any shape can stand in a file that people edit; what the reader says of it is long.
        raise CassetteError(
            f"The cassette {path} is damaged, cut or no cassette ({_first_line(error)}). Nothing was sent. Restore "
            'it from version control, or record it again: mode="all".'
        ) from error
    metadata = kept.get("metadata")
    told = metadata.get(_OURS) if isinstance(metadata, dict) else None
    return (_checked(told, found, path) if isinstance(told, dict) else None), found


def _safe_loader() -> Any:
    """Return a reader that runs nothing: a cassette may come from anybody, and older versions of vcrpy trust it."""
    yaml = vcr_module("yaml")
    plain = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return getattr(vcr_module("vcr.serializers.yamlserializer"), "_CassetteLoader", plain)


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or not isinstance(value.get("interactions"), list):
        raise ValueError("there is no list of interactions in it")  # noqa: TRY004 - of the file, not of a caller
    return value


def _interaction(request: Any, response: dict[str, Any]) -> Interaction:
    headers = {name.lower(): _text(value) for name, value in response["headers"].items()}
    body = response["body"].get("string") or b""
    body = _unpacked(body if isinstance(body, bytes) else str(body).encode(), headers)
    asked = Question(
        str(request.method),
        str(request.uri),
        str(request.headers.get("content-type", "")),
        None if request.body is None else bytes(request.body).decode("utf-8", "replace"),
    )
    return Interaction(asked, int(response["status"]["code"]), kept_headers(headers), _as_text(body))


def _text(value: Any) -> str:
    return str(value[0]) if isinstance(value, list) and value else str(value)


def _unpacked(body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return a body as it was before it was packed for its way; other recorders keep it packed."""
    packed = headers.get("content-encoding", "")
    if packed == "gzip" and body.startswith(b"\x1f\x8b"):
        return gzip.decompress(body)
    return zlib.decompress(body) if packed == "deflate" and body.startswith(b"\x78") else body


def _as_text(body: bytes) -> str | bytes:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body


def _first_line(error: Exception) -> str:
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0][:120]}" if lines else type(error).__name__


def _checked(told: dict[str, Any], found: list[Interaction], path: Path) -> Facts:
    if not isinstance(told.get("format"), int) or told["format"] > _FORMAT:
        raise CassetteError(
            f"The cassette {path} was recorded by a newer version of numbers_toolkit ({told.get('version')}). "
            "Nothing was sent. Update this one, or record the cassette again."
        )
    count = told.get("interactions")
    if isinstance(count, int) and count > len(found):
        raise CassetteError(
            f"The cassette {path} is cut: {len(found)} of its {count} answers are left. Nothing was sent. Restore it "
            'from version control, or record it again: mode="all".'
        )
    if told.get("checksum") != _checksum(found):
        warn_user(
            f"The cassette {path} was changed by hand, or by another program, after it was recorded; its answers are "
            "not all as the API gave them. It is used as it is.",
            CassetteWarning,
        )
    replaced = told.get("replaced")
    return Facts(
        recorded_from=str(told.get("recorded_from") or ""),
        recorded_at=str(told.get("recorded_at") or ""),
        until=str(told.get("until") or ""),
        version=str(told.get("version") or ""),
        projects=tuple(map(str, told.get("projects") or ())),
        pseudonyms=bool(told.get("pseudonyms")),
        mode=str(told.get("mode") or ""),
        replaced=dict(replaced) if isinstance(replaced, dict) else {},
    )


def _checksum(interactions: list[Interaction]) -> str:
    """Return a digest of all that is recorded; how the file writes it does not count."""
    told = [
        [
            *(one.question.method, one.question.url, one.question.content_type, one.question.body),
            *(one.status, dict(one.headers), one.content.decode("latin-1")),
        ]
        for one in interactions
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


# -- writing ------------------------------------------------------------------------------------------------------


def save(path: Path, name: str, facts: Facts, interactions: list[Interaction]) -> None:
    """Write a cassette, whole or not at all.

    Parameters
    ----------
    path : Path
        Where; folders are made.
    name : str
        What it is called, for people.
    facts : Facts
        Where it comes from.
    interactions : list of Interaction
        What it holds, without anything secret.

    Raises
    ------
    OutputError
        When the file can't be written.
    """
    told = {
        "format": _FORMAT,
        **{one: getattr(facts, one) for one in ("recorded_from", "recorded_at", "until", "version", "mode")},
        "projects": list(facts.projects),
        "pseudonyms": facts.pseudonyms,
        "replaced": dict(sorted(facts.replaced.items())),
        "interactions": len(interactions),
        "checksum": _checksum(interactions),
    }
    head = _HEAD.format(
        version=facts.version,
        recorded_from=facts.recorded_from or "an unknown server",
        day=facts.recorded_at[:10] or "an unknown day",
        count=f"{len(interactions)} requests",
        name=name,
        shared="\nProjects, numbers and names are pseudonyms: safe to share." if facts.pseudonyms else "",
    )

    class Writing:
        @staticmethod
        def serialize(data: dict[str, Any]) -> str:
            whole = {
                "version": data["version"],
                "metadata": {_OURS: told},
                "interactions": data["interactions"],
            }
            return textwrap.indent(head.strip(), "# ") + "\n" + _yaml(whole)

    request = vcr_module("vcr.request").Request
    content = {
        "requests": [_their_request(request, one.question) for one in interactions],
        "responses": [_their_response(one) for one in interactions],
    }
    text = vcr_module("vcr.serialize").serialize(content, Writing)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CassetteError(f"The folder of {path} can't be made: {error.strerror or error}.") from error
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def _their_request(kind: Any, asked: Question) -> Any:
    headers = {"Content-Type": asked.content_type} if asked.content_type else {}
    return kind(asked.method, asked.url, asked.body, headers)


def _their_response(one: Interaction) -> dict[str, Any]:
    return {
        "status": {"code": one.status, "message": http.client.responses.get(one.status, "")},
        "headers": {name: [value] for name, value in one.headers.items()},
        "body": {"string": one.content},
    }


def _yaml(value: Any) -> str:
    """Return YAML in the order given, every text of several lines as it is."""
    yaml = vcr_module("yaml")

    class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # one of two classes
        pass

    def text(dumper: Any, data: str) -> Any:
        return dumper.represent_scalar("tag:yaml.org,2002:str", data, style="|" if "\n" in data else None)

    Dumper.add_representer(str, text)
    return str(yaml.dump(value, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100_000))
