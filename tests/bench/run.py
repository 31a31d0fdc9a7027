"""Measures the benchmark's cases in a separate mount namespace (see scripts/bench) and writes results.json."""

import json
import os
import shutil
import statistics
import sys
import time

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
DATAFLOW = "dataflow create, 50 ms each way"
APPLY = "apply of 1,000, 50 ms each way"
DIFF = "diff of 1,000, 50 ms each way"

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
# A dataflow by hand: four reads and four POSTs.
CHAIN = r"""#!/bin/sh
set -ae
call() { curl -sS -f -H "Authorization: Bearer $ACCESS_TOKEN" -H "x-api-key: $API_KEY" -H "x-gw-ims-org-id: $ORG_ID" \
    -H "x-sandbox-name: $SANDBOX_NAME" "$PLATFORM_URL/data/foundation/$@"; }
post() { jq -n "$2" | call "$1" -H "Content-Type: application/json" -d @- | jq -er .id; }
columns=$(call "flowservice/connections/$BASE/explore?objectType=table&object=shop.customers" | jq -c .schema.columns)
found=$(call "catalog/dataSets?property=name==Customers" | jq -c "to_entries[] | {id: .key, schema: .value.schemaRef.id}")
call "schemaregistry/tenant/schemas/$(jq -rn 'env.found | fromjson | .schema | @uri')" \
    -H "Accept: application/vnd.adobe.xed-full+json; version=1" | jq -e .properties._acme.properties.customerId >fields
spec=$(call "flowservice/flowSpecs?property=name==CRMToAEP" | jq -r ".items[0].id")
source=$(post flowservice/sourceConnections '{name: "bench", baseConnectionId: env.BASE, data: {format: "tabular"},
    params: {tableName: "shop.customers", columns: (env.columns | fromjson)},
    connectionSpec: {id: "3c9b37f8-13a6-43d8-bad3-b863b941fedd", version: "1.0"}}')
target=$(post flowservice/targetConnections 'env.found | fromjson | {name: "bench", data: {schema: {id: .schema}},
    params: {dataSetId: .id}, connectionSpec: {id: "c604ff05-7f1a-43c0-8e18-33bf874cb11c", version: "1.0"}}')
mapping=$(post conversion/mappingSets 'env.found | fromjson | {name: "bench", outputSchema: {schemaRef: {id: .schema}},
    mappings: [{sourceType: "ATTRIBUTE", source: "customer_id", destination: "_acme.customerId"}]}')
post flowservice/flows '{name: "bench", flowSpec: {id: env.spec, version: "1.0"}, sourceConnectionIds: [env.source],
    targetConnectionIds: [env.target], transformations: [{name: "Mapping", params: {mappingId: env.mapping}}],
    scheduleParams: {startTime: (now | floor + 60), frequency: "once"}}'
"""


# The same POSTs as those of apply, made by hand.
MANY = f"""#!/bin/sh
seq 0 999 | xargs -P8 -I% curl -sS -f -H "Authorization: Bearer made-up-token" \\
    {" ".join(f"-H '{h}'" for h in HEADERS)} -d @keys/body-% "$PLATFORM{PATH}"
"""


class Bench:
    def __init__(self, folder, programs, runs, only):
        self.folder, self.programs, self.runs, self.only = folder, programs, runs, only
        self.plain = {"PATH": os.environ["PATH"], "HOME": folder, "LC_ALL": "C.UTF-8"}
        self.results = []
        for name, text in (("recipe.sh", RECIPE), ("list.sh", LIST_RECIPE), ("body.json", json.dumps(BODY)),
                           ("chain.sh", CHAIN), ("many.sh", MANY), ("mapping.csv", "customer_id,_acme.customerId\n")):
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
        if self.only not in ("", title):
            return
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


def measure_dataflow(bench, relay):
    """Counts in each run, then removes what it made, without the relay."""
    near = {name[7:]: value for name, value in os.environ.items() if name.startswith("BQCONN_")}  # the emulator's
    far = {**near, "PLATFORM_URL": f"https://127.0.0.1:{relay.port}"}
    counted = {}

    def direct(*arguments):
        peer = bench.ours(arguments, **near)[0]
        return services.run(*peer.command, env=peer.environment).strip()

    def after(name):
        with open("calls", encoding="ascii") as calls:
            counted.setdefault(name, []).append((len(calls.readlines()), relay.connections, relay.flights))
        direct("dataflow", "delete", "--name", "bench", "--yes")
        time.sleep(0.3)  # the last connections end
        relay.connections = relay.flights = 0
        os.truncate("calls", 0)

    base = direct("create", "--name", "bench", "-o", "id")
    create = "--name bench --table shop.customers --into Customers --mapping mapping.csv --once -q".split()
    peers = [bench.peer("curl and jq", ["/bin/sh", "chain.sh"], "-", BASE=base, **far),
             *bench.ours(["dataflow", "create", base, *create], '"created"', **far)]
    for peer in peers:
        peer.after = after
    bench.case(DATAFLOW, peers, 15)
    for row in bench.results[-len(peers):]:
        row.update(zip(("calls", "connections", "flights"), map(statistics.median_low, zip(*counted[row["peer"]]))))


def measure_manifests(bench, port, relay):
    """An apply of new connections, and a diff that finds no difference; with the peak memory of each program."""
    far = {"PLATFORM_URL": f"https://127.0.0.1:{relay}", "IMS_URL": f"https://localhost:{relay}",
           "ACCESS_TOKEN": "made-up-token"}
    near = {"PLATFORM_URL": f"https://127.0.0.1:{port}"}
    apply, diff = "apply new.yaml --parallel 8 --yes -o json".split(), ["diff", "team.yaml"]
    listing = bench.ours(["list", "-o", "json", "--sandbox", "team"], '"Warehouse 999"', **far)[0]
    listing.name = "bqconn list"
    bench.case(APPLY, [bench.peer("xargs -P8 curl", ["/bin/sh", "many.sh"], services.ID, PLATFORM=far["PLATFORM_URL"]),
                       *bench.ours(apply, "Warehouse 999", **far)], 3)
    bench.case(DIFF, [listing, *bench.ours(diff, "1000", **far)], 15)
    peaks = {(title, peer.name): measure.memory(peer, 3)[0] for title, arguments in ((APPLY, apply), (DIFF, diff))
             if bench.only in ("", title) for peer in bench.ours(arguments, **{**far, **near})}
    for row in bench.results:
        if (row["case"], row["peer"]) in peaks:
            row["peak MiB"] = peaks[row["case"], row["peer"]] / 1024


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
    folder, runs, only, *pairs = sys.argv[1:]
    programs = dict(pair.split("=", 1) for pair in pairs)
    os.chdir(folder)
    services.make_authority(folder)
    roots = services.trust(folder)
    services.write_pages(folder)
    services.write_manifests(folder)
    bench = Bench(folder, programs, int(runs), only)
    with services.nginx(folder) as port:
        relay = services.Relay(port, 0.05)
        try:
            cases = measure_times(bench, port, relay.port)
            measure_manifests(bench, port, relay.port)
            if only in ("", DATAFLOW):
                measure_dataflow(bench, relay)
            sizes = [] if only else measure_sizes(bench, cases)
        finally:
            relay.close()
    if not bench.results:
        raise SystemExit(f"bench: no such case: {only}")
    with open("results.json", "w", encoding="ascii") as file:
        json.dump({"times": bench.results, "sizes": sizes, "roots": roots, "only": only}, file, indent=1)


main()
