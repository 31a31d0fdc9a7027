# Completion of bqconn for bash 4.4 or later. Load it with: source <(bqconn completion bash)
# shellcheck shell=bash

# Unquotes a raw word of the command line: sets text, quote (the one still open) and opened (the length of
# the text before it). Nothing in the word is run or expanded.
__bqconn_unquote() {
    local raw=$1 char
    text='' quote='' opened=0
    while [[ -n $raw ]]; do
        char=${raw:0:1}
        raw=${raw:1}
        case $quote$char in
            \' | \") quote=$char opened=${#text} ;;
            "''" | '""') quote='' ;;
            \\ | \"\\)
                if [[ -n $quote && ${raw:0:1} != [\$\`\"\\] ]]; then
                    text+=\\
                else
                    text+=${raw:0:1}
                    raw=${raw:1}
                fi
                ;;
            *) text+=$char ;;
        esac
    done
}

# Sets reply: the text as it must be typed inside the open quote.
__bqconn_quote() {
    local rest=$1 char
    reply=''
    if [[ -z $quote ]]; then
        printf -v reply %q "$rest"
        return
    fi
    while [[ -n $rest ]]; do
        char=${rest:0:1}
        rest=${rest:1}
        case $quote$char in
            "''") reply+="'\\''" ;;
            '"!') reply+="\"'!'\"" ;;  # "\!" would keep its backslash, and "!" would expand history
            '"$' | '"`' | '""' | \"\\) reply+="\\$char" ;;
            *) reply+=$char ;;
        esac
    done
}

# Adds a raw word to words, unless it is a redirection or the file of one.
__bqconn_add_word() {
    if $redirected; then
        redirected=false
    elif [[ $1 =~ $redirection ]]; then
        [[ $1 != *[\<\>\&\|] ]] || redirected=true
    else
        __bqconn_unquote "$1"
        words+=("$text")
    fi
}

__bqconn_complete() {
    local -a words=() lines=() values=()
    local line=${COMP_LINE:0:COMP_POINT} head='' piece='' i
    local text quote opened reply current before directive prefix value width=0 program=bqconn
    local redirection='^[0-9]*&?[<>]' redirected=false
    COMPREPLY=()

    # readline also splits words at ":", "=" and "@"; here only blanks do. The raw word at the cursor is
    # $head$piece; readline replaces only the piece with a candidate.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        if [[ $i -eq 0 || $line == [[:space:]]* || -z $line ]]; then
            ((i == 0)) || __bqconn_add_word "$head$piece"
            head='' piece=''
            line=${line#"${line%%[![:space:]]*}"}
        fi
        head+=$piece
        piece=${line:0:${#COMP_WORDS[i]}}
        line=${line:${#COMP_WORDS[i]}}
    done
    if $redirected || [[ $head$piece =~ $redirection ]]; then
        compopt -o default
        return
    fi
    if [[ -n $piece && $piece != *[\"\'\\]* && -z ${piece//["$COMP_WORDBREAKS"]/} ]]; then
        head+=$piece
        piece=''
    fi
    # But "@" belongs to what follows it.
    if [[ $head == *@ && $COMP_WORDBREAKS == *@* ]]; then
        head=${head%@}
        piece=@$piece
    fi
    __bqconn_unquote "$head"
    before=${#text}
    __bqconn_unquote "$head$piece"
    current=$text
    [[ -z $quote ]] || before=$opened
    [[ ${words[0]} != */* ]] || program=${words[0]/#~\//"$HOME/"}

    mapfile -t lines < <(command "$program" __complete "${words[@]:1}" "$current" </dev/null 2>/dev/null)
    ((${#lines[@]} > 0)) || return 0
    directive=${lines[-1]}
    unset 'lines[-1]'
    prefix=${directive#:*files}
    prefix=${prefix# }

    if [[ $directive == :files* ]]; then
        if ((before == ${#prefix})); then
            compopt -o default
        else
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -P "${prefix:before}" -f -- "${current#"$prefix"}")
            if [[ ${#COMPREPLY[@]} -eq 1 && -d ${COMPREPLY[0]#"${prefix:before}"} ]]; then
                COMPREPLY[0]+=/
                compopt -o nospace
            fi
        fi
        return 0
    fi

    for line in "${lines[@]}"; do
        value=$prefix${line%%$'\t'*}
        if [[ $value == "$current"* ]]; then
            __bqconn_quote "${value:before}"
            COMPREPLY+=("$reply")
            values+=("$line")
            ((${#reply} <= width)) || width=${#reply}
        fi
    done
    # When candidates are only listed, show each with its description.
    if ((${#COMPREPLY[@]} > 1)) && [[ ${COMP_TYPE-} == 63 ]]; then
        for i in "${!COMPREPLY[@]}"; do
            line=${values[i]#*$'\t'}
            if [[ -n $line ]]; then
                printf -v line '%-*s  (%s)' "$width" "${COMPREPLY[i]}" "$line"
                COMPREPLY[i]=${line:0:${COLUMNS:-80} - 3}
            fi
        done
    fi
}

complete -F __bqconn_complete bqconn
