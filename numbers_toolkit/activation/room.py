"""What the active numbers tell a plan: which ids are in use, and how much room a campaign has left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.error_codes import CAMPAIGN_LIMIT
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    import pandas as pd

    from numbers_toolkit.activation.findings import Findings
    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.progress import Progress

__all__ = ["ActiveNumbers", "check_limit", "check_room", "ids_in_use"]

_READ: Final = (
    "sms_service_plan_id",
    "sms_scheduled_service_plan_id",
    "sms_campaign_id",
    "sms_scheduled_campaign_id",
    "sms_state",
)


def check_limit(limit: Any) -> int | None:
    """Return how many numbers a campaign can hold, None for a number pool.

    Raises
    ------
    InvalidInputError
        When it is no whole number of at least 1.
    """
    if limit is None or (isinstance(limit, int) and not isinstance(limit, bool) and limit >= 1):
        return limit
    raise InvalidInputError(
        f"campaign_limit {limit!r} is no whole number of at least 1; use 1 for a sole proprietor's campaign, None "
        "for a number pool."
    )


@dataclass
class ActiveNumbers:
    """The active numbers of a project, as far as they are known; read once when they are needed.

    Parameters
    ----------
    client : NumbersClient
        Where to read.
    frame : pandas.DataFrame or None
        What was read already.
    """

    client: NumbersClient
    frame: pd.DataFrame | None = None

    @classmethod
    def of(cls, active: pd.DataFrame | None, client: NumbersClient, findings: Findings) -> ActiveNumbers:
        """Return the active numbers that somebody has read already.

        Parameters
        ----------
        active : pandas.DataFrame or None
            Active numbers.
        client : NumbersClient
            The client of the plan.
        findings : Findings
            Told when they belong to another project.

        Raises
        ------
        ColumnError
            When they are no frame of active numbers.
        """
        if active is not None:
            from numbers_toolkit.tables import ACTIVE_NUMBERS

            ACTIVE_NUMBERS.require(active, _READ)
            project = active.attrs.get("project_id")
            if project and project != client.project_id:
                findings.fault(
                    f"The active numbers were read from project {project}, but the client is connected to "
                    f"{client.project_id}. Read them again with this client, or leave out active=."
                )
        return cls(client, active)

    def read(self, progress: Progress) -> pd.DataFrame:
        """Return the active numbers, at least those of the US: a campaign has no others."""
        if self.frame is None:
            from numbers_toolkit.loaders import active_numbers

            # A callable is told of one piece of work, the numbers of the plan.
            shown = False if callable(progress) else progress
            self.frame = active_numbers(self.client, region_code="US", progress=shown)
        return self.frame

    def service_plans(self) -> set[str] | None:
        """Return the service plans in use, None when that is not known."""
        return ids_in_use(self.frame, "sms_service_plan_id", "sms_scheduled_service_plan_id")

    def campaigns(self) -> set[str] | None:
        """Return the campaigns in use, None when that is not known."""
        return ids_in_use(self.frame, "sms_campaign_id", "sms_scheduled_campaign_id")


def ids_in_use(active: pd.DataFrame | None, *columns: str) -> set[str] | None:
    """Return the ids that stand in columns of active numbers, None when there are none to look at."""
    if active is None:
        return None
    return {str(one) for name in columns if name in active for one in active[name].dropna().unique()}


def check_room(
    active: pd.DataFrame, campaign_id: str, limit: int | None, planned: int, findings: Findings
) -> None:
    """Refuse more numbers than a campaign has room for.

    Parameters
    ----------
    active : pandas.DataFrame
        Active numbers of the project, at least those of the US.
    campaign_id : str
        The campaign.
    limit : int or None
        Numbers that it can hold; None for a number pool.
    planned : int
        Numbers that are to be linked to it.
    findings : Findings
        Told the fault; warned when the frame is not whole, or the campaign can only be a number pool.

    Raises
    ------
    ColumnError
        When the frame lacks columns of active numbers.
    """
    from numbers_toolkit.analysis import campaign_fill

    if limit is None:
        return
    fill = campaign_fill(active)
    own = fill[fill["campaign_id"] == campaign_id]
    linked, scheduled = int(own["numbers"].sum()), int(own["scheduled"].sum())
    if linked > CAMPAIGN_LIMIT == limit:
        findings.warn(
            f"Campaign {campaign_id!r} has {linked:,} numbers linked already, more than the usual {CAMPAIGN_LIMIT}: "
            "it can only be a number pool, so its room was not checked."
        )
        return
    room = max(0, limit - linked - scheduled)
    if planned > room:
        findings.fault(
            f"Campaign {campaign_id!r} has room for {counted(room)}, and the plan links {planned:,} to it: it can "
            f"hold {limit:,}, and {linked + scheduled:,} are linked or about to be. Plan fewer, use another "
            "campaign, or say what it can hold with campaign_limit= (None for a number pool)."
        )
    elif active.attrs.get("complete") is False:
        findings.warn(
            f"Not all active numbers were read, so campaign {campaign_id!r} may have less room than is seen "
            f"({counted(room)})."
        )
