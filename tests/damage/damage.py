"""Damaged recordings and model files through the programs, as scripts/damage describes it."""

import argparse
import concurrent.futures
import ctypes
import json
import math
import os
import pathlib
import random
import resource
import shutil
import struct
import subprocess
import sys
import tempfile

import wave_bytes

BATCH = 250
SECONDS_A_BATCH = 120
SECONDS_ALONE = 20
GOOD_CODES = {0, 1, 2, 3, 4, 5}


class Campaign:
    def __init__(self, options):
        self.bin = pathlib.Path(options.bin)
        self.memory = options.memory << 20
        self.kept = pathlib.Path(options.keep)
        self.failures = 0
        self.other_runs = 0  # beside the one that each damaged file has

    def run(self, arguments, seconds, stdin=None):
        """(exit code, stdout, stderr) of a program; -9 for one that took too long."""

        def limit():
            if self.memory:
                resource.setrlimit(resource.RLIMIT_AS, (self.memory, self.memory))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        command = [str(self.bin / arguments[0]), *map(str, arguments[1:])]
        try:
            done = subprocess.run(command, input=stdin, capture_output=True, timeout=seconds, preexec_fn=limit,
                                  check=False)
        except subprocess.TimeoutExpired:
            return -9, "", "took longer than %d s" % seconds
        return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")

    def fail(self, what, data, name):
        self.failures += 1
        self.kept.mkdir(parents=True, exist_ok=True)
        file = self.kept / ("%03d-%s" % (self.failures, name))
        file.write_bytes(data)
        print("damage: %s: %s" % (file, what), file=sys.stderr)

    def must_end_well(self, result, data, name, program):
        code, _, err = result
        if code in GOOD_CODES:
            return True
        last = err.strip().splitlines()[-1:] or [""]
        self.fail("%s ended with %d: %s" % (program, code, last[0]), data, name)
        return False


# --- recordings

def chunk(identifier, content, order="<", claim=None):
    size = len(content) if claim is None else claim
    return identifier + struct.pack(order + "I", size) + content + b"\0" * (len(content) % 2)


def voice(rate, frames, draw):
    """Something with a pitch, harmonics and pauses."""
    pitch = draw.uniform(90, 300)
    parts = [(k, draw.uniform(0.02, 0.3) / k) for k in range(1, 6)]
    return [sum(a * math.sin(2 * math.pi * k * pitch * i / rate) for k, a in parts) *
            (0.5 + 0.5 * math.sin(2 * math.pi * 4 * i / rate)) for i in range(frames)]


def integers(samples, width, order):
    top = (1 << (8 * width - 1)) - 1
    values = [int(max(-1, min(1, s)) * top) for s in samples]
    if width == 1:
        return bytes(v + 128 for v in values)
    return b"".join(v.to_bytes(width, "big" if order == ">" else "little", signed=True) for v in values)


def format_chunk(code, channels, rate, width, order="<", bits=None, tail=b""):
    bits = 8 * width if bits is None else bits
    return chunk(b"fmt ", struct.pack(order + "HHIIHH", code, channels, rate, rate * width * channels,
                                      width * channels, bits) + tail, order)


