#!/usr/bin/env bash
# For each kind of authentication, the server receives exactly the golden body.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
make_key_file key.json

# received GOLDEN COMMAND…: the body that the server received equals the golden file.
received() {
    local golden=$1
    shift
    emulated --no-google --record "$work/record" "$@"
    expect_status 0
    jq -S '.body | if type == "string" then fromjson else . end' "$work/record" >received.json
    jq -S --arg key "$(base64 -w 0 key.json)" \
        'if .auth.params.keyFileContent then .auth.params.keyFileContent = $key else . end' \
        "$SOURCE/tests/golden/$golden" >golden.json
    diff golden.json received.json || fail "$golden"
}

received basic.json -- "$BQCONN" create --name Warehouse --description "From the tests" --project my-project-123 \
    --client-id client.apps.googleusercontent.com --client-secret "made-up client secret" \
    --refresh-token "made-up refresh token"
received basic-large-results.json -- "$BQCONN" create --project my-project-123 \
    --client-id client.apps.googleusercontent.com --client-secret "made-up client secret" \
    --refresh-token "made-up refresh token" --large-results-dataset tmp_results
received service.json -- env -u BQCONN_PROJECT "$BQCONN" create --name Warehouse --key-file key.json --large-results-dataset tmp_results
received service-aws.json --sandbox aws-dev -- env -u BQCONN_PROJECT "$BQCONN" create --name Warehouse --key-file key.json --dataset sales

finish
