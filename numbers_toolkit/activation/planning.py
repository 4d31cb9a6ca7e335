"""From what a person wants to a plan that can be shown, saved and carried out.

Everything that can be known is looked up first, and all faults are told at once. Reads only: nothing that costs is
sent.
"""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from numbers_toolkit.activation import checks, prices
from numbers_toolkit.activation.candidates import allot, search_wish, shortage
from numbers_toolkit.activation.costs import read_budget
from numbers_toolkit.activation.desk import now_text
from numbers_toolkit.activation.findings import Findings
from numbers_toolkit.activation.items import Configuration, PlannedNumber
from numbers_toolkit.activation.looking import look_up
from numbers_toolkit.activation.offers import Offer
from numbers_toolkit.activation.plan import ActivationPlan
from numbers_toolkit.activation.remembered import remember
from numbers_toolkit.activation.requirements import order_requirements
from numbers_toolkit.activation.room import ActiveNumbers, check_limit, check_room
from numbers_toolkit.activation.routes import ORDER, check_route, route_of, warn_of_route
from numbers_toolkit.activation.wanted import Wanted, read_wanted
from numbers_toolkit.progress import progress_bar
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from numbers_toolkit.activation.candidates import Found
    from numbers_toolkit.activation.costs import Amounts
    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.progress import Progress

__all__ = ["plan_activation"]


def plan_activation(
    client: NumbersClient,
    what: Any,
    *,
    service_plan_id: str | None = None,
    campaign_id: str | None = None,
    voice_type: str | None = None,
    voice_id: str | None = None,
    callback_url: str | None = None,
    max_setup: Any = None,
    max_monthly: Any = None,
    max_price: Any = None,
    route: str = "auto",
    campaign_limit: int | None = 50,
    active: pd.DataFrame | None = None,
    progress: Progress = None,
) -> ActivationPlan:
    """Plan to buy numbers: look everything up that can be known, and buy nothing.

    Parameters
    ----------
    client : NumbersClient
        From :func:`numbers_toolkit.connect`.
    what : DataFrame, str, Wish or iterable of these
        Rows of numbers on offer (also read back from a file), phone numbers in E.164, or wishes: a
        :class:`numbers_toolkit.Wish`, or its text such as ``"20 US LOCAL SMS START +1307"``. Several go into a list,
        mixed if need be.
    service_plan_id : str, optional
        SMS service plan to join; the numbers must have SMS.
    campaign_id : str, optional
        10DLC campaign to join; needs a service plan. Numbers outside the US are bought without it.
    voice_type : {"RTC", "EST", "FAX"}, optional
        Voice product; ``RTC`` when only an id is given.
    voice_id : str, optional
        App id (RTC), trunk id (EST) or service id (FAX); the numbers must have VOICE.
    callback_url : str, optional
        Where the numbers' events go. It stands in the plan in clear, so it can't hold a user name or password.
    max_setup, max_monthly : str, mapping, Decimal or int, optional
        Budgets: the most that setup may cost in all, and all numbers together a month. ``"25.00 USD"``,
        ``"25.00 USD, 300 SEK"`` or ``{"USD": "25.00"}``; a bare amount where all numbers have one currency.
    max_price : str, mapping, Decimal or int, optional
        The most that one number may cost a month, written like a budget. Chosen numbers above it are refused, for
        wishes they are passed over.
    route : {"auto", "rent", "order"}, default "auto"
        How to buy. ``auto`` uses ``:rent`` for US LOCAL numbers and a number order for all others.
    campaign_limit : int or None, default 50
        How many numbers the campaign can hold: 1 for a sole proprietor's, None for a number pool.
    active : pandas.DataFrame, optional
        Active numbers that were read already. Without it, the US numbers are read when there is a campaign.
    progress : bool, callable or None
        True shows a bar, None shows one when a person is looking, a callable is told ``(done, total)``.

    Returns
    -------
    ActivationPlan
        A plain, immutable value: shows itself in a notebook, ``save(path)``, ``to_frame()``. Prices, capabilities and
        availability are those of now; :func:`numbers_toolkit.activate` carries it out.

    Raises
    ------
    InvalidInputError
        When an argument can't be right; nothing is sent.
    PlanError
        When the plan can't be made; all reasons are in ``faults``.
    BudgetExceededError
        When nothing but budgets forbids it; names sum, budget and excess of each currency.
    APIError, TransportError, ResponseFormatError
        When the API can't be read.

    Notes
    -----
    Nothing is reserved: a number can be taken by somebody else before the plan is carried out. Wishes take the
    cheapest numbers that the search shows; where wishes and configuration ask for it, only numbers with SMS or VOICE.
    Numbers in other currencies are neither converted nor compared. Source of the rules: the Numbers API's OpenAPI
    description 1.0.3, and what :mod:`numbers_toolkit.activation.routes` and
    :mod:`numbers_toolkit.activation.checks` say.

    Examples
    --------
    >>> import numbers_toolkit as nt
    >>> from numbers_toolkit.activation.planning import plan_activation
    >>> with nt.connect(sandbox=True) as client:
    ...     plan = plan_activation(client, ["3 US LOCAL SMS", "2 SE MOBILE"], max_monthly="5 USD, 50 SEK")
    >>> len(plan), [str(amount) for amount in plan.costs("monthly").values()]
    (5, ['48.00', '1.80'])
    """
    asked = check_route(route)
    limit = check_limit(campaign_limit)
    budgets = {"max_setup": max_setup, "max_monthly": max_monthly, "max_price": max_price}
    for name, given in budgets.items():
        read_budget(given, name)
    findings = Findings()
    known = ActiveNumbers.of(active, client, findings)
    configuration = checks.check_configuration(
        {
            "service_plan_id": service_plan_id,
            "campaign_id": campaign_id,
            "voice_type": voice_type,
            "voice_id": voice_id,
            "callback_url": callback_url,
        },
        findings,
    )
    draft = _Draft(client, findings, configuration, asked, budgets)
    draft.choose(what, progress)
    draft.check_links(known, limit, progress)
    draft.check_budgets()
    findings.refuse()
    return draft.plan()


