#!/usr/bin/env bash
# If Adobe's two services are on two hosts, the connection to the platform is opened while the token is fetched. The
# results are the same as one after the other.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

# The emulator under two host names.
two_hosts='export BQCONN_IMS_URL=${BQCONN_IMS_URL/127.0.0.1/localhost}; '
posts() { grep -c "POST /data/foundation/flowservice/connections" err; }
tokens() { grep -c 'POST /ims/token/v3' err; }
expect_calls() {
    [ "$(tokens)" -eq "$1" ] || fail "$1 tokens were requested"
    [ "$(posts)" -eq "$2" ] || fail "$2 creates were sent"
}

emulated --verbose --fault 'POST /ims/token/v3=slow=500' -- \
    bash -c "$two_hosts"'"$BQCONN" create --no-cache --verbose -o json'
expect_status 0
expect_jq '.outcome == "created"'
expect_calls 1 1
# The log shows that the create started before the token arrived; it contains no secrets.
begun=$(grep -n '> POST http.*/connections' err | head -1 | cut -d: -f1)
answered=$(grep -n '"access_token\|< 200' err | head -1 | cut -d: -f1)
if [ -z "$begun" ] || [ "$begun" -ge "$answered" ]; then fail "the connection was opened early"; fi
grep -q '> Authorization: \[redacted\]' err || fail "the late header is logged, without its value"

# With a cached token there is no second connection and no thread. (Leak detection cannot run under strace.)
# shellcheck disable=SC2016
emulated --verbose -- bash -c "$two_hosts"'"$BQCONN" create -o id &&
    ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=clone,clone3 -o calls "$BQCONN" create -o id'
expect_status 0
expect_calls 1 2
! grep -q clone calls || fail "a cached token starts no thread"

# Failures are reported as usual, and nothing is created.
emulated --verbose --fault 'POST /ims/token/v3=401' -- bash -c "$two_hosts"'"$BQCONN" create --no-cache'
expect_status 4 "a refused client"
expect_calls 1 0
emulated --verbose -- bash -c "$two_hosts"'BQCONN_PLATFORM_URL=http://127.0.0.1:1 "$BQCONN" create --no-cache --timeout 1'
expect_status 9 "no platform"
expect_err 'cannot connect to'
expect_calls 1 0
emulated --verbose -- bash -c 'BQCONN_IMS_URL=http://localhost:1 "$BQCONN" create --no-cache --timeout 1'
expect_status 9 "no identity service"
expect_err 'cannot fetch an access token'
expect_calls 0 0

# A create answered with a 429 is repeated once.
emulated --verbose --fault 'POST /connections=429;retry-after=0;times=1' -- bash -c "$two_hosts"'"$BQCONN" create --no-cache'
expect_status 0 "a 429"
expect_calls 1 2

# If interrupted while waiting for the token, it stops at once and sends nothing.
for signal in INT TERM; do
    # shellcheck disable=SC2016
    emulated --verbose --fault 'POST /ims/token/v3=slow=60000' -- bash -c "$two_hosts"'
        env --default-signal=INT "$BQCONN" create --no-cache -o text --log-file log &
        until grep -q "> POST .*/ims/token" log 2>/dev/null; do :; done
        kill -'$signal' $!
        wait $!'
    expect_status $((128 + $(kill -l $signal)))
    expect_err 'nothing was created'
    [ "$(posts)" -eq 0 ] || fail "$signal: nothing was sent"
    rm log
done

finish
