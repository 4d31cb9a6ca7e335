"""The form for number orders: papers, the order itself, and how each order stands until its number is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from numbers_toolkit import vocabulary
from numbers_toolkit.activation import activating
from numbers_toolkit.activation.items import PlannedNumber
from numbers_toolkit.activation.order_states import (
    COMPLETED,
    IN_REVIEW,
    NEEDS_NEW_ORDER,
    NEEDS_PAPERS,
    ORDER_STATES,
    order_states,
)
from numbers_toolkit.activation.paper_words import listed
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.widgets.order_papers import PapersForm
from numbers_toolkit.widgets.order_view import orders_in_words
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    import os

    import pandas as pd

    from numbers_toolkit.activation.given_papers import Papers
    from numbers_toolkit.activation.plan import ActivationPlan, Plan
    from numbers_toolkit.activation.requirement_values import Requirements
    from numbers_toolkit.activation.result import Result
    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.markup import Tone

__all__ = ["OrderForm"]

#: What the form is for when nothing says it.
_KIND = ("SE", "MOBILE")


class OrderForm(PapersForm):
    """Fill in the papers that numbers of one region and type are ordered with, check them, and follow the orders.

    The form is made of what the API asks for: a field for each part of the registration, one for each document.
    Checking sends nothing; every fault stands at its field. What is entered is in no saved state of the notebook,
    and is forgotten when the form is closed.

    Parameters
    ----------
    client : NumbersClient
        From :func:`numbers_toolkit.connect`.
    region_code : str, optional
        ISO 3166-1 alpha-2. Not given, it is that of the plan or journal, else ``"SE"``.
    number_type : str, optional
        ``MOBILE``, ``LOCAL`` or ``TOLL_FREE``. Not given, it is that of the plan or journal, else ``MOBILE``.
    plan : ActivationPlan, optional
        What the papers are for; the form then leads on to its activation.
    numbers : optional
        The same without a plan: what :func:`numbers_toolkit.plan_activation` takes, ``"3 SE LOCAL"`` for example.
    journal : path-like, optional
        Journal of an activation that was begun before, whose orders are shown and can be gone on with.
    journals : path-like, optional
        Folder of the journals of what is activated; as for :class:`ActivationPanel`.
    papers : Papers, optional
        To begin with: what was filled in before.

    Attributes
    ----------
    papers : Papers or None
        The papers, once they were checked; None before, and when something was changed since. A trait to observe.
        Hand them to :func:`numbers_toolkit.activate` as ``papers``.
    requirements : Requirements or None
        What is asked for, once it is known; a trait.
    activation : ActivationPanel or None
        The panel that orders; a trait.
    result : Result or None
        What became of the plan; a trait.
    orders : pandas.DataFrame
        How each order stood when it was last read, as from
        :func:`numbers_toolkit.activation.order_states.order_states`; a trait.

    Raises
    ------
    InvalidInputError
        When ``client`` is none, region or type can't be right, or the plan orders no such numbers.

    Examples
    --------
    >>> import numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client:
    ...     form = nt.widgets.OrderForm(client, "GB", "TOLL_FREE").wait()
    ...     form.fill({"companyName": "Example Ltd", "country": "GB", "contactEmail": "office@example.com"})
    ...     form.check()
    ...     print(form.wait().notice)
    ...     form.fill({"intendedUse": "ALERTS"})
    ...     form.check()
    ...     print(form.wait().papers)
    ...     form.close()
    One thing is missing or wrong; nothing was sent. Intended use is missing.
    <Papers: data (companyName, country, contactEmail and intendedUse)>
    """

    activation = traitlets.Any(None, read_only=True)
    result = traitlets.Any(None, read_only=True)
    orders = traitlets.Any(read_only=True)

    def __init__(
        self,
        client: NumbersClient,
        region_code: str | None = None,
        number_type: str | None = None,
        *,
        plan: ActivationPlan | None = None,
        numbers: Any = None,
        journal: str | os.PathLike[str] | None = None,
        journals: str | os.PathLike[str] | None = None,
        papers: Papers | None = None,
    ) -> None:
        if not hasattr(client, "lookup_number_requirements"):
            raise InvalidInputError(
                f"OrderForm needs a client, not {type(client).__name__}: OrderForm(nt.connect(), 'SE', 'LOCAL')."
            )
        past = None if journal is None else activating.read_result(journal)
        known = plan if plan is not None or past is None else past.plan
        region, kind = _kind(region_code, number_type, known)
        self._wanted = numbers if plan is None else plan
        self._journals = None if journals is None else Path(journals)
        super().__init__(client, region, kind, papers=papers)
        self.set_trait("orders", ORDER_STATES.empty())
        self.set_trait("result", past)
        self.load()

    def _loaded(self, needed: Requirements) -> None:
        super()._loaded(needed)
        if self._wanted is not None and self.result is None:
            about = counted(len(self._wanted)) if hasattr(self._wanted, "plan_id") else "the numbers"
            self._view.offer_order(f"Go on to order {about}")
        if self.result is not None and not self.busy:
            self.refresh()

    def _accept(self, papers: Papers | None) -> None:
        super()._accept(papers)
        panel = self.activation
        if panel is not None and not panel.closed and not panel.busy:
            panel.papers = self._by_kind()

    def _by_kind(self) -> dict[tuple[str, str], Papers] | None:
        return None if self.papers is None else {(self._region, self._type): self.papers}

    def _next_step(self) -> str:
        if self.result is not None:
            return "Nothing was sent; go on with the orders below when you like."
        if self._wanted is not None:
            return "Nothing was sent; go on to the order when you like."
        return super()._next_step()

    # -- ordering -----------------------------------------------------------------------------------------------

    def order(self) -> None:
        """Open a panel below that shows what the numbers cost and orders them with these papers when you say so."""
        if self._wanted is None:
            self.say(
                "There is nothing to order: make the form with plan=... or numbers=..., or hand form.papers to "
                "nt.activate.",
                "warn",
            )
            return
        self._open(self._wanted)

    def resume(self) -> None:
        """Open a panel below that goes on with the orders, with these papers, when you say so."""
        if self.result is None:
            self.say("There is no order yet that could be gone on with.", "warn")
            return
        self._open(self.result)
        panel = self.activation
        if panel is not None and panel.stage == "done" and not panel.busy:
            # What a person wants here is known: the question that names the sum comes at once.
            panel.resume()

    def order_anew(self) -> None:
        """Open a panel below that orders the numbers whose orders were rejected once more, when you say so."""
        rejected = self._numbers_in(NEEDS_NEW_ORDER)
        if not rejected:
            self.say(
                "No order was rejected, as far as it was read. 'Refresh' reads the orders again.", "warn"
            )
            return
        self._open(rejected)

    def _open(self, what: Any) -> None:
        former = self.activation
        if former is not None and former.busy:
            self.say(
                "An order is still being carried out below. Wait for its end, or cancel it there.", "warn"
            )
            return
        if self.papers is None:
            self.say("Check the papers first; nothing was sent.", "warn")
            return
        from numbers_toolkit.widgets.activation_panel import ActivationPanel

        self.clear_notice()
        panel = ActivationPanel(what, self.client, journals=self._journals, papers=self._by_kind())
        panel.observe(lambda change: self._follow(change["new"]), "result")
        self._view.show_beneath([panel])
        self.set_trait("activation", panel)
        if former is not None:
            former.close()

    # -- afterwards ---------------------------------------------------------------------------------------------

    def _follow(self, result: Result | None) -> None:
        if result is None or self.closed:
            return
        self.set_trait("result", result)
        # What is left to do is done with the orders from here on.
        self._view.offer_order("")
        if not self.busy:
            self.refresh()

    def refresh(self) -> None:
        """Read how each order stands now. Sends nothing that costs."""
        result, client = self.result, self.client
        if result is None:
            self.say("There is no order yet.", "warn")
            return
        self._start(
            "refresh", lambda job: order_states(result, client, progress=job.progress), self._show_orders
        )

    def _show_orders(self, orders: pd.DataFrame) -> None:
        self.set_trait("orders", orders)
        self._view.show_orders(
            orders,
            resume=bool(self._numbers_in(NEEDS_PAPERS)),
            anew=bool(self._numbers_in(NEEDS_NEW_ORDER)),
        )
        states = set(orders["order_state"].astype(str))
        tone: Tone = (
            "good" if states <= {COMPLETED} else "info" if states <= {COMPLETED, IN_REVIEW} else "warn"
        )
        self.say(orders_in_words(orders), tone)

    def _numbers_in(self, states: tuple[str, ...]) -> list[str]:
        return list(self.orders["phone_number"][self.orders["order_state"].isin(states)])

    def _forget(self) -> None:
        super()._forget()
        self._wanted = None
        for name in ("activation", "result"):
            self.set_trait(name, None)


def _kind(region_code: str | None, number_type: str | None, plan: Plan | None) -> tuple[str, str]:
    """Return which kind of number the form is for; raise when the plan orders none of that kind."""
    region = None if region_code is None else vocabulary.check_region_code(region_code)
    kind = None if number_type is None else vocabulary.check_number_type(number_type)
    if plan is None:
        return region or _KIND[0], kind or _KIND[1]
    ordered = list(
        dict.fromkeys(
            (one.region_code, one.number_type)
            for one in plan.items
            if isinstance(one, PlannedNumber) and one.route == "order"
        )
    )
    if not ordered:
        raise InvalidInputError(
            "The plan orders no numbers: none of its numbers needs papers. Carry it out with ActivationPanel(plan)."
        )
    found = [one for one in ordered if region in (None, one[0]) and kind in (None, one[1])]
    if not found:
        raise InvalidInputError(
            f"The plan orders no {region or ''} {kind or ''} numbers; it orders "
            f"{listed(' '.join(one) for one in ordered)}.".replace("  ", " ")
        )
    return found[0]
