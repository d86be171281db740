"""DSL functions from the op definitions: dsl/ops/*.td -> build/dsl/kerf/ops.h.

Every op becomes a tag (its name and attributes), and every op with a `rule` a function: the tag's template
arguments, a call of the rule on the operands' shapes, and the expression. What a rule needs from its op is
in RULES, one line per kind.
"""
import argparse
import json
import pathlib
import subprocess

# ODS attribute -> template parameter of the tag, and the Attribute made from it
ATTRIBUTES = {
    "DenseI64ArrayAttr": ("Ints", "{0}"),
    "I64Attr": ("std::int64_t", "{0}"),
    "F64Attr": ("double", "{0}"),
    "BoolAttr": ("bool", "{0}"),
    "StrAttr": ("Name", "{0}.view()"),
    "Dim": ("Dim", "&{0}"),
    "Shape": ("Shape", "&{0}"),
}
# rule -> the attributes that may name dims, and as what
NAMED = {
    "slice": {"offsets": "Shape", "limits": "Shape"},
    "pad": {"low": "Shape", "high": "Shape", "interior": "Shape"},
    "top_k": {"k": "Dim"},
    "scatter_add": {"rows": "Dim"},
}
# ODS operand or result -> what it holds, as a concept of the element type, and in words
ELEMENTS = {
    "Kerf_Floats": ("is_float<{0}>", "f32, f64, bf16 or f16"),
    "Kerf_Indices": ("std::is_same_v<{0}, i64>", "i64"),
    "Kerf_Count": ("std::is_same_v<{0}, i64>", "i64"),
    "Kerf_Bools": ("std::is_same_v<{0}, i1>", "i1"),
    "Kerf_Integers": ("is_integer<{0}>", "i8, i16, i32 or i64"),
    "Kerf_Bits": ("(is_integer<{0}> || std::is_same_v<{0}, i1>)", "i1, i8, i16, i32 or i64"),
}
RESULTS = {"Kerf_Indices": "i64", "Kerf_Bools": "i1"}
# Ops that ask which of two elements is the larger, or for a sign: of words, held as integers, they would take the wrong one.
ORDERED = {"abs", "argmin", "argsort", "compare", "max", "maximum", "minimum", "sign", "top_k"}
NO_ORDER = "words are not ordered; cast them first, as in cast<i32>(x)"
# Operands whose element type is their own; all others of an op share one.
OF_ONE_TYPE = {"Kerf_Indices", "Kerf_Count"}


class Rule:
    """How a function of one kind of rule is written.

    parameters: template parameters of the function; call: the shape rule on the shapes `first`, `second` … of the operands;
    attributes: template arguments of the op's tag, in the order of its attributes. Attributes with a default are options, the
    last of both.
    """

    def __init__(self, call, parameters="", attributes=""):
        self.call, self.parameters, self.attributes = call, parameters, attributes


