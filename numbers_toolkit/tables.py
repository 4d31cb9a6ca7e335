"""Every table's columns: name, dtype, unit, meaning and where the value comes from.

The one place where column names are written down. A table checks a frame (:meth:`Table.require`), makes
an empty one (:meth:`Table.empty`) and renders its own documentation (:meth:`Table.describe`). It computes
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd

from numbers_toolkit.errors import ColumnError
from numbers_toolkit.money import MONEY_SCALE, exact_amount, exact_money_dtype, is_money, money_dtype
from numbers_toolkit.vocabulary import NUMBER_TYPES, PROVISIONING_STATES, VOICE_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "ACTIVE_NUMBERS",
    "ATTENTION",
    "ATTENTION_SUMMARY",
    "AVAILABLE_NUMBERS",
    "AVAILABLE_REGIONS",
    "CAMPAIGN_FILL",
    "ERROR_FREQUENCIES",
    "INVENTORY",
    "MONEY_SCALE",
    "MONTHLY_COST",
    "OTHER_FIELDS",
    "PROVISIONING_ERRORS",
    "PROVISIONING_STATUS",
    "RENEWALS",
    "SERVICES",
    "TEXT_DTYPE",
    "UPCOMING_CHARGES",
    "Column",
    "Table",
    "exact_amount",
    "exact_money_dtype",
    "is_money",
    "money_dtype",
]

Kind = Literal["text", "category", "flag", "count", "months", "time", "money", "share"]

#: Extra column, only there when the API sent something no other column holds: JSON text.
OTHER_FIELDS: Final = "other_fields"
SERVICES: Final = ("SMS", "VOICE")
#: Text as pandas' own ``str``, held by Arrow; missing is NaN.
TEXT_DTYPE: Final = pd.StringDtype("pyarrow", na_value=float("nan"))


@cache
def _dtype(kind: Kind, categories: tuple[str, ...] = ()) -> Any:
    if kind == "category":
        return pd.CategoricalDtype(pd.Index(list(categories), dtype=TEXT_DTYPE))
    dtypes: dict[str, Any] = {
        "text": TEXT_DTYPE,
        "flag": pd.BooleanDtype(),
        "count": pd.Int64Dtype(),
        "months": pd.Int8Dtype(),
        "time": pd.DatetimeTZDtype("us", "UTC"),
        "money": money_dtype(),
        "share": pd.Float64Dtype(),
    }
    return dtypes[kind]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
        Column name, the API's word in snake_case where it has one.
    kind : str
        ``text`` (``str``), ``category``, ``flag`` (``boolean``), ``count`` (``Int64``), ``months``
        (``Int8``), ``time`` (``datetime64[us, UTC]``), ``money`` (exact decimal) or ``share`` (``Float64``).
    meaning : str
        What it says, with its unit.
    nullable : bool, default True
        Whether a value may be missing.
    categories : tuple of str
        Values that are always declared; unknown ones are appended.
    source : str
        Field of the API's answer, or ``derived``.
    """

    name: str
    kind: Kind
    meaning: str
    nullable: bool = True
    categories: tuple[str, ...] = ()
    source: str = "derived"

    @property
    def dtype(self) -> Any:
        """Pandas dtype; for a category the dtype with the declared categories alone."""
        return _dtype(self.kind, self.categories)

    @property
    def dtype_name(self) -> str:
        """The dtype in words, as documented."""
        return self.kind if self.kind == "category" else str(self.dtype)

    def accepts(self, dtype: Any) -> bool:
        """Whether a frame's dtype serves for this column (a category with more values does)."""
        if self.kind in ("category", "text"):
            return isinstance(dtype, (pd.CategoricalDtype, pd.StringDtype)) or pd.api.types.is_object_dtype(
                dtype
            )
        if self.kind == "money":
            return is_money(dtype) or pd.api.types.is_object_dtype(dtype)
        if self.kind == "time":
            return isinstance(dtype, pd.DatetimeTZDtype)
        if self.kind == "flag":
            return bool(pd.api.types.is_bool_dtype(dtype))
        return bool(pd.api.types.is_numeric_dtype(dtype))


