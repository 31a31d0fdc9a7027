#!/usr/bin/env bash
# Random secrets go in by every way; none may come out on stdout, on stderr or in the log, whatever happens.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
make_key_file key.json
umask 077

secrets=()
new_secret() {
    secret=$(random_word)
    secrets+=("$secret")
}

# The secrets of this run and their Base64, in any alignment, stand nowhere in the outputs.
expect_no_secret() {
    local word encoded
    cat "$work"/out "$work"/err "$work"/log 2>/dev/null >"$work/all"
    for word in "${secrets[@]}"; do
        ! grep -qF -- "$word" "$work/all" || fail "a secret came out: $1"
        for encoded in "$(printf '%s' "$word" | base64 -w 0 | cut -c 1-40)" \
            "$(printf 'a%s' "$word" | base64 -w 0 | cut -c 3-40)" "$(printf 'ab%s' "$word" | base64 -w 0 | cut -c 4-40)"; do
            ! grep -qF -- "$encoded" "$work/all" || fail "a secret came out in Base64: $1"
        done
    done
    ! grep -qF -- "$(sed -n 2p "$work/key.pem")" "$work/all" || fail "the private key came out: $1"
}

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

# The verbs that show settings, or write them down. What they refuse is refused without a word of it.
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
grep -qF "$secret" config/bqconn/default.env || fail "the profile holds them"
shown "a client that is refused" auth token --no-cache
printf '%s\n' "$secret'\"\$" >odd.txt
shown "a secret that cannot be written" init --profile odd --client-secret @odd.txt
shown "a profile that exists" init
shown "settings of two kinds" config --key-file "$work/key.json"
for part in "" "." ".." ".e30." ".eyJjbGllbnRfaWQiOjF9.x"; do
    variables=("BQCONN_ACCESS_TOKEN=$secret$part")
    shown "a token that is none" auth status
done

[ "$checks" -gt 160 ] || fail "all attempts ran"
finish
