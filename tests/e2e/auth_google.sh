#!/usr/bin/env bash
# auth google against the emulated Google: consent in a browser played by curl, and with a pasted address.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
export XDG_CONFIG_HOME=$work/config
profile=$XDG_CONFIG_HOME/bqconn/default.env

# A browser: follows redirects, and writes the page when it is complete.
cat >browser <<'END'
#!/bin/sh
printf '%s\n' "$*" >>visited
curl -sSL -o page.part "$1" && mv page.part page
END
chmod +x browser
export BROWSER=$work/browser

# Waits until a command succeeds or the time runs out.
await() {
    local i
    for ((i = 0; i < 600; i++)); do
        if "$@" 2>/dev/null; then return 0; fi
        sleep 0.05
    done
    return 1
}
expect_page() {
    await test -e page || fail "the browser was shown a page"
    grep -qF "<h1>$1</h1>" page || fail "the page is: $1"
}
# google FAILURE COMMAND…: runs in a new profile folder, without the emulator's refresh token.
google() {
    local failure=$1
    shift
    rm -rf "$XDG_CONFIG_HOME" page visited shown
    emulated --google "$failure" --google-client client.json -- env -u BQCONN_REFRESH_TOKEN -u BQCONN_CLIENT_ID \
        -u BQCONN_CLIENT_SECRET "$@"
    secrets=("$(jq -r '.[].client_secret' client.json)")
    if [ -e "$profile" ]; then
        secrets+=("$(sed -n "s/^BQCONN_REFRESH_TOKEN=//p" "$profile" | tr -d "'")")
    fi
    local secret
    for secret in "${secrets[@]}"; do
        [ -n "$secret" ] || fail "the test knows the secret"
        ! cat out err page visited 2>/dev/null | grep -qF -- "$secret" || fail "a secret was printed"
    done
}
auth=("$BQCONN" auth google --credentials client.json)

# --- Allowed: the profile has the token with its client, and the token is valid.
# shellcheck disable=SC2016
google allow bash -c '"$@" -v && . "$XDG_CONFIG_HOME/bqconn/default.env" &&
    curl -sS "$BQCONN_GOOGLE_TOKEN_URL/token" -d grant_type=refresh_token -d "client_id=$BQCONN_CLIENT_ID" \
        -d "client_secret=$BQCONN_CLIENT_SECRET" -d "refresh_token=$BQCONN_REFRESH_TOKEN" -o refreshed &&
    "$BQCONN" create -o id >created' bash "${auth[@]}"
expect_status 0
expect_jq '.profile == "default" and (.scopes | length) == 2 and (has("expiresAt") | not)'
[ "$(jq -r .path out)" = "$profile" ] || fail "the path is the profile's"
[ "$(stat -c %a "$profile")" = 600 ] || fail "the profile is private"
[ "$(stat -c %a "$XDG_CONFIG_HOME/bqconn")" = 700 ] || fail "its folder is private"
expect_err "Google did not report the token's lifetime"
expect_page "Access granted"
jq -e '.access_token and (.scope | contains("cloud-platform"))' refreshed >/dev/null || fail "Google accepts the token"
[ -s created ] || fail "a connection can be created with it"

google allow "${auth[@]}" -o text --profile warehouse
expect_status 0
expect_out "Refresh token written to profile warehouse
  $XDG_CONFIG_HOME/bqconn/warehouse.env"

# --- An existing profile keeps its other lines and gets no second client.
# shellcheck disable=SC2016
google allow bash -c 'mkdir -p "$XDG_CONFIG_HOME/bqconn" && umask 077 &&
    printf "# mine\nBQCONN_CREDENTIALS=%s\nBQCONN_REFRESH_TOKEN=made-up-old-token\nBQCONN_PROJECT=my-project-123\n" \
        "$PWD/client.json" >"$XDG_CONFIG_HOME/bqconn/default.env" && exec "$BQCONN" auth google'
expect_status 0
[ "$(cut -d = -f 1 "$profile" | tr '\n' ' ')" = "# mine BQCONN_CREDENTIALS BQCONN_REFRESH_TOKEN BQCONN_PROJECT " ] ||
    fail "the profile's other lines are kept"
! grep -q made-up-old-token "$profile" || fail "the old token is gone"

# --- Failures: the page shows them and nothing is written.
while IFS='|' read -r failure code words page; do
    google "$failure" "${auth[@]}" -o json
    expect_status 4 "$failure"
    expect_no_out
    expect_err_jq ".error.code == \"$code\" and .error.hint != null"
    expect_err "$words"
    expect_page "$page"
    [ ! -e "$profile" ] || fail "$failure: nothing is written"
done <<'END'
deny|auth.consent_refused|denied on Google's consent page|Access not granted
untick|auth.scope_missing|access was not granted to https://www.googleapis.com/auth/cloud-platform:|Something went wrong
END
rm -f page
emulated --google allow --google no-refresh-token --google-client client.json -- "${auth[@]}" -o json
expect_status 4
expect_err_jq '.error.code == "auth.no_refresh_token"'
expect_page "Something went wrong"
rm -f page
emulated --google allow --google wrong-secret --google-client client.json -- "${auth[@]}" -o json
expect_status 4
expect_err_jq '.error.code == "auth.google_client"'
expect_page "Something went wrong"

# --- A warning for a token that expires after 7 days, and for one in the environment that overrides the profile.
rm -rf "$XDG_CONFIG_HOME"
emulated --google allow --google testing --google-client client.json -- "${auth[@]}" -o json
expect_status 0
expect_err "expires in 7 days: the app is in Testing; publish it"
expect_err "BQCONN_REFRESH_TOKEN (environment) overrides the value"
[ "$(date -u -d "$(jq -r .expiresAt out)" +%s)" -gt "$(date -u -d '6 days' +%s)" ] || fail "it gives the expiry"

# --- An expired token in a file named by the profile is overridden by the new one in the profile; check then passes.
# shellcheck disable=SC2016
google allow bash -c 'umask 077; mkdir -p "$XDG_CONFIG_HOME/bqconn"
    jq "{type: \"authorized_user\", client_id: .installed.client_id, client_secret: .installed.client_secret,
        refresh_token: \"1//made-up-dead\"}" client.json >adc.json
    printf "BQCONN_CREDENTIALS=%s\n" "$PWD/adc.json" >"$XDG_CONFIG_HOME/bqconn/default.env"
    ! "$BQCONN" check -o json >before || exit 1
    "$BQCONN" auth google >/dev/null && exec "$BQCONN" check -o json'
expect_status 0 "auth google fixes what check found"
jq -e '[.checks[] | select(.verdict == "failed") | .code] == ["auth.google_token"]' before >/dev/null ||
    fail "check names the expired token"

# --- A warning if the profile also has a key file. A profile that cannot be written is reported before the user is asked.
make_key_file key.json
# shellcheck disable=SC2016
google allow bash -c 'umask 077; mkdir -p "$XDG_CONFIG_HOME/bqconn"
    printf "BQCONN_KEY_FILE=%s\n" "$PWD/key.json" >"$XDG_CONFIG_HOME/bqconn/default.env"; exec "$@"' bash "${auth[@]}"
expect_status 0
expect_err "settings for two kinds of authentication"
rm -rf "$XDG_CONFIG_HOME" visited
# shellcheck disable=SC2016
emulated --google allow --google-client client.json -- bash -c 'umask 077; mkdir -p "$XDG_CONFIG_HOME/bqconn"; : >real.env
    ln -s "$PWD/real.env" "$XDG_CONFIG_HOME/bqconn/default.env"; exec "$@"' bash "${auth[@]}"
expect_status 3 "a symbolic link"
[ ! -e visited ] || fail "no browser is opened if the profile cannot be written"
rm -rf "$XDG_CONFIG_HOME"

# --- For a shell: the token on stdout and nowhere else.
rm -rf "$XDG_CONFIG_HOME"
# shellcheck disable=SC2016
emulated --google allow --google-client client.json -- bash -c 'given=$BQCONN_REFRESH_TOKEN
    eval "$("$@" -o env)" && [ -n "$BQCONN_REFRESH_TOKEN" ] && [ "$BQCONN_REFRESH_TOKEN" != "$given" ]' bash "${auth[@]}"
expect_status 0
[ ! -e "$XDG_CONFIG_HOME" ] || fail "-o env writes nothing"

# --- If no browser can be started, the address is still on stderr.
# shellcheck disable=SC2016
visit='url=; for i in $(seq 600); do url=$(grep -o "http://[^\"[:space:]]*prompt=consent" shown) && break; sleep 0.05; done'
# shellcheck disable=SC2016
google allow env BROWSER=/does/not/exist bash -c '"$@" -q 2>shown & '"$visit"'; curl -sSL -o page "$url"; wait $!' \
    bash "${auth[@]}"
expect_status 0
expect_page "Access granted"

# --- BROWSER: the first of several names that can be started, quoted, with the address where it says.
cat >"a browser" <<END
#!/bin/sh
exec "$work/browser" "\${1#--app=}"
END
chmod +x "a browser"
google allow env BROWSER="/does/not/exist %s::'$work/a browser' --app=%s --new &:false" "${auth[@]}"
expect_status 0
expect_page "Access granted"

# --- Requests that do not answer this consent are refused without an echo, and the wait continues.
# shellcheck disable=SC2016
google allow env BROWSER=true bash -c '"$@" 2>shown & '"$visit"'
    back=$(curl -sS -o /dev/null -w "%{redirect_url}" "$url"); here=${back%%/\?*}; here=${here%%\?*}
    for bad in "/favicon.ico" "/?code=made-up&state=made-up" "/?code=%3Cscript%3Ealert(1)%3C/script%3E&state=x%0d%0aA:%20b"; do
        curl -sS -i "$here$bad"
    done >refused
    curl -sS -X POST -d a=b -o /dev/null -w "%{http_code}\n" "$back" >>refused
    curl -sS -i -o page "$back"; wait $!' bash "${auth[@]}"
expect_status 0
[ "$(grep -c '^HTTP/1.1 400 ' refused)" -eq 3 ] || fail "three pages of 400"
[ "$(tail -n 1 refused)" = 405 ] || fail "a POST is refused"
! grep -qiE 'script|alert|made-up|^A:' refused || fail "the query is not echoed"
grep -qi '^content-security-policy: default-src .none.; style-src .sha256-' page || fail "the page has a policy"
expect_page "Access granted"

# --- Without a browser: the final address is pasted, through a pipe or on a terminal.
# shellcheck disable=SC2016
paste_into='back=$(curl -sS -o /dev/null -w "%{redirect_url}" "$url")'
mkfifo keys
# shellcheck disable=SC2016
google allow bash -c '"$@" --no-browser <keys 2>shown & exec 7>keys; '"$visit; $paste_into"'
    printf "%s\n" "$back" >&7; wait $!' bash "${auth[@]}"
expect_status 0
expect_jq '.profile == "default"'
grep -q "Paste the address" shown || fail "it says what to do"
[ ! -e visited ] || fail "no browser is opened"
# shellcheck disable=SC2016
google allow bash -c 'command=$(printf "%q " "$@" --no-browser)
    script -qefc "$command" shown <keys & exec 7>keys; '"$visit; $paste_into"'
    code=${back#*code=}; printf "%s\r" "${code%%&*}" >&7; wait $!' bash "${auth[@]}"
expect_status 0 "a code on a terminal"
grep -q 'Refresh token written to profile default' out || fail "a terminal is shown text"
[ -e "$profile" ] || fail "the profile is written"
google allow bash -c 'printf "http://127.0.0.1:1/?code=made-up&state=made-up\n" | "$@" --no-browser -o json' bash \
    "${auth[@]}"
expect_status 4
expect_err_jq '.error.code == "auth.consent_state"'
google allow bash -c '"$@" --no-browser -o json </dev/null' bash "${auth[@]}"
expect_status 2

# --- No answer before the timeout; and a signal ends the wait at once.
google allow env BROWSER=true "${auth[@]}" -o json --timeout 0.2
expect_status 4
expect_err_jq '.error.code == "auth.consent_timeout"'
# shellcheck disable=SC2016
google allow env BROWSER=true bash -c '"$@" -o json 2>shown & '"$visit"'; kill -TERM $!; wait $!' bash "${auth[@]}"
expect_status 143
tail -n 1 shown | jq -e '.error.code == "interrupted"' >/dev/null || fail "the signal is reported"

finish
