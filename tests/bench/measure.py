"""Runs peers in turn, one run each, so that disturbances of the machine affect all of them."""

import os
import re
import statistics
import subprocess
import time


class Peer:
    """A command with its environment and directory. Its output must contain `expected`. After each run, `after` is
    called with its name."""

    def __init__(self, name, command, environment, expected=""):
        self.name, self.command, self.environment, self.expected = name, command, environment, expected
        self.after = lambda name: None

    def check(self):
        done = subprocess.run(self.command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              check=False)
        if done.returncode != 0 or self.expected not in done.stdout.decode():
            raise SystemExit(f"bench: {self.name}: exit code {done.returncode}: "
                             f"{done.stdout.decode()[:300]} {done.stderr.decode()[:300]}")
        self.after(self.name)

    def seconds(self, sink):
        begun = time.perf_counter_ns()
        pid = os.posix_spawn(self.command[0], self.command, self.environment,
                             file_actions=[(os.POSIX_SPAWN_DUP2, sink, 1)])
        _, status = os.waitpid(pid, 0)
        taken = time.perf_counter_ns() - begun
        if status != 0:
            raise SystemExit(f"bench: {self.name}: ended with status {status}")
        self.after(self.name)
        return taken / 1e9


def alternate(peers, runs):
    """The seconds of each run, by name. The order rotates from run to run."""
    taken = {peer.name: [] for peer in peers}
    for peer in peers:
        peer.check()
    with open(os.devnull, "wb") as sink:
        for number in range(runs):
            for peer in peers if number % 2 == 0 else reversed(peers):
                taken[peer.name].append(peer.seconds(sink.fileno()))
    return taken


def summary(values):
    """Median and quartiles."""
    low, median, high = statistics.quantiles(values, n=4)
    return {"median": median, "low": low, "high": high, "runs": len(values)}


def memory(peer, runs=9):
    """Peak memory in KiB, and page faults without I/O: medians."""
    rows = []
    for _ in range(runs):
        done = subprocess.run(["/usr/bin/time", "-f", "@%M %R", *peer.command], env=peer.environment,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
        rows.append([int(n) for n in re.search(r"@(\d+) (\d+)", done.stderr.decode()).groups()])
    return [int(statistics.median(column)) for column in zip(*rows)]


def instructions(peer, folder):
    """Instructions counted by callgrind in the process, including its threads."""
    done = subprocess.run(["/usr/bin/valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/callgrind.out",
                           *peer.command], env=peer.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          check=False)
    found = re.search(r"Collected : (\d+)", done.stderr.decode())
    return int(found.group(1)) if found and done.returncode == 0 else None


def libraries(program):
    """The number of shared libraries loaded."""
    done = subprocess.run(["ldd", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    paths = re.findall(r"(/\S+) \(0x", done.stdout.decode())
    return paths


def relocated_pages(program):
    """The program's pages that are written before main(), because they contain pointers (RELRO)."""
    done = subprocess.run(["readelf", "-lW", program], stdout=subprocess.PIPE, check=True)
    size = re.search(r"GNU_RELRO +\S+ \S+ \S+ \S+ (0x\w+)", done.stdout.decode())
    return -(-int(size.group(1), 16) // 4096) if size else 0


def empty_program(folder):
    """An empty C program: the minimum cost of a process."""
    subprocess.run(["cc", "-O2", "-x", "c", "-", "-o", f"{folder}/empty"], input=b"int main(void) { return 0; }",
                   check=True)
    return f"{folder}/empty"
