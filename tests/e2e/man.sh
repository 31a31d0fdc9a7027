#!/usr/bin/env bash
# Where `cmake --install` puts files; that the manual pages are well formed and contain all of --help; and that the version
# is defined in one place.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
: "${SOURCE:?}"
build=${BUILD:-$(realpath "$(dirname "$BQCONN")/..")}

# For errors that no command's output would explain.
wrong() {
    : >"$work/out"
    : >"$work/err"
    status=0
    fail "$1"
}

# --- Every file is in its place, and in one of the two package components.
run cmake --install "$build" --prefix "$work/all"
expect_status 0 "cmake --install"
for component in bqconn bqconn-emulator; do
    run cmake --install "$build" --prefix "$work/$component" --component "$component"
    expect_status 0 "cmake --install --component $component"
done
files_of() { (cd "$1" && find . -type f | sort); }
run diff <(files_of all) <({ files_of bqconn && files_of bqconn-emulator; } | sort)
expect_status 0 "each file belongs to one component"
run files_of bqconn-emulator
expect_out "$(printf '%s\n' ./bin/bqconn-emulator ./share/man/man1/bqconn-emulator.1)"
[ -x all/bin/bqconn ] || wrong "bin/bqconn runs"

while read -r shell file; do
    run diff "all/share/$file" <("$BQCONN" completion "$shell")
    expect_status 0 "share/$file is the output of bqconn completion $shell"
done <<'END'
bash bash-completion/completions/bqconn
zsh zsh/vendor-completions/_bqconn
fish fish/vendor_completions.d/bqconn.fish
END

run env DESTDIR="$work/root" cmake --install "$build" --prefix /usr/local
expect_status 0 "cmake --install --prefix /usr/local"
[ -e root/usr/local/share/zsh/site-functions/_bqconn ] || wrong "zsh finds the script below /usr/local"

# --- There is exactly one page per verb.
mapfile -t verbs < <("$BQCONN" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\( [a-z][a-z]*\)\{0,1\}\)  .*/\1/p')
[ "${#verbs[@]}" -gt 10 ] || wrong "the general help lists verbs"
pages=$work/all/share/man/man1
{
    printf '%s.1\n' bqconn bqconn-auth bqconn-dataflow bqconn-emulator
    printf '%s\n' "${verbs[@]}" | sed 's/ /-/; s/.*/bqconn-&.1/'
} | sort >wanted
run diff wanted <(cd "$pages" && printf '%s\n' *.1 | sort)
expect_status 0 "exactly one page per verb"

# --- They are well formed, and the pages they refer to exist.
for page in "$pages"/*.1; do
    run env MANPATH="$work/all/share/man" mandoc -T lint -W style "$page"
    expect_status 0 "mandoc has no warnings for ${page##*/}"
    expect_no_out
    for section in NAME SYNOPSIS DESCRIPTION "SEE ALSO"; do
        grep -qx "\.Sh $section" "$page" || wrong "${page##*/} has the section $section"
    done
    while read -r name; do
        [ -e "$pages/$name.1" ] || wrong "${page##*/} names $name(1)"
    done < <(sed -n 's/^\.Xr \([a-z-]*\) 1.*/\1/p' "$page")
done
for page in "$pages"/bqconn{,-create,-list,-auth-token}.1; do
    for section in OPTIONS ENVIRONMENT FILES "EXIT STATUS" EXAMPLES; do
        grep -qx "\.Sh $section" "$page" || wrong "${page##*/} has the section $section"
    done
done

