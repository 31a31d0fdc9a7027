#compdef bqconn
# Completion of bqconn for zsh. Put it into a folder of $fpath as _bqconn, or load it with:
# source <(bqconn completion zsh). It needs compinit.

_bqconn() {
    emulate -L zsh
    local program=bqconn line prefix
    local -a lines values shown
    local -i width=0
    [[ ${(Q)words[1]} != */* ]] || program=${(Q)words[1]/#\~\//$HOME/}

    lines=("${(@f)$(command $program __complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" </dev/null 2>/dev/null)}")
    (( $#lines > 0 )) && [[ $lines[-1] == :* ]] || return 1
    prefix=${${lines[-1]#:*files}# }
    [[ -z $prefix ]] || compset -P "${(b)prefix}"
    if [[ $lines[-1] == :files* ]]; then
        _files
        return
    fi

    for line in "${(@)lines[1,-2]}"; do
        values+=("${line%%$'\t'*}")
        (( $#values[-1] <= width )) || width=$#values[-1]
    done
    for line in "${(@)lines[1,-2]}"; do
        shown+=("${(r:width:)line%%$'\t'*}  ${line#*$'\t'}")
    done
    compadd -l -d shown -a -- values
}

if [[ $funcstack[1] == _bqconn ]]; then
    _bqconn "$@"
elif (( $+functions[compdef] )); then
    compdef _bqconn bqconn
else
    # compinit may follow: register before the first prompt.
    _bqconn_register() {
        precmd_functions=(${precmd_functions:#_bqconn_register})
        if (( $+functions[compdef] )); then
            compdef _bqconn bqconn
        else
            print -u2 "bqconn: completion needs compinit: autoload -Uz compinit && compinit"
        fi
    }
    if [[ -o zle ]]; then
        precmd_functions+=(_bqconn_register)
    else
        _bqconn_register
    fi
fi
