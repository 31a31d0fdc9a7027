#!/usr/bin/env bash
# --dry-run and --print-curl show the same call, send nothing and reveal no secret.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
make_key_file key.json
secret=$(random_word)
basic=(--project my-project-123 --client-id client.apps.googleusercontent.com --client-secret "$secret" --refresh-token "$secret")

run "$BQCONN" create --dry-run "${basic[@]}"
expect_status 0 "a dry run needs no Adobe credentials"
expect_jq '.method == "POST" and .url == "https://platform.adobe.io/data/foundation/flowservice/connections"'
expect_jq '.body.auth.params.clientSecret == "[redacted]" and .body.auth.params.refreshToken == "[redacted]"'
expect_jq '.headers.Authorization == "[redacted]" and .headers["x-sandbox-name"] == null'
expect_jq '.missing | index("--org-id") and index("--sandbox-name")'
! grep -q "$secret" "$work/out" || fail "no secret in a dry run"

emulated --record "$work/record" -- "$BQCONN" create --dry-run
expect_status 0
[ ! -s "$work/record" ] || fail "a dry run sends nothing"

run "$BQCONN" create --dry-run
expect_status 2 "a dry run needs the Google settings"

# Running the output of --print-curl in a shell creates the same connection as bqconn.
# shellcheck disable=SC2016
name='quote " dollar $HOME back\slash `tick` single'"'"' \u0041 ü %41 +'
same_as_curl() {
    emulated --record "$work/record" "${@:2}" -- bash -c '
        set -e
        "$BQCONN" create "${@:2}" --print-curl >script
        "$BQCONN" create "${@:2}" >/dev/null
        [ -z "${BQCONN_ACCESS_TOKEN:-}" ] || export BQCONN_ACCESS_TOKEN
        . ./script' bash "$1" "${create[@]}"
    expect_status 0 "the printed command works: $1"
    jq -S '{method, path, body: (.body | if type == "string" then fromjson else . end)}' "$work/record" >requests
    [ "$(jq -s 'map(select(.path | endswith("/connections"))) | length == 2 and .[0] == .[1]' requests)" = true ] ||
        fail "the same request: $1"
    grep -qE 'emulated-(client-secret|refresh-token)-[0-9a-f]+' script && fail "no secret in the printed command: $1"
}
create=(--name "$name" --description "two
lines")
same_as_curl basic
same_as_curl "basic with a token" --give-access-token
create=(--name "$name" --key-file "$work/key.json")
export BQCONN_KEY_FILE=$work/key.json
same_as_curl service --no-google
create=(--name "$name" --dataset sales)
same_as_curl "service on AWS" --no-google --sandbox aws-dev
unset BQCONN_KEY_FILE

# A preview reports what it leaves out; options it would ignore are refused.
for preview in --dry-run --print-curl; do
    emulated -- env BQCONN_IF_EXISTS=reuse "$BQCONN" create "$preview" --check --test
    expect_status 0
    for part in --if-exists --check --test; do expect_err "$part is not part of the request shown"; done
done
emulated -- "$BQCONN" create --keep-on-failure
expect_status 2

# A printed script stops if something is missing or fails, before it creates anything.
emulated --record "$work/record" -- bash -c '"$BQCONN" create --print-curl >script && BQCONN_API_SECRET=wrong . ./script'
[ "$status" -ne 0 ] || fail "a refused token stops the script"
emulated --record "$work/record" -- bash -c '"$BQCONN" create --print-curl >script && env -u BQCONN_REFRESH_TOKEN bash script'
[ "$status" -ne 0 ] || fail "an unset variable stops the script"
expect_err BQCONN_REFRESH_TOKEN
emulated --record "$work/record" --google-key given.json -- bash -c '
    env -u BQCONN_CLIENT_ID -u BQCONN_CLIENT_SECRET -u BQCONN_REFRESH_TOKEN \
        "$BQCONN" create --key-file given.json --print-curl >script && bash script'
[ "$status" -ne 0 ] || fail "an unset key file stops the script"
expect_err BQCONN_KEY_FILE
! grep -q '"path":"[^"]*/connections"' "$work/record" || fail "a failed script creates nothing"

finish
