#!/usr/bin/env bash
# From nothing to rows in the emulator: each step checked by exit codes and output. Then what each POST of a create does
# when it is lost, refused or cut.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

cat >shop.json <<'END'
{"datasets": [{"id": "shop", "tables": [{"id": "customers",
  "schema": [{"name": "customer_id", "type": "INTEGER"}, {"name": "name", "type": "STRING"},
             {"name": "created_at", "type": "TIMESTAMP"}],
  "rows": [{"customer_id": 1, "name": "Zoë", "created_at": "2024-01-31T23:59:59Z"},
           {"customer_id": 2, "name": "Taro", "created_at": "2024-02-01T00:00:00Z"}]}]}]}
END
cp shop.json whole.json
sed 's/"id": "customers"/"id": "clients"/' whole.json >renamed.json
printf 'customer_id,_acme.customerId\ncreated_at,_acme.createdAt\n' >mapping.csv

# Runs inside the emulator, so it is a separate program: it stops at the first failure.
cat >life <<'END'
. "$SOURCE/tests/e2e/steps.sh"
expect() { run_expecting "$@"; }
# GETs a document of the platform with another client than bqconn: service PATH
service() {
    curl -sSf "$BQCONN_PLATFORM_URL/data/foundation$1" -H "Authorization: Bearer $BQCONN_ACCESS_TOKEN" \
        -H "x-api-key: $BQCONN_API_KEY" -H "x-gw-ims-org-id: $BQCONN_ORG_ID" -H "x-sandbox-name: $BQCONN_SANDBOX_NAME"
}

step connection
expect 0 create --name Warehouse --test
connection=$(jq -er .id out)
expect 0 explore "$connection" shop.customers
jq -e '[.columns[].name] | index("created_at")' out >/dev/null

step target
expect 0 datasets
jq -e 'any(.[]; .name == "Customers" and .schemaTitle == "Customers")' out >/dev/null
expect 0 schemas Customers
jq -e 'any(.fields[]; .path == "_acme.customerId" and .required)' out >/dev/null
expect 0 dataflow create "$connection" --table shop.customers --into Customers --map auto
jq -e 'any(.mappings[]; .destination == "_acme.customerId")' out >/dev/null
expect 0 dataflow list
jq -e '. == []' out >/dev/null

step "nothing to propose"
expect 2 dataflow create "$connection" --table shop.customers --into Customers --columns name --map auto
[ ! -s out ]
grep -qF 'no column matches a field of the schema \"Customers\"' err
expect 2 dataflow create "$connection" --table shop.customers --into Customers --once --map auto --map name=_acme.tier
grep -qF 'without other mappings' err

step "columns that do not fit"
expect 2 dataflow create --connection-name Warehouse --table shop.customers --into Customers --mapping mapping.csv \
    --every 1h --delta created_at --columns customer_id,name,customer_id
grep -qF '\"customer_id\" is named twice' err
grep -qF 'the delta column \"created_at\" is missing' err
grep -qF -- '--columns has no column \"created_at\"' err

step create
set -- --connection-name Warehouse --table shop.customers --into Customers --mapping mapping.csv
expect 0 dataflow create "$@" --once --dry-run
jq -e 'length == 4 and all(.[]; .method == "POST")' out >/dev/null
expect 0 dataflow create "$@" --once --wait
jq -e '.outcome == "created" and .run.state == "succeeded"' out >/dev/null
id=$(jq -er .id out)
expect 7 dataflow create "$@" --once
grep -qF "$id" err
expect 0 dataflow create "$@" --every 1h --delta created_at --name other --if-exists reuse
jq -e --arg id "$id" '.id == $id and .outcome == "existing" and .name == "shop.customers to Customers"' out >/dev/null

step rows
expect 0 dataflow list
jq -e --arg id "$id" 'length == 1 and .[0].id == $id and .[0].table == "shop.customers" and .[0].datasetName == "Customers" and
    .[0].lastRun.state == "succeeded"' out >/dev/null
expect 0 dataflow runs "$id"
jq -e 'length == 1 and .[0].state == "succeeded" and .[0].read == 2 and .[0].written == 2 and .[0].failed == 0' out >/dev/null
batch=$(jq -er '.[0].batchId' out)
file=$(service "/export/batches/$batch/files" | jq -er '.data[0].dataSetFileId')
name=$(service "/export/files/$file" | jq -er '.data[0].name')
service "/export/files/$file?path=$name" | jq -se 'length == 2 and all(.[]; ._acme.customerId)' >/dev/null
expect 0 dataflow why "$id"
expect 0 dataflow get "$id"
jq -e '.deltaColumn == "" and .connectionId == "'"$connection"'"' out >/dev/null

step "the table breaks"
cp renamed.json shop.json
expect 5 dataflow run "$id" --delta created_at --since 2020-01-01 --wait
expect 0 dataflow list --failed -o id
[ "$(cat out)" = "$id" ]
expect 0 dataflow why "$id"
jq -e '.cause.message | contains("Not found: Table")' out >/dev/null
jq -e '.cause.hint | contains("bqconn explore")' out >/dev/null
run=$(jq -er .run.id out)

step "mended and run again"
cp whole.json shop.json
expect 0 dataflow retry "$run" --wait
expect 0 dataflow runs "$id" --failed -o id
[ "$(cat out)" = "$run" ]

