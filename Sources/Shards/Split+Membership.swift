extension Split {
  /// SHA-256 of which samples train and which test.
  ///
  /// Unlike the file's it is the same for every data set that has these samples, such as an occluded variant.
  public var membership: String {
    var digest = SHA256Digest()
    for (part, names) in [("train", train), ("test", test)] {
      digest.update("\(part) \(names.count)\n")
      for name in names.sorted() { digest.update(name + "\n") }
    }
    return digest.hex
  }

  /// The list that a sample is in, as messages call it; nil for a sample that is in none.
  public func place(of names: some Sequence<String>) -> [String: String] {
    var places: [String: String] = [:]
    for (place, names) in [("train", train), ("test", test), ("excluded", excluded)] {
      for name in names { places[name] = place }
    }
    let wanted = Set(names)
    return places.filter { wanted.contains($0.key) }
  }
}