# --- They contain the text of --help. Pages and help texts are joined into one line each, since mandoc breaks lines after
# hyphens too and puts two spaces after a sentence.
shown() { mandoc -T utf8 -O width=900 "$1" | sed -z 's/.\x08//g; s/\([a-z]\)-\n */\1-/g; s/[ \n][ \n]*/ /g'; }
texts_of() {
    "$@" --help | awk '
        function flush() { if (text != "") print text; text = "" }
        /^Usage:$/ { getline; flush(); next }
        /^Examples:$/ { flush(); examples = 1; next }
        /^[A-Z][A-Za-z ]*:$/ { flush(); examples = 0; codes = ($0 == "Exit codes:"); next }
        codes || /^$/ { flush(); next }
        examples { sub(/^  /, ""); sub(/^# /, ""); sub(/^ */, ""); gsub(/  */, " "); print; next }
        /^ *One of auto/ || /^  [^ ]/ { flush() }
        /^  [^ ]/ { sub(/^ */, ""); gsub(/  */, " "); print; next }
        { sub(/^ */, ""); text = text (text == "" ? "" : " ") $0 }
        END { flush() }'
}
texts=0
for verb in "${verbs[@]}"; do
    read -r -a words <<<"$verb"
    shown "$pages/bqconn-${verb/ /-}.1" >page
    [ "$(wc -w <page)" -gt 100 ] || wrong "the page of $verb can be read"
    while IFS= read -r text; do
        texts=$((texts + 1))
        if [[ $text =~ ^\[(BQCONN_[A-Z_]+)\]$ ]]; then
            text=" ${BASH_REMATCH[1]} "  # it has no flag, so it is listed with the variables
        fi
        grep -qiF -- "${text%.}" page || wrong "the page of $verb says: $text"
    done < <(texts_of "$BQCONN" "${words[@]}")
done
[ "$texts" -gt 300 ] || wrong "the help has texts, and not $texts"
shown "$pages/bqconn.1" >page
for verb in "${verbs[@]}"; do
    grep -qE " $verb [A-Z]" page || wrong "bqconn(1) lists $verb"
done
while IFS= read -r variable; do
    grep -qwF -- "$variable" page || wrong "bqconn(1) has $variable"
done < <("$BQCONN" config --help | grep -oE '\[BQCONN_[A-Z_]+\]' | tr -d '[]')

shown "$pages/bqconn-emulator.1" >page
while IFS= read -r word; do
    grep -qF -- "$word" page || wrong "bqconn-emulator(1) has $word"
done < <("$EMULATOR" --help | grep -vx '[A-Z][a-z]*:' | tr -s ' ' '\n' | sed 's/[():,.;]*$//; s/^(//' | sort -u)

# --- The exit codes match the program's.
shown "$pages/bqconn-create.1" >page
while IFS= read -r row; do
    grep -qF -- "$row" page || wrong "bqconn-create(1) has the exit code $row"
done < <(sed -n '/^<!-- exit-codes -->$/,/^<!-- end -->$/s/^| \([0-9]*\) | \([a-z_]*\) | \(.*\) |$/\1 \2 \3/p' \
    "$SOURCE/README.md")

# --- Two builds are identical; the date is the given one.
mkdir again
run "$build/src/man/bqconn-man" again 2001-02-03
expect_status 0
sed -i 's/^\.Dd February 3, 2001$/.Dd DAY/' again/*.1
cp -r "$pages" given
sed -i 's/^\.Dd [A-Z][a-z]* [0-9]*, 20[0-9][0-9]$/.Dd DAY/' given/*.1
run diff -r given again
expect_status 0 "the pages differ only in their date"
for day in 2001-13-01 2001-02 today ""; do
    run "$build/src/man/bqconn-man" again "$day"
    expect_status 1
    expect_err "invalid date: $day"
done
run "$build/src/man/bqconn-man"
expect_status 2
run "$build/src/man/bqconn-man" nowhere 2001-02-03
expect_status 1
expect_err "cannot write nowhere"

# --- The version is defined in CMakeLists.txt only, except for the changelog.
version=$(sed -n 's/^project(bqconn VERSION \([0-9.]*\) .*/\1/p' "$SOURCE/CMakeLists.txt")
[ -n "$version" ] || wrong "CMakeLists.txt has a version"
run "$BQCONN" --version
[ "$(sed -n 1p out)" = "bqconn $version" ] || fail "the version of bqconn is $version"
run "$EMULATOR" --version
grep -qF "$version" out || fail "the version of bqconn-emulator is $version"
for page in "$pages"/*.1; do
    grep -qx "\.Os bqconn $version" "$page" || wrong "the version of ${page##*/} is $version"
done
grep -qE "^## ${version//./\\.}(,| )" "$SOURCE/docs/changelog.md" || wrong "docs/changelog.md has $version"
run grep -rnE "(bqconn|emulator)[^0-9]{0,3}${version//./\\.}|\"${version//./\\.}\"" "$SOURCE"/{src,include,cmake,scripts,CMakePresets.json} \
    "$SOURCE"/packaging/{container,github-action}
expect_status 1 "the version is defined nowhere else"
expect_no_out

finish
