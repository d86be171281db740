"""Has every function of the headers a case with narrow floats?

Usage: narrow_functions.py <repository> <ops.h of the build> <clang++>

tests/models/narrow_functions.cpp compares their results with f32's, tests/models/narrow_layers.cpp holds the layers with
parameters, which take f32 and have to say so of bf16, f16 and f64. A function in neither, and not below, is an error.
"""
import itertools
import pathlib
import re
import subprocess
import sys
import tempfile

# What has no floats of the caller's type, by why.
WITHOUT = {
    "integers or truths alone": "bit_and bit_not bit_or bit_xor floor_divide remainder shift_left shift_right arange bincount code_counts perplexity usage nn::causal_mask relative_places",
    "truths of places": "masks::causal masks::causal_bottom_right masks::sliding_window masks::prefix masks::lengths masks::key_padding masks::documents "
                        "masks::block_diagonal masks::chunked masks::block_causal masks::dilated masks::strided masks::neighbourhood masks::shifted masks::of",
    "of scores, which are f32 of narrow floats": "scores::alibi scores::relative scores::t5 scores::by_index scores::bias scores::softcap scores::temperature scores::of",
    "draws, which are f32": "fold uniform normal normal_like uniform_like gumbel_like exponential truncated_normal choice permutation bernoulli randint categorical",
    "numbers of a step, which are f64": "linear_decay constant_rate linear_rate cosine_rate warm_up one_cycle_rate inverse_sqrt_rate step_rate",
    "not for tensors": "size every shared roles up_to bind constant entry model compute dim init::uniform init::normal init::constant init::zeros init::ones init::fan_in init::by_shape",
    "a file's own type": "constant_from_file",
    "constants of f32": "nn::sinusoidal_positions nn::sinusoidal_positions_2d nn::Embedding",
}
# Layers that are another one by another name, or around it, which speaks.
SPEAKS = {"GLU": "GatedMLP", "SwiGLU": "GatedMLP", "GeGLU": "GatedMLP", "SpectralNorm": "Linear", "WeightNorm": "Linear",
          "TransformerEncoder": "TransformerEncoderLayer", "TransformerDecoder": "TransformerDecoderLayer"}


def names_of(root, ops):
    """The functions and layers of the language, as the guide's list of all functions has them."""
    sys.path.insert(0, str(root / "dsl"))
    import functions
    headers = [ops, *sorted((root / "dsl/kerf").glob("*.h")), *sorted((root / "dsl/kerf/nn").glob("*.h"))]
    for path in headers:
        if path.name not in functions.INTERNAL:
            for name, signature, _ in itertools.chain(functions.declarations(path), functions.layers(path)):
                if signature.startswith("`") and " is `" not in signature and name not in functions.HIDDEN and not name.startswith("operator"):
                    yield name


def refusals(root, ops, compiler, element, layers):
    """What is wrong with what the compiler says of layers on inputs of another type."""
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "element.h").write_text(f"#include <kerf/kerf.h>\nusing Element = kerf::{element};\n")
        run = subprocess.run([compiler, "-std=c++20", "-fsyntax-only", "-ferror-limit=0", f"-I{root / 'dsl'}", f"-I{ops.parent.parent}", f"-I{folder}",
                              str(root / "tests/models/narrow_layers.cpp")], capture_output=True, text=True)
    said = set()
    for line in run.stderr.splitlines():
        if "error: " in line:
            if not (found := re.search(rf"kerf: (\w+): the input is {element}, the parameters are f32; use cast<f32>\(\)$", line)):
                yield f"{element}: {line}"
            else:
                said.add(found[1])
    for layer in sorted({SPEAKS.get(layer, layer) for layer in layers} - said):
        yield f"{element}: {layer} does not say that it takes f32"


def main():
    root, ops, compiler = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve(), sys.argv[3]
    folder = root / "tests/models"
    compared = set(re.findall(r'check\w*<"([\w:]+)"', (folder / "narrow_functions.cpp").read_text()))
    layers = re.findall(r"\(void\)nn::(\w+)<", (folder / "narrow_layers.cpp").read_text())
    without = set(" ".join(WITHOUT.values()).split())
    known = compared | {f"nn::{layer}" for layer in layers} | without
    names = set(names_of(root, ops))
    wrong = [f"{name} has no case with narrow floats: add one to narrow_functions.cpp" for name in sorted(names - known)]
    wrong += [f"{name} has a case or none, but no header has it" for name in sorted(known - names)]
    for element in ("bf16", "f16", "f64"):
        wrong += refusals(root, ops, compiler, element, layers)
    print("\n".join(wrong + [f"{len(compared)} functions compared, {len(layers)} layers refuse"]))
    sys.exit(bool(wrong) or len(names) < 200)


if __name__ == "__main__":
    main()
