"""The panel to search numbers on offer, compare and choose them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import traitlets

from numbers_toolkit import vocabulary
from numbers_toolkit.client import SEARCH_SIZE
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.found_tables import STOCK_BY_PREFIX
from numbers_toolkit.loaders import available_regions
from numbers_toolkit.tables import AVAILABLE_NUMBERS
from numbers_toolkit.widgets.panel import Panel
from numbers_toolkit.widgets.search_controls import ORDERS
from numbers_toolkit.widgets.search_criteria import Criteria, Offer
from numbers_toolkit.widgets.search_findings import Findings
from numbers_toolkit.widgets.search_view import SearchView
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.widgets.working import Job

__all__ = ["SearchPanel"]

#: Traits that are fields of the form too.
_CRITERIA: Final = ("regions", "number_types", "capabilities", "pattern", "search_pattern", "size")


class _Several(traitlets.TraitType):  # type: ignore[type-arg]
    """Words, checked and in the API's spelling; a single one may stand for itself."""

    default_value: Any = ()

    def __init__(self, check: Callable[[Any], list[str]]) -> None:
        super().__init__()
        self._check = check

    def validate(self, _obj: Any, value: Any) -> tuple[str, ...]:
        return tuple(self._check(value))


_KEPT_SETTINGS: Final = (
    "service_plan_id",
    "campaign_id",
    "voice_type",
    "voice_id",
    "callback_url",
    "max_setup",
    "max_monthly",
    "max_price",
)


