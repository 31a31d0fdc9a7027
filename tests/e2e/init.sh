#!/usr/bin/env bash
# bqconn init: without a terminal, and interactively on one.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
umask 022
make_key_file key.json
profile=$HOME/.config/bqconn/default.env

# --- Without a terminal: writes the given settings and leaves the rest to be filled in.
run "$BQCONN" init -o text </dev/null
expect_status 0
expect_out "$profile"
[ "$(stat -c %a "$profile")" = 600 ] || fail "the profile is private"
[ "$(stat -c %a "$(dirname "$profile")")" = 700 ] || fail "its folder is private"
grep -qx '# BQCONN_API_SECRET=' "$profile" || fail "a missing setting is left to be filled in"
expect_err "bqconn auth google"
! grep -vqE '^#|^$' "$profile" || fail "there is nothing else"
cp "$profile" before
run "$BQCONN" init -o json --org-id ABCD@AdobeOrg </dev/null
expect_status 3 "it is not replaced"
expect_err_jq '.error.code == "config.profile_exists"'
run cmp "$profile" before
expect_status 0 "it is unchanged"

# Every verb can read the result; a --credentials file is referenced, not copied.
secret="made up' #word $(random_word)"
printf '%s\n' "$secret" >secret.txt
printf '{"org_id":"ABCD@AdobeOrg","client_id":"made-up-key","secret":"%s","sandbox-name":"dev"}\n' "$(random_word)" >adobe.json
chmod 600 secret.txt adobe.json
run "$BQCONN" init --force --credentials adobe.json --client-id made-up.apps.googleusercontent.com --project my-project-123 \
    --client-secret @secret.txt --refresh-token made-up-refresh-token -o json </dev/null
expect_status 0 "--force"
expect_jq '.profile == "default" and (.path | endswith("/default.env"))'
expect_err "bqconn check"
grep -qx "BQCONN_CREDENTIALS=$work/adobe.json" "$profile" || fail "the file has an absolute path"
grep -q BQCONN_API_SECRET "$profile" && fail "the file's content is not copied"
run "$BQCONN" config -o json
expect_jq '[.[] | select(.source) | .setting] | contains(["api-secret", "client-secret", "refresh-token", "org-id"])'
run "$BQCONN" create --dry-run
expect_jq '.missing == []'
run bash -c 'set -a && . "$1" && printf %s "$BQCONN_CLIENT_SECRET"' bash "$profile"
expect_out "$secret"
echo '{"what":"is this"}' >other.json
chmod 600 other.json
run "$BQCONN" init --profile other --credentials other.json </dev/null
expect_status 3 "an unknown file"
[ ! -e "$(dirname "$profile")/other.env" ] || fail "nothing is written"
run "$BQCONN" init --profile odd --client-secret "made-up'\"\$" -o text </dev/null
expect_status 3 "a value that cannot be written"
expect_err "BQCONN_CLIENT_SECRET_FILE"
[ ! -e "$(dirname "$profile")/odd.env" ] || fail "nothing is written"
run "$BQCONN" init --profile ../x </dev/null
expect_status 2 "an invalid profile name"

# --- On a terminal. $work/seen has all that the user sees, including the terminal's echo.
cat >lib.exp <<'END_OF_EXPECT'
log_user 0
log_file -a -noappend seen
set timeout 60
proc fail {what} { puts stderr $what; exit 1 }
proc answer {question text} { expect -ex $question; send -- "$text\r" }
# The command has ended, and the terminal echoes again.
proc ended {status} {
    expect -re {ended ([0-9]+)}
    if {$expect_out(1,string) != $status} { fail "exit code $expect_out(1,string)" }
    expect -re {[^-]echo[ ;]}
}
proc start {args} {
    global spawn_id
    spawn -noecho bash -c "$args; printf 'ended %s\\n' \$?; stty -a"
    expect_before timeout { fail "nothing more came" } eof { fail "it ended too early" }
}
END_OF_EXPECT
word=$(random_word)
cat >answers.exp <<END_OF_EXPECT
source lib.exp
start $BQCONN init --profile asked
answer "api-key: " "made up key"
expect -ex "contains a space"
answer "api-key: " "made-up-key"
expect -ex "Retrieve client secret"
answer "api-secret: " "made-up-secret-$word"
answer "org-id: " "ABCD"
answer "org-id: " "ABCD@AdobeOrg"
answer "sandbox-name: " "dev"
answer "project: " ""
answer "key-file: " "there-is-none.json"
expect -ex "no such file"
answer "key-file: " "key.json"
expect -ex "/asked.env"
expect -ex "bqconn check --profile 'asked'"
ended 0
END_OF_EXPECT
run expect -f answers.exp
expect_status 0 "interactively"
asked=$HOME/.config/bqconn/asked.env
grep -qx "BQCONN_API_SECRET=made-up-secret-$word" "$asked" || fail "the secret is written"
grep -qx "BQCONN_KEY_FILE=$work/key.json" "$asked" || fail "the key file has an absolute path"
! grep -qF "$word" seen || fail "the secret was shown"
grep -qF "made-up-key" seen || fail "other input is shown"
[ "$(stat -c %a "$asked")" = 600 ] || fail "the profile is private"

cat >oauth.exp <<END_OF_EXPECT
source lib.exp
start $BQCONN init --profile asked
answer "Replace it?" "y"
answer "api-key: " "made-up-key"
answer "api-secret: " "made-up-secret-$word"
answer "org-id: " "ABCD@AdobeOrg"
answer "sandbox-name: " "dev"
answer "project: " ""
answer "key-file: " ""
answer "client-id: " "made-up.apps.googleusercontent.com"
answer "client-secret: " "made-up-client-$word"
answer "project: " "my-project-123"
expect -ex "bqconn auth google"
ended 0
END_OF_EXPECT
run expect -f oauth.exp
expect_status 0 "an OAuth client, and the refresh token later"
! grep -q BQCONN_REFRESH_TOKEN "$asked" || fail "the refresh token is left to bqconn auth google"
! grep -qF "$word" seen || fail "the secret was shown"
cp "$asked" before

# stopped NAME STATUS LINES: runs the expect lines; nothing is written, and the terminal is restored.
stopped() {
    printf 'source lib.exp\nstart %s init --profile asked\n%s\nended %s\n' "$BQCONN" "$3" "$2" >stopped.exp
    run expect -f stopped.exp
    expect_status 0 "$1"
    grep -q "exists. Replace it?" seen || fail "$1: the terminal's output was recorded"
    ! grep -qF "$word" seen || fail "$1: the secret was shown"
    run cmp "$asked" before
    expect_status 0 "$1: the profile is unchanged"
}
to_secret='answer "Replace it?" "y"
answer "api-key: " "made-up-key"
expect -ex "api-secret: "'
stopped "the answer is no" 2 'answer "Replace it?" "n"'
stopped "Ctrl-C at a question" 130 'answer "Replace it?" "y"
expect -ex "api-key: "
send "\003"'
stopped "Ctrl-C while a secret is typed" 130 "$to_secret
send \"made-up-$word\\003\""
stopped "the end of the input" 2 "$to_secret
send \"\\004\""
stopped "Ctrl-Z and Ctrl-\\ while a secret is typed" 130 "$to_secret
send \"\\032\\034\\003\""
for signal in TERM:143 HUP:129; do
    stopped "SIG${signal%:*} while a secret is typed" "${signal#*:}" "$to_secret
exec bash -c \"kill -${signal%:*} \\\$(</proc/[exp_pid]/task/[exp_pid]/children)\""
done

finish
