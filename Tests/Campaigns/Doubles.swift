internal import ClusterDoubles
internal import Foundation

/// `axidrawd-campaign double NAME`: a double of somebody else's service for programs that are no part of the tests, until
/// standard input ends. Says where it is; nil when nothing of that kind is asked for.
func runDouble(_ arguments: [String]) -> Int32? {
    guard arguments.first == "double" else { return nil }
    if arguments.dropFirst().contains(where: { ["--help", "-h"].contains($0) }) {
        print(
            """
            axidrawd-campaign double consul
              A double of Consul 1.10 for any client, at a free port of this machine: its address is the first line.
              It lives until standard input ends; a line there makes something happen, and "done LINE" answers:
                forget  the agent forgets its services
                die     connections are cut, nobody is answered
                empty   it is there again, with nothing of what it knew
            A double of Nomad: python3 Tests/Clients/nomad_double.py --help
            """)
        return 0
    }
    guard arguments.dropFirst() == ["consul"] else {
        complain("double needs the name of a service: consul; --help tells more")
        return 64
    }
    do {
        let double = try ConsulDouble()
        print(double.url)
        fflush(nil)
        // Each line is something that happens to it.
        while let line = readLine() {
            switch line {
            case "forget": double.forgetServices()
            case "die": double.die()
            case "empty": try double.comeBackEmpty()
            default: complain("knows forget, die and empty")
            }
            print("done \(line)")
            fflush(nil)
        }
        return 0
    } catch {
        complain("double: \(error)")
        return 1
    }
}
