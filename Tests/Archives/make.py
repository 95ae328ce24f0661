"""Makes archives as honest programs, careless ones and attackers make them, and says what must come of each.

    python3 make.py FOLDER

writes the files, and `expected.json`: by file, either "refused" (the archive as a whole), or for each member what
becomes of it: "read SHA256" or the word of the reason. Everything is made by the standard library's zipfile, tarfile
and gzip, and bytes are changed afterwards where a lie is wanted.
"""

import bz2, gzip, hashlib, io, json, os, struct, sys, tarfile, zipfile, zlib

folder = sys.argv[1]
expected = {}
GOOD = "a/S001C001P001R001A001.skeleton"
OTHER = "a/S001C001P001R001A002.skeleton"
TEXT = b"".join(b"%d %d.5 %d\n" % (i, i * 7 % 100, -i) for i in range(3000))
MIB = 1 << 20


def read(data=TEXT):
    return "read " + hashlib.sha256(data).hexdigest()


def case(name, data, members):
    assert name not in expected
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)
    expected[name] = members


# zip ------------------------------------------------------------------------------------------------------------------


def info(name, method=zipfile.ZIP_DEFLATED, mode=0o100644, host=3):
    i = zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6))
    i.compress_type, i.create_system, i.external_attr = method, host, mode << 16
    return i


