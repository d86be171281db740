"""What models compile to has not changed: their <model>.fusion.json are those of the golden folder, <model>.json.

A family that found no candidate is not compared: a new one changes no golden of a model that it leaves alone.

Usage: fusion_report.py <folder of goldens> <model>.fusion.json ... [--update]      --update makes the goldens anew
"""
import difflib
import json
import pathlib
import re
import sys

FAMILIES = re.compile(r'^  "families": (\{\}|\{\n.*?^  \})', re.MULTILINE | re.DOTALL)


def without_idle_families(report):
    """The text of a report, every family that found a candidate in a line of its own."""
    def active(found):
        families = json.loads(found[1])
        return '  "families": {' + ",".join(f'\n    "{name}": {json.dumps(counts)}' for name, counts in families.items()
                                           if any(counts.values())) + "\n  }"
    return FAMILIES.sub(active, report, count=1)


def main():
    update = "--update" in sys.argv
    folder, *reports = [pathlib.Path(argument) for argument in sys.argv[1:] if argument != "--update"]
    goldens = {folder / report.name.replace(".fusion.json", ".json"): report for report in reports}
    changed = False
    for golden, report in goldens.items():
        text, old = report.read_text(), golden.read_text() if golden.exists() else ""
        new, old = without_idle_families(text), without_idle_families(old)
        if new == old:
            continue
        changed = True
        if update:
            print(f"{golden} is new" if not old else f"{golden} changes")
            folder.mkdir(exist_ok=True)
            golden.write_text(text)
        else:
            lines = difflib.unified_diff(old.splitlines(), new.splitlines(), str(golden), str(report), lineterm="", n=1)
            print("\n".join(lines))
    for golden in sorted(set(folder.glob("*.json")) - set(goldens)):
        changed = True
        print(f"{golden} is of no model that is tested")
        if update:
            golden.unlink()
    if changed and not update:
        print("\n./dev update makes the goldens anew, if this is meant")
    sys.exit(changed and not update)


if __name__ == "__main__":
    main()
