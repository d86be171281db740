"""Built files name no folder of the machine: folders.py FOLDER... -- FILE..."""
import pathlib
import re
import sys

split = sys.argv.index("--")
folders = [word.encode() for word in sys.argv[1:split]]
failed = False
for file in sys.argv[split + 1:]:
    content = pathlib.Path(file).read_bytes()
    for folder in folders:
        found = re.findall(rb"[\x20-\x7e]*" + re.escape(folder) + rb"[\x20-\x7e]*", content)
        if found:
            failed = True
            print(f"{file}: {len(found)} times, as {found[0].decode()[:200]}")
sys.exit(failed)
