internal import Foundation
internal import Testing

@testable import HTTP
@testable import Text
@testable import axidrawd

/// What Nomad is asked for a press, and what its answers are taken for.
struct NomadDispatchTests {
    private static let ticket = PressTicket(id: "01M8T", plotter: "plot1", product: "nomad", seed: 1_560_027_573_542)

    private func plan(_ server: ScriptedServer, _ change: (inout NomadPlan) -> Void = { _ in }) throws -> NomadPlan {
        let location = try #require(HTTPLocation("http://127.0.0.1:\(server.port)"))
        var plan = NomadPlan(location: location, job: "plotter")
        change(&plan)
        return plan
    }

    private func dispatch(_ plan: NomadPlan, patience: Int64 = 60_000, token: String? = nil) async -> DispatchFailure? {
        var nomad = NomadDispatch(plan: { plan }, token: { _ in token })
        nomad.patience = patience
        do throws(DispatchFailure) {
            try await nomad.dispatch(Self.ticket)
            return nil
        } catch { return error }
    }

    private static func answer(_ status: Int, _ body: String, _ type: String = "text/plain; charset=utf-8") -> String {
        "HTTP/1.1 \(status) X\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// As a server of 1.1.2 answers, in chunks.
    private static let promised: String = {
        let body = #"{"DispatchedJobID":"plotter/dispatch-1795403115-43f2d0e4","EvalID":"d0","EvalCreateIndex":15}"#
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Nomad-Index: 15\r\n"
        return head + "Transfer-Encoding: chunked\r\n\r\n\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
    }()

    @Test func asksForATaskWithADescription() async throws {
        let server = try ScriptedServer { _, _ in .bytes(Self.promised) }
        defer { server.stop() }
        let plan = try plan(server) {
            $0.namespace = "studio"
            $0.region = "eu"
        }
        #expect(await dispatch(plan, token: "t-1") == nil)
        let request = try #require(server.requests.first)
        #expect(
            request.head.hasPrefix(
                "POST /v1/job/plotter/dispatch?idempotency_token=01M8T&namespace=studio&region=eu HTTP/1.1\r\n"))
        #expect(request.value("X-Nomad-Token") == "t-1")
        let body = try JSONReader.read(request.body)
        #expect(body["Meta"]?.text == #"{"plotter":"plot1"}"#)
        let payload = Array(try #require(Data(base64Encoded: body.word("Payload"))))
        let task = try TaskDescription(payload)
        #expect(task == TaskDescription(product: "nomad", time: 1_560_027_573_542, ticket: "01M8T", plotter: "plot1"))
        // Programs of the original read it, too.
        let members = try JSONReader.read(payload)
        #expect(members["product"] == .string("nomad") && members["ts"] == .integer(1_560_027_573_542))
    }

    /// Jobs as the original had them declare no meta: a server would refuse it.
    @Test func aJobOfItsOwnForAPlotterGetsNoMeta() async throws {
        let server = try ScriptedServer { _, _ in .bytes(Self.promised) }
        defer { server.stop() }
        let plan = try plan(server) { $0.jobs = ["plot1": "plotter1"] }
        #expect(await dispatch(plan) == nil)
        let request = try #require(server.requests.first)
        #expect(request.head.hasPrefix("POST /v1/job/plotter1/dispatch?"))
        #expect(try JSONReader.read(request.body)["Meta"]?.text == "{}" && request.value("X-Nomad-Token") == nil)
        let nomad = NomadDispatch(plan: { plan })
        #expect(nomad.dispatches(for: "plot1") && nomad.dispatches(for: "plot2"))
        #expect(!NomadDispatch(plan: { nil }).dispatches(for: "plot1"))
    }

    /// Texts as servers of 1.1.2 gave them. A 500 mostly is a mistake of whoever asks.
    @Test(arguments: [
        (500, "Payload is not provided but required by parameterized job", false),
        (500, "Dispatch did not provide required meta keys: [plotter]", false),
        (500, "Dispatch request included unpermitted metadata keys: [x]", false),
        (500, "parameterized job not found", false),
        (500, "Specified job \"plotter\" is not a parameterized job", false),
        (500, "Payload exceeds maximum size; 16385 > 16384", false),
        (500, "UUID must be 36 characters", false),
        (400, "illegal base64 data at input byte 1", false), (403, "Permission denied", false),
        (404, "Invalid method", false), (405, "Invalid method", false),
        (500, "No cluster leader", true), (500, "1 error: rpc error: EOF", true),
        (429, "slow down", true), (502, "<html>", true), (503, "", true), (504, "", true), (302, "", true),
    ]) func tellsMistakesFromOutages(status: Int, text: String, isPassing: Bool) async throws {
        let server = try ScriptedServer { _, _ in .bytes(Self.answer(status, text)) }
        defer { server.stop() }
        let failure = await dispatch(try plan(server))
        #expect(failure?.isPassing == isPassing)
        let reason = failure?.reason ?? ""
        #expect(reason.contains("\(status)") || status == 403, "\(reason)")
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [
        Self.answer(200, "", "application/json"), Self.answer(200, "true", "application/json"),
        Self.answer(200, "{}", "application/json"), Self.answer(200, "{\"DispatchedJobID\":\"\"}", "application/json"),
        Self.answer(200, "{\"DispatchedJobID\":7}", "application/json"), Self.answer(200, "<html>welcome", "text/html"),
        "HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n{\"DispatchedJobID\":\"plotter/dispatch-1\"", "", "junk\r\n\r\n",
        String(promised.dropLast(7)), Self.answer(200, String(repeating: "x", count: 70_000)),
    ]) func nonsenseIsNoPromise(bytes: String) async throws {
        let server = try ScriptedServer { _, _ in .bytes(bytes) }
        defer { server.stop() }
        #expect(await dispatch(try plan(server))?.isPassing == true)
    }

    @Test func whoSaysNothingIsNotWaitedFor() async throws {
        let server = try ScriptedServer { _, _ in .silence }
        let failure = await dispatch(try plan(server), patience: 50)
        #expect(failure?.isPassing == true && failure?.reason.contains("does not answer in time") == true)
        let plan = try plan(server)
        server.stop()
        #expect(await dispatch(NomadPlan(location: plan.location, job: nil))?.isPassing == false)
    }

    /// A description is short whatever is in it.
    @Test func aDescriptionIsCarried() throws {
        let long = String(repeating: "\u{1}", count: 256)
        let ticket = PressTicket(id: long, plotter: long, product: long, seed: .max)
        let plan = NomadPlan(location: try #require(HTTPLocation("http://h:1")), job: "j")
        let payload = try JSONReader.read(NomadDispatch.body(ticket, plan)).word("Payload")
        #expect(try #require(Data(base64Encoded: payload)).count <= TaskDescription.longest)
    }
}
