import HDF5
import Skeleton

/// What `body` returns; an error of a lower layer becomes one that names the file.
func inFile<Result: ~Copyable>(
  _ name: String, at place: String = "", _ body: () throws(HDF5Error) -> Result
) throws(InputError) -> Result {
  do {
    return try body()
  } catch {
    throw InputError(
      name, at: place, found: error.description,
      hint: "the file is damaged or no shard; convert again, or copy it again from where it came from")
  }
}
