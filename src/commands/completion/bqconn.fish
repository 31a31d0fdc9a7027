# Completion of bqconn for fish. Put it into ~/.config/fish/completions/bqconn.fish, or load it with:
# bqconn completion fish | source

function __bqconn_complete
    set -l words (commandline --tokenize --current-process --cut-at-cursor)
    set -l raw (commandline --current-token --cut-at-cursor)
    # string unescape fails on an open quote; then just remove the quotes.
    set -l current (string unescape -- $raw; or string replace --all --regex '["\']' '' -- $raw)
    set -l program bqconn
    if string match --quiet '*/*' -- $words[1]
        set program $words[1]
    end
    set --erase words[1]

    set -l lines (command $program __complete $words "$current" </dev/null 2>/dev/null)
    set -l directive (string match --regex '^:(?:no)?files ?(.*)$' -- $lines[-1])
    or return
    set -l prefix $directive[2]
    if string match --quiet ':files*' -- $lines[-1]
        set -l start (string length -- "$prefix")
        for path in (__fish_complete_path (string sub --start (math $start + 1) -- "$current"))
            echo "$prefix$path"
        end
        return
    end
    set --erase lines[-1]
    for line in $lines
        echo "$prefix$line"
    end
end

complete --command bqconn --no-files --arguments '(__bqconn_complete)'
