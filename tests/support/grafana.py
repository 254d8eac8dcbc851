"""Whether a dashboard keeps Grafana's own model of one (module grafana_foundation_sdk)."""
import json
import sys


def missing(before, after, path=""):
    """Members of the dashboard that Grafana's own model did not keep: it does not know them."""
    if isinstance(before, dict):
        for key, value in before.items():
            if not isinstance(after, dict) or key not in after:
                yield f"{path}.{key}"
            else:
                yield from missing(value, after[key], f"{path}.{key}")
    elif isinstance(before, list):
        if not isinstance(after, list) or len(before) != len(after):
            yield path
        else:
            for index, pair in enumerate(zip(before, after)):
                yield from missing(*pair, f"{path}[{index}]")
    elif before != after:
        yield f"{path}: {after}, not {before}"


def keeps_schema(path):
    """The dashboard in the file; ends the program if Grafana would not know a part of it."""
    from grafana_foundation_sdk.cog.encoder import JSONEncoder
    from grafana_foundation_sdk.models.dashboard import Dashboard

    with open(path, encoding="utf-8") as file:
        dashboard = json.load(file)
    read = json.loads(JSONEncoder().encode(Dashboard.from_json(dashboard)))
    unknown = list(missing(dashboard, read))
    if unknown:
        sys.exit(f"{path}: not in Grafana's schema: {unknown}")
    ids = [panel["id"] for panel in dashboard["panels"]]
    if len(set(ids)) != len(ids):
        sys.exit(f"{path}: two panels have one id")
    return dashboard
