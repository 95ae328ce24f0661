import ArgumentParser
import Foundation
import Preparation
import Skeleton

extension SkeletonDataset: ExpressibleByArgument {}
extension EvaluationProtocol: ExpressibleByArgument {}
extension SplitScheme: ExpressibleByArgument {}
extension GroupSplitOptions.Key: ExpressibleByArgument {}
extension EvaluationProtocol.Part: ExpressibleByArgument {}

/// The number of threads that commands use unless told otherwise.
let usualJobs = ProcessInfo.processInfo.activeProcessorCount
