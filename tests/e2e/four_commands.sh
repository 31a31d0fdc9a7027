#!/usr/bin/env bash
# From a Google OAuth client file and an Adobe credential file to a tested connection in four commands, which fetch only one
# Adobe token.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
mkdir bin
ln -s "$BQCONN" bin/bqconn
export PATH=$work/bin:$PATH

# A browser that consents: the emulator decides the page itself.
cat >bin/consenting-browser <<'END'
#!/bin/sh
exec curl -sSL -o /dev/null "$1"
END
chmod +x bin/consenting-browser

# Keep only the emulator's addresses: they replace the internet.
cat >commands <<'END'
set -eu
for name in API_KEY API_SECRET ORG_ID SANDBOX_NAME CLIENT_ID CLIENT_SECRET REFRESH_TOKEN PROJECT; do
    unset "BQCONN_$name"
done
export BROWSER=consenting-browser
[ ! -e "$HOME/.config/bqconn/default.env" ]

bqconn init --project emulated-project --sandbox dev --credentials "$PWD/adobe.json" --credentials "$PWD/client.json" >&2
bqconn auth google >&2
bqconn check -o text >&2
bqconn create --test
END
emulated --verbose --google allow --google-client client.json --adobe-credentials adobe.json -- bash commands
expect_status 0 "four commands"
expect_jq '.outcome == "created" and .sandboxName == "dev" and (.id | length > 0)'
[ "$(grep -c ' POST /data/foundation/flowservice/connections 201 ' err)" -eq 1 ] || fail "one connection is created"
[ "$(grep -c '/ims/token/v3' err)" -eq 1 ] || fail "check and create use one access token"
grep -q '^✗' err && fail "all checks pass"
profile=$HOME/.config/bqconn/default.env
[ "$(stat -c %a "$profile")" = 600 ] || fail "the profile is private"
for secret in "$(jq -r .secret adobe.json)" "$(jq -r .installed.client_secret client.json)" \
    "$(sed -n 's/^BQCONN_REFRESH_TOKEN=//p' "$profile" | tr -d "'")"; do
    [ "${#secret}" -gt 10 ] || fail "the test knows the secret"
    ! grep -qF -- "$secret" out err || fail "a secret was printed"
done

finish
