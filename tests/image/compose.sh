#!/bin/bash
# The Compose file: podman-compose reads it, the specification's own types accept what it comes to, what it mounts is
# there, and what it tells royale to do is done. No image of others is fetched: their settings are checked by their own
# checkers where Debian has one (promtool), and Kafka's by a Kafka where one is at hand.

# shellcheck source=tests/image/image.bash
. "$(dirname "$0")/image.bash"
folder=$tree/tools/package/compose

rendered() {
    (cd "$folder" && ROYALE_IMAGE=$image "$IMAGE_CHECKERS/podman-compose" -f compose.yaml config) >rendered.yaml 2>err || { cat err; return 1; }
    accepted rendered.yaml
}

accepted() {
    "$IMAGE_CHECKERS/python" - "$1" <<'PY'
import sys
import compose_spec
compose = compose_spec.PyCompose.from_yaml(open(sys.argv[1]).read())
compose.validate()
assert {"battle", "web", "kafka", "prometheus", "grafana"} <= set(compose.service_names()), compose.service_names()
PY
}

refuses_mistakes() {
    sed 's/stop_grace_period/stop_grace/' rendered.yaml >mistake.yaml
    ! accepted mistake.yaml 2>/dev/null
}

# of SERVICE WHAT: a word a line.
of() {
    "$IMAGE_CHECKERS/python" -c 'import sys, yaml
for word in yaml.safe_load(open("rendered.yaml"))["services"][sys.argv[1]].get(sys.argv[2], []): print(word)' "$1" "$2"
}

# What is mounted from the tree is there, and every volume is declared.
mounted() {
    "$IMAGE_CHECKERS/python" - "$folder" <<'PY'
import pathlib, sys, yaml
compose = yaml.safe_load(open("rendered.yaml"))
seen = 0
for name, service in compose["services"].items():
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        seen += 1
        if source.startswith("."):
            assert (pathlib.Path(sys.argv[1]) / source).exists(), f"{name}: {source}"
        else:
            assert source in compose["volumes"], f"{name}: {source}"
    for image in [service["image"]]:
        assert not image.endswith(":latest") or image.startswith("localhost/"), f"{name}: {image} is not pinned"
assert seen > 8, seen
PY
}

closed() {
    local service
    for service in battle day topics web; do
        echo "$service"
        [ "$(of "$service" cap_drop)" = ALL ] || return 1
        [ "$(of "$service" security_opt)" = no-new-privileges ] || return 1
    done
}

# Prometheus finds its settings where they are mounted, and scrapes what royale-web listens at.
scraped() {
    mkdir -p prometheus
    cp "$tree"/tools/web/prometheus/*.yml prometheus
    promtool check config prometheus/prometheus.yml >out 2>&1 || { cat out; return 1; }
    says "127.0.0.1:$(of web command | sed -n 's/.*://p')" prometheus/prometheus.yml
}

provisioned() {
    "$IMAGE_CHECKERS/python" - "$folder" <<'PY'
import json, pathlib, sys, yaml
folder = pathlib.Path(sys.argv[1])
services = yaml.safe_load(open("rendered.yaml"))["services"]
targets = {volume.split(":")[1]: volume.split(":")[0] for volume in services["grafana"]["volumes"]}
for provider in yaml.safe_load((folder / "grafana/dashboards.yaml").read_text())["providers"]:
    boards = list((folder / targets[provider["options"]["path"]]).glob("*.json"))
    assert boards, provider
    for board in boards:
        assert json.loads(board.read_text())["uid"]
source, = yaml.safe_load((folder / "grafana/datasource.yaml").read_text())["datasources"]
assert source["type"] == "prometheus"
host, port = source["url"].removeprefix("http://").split(":")
assert services["prometheus"]["network_mode"] == f"service:{host}"
assert f"127.0.0.1:{port}:{port}" in services[host]["ports"]
PY
}

# The day and the battle as the file says them; rows go to a file here, in place of a broker.
fought() {
    local words
    shared volume results
    mapfile -t words < <(of day command)
    (contained -v "$work/volume:/battles" -- "${words[@]}") >out 2>err || { cat out err; return 1; }
    sed 's/sink: kafka/sink: jsonl/; /config: kafka.conf/d' "$tree/docs/examples/demo-kafka.yaml" >volume/demo-kafka.yaml
    mapfile -t words < <(of battle command)
    (contained -v "$work/volume:/battles" -v "$work/results:/results" -- "${words[@]}") >out 2>err || { cat out err; return 1; }
    says 'verified: the journal gives the same hashes' out
}

# A key is made where web looks for it.
key_made() {
    shared keys
    (contained -v "$work/keys:/keys" -- key create --name me --keys "$(of web command | sed -n '/--keys/{n;p;}')") >out 2>err ||
        { cat out err; return 1; }
    grep -q '^ryk_' out && grep -q '"me"' keys/keys
}

if [ -n "$IMAGE_CHECKERS_WHY" ]; then
    skipped "the Compose file" "$IMAGE_CHECKERS_WHY"
    done_testing
    exit
fi
check "podman-compose reads it, and the specification accepts it" rendered
check "mistakes are found" refuses_mistakes
check "what it mounts is there" mounted
check "royale's containers have no rights" closed
if has promtool; then check "Prometheus scrapes royale-web" scraped; else skipped "Prometheus scrapes royale-web" "there is no promtool"; fi
check "Grafana finds Prometheus and its dashboards" provisioned
why=$(have_image)
if [ -n "$why" ]; then
    skipped "day, battle and key as it says them" "$why"
else
    check "day and battle run as it says them" fought
    check "a key is made where web looks for it" key_made
fi
done_testing
