"""Measures the benchmark's cases in a separate mount namespace (see scripts/bench) and writes results.json."""

import json
import os
import shutil
import sys

import measure
import services

BODY = {"name": "Warehouse", "auth": {"specName": "Basic Authentication", "type": "OAuth2.0", "params": {
    "project": "my-project-123", "clientId": "made-up.apps.googleusercontent.com", "clientSecret": "made-up client secret",
    "refreshToken": "made-up refresh token"}},
    "connectionSpec": {"id": "3c9b37f8-13a6-43d8-bad3-b863b941fedd", "version": "1.0"}}
HEADERS = ["x-api-key: made-up-key", "x-gw-ims-org-id: MADEUP@AdobeOrg", "x-sandbox-name: dev",
           "Content-Type: application/json"]
SETTINGS = {"API_KEY": "made-up-key", "ORG_ID": "MADEUP@AdobeOrg", "SANDBOX_NAME": "dev", "PROJECT": "my-project-123",
            "CLIENT_ID": "made-up.apps.googleusercontent.com", "CLIENT_SECRET": "made-up client secret",
            "REFRESH_TOKEN": "made-up refresh token"}
PATH = "/data/foundation/flowservice/connections"

# A typical script today: a token, and the call that needs it.
RECIPE = f"""#!/bin/sh
set -e
token=$(curl -sS -f -d grant_type=client_credentials -d client_id=made-up-key -d client_secret="$SECRET" \\
    -d scope=openid,AdobeID "$IMS/ims/token/v3" | jq -r .access_token)
curl -sS -f -H "Authorization: Bearer $token" {" ".join(f"-H '{h}'" for h in HEADERS)} -d @body.json \\
    "$PLATFORM{PATH}" | jq -c '{{id, etag}}'
"""
LIST_RECIPE = f"""#!/bin/sh
set -e
next=
while :; do
    curl -sS -f -H "Authorization: Bearer made-up-token" {" ".join(f"-H '{h}'" for h in HEADERS[:3])} \\
        "$PLATFORM{PATH}?limit=100${{next:+&continuationToken=$next}}" >page.json
    jq -c '.items[]' page.json
    next=$(jq -r '._page.next // empty' page.json)
    [ -n "$next" ] || break
done
"""


class Bench:
    def __init__(self, folder, programs, runs):
        self.folder, self.programs, self.runs = folder, programs, runs
        self.plain = {"PATH": os.environ["PATH"], "HOME": folder, "LC_ALL": "C.UTF-8"}
        self.results = []
        for name, text in (("recipe.sh", RECIPE), ("list.sh", LIST_RECIPE), ("body.json", json.dumps(BODY))):
            with open(f"{folder}/{name}", "w", encoding="ascii") as file:
                file.write(text)

    def peer(self, name, command, expected="", **environment):
        command = [shutil.which(command[0]) or command[0], *command[1:]]
        return measure.Peer(name, command, {**self.plain, **environment}, expected)

    def ours(self, arguments, expected="", **environment):
        variables = {f"BQCONN_{key}": value for key, value in {**SETTINGS, **environment}.items()}
        return [self.peer(name, [program, *arguments], expected, **variables)
                for name, program in self.programs.items()]

    def case(self, title, peers, runs=None, floor=None):
        """Compares the peers with the first one, each minus the floor."""
        taken = measure.alternate(peers, runs or self.runs)
        rows = {name: measure.summary(values) for name, values in taken.items()}
        nothing = rows[floor]["median"] if floor else 0
        base = rows[peers[0].name]["median"] - nothing
        for peer in peers:
            row = rows[peer.name]
            row.update(case=title, peer=peer.name, ratio=(row["median"] - nothing) / base)
            self.results.append(row)
            print(f"{title:45} {peer.name:22} {row['median'] * 1e3:8.2f} ms  ratio {row['ratio']:.3f}", flush=True)


