"""The client that a plan is carried out with: of its project, and heard from before anything is spent."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from numbers_toolkit import errors
from numbers_toolkit.activation.desk import Unreadable, read_patiently
from numbers_toolkit.activation.endings import RunStopped
from numbers_toolkit.activation.pacing import Pacer
from numbers_toolkit.activation.remembered import client_of, open_client, remember_project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numbers_toolkit.activation.plan import Plan
    from numbers_toolkit.client import NumbersClient

__all__ = ["connected_to"]


@contextmanager
def connected_to(plan: Plan, client: NumbersClient | None) -> Iterator[NumbersClient]:
    """Yield a client of the plan's project that has been heard from.

    Parameters
    ----------
    plan : Plan
        What is to be carried out.
    client : NumbersClient, optional
        None takes the client that the plan was made with, else the one that the project was last worked with in
        this process, else connects with the credentials of the environment.

    Raises
    ------
    PlanError
        When the client is of another project, or of a sandbox where the plan is not, or when it plays back a
        recording or may not record what costs; nothing was sent that costs.
    """
    found = client or client_of(plan) or open_client(plan.project_id)
    with ExitStack() as stack:
        if found is None:
            # Upwards only: connecting is the caller's business as a rule.
            found = stack.enter_context(_connect_from_environment(plan))
        if found.project_id != plan.project_id:
            raise errors.PlanError(
                f"The plan was made for project {plan.project_id}, and the client is connected to "
                f"{found.project_id}. Nothing was sent. Connect to the plan's project, or make a new plan."
            )
        _check_recordings(plan, found)
        _hear_from(found)
        if found.refusal:
            raise errors.PlanError(f"Nothing was sent that costs. {found.refusal}")
        if _is_sandbox(plan.source) != _is_sandbox(found.source):
            raise errors.PlanError(
                f"The plan was made with {plan.source} data, and the client is connected to {found.source}. Nothing "
                "was sent that costs. Make a new plan with this client."
            )
        remember_project(plan.project_id, found)
        yield found


def _check_recordings(plan: Plan, client: NumbersClient) -> None:
    """Refuse to act on what was recorded: it is not the state of now, and nobody answers a request."""
    if client.replays:
        raise errors.PlanError(
            f"Nothing can be rented, changed or released from a recording. {client.refusal} Connect to the project, "
            "or to a sandbox, outside the cassette."
        )
    if plan.source.startswith("cassette"):
        raise errors.PlanError(
            f"The plan was made with recorded answers ({plan.source}): offers and prices of then. Nothing was sent. "
            "Make a new plan with this client."
        )


def _hear_from(client: NumbersClient) -> None:
    """Ask something cheap: the answer tells the API's time, by which the journal goes, and what server it is."""
    try:
        read_patiently(client.list_available_regions, Pacer(client.clock))
    except (RunStopped, Unreadable) as error:
        # What the API or the connection said, as if it had been asked directly.
        raise (error.__cause__ or error) from None
    except errors.NotFoundError:
        return


def _is_sandbox(source: str) -> bool:
    return source == "sandbox"


def _connect_from_environment(plan: Plan) -> NumbersClient:
    from numbers_toolkit.connection import connect

    try:
        return connect(project_id=plan.project_id)
    except errors.ConfigurationError as error:
        raise errors.ConfigurationError(
            f"The plan's client is not known here: give it as the second argument. Nothing was sent. {error}"
        ) from None
