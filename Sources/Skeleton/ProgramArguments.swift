/// The arguments that a program was started with, as the bytes that they are.
///
/// Paths are any bytes to the system, and texts to this program: of bytes that are no text another path would be made,
/// the same one for different ones.
public enum ProgramArguments {
  /// Throws unless every argument is UTF-8.
  public static func check() throws {
    var arguments: [[UInt8]] = []
    for index in 0..<Int(CommandLine.argc) {
      // The system's list has `argc` texts, each with a zero at its end, and stays for as long as the program runs.
      guard let text = unsafe CommandLine.unsafeArgv[index] else { continue }
      var bytes: [UInt8] = []
      var at = 0
      while unsafe text[at] != 0 {
        bytes.append(UInt8(bitPattern: unsafe text[at]))
        at += 1
      }
      arguments.append(bytes)
    }
    try check(arguments)
  }

  static func check(_ arguments: [[UInt8]]) throws {
    for (index, bytes) in arguments.enumerated() where String(validating: bytes, as: UTF8.self) == nil {
      throw InputError(
        "argument \(index)",
        found: "bytes that are no text, \(String(decoding: bytes.prefix(80), as: UTF8.self))",
        expected: "UTF-8", hint: "give the file or folder another name")
    }
  }
}
