// axidrawd-campaign NAME [--seed S] [--seeds N] …: fault campaigns. Each folder adds one campaign here.
internal import Foundation

let campaigns: [Campaign] = [wireCampaign, killCampaign]

exit(await runCampaign(campaigns, arguments: Array(CommandLine.arguments.dropFirst())))