def zipped(*members, **options):
    """The bytes of an archive of (ZipInfo or name, data) pairs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as z:
        for member, data in members:
            z.writestr(member if isinstance(member, zipfile.ZipInfo) else info(member), data)
    return out.getvalue()


def renamed(data, old, new):
    """Names of equal length exchanged, in the headers and the directory: names that zipfile would tidy."""
    assert len(old) == len(new) and data.count(old) == 2
    return data.replace(old, new)


def central(data, index=0):
    """Where the index-th entry of the directory starts."""
    at = struct.unpack("<I", data[-6:-2])[0]
    for _ in range(index):
        n, e, c = struct.unpack("<HHH", data[at + 28 : at + 34])
        at += 46 + n + e + c
    return at


def changed(data, *changes):
    """Numbers replaced: (offset, format, value)."""
    data = bytearray(data)
    for at, form, value in changes:
        at = at if at >= 0 else len(data) + at
        struct.pack_into("<" + form, data, at, value)
    return bytes(data)


plain = zipped((GOOD, TEXT))
two = zipped((GOOD, TEXT), (OTHER, TEXT[:5000]))
stored = zipped((info(GOOD, zipfile.ZIP_STORED), TEXT))
c, d = central(plain), central(stored)
both = {GOOD: read(), OTHER: read(TEXT[:5000])}

case("plain.zip", plain, {GOOD: read()})
case("two.zip", two, both)
case("stored.zip", stored, {GOOD: read()})
case("empty.zip", zipped(), {})
case("nothing.zip", b"", "refused")
case("noise.zip", bytes(i * 89 % 251 for i in range(5000)), "refused")
case("folders.zip", zipped((info("a/", mode=0o40755), b""), (GOOD, TEXT), ("a/readme", b"x")), {GOOD: read(), "a/readme": "stray"})
case("upper.zip", zipped(("X.SKELETON", TEXT)), {"X.SKELETON": read()})
case("unicode.zip", zipped(("ä/x.skeleton", TEXT)), {"ä/x.skeleton": read()})
case("nobytes.zip", zipped((GOOD, b"")), {GOOD: read(b"")})
commented = io.BytesIO()
with zipfile.ZipFile(commented, "w") as z:
    z.writestr(info(GOOD), TEXT)
    z.comment = b"PK\5\6 a comment that looks like an end " * 9
case("comment.zip", commented.getvalue(), {GOOD: read()})


class Unseekable(io.BytesIO):
    def seekable(self):
        return False

    def seek(self, *a):
        raise OSError

    def tell(self):
        raise OSError


stream = Unseekable()
with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr(info(GOOD), TEXT)
case("descriptor.zip", stream.getvalue(), {GOOD: read()})
wide = io.BytesIO()
with zipfile.ZipFile(wide, "w", zipfile.ZIP_DEFLATED) as z:
    with z.open(info(GOOD), "w", force_zip64=True) as f:
        f.write(TEXT)
case("zip64-local.zip", wide.getvalue(), {GOOD: read()})
many = {f"{i:05d}.skeleton": read(b"") for i in range(65_600)}
case("zip64-count.zip", zipped(*((info(n, zipfile.ZIP_STORED), b"") for n in many)), many)
case("macos.zip", zipped((GOOD, TEXT), ("__MACOSX/a/._x.skeleton", b"\0\5\x16\7")), {GOOD: read(), "__MACOSX/a/._x.skeleton": "stray"})
case("gzip-inside.zip", zipped((GOOD + ".gz", gzip.compress(TEXT))), {GOOD + ".gz": read()})


def zip64(data, count=None, start=None, size=None, record=None):
    """The same archive with its end in zip64."""
    body, (n, s, o) = data[:-22], struct.unpack("<HII", data[-12:-2])
    at = len(body)
    end = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, n, n if count is None else count, s if size is None else size, o if start is None else start)
    locator = struct.pack("<IIQI", 0x07064B50, 0, at if record is None else record, 1)
    return body + end + locator + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)


def widened(data, **wrong):
    """The same archive of one member with its sizes and place in a zip64 extra field."""
    at = central(data)
    stored_size, size, nlen = struct.unpack("<IIH", data[at + 20 : at + 30])
    extra = struct.pack("<HHQQQ", 1, 24, wrong.get("size", size), wrong.get("stored", stored_size), wrong.get("place", 0))
    entry = bytearray(data[at : at + 46 + nlen])
    struct.pack_into("<II", entry, 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", entry, 30, len(extra))
    struct.pack_into("<I", entry, 42, 0xFFFFFFFF)
    directory = bytes(entry) + extra
    return data[:at] + directory + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(directory), at, 0)


case("zip64-end.zip", zip64(two), both)
case("zip64-sizes.zip", widened(plain), {GOOD: read()})
case("zip64-both.zip", zip64(widened(plain)), {GOOD: read()})
case("zip64-count-lies.zip", zip64(two, count=2**40), "refused")
case("zip64-start-lies.zip", zip64(two, start=2**63), "refused")
case("zip64-size-lies.zip", zip64(two, size=2**64 - 1), "refused")
case("zip64-record-lies.zip", zip64(two, record=2**64 - 1), "refused")
case("zip64-size-of-2e63.zip", widened(plain, size=2**63), {GOOD: "too-large"})
case("zip64-stored-of-2e64.zip", widened(plain, stored=2**64 - 1), {GOOD: "size-mismatch"})
case("zip64-place-of-2e64.zip", widened(plain, place=2**64 - 1), {GOOD: "size-mismatch"})

case("absolute.zip", zipped(("/etc/x.skeleton", TEXT), (GOOD, TEXT)), {"etc/x.skeleton": "unsafe-path", GOOD: read()})
case("parent.zip", zipped(("../../x.skeleton", TEXT)), {"../../x.skeleton": "unsafe-path"})
case("parent-inside.zip", zipped(("a/../x.skeleton", TEXT)), {"a/../x.skeleton": "unsafe-path"})
case("backslash.zip", renamed(zipped(("a/x.skeleton", TEXT)), b"a/x.s", b"a\\x.s"), {"a\\x.skeleton": "unsafe-path"})
case("drive.zip", zipped(("C:x.skeleton", TEXT)), {"C:x.skeleton": "unsafe-path"})
case("link.zip", zipped((info(GOOD, mode=0o120777), b"/etc/passwd")), {GOOD: "link"})
case("pipe.zip", zipped((info(GOOD, mode=0o010644), b"")), {GOOD: "special-file"})
case("device.zip", zipped((info(GOOD, mode=0o020644), b"")), {GOOD: "special-file"})
case("mode-of-dos.zip", zipped((info(GOOD, mode=0o120777, host=0), TEXT)), {GOOD: read()})
case("twice.zip", renamed(zipped(("x.skeleton", TEXT), ("y.skeleton", b"1")), b"y.skeleton", b"x.skeleton"), {"x.skeleton": "duplicate-name"})
case("twice-tidied.zip", zipped(("x.skeleton", TEXT), (".//x.skeleton", b"1"), (GOOD, TEXT)), {"x.skeleton": "duplicate-name", GOOD: read()})
case("encrypted.zip", changed(plain, (6, "H", 1), (c + 8, "H", 1)), {GOOD: "encrypted"})
case("strongly-encrypted.zip", changed(plain, (c + 8, "H", 0x41)), {GOOD: "encrypted"})
case("bzip2.zip", zipped((info(GOOD, zipfile.ZIP_BZIP2), TEXT)), {GOOD: "compression-method"})
case("lzma.zip", zipped((info(GOOD, zipfile.ZIP_LZMA), TEXT)), {GOOD: "compression-method"})
case("claims-more.zip", changed(plain, (c + 24, "I", len(TEXT) + 1)), {GOOD: "size-mismatch"})
case("claims-much.zip", changed(plain, (c + 24, "I", 64 * MIB)), {GOOD: "size-mismatch"})
case("claims-4GB.zip", changed(plain, (c + 24, "I", 2**32 - 2)), {GOOD: "too-large"})
case("claims-less.zip", changed(plain, (c + 24, "I", len(TEXT) - 1)), {GOOD: "size-mismatch"})
case("claims-nothing.zip", changed(plain, (c + 24, "I", 0)), {GOOD: "size-mismatch"})
case("stored-claims-more.zip", changed(stored, (d + 24, "I", 2**31)), {GOOD: "size-mismatch"})
case("stored-beyond-end.zip", changed(stored, (d + 20, "I", 2**31), (d + 24, "I", 2**31)), {GOOD: "size-mismatch"})
case("packed-beyond-end.zip", changed(plain, (c + 20, "I", 2**31)), {GOOD: "size-mismatch"})
case("packed-less.zip", changed(plain, (c + 20, "I", 500)), {GOOD: "bad-compression"})
case("packed-nothing.zip", changed(plain, (c + 20, "I", 0)), {GOOD: "bad-compression"})
case("crc.zip", changed(plain, (c + 16, "I", 1)), {GOOD: "checksum"})
case("crc-stored.zip", changed(stored, (d + 16, "I", 1)), {GOOD: "checksum"})
case("flipped.zip", changed(stored, (2000, "B", 0xFF)), {GOOD: "checksum"})
case("no-deflate.zip", changed(plain, (30 + len(GOOD), "B", 0x07)), {GOOD: "bad-compression"})
case("bomb-100MB.zip", zipped((GOOD, bytes(100 * MIB))), {GOOD: "too-large"})
bomb = zipped((GOOD, bytes(60 * MIB)))
case("bomb-60MB.zip", bomb, {GOOD: "expansion"})
case("bomb-says-1000.zip", changed(bomb, (central(bomb) + 24, "I", 1000)), {GOOD: "size-mismatch"})
case("zeros-7MB.zip", zipped((GOOD, bytes(7 * MIB))), {GOOD: read(bytes(7 * MIB))})
same = changed(two, (central(two, 1) + 42, "I", 0))
case("same-bytes.zip", same, {GOOD: "overlap", OTHER: "overlap"})
inner = zipped((OTHER, b"1"))[: 30 + len(OTHER) + 10]
quoted = zipped((info(GOOD, zipfile.ZIP_STORED), inner + TEXT), (info(OTHER, zipfile.ZIP_STORED), b"1"))
quoted = changed(quoted, (central(quoted, 1) + 42, "I", 30 + len(GOOD)))
case("quoted.zip", quoted, {GOOD: "overlap", OTHER: "overlap"})
case("in-directory.zip", changed(plain, (c + 42, "I", c)), {GOOD: "size-mismatch"})
case("beyond-end.zip", changed(plain, (c + 42, "I", 2**31)), {GOOD: "size-mismatch"})
case("other-name.zip", plain.replace(b"A001.", b"A003.", 1), {GOOD: "header-mismatch"})
case("no-header.zip", changed(plain, (0, "I", 0)), {GOOD: "header-mismatch"})
case("latin1.zip", renamed(zipped(("abc.skeleton", TEXT)), b"abc", b"a\xe4c"), {"a\ufffdc.skeleton": "bad-name"})
case("control.zip", zipped(("a\x1b[2Jx.skeleton", TEXT)), {"a\ufffd[2Jx.skeleton": "bad-name"})
case("newline.zip", zipped(("a\nx.skeleton", TEXT)), {"a\ufffdx.skeleton": "bad-name"})
case("nul.zip", renamed(zipped(("abc.skeleton", TEXT)), b"abc", b"a\0c"), {"a\ufffdc.skeleton": "bad-name"})
nameless = zipped(("x", TEXT))
at = central(nameless)
nameless = nameless[:at] + changed(nameless[at : at + 46], (28, "H", 0)) + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, 46, at, 0)
case("nameless.zip", nameless, {"": "bad-name"})
case("nested.zip", zipped(("in.zip", plain), ("in.tar", b""), ("in.tgz", b"")), {"in.zip": "nested-archive", "in.tar": "nested-archive", "in.tgz": "nested-archive"})
case("truncated.zip", two[:-500], "refused")
case("truncated-end.zip", two[:-1], "refused")
case("behind.zip", two + b"behind", "refused")
case("count-less.zip", changed(two, (-12, "H", 1)), "refused")
case("count-more.zip", changed(two, (-12, "H", 3)), "refused")
case("start-wrong.zip", changed(two, (-6, "I", 7)), "refused")
case("start-beyond.zip", changed(two, (-6, "I", 2**32 - 2)), "refused")
case("directory-size.zip", changed(two, (-10, "I", 2**32 - 2)), "refused")
case("entry-signature.zip", changed(two, (central(two, 1), "I", 0)), "refused")
case("entry-name-long.zip", changed(two, (central(two, 1) + 28, "H", 0xFFFF)), "refused")
case("second-disk.zip", changed(two, (-18, "H", 1)), "refused")
end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 46, 0, 0)
case("one-of-65535.zip", struct.pack("<I", 0x02014B50) + bytes(42) + end, "refused")

# tar ------------------------------------------------------------------------------------------------------------------


def tarred(*members, format=tarfile.USTAR_FORMAT, **options):
    """The bytes of an archive of (name, data or changes of the TarInfo) pairs."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format, **options) as t:
        for name, data in members:
            i = tarfile.TarInfo(name)
            if isinstance(data, dict):
                for k, v in data.items():
                    setattr(i, k, v)
                t.addfile(i)
            else:
                i.size = len(data)
                t.addfile(i, io.BytesIO(data))
    return out.getvalue()