def base_recordings(draw):
    """(magic, order, chunks) of sound files of all kinds; small, so that a header is a good part of them."""
    bases = []

    def add(chunks, magic=b"RIFF", order="<"):
        bases.append((magic, order, chunks))

    def sound(rate=16000, frames=1200):
        return voice(rate, frames, draw)

    for width in (1, 2, 3, 4):
        add([format_chunk(1, 1, 16000, width), chunk(b"data", integers(sound(), width, "<"))])
    add([format_chunk(1, 2, 44100, 2), chunk(b"data", integers(sound(44100, 4000), 2, "<"))])
    add([format_chunk(3, 1, 16000, 4), chunk(b"data", struct.pack("<1200f", *sound()))])
    add([format_chunk(3, 1, 8000, 8), chunk(b"data", struct.pack("<800d", *sound(8000, 800)))])
    for code in (6, 7):
        add([format_chunk(code, 1, 8000, 1), chunk(b"fact", struct.pack("<I", 1200)),
             chunk(b"data", bytes(draw.randrange(256) for _ in range(1200)))])
    guid = struct.pack("<HHI", 22, 24, 3) + struct.pack("<IHH", 1, 0, 0x10) + wave_bytes.GUID_TAIL
    add([format_chunk(0xFFFE, 2, 22050, 3, tail=guid), chunk(b"data", integers(sound(22050, 1600), 3, "<"))])
    add([chunk(b"LIST", b"INFOISFT\4\0\0\0abc\0"), format_chunk(1, 1, 16000, 2), chunk(b"cue ", b"\0" * 4),
         chunk(b"data", integers(sound(), 2, "<")), chunk(b"id3 ", b"odd")])
    add([format_chunk(1, 1, 16000, 2, ">"), chunk(b"data", integers(sound(), 2, ">"), ">")], b"RIFX", ">")
    add([chunk(b"ds64", struct.pack("<QQQI", 0, 2400, 1200, 0)), format_chunk(1, 1, 16000, 2),
         chunk(b"data", integers(sound(), 2, "<"), claim=0xFFFFFFFF)], b"RF64")
    add([format_chunk(1, 1, 16000, 2, bits=12), chunk(b"data", integers(sound(), 2, "<"), claim=0xFFFFFFFF)])
    return bases


def join(base, chunks=None):
    magic, order, own = base
    body = b"WAVE" + b"".join(own if chunks is None else chunks)
    return magic + struct.pack(order + "I", len(body)) + body


def header_size(data):
    at = data.find(b"data")
    return at + 8 if at >= 0 else min(len(data), 60)


def flip_bits(draw, data, most):
    altered = bytearray(data)
    for _ in range(draw.randint(1, 8)):
        place = draw.randrange(most)
        altered[place] ^= 1 << draw.randrange(8)
    return bytes(altered)


SIZES = [0, 1, 2, 3, 7, 8, 0x10, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF, 0x7FFFF000, 1 << 24]


def edit_size(draw, base):
    magic, order, chunks = base
    chunks = list(chunks)
    which = draw.randrange(len(chunks))
    old = struct.unpack_from(order + "I", chunks[which], 4)[0]
    new = draw.choice(SIZES + [(old + draw.randint(-9, 9)) & 0xFFFFFFFF, draw.getrandbits(32)])
    chunks[which] = chunks[which][:4] + struct.pack(order + "I", new) + chunks[which][8:]
    return join(base, chunks)


def shuffle_chunks(draw, base):
    chunks = list(base[2])
    for _ in range(draw.randint(1, 4)):
        kind = draw.randrange(4)
        one, other = draw.randrange(len(chunks)), draw.randrange(len(chunks))
        if kind == 0:
            chunks[one], chunks[other] = chunks[other], chunks[one]
        elif kind == 1:
            chunks.insert(other, chunks[one])
        elif kind == 2 and len(chunks) > 1:
            del chunks[one]
        else:
            name = bytes(draw.choice(b"abcd ft") for _ in range(4))
            chunks.insert(one, chunk(name, draw.randbytes(draw.randrange(40)), base[1]))
    return join(base, chunks)


