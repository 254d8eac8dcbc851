#!/usr/bin/env python3
"""What a battle takes of a machine, measured: cores, memory and disk by the number of agents and by how often they act.

usage: tests/bench/capacity.py BUILD [--messages N] [--agents N,N,..]

Each row is a whole battle of its own over the same made day of one instrument: feed, exec, journal,
view and so many noise traders, who act at random moments of market time. Memory is the largest sum
over its processes of what the kernel says belongs to each (Pss: shared memory is counted once). CPU
is what all of them used, start, end and verification too. Prints tables in Markdown, as
docs/OPERATIONS.md has them, and with how many agents each process has a core of its own, as `royale
plan` has it for machines of other sizes.
"""
import argparse
import json
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time

BATTLE = """battle: {{name: capacity, seed: 1}}
market: {{date: 2026-01-05, zone: America/New_York, trade_from: "10:00", trade_to: "{until}",
         orders_max: {orders}, instruments: [{{symbol: RYA}}]}}
feeds: [{{name: itch, format: itch50, path: day.itch}}]
{agents}"""
AGENTS = """agents:
  - {{name: a, strategy: noise, count: {count}, cash: 100000000, latency_us: 100,
     params: {{instrument: RYA, interval_us: {interval_us}, size_max: 5}}}}
risk: {{quantity_max: 1000, notional_max: 250000, position_max: 100000, open_orders_max: 50,
       rate_max: 1000, collar_ppm: 50000, loss_max: 100000000}}
game: {{round: "06:30:00"}}
"""
ROLES = ("royale-feed", "royale-exec", "royale-journal", "royale-agent", "royale-view", "royale")
# Machines that are planned for: what people call them, and hwloc's description.
MACHINES = (
    ("4 cores", "pack:1 numa:1 l3:1 core:4 pu:1"),
    ("4 cores of 2 threads", "pack:1 numa:1 l3:1 core:4 pu:2"),
    ("8 cores of 2 threads", "pack:1 numa:1 l3:1 core:8 pu:2"),
    ("16 cores of 2 threads", "pack:1 numa:1 l3:2 core:8 pu:2"),
    ("2 sockets of 16 cores of 2 threads", "pack:2 numa:1 l3:2 core:8 pu:2"),
    ("64 cores of 2 threads", "pack:1 numa:1 l3:8 core:8 pu:2"),
)


