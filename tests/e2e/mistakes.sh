#!/usr/bin/env bash
# Common mistakes of new users: each message says what to do.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
make_key_file key.json
text=(-o text)

emulated -- env -u BQCONN_SANDBOX_NAME "$BQCONN" create "${text[@]}"
expect_status 2
expect_err "--sandbox-name (BQCONN_SANDBOX_NAME)"
expect_err "column \"Name\""

echo '{"installed":{"client_id":"x","client_secret":"yyyyyyyyyyyy"}}' >client.json
chmod 600 client.json
emulated --no-google -- "$BQCONN" create --key-file client.json --project my-project-123 "${text[@]}"
expect_status 3
expect_err "OAuth client"
expect_err "hint:"

emulated -- "$BQCONN" create --refesh-token x "${text[@]}"
expect_status 2
expect_err "did you mean --refresh-token?"
run "$BQCONN" craete
expect_status 2
expect_err "did you mean"

emulated -- "$BQCONN" create --large-results-dataset my-project.tmp_results "${text[@]}"
expect_status 2
expect_err 'use "tmp_results" instead of "my-project.tmp_results"'

emulated --give-access-token -- env BQCONN_ACCESS_TOKEN=expired "$BQCONN" create "${text[@]}"
expect_status 4
expect_err "has expired"
expect_err "request id:"

emulated --give-access-token -- env BQCONN_API_KEY=another "$BQCONN" create "${text[@]}"
expect_status 4
expect_err "must be the client id that the access token was issued to"

emulated -- "$BQCONN" create --platform-url http://127.0.0.1:1 --timeout 3 "${text[@]}"
expect_status 9
expect_err "--platform-url"

openssl req -x509 -newkey rsa:2048 -nodes -keyout tls.key -out tls.crt -days 2 -subj /CN=localhost \
    -addext subjectAltName=IP:127.0.0.1 2>/dev/null
emulated --tls-cert tls.crt --tls-key tls.key -- env -u BQCONN_CA_FILE "$BQCONN" create "${text[@]}"
expect_status 14
expect_err "--ca-file"

: >empty
chmod 600 empty
emulated -- env -u BQCONN_REFRESH_TOKEN BQCONN_REFRESH_TOKEN_FILE=empty "$BQCONN" create "${text[@]}"
expect_status 3
expect_err "BQCONN_REFRESH_TOKEN_FILE"
expect_err "empty"

# --- A profile from an emulator's shell, used after it.
emulated -- "$BQCONN" init --profile emulated
run "$BQCONN" list --profile emulated "${text[@]}"
expect_status 9
expect_err "$HOME/.config/bqconn/emulated.env:"
expect_err "bqconn-emulator exec"
run "$BQCONN" list --profile emulatde "${text[@]}"
expect_status 3
expect_err "did you mean emulated?"

# --- HOME is that of another user, as after sudo or docker run --user: its profile is as if it were not there.
if [ "$(id -u)" -eq 0 ]; then
    mkdir -m 700 closed
    chmod 711 .
    install -m 755 "$BQCONN" bqconn
    emulated -- env HOME="$work/closed" setpriv --reuid=65534 --regid=65534 --clear-groups ./bqconn create -o id
    expect_status 0
fi

mkdir folder.env
emulated -- "$BQCONN" create --env-file folder.env "${text[@]}"
expect_status 3
expect_err "folder.env"
echo 'BQCONN_PROJECT=my-project-123' >open.env
chmod 644 open.env
emulated -- "$BQCONN" create --env-file open.env "${text[@]}"
expect_status 3
expect_err "chmod 600"

# More mistakes that cost people an afternoon.
emulated -- "$BQCONN" create --sandbox Prod "${text[@]}"
expect_status 2
expect_err 'did you mean "prod"?'
emulated -- "$BQCONN" create --key-file key.json "${text[@]}"
expect_status 2
expect_err "Basic Authentication: BQCONN_CLIENT_ID"
expect_err "Service Authentication: --key-file"
emulated -- "$BQCONN" create --org-id ABC "${text[@]}"
expect_status 2
expect_err 'did you mean "ABC@AdobeOrg"?'
emulated -- "$BQCONN" create --platform-url http://example.com "${text[@]}"
expect_status 2
expect_err "https://"
emulated -- "$BQCONN" create --output yaml
expect_status 2
expect_err "text, json, ndjson, id, etag, env, csv"
run "$BQCONN" create --project
expect_status 2
expect_err "--project needs a value"
run "$BQCONN" create --name --project x
expect_status 2
expect_err "--name needs a value"

# An undefined secret of a CI service arrives as an empty variable.
emulated -- env BQCONN_LARGE_RESULTS_DATASET= "$BQCONN" create "${text[@]}"
expect_status 0
expect_err "BQCONN_LARGE_RESULTS_DATASET (environment) is empty and counts as not set"
emulated -- env BQCONN_ORG_ID= "$BQCONN" create "${text[@]}"
expect_status 2
expect_err "--org-id (BQCONN_ORG_ID): the variable is empty"
expect_err "an undefined CI secret"
# A key on its way through a shell.
emulated --no-google -- env BQCONN_KEY_FILE="$(cat key.json)" "$BQCONN" create "${text[@]}"
expect_status 2
expect_err "BQCONN_KEY_FILE (environment) must be the path of a file, but contains the key itself"
(umask 077 && printf '%b\n' "$(cat key.json)" >echo.json)
emulated --no-google -- "$BQCONN" create --key-file echo.json "${text[@]}"
expect_status 3
expect_err "became line breaks"

# Input that may be a secret is never shown.
for arguments in "create --refesh-token=SECRETVALUE" "create --refesh-token SECRETVALUE" "create SECRETVALUE" \
    "SECRETVALUE" "create --dry-run=SECRETVALUE" "create -SECRETVALUE" "create --SECRETVALUE" "--SECRETVALUE" \
    "create --api-secret @x --refresh-token - SECRETVALUE" "help SECRETVALUE" "create --output SECRETVALUE"; do
    # shellcheck disable=SC2086
    run "$BQCONN" $arguments </dev/null
    expect_status 2 "$arguments"
    ! grep -q SECRETVALUE "$work/err" || fail "the input was shown: $arguments"
done

finish
