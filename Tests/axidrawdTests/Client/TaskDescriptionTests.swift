internal import Testing

@testable import Text
@testable import axidrawd

/// What a task takes for its own.
struct TaskDescriptionTests {
    private func read(_ text: String) -> Result<TaskDescription, TaskDescription.Failure> {
        do throws(TaskDescription.Failure) { return .success(try TaskDescription(Array(text.utf8))) } catch {
            return .failure(error)
        }
    }

    @Test func readsWhatItWritesAndWhatTheOriginalWrote() throws {
        let ours = TaskDescription(
            product: "vault \"é\"", time: 1_560_027_573_542, ticket: "01M8/x.y-z_9", plotter: "plot2")
        #expect(try read(ours.json.text).get() == ours)
        let old = try read(#"{"product":"nomad","ts":1560027573542}"#).get()
        #expect(old == TaskDescription(product: "nomad", time: 1_560_027_573_542, ticket: "", plotter: nil))
    }

    /// Two runs of one press have the same ticket; two presses, or two plotters, have not.
    @Test func aTicketIsMadeOfWhatIsDrawn() throws {
        func ticket(_ product: String, _ time: Int, _ plotter: String) -> String {
            TaskDescription(product: product, time: time, ticket: "", plotter: nil).completed(plotter: plotter).ticket
        }
        let first = ticket("a", 1, "plot1")
        #expect(first == ticket("a", 1, "plot1"))
        #expect(Set([first, ticket("b", 1, "plot1"), ticket("a", 2, "plot1"), ticket("a", 1, "plot2")]).count == 4)
        let given = TaskDescription(product: "a", time: 1, ticket: "t", plotter: nil)
        #expect(given.completed(plotter: "plot1").ticket == "t")
    }

    @Test(arguments: [
        "", "x", "[]", "null", "1", "{}", #"{"product":"a"}"#, #"{"ts":1}"#, #"{"product":null,"ts":1}"#,
        #"{"product":"","ts":1}"#, #"{"product":"a","ts":"1"}"#, #"{"product":"a","ts":-1}"#,
        #"{"product":"a","ts":1.5}"#,
        #"{"product":"a","ts":1,"svg":"<svg/>"}"#, #"{"product":"a","ts":1,"ticket":"t"}"#,
        #"{"version":1,"product":"a","ts":1,"other":1}"#, #"{"version":0,"product":"a","ts":1}"#,
        #"{"version":"1","product":"a","ts":1}"#, #"{"version":1,"product":"a","ts":1,"ticket":"a b"}"#,
        #"{"version":1,"product":"a","ts":1,"ticket":""}"#, #"{"version":1,"product":"a","ts":1,"ticket":"a\r\nX: y"}"#,
        #"{"version":1,"product":"a","ts":1,"plotter":""}"#, #"{"version":1,"product":"a","ts":1,"plotter":7}"#,
        #"{"product":"a","product":"b","ts":1}"#, #"{"product":"a","ts":1}{}"#,
    ]) func refusesWhatIsNotOurs(text: String) {
        guard case .failure(.notOurs) = read(text) else {
            Issue.record("taken: \(text)")
            return
        }
    }

    @Test func saysWhatIsNewerAndWhatIsTooLong() {
        #expect(read(#"{"version":2,"drawing":{}}"#) == .failure(.newer(version: 2)))
        let text = #"{"product":"a","ts":1}"#
        let fits = text + String(repeating: " ", count: TaskDescription.longest - text.utf8.count)
        #expect((try? read(fits).get())?.product == "a")
        #expect(read(fits + " ") == .failure(.tooLong(bytes: 16_385)))
    }
}
