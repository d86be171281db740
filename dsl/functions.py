"""The language's functions by topic, with their arguments and what they do, from the comments and signatures of its headers.

Usage: functions.py <repository> <ops.h of the build> <page to write>

What stands above a function as `///` up to an empty line, an example or a list is its text; of a layer follow its parameters, parts and
settings, as its fields say them. Topics and their functions are those that dsl/guide.md lists, which has to name none that there is not. A
function that it does not name is under its header's topic, or among the other ones: a new op, function or layer needs no edit.
"""
import itertools
import pathlib
import re
import sys

# Headers in the order of the guide, each with its topic.
HEADERS = {
    "ops.h": "Other ops", "derived.h": "Other functions", "activations.h": "Activations", "reductions.h": "Along axes", "shapes.h": "Shapes", "losses.h": "Losses", "einops.h": "Shapes", "random.h": "Randomness", "train.h": "Training", "derivatives.h": "Gradients",
    "trees.h": "Trees", "optimizers.h": "Training", "schedules.h": "Schedules",
    "tables.h": "Tables and indices", "indexing.h": "Tables and indices",
    "loops.h": "Loops", "cond.h": "Loops", "module.h": "Parameters and their initialisation", "vq.h": "Codebooks", "vq_options.h": "Options of codebooks",
    "codebook.h": "Upkeep of codebooks", "residual_vq.h": "Codes in parts", "scalar_quantizers.h": "Scalar quantizers",
    "attention.h": "Attention", "attention_places.h": "Attention", "attention_masks.h": "Masks of attention",
    "attention_scores.h": "Scores of attention", "options.h": "Options of several",
    "kmeans.h": "Upkeep of codebooks", "model.h": "The table of entries", "dim.h": "The table of entries",
}
# What no model calls by name.
INTERNAL = {"any.h", "builder.h", "elements.h", "expr.h", "hana.h", "index_rules.h", "model_table.h", "operators.h", "reflect.h", "shape.h", "updates.h"}
# Parts of the implementation that stand outside of `detail`.
HIDDEN = set("emit require_bound leaves_of values_of assign kerf_models divide by_shape update_leaves".split())

NAMESPACE = re.compile(r"(?:inline )?namespace (\w[\w:]*) \{$|\} // namespace (\w[\w:]*)")
FUNCTION = re.compile(r"^(?:\[\[nodiscard\]\] )?(?:(?:inline|constexpr|consteval|static) )*(?:auto|void|Tree|Init|Constant|Dim|[A-Z]\w*(?:<[^()]*>)?) (\w+)\(", re.M)
INSIDE = {("kerf",): "", ("kerf", "init"): "init::", ("kerf::nn",): "nn::", ("kerf", "masks"): "masks::", ("kerf", "scores"): "scores::"}
STEP = re.compile(r"^template <class Tree, class Gradients, class State, class\.\.\. Options> struct (\w+) \{\n  \1\((.*?)\);", re.M | re.S)
CHOICE = re.compile(r"^enum class (\w+) \{ (.*) \};")
OPTION = re.compile(r"^inline constexpr auto &(\w+) = option<")
PLACES = re.compile(r"^inline constexpr types::(?:Mask|Score) (\w+)\{")
LAYER = re.compile(r"struct (\w+) : Module \{\n(.*?)^\};|^using (\w+) = (?:detail::)?(\w+)<([^;]*)>;", re.M | re.S)
FIELD = re.compile(r"(?P<type>.+?) (?P<names>\w+(?:, \w+)*)(?: = (?P<value>.+))?")


def text_of(comment, separate):
    """The first paragraph, or what comes before its first indented line or list; of ops, each line is a sentence."""
    lines = []
    for line in comment:
        line = line[3:].removeprefix(" ")
        if not line or line.startswith("   "):
            break
        lines.append(line.strip())
    text = ("; " if separate else " ").join(lines)
    text = re.sub(r"\s+", " ", re.sub(r"(?<=[^\s.:])   +(?!\[)", ": ", text))
    return re.sub(r"\.? Options?[^:]*:$", "", text).rstrip(".:")


