"""A plain HTTP caller for the sandbox's tests; it shares nothing with the toolkit's client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

import requests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numbers_toolkit.sandbox import Sandbox

TIMEOUT = 30
MOST_PAGES = 500


class Caller:
    """Call one sandbox with its own key over one connection."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = (sandbox.key_id, sandbox.key_secret)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    @property
    def base(self) -> str:
        return f"{self.sandbox.numbers_url}/v1/projects/{self.sandbox.project_id}"

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.session.request(method, f"{self.base}/{path}", timeout=TIMEOUT, **options)

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.call("GET", path, params=query)

    def token(self, **options: Any) -> requests.Response:
        given = {"data": {"grant_type": "client_credentials"}, "auth": self.session.auth} | options
        return self.session.post(f"{self.sandbox.auth_url}/oauth2/token", timeout=TIMEOUT, **given)

    def with_token(self, token: str) -> requests.Response:
        headers = {"authorization": f"Bearer {token}"}
        return requests.get(f"{self.base}/availableRegions", headers=headers, timeout=TIMEOUT)

    def pages(self, **query: Any) -> Iterator[dict[str, Any]]:
        token = ""
        for _ in range(MOST_PAGES):
            page = self.get("activeNumbers", **query, **({"pageToken": token} if token else {})).json()
            yield page
            token = page["nextPageToken"]
            if not token:
                return
        raise AssertionError(f"more than {MOST_PAGES} pages")

    def numbers(self, **query: Any) -> list[dict[str, Any]]:
        query.setdefault("pageSize", 1000)
        return [number for page in self.pages(**query) for number in page["activeNumbers"]]

    def number(self, phone_number: str) -> dict[str, Any]:
        return self.call("GET", f"activeNumbers/{phone_number}").json()

    def on_offer(self, position: int = 0, region: str = "US", kind: str = "LOCAL") -> str:
        found = self.get("availableNumbers", regionCode=region, type=kind, size=1000).json()
        return found["availableNumbers"][position]["phoneNumber"]

    def rent(self, phone_number: str, **body: Any) -> dict[str, Any]:
        answer = self.call("POST", f"availableNumbers/{phone_number}:rent", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def patch(self, phone_number: str, **body: Any) -> requests.Response:
        return self.call("PATCH", f"activeNumbers/{quote(phone_number)}", json=body)


def violation(response: requests.Response) -> str:
    """Return the field that a 400 names, after checking the whole envelope."""
    assert response.status_code == 400, response.text
    error = response.json()["error"]
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    (detail,) = error["details"]
    assert detail["type"] == "BadRequest"
    (found,) = detail["fieldViolations"]
    assert set(found) == {"field", "description"}
    return found["field"]


def active_number(phone_number: str, **changes: Any) -> dict[str, Any]:
    """Return the document of a number that has nothing configured."""
    return {
        "phoneNumber": phone_number,
        "projectId": "11111111-2222-4333-8444-555555555555",
        "displayName": "",
        "regionCode": "US",
        "type": "LOCAL",
        "capability": ["SMS", "VOICE"],
        "money": {"currencyCode": "USD", "amount": "0.60"},
        "paymentIntervalMonths": 1,
        "nextChargeDate": "2026-04-01T00:00:00.000000Z",
        "expireAt": None,
        "smsConfiguration": {"servicePlanId": "", "scheduledProvisioning": None, "campaignId": ""},
        "voiceConfiguration": {
            "appId": "",
            "scheduledVoiceProvisioning": None,
            "lastUpdatedTime": None,
            "type": "RTC",
            "trunkId": "",
            "serviceId": "",
        },
        "callbackUrl": "",
    } | changes
