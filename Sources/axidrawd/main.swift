internal import Glibc
internal import axidrawd

exit(await CommandRun.exitCode(Array(CommandLine.arguments.dropFirst())))
