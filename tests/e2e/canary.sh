#!/usr/bin/env bash
# Random secrets are passed in every way; none may appear on stdout, stderr or in the log, whatever happens.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
make_key_file key.json
umask 077

# The file "secret" lists what must not appear: this run's secrets, and their Base64 in any alignment.
add_secret() {
    printf '%s\n' "$1"
    printf '%s' "$1" | base64 -w 0 | cut -c 1-40
    printf 'a%s' "$1" | base64 -w 0 | cut -c 3-40
    printf 'ab%s' "$1" | base64 -w 0 | cut -c 4-40
} >>"$work/secret"
new_secret() {
    secret=$(random_word)
    add_secret "$secret"
}
expect_no_secret() {
    cat "$work"/out "$work"/err "$work"/log 2>/dev/null >"$work/all"
    ! grep -F -f "$work/secret" "$work/all" || fail "a secret was printed: $1"
}
sed -n 2p key.pem >secret

checks=0
attempt() {
    local name=$1 more
    local -a options
    read -r -a options <<<"$2"
    options=("${options[@]//_/ }")
    shift 2
    for more in "--no-recover" "-q --no-recover" "-o text --no-recover" "-o json -v --no-recover" "-v --no-recover --log-file $work/log"; do
        rm -f "$work/log"
        # shellcheck disable=SC2086
        emulated "${options[@]}" -- env "${variables[@]}" "$BQCONN" create $more --timeout 1 "$@"
        expect_no_secret "$name $more"
        checks=$((checks + 1))
    done
}

new_secret
client_secret=$secret
new_secret
refresh_token=$secret
variables=("BQCONN_CLIENT_ID=client.apps.googleusercontent.com" "BQCONN_CLIENT_SECRET=$client_secret"
    "BQCONN_REFRESH_TOKEN=$refresh_token" "BQCONN_PROJECT=my-project-123")
attempt success ""
attempt "dry run" "" --dry-run
attempt curl "" --print-curl
attempt "unknown sandbox" "" --sandbox nowhere
attempt mixture "" --key-file "$work/key.json"
attempt "wrong project" "" --project "Not A Project"
attempt "closed port" "" --platform-url http://127.0.0.1:1
for fault in 400 401 403 404 409 412 422 429 500 503 reset empty-200 html-502 truncate=10 apply-then-500; do
    attempt "$fault" "--fault POST_/connections=$fault"
