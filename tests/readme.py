"""README.md and dsl/guide.md are true: their code is what stands between `[example]` marks in the file named above it, or
between marks of the name beside the file's, their paths exist, their commands are those of ./dev. The README has at most 120
lines.

Usage: readme.py <repository> [--fix]      --fix takes the code from the files again
"""
import pathlib
import re
import subprocess
import sys
import textwrap

BLOCK = re.compile(r"^(`([\w./-]+)`(?: \[(\w+)\])?(?:[^\n]|\n(?!\n))*:\n\n```\w*\n)(.*?)(^```$)", re.S | re.M)


def example(path, name):
    """What stands between the first and the second mark, the third and the fourth …"""
    parts = re.split(rf"^[ \t]*(?://|#) \[{name or 'example'}\][^\n]*\n", path.read_text(), flags=re.M)
    if len(parts) < 3 or len(parts) % 2 == 0:
        sys.exit(f"{path} has {len(parts) - 1} [{name or 'example'}] marks, want pairs of them")
    return "\n".join(textwrap.dedent(part).rstrip() + "\n" for part in parts[1::2])


def complaints(root, page, text):
    blocks = 0
    for block in BLOCK.finditer(text):
        blocks += 1
        if block[4] != example(root / block[2], block[3]):
            yield f"the code under `{block[2]}` is not what stands there between its [{block[3] or 'example'}] marks"
    if blocks == 0:
        yield "no code is cut from a file"
    for path in re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", text):
        if not path.startswith("build/") and not (root / path).exists():
            yield f"there is no {path}"
    anchors = {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in re.findall(r"^#+ (.*)$", text, re.M)}
    for link in re.findall(r"\]\(([\w./#-]+)\)", text):
        if link[1:] not in anchors if link[0] == "#" else not (page.parent / link).exists():
            yield f"there is nothing at {link}"
    known = subprocess.run([root / "dev", "--help"], capture_output=True, text=True, check=True).stdout
    for command in set(re.findall(r"\./dev [a-z]+", text)):
        if command not in known:
            yield f"./dev --help does not know {command}"


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    found = []
    for name in ["README.md", "dsl/guide.md"]:
        page = root / name
        text = page.read_text()
        if sys.argv[2:] == ["--fix"]:
            text = BLOCK.sub(lambda block: block[1] + example(root / block[2], block[3]) + block[5], text)
            page.write_text(text)
        found += [f"{name}: {complaint}" for complaint in complaints(root, page, text)]
        if name == "README.md" and text.count("\n") > 120:
            found.append(f"{name}: it has {text.count(chr(10))} lines, want at most 120")
    for complaint in found:
        print(complaint)
    if found:
        print("python3 tests/readme.py . --fix takes the code from the files again")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
