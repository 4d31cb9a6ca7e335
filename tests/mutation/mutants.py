"""The mutants of a file: mutmut's operators, applied one at a time, with the lines that each one changes.

mutmut itself copies every function beside its mutants and chooses one when it is called. Here a mutant is a whole
source file with one change, so that decorated functions, class bodies and constants are mutated too.
"""

from __future__ import annotations

import difflib
import hashlib
import random
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from mutation.groups import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import libcst as cst
    from mutmut.mutation.file_mutation import Mutation, MutationVisitor

#: Left alone: what only a type checker reads, and the list of public names, which has tests of its own.
NOT_MUTATED_CALLS = {"cast", "TypeVar", "NewType"}
NOT_MUTATED_NAMES = {"__all__", "__version__"}


@dataclass(frozen=True)
class Mutant:
    """One change of one file.

    `key` names the change by what it is and not by where it stands, so that it outlives edits elsewhere in the file;
    `spans` are line ranges, narrow to wide, to look in for the tests that reach it.
    """

    key: str
    file: str
    function: str
    line: int
    removed: str
    added: str
    wording: bool
    spans: tuple[tuple[int, int], ...]
    source: str

    def as_record(self) -> dict[str, Any]:
        """Return it without the source, for reports."""
        return {name: value for name, value in asdict(self).items() if name not in ("source", "spans")}


def mutants_of(path: Path) -> list[Mutant]:
    """Return every mutant of a file."""
    text = path.read_text(encoding="utf-8")
    seen: Counter[str] = Counter()
    found = []
    for mutation, spliced, function, spans in _mutations(text):
        source, removed, added = spliced
        if source == text:
            continue
        name = str(path.relative_to(ROOT))
        label = f"{name}:{function}:{removed}:{added}"
        seen[label] += 1
        key = hashlib.sha256(f"{label}:{seen[label]}".encode()).hexdigest()[:10]
        prose = _is_prose(mutation.original_node)
        found.append(
            Mutant(
                key, name, function, spans[0][0], removed, added, wording=prose, spans=spans, source=source
            )
        )
    return found


