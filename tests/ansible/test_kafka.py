"""What site makes of the host of Kafka and monitoring, seen from inside it."""


def test_kafka(host):
    """It runs as a user of its own, and listens."""
    assert host.service("royale-kafka").is_running
    assert host.service("royale-kafka").is_enabled
    assert host.run("systemctl show -p User --value royale-kafka").stdout.strip() not in ("", "root")


def test_nothing_has_failed(host):
    """No unit has."""
    assert host.run("systemctl --failed --plain --no-legend").stdout == ""


def test_prometheus(host):
    """Prometheus runs with rules that promtool takes, and looks at the appliances."""
    assert host.service("prometheus").is_running
    assert host.run("promtool check config /etc/prometheus/prometheus.yml").rc == 0
