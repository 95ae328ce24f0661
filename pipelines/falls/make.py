#!/usr/bin/env python3
"""Writes the recordings of this example: stick figures that fall or walk, as a pose estimator sees them in a video.

pipelines/falls/make.py: five people, one recording of each class, 24 frames of COCO's 17 keypoints in pixels, with
confidences; and new.csv, a fall of a sixth person. Nothing but Python is needed, and the files are the same every time.
"""
import csv
import math
import pathlib
import random

HERE = pathlib.Path(__file__).parent
FRAMES = 24
JOINTS = [
    "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow",
    "right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle",
    "right_ankle",
]


def figure(swing, arms):
    """A body of height 1 above its feet, x to the right, y up; legs and arms swing by angles."""
    body = {"nose": (0, 0.93), "left_eye": (0.02, 0.95), "right_eye": (-0.02, 0.95), "left_ear": (0.04, 0.94),
            "right_ear": (-0.04, 0.94)}
    for side, sign in (("left", 1), ("right", -1)):
        shoulder, hip = (sign * 0.11, 0.82), (sign * 0.08, 0.53)
        body[side + "_shoulder"], body[side + "_hip"] = shoulder, hip
        angle = sign * swing
        body[side + "_knee"] = (hip[0] + 0.26 * math.sin(angle), hip[1] - 0.26 * math.cos(angle))
        knee = body[side + "_knee"]
        bend = angle - 0.4 * abs(swing)
        body[side + "_ankle"] = (knee[0] + 0.25 * math.sin(bend), knee[1] - 0.25 * math.cos(bend))
        lift = -sign * swing * 0.8 + sign * arms
        body[side + "_elbow"] = (shoulder[0] + 0.17 * math.sin(lift), shoulder[1] - 0.17 * math.cos(lift))
        elbow = body[side + "_elbow"]
        body[side + "_wrist"] = (elbow[0] + 0.15 * math.sin(lift), elbow[1] - 0.15 * math.cos(lift))
    return body


def recording(kind, draw):
    """Frames of (x, y, confidence) for each joint, in an image of 640 x 480, whose y points down."""
    height, floor, x = draw.uniform(220, 300), draw.uniform(400, 440), draw.uniform(220, 420)
    pace, phase, start = draw.uniform(0.35, 0.5), draw.uniform(0, 6), draw.randint(4, 8)
    direction = draw.choice((-1, 1))
    frames = []
    for frame in range(FRAMES):
        if kind == "walk":
            x += direction * 4
            tilt, body = 0.0, figure(0.45 * math.sin(pace * frame + phase), 0.1)
        else:
            fallen = min(1.0, max(0.0, (frame - start) / 9)) ** 2
            tilt, body = direction * 1.45 * fallen, figure(0.15, 0.1 + 1.2 * fallen)
        row = {}
        for joint in JOINTS:
            u, v = body[joint]
            u, v = u * math.cos(tilt) + v * math.sin(tilt), v * math.cos(tilt) - u * math.sin(tilt)
            confidence = draw.uniform(0.7, 0.99)
            # Now and then a joint is lost.
            if draw.random() < 0.01:
                row[joint] = (0, 0, 0)
            else:
                row[joint] = (round(x + height * u + draw.gauss(0, 1), 1),
                              round(floor - height * v + draw.gauss(0, 1), 1), round(confidence, 2))
        frames.append(row)
    return frames


def write(path, frames):
    with open(path, "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["frame"] + [f"{joint}_{axis}" for joint in JOINTS for axis in ("x", "y", "confidence")])
        for number, frame in enumerate(frames):
            table.writerow([number] + [value for joint in JOINTS for value in frame[joint]])


def main():
    draw = random.Random(1)
    (HERE / "recordings").mkdir(exist_ok=True)
    rows = [["name", "class", "subject"]]
    for person in range(1, 6):
        for kind in ("fall", "walk"):
            name = f"{kind}-{person}"
            write(HERE / "recordings" / f"{name}.csv", recording(kind, draw))
            rows.append([name, kind, f"S{person}"])
    with open(HERE / "labels.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    write(HERE / "new.csv", recording("fall", draw))


main()