done
new_secret
variables+=("BQCONN_API_SECRET=$secret")
attempt "refused client" ""
variables+=("BQCONN_ACCESS_TOKEN=$secret")
attempt "refused token" ""
variables+=("BQCONN_ACCESS_TOKEN=$secret
second line")
attempt "two lines" ""
variables=("BQCONN_KEY_FILE=$work/key.json")
attempt "key file" --no-google
sed 's/-----END/-----FIN/' key.json >broken.json
attempt "broken key file" --no-google --key-file "$work/broken.json"
head -c 700 key.json >short.json
attempt "truncated key file" --no-google --key-file "$work/short.json"
new_secret
printf 'BQCONN_REFRESH_TOKEN="%s\n' "$secret" >broken.env
attempt "broken dotenv" --no-google --env-file "$work/broken.env"
printf 'BQCONN_REFRESH_TOKEN=%s #x\nBQCONN_REFRESH_TOKN=%s\n' "$secret" "$secret" >broken.env
attempt "ambiguous dotenv" --no-google --env-file "$work/broken.env"
printf '%s' "$secret" >secret.json
attempt "no JSON" --no-google --credentials "$work/secret.json"
attempt "typed wrong" "" --refresh-tokn "$secret"
attempt "typed twice" "" --refresh-token "$secret" --client-secret "$secret" --dry-run "$secret"

# The verbs that show or write settings. Errors quote nothing of the input.
shown() {
    local name=$1 form
    shift
    for form in text json; do
        # shellcheck disable=SC2016
        emulated -- env "${variables[@]}" XDG_CONFIG_HOME="$work/config" "$BQCONN" "$@" -o "$form"
        expect_no_secret "$name -o $form"
        checks=$((checks + 1))
    done
}
new_secret
variables=("BQCONN_CLIENT_ID=client.apps.googleusercontent.com" "BQCONN_CLIENT_SECRET=$client_secret"
    "BQCONN_REFRESH_TOKEN=$refresh_token" "BQCONN_API_SECRET=$secret" "BQCONN_ACCESS_TOKEN=$secret")
for verb in config "auth status" "auth clear" "init --force"; do
    read -r -a words <<<"$verb"
    shown "$verb" "${words[@]}"
done
grep -qF "$secret" config/bqconn/default.env || fail "the profile contains them"
shown "a client that is refused" auth token --no-cache
printf '%s\n' "$secret'\"\$" >odd.txt
shown "a secret that cannot be written" init --profile odd --client-secret @odd.txt
shown "a profile that exists" init
shown "settings for two kinds" config --key-file "$work/key.json"
for part in "" "." ".." ".e30." ".eyJjbGllbnRfaWQiOjF9.x"; do
    variables=("BQCONN_ACCESS_TOKEN=$secret$part")
    shown "an invalid token" auth status
done

# The verbs that send Google's credentials to Google: neither the emulator's credentials nor its answers appear in the
# output. At /token, only the emulator's own are accepted.
asked_of_google() {
    local name=$1 form
    local -a options words
    read -r -a options <<<"$2"
    options=("${options[@]//_/ }")
    shift 2
    for form in "-o text" "-o json -v" "-v --log-file $work/log"; do
        rm -f "$work/log" "$work/key.json"
        read -r -a words <<<"$form"
        # shellcheck disable=SC2016
        emulated "${options[@]}" -- bash -c 'for name in API_SECRET CLIENT_SECRET REFRESH_TOKEN ACCESS_TOKEN; do
            name=BQCONN_$name; printf "%s\n" "${!name-}"; done >"$1"; shift; exec "$@"' \
            bash "$work/given" "$BQCONN" "$@" --timeout 2 "${words[@]}"
        sed -n 2p "$work/key.pem" >"$work/secret"
        while IFS= read -r secret; do
            [ -z "$secret" ] || add_secret "$secret"
        done <"$work/given"
        expect_no_secret "$name $form"
        ! grep -qE 'emulated-google-token-[0-9a-f]|eyJ[A-Za-z0-9_-]{20}' "$work/all" || fail "a token was printed: $name $form"
        checks=$((checks + 1))
    done
}
umask 077
asked_of_google "check" "" check
for failure in revoked rapt wrong-client wrong-secret missing-scope api-disabled no-role; do
    asked_of_google "check, $failure" "--google $failure" check
done
for fault in 400 503 html-502 truncate=20 empty-200; do
    asked_of_google "check, $fault" "--fault POST_/token=$fault" check
    asked_of_google "check, IMS $fault" "--fault POST_/ims/token/v3=$fault" check
done
asked_of_google "check of a key" "--no-google --google-key $work/key.json" check --key-file "$work/key.json"
asked_of_google "check of a key that is deleted" "--no-google --google-key $work/key.json --google key-deleted" check \
    --key-file "$work/key.json"
asked_of_google "create --check" "--google revoked" create --check
make_key_file key.json

# The secrets that a manifest refers to, whatever the outcome. The exit codes do not matter here.
make_key_file key.json
sed -n 2p key.pem >secret
new_secret
export MY_CLIENT_SECRET=$secret
new_secret
printf '%s\n' "$secret" >token.txt
cat >manifest.yaml <<'END'
mark: team
connections:
  - name: Basic
    kind: basic
    project: my-project-123
    client-id: {env: BQCONN_CLIENT_ID}
    client-secret: {env: MY_CLIENT_SECRET}
    refresh-token: {file: token.txt}
  - name: Service
    kind: service
    key-file: {file: key.json}
END
cat >use_manifest <<'END'
form=$1
shift
for arguments in "apply manifest.yaml --yes" "apply manifest.yaml --yes --rotate" "diff manifest.yaml --rotate"; do
    # shellcheck disable=SC2086
    "$BQCONN" $arguments -o "$form" "$@"
done
"$BQCONN" export "$@"
END
used_manifest() {
    local more
    for more in text "json -v" "text -v --log-file $work/log"; do
        rm -f "$work/log"
        # shellcheck disable=SC2086
        emulated --no-google "$@" -- env BQCONN_CLIENT_ID=client.apps.googleusercontent.com bash use_manifest $more
        expect_no_secret "a manifest, $* $more"
        checks=$((checks + 1))
    done
}
used_manifest
[ "$(grep -c Basic out)" -ge 4 ] || fail "the manifest was used"
for fault in 400 401 409 422 apply-then-500; do
    used_manifest --fault "POST /connections=$fault"
done
for fault in 400 412 500 reset empty-200 html-502; do
    used_manifest --fault "PATCH /connections/*=$fault"
done
chmod 644 token.txt
used_manifest
unset MY_CLIENT_SECRET
used_manifest

# A secret in place of every setting and argument: as flag, variable, @FILE and _FILE twin. Nothing is sent. The unit tests
# try each shape in each place; here they take turns with the verbs, and one search covers all output.
word=$(random_word)
misplaced=("$(jq -c . key.json)" "$(cat key.pem)" "$(sed -n 3p key.pem)" "$(base64 -w 0 key.json)" "BQCONN_API_SECRET=$word"
    "p8e-$word" "1//0g$word")
{
    printf '%s\n' "$word" "${misplaced[@]}"
    printf '%s\n' "${misplaced[@]}" | jq -R . | sed 's/^"//; s/"$//'
    grep -oE '[^-]{16}' key.pem
    base64 -w 0 key.json | grep -oE '.{64}'
} | grep -v '^-----' >misplaced.secrets
export XDG_CONFIG_HOME=$work/misplaced BQCONN_PROJECT=my-project-123 BQCONN_CLIENT_ID=x.apps.googleusercontent.com \
    BQCONN_CLIENT_SECRET=made-up BQCONN_REFRESH_TOKEN=made-up BQCONN_API_KEY=made-up BQCONN_API_SECRET=made-up \
    BQCONN_ACCESS_TOKEN=made-up BQCONN_ORG_ID=ABC@AdobeOrg BQCONN_SANDBOX_NAME=dev
verbs=("create --dry-run" "config -o json" "check --offline" "init --force" "create --dry-run --log-file log"
    "check --offline -o json" "create --print-curl -v")
turn=0
misplace() {
    local -a words
    read -r -a words <<<"${verbs[turn % ${#verbs[@]}]}"
    turn=$((turn + 1))
    env "${set[@]}" "$BQCONN" "${words[@]}" "$@" >>misplaced.out 2>&1 </dev/null
}
"$BQCONN" config -o json | jq -r '.[] | "\(.setting) \(.variable // "-") \(.value == "[redacted]")"' >settings.list
for round in 1 2 3; do
    while read -r setting variable is_secret; do
        secret=${misplaced[turn % ${#misplaced[@]}]}
        set=(-u "$variable")
        [[ " pager log no-cache allow-insecure-files " == *" $setting "* ]] || misplace "--$setting" "$secret"
        if [ "$is_secret" = true ]; then
            misplace "--$setting" "@$secret"
            set=(-u "$variable" "${variable}_FILE=$secret")
            misplace
        fi
        set=("$variable=$secret")
        [ "$variable" = - ] || misplace
    done < <(tail -n +"$round" settings.list)
done
for secret in "${misplaced[@]}"; do
    for arguments in "" get "explore x" update delete completion "get --" "create -o"; do
        # shellcheck disable=SC2086
        "$BQCONN" $arguments "$secret" >>misplaced.out 2>&1 </dev/null
    done
done
# A secret in each place of a manifest, which must be refused: place_in_manifest NUMBER SECRET prints the manifest.
template=$(cat <<'END'
mark: @{team}@
sandboxes: [@{dev}@]
connections:
  - name: @{W}@
    description: @{d}@
    kind: @{basic}@
    project: @{my-project-123}@
    client-id: @{x.apps.googleusercontent.com}@
    client-secret: @{{env: A}}@
    refresh-token: {env: @{A}@}
    large-results-dataset: @{tmp}@
  - name: S
    kind: service
    key-file: {file: @{key.json}@}
    sandboxes: {@{dev}@: {description: @{d}@}}
dataflows:
  - name: @{F}@
    connection: @{W}@
    table: @{shop.orders}@
    into: @{Orders}@
    map: [@{order_id=_id}@]
    columns: [@{order_id}@]
    filter: @{"{}"}@
    every: @{1h}@
    delta: @{updated_at}@
    start: @{2030-01-01T00:00:00Z}@
    backfill: @{false}@
    @{partial}@: 5
END
)
place_in_manifest() {
    local rest=$template text='' number=0
    while [[ $rest == *'@{'* ]]; do
        number=$((number + 1))
        text+=${rest%%'@{'*}
        rest=${rest#*'@{'}
        if [ "$number" -eq "$1" ]; then text+=$2; else text+=${rest%%'}@'*}; fi
        rest=${rest#*'}@'}
    done
    printf '%s%s' "$text" "$rest"
}
places=$(grep -o '@{' <<<"$template" | wc -l)
for ((place = 1; place <= places; place++)); do
    for secret in "${misplaced[place % ${#misplaced[@]}]}" "${misplaced[(place + 3) % ${#misplaced[@]}]}"; do
        place_in_manifest "$place" "$(printf '%s' "$secret" | jq -Rs .)" >misplaced.yaml
        status=0
        "$BQCONN" diff misplaced.yaml >>misplaced.out 2>&1 </dev/null || status=$?
        [ "$status" -eq 3 ] || fail "a secret in place $place of a manifest is refused"
    done
done
for secret in "$word" "${misplaced[@]}"; do
    "$BQCONN" diff - >>misplaced.out 2>&1 <<<"$secret"
    "$BQCONN" diff - >>misplaced.out 2>&1 <<<"mark: team
connections: [{name: W, kind: basic, client-secret: '$secret'}]"
done

# Without a shape of its own, a secret is hidden where a file is wanted.
for setting in key-file env-file credentials ca-file log-file profile; do
    "$BQCONN" config "--$setting" "$word" >>misplaced.out 2>&1
done
"$BQCONN" config --api-secret "@$word" >>misplaced.out 2>&1
cat log >>misplaced.out 2>/dev/null
status=0
: >err
! grep -F -f misplaced.secrets misplaced.out >out || fail "a secret in the wrong place was printed"
! compgen -G "*$word*" >out || fail "a file has the name of a secret"
[ "$(grep -cE ' (contains|holds) ' misplaced.out)" -gt 150 ] || fail "secrets in the wrong place are named"

[ "$checks" -gt 210 ] || fail "all attempts ran"
finish
