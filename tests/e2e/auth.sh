#!/usr/bin/env bash
# The verbs of credentials, under the emulator.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export XDG_CACHE_HOME=$work/cache

# --- auth token: for other programs, kept, and good.
# shellcheck disable=SC2016
emulated --verbose -- bash -c '
    curl -fsS -o sandboxes -H "Authorization: Bearer $("$BQCONN" auth token)" -H "x-api-key: $BQCONN_API_KEY" \
        -H "x-gw-ims-org-id: $BQCONN_ORG_ID" "$BQCONN_PLATFORM_URL/data/foundation/sandbox-management/" &&
        "$BQCONN" auth token -o json && "$BQCONN" auth token'
expect_status 0 "auth token"
jq -e '.sandboxes | length > 0' sandboxes >/dev/null || fail "the token is good"
[ "$(grep -c 'POST /ims/token/v3' err)" -eq 1 ] || fail "one token is fetched"
head -n 1 out | jq -e '.cached and (.expiresAt | fromdate) > now' >/dev/null || fail "it was kept, and is good for a while"
[ "$(head -n 1 out | jq -r .accessToken)" = "$(tail -n 1 out)" ] || fail "it is the same token"
emulated -- "$BQCONN" auth token --api-secret wrong --no-cache
expect_status 4 "a client that is refused"
expect_no_out
# shellcheck disable=SC2016
emulated -- bash -c '"$BQCONN" auth token --no-cache -v'
expect_status 0
! grep -qF -- "$(cat out)" err || fail "the log does not show it"

finish
