#!/usr/bin/env bash
# The tab key in real shells on a real terminal: the program gets exactly the completed line, and nothing in a name is
# executed.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
: "${SOURCE:?}"
mkdir bin
ln -s "$BQCONN" bin/bqconn
PATH=$work/bin:$PATH
hostile="it's \$(touch x) \"q\" \`touch x\`; touch x"

# --- The scripts themselves.
for shell in bash zsh fish; do
    run "$BQCONN" completion "$shell"
    expect_status 0
    cp out "completion.$shell"
    run "$shell" -n "completion.$shell"
    expect_status 0 "$shell can read its script"
done
if command -v shellcheck >/dev/null; then
    run shellcheck completion.bash
    expect_status 0 "shellcheck"
fi

# --- Without a terminal: calls the functions as the shells do.
# shellcheck disable=SC2016,SC2034
run bash -uc '
    source completion.bash
    complete -p bqconn
    COMP_WORDS=(bqconn ge) COMP_CWORD=1 COMP_LINE="bqconn ge" COMP_POINT=9 COMP_TYPE=9
    __bqconn_complete bqconn ge bqconn
    printf "<%s>" "${COMPREPLY[@]}"
    COMP_WORDS=(bqconn list --sort = u) COMP_CWORD=4 COMP_LINE="bqconn list --sort=u" COMP_POINT=20
    __bqconn_complete bqconn u =
    printf "<%s>" "${COMPREPLY[@]}"
    COMP_WORDS=(bqconn "") COMP_CWORD=1 COMP_LINE="bqconn " COMP_POINT=7 COMP_TYPE=63
    __bqconn_complete bqconn "" bqconn
    printf "<%s>" "${COMPREPLY[@]}"'
expect_status 0
[ ! -s err ] || fail "stderr is empty"
grep -qF 'complete -F __bqconn_complete bqconn' out || fail "it is registered"
grep -qF '<get><updated>' out || fail "one verb, one word"
grep -qE '<get +\(Show one connection\)>' out || fail "a list has descriptions"
run fish --no-config -c 'source completion.fish; complete -C "bqconn ge"; complete -C "bqconn create --if-exists=r"'
expect_out "$(printf 'get\tShow one connection\n--if-exists=reuse')"

run zsh -fc 'source completion.zsh'
grep -q '^bqconn: completion needs compinit' err || fail "zsh says what is missing"

# --- On a terminal. A function that records its arguments replaces bqconn.
cat >setup.bash <<'END'
source completion.bash
bqconn() { printf '<%s>' "$@" >given.new; mv given.new given; }
END
cat >setup.zsh <<'END'
autoload -Uz compinit
compinit -u -D
source completion.zsh
bqconn() { printf '<%s>' "$@" >given.new; mv given.new given; }
END
cat >setup.fish <<'END'
source completion.fish
function bqconn; printf '<%s>' $argv >given.new; mv given.new given; end
END
touch key.json "my key.json"

# pressed SHELL LINE GIVEN: LINE, the tab key and Enter give GIVEN. On a busy machine the look-up's limit of one second
# may be too short, so the key is pressed again, as a person would.
pressed() {
    local _
    for _ in 1 2 3 4 5; do
        run "$SOURCE/tests/e2e/press-tab" "$1" "setup.$1" "$2"$'\t' given
        if [ -e given ] && [ "$(cat given)" = "$3" ]; then
            break
        fi
    done
    [ "$(cat given 2>/dev/null)" = "$3" ] || fail "$1: $2 becomes $3 and not $(cat given 2>/dev/null)"
    [ ! -e x ] || fail "$1: $2: part of the name was executed"
    presses=$((presses + 1))
}
presses=0
in_every_shell() {
    for shell in bash zsh fish; do pressed "$shell" "$1" "$2"; done
}
in_every_shell 'bqconn ge' '<get>'
in_every_shell 'bqconn list --sort=up' '<list><--sort=updated>'
in_every_shell 'bqconn create --key-file k' '<create><--key-file><key.json>'
in_every_shell 'bqconn create --key-file=my' '<create><--key-file=my key.json>'
in_every_shell 'bqconn create --api-secret @my' '<create><--api-secret><@my key.json>'

"$EMULATOR" serve --env-file emulator.env >url 2>/dev/null &
emulator=$!
trap 'kill ${emulator:+"$emulator"} 2>/dev/null; rm -rf "$work"' EXIT
until [ -s url ]; do sleep 0.05; done
(
    set -a
    # shellcheck source=/dev/null
    . ./emulator.env
    for name in "$hostile" "Wäre: a=b@c" "one two" "b!ng" 'back\slash'; do
        "$BQCONN" create --name "$name" >/dev/null || exit 1
    done
    for line in "it" "'it" '"it'; do in_every_shell "bqconn get --name $line" "<get><--name><$hostile>"; done
    for line in "it" '"it'; do in_every_shell "bqconn get --name=$line" "<get><--name=$hostile>"; done
    for line in "Wäre:" "Wäre:\\ a=" "Wäre:\\ a=b@" '"Wäre: '; do
        in_every_shell "bqconn get --name $line" "<get><--name><Wäre: a=b@c>"
    done
    in_every_shell "bqconn get --name=Wäre:\\ a=" "<get><--name=Wäre: a=b@c>"
    in_every_shell "bqconn get --name one\\ t" "<get><--name><one two>"
    in_every_shell 'bqconn get --name "b!' "<get><--name><b!ng>"
    in_every_shell "bqconn get --name ba" '<get><--name><back\slash>'
    in_every_shell "bqconn explore --name one\\ two shop.o" "<explore><--name><one two><shop.orders>"
    id=$("$BQCONN" list --name "one two" -o id)
    in_every_shell "bqconn get ${id:0:20}" "<get><$id>"
    in_every_shell "bqconn delete --yes ${id:0:20}" "<delete><--yes><$id>"
    pressed bash 'bqconn get 2>/dev/null --name one' "<get><--name><one two>"
    pressed bash 'bqconn get --name one\ two >my' "<get><--name><one two>"
    [ "$presses" -gt 60 ] || fail "all keys were pressed"
    exit "$failures"
)
failures=$((failures + $?))
kill "$emulator"
wait "$emulator"
unset emulator

# --- Loaded before compinit, as in a .zshrc.
{ echo source completion.zsh && grep -vx 'source completion.zsh' setup.zsh; } >early.zsh
mv early.zsh setup.zsh
pressed zsh 'bqconn ge' '<get>'

# --- Silent without credentials, or if a service refuses or never answers, or a file never ends. On a busy machine the
# look-up's limit of one second may pass before anything is printed.
silent() {
    run "$@"
    expect_status 0 "silent: $*"
    [ ! -s "$work/out" ] || expect_out ":nofiles"
    [ ! -s "$work/err" ] || fail "stderr is empty: $*"
}
silent "$BQCONN" __complete get ""
silent "$BQCONN" __complete list --sandbox ""
silent "$EMULATOR" exec -- env BQCONN_API_SECRET=wrong "$BQCONN" __complete get ""
for fault in 500 html-200 empty-200 reset truncate=20 slow=60000; do
    silent "$EMULATOR" exec --fault "GET /connections=$fault" -- "$BQCONN" __complete get ""
done
silent "$EMULATOR" exec --fault 'POST /ims/token/v3=slow=60000' -- "$BQCONN" __complete get --name ""
mkfifo -m 600 endless
run "$BQCONN" __complete get --env-file endless ""
expect_status 0 "a pipe without a writer"
expect_no_out
[ ! -s "$work/err" ] || fail "stderr is empty"

finish
