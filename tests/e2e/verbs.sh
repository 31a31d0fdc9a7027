#!/usr/bin/env bash
# Rules for every verb, from the rows of tests/verbs.txt: success, the exit codes that all verbs share, help, and that no
# secret appears, whatever happens.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
: "${SOURCE:?}"
table=$SOURCE/tests/verbs.txt

secrets=()
for name in BQCONN_CLIENT_SECRET BQCONN_REFRESH_TOKEN; do
    secrets+=("$(random_word)")
    export "$name=${secrets[-1]}"
done
export BQCONN_CLIENT_ID=client.apps.googleusercontent.com

# Sets the ids that a row names: "prepare ROW", inside an emulator.
cat >prepare <<'END'
if [[ $1 =~ \ (ID|FLOW|RUN) ]]; then
    id=$("$BQCONN" create --name Warehouse -o id) || exit 99
fi
if [[ $1 =~ \ (FLOW|RUN) ]]; then
    flow=$("$BQCONN" dataflow create "$id" --name Orders --table shop.orders --into Orders --map order_id=_id \
        --map ordered_at=timestamp --once --wait -o id -q) || exit 98
fi
if [[ $1 == *\ RUN* ]]; then
    run=$("$BQCONN" dataflow run "$flow" --delta ordered_at --wait -o id -q) || exit 97
fi
words=${1//RUN/${run-}}
words=${words//FLOW/${flow-}}
read -ra words <<<"${words//ID/${id-}}"
END

# Runs ROW, with its ids, under an emulator with these options: under OPTIONS… -- FLAGS…
under() {
    local -a options=()
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    # shellcheck disable=SC2016
    emulated --speed 600 "${options[@]}" -- bash -c '
        . ./prepare "$1"
        shift
        exec "$BQCONN" "${words[@]}" "$@"' bash "$row" "$@"
    local secret
    for secret in "${secrets[@]}"; do
        ! grep -qF -- "$secret" out err || fail "$row $*: a secret was printed"
    done
    [ "$status" -eq 0 ] || [ ! -s out ] || fail "$row $*: stdout is empty after a failure"
}

rows=0
named=()
while IFS="|" read -r row calls; do
    [[ $row != \#* ]] || continue
    row=${row%"${row##*[! ]}"}
    verb=${row%% *}
    rows=$((rows + 1))
    named+=("$row")

    words=$verb
    [ "$verb" != dataflow ] || words=$(cut -d ' ' -f 1-2 <<<"$row")
    read -ra words <<<"$words"
    run "$BQCONN" "${words[@]}" --help
    expect_status 0 "${words[*]} --help"
    under -- -v
    expect_status 0 "$row"
    [ -s out ] || fail "$row: there is a result"
    jq -e . out >/dev/null || fail "$row: the result is JSON"
    under -- -o text
    expect_status 0 "$row -o text"
    under -- --no-such-flag
    expect_status 2 "$row --no-such-flag"
    under -- --env-file /does/not/exist
    expect_status 3 "$row --env-file"
    under -- --access-token made-up
    expect_status 4 "$row --access-token"
    under -- --platform-url http://127.0.0.1:1 --timeout 2
    expect_status 9 "$row --platform-url"
    if [ "$verb" != sandboxes ]; then
        under -- --sandbox nowhere
        expect_status 6 "$row --sandbox nowhere"
    fi
    # What a row of dataflows names is found by reading, too; its own reads are in the matrix of faults.
    for fault in 503 html-502 truncate=1; do
        [[ $verb != dataflow ]] || break
        under --fault "GET /connections/*=$fault" --fault "GET /connections/*/*=$fault" \
            --fault "GET /connections=$fault" --fault "GET /data/foundation/sandbox-management/=$fault" \
            --fault "GET /data/foundation/catalog/dataSets=$fault" \
            --fault "GET /data/foundation/schemaregistry/tenant/schemas=$fault" -- -v --timeout 2
        # A plain create reads nothing; one that cannot be tested exists.
        case "${calls// /}:$status" in
            create:0 | createtest:11) ;;
            create:* | createtest:*) fail "$row: if reads fail ($fault) it is 0, or 11 after the create" ;;
            *:8 | *:9 | *:12) ;;
            *) fail "$row: a read failing with $fault is 8, 9 or 12" ;;
        esac
    done

    # The result cannot be written.
    # shellcheck disable=SC2016
    emulated --speed 600 -- bash -c '
        . ./prepare "$1"
        exec "$BQCONN" "${words[@]}" >/dev/full' bash "$row"
    expect_status 13 "$row >/dev/full"
done <"$table"
[ "$rows" -ge 11 ] || fail "the table of verbs was read"

# Every verb that calls Adobe is in the table. These take the same flags and make no call.
silent="|auth status|check|config|init|"
while read -ra verb; do
    if "$BQCONN" "${verb[@]}" --help 2>/dev/null | grep -q -- --access-token; then
        [[ $silent == *"|${verb[*]}|"* ]] || printf '%s\n' "${named[@]}" | grep -qE "^${verb[*]}( |$)" ||
            fail "tests/verbs.txt has the verb ${verb[*]}"
    fi
done < <("$BQCONN" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\( [a-z][a-z]*\)\{0,1\}\)  .*/\1/p')

finish
