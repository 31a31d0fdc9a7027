#!/usr/bin/env bash
# The auth verbs, with the emulator.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export XDG_CACHE_HOME=$work/cache

# --- auth token: prints a cached, valid token for other programs.
# shellcheck disable=SC2016
emulated --verbose -- bash -c '
    curl -fsS -o sandboxes -H "Authorization: Bearer $("$BQCONN" auth token)" -H "x-api-key: $BQCONN_API_KEY" \
        -H "x-gw-ims-org-id: $BQCONN_ORG_ID" "$BQCONN_PLATFORM_URL/data/foundation/sandbox-management/" &&
        "$BQCONN" auth token -o json && "$BQCONN" auth token'
expect_status 0 "auth token"
jq -e '.sandboxes | length > 0' sandboxes >/dev/null || fail "the token is valid"
[ "$(grep -c 'POST /ims/token/v3' err)" -eq 1 ] || fail "one token is fetched"
head -n 1 out | jq -e '.cached and (.expiresAt | fromdate) > now' >/dev/null || fail "it was cached and is still valid"
[ "$(head -n 1 out | jq -r .accessToken)" = "$(tail -n 1 out)" ] || fail "it is the same token"
emulated -- "$BQCONN" auth token --api-secret wrong --no-cache
expect_status 4 "a refused client"
expect_no_out
# shellcheck disable=SC2016
emulated -- bash -c '"$BQCONN" auth token --no-cache -v'
expect_status 0
! grep -qF -- "$(cat out)" err || fail "the log does not show the token"

# --- auth status: never makes a call.
unreachable=(env BQCONN_IMS_URL=http://127.0.0.1:1 BQCONN_PLATFORM_URL=http://127.0.0.1:1)
claims() { printf '%s' "$1" | openssl base64 -A | tr '+/' '-_' | tr -d '='; }
# token CLIENT CREATED LIFETIME, in milliseconds
token() {
    printf '%s.%s.%s' "$(claims '{"alg":"RS256","kid":"made-up","typ":"JWT"}')" \
        "$(claims "{\"client_id\":\"$1\",\"created_at\":\"$2\",\"expires_in\":\"$3\"}")" "$(claims made-up-signature)"
}
now=$(date +%s)000
for form in text json; do
    emulated -- "${unreachable[@]}" "$BQCONN" auth status -o "$form"
    expect_status 0 "credentials for a token are set"
    grep -q "the next call fetches a token" out || fail "it says that a token will be fetched"
    emulated -- "${unreachable[@]}" BQCONN_API_KEY=made-up-key BQCONN_ACCESS_TOKEN="$(token made-up-key "$now" 86400000)" \
        "$BQCONN" auth status -o "$form"
    expect_status 0 "a token of the API key"
    grep -qE '\(in 2[34] h\)|"expired":false' out || fail "it says when it expires"
    emulated -- "${unreachable[@]}" BQCONN_ACCESS_TOKEN="$(token made-up-other "$now" 86400000)" "$BQCONN" auth status -o "$form"
    expect_status 4 "a token of another client"
    expect_err "issued to client made-up-other"
    emulated -- "${unreachable[@]}" BQCONN_API_KEY=made-up-key BQCONN_ACCESS_TOKEN="$(token made-up-key 1000 1000)" \
        "$BQCONN" auth status -o "$form"
    expect_status 4 "a token that has expired"
    run "$BQCONN" auth status -o "$form"
    expect_status 2 "nothing is set"
    grep -qE 'not set|"apiKey":null' out || fail "it says that nothing is set"
    expect_err "--org-id"
done

# --- auth clear.
# shellcheck disable=SC2016
emulated -- bash -c '"$BQCONN" auth token >/dev/null && "$BQCONN" auth token --scopes openid >/dev/null &&
    touch "$XDG_CACHE_HOME/bqconn/other" && "$BQCONN" auth clear -o json && "$BQCONN" auth clear -o text'
expect_status 0 "auth clear"
head -n 1 out | jq -e '.removed >= 2' >/dev/null || fail "it says how many were removed"
[ "$(tail -n 1 out)" = "No access tokens are cached." ] || fail "no token is left"
[ "$(ls "$XDG_CACHE_HOME/bqconn")" = other ] || fail "it removes only its own files"
mkdir -p "$XDG_CACHE_HOME/bqconn/token-x/y"
run "$BQCONN" auth clear -o text
expect_status 3 "a file that cannot be removed"
expect_err "$XDG_CACHE_HOME/bqconn/token-x: "
expect_no_out
run env -u HOME -u XDG_CACHE_HOME "$BQCONN" auth clear -o text
expect_out "No access tokens are cached."

finish
