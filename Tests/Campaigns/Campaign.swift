internal import Foundation

/// One subcommand: many seeded runs with something going wrong in each.
struct Campaign: Sendable {
    var name: String
    var help: String
    /// Runs it and says what came of it.
    var run: @Sendable (CampaignArguments) async throws -> CampaignReport
}

/// Finds the campaign that the arguments name, runs it and prints its rows; gives the exit code.
func runCampaign(_ campaigns: [Campaign], arguments: [String]) async -> Int32 {
    guard let name = arguments.first, name != "--help" else {
        for campaign in campaigns { print("axidrawd-campaign \(campaign.name)  \(campaign.help)") }
        print(CampaignArguments.help)
        return arguments.isEmpty ? 64 : 0
    }
    guard let campaign = campaigns.first(where: { $0.name == name }) else {
        complain("no campaign is called \(name); known are \(campaigns.map(\.name).joined(separator: ", "))")
        return 64
    }
    do {
        let chosen = try CampaignArguments(arguments.dropFirst())
        let report = try await campaign.run(chosen)
        print(chosen.isJSON ? report.json : report.summary)
        return report.failureCount == 0 ? 0 : 1
    } catch let error as CampaignArguments.Misuse {
        complain(error.reason)
        return 64
    } catch {
        complain("\(name): \(error)")
        return 1
    }
}

func complain(_ text: String) {
    FileHandle.standardError.write(Data(("axidrawd-campaign: " + text + "\n").utf8))
}
