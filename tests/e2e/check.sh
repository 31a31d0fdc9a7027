#!/usr/bin/env bash
# bqconn check names the cause of each failure in docs/credentials.md, and no other; create --check and update --check stop
# on it.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
: "${SOURCE:?}"
mkdir bin
ln -s "$BQCONN" bin/bqconn
export PATH=$work/bin:$PATH

# codes: of the failed checks, or of the error before any check.
codes() {
    if [ -s out ]; then
        jq -r '[.checks[] | select(.verdict == "failed") | .code] | unique | join(" ")' out
    else
        jq -r 'select(.error) | .error.code' err
    fi
}

plain() {
    local cell=${1#"${1%%[! ]*}"}
    cell=${cell%"${cell##*[! ]}"}
    cell=${cell#\`}
    printf '%s' "${cell%\`}"
}

# --- The table of failures.
rows=0
while IFS='|' read -r _ failure options command code _; do
    failure=$(plain "$failure")
    read -ra options <<<"$(plain "$options")"
    command=$(plain "$command")
    code=$(plain "$code")
    rows=$((rows + 1))
    rm -f ./*.json
    emulated "${options[@]}" -- bash -c "umask 077; $command -o json --timeout 5"
    [ "$status" -ne 0 ] || fail "$failure: the exit code is not 0"
    [ "$(codes)" = "$code" ] || fail "$failure: $(codes) is $code"
    jq -e 'select(.error) | .error | .hint != "" and .exitCode > 1' err >/dev/null || fail "$failure: a hint"
    ! grep -q 'emulated-\(api-secret\|client-secret\|refresh-token\|google-token\)' out err || fail "$failure: a secret"
done < <(sed -n '/^| failure | emulator /,/^$/p' "$SOURCE/docs/credentials.md" | grep '^| [A-Z]')
[ "$rows" -ge 25 ] || fail "the table was read: $rows rows"

# --- No failure: for an OAuth client, a key, and a key on AWS.
all_well() {
    local -a options
    read -ra options <<<"$1"
    rm -f ./*.json
    emulated --verbose "${options[@]}" -- bash -c "umask 077; $2"
    expect_status 0 "$1: $2"
    jq -e '.ok and .exitCode == 0 and ([.checks[].verdict] | all(. == "ok"))' out >/dev/null || fail "$1: all checks pass"
    [ "$(grep -cE '(PATCH|DELETE) ' err)" -eq 0 ] || fail "$1: nothing is changed"
    ! grep -q 'POST /.*connections' err || fail "$1: nothing is created"
}
all_well "" 'bqconn check -o json --large-results-dataset tmp_results'
all_well "--no-google --google-key key.json" 'bqconn check -o json --key-file key.json'
all_well "--sandbox aws-dev --no-google --google-key key.json" 'bqconn check -o json --key-file key.json --dataset shop'

# --- Without a network: no request at all.
emulated --verbose -- bqconn check --offline -o json
expect_status 0 "--offline"
! grep -qE '(GET|POST) /' err || fail "--offline makes no request"

# --- Warnings do not fail.
rm -f ./*.json
emulated --no-google --google-key key.json -- bash -c '
    touch -d "100 days ago" key.json
    bqconn check -o json --key-file key.json --offline'
expect_status 0 "an old key"
jq -e '[.checks[] | select(.verdict == "warning") | .check] == ["file"]' out >/dev/null || fail "an old key is a warning"
emulated -- bash -c 'bqconn check -o json --large-results-dataset archive_eu'
expect_status 0 "another region"
jq -e '[.checks[] | select(.verdict == "warning") | .check] == ["google.dataset"]' out >/dev/null ||
    fail "a dataset in another region is a warning"

# --- Without the permissions that only dataflows need, base connections still work.
for row in 'GET /flows=403 dataflows View.Sources' 'GET /data/foundation/catalog/dataSets=403 datasets View.Datasets' \
    'GET /data/foundation/schemaregistry/tenant/schemas=403 schemas View.Schemas'; do
    read -r method path name permission <<<"$row"
    emulated --fault "$method $path" -- bqconn check -o json
    expect_status 0 "without $permission"
    jq -e --arg name "adobe.$name" --arg permission "$permission" \
        '[.checks[] | select(.verdict == "warning")] | length == 1 and .[0].check == $name and (.[0].hint | test($permission))' \
        out >/dev/null || fail "a missing permission is named: $permission"
done
emulated --fault 'GET /flows=403' -- bqconn create --check
expect_status 0 "create --check needs no dataflows"
! grep -q dataflows err || fail "create --check does not look at dataflows"

# --- A wrong clock is one cause, although it also affects the signature; a single service's wrong clock is not ours.
rm -f ./*.json
emulated --no-google --google-key key.json --clock 3600 --google clock -- bqconn check -o json --key-file key.json
expect_status 3 "a wrong clock"
[ "$(codes)" = config.clock ] || fail "a wrong clock is one cause"

# --- If a token service echoes the signed request, neither it nor parts of it are shown.
cat >echo.pl <<'END'
use IO::Socket::INET;
my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 0, Listen => 5) or die;
print $s->sockport, "\n"; close STDOUT;
while (my $c = $s->accept) {
    my ($length, $body) = (0, "");
    while (defined(my $line = <$c>)) { $length = $1 if $line =~ /^Content-Length: (\d+)/i; last if $line =~ /^\r?\n$/; }
    read($c, $body, $length) if $length;
    my ($jwt) = $body =~ /assertion=([^&]*)/;
    my ($front, $back) = defined $jwt ? $jwt =~ /^(.*)\.(.*)$/ : ("", "");
    open(my $f, ">", "assertion"); print $f $back if defined $jwt; close $f;
    my $json = "{\"error\":\"$front\",\"error_description\":\"$back\"}";
    print $c "HTTP/1.1 400 Bad\r\nContent-Length: " . length($json) . "\r\nConnection: close\r\n\r\n$json"; close $c;
    last if defined $jwt;
}
END
rm -f ./*.json assertion
perl echo.pl >port &
echoing=$!
until [ -s port ]; do kill -0 "$echoing" 2>/dev/null || break; done
emulated --no-google --google-key key.json -- bash -c 'umask 077
    jq --arg uri "http://127.0.0.1:$(cat port)/token" ".token_uri = \$uri" key.json >other.json
    bqconn check -o text -v --key-file other.json'
wait "$echoing"
expect_status 5 "an unknown refusal"
[ "$(wc -c <assertion)" -gt 300 ] || fail "the request was signed"
for ((i = 0; i + 20 <= $(wc -c <assertion); i += 20)); do
    ! grep -qF -- "$(cut -c $((i + 1))-$((i + 20)) assertion)" out err || fail "part of the signature was printed"
done

# --- Text of at most one screen.
emulated --google revoked -- bqconn check -o text
expect_status 4 "-o text"
grep -q '^✗ Google did not issue an access token: the refresh token has expired or was revoked' out || fail "the cause is shown"
grep -q '^  → get a new one with bqconn auth google' out || fail "the fix is shown"
grep -q '^- project and datasets not checked' out || fail "the skipped checks are shown"
[ "$(wc -l <out)" -le 24 ] || fail "it fits one screen"
grep -q '^error: 1 of ' err || fail "the summary is shown"

# --- Without any setting, each is named once.
run bqconn check -o text
expect_status 2 "no settings"
[ "$(cat out err | grep -c 'missing settings')" -eq 1 ] || fail "the missing settings are listed once"
[ "$(cat out err | grep -cE -- '^ *--(api-key|key-file) ')" -eq 2 ] || fail "those of Adobe and of Google"
grep -q 'bqconn init asks for what is missing' out || fail "the next step is named"
run bqconn check --offline -o json --project my-project-123 --client-id a.apps.googleusercontent.com --client-secret s --refresh-token r
jq -e '[.checks[] | select(.verdict == "failed") | .check] == ["settings.adobe"]' out >/dev/null || fail "the part that misses some"

# --- create and update stop on a failed check; without --check they do not.
emulated --verbose --google revoked -- bash -c 'bqconn create --check'
expect_status 4 "create --check"
! grep -q 'POST /.*connections' err || fail "create --check creates nothing"
[ ! -s out ] || fail "create --check: no result"
emulated --google revoked -- bqconn create --check --sandbox nowhere -o text
expect_status 4 "create --check with two failures"
expect_err "nothing was created: 2 of "
expect_err "the refresh token has expired or was revoked"
expect_err "get a new one with bqconn auth google"
expect_err "the credential has no access to a sandbox named nowhere"
emulated -- bash -c 'bqconn create --check --test'
expect_status 0 "create --check --test"
emulated --verbose --google revoked -- bash -c 'id=$(bqconn create -o id) && bqconn update "$id" --rotate --check'
expect_status 4 "update --check"
! grep -q 'PATCH /' err || fail "update --check changes nothing"
emulated -- bash -c 'id=$(bqconn create -o id) && bqconn update "$id" --rotate --check'
expect_status 0 "update --check of good credentials"
emulated -- bash -c 'id=$(bqconn create -o id) && bqconn update "$id" --description x --check'
expect_status 2 "update --check without credentials"

finish
