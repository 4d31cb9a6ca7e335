"""What every panel is: a body of parts between a title and one place for notices, and work that can be cancelled."""

from __future__ import annotations

import sys
import weakref
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

import ipywidgets
import traitlets

from numbers_toolkit import markup
from numbers_toolkit.errors import InvalidInputError, NumbersToolkitError, TransportError, UnknownOutcomeError
from numbers_toolkit.markup import Html
from numbers_toolkit.widgets.parts.markup import Markup
from numbers_toolkit.widgets.parts.part import Part
from numbers_toolkit.widgets.parts.progress import ProgressLine
from numbers_toolkit.widgets.working import JobCancelled, Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.markup import Tone
    from numbers_toolkit.widgets.working import Job

__all__ = ["Panel"]

T = TypeVar("T")

_UNREACHED = (
    "The server can't be reached: there is no network, a proxy or VPN stands in between, or it is down."
)
#: What stands in the title for data that are not real.
_SOURCES = {
    "sandbox": ("SANDBOX", "invented numbers, nothing here is real or costs anything"),
    "cassette": ("RECORDED", "recorded answers, not the state of now"),
}


class Panel(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets is not typed
    """A piece of a notebook that a person works with.

    Parameters
    ----------
    label : str
        What the panel is for; its title.
    client : NumbersClient, optional
        The project that it works on.
    source : str
        Where its data come from, when there is no client: ``production``, ``sandbox``, ...

    Attributes
    ----------
    busy : bool
        Whether work is under way. A trait that can be observed, not set.
    notice : str
        What the panel says at the moment, as plain text; a trait.
    closed : bool
        Whether it was closed.
    """

    busy = traitlets.Bool(default_value=False, read_only=True)
    notice = traitlets.Unicode("")
    closed = traitlets.Bool(default_value=False, read_only=True)

    #: Panels by the cell that made them, so that a cell which runs again leaves none behind.
    _by_cell: ClassVar[dict[str, list[tuple[int, weakref.ref[Panel]]]]] = {}

    def __init__(self, *, label: str, client: NumbersClient | None = None, source: str = "") -> None:
        self._label = label
        self._client = client
        self._source = source
        self._work = Work(self.fail)
        self._banner = Markup(Html(""))
        self._notice = Markup(Html(""), role="status")
        self._progress = ProgressLine()
        self._progress.on_cancel(self.cancel)
        super().__init__(children=())
        self.add_class("numbers-toolkit-panel")
        self._show_banner()
        self.compose()

    # -- what a panel is made of --------------------------------------------------------------------------------

    def compose(self, *children: ipywidgets.Widget, controls: tuple[ipywidgets.Widget, ...] = ()) -> None:
        """Show the parts: controls first, then progress and notice, then the rest."""
        if self.closed:
            return
        self.children = (self._banner, *controls, self._progress, self._notice, *children)
        for widget in _descendants(self):
            if isinstance(widget, Part):
                # What a callback raises would vanish in a log otherwise.
                widget.on_fault(self.fail)

    @property
    def client(self) -> NumbersClient:
        """The client that the panel works with."""
        if self._client is None:
            raise InvalidInputError(
                f"The panel '{self._label}' has no client: it shows a frame, or was closed. Make it anew with a "
                "client: client = nt.connect()."
            )
        return self._client

    @property
    def has_client(self) -> bool:
        """Whether there is a client to ask the API with."""
        return self._client is not None

    def show_source(self, source: str) -> None:
        """Say where the data come from, when that became known only now."""
        self._source = source
        self._show_banner()

    def _show_banner(self) -> None:
        source = self._client.source if self._client is not None else self._source
        kind = source.split(" ", 1)[0]
        badges, told = [], ""
        if kind in _SOURCES:
            word, told = _SOURCES[kind]
            told = told if source == kind else f"{told} ({source})"
            badges.append(markup.badge(word, "warn"))
        elif source and kind != "production":
            badges.append(markup.badge(source, "info"))
        if self._client is not None:
            told = (
                f"{told}; project {self._client.project_id}" if told else f"Project {self._client.project_id}"
            )
        head = Html(f'<div class="head"><h3>{markup.text(self._label)}</h3>{"".join(badges)}</div>')
        self._banner.html = Html(head + markup.muted(f"{told[:1].upper()}{told[1:]}.")) if told else head

    # -- what it says -------------------------------------------------------------------------------------------

    def say(self, text: str | Html, tone: Tone = "info") -> None:
        """Say something in the panel.

        Parameters
        ----------
        text : str or Html
            One or a few sentences; text is escaped.
        tone : {"plain", "good", "warn", "bad", "info"}, default "info"
            How it looks. What is ``bad`` is read out at once by a screen reader.
        """
        if self.closed:
            return
        self._notice.role = "alert" if tone == "bad" else "status"
        self._notice.html = markup.note(text, tone)
        self.notice = markup.plain(text)

    def clear_notice(self) -> None:
        """Say nothing."""
        if not self.closed:
            self._notice.html = Html("")
            self.notice = ""

    def fail(self, error: BaseException, *, way_on: str = "") -> None:
        """Say what went wrong in plain words, and how to go on.

        Parameters
        ----------
        error : Exception
            One of the package says it itself; any other one is named.
        way_on : str
            What the person can do now.
        """
        unreached = isinstance(error, TransportError) and not isinstance(error, UnknownOutcomeError)
        parts = [markup.paragraph(_UNREACHED if unreached else _words(error))]
        if way_on:
            parts.append(markup.paragraph(way_on))
        if unreached:
            parts.append(markup.muted(_words(error)))
        self.say(Html("".join(parts)), "bad")

    def _warn_of(self, heard: list[str]) -> None:
        """Show the warnings of a job that went well, without pushing aside what it said itself."""
        if not heard or self.closed:
            return
        said = self._notice.html
        told = markup.bullets(heard) if len(heard) > 1 else markup.paragraph(heard[0])
        self._notice.html = Html(said + markup.note(told, "warn"))
        self.notice = " ".join([self.notice, *heard]).strip()

    # -- work ---------------------------------------------------------------------------------------------------

    def run(
        self,
        label: str,
        job: Callable[[Job[T]], T],
        then: Callable[[T], object],
        *,
        failed: Callable[[BaseException], bool] | None = None,
        must_finish: bool = False,
        way_on: str = "",
    ) -> bool:
        """Do something that takes long in a thread, and show its result on the main loop.

        Parameters
        ----------
        label : str
            What is being done: "Searching".
        job : callable
            Gets a :class:`Job` and returns the result. It must not touch widgets.
        then : callable
            Gets the result, on the main loop.
        failed : callable, optional
            Gets the exception, on the main loop; returns True when it has shown it.
        must_finish : bool, default False
            Whether a cancelled job is waited for, as it must be for everything that costs; a job that only
            reads is given up at once.
        way_on : str
            What a person can do when it fails.

        Returns
        -------
        bool
            Whether it was started. It is not while other work is under way, nor in a closed panel.
        """
        if self.closed:
            return False
        if self._work.busy:
            self.say(
                f"{self._progress.label or 'Work'} is still going on. Wait for it, or cancel it.", "warn"
            )
            return False
        self.clear_notice()
        self._progress.start(label, cancellable=True)
        self._set_busy(True)

        def done(finished: Job[T], result: T) -> None:
            self._work_ended()
            if not self.closed:
                then(result)
                self._warn_of(finished.heard)

        def went_wrong(finished: Job[T], error: BaseException) -> None:
            self._work_ended()
            if self.closed:
                return
            if isinstance(error, JobCancelled):
                self.say(f"{label}: cancelled.", "plain")
            elif failed is None or not failed(error):
                self.fail(error, way_on=way_on)
            self._warn_of(finished.heard)

        self._work.start(
            job,
            done=done,
            failed=went_wrong,
            progressed=self._progressed,
            must_finish=must_finish,
            name=label,
        )
        return True

    def wait(self, timeout: float | None = None) -> Self:
        """Block until the panel is idle; for scripts, and for cells whose next line needs the result.

        Parameters
        ----------
        timeout : float, optional
            Seconds; None waits as long as it takes.

        Returns
        -------
        Panel
            Itself.

        Raises
        ------
        TimeoutError
            When it is still at work then.
        """
        if not self._work.wait(timeout):
            raise TimeoutError(
                f"'{self._label}' is still at work after {timeout:g} s: {self._progress.label}."
            )
        return self

    def cancel(self) -> None:
        """Stop what is going on: at once what only reads; after what was begun what changes something."""
        label = self._progress.label
        if self._work.cancel():
            self._work_ended()
            self.say(f"{label}: cancelled.", "plain")
        elif self._work.busy:
            self._progress.start(f"{label}: stopping after what was begun", cancellable=False)

    def close(self, *, cancel: bool = True) -> None:
        """Free everything the panel holds, and take it off the page.

        Parameters
        ----------
        cancel : bool, default True
            Whether work that changes something is to stop as soon as it safely can; else it goes on unseen.
            Work that only reads is given up in any case.
        """
        if self.closed or "_work" not in vars(self):  # its arguments were refused, so it was never made
            return
        job = self._work.job
        if cancel or job is None or not job.must_finish:
            self._work.cancel()
        self._set_busy(False)
        self.set_trait("closed", True)
        for widget in list(_descendants(self)):
            if isinstance(widget, Panel):
                widget.close(cancel=cancel)
            else:
                widget.unobserve_all()
                widget.layout.close()  # a widget of its own, which nothing else would take off the page
                widget.close()
        self.children = ()
        self._forget()
        self._client = None
        super().close()
        self.layout.close()

    def _forget(self) -> None:
        """Let go of what the panel holds beyond its parts; for panels that hold more."""

    def _show_busy(self, busy: bool) -> None:
        """Enable or disable controls; for panels that have some."""

    def _progressed(self, done: int, total: int | None) -> None:
        if not self.closed:
            self._progress.done, self._progress.total = done, total

    def _work_ended(self) -> None:
        if self.closed:
            return
        self._progress.stop()
        self._set_busy(False)
        if self._client is not None:
            self._show_banner()  # the first answer can tell what server it is

    def _set_busy(self, busy: bool) -> None:
        if busy != self.busy:
            self.set_trait("busy", busy)
            self._show_busy(busy)

    # -- a cell that runs again ---------------------------------------------------------------------------------

    def _repr_mimebundle_(self, **options: Any) -> Any:
        self._replace_former()
        return {**super()._repr_mimebundle_(**options), "text/plain": repr(self)}

    def __repr__(self) -> str:
        """Return what is read where panels don't live: a saved notebook without its kernel, a page on the web."""
        if self.closed or "_work" not in vars(self):
            return f"<{type(self).__name__}: closed>"
        source = self._client.source if self._client is not None else self._source
        about = f" on {source} data" if source else ""
        return f"<{type(self).__name__} '{self._label}'{about}: run the cell to work with it>"

    def _replace_former(self) -> None:
        """Close the panels that an earlier run of this very cell showed; their output is gone from the page.

        What a person confirmed is not stopped by that: it goes on, and its journal tells how it ends.
        """
        cell, count = _cell()
        if not cell:
            return
        kept = [(count, weakref.ref(self))]
        for shown, reference in self._by_cell.get(cell, ()):
            former = reference()
            if former is None or former is self or former.closed:
                continue
            if shown == count:
                kept.append((shown, reference))
            else:
                former.close(cancel=False)
        self._by_cell[cell] = kept


def _words(error: BaseException) -> str:
    if isinstance(error, NumbersToolkitError):
        return str(error)
    return f"Something unexpected happened, and nothing more is known of it: {type(error).__name__}: {error}"


def _descendants(widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    for child in getattr(widget, "children", ()):
        if not isinstance(child, Panel):
            yield from _descendants(child)
        yield child


def _cell() -> tuple[str, int]:
    """Return which cell is being run, and its count; ``("", 0)`` where that is not known."""
    ipython = sys.modules.get("IPython")
    shell: Any = ipython.get_ipython() if ipython is not None else None
    parent = shell.get_parent() if hasattr(shell, "get_parent") else None
    if not parent or parent.get("header", {}).get("msg_type") != "execute_request":
        return "", 0
    return str(parent.get("metadata", {}).get("cellId") or ""), int(shell.execution_count)
