# Sourced by scripts that run step by step inside an emulator and stop at the first failure.
# shellcheck shell=bash
set -euo pipefail
export BQCONN_OUTPUT=json
: "${BQCONN:?}"
step() { printf '%s\n' "$1" >>steps; }

# Runs bqconn, expects its exit code: run_expecting CODE ARGUMENTS…
run_expecting() {
    local wanted=$1 status=0
    shift
    "$BQCONN" "$@" >out 2>err || status=$?
    if [ "$status" -ne "$wanted" ]; then
        printf 'bqconn %s: exit code %s, not %s\n' "$*" "$status" "$wanted" >&2
        cat out err >&2
        exit 1
    fi
}
