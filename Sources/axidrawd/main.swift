internal import Glibc
internal import axidrawd

exit(await CommandRun.exitCode(CommandRun.arguments))