WINDOW = "Both stride = 1, Both padding = 0"
RULES = {
    "elementwise": Rule("rule::elementwise(first, second)"),
    "along": Rule("rule::along(first, detail::from_front(axis, first))", "int axis", "detail::from_front(axis, first)"),
    "argmin": Rule("rule::argmin(first, detail::from_front(axis, first))", "int axis", "detail::from_front(axis, first)"),
    "top_k": Rule("rule::top_k(first, k)", "Dim k", "k"),
    "gather": Rule("rule::gather(first, second)"),
    "scatter_add": Rule("rule::scatter_add(first, second, rows)", "Dim rows", "rows"),
    "take_along": Rule("rule::take_along(first, second, detail::from_front(axis, first))", "int axis = -1",
                       "detail::from_front(axis, first)"),
    "scatter_add_along": Rule("rule::scatter_add_along(first, second, detail::from_front(axis, first), extent)",
                              "int axis, Dim extent", "detail::from_front(axis, first)"),
    "slice_at": Rule("rule::slice_at(first, second, detail::from_front(axis, first), size)", "int axis, Dim size",
                     "detail::from_front(axis, first)"),
    "update_at": Rule("rule::update_at(first, second, third, detail::from_front(axis, first))", "int axis",
                      "detail::from_front(axis, first)"),
    "linear_scan": Rule("rule::linear_scan(first, second, detail::from_front(axis, first))", "int axis",
                        "detail::from_front(axis, first)"),
    "reshape": Rule("rule::reshape(first, Shape::of(extents...))", "Dim... extents"),
    "transpose": Rule("rule::transpose(first, Ints::of(permutation...))", "int... permutation",
                      "Ints::of(permutation...)"),
    "broadcast": Rule("rule::broadcast(first, to, dims)", "Shape to, Ints dims", "dims"),
    "slice": Rule("rule::slice(first, offsets, limits, strides)", "Shape offsets, Shape limits, Ints strides",
                  "offsets, limits, strides"),
    "pad": Rule("rule::pad(first, low, high, interior)",
                "Shape low, Shape high, Shape interior = Shape::filled(low.rank, 0)", "low, high, interior"),
    "contract": Rule("rule::contract(first, second, a_batch, b_batch, a_contract, b_contract)",
                     "Ints a_batch, Ints b_batch, Ints a_contract, Ints b_contract",
                     "a_batch, b_batch, a_contract, b_contract"),
    "conv": Rule("rule::conv(first, second, stride.axes, padding.axes)", WINDOW, "stride.axes, padding.axes"),
    "conv_transpose": Rule(
        "rule::conv_transpose(first, second, stride.axes, padding.axes,\n"
        "                           rule::transposed_size(first, second, stride.axes, padding.axes, extra.axes))",
        WINDOW + ", Both extra = 0", "stride.axes, padding.axes"),
    "conv_filter": Rule("rule::conv_filter(first, second, stride.axes, padding.axes, Shape::of(height, width))",
                        "Both stride, Both padding, Dim height, Dim width", "stride.axes, padding.axes"),
}

HEADER = """\
// Generated from dsl/ops/*.td by generate_ops.py: the operations of the language.
#pragma once

#include "kerf/expr.h"
#include "kerf/index_rules.h"

#include <limits>

namespace kerf {
"""

WORDS = """\
namespace detail {
/// The numbers of x, of which a word is one or as which it is to be cut to T, in the integers that
/// hold all of the word's.
template <class T, class X> auto as_integers(const X &x) {
  constexpr auto fits = []<class E>(std::type_identity<E>) {
    return !is_word<E> || sizeof(E) < sizeof(i32);
  };
  using Integer = std::conditional_t<fits(std::type_identity<T>()) &&
                                         fits(std::type_identity<element_of<X>>()), i32, i64>;
  auto number = make<op::cast, Integer, X::shape>(x);
  auto limit = [](auto to) { return as_operand<Integer, X::shape>(std::int64_t(to)); };
  if constexpr (is_word<element_of<X>>)
    return make<op::bit_and, Integer, X::shape>(
        number, limit(std::numeric_limits<element_of<X>>::max()));
  else if constexpr (is_float<element_of<X>>)
    return make<op::minimum, Integer, X::shape>(
        make<op::maximum, Integer, X::shape>(number, limit(0)),
        limit(std::numeric_limits<T>::max()));
  else
    return number;
}
} // namespace detail

"""