def summed(data, at=0):
    """The same with the header's checksum made right."""
    header = bytearray(data[at : at + 512])
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return data[:at] + bytes(header) + data[at + 512 :]


def field(data, at, value):
    return summed(data[:at] + value + data[at + len(value) :])


plain = tarred((GOOD, TEXT))
two = tarred((GOOD, TEXT), (OTHER, TEXT[:5000]))
deep = "d/" * 70 + "x.skeleton"
long = "d" * 300 + "/x.skeleton"
for label, format in dict(ustar=tarfile.USTAR_FORMAT, gnu=tarfile.GNU_FORMAT, pax=tarfile.PAX_FORMAT).items():
    case(f"plain-{label}.tar", tarred((GOOD, TEXT), (OTHER, TEXT[:5000]), format=format), both)
    case(f"deep-{label}.tar", tarred((deep, TEXT), (GOOD, TEXT), format=format), {deep: read(), GOOD: read()})
for label, format in dict(gnu=tarfile.GNU_FORMAT, pax=tarfile.PAX_FORMAT).items():
    case(f"long-{label}.tar", tarred((long, TEXT), (GOOD, TEXT), format=format), {long: read(), GOOD: read()})
    case(f"unicode-{label}.tar", tarred(("ä/x.skeleton", TEXT), format=format), {"ä/x.skeleton": read()})