def battle_of(count, a_second, orders=1048576):
    """Ten minutes; without agents, whom nobody waits for, the whole day."""
    agents = AGENTS.format(count=count, interval_us=1000000 // a_second) if count else ""
    return BATTLE.format(orders=orders, agents=agents, until="10:10" if count else "16:00")


def family(root):
    """Processes below ROOT, itself too, with their names."""
    parents, names = {}, {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            pid = int(entry.name)
            names[pid] = stat[stat.index("(") + 1:stat.rindex(")")]
            parents[pid] = int(stat[stat.rindex(")") + 2:].split()[1])
    found = {root}
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return {pid: names.get(pid, "") for pid in found}


def pss_kib(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return int(re.search(r"^Pss: +(\d+) kB", text, re.M).group(1))


def came_to(royale, battle):
    """Inputs, and orders of agents; without agents a battle has no results, but its journal."""
    results = battle / "results.json"
    if results.exists():
        said = json.loads(results.read_text())
        return {"inputs": said["inputs"], "orders": sum(agent["orders"] for agent in said["agents"])}
    said = subprocess.run([royale, "replay", "--json", str(battle)], check=True, capture_output=True, text=True).stdout
    return {"inputs": json.loads(said)["inputs"], "orders": 0}


def measure(royale, folder, name, text):
    (folder / f"{name}.yaml").write_text(text)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    with open(folder / f"{name}.out", "w") as out:
        run = subprocess.Popen([royale, "run", "--quiet", "--counters", "--dir", str(folder / name), f"{name}.yaml"],
                               cwd=folder, stdout=out, stderr=subprocess.STDOUT)
    most, by_role, agents_kib = 0, {}, 0
    while run.poll() is None:
        now = {}
        for pid, command in family(run.pid).items():
            now.setdefault(command, []).append(pss_kib(pid))
        total = sum(map(sum, now.values()))
        agents = now.get("royale-agent", [0])
        agents_kib = max(agents_kib, sum(agents) / len(agents))
        if total > most:
            most, by_role = total, now
        time.sleep(0.05)
    seconds = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = (folder / f"{name}.out").read_text()
    if run.returncode != 0:
        sys.exit(f"the battle {name} ended with {run.returncode}:\n{said}")
    size = [path.stat().st_size for path in (folder / name).iterdir() if path.is_file()]
    return {
        "seconds": seconds,
        "cpu_s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        **came_to(royale, folder / name),
        "memory_kib": most,
        "by_role": by_role,
        "agent_kib": agents_kib,
        "disk_bytes": sum(size),
    }


def mib(kib):
    return f"{kib / 1024:.0f}"


def print_battles(royale, folder, messages, counts):
    print("| agents | each acts | inputs | orders | inputs/s here | CPU us an input | memory, MiB | of it an agent, MiB "
          "| disk, bytes an input |")
    print("|---|---|---|---|---|---|---|---|---|")
    for count in counts:
        for a_second in (1, 10) if count else (0,):
            row = measure(royale, folder, f"a{count}-{a_second}", battle_of(count, a_second))
            each = f"{row['agent_kib'] / 1024:.1f}" if count else "-"
            print(f"| {count} | {f'{a_second} a second' if count else '-'} | {row['inputs']:,} | {row['orders']:,} "
                  f"| {row['inputs'] / row['seconds']:,.0f} | {row['cpu_s'] / row['inputs'] * 1e6:.1f} "
                  f"| {mib(row['memory_kib'])} | {each} | {row['disk_bytes'] / row['inputs']:.0f} |", flush=True)
    print(f"\nA made day of {messages:,} messages of one instrument; with agents ten minutes of it.")


def print_memory(royale, folder):
    """Each process of one battle, by how many orders the books have room for."""
    print("\n| market.orders_max | all, MiB | " + " | ".join(role.removeprefix("royale-") for role in ROLES[:-1]) + " | royale run |")
    print("|---|---|" + "---|" * len(ROLES))
    for orders in (131072, 1048576, 8388608):
        row = measure(royale, folder, f"m{orders}", battle_of(1, 1, orders))
        cells = [mib(max(row["by_role"].get(role, [0]))) for role in ROLES]
        print(f"| {orders:,} | {mib(row['memory_kib'])} | " + " | ".join(cells) + " |", flush=True)


def agents_of_their_own(royale, folder, topology):
    """The largest number of agents for which every process has a core to itself."""
    best = None
    for count in range(0, 65):
        (folder / "plan.yaml").write_text(battle_of(count, 1))
        plan = json.loads(subprocess.run([royale, "plan", "--json", "--topology", topology, "plan.yaml"], cwd=folder,
                                         check=True, capture_output=True, text=True).stdout)["placement"]
        if plan["oversubscribed"]:
            break
        best = count
    return best


def print_machines(royale, folder):
    print("\n| machine | agents with a core each |")
    print("|---|---|")
    for name, topology in MACHINES:
        best = agents_of_their_own(royale, folder, topology)
        print(f"| {name} | {'none: oversubscribed' if best is None else best} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--messages", type=int, default=400000)
    parser.add_argument("--agents", default="0,1,8,32,64")
    words = parser.parse_args()
    royale = str(pathlib.Path(words.build, "bin/royale").resolve())
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work)
        subprocess.run([royale, "generate", "--itch", "day.itch", "--instruments", "1", "--messages", str(words.messages)], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL)
        load = os.getloadavg()[0]
        print(f"{os.cpu_count()} cores, load {load:.1f} before; {os.uname().sysname} {os.uname().release}")
        if load > 0.5:
            print("The machine was busy: what is said of inputs/s is what was left of it.")
        print()
        print_machines(royale, folder)
        print()
        print_battles(royale, folder, words.messages, [int(count) for count in words.agents.split(",")])
        print_memory(royale, folder)


if __name__ == "__main__":
    main()
