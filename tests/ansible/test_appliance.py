"""What site makes of an appliance, seen from inside it."""
import json

import pytest


@pytest.mark.parametrize("path", ["/etc/royale/battles.d", "/var/lib/royale/battles", "/var/lib/royale/data"])
def test_folders(host, path):
    """The layout of docs/OPERATIONS.md."""
    assert host.file(path).is_directory


def test_package(host):
    """Installed whole; only a file of settings may be another."""
    assert host.package("royale").is_installed
    said = host.run("dpkg --verify royale").stdout.splitlines()
    assert [line for line in said if line.split()[1] != "c"] == []


def test_units(host):
    """Nothing has failed; the page runs, and comes up again after a start of the machine."""
    assert host.run("systemctl --failed --plain --no-legend").stdout == ""
    assert host.service("royale-web").is_running
    assert host.service("royale-web").is_enabled


def test_page(host):
    """The page answers, to this machine alone."""
    answer = host.run("/usr/bin/python3 -c 'import urllib.request as u; print(u.urlopen(\"http://127.0.0.1:9474/\").status)'")
    assert answer.stdout.strip() == "200"


def test_battles_are_right(host):
    """Each battle of the queue is one that `royale check` takes."""
    battles = host.run("ls /etc/royale/battles.d/*.yaml").stdout.split()
    assert len(battles) == 2
    for battle in battles:
        assert host.run("royale check %s", battle).rc == 0


def test_queue(host):
    """The queue knows them, and nothing holds it."""
    said = json.loads(host.run("royale queue status --json").stdout)
    assert said.get("held") in (False, None)
    assert not host.file("/var/lib/royale/hold").exists


def test_settings_of_kafka(host):
    """For root and the exporter only: a password may stand in it."""
    settings = host.file("/etc/royale/kafka.conf")
    assert settings.mode & 0o007 == 0
    assert settings.contains("^bootstrap.servers=")
