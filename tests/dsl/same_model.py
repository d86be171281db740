"""Model units in two compilers: same_model.py FOLDER UNIT COMPILER COMPILER [FLAGS...]

Both must accept the unit without a warning, also in the language's headers, which are no SYSTEM ones here, and what it
then says to its Builder must be the same, op by op and line by line. Prints what each compilation cost.
"""
import difflib
import pathlib
import resource
import subprocess
import sys
import time


def said_by(compiler, folder, unit, flags):
    program = folder / f"{unit.stem}.{pathlib.Path(compiler).name}"
    started = time.time()
    subprocess.run([compiler, "-std=c++20", "-O0", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror", *flags,
                    "-c", str(unit), "-o", f"{program}.o"], check=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{compiler}: {unit.name} in {time.time() - started:.1f} s, at most {peak} MB")
    printer = pathlib.Path(__file__).with_name("print_model.cpp")
    subprocess.run([compiler, "-std=c++20", "-O0", *flags, str(printer), f"{program}.o", "-o", str(program)], check=True)
    return subprocess.run([str(program)], check=True, capture_output=True, encoding="latin-1").stdout.splitlines()  # tables are bytes


def main():
    folder, unit, flags = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[5:]
    folder.mkdir(parents=True, exist_ok=True)
    first, second = (said_by(compiler, folder, unit, flags) for compiler in sys.argv[3:5])
    difference = list(difflib.unified_diff(first, second, *sys.argv[3:5], lineterm="", n=0))
    print("\n".join(difference[:20]))
    sys.exit(1 if difference or len(first) < 20 else 0)


if __name__ == "__main__":
    main()
