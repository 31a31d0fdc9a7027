#!/usr/bin/env bash
# auth google in a real browser: Chromium, driven by WebDriver, uses the emulated consent page and shows bqconn's page.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
if ! command -v chromedriver >/dev/null || ! command -v chromium >/dev/null; then
    echo "chromium and chromedriver are not installed"
    exit 77
fi
export XDG_CONFIG_HOME=$work/config

# Waits until a command succeeds or the time runs out.
await() {
    local i
    for ((i = 0; i < 1200; i++)); do
        if "$@" 2>/dev/null; then return 0; fi
        sleep 0.05
    done
    return 1
}

driver=
session=
# Chromium ends with its session; end the driver by its own id.
end_browser() {
    [ -z "$session" ] || curl -sS -o /dev/null -m 20 -X DELETE "$session"
    [ -z "$driver" ] || kill "$driver"
    wait
    rm -rf "$work"
}
trap end_browser EXIT

# The driver takes a free IPv6 port and then needs the same IPv4 port, which another test may have: then it exits and is
# started again.
port_is_known() { grep -qE 'started successfully on port [0-9]+' driver.out; }
has_settled() { port_is_known || ! kill -0 "$driver"; }
for _ in {1..20}; do
    chromedriver --port=0 >driver.out 2>&1 &
    driver=$!
    await has_settled || break
    if port_is_known; then break; fi
    wait "$driver" || driver=
done
port_is_known || { cat driver.out; exit 1; }
webdriver=http://127.0.0.1:$(sed -nE 's/.*started successfully on port ([0-9]+).*/\1/p' driver.out)/session
options='{capabilities: {alwaysMatch: {"goog:chromeOptions": {args: (["--headless=new", "--disable-dev-shm-usage",
    "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--user-data-dir=" + $folder] + $more)}}}}'
more='[]'
[ "$(id -u)" -ne 0 ] || more='["--no-sandbox"]'
id=$(jq -n --arg folder "$work/chromium" --argjson more "$more" "$options" |
    curl -sS -m 120 -H 'Content-Type: application/json' -d @- "$webdriver" | tee session.json | jq -r .value.sessionId)
if [ -z "$id" ] || [ "$id" = null ]; then
    cat session.json driver.out
    exit 1
fi
session=$webdriver/$id

# The value in the driver's answer; an error prints one line on stderr and fails.
value_of() {
    jq -r '.value | if type == "object" and has("error") then "\(.error): \(.message)\n" | halt_error(1) else . end'
}
browser_get() { curl -sS -m 60 "$session/$1" | value_of; }
browser_post() { curl -sS -m 60 -H 'Content-Type: application/json' -d "$2" "$session/$1" | value_of; }
# The id of an element; the key is defined by the WebDriver specification.
element() {
    browser_post element "$(jq -n --arg css "$1" '{using: "css selector", value: $css}')" |
        jq -re '."element-6066-11e4-a52e-4f735466cecf"'
}
click_once() {
    local id
    id=$(element "$1") && browser_post "element/$id/click" '{}' >/dev/null
}
# The page may still be loading: repeat the click until the driver accepts it.
click() { await click_once "$1" || click_once "$1"; }
export session
export -f value_of browser_get browser_post element click_once click await

# The browser that bqconn starts: passes the address to the driver, which answers once the page has loaded.
cat >browser <<'END'
#!/bin/sh
jq -n --arg url "$1" '{url: $url}' | curl -sS -m 60 -H 'Content-Type: application/json' -d @- "$session/url"
END
chmod +x browser
export BROWSER=$work/browser

# consent CLICKS OPTION…: runs auth google with a user who makes these clicks.
consent() {
    local clicks=$1
    shift
    rm -rf "$XDG_CONFIG_HOME"
    browser_post url '{"url": "about:blank"}' >/dev/null
    # shellcheck disable=SC2016
    emulated --google-client client.json "$@" -- env -u BQCONN_REFRESH_TOKEN bash -c '
        "$BQCONN" auth google --credentials client.json -o json &
        eval "$1"
        wait $!' bash "$clicks"
}
# The page's title, heading and text in the browser.
heading_is() { [ "$(browser_get "element/$(element h1)/text")" = "$1" ]; }
expect_page() {
    await heading_is "$1" || fail "the browser shows: $1"
    [ "$(browser_get title)" = "$1 - bqconn" ] || fail "the title is: $1"
    browser_get "element/$(element main)/text" >text
    grep -qF "$2" text || fail "the page says: $2"
}

consent 'click "#allow"'
expect_status 0
expect_jq '.profile == "default" and (.scopes | length) == 2'
expect_page "Access granted" "You can close this window and return to the terminal."
# The style sheet was applied, and the page has no script.
width=$(browser_get "element/$(element main)/css/max-width")
[ "$width" = 576px ] || fail "the style sheet is applied: $width"
[ "$(browser_post execute/sync '{"script": "return document.scripts.length + document.documentElement.lang", "args": []}')" = 0en ] ||
    fail "the page has a language and no script"
grep -q '^BQCONN_REFRESH_TOKEN=' "$XDG_CONFIG_HOME/bqconn/default.env" || fail "the token is in the profile"

consent 'click "#cloud-platform"; click "#allow"'
expect_status 4
expect_err_jq '.error.code == "auth.scope_missing" and (.error.message | contains("auth/cloud-platform"))'
expect_page "Something went wrong" "See the terminal for the reason"
[ ! -e "$XDG_CONFIG_HOME/bqconn/default.env" ] || fail "nothing is written"

consent 'click "#deny"'
expect_status 4
expect_err_jq '.error.code == "auth.consent_refused"'
expect_page "Access not granted" "nothing was stored"

finish
