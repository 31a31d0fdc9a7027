# Shared by the tests that drive the real binary. Sourced, with BQCONN and EMULATOR set by the test runner.
# shellcheck shell=bash
set -u
: "${BQCONN:?}" "${EMULATOR:?}"

# Ignore the user's own settings.
for name in $(compgen -e | grep '^BQCONN_'); do unset "$name"; done
unset http_proxy https_proxy HTTPS_PROXY HTTP_PROXY ALL_PROXY all_proxy NO_PROXY no_proxy SSL_CERT_FILE SSL_CERT_DIR \
    CURL_CA_BUNDLE NO_COLOR XDG_CONFIG_HOME
work=$(mktemp -d "${TMPDIR:-/tmp}/bqconn-e2e.XXXXXX")
trap 'rm -rf "$work"' EXIT
export HOME=$work/home LC_ALL=C.UTF-8
mkdir "$HOME"
cd "$work" || exit 1
failures=0 status=0

# Runs a command; its output goes to $work/out and $work/err, its exit code to $status.
run() {
    "$@" >"$work/out" 2>"$work/err"
    status=$?
}

fail() {
    failures=$((failures + 1))
    printf 'FAILED: %s\n' "$1"
    printf '  exit code %s\n' "$status"
    sed 's/^/  stdout: /' "$work/out"
    sed 's/^/  stderr: /' "$work/err"
}

expect_status() { [ "$status" -eq "$1" ] || fail "${2:-exit code $1}"; }
expect_out() { [ "$(cat "$work/out")" = "$1" ] || fail "stdout is: $1"; }
expect_no_out() { [ ! -s "$work/out" ] || fail "stdout is empty"; }
expect_err() { grep -qF -- "$1" "$work/err" || fail "stderr contains: $1"; }
expect_jq() { jq -e "$1" "$work/out" >/dev/null || fail "stdout as JSON: $1"; }
expect_err_jq() { tail -n 1 "$work/err" | jq -e "$1" >/dev/null || fail "stderr's last line as JSON: $1"; }

# Runs bqconn under a new emulator; put the emulator's options before --.
emulated() { run "$EMULATOR" exec "$@"; }

finish() {
    if [ "$failures" -ne 0 ]; then
        echo "$failures checks failed"
        exit 1
    fi
}

# Creates a service-account key file for this run: key_file PATH
make_key_file() {
    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/key.pem" 2>/dev/null
    jq -n --rawfile pem "$work/key.pem" '{type: "service_account", project_id: "my-project-123", private_key_id: "abc",
        private_key: $pem, client_email: "reader@my-project-123.iam.gserviceaccount.com",
        token_uri: "https://oauth2.googleapis.com/token"}' >"$1"
    chmod 600 "$1"
}

# A unique word of 32 letters and digits.
random_word() { openssl rand -hex 16; }
