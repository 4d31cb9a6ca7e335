"""The routes that are compared: each reads the same inventory from the same server, in a process of its own."""

from __future__ import annotations

import json
import resource
import sys
import time


def toolkit(url: str, project: str) -> object:
    import numbers_toolkit as nt
    from numbers_toolkit import loaders

    with nt.connect(project, "key", "secret", numbers_url=url, auth_url=url) as client:
        started = time.perf_counter()
        return loaders.active_numbers(client, progress=False), time.perf_counter() - started


def orjson_only(url: str, project: str) -> object:
    import orjson
    import urllib3

    pool = urllib3.PoolManager()
    started = time.perf_counter()
    count, token = 0, ""
    while True:
        query = f"pageSize=1000&orderBy=phoneNumber{'&pageToken=' + token if token else ''}"
        page = orjson.loads(pool.request("GET", f"{url}/v1/projects/{project}/activeNumbers?{query}").data)
        count += len(page["activeNumbers"])
        token = page["nextPageToken"]
        if not token:
            return count, time.perf_counter() - started


def notebook(url: str, project: str) -> object:
    import pandas as pd
    import requests

    session = requests.Session()
    started = time.perf_counter()
    numbers, token = [], ""
    while True:
        query = {"pageSize": "1000", "orderBy": "phoneNumber", **({"pageToken": token} if token else {})}
        page = session.get(f"{url}/v1/projects/{project}/activeNumbers", params=query, timeout=60).json()
        numbers.extend(page["activeNumbers"])
        token = page["nextPageToken"]
        if not token:
            return pd.json_normalize(numbers), time.perf_counter() - started


def vendor_sdk(url: str, project: str) -> object:
    import pandas as pd
    from sinch import SinchClient

    client = SinchClient(key_id="key", key_secret="secret", project_id=project)
    client.configuration.numbers_origin = client.configuration.auth_origin = url
    started = time.perf_counter()
    numbers = [one.model_dump() for one in client.numbers.list(page_size=1000).iterator()]
    return pd.DataFrame(numbers), time.perf_counter() - started


ROUTES = {"toolkit": toolkit, "orjson": orjson_only, "notebook": notebook, "sdk": vendor_sdk}


def main() -> None:
    name, url, project = sys.argv[1:4]
    result, seconds = ROUTES[name](url, project)  # type: ignore[misc]
    rows = result if isinstance(result, int) else len(result)  # type: ignore[arg-type]
    usage = getattr(result, "memory_usage", None)
    print(
        json.dumps(
            {
                "rows": rows,
                "seconds": seconds,
                "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "bytes_per_row": float(usage(deep=True).sum()) / rows
                if usage and name == "toolkit"
                else None,
            }
        )
    )


if __name__ == "__main__":
    main()
