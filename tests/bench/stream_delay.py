#!/usr/bin/env python3
"""How long after the last sample of a window its row comes.

usage: stream_delay.py RECORDING.wav SECONDS ser-predict OPTION... -

Feeds the recording to the command in real time, as a microphone would: 10 ms at a time, when the last of them would have been
heard. Of each row the time of its arrival is compared with that at which the 10 ms with its end were written. The recording
has 16 bits.
"""
import bisect
import csv
import os
import statistics
import struct
import subprocess
import sys
import threading
import time
import wave

PIECE_S = 0.010
PAUSE_S = 0.200  # a row that is later stands for a window that ended with the speech


def feed(pipe, header, samples, bytes_a_second, begin, written):
    pipe.write(header)
    piece = int(bytes_a_second * PIECE_S) // 4 * 4
    for first in range(0, len(samples), piece):
        part = samples[first:first + piece]
        end_s = (first + len(part)) / bytes_a_second
        left = begin + end_s - time.monotonic()
        if left > 0:
            time.sleep(left)
        written.append((end_s, time.monotonic()))
        pipe.write(part)
        pipe.flush()
    pipe.close()


def tell(what, delays):
    if delays:
        ordered = sorted(delays)
        print(f"{what}: {len(delays)} rows, median {1000 * statistics.median(delays):.1f} ms, "
              f"99 % within {1000 * ordered[int(0.99 * (len(ordered) - 1))]:.1f} ms, "
              f"largest {1000 * ordered[-1]:.1f} ms")


def main(path, seconds, *command):
    with wave.open(path) as recording:
        assert recording.getsampwidth() == 2
        channels, rate = recording.getnchannels(), recording.getframerate()
        samples = recording.readframes(int(float(seconds) * rate))
    bytes_a_second = 2 * channels * rate
    header = (b"RIFF\xff\xff\xff\xffWAVEfmt " +
              struct.pack("<IHHIIHH", 16, 1, channels, rate, bytes_a_second, 2 * channels, 16) +
              b"data\xff\xff\xff\xff")
    process = subprocess.Popen([*command, "--format", "csv"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    time.sleep(0.5)  # the model is loaded before the sound begins
    written = []  # what time of the recording was written when
    feeder = threading.Thread(target=feed, args=(process.stdin, header, samples, bytes_a_second, time.monotonic(), written))
    feeder.start()
    delays = []
    text = b""
    while True:
        some = os.read(process.stdout.fileno(), 65536)
        arrived = time.monotonic()
        if not some:
            break
        text += some
        *lines, text = text.split(b"\n")
        for row in csv.reader(line.decode() for line in lines):
            if row[0] == "path" or len(written) * PIECE_S > float(seconds) - 0.5:
                continue  # the last come with the end of the input
            _, at = written[bisect.bisect_left(written, (float(row[2]), 0.0))]
            delays.append(arrived - at)
    feeder.join()
    tell("while somebody speaks", [delay for delay in delays if delay < PAUSE_S])
    tell("of speech that has ended", [delay for delay in delays if delay >= PAUSE_S])
    return process.wait()


if len(sys.argv) < 5:
    sys.exit(__doc__)
sys.exit(main(*sys.argv[1:]))
