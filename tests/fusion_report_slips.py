"""fusion_report.py sees every change of a report but a family without candidates that comes or goes.

Usage: fusion_report_slips.py
"""
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
IDLE, ACTIVE = {"candidates": 0, "fused": 0}, {"candidates": 2, "fused": 1}
# Families of the golden and of the report, and what is to be seen of them, none where nothing is.
FAMILIES = [
    ({"a": ACTIVE}, {"a": ACTIVE}, None),
    ({"a": ACTIVE}, {"a": ACTIVE, "b": IDLE}, None),
    ({"a": ACTIVE}, {"b": IDLE, "a": ACTIVE}, None),
    ({"a": ACTIVE, "b": IDLE}, {"a": ACTIVE}, None),
    ({"b": IDLE}, {}, None),
    ({}, {"b": IDLE, "c": IDLE}, None),
    ({"a": ACTIVE}, {"a": IDLE}, '-    "a": {"candidates": 2, "fused": 1}'),
    ({"a": IDLE}, {"a": ACTIVE}, '+    "a": {"candidates": 2, "fused": 1}'),
    ({"a": ACTIVE}, {"a": ACTIVE, "b": ACTIVE}, '+    "b": {"candidates": 2, "fused": 1}'),
    ({"a": ACTIVE}, {"a": dict(ACTIVE, fused=2)}, '+    "a": {"candidates": 2, "fused": 2}'),
]


def report_of(families, kernels=1):
    return json.dumps({"model": "m", "families": families, "candidates": [], "entries": [{"kernels": kernels}]}, indent=2) + "\n"


def surprises(folder):
    goldens, report = folder / "goldens", folder / "m.fusion.json"
    golden = goldens / "m.json"
    goldens.mkdir()
    seen = [(report_of(a), report_of(b), words) for a, b, words in FAMILIES]
    seen += [(report_of({"a": IDLE}), report_of({"b": IDLE}, kernels=2), '+      "kernels": 2'), ("", report_of({}), '+  "model": "m",')]
    for old, new, words in seen:
        golden.write_text(old)
        report.write_text(new)
        command = [sys.executable, HERE / "fusion_report.py", goldens, report]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        if done.returncode != bool(words) or (words or "") not in done.stdout or bool(done.stdout) != bool(words):
            yield f"{old}{new}  want {words}\n  got {done.stdout}{done.stderr}"
        subprocess.run([*command, "--update"], capture_output=True, check=True, timeout=60)
        if golden.read_text() != (new if words else old):
            yield f"{old}{new}  an update makes\n{golden.read_text()}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        found = list(surprises(pathlib.Path(temporary)))
    print("\n".join(found))
    sys.exit(bool(found))
