#!/usr/bin/env bash
# The tables of causes in docs/dataflows.md: the emulator reproduces each cause, and dataflow create or dataflow why reports that
# cause and no other.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
: "${SOURCE:?}"

cat >whole.json <<'END'
{"datasets": [{"id": "shop", "tables": [{"id": "customers",
  "schema": [{"name": "customer_id", "type": "INTEGER"}, {"name": "name", "type": "STRING"},
             {"name": "newsletter", "type": "BOOLEAN"}, {"name": "created_at", "type": "TIMESTAMP"}],
  "rows": [{"customer_id": 1, "name": "Zoë", "newsletter": true, "created_at": "2024-01-31T23:59:59Z"}]}]}]}
END
printf '{"type":"PQL","format":"pql/json","value":{"nodeType":"fnApply","fnName":"=","params":[
    {"nodeType":"fieldLookup","fieldName":"city"},{"nodeType":"literal","value":"x"}]}}' >filter.json

# The words that must appear, without the other rows' words: of each table row, the text in back quotes.
mapfile -t words < <(sed -n '/^<!-- causes/,/^$/s/^| .* | `\(.*\)` |$/\1/p' "$SOURCE/docs/dataflows.md")
[ "${#words[@]}" -ge 20 ] || fail "docs/dataflows.md names ${#words[@]} causes"
tested=()

# Checks that `text` has the words of row NUMBER (from 0) and of no other row; "…" stands for anything.
names_only() {
    local number=$1 text=$2 i pattern
    tested+=("$number")
    for i in "${!words[@]}"; do
        pattern=$(printf '%s' "${words[i]}" | sed 's/[][\.*^$]/\\&/g; s/…/.*/g')
        if [ "$i" -eq "$number" ]; then
            grep -q -- "$pattern" <<<"$text" || fail "row $number (${words[i]}) is named: $text"
        elif grep -q -- "$pattern" <<<"$text"; then
            fail "row $i (${words[i]}) is not named with row $number: $text"
        fi
    done
}

# A create with these flags after the usual ones: refused NUMBER CODE [FLAGS…]. EMULATED are the emulator's options, BEFORE is
# run first.
refused() {
    local number=$1 code=$2
    shift 2
    # shellcheck disable=SC2016
    emulated --bigquery whole.json "${EMULATED[@]}" -- bash -c '
        "$BQCONN" create --name Warehouse >/dev/null || exit 99
        eval "$1"
        shift
        exec "$BQCONN" dataflow create --connection-name Warehouse "$@"' bash "$BEFORE" "$@"
    expect_status "$code" "row $number: ${words[number]}"
    names_only "$number" "$(cat err)"
}
EMULATED=()
BEFORE=:
map=(--map customer_id=_acme.customerId)
usual=(--table shop.customers --into Customers --once)
# shellcheck disable=SC2016
another_dataset='curl -sSf "$BQCONN_PLATFORM_URL/data/foundation/catalog/dataSets" -H "Authorization: Bearer $BQCONN_ACCESS_TOKEN" \
    -H "x-api-key: $BQCONN_API_KEY" -H "x-gw-ims-org-id: $BQCONN_ORG_ID" -H "x-sandbox-name: $BQCONN_SANDBOX_NAME" \
    -H "Content-Type: application/json" -o /dev/null -d "$("$BQCONN" datasets -o json | jq ".[] | select(.name == \"Customers\") |
        {name, schemaRef: {id: .schemaId, contentType: \"application/vnd.adobe.xed+json;version=1\"}}")"'

refused 0 2 --table shop.clients --into Customers --once "${map[@]}"
# shellcheck disable=SC2016
EMULATED=(--bad-credentials bad.txt) BEFORE='printf "%s\n" "$BQCONN_REFRESH_TOKEN" >bad.txt'
: >bad.txt
refused 1 2 "${usual[@]}" "${map[@]}"
EMULATED=() BEFORE=:
refused 2 2 --table shop.customers --into Clients --once "${map[@]}"
EMULATED=(--give-access-token) BEFORE=$another_dataset
refused 3 2 "${usual[@]}" "${map[@]}"
EMULATED=() BEFORE=:
refused 4 2 --table shop.customers --into Customers --every 1h --delta changed_at "${map[@]}"
refused 5 2 --table shop.customers --into Customers --every 1h --delta newsletter "${map[@]}"
refused 6 2 "${usual[@]}" --map customer=_acme.customerId --map customer_id=_acme.customerId
refused 7 2 "${usual[@]}" --map name=_acme.nickname "${map[@]}"
refused 8 2 "${usual[@]}" --map newsletter=_acme.customerId
refused 9 2 "${usual[@]}" --map name=_acme.tier
refused 10 2 "${usual[@]}" "${map[@]}" --map 'no_such_function(name)=_acme.tier'
refused 11 2 "${usual[@]}" "${map[@]}" --start 2020-01-01
refused 12 2 "${usual[@]}" "${map[@]}" --filter filter.json
# shellcheck disable=SC2016
BEFORE='"$BQCONN" dataflow create --connection-name Warehouse --table shop.customers --into Customers --once \
    --map customer_id=_acme.customerId >/dev/null'
refused 13 7 "${usual[@]}" "${map[@]}"

# A run that ends badly: failed NUMBER [FLAGS…]. BREAK is run after the first run, and then the dataflow runs again.
failed() {
    local number=$1
    shift
    cp whole.json shop.json
    # shellcheck disable=SC2016
    emulated --give-access-token --bigquery shop.json --speed 60 "${EMULATED[@]}" -- bash -c '
        "$BQCONN" create --name Warehouse >/dev/null || exit 99
        break=$1
        shift
        "$BQCONN" dataflow create --connection-name Warehouse --table shop.customers --into Customers --once \
            --name Flow --wait "$@" >/dev/null 2>first.err
        eval "$break"
        "$BQCONN" dataflow run --name Flow --delta created_at --since 2020-01-01 --wait >/dev/null
        echo $? >code
        exec "$BQCONN" dataflow why --name Flow -o text' \
        bash "$BREAK" "$@"
    expect_status 0 "row $number: ${words[number]}"
    [ "$(cat code)" -eq "$CODE" ] || fail "row $number: exit code $(cat code), not $CODE"
    names_only "$number" "$(cat out)"
}
CODE=5
# shellcheck disable=SC2016
EMULATED=(--bad-credentials bad.txt) BREAK='printf "%s\n" "$BQCONN_REFRESH_TOKEN" >bad.txt'
: >bad.txt
failed 14 "${map[@]}"
EMULATED=() BREAK='sed -i "s/\"id\": \"customers\"/\"id\": \"clients\"/" shop.json'
failed 15 "${map[@]}"
BREAK='sed -i "s/customer_id/client_id/g" shop.json'
failed 16 "${map[@]}"
BREAK='sed -i "s/\"customer_id\": 1/\"customer_id\": null/" shop.json'
failed 17 "${map[@]}"
BREAK=: CODE=0
failed 18 "${map[@]}" --map name=_acme.createdAt
CODE=5 BREAK=: EMULATED=(--google no-role)
failed 19 "${map[@]}"
EMULATED=(--google api-disabled)
failed 20 "${map[@]}"

[ "${#tested[@]}" -eq "${#words[@]}" ] || fail "every row is tested: ${#tested[@]} of ${#words[@]}"
finish
