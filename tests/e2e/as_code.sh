#!/usr/bin/env bash
# docs/as-code.md, followed in the emulator: its file, its commands and the scripts of its jobs. Then an interrupted apply,
# and one that asks on a terminal.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
: "${SOURCE:?}"
page=$SOURCE/docs/as-code.md

# The content of the fenced blocks after <!-- WHAT -->: block WHAT
block() {
    awk -v wanted="<!-- $1 -->" '$0 == wanted { found = 1; next }
         found && /^```/ { inside = !inside; found = inside; next }
         inside' "$page"
}
# The script after a line of a job: script_of JOB LINE
script_of() {
    block "job: $1" | awk -v start="$2" '
        { text = $0; sub(/^ +/, "", text); depth = length($0) - length(text) }
        text == start { state = 1; next }
        state == 1 && text ~ /^(run:|- bqconn) / && text !~ /\|$/ { sub(/^(run:|-) /, "", text); print text; exit }
        state == 1 && text ~ /^(run: |- )\|$/ { state = 2; base = depth; next }
        state == 2 && depth <= base { exit }
        state == 2 { print text }'
}

make_key_file key.json
mkdir bin comments
ln -s "$BQCONN" bin/bqconn
block "file: bqconn.yaml" >page.yaml
printf 'customer_id,_acme.customerId\ncreated_at,_acme.createdAt\n' >customers.csv
for walk in begin apply promote rotate; do
    block "walk: $walk" >"$walk.sh"
done
script_of github "- name: comment" >github-comment.sh
script_of github "- name: apply" >github-apply.sh
script_of gitlab "diff:" >gitlab-comment.sh
script_of gitlab "apply:" >gitlab-apply.sh
for script in page.yaml ./*.sh; do
    [ -s "$script" ] || { echo "the page has no $script" && exit 1; }
done

# Stand-ins for the programs that post the comments: each saves the comment.
cat >bin/gh <<'END_OF_GH'
#!/usr/bin/env bash
[ "$1 $2 $3" = "pr comment 7" ] && cp comment.md comments/github
END_OF_GH
cat >bin/curl <<'END_OF_CURL'
#!/usr/bin/env bash
[ "$(cat)" = "PRIVATE-TOKEN: made-up" ] && [[ $* == *"body@comment.md https://git.example/api/projects/1/merge_requests/7/notes" ]] &&
    cp comment.md comments/gitlab
END_OF_CURL
chmod +x bin/gh bin/curl

# Runs inside the emulator.
cat >team <<'END_OF_TEAM'
. "$SOURCE/tests/e2e/steps.sh"
export PATH=$PWD/bin:$PATH
expect() { run_expecting "$@"; }
key=$(cat key.json)
key_text=1//0$(printf 'made-up-%.0s' {1..6})
walk() { env -u BQCONN_OUTPUT DEV_KEY="$key" PROD_KEY="$key" ROTATE="${2-}" bash -euo pipefail "$1.sh" >out 2>err; }
# Runs a job without Google credentials.
comment() {
    rm -f comments/*
    env -u BQCONN_OUTPUT NUMBER=7 COMMENT_TOKEN=made-up CI_API_V4_URL=https://git.example/api CI_PROJECT_ID=1 \
        CI_MERGE_REQUEST_IID=7 bash -e "$1-comment.sh"
}
# Counts the requests that can change something: sent [METHOD]
sent() {
    jq -rs --arg method "${1-}" '[.[] | select(.method != "GET" and (.path | endswith("/validate") | not)) |
        select($method == "" or .method == $method)] | length' record
}
edit() { sed "$1" bqconn.yaml >new.yaml && ! cmp -s new.yaml bqconn.yaml && mv new.yaml bqconn.yaml; }
names() { "$BQCONN" dataflow list --sandbox "$1" | jq -r '[.[].name] | sort | join(" ")'; }

step begin
expect 0 create --name Older --sandbox dev
walk begin
expect 0 diff dev.yaml
grep -qx "mark: $(basename "$PWD")" bqconn.yaml
expect 3 init --manifest
cp page.yaml bqconn.yaml

step apply
expect 5 diff bqconn.yaml
jq -e '.summary.create == 5 and .summary.unchanged == 0' out >/dev/null
[ ! -s err ]
before=$(sent)
expect 2 apply bqconn.yaml --yes
grep -q 'the variable DEV_KEY is not set' err
[ "$(sent)" -eq "$before" ]
walk apply
grep -q '^No changes' out

step "a second apply"
before=$(sent)
expect 0 apply bqconn.yaml --yes
jq -e '.changes == []' out >/dev/null
[ "$(sent)" -eq "$before" ]

step "documents in JSON"
printf '[{"sourceType":"ATTRIBUTE","source":"customer_id","destination":"_acme.customerId"},%s]\n' \
    '{"sourceType":"ATTRIBUTE","source":"created_at","destination":"_acme.createdAt"}' >customers.json
edit 's/customers.csv/customers.json/'
expect 0 diff bqconn.yaml
filter='{"type":"PQL","format":"pql/json","value":{"nodeType":"fnApply","fnName":"=","params":[%s,%s]}}'
# shellcheck disable=SC2059
printf "$filter" '{"nodeType":"fieldLookup","fieldName":"name"}' '{"nodeType":"literal","value":"Zoë"}' >filter.json
cp bqconn.yaml unfiltered.yaml
for written in '{file: filter.json}' "'$(cat filter.json)'"; do
    sed "s|^    delta: created_at|&\n    filter: $written|" unfiltered.yaml >bqconn.yaml
    expect 5 diff bqconn.yaml
    jq -e '.summary.replace == 2' out >/dev/null
done
sed -i "s|Zoë|$key_text|" bqconn.yaml
expect 3 diff bqconn.yaml
! grep -qF "$key_text" out err
mv unfiltered.yaml bqconn.yaml

step export
for sandbox in dev prod; do
    "$BQCONN" export --sandbox "$sandbox" >exported.yaml
    expect 0 diff - --sandbox "$sandbox" <exported.yaml
done
jq -e '.summary.unchanged == 2' out >/dev/null

step "a pull request"
edit 's/every: 1d/every: 12h/'
before=$(sent)
for service in github gitlab; do
    comment "$service"
    grep -q '  ~ dataflow Customers' "comments/$service"
    grep -q 'every *every day -> every 12 hours' "comments/$service"
done
[ "$(sent)" -eq "$before" ]
edit 's/table:/tabel:/'
! comment github 2>err
grep -q 'did you mean "table"' err
[ ! -e comments/github ]
edit 's/tabel:/table:/'

step "the merge"
walk github-apply
expect 0 diff bqconn.yaml
comment github
grep -q '^No changes' comments/github
before=$(sent)
walk gitlab-apply
[ "$(sent)" -eq "$before" ]

step promotion
[ "$(names prod)" = Customers ]
walk promote
[ "$(names prod)" = "Customers Orders" ]
expect 0 diff bqconn.yaml

step rotation
before=$(sent)
patches=$(sent PATCH)
walk rotate
[ "$(sent)" -eq "$((before + 2))" ] && [ "$(sent PATCH)" -eq "$((patches + 2))" ]
walk github-apply --rotate
walk gitlab-apply --rotate
[ "$(sent PATCH)" -eq "$((patches + 6))" ]

step replace
edit 's/^    once: true/&\n    columns: [order_id, ordered_at]/'
before=$(sent)
expect 7 apply bqconn.yaml --yes
grep -q 'copies all rows again' err
[ "$(sent)" -eq "$before" ]
expect 0 apply bqconn.yaml --yes --replace
jq -e '.changes | length == 2 and all(.[]; .action == "replace" and .outcome == "replaced")' out >/dev/null
[ "$(names dev),$(names prod)" = "Customers Orders,Customers Orders" ]
expect 0 diff bqconn.yaml

step prune
edit '/- name: Orders/,$d'
expect 0 diff bqconn.yaml
jq -e '[.changes[].notes[]] == ["not in the file; --prune deletes it", "not in the file; --prune deletes it"]' out >/dev/null
expect 5 diff bqconn.yaml --prune
jq -e '.summary.delete == 2' out >/dev/null
expect 0 apply bqconn.yaml --yes --prune
[ "$(names dev),$(names prod)" = "Customers,Customers" ]
expect 0 list --sandbox dev
jq -e '[.[].name] | sort == ["Older", "Warehouse"]' out >/dev/null
expect 2 apply dev.yaml --prune --yes
grep -q 'usage.no_mark' err
step end
END_OF_TEAM
emulated --record record --give-access-token -- bash team
expect_status 0 "a team's work: $(tail -1 steps)"
grep -q '^end$' steps || fail "every step was done: $(tr '\n' ' ' <steps)"

# After a lost response, the second apply makes only the missing changes.
cat >interrupted <<'END_OF_SCRIPT'
DEV_KEY=$(cat key.json) && export DEV_KEY PROD_KEY=$DEV_KEY
"$BQCONN" apply page.yaml --yes -o json >first 2>first.err
echo $? >codes
"$BQCONN" apply page.yaml --yes -o json >second 2>second.err
echo $? >>codes
"$BQCONN" diff page.yaml -o json >third
echo $? >>codes
END_OF_SCRIPT
for fault in 'POST /flows=apply-then-reset' 'POST /flows=reset' 'POST /sourceConnections=403'; do
    emulated --fault "$fault;times=1" -- bash interrupted
    [ "$(tr '\n' ' ' <codes)" = "11 0 0 " ] || fail "$fault: exit codes $(tr '\n' ' ' <codes), $(cat first.err second.err)"
    jq -e '[.changes[] | select(.outcome == "unknown" or .outcome == "failed")] | length == 1' first >/dev/null ||
        fail "$fault: exactly one change is failed or unknown: $(cat first)"
    jq -e '.summary.unchanged == 5' third >/dev/null || fail "$fault: each object once: $(cat third)"
done

# On a terminal, it asks.
cat >asked.exp <<'END_OF_EXPECT'
log_user 0
log_file -a -noappend seen
set timeout 60
proc asked {answer status} {
    spawn -noecho bash -c "$::env(BQCONN) apply page.yaml; printf 'ended %s\\n' \$?"
    expect_before eof { puts stderr "it ended too early"; exit 1 }
    foreach text [list "dataflow Customers" "Make these changes? \[y/N\] "] {
        expect -ex $text {} timeout { puts stderr "nothing more came"; exit 1 }
    }
    send -- $answer
    expect -re {ended ([0-9]+)} {} timeout { puts stderr "it did not end"; exit 1 }
    if {$expect_out(1,string) != $status} { puts stderr "exit code $expect_out(1,string)"; exit 1 }
    close
    wait
}
asked "n\r" 2
asked "\003" 130
asked "y\r" 0
END_OF_EXPECT
cat >terminal <<'END_OF_SCRIPT'
DEV_KEY=$(cat key.json) && export DEV_KEY PROD_KEY=$DEV_KEY
expect -f asked.exp && "$BQCONN" diff page.yaml
END_OF_SCRIPT
emulated -- bash terminal
expect_status 0 "on a terminal: $(cat -v seen)"
[ "$(grep -c '^5 to create' seen)" -eq 3 ] || fail "a refusal and Ctrl-C change nothing: $(cat -v seen)"
grep -q '^created ' seen || fail "the result is shown: $(cat -v seen)"

finish
