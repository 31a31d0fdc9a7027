#!/usr/bin/env bash
# Every exit code of the table that create can return, from the real binary.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
post='POST /connections'
export BQCONN_OUTPUT=json

emulated -- "$BQCONN" create
expect_status 0

run "$BQCONN" create --no-such-flag
expect_status 2
expect_no_out

run "$BQCONN" create --env-file /does/not/exist
expect_status 3
expect_no_out

emulated -- env BQCONN_API_SECRET=wrong "$BQCONN" create
expect_status 4 "a refused client secret"
expect_err_jq '.error.code == "auth.client_refused" and .error.exitCode == 4'
emulated --give-access-token -- env BQCONN_ACCESS_TOKEN=wrong "$BQCONN" create
expect_status 4 "a refused token"
expect_err_jq '.error.code == "auth.token_invalid" and .error.status == 401 and (.error.requestId | length > 0)'

emulated --fault "$post=422" -- "$BQCONN" create
expect_status 5
emulated -- "$BQCONN" create --sandbox aws-dev
expect_status 5 "Basic Authentication on AWS"
expect_err_jq '.error.code == "rejected.auth_spec"'

emulated -- "$BQCONN" create --sandbox nowhere
expect_status 6
expect_err_jq '.error.code == "not_found.sandbox"'

emulated --fault "$post=409" -- "$BQCONN" create
expect_status 7

emulated --fault "$post=429;retry-after=0" -- "$BQCONN" create
expect_status 8
emulated --fault 'POST /ims/token/v3=503' -- "$BQCONN" create --timeout 3
expect_status 8 "no token, so nothing was created"

emulated -- "$BQCONN" create --platform-url http://127.0.0.1:1 --timeout 3
expect_status 9
expect_no_out

for fault in 503 reset empty-200 html-502 truncate=20; do
    emulated --fault "$post=$fault" -- "$BQCONN" create --no-recover
    expect_status 10 "unknown after $fault"
    expect_no_out
done

emulated --fault 'POST /ims/token/v3=empty-200' -- "$BQCONN" create
expect_status 12

emulated -- bash -c '"$BQCONN" create >/dev/full'
expect_status 13 "a full disk"
expect_err "id"
emulated -- bash -c '"$BQCONN" create | true; exit "${PIPESTATUS[0]}"'
[ "$status" -eq 13 ] || [ "$status" -eq 0 ] || fail "a closed pipe is 13 if the write comes after the reader has exited"
run bash -c '"$BQCONN" --version >/dev/full'
expect_status 13

openssl req -x509 -newkey rsa:2048 -nodes -keyout tls.key -out tls.crt -days 2 -subj /CN=localhost \
    -addext subjectAltName=IP:127.0.0.1 2>/dev/null
emulated --tls-cert tls.crt --tls-key tls.key -- "$BQCONN" create
expect_status 0 "TLS with a trusted certificate"
emulated --tls-cert tls.crt --tls-key tls.key -- env -u BQCONN_CA_FILE "$BQCONN" create
expect_status 14 "TLS with an untrusted certificate"
expect_err "--ca-file"

# The reader of the result has ended. Only a verb that changes something reports that.
cat >closed.pl <<'END'
pipe(my $reader, my $writer);
close $reader;
open(STDOUT, ">&", $writer);
exec @ARGV;
END
run perl closed.pl "$BQCONN" completion bash
expect_status 141
[ ! -s err ] || fail "nothing is said"
emulated --connections 3 -- perl closed.pl "$BQCONN" list -o id
expect_status 141
[ ! -s err ] || fail "nothing is said"
emulated -- perl closed.pl "$BQCONN" create
expect_status 13
expect_err_jq '.error.code == "output.closed_pipe" and (.error.hint + .error.message | test("[0-9a-f]{8}-[0-9a-f]{4}-"))'

finish
