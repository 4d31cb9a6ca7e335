"""The library's advice in the words of the command line: options for arguments, commands for functions.

The library tells people what to call in Python; whoever works in a shell is to read what to type there.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PROGRAM", "as_typed", "ways_to_go_on"]

PROGRAM: Final = "numbers-toolkit"
#: Arguments of resuming, and how they are typed.
_RESUMING: Final[Mapping[str, str]] = {
    "papers": "--papers FILE",
    "order_again": "--order-again",
    "known_orders": "--known-order ID",
}
_RESUME: Final = re.compile(r'(?:nt\.)?resume_activation(?:\((?P<given>"[^"]*"|journal[^)]*)\))?')
_READ: Final = re.compile(r'nt\.read_result\("(?P<path>[^"]*)"\)')
#: Names that can only be arguments, and those that are also columns: they count where a value follows.
_ARGUMENTS: Final[Mapping[str, str]] = {
    "max_setup": "--max-setup",
    "max_monthly": "--max-monthly",
    "max_price": "--max-price",
    "campaign_limit": "--campaign-limit",
    "service_plan_id": "--service-plan",
    "campaign_id": "--campaign",
}
_ALSO_COLUMNS: Final[Mapping[str, str]] = {
    "display_name": "--display-name",
    "voice_type": "--voice-type",
    "voice_id": "--voice-id",
    "callback_url": "--callback-url",
}
_NOT_A_PART: Final = r"(?<![\w.{'\"-])"
_NAMES: Final = re.compile(
    rf"{_NOT_A_PART}(?:(?P<name>{'|'.join(_ARGUMENTS)})\b(?! of \d)|(?P<column>{'|'.join(_ALSO_COLUMNS)})"
    r"(?==| ['{]| (?:carries|holds|has|is|names|begins)\b))(?P<value>=(?=['\"]))?=?"
)
_REPLACED: Final = (
    (re.compile(r"carry_out\(plan, journal=\.\.\., everything=True\)"), "--everything"),
    (re.compile(rf"{_NOT_A_PART}everything=True"), "--everything"),
    (re.compile(rf"{_NOT_A_PART}mended='(\w+)'"), r"--mended \1"),
    (re.compile(rf"{_NOT_A_PART}limits=\{{'([^']*)': None\}}"), r"--limit \1=none"),
    (re.compile(rf"{_NOT_A_PART}(max_\w+)=\{{[^}}]*\}}"), r"\1 '25.00 USD', once for each"),
    (re.compile(rf"{_NOT_A_PART}plan_update\b"), f"`{PROGRAM} update`"),
    (re.compile(rf"{_NOT_A_PART}plan_release\b"), f"`{PROGRAM} release`"),
    (re.compile(r"papers=nt\.Papers\(\.\.\.\)"), "--papers FILE"),
    (re.compile(r"nt\.Attachment\(path, document_type='([^']*)'\)"), r'{"file": ..., "document_type": "\1"}'),
    (
        re.compile(r"nt\.Papers\(data=\[\{\.\.\.\}\], attachments=(\{[^}]*\})\)"),
        r'{"data": {...}, "attachments": \1}',
    ),
    (re.compile(r"campaign_limit= \(None for a number pool\)"), "campaign_limit (none for a number pool)"),
)


def as_typed(text: str) -> str:
    """Return a sentence of the library as somebody reads it who works in a shell.

    Examples
    --------
    >>> as_typed("Go on with resume_activation(journal, papers=...) later, or raise max_setup.")
    'Go on with `numbers-toolkit resume JOURNAL --papers FILE` later, or raise --max-setup.'
    >>> as_typed('Go on with nt.resume_activation("run.jsonl"), which buys nothing twice.')
    'Go on with `numbers-toolkit resume run.jsonl`, which buys nothing twice.'
    """
    text = _RESUME.sub(lambda found: f"`{_resume(found)}`", text)
    text = _READ.sub(lambda found: f"`{PROGRAM} resume {shlex.quote(found['path'])} --show`", text)
    for pattern, typed in _REPLACED:
        text = pattern.sub(typed, text)
    return _NAMES.sub(_option, text)


def ways_to_go_on(text: str) -> list[str]:
    """Return the options of ``resume`` that a piece of advice names, ``""`` for resuming as it is.

    Examples
    --------
    >>> ways_to_go_on("Go on with resume_activation(journal, order_again=True), or resume_activation(journal).")
    ['--order-again', '']
    >>> ways_to_go_on("Make a new plan.")
    []
    """
    return list(dict.fromkeys(_options(found) for found in _RESUME.finditer(text)))


def _option(found: re.Match[str]) -> str:
    typed = _ARGUMENTS.get(found["name"] or "") or _ALSO_COLUMNS[found["column"]]
    return f"{typed} " if found["value"] else typed


def _resume(found: re.Match[str]) -> str:
    given = found["given"] or ""
    journal = shlex.quote(given.strip('"')) if given.startswith('"') else "JOURNAL"
    return " ".join(part for part in (PROGRAM, "resume", journal, _options(found)) if part)


def _options(found: re.Match[str]) -> str:
    given = found["given"] or ""
    return " ".join(typed for name, typed in _RESUMING.items() if re.search(rf"\b{name}=", given))
