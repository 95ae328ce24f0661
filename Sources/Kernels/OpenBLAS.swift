import CKernels
import COpenBLAS

/// Why the OpenBLAS that the program was started with cannot be used.
public struct OpenBLASError: Error, CustomStringConvertible {
  /// What is wrong, and what mends it.
  public let description: String
  /// The exit status for it, of `sysexits.h`: 69 for the wrong library, 71 for too little memory.
  public let status: Int32
}

/// Which OpenBLAS the program runs on.
public struct OpenBLAS: Sendable {
  /// The processor that its loops were chosen for (`Haswell`, `SkylakeX`). Results differ between these.
  public let core: String

  /// Checks the library and leaves the threads to us: one thread for each call.
  ///
  /// Only the pthread build will do. The serial build is not safe to call from several threads, and the
  /// OpenMP build ignores the number of threads it is told.
  public static func start() throws(OpenBLASError) -> OpenBLAS {
    try started.get()
  }

  private static let started: Result<OpenBLAS, OpenBLASError> = {
    let build = openblas_get_parallel()
    guard build == 1 else {
      return .failure(
        OpenBLASError(
          description: """
            OpenBLAS is its \(build == 0 ? "serial" : "OpenMP") build, which gives wrong results or runs \
            slowly under several threads; this program needs the pthread build.
            Debian and Ubuntu: apt install libopenblas0-pthread libopenblas-pthread-dev
            then choose it:    update-alternatives --config libopenblas.so.0-$(uname -m)-linux-gnu
            """, status: 69))
    }
    // Every thread has a buffer of OpenBLAS's, which asks for it again and again for ever where there is none, and an
    // arena of the allocator's, half as large.
    guard ck_has_room(Int32(clamping: 2 * threadCount + 1)) != 0 else {
      return .failure(
        OpenBLASError(
          description: """
            there is less memory than the \(threadCount) threads of this machine work in, 256 MiB each; \
            raise the limit, see `ulimit -v`
            """, status: 71))
    }
    openblas_set_num_threads(1)
    return .success(unsafe OpenBLAS(core: String(cString: openblas_get_corename())))
  }()

  /// Stops the program when the library is of the wrong build; commands call `start()` first and report it.
  static func require() {
    if case .failure(let error) = started { fatalError(error.description) }
  }
}

/// One product c (m, n) = a (m, k) bᵀ (n, k) by a single `cblas_sgemm` that shares it among `threads` threads
/// of OpenBLAS's own: what our products are compared with. Nothing else may run meanwhile.
public func libraryProduct(_ a: Storage, _ b: Storage, m: Int, n: Int, k: Int, threads: Int) -> Storage {
  OpenBLAS.require()
  openblas_set_num_threads(Int32(threads))
  defer { openblas_set_num_threads(1) }
  let c = Storage(count: m * n)
  unsafe Matrix(c, stride: n).setProduct(
    rows: m, columns: n, depth: k, Matrix(a, stride: k), Matrix(b, stride: k).transposed)
  return c
}