@dataclass
class _Draft:
    """A plan in the making; its methods are called in their order."""

    client: NumbersClient
    findings: Findings
    configuration: Configuration
    route: str
    budgets: Mapping[str, Any]
    wanted: Wanted = field(default_factory=Wanted)
    chosen: list[Offer] = field(default_factory=list)
    granted: list[list[Offer]] = field(default_factory=list)
    allowed: dict[str, Amounts | None] = field(default_factory=dict)

    def choose(self, what: Any, progress: Progress) -> None:
        """Find out what is on offer for what is wanted."""
        needed = checks.needed_capabilities(self.configuration)
        wanted = read_wanted(what, self.findings)
        if not wanted.chosen and not wanted.wishes:
            self.findings.refuse()
        self.wanted = wanted.needing(needed)
        self.chosen = self._look_up(progress)
        pools = self._search_all()
        self._check_provenance()
        most = self._allow("max_price", (*self.chosen, *_flat(one.offers for one in pools)))
        if most is not None:
            # Only now is it known which currency a bare amount is in.
            pools = self._search_all()
        checks.check_abilities(self.chosen, needed, self.findings)
        prices.check_highest_price(self.chosen, most, self.findings)
        self.granted = self._share_out(pools)

    def _look_up(self, progress: Progress) -> list[Offer]:
        chosen = self.wanted.chosen
        if not chosen:
            return []
        with progress_bar("numbers looked up", "numbers", progress) as report:
            found = look_up(self.client, [one.phone_number for one in chosen], report)
        offers = {number: one for number, one in found.items() if isinstance(one, Offer)}
        for one in found.values():
            if isinstance(one, str):
                self.findings.fault(one)
        prices.warn_of_changes(chosen, offers, self.findings)
        return list(offers.values())

    def _search_all(self) -> list[Found]:
        wishes = self.wanted.wishes
        # Other wishes may want the same numbers.
        alike = Counter[tuple[str, str]]()
        for one in wishes:
            alike[one.region_code, one.number_type] += one.count
        taken = {one.phone_number for one in self.wanted.chosen}
        return [
            search_wish(
                self.client,
                one,
                taken,
                alike[one.region_code, one.number_type],
                max_price=self.allowed.get("max_price"),
            )
            for one in wishes
        ]

    def _share_out(self, pools: Sequence[Found]) -> list[list[Offer]]:
        wishes = self.wanted.wishes
        granted = allot([one.count for one in wishes], [one.offers for one in pools])
        for wish, found, own in zip(wishes, pools, granted, strict=True):
            if len(own) < wish.count:
                self.findings.fault(shortage(wish, len(own), found))
        return granted

    def _check_provenance(self) -> None:
        for attrs in self.wanted.provenance:
            project, source = attrs.get("project_id"), attrs.get("source")
            if project and project != self.client.project_id:
                self.findings.fault(
                    f"The frame was read from project {project}, but the client is connected to "
                    f"{self.client.project_id}. Search again with this client."
                )
            elif source == "sandbox" != self.client.source:
                self.findings.fault(
                    f"The frame holds sandbox data, but the client is connected to {self.client.source}. Search "
                    "again with this client."
                )
            elif str(source).startswith("cassette") and source != self.client.source:
                self.findings.fault(
                    f"The frame holds recorded data ({source}), but the client is connected to {self.client.source}. "
                    "Search again with this client."
                )

    def check_links(self, known: ActiveNumbers, limit: int | None, progress: Progress) -> None:
        """Check campaign and service plan against what is planned and what is active."""
        campaign, service_plan = self.configuration.campaign_id, self.configuration.service_plan_id
        kinds = Counter(one.kind for one in self.chosen)
        for wish in self.wanted.wishes:
            kinds[wish.region_code, wish.number_type] += wish.count
        taking = checks.check_campaign_reach(campaign, kinds, self.findings)
        if taking and limit is not None:
            check_room(known.read(progress), campaign, limit, taking, self.findings)
        checks.check_usual_form("service_plan_id", service_plan, known.service_plans(), self.findings)
        checks.check_usual_form("campaign_id", campaign, known.campaigns(), self.findings)

    def check_budgets(self) -> None:
        """Check what the numbers cost, as far as they were found."""
        offers = (*self.chosen, *_flat(self.granted))
        spent = [one.cost for one in offers]
        for name, part in (("max_setup", "setup"), ("max_monthly", "monthly")):
            prices.check_budget(name, part, spent, self._allow(name, offers), self.findings)
        prices.warn_of_intervals(spent, self.findings)

    def _allow(self, name: str, offers: Iterable[Offer]) -> Amounts | None:
        """Read a budget for the currencies of offers."""
        currencies = {one.cost.currency_code for one in offers}
        self.allowed[name] = prices.allowed_amounts(self.budgets[name], name, currencies, self.findings)
        return self.allowed[name]

    def plan(self) -> ActivationPlan:
        """Return the plan; papers are asked for here, when nothing forbids it any more."""
        offers = (*self.chosen, *_flat(self.granted))
        warn_of_route(offers, self.route, self.findings)
        papers = self._papers(offers)
        wishes = [position for position, own in enumerate(self.granted) for _ in own]
        for_wishes = [*[None] * len(self.chosen), *wishes]
        plan = ActivationPlan(
            plan_id=secrets.token_hex(8),
            project_id=self.client.project_id,
            source=self.client.source,
            made_at=now_text(self.client),
            items=tuple(
                self._planned(offer, wish, papers) for offer, wish in zip(offers, for_wishes, strict=True)
            ),
            warnings=tuple(self.findings.warnings),
            wishes=self.wanted.wishes,
            **self.allowed,
        )
        remember(plan, self.client)
        return plan

    def _papers(self, offers: Iterable[Offer]) -> dict[tuple[str, str], bool]:
        """Return whether an order of each kind needs papers, and warn of what is asked for."""
        ordered = Counter(one.kind for one in offers if route_of(*one.kind, self.route)[0] == ORDER)
        needed = {}
        for kind, count in sorted(ordered.items()):
            requirements = order_requirements(self.client, *kind)
            needed[kind] = requirements.mandatory
            if not requirements.known:
                self.findings.warn(
                    f"The API names no requirements for orders of {' '.join(kind)}: nothing special is needed, or "
                    "such numbers can't be ordered. An order that is refused costs nothing."
                )
            elif requirements.mandatory or requirements.not_understood:
                self.findings.warn(
                    f"Papers: {requirements.summary()} The plan has {counted(count)} of this kind."
                )
        return needed

    def _planned(
        self, offer: Offer, wish: int | None, papers: Mapping[tuple[str, str], bool]
    ) -> PlannedNumber:
        route, reason = route_of(*offer.kind, self.route)
        reached = checks.campaign_reaches(*offer.kind)
        return PlannedNumber(
            phone_number=offer.phone_number,
            region_code=offer.region_code,
            number_type=offer.number_type,
            capabilities=offer.capabilities,
            cost=offer.cost,
            route=route,
            route_reason=reason,
            configuration=self.configuration if reached else replace(self.configuration, campaign_id=""),
            papers=papers.get(offer.kind, False),
            wish=wish,
        )


def _flat(groups: Iterable[Iterable[Offer]]) -> list[Offer]:
    return [one for group in groups for one in group]
