#!/usr/bin/env python3
"""Writes metrics/predictions.json: 500 random predictions and what scikit-learn makes of them.

Needs NumPy and scikit-learn (Debian: apt-get install python3-sklearn; written with 1.2.1); run it
from anywhere with Debian's Python, /usr/bin/python3.
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn import metrics
from sklearn.calibration import calibration_curve

FILE = pathlib.Path(__file__).parent / "metrics" / "predictions.json"
CLASSES = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"]
SHARES = [0.25, 0.05, 0.1, 0.2, 0.2, 0.15, 0.05]
BINS = 15
THRESHOLD = 0.6


def draw(clips=500, seed=6):
    """Truth and probabilities [clips, classes] of a middling recogniser that is too sure."""
    random = np.random.default_rng(seed)
    truth = random.choice(len(CLASSES), size=clips, p=SHARES)
    logits = random.normal(scale=2.0, size=(clips, len(CLASSES)))
    logits[np.arange(clips), truth] += 2.5
    # Rounded, so that there are ties in confidence, and no two programs read other numbers.
    probabilities = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities = np.round(probabilities / probabilities.sum(axis=1, keepdims=True) * 256) / 256
    # A multiple of 1/256 is exact in float32; what rounding left over goes to the likeliest class.
    likeliest = probabilities.argmax(axis=1)
    probabilities[np.arange(clips), likeliest] += 1.0 - probabilities.sum(axis=1)
    return truth, probabilities


def ece(right, confidence):
    """Mean of |accuracy - confidence| over the bins of scikit-learn's calibration_curve."""
    accuracy, mean_confidence = calibration_curve(right, confidence, n_bins=BINS)
    # The curve leaves empty bins out and says no counts; its bins are (lower, upper].
    bins = np.searchsorted(np.linspace(0.0, 1.0, BINS + 1)[1:-1], confidence)
    counts = np.bincount(bins, minlength=BINS)
    return float(np.sum(counts[counts > 0] * np.abs(accuracy - mean_confidence)) / len(right))


def aurc(right, confidence):
    """By its definition, since scikit-learn has none; errors of equal confidence spread evenly."""
    errors = 1.0 - right
    order = np.argsort(-confidence, kind="stable")
    confidence, errors = confidence[order], errors[order]
    for value in np.unique(confidence):
        errors[confidence == value] = errors[confidence == value].mean()
    return float(np.mean(np.cumsum(errors) / np.arange(1, len(errors) + 1)))


def main():
    truth, probabilities = draw()
    predicted = probabilities.argmax(axis=1)
    confidence = probabilities.max(axis=1)
    right = (predicted == truth).astype(float)
    labels = list(range(len(CLASSES)))
    answered = confidence >= THRESHOLD

    def per_class(score):
        return score(truth, predicted, labels=labels, average=None, zero_division=0).tolist()

    values = {
        "accuracy": metrics.accuracy_score(truth, predicted),
        "uar": metrics.balanced_accuracy_score(truth, predicted),
        "macro_f1": metrics.f1_score(truth, predicted, average="macro", zero_division=0),
        "weighted_f1": metrics.f1_score(truth, predicted, average="weighted", zero_division=0),
        "log_loss": metrics.log_loss(truth, probabilities, eps=1e-15, labels=labels),
        "brier": sum(metrics.brier_score_loss(truth == k, probabilities[:, k]) for k in labels),
        "ece": ece(right, confidence),
        "aurc": aurc(right, confidence),
        "precision": per_class(metrics.precision_score),
        "recall": per_class(metrics.recall_score),
        "f1": per_class(metrics.f1_score),
        "confusion": metrics.confusion_matrix(truth, predicted, labels=labels).tolist(),
        "answered": {
            "threshold": THRESHOLD,
            "coverage": float(answered.mean()),
            "accuracy": metrics.accuracy_score(truth[answered], predicted[answered]),
            "uar": metrics.balanced_accuracy_score(truth[answered], predicted[answered]),
        },
    }
    content = {
        "scikit_learn": sklearn.__version__,
        "classes": CLASSES,
        "truth": truth.tolist(),
        "probabilities_x256": np.rint(probabilities * 256).astype(int).tolist(),
        "metrics": values,
    }
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(content, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