class SearchPanel(Panel):
    """Search numbers on offer, compare them, and choose the ones to rent.

    Searching and choosing rents nothing. What is found and what is chosen is at hand as DataFrames on the next
    line, while the panel is worked with.

    Parameters
    ----------
    client : NumbersClient
        From :func:`numbers_toolkit.connect`.
    regions : str or iterable of str, default ()
        Region codes that are chosen at the start.
    number_types : str or iterable of str, default ()
        ``MOBILE``, ``LOCAL``, ``TOLL_FREE``; none means every type that a region offers.
    capabilities : str or iterable of str, default ()
        ``SMS``, ``VOICE``; a number has to have all of them.
    pattern : str, optional
        Digits, or letters that stand for those of their keys: ``"PIZZA"`` is 74992.
    search_pattern : {"CONTAINS", "START", "END"}
        Where the pattern has to stand; ``START`` counts from the plus sign on.
    size : int, default 100
        How many numbers to find of each region and type. More than 100 take several requests.
    page_size : int, default 25
        Rows of the table on one page.
    journals : str or path, optional
        Folder of the journals of what is activated; as for :class:`ActivationPanel`.

    Attributes
    ----------
    regions, number_types, capabilities : tuple of str
        What is searched for; traits, as are ``pattern``, ``search_pattern`` and ``size``.
    results : pandas.DataFrame
        What was found last, as from :func:`numbers_toolkit.available_numbers`; a trait to observe.
    selected : pandas.DataFrame
        The chosen rows of it; a trait to observe.
    stock : pandas.DataFrame
        How many each prefix has, as from :func:`numbers_toolkit.analysis.stock_by_prefix`; a trait to observe.
    prefix : str
        Prefix that the table is narrowed to, empty for none; a trait.
    order : {"number", "price", "memorable", ""}
        How the table is sorted; empty when it is by a column of its own. A trait.
    activation : ActivationPanel or None
        The panel that activates what was chosen; a trait.

    Raises
    ------
    InvalidInputError
        When ``client`` is none.

    Examples
    --------
    >>> import numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client:
    ...     panel = nt.widgets.SearchPanel(client, regions="US", number_types="LOCAL", size=5)
    ...     panel.search()
    ...     len(panel.wait().results)
    5
    >>> panel.select(panel.results.phone_number.head(2))
    >>> len(panel.selected)
    2
    >>> panel.close()
    """

    regions = _Several(vocabulary.check_region_codes)
    number_types = _Several(vocabulary.check_number_types)
    capabilities = _Several(vocabulary.check_capabilities)
    pattern = traitlets.Unicode("")
    search_pattern = traitlets.CaselessStrEnum(vocabulary.SEARCH_PATTERNS, default_value="CONTAINS")
    size = traitlets.Any(SEARCH_SIZE)

    results = traitlets.Any(read_only=True)
    selected = traitlets.Any(read_only=True)
    stock = traitlets.Any(read_only=True)
    prefix = traitlets.Unicode("")
    order = traitlets.Enum([*ORDERS, ""], default_value="number")
    activation = traitlets.Any(None, read_only=True)

    def __init__(
        self,
        client: NumbersClient,
        *,
        regions: str | Iterable[str] = (),
        number_types: str | Iterable[str] = (),
        capabilities: str | Iterable[str] = (),
        pattern: str | None = "",
        search_pattern: str = "CONTAINS",
        size: int = SEARCH_SIZE,
        page_size: int = 25,
        journals: str | Path | None = None,
    ) -> None:
        if not hasattr(client, "available_numbers_page"):
            raise InvalidInputError(
                f"SearchPanel needs a client, not {type(client).__name__}: SearchPanel(nt.connect())."
            )
        vocabulary.check_pattern(None, search_pattern)
        self._journals = journals
        self._offer: Offer | None = None
        self._findings: Findings | None = None
        self._opened_for: tuple[str, ...] = ()
        self._faults: dict[str, str] = {}
        self._loading = self._search_waits = self._from_form = self._to_form = False
        super().__init__(label="Search numbers", client=client)
        for name in ("results", "selected", "stock"):
            self.set_trait(name, AVAILABLE_NUMBERS.empty())
        self.set_trait("stock", STOCK_BY_PREFIX.empty())
        self._view = SearchView(vocabulary.check_count(page_size, "page_size"))
        self._connect()
        self.regions, self.number_types, self.capabilities = regions, number_types, capabilities
        self.pattern, self.search_pattern, self.size = pattern or "", search_pattern, size
        self.compose(*self._view.body, controls=self._view.controls)
        self.load_regions()

    def _connect(self) -> None:
        """Have the parts tell the traits, and the traits the parts."""
        view = self._view
        view.form.set_values(search_pattern=self.search_pattern, size=self.size)
        view.order.set_values(order=self.order)
        view.form.on_change(self._field_changed)
        view.form.on_submit(self.search)
        for actions in (view.actions, view.choice):
            actions.on_click(lambda name: getattr(self, name)())
        view.order.on_change(lambda _name, value: setattr(self, "order", value))
        view.bars.observe(lambda change: setattr(self, "prefix", change["new"]), "chosen")
        view.table.observe(self._table_sorted, ["sort_by", "ascending"])
        view.table.observe(self._table_filtered, "filter_text")
        view.table.observe(lambda _change: self._selection_changed(), "selected_keys")
        self.observe(self._criterion_changed, list(_CRITERIA))
        self.observe(self._narrow, "prefix")
        self.observe(lambda change: view.show_order(change["new"]), "order")

    # -- what to search for -------------------------------------------------------------------------------------

    @property
    def criteria(self) -> Criteria:
        """What is searched for, as it stands now."""
        return Criteria(**{name: getattr(self, name) for name in _CRITERIA})

    def load_regions(self) -> None:
        """Load the regions on offer and the number types of each."""
        client = self.client
        self._view.offer_again(regions=False)
        if not self.busy:
            self._loading = True
        self.run(
            "Loading the regions",
            lambda _job: Offer.of(available_regions(client)),
            self._regions_loaded,
            failed=self._regions_failed,
        )

    def _regions_loaded(self, offer: Offer) -> None:
        self._offer = offer
        self._view.show_criteria(self.criteria, offer)
        self._search_if_it_waits()

    def _regions_failed(self, error: BaseException) -> bool:
        self._view.offer_again(regions=True)
        self.fail(error, way_on="The regions could not be loaded; 'Load the regions again' tries once more.")
        self._search_if_it_waits()
        return True

    def _search_if_it_waits(self) -> None:
        waits, self._search_waits = self._search_waits, False
        if waits:
            self.search()

    @traitlets.validate("size")
    def _check_size(self, proposal: dict[str, Any]) -> Any:
        value = proposal["value"]
        if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
            return value  # what is too small, or half a number, is told at its field
        return vocabulary.check_count(value, "size")

    def _field_changed(self, name: str, value: Any) -> None:
        if self._to_form:
            return
        self._from_form = True
        try:
            setattr(self, name, value)
        finally:
            self._from_form = False

    def _criterion_changed(self, change: dict[str, Any]) -> None:
        value = change["new"]
        self._to_form = True
        try:
            self._view.show_criteria(self.criteria, self._offer)
            if not self._from_form:  # what a person typed is not touched
                given = list(value) if isinstance(value, tuple) else value
                self._view.form.set_values(**{change["name"]: given})
        finally:
            self._to_form = False
        self._correct_faults()

    def _correct_faults(self) -> None:
        """Take back faults that are none any more; new ones are told when it is time to search."""
        left = self.criteria.faults(self._offer)
        for name in [name for name in self._faults if self._faults[name] != left.get(name)]:
            self._faults[name] = left.get(name, "")
            self._view.form.change_field(name, error=self._faults[name])

    # -- searching ----------------------------------------------------------------------------------------------

    def search(self) -> None:
        """Search; what can't be is said at its field, and then nothing is sent.

        A search that is asked for while the regions are still being loaded follows them.
        """
        if self.busy and self._loading:
            self._search_waits = True
            return
        self._faults = self.criteria.faults(self._offer)
        self._view.form.show_errors(self._faults)
        if self._faults:
            self.say(f"Nothing was sent. {next(iter(self._faults.values()))}", "warn")
            return
        self._find(self.criteria, further=False)

    def look_further(self) -> None:
        """Repeat the last search, going on beyond the one page that the API shows."""
        if self._findings is not None:
            self._find(self._findings.criteria, further=True)

    def _find(self, criteria: Criteria, *, further: bool) -> None:
        client = self.client

        def find(job: Job[Findings]) -> Findings:
            found = criteria.find(client, further=further, progress=job.progress, hear=job.hear)
            job.check()
            return Findings.of(found, criteria, further=further)

        kept = "What was found before is still shown. " if self._findings is not None else ""
        self.run(
            "Searching",
            find,
            self._show,
            failed=self._search_failed,
            way_on=f"{kept}'Try again' repeats the search.",
        )

    def _search_failed(self, _error: BaseException) -> bool:
        self._view.offer_again(search=True, regions=self._offer is None)
        return False

    def _show(self, findings: Findings) -> None:
        self._findings = findings
        before = len(self.selected)
        with self.hold_trait_notifications():
            self.set_trait("results", findings.results)
            self.set_trait("stock", findings.stock)
            self._view.show_findings(findings)
            self._view.show_order(self.order)
            self._selection_changed()
        gone = before - len(self.selected)
        if gone:
            is_ = "is" if gone == 1 else "are"
            self.say(
                f"{counted(gone, 'selected number')} {is_} not among what was found now; not selected any more.",
                "warn",
            )

    def _show_busy(self, busy: bool) -> None:
        self._view.show_work(searching=busy and not self._loading, busy=busy)
        if not busy:
            self._loading = False

    def cancel(self) -> None:
        """Give up what is going on, and what was to follow it."""
        self._search_waits = False
        super().cancel()

    # -- looking at what was found ------------------------------------------------------------------------------

    def select(self, phone_numbers: Iterable[str]) -> None:
        """Select numbers of the table, and no others.

        Parameters
        ----------
        phone_numbers : iterable of str
            In E.164.
        """
        self._view.table.select(list(phone_numbers))

    def clear_selection(self) -> None:
        """Select nothing."""
        self._view.table.clear_selection()

    def _selection_changed(self) -> None:
        keys = set(self._view.table.selected_keys)
        chosen = self.results["phone_number"].isin(keys)
        self.set_trait("selected", self.results[chosen].reset_index(drop=True))
        self._view.show_selection(len(self.selected))
        self._tell_apart()

    def _tell_apart(self) -> None:
        """Say below when the panel that is open there is for other numbers than those that are selected now."""
        panel, now = self.activation, set(self.selected["phone_number"])
        planning = panel is not None and not panel.closed and panel.result is None
        differs = planning and panel.stage != "running" and now and now != set(self._opened_for)
        self._view.show_apart(self._opened_for if differs else (), len(now))

    def _narrow(self, change: dict[str, Any]) -> None:
        prefix, table = change["new"], self._view.table
        if prefix or table.filter_text == change["old"]:
            table.filter_text = prefix
        self._view.bars.chosen = prefix if prefix in self._view.bars.names else ""

    def _table_filtered(self, change: dict[str, Any]) -> None:
        if self.prefix and change["new"] != self.prefix:
            self.prefix = ""

    def _table_sorted(self, _change: object) -> None:
        self.order = self._view.order_of_table()

    # -- activating ---------------------------------------------------------------------------------------------

    def activate(self) -> None:
        """Open a panel beneath that shows what the selected numbers cost and rents them when you say so."""
        if not len(self.selected):
            self.say("Nothing is selected. Tick the numbers to activate in the table first.", "warn")
            return
        former = self.activation
        if former is not None and former.stage == "running":
            self.say("An activation is still going on below. Wait for its end, or cancel it there.", "warn")
            return
        from numbers_toolkit.widgets.activation_panel import ActivationPanel

        panel = ActivationPanel(self.selected, self.client, journals=self._journals)
        if former is not None and former.result is None:
            # What was entered below, a budget above all, holds for the new selection, too.
            for name in _KEPT_SETTINGS:
                setattr(panel, name, getattr(former, name))
        self.clear_notice()
        # What was rented stays in sight; what was only planned makes room.
        done = [one for one in self._view.place.children if one.result is not None]
        self._view.show_beneath([panel, *done])
        self._opened_for = tuple(self.selected["phone_number"])
        self.set_trait("activation", panel)
        panel.observe(lambda _change: self._tell_apart(), ["stage", "result"])
        self._tell_apart()
        if former is not None and former not in done:
            former.close()

    def _forget(self) -> None:
        self._offer = self._findings = None
        self.set_trait("activation", None)
