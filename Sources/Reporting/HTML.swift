import Crypto
import Foundation
import Skeleton

/// What the pages of this package share: how text stands in them, and what a browser may do with them.
public enum HTML {
  /// Text that stands as itself in elements, in quoted attributes, and in SVG.
  ///
  /// A browser reads code points, so each is looked at by itself: where one that joins the next one, or is joined to the
  /// one before, stands beside `<`, both are one character to Swift, which would not be equal to `<`.
  public static func escaped(_ text: String) -> String {
    text.visible.unicodeScalars.reduce(into: "") { escaped, scalar in
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
  }

  /// JSON that cannot end the `script` element that it stands in, nor begin another one.
  public static func embedded(json: Data) -> Data {
    var safe = Data(capacity: json.count)
    for byte in json {
      if byte == UInt8(ascii: "<") { safe.append(contentsOf: "\\u003c".utf8) } else { safe.append(byte) }
    }
    return safe
  }

  /// The content security policy of a page that has one style and at most one script: these alone may act, by their
  /// digests, and nothing is loaded or sent, whatever the rest of the page has come to hold.
  ///
  /// - Parameters:
  ///   - style: what stands between `<style>` and `</style>`, to the byte.
  ///   - script: the same of `<script>`; nil for a page without one.
  public static func policy(style: String, script: String? = nil) -> String {
    let parts = [
      "default-src 'none'", "img-src data:", script.map { "script-src '\(digest($0))'" },
      "style-src '\(digest(style))'", "base-uri 'none'", "form-action 'none'",
    ]
    return parts.compactMap(\.self).joined(separator: "; ")
  }

  /// The beginning of a page without scripts, up to its body.
  ///
  /// - Parameters:
  ///   - title: the page's title, as plain text.
  ///   - style: its style sheet.
  ///   - generator: what made it, as plain text.
  ///   - subject: what the page is of, for the program that is asked to replace it; nil if none asks.
  public static func head(title: String, style: String, generator: String, subject: String? = nil) -> String {
    let of = subject.map { #"<meta name="subject" content="\#(escaped($0))">"# + "\n" } ?? ""
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="\(policy(style: style))">
      <meta name="generator" content="\(escaped(generator))">
      \(of)<link rel="icon" href="data:,">
      <title>\(escaped(title))</title>
      <style>\(style)</style>
      </head>
      """
  }

  /// What a content security policy calls a text that may act.
  private static func digest(_ text: String) -> String {
    "sha256-" + Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
  }
}
