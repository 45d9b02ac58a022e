# bash completion for shunt                                                  -*- shell-script -*-
_shunt() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} verb=${COMP_WORDS[1]} i
    for ((i = 2; i < COMP_CWORD; i++)); do
        if [[ $verb == run && ${COMP_WORDS[i]} == -- ]]; then
            # What follows is a command of its own.
            COMP_WORDS=("${COMP_WORDS[@]:i+1}")
            COMP_CWORD=$((COMP_CWORD - i - 1))
            if ((COMP_CWORD == 0)); then
                mapfile -t COMPREPLY < <(compgen -c -- "$current")
            elif declare -F _command_offset >/dev/null; then
                _command_offset 0
            fi
            return
        fi
    done
    case $previous in
    --keys)
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
        return
        ;;
    --strategy)
        mapfile -t COMPREPLY < <(compgen -W 'buildpack ballerina mi webapp prism test-runner byoc' -- "$current")
        return
        ;;
    esac
    local words
    case $COMP_CWORD:$verb in
    1:*) words='run config broker help --help --version' ;;
    *:run) words='--keys --strategy --quiet --help --' ;;
    *:config) words='--keys --strategy --json --help npm python maven trust' ;;
    *:broker) words='--keys --strategy --idle --ready-fd --foreground --help' ;;
    *:help) words='run config broker keys' ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    if [[ $verb == config && $current != -* ]]; then
        local -a files
        mapfile -t files < <(compgen -f -- "$current")
        COMPREPLY+=("${files[@]}")
    fi
}
complete -F _shunt shunt
