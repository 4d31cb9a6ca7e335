"""The panel to watch over the numbers of a project: filter, look at errors, renewals and costs, repair, export."""

from __future__ import annotations

import sys
import time
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

import pandas as pd
import traitlets

from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.formatting import time_text
from numbers_toolkit.loaders import active_numbers
from numbers_toolkit.overview_tables import KEY_FIGURES
from numbers_toolkit.tables import ACTIVE_NUMBERS, ATTENTION
from numbers_toolkit.vocabulary import check_count
from numbers_toolkit.widgets.inventory_drawing import Drawings
from numbers_toolkit.widgets.inventory_exporting import Exporting
from numbers_toolkit.widgets.inventory_facts import Inventory, Selection, checked_filters, select
from numbers_toolkit.widgets.inventory_repairing import Repairing
from numbers_toolkit.widgets.inventory_sheets import BREAKDOWNS
from numbers_toolkit.widgets.inventory_traits import Frame
from numbers_toolkit.widgets.inventory_view import TABS, InventoryView
from numbers_toolkit.widgets.inventory_words import nothing_read
from numbers_toolkit.widgets.panel import Panel
from numbers_toolkit.wording import listed

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.widgets.working import Job

__all__ = ["InventoryPanel"]


class InventoryPanel(Panel):
    """Watch over the numbers of a project: what fails and what to do, what is due, what it costs.

    Everything follows the filters, and is at hand as DataFrames on the next line. Nothing is changed or bought
    here; a repair shows its plan and asks first.

    Parameters
    ----------
    client_or_frame : NumbersClient or pandas.DataFrame
        A client, whose numbers are read at once; or active numbers, from
        :func:`numbers_toolkit.active_numbers` or a file.
    client : NumbersClient, optional
        Beside a frame: what refreshes and repairs its numbers.
    filters : mapping, optional
        Filters at the start, as keywords of :func:`numbers_toolkit.analysis.filter_numbers`.
    tab : str, default "to_do"
        What is looked at first: ``to_do``, ``numbers``, ``errors``, ``renewals``, ``costs``, ``campaigns`` or
        ``regions``.
    as_of : datetime or str, optional
        The instant that ages and coming charges are reckoned from; None takes the time of reading.
    limits : mapping of str to int or None, optional
        Numbers that campaigns can hold, as for :func:`numbers_toolkit.analysis.campaign_fill`.
    page_size : int, default 25
        Rows of the table of numbers on one page.
    journals : str or path, optional
        Folder of the journals of repairs; as for :class:`ActivationPanel`.

    Attributes
    ----------
    active : pandas.DataFrame
        All numbers that were read or given. All attributes are traits that can be observed.
    shown : pandas.DataFrame
        Those that pass the filters.
    selected : pandas.DataFrame
        Those that are selected in the table of numbers.
    to_do : pandas.DataFrame
        What there is to do about the numbers shown, as from :func:`numbers_toolkit.analysis.attention`.
    figures : pandas.DataFrame
        Key figures of the numbers shown, as from :func:`numbers_toolkit.analysis.key_figures`.
    filters : mapping
        What is filtered by; assign another dict to change it.
    tab, costs_by : str
        What is looked at, and the column that costs are broken down by; can be set.
    repair : ActivationPanel or None
        The panel of the repair that is open.
    exported : pathlib.Path or None
        The file that was written last.

    Raises
    ------
    ColumnError
        When a frame lacks columns of active numbers, or holds them with other dtypes.
    InvalidInputError
        When it is given neither a client nor a frame, or another argument makes no sense.

    Examples
    --------
    >>> import numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client:
    ...     panel = nt.widgets.InventoryPanel(client).wait()
    ...     panel.filters = {"region_code": "US", "sms_state": "FAILED"}
    ...     set(panel.shown.sms_state), set(panel.to_do.region_code) == {"US"}
    ({'FAILED'}, True)
    >>> panel.close()
    """

    active = Frame(read_only=True)
    shown = Frame(read_only=True)
    selected = Frame(read_only=True)
    to_do = Frame(read_only=True)
    figures = Frame(read_only=True)
    filters = traitlets.Any(MappingProxyType({}))
    tab = traitlets.Enum(TABS, default_value=TABS[0])
    costs_by = traitlets.Enum(list(BREAKDOWNS), default_value=next(iter(BREAKDOWNS)))
    repair = traitlets.Any(None, read_only=True)
    exported = traitlets.Any(None, read_only=True)

    def __init__(
        self,
        client_or_frame: NumbersClient | pd.DataFrame,
        *,
        client: NumbersClient | None = None,
        filters: Mapping[str, Any] | None = None,
        tab: str = TABS[0],
        as_of: Any = None,
        limits: Mapping[str, int | None] | None = None,
        page_size: int = 25,
        journals: str | os.PathLike[str] | None = None,
    ) -> None:
        frame, client = _given(client_or_frame, client)
        self._options = {"as_of": as_of, "limits": dict(limits or {})}
        # Where there is no frame, of no numbers at all: what can't be is refused before anything is read.
        inventory = Inventory.of(ACTIVE_NUMBERS.empty() if frame is None else frame, **self._options)
        given = checked_filters(filters or {})
        if frame is not None:
            select(inventory, given)
        if tab not in TABS:
            raise InvalidInputError(f"There is no tab {tab!r}; use {listed(TABS, 'or', most=len(TABS))}.")
        rows = check_count(page_size, "page_size")
        self._inventory: Inventory | None = None
        self._selection: Selection | None = None
        self._doing, self._typed, self._more, self._showing = "", "", False, False
        self._drawings: Drawings | None = None
        super().__init__(
            label="Inventory",
            client=client,
            source="" if frame is None else str(frame.attrs.get("source") or ""),
        )
        self._view = InventoryView(self._actions(), can_read=client is not None, page_size=rows)
        self._exporting = Exporting(self, self._view)
        self._repairing = Repairing(self, self._view, journals)
        self._drawings = Drawings(self._view, lambda found: self.set_trait("figures", found), self.fail)
        self._empty()
        self.compose(*self._view.body, controls=self._view.controls)
        self._listen()
        self.filters, self.tab = given, tab
        self._view.show_tab(self.tab)
        if frame is None:
            self.refresh()
        else:
            self._show(inventory)

    def _actions(self) -> dict[str, Any]:
        """Return what the parts of the panel set off."""
        names = (
            "refresh",
            "open_export",
            "export",
            "replace",
            "offer_download",
            "more_filters",
            "clear_filters",
        )
        return {
            **{name: getattr(self, name) for name in (*names, "plan_repair", "close_repair")},
            "filter": self._filter_changed,
            "show_numbers": self._show_numbers,
            "by": lambda value: setattr(self, "costs_by", value),
            "export_changed": self._export_changed,
        }

    def _listen(self) -> None:
        self._view.numbers.on_select(self._select)
        self._view.tabs.observe(lambda change: setattr(self, "tab", change["new"]), "active")
        self._view.costs_by.set_values(by=self.costs_by)
        self.observe(lambda _change: self._apply(), "filters")
        self.observe(lambda _change: self._look(), ["tab", "costs_by"])

    def _empty(self) -> None:
        for name, table in (("active", ACTIVE_NUMBERS), ("to_do", ATTENTION), ("figures", KEY_FIGURES)):
            self.set_trait(name, table.empty())
        self.set_trait("shown", self.active)
        self.set_trait("selected", self.active)

    # -- reading ------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read all numbers of the project anew; those shown stay until they are there."""
        client = self.client

        def read(job: Job[Inventory]) -> Inventory:
            active = active_numbers(client, progress=job.progress)
            # What was odd about the reading stays beside the numbers, longer than a notice.
            heard, job.heard[:] = list(job.heard), []
            return Inventory.of(active, **self._options, heard=heard)

        read_at = time_text(self.active.attrs.get("fetched_at"))
        kept = f"The numbers read {read_at} are still shown. " if self._inventory is not None else ""
        if self._inventory is None:
            self._view.show_nothing(nothing_read(failed=False))
        self._doing = self._doing if self.busy else "refresh"
        self.run("Reading the inventory", read, self._show, way_on=f"{kept}'Refresh' tries again.")

    def _show_busy(self, busy: bool) -> None:
        self._view.show_work(self._doing if busy else "")
        if not busy and self._inventory is None and not self.closed:
            self._view.show_nothing(nothing_read(failed=True))

    def _show(self, inventory: Inventory) -> None:
        """Show numbers that were read or given, through the same filters as before."""
        self._inventory = inventory
        self.set_trait("active", inventory.active)
        self._view.show_inventory(inventory)
        self._view.offer_refresh(more=False)
        try:
            self._apply()
        except InvalidInputError as error:
            self.filters = {}
            self.say(f"The filters were cleared, since they don't fit what was read. {error}", "warn")

    # -- filters and tabs ---------------------------------------------------------------------------------------

    @traitlets.validate("filters")
    def _check_filters(self, proposal: Mapping[str, Any]) -> Mapping[str, Any]:
        filters = checked_filters(proposal["value"])
        if self._inventory is not None:
            self._selection = select(self._inventory, filters)
        return MappingProxyType(filters)

    def _apply(self) -> None:
        """Show what passes the filters."""
        inventory, selection = self._inventory, self._selection
        if inventory is None:
            return
        if selection is None or selection.inventory is not inventory or selection.filters != self.filters:
            selection = self._selection = select(inventory, self.filters)
        self._showing = True
        try:
            if not self._typed:
                self._view.show_choices(inventory, self.filters)
            self._view.show_filters(self.filters, more=self._more, typed=self._typed)
        finally:
            self._showing = False
        with self.hold_trait_notifications():
            self.set_trait("shown", selection.shown)
            self.set_trait("to_do", selection.to_do)
        self._view.show_selection(selection)
        self._look()

    def _filter_changed(self, name: str, value: Any) -> None:
        """Follow a field; what stands in it is left alone, since a person may be typing."""
        if self._showing:
            return
        self._typed = name
        try:
            self.filters = {**self.filters, name: value}
        finally:
            self._typed = ""

    def clear_filters(self) -> None:
        """Let all numbers pass."""
        self.filters = {}

    def more_filters(self) -> None:
        """Show all filters, or only those that are asked for most and those that are set."""
        self._more = not self._more
        self._view.show_filters(self.filters, more=self._more)

    def _show_numbers(self, name: str, values: list[str]) -> None:
        self.filters = {**self.filters, name: values}
        self.tab = "numbers"

    def _look(self) -> None:
        """Show what stands under the chosen tab."""
        self._view.show_tab(self.tab)
        self._view.costs_by.set_values(by=self.costs_by)
        if self._selection is None:
            return
        if self.tab == "numbers" or self._view.numbers.selected_keys:
            self._view.show_numbers(self._selection)
            self._select()
        if self._drawings is not None:
            self._drawings.show(self._selection, self.tab, self.costs_by)

    @property
    def selection(self) -> Selection:
        """What passes the filters, with all that belongs to it."""
        if self._selection is None:
            raise InvalidInputError("No numbers have been read yet. 'Refresh' reads them.")
        return self._selection

    def select(self, phone_numbers: Iterable[str]) -> None:
        """Select numbers of the table, and no others.

        Parameters
        ----------
        phone_numbers : iterable of str
            In E.164.
        """
        self._view.show_numbers(self.selection)
        self._view.numbers.select(list(phone_numbers))

    def _select(self) -> None:
        self.set_trait("selected", self._view.numbers.selected)

    # -- repair -------------------------------------------------------------------------------------------------

    def plan_repair(self, phone_numbers: Iterable[str] | None = None, **options: Any) -> None:
        """Plan the next step for numbers whose set-up failed, and open the plan beneath; nothing is sent.

        Parameters
        ----------
        phone_numbers : iterable of str, optional
            In E.164. None takes those chosen in the to-do list, or else all in it that failed.
        **options
            As for :func:`numbers_toolkit.repair_provisioning`: ``campaign_id``, ``mended`` ...

        Raises
        ------
        InvalidInputError
            When a number is not among those of the panel.
        """
        numbers = self._repairing.numbers(phone_numbers)
        refusal = self._repairing.refusal(numbers)
        if refusal:
            self.say(refusal, "warn")
            return
        self._doing = self._doing if self.busy else "plan_repair"
        known = {"limits": self._options["limits"] or None, "as_of": self._options["as_of"]}
        self._repairing.plan(numbers, {**known, **options})

    def close_repair(self) -> None:
        """Close the panel of the repair, unless it is at work."""
        self._repairing.close()

    # -- export -------------------------------------------------------------------------------------------------

    def open_export(self) -> None:
        """Show the form of the export, or hide it."""
        self._exporting.toggle()

    def _export_changed(self, name: str) -> None:
        self._exporting.changed(name)

    def export(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        what: str | None = None,
        file_format: str | None = None,
        overwrite: bool = False,
    ) -> None:
        """Write what is shown to a file, where the kernel runs; the panel says where it is.

        Parameters
        ----------
        path : path-like, optional
            Where to; its end says as what. None takes the name in the form.
        what : str, optional
            ``numbers``, ``filtered`` (those of them that the table's own filter leaves, in its order), ``selected``,
            ``to_do``, or the name of a tab with a summary.
        file_format : {"csv", "safe-csv", "excel", "parquet", "report"}, optional
            None tells it from the path. A report is always of the numbers shown.
        overwrite : bool, default False
            Whether a file that is there is replaced; otherwise the panel asks.

        Raises
        ------
        InvalidInputError
            When there is nothing to write, or it can't be told as what.
        """
        chosen = self._exporting.chosen(path, what, file_format)
        self._doing = self._doing if self.busy else "export"
        self._exporting.write(*chosen, overwrite=overwrite)

    def replace(self) -> None:
        """Write the file of the form, in place of one that is there."""
        self.export(overwrite=True)

    def offer_download(self, *, what: str | None = None, file_format: str | None = None) -> None:
        """Hand what is shown to the browser, which saves it; arguments are those of :meth:`export`."""
        chosen = self._exporting.chosen(None, what, file_format)
        self._doing = self._doing if self.busy else "offer_download"
        self._exporting.offer(*chosen)

    # -- waiting and closing ------------------------------------------------------------------------------------

    def wait(self, timeout: float | None = None) -> Self:
        """Block until the panel is idle and all is drawn; otherwise as :meth:`Panel.wait`."""
        until = None if timeout is None else time.monotonic() + timeout
        super().wait(timeout)
        left = None if until is None else max(until - time.monotonic(), 0)
        if self._drawings is not None and not self._drawings.wait(left):
            raise TimeoutError(f"'{self._label}' is still drawing after {timeout:g} s.")
        return self

    def _forget(self) -> None:
        if sys.is_finalizing():  # nothing is left to forget with
            return
        if self._drawings is not None:  # closed before it was whole
            self._drawings.close()
            self._view.to_do.close()
        self._inventory = self._selection = None
        self.set_trait("repair", None)
        self._empty()


def _given(
    client_or_frame: Any, client: NumbersClient | None
) -> tuple[pd.DataFrame | None, NumbersClient | None]:
    """Return frame and client; refuse what can't go together."""
    if not isinstance(client_or_frame, pd.DataFrame):
        if client is not None or not hasattr(client_or_frame, "active_numbers_page"):
            raise InvalidInputError(
                f"InventoryPanel needs a client or a frame of active numbers, not {type(client_or_frame).__name__}: "
                "InventoryPanel(nt.connect()), or InventoryPanel(frame, client=client)."
            )
        return None, client_or_frame
    ACTIVE_NUMBERS.require(client_or_frame)
    frame = client_or_frame.reset_index(drop=True)
    projects = {str(one) for one in frame["project_id"].dropna().unique()}
    if client is not None and projects - {client.project_id}:
        raise InvalidInputError(
            f"The numbers belong to project {listed(sorted(projects))}, but the client is connected to "
            f"{client.project_id}. Connect to the project of the numbers, or leave client= out."
        )
    return frame, client