class Op:
    def __init__(self, record, records):
        self.name = record["opName"]
        self.summary = record["summary"]
        self.rule = record.get("rule", "")
        self.parents = record["!superclasses"]
        self.operands, self.attributes, self.options = [], [], []
        for argument, name in record["arguments"]["args"]:
            kind = argument["def"]
            default = None
            while {"ConfinedAttr", "DefaultValuedAttr"} & set(records[kind]["!superclasses"]):
                default = records[kind].get("defaultValue") or default
                kind = records[kind]["baseAttr"]["def"]
            if "Attr" in records[kind]["!superclasses"]:
                self.attributes.append((name, kind))
                self.options += [(name, kind, default)] if default is not None else []
            else:
                self.operands.append((name, kind))
        self.results = [argument["def"] for argument, _ in record["results"]["args"]]
        self.is_expression = (len(self.results) == 1
                              and "Variadic" not in records[self.results[0]]["!superclasses"])
        self.result = self.results[0] if self.is_expression else ""
        named = NAMED.get(self.rule, {})
        self.attributes = [(name, named.get(name, kind)) for name, kind in self.attributes]

    def tag(self):
        """struct op::<name>: what the Builder is told."""
        parameters = ", ".join(f"{ATTRIBUTES[kind][0]} {name}" for name, kind in self.attributes)
        entries = ", ".join(f'Attribute("{name}", {ATTRIBUTES[kind][1].format(name)})'
                            for name, kind in self.attributes)
        template = f"template <{parameters}> " if parameters else ""
        attributes = (f"std::array attributes{{{entries}}}" if entries
                      else "std::array<Attribute, 0> attributes{}")
        return (f"{template}struct {self.name} {{\n"
                f'  static constexpr std::string_view name = "kerf.{self.name}";\n'
                f"  static constexpr {attributes};\n}};\n")

    def function(self):
        if self.rule == "reduce":
            return self.reduction()
        if self.rule == "elementwise" and ({"Kerf_Binary", "Kerf_IntegerBinary"} & set(self.parents) or self.attributes):
            return self.elementwise()
        if self.rule == "select":
            return self.select()
        if self.rule == "concat":
            return self.concat()
        if self.rule == "same":
            return self.cast() if self.name == "cast" else self.same()
        return self.plain()

    def comment(self):
        return f"/// {self.summary}\n"

    def prefix(self):
        return f'"kerf: {self.name}: "'

    def checks(self):
        """Element types, in words."""
        lines = []
        for name, kind in self.operands:
            if kind in ELEMENTS:
                condition, words = ELEMENTS[kind]
                lines.append(f"  static_assert({condition.format(f'element_of<decltype({name})>')},\n"
                             f'                "kerf: {self.name}: {name} must be {words}");\n')
        if self.name in ORDERED:
            lines.append(f"  static_assert(!is_word<element_of<decltype({self.operands[0][0]})>>,\n"
                         f'                "kerf: {self.name}: {NO_ORDER}");\n')
        return "".join(lines)

    def plain(self):
        rule = RULES[self.rule]
        names = [name for name, _ in self.operands]
        shapes = "".join(f"  constexpr Shape {shape} = shape_of<decltype({name})>;\n"
                         for shape, name in zip(("first", "second", "third"), names))
        parameters = [rule.parameters] if rule.parameters else []
        parameters += [f"{ATTRIBUTES[kind][0]} {name} = {default}" for name, kind, default in self.options]
        attributes = ", ".join([rule.attributes] * bool(rule.attributes) + [name for name, *_ in self.options])
        template = f"template <{', '.join(parameters)}>\n" if parameters else ""
        arguments = ", ".join(f"const Operand auto &{name}" for name in names)
        tag = f"op::{self.name}" + (f"<{attributes}>" if attributes else "")
        call = rule.call
        alike = [name for name, kind in self.operands if kind not in OF_ONE_TYPE]
        if len(alike) > 1:
            types = ", ".join(f"decltype({name})" for name in alike)
            call = f"detail::equal_types<{types}>(\n          {call})"
        element = RESULTS.get(self.result, f"element_of<decltype({names[0]})>")
        return (f"{self.comment()}{template}auto {self.name}({arguments}) {{\n{self.checks()}{shapes}"
                f"  static constexpr Rule rule =\n      {call}\n          .in({self.prefix()});\n  KERF_CHECK(rule);\n"
                f"  return detail::make<{tag}, {element},\n                      rule.shape>({', '.join(names)});\n}}\n")

    def elementwise(self):
        """Two tensors, or a tensor and a number, stretched to one shape."""
        (a, kind), (b, _) = self.operands
        element = ", " + RESULTS[self.result] if self.result in RESULTS else ""
        parameters = ", ".join(f"{ATTRIBUTES[k][0]} {n}" for n, k in self.attributes)
        tag = f"op::{self.name}" + (f"<{', '.join(n for n, _ in self.attributes)}>" if parameters else "")
        check = ""
        if kind in ELEMENTS:
            condition, words = ELEMENTS[kind]
            check = (f"  static_assert({condition.format('element_of<detail::companion<A, B>>')},\n"
                     f'                "kerf: {self.name}: operands must be {words}");\n')
        if self.name in ORDERED:
            equality = 'predicate.view() == "eq" || predicate.view() == "ne" || ' if self.name == "compare" else ""
            check += (f"  static_assert({equality}!is_word<element_of<detail::companion<A, B>>>,\n"
                      f'                "kerf: {self.name}: {NO_ORDER}");\n')
        return (f"{self.comment()}template <{parameters + ', ' if parameters else ''}class A, class B>\n"
                f"  requires Elementwise<A, B>\nauto {self.name}(const A &{a}, const B &{b}) {{\n{check}"
                f'  return detail::elementwise<{tag}, "{self.name}"{element}>({a}, {b});\n}}\n')

    def select(self):
        return (f"{self.comment()}template <Operand C, class A, class B>\n"
                f"  requires Elementwise<A, B>\nauto {self.name}(const C &c, const A &a, const B &b) {{\n{self.checks()}"
                f'  return detail::selection<op::{self.name}, "{self.name}">(c, a, b);\n}}\n')

    def same(self):
        return (f"{self.comment()}auto {self.name}(const Operand auto &x) {{\n{self.checks()}"
                f"  using X = std::remove_cvref_t<decltype(x)>;\n"
                f"  return detail::make<op::{self.name}, element_of<X>, X::shape>(x);\n}}\n")

    def concat(self):
        """Of any number of operands, which are the elements of a list."""
        return (f"{self.comment()}template <int axis, Operand A, Operand... X> auto {self.name}(const A &x, const X &...others) {{\n"
                f"  static constexpr Rule rule = detail::concat_rule<axis, A, X...>().in({self.prefix()});\n"
                f"  KERF_CHECK(rule);\n"
                f"  return detail::make<op::{self.name}<detail::from_front(axis, A::shape)>, element_of<A>,\n"
                f"                      rule.shape>(x, others...);\n}}\n")

    def cast(self):
        """A word, held as an integer of its bits, is an i32 or i64 on its way."""
        return (f"{self.comment()}template <class T> auto {self.name}(const Operand auto &x) {{\n"
                f"  using X = std::remove_cvref_t<decltype(x)>;\n"
                f"  if constexpr (std::is_same_v<T, element_of<X>> || !(is_word<T> || is_word<element_of<X>>))\n"
                f"    return detail::make<op::{self.name}, T, X::shape>(x);\n"
                f"  else\n"
                f"    return detail::make<op::{self.name}, T, X::shape>(detail::as_integers<T>(x));\n}}\n")

    def reduction(self):
        return (f"{self.comment()}/// Negative axes count from the last; none means all; `keep` leaves them with"
                f" extent 1.\ntemplate <auto... axes> auto {self.name}(const Operand auto &x) {{\n{self.checks()}"
                f"  constexpr detail::Axes over = detail::Axes::of(shape_of<decltype(x)>, axes...);\n"
                f"  static constexpr Rule rule =\n"
                f"      rule::reduce(shape_of<decltype(x)>, over.axes).in({self.prefix()});\n"
                f"  KERF_CHECK(rule);\n"
                f"  auto reduced = detail::make<op::{self.name}<over.axes>, element_of<decltype(x)>,"
                f" rule.shape>(x);\n"
                f"  if constexpr (over.keeps)\n"
                f"    return detail::make<op::reshape, element_of<decltype(x)>,\n"
                f"                        over.restore(shape_of<decltype(x)>, rule.shape)>(reduced);\n"
                f"  else\n    return reduced;\n}}\n")


def read_op(tblgen, includes, path):
    command = [tblgen, "--dump-json", str(path)] + [f"-I{include}" for include in includes]
    records = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return [Op(records[name], records) for name in records["!instanceof"]["Op"]
            if records[name]["opDialect"]["def"] == "Kerf_Dialect"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tblgen", required=True)
    parser.add_argument("--include", action="append", default=[])
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    ops = [op for path in options.files for op in read_op(options.tblgen, options.include, path)]
    for op in ops:
        if op.rule not in ("", "same", "select", "reduce", "concat", *RULES):
            raise SystemExit(f"generate_ops.py: kerf.{op.name}: no function is known for rule '{op.rule}'; "
                             "add a line to RULES")
    text = HEADER + "\nnamespace op {\n" + "".join(op.tag() for op in ops if op.is_expression) + "} // namespace op\n\n"
    text += WORDS + "\n".join(op.function() for op in ops if op.rule) + "\n} // namespace kerf\n"
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(text)


if __name__ == "__main__":
    main()
