"""A digest of the arrays of safetensors files, whatever their order: digest.py FILE..."""
import hashlib
import json
import struct
import sys

for path in sys.argv[1:]:
    with open(path, "rb") as file:
        data = file.read()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    digest = hashlib.sha256()
    for name in sorted(header):
        first, end = header[name]["data_offsets"]
        digest.update(f"{name} {header[name]['shape']} ".encode() + data[start + first:start + end])
    print(digest.hexdigest()[:32], len(header), path.rsplit("/", 1)[1])
