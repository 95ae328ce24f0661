"""What scikit-learn makes of the same scores and features: classification.py < given.json > answers.json

given: {"scores": (N, C), "labels": (N), "gallery": (G, D), "classes": (G), "queries": (Q, D), "truths": (Q), "k": k}
answers: {"top1", "top5", "mean_class": fractions, "confusion": (C, C)} of the scores, and for each metric, cosine and
euclidean, {"rows": (Q, k) neighbours, nearest first, "accuracy": of the vote of k, "precision": mean share of right ones}

Votes are scikit-learn's wherever one class has most; of equal numbers the class that is met first is taken.
"""

import json
import sys

import numpy
from sklearn.metrics import accuracy_score, balanced_accuracy_score, confusion_matrix, top_k_accuracy_score
from sklearn.neighbors import KNeighborsClassifier


def neighbours(given, metric):
    k = given["k"]
    gallery = numpy.array(given["gallery"])
    classes = numpy.array(given["classes"])
    queries = numpy.array(given["queries"])
    truths = numpy.array(given["truths"])
    model = KNeighborsClassifier(k, metric=metric, algorithm="brute").fit(gallery, classes)
    rows = model.kneighbors(queries, return_distance=False)
    votes = model.predict(queries)
    for query, row in enumerate(rows):
        labels, counts = numpy.unique(classes[row], return_counts=True)
        best = labels[counts == counts.max()]
        first = next(label for label in classes[row] if label in best)
        assert len(best) > 1 or first == votes[query]
        votes[query] = first
    return {
        "rows": rows.tolist(),
        "accuracy": accuracy_score(truths, votes),
        "precision": float((classes[rows] == truths[:, None]).mean()),
    }


def main():
    given = json.load(sys.stdin)
    scores = numpy.array(given["scores"])
    labels = numpy.array(given["labels"])
    every = list(range(scores.shape[1]))
    taken = scores.argmax(axis=1)
    json.dump(
        {
            "top1": accuracy_score(labels, taken),
            "top5": top_k_accuracy_score(labels, scores, k=5, labels=every),
            "mean_class": balanced_accuracy_score(labels, taken),
            "confusion": confusion_matrix(labels, taken, labels=every).tolist(),
            "cosine": neighbours(given, "cosine"),
            "euclidean": neighbours(given, "euclidean"),
        },
        sys.stdout,
    )


main()
