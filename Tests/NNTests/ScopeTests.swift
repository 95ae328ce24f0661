import NN
import TensorCore
import Testing

@Suite struct ScopeTests {
  @Test func aPlaceStartsAsAnother() throws {
    let store = ParameterStore(seed: 1)
    let first = store.root / "first"
    _ = Linear(first / "layers" / "0", from: 3, to: 2)
    _ = Linear((store.root / "second").starting(as: first) / "layers" / "0", from: 3, to: 2)
    _ = Linear(store.root / "third" / "layers" / "0", from: 3, to: 2)
    #expect(store.names.prefix(4).last == "second.layers.0.bias")
    func values(_ name: String) throws -> [Float] { try #require(store[name]).value.values }
    for name in ["layers.0.weight", "layers.0.bias"] {
      #expect(try values("second.\(name)") == values("first.\(name)"))
      #expect(try values("third.\(name)") != values("first.\(name)"))
    }
    // What is given goes by the parameter's own name.
    let given = ParameterStore(seed: 1) { name, _ in name == "second.weight" ? [1, 2, 3] : [4, 5, 6] }
    let place = (given.root / "second").starting(as: given.root / "first")
    #expect(place.parameter("weight", shape: [3], initialise: constant(0)).value.values == [1, 2, 3])
  }

  @Test func buffersOfManyNumbers() {
    let table = Tensor([1, 2, 3], shape: [1, 3])
    let buffer = (ParameterStore(seed: 1).root / "pe").buffer("pe", shape: [1, 3], value: table)
    #expect(buffer.name == "pe.pe" && buffer.role == .statistic && buffer.value.values == [1, 2, 3])
    let given = ParameterStore(seed: 1) { _, _ in [4, 5, 6] }
    #expect(given.root.buffer("pe", shape: [1, 3], value: table).value.values == [4, 5, 6])
  }
}
