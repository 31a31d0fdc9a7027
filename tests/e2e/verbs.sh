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
if [[ $1 =~ \ (ID|FLOW|RUN|SAME|CHANGES) ]]; then
    id=$("$BQCONN" create --name Warehouse -o id) || exit 99
fi
if [[ $1 =~ \ (FLOW|RUN) ]]; then
    flow=$("$BQCONN" dataflow create "$id" --name Orders --table shop.orders --into Orders --map order_id=_id \
        --map ordered_at=timestamp --once --wait -o id -q) || exit 98
fi
if [[ $1 == *\ RUN* ]]; then
    run=$("$BQCONN" dataflow run "$flow" --delta ordered_at --wait -o id -q) || exit 97
fi
manifest() {
    printf 'mark: team\nconnections:\n  - name: Warehouse\n    kind: basic\n    project: {env: BQCONN_PROJECT}\n'
    printf '    %s: {env: %s}\n' client-id BQCONN_CLIENT_ID client-secret BQCONN_CLIENT_SECRET refresh-token BQCONN_REFRESH_TOKEN
}
manifest >same.yaml
{
    manifest
    printf '    description: new\ndataflows:\n  - {name: Sales, connection: Warehouse, table: shop.orders, into: Orders,\n'
    printf '     map: [order_id=_id, ordered_at=timestamp], once: true}\n'
} >changes.yaml
words=${1//SAME/same.yaml}
words=${words//CHANGES/changes.yaml}
words=${words//RUN/${run-}}
words=${words//FLOW/${flow-}}
read -ra words <<<"${words//ID/${id-}}"
END

# Exit codes and flags with which every verb fails and changes nothing. "refused ROW CASE…" prints what is wrong.
refusals=("2 --no-such-flag" "3 --env-file /does/not/exist" "4 --access-token made-up"
    "9 --platform-url http://127.0.0.1:1 --timeout 2" "6 --sandbox nowhere")
cat >refused <<'END'
. ../prepare "$1"
shift
for one in "$@"; do
    read -ra flags <<<"$one"
    status=0
    "$BQCONN" "${words[@]}" "${flags[@]:1}" >result || status=$?
    [ "$status" -eq "${flags[0]}" ] || echo "$one: exit code $status"
    [ ! -s result ] || echo "$one: stdout is not empty"
done
END

# Fails if the last run printed a secret.
no_secret() {
    local secret
    for secret in "${secrets[@]}"; do
        ! grep -qF -- "$secret" out err || fail "$*: a secret was printed"
    done
}

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
        . ../prepare "$1"
        shift
        exec "$BQCONN" "${words[@]}" "$@"' bash "$row" "$@"
    no_secret "$row $*"
    [ "$status" -eq 0 ] || [ ! -s out ] || fail "$row $*: stdout is empty after a failure"
}

# Checks $row, whose calls are $calls.
check_row() {
    local verb=${row%% *} fault
    local -a words=("$verb") cases=("${refusals[@]}")
    [ "$verb" != dataflow ] || read -ra words <<<"$(cut -d ' ' -f 1-2 <<<"$row")"
    run "$BQCONN" "${words[@]}" --help
    expect_status 0 "${words[*]} --help"
    BQCONN_OUTPUT=json under -- -v
    expect_status 0 "$row"
    [ -s out ] || fail "$row: there is a result"
    [ "$verb" = export ] || jq -e . out >/dev/null || fail "$row: the result is JSON"
    BQCONN_OUTPUT=text under --
    expect_status 0 "$row as text"
    [ "$verb" != sandboxes ] || unset 'cases[-1]'
    emulated --speed 600 -- bash ../refused "$row" "${cases[@]}"
    [ ! -s out ] || fail "$row: $(cat out)"
    no_secret "$row"
    # Dataflow rows are left out: even their arguments are found by reads, and faults_test.cpp covers their own reads.
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
        . ../prepare "$1"
        exec "$BQCONN" "${words[@]}" >/dev/full' bash "$row"
    expect_status 13 "$row >/dev/full"
}

# Most of the time goes into waiting, so several rows are checked at once, each in a folder of its own.
named=()
while IFS="|" read -r row calls; do
    [[ $row != \#* ]] || continue
    row=${row%"${row##*[! ]}"}
    named+=("$row")
    while [ "$(jobs -pr | wc -l)" -ge 6 ]; do wait -n || true; done
    (
        export HOME=$work/${#named[@]}
        mkdir "$HOME"
        cd "$HOME" || exit 1
        # shellcheck disable=SC2030 # only this row's
        work=$HOME
        check_row >wrong
        [ ! -s wrong ] || exit 1
        echo "$row" >>../passed
    ) &
done <"$table"
wait
# shellcheck disable=SC2031
results=$work
cat "$results"/*/wrong
[ "${#named[@]}" -ge 11 ] || fail "the table of verbs was read"
[ "$(sort "$results/passed")" = "$(printf '%s\n' "${named[@]}" | sort)" ] || fail "every row is right"

# Every verb that calls Adobe is in the table. These take the same flags and make no call.
silent="|auth status|check|config|init|"
while read -ra verb; do
    if "$BQCONN" "${verb[@]}" --help 2>/dev/null | grep -q -- --access-token; then
        [[ $silent == *"|${verb[*]}|"* ]] || printf '%s\n' "${named[@]}" | grep -qE "^${verb[*]}( |$)" ||
            fail "tests/verbs.txt has the verb ${verb[*]}"
    fi
done < <("$BQCONN" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\( [a-z][a-z]*\)\{0,1\}\)  .*/\1/p')

finish
