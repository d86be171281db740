"""What the tests of programs share: to run one as a user does, and to say what holds of it."""
import subprocess

failures = 0


def check(holds, what):
    global failures
    print("ok  " if holds else "FAIL", what, flush=True)
    failures += not holds


def status():
    """What a test's process exits with."""
    return 1 if failures else 0


def start(program, *options):
    return subprocess.Popen([program, *options], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def run(program, *options):
    """Its exit code and all it said."""
    process = start(program, *options)
    try:
        text = process.communicate(timeout=500)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return process.returncode, text


def train(program, data, output, *options):
    return run(program, "--data", data, "--output", output, *options)
