"""kerf_model refuses rows that are wrong, in words: models/CMakeLists.txt in a tree where targets are nothing.

Usage: rows.py <repository> <cmake>
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT, CMAKE = pathlib.Path(sys.argv[1]), sys.argv[2]
TOP = """cmake_minimum_required(VERSION 3.25)
project(Kerf LANGUAGES NONE)
foreach(name kerf_add_model kerf_program target_include_directories target_compile_definitions target_link_libraries set_target_properties)
  function(${name})
  endfunction()
endforeach()
add_subdirectory(models)
"""
# A row, and what is said of it, nothing of one that is sound.
ROWS = [
    ("kerf_model(m ENTRIES e.cpp)", None),
    ("kerf_model(m ENTRIES e.cpp NARROW m16 GOLDEN MATCH fam fam/step REPORTS m m16)", None),
    ('kerf_model(m ENTRIES e.cpp PROGRAM p.cpp\n  DEMO "a text (with; [all): of it")', None),
    ('kerf_model(m ENTRIES e.cpp PROGRAM p.cpp\n  DEMO "a text"\n  AFTER other)', None),
    ('kerf_model(a_name_of_more_than_16 ENTRIES e.cpp PROGRAM p.cpp\n  DEMO "a text")', None),
    ("kerf_model(m ENTRIES e.cpp\n  AFTER other)", "PROGRAM is missing: what reads the weights of other"),
    ('kerf_model(m ENTRIES e.cpp DEMO "a text")', "PROGRAM is missing"),
    ('kerf_model(m ENTRIES e.cpp\n  DEMO "a text")', "PROGRAM is missing"),
    ("kerf_model(m ENTRIES e.cpp PROGRAM p.cpp)", "DEMO is missing"),
    ('kerf_model(m ENTRIES e.cpp PROGRAM p.cpp DEMO "a text")', "does not read this row"),
    ('kerf_model(m ENTRIES e.cpp PROGRAM p.cpp\n    DEMO "a text")', "does not read this row"),
    ('kerf_model(m ENTRIES e.cpp PROGRAM p.cpp\n  DEMO  "a text")', "does not read this row"),
    ('kerf_model(m ENTRIES e.cpp\n  PROGRAM p.cpp DEMO "a text")', "does not read this row"),
    ('kerf_model(\n  m ENTRIES e.cpp PROGRAM p.cpp\n  DEMO "a text")', "does not read this row"),
    ('kerf_model( m ENTRIES e.cpp PROGRAM p.cpp\n  DEMO "a text")', "does not read this row"),
    ('  kerf_model(m ENTRIES e.cpp PROGRAM p.cpp\n  DEMO "a text")', "does not read this row"),
    ('kerf_model(m ENTRIES e.cpp PROGRAM p.cpp\n  DEMO "a \\"text\\"")', "does not read this row"),
    ('set(text a)\nkerf_model(m ENTRIES e.cpp PROGRAM p.cpp\n  DEMO "${text} text")', "does not read this row"),
    ('kerf_model(m ENTRIES e.cpp PROGRAM p.cpp\n  DEMO "a text\n  of two lines")', "does not read this row"),
    ("kerf_model(m ENTRIES e.cpp NARROW m COMPARE)", "NARROW is another model"),
    ("kerf_model(m ENTRIES e.cpp COMPARE)", "NARROW is missing"),
    ("kerf_model(m ENTRIES e.cpp NARROW m16 MATCH nosuch)", "MATCH nosuch is no <family>"),
    ("kerf_model(m ENTRIES e.cpp NARROW m16 MATCH fam nosuch/step)", "MATCH nosuch/step is no <family>"),
    ("kerf_model(m ENTRIES e.cpp NARROW m16 MATCH fam/)", "MATCH fam/ is no <family>"),
    ("kerf_model(m ENTRIES e.cpp NARROW m16 MATCH /step)", "MATCH /step is no <family>"),
    ("kerf_model(m ENTRIES e.cpp NARROW m16 REPORTS m n)", "REPORTS n is neither the model nor its NARROW form 'm16'"),
    ("kerf_model(m ENTRIES e.cpp REPORTS m16)", "REPORTS m16 is neither the model nor its NARROW form ''"),
]


def surprises(folder):
    (folder / "models/system").mkdir(parents=True)
    (folder / "compiler/families/fam").mkdir(parents=True)
    shutil.copy(ROOT / "dev", folder)
    shutil.copy(ROOT / "models/CMakeLists.txt", folder / "models")
    (folder / "CMakeLists.txt").write_text(TOP)
    for row, words in ROWS:
        (folder / "models/system/CMakeLists.txt").write_text(f"{row}\n")
        shutil.rmtree(folder / "build", ignore_errors=True)
        done = subprocess.run([CMAKE, "-S", folder, "-B", folder / "build"], capture_output=True, text=True, timeout=60)
        said = re.sub(r"\s+", " ", done.stderr)
        if bool(words) != bool(done.returncode) or not re.search(rf"kerf_model\(\w+\): .*{re.escape(words)}" if words else "^$", said):
            yield f"{row}\n  want {words}\n  got {said or 'nothing'}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        found = list(surprises(pathlib.Path(temporary)))
    print("\n".join(found))
    sys.exit(bool(found))
