# fish completion of axidrawd, made from its table of verbs
complete -c axidrawd -f
complete -c axidrawd -n __fish_use_subcommand -l help -s h -d 'print help'
complete -c axidrawd -n __fish_use_subcommand -l version -d 'print the version'
complete -c axidrawd -n __fish_use_subcommand -a 'serve' -d 'run the daemon: plotters, queue and page over HTTP'
complete -c axidrawd -n __fish_use_subcommand -a 'plot' -d 'draw one drawing now, in the foreground'
complete -c axidrawd -n __fish_use_subcommand -a 'draw' -d 'draw strokes as they come, one line of JSON each, from standard input'
complete -c axidrawd -n __fish_use_subcommand -a 'plan' -d 'everything but moving: how a drawing would be drawn, and how long it would take'
complete -c axidrawd -n __fish_use_subcommand -a 'flatten' -d 'print a drawing as polylines, in document order and page coordinates'
complete -c axidrawd -n __fish_use_subcommand -a 'board' -d 'be a virtual board that any program can drive'
complete -c axidrawd -n __fish_use_subcommand -a 'replay' -d 'feed a command stream to a virtual board as fast as it can'
complete -c axidrawd -n __fish_use_subcommand -a 'design' -d 'make a generated drawing'
complete -c axidrawd -n __fish_use_subcommand -a 'device' -d 'look at and move plotters by hand, through a running daemon or on a port'
complete -c axidrawd -n __fish_use_subcommand -a 'submit' -d 'hand a drawing to a running daemon'
complete -c axidrawd -n __fish_use_subcommand -a 'list' -d 'list plotters and their queues'
complete -c axidrawd -n __fish_use_subcommand -a 'show' -d 'show a job'
complete -c axidrawd -n __fish_use_subcommand -a 'follow' -d 'watch a job until it is over; exit 0 only if it was drawn'
complete -c axidrawd -n __fish_use_subcommand -a 'pause' -d 'pause a job at the end of its stroke'
complete -c axidrawd -n __fish_use_subcommand -a 'resume' -d 'start a waiting job, go on with a paused or cut off one, or let a stopped plotter go on'
complete -c axidrawd -n __fish_use_subcommand -a 'cancel' -d 'end a job with the pen up'
complete -c axidrawd -n __fish_use_subcommand -a 'change' -d 'change speeds and pen heights of a job; of a running one from the next stroke on'
complete -c axidrawd -n __fish_use_subcommand -a 'stop' -d 'stop a plotter at once; its job is cancelled, and nothing begins until resume'
complete -c axidrawd -n __fish_use_subcommand -a 'task' -d 'one drawing for a batch scheduler: wait for the turn, draw when called; exit 0 only if it was drawn'
complete -c axidrawd -n __fish_use_subcommand -a 'bounds' -d 'go around what a job will draw, with the pen up'
complete -c axidrawd -n __fish_use_subcommand -a 'place' -d 'move where a waiting job will be drawn, or put its page'\''s corner where the carriage stands'
complete -c axidrawd -n __fish_use_subcommand -a 'move-up' -d 'move a waiting job one place up'
complete -c axidrawd -n __fish_use_subcommand -a 'move-down' -d 'move a waiting job one place down'
complete -c axidrawd -n __fish_use_subcommand -a 'keys' -d 'make, list and revoke keys for access over the network'
complete -c axidrawd -n __fish_use_subcommand -a 'webhooks' -d 'senders whose messages are signed, and receivers of ours'
complete -c axidrawd -n __fish_use_subcommand -a 'config' -d 'check or show the configuration'
complete -c axidrawd -n __fish_use_subcommand -a 'install' -d 'install this program as a service of the machine or of one person; or remove it again'
complete -c axidrawd -n __fish_use_subcommand -a 'version' -d 'print version, compiler and target'
complete -c axidrawd -n __fish_use_subcommand -a 'help' -d 'explain a verb'
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l simulate -d 'serve on N virtual boards instead of real ones'
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l name -d 'name of a virtual board, in their order' -x
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l speed -d 'speed of virtual boards' -x -a 'realtime max'
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l profile -d 'machine: travel, steps per mm, servo, limits' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l firmware -d 'firmware of virtual boards' -x -a '2.8.1 3.0.3'
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l device -d 'also drive the board on this port, which udev need not show' -x
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l installation -d 'a press of a button becomes a drawing: the products of the original'
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l products -d 'an installation of one'\''s own: products, cycle, buttons' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l role -d 'be only this part; may be repeated; parts find each other through cluster.consul' -x -a 'webhooks design preview plotter'
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l listen -d 'where to serve; may be repeated' -x
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l state -d 'where queue, history and keys are kept' -x
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l config -d 'configuration file' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l hold -d 'start with every line closed, as after Stop: nothing moves until a person says go on'
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l web -d 'serve the web front from here, read anew each time; to work on it' -x
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l log -d 'form of the log on standard error' -x -a 'text json'
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l verbose -s v -d 'log every request'
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from serve' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l device -d 'draw on this board' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l simulate -d 'draw on a virtual board'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l start -d 'at once, or when the board'\''s button is pressed' -x -a 'now button'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l speed -d 'how fast simulated time passes' -x -a 'realtime max'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l output -s o -d 'write what the pen drew, as .png or .svg by its ending' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l scale -d 'pixels per mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l travel -d 'show travel with the pen up in a second colour'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l tolerance -d 'largest distance between source and planned path, all stages together' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l layers -d 'layers to draw, by name or number, separated by commas, in this order' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l outline -d 'draw the outline of every visible shape, or only of stroked ones' -x -a 'all stroked'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l dpi -d 'pixels per inch of a drawing made elsewhere' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l solid -d 'draw dashed lines solid'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l hairlines -d 'draw strokes of width 0, which browsers do not show'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l keep-background -d 'draw the rectangle of the paper'\''s colour that covers the page'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l page-number -d 'page of a drawing with several pages' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l text -d 'draw text with a single-line font: plain, script, the drawing'\''s own last <font>, or an SVG font from a file; fonts that the drawing names win' -r -F -a 'none plain script drawing'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l hatch -d 'fill painted areas with lines that far apart, 45 degrees unless said otherwise' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l hatch-angle -d 'angle of the lines; wins over one in --hatch' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l hatch-pattern -d 'how the lines run; wins over a word in --hatch' -x -a 'parallel cross alternate contour'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l hatch-shade -d 'with --hatch: paler fills get wider spacings, black gets the one given'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l occlude -d 'an opaque fill hides the lines that lie under it'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l pen-width -d 'width of the pen'\''s line: hatching keeps half of it from edges' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l page -d 'paper' -x -a 'a0 a1 a2 a3 a4 a5 a6 a7 a8 b4 b5 b6 letter legal tabloid machine'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l orientation -d 'how the paper lies; auto: a paper by name lies as the drawing, and a page higher than wide is turned' -x -a 'auto portrait landscape'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l margin -d 'space kept free inside the page' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l fit -d 'scale into the page less its margin' -x -a 'none shrink page'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l rotate -d 'turn the drawing clockwise' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l origin -d 'where the page'\''s top left corner lies on the machine' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l splice -d 'a page beyond the machine'\''s reach is drawn in tiles with crosses at their corners, the paper moved between'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l profile -d 'machine: travel, steps per mm, servo, limits' -r -F -a 'axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l preset -d 'the figures of another driver or way of drawing at once; single flags win' -x -a 'saxi axidraw gentle technical sketch handwriting constant'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l firmware -d 'emit commands for this firmware' -x -a '2.8.1 3.0.3'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l pen-down-speed -d 'speed limit with the pen down' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l pen-up-speed -d 'speed limit with the pen up' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l pen-down-acceleration -d 'limit on the acceleration vector with the pen down' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l pen-up-acceleration -d 'limit on the acceleration vector with the pen up' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l junction-deviation -d 'how far a corner is imagined rounded (junction)' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l pen-up-height -d 'height of the raised pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l pen-down-height -d 'height of the lowered pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l lift-time -d 'time to raise the pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l drop-time -d 'time to lower the pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l no-overlap -d 'pen and travel one after the other; else at once, as long as it is off the paper'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l overlap -d 'pen and travel at once, also where a preset says otherwise'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l order -d 'how much travel is optimised' -x -a 'none join sort full'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l order-seconds -d 'budget of the search, turned into a number of steps' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l join -d 'largest gap that is drawn across to save a lift; 0: what coincides, none: nothing' -x -a 'none'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l min-length -d 'shorter paths are dropped' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l keep-duplicates -d 'draw exact duplicates again'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l by -d 'what makes a pen change' -x -a 'layer stroke pen'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l one-pen -d 'draw everything with the pen that is in: no stop for another one'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l multipass -d 'draw every stroke so often, back and forth' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l overlap-ends -d 'draw closed paths on past their beginning' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l random-starts -d 'begin closed paths anywhere, by this seed, for pens that blot' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l dwell -d 'rest with the pen down before each stroke' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l scribble -d 'bring each new pen to write with a zigzag at this place' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l marks -d 'crosses of this size in the corners of the page with each pen, to lay sheets and pens by' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l re-ink -d 'when the pen wants ink: wait for a person, or dip it at this place of the machine' -x -a 'pause'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l re-ink-distance -d 'it wants ink after so much drawn, at the next lift' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l re-ink-time -d 'it wants ink after so long drawing, at the next lift' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l re-ink-wipe -d 'after a dip draw a line, so far from its place' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l end -d 'where the carriage ends' -x -a 'home stay'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l motion -d 'speed model' -x -a 'junction physical'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l corner-tolerance -d 'how far a corner is really rounded (physical)' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l jerk -d 'limit on the change of the acceleration vector, as 20000 (physical, firmware 3): softer, slower' -x -a 'none'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l strict -d 'what would be cut, dropped or skipped is an error'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l copies -d 'draw it several times, or again and again until it is cancelled' -x -a 'endless'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l page-delay -d 'wait between copies' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from plot' -F
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l device -d 'draw on this board' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l simulate -d 'draw on a virtual board'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l speed -d 'how fast simulated time passes' -x -a 'realtime max'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l output -s o -d 'write what the pen drew, as .png or .svg by its ending' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l scale -d 'pixels per mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l travel -d 'show travel with the pen up in a second colour'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l tolerance -d 'largest distance between source and planned path, all stages together' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l layers -d 'layers to draw, by name or number, separated by commas, in this order' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l outline -d 'draw the outline of every visible shape, or only of stroked ones' -x -a 'all stroked'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l dpi -d 'pixels per inch of a drawing made elsewhere' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l solid -d 'draw dashed lines solid'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l hairlines -d 'draw strokes of width 0, which browsers do not show'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l keep-background -d 'draw the rectangle of the paper'\''s colour that covers the page'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l page-number -d 'page of a drawing with several pages' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l text -d 'draw text with a single-line font: plain, script, the drawing'\''s own last <font>, or an SVG font from a file; fonts that the drawing names win' -r -F -a 'none plain script drawing'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l hatch -d 'fill painted areas with lines that far apart, 45 degrees unless said otherwise' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l hatch-angle -d 'angle of the lines; wins over one in --hatch' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l hatch-pattern -d 'how the lines run; wins over a word in --hatch' -x -a 'parallel cross alternate contour'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l hatch-shade -d 'with --hatch: paler fills get wider spacings, black gets the one given'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l occlude -d 'an opaque fill hides the lines that lie under it'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l pen-width -d 'width of the pen'\''s line: hatching keeps half of it from edges' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l page -d 'paper' -x -a 'a0 a1 a2 a3 a4 a5 a6 a7 a8 b4 b5 b6 letter legal tabloid machine'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l orientation -d 'how the paper lies; auto: a paper by name lies as the drawing, and a page higher than wide is turned' -x -a 'auto portrait landscape'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l margin -d 'space kept free inside the page' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l fit -d 'scale into the page less its margin' -x -a 'none shrink page'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l rotate -d 'turn the drawing clockwise' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l origin -d 'where the page'\''s top left corner lies on the machine' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l splice -d 'a page beyond the machine'\''s reach is drawn in tiles with crosses at their corners, the paper moved between'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l profile -d 'machine: travel, steps per mm, servo, limits' -r -F -a 'axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l preset -d 'the figures of another driver or way of drawing at once; single flags win' -x -a 'saxi axidraw gentle technical sketch handwriting constant'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l firmware -d 'emit commands for this firmware' -x -a '2.8.1 3.0.3'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l pen-down-speed -d 'speed limit with the pen down' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l pen-up-speed -d 'speed limit with the pen up' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l pen-down-acceleration -d 'limit on the acceleration vector with the pen down' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l pen-up-acceleration -d 'limit on the acceleration vector with the pen up' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l junction-deviation -d 'how far a corner is imagined rounded (junction)' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l pen-up-height -d 'height of the raised pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l pen-down-height -d 'height of the lowered pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l lift-time -d 'time to raise the pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l drop-time -d 'time to lower the pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l no-overlap -d 'pen and travel one after the other; else at once, as long as it is off the paper'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l overlap -d 'pen and travel at once, also where a preset says otherwise'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l order -d 'how much travel is optimised' -x -a 'none join sort full'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l order-seconds -d 'budget of the search, turned into a number of steps' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l join -d 'largest gap that is drawn across to save a lift; 0: what coincides, none: nothing' -x -a 'none'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l min-length -d 'shorter paths are dropped' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l keep-duplicates -d 'draw exact duplicates again'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l by -d 'what makes a pen change' -x -a 'layer stroke pen'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l one-pen -d 'draw everything with the pen that is in: no stop for another one'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l multipass -d 'draw every stroke so often, back and forth' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l overlap-ends -d 'draw closed paths on past their beginning' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l random-starts -d 'begin closed paths anywhere, by this seed, for pens that blot' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l dwell -d 'rest with the pen down before each stroke' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l scribble -d 'bring each new pen to write with a zigzag at this place' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l marks -d 'crosses of this size in the corners of the page with each pen, to lay sheets and pens by' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l re-ink -d 'when the pen wants ink: wait for a person, or dip it at this place of the machine' -x -a 'pause'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l re-ink-distance -d 'it wants ink after so much drawn, at the next lift' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l re-ink-time -d 'it wants ink after so long drawing, at the next lift' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l re-ink-wipe -d 'after a dip draw a line, so far from its place' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l end -d 'where the carriage ends' -x -a 'home stay'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l motion -d 'speed model' -x -a 'junction physical'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l corner-tolerance -d 'how far a corner is really rounded (physical)' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l jerk -d 'limit on the change of the acceleration vector, as 20000 (physical, firmware 3): softer, slower' -x -a 'none'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l strict -d 'what would be cut, dropped or skipped is an error'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l copies -d 'draw it several times, or again and again until it is cancelled' -x -a 'endless'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l page-delay -d 'wait between copies' -x
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from draw' -F
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l json -d 'print the summary as JSON'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l commands -d 'write the exact command stream, one command a line' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l strokes -d 'write the ordered strokes as JSON, machine coordinates' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l kinematics -d 'write place, velocity and acceleration over time as CSV' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l kinematics-image -d 'show speed along the drawing, and speed and acceleration over time, as .png or .svg' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l output -s o -d 'write what the pen drew, as .png or .svg by its ending' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l scale -d 'pixels per mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l travel -d 'show travel with the pen up in a second colour'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l tolerance -d 'largest distance between source and planned path, all stages together' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l layers -d 'layers to draw, by name or number, separated by commas, in this order' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l outline -d 'draw the outline of every visible shape, or only of stroked ones' -x -a 'all stroked'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l dpi -d 'pixels per inch of a drawing made elsewhere' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l solid -d 'draw dashed lines solid'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l hairlines -d 'draw strokes of width 0, which browsers do not show'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l keep-background -d 'draw the rectangle of the paper'\''s colour that covers the page'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l page-number -d 'page of a drawing with several pages' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l text -d 'draw text with a single-line font: plain, script, the drawing'\''s own last <font>, or an SVG font from a file; fonts that the drawing names win' -r -F -a 'none plain script drawing'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l hatch -d 'fill painted areas with lines that far apart, 45 degrees unless said otherwise' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l hatch-angle -d 'angle of the lines; wins over one in --hatch' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l hatch-pattern -d 'how the lines run; wins over a word in --hatch' -x -a 'parallel cross alternate contour'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l hatch-shade -d 'with --hatch: paler fills get wider spacings, black gets the one given'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l occlude -d 'an opaque fill hides the lines that lie under it'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l pen-width -d 'width of the pen'\''s line: hatching keeps half of it from edges' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l page -d 'paper' -x -a 'a0 a1 a2 a3 a4 a5 a6 a7 a8 b4 b5 b6 letter legal tabloid machine'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l orientation -d 'how the paper lies; auto: a paper by name lies as the drawing, and a page higher than wide is turned' -x -a 'auto portrait landscape'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l margin -d 'space kept free inside the page' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l fit -d 'scale into the page less its margin' -x -a 'none shrink page'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l rotate -d 'turn the drawing clockwise' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l origin -d 'where the page'\''s top left corner lies on the machine' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l splice -d 'a page beyond the machine'\''s reach is drawn in tiles with crosses at their corners, the paper moved between'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l profile -d 'machine: travel, steps per mm, servo, limits' -r -F -a 'axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l preset -d 'the figures of another driver or way of drawing at once; single flags win' -x -a 'saxi axidraw gentle technical sketch handwriting constant'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l firmware -d 'emit commands for this firmware' -x -a '2.8.1 3.0.3'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l pen-down-speed -d 'speed limit with the pen down' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l pen-up-speed -d 'speed limit with the pen up' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l pen-down-acceleration -d 'limit on the acceleration vector with the pen down' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l pen-up-acceleration -d 'limit on the acceleration vector with the pen up' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l junction-deviation -d 'how far a corner is imagined rounded (junction)' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l pen-up-height -d 'height of the raised pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l pen-down-height -d 'height of the lowered pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l lift-time -d 'time to raise the pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l drop-time -d 'time to lower the pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l no-overlap -d 'pen and travel one after the other; else at once, as long as it is off the paper'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l overlap -d 'pen and travel at once, also where a preset says otherwise'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l order -d 'how much travel is optimised' -x -a 'none join sort full'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l order-seconds -d 'budget of the search, turned into a number of steps' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l join -d 'largest gap that is drawn across to save a lift; 0: what coincides, none: nothing' -x -a 'none'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l min-length -d 'shorter paths are dropped' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l keep-duplicates -d 'draw exact duplicates again'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l by -d 'what makes a pen change' -x -a 'layer stroke pen'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l one-pen -d 'draw everything with the pen that is in: no stop for another one'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l multipass -d 'draw every stroke so often, back and forth' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l overlap-ends -d 'draw closed paths on past their beginning' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l random-starts -d 'begin closed paths anywhere, by this seed, for pens that blot' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l dwell -d 'rest with the pen down before each stroke' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l scribble -d 'bring each new pen to write with a zigzag at this place' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l marks -d 'crosses of this size in the corners of the page with each pen, to lay sheets and pens by' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l re-ink -d 'when the pen wants ink: wait for a person, or dip it at this place of the machine' -x -a 'pause'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l re-ink-distance -d 'it wants ink after so much drawn, at the next lift' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l re-ink-time -d 'it wants ink after so long drawing, at the next lift' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l re-ink-wipe -d 'after a dip draw a line, so far from its place' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l end -d 'where the carriage ends' -x -a 'home stay'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l motion -d 'speed model' -x -a 'junction physical'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l corner-tolerance -d 'how far a corner is really rounded (physical)' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l jerk -d 'limit on the change of the acceleration vector, as 20000 (physical, firmware 3): softer, slower' -x -a 'none'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l strict -d 'what would be cut, dropped or skipped is an error'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l copies -d 'draw it several times, or again and again until it is cancelled' -x -a 'endless'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l page-delay -d 'wait between copies' -x
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from plan' -F
complete -c axidrawd -n '__fish_seen_subcommand_from flatten' -l tolerance -d 'largest distance between source and planned path, all stages together' -x
complete -c axidrawd -n '__fish_seen_subcommand_from flatten' -l layers -d 'layers to draw, by name or number, separated by commas, in this order' -x
complete -c axidrawd -n '__fish_seen_subcommand_from flatten' -l outline -d 'draw the outline of every visible shape, or only of stroked ones' -x -a 'all stroked'
complete -c axidrawd -n '__fish_seen_subcommand_from flatten' -l dpi -d 'pixels per inch of a drawing made elsewhere' -x
complete -c axidrawd -n '__fish_seen_subcommand_from flatten' -l solid -d 'draw dashed lines solid'
complete -c axidrawd -n '__fish_seen_subcommand_from flatten' -l hairlines -d 'draw strokes of width 0, which browsers do not show'
complete -c axidrawd -n '__fish_seen_subcommand_from flatten' -l keep-background -d 'draw the rectangle of the paper'\''s colour that covers the page'
complete -c axidrawd -n '__fish_seen_subcommand_from flatten' -l page-number -d 'page of a drawing with several pages' -x
complete -c axidrawd -n '__fish_seen_subcommand_from flatten' -l text -d 'draw text with a single-line font: plain, script, the drawing'\''s own last <font>, or an SVG font from a file; fonts that the drawing names win' -r -F -a 'none plain script drawing'
complete -c axidrawd -n '__fish_seen_subcommand_from flatten' -l hatch -d 'fill painted areas with lines that far apart, 45 degrees unless said otherwise' -x
complete -c axidrawd -n '__fish_seen_subcommand_from flatten' -l hatch-angle -d 'angle of the lines; wins over one in --hatch' -x
complete -c axidrawd -n '__fish_seen_subcommand_from flatten' -l hatch-pattern -d 'how the lines run; wins over a word in --hatch' -x -a 'parallel cross alternate contour'
complete -c axidrawd -n '__fish_seen_subcommand_from flatten' -l hatch-shade -d 'with --hatch: paler fills get wider spacings, black gets the one given'
complete -c axidrawd -n '__fish_seen_subcommand_from flatten' -l occlude -d 'an opaque fill hides the lines that lie under it'
complete -c axidrawd -n '__fish_seen_subcommand_from flatten' -l pen-width -d 'width of the pen'\''s line: hatching keeps half of it from edges' -x
complete -c axidrawd -n '__fish_seen_subcommand_from flatten' -l json -d 'print the polylines as JSON'
complete -c axidrawd -n '__fish_seen_subcommand_from flatten' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from flatten' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from flatten' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from flatten' -F
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l stdio -d 'serve standard input and output instead of a pseudo-terminal'
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l link -d 'keep a symbolic link to the present pseudo-terminal' -x
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l once -d 'end when the client closes'
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l speed -d 'how fast its time runs' -x -a 'realtime max'
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l faults -d 'let go wrong what the script says (docs/virtual-board.md)' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l seed -d 'for what is random in it' -x
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l control -d 'a named pipe that takes lines of a script while running' -x
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l trace -d 'write every command, incident and a summary, as JSON lines' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l firmware -d 'firmware whose answers and arithmetic it has' -x -a '2.8.1 3.0.3'
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l profile -d 'machine: travel, steps per mm, play, paper' -r -F -a 'axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'
complete -c axidrawd -n '__fish_seen_subcommand_from board' -l backlash -d 'play in the belts along x and y, mm' -x
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
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l profile -d 'machine: travel, steps per mm, play, paper' -r -F -a 'axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l backlash -d 'play in the belts along x and y, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l paper-height -d 'servo pulse at which the pen meets the paper' -x
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l output -s o -d 'write what the pen drew, as .png or .svg by its ending' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l scale -d 'pixels per mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l pen-width -d 'width of the strokes' -x
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l travel -d 'show travel with the pen up in a second colour'
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from replay' -F
complete -c axidrawd -n '__fish_seen_subcommand_from design; and not __fish_seen_subcommand_from tree flow contours spirograph solids curve sampler list history' -a 'tree' -d 'the commit history of a repository as a tree in space'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and not __fish_seen_subcommand_from tree flow contours spirograph solids curve sampler list history' -a 'flow' -d 'evenly spaced lines that follow a random field'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and not __fish_seen_subcommand_from tree flow contours spirograph solids curve sampler list history' -a 'contours' -d 'height lines of a random landscape'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and not __fish_seen_subcommand_from tree flow contours spirograph solids curve sampler list history' -a 'spirograph' -d 'wheels rolling inside rings'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and not __fish_seen_subcommand_from tree flow contours spirograph solids curve sampler list history' -a 'solids' -d 'hatched blocks with hidden lines removed'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and not __fish_seen_subcommand_from tree flow contours spirograph solids curve sampler list history' -a 'curve' -d 'one line that fills the page'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and not __fish_seen_subcommand_from tree flow contours spirograph solids curve sampler list history' -a 'sampler' -d 'every other kind on one sheet'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and not __fish_seen_subcommand_from tree flow contours spirograph solids curve sampler list history' -a 'list' -d 'print every kind, name first'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and not __fish_seen_subcommand_from tree flow contours spirograph solids curve sampler list history' -a 'history' -d 'export the commits of a git repository for design tree'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from tree' -l seed -d 'another seed gives another drawing' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from tree' -l history -d 'commits as design history exports them' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from tree' -l width -d 'page width, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from tree' -l height -d 'page height, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from tree' -l margin -d 'free border, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from tree' -l spread -d 'how far branches stand off the trunk, 0…1' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from tree' -l caption -d '1 = frame and caption, 0 = neither' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from tree' -l output -s o -d 'where to write' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from tree' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from tree' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from tree' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from flow' -l seed -d 'another seed gives another drawing' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from flow' -l width -d 'page width, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from flow' -l height -d 'page height, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from flow' -l margin -d 'free border, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from flow' -l spacing -d 'distance between lines, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from flow' -l scale -d 'size of the whirls, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from flow' -l output -s o -d 'where to write' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from flow' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from flow' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from flow' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from contours' -l seed -d 'another seed gives another drawing' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from contours' -l width -d 'page width, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from contours' -l height -d 'page height, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from contours' -l margin -d 'free border, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from contours' -l levels -d 'number of heights' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from contours' -l scale -d 'size of the hills, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from contours' -l output -s o -d 'where to write' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from contours' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from contours' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from contours' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from spirograph' -l seed -d 'another seed gives another drawing' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from spirograph' -l width -d 'page width, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from spirograph' -l height -d 'page height, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from spirograph' -l margin -d 'free border, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from spirograph' -l curves -d 'number of curves' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from spirograph' -l output -s o -d 'where to write' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from spirograph' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from spirograph' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from spirograph' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from solids' -l seed -d 'another seed gives another drawing' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from solids' -l width -d 'page width, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from solids' -l height -d 'page height, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from solids' -l margin -d 'free border, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from solids' -l blocks -d 'blocks along a side' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from solids' -l hatch -d 'distance of hatch lines, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from solids' -l output -s o -d 'where to write' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from solids' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from solids' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from solids' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from curve' -l seed -d 'another seed gives another drawing' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from curve' -l width -d 'page width, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from curve' -l height -d 'page height, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from curve' -l margin -d 'free border, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from curve' -l order -d 'each step doubles the cells a side' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from curve' -l warp -d 'how much it is bent, 0…1' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from curve' -l output -s o -d 'where to write' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from curve' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from curve' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from curve' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from sampler' -l seed -d 'another seed gives another drawing' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from sampler' -l width -d 'page width, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from sampler' -l height -d 'page height, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from sampler' -l margin -d 'free border, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from sampler' -l output -s o -d 'where to write' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from sampler' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from sampler' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from sampler' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from list' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from list' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from list' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from history' -l repository -d 'folder of the repository' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from history' -l name -d 'name for the caption' -x
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from history' -l output -s o -d 'where to write' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from history' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from history' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from design; and __fish_seen_subcommand_from history' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and not __fish_seen_subcommand_from list show name pen move walk home motors align send calibrate' -a 'list' -d 'list the plotters of a running daemon and their states'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and not __fish_seen_subcommand_from list show name pen move walk home motors align send calibrate' -a 'show' -d 'all about one plotter'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and not __fish_seen_subcommand_from list show name pen move walk home motors align send calibrate' -a 'name' -d 'write a name into a board; it counts when the board is plugged in again'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and not __fish_seen_subcommand_from list show name pen move walk home motors align send calibrate' -a 'pen' -d 'raise, lower, toggle or cycle the pen'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and not __fish_seen_subcommand_from list show name pen move walk home motors align send calibrate' -a 'move' -d 'go to a place with the pen up, mm from home'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and not __fish_seen_subcommand_from list show name pen move walk home motors align send calibrate' -a 'walk' -d 'walk so many mm from here with the pen up'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and not __fish_seen_subcommand_from list show name pen move walk home motors align send calibrate' -a 'home' -d 'walk back, by the counters, to where the motors were switched on'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and not __fish_seen_subcommand_from list show name pen move walk home motors align send calibrate' -a 'motors' -d 'switch the motors on or off'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and not __fish_seen_subcommand_from list show name pen move walk home motors align send calibrate' -a 'align' -d 'raise the pen and let the carriage move by hand, to put it at home'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and not __fish_seen_subcommand_from list show name pen move walk home motors align send calibrate' -a 'send' -d 'send a command of the board as it is, and print its answer'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and not __fish_seen_subcommand_from list show name pen move walk home motors align send calibrate' -a 'calibrate' -d 'draw tests, ask what they show, and write a profile of this machine'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from list' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from list' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from list' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from list' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from list' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from list' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from show' -l device -d 'plotter of a running daemon, or the port of one without a daemon' -x
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from show' -l simulate -d 'a virtual board, as it is after power-on'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from show' -l profile -d 'machine at the port: travel, steps per mm, servo' -r -F -a 'axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from show' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from show' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from show' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from show' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from show' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from show' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from name' -l device -d 'plotter of a running daemon, or the port of one without a daemon' -x
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from name' -l simulate -d 'a virtual board, as it is after power-on'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from name' -l profile -d 'machine at the port: travel, steps per mm, servo' -r -F -a 'axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from name' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from name' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from name' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from name' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from name' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from name' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from pen' -l device -d 'plotter of a running daemon, or the port of one without a daemon' -x
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from pen' -l simulate -d 'a virtual board, as it is after power-on'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from pen' -l profile -d 'machine at the port: travel, steps per mm, servo' -r -F -a 'axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from pen' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from pen' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from pen' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from pen' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from pen' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from pen' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from pen' -a 'up'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from pen' -a 'down'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from pen' -a 'toggle'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from pen' -a 'cycle'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from move' -l device -d 'plotter of a running daemon, or the port of one without a daemon' -x
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from move' -l simulate -d 'a virtual board, as it is after power-on'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from move' -l profile -d 'machine at the port: travel, steps per mm, servo' -r -F -a 'axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from move' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from move' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from move' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from move' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from move' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from move' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from walk' -l device -d 'plotter of a running daemon, or the port of one without a daemon' -x
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from walk' -l simulate -d 'a virtual board, as it is after power-on'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from walk' -l profile -d 'machine at the port: travel, steps per mm, servo' -r -F -a 'axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from walk' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from walk' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from walk' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from walk' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from walk' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from walk' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from home' -l device -d 'plotter of a running daemon, or the port of one without a daemon' -x
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from home' -l simulate -d 'a virtual board, as it is after power-on'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from home' -l profile -d 'machine at the port: travel, steps per mm, servo' -r -F -a 'axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from home' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from home' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from home' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from home' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from home' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from home' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from motors' -l device -d 'plotter of a running daemon, or the port of one without a daemon' -x
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from motors' -l simulate -d 'a virtual board, as it is after power-on'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from motors' -l profile -d 'machine at the port: travel, steps per mm, servo' -r -F -a 'axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from motors' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from motors' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from motors' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from motors' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from motors' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from motors' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from motors' -a 'on'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from motors' -a 'off'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from align' -l device -d 'plotter of a running daemon, or the port of one without a daemon' -x
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from align' -l simulate -d 'a virtual board, as it is after power-on'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from align' -l profile -d 'machine at the port: travel, steps per mm, servo' -r -F -a 'axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from align' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from align' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from align' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from align' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from align' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from align' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from send' -l force -d 'also one that ends the conversation, such as BL or RB'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from send' -l device -d 'plotter of a running daemon, or the port of one without a daemon' -x
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from send' -l simulate -d 'a virtual board, as it is after power-on'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from send' -l profile -d 'machine at the port: travel, steps per mm, servo' -r -F -a 'axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from send' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from send' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from send' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from send' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from send' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from send' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from calibrate' -l device -d 'plotter; no daemon may hold it' -x
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from calibrate' -l simulate -d 'a virtual board, as it is after power-on'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from calibrate' -l profile -d 'built-in profile to begin with' -r -F -a 'axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from calibrate' -l output -s o -d 'profile file to write' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from calibrate' -l json -d 'the profile on standard output too'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from calibrate' -l picture -d 'with --simulate: write what the tests drew, as .png or .svg' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from calibrate' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from calibrate' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from calibrate' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l to -d 'plotter' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l name -d 'what people call the drawing' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l hold -d 'plan it and wait for resume'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l start -d 'in its turn, or when the board'\''s button is pressed' -x -a 'turn button'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l follow -d 'watch it until it is over'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l tolerance -d 'largest distance between source and planned path, all stages together' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l layers -d 'layers to draw, by name or number, separated by commas, in this order' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l outline -d 'draw the outline of every visible shape, or only of stroked ones' -x -a 'all stroked'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l dpi -d 'pixels per inch of a drawing made elsewhere' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l solid -d 'draw dashed lines solid'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l hairlines -d 'draw strokes of width 0, which browsers do not show'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l keep-background -d 'draw the rectangle of the paper'\''s colour that covers the page'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l page-number -d 'page of a drawing with several pages' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l text -d 'draw text with a single-line font: plain, script, the drawing'\''s own last <font>, or an SVG font from a file; fonts that the drawing names win' -r -F -a 'none plain script drawing'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l hatch -d 'fill painted areas with lines that far apart, 45 degrees unless said otherwise' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l hatch-angle -d 'angle of the lines; wins over one in --hatch' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l hatch-pattern -d 'how the lines run; wins over a word in --hatch' -x -a 'parallel cross alternate contour'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l hatch-shade -d 'with --hatch: paler fills get wider spacings, black gets the one given'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l occlude -d 'an opaque fill hides the lines that lie under it'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l pen-width -d 'width of the pen'\''s line: hatching keeps half of it from edges' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l page -d 'paper' -x -a 'a0 a1 a2 a3 a4 a5 a6 a7 a8 b4 b5 b6 letter legal tabloid machine'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l orientation -d 'how the paper lies; auto: a paper by name lies as the drawing, and a page higher than wide is turned' -x -a 'auto portrait landscape'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l margin -d 'space kept free inside the page' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l fit -d 'scale into the page less its margin' -x -a 'none shrink page'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l rotate -d 'turn the drawing clockwise' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l origin -d 'where the page'\''s top left corner lies on the machine' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l splice -d 'a page beyond the machine'\''s reach is drawn in tiles with crosses at their corners, the paper moved between'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l profile -d 'machine: travel, steps per mm, servo, limits' -r -F -a 'axidraw-v3 axidraw-se-a4 axidraw-v3-a3 axidraw-se-a3 axidraw-v3-xlx axidraw-minikit axidraw-se-a1 axidraw-se-a2 axidraw-v3-b6 nextdraw-8511 nextdraw-1117 nextdraw-2234'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l preset -d 'the figures of another driver or way of drawing at once; single flags win' -x -a 'saxi axidraw gentle technical sketch handwriting constant'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l pen-down-speed -d 'speed limit with the pen down' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l pen-up-speed -d 'speed limit with the pen up' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l pen-down-acceleration -d 'limit on the acceleration vector with the pen down' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l pen-up-acceleration -d 'limit on the acceleration vector with the pen up' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l junction-deviation -d 'how far a corner is imagined rounded (junction)' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l pen-up-height -d 'height of the raised pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l pen-down-height -d 'height of the lowered pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l lift-time -d 'time to raise the pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l drop-time -d 'time to lower the pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l no-overlap -d 'pen and travel one after the other; else at once, as long as it is off the paper'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l overlap -d 'pen and travel at once, also where a preset says otherwise'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l order -d 'how much travel is optimised' -x -a 'none join sort full'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l order-seconds -d 'budget of the search, turned into a number of steps' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l join -d 'largest gap that is drawn across to save a lift; 0: what coincides, none: nothing' -x -a 'none'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l min-length -d 'shorter paths are dropped' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l keep-duplicates -d 'draw exact duplicates again'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l by -d 'what makes a pen change' -x -a 'layer stroke pen'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l one-pen -d 'draw everything with the pen that is in: no stop for another one'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l multipass -d 'draw every stroke so often, back and forth' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l overlap-ends -d 'draw closed paths on past their beginning' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l random-starts -d 'begin closed paths anywhere, by this seed, for pens that blot' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l dwell -d 'rest with the pen down before each stroke' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l scribble -d 'bring each new pen to write with a zigzag at this place' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l marks -d 'crosses of this size in the corners of the page with each pen, to lay sheets and pens by' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l re-ink -d 'when the pen wants ink: wait for a person, or dip it at this place of the machine' -x -a 'pause'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l re-ink-distance -d 'it wants ink after so much drawn, at the next lift' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l re-ink-time -d 'it wants ink after so long drawing, at the next lift' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l re-ink-wipe -d 'after a dip draw a line, so far from its place' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l end -d 'where the carriage ends' -x -a 'home stay'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l motion -d 'speed model' -x -a 'junction physical'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l corner-tolerance -d 'how far a corner is really rounded (physical)' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l jerk -d 'limit on the change of the acceleration vector, as 20000 (physical, firmware 3): softer, slower' -x -a 'none'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l strict -d 'what would be cut, dropped or skipped is an error'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l copies -d 'draw it several times, or again and again until it is cancelled' -x -a 'endless'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l page-delay -d 'wait between copies' -x
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from submit' -F
complete -c axidrawd -n '__fish_seen_subcommand_from list' -l history -d 'what became of jobs, newest first'
complete -c axidrawd -n '__fish_seen_subcommand_from list' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from list' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from list' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from list' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from list' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from list' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from show' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from show' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from show' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from show' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from show' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from show' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from follow' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from follow' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from follow' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from follow' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from follow' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from follow' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from pause' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from pause' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from pause' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from pause' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from pause' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from pause' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from resume' -l homed -d 'the carriage is home; needed where nobody knows where it is'
complete -c axidrawd -n '__fish_seen_subcommand_from resume' -l stroke -d 'with --homed: begin with this stroke, counted from 0' -x
complete -c axidrawd -n '__fish_seen_subcommand_from resume' -l place -d 'with --homed: begin with the stroke nearest to it, mm' -x
complete -c axidrawd -n '__fish_seen_subcommand_from resume' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from resume' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from resume' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from resume' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from resume' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from resume' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from cancel' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from cancel' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from cancel' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from cancel' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from cancel' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from cancel' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from change' -l pen-down-speed -d 'speed limit with the pen down' -x
complete -c axidrawd -n '__fish_seen_subcommand_from change' -l pen-up-speed -d 'speed limit with the pen up' -x
complete -c axidrawd -n '__fish_seen_subcommand_from change' -l pen-up-height -d 'height of the raised pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from change' -l pen-down-height -d 'height of the lowered pen' -x
complete -c axidrawd -n '__fish_seen_subcommand_from change' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from change' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from change' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from change' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from change' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from change' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from stop' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from stop' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from stop' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from stop' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from stop' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from stop' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from task' -l to -d 'plotter' -x
complete -c axidrawd -n '__fish_seen_subcommand_from task' -l url -d 'where the plotter'\''s daemon is; of several the next is tried when one fails' -x
complete -c axidrawd -n '__fish_seen_subcommand_from task' -l consul -d 'agent that knows where the plotter is, asked before every connection' -x
complete -c axidrawd -n '__fish_seen_subcommand_from task' -l key-file -d 'file with the key for the daemon' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from task' -l products -d 'installation file with the products' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from task' -l design -d 'daemon that makes drawings of products which are not known here' -x
complete -c axidrawd -n '__fish_seen_subcommand_from task' -l patience -d 'seconds without a place in the line before it gives up' -x
complete -c axidrawd -n '__fish_seen_subcommand_from task' -l timeout -d 'seconds it may take in all' -x
complete -c axidrawd -n '__fish_seen_subcommand_from task' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from task' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from task' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from task' -F
complete -c axidrawd -n '__fish_seen_subcommand_from bounds' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from bounds' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from bounds' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from bounds' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from bounds' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from bounds' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from place' -l by -d 'so many mm to the right and to the front' -x
complete -c axidrawd -n '__fish_seen_subcommand_from place' -l here -d 'where the carriage stands'
complete -c axidrawd -n '__fish_seen_subcommand_from place' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from place' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from place' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from place' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from place' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from place' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from move-up' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from move-up' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from move-up' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from move-up' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from move-up' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from move-up' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from move-down' -l url -d 'where the daemon is: http://HOST:PORT or unix:PATH' -x
complete -c axidrawd -n '__fish_seen_subcommand_from move-down' -l key-file -d 'file with the key for it' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from move-down' -l json -d 'one JSON document on standard output'
complete -c axidrawd -n '__fish_seen_subcommand_from move-down' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from move-down' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from move-down' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and not __fish_seen_subcommand_from add list revoke' -a 'add' -d 'make a key and print it once'
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and not __fish_seen_subcommand_from add list revoke' -a 'list' -d 'list the keys by name'
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and not __fish_seen_subcommand_from add list revoke' -a 'revoke' -d 'make a key worthless'
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and __fish_seen_subcommand_from add' -l role -d 'what its holder may do' -x -a 'viewer operator admin'
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and __fish_seen_subcommand_from add' -l button -d 'a secret for the address of a button that presses this plotter and can do no more' -x
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and __fish_seen_subcommand_from add' -l days -d 'how long it is good for' -x
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and __fish_seen_subcommand_from add' -l simulated -d 'of the daemon that runs on virtual boards'
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and __fish_seen_subcommand_from add' -l state -d 'of the daemon that keeps its things there' -x
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and __fish_seen_subcommand_from add' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and __fish_seen_subcommand_from add' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and __fish_seen_subcommand_from add' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and __fish_seen_subcommand_from list' -l json -d 'one JSON document'
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and __fish_seen_subcommand_from list' -l simulated -d 'of the daemon that runs on virtual boards'
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and __fish_seen_subcommand_from list' -l state -d 'of the daemon that keeps its things there' -x
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and __fish_seen_subcommand_from list' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and __fish_seen_subcommand_from list' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and __fish_seen_subcommand_from list' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and __fish_seen_subcommand_from revoke' -l simulated -d 'of the daemon that runs on virtual boards'
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and __fish_seen_subcommand_from revoke' -l state -d 'of the daemon that keeps its things there' -x
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and __fish_seen_subcommand_from revoke' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and __fish_seen_subcommand_from revoke' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from keys; and __fish_seen_subcommand_from revoke' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and not __fish_seen_subcommand_from add list remove secret test' -a 'add' -d 'name a sender, or give it one more secret while the old ones go on'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and not __fish_seen_subcommand_from add list remove secret test' -a 'list' -d 'list the senders, never a secret'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and not __fish_seen_subcommand_from add list remove secret test' -a 'remove' -d 'forget a sender, or its old secrets'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and not __fish_seen_subcommand_from add list remove secret test' -a 'secret' -d 'print the secret by which a receiver knows our messages; the first is made'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and not __fish_seen_subcommand_from add list remove secret test' -a 'test' -d 'send one message to a receiver now, and say what it answers'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from add' -l scheme -d 'how it signs' -x -a 'standard github stripe'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from add' -l plotter -d 'every message is a press of it' -x
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from add' -l events -d 'only these kinds of message press, with commas between' -x
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from add' -l secret-file -d 'the secret is the first line of this file (- = standard input)' -x
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from add' -l simulated -d 'of the daemon that runs on virtual boards'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from add' -l state -d 'of the daemon that keeps its things there' -x
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from add' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from add' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from add' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from list' -l json -d 'one JSON document'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from list' -l simulated -d 'of the daemon that runs on virtual boards'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from list' -l state -d 'of the daemon that keeps its things there' -x
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from list' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from list' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from list' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from remove' -l old -d 'only its secrets but the newest'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from remove' -l simulated -d 'of the daemon that runs on virtual boards'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from remove' -l state -d 'of the daemon that keeps its things there' -x
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from remove' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from remove' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from remove' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from secret' -l new -d 'make another one; the last one signs on beside it'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from secret' -l old -d 'only the newest signs from now on'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from secret' -l simulated -d 'of the daemon that runs on virtual boards'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from secret' -l state -d 'of the daemon that keeps its things there' -x
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from secret' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from secret' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from secret' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from test' -l config -d 'configuration file' -r -F
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from test' -l simulated -d 'of the daemon that runs on virtual boards'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from test' -l state -d 'of the daemon that keeps its things there' -x
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from test' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from test' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from webhooks; and __fish_seen_subcommand_from test' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from check show' -a 'check' -d 'read the file and say what is wrong'
complete -c axidrawd -n '__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from check show' -a 'show' -d 'print what is in force as JSON'
complete -c axidrawd -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check' -F
complete -c axidrawd -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -F
complete -c axidrawd -n '__fish_seen_subcommand_from install' -l system -d 'for the machine: below /usr/local and /etc'
complete -c axidrawd -n '__fish_seen_subcommand_from install' -l user -d 'for oneself: below the home folder'
complete -c axidrawd -n '__fish_seen_subcommand_from install' -l root -d 'with --system: into the image of another machine' -x
complete -c axidrawd -n '__fish_seen_subcommand_from install' -l uninstall -d 'remove what was installed; settings and queue stay'
complete -c axidrawd -n '__fish_seen_subcommand_from install' -l force -d 'write over files that are somebody else'\''s or were changed'
complete -c axidrawd -n '__fish_seen_subcommand_from install' -l dry-run -d 'say what would be written, and write nothing'
complete -c axidrawd -n '__fish_seen_subcommand_from install' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from install' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from install' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from version' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from version' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from version' -l color -d 'colour on a terminal' -x -a 'auto always never'
complete -c axidrawd -n '__fish_seen_subcommand_from help' -l as -d 'print the manual page or a shell'\''s completions' -x -a 'man bash zsh fish'
complete -c axidrawd -n '__fish_seen_subcommand_from help' -l help -s h -d 'print this help'
complete -c axidrawd -n '__fish_seen_subcommand_from help' -l quiet -s q -d 'no progress and no summary'
complete -c axidrawd -n '__fish_seen_subcommand_from help' -l color -d 'colour on a terminal' -x -a 'auto always never'