@dataclass(frozen=True, slots=True)
class Table:
    """A table's name, what one row is, and its columns in order.

    Examples
    --------
    >>> AVAILABLE_REGIONS.names
    ('region_code', 'region_name', 'number_type')
    >>> len(AVAILABLE_REGIONS.empty())
    0
    """

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def empty(self, leading: Iterable[Column] = ()) -> pd.DataFrame:
        """Return a frame without rows, with every column and dtype (after ``leading`` key columns)."""
        columns = (*leading, *self.columns)
        return pd.DataFrame({column.name: pd.Series(dtype=column.dtype) for column in columns})

    def require(self, frame: pd.DataFrame, names: Iterable[str] | None = None) -> None:
        """Check that a frame has the columns named, with dtypes that serve.

        Parameters
        ----------
        frame : pandas.DataFrame
            Frame to check; it is not changed.
        names : iterable of str, optional
            Columns needed; None means all of the table's.

        Raises
        ------
        ColumnError
            Lists every missing column and every wrong dtype.
        """
        if not isinstance(frame, pd.DataFrame):
            raise ColumnError(
                f"The {self.name} table must be a pandas DataFrame, not {type(frame).__name__}."
            )
        wanted = [self[name] for name in names] if names is not None else list(self.columns)
        missing = [column.name for column in wanted if column.name not in frame.columns]
        wrong = [
            f"{column.name} is {frame[column.name].dtype}, not {column.dtype}"
            for column in wanted
            if column.name in frame.columns and not column.accepts(frame[column.name].dtype)
        ]
        faults = ([f"columns missing: {', '.join(missing)}"] if missing else []) + wrong
        if faults:
            raise ColumnError(
                f"The {self.name} table does not fit: {'; '.join(faults)}. "
                "Use a frame from the loaders, or numbers_toolkit.read_csv to read one back with its dtypes."
            )

    def describe(self) -> str:
        """Return the column list as it stands in docstrings: ``name : dtype - meaning``."""
        return "\n".join(
            f"``{c.name}`` : {c.dtype_name}{', may be missing' if c.nullable else ''} - {c.meaning}"
            for c in self.columns
        )


def _text(name: str, meaning: str, source: str = "derived", *, nullable: bool = True) -> Column:
    return Column(name, "text", meaning, nullable, source=source)


def _category(
    name: str, meaning: str, source: str = "derived", *, nullable: bool = True, values: tuple[str, ...] = ()
) -> Column:
    return Column(name, "category", meaning, nullable, values, source)


_PHONE_NUMBER = _text("phone_number", "number in E.164, always text", "phoneNumber", nullable=False)
_REGION_CODE = _category("region_code", "ISO 3166-1 alpha-2", "regionCode")
_NUMBER_TYPE = _category("number_type", "kind of number", "type", values=NUMBER_TYPES)
_HAS_SMS = Column("has_sms", "flag", "can be used for SMS", source="capability")
_HAS_VOICE = Column("has_voice", "flag", "can be used for voice", source="capability")
_INTERVAL = Column(
    "payment_interval_months", "months", "months between charges", source="paymentIntervalMonths"
)

AVAILABLE_REGIONS: Final = Table(
    "available regions",
    "region and number type on offer there",
    (
        Column("region_code", "category", "ISO 3166-1 alpha-2", nullable=False, source="regionCode"),
        _text("region_name", "English name", "regionName"),
        _NUMBER_TYPE,
    ),
)

AVAILABLE_NUMBERS: Final = Table(
    "available numbers",
    "number on offer",
    (
        _PHONE_NUMBER,
        _REGION_CODE,
        _NUMBER_TYPE,
        _HAS_SMS,
        _HAS_VOICE,
        Column("setup_price", "money", "one-time price, in currency_code", source="setupPrice.amount"),
        Column(
            "monthly_price",
            "money",
            "recurring price per month, in currency_code",
            source="monthlyPrice.amount",
        ),
        _category("currency_code", "ISO 4217, of both prices", "monthlyPrice.currencyCode"),
        _INTERVAL,
        Column(
            "supporting_documentation_required",
            "flag",
            "papers are needed, so the number is bought by a number order",
            source="supportingDocumentationRequired",
        ),
    ),
)

