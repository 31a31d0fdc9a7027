#!/usr/bin/env bash
# Access tokens are fetched once and cached, by consecutive and by concurrent runs.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export XDG_CACHE_HOME=$work/cache

# The number of tokens that the last emulator issued.
tokens() { grep -c 'POST /ims/token/v3' "$work/err"; }
expect_tokens() { [ "$(tokens)" -eq "$1" ] || fail "$2: $1 tokens were requested, not $(tokens)"; }

emulated --verbose -- bash -c '"$BQCONN" create && "$BQCONN" list && "$BQCONN" create --name other'
expect_status 0
expect_tokens 1 "three runs"
[ "$(stat -c %a "$XDG_CACHE_HOME/bqconn")" = 700 ] || fail "the folder is private"
for file in "$XDG_CACHE_HOME"/bqconn/*; do
    [ "$(stat -c %a "$file")" = 600 ] || fail "$file is private"
done

emulated --verbose -- bash -c '"$BQCONN" create --no-cache && BQCONN_NO_CACHE=true "$BQCONN" list'
expect_status 0
expect_tokens 2 "--no-cache"

# shellcheck disable=SC2016
emulated --verbose -- bash -c '
    for i in $(seq 64); do
        "$BQCONN" create --name "$i" -o id >"created.$i" & processes+=($!)
    done
    for process in "${processes[@]}"; do wait "$process" || exit; done'
expect_status 0
expect_tokens 1 "64 at once"
[ "$(sort -u created.* | wc -l)" -eq 64 ] || fail "64 connections were created"

# A cache file truncated anywhere counts as missing. It does not contain the client secret.
# shellcheck disable=SC2016
emulated --verbose -- bash -c '
    rm -r "$XDG_CACHE_HOME" && "$BQCONN" list >/dev/null || exit
    file=$(echo "$XDG_CACHE_HOME"/bqconn/token-*.json)
    ! grep -qF "$BQCONN_API_SECRET" "$file" || exit 90
    head -c 50 "$file" >cut && cat cut >"$file"
    "$BQCONN" list && chmod 644 "$file" && "$BQCONN" list && "$BQCONN" list'
expect_status 0
expect_tokens 3 "a cut file, and one that others can read"

# A refused token is discarded: another emulator with the same client does not know it.
printf 'made-up-api-secret\n' >secret
same=(--api-key made-up-key --api-secret-file secret --org-id ABCD@AdobeOrg --port)
# It uses the first one's port, because the service's address is part of the cache key.
emulated --verbose "${same[@]}" 0 -- bash -c 'printf "%s\n" "${BQCONN_IMS_URL##*:}" >port; "$BQCONN" create'
expect_status 0 "the first emulator"
expect_tokens 1 "the first emulator"
emulated --verbose "${same[@]}" "$(cat port)" -- bash -c '"$BQCONN" create && "$BQCONN" list'
expect_status 0 "the second emulator"
expect_tokens 1 "the second emulator"
grep -q ' 401 ' err || fail "the second emulator refused the token of the first"

# If the cache cannot be written, nothing is cached and nothing fails.
XDG_CACHE_HOME=/dev/null/cache emulated --verbose -- bash -c '"$BQCONN" create && "$BQCONN" list'
expect_status 0
expect_tokens 2 "no cache folder"

finish
