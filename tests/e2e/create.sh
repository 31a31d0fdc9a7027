# The results of a create, in every form, and what else a shell sees.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

emulated -- "$BQCONN" create -o json
expect_status 0
expect_jq '.id and .outcome == "created" and (.etag | startswith("\"") and endswith("\""))'
[ "$(wc -l <"$work/out")" -eq 1 ] || fail "one line of JSON"

finish
