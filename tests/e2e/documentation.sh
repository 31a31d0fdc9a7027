#!/usr/bin/env bash
# The documentation is accurate: help texts, exit codes, settings and error codes match the program, every runnable
# example works against the emulator, and no link is broken.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
: "${SOURCE:?}"

# For errors in the documents themselves, which no command's output would explain.
wrong() {
    : >"$work/out"
    : >"$work/err"
    status=0
    fail "$1"
}

mapfile -t documents < <(cd "$SOURCE" && find README.md docs -name '*.md' | sort)
[ "${#documents[@]}" -gt 5 ] || wrong "there are documents"

# --- The output of scripts/update-docs is up to date.
mkdir written
cp -r "$SOURCE/README.md" "$SOURCE/docs" written
run "$SOURCE/scripts/update-docs" "$BQCONN" "$work/written"
expect_status 0 "scripts/update-docs"
for document in README.md docs/cli.md docs/verbs.md; do
    run diff -u "$SOURCE/$document" "written/$document"
    expect_status 0 "$document is out of date: run scripts/update-docs"
done
mapfile -t verbs < <("$BQCONN" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\( [a-z][a-z]*\)\{0,1\}\)  .*/\1/p')
[ "${#verbs[@]}" -gt 0 ] || wrong "the general help lists verbs"
for verb in "${verbs[@]}"; do
    grep -qxF "<!-- help:$verb -->" "$SOURCE/docs/verbs.md" || wrong "docs/verbs.md has the help of $verb"
done

# --- docs/verbs.md has each verb's help: every line is in the verb's part or in the common one, and the verb's part names
# exactly the flags of the help, by itself or in its line about the common flags.
part_of() { sed -n "/^<!-- help:$1 -->\$/,/^<!-- end -->\$/p" "$SOURCE/docs/verbs.md"; }
# Flags, and variables without a flag, each after its group: "Network --timeout".
flags_of() {
    awk '/^[A-Z][a-z]+:$/ { group = substr($0, 1, length($0) - 1) }
        group !~ /^(|Usage|Examples)$/ && /^  [^ ]/ && match($0, /--[a-z-]+|BQCONN_[A-Z_]+/) {
            print group, substr($0, RSTART, RLENGTH) }'
}
# The flags that a line like "Common flags: Google; Network without `--timeout`; Adobe only `--scopes`." stands for.
taken_flags() {
    sed -nE 's/^Common flags: ([^.]*)\..*/\1/p' | tr -d '`,' | sed 's/; /\n/g' | while read -r group how names; do
        sed -n "s/^$group //p" shared.flags | while IFS= read -r flag; do
            named=no
            [[ " $names " != *" $flag "* ]] || named=yes
            case $how:$named in
                : | :no | without:no | only:yes) echo "$group $flag" ;;
            esac
        done
    done
}
part_of common >shared
flags_of <shared >shared.flags
[ "$(wc -l <shared.flags)" -gt 25 ] || wrong "docs/verbs.md has common flags"
formats_seen=0
for verb in "${verbs[@]}"; do
    read -r -a words <<<"$verb"
    part_of "$verb" >own
    "$BQCONN" "${words[@]}" --help | sed '/^Exit codes:$/,$d' >shown
    run diff <(flags_of <shown | sort) <({ flags_of <own && taken_flags <own; } | sort)
    expect_status 0 "docs/verbs.md names the flags of $verb"
    grep -vE '^$|^[A-Z][a-z]+:$|^ *One of auto, ' shown >lines
    run grep -vxF -f own -f shared lines
    expect_status 1 "docs/verbs.md has all lines of the help of $verb"
    while IFS= read -r formats; do
        formats_seen=$((formats_seen + 1))
        grep -qF -- "Formats (\`-o\`): $formats." own || wrong "docs/verbs.md has the formats of $verb: $formats"
    done < <(sed -n 's/^ *One of \(auto, .*\)/\1/p' shown)
done
[ "$formats_seen" -gt 10 ] || wrong "the help of the verbs names their formats: $formats_seen"

# --- The first three columns of each table of exit codes match the program.
sed -n '/^<!-- exit-codes -->$/,/^<!-- end -->$/p' written/README.md | grep '^|' >codes
[ "$(wc -l <codes)" -gt 15 ] || wrong "README.md has the exit codes"
sed -n '/^## Exit codes$/,/^## /p' "$SOURCE/docs/cli.md" | sed -n '/^| code /,/^$/p' | grep '^|' |
    cut -d '|' -f 1-4 | sed 's/$/|/; s/---|---|---|$/---|---|---|/' >codes.cli
run diff codes codes.cli
expect_status 0 "the exit codes in docs/cli.md match the program"

# --- The table of settings has exactly the flags and variables of the help.
name='--[a-z][a-z-]+'
variable='BQCONN_[A-Z_]+'
for verb in "${verbs[@]}"; do
    read -r -a words <<<"$verb"
    "$BQCONN" "${words[@]}" --help