def split(text):
    """At commas outside of brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "<({[") - (letter in ">)}]")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [" ".join(part.split()) for part in parts if part.strip()]


def bracketed(text, start):
    """What stands in the brackets that open at `start`."""
    opening = text[start]
    closing = {"<": ">", "(": ")"}[opening]
    depth = 0
    for i in range(start, len(text)):
        depth += (text[i] == opening) - (text[i] == closing)
        if depth == 0:
            return text[start + 1:i]
    return ""


def template_arguments(parameters, arguments):
    """Those that a caller writes: numbers, and types that no argument gives."""
    shown = []
    for parameter in split(parameters):
        kind, _, default = parameter.partition(" = ")
        words = kind.replace("...", " … ").split()
        name = words[-1]
        is_type = words[0] in ("class", "Operand", "typename", "Scalar")
        if re.search(rf"\b{name}\b", arguments) or default.startswith("detail::NoOption"):
            continue
        if is_type and default:
            continue
        shown.append(name + ("…" if "…" in words else "") + (f" = {default}" if default and not is_type else ""))
    return f"<{', '.join(shown)}>" if shown else ""


def function_arguments(parameters):
    shown = []
    for parameter in split(parameters):
        kind, _, default = parameter.partition(" = ")
        if pointer := re.search(r"\(\*(\w+)\)", kind):
            shown.append(pointer[1])
            continue
        name = re.split(r"[ &*.]", kind)[-1]
        if kind.startswith("Line "):
            continue
        if re.fullmatch(r"const (O\d|O|Options) ?&(\.\.\.)? ?(o\d|o|options)", kind) or "..." in kind:
            if "options…" not in shown:
                shown.append("options…" if re.search(r"\b(O\d?|Options)\b", kind) else f"{name}…")
            continue
        shown.append(name + (f" = {default}" if default and default != "{}" else ""))
    return f"({', '.join(shown)})"


def declarations(path):
    """(name, signature, text) of what stands in namespace kerf, and of the functions of the namespaces within it."""
    lines = path.read_text().split("\n")
    inside, comment, above, i = [], [], [], 0
    while i < len(lines):
        line = lines[i]
        if found := NAMESPACE.match(line):
            inside = inside + [found[1]] if found[1] else inside[:-1]
            comment, above = [], []
        elif line.startswith("///"):
            comment.append(line)
        elif line and not line.startswith((" ", "//", "#", "}", ")")) and tuple(inside) in INSIDE:
            end = next((j for j in range(i, len(lines)) if lines[j].endswith(("{", ";", "}"))), i)
            if STEP.match("\n".join(lines[i:i + 6])):
                end = i + 5
            declaration = "\n".join(lines[i:end + 1])
            is_type = re.search(r"^(?:template <.*> )?struct (?!.*;$)", declaration, re.M) and not STEP.match(declaration)
            # A function without a comment is explained by the type that it makes, if that stands right above it.
            yield from described(declaration, text_of(comment or above, path.name == "ops.h"), INSIDE[tuple(inside)])
            comment, above, i = [], comment if is_type else [], end
        i += 1


def described(declaration, text, prefix):
    if option := OPTION.match(declaration):
        yield option[1], f"option `{option[1]}`", text
        return
    if places := PLACES.match(declaration):
        yield prefix + places[1], f"`{prefix}{places[1]}`", text
        return
    if choice := CHOICE.match(declaration):
        yield prefix + choice[1], f"`{prefix}{choice[1]}` is {', '.join(f'`{name}`' for name in choice[2].split(', '))}", text
        return
    if step := STEP.match(declaration):
        yield step[1], f"`{step[1]}{function_arguments(step[2])}`", text
        return
    template = bracketed(declaration, declaration.index("<")) if declaration.startswith("template") else ""
    declaration = declaration.removeprefix(f"template <{template}>").lstrip()
    if function := FUNCTION.search(declaration):
        name = function[1]
        arguments = bracketed(declaration, function.end() - 1)
        if re.search(r"[&>](?:,|$)", arguments):  # what has no name is not used: an overload that only refuses
            return
        signature = prefix + name + template_arguments(template, arguments) + function_arguments(arguments)
        yield prefix + name, f"`{signature}`", text


def fields_of(body):
    """(type, names, value) of the fields of a struct, in order."""
    body = re.split(r"^  (?:template|\[\[nodiscard\]\]|auto operator)", re.sub(r"//.*", "", body), maxsplit=1, flags=re.M)[0]
    statements, depth = [""], 0
    for letter in body:
        depth += (letter in "({[") - (letter in ")}]")
        if letter == ";" and depth == 0:
            statements.append("")
        else:
            statements[-1] += letter
    for statement in (" ".join(words.split()) for words in statements):
        if statement and not statement.startswith("static "):
            if not (field := FIELD.fullmatch(statement)):
                sys.exit(f"a layer has a field that is not understood: {statement}")
            yield field["type"], field["names"], field["value"]


def described_fields(body):
    """What a layer holds: `weight` (Out, In), `.epsilon = 1e-5` …"""
    kinds = {"parameters": [], "buffers": [], "parts": [], "settings": []}
    for kind, names, value in fields_of(body):
        condition = ""
        if optional := re.fullmatch(r"Optional<(.*), ([^,]*)>", kind):
            kind, condition = optional[1], f" if {optional[2]}"
        quoted = ", ".join(f"`{name}`" for name in names.split(", "))
        drawn = f" = {value}" if value and value.startswith("init::") else ""
        if tensor := re.fullmatch(r"(Param|Buffer)(?:Of)?<([^,]*)(?:, )?(.*)>", kind):
            element = "" if tensor[2] == "f32" else f"{tensor[2]} "
            shape = f"of shape {tensor[3]}" if kind.startswith(tensor[1] + "Of") else f"({tensor[3]})" if tensor[3] else "scalar"
            kinds["parameters" if tensor[1] == "Param" else "buffers"].append(f"{quoted} {element}{shape}{drawn}{condition}")
        elif layer := re.fullmatch(r"decltype\((\w+)::(\w+)\)", kind):
            kinds["parameters"].append(f"{quoted} as {layer[1]}'s {layer[2]}")
        elif kind in ("double", "int", "bool"):
            kinds["settings"].append(f"`.{names} = {value}`")
        else:
            kinds["parts"].append(f"{quoted} {kind}{condition}")
    text = "; ".join(f"{kind} {', '.join(fields)}" for kind, fields in kinds.items() if fields)
    for name, value in re.findall(r"static constexpr bool (\w+) = (.*);", body):
        text = re.sub(rf"\b{name}\b", f"({value})", text)
    text = re.sub(r"(\w+)\.axes\[0\](?:, \1\.axes\[\d\])*", r"\1…", text)
    text = re.sub(r"detail::|\.axes\b|\.shape\b", "", text)
    return text[:1].upper() + text[1:]


def calls_of(body):
    """How a layer is called: (x, mode); what it finds by its type, given or not, as Mode."""
    for call in re.finditer(r"auto operator\(\)\(", body):
        arguments = bracketed(body, call.end() - 1)
        shown = []
        for argument in split(arguments):
            kind = argument.partition(" = ")[0]
            if re.fullmatch(r"const [A-Z] &[a-j]", kind):
                shown += [name for name in ("Mode", "Key", "options…") if name not in shown]
            elif not kind.startswith("Line ") and (name := re.search(r"\w+$", kind)) and name[0] != "auto":
                shown.append(name[0])
        if "Others" not in arguments:
            yield f"({', '.join(shown)})"


def layers(path):
    """(name, signature, text) of the modules of kerf::nn; one that stands in its `detail` is told where a name is given to it."""
    text, found = path.read_text(), {}
    for layer in LAYER.finditer(text):
        name, body, alias, target, arguments = layer.groups()
        before, parameters = text[:layer.start()].rstrip(), ""
        if before.endswith(">") and (start := before.rfind("\ntemplate <")) > 0:
            parameters = bracketed(before, start + len("\ntemplate "))
            before = before[:start]
        comment = itertools.takewhile(lambda line: line.startswith("///"), reversed(before.split("\n")))
        words = text_of(list(comment)[::-1], False)
        if name:
            found[name] = words, parameters, body
        elif target in found:
            name, (described_as, inner, body) = alias, found[target]
            for parameter, argument in zip(split(inner), split(arguments)):
                body = re.sub(rf"\b{parameter.partition(' = ')[0].split()[-1]}\b", argument, body)
            words = words or described_as
        else:
            continue
        if before.rfind("namespace detail {") > before.rfind("} // namespace detail"):
            continue
        shown = [" = ".join([kind.split()[-1]] + ([default] if default else []))
                 for kind, _, default in (parameter.partition(" = ") for parameter in split(parameters))]
        calls = " and ".join(f"`{call}`" for call in calls_of(body))
        if not calls:
            sys.exit(f"{path.name}: how {name} is called is not understood")
        signature = f"`nn::{name}{'<' + ', '.join(shown) + '>' if shown else ''}`, called by {calls}"
        yield f"nn::{name}", signature, ". ".join(filter(None, (words, described_fields(body))))


def topics_of(guide):
    """Topic -> names, as the guide groups them."""
    listed = re.split(r"^## ", guide.split("## All functions", 1)[1], maxsplit=1, flags=re.M)[0]
    return {topic: re.findall(r"`([\w:]+)`", names)
            for topic, names in re.findall(r"^- ([^:`]+): ((?:.+\n)(?:  .+\n)*)", listed, re.M)}


def functions(root, ops):
    """Topic -> lines."""
    grouped, seen = topics_of((root / "dsl/guide.md").read_text()), set()
    topic_of = {name: topic for topic, names in grouped.items() for name in names}
    topics = {topic: [] for topic in grouped}
    paths = {path.name: path for path in [ops, *sorted((root / "dsl/kerf").glob("*.h"))]}
    paths |= {f"nn/{path.name}": path for path in sorted((root / "dsl/kerf/nn").glob("*.h"))}
    for name in [*HEADERS, *sorted(paths.keys() - HEADERS.keys() - INTERNAL)]:
        for function, signature, text in itertools.chain(declarations(paths[name]), layers(paths[name])):
            if function in HIDDEN or (name, function) == ("dim.h", "floor_divide") or function.startswith("operator") or (not text and (signature.startswith("option") or function in seen)):
                continue
            if (function, signature) in seen:
                continue
            seen |= {function, (function, signature)}
            topic = topic_of.get(function, HEADERS.get(name, "Layers" if paths[name].parent.name == "nn" else "Other functions"))
            topics.setdefault(topic, []).append(f"- {signature}" + (f": {text}" if text else ""))
    if lost := sorted(set(topic_of) - seen):
        sys.exit(f"dsl/guide.md lists {', '.join(lost)}, which no header has")
    return topics


def main():
    root, ops, page = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    page.write_text("# Functions\n\nThe language's, by topic; `dsl/guide.md` says how to use them.\n"
                    + "".join(f"\n## {topic}\n\n" + "\n".join(lines) + "\n" for topic, lines in functions(root, ops).items() if lines))


if __name__ == "__main__":
    main()
