#compdef shunt
# zsh completion for shunt

local -a common=(
    '--keys[directory with one file per key]:directory:_directories'
    '--strategy[build strategy]:strategy:(buildpack ballerina mi webapp prism test-runner byoc)'
    '--help[help]'
)

_arguments -C '--help[help]' '--version[version]' '1:command:(run config broker help)' '*::argument:->rest'
case $state in
rest)
    case $words[1] in
    run) _arguments $common '--quiet[no closing line]' '*:::command:_normal' ;;
    config) _arguments $common '--json[as JSON]' '1:ecosystem or file:{_alternative "ecosystems:ecosystem:(npm python maven trust)" "files:file:_files"}' ;;
    broker) _arguments $common '--idle[seconds]:seconds:' '--ready-fd[descriptor]:descriptor:' '--foreground[stay in the foreground]' ;;
    help) _values command run config broker keys ;;
    esac
    ;;
esac
