// axidrawd-campaign NAME [--seed S] [--seeds N] …: fault campaigns. Each folder adds one campaign here.
internal import Foundation

var campaigns: [Campaign] = [wireCampaign, killCampaign, loadCampaign, soakCampaign, fleetCampaign]
#if DEBUG
    campaigns += [statesCampaign, ioCampaign, damageCampaign, proveCampaign, figuresCampaign]
#endif

let arguments = Array(CommandLine.arguments.dropFirst())
if let code = runDouble(arguments) { exit(code) }
exit(await runCampaign(campaigns, arguments: arguments))
