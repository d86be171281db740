"""lit set-up for the .mlir files of tests: ShTest files with kerf-opt, kerf-run and FileCheck in PATH."""
import os

import lit.formats

config.name = "kerf"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir"]
config.excludes = ["golden"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.kerf_build, "tests", "lit")
programs = lit_config.params.get("programs", config.kerf_tools)  # of planted mistakes: others
config.environment["PATH"] = os.pathsep.join(
    [programs, config.kerf_tools, config.llvm_tools, config.environment["PATH"]])
config.environment["FILECHECK_OPTS"] = "--dump-input=fail"
for name in ("KERF_PRINT", "KERF_MISTAKE", "ASAN_OPTIONS", "UBSAN_OPTIONS"):
    config.environment.pop(name, None)
    if name != "KERF_PRINT" and name in os.environ:
        config.environment[name] = os.environ[name]
