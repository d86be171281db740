"""A step of an optimizer is one loop over each leaf: one_sweep.py <model>.fusion.json <source>

Lion has two: its parameter and its mean both read the old mean, and neither reads the other. What takes norms is not looked at.
"""
import collections
import json
import pathlib
import re
import sys

SWEEPS = {"sgd_step": 1, "adam_step": 1, "adamw_step": 1, "rmsprop_step": 1, "average": 1, "lion_step": 2}


def main():
    report, source = json.loads(pathlib.Path(sys.argv[1]).read_text()), pathlib.Path(sys.argv[2]).read_text().splitlines()
    wrong, seen = [], set()
    for entry in report["entries"]:
        loops = collections.defaultdict(list)
        for call in entry["calls"]:
            loops[int(call["line"].rsplit(":", 1)[1])].append((call["kernel"], tuple(call["sizes"])))
        for line, calls in loops.items():
            step = re.match(r"\s*(\w+)\(", source[line - 1])
            if not step or step[1] not in SWEEPS:
                continue
            seen.add(step[1])
            for (kernel, sizes), count in collections.Counter(calls).items():
                if sizes and (kernel != "map" or count > SWEEPS[step[1]]):
                    wrong.append(f"{entry['name']}, line {line}: {step[1]} has {count} {kernel} over {list(sizes)}")
    if missing := SWEEPS.keys() - seen:
        wrong.append(f"no loop comes from {', '.join(sorted(missing))}")
    print("\n".join(wrong) or f"{', '.join(sorted(seen))}: one loop over each leaf")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
