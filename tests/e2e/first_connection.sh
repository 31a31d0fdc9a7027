#!/usr/bin/env bash
# docs/first-connection.md, followed in order from an empty folder: with a key and with an OAuth client; practising in the
# emulator, and with the emulator in place of the internet.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
: "${SOURCE:?}"
guide=$SOURCE/docs/first-connection.md
mkdir bin
ln -s "$BQCONN" bin/bqconn
ln -s "$EMULATOR" bin/bqconn-emulator
export PATH=$work/bin:$PATH BROWSER="curl -sSL -o /dev/null"

# The commands of the blocks marked with one of the given words: commands_for WORD…
commands_for() {
    awk -v words=" $* " '/^ *<!-- walk: [a-z]+ -->$/ { wanted = index(words, " " $3 " "); next }
         /^ *```sh$/ { inside = wanted; wanted = 0; next }
         /^ *```$/ { inside = 0; next }
         inside' "$guide"
}
downloads=(--adobe-credentials adobe.json --google-key key.json --google-client client.json)

for way in key oauth; do
    commands_for both "$way" >"$way.sh"
    [ "$(wc -l <"$way.sh")" -gt 4 ] || { echo "the guide has no commands for $way" && exit 1; }

    mkdir "$way-real"
    cd "$way-real" || exit 1
    # Keep only the emulator's addresses. Downloaded files can be read by all.
    # shellcheck disable=SC2016
    emulated --google allow --no-google "${downloads[@]}" -- bash -euo pipefail -c '
        for name in API_KEY API_SECRET ORG_ID SANDBOX_NAME; do unset "BQCONN_$name"; done
        export XDG_CONFIG_HOME=$PWD/config
        chmod 644 -- *.json
        . "$1"' bash "../$way.sh"
    expect_status 0 "$way"
    grep -qF 'Created base connection "Google BigQuery ' "$work/out" || fail "$way: a connection is created"
    grep -qF '"state":"enabled"' "$work/out" || fail "$way: and listed"

    mkdir "$work/$way-practice"
    cd "$work/$way-practice" || exit 1
    # Google's page cannot be clicked here.
    commands_for practice | sed 's/ exec / exec --google allow /' >../practice.sh
    run bash ../practice.sh < <(echo 'set -euo pipefail' && cat "../$way.sh")
    expect_status 0 "$way, practising"
    grep -qF 'Created base connection "Google BigQuery ' "$work/out" || fail "$way: practising creates a connection"
    [ ! -e "$HOME/.config" ] || fail "$way: practising leaves the user's profile alone"
    cd "$work" || exit 1
done

finish
