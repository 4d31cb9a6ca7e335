"""The seeded inventory: proportions, error codes, names, phone numbers, and that it is the same every time."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime

import pytest

from numbers_toolkit.sandbox import ERROR_CODES, Sandbox
from numbers_toolkit.sandbox.catalogue import OFFERS
from numbers_toolkit.sandbox.names import UNTRUSTED
from numbers_toolkit.sandbox.numbering import AUSTRALIAN_MOBILES, CALLING_CODES, phone_numbers
from sandbox_helpers import Caller


@pytest.fixture(scope="module")
def inventory():
    with Sandbox(active=500, available=1000, clock="manual") as sandbox, Caller(sandbox) as caller:
        yield caller.numbers()


@pytest.fixture(scope="module")
def large():
    with Sandbox(active=20_000, available=0, clock="manual") as sandbox, Caller(sandbox) as caller:
        yield caller.numbers()
        assert sandbox.internal_errors == []


def sms_codes(numbers):
    jobs = [number["smsConfiguration"]["scheduledProvisioning"] for number in numbers]
    return Counter(code for job in jobs if job for code in job["errorCodes"])


def test_five_hundred_numbers_hold_every_error_code(inventory):
    codes = sms_codes(inventory)

    assert set(codes) == set(ERROR_CODES)
    failed = [
        number
        for number in inventory
        if (number["smsConfiguration"]["scheduledProvisioning"] or {}).get("status") == "FAILED"
    ]
    assert 0.02 < len(failed) / len(inventory) < 0.1
    assert any(
        len(number["smsConfiguration"]["scheduledProvisioning"]["errorCodes"]) == 2 for number in failed
    )


@pytest.mark.parametrize("seed", [1, 2, 99])
def test_every_code_is_there_for_every_seed(seed):
    with Sandbox(active=500, available=0, seed=seed) as sandbox, Caller(sandbox) as caller:
        assert set(sms_codes(caller.numbers())) == set(ERROR_CODES)


def test_jobs_in_every_state_and_released_numbers(inventory):
    sms = Counter((n["smsConfiguration"]["scheduledProvisioning"] or {}).get("status") for n in inventory)
    voice = Counter(
        (n["voiceConfiguration"]["scheduledVoiceProvisioning"] or {}).get("status") for n in inventory
    )
    types = Counter(
        n["voiceConfiguration"]["type"] for n in inventory if n["voiceConfiguration"]["lastUpdatedTime"]
    )

    assert {"WAITING", "IN_PROGRESS", "FAILED", None} == set(sms) == set(voice)
    assert {"RTC", "EST", "FAX"} == set(types)
    released = [number for number in inventory if number["expireAt"]]
    assert 2 <= len(released) <= 10
    assert all(number["expireAt"] == number["nextChargeDate"] for number in released)


def test_linked_numbers_respect_the_limits_of_campaigns(large):
    with Sandbox(active=20_000, available=0, clock="manual") as sandbox:
        kinds = {campaign.target_id: campaign.kind for campaign in sandbox.campaigns}
    sizes = Counter(n["smsConfiguration"]["campaignId"] for n in large if n["smsConfiguration"]["campaignId"])
    by_kind = {
        kind: [size for campaign, size in sizes.items() if kinds[campaign] == kind] for kind in kinds.values()
    }

    assert max(by_kind["STANDARD"]) == 50
    assert max(by_kind["SOLE_PROPRIETOR"]) == 1
    assert max(by_kind["NUMBER_POOL"]) > 50
    assert min(by_kind["STANDARD"]) <= 3
    assert all(
        n["type"] == "LOCAL" and n["regionCode"] == "US" for n in large if n["smsConfiguration"]["campaignId"]
    )


def test_small_account_already_has_full_and_pooled_campaigns(inventory):
    sizes = Counter(
        n["smsConfiguration"]["campaignId"] for n in inventory if n["smsConfiguration"]["campaignId"]
    )

    assert max(sizes.values()) > 50
    assert [size for size in sizes.values() if 45 <= size <= 50]
    assert min(sizes.values()) <= 3


def test_regions_types_currencies_and_intervals_vary(large):
    regions = Counter(number["regionCode"] for number in large)

    assert regions.most_common(1)[0][0] == "US"
    assert "NA" in regions
    assert len(regions) >= 20
    assert {number["type"] for number in large} == {"LOCAL", "MOBILE", "TOLL_FREE"}
    assert {"USD", "EUR", "GBP", "SEK", "AUD"} <= {number["money"]["currencyCode"] for number in large}
    intervals = Counter(number["paymentIntervalMonths"] for number in large)
    assert set(intervals) == {1, 3, 6, 12}
    assert intervals[1] > 0.8 * len(large)


def test_renewals_lie_ahead_and_reach_the_ends_of_months(large):
    dates = [datetime.fromisoformat(number["nextChargeDate"]) for number in large]

    assert min(dates) > datetime.fromisoformat("2026-03-02T09:00:00Z")
    assert {29, 30, 31} <= {date.day for date in dates}
    assert len({date.month for date in dates}) == 12


def test_names_are_in_many_scripts_and_some_attack(inventory, large):
    names = [number["displayName"] for number in large]
    lengths = [len(name.encode()) for name in names if name]

    assert 0.25 < names.count("") / len(names) < 0.45
    assert 11 < sum(lengths) / len(lengths) < 17
    assert set(UNTRUSTED) <= {number["displayName"] for number in inventory}
    for script in ("[А-я]", "[ا-ي]", "[א-ת]", "[一-龥]", "[ぁ-ヿ]", "[😀-🛿📞]", "[ÅÄÖåäö]"):
        assert any(re.search(script, name) for name in names), script
    assert not any("\n" in name for name in names)


@pytest.mark.parametrize("active", [0, 1, 2, 10, 50])
def test_small_accounts_are_complete(active):
    with Sandbox(active=active, available=active, clock="manual") as sandbox, Caller(sandbox) as caller:
        numbers = caller.numbers()

    assert len(numbers) == sandbox.active_count == sandbox.available_count == active


def test_stock_and_active_numbers_are_disjoint():
    with Sandbox(active=2000, available=2000, clock="manual") as sandbox, Caller(sandbox) as caller:
        active = {number["phoneNumber"] for number in caller.numbers()}
        stock = set()
        for region in caller.get("availableRegions").json()["availableRegions"]:
            for kind in region["types"]:
                query = {"regionCode": region["regionCode"], "type": kind, "size": 1000}
                stock |= {
                    n["phoneNumber"]
                    for n in caller.get("availableNumbers", **query).json()["availableNumbers"]
                }

    assert len(active) == len(stock) == 2000
    assert not active & stock


RESERVED_OR_UNASSIGNABLE = re.compile(
    r"\+1[2-9]\d\d55501\d\d"  # North America: for fiction
    r"|\+1[2-9]\d\d[01]\d{6}"  # North America: exchange codes cannot begin with 0 or 1
    r"|\+44(11[345678]|121|131|141|151|161)4960\d{3}|\+442079460\d{3}|\+441914980\d{3}|\+442896496\d{3}"
    r"|\+441632960\d{3}|\+447700900\d{3}|\+448081570\d{3}"
    r"|\+463139006\d\d|\+464062804\d\d|\+468465004\d\d|\+469803192\d\d|\+46701740(60[5-9]|6[1-9]\d)"
    r"|\+493023125\d{3}|\+4969 ?90009\d{3}|\+494066969\d{3}|\+492214710\d{3}|\+498999998\d{3}"
    r"|\+4917139200\d\d|\+49176040690\d\d"
    r"|\+33(19900|26191|35301|46571|53649|63998)\d{4}"
    r"|\+61[2378]5550\d{4}|\+61491(" + "|".join(AUSTRALIAN_MOBILES) + r")"
    r"|\+3532091\d{5}"
    r"|\+(" + "|".join(CALLING_CODES.values()) + r")00[123]\d{7}"  # no national number begins with two zeros
)


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: f"{offer.region_code}-{offer.number_type}")
def test_no_number_can_reach_anybody(offer):
    numbers = phone_numbers(offer.region_code, offer.number_type, 0, 60_000)
    numbers += phone_numbers(offer.region_code, offer.number_type, 900_000, 1000)

    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert RESERVED_OR_UNASSIGNABLE.fullmatch(number), number
        assert re.fullmatch(r"\+[1-9]\d{6,14}", number)
        assert number.startswith(f"+{CALLING_CODES[offer.region_code]}")


def test_pieces_join_without_overlap():
    whole = phone_numbers("US", "LOCAL", 0, 6000)

    assert phone_numbers("US", "LOCAL", 4000, 1000) == whole[4000:5000]


PROGRAM = """
import hashlib, requests
from numbers_toolkit.sandbox import Sandbox
with Sandbox(active=700, available=300, seed={seed}, clock="manual") as sandbox:
    base = f"{{sandbox.numbers_url}}/v1/projects/{{sandbox.project_id}}"
    digest = hashlib.sha256()
    for path in ("activeNumbers?pageSize=1000", "availableNumbers?regionCode=US&type=LOCAL&size=300",
                 "activeNumbers?pageSize=20&orderBy=displayName"):
        answer = requests.get(f"{{base}}/{{path}}", auth=(sandbox.key_id, sandbox.key_secret))
        assert answer.status_code == 200
        digest.update(answer.content)
    print(digest.hexdigest())
"""


def run(seed, hash_seed):
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-c", PROGRAM.format(seed=seed)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def test_same_seed_gives_the_same_bytes_in_every_process():
    assert run(7, "1") == run(7, "2") != run(8, "1")


def test_answers_of_two_sandboxes_of_one_seed_are_equal_bytes():
    digests = []
    for _ in range(2):
        with Sandbox(active=300, available=0, clock="manual") as sandbox, Caller(sandbox) as caller:
            digests.append(hashlib.sha256(caller.get("activeNumbers", pageSize=300).content).hexdigest())

    assert digests[0] == digests[1]
