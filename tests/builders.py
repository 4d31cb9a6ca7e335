"""Frames for tests: say only what the test is about, the rest gets a sensible default."""

from __future__ import annotations

import pandas as pd

from numbers_toolkit import files, tables

ACTIVE_DEFAULTS = {
    "project_id": "7f2c9a4e-51d8-4b63-9e0a-6c1d85b2f347",
    "display_name": None,
    "region_code": "US",
    "number_type": "LOCAL",
    "has_sms": True,
    "has_voice": True,
    "price": "0.60",
    "currency_code": "USD",
    "payment_interval_months": 1,
    "monthly_cost": "0.60",
    "next_charge_date": "2026-04-02T09:15:20.118342Z",
    "expire_at": None,
    "sms_service_plan_id": None,
    "sms_campaign_id": None,
    "sms_state": "NOT_CONFIGURED",
    "sms_scheduled_service_plan_id": None,
    "sms_scheduled_campaign_id": None,
    "sms_error_codes": "",
    "sms_updated_at": None,
    "voice_type": "RTC",
    "voice_id": None,
    "voice_state": "NOT_CONFIGURED",
    "voice_scheduled_type": None,
    "voice_scheduled_id": None,
    "voice_updated_at": None,
    "callback_url": None,
}

AVAILABLE_DEFAULTS = {
    "region_code": "US",
    "number_type": "LOCAL",
    "has_sms": True,
    "has_voice": True,
    "setup_price": "0.60",
    "monthly_price": "0.60",
    "currency_code": "USD",
    "payment_interval_months": 1,
    "supporting_documentation_required": True,
}


def active_frame(*rows: dict[str, object]) -> pd.DataFrame:
    """One active number per dict; ``phone_number`` counts up from +13075550100 where it is not given."""
    if not rows:
        return tables.ACTIVE_NUMBERS.empty()
    full = [
        {"phone_number": f"+1307555{100 + index:04d}", **ACTIVE_DEFAULTS, **row}
        for index, row in enumerate(rows)
    ]
    raw = pd.DataFrame(full, columns=list(tables.ACTIVE_NUMBERS.names), dtype=object)
    return files.restore(raw, tables.ACTIVE_NUMBERS)


def available_frame(*rows: dict[str, object]) -> pd.DataFrame:
    """One number on offer per dict; ``phone_number`` as in :func:`active_frame`."""
    if not rows:
        return tables.AVAILABLE_NUMBERS.empty()
    full = [
        {"phone_number": f"+1307555{100 + index:04d}", **AVAILABLE_DEFAULTS, **row}
        for index, row in enumerate(rows)
    ]
    raw = pd.DataFrame(full, columns=list(tables.AVAILABLE_NUMBERS.names), dtype=object)
    return files.restore(raw, tables.AVAILABLE_NUMBERS)
