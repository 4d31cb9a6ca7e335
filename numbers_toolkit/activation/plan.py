"""Plans as plain immutable values, and their files; what they consist of stands in ``items``.

A plan sends nothing and knows no client. Its file is readable JSON with a checksum, so that a plan that was
changed by hand is noticed before it spends money.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from numbers_toolkit.activation.costs import monthly_total, total
from numbers_toolkit.activation.items import (
    Advice,
    Configuration,
    Item,
    PlannedNumber,
    PlannedRelease,
    PlannedUpdate,
    Wish,
    item_content,
    read_item,
)
from numbers_toolkit.activation.plain import Plain, checksum, text_bytes
from numbers_toolkit.amounts import exact_amount
from numbers_toolkit.errors import InvalidInputError, PlanError
from numbers_toolkit.writing import replacing

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    import pandas as pd

__all__ = [
    "FORMAT",
    "ActivationPlan",
    "Advice",
    "ChangePlan",
    "Configuration",
    "Item",
    "Plan",
    "PlannedNumber",
    "PlannedRelease",
    "PlannedUpdate",
    "Wish",
    "load_plan",
    "plan_from_content",
]

#: Version of the file format; a reader refuses a higher one, and warns of fields that it does not know.
FORMAT: Final = 1
_PLAN_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def _amounts(content: Mapping[str, str] | None) -> Mapping[str, Decimal] | None:
    if content is None:
        return None
    amounts = {code: exact_amount(str(amount)) for code, amount in content.items()}
    if None in amounts.values():
        raise PlanError(f"The plan holds a budget that is no amount: {dict(content)!r}. Nothing was sent.")
    return MappingProxyType(cast("dict[str, Decimal]", amounts))


def _items(content: Iterable[Mapping[str, Any]]) -> tuple[Item, ...]:
    return tuple(read_item(one) for one in content)


@dataclass(frozen=True, kw_only=True)
class Plan(Plain):
    """What is to be done in one project; see :class:`ActivationPlan` and :class:`ChangePlan`.

    Parameters
    ----------
    plan_id : str
        Identity: a plan is carried out once, however often it is started.
    project_id : str
        Project it was made for.
    source : str
        What the project is: ``production``, ``sandbox``, or ``server HOST``.
    made_at : str
        When it was made, RFC 3339.
    items : tuple
        What is to be done with each number, one item for a number.
    warnings : tuple of str
        What a person should know before it is carried out.
    """

    READERS: ClassVar[Mapping[str, Any]] = MappingProxyType({"items": _items, "warnings": tuple})
    kind: ClassVar[str] = ""

    plan_id: str
    project_id: str
    source: str
    made_at: str
    items: tuple[Item, ...]
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.items and not self._may_be_empty():
            raise PlanError("The plan is empty: there is no number in it. Nothing was sent.")
        counted = Counter(one.phone_number for one in self.items)
        twice = sorted(number for number, times in counted.items() if times > 1)
        if twice:
            raise PlanError(
                f"The plan names {', '.join(twice)} twice. Each number can be in it once; nothing was sent.",
                faults=twice,
            )

    def _may_be_empty(self) -> bool:
        return False

    def __len__(self) -> int:
        return len(self.items)

    def content(self) -> dict[str, Any]:
        """Return the plan as JSON content, with format, kind and checksum."""
        plain = {**super().content(), "items": [item_content(one) for one in self.items]}
        whole = {"format": FORMAT, "kind": self.kind, **plain}
        return {**whole, "check": checksum(whole)}

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the plan to a file as readable JSON.

        Parameters
        ----------
        path : path-like
            File to write; one that is there is replaced.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        OutputError
            When it can't be written.
        """
        text = json.dumps(self.content(), ensure_ascii=False, indent=1)
        with replacing(path) as temporary:
            temporary.write_bytes(text_bytes(text + "\n"))
        return Path(path).expanduser()

    def to_frame(self) -> pd.DataFrame:
        """Return one row per number: see :data:`numbers_toolkit.tables.PLANNED`."""
        from numbers_toolkit.activation.showing import plan_frame

        return plan_frame(self)

    def __repr__(self) -> str:
        from numbers_toolkit.activation.showing import plan_text

        return plan_text(self)

    def _repr_html_(self) -> str:
        from numbers_toolkit.activation.showing import plan_html

        return plan_html(self)


