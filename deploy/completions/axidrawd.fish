# fish completion of axidrawd, made from its table of verbs
complete -c axidrawd -f
complete -c axidrawd -n __fish_use_subcommand -l help -s h -d 'print help'
complete -c axidrawd -n __fish_use_subcommand -l version -d 'print the version'
complete -c axidrawd -n __fish_use_subcommand -a 'serve' -d 'run the daemon: plotters, queue and page over HTTP'
complete -c axidrawd -n __fish_use_subcommand -a 'plot' -d 'draw one drawing now, in the foreground'
complete -c axidrawd -n __fish_use_subcommand -a 'plan' -d 'everything but moving: how a drawing would be drawn, and how long it would take'
complete -c axidrawd -n __fish_use_subcommand -a 'board' -d 'be a virtual board that any program can drive'
complete -c axidrawd -n __fish_use_subcommand -a 'replay' -d 'feed a command stream to a virtual board as fast as it can'
complete -c axidrawd -n __fish_use_subcommand -a 'version' -d 'print version, compiler and target'
complete -c axidrawd -n __fish_use_subcommand -a 'help' -d 'explain a verb'
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l simulate -d 'serve on N virtual boards instead of real ones'
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l speed -d 'speed of virtual boards' -x -a 'realtime max'
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l profile -d 'machine: travel, steps per mm, servo, limits' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l firmware -d 'firmware of virtual boards' -x -a '2.8.1 3.0.3'
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l listen -d 'where to serve; may be repeated' -x
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l log -d 'form of the log on standard error' -x -a 'text json'
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l verbose -s v -d 'log every request'
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l simulate -d 'draw on a virtual board'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l speed -d 'how fast simulated time passes' -x -a 'realtime max'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l output -s o -d 'write what the pen drew, as .png or .svg by its ending' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l scale -d 'pixels per mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l pen-width -d 'width of the strokes' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l travel -d 'show travel with the pen up in a second colour'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l tolerance -d 'largest distance between source and planned path, all stages together' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l layers -d 'layers to draw, by name or number, separated by commas' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l outline -d 'draw the outline of every visible shape, or only of stroked ones' -x -a 'all stroked'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l dpi -d 'pixels per inch of a drawing made elsewhere' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l solid -d 'draw dashed lines solid'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l page-number -d 'page of a drawing with several pages' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l page -d 'paper' -x -a 'a0 a1 a2 a3 a4 a5 a6 a7 a8 b4 b5 b6 letter legal tabloid machine'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l orientation -d 'auto turns a page that is higher than wide' -x -a 'auto portrait landscape'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l margin -d 'space kept free inside the page' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l fit -d 'scale into the page less its margin' -x -a 'none shrink page'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l rotate -d 'turn the drawing clockwise' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l origin -d 'where the page'\''s top left corner lies on the machine' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l profile -d 'machine: travel, steps per mm, servo, limits' -r -F -a 'axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l firmware -d 'emit commands for this firmware' -x -a '2.8.1 3.0.3'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l pen-down-speed -d 'speed limit with the pen down' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l pen-up-speed -d 'speed limit with the pen up' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l pen-down-acceleration -d 'limit on the acceleration vector with the pen down' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l pen-up-acceleration -d 'limit on the acceleration vector with the pen up' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l junction-deviation -d 'how far a corner is imagined rounded' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l pen-up-height -d 'height of the raised pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l pen-down-height -d 'height of the lowered pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l lift-time -d 'time to raise the pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l drop-time -d 'time to lower the pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l no-overlap -d 'pen and travel strictly one after the other'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l overlap -d 'pen and travel at once, also where a preset says otherwise'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l order -d 'how much travel is optimised' -x -a 'none join sort full'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l order-seconds -d 'budget of the search, turned into a number of steps' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l join -d 'largest gap that is drawn across to save a lift' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l min-length -d 'shorter paths are dropped' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l keep-duplicates -d 'draw exact duplicates again'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l by -d 'what makes a pen change' -x -a 'layer stroke pen'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l motion -d 'speed model' -x -a 'junction'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l strict -d 'what would be cut, dropped or skipped is an error'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l copies -d 'draw it several times' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l page-delay -d 'wait between copies' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -F
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l json -d 'print the summary as JSON'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l commands -d 'write the exact command stream, one command a line' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l strokes -d 'write the ordered strokes as JSON, machine coordinates' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l output -s o -d 'write what the pen drew, as .png or .svg by its ending' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l scale -d 'pixels per mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l pen-width -d 'width of the strokes' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l travel -d 'show travel with the pen up in a second colour'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l tolerance -d 'largest distance between source and planned path, all stages together' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l layers -d 'layers to draw, by name or number, separated by commas' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l outline -d 'draw the outline of every visible shape, or only of stroked ones' -x -a 'all stroked'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l dpi -d 'pixels per inch of a drawing made elsewhere' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l solid -d 'draw dashed lines solid'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l page-number -d 'page of a drawing with several pages' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l page -d 'paper' -x -a 'a0 a1 a2 a3 a4 a5 a6 a7 a8 b4 b5 b6 letter legal tabloid machine'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l orientation -d 'auto turns a page that is higher than wide' -x -a 'auto portrait landscape'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l margin -d 'space kept free inside the page' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l fit -d 'scale into the page less its margin' -x -a 'none shrink page'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l rotate -d 'turn the drawing clockwise' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l origin -d 'where the page'\''s top left corner lies on the machine' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l profile -d 'machine: travel, steps per mm, servo, limits' -r -F -a 'axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l firmware -d 'emit commands for this firmware' -x -a '2.8.1 3.0.3'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l pen-down-speed -d 'speed limit with the pen down' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l pen-up-speed -d 'speed limit with the pen up' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l pen-down-acceleration -d 'limit on the acceleration vector with the pen down' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l pen-up-acceleration -d 'limit on the acceleration vector with the pen up' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l junction-deviation -d 'how far a corner is imagined rounded' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l pen-up-height -d 'height of the raised pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l pen-down-height -d 'height of the lowered pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l lift-time -d 'time to raise the pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l drop-time -d 'time to lower the pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l no-overlap -d 'pen and travel strictly one after the other'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l overlap -d 'pen and travel at once, also where a preset says otherwise'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l order -d 'how much travel is optimised' -x -a 'none join sort full'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l order-seconds -d 'budget of the search, turned into a number of steps' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l join -d 'largest gap that is drawn across to save a lift' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l min-length -d 'shorter paths are dropped' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l keep-duplicates -d 'draw exact duplicates again'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l by -d 'what makes a pen change' -x -a 'layer stroke pen'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l motion -d 'speed model' -x -a 'junction'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l strict -d 'what would be cut, dropped or skipped is an error'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l copies -d 'draw it several times' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l page-delay -d 'wait between copies' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -F
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l stdio -d 'serve standard input and output instead of a pseudo-terminal'
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l link -d 'keep a symbolic link to the present pseudo-terminal' -x
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l once -d 'end when the client closes'
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l speed -d 'how fast its time runs' -x -a 'realtime max'
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l faults -d 'let go wrong what the script says (docs/virtual-board.md)' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l seed -d 'for what is random in it' -x
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l control -d 'a named pipe that takes lines of a script while running' -x
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l trace -d 'write every command, incident and a summary, as JSON lines' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l firmware -d 'firmware whose answers and arithmetic it has' -x -a '2.8.1 3.0.3'
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l profile -d 'machine: travel and steps per mm' -r -F -a 'axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l paper-height -d 'servo pulse at which the pen meets the paper' -x
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l name -d 'nickname, at most 16 ASCII characters' -x
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l output -s o -d 'write what the pen drew, as .png or .svg by its ending' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l scale -d 'pixels per mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l pen-width -d 'width of the strokes' -x
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l travel -d 'show travel with the pen up in a second colour'
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l json -d 'print the summary as JSON'
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l rows -d 'write ticks and position after every queued command, as CSV' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l steps -d 'write every motor step, as CSV' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l strict -d 'errors and incidents make the exit code 1'
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l firmware -d 'firmware whose answers and arithmetic it has' -x -a '2.8.1 3.0.3'
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l profile -d 'machine: travel and steps per mm' -r -F -a 'axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l paper-height -d 'servo pulse at which the pen meets the paper' -x
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l output -s o -d 'write what the pen drew, as .png or .svg by its ending' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l scale -d 'pixels per mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l pen-width -d 'width of the strokes' -x
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l travel -d 'show travel with the pen up in a second colour'
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -F
complete -c axidrawd -n '__fish_seen_subcommand_from version' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from version' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from version' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from help' -l as -d 'print the manual page or a shell'\''s completions' -x -a 'man bash zsh fish'
complete -c axidrawd -n '__fish_seen_subcommand_from help' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from help' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from help' -l color -d 'colour on a terminal' -x -a 'auto always never'
