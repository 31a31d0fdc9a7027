#!/usr/bin/env bash
# A command opens, starts and reads only what it needs.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

# traced COMMAND…: opened files, and created threads, processes and sockets, without those of the loader.
traced() {
    run strace -f -e trace=open,openat,clone,clone3,fork,vfork,socket,mkdir -o calls "$@"
    grep -vE '\.so(\.[0-9.]+)?"|/ld\.so\.|"/proc/|"/sys/|^[0-9]+ +(\+\+\+|---)' calls >did || true
}
expect_did() {
    others=$(grep -vF -- "$1" did)
    [ -z "$others" ] || fail "only: $1; also found: $others"
}
expect_nothing() { [ ! -s did ] || fail "$1 opens and starts nothing: $(cat did)"; }

for words in --help --version 'create --help' 'completion bash' 'completion zsh'; do
    # shellcheck disable=SC2086
    traced "$BQCONN" $words
    expect_status 0
    expect_nothing "$words"
done

# A refused command uses no network, TLS or log; it looks for the default profile.
traced "$BQCONN" create --project UPPER
expect_status 2
expect_did /bqconn/default.env

# A create with a token: the default profile, OpenSSL's and trust's start-up files, and one socket.
given='BQCONN_ACCESS_TOKEN=$("$BQCONN" auth token --no-cache) && export BQCONN_ACCESS_TOKEN && unset BQCONN_API_SECRET && '
declare -fx run traced
export work
emulated -- bash -c "$given"'traced "$BQCONN" create -o id && exit $status'
expect_status 0
expect_did '/bqconn/default.env
openssl.cnf
/etc/ssl/certs", O_RDONLY|O_CLOEXEC|O_DIRECTORY
socket(AF_INET, SOCK_STREAM'
[ "$(grep -c socket did)" -eq 1 ] || fail "one socket is created: $(cat did)"

finish
