#!/usr/bin/env bash
# The results of a create in every output format, and their use in a shell.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

emulated -- "$BQCONN" create
expect_status 0
expect_jq '.id and .outcome == "created" and .sandboxName == "dev" and .name == "Google BigQuery emulated-project"'
expect_jq '.etag | startswith("\"") and endswith("\"")'
[ "$(wc -l <"$work/out")" -eq 1 ] || fail "json is one line"
[ ! -s "$work/err" ] || fail "stderr is empty"

# Etag and id are unchanged, byte for byte, in every format.
emulated --record "$work/record" -- bash -c '
    "$BQCONN" create --name "a name" | jq -r .id >id.json
    "$BQCONN" create --name "a name" -o id >id.id
    "$BQCONN" create --name "a name" -o env >id.env
    "$BQCONN" create --name "a name" -o text >id.text
    curl -sS "$BQCONN_IMS_URL/ims/token/v3" --data-urlencode "client_id=$BQCONN_API_KEY" \
        --data-urlencode "client_secret=$BQCONN_API_SECRET" -d grant_type=client_credentials -d scope=openid |
        jq -r .access_token >token
    curl -sS "$BQCONN_PLATFORM_URL/data/foundation/flowservice/connections?orderby=createdAt" \
        -H "Authorization: Bearer $(cat token)" -H "x-api-key: $BQCONN_API_KEY" \
        -H "x-gw-ims-org-id: $BQCONN_ORG_ID" -H "x-sandbox-name: $BQCONN_SANDBOX_NAME" >list'
expect_status 0
cp "$work/list" "$work/out"
expect_jq '.items | length == 4'
expect_jq "[.items[] | .id] | index(\"$(cat id.json)\") != null and index(\"$(cat id.id)\") != null"
(
    eval "$(cat id.env)"
    jq -e --arg id "$BQCONN_CONNECTION_ID" --arg etag "$BQCONN_CONNECTION_ETAG" \
        'any(.items[]; .id == $id and .etag == $etag)' list >/dev/null
) || fail "-o env can be evaluated and has the service's etag"
# A file that GitHub reads has no quotes of a shell, and --if-match takes what eval or GitHub made of the etag.
: >variables
# shellcheck disable=SC2016
emulated -- env GITHUB_OUTPUT="$work/variables" bash -euc '"$BQCONN" create -o env >>variables
    value() { sed -n "s/^BQCONN_CONNECTION_$1=//p" variables; }
    "$BQCONN" update "$(value ID)" --description new --if-match "$(value ETAG)"'
expect_status 0 "the etag in \$GITHUB_OUTPUT can be used"
grep -q '^BQCONN_CONNECTION_ETAG="' variables || fail "the etag in \$GITHUB_OUTPUT is as the service sent it"

etag=$(sed -n 's/^  etag  //p' id.text)
cp "$work/list" "$work/out"
expect_jq "any(.items[]; .etag == $(jq -n --arg etag "$etag" '$etag'))"
grep -q '^Created base connection "a name" in sandbox dev$' id.text || fail "text says what was done"

# With an access token there is a single POST.
emulated --give-access-token --record "$work/record" -- "$BQCONN" create
expect_status 0
[ "$(wc -l <"$work/record")" -eq 1 ] || fail "one request"
cp "$work/record" "$work/out"
expect_jq '.method == "POST" and .path == "/data/foundation/flowservice/connections"'

# Settings from a dotenv file, a credential file and standard input.
emulated -- bash -c '
    umask 077
    echo "BQCONN_SANDBOX_NAME=prod" >ci.env
    printf "%s" "$BQCONN_REFRESH_TOKEN" >token
    printf "{\"installed\":{\"client_id\":\"%s\",\"client_secret\":\"%s\"}}" "$BQCONN_CLIENT_ID" "$BQCONN_CLIENT_SECRET" >client.json
    unset BQCONN_REFRESH_TOKEN BQCONN_CLIENT_ID BQCONN_CLIENT_SECRET BQCONN_SANDBOX_NAME
    "$BQCONN" create --env-file ci.env --credentials client.json --refresh-token - <token'
expect_status 0
expect_jq '.sandboxName == "prod"'

finish