done |
    grep -oE "^  (-o, )?$name(, $name)?( [A-Z]+)?  \[$variable\]|^  \[$variable\]|^  --[a-z-]+ [A-Z.=]+$" |
    grep -oE "($name|$variable)" | sort -u >named
sed -n '/^| flag | variable /,/^$/p' "$SOURCE/docs/cli.md" | cut -d '|' -f 2-3 | grep -oE "($name|$variable)" |
    sort -u >in-table
run diff named in-table
expect_status 0 "the settings in docs/cli.md match the program"

# --- The error codes in docs/cli.md match the source.
areas='usage|config|auth|rejected|not_found|conflict|unavailable|network|tls|http|bad_response|unknown|partial|output'
find "$SOURCE/src" "$SOURCE/include" -name emulator -prune -o -name '*.?pp' -exec sed "s://.*::" {} + |
    grep -oE "\"($areas)\.[a-z0-9_]+\"|\"(internal|interrupted)\"" | tr -d '"' | sort -u >codes.source
sed -n '/^### Error codes$/,/^## /p' "$SOURCE/docs/cli.md" | grep '^|' | cut -d '|' -f 2 |
    grep -oE "\`($areas)\.[a-z0-9_]+\`|\`(internal|interrupted)\`" | tr -d '`' | sort -u >codes.docs
run diff codes.source codes.docs
expect_status 0 "the error codes in docs/cli.md match the source"

# --- Examples. Each runs in its own folder, with the files that it names.
mkdir bin
ln -s "$BQCONN" bin/bqconn
ln -s "$EMULATOR" bin/bqconn-emulator
make_key_file key.json
cat >prepare <<'END'
umask 077
export BROWSER="curl -sSL -o /dev/null"
export HOME=$PWD/home
mkdir home
printf '%s\n' "$BQCONN_API_SECRET" >api-secret.txt
printf '%s\n' "${BQCONN_CLIENT_SECRET-none}" >client-secret.txt
printf '%s\n' "${BQCONN_REFRESH_TOKEN-none}" >refresh-token.txt
printf '{"org_id":"%s","client_id":"%s","secret":"%s","sandbox-name":"prod"}\n' \
    "$BQCONN_ORG_ID" "$BQCONN_API_KEY" "$BQCONN_API_SECRET" >adobe.json
if [[ $1 == *"name Warehouse"* && $1 != *"bqconn create"* ]]; then
    bqconn create --name Warehouse >/dev/null
fi
if [[ $1 == *" bqconn.yaml"* && $1 != *"bqconn export"* ]]; then
    printf '%s\n' 'mark: team' 'sandboxes: [dev, prod]' 'connections:' '  - name: Warehouse' '    kind: basic' \
        '    project: {env: BQCONN_PROJECT}' '    client-id: {env: BQCONN_CLIENT_ID}' \
        '    client-secret: {env: BQCONN_CLIENT_SECRET}' '    refresh-token: {env: BQCONN_REFRESH_TOKEN}' >bqconn.yaml
    bqconn apply bqconn.yaml --yes >/dev/null 2>&1
fi
if [[ $1 == *dataflow* ]]; then
    printf 'customer_id,_acme.customerId\n' >mapping.json
    cp mapping.json orders.csv
fi
if [[ $1 == *"dataflow "*"--name"* && $1 != *"dataflow create"* ]]; then
    connection=$(bqconn create -o id)
    bqconn dataflow create "$connection" --name Orders --table shop.customers --into Customers \
        --map customer_id=_acme.customerId --every 1h --delta created_at --wait -q >/dev/null || true
    bqconn dataflow create "$connection" --table shop.orders --into Orders --map order_id=_id --map ordered_at=timestamp \
        --once --wait -q >/dev/null || true
fi
if [[ $1 == *adobe.json* ]]; then
    unset BQCONN_ORG_ID BQCONN_API_KEY BQCONN_API_SECRET BQCONN_SANDBOX_NAME
fi
END
examples=0
# run_example WHERE TEXT: runs TEXT under the emulator; every command must succeed.
run_example() {
    local folder=example-$examples options=()
    examples=$((examples + 1))
    mkdir "$folder"
    if [[ $2 == *key.json* ]]; then
        options=(--no-google)
        cp key.json "$folder"
    fi
    if [[ $2 == *"auth google"* ]]; then
        options+=(--google allow --google-client "$folder/client.json")
    fi
    if [[ $2 == *dataflow* ]]; then
        options+=(--speed 60)
        [[ $2 != *"dataflow retry"* ]] || options+=(--google no-role) # so that there is a run that failed
    fi
    if [[ $2 != bqconn-emulator* ]]; then
        PATH=$work/bin:$PATH emulated "${options[@]}" -- bash -euo pipefail -c '
            cd "$1"
            [[ $2 != *key.json* ]] || unset BQCONN_PROJECT
            . ../prepare "$2"
            eval "$2"' bash "$folder" "$2" </dev/null
    else
        PATH=$work/bin:$PATH run bash -euo pipefail -c "cd \"\$1\"; $2" bash "$folder" </dev/null
    fi
    expect_status 0 "$1: this works: $2"
}

