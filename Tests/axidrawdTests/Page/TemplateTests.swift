internal import Testing

@testable import axidrawd

struct TemplateTests {
    private func filled(_ text: String, _ values: Template.Values = [:]) -> String {
        do throws(Template.Failure) { return try Template(text).filled(values) } catch { return "! \(error)" }
    }

    @Test func fillsHolesAndEscapesThem() {
        #expect(filled("a{{x}}b", ["x": .text("<\"&'>")]) == "a&lt;&quot;&amp;'&gt;b")
        #expect(filled("{{x}}", ["x": .text("{{x}}")]) == "{{x}}")
        #expect(filled("a { b }} c") == "a { b }} c")
    }

    @Test(arguments: [
        (Template.Value.flag(true), "yes"), (.flag(false), "no"), (.text("t"), "yes"), (.text(""), "no"),
        (.list([]), "no"), (.list([[:], [:]]), "yesyes"),
    ])
    func showsASectionForWhatIsThere(_ value: Template.Value, _ text: String) {
        #expect(filled("{{#x}}yes{{/x}}{{^x}}no{{/x}}", ["x": value]) == text)
    }

    @Test func takesAnItemsValuesBeforeThoseAround() {
        let items: [Template.Values] = [["a": .text("1")], ["a": .text("2"), "b": .text("3")]]
        let values: Template.Values = ["list": .list(items), "a": .text("x"), "b": .text("y")]
        #expect(filled("{{#list}}{{a}}{{b}} {{/list}}{{a}}", values) == "1y 23 x")
    }

    @Test func takesAnotherTemplateWithTheValuesOfItsPlace() throws {
        let head = Template.Value.template(try Template("<{{a}}>"))
        #expect(filled("{{head}}{{a}}", ["head": head, "a": .text("&")]) == "<&amp;>&amp;")
    }

    @Test(arguments: [
        ("a\n{{x", "! line 2: }} is missing"), ("{{#x}}\n\n", "! line 1: {{/x}} is missing"),
        ("\n{{/x}}", "! line 2: {{/x}} closes nothing here"),
        ("{{#x}}{{/y}}", "! line 1: {{/y}} closes nothing here"), ("\n\n{{y}}", "! line 3: there is no text y"),
        ("{{#y}}{{/y}}", "! line 1: there is no value y"), ("}}{{", "! line 1: }} is missing"),
    ])
    func saysWhereATextIsNoTemplate(_ text: String, _ said: String) {
        #expect(filled(text, ["x": .flag(true)]) == said)
    }

    @Test func endsAtADepthThatNobodyNeeds() {
        let text = String(repeating: "{{#x}}", count: 10_000)
        #expect(filled(text, ["x": .flag(true)]) == "! line 1: too many sections in sections")
    }
}
