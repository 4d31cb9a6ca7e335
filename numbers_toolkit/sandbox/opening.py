"""Make the account of a sandbox: fill a new state, or go on with an old one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numbers_toolkit.sandbox.account import Account
from numbers_toolkit.sandbox.campaigns import magic_targets, seeded_targets
from numbers_toolkit.sandbox.clock import Clock, from_text
from numbers_toolkit.sandbox.records import ActiveNumber, offer_values
from numbers_toolkit.sandbox.seed import active_rows, stock_rows
from numbers_toolkit.sandbox.store import SCHEMA_VERSION, Store
from numbers_toolkit.sandbox.tokens import Identity

if TYPE_CHECKING:
    from numbers_toolkit.sandbox.settings import Settings

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Recipe:
    """What a new state is made from; None for a list of numbers means seeded ones."""

    settings: Settings
    path: Path | None = None
    numbers: tuple[Document, ...] | None = None
    available_numbers: tuple[Document, ...] | None = None

    @classmethod
    def of(
        cls,
        settings: Settings,
        path: str | Path | None,
        numbers: Iterable[Document] | None,
        available_numbers: Iterable[Document] | None,
    ) -> Recipe:
        """Check the numbers and take them over."""
        active = None if numbers is None else tuple(numbers)
        offers = None if available_numbers is None else tuple(available_numbers)
        _check_keys([*(active or ()), *(offers or ())])
        return cls(settings, None if path is None else Path(path), active, offers)


def open_account(recipe: Recipe) -> Account:
    """Open the state, filling it first when it is new."""
    store = Store(recipe.path)
    try:
        if store.is_empty():
            fill(store, recipe)
        _check_version(store, recipe)
    except BaseException:
        store.close()
        raise
    clock = Clock(int(store.meta("now") or 0), running=recipe.settings.clock == "running")
    identity = Identity.from_seed(int(store.meta("seed") or 0))
    return Account(recipe.settings, store, clock, identity)


def _check_version(store: Store, recipe: Recipe) -> None:
    if store.meta("schema") != SCHEMA_VERSION:
        raise ValueError(f"{recipe.path} was not written by this version of the sandbox")


def fill(store: Store, recipe: Recipe) -> None:
    """Replace the content of a store by the content the recipe describes."""
    settings = recipe.settings
    now = from_text(settings.start)
    project_id = Identity.from_seed(settings.seed).project_id
    targets = seeded_targets(settings.seed, now)
    if recipe.numbers is None:
        active = active_rows(settings.seed, settings.active, project_id, now, targets)
        taken = settings.active
    else:
        active, taken = _given_active(recipe.numbers), 0
    if recipe.available_numbers is None:
        given = {str(document["phoneNumber"]) for document in recipe.numbers or ()}
        stock = _without(stock_rows(settings.available, taken), given)
    else:
        stock = iter([[offer_values(dict(document)) for document in recipe.available_numbers]])
        given = {str(document["phoneNumber"]) for document in recipe.available_numbers}
        active = _without(active, given)
    meta = {"seed": str(settings.seed), "now": str(now), "balance": str(settings.balance), "hmac_secret": ""}
    store.create(active, stock, [*targets, *magic_targets()], meta)


def _without(batches: Iterator[list[tuple[Any, ...]]], given: set[str]) -> Iterator[list[tuple[Any, ...]]]:
    """Leave out seeded rows whose number the caller brings along."""
    for batch in batches:
        yield [row for row in batch if row[0] not in given] if given else batch


def _given_active(documents: tuple[Document, ...]) -> Iterator[list[tuple[Any, ...]]]:
    yield [ActiveNumber(dict(document), untouched=True).values() for document in documents]


def _check_keys(documents: list[Document]) -> None:
    seen: set[str] = set()
    for document in documents:
        number = document.get("phoneNumber")
        if not isinstance(number, str) or not number:
            raise ValueError(f"a number needs a phoneNumber that is a text, not {number!r}")
        if number in seen:
            raise ValueError(
                f"{number} is given twice; the fault duplicate_number repeats numbers on the wire"
            )
        seen.add(number)