# A command is the lines between two comments or blank lines.
help_examples() {
    "$BQCONN" "$@" --help | sed -n '/^Examples:$/,/^[A-Z].*:$/p' | sed -n 's/^  //p' |
        awk '/^#/ || /^$/ { if (text != "") printf "%s%c", text, 0; text = ""; next }
             { text = text $0 "\n" }
             END { if (text != "") printf "%s%c", text, 0 }'
}
count=0
for verb in "" "${verbs[@]}"; do
    read -r -a words <<<"$verb"
    while IFS= read -r -d '' text; do
        run_example "bqconn ${verb:+$verb }--help" "$text"
        count=$((count + 1))
    done < <(help_examples "${words[@]}")
done
[ "$count" -gt 6 ] || wrong "the help has examples"

# In Markdown, the fenced block after a <!-- run --> line. Both may be indented by a list.
runnable_blocks() {
    awk '/^ *<!-- run -->$/ { wanted = 1; next }
         wanted && /^ *```sh$/ { inside = 1; wanted = 0; indent = index($0, "`") - 1; next }
         wanted { print "no block after <!-- run -->" > "/dev/stderr"; exit 1 }
         inside && /^ *```$/ { printf "%c", 0; inside = 0; next }
         inside { print substr($0, indent + 1) }' "$1"
}
count=0
for document in "${documents[@]}"; do
    runnable_blocks "$SOURCE/$document" >blocks || wrong "$document: a block follows each <!-- run -->"
    while IFS= read -r -d '' text; do
        run_example "$document" "$text"
        count=$((count + 1))
    done <blocks
done
[ "$count" -gt 6 ] || wrong "the documents have runnable blocks"

# --- Relative links lead to existing files and headings.
anchors() {
    awk '/^ *```/ { fenced = !fenced } !fenced && /^#+ /' "$1" |
        sed -E 's/^#+ //; s/\[([^]]*)\]\([^)]*\)/\1/g' | tr '[:upper:]' '[:lower:]' |
        sed -E 's/[^a-z0-9 _-]//g; s/ /-/g'
}
links=0
for document in "${documents[@]}"; do
    while IFS= read -r link; do
        links=$((links + 1))
        target=${link%%#*}
        path=$SOURCE/$document
        if [ -n "$target" ]; then
            path=$(dirname "$SOURCE/$document")/$target
        fi
        if [ ! -e "$path" ]; then
            wrong "$document: broken link: $link"
        elif [[ $link == *'#'* ]] && ! anchors "$path" | grep -qxF -- "${link#*#}"; then
            wrong "$document: no such heading: $link"
        fi
    done < <(awk '/^ *```/ { fenced = !fenced } !fenced' "$SOURCE/$document" | sed 's/`[^`]*`//g' |
        grep -oE '\]\([^) ]+\)' | sed -E 's/^\]\(//; s/\)$//' | grep -vE '^[a-z]+:')
done
[ "$links" -gt 20 ] || wrong "the documents have links"

# --- Named files, functions and tests exist.
for document in "${documents[@]}"; do
    while IFS= read -r path; do
        compgen -G "$SOURCE/$path" >/dev/null || wrong "$document: no such file: $path"
    done < <(grep -oE '`(src|include|tests|scripts|cmake|\.ci)/[^` ]*' "$SOURCE/$document" | tr -d '`' |
        grep -vE 'AREA|VERB')
done
while IFS= read -r name; do
    grep -rqE "\b${name}\(" "$SOURCE/src" "$SOURCE/include" || wrong "no such function: $name()"
done < <(grep -rhoE '`[A-Za-z_:]+\(\)`' "$SOURCE/docs" | sed -E 's/`//g; s/\(\)//; s/.*:://' | sort -u)
named=0
while IFS= read -r name; do
    named=$((named + 1))
    [ -n "$(find "$SOURCE/tests" -name "${name##*/}")" ] || wrong "no such test file: $name"
done < <(grep -rhoE '`[a-z_/]+_test\.cpp`' "$SOURCE/docs" | tr -d '`' | sort -u)
while IFS=. read -r suite name; do
    named=$((named + 1))
    grep -rqE "\($suite, $name\)" "$SOURCE/tests" || wrong "no such test: $suite.$name"
done < <(grep -rhoE '`[A-Z][A-Za-z]+\.[A-Z][A-Za-z0-9]+`' "$SOURCE/docs" | tr -d '`' | sort -u)

[ "$named" -gt 25 ] || wrong "the documents name tests: $named"

finish
