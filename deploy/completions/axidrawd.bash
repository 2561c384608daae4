# bash completion of axidrawd, made from its table of verbs
_axidrawd() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb= words= k
    COMPREPLY=()
    for ((k = 1; k < COMP_CWORD; k++)); do
        case "$verb ${COMP_WORDS[k]}" in
            ' serve') verb='serve' ;;
            ' plot') verb='plot' ;;
            ' plan') verb='plan' ;;
            ' board') verb='board' ;;
            ' replay') verb='replay' ;;
            ' version') verb='version' ;;
            ' help') verb='help' ;;
        esac
    done
    case "$verb $before" in
        'serve --speed') words='realtime max'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'serve --profile') words=''; COMPREPLY=($(compgen -f -- "$word")); COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'serve --firmware') words='2.8.1 3.0.3'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'serve --listen') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'serve --log') words='text json'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'serve --color') words='auto always never'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --speed') words='realtime max'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --output'|'plot -o') words=''; COMPREPLY=($(compgen -f -- "$word")); COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --scale') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --pen-width') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --tolerance') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --layers') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --outline') words='all stroked'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --dpi') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --page-number') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --page') words='a0 a1 a2 a3 a4 a5 a6 a7 a8 b4 b5 b6 letter legal tabloid machine'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --orientation') words='auto portrait landscape'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --margin') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --fit') words='none shrink page'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --rotate') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --origin') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --profile') words='axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'; COMPREPLY=($(compgen -f -- "$word")); COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --firmware') words='2.8.1 3.0.3'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --pen-down-speed') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --pen-up-speed') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --pen-down-acceleration') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --pen-up-acceleration') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --junction-deviation') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --pen-up-height') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --pen-down-height') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --lift-time') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --drop-time') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --order') words='none join sort full'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --order-seconds') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --join') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --min-length') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --by') words='layer stroke pen'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --motion') words='junction'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --copies') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --page-delay') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plot --color') words='auto always never'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --commands') words=''; COMPREPLY=($(compgen -f -- "$word")); COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --strokes') words=''; COMPREPLY=($(compgen -f -- "$word")); COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --output'|'plan -o') words=''; COMPREPLY=($(compgen -f -- "$word")); COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --scale') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --pen-width') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --tolerance') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --layers') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --outline') words='all stroked'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --dpi') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --page-number') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --page') words='a0 a1 a2 a3 a4 a5 a6 a7 a8 b4 b5 b6 letter legal tabloid machine'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --orientation') words='auto portrait landscape'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --margin') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --fit') words='none shrink page'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --rotate') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --origin') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --profile') words='axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'; COMPREPLY=($(compgen -f -- "$word")); COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --firmware') words='2.8.1 3.0.3'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --pen-down-speed') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --pen-up-speed') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --pen-down-acceleration') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --pen-up-acceleration') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --junction-deviation') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --pen-up-height') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --pen-down-height') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --lift-time') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --drop-time') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --order') words='none join sort full'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --order-seconds') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --join') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --min-length') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --by') words='layer stroke pen'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --motion') words='junction'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --copies') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --page-delay') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'plan --color') words='auto always never'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'board --link') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'board --speed') words='realtime max'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'board --faults') words=''; COMPREPLY=($(compgen -f -- "$word")); COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'board --seed') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'board --control') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'board --trace') words=''; COMPREPLY=($(compgen -f -- "$word")); COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'board --firmware') words='2.8.1 3.0.3'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'board --profile') words='axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'; COMPREPLY=($(compgen -f -- "$word")); COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'board --paper-height') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'board --name') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'board --output'|'board -o') words=''; COMPREPLY=($(compgen -f -- "$word")); COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'board --scale') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'board --pen-width') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'board --color') words='auto always never'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'replay --rows') words=''; COMPREPLY=($(compgen -f -- "$word")); COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'replay --steps') words=''; COMPREPLY=($(compgen -f -- "$word")); COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'replay --firmware') words='2.8.1 3.0.3'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'replay --profile') words='axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'; COMPREPLY=($(compgen -f -- "$word")); COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'replay --paper-height') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'replay --output'|'replay -o') words=''; COMPREPLY=($(compgen -f -- "$word")); COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'replay --scale') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'replay --pen-width') words=''; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'replay --color') words='auto always never'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'version --color') words='auto always never'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'help --as') words='man bash zsh fish'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
        'help --color') words='auto always never'; COMPREPLY+=($(compgen -W "$words" -- "$word")); return ;;
    esac
    case "$verb" in
        '') words='serve plot plan board replay version help --help --version' ;;
        'serve') words='--simulate --speed --profile --firmware --listen --log --verbose -v --help -h --quiet -q --color' ;;
        'plot') words='--simulate --speed --output -o --scale --pen-width --travel --tolerance --layers --outline --dpi --solid --page-number --page --orientation --margin --fit --rotate --origin --profile --firmware --pen-down-speed --pen-up-speed --pen-down-acceleration --pen-up-acceleration --junction-deviation --pen-up-height --pen-down-height --lift-time --drop-time --no-overlap --overlap --order --order-seconds --join --min-length --keep-duplicates --by --motion --strict --copies --page-delay --help -h --quiet -q --color'; [[ $word == -* ]] || COMPREPLY=($(compgen -f -- "$word")) ;;
        'plan') words='--json --commands --strokes --output -o --scale --pen-width --travel --tolerance --layers --outline --dpi --solid --page-number --page --orientation --margin --fit --rotate --origin --profile --firmware --pen-down-speed --pen-up-speed --pen-down-acceleration --pen-up-acceleration --junction-deviation --pen-up-height --pen-down-height --lift-time --drop-time --no-overlap --overlap --order --order-seconds --join --min-length --keep-duplicates --by --motion --strict --copies --page-delay --help -h --quiet -q --color'; [[ $word == -* ]] || COMPREPLY=($(compgen -f -- "$word")) ;;
        'board') words='--stdio --link --once --speed --faults --seed --control --trace --firmware --profile --paper-height --name --output -o --scale --pen-width --travel --help -h --quiet -q --color' ;;
        'replay') words='--json --rows --steps --strict --firmware --profile --paper-height --output -o --scale --pen-width --travel --help -h --quiet -q --color'; [[ $word == -* ]] || COMPREPLY=($(compgen -f -- "$word")) ;;
        'version') words='--help -h --quiet -q --color' ;;
        'help') words='--as --help -h --quiet -q --color' ;;
    esac
    COMPREPLY+=($(compgen -W "$words" -- "$word"))
}
complete -o filenames -F _axidrawd axidrawd
