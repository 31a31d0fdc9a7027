#!/usr/bin/env bash
# The steps of the GitHub action, run as a runner would: with a release from a fake gh, and against the emulator. What the
# runner itself does with action.yml is not tested.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
: "${SOURCE:?}"
action=$SOURCE/packaging/github-action

# --- Installing. The fake gh copies the program and checksums of one release from release/.
mkdir bin release temp
cat >bin/gh <<'END'
#!/usr/bin/env bash
echo "$GH_HOST $*" >>gh.log
while [ "$#" -gt 0 ]; do
    case "$1" in
        --dir) folder=$2 ;;
        --pattern) cp "release/$2" "$folder" || exit 1 ;;
    esac
    shift
done
END
chmod +x bin/gh
cp "$BQCONN" release/bqconn-static
(cd release && sha256sum bqconn-static >SHA256SUMS)
sum=$(cut -d ' ' -f 1 release/SHA256SUMS)
install_with() {
    : >output
    run env PATH="$work/bin:$PATH" RELEASE_SERVER=https://git.example RELEASE_REPOSITORY=someone/bqconn \
        RELEASE_TAG=v1.2.3 RUNNER_OS=Linux RUNNER_ARCH=X64 RUNNER_TEMP="$work/temp" GITHUB_OUTPUT="$work/output" "$@" \
        bash "$action/install"
}
refused() {
    expect_status 1
    grep -qF "::error title=bqconn::$1" out || fail "the error is: $1"
    [ ! -s output ] || fail "no output program is set"
}

install_with
expect_status 0 "a release is installed"
program=$(sed -n 's/^program=//p' output)
run "$program" --version
expect_status 0 "the installed program runs"
grep -qx "git.example release download v1.2.3 --repo someone/bqconn --dir .* --pattern bqconn-static --pattern SHA256SUMS" \
    gh.log || fail "gh is asked for the release"
install_with RELEASE_SHA256="$sum"
expect_status 0 "the given checksum is accepted"

other=${sum//[0-9]/0}
install_with RELEASE_SHA256="$other"
refused "bqconn-static of v1.2.3 has another checksum: $sum"
install_with RELEASE_SHA256=sha256
refused "there is no one checksum for bqconn-static"
install_with RUNNER_ARCH=ARM64
refused "there is a program for Linux on X64 alone"
install_with RELEASE_REPOSITORY=
refused "give the input repository"
echo "$sum  bqconn" >release/SHA256SUMS
install_with
refused "there is no one checksum for bqconn-static"
printf '%s  bqconn-static\n' "$sum" "$other" >release/SHA256SUMS
install_with
refused "there is no one checksum for bqconn-static"
echo "$other  bqconn-static" >release/SHA256SUMS
install_with
refused "bqconn-static of v1.2.3 has another checksum: $sum"

# --- Running.
run_action() {
    : >output
    emulated -- env ACTION_PROGRAM="$BQCONN" GITHUB_OUTPUT="$work/output" "$@"
}
runs=(bash "$action/run")
shape='[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'

run_action ACTION_VERB=create ACTION_ARGUMENTS=$'--name\nthe nightly $(touch x) load\n\n--if-exists\nreuse\n' \
    bash -c 'bash "$0" && "$ACTION_PROGRAM" list -o json >listed' "$action/run"
expect_status 0 "a connection is created"
grep -qxE "id=$shape" output || fail "the output id is set"
grep -qxE 'etag="[0-9a-z-]+"' output || fail "the output etag is set, without shell quotes"
[ "$(wc -l <output)" -eq 2 ] || fail "there are two outputs"
jq -e '.[0].name == "the nightly $(touch x) load"' listed >/dev/null || fail "a line is one argument"
[ ! -e x ] || fail "arguments are not executed"
grep -qvE '^::add-mask::' out && fail "the log contains only masks"

run_action ACTION_VERB=list bash -c '"$ACTION_PROGRAM" create -o id >id && bash "$0"' "$action/run"
expect_status 0 "connections are listed"
jq -Rr 'select(startswith("result=")) | ltrimstr("result=")' output >listed
[ "$(jq -r '.[0].id' listed)" = "$(cat id)" ] || fail "the output result is the list"

# Secrets are masked before anything else runs, including those with line breaks.
run env -i PATH="$PATH" ACTION_PROGRAM=true ACTION_VERB=list GITHUB_OUTPUT="$work/output" \
    BQCONN_API_SECRET=$'half 100%\nother half' BQCONN_REFRESH_TOKEN=word "${runs[@]}"
expect_out $'::add-mask::half 100%25%0Aother half\n::add-mask::word'

# A failure fails the step with bqconn's exit code and no id.
run_action ACTION_VERB=get ACTION_ARGUMENTS=00000000-0000-0000-0000-000000000000 "${runs[@]}"
expect_status 6 "the exit code is that of bqconn"
[ ! -s output ] || fail "there is no output"
run_action ACTION_VERB=create BQCONN_SANDBOX_NAME=nowhere "${runs[@]}"
expect_status 6
[ ! -s output ] || fail "there is no output"
for verb in "auth token" auth "auth google" completion "" -h; do
    run_action ACTION_VERB="$verb" "${runs[@]}"
    [ "$status" -ne 0 ] || fail "the action does not run $verb"
    [ ! -s output ] || fail "there is no output"
done

finish
