"""tests/golden/frechet.safetensors: the Fréchet distance of sets of vectors, by NumPy in f64.

    a, b        two sets of vectors, F32
    distance    of the two; of a from itself is 0
"""
import os

import numpy as np
from safetensors.numpy import save_file

import philox

GOLDEN = os.path.join(os.path.dirname(__file__), "..", "golden")


def distance(a, b):
    """|m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)), the root by the eigenvalues of the product, which is not symmetric."""
    c1, c2 = np.cov(a.T), np.cov(b.T)
    values = np.linalg.eigvals(c1 @ c2)
    assert abs(values.imag).max() < 1e-9 * abs(values).max()
    root = np.sqrt(np.maximum(values.real, 0)).sum()
    return ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(c1) + np.trace(c2) - 2 * root


def main():
    draws = philox.normal((5, 6), 0, (2, 60, 12))
    a = (draws[0] @ philox.normal((7, 8), 0, (12, 12))).astype(np.float32)
    b = (draws[1] * np.arange(12) + 0.5).astype(np.float32)  # one of its variances is 0
    save_file({"a": a, "b": b, "distance": np.array(distance(a.astype(np.float64), b.astype(np.float64)))},
              f"{GOLDEN}/frechet.safetensors")
    print(f"frechet: distance {distance(a.astype(np.float64), b.astype(np.float64)):.6f}")


if __name__ == "__main__":
    main()
