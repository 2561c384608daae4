// axidrawd-campaign NAME [--seed S] [--seeds N] …: fault campaigns. Each folder adds one campaign here.
internal import Foundation

var campaigns: [Campaign] = [wireCampaign, killCampaign, loadCampaign, soakCampaign]
#if DEBUG
    campaigns += [statesCampaign, ioCampaign, damageCampaign, proveCampaign, figuresCampaign]
#endif

exit(await runCampaign(campaigns, arguments: Array(CommandLine.arguments.dropFirst())))
