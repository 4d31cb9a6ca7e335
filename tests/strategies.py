"""ActiveNumber objects as the API could send them: absent, null, empty and odd values everywhere."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = st.sampled_from(["plan-a", "plan-b", "CQ4T8ZK", "app-1", "trunk-2"])
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ID = st.one_of(WORDS, st.just(""), st.none())
MOMENTS = (
    st.datetimes().map(lambda when: when.isoformat() + "Z").filter(lambda text: not text.startswith("0001"))
)
TIME = st.one_of(MOMENTS, st.none())
AMOUNT = st.decimals(0, 10**9, places=9, allow_nan=False).map(str) | st.sampled_from(
    ["0.60", "12.5", "0", "1E+3", "-5", "9999999999999999999", "0.1234567890123456789", "6E-1"]
)
STATUS = st.sampled_from(
    ["WAITING", "IN_PROGRESS", "FAILED", "PROVISIONING_STATUS_UNSPECIFIED", "PAUSED", ""]
)
CODES = st.lists(
    st.sampled_from(["INTERNAL_ERROR", "MNO_SHARING_ERROR", "CARRIER_ON_STRIKE"]), max_size=3, unique=True
)


def optional(**fields: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.one_of(st.none(), st.fixed_dictionaries({}, optional=fields))


MONEY = optional(
    currencyCode=st.sampled_from(["USD", "EUR", ""]), amount=st.one_of(AMOUNT, st.just(""), st.none())
)
SMS = optional(
    servicePlanId=ID,
    campaignId=ID,
    scheduledProvisioning=optional(
        servicePlanId=ID,
        campaignId=ID,
        status=st.none() | STATUS,
        lastUpdatedTime=TIME,
        errorCodes=st.one_of(st.none(), CODES),
    ),
)
VOICE_TYPE = st.sampled_from(["RTC", "EST", "FAX", "HOLOGRAM", "", None])
VOICE = optional(
    type=VOICE_TYPE,
    appId=ID,
    trunkId=ID,
    serviceId=ID,
    lastUpdatedTime=TIME,
    scheduledVoiceProvisioning=optional(
        type=VOICE_TYPE, appId=ID, trunkId=ID, serviceId=ID, status=st.none() | STATUS, lastUpdatedTime=TIME
    ),
)
ACTIVE_NUMBER = st.fixed_dictionaries(
    {"phoneNumber": st.from_regex(r"\+1307555[0-9]{4}", fullmatch=True)},
    optional={
        "projectId": st.sampled_from(["p1", "p2", "", None]),
        "displayName": st.none() | NAMES,
        "regionCode": st.sampled_from(["US", "NA", "SE", "", None]),
        "type": st.sampled_from(["MOBILE", "LOCAL", "TOLL_FREE", "SHORT_CODE", None]),
        "capability": st.none() | st.lists(st.sampled_from(["SMS", "VOICE"]), max_size=2, unique=True),
        "money": MONEY,
        "paymentIntervalMonths": st.sampled_from([0, 1, 3, 12, 400, -1, None]),
        "nextChargeDate": TIME,
        "expireAt": TIME,
        "smsConfiguration": SMS,
        "voiceConfiguration": VOICE,
        "callbackUrl": st.sampled_from(["https://hooks.example.com/a", "", None]),
    },
)