step changes
expect 0 dataflow disable "$id" --wait
expect 0 dataflow get "$id"
jq -e '.state == "disabled"' out >/dev/null
expect 7 dataflow retry "$run"
expect 0 dataflow enable "$id" --wait
expect 0 dataflow update "$id" --new-name Customers --map customer_id=_acme.customerId
expect 0 dataflow get --name Customers
jq -e --arg id "$id" '.id == $id' out >/dev/null

step delete
expect 7 delete "$connection" --yes
grep -qF "bqconn dataflow delete $id" err
expect 2 dataflow delete "$id"
expect 0 dataflow delete "$id" --yes
expect 6 dataflow get "$id"
for collection in flows sourceConnections targetConnections; do
    service "/flowservice/$collection" | jq -e '.items == []' >/dev/null
done
service /catalog/dataSets | jq -e 'any(.[]; .name == "Customers")' >/dev/null
expect 0 delete "$connection" --yes
step end
END
emulated --give-access-token --bigquery shop.json --speed 60 -- bash life
expect_status 0 "the life of a dataflow"
grep -q '^end$' steps || fail "every step was done: $(tr '\n' ' ' <steps)"

# Each POST of a create, struck once: at most one of each object, and the second run with --resume leaves exactly one chain.
cat >struck <<'END'
set -u
flags=(--connection-name Warehouse --table shop.customers --into Customers --mapping mapping.csv --once -o json)
"$BQCONN" create --name Warehouse >/dev/null
"$BQCONN" dataflow create "${flags[@]}" >first 2>first.err
echo $? >first.code
"$BQCONN" dataflow create "${flags[@]}" --resume --dry-run >planned
"$BQCONN" dataflow create "${flags[@]}" --resume >second 2>second.err
echo $? >second.code
for collection in sourceConnections targetConnections flows; do
    curl -sS "$BQCONN_PLATFORM_URL/data/foundation/flowservice/$collection" -H "Authorization: Bearer $BQCONN_ACCESS_TOKEN" \
        -H "x-api-key: $BQCONN_API_KEY" -H "x-gw-ims-org-id: $BQCONN_ORG_ID" -H "x-sandbox-name: $BQCONN_SANDBOX_NAME" |
        jq '.items | length'
done >counts
END
for post in sourceConnections targetConnections data/foundation/conversion/mappingSets flows; do
    for fault in apply-then-500 apply-then-reset reset 503 truncate=1 403 400; do
        emulated --give-access-token --bigquery shop.json --fault "POST /$post=$fault;times=1" -- bash struck
        case $fault in
            403) wanted=4 ;;
            400) wanted=5 ;;
            *) wanted=10 ;;
        esac
        [ "$(cat first.code)" -eq "$wanted" ] || fail "$post, $fault: exit code $(cat first.code), not $wanted: $(cat first.err)"
        [ ! -s first ] || fail "$post, $fault: no result"
        if [ "$wanted" -eq 10 ]; then
            grep -q -- --resume first.err || fail "$post, $fault: --resume is named: $(cat first.err)"
        fi
        [ "$(cat second.code)" -eq 0 ] || fail "$post, $fault: --resume: exit code $(cat second.code): $(cat second.err)"
        [ "$(jq length planned)" -eq "$(grep -c 'Created ' second.err)" ] ||
            fail "$post, $fault: --resume --dry-run shows what --resume creates"
        [ "$(tr '\n' ' ' <counts)" = "1 1 1 " ] || fail "$post, $fault: exactly one chain, not $(tr '\n' ' ' <counts)"
    done
done

# A second dataflow of the same name is not completed: --resume completes it, and --leftovers removes only what is unused.
cat >another <<'END'
set -u
flags=(--connection-name Warehouse --table shop.customers --into Customers --mapping mapping.csv --once -o id -q)
"$BQCONN" create --name Warehouse >/dev/null
"$BQCONN" dataflow create "${flags[@]}" >first
"$BQCONN" dataflow create "${flags[@]}" --if-exists new >/dev/null 2>second.err
echo $? >second.code
if [ "$1" = resume ]; then
    "$BQCONN" dataflow create "${flags[@]}" --if-exists new --resume >third
else
    "$BQCONN" dataflow delete --leftovers --name 'shop.customers to Customers' --yes -q >/dev/null
fi
echo $? >then.code
"$BQCONN" dataflow list -o id >flows
curl -sS "$BQCONN_PLATFORM_URL/data/foundation/flowservice/sourceConnections" -H "Authorization: Bearer $BQCONN_ACCESS_TOKEN" \
    -H "x-api-key: $BQCONN_API_KEY" -H "x-gw-ims-org-id: $BQCONN_ORG_ID" -H "x-sandbox-name: $BQCONN_SANDBOX_NAME" |
    jq '.items | length' >sources
END
for way in resume leftovers; do
    emulated --give-access-token --bigquery shop.json --fault "POST /flows=reset;times=1;after=1" -- bash another "$way"
    [ "$(cat second.code),$(cat then.code)" = 10,0 ] || fail "$way: exit codes $(cat second.code), $(cat then.code)"
    grep -q -- "--leftovers" second.err || fail "$way: the hint cannot remove the first dataflow"
    grep -qF "$(cat first)" flows || fail "$way: the first dataflow is still there"
    wanted=2
    [ "$way" = resume ] || wanted=1
    [ "$(wc -l <flows),$(cat sources)" = "$wanted,$wanted" ] || fail "$way: $wanted dataflows and source connections"
done

finish