@dataclass(frozen=True, kw_only=True, repr=False)
class ActivationPlan(Plan):
    """Numbers to buy. Made by :func:`numbers_toolkit.plan_activation`.

    Parameters
    ----------
    wishes : tuple of Wish
        Wishes behind the numbers; a number of a wish that is taken meanwhile is replaced by the next best.
    max_setup, max_monthly : mapping of str to Decimal, or None
        Budgets by currency.
    max_price : mapping of str to Decimal, or None
        The most that one number may cost a month, by currency; holds for a replacement too.
    """

    READERS: ClassVar[Mapping[str, Any]] = MappingProxyType(
        {
            **Plan.READERS,
            "wishes": lambda content: tuple(Wish.read(one) for one in content),
            "max_setup": _amounts,
            "max_monthly": _amounts,
            "max_price": _amounts,
        }
    )
    kind: ClassVar[str] = "activation"

    wishes: tuple[Wish, ...] = ()
    max_setup: Mapping[str, Decimal] | None = None
    max_monthly: Mapping[str, Decimal] | None = None
    max_price: Mapping[str, Decimal] | None = None

    @property
    def numbers(self) -> tuple[PlannedNumber, ...]:
        """The numbers to buy."""
        return tuple(one for one in self.items if isinstance(one, PlannedNumber))

    def costs(self, part: str) -> dict[str, Decimal]:
        """Return what the plan costs in each currency.

        Parameters
        ----------
        part : {"setup", "monthly", "first_payment", "first_year"}
            What to add up.
        """
        return total((one.cost for one in self.numbers), part)


@dataclass(frozen=True, kw_only=True, repr=False)
class ChangePlan(Plan):
    """Numbers to change or to give back, and what only a person can do.

    Parameters
    ----------
    purpose : {"update", "release", "repair"}
        What it is for.
    advice : tuple of Advice
        Next steps that are not carried out by the plan.
    everything : bool
        Whether it would release every number that the project has; that needs a second consent.
    """

    READERS: ClassVar[Mapping[str, Any]] = MappingProxyType(
        {**Plan.READERS, "advice": lambda content: tuple(Advice.read(one) for one in content)}
    )
    kind: ClassVar[str] = "change"

    purpose: str
    advice: tuple[Advice, ...] = ()
    everything: bool = False

    def _may_be_empty(self) -> bool:
        return self.purpose == "repair"

    def saved_monthly(self) -> dict[str, Decimal]:
        """Return what the releases of the plan save each month, in each currency."""
        released = (one.cost for one in self.items if isinstance(one, PlannedRelease))
        return monthly_total(one for one in released if one is not None)


_KINDS: Final[Mapping[str, Any]] = MappingProxyType({"activation": ActivationPlan, "change": ChangePlan})


def load_plan(path: str | os.PathLike[str]) -> Plan:
    """Read a plan that was saved.

    Parameters
    ----------
    path : path-like
        File written by ``plan.save(path)``.

    Returns
    -------
    ActivationPlan or ChangePlan
        The plan, with the identity that it had: if it was carried out before, it is not carried out again.

    Raises
    ------
    PlanError
        When the file is no plan, was changed by hand, or comes from a newer version.
    """
    file = Path(path).expanduser()
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInputError(
            f"{file} can't be read: {error.strerror or error}. Nothing was sent."
        ) from error
    except (ValueError, RecursionError) as error:
        raise PlanError(f"{file} is no plan: it is not JSON ({error}). Nothing was sent.") from error
    return plan_from_content(content, str(file))


def plan_from_content(content: Any, where: str) -> Plan:
    """Return the plan that JSON content stands for; ``where`` names it in messages."""
    if not isinstance(content, dict) or "plan_id" not in content or "format" not in content:
        raise PlanError(f"{where} is no plan. Nothing was sent.")
    if not isinstance(content["format"], int) or content["format"] > FORMAT:
        raise PlanError(
            f"{where} has format {content['format']!r}; this version reads up to {FORMAT}. Use a newer version. "
            "Nothing was sent."
        )
    if content.get("check") != checksum({name: one for name, one in content.items() if name != "check"}):
        raise PlanError(
            f"{where} was changed after it was saved: its checksum does not fit. Make a new plan instead of "
            "editing one. Nothing was sent."
        )
    cls = _KINDS.get(str(content.get("kind")))
    if cls is None:
        raise PlanError(
            f"{where} is a plan of kind {content.get('kind')!r}, which this version does not know."
        )
    # It becomes the name of a file.
    if not _PLAN_ID.fullmatch(str(content["plan_id"])):
        raise PlanError(
            f"{where} has the identity {content['plan_id']!r}, which no plan has. Nothing was sent."
        )
    try:
        return cast("Plan", cls.read(content))
    except PlanError:
        raise
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise PlanError(f"{where} lacks something that a plan needs: {error}. Nothing was sent.") from error