ACTIVE_NUMBERS: Final = Table(
    "active numbers",
    "number the project rents",
    (
        _PHONE_NUMBER,
        _category("project_id", "project that rents it", "projectId"),
        _text("display_name", "name given to it", "displayName"),
        _REGION_CODE,
        _NUMBER_TYPE,
        _HAS_SMS,
        _HAS_VOICE,
        Column("price", "money", "charge per payment interval, in currency_code", source="money.amount"),
        _category("currency_code", "ISO 4217", "money.currencyCode"),
        _INTERVAL,
        Column(
            "monthly_cost", "money", "price / payment_interval_months, rounded half to even to six digits"
        ),
        Column("next_charge_date", "time", "next renewal", source="nextChargeDate"),
        Column("expire_at", "time", "end of the rental; set once the number is released", source="expireAt"),
        _category("sms_service_plan_id", "SMS service plan in force", "smsConfiguration.servicePlanId"),
        _category("sms_campaign_id", "10DLC campaign in force", "smsConfiguration.campaignId"),
        _category(
            "sms_state",
            "state of the SMS service, or the API's own word if unknown",
            nullable=False,
            values=PROVISIONING_STATES,
        ),
        _category("sms_scheduled_service_plan_id", "plan being set", "scheduledProvisioning.servicePlanId"),
        _category("sms_scheduled_campaign_id", "campaign being set", "scheduledProvisioning.campaignId"),
        _category(
            "sms_error_codes", "codes joined by ';', empty text when none", "errorCodes", nullable=False
        ),
        Column(
            "sms_updated_at",
            "time",
            "last change of the SMS job",
            source="scheduledProvisioning.lastUpdatedTime",
        ),
        _category("voice_type", "voice product in force", "voiceConfiguration.type", values=VOICE_TYPES),
        _category("voice_id", "app, trunk or service id in force", "appId, trunkId or serviceId"),
        _category(
            "voice_state",
            "state of the voice service, or the API's own word if unknown",
            nullable=False,
            values=PROVISIONING_STATES,
        ),
        _category(
            "voice_scheduled_type",
            "voice product being set",
            "scheduledVoiceProvisioning.type",
            values=VOICE_TYPES,
        ),
        _category("voice_scheduled_id", "app, trunk or service id being set", "scheduledVoiceProvisioning"),
        Column(
            "voice_updated_at",
            "time",
            "last change of the voice job, else of the voice service",
            source="lastUpdatedTime",
        ),
        _category("callback_url", "where its events go", "callbackUrl"),
    ),
)

_WHO_ACTS = _category("who_acts", "who has to act: you, Sinch, or Sinch's support", nullable=False)
_RETRY = _category("retry", "whether sending the same update again can help", nullable=False)
_MEANING = _category("meaning", "what the code says", nullable=False)
_REMEDY = _category("remedy", "what to do", nullable=False)
_ERROR_CODE = _category("error_code", "provisioning error code", "errorCodes", nullable=False)
_SERVICE = _category("service", "SMS or VOICE", nullable=False, values=SERVICES)
_NUMBERS = Column("numbers", "count", "how many numbers", nullable=False)
_CURRENCY = _category(
    "currency_code", "ISO 4217; amounts of different rows with different codes are never added"
)

PROVISIONING_ERRORS: Final = Table(
    "provisioning errors",
    "number, service and error code",
    (
        _PHONE_NUMBER,
        _REGION_CODE,
        _NUMBER_TYPE,
        _SERVICE,
        _ERROR_CODE,
        _category("service_plan_id", "plan that was being set (SMS)"),
        _category("campaign_id", "campaign that was being set (SMS)"),
        Column("updated_at", "time", "when the job last changed"),
        _MEANING,
        _REMEDY,
        _WHO_ACTS,
        _RETRY,
    ),
)

