"""The contract as data: the examples in ``tests/contract``, and what it means to look like one of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "contract"
FILES = ("tokens", "numbers", "settings_and_addresses", "orders", "errors")
#: The project of every example.
PROJECT = "7f2c9a4e-51d8-4b63-9e0a-6c1d85b2f347"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z?)")
NOTHING = object()


def read(name: str) -> dict[str, Any]:
    """Return the content of a file of the contract."""
    content: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return content


SOURCES = read("sources")
WORDS = {one["name"]: one for one in read("words")["lists"]}
EVENTS = read("events")
EXAMPLES: dict[str, dict[str, Any]] = {
    example["name"]: example for file in FILES for example in read(file)["examples"]
}


def at(document: Any, pointer: str) -> Any:
    """Return what a JSON pointer points at, or `NOTHING`."""
    for step in pointer.split("/")[1:]:
        try:
            document = document[int(step)] if isinstance(document, list) else document[step]
        except (LookupError, ValueError, TypeError):
            return NOTHING
    return document


def without(document: Any, pointers: list[str]) -> Any:
    """Return a copy that lacks what pointers point at: parts whose content is free."""
    copy = json.loads(json.dumps(document))
    for pointer in sorted(pointers, reverse=True):
        parent, _, last = pointer.rpartition("/")
        holder = at(copy, parent)
        if isinstance(holder, list) and int(last) < len(holder):
            del holder[int(last) :]
        elif isinstance(holder, dict):
            holder.pop(last, None)
    return copy


def differences(example: Any, actual: Any, path: str = "") -> list[str]:
    """Return where an answer has another shape than its example: fields in order, types, null, empty, times."""
    if type(example) is not type(actual):
        return [f"{path or '/'}: {actual!r} instead of something like {example!r}"]
    if isinstance(example, dict) and list(example) != list(actual):
        return [f"{path or '/'}: fields {list(actual)} instead of {list(example)}"]
    if isinstance(example, (list, str)) and bool(example) != bool(actual):
        return [f"{path}: {actual!r} where the example has {example!r}"]
    if isinstance(example, str) and not _same_kind_of_text(example, actual):
        return [f"{path}: {actual!r} is no instant like {example!r}"]
    pairs: list[tuple[Any, Any, Any]] = []
    if isinstance(example, dict):
        pairs = [(name, example[name], actual[name]) for name in example]
    elif isinstance(example, list):
        last = len(example) - 1
        pairs = [(index, example[min(index, last)], item) for index, item in enumerate(actual)]
    return [each for step, one, other in pairs for each in differences(one, other, f"{path}/{step}")]


def _same_kind_of_text(example: str, actual: str) -> bool:
    wanted, found = INSTANT.fullmatch(example), INSTANT.fullmatch(actual)
    return wanted is None or (found is not None and found.group(2) == wanted.group(2))


def broken_facts(example: dict[str, Any], actual: Any) -> list[str]:
    """Return the facts of an example that an answer does not share."""
    body = example["answer"].get("body") if "answer" in example else example["body"]
    broken = [
        f"{pointer}: {at(actual, pointer)!r} instead of {at(body, pointer)!r}"
        for pointer in example.get("facts", ())
        if at(body, pointer) is NOTHING or at(actual, pointer) != at(body, pointer)
    ]
    broken += [
        f"{one} and {other} differ"
        for one, other in example.get("equal", ())
        if at(actual, one) is NOTHING or at(actual, one) != at(actual, other)
    ]
    return broken
