#!/usr/bin/env bash
# An area includes only areas above it, and each vendor header stays in the files that own it (docs/architecture.md).
set -u
: "${SOURCE:?}"
cd "$SOURCE" || exit 1
areas=(core crypto json connection http config auth flow lake dataflow manifest output commands cli)
violations=0
report() {
    violations=$((violations + 1))
    echo "$1"
}

# includes PATTERN FILES…: "file:line" of each #include that matches.
includes() {
    local pattern=$1
    shift
    grep -rnE "^#include [<\"]$pattern" "$@" 2>/dev/null
}

# 1. Upward includes. The sources of an area may name their own internal headers ("commands/session.hpp").
for i in "${!areas[@]}"; do
    area=${areas[$i]}
    for above in "${areas[@]:$((i + 1))}" emulator man; do
        while read -r line; do report "$area includes $above: $line"; done < <(
            includes "(bqconn/)?$above/" "include/bqconn/$area" "src/$area"
        )
    done
done
for forbidden in connection http config auth flow lake dataflow manifest output commands cli man; do
    while read -r line; do report "the emulator includes $forbidden: $line"; done < <(
        includes "(bqconn/)?$forbidden/" src/emulator
    )
done

# 2. Vendor headers: pattern, and the files that may name it.
vendor() {
    local header=$1 owners=$2
    while IFS=: read -r file line _; do
        [[ "$file" =~ ^($owners)$ ]] || report "$header is named in $file:$line"
    done < <(includes "$header" include src)
}
vendor 'curl/' 'src/http/(answer|curl_[a-z_]+|url)\.[ch]pp'
vendor 'spdlog/' 'src/http/logging_transport\.cpp'
vendor 'CLI/' 'src/(cli/parse|emulator/options)\.cpp'
vendor 'openssl/' 'src/crypto/[a-z_]+\.cpp|src/http/curl_[a-z_]+\.cpp'
vendor 'jwt/' 'src/crypto/jwt\.cpp'
vendor 'yaml-cpp/' 'src/manifest/yaml\.cpp'
vendor 'utf8\.h' 'src/core/[a-z_]+\.cpp'
vendor 'utf8proc' 'src/output/table\.cpp'
vendor 'nlohmann/' 'include/bqconn/json/parse\.hpp'
vendor 'httplib' 'src/emulator/server/server\.cpp'
vendor 'valijson/' 'src/emulator/platform/connection_spec\.cpp'

# 3. Only main() uses the libcurl transport outside its own area.
while read -r line; do report "the libcurl transport is named: $line"; done < <(
    grep -rnE 'curl_transport\.hpp' include src | grep -vE '^src/(main\.cpp|http/)'
)

# The patterns above must match something: a rule that checks nothing proves nothing.
[ -n "$(includes 'curl/' src/http)" ] || report "no file includes libcurl: this test looks in the wrong place"
[ -n "$(includes 'bqconn/core/' src/cli)" ] || report "no file of cli includes core: this test looks in the wrong place"

[ "$violations" -eq 0 ] || exit 1