#: Summaries. Each may be led by the key columns it was asked to be broken down by.
INVENTORY: Final = Table(
    "inventory",
    "group of numbers",
    (_NUMBERS, Column("share", "share", "share of all numbers, 0 to 1", nullable=False)),
)

MONTHLY_COST: Final = Table(
    "monthly cost",
    "group of numbers and currency",
    (
        _CURRENCY,
        _NUMBERS,
        Column("monthly_cost", "money", "sum of price / interval, in currency_code"),
        Column("yearly_cost", "money", "the same for twelve months, in currency_code"),
        Column(
            "unpriced",
            "count",
            "how many of the numbers have no known price, so are in no sum",
            nullable=False,
        ),
    ),
)

RENEWALS: Final = Table(
    "renewals",
    "calendar month and currency",
    (
        Column("month", "time", "first instant of the calendar month, UTC", nullable=False),
        _CURRENCY,
        Column("charges", "count", "how many charges fall into the month", nullable=False),
        Column("amount", "money", "their sum, in currency_code"),
    ),
)

UPCOMING_CHARGES: Final = Table(
    "upcoming charges",
    "charge",
    (
        Column("charge_date", "time", "when it falls due", nullable=False),
        _PHONE_NUMBER,
        _text("display_name", "name given to the number"),
        _REGION_CODE,
        _NUMBER_TYPE,
        Column("amount", "money", "what it costs, in currency_code", nullable=False),
        _category("currency_code", "ISO 4217"),
    ),
)

PROVISIONING_STATUS: Final = Table(
    "provisioning status",
    "service and state",
    (
        _SERVICE,
        _category("state", "provisioning state", nullable=False, values=PROVISIONING_STATES),
        _NUMBERS,
        Column("share", "share", "share of all numbers, 0 to 1", nullable=False),
    ),
)

ERROR_FREQUENCIES: Final = Table(
    "error frequencies",
    "error code (and group)",
    (
        _ERROR_CODE,
        _NUMBERS,
        Column("share", "share", "share of the numbers that have an error, 0 to 1", nullable=False),
        _WHO_ACTS,
        _RETRY,
        _MEANING,
        _REMEDY,
    ),
)

ATTENTION: Final = Table(
    "numbers that need attention",
    "number and reason, most pressing first",
    (
        Column("rank", "count", "1 is the most pressing", nullable=False),
        _PHONE_NUMBER,
        _text("display_name", "name given to it"),
        _REGION_CODE,
        _NUMBER_TYPE,
        _category("problem", "what is wrong, in words", nullable=False),
        _category("error_code", "provisioning error code, where there is one"),
        _REMEDY,
        _WHO_ACTS,
        _RETRY,
        Column("since", "time", "when it was last seen to change"),
        Column("age_days", "count", "whole days since then"),
        Column("expire_at", "time", "end of the rental of a released number"),
        _category("service_plan_id", "SMS service plan concerned"),
        _category("campaign_id", "campaign concerned"),
        Column("monthly_cost", "money", "what the number costs a month, in currency_code"),
        _category("currency_code", "ISO 4217"),
    ),
)

ATTENTION_SUMMARY: Final = Table(
    "what needs attention",
    "problem, most pressing first",
    (
        Column("rank", "count", "1 is the most pressing", nullable=False),
        _category("problem", "what is wrong, in words", nullable=False),
        _category("error_code", "provisioning error code, where there is one"),
        _NUMBERS,
        Column("oldest_days", "count", "whole days since the longest-standing of them last changed"),
        _REMEDY,
        _WHO_ACTS,
        _RETRY,
    ),
)

CAMPAIGN_FILL: Final = Table(
    "campaign fill",
    "10DLC campaign",
    (
        _category("campaign_id", "10DLC campaign", nullable=False),
        _NUMBERS,
        Column("scheduled", "count", "numbers still being linked to it", nullable=False),
        Column("failed", "count", "numbers whose link failed", nullable=False),
        Column("limit", "count", "numbers it can hold; missing for a number pool"),
        Column("room", "count", "limit - numbers - scheduled; negative when over"),
        Column("fill", "share", "(numbers + scheduled) / limit"),
    ),
)
