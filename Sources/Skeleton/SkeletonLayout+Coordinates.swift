extension SkeletonLayout {
  /// The layout with another number of coordinates: COCO's keypoints in space, or Kinect's joints in an image.
  public func with(coordinates: Int) -> SkeletonLayout {
    SkeletonLayout(
      name: name, joints: joints, parents: parents, parts: parts, centre: centre, mirrored: mirrored,
      coordinates: coordinates, bodies: bodies, up: up, kinect: kinect)
  }
}