def curl_create(url):
    return ["curl", "-sS", "-f", "-H", "Authorization: Bearer made-up-token",
            *(part for header in HEADERS for part in ("-H", header)), "-d", "@body.json", url + PATH]


def measure_times(bench, port, relay):
    near = {"PLATFORM_URL": f"https://127.0.0.1:{port}", "IMS_URL": f"https://localhost:{port}"}
    far = {"PLATFORM_URL": f"https://127.0.0.1:{relay}", "IMS_URL": f"https://localhost:{relay}"}
    empty = bench.peer("empty", [measure.empty_program(bench.folder)])
    start = [bench.peer("curl --version", ["curl", "--version"]), empty, *bench.ours(["--help"])]
    aio = shutil.which("aio")
    bench.case("start", start, floor="empty")
    if aio:
        peer = bench.peer("aio --version", [aio, "--version"], AIO_TELEMETRY_DISABLED="true")
        bench.case("start, with aio", [peer, *bench.ours(["--help"])], 5)

    def recipe(where):
        return bench.peer("curl and jq", ["/bin/sh", "recipe.sh"], services.ID, SECRET="made-up secret",
                          IMS=where["IMS_URL"], PLATFORM=where["PLATFORM_URL"])

    create = [bench.peer("curl", curl_create(near["PLATFORM_URL"]), services.ID),
              *bench.ours(["create"], services.ID, ACCESS_TOKEN="made-up-token", **near)]
    bench.case("create", create)
    both = [recipe(near),
            *bench.ours(["create", "--no-cache"], services.ID, API_SECRET="made-up secret", **near)]
    bench.case("token and create", both)
    bench.case("token and create, 50 ms each way", [recipe(far), *bench.ours(
        ["create", "--no-cache"], services.ID, API_SECRET="made-up secret", **far)], 15)
    bench.case("create with a kept token, 50 ms each way", [
        bench.peer("curl", curl_create(far["PLATFORM_URL"]), services.ID),
        *bench.ours(["create"], services.ID, API_SECRET="made-up secret", **far)], 15)
    pages = [bench.peer("curl and jq", ["/bin/sh", "list.sh"], '"Warehouse 9999"', PLATFORM=near["PLATFORM_URL"]),
             *bench.ours(["list", "-o", "ndjson"], '"Warehouse 9999"', ACCESS_TOKEN="made-up-token", **near)]
    bench.case("list of 10,000", pages, 5)
    return {"start": start, "create": create, "token and create": both, "list of 10,000": pages}


def measure_sizes(bench, cases):
    rows = []
    for title, peers in cases.items():
        for peer in peers:
            # Slow cases run less often, and not under callgrind, which would take minutes and does not see a script's processes.
            short = title in ("start", "create")
            kib, faults = measure.memory(peer, 9 if title != "list of 10,000" else 3)
            rows.append({"case": title, "peer": peer.name, "peak KiB": kib, "page faults": faults,
                         "instructions": measure.instructions(peer, bench.folder) if short else None})
    for name, program in {"curl": shutil.which("curl"), **bench.programs}.items():
        loaded = measure.libraries(program)
        rows.append({"case": "on disk", "peer": name, "libraries": len(loaded),
                     "relocated": measure.relocated_pages(program),
                     "bytes": os.path.getsize(program),
                     "bytes with libraries": sum(map(os.path.getsize, [program, *loaded]))})
    return rows


def main():
    folder, runs, *pairs = sys.argv[1:]
    programs = dict(pair.split("=", 1) for pair in pairs)
    os.chdir(folder)
    services.make_authority(folder)
    roots = services.trust(folder)
    services.write_pages(folder)
    bench = Bench(folder, programs, int(runs))
    with services.nginx(folder) as port:
        relay = services.Relay(port, 0.05)
        try:
            cases = measure_times(bench, port, relay.port)
            sizes = measure_sizes(bench, cases)
        finally:
            relay.close()
    with open("results.json", "w", encoding="ascii") as file:
        json.dump({"times": bench.results, "sizes": sizes, "roots": roots}, file, indent=1)


main()
