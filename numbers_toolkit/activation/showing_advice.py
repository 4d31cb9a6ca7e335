"""How advice shows itself: once for all numbers that it is the same for, with what differs beside each number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from numbers_toolkit import markup
from numbers_toolkit.activation.showing_parts import moment, more_text
from numbers_toolkit.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numbers_toolkit.activation.items import Advice
    from numbers_toolkit.markup import Html

__all__ = ["AdviceGroup", "advice_html", "grouped"]

#: Where a text can be parted, so that what differs between two numbers is as short as possible.
_CLAUSE: Final = re.compile(r"(?<=[.;!?]) +")
#: Lines of numbers of one group that are in sight, and that are on the page at all.
_FIRST_LINES: Final = 3
_MOST_LINES: Final = 50
_MOST_NUMBERS: Final = 8
#: Advice is not cut where other text is: it ends with what to call.
_LONGEST: Final = 1500


@dataclass(frozen=True, slots=True)
class AdviceGroup:
    """Advice of one step and error code.

    Parameters
    ----------
    step, error_code : str
        What they have in common.
    services : tuple of str
        Services that failed so.
    text : str
        What holds for every number.
    numbers : dict of str to list of str
        Phone numbers by what holds for them alone, ``""`` for nothing.
    """

    step: str
    error_code: str
    services: tuple[str, ...]
    text: str
    numbers: dict[str, list[str]]


def grouped(advice: Iterable[Advice]) -> list[AdviceGroup]:
    """Return advice by step and error code, in order of appearance.

    Examples
    --------
    >>> from numbers_toolkit.activation.items import Advice
    >>> again = {"step": "change plan", "error_code": "SMS_PROVISIONING_FAILED"}
    >>> (group,) = grouped(
    ...     Advice(phone_number=f"+1307555014{one}", text=f"It was plan {one}; choose another one.", **again)
    ...     for one in (2, 3)
    ... )
    >>> group.text, group.numbers
    ('Choose another one.', {'It was plan 2': ['+13075550142'], 'It was plan 3': ['+13075550143']})
    """
    found: dict[tuple[str, str], list[Advice]] = {}
    for one in advice:
        found.setdefault((one.step, one.error_code), []).append(one)
    return [_group(step, code, members) for (step, code), members in found.items()]


def _group(step: str, code: str, members: Sequence[Advice]) -> AdviceGroup:
    clauses = [_clauses(one) for one in members]
    everywhere = set(clauses[0]).intersection(*clauses)
    numbers: dict[str, list[str]] = {}
    for one, parts in zip(members, clauses, strict=True):
        own = " ".join(part for part in parts if part not in everywhere)
        numbers.setdefault(own.rstrip(";"), []).append(one.phone_number)
    services = tuple(dict.fromkeys(one.service for one in members if one.service))
    return AdviceGroup(step, code, services, _joined(clauses[0], everywhere), numbers)


def _clauses(one: Advice) -> list[str]:
    wait = [f"Not before {moment(one.not_before)}."] if one.not_before else []
    return [part for part in (*_CLAUSE.split(one.text), *wait) if part]


def _joined(clauses: Sequence[str], kept: set[str]) -> str:
    """Return the clauses that are kept as sentences: a capital where what stood before is left out."""
    told: list[str] = []
    for before, part in zip(("", *clauses), clauses, strict=False):
        if part not in kept:
            continue
        begins = bool(before) and before not in kept and (not told or not told[-1].endswith(";"))
        told.append(part[:1].upper() + part[1:] if begins else part)
    return " ".join(told)


def advice_html(advice: Sequence[Advice]) -> Html:
    """Return advice as a table for a notebook."""
    groups = grouped(advice)
    return markup.table(
        ("Step", "What to do", "Numbers"),
        [_row(one) for one in groups[: markup.MOST_ROWS]],
        first=markup.MOST_ROWS,
        more=more_text(len(groups), "plan.advice"),
        stacks=True,
    )


def _row(group: AdviceGroup) -> list[Html]:
    cause = markup.Html(" ".join(map(markup.breakable, (*group.services, group.error_code))))
    lines = [markup.under(listed(numbers, most=_MOST_NUMBERS), own) for own, numbers in group.numbers.items()]
    shown, rest = lines[:_FIRST_LINES], lines[_FIRST_LINES:_MOST_LINES]
    hidden = sum(map(len, list(group.numbers.values())[_FIRST_LINES:]))
    left = len(lines) - _MOST_LINES
    end = [f"and {left:,} more in plan.advice"] if left > 0 else []
    return [
        markup.under(markup.badge(group.step), cause if group.error_code or group.services else ""),
        markup.text(group.text, _LONGEST),
        markup.Html(
            f"{markup.stacked(shown)}{markup.folded(f'{counted(hidden)} more', markup.stacked([*rest, *end]))}"
            if rest
            else markup.stacked(shown)
        ),
    ]
