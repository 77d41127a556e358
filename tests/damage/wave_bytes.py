"""WAV files from their bytes, written from the documented behaviour and not from the toolkit's code, so
that what the programs read can be held against it."""

import array
import math
import struct
import sys

CHUNK_IDS = {b"data", b"fmt ", b"fact", b"LIST", b"bext", b"cue ", b"PEAK", b"smpl", b"id3 ", b"COMM", b"SSND",
             b"FVER", b"MARK", b"INST", b"NAME", b"AUTH", b"ANNO"}
GUID_TAIL = bytes.fromhex("800000aa00389b71")
MOST_CHANNELS, LOWEST_RATE, HIGHEST_RATE = 16, 4000, 768000


class Refused(Exception):
    """The bytes hold no sound that may be read."""


class Sound:
    def __init__(self, rate, samples):
        self.rate = rate  # in Hz
        self.samples = samples  # mono, full scale 1


def chunks_of(data, order):
    """(id, claimed size, begin, bytes that are there) of each chunk, as far as they can be followed."""
    at = 12
    while at + 8 <= len(data):
        size = struct.unpack_from(order + "I", data, at + 4)[0]
        begin = at + 8
        there = min(size, len(data) - begin)
        wider = yield data[at:at + 4], size, begin, there
        if wider is not None:
            size, there = wider, min(wider, len(data) - begin)
            yield None
        if there < size:
            return
        at = begin + size
        if size % 2 and data[at:at + 4] not in CHUNK_IDS:
            at += 1


def read_format(data, order):
    """(bytes a sample, kind, channels, rate) of the content of a format chunk."""
    if len(data) < 16:
        raise Refused("format chunk too short")
    code, channels, rate, _, align, bits = struct.unpack_from(order + "HHIIHH", data)
    if channels == 0:
        raise Refused("no channels")
    if code == 0xFFFE:
        if len(data) < 40:
            raise Refused("extensible format chunk too short")
        code, second, third = struct.unpack_from(order + "IHH", data, 24)
        if second != 0 or third != 0x10 or data[32:40] != GUID_TAIL or code >= 0xFFFE:
            raise Refused("unknown sub-format")
    if code == 1 and 1 <= bits <= 32:
        width = (bits + 7) // 8
        if width == 3 and align == 4 * channels:
            width = 4
        return width, "integer", channels, rate
    if code == 3 and bits in (32, 64):
        return bits // 8, "float", channels, rate
    if code in (6, 7):
        return 1, "alaw" if code == 6 else "mulaw", channels, rate
    raise Refused("encoding")


def alaw(byte):
    byte ^= 0x55
    exponent, mantissa = byte >> 4 & 7, byte & 15
    value = (mantissa << 4) + 8 if exponent == 0 else ((mantissa << 4) + 0x108) << (exponent - 1)
    return (value if byte & 0x80 else -value) / 32768


def mulaw(byte):
    byte = ~byte & 0xFF
    value = (((byte & 15) << 3) + 0x84 << (byte >> 4 & 7)) - 0x84
    return (-value if byte & 0x80 else value) / 32768


TABLES = {"alaw": [alaw(i) for i in range(256)], "mulaw": [mulaw(i) for i in range(256)]}


def decode(data, width, kind, order):
    if kind in TABLES:
        return [TABLES[kind][byte] for byte in data]
    if kind == "integer" and width == 1:
        return [(byte - 128) / 128 for byte in data]
    if kind == "integer" and width == 3:
        name = "big" if order == ">" else "little"
        return [int.from_bytes(data[i:i + 3], name, signed=True) / (1 << 23) for i in range(0, len(data), 3)]
    values = array.array({("integer", 2): "h", ("integer", 4): "i", ("float", 4): "f", ("float", 8): "d"}[kind, width])
    values.frombytes(data)
    if (order == ">") != (sys.byteorder == "big"):
        values.byteswap()
    scale = 1 if kind == "float" else 1 << (8 * width - 1)
    return [value / scale for value in values]


def finite(value):
    if math.isnan(value):
        return 0.0
    return value if abs(value) <= 1e6 else math.copysign(1.0, value)


def read(data):
    """The Sound in the bytes of a file; raises Refused."""
    magic = data[:4]
    if magic not in (b"RIFF", b"RIFX", b"RF64", b"BW64") or data[8:12] != b"WAVE":
        raise Refused("no WAV")
    order = ">" if magic == b"RIFX" else "<"
    wide = magic in (b"RF64", b"BW64")
    form = found = size64 = None
    walk = chunks_of(data, order)
    for identifier, size, begin, there in walk:
        if identifier == b"ds64" and wide and size64 is None:
            if there < 16:
                raise Refused("ds64 too short")
            size64 = struct.unpack_from(order + "Q", data, begin + 8)[0]
        elif identifier == b"fmt " and form is None:
            form = data[begin:begin + min(there, 40)]
        elif identifier == b"data" and found is None:
            if wide and size == 0xFFFFFFFF and size64:
                size, there = size64, min(size64, len(data) - begin)
                walk.send(size64)
            found = (size, begin, there)
        if form is not None and found is not None:
            break
    if form is None or found is None:
        raise Refused("no format or no data")
    width, kind, channels, rate = read_format(form, order)
    size, begin, there = found
    if size == 0:
        raise Refused("no sound")
    if channels > MOST_CHANNELS or not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise Refused("limits")
    frames = there // (width * channels)
    if frames == 0:
        raise Refused("not one sample")
    values = decode(data[begin:begin + frames * width * channels], width, kind, order)
    values = [finite(value) for value in values]
    if channels > 1:
        values = [sum(values[i:i + channels]) / channels for i in range(0, len(values), channels)]
    return Sound(rate, values)


def write(sound):
    """A plain WAV of 32-bit floats."""
    body = array.array("f", sound.samples)
    if sys.byteorder == "big":
        body.byteswap()
    body = body.tobytes()
    return (b"RIFF" + struct.pack("<I", 36 + len(body)) + b"WAVEfmt " +
            struct.pack("<IHHIIHH", 16, 3, 1, sound.rate, 4 * sound.rate, 4, 32) +
            b"data" + struct.pack("<I", len(body)) + body)
