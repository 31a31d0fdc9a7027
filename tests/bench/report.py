"""Turns results.json into the Markdown tables and the gnuplot plot of docs/performance.md.
Usage: report.py RESULTS DOCUMENT PLOT   (replaces the text between DOCUMENT's markers; with the results of a single case,
only its rows, and draws no plot)"""

import json
import re
import subprocess
import sys

# Case, peer, what it is measured against, and the maximum. "peak KiB" is a ratio too.
GOALS = [
    ("start", "release", "ratio", 0.12, "release build, `--help` to `curl --version`, above an empty process"),
    ("start", "static", "ratio", 0.08, "static build, the same"),
    ("create", "release", "ratio", 0.30, "release build, create to curl"),
    ("create", "ordinary", "ratio", 0.60, "ordinary build, create to curl"),
    ("token and create", "release", "ratio", 0.20, "release build, token and create to the recipe"),
    ("token and create, 50 ms each way", "release", "ratio", 0.70, "the same, 50 ms each way"),
    ("token and create, 50 ms each way", "release", "flights", 4, "flights of a create with a fetched token"),
    ("create with a kept token, 50 ms each way", "release", "flights", 3, "flights of a create with a kept token"),
    ("create", "release", "peak KiB", 1.0, "release build, peak memory of a create to curl's"),
    ("dataflow create, 50 ms each way", "ordinary", "flights", 24, "flights of a `dataflow create`; by hand, 24"),
    ("apply of 1,000, 50 ms each way", "ordinary", "ratio", 0.5, "`apply` of 1,000 connections to `xargs -P8 curl`"),
    ("apply of 1,000, 50 ms each way", "ordinary", "peak MiB", 32, "memory of this `apply`, MiB"),
    ("diff of 1,000, 50 ms each way", "ordinary", "ratio", 1.2, "`diff` of 1,000 connections to listing them"),
    ("diff of 1,000, 50 ms each way", "ordinary", "peak MiB", 32, "memory of this `diff`, MiB"),
]
FLIGHT = 0.1


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows]) + "\n"


def shown(ratio):
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.2g}"


def times(results):
    return table(["case", "program", "median", "middle half", "ratio", "runs"], [
        [row["case"], row["peer"], f"{row['median'] * 1e3:.1f} ms",
         f"{row['low'] * 1e3:.1f} to {row['high'] * 1e3:.1f}", shown(row["ratio"]), row["runs"]]
        for row in results["times"]])


def calls(results):
    return table(["case", "program", "calls", "connections", "flights"], [
        [row[name] for name in ("case", "peer", "calls", "connections", "flights")]
        for row in results["times"] if "calls" in row])


def sizes(results):
    used = table(["case", "program", "peak memory", "page faults", "instructions"], [
        [row["case"], row["peer"], f"{row['peak KiB'] / 1024:.1f} MiB", row["page faults"],
         f"{row['instructions'] / 1e6:.1f} million" if row["instructions"] else "not counted"]
        for row in results["sizes"] if row["case"] != "on disk"])
    disk = table(["program", "size", "relocated pages", "libraries loaded", "size with them"], [
        [row["peer"], f"{row['bytes'] / 2**20:.1f} MiB", row["relocated"], row["libraries"],
         f"{row['bytes with libraries'] / 2**20:.1f} MiB"]
        for row in results["sizes"] if row["case"] == "on disk"])
    return used + "\n" + disk


def measured(results, case, peer, kind):
    rows = results["sizes"] if kind == "peak KiB" else results["times"]
    found = {row["peer"]: row for row in rows if row["case"] == case}
    if peer not in found:
        return None
    if kind == "flights":
        return found[peer].get("flights", int(found[peer]["median"] / FLIGHT))
    if kind == "peak KiB":
        return found[peer][kind] / next(iter(found.values()))[kind]
    return found[peer][kind]


def goals(results):
    rows = []
    for case, peer, kind, most, words in GOALS:
        value = measured(results, case, peer, kind)
        if value is None:
            rows += [] if results["only"] else [[words, most, "not measured", ""]]
        else:
            shown = str(value) if kind == "flights" else f"{value:.2f}"
            rows.append([words, f"≤ {most}", shown, "met" if value <= most else "**not met**"])
    return table(["goal", "at most", "measured", ""], rows)


def plot(results, path):
    # A case with aio would dwarf all others; a diff has no counterpart.
    cases = list(dict.fromkeys(row["case"] for row in results["times"]
                               if "aio" not in row["case"] and "diff" not in row["case"]))
    peers = ["ordinary", "release", "static"]
    data = []
    for case in cases:
        ratio = {row["peer"]: row["ratio"] for row in results["times"] if row["case"] == case}
        data.append(" ".join([f'"{case}"', "1", *(f"{ratio.get(peer, 0):.4f}" for peer in peers)]))
    script = f"""
set terminal svg size 900,480 font "sans-serif,13" background "white"
set output "{path}"
set style data histogram
set style histogram clustered gap 1
set style fill solid noborder
set yrange [0:1.2]
set ylabel "time, as a ratio to curl (or curl and jq)"
set grid y
set xtics rotate by 20 right
set key outside top center horizontal
set lmargin 10
set rmargin 3
set xrange [-0.6:{len(cases) - 0.4}]
$data << END
{chr(10).join(data)}
END
plot $data using 2:xtic(1) title "curl, or curl and jq" lc rgb "#9aa0a6", \\
     "" using 3 title "bqconn, ordinary build" lc rgb "#4285f4", \\
     "" using 4 title "bqconn, release build" lc rgb "#188038", \\
     "" using 5 title "bqconn-static" lc rgb "#81c995"
"""
    subprocess.run(["gnuplot"], input=script.encode(), check=True)


def merge(old, new):
    """Replaces or adds rows by their first two cells."""
    lines = {tuple(line.split("|")[1:3]): line for line in [*old.splitlines(), *new.splitlines()]}
    return "\n".join(lines.values()) + "\n"


def write(document, blocks, only):
    with open(document, encoding="utf-8") as file:
        text = file.read()
    for name, content in blocks.items():
        pattern = re.compile(rf"(<!-- bench:{name} -->\n)(.*?)(<!-- end -->)", re.S)
        if not pattern.search(text):
            raise SystemExit(f"bench: {document} has no markers for {name}")
        text = pattern.sub(lambda found, content=content:
                           found[1] + (merge(found[2], content) if only else content) + found[3], text)
    with open(document, "w", encoding="utf-8") as file:
        file.write(text)


def main():
    source, document, picture = sys.argv[1:]
    with open(source, encoding="ascii") as file:
        results = json.load(file)
    blocks = {"goals": goals(results), "times": times(results), "calls": calls(results)}
    if not results["only"]:
        blocks["sizes"] = sizes(results)
        plot(results, picture)
    print("\n".join(blocks.values()))
    write(document, blocks, results["only"])


main()
