#!/usr/bin/env python3
"""Makes a long recording whose emotions over time are known, and scores what was heard in it.

  long_recording.py make EVALUATION.json CORPUS SECONDS OUT.wav TRUTH.csv
  long_recording.py score TRUTH.csv SEGMENTS.csv

`make` stitches the clips of an evaluation (`ser-eval --model M.ser CORPUS --part test --format json`:
clips that the model was not trained on) in an order drawn with a fixed seed, again and again: their silent ends cut off (40 dB
below the loudest 10 ms), with 0.6 to 2 s of silence between, in turn digital zeros and white noise
65 dB below full scale. TRUTH.csv has a line a clip: start_s,end_s,label.

`score` compares the segments of `ser-predict --segments --format csv` with it, every 10 ms.
"""
import array
import csv
import json
import os
import random
import statistics
import sys
import wave


def fail(message):
    sys.exit(f"long_recording: {message}")


def read_clip(path):
    """Samples and rate; nothing for a file that Python's wave does not read."""
    try:
        with wave.open(path) as clip:
            if clip.getnchannels() == 1 and clip.getsampwidth() == 2:
                return array.array("h", clip.readframes(clip.getnframes())), clip.getframerate()
    except wave.Error:
        pass
    return None, None


def without_silent_ends(samples, rate):
    hop = rate // 100
    powers = [sum(s * s for s in samples[i:i + hop]) for i in range(0, len(samples) - hop, hop)]
    loud = [i for i, power in enumerate(powers) if power >= max(powers) * 1e-4]
    return samples[loud[0] * hop:(loud[-1] + 1) * hop]


def silence(length, kind, draw):
    if kind == "zeros":
        return array.array("h", bytes(2 * length))
    return array.array("h", (round(draw.gauss(0, 32768 * 10 ** (-65 / 20))) for _ in range(length)))


def make(evaluation_path, corpus, seconds, out_path, truth_path):
    with open(evaluation_path) as file:
        clips = [(clip["id"], clip["label"]) for clip in json.load(file)["predictions"]]
    draw = random.Random(1)
    cut = {}
    rate = None
    position = 0
    count = 0
    with wave.open(out_path, "wb") as out, open(truth_path, "w") as truth:
        truth.write("start_s,end_s,label\n")
        order = []
        while rate is None or position < float(seconds) * rate:
            if not order:
                order = clips[:]
                draw.shuffle(order)
            name, label = order.pop()
            if name not in cut:
                samples, its_rate = read_clip(os.path.join(corpus, name))
                if rate is None and samples:
                    rate = its_rate
                    out.setparams((1, 2, rate, 0, "NONE", ""))
                cut[name] = without_silent_ends(samples, rate) if samples and its_rate == rate else None
            if cut[name] is None:
                continue  # TESS has clips of another kind or rate
            gap = silence(int(draw.uniform(0.6, 2.0) * rate), ("zeros", "noise")[count % 2], draw)
            out.writeframes(gap.tobytes() + cut[name].tobytes())
            begin = position + len(gap)
            position = begin + len(cut[name])
            truth.write(f"{begin / rate:.4f},{position / rate:.4f},{label}\n")
            count += 1
    print(f"{position / rate:.1f} s, {count} clips, {sum(clip is not None for clip in cut.values())} of them distinct")


def labels_over_time(rows, frames):
    labels = [None] * frames
    for start, end, label in rows:
        for i in range(round(start * 100), min(frames, round(end * 100))):
            labels[i] = label
    return labels


def rows_of(path):
    with open(path, newline="") as file:
        return [(float(row["start_s"]), float(row["end_s"]), row["label"])
                for row in csv.DictReader(file) if row["start_s"] and row["label"] != "no_speech"]


def score(truth_path, segments_path):
    truth = rows_of(truth_path)
    segments = rows_of(segments_path)
    frames = round(truth[-1][1] * 100)
    said = labels_over_time(truth, frames)
    heard = labels_over_time(segments, frames)
    speech = [i for i in range(frames) if said[i] is not None]
    pause = [i for i in range(frames) if said[i] is None]
    # A pause begins with what voice activity adds behind speech, and ends likewise.
    inside = [i for i in pause
              if all(said[j] is None for j in (max(0, i - 10), min(frames - 1, i + 10)))]
    agree = sum(said[i] == heard[i] for i in speech)
    found = sum(heard[i] is not None for i in speech)
    ends = sorted(end for _, end, _ in segments)
    starts = sorted(start for start, _, _ in segments)
    nearest = lambda value, values: min(abs(value - other) for other in values)
    end_errors = [nearest(end, ends) for _, end, _ in truth]
    start_errors = [nearest(start, starts) for start, _, _ in truth]
    print(f"segments                       {len(segments)}, {len(truth)} in truth")
    print(f"agreement of speech frames     {agree / len(speech):.4f}")
    print(f"speech found                   {found / len(speech):.4f}")
    print(f"agreement where it was found   {agree / max(1, found):.4f}")
    print(f"silence taken for speech       {sum(heard[i] is not None for i in pause) / len(pause):.4f}, "
          f"further than 0.1 s from speech {sum(heard[i] is not None for i in inside) / len(inside):.4f}")
    print(f"ends, error                    median {statistics.median(end_errors):.3f} s, "
          f"90 % within {sorted(end_errors)[int(0.9 * len(end_errors))]:.3f} s")
    print(f"starts, error                  median {statistics.median(start_errors):.3f} s, "
          f"90 % within {sorted(start_errors)[int(0.9 * len(start_errors))]:.3f} s")


if len(sys.argv) == 7 and sys.argv[1] == "make":
    make(*sys.argv[2:])
elif len(sys.argv) == 4 and sys.argv[1] == "score":
    score(*sys.argv[2:])
else:
    sys.exit(__doc__)
