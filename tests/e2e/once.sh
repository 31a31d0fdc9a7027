#!/usr/bin/env bash
# A create is applied at most once, its outcome is known or reported as unknown, and a rerun creates no duplicate.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
post='POST /connections'

# Applied, but the answer was lost: the connection is found by name, and there is only one.
for lost in apply-then-500 apply-then-reset; do
    emulated --record "$work/record" --fault "$post=$lost" -- bash -c '"$BQCONN" create && "$BQCONN" list >list'
    expect_status 0 "recovered after $lost"
    expect_jq '.outcome == "recovered" and (.etag | startswith("\""))'
    id=$(jq -r .id "$work/out")
    [ "$(jq -r '.[].id' list)" = "$id" ] || fail "one connection, with the given name, after $lost"
    [ "$(grep -c '"POST"' "$work/record")" -eq 1 ] || fail "one POST after $lost"
done

# Not applied and no answer: searched for, not found, and reported.
emulated --fault "$post=reset" -- bash -c '"$BQCONN" create -o json; echo $? >code; "$BQCONN" list >list'
[ "$(cat code)" -eq 10 ] || fail "exit code 10 after a reset"
expect_err_jq '.error.hint | contains("bqconn list --name")'
[ "$(jq length list)" -eq 0 ] || fail "nothing was created"

# Refused temporarily: retried, and created once.
emulated --record "$work/record" --fault "$post=429;retry-after=0;times=2" -- "$BQCONN" create
expect_status 0 "created after two 429"
expect_jq '.outcome == "created"'
[ "$(grep -c '"POST"' "$work/record")" -eq 3 ] || fail "three POSTs, two of them refused"
expect_err "127.0.0.1 responded with HTTP 429 (too many requests), retrying in 0."
expect_err "(attempt 3 of 4)"

# If our token is refused, a new one is fetched once.
emulated --record "$work/record" --fault "$post=401;times=1" -- "$BQCONN" create
expect_status 0 "created with a second token"
[ "$(grep -c '"POST"' "$work/record")" -eq 2 ] || fail "two POSTs, one of them refused"
expect_err "Adobe refused the access token (HTTP 401), retrying with a new one (attempt 2 of 2)"
emulated --give-access-token --record "$work/record" --fault "$post=401;times=1" -- "$BQCONN" create
expect_status 4 "the user's own token is not replaced"
[ "$(grep -c '"POST"' "$work/record")" -eq 1 ] || fail "one POST"

# A rerun.
emulated -- bash -c '"$BQCONN" create -o id >first && "$BQCONN" create --if-exists reuse'
expect_status 0
expect_jq ".outcome == \"existing\" and .id == \"$(cat first)\""
emulated -- bash -c '"$BQCONN" create -o id >first && "$BQCONN" create --if-exists error'
expect_status 7
expect_no_out
expect_err "$(cat first)"
emulated -- bash -c '"$BQCONN" create >/dev/null && "$BQCONN" create >/dev/null && "$BQCONN" create --if-exists reuse'
expect_status 7 "two connections match"
# After a rotation: the new credentials are sent to the connection that is there, in one change.
emulated --record "$work/record" -- bash -c '"$BQCONN" create -o id >first
    BQCONN_REFRESH_TOKEN=made-up-rotated "$BQCONN" create --if-exists update'
expect_status 0
expect_jq ".outcome == \"updated\" and .id == \"$(cat first)\""
[ "$(grep -c '"POST"' "$work/record"),$(grep -c '"PATCH"' "$work/record")" = 1,1 ] || fail "one POST, one PATCH"
grep '"PATCH"' "$work/record" | grep -qi '"if-match"' || fail "the change depends on the version"
# The etag of -o env, read as a shell reads it and as GitHub Actions does.
emulated -- bash -c '
    eval "$("$BQCONN" create --name shell -o env)"
    "$BQCONN" update "$BQCONN_CONNECTION_ID" --description x --if-match "$BQCONN_CONNECTION_ETAG" >/dev/null || exit 1
    "$BQCONN" create --name github -o env >output
    "$BQCONN" update --name github --description x --if-match "$(sed -n "s/^BQCONN_CONNECTION_ETAG=//p" output)"'
expect_status 0 "--if-match takes what -o env printed"
emulated -- "$BQCONN" create --if-exists perhaps
expect_status 2

# Interrupted by a signal while waiting for the answer: stops at once with one error, and the exit code shows the signal. It
# is sent twice, like timeout(1) does.
for signal in INT TERM HUP; do
    emulated --fault "$post=slow=30000" --record "$work/record" -- bash -c '
        env --default-signal=INT "$BQCONN" create -o text &
        until grep -q POST "$0"; do :; done
        kill -'$signal' $!
        kill -'$signal' $! 2>/dev/null
        wait $!' "$work/record"
    expect_status $((128 + $(kill -l $signal)))
    expect_err "may or may not have been created"
    [ "$(wc -l <"$work/err")" -eq 2 ] || fail "an error and its hint"
    expect_no_out
done

# No secret remains where others can see it.
emulated --fault "$post=slow=30000" --record "$work/record" -- bash -c '
    "$BQCONN" create --api-secret @<(printf %s "$BQCONN_API_SECRET") --name a-visible-name --refresh-token a-visible-secret &
    until grep -q POST "$0"; do :; done
    cat /proc/$!/cmdline /proc/$!/environ | tr "\0" "\n" >seen
    grep "^Max core file size" /proc/$!/limits >limits
    kill $!
    wait $!' "$work/record"
! grep -qE 'visible|=emulated-' seen || fail "argv and environment are wiped: $(cat seen)"
[ "$(tr -s ' ' <limits | cut -d ' ' -f 5,6)" = "0 0" ] || fail "no core file: $(cat limits)"

finish