def damaged_recordings(count, seed):
    """`count` pairs of the kind of damage and bytes; always the same for a seed."""
    draw = random.Random(seed)
    bases = base_recordings(draw)
    made = []
    # At every byte of the header, of each base in turn.
    cuts = [(b, size) for b in bases for size in range(header_size(join(b)) + 1)]
    share = min(len(cuts), count // 4)
    for i in range(share):
        base, size = cuts[i * len(cuts) // share]
        made.append(("header cut off", join(base)[:size]))
    while len(made) < count:
        base = draw.choice(bases)
        data = join(base)
        kind = draw.randrange(6)
        if kind == 0:
            made.append(("bits of the header flipped", flip_bits(draw, data, header_size(data))))
        elif kind == 1:
            made.append(("bits flipped", flip_bits(draw, data, len(data))))
        elif kind == 2:
            made.append(("sizes edited", edit_size(draw, base)))
        elif kind == 3:
            made.append(("chunks swapped, repeated", shuffle_chunks(draw, base)))
        elif kind == 4:
            made.append(("cut off", data[:draw.randrange(len(data))]))
        else:
            place = draw.randrange(header_size(data))
            put = draw.randbytes(draw.randint(1, 12))
            made.append(("bytes put in", data[:place] + put + data[place + draw.choice([0, len(put)]):]))
    return made


def is_row(text):
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def rows_of(out):
    return [json.loads(line) for line in out.splitlines() if is_row(line)]


def same_answer(row, other):
    return other is not None and "probabilities" in row and "probabilities" in other and all(
        abs(p - other["probabilities"].get(name, 9)) < 2e-3 for name, p in row["probabilities"].items())


class Recordings:
    def __init__(self, campaign, model, folder):
        self.campaign, self.model, self.folder = campaign, model, folder
        self.counts = {}

    def count(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1

    def predict(self, files, seconds):
        names = "".join("%s\n" % f for f in files)
        return self.campaign.run(["ser-predict", "-m", self.model, "--files-from", "-", "--format", "jsonl",
                                  "--probabilities", "--jobs", "2"], seconds, names.encode())

    def rows(self, files, datas):
        """The row of each file, by its path; those of files that end the program are none."""
        code, out, err = self.predict(files, SECONDS_A_BATCH)
        if code in GOOD_CODES:
            return {row["path"]: row for row in rows_of(out)}
        found = {}
        before = self.campaign.failures
        for file in files:
            result = self.predict([file], SECONDS_ALONE)
            if self.campaign.must_end_well(result, datas[file], file.name, "ser-predict"):
                found.update({row["path"]: row for row in rows_of(result[1])})
        if self.campaign.failures == before:
            self.campaign.fail("a batch ended with %d, each file by itself did not: %s" % (code, err[-200:]), b"",
                               "batch")
        return found

    def batch(self, number, damaged):
        folder = self.folder / str(number)
        folder.mkdir()
        datas, truths, plain = {}, {}, {}
        for i, (kind, data) in enumerate(damaged):
            file = folder / ("%d_%d.wav" % (number, i))
            file.write_bytes(data)
            datas[file] = data
            try:
                truths[file] = wave_bytes.read(data)
            except wave_bytes.Refused:
                continue
            plain[file] = folder / ("%d_%d.plain.wav" % (number, i))
            plain[file].write_bytes(wave_bytes.write(truths[file]))
        rows = self.rows(list(datas), datas)
        expected = self.rows(list(plain.values()), {p: p.read_bytes() for p in plain.values()})
        for file, data in datas.items():
            self.judge(file, data, truths.get(file), rows.get(str(file)),
                       expected.get(str(plain[file])) if file in plain else None)
        return folder, datas, truths

    def check_itself(self):
        """A row that is not that of the samples has to be told from one that is."""
        folder = self.folder / "itself"
        folder.mkdir()
        sound = wave_bytes.Sound(16000, voice(16000, 4000, random.Random(1)))
        files = [folder / "one.wav", folder / "same.wav", folder / "other.wav"]
        for file, samples in zip(files, (sound.samples, sound.samples, sound.samples[1000:3500])):
            file.write_bytes(wave_bytes.write(wave_bytes.Sound(sound.rate, samples)))
        rows = self.rows(files, {file: file.read_bytes() for file in files})
        one, same, other = (rows.get(str(file), {}) for file in files)
        if not same_answer(one, same) or same_answer(one, other):
            sys.exit("damage: rows of one sound and another cannot be told apart: %s %s %s" % (one, same, other))

    def judge(self, file, data, truth, row, expected):
        if row is None:
            self.campaign.fail("there is no row for it", data, file.name)
        elif "error" in row:
            code = row["error"]["code"]
            self.count(code)
            if not code.startswith("E_AUDIO_"):
                self.campaign.fail("another error than of a recording: " + code, data, file.name)
            elif truth is not None and "error" not in (expected or {"error": 0}):
                self.campaign.fail("refused (%s), though its sound can be told" % code, data, file.name)
        elif truth is None:
            self.campaign.fail("has a row, and no sound that could be read", data, file.name)
        elif not same_answer(row, expected):
            self.campaign.fail("its row is not that of its samples: %s, %s" % (row, expected), data, file.name)
        else:
            self.count("right rows")

    def others(self, folder, datas, truths):
        """The same recordings alone and through the other programs."""
        campaign = self.campaign
        chosen = list(datas)[:: max(1, len(datas) // 5)]
        for file in chosen:
            data = datas[file]
            result = campaign.run(["ser-predict", "-m", self.model, "--segments", "--format", "jsonl", file],
                                  SECONDS_ALONE)
            campaign.must_end_well(result, data, file.name, "ser-predict --segments")
            last = rows_of(result[1])[-1:]
            if last and "error" not in last[0]:
                truth = truths.get(file)
                length = len(truth.samples) / truth.rate if truth else 0
                if last[0]["end_s"] > length + 0.002:
                    campaign.fail("a segment ends behind its sound: %s" % last[0], data, file.name)
            result = campaign.run(["ser-predict", "-m", self.model, "-"], SECONDS_ALONE, data)
            campaign.must_end_well(result, data, file.name, "ser-predict -")
            campaign.other_runs += 2
        listed = folder / "all.csv"
        listed.write_text("path,label\n" + "".join("%s,%s\n" % (f.name, ("angry", "sad")[i % 2])
                                                   for i, f in enumerate(datas)))
        whole = b"".join(datas.values())
        result = campaign.run(["ser-explore", "features", *list(datas)[:200], "--out", folder / "f.jsonl"],
                              SECONDS_A_BATCH)
        campaign.must_end_well(result, whole, "batch.wav", "ser-explore")
        if (folder / "f.jsonl").exists():
            rows = rows_of((folder / "f.jsonl").read_text())
            wrong = [r for r in rows if "error" not in r and pathlib.Path(r["path"]) not in truths]
            if wrong:
                campaign.fail("ser-explore has features of what cannot be read: %s" % wrong[0]["path"], whole,
                              "batch.wav")
        result = campaign.run(["ser-eval", "--model", self.model, listed, "--format", "json"], SECONDS_A_BATCH)
        campaign.must_end_well(result, whole, "batch.wav", "ser-eval")
        if result[0] in (0, 1):
            for one in json.loads(result[1]).get("predictions", []):
                if folder / one["id"] not in truths:
                    campaign.fail("ser-eval scores what cannot be read: " + one["id"], whole, "batch.wav")
        out = folder / "m.ser"
        result = campaign.run(["ser-train", listed, "--out", out, "--split", "random", "--epochs", "1",
                               "--allow-leak", "near-identical", "--jobs", "2"], SECONDS_A_BATCH)
        campaign.must_end_well(result, whole, "batch.wav", "ser-train")
        if (result[0] in (0, 1)) != out.exists():
            campaign.fail("ser-train ended with %d and %s model" % (result[0], "a" if out.exists() else "no"), whole,
                          "batch.wav")
        campaign.other_runs += 3


# --- model files

def checksum64():
    library = ctypes.CDLL("libxxhash.so.0")
    library.XXH3_64bits.restype = ctypes.c_uint64
    library.XXH3_64bits.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
    return lambda data: library.XXH3_64bits(data, len(data))


def repaired(data, checksum):
    return data[:-8] + struct.pack("<Q", checksum(data[:-8])) if len(data) > 32 else data


def damaged_models(bases, count, seed, checksum):
    """`count` triples of the kind of damage, bytes, and whether the checksum was made right again."""
    draw = random.Random(seed + 1)
    made = []
    head = 24
    cuts = [(b, size) for b in bases for size in range(head + 40)]
    for i in range(min(len(cuts), count // 8)):
        base, size = cuts[i * len(cuts) // min(len(cuts), count // 8)]
        made.append(("header cut off", base[:size], False))
    while len(made) < count:
        base = draw.choice(bases)
        header = head + struct.unpack_from("<Q", base, 16)[0]
        kind = draw.randrange(6)
        if kind == 0:
            data = flip_bits(draw, base, header)
        elif kind == 1:
            data = flip_bits(draw, base, len(base))
        elif kind == 2:
            data = base[:draw.randrange(len(base))]
        elif kind == 3:
            size = draw.choice(SIZES + [header - head + draw.randint(-9, 9), draw.getrandbits(64)])
            data = base[:16] + struct.pack("<Q", size & (1 << 64) - 1) + base[24:]
        elif kind == 4:
            # A number of the header, a count or a setting, becomes another.
            digits = [i for i in range(head, header) if 48 <= base[i] <= 57]
            place = draw.choice(digits)
            put = draw.choice([b"0", b"-1", b"9", b"99999999", b"1e308", b"4294967296", b"18446744073709551615",
                               b"null", b"[]", b"0.5"])
            text = base[head:place] + put + base[place + 1:header]
            room = (len(text) + head + 63) // 64 * 64 - head - len(text)
            data = base[:16] + struct.pack("<Q", len(text)) + text + b"\0" * room + base[(header + 63) // 64 * 64:]
        else:
            one, other = sorted(draw.sample(range(head, len(base) - 8), 2))
            length = min(draw.randint(1, 200), other - one, len(base) - other)
            data = base[:one] + base[other:other + length] + base[one + length:]
        name = ("bits of the header flipped", "bits flipped", "cut off", "sizes edited", "numbers edited",
                "bytes repeated")[kind]
        repair = draw.random() < 0.6
        made.append((name, repaired(data, checksum) if repair else data, repair))
    return made


class Models:
    def __init__(self, campaign, recording, folder, corpus):
        self.campaign, self.recording, self.folder, self.corpus = campaign, recording, folder, corpus
        self.counts = {}

    def judge(self, number, data, whole, is_repaired):
        file = self.folder / ("%d.ser" % number)
        file.write_bytes(data)
        campaign = self.campaign
        name = "model-%d.ser" % number
        result = campaign.run(["ser-predict", "-m", file, "--format", "jsonl", "--probabilities", "--jobs", "1",
                               self.recording], SECONDS_ALONE)
        outcome = self.outcome(result, data, name, whole, is_repaired)
        runs = 1
        if number % 10 == 0:
            for arguments in (["ser-eval", "--model", file, self.corpus, "--jobs", "1", "--format", "json"],
                              ["ser-export", "--model", file, "--onnx", self.folder / ("%d.onnx" % number)],
                              ["ser-export", "--model", file, "--safetensors", self.folder / ("%d.st" % number)]):
                other = campaign.run(arguments, SECONDS_ALONE)
                runs += 1
                campaign.must_end_well(other, data, name, arguments[0])
                # Who only predicts passes over the provenance, so its damage is no concern there.
                if result[0] == 4 and other[0] in GOOD_CODES - {4}:
                    campaign.fail("ser-predict ended with %d, %s with %d" % (result[0], arguments[0], other[0]), data,
                                  name)
        file.unlink()
        return outcome, runs

    def outcome(self, result, data, name, whole, is_repaired):
        code, out, err = result
        if not self.campaign.must_end_well(result, data, name, "ser-predict"):
            return "crash or hang"
        if code == 4:
            found = [word for word in err.split() if word.startswith("E_MODEL_")]
            if not found:
                self.campaign.fail("refused without an error of a model: " + err[-200:], data, name)
            return found[0].rstrip(":") if found else "refused"
        if data not in whole and not is_repaired:
            self.campaign.fail("used, though its checksum cannot fit", data, name)
        if code not in (0, 1):
            self.campaign.fail("ended with %d: %s" % (code, err[-200:]), data, name)
        for row in rows_of(out):
            if "error" in row:
                return "a model that does not take the recording"
            values = list(row["probabilities"].values())
            if not all(isinstance(v, (int, float)) and 0 <= v <= 1 for v in values) or abs(sum(values) - 1) > 0.01:
                self.campaign.fail("a row without probabilities: %s" % row, data, name)
        return "another model, with its own checksum"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("recordings", type=int)
    parser.add_argument("models", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--keep", required=True)
    parser.add_argument("--memory", type=int, default=2048)
    options = parser.parse_args()
    campaign = Campaign(options)
    work = pathlib.Path(tempfile.mkdtemp(prefix="ser-damage."))
    try:
        carry_out(campaign, options, work)
    finally:
        shutil.rmtree(work)
    return 1 if campaign.failures else 0


def train(campaign, corpus, out, *more):
    result = campaign.run(["ser-train", corpus, "--out", out, "--split", "random", "--jobs", "2", *more], 300)
    if result[0] not in (0, 1):
        sys.exit("damage: a model cannot be trained: " + result[2])
    return out.read_bytes()


def carry_out(campaign, options, work):
    corpus = pathlib.Path(options.corpus)
    plain = train(campaign, corpus, work / "plain.ser", "--epochs", "3")
    damaged = damaged_recordings(options.recordings, options.seed)
    recordings = Recordings(campaign, work / "plain.ser", work)
    recordings.check_itself()
    batches = [damaged[i:i + BATCH] for i in range(0, len(damaged), BATCH)]

    def one_batch(number):
        folder, datas, truths = recordings.batch(number, batches[number])
        if number % 4 == 0:
            recordings.others(folder, datas, truths)
        shutil.rmtree(folder)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(one_batch, range(len(batches))))
    tell(len(damaged), "damaged recordings", recordings.counts, campaign)

    if options.models:
        ensemble = work / "ensemble.json"
        layers = [{"layer": "flatten"}, {"layer": "dense", "units": 4}]
        member = {"network": layers, "clip": {"offset_s": 0.0}, "training": {"epochs": 2}}
        ensemble.write_text(json.dumps({"members": [{"recipe": member, "seeds": 2}]}))
        bases = [plain,
                 train(campaign, corpus, work / "classic.ser", "--recipe", "linear", "--epochs", "3"),
                 train(campaign, corpus, work / "frames.ser", "--recipe", "functionals", "--features.descriptors",
                       "rms,mfcc", "--epochs", "3"),
                 train(campaign, corpus, work / "ensemble.ser", "--recipe", ensemble)]
        few = work / "few"
        for i, file in enumerate(sorted(corpus.rglob("*.wav"))[::40]):
            (few / file.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.copy(file, few / file.parent.name)
        recording = sorted(corpus.rglob("*.wav"))[0]
        models = Models(campaign, recording, work, few)
        made = damaged_models(bases, options.models, options.seed, checksum64())
        counts, runs = {}, 0
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for outcome, more in pool.map(lambda i: models.judge(i, made[i][1], bases, made[i][2]), range(len(made))):
                counts[outcome] = counts.get(outcome, 0) + 1
                runs += more
        campaign.other_runs += runs - len(made)
        tell(len(made), "damaged model files", counts, campaign)
    print("damage: %d recordings, %d models, and %d runs of other programs on some of them: %d failures" %
          (len(damaged), options.models, campaign.other_runs, campaign.failures))


def tell(total, what, counts, campaign):
    listed = ", ".join("%s %d" % (name, counts[name]) for name in sorted(counts, key=lambda n: -counts[n]))
    print("damage: %d %s: %s; failures so far %d" % (total, what, listed, campaign.failures), flush=True)


if __name__ == "__main__":
    sys.exit(main())
