"""The part of an order's form that is filled in and checked: made of what the API asks for. Nothing is sent here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import traitlets

from numbers_toolkit import markup
from numbers_toolkit.activation.given_papers import Attachment, Papers
from numbers_toolkit.activation.paper_words import listed
from numbers_toolkit.activation.requirements import order_requirements
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.markup import Html
from numbers_toolkit.payloads import Hidden
from numbers_toolkit.widgets.order_checking import Checked, check_form
from numbers_toolkit.widgets.order_chosen import ChosenFiles
from numbers_toolkit.widgets.order_documents import document_named
from numbers_toolkit.widgets.order_filling import filled_values
from numbers_toolkit.widgets.order_sheet import Sheet
from numbers_toolkit.widgets.order_view import OrderView
from numbers_toolkit.widgets.panel import Panel

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    from numbers_toolkit.activation.requirement_values import Requirements
    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.widgets.working import Job

__all__ = ["PapersForm"]

_LABELS: Final = {
    "load": "Loading the requirements",
    "check": "Checking the papers",
    "refresh": "Reading the orders",
}


class PapersForm(Panel):
    """Fill in the papers that numbers of one region and type are ordered with, and check them.

    Parameters
    ----------
    client : NumbersClient
        From :func:`numbers_toolkit.connect`.
    region_code : str
        ISO 3166-1 alpha-2.
    number_type : str
        ``MOBILE``, ``LOCAL`` or ``TOLL_FREE``.
    papers : Papers, optional
        To begin with: what was filled in before.

    Attributes
    ----------
    papers : Papers or None
        The papers, once they were checked; None before, and when something was changed since. A trait to observe.
    requirements : Requirements or None
        What is asked for, once it is known; a trait.
    """

    papers = traitlets.Any(None, read_only=True)
    requirements = traitlets.Any(None, read_only=True)

    def __init__(
        self, client: NumbersClient, region_code: str, number_type: str, *, papers: Papers | None = None
    ) -> None:
        self._region, self._type = region_code, number_type
        self._given = Hidden(papers)
        self._sheet: Sheet | None = None
        self._files = ChosenFiles()
        self._fields: list[dict[str, Any]] = []
        self._proposed: set[str] = set()
        self._doing = ""
        super().__init__(label=f"Papers for {region_code} {number_type}", client=client)
        self._view = OrderView(self._click)
        self._view.form.on_change(self._changed)
        self._view.form.on_submit(self.check)
        self.compose(*self._view.body, controls=self._view.controls)

    def _click(self, name: str, *arguments: str) -> None:
        getattr(self, name)(*arguments)

    def _start(
        self,
        name: str,
        job: Callable[[Job[Any]], Any],
        then: Callable[[Any], object],
        failed: Callable[[BaseException], bool] | None = None,
    ) -> bool:
        if not self.busy:
            self._doing = name
        return self.run(_LABELS[name], job, then, failed=failed)

    def _show_busy(self, busy: bool) -> None:
        self._view.show_work(self._doing, busy=busy)

    # -- what is asked for --------------------------------------------------------------------------------------

    def load(self) -> None:
        """Load what the API asks for. Sends nothing that costs."""
        client, region, kind = self.client, self._region, self._type
        self._start(
            "load", lambda _job: order_requirements(client, region, kind), self._loaded, self._not_loaded
        )

    def _not_loaded(self, error: BaseException) -> bool:
        self._view.offer_load()
        self.fail(
            error, way_on="'Load the requirements again' tries once more. Nothing that was typed is lost."
        )
        return True

    def _loaded(self, needed: Requirements) -> None:
        self._sheet = Sheet(needed)
        self.set_trait("requirements", needed)
        self._view.show_needed(needed, self._sheet.remarks())
        self._fit()
        if not needed.asks_for_anything:
            self._accept(Papers())
        held, self._given = self._given, Hidden(None)
        if held.value is not None:
            self._begin_with(held.value)

    def _begin_with(self, papers: Papers) -> None:
        self.fill(papers.request_details)
        for name, attachment in papers.attachments.items():
            self.attach(name, attachment)

    def _ready(self) -> Sheet:
        if self._sheet is None and self.busy and self._doing == "load":
            self.wait()
        if self._sheet is None:
            raise InvalidInputError(
                f"What {self._region} {self._type} asks for is not known"
                + (": the form was closed." if self.closed else " yet: form.load() asks for it.")
            )
        return self._sheet

    # -- filling in ---------------------------------------------------------------------------------------------

    def fill(self, data: Any) -> None:
        """Fill in fields; those that are not named stay as they are.

        Parameters
        ----------
        data : mapping
            As :class:`numbers_toolkit.Papers` takes it: ``{"companyName": "Example Ltd"}``.

        Raises
        ------
        InvalidInputError
            When the form has no place for something, or does not offer a value. Nothing was filled in then.
        """
        held = Hidden(data)
        # Verbose tracebacks print variables.
        del data
        values = filled_values(self._ready(), held)
        self._fit(values.value)
        self._view.form.set_values(**values.value)

    def attach(
        self,
        name: str,
        file: str | os.PathLike[str] | bytes | Attachment,
        *,
        document_type: str | None = None,
        file_name: str | None = None,
    ) -> None:
        """Choose the file for a document; it is read now.

        Parameters
        ----------
        name : str
            Title or id of the document.
        file : path-like, bytes or Attachment
            The file, or its content.
        document_type : str, optional
            What the document is: one of those that the form offers.
        file_name : str, optional
            Name to send; the file's own when not given. Content needs one.

        Raises
        ------
        InvalidInputError
            When there is no such document, or the file can't be read.
        """
        given = file if isinstance(file, Attachment) else Attachment(file, document_type, file_name)
        del file
        wanted = document_named(self._ready().needed, name)
        self._view.form.set_values(**self._files.choose(wanted, given))

    def add(self, path: str) -> None:
        """Have a list of the form get one group more.

        Parameters
        ----------
        path : str
            Where the list stands in the data: ``"directors"``.
        """
        self._resize(path, more=True)

    def remove(self, path: str) -> None:
        """Have a list of the form get one group less: the last, with what was typed there.

        Parameters
        ----------
        path : str
            Where the list stands in the data: ``"directors"``.
        """
        self._resize(path, more=False)

    def _resize(self, path: str, *, more: bool) -> None:
        sheet = self._ready()
        lists = {"/".join(map(str, one.path)): one for one in sheet.lists(self._view.form.values)}
        if path not in lists:
            raise InvalidInputError(f"The form has no list {path!r}; it has {listed(lists) or 'none'}.")
        (sheet.add if more else sheet.remove)(lists[path])
        self._changed()

    def clear(self) -> None:
        """Empty the form."""
        sheet = self._ready()
        sheet.counts = {}
        self._files.forget()
        self._proposed.clear()
        self._view.form.set_values(**dict.fromkeys(self._view.form.values))
        self._view.form.show_errors({})
        self._changed()
        self.clear_notice()

    def _changed(self, _name: str = "", _value: Any = None) -> None:
        if self.requirements is not None and self.requirements.asks_for_anything and self.papers is not None:
            self._accept(None)
            self.say("Something was changed after the papers were checked. Check them again.", "warn")
        self._view.show_papers(checked=self.papers is not None)
        self._fit()

    def _fit(self, coming: dict[str, Any] | None = None) -> None:
        """Show the fields that what is filled in asks for, and fill in what can be known of new ones."""
        sheet = self._sheet
        if sheet is None:
            return
        values = {**self._view.form.values, **(coming or {})}
        fields = sheet.fields(values)
        if fields != self._fields:
            self._fields = fields
            self._view.show_fields(fields)
        self._view.show_lists(sheet.lists(values))
        proposals = sheet.proposals(values)
        new = {
            name: value
            for name, value in proposals.items()
            if name not in self._proposed and not values.get(name)
        }
        self._proposed |= set(proposals)
        if new:
            self._view.form.set_values(**new)

    # -- checking -----------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Check the papers; every fault is shown at its field. Nothing is sent."""
        self._check(check_data=True)

    def keep(self) -> None:
        """Take the papers though their data does not fit the schema: the API checks it, and refuses at no cost."""
        self._check(check_data=False)

    def _check(self, *, check_data: bool) -> None:
        sheet = self._ready()
        if not sheet.needed.asks_for_anything:
            return
        values = Hidden(self._view.form.values)
        own = self._view.problems(required=check_data)
        own.update(self._files.changed(values.value))

        def checked(found: Checked) -> None:
            if values.value == self._view.form.values:
                self._show_checked(found, own)
            else:
                self.say("Something was changed while the papers were checked. Check them again.", "warn")

        self._start("check", lambda _job: check_form(sheet, values, check_data=check_data), checked)

    def _show_checked(self, found: Checked, own: dict[str, str]) -> None:
        faults = {**own, **found.faults}
        self._view.form.show_errors(faults)
        if faults or found.others:
            self._accept(None)
            self._view.show_papers(checked=False, keep=found.by_schema and set(own) <= set(found.faults))
            self.say(_told(self._view.form.fields, faults, found.others), "bad")
            return
        self._accept(found.papers)
        self.say(f"The papers are complete. {self._next_step()}", "good")

    def _accept(self, papers: Papers | None) -> None:
        """Take papers as checked, or none."""
        self.set_trait("papers", papers)
        self._view.show_papers(checked=papers is not None)

    def _next_step(self) -> str:
        """Say what can be done with papers that are complete."""
        return "Nothing was sent. They are at hand as form.papers: nt.activate(plan, papers=form.papers)."

    def _forget(self) -> None:
        self._sheet, self._given, self._fields = None, Hidden(None), []
        self._files.forget()
        for name in ("papers", "requirements"):
            self.set_trait(name, None)


def _told(fields: Sequence[Mapping[str, Any]], faults: Mapping[str, str], others: Sequence[str]) -> Html:
    """Return what is missing or wrong, all of it in the order of the form."""
    sentences = list(others)
    for field in fields:
        text, label = faults.get(field["name"], ""), field["label"]
        if text:
            sentences.append(text if text.startswith(label) else f"{label}: {text}")
    many = len(sentences)
    head = "One thing is missing or wrong" if many == 1 else f"{many:,} things are missing or wrong"
    return Html(markup.paragraph(f"{head}; nothing was sent.") + markup.bullets(sentences))
