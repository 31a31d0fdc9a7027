#!/usr/bin/env bash
# The whole life of a connection in the emulator, each step checked by exit code and output.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

# Runs inside the emulator, so it is a separate program: it stops at the first failure.
cat >life <<'END'
. "$SOURCE/tests/e2e/steps.sh"
expect() {
    run_expecting "$@"
    [ "$1" -eq 0 ] || [ ! -s out ] || { echo "stdout is not empty after a failure" >&2; exit 1; }
}
# Calls the service with another client than bqconn: service METHOD PATH [BODY]
service() {
    curl -sS -X "$1" "$BQCONN_PLATFORM_URL/data/foundation$2" -d "${3-}" \
        -H "Authorization: Bearer $BQCONN_ACCESS_TOKEN" -H "x-api-key: $BQCONN_API_KEY" \
        -H "x-gw-ims-org-id: $BQCONN_ORG_ID" -H "x-sandbox-name: $BQCONN_SANDBOX_NAME" \
        -H "Content-Type: application/json"
}

step create
expect 0 create --name Warehouse --test
id=$(jq -er .id out)

step list
expect 0 list
jq -e --arg id "$id" 'length == 1 and .[0].id == $id and .[0].state == "enabled"' out >/dev/null

step get
expect 0 get "$id"
jq -e '.name == "Warehouse" and (.authParameters | index("refreshToken"))' out >/dev/null
expect 0 get --name Warehouse -o etag
etag=$(cat out)

step test
expect 0 test "$id"

step explore
expect 0 explore "$id"
jq -e 'map(.path) | index("shop.orders")' out >/dev/null
expect 0 explore "$id" shop.orders
column=$(jq -er '.columns[0].name' out)
expect 0 explore "$id" shop.orders --preview
jq -e --arg column "$column" '.rows[0] | has($column)' out >/dev/null

step "credentials that end"
printf '%s\n' "$BQCONN_REFRESH_TOKEN" >bad.txt
expect 5 test "$id"
jq -e '.error.code == "rejected.test_failed"' err >/dev/null
expect 5 explore "$id"

step rotate
export BQCONN_REFRESH_TOKEN=made-up-rotated-token
expect 0 update "$id" --rotate --test
jq -e --arg old "$etag" '.outcome == "updated" and .etag != $old' out >/dev/null
expect 0 test "$id" --wait --timeout 20

step "a stale etag"
expect 7 update "$id" --description late --if-match "$etag"
jq -e '.error.code == "conflict.etag"' err >/dev/null
expect 0 get "$id"
jq -e '.description == ""' out >/dev/null

step "in use"
schema=https://ns.adobe.com/acme/schemas/5c1b0a54f8a34f0f9f1d2c7e6b3a9d01
source=$(service POST /flowservice/sourceConnections '{"name": "orders", "baseConnectionId": "'"$id"'",
    "connectionSpec": {"id": "3c9b37f8-13a6-43d8-bad3-b863b941fedd"}, "data": {"format": "tabular"},
    "params": {"tableName": "shop.customers"}}' | jq -er .id)
target=$(service POST /flowservice/targetConnections '{"name": "orders",
    "connectionSpec": {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c"}, "data": {"schema": {"id": "'$schema'"}},
    "params": {"dataSetId": "665f00000000000000000001"}}' | jq -er .id)
mapping=$(service POST /conversion/mappingSets '{"outputSchema": {"schemaRef": {"id": "'$schema'"}}, "mappings": [
    {"sourceType": "ATTRIBUTE", "source": "customer_id", "destination": "_acme.customerId"}]}' | jq -er .id)
flow=$(service POST /flowservice/flows '{"name": "nightly", "flowSpec": {"id": "14518937-270c-4525-bdec-c2ba7cce3860"},
    "sourceConnectionIds": ["'"$source"'"], "targetConnectionIds": ["'"$target"'"],
    "transformations": [{"name": "Mapping", "params": {"mappingId": "'"$mapping"'"}}],
    "scheduleParams": {"startTime": '"$(date +%s)"', "frequency": "once"}}' | jq -er .id)
expect 7 delete "$id" --yes
jq -e '.error.code == "conflict.in_use" and (.error.message | contains("nightly"))' <(tail -n 1 err) >/dev/null
service DELETE "/flowservice/flows/$flow" >/dev/null

step delete
expect 2 delete "$id"
expect 0 delete "$id" --yes
jq -e '.[0].outcome == "deleted"' out >/dev/null

step gone
expect 6 get "$id"
expect 6 delete "$id" --yes
expect 0 delete "$id" --yes --if-exists
jq -e '.[0].outcome == "absent"' out >/dev/null
expect 0 list -o ndjson
[ ! -s out ]

step sandboxes
expect 0 sandboxes
jq -e 'map(.name) | index("dev")' out >/dev/null
END
: >bad.txt
emulated --give-access-token --bad-credentials bad.txt -- bash life
expect_status 0
[ "$(wc -l <steps)" -eq 12 ] || fail "all steps were completed"

# A failed connection test keeps the connection, or deletes it with the flag.
emulated --test-result false -- bash -c '"$BQCONN" create --test; [ $? -eq 5 ] && "$BQCONN" list | jq -e "length == 0"'
expect_status 0
expect_err "the connection was deleted"
emulated --test-result false -- bash -c '"$BQCONN" create --test --keep-on-failure; [ $? -eq 5 ] && "$BQCONN" list | jq -e "length == 1"'
expect_status 0
emulated --test-result false,false,true -- bash -c 'id=$("$BQCONN" create -o id) && "$BQCONN" test "$id" --wait'
expect_status 0

# Several connections, some of which cannot be deleted.
emulated -- bash -c 'a=$("$BQCONN" create --name a -o id) && b=$("$BQCONN" create --name b -o id) && "$BQCONN" delete "$a" nope "$b" --yes'
expect_status 11
expect_jq 'map(.outcome) == ["deleted", "failed", "deleted"]'

# Reads every page, and no more than requested.
emulated --connections 1234 --other-connections 7 -- bash -c '"$BQCONN" list -o ndjson | jq -s "map(.id) | unique | length"'
expect_out 1234
emulated --connections 1234 --other-connections 7 -- bash -c '"$BQCONN" list -o id --all-sources | wc -l'
expect_out 1241
emulated --connections 300 -- "$BQCONN" list -o id --limit 150
[ "$(wc -l <out)" -eq 150 ] || fail "--limit 150 prints 150"
emulated --connections 300 -- "$BQCONN" list --sort=-name --limit 2
expect_jq 'map(.name) == ["Connection 00300", "Connection 00299"]'
emulated --connections 300 -- bash -c '"$BQCONN" list --sort=-updated --limit 1 -o id; "$BQCONN" list | jq -r "max_by(.updatedAt).id"'
[ "$(sort -u out | wc -l)" -eq 1 ] || fail "the last one updated comes first"
emulated --connections 300 -- "$BQCONN" list --state draft
expect_jq 'length > 0 and all(.state == "draft")'


# A list is not kept in memory: scripts/list-memory measures it.
: "${SOURCE:?}"
# The address sanitizer keeps freed memory, so there is nothing to measure.
if ! grep -qa __asan_init "$BQCONN"; then
    run "$SOURCE/scripts/list-memory" "$BQCONN" "$EMULATOR"
    expect_status 0 "scripts/list-memory"
fi

finish
