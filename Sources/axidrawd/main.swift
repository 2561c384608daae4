internal import Glibc

exit(await CommandRun.run(Array(CommandLine.arguments.dropFirst())).rawValue)
