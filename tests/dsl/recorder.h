// A Builder that writes down what the language says, one line per op, so that tests can read it.
#pragma once

#include <kerf/kerf.h>

#include <map>
#include <sstream>

namespace kerf {

class Recorder final : public Builder {
public:
  Recorder() : outer(std::exchange(current(), this)) { detail::Updates::current().begin_entry(); }
  ~Recorder() override { current() = outer; }

  std::vector<std::string> lines;
  std::vector<unsigned> source_lines; ///< where each of `lines` comes from
  std::vector<std::string> ports;     ///< of the last entry: "role/leaf : type", results after "->"
  std::map<std::string, std::int64_t> dims;

  void bind_dim(std::string_view name, std::int64_t value) override {
    dims[std::string(name)] = value;
  }

  void begin_entry(std::string_view name, std::span<const Port> arguments, std::span<Value> values,
                   std::source_location) override {
    ports = {std::string(name)};
    record(arguments);
    for (Value &value : values)
      value = next++;
  }
  void end_entry(std::span<const Port> results, std::span<const Value> values) override {
    ports.push_back("->");
    record(results);
    returned.assign(values.begin(), values.end());
  }

  Value op(std::string_view name, std::span<const Value> operands, Type type,
           std::span<const Attribute> attributes, std::source_location where) override {
    std::ostringstream line;
    line << name;
    for (Value operand : operands)
      line << " %" << operand;
    line << text(attributes) << " : " << text(type) << in_module();
    if (auto known = pure.find(line.str()); known != pure.end())
      return known->second;
    pure[line.str()] = next;
    write("%" + std::to_string(next) + " = " + line.str(), where);
    return next++;
  }

  void begin_region(std::span<const Type> arguments, std::span<Value> values) override {
    begin("{", arguments, values);
  }
  void next_region(std::span<const Value> yielded, std::span<const Type> arguments,
                   std::span<Value> values) override {
    yield(yielded, std::source_location::current());
    begin("} {", arguments, values);
  }
  void end_region(std::span<const Value> yielded, std::string_view name,
                  std::span<const Value> operands, std::span<const Type> results,
                  std::span<Value> values, std::span<const Attribute> attributes,
                  std::source_location where) override {
    yield(yielded, where);
    std::ostringstream line;
    line << name;
    for (Value operand : operands)
      line << " %" << operand;
    line << text(attributes) << " :";
    for (std::size_t i = 0; i < results.size(); ++i) {
      values[i] = next++;
      line << " %" << values[i] << " " << text(results[i]);
    }
    write("} " + line.str(), where);
  }

  void push_module(std::string_view name) override { modules.emplace_back(name); }
  void pop_module() override { modules.pop_back(); }

  std::vector<Value> returned;

  static std::string text(Type type) {
    Text words;
    words << spell(type.dtype) << *type.shape;
    return std::string(words);
  }

private:
  void begin(std::string line, std::span<const Type> arguments, std::span<Value> values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = next++;
      line += " %" + std::to_string(values[i]) + " : " + text(arguments[i]);
    }
    write(line, std::source_location::current());
  }
  void yield(std::span<const Value> yielded, std::source_location where) {
    std::string line = "yield";
    for (Value value : yielded)
      line += " %" + std::to_string(value);
    write(line, where);
  }
  static std::string text(std::span<const Attribute> attributes) {
    std::ostringstream out;
    for (const Attribute &attribute : attributes) {
      out << " " << attribute.name << "=";
      Text words;
      switch (attribute.kind) {
      case Attribute::Kind::integer:
        out << attribute.integer;
        break;
      case Attribute::Kind::real:
        out << attribute.real;
        break;
      case Attribute::Kind::boolean:
        out << (attribute.integer ? "true" : "false");
        break;
      case Attribute::Kind::string:
        out << attribute.string;
        break;
      case Attribute::Kind::ints:
        out << std::string(words << attribute.ints);
        break;
      case Attribute::Kind::dtype:
        out << spell(attribute.dtype);
        break;
      case Attribute::Kind::dim:
        out << std::string(words << *attribute.dim);
        break;
      case Attribute::Kind::root:
        out << "root(" << std::string(words << *attribute.dim) << ")";
        break;
      case Attribute::Kind::shape:
        out << std::string(words << *attribute.shape);
        break;
      }
    }
    return out.str();
  }
  std::string in_module() const { return modules.empty() ? "" : " in " + modules.back(); }
  void write(const std::string &line, std::source_location where) {
    lines.push_back(line);
    source_lines.push_back(where.line());
  }
  void record(std::span<const Port> list) {
    for (const Port &port : list)
      ports.push_back(std::string(port.role) + "/" + std::string(port.leaf) + " : " +
                      text(port.type));
  }

  Builder *outer;
  Value next = 0;
  std::map<std::string, Value> pure;
  std::vector<std::string> modules;
};

/// A tensor that stands for an argument: handle `value`.
template <class T, Dim... extents> Tensor<T, extents...> argument(Value value) {
  return Tensor<T, extents...>::from(value);
}

using Lines = std::vector<std::string>;

} // namespace kerf
