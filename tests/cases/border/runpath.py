"""No program looks for libraries in the working folder: runpath.py READELF PROGRAM..."""
import re
import subprocess
import sys

readelf, programs = sys.argv[1], sys.argv[2:]
for program in programs:
    text = subprocess.run([readelf, "-d", program], check=True, capture_output=True, text=True).stdout
    paths = re.findall(r"\((?:RUNPATH|RPATH)\).*\[(.*)\]", text)
    for path in paths:
        for element in path.split(":"):
            if not element.startswith(("/", "$ORIGIN")):
                sys.exit(f"{program}: the search path '{path}' has the element '{element}'")
    print(f"{program}: {paths}")