def compiles(mutant: Mutant) -> bool:
    """Tell whether it is Python at all."""
    try:
        compile(mutant.source, mutant.file, "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


def sampled(mutants: Iterable[Mutant], size: int, seed: int) -> list[Mutant]:
    """Return so many of them, from every file in proportion to its mutants; the same for the same seed.

    `size` 0 means all.
    """
    files: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        files.setdefault(mutant.file, []).append(mutant)
    total = sum(map(len, files.values()))
    if not size or size >= total:
        return [mutant for held in files.values() for mutant in held]
    shares = {name: size * len(held) / total for name, held in files.items()}
    counts = {name: int(share) for name, share in shares.items()}
    by_remainder = sorted(files, key=lambda name: (counts[name] - shares[name], name))
    for name in by_remainder[: size - sum(counts.values())]:
        counts[name] += 1
    chosen = []
    for name, held in sorted(files.items()):
        draw = random.Random(f"{seed}:{name}").sample(range(len(held)), counts[name])
        chosen += [held[index] for index in sorted(draw)]
    return chosen


def _mutations(
    text: str,
) -> Iterator[tuple[Mutation, tuple[str, str, str], str, tuple[tuple[int, int], ...]]]:
    """Let mutmut's visitor collect the changes; yield each with its text, its function and where it stands."""
    import libcst as cst
    from libcst.metadata import MetadataWrapper, WhitespaceInclusivePositionProvider
    from mutmut.mutation.pragma_handling import IgnoredCode

    wrapper = MetadataWrapper(cst.parse_module(text))
    visitor = _visitor_class()(_operators(), IgnoredCode(set(), set(), set()))
    module = wrapper.visit(visitor)
    extents = wrapper.resolve(WhitespaceInclusivePositionProvider)
    place = _Places(wrapper)
    for mutation in visitor.mutations:
        node, mutated = mutation.original_node, mutation.mutated_node
        if isinstance(node, cst.Match):
            # Its text has no indent of its own.
            spliced = _change(text, module.deep_replace(node, mutated).code)
        else:
            extent = extents[node]
            spliced = _spliced(text, extent.start, extent.end, module.code_for_node(mutated))
        yield mutation, spliced, *place.of(node)


def _operators() -> list[tuple[type, Any]]:
    """Return mutmut's operators, of a string's changes only the first: other cases of it prove nothing more."""
    from mutmut.mutation.mutators import mutation_operators, operator_string

    def marked_string(node: cst.BaseString) -> Iterator[cst.BaseString]:
        yield from list(operator_string(node))[:1]

    return [(kind, marked_string if one is operator_string else one) for kind, one in mutation_operators]


def _visitor_class() -> type[MutationVisitor]:
    """Return mutmut's visitor, which passes over fewer functions, since nothing is copied here, and over types."""
    import libcst as cst
    import libcst.matchers as m
    from mutmut.mutation.file_mutation import MutationVisitor

    names = m.OneOf(*(m.Name(name) for name in sorted(NOT_MUTATED_NAMES)))
    untouched = m.OneOf(
        m.Call(func=m.OneOf(*(m.Name(name) for name in sorted(NOT_MUTATED_CALLS)))),
        m.Assign(targets=[m.AssignTarget(target=names)]),
        m.AnnAssign(target=names),
    )

    class Visitor(MutationVisitor):
        def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
            if isinstance(node, cst.FunctionDef):
                return False
            return m.matches(node, untouched) or bool(super()._skip_node_and_children(node))

    return Visitor


class _Places:
    """Where the nodes of a module stand."""

    def __init__(self, wrapper: cst.MetadataWrapper) -> None:
        from libcst.metadata import ParentNodeProvider, PositionProvider

        self.positions = wrapper.resolve(PositionProvider)
        self.parents = wrapper.resolve(ParentNodeProvider)

    def of(self, node: cst.CSTNode) -> tuple[str, tuple[tuple[int, int], ...]]:
        """Return the function around a node, and the lines of the node and of the statements around it."""
        import libcst as cst

        spans = [self._lines(node)] if node in self.positions else []
        names: list[str] = []
        at: cst.CSTNode | None = node
        while at is not None and not isinstance(at, cst.Module):
            if isinstance(at, cst.FunctionDef | cst.ClassDef):
                names.insert(0, at.name.value)
            elif not names and isinstance(at, cst.SimpleStatementLine):
                spans.append(self._lines(at))
            elif not names and isinstance(at, cst.BaseCompoundStatement) and not isinstance(at, cst.Match):
                spans.append((self._lines(at)[0], self._lines(at.body)[0]))
            at = self.parents.get(at)
        return ".".join(names), tuple(spans)

    def _lines(self, node: cst.CSTNode) -> tuple[int, int]:
        return self.positions[node].start.line, self.positions[node].end.line


def _spliced(text: str, start: Any, end: Any, new: str) -> tuple[str, str, str]:
    """Put other text in a place; return the whole, and the lines of before and after."""
    lines = text.splitlines(keepends=True)
    first, last = lines[start.line - 1], lines[end.line - 1]
    changed = first[: start.column] + new + last[end.column :]
    before = "".join(lines[start.line - 1 : end.line])
    whole = "".join([*lines[: start.line - 1], changed, *lines[end.line :]])
    return whole, " ".join(before.split()), " ".join(changed.split())


def _change(old: str, new: str) -> tuple[str, str, str]:
    """Return the new text, and the lines that differ."""
    removed, added = [], []
    for line in difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0):
        if line.startswith("-") and not line.startswith("---"):
            removed.append(line[1:].strip())
        elif line.startswith("+") and not line.startswith("+++"):
            added.append(line[1:].strip())
    return new, " ".join(removed), " ".join(added)


def _is_prose(node: cst.CSTNode) -> bool:
    """Tell whether a string is for people: it has a space in it."""
    return " " in str(getattr(node, "value", "")) and type(node).__name__ == "SimpleString"