case("v7.tar", field(plain, 257, bytes(8)), {GOOD: read()})
case("old-type.tar", field(plain, 156, b"\0"), {GOOD: read()})
case("dotted.tar", tarred(("./x.skeleton", TEXT), ("./", dict(type=tarfile.DIRTYPE))), {"x.skeleton": read()})
case("nobytes.tar", tarred((GOOD, b""), (OTHER, TEXT)), {GOOD: read(b""), OTHER: read()})
case("no-end.tar", plain[: 512 + (len(TEXT) + 511) // 512 * 512], {GOOD: read()})
case("no-padding.tar", plain[: 512 + len(TEXT)], {GOOD: read()})
case("zeros.tar", bytes(10240), {})
case("global.tar", tarred((GOOD, TEXT), format=tarfile.PAX_FORMAT, pax_headers={"comment": "hello"}), {GOOD: read()})
case("binary-size.tar", field(plain, 124, b"\x80" + bytes(3) + struct.pack(">Q", len(TEXT))), {GOOD: read()})
latin = bytearray(field(plain, 100, b"0000644\0"))
latin[257:512] = bytes(255)
latin[0:2] = b"\xe4/"
header = latin[:148] + b" " * 8 + latin[156:512]
latin[148:156] = b"%06o\0 " % sum(b - 256 if b > 127 else b for b in header)
case("signed-sum.tar", bytes(latin), {"\ufffd" + GOOD[1:]: "bad-name"})
case("gzip-inside.tar", tarred((GOOD + ".gz", gzip.compress(TEXT))), {GOOD + ".gz": read()})
case("macos.tar", tarred((GOOD, TEXT), ("a/._S001C001P001R001A001.skeleton", b"\0\5")), {GOOD: read(), "a/._S001C001P001R001A001.skeleton": "stray"})


def pax(records, data=TEXT, name=GOOD, size=None):
    """A member after a pax header of the given bytes."""
    i = tarfile.TarInfo("PaxHeader")
    i.type, i.size = tarfile.XHDTYPE, len(records)
    m = tarfile.TarInfo(name)
    m.size = len(data) if size is None else size
    pad = lambda b: b + bytes(-len(b) % 512)
    return i.tobuf(tarfile.USTAR_FORMAT) + pad(records) + m.tobuf(tarfile.USTAR_FORMAT) + pad(data) + bytes(1024)


case("pax-size.tar", pax(b"%d size=%d\n" % (14, len(TEXT)), size=0), {GOOD: read()})
case("pax-size-lies.tar", pax(b"17 size=%d\n" % 10**8), "refused")
case("pax-size-huge.tar", pax(b"27 size=9999999999999999999\n"), "refused")
case("pax-size-2e63.tar", pax(b"26 size=999999999999999999\n"), "refused")
case("pax-length.tar", pax(b"99999 path=x\n"), "refused")
case("pax-length-0.tar", pax(b"0 path=x\n"), "refused")
case("pax-length-huge.tar", pax(b"9" * 30 + b" path=x\n"), "refused")
case("pax-noise.tar", pax(b"\xff\xfe\0nothing"), "refused")
case("pax-no-equals.tar", pax(b"10 path x\n"), "refused")
case("pax-path-absolute.tar", pax(b"24 path=/etc/x.skeleton\n"), {"etc/x.skeleton": "unsafe-path"})
case("pax-path-nul.tar", pax(b"21 path=a\0x.skeleton\n"), {"a\ufffdx.skeleton": "bad-name"})
case("pax-sparse.tar", pax(b"22 GNU.sparse.major=1\n"), {GOOD: "sparse"})
case("pax-at-end.tar", pax(b"12 path=abc\n")[:1024], "refused")
case("attributes-large.tar", pax(b"%d comment=%s\n" % (2 * MIB, b"x" * (2 * MIB - 17))), "refused")
case("hard-link.tar", tarred((GOOD, TEXT), (OTHER, dict(type=tarfile.LNKTYPE, linkname=GOOD))), {GOOD: read(), OTHER: "link"})
case("link.tar", tarred((GOOD, dict(type=tarfile.SYMTYPE, linkname="/etc/passwd"))), {GOOD: "link"})
case("pipe.tar", tarred((GOOD, dict(type=tarfile.FIFOTYPE))), {GOOD: "special-file"})
case("character.tar", tarred((GOOD, dict(type=tarfile.CHRTYPE, devmajor=1, devminor=5))), {GOOD: "special-file"})
case("block.tar", tarred((GOOD, dict(type=tarfile.BLKTYPE, devmajor=8))), {GOOD: "special-file"})
case("sparse.tar", field(plain, 156, b"S"), {GOOD: "sparse"})
case("unknown.tar", field(plain, 156, b"Z"), {GOOD: "special-file"})
case("absolute.tar", tarred(("/etc/x.skeleton", TEXT)), {"etc/x.skeleton": "unsafe-path"})
case("parent.tar", tarred(("../x.skeleton", TEXT), (GOOD, TEXT)), {"../x.skeleton": "unsafe-path", GOOD: read()})
case("backslash.tar", tarred(("a\\x.skeleton", TEXT)), {"a\\x.skeleton": "unsafe-path"})
case("control.tar", tarred(("a\x07x.skeleton", TEXT)), {"a\ufffdx.skeleton": "bad-name"})
case("twice.tar", tarred((GOOD, TEXT), (GOOD, b"1"), (OTHER, TEXT)), {GOOD: "duplicate-name", OTHER: read()})
case("nested.tar", tarred(("in.zip", b"x"), ("in.tar", plain)), {"in.zip": "nested-archive", "in.tar": "nested-archive"})
case("large.tar", tarred((GOOD, bytes(64 * MIB + 1)), (OTHER, TEXT)), {GOOD: "too-large", OTHER: read()})
case("nothing.tar", b"", "refused")
case("noise.tar", bytes(i * 89 % 251 for i in range(5000)), "refused")
case("truncated-content.tar", plain[:5000], "refused")
case("truncated-header.tar", two[: 512 + (len(TEXT) + 511) // 512 * 512 + 100], "refused")
case("sum.tar", changed(plain, (3, "B", 0x7A)), "refused")
case("second-sum.tar", changed(two, (512 + (len(TEXT) + 511) // 512 * 512 + 3, "B", 0x7A)), "refused")
case("size-beyond.tar", field(plain, 124, b"77777777777\0"), "refused")
case("size-2e62.tar", field(plain, 124, b"\x80" + bytes(3) + struct.pack(">Q", 2**62)), "refused")
case("size-2e64.tar", field(plain, 124, b"\x80" + bytes(3) + struct.pack(">Q", 2**64 - 1)), "refused")
case("size-2e88.tar", field(plain, 124, b"\x80" + b"\xff" * 11), "refused")
case("size-negative.tar", field(plain, 124, b"\xff" * 12), "refused")
case("size-no-number.tar", field(plain, 124, b"0000000009z\0"), "refused")
case("joined.tar", plain + two, "refused")

# gzip -----------------------------------------------------------------------------------------------------------------

packed = gzip.compress(TEXT)
named = io.BytesIO()
with gzip.GzipFile("S001.skeleton", "wb", fileobj=named) as f:
    f.write(TEXT)
case("plain.skeleton.gz", packed, {"": read()})
case("named.skeleton.gz", named.getvalue(), {"": read()})
case("members.skeleton.gz", gzip.compress(TEXT[:100]) + gzip.compress(b"") + gzip.compress(TEXT[100:]), {"": read()})
case("padded.skeleton.gz", packed + bytes(700), {"": read()})
case("nobytes.skeleton.gz", gzip.compress(b""), {"": read(b"")})
case("nothing.skeleton.gz", b"", {"": "empty"})
case("truncated.skeleton.gz", packed[:-1], {"": "truncated"})
case("half.skeleton.gz", packed[: len(packed) // 2], {"": "truncated"})
case("header.skeleton.gz", packed[:7], {"": "truncated"})
case("second-truncated.skeleton.gz", packed + packed[:20], {"": "truncated"})
case("crc.skeleton.gz", changed(packed, (-8, "I", 1)), {"": "bad-compression"})
case("size.skeleton.gz", changed(packed, (-4, "I", 1)), {"": "bad-compression"})
case("damaged.skeleton.gz", changed(packed, (10, "B", 0x07)), {"": "bad-compression"})
case("text.skeleton.gz", TEXT, {"": "bad-compression"})
case("behind.skeleton.gz", packed + b"behind", {"": "trailing-data"})
case("bomb.skeleton.gz", gzip.compress(bytes(60 * MIB)), {"": "expansion"})
case("bombs.skeleton.gz", b"".join([gzip.compress(bytes(MIB))] * 100), {"": "expansion"})

# folders --------------------------------------------------------------------------------------------------------------

expected["folder"] = {}
for name, data, what in [
    ("a/b/c/x.skeleton", TEXT, read()),
    ("a/x.skeleton.gz", packed, read()),
    ("a/all.zip", zipped((GOOD, TEXT)), None),
    ("a/all.tar", plain, None),
    ("a/readme.txt", b"x", "stray"),
    ("a/readme.txt.gz", packed, "stray"),
    ("a/._x.skeleton", b"x", "stray"),
    ("a/all.tar.gz", b"x", "archive-kind"),
    ("a/all.7z", b"x", "archive-kind"),
    ("a/all.RAR", b"x", "archive-kind"),
]:
    path = os.path.join(folder, "folder", name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)
    expected["folder"].update({name: what} if what else {name + "/" + GOOD: read()})
case("given.tar.gz", b"x", "refused")
case("given.7z", b"x", "refused")

with open(os.path.join(folder, "expected.json"), "w") as f:
    json.dump(expected, f)
