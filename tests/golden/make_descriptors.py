#!/usr/bin/env python3
"""Writes librosa/silence.json and librosa/signals/: what librosa 0.10.2.post1 says of signals/*.y.npy.

Needs librosa 0.10.2.post1 (any NumPy that it works with); run it from anywhere.
"""

import json
import pathlib

import librosa
import numpy as np

FOLDER = pathlib.Path(__file__).parent / "librosa"
RATE_HZ = 22050
SIGNALS = ["speech07_16000", "speech12_24414", "sweep_24414_s16_mono"]


def with_pauses(y):
    """Faint, loud, nothing, fainter, loud: the signal that silence is looked for in."""
    return np.concatenate([
        y * np.float32(1e-4), y, np.zeros(5000, np.float32), y * np.float32(0.01), y[:10000],
        np.zeros(3000, np.float32)
    ])


def main():
    assert librosa.__version__ == "0.10.2.post1", librosa.__version__
    signals = FOLDER / "signals"
    silence = {}
    for name in SIGNALS:
        y = np.load(signals / f"{name}.y.npy").astype(np.float32)
        f0_hz, voiced, probability = librosa.pyin(y, fmin=65.0, fmax=700.0, sr=RATE_HZ)
        mfcc = librosa.feature.mfcc(y=y, sr=RATE_HZ)
        values = {
            "spectral_centroid": librosa.feature.spectral_centroid(y=y, sr=RATE_HZ),
            "spectral_bandwidth": librosa.feature.spectral_bandwidth(y=y, sr=RATE_HZ),
            "spectral_rolloff": librosa.feature.spectral_rolloff(y=y, sr=RATE_HZ),
            "spectral_flatness": librosa.feature.spectral_flatness(y=y),
            "spectral_contrast": librosa.feature.spectral_contrast(y=y, sr=RATE_HZ),
            "f0_hz": np.where(voiced, f0_hz, 0.0)[np.newaxis],
            "voicing_probability": probability[np.newaxis],
            "delta_mfcc": librosa.feature.delta(mfcc)[:3],
            "delta2_mfcc": librosa.feature.delta(mfcc, order=2)[:3],
        }
        for descriptor, matrix in values.items():
            np.save(signals / f"{name}.{descriptor}.npy", np.ascontiguousarray(matrix, np.float32))
        paused = with_pauses(y)
        silence[name] = {
            str(top_db): {
                "trim": librosa.effects.trim(paused, top_db=top_db)[1].tolist(),
                "split": librosa.effects.split(paused, top_db=top_db).tolist(),
            }
            for top_db in (20, 30, 60)
        }
    (FOLDER / "silence.json").write_text(json.dumps(silence, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
