"""What scikit-learn makes of the same few samples: fewshot.py < samples.json > answers.json

samples: {"features": (N, D), "labels": (N), "queries": (Q, D), "cost": C, "accuracies": (E)}
answers: {"svm": (Q, classes), "logistic": (Q, classes), "centroid": (Q), "mean": m, "half": h}

The first two are the decision functions of a linear support vector machine with the squared hinge loss and of logistic
regression, each class against the rest; then the nearest centroids, and the mean of the accuracies with half of its
95 % interval by the normal distribution.
"""

import json
import sys

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neighbors import NearestCentroid
from sklearn.svm import LinearSVC


def main():
    given = json.load(sys.stdin)
    features = numpy.array(given["features"])
    labels = numpy.array(given["labels"])
    queries = numpy.array(given["queries"])
    cost = given["cost"]
    svm = OneVsRestClassifier(LinearSVC(C=cost, dual=False, tol=1e-10, max_iter=100000))
    logistic = OneVsRestClassifier(LogisticRegression(C=cost, solver="liblinear", tol=1e-10, max_iter=100000))
    accuracies = numpy.array(given["accuracies"])
    json.dump(
        {
            "svm": svm.fit(features, labels).decision_function(queries).tolist(),
            "logistic": logistic.fit(features, labels).decision_function(queries).tolist(),
            "centroid": NearestCentroid().fit(features, labels).predict(queries).tolist(),
            "mean": accuracies.mean(),
            "half": 1.96 * accuracies.std(ddof=1) / len(accuracies) ** 0.5,
        },
        sys.stdout,
    )


main()
