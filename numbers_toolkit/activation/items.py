"""What is to be done with single numbers: buy, change, release, or advise a person. Plain immutable values."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from numbers_toolkit import vocabulary
from numbers_toolkit.activation.costs import Cost, Recurring
from numbers_toolkit.activation.plain import Plain
from numbers_toolkit.amounts import exact_amount
from numbers_toolkit.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Advice",
    "Configuration",
    "Item",
    "PlannedNumber",
    "PlannedRelease",
    "PlannedUpdate",
    "Wish",
    "item_content",
    "read_item",
]

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def _cost(content: Mapping[str, Any] | None) -> Cost | None:
    if content is None:
        return None
    amounts = {name: exact_amount(str(content[name])) for name in ("setup", "monthly")}
    if None in amounts.values():
        raise PlanError(f"The plan holds a price that is no amount: {dict(content)!r}.")
    return Cost(
        **cast("Any", amounts),
        currency_code=str(content["currency_code"]),
        payment_interval_months=int(content["payment_interval_months"]),
    )


def _recurring(content: Mapping[str, Any] | None) -> Recurring | None:
    if content is None:
        return None
    price = exact_amount(str(content["price"]))
    if price is None:
        raise PlanError(f"The plan holds a price that is no amount: {dict(content)!r}.")
    return Recurring(price, str(content["currency_code"]), int(content["payment_interval_months"]))


def _frozen(content: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(content))


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration(Plain):
    """What a number is to be set up with; an empty text leaves that part alone.

    Parameters
    ----------
    service_plan_id, campaign_id : str
        SMS service plan and 10DLC campaign.
    voice_type, voice_id : str
        ``RTC``, ``EST`` or ``FAX``, and the app, trunk or service.
    callback_url : str
        Where the number's events go.
    """

    service_plan_id: str = ""
    campaign_id: str = ""
    voice_type: str = ""
    voice_id: str = ""
    callback_url: str = ""

    def arguments(self) -> dict[str, str]:
        """Return what was given, named as the client's methods name it.

        Examples
        --------
        >>> Configuration(service_plan_id="3d5b0c7f9e1a4d62b8f0a4c6e2d19b57").arguments()
        {'service_plan_id': '3d5b0c7f9e1a4d62b8f0a4c6e2d19b57'}
        """
        return {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name)}


@dataclass(frozen=True, slots=True)
class Wish(Plain):
    """So many numbers of one kind, whichever they are.

    Parameters
    ----------
    count : int
        How many.
    region_code, number_type : str
        Region and ``MOBILE``, ``LOCAL`` or ``TOLL_FREE``.
    capabilities : str or iterable of str
        Capabilities that each number must have.
    pattern, search_pattern : str
        Digits to look for, and where, as in a search.

    Examples
    --------
    >>> Wish(count=20, region_code="us", number_type="local", pattern="+1307", search_pattern="START")
    Wish(20 US LOCAL START +1307)
    >>> Wish(5, "SE", "MOBILE")
    Wish(5 SE MOBILE)
    """

    count: int
    region_code: str
    number_type: str
    capabilities: tuple[str, ...] = ()
    pattern: str = ""
    search_pattern: str = "CONTAINS"

    def __post_init__(self) -> None:
        checked = vocabulary.check_pattern(self.pattern or None, self.search_pattern)
        values = {
            "count": vocabulary.check_count(self.count, "count"),
            "region_code": vocabulary.check_region_code(self.region_code),
            "number_type": vocabulary.check_number_type(self.number_type),
            "capabilities": tuple(vocabulary.check_capabilities(self.capabilities)),
            "pattern": checked[0] if checked else "",
            "search_pattern": checked[1] if checked else "CONTAINS",
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        parts = [str(self.count), self.region_code, self.number_type, *self.capabilities]
        return f"Wish({' '.join([*parts, *([self.search_pattern, self.pattern] if self.pattern else [])])})"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedNumber(Plain):
    """One number to buy.

    Parameters
    ----------
    phone_number, region_code, number_type : str
        The number.
    capabilities : tuple of str
        What it can do.
    cost : Cost
        Its prices as they were shown; a higher price at the time of buying stops it.
    route : {"rent", "order"}
        The call that buys it: ``:rent``, or a number order.
    route_reason : str
        Why that route.
    configuration : Configuration
        What it is set up with.
    papers : bool
        Whether registration data or documents are required.
    wish : int or None
        Position of the wish that it fulfils; None for a number that was chosen by a person.
    """

    READERS: ClassVar[Mapping[str, Any]] = MappingProxyType(
        {"capabilities": tuple, "cost": _cost, "configuration": Configuration.read}
    )

    phone_number: str
    region_code: str
    number_type: str
    capabilities: tuple[str, ...] = ()
    cost: Cost
    route: str
    route_reason: str = ""
    configuration: Configuration = Configuration()
    papers: bool = False
    wish: int | None = None

    @property
    def action(self) -> str:
        """What is done with the number: the route."""
        return self.route


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedUpdate(Plain):
    """One number to change.

    Parameters
    ----------
    phone_number, region_code, number_type : str
        The number.
    changes : mapping of str to str
        New values by the names of :meth:`NumbersClient.update_active_number`; ``""`` unlinks or clears.
    unlink : mapping of str to str
        Links to take away first; the change is sent when that has been carried out.
    before : mapping of str to str
        What the changed values were when the plan was made.
    reason : str
        Why.
    """

    READERS: ClassVar[Mapping[str, Any]] = MappingProxyType(
        {"changes": _frozen, "unlink": _frozen, "before": _frozen}
    )
    action: ClassVar[str] = "update"

    phone_number: str
    region_code: str = ""
    number_type: str = ""
    changes: Mapping[str, str]
    unlink: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    before: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRelease(Plain):
    """One number to give back.

    Parameters
    ----------
    phone_number, region_code, number_type : str
        The number.
    display_name : str
        Its name, for the person who reads the plan.
    cost : Recurring or None
        What it costs, and so what is saved; None when the number has no price.
    ends_at : str
        When the release takes effect, as expected: the next charge date, RFC 3339.
    reason : str
        Why.
    """

    READERS: ClassVar[Mapping[str, Any]] = MappingProxyType({"cost": _recurring})
    action: ClassVar[str] = "release"

    phone_number: str
    region_code: str = ""
    number_type: str = ""
    display_name: str = ""
    cost: Recurring | None = None
    ends_at: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice(Plain):
    """What a person has to do about a number, since no call can do it safely.

    Parameters
    ----------
    phone_number : str
        The number.
    service : str
        ``SMS`` or ``VOICE``.
    error_code : str
        What failed.
    step : str
        The kind of next step.
    text : str
        What to do, in words.
    not_before : str
        When it makes sense, RFC 3339; ``""`` at once.
    """

    phone_number: str
    service: str = ""
    error_code: str = ""
    step: str
    text: str
    not_before: str = ""


Item = PlannedNumber | PlannedUpdate | PlannedRelease
_ITEMS: Final[Mapping[str, Any]] = MappingProxyType(
    {"rent": PlannedNumber, "order": PlannedNumber, "update": PlannedUpdate, "release": PlannedRelease}
)


def read_item(content: Mapping[str, Any]) -> Item:
    """Return the planned number, update or release that JSON content stands for."""
    action = content.get("action") or content.get("route")
    cls = _ITEMS.get(str(action))
    if cls is None:
        raise PlanError(
            f"The plan asks for {action!r}, which this version can't do. Nothing was sent; use a newer version."
        )
    return cast("Item", cls.read({name: value for name, value in content.items() if name != "action"}))


def item_content(item: Item) -> dict[str, Any]:
    """Return an item as JSON content that says what it is."""
    return {"action": item.action, **item.content()}
