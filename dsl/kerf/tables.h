// Tables of constants from files, read when the model is compiled. Not in kerf.h: include it
// beside.
#pragma once

#include "kerf/expr.h"

#include <filesystem>
#include <fstream>
#include <string>

namespace kerf {
namespace detail {

/// What a file of safetensors calls an element type.
constexpr std::string_view safetensors_name(DType dtype) {
  constexpr std::string_view names[] = {"F32",  "F64", "I32", "I64", "BOOL", "U32",
                                        "BF16", "F16", "I8",  "I16", "U8",   "U64"};
  static_assert(std::size(names) == element_types.size());
  return names[std::size_t(dtype)];
}

/// The header of a file of safetensors, JSON: `{"name": {"dtype": "F32", "shape": [2, 3],
/// "data_offsets": [0, 24]}, …}`. It is searched from the front; what stands in strings is no
/// bracket.
class SafetensorsHeader {
public:
  explicit SafetensorsHeader(std::string_view json) : json(json) {}

  /// What stands in the brackets behind a tensor's name; empty if there is none of this name.
  std::string_view entry_of(std::string_view name) const {
    for (std::size_t at = json.find('{'); at != json.npos && ++at < json.size();) {
      const std::string_view key = next_string(at);
      if (key.empty())
        return {};
      const std::size_t first = json.find('{', at);
      if (first == json.npos)
        return {};
      at = end_of_object(first);
      if (key == name)
        return json.substr(first, at - first);
    }
    return {};
  }
  /// The text behind `"field":` in an entry, up to what ends it.
  static std::string_view field(std::string_view entry, std::string_view name) {
    std::size_t at = entry.find('"' + std::string(name) + '"');
    at = entry.find(':', at);
    at = entry.find_first_not_of(" :", at);
    if (at >= entry.size())
      return {};
    const char last = entry[at] == '[' ? ']' : entry[at] == '"' ? '"' : ',';
    const std::size_t end = entry.find(last, at + 1);
    return entry.substr(at + 1, end - at - 1);
  }
  static std::vector<std::int64_t> numbers(std::string_view list) {
    std::vector<std::int64_t> result;
    for (std::size_t at = list.find_first_of("0123456789"); at != list.npos;
         at = list.find_first_of("0123456789", at)) {
      std::int64_t number = 0;
      for (; at < list.size() && list[at] >= '0' && list[at] <= '9' && number < max_bytes; ++at)
        number = 10 * number + (list[at] - '0');
      result.push_back(number);
    }
    return result;
  }

private:
  /// The string that opens from `at` on, which goes behind it.
  std::string_view next_string(std::size_t &at) const {
    const std::size_t first = json.find('"', at);
    for (std::size_t end = first; first != json.npos && ++end < json.size();)
      if (json[end] == '\\')
        ++end;
      else if (json[end] == '"') {
        at = end + 1;
        return json.substr(first + 1, end - first - 1);
      }
    at = json.size();
    return {};
  }
  std::size_t end_of_object(std::size_t at) const {
    for (int depth = 0; at < json.size(); ++at) {
      depth += (json[at] == '{') - (json[at] == '}');
      if (depth == 0)
        return at + 1;
      if (json[at] == '"') {
        next_string(at);
        --at;
      }
    }
    return at;
  }

  std::string_view json;
};

/// The bytes of a tensor in a file; ends the program with an error at `line` if they are not there.
template <class T, Shape S>
std::string bytes_from_file(std::string_view path, std::string_view name, Line line) {
  const std::filesystem::path file =
      std::filesystem::path(line.file_name()).parent_path() / std::string(path);
  const std::string where = (name.empty() ? "" : std::string(name) + " of ") + file.string();
  auto stop_with = [&](const std::string &what) { stop(line, what + ": " + where); };
  std::ifstream in(file, std::ios::binary);
  if (!in)
    stop_with("there is no such file, or it cannot be read");
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (name.empty())
    return bytes;
  std::uint64_t length = 0;
  for (int i = 0; i < 8 && bytes.size() >= 8; ++i)
    length |= std::uint64_t(std::uint8_t(bytes[i])) << 8 * i;
  if (bytes.size() < 8 || length > bytes.size() - 8)
    stop_with("the file is none of safetensors");
  const SafetensorsHeader header(std::string_view(bytes).substr(8, length));
  const std::string_view entry = header.entry_of(name);
  if (entry.empty())
    stop_with("the file has no tensor of this name");
  const std::string_view dtype = header.field(entry, "dtype");
  if (dtype != safetensors_name(dtype_of<T>))
    stop_with("the file holds " + std::string(dtype) + ", but " + std::string(spell(dtype_of<T>)) +
              " is asked for");
  const std::vector<std::int64_t> shape = header.numbers(header.field(entry, "shape")),
                                  range = header.numbers(header.field(entry, "data_offsets"));
  bool agrees = shape.size() == std::size_t(S.rank);
  for (int axis = 0; agrees && axis < S.rank; ++axis)
    agrees = S[axis].is_named() || S[axis].value == shape[axis];
  if (!agrees) {
    Text wanted;
    wanted << S;
    stop_with("the shape is [" + std::string(header.field(entry, "shape")) + "], but " +
              std::string(wanted) + " is asked for");
  }
  const std::int64_t size = std::int64_t(bytes.size()) - 8 - std::int64_t(length);
  if (range.size() != 2 || range[0] > range[1] || range[1] > size)
    stop_with("the bytes are not in the file");
  return bytes.substr(8 + length + range[0], range[1] - range[0]);
}

} // namespace detail

/// A table of constants from a file, which is read when the model is compiled: the tensor `name` of
/// a file of safetensors, or without a name all bytes of the file, as memory has the elements, row
/// by row. A path that is not absolute counts from the folder of the model's source.
///
///     let embedding = constant_from_file<f32, 512, 64>("tables.safetensors", "embedding");
///
/// `DATA tables.safetensors` of `kerf_add_model` compiles the model again when the file changes.
template <class T, Dim... extents>
auto constant_from_file(std::string_view path, std::string_view name = {},
                        Line line = Line::current()) {
  static constexpr Shape shape = Shape::of(extents...);
  detail::require_size<T, shape>();
  const std::string bytes = detail::bytes_from_file<T, shape>(path, name, line);
  const Attribute attribute("value", std::string_view(bytes));
  return TensorOf<T, shape>::from(
      detail::emit("kerf.constant", {}, TensorOf<T, shape>::type, {&attribute, 1}, line));
}

} // namespace kerf
