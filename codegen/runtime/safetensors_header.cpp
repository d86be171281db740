// The JSON header of a safetensors file, read strictly.
#include "safetensors_detail.h"

#include <limits>

namespace kerf::runtime {
using namespace detail;

namespace {
constexpr size_t max_metadata = 65'536;
// The shortest text that describes a tensor: "":{"dtype":"I8","shape":[],"data_offsets":[0,0]},
constexpr size_t shortest_entry = 50;
} // namespace

/// The header's JSON. The grammar has a fixed depth, so nothing here recurses. Strings are decoded
/// in place: an escape is never shorter than what it stands for.
struct HeaderParser {
  SafetensorsFile &file;
  char *const begin = file.header.data();
  char *const end = begin + file.header.size();
  char *at = begin;

  [[noreturn]] void fail(Fault fault, const std::string &text) const {
    throw FileError(fault, file.path, text);
  }
  [[noreturn]] void unexpected(std::string_view wanted) const {
    const std::string got = at == end ? "the header's end" : quoted({at, 1});
    fail(Fault::syntax, cat("expected ", wanted, " at byte ", static_cast<uint64_t>(at - begin) + 8,
                            ", found ", got));
  }

  void skip_space() {
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
      ++at;
  }
  bool accept(char c) {
    skip_space();
    if (at == end || *at != c)
      return false;
    ++at;
    return true;
  }
  void expect(char c, std::string_view wanted) {
    if (!accept(c))
      unexpected(wanted);
  }

  unsigned hex4() {
    unsigned value = 0;
    for (int i = 0; i < 4; ++i, ++at) {
      const char c = at < end ? *at : 0;
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0)
        unexpected("a hexadecimal digit");
      value = value * 16 + static_cast<unsigned>(digit);
    }
    return value;
  }

  /// The code point of \uXXXX, or of two of them that form a surrogate pair.
  unsigned escaped_code_point() {
    const unsigned high = hex4();
    if (high < 0xd800 || high > 0xdfff)
      return high;
    if (high > 0xdbff || end - at < 2 || at[0] != '\\' || at[1] != 'u')
      fail(Fault::utf8, "a string has half of a surrogate pair");
    at += 2;
    const unsigned low = hex4();
    if (low < 0xdc00 || low > 0xdfff)
      fail(Fault::utf8, "a string has half of a surrogate pair");
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
  }

  static char *put_utf8(char *out, unsigned point) {
    if (point < 0x80) {
      *out++ = static_cast<char>(point);
    } else if (point < 0x800) {
      *out++ = static_cast<char>(0xc0 | point >> 6);
      *out++ = static_cast<char>(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
      *out++ = static_cast<char>(0xe0 | point >> 12);
      *out++ = static_cast<char>(0x80 | (point >> 6 & 0x3f));
      *out++ = static_cast<char>(0x80 | (point & 0x3f));
    } else {
      *out++ = static_cast<char>(0xf0 | point >> 18);
      *out++ = static_cast<char>(0x80 | (point >> 12 & 0x3f));
      *out++ = static_cast<char>(0x80 | (point >> 6 & 0x3f));
      *out++ = static_cast<char>(0x80 | (point & 0x3f));
    }
    return out;
  }

  /// Copies one well-formed UTF-8 sequence: no overlong form, no surrogate, nothing above U+10FFFF.
  char *copy_utf8(char *out) {
    const auto byte = [&](int i) { return static_cast<unsigned char>(at[i]); };
    const unsigned char first = byte(0);
    const int size = first < 0x80   ? 1
                     : first < 0xc2 ? 0
                     : first < 0xe0 ? 2
                     : first < 0xf0 ? 3
                     : first < 0xf5 ? 4
                                    : 0;
    bool good = size > 0 && end - at >= size;
    for (int i = 1; good && i < size; ++i)
      good = (byte(i) & 0xc0) == 0x80;
    if (good && size > 2) {
      const unsigned second = byte(1);
      good = !(first == 0xe0 && second < 0xa0) && !(first == 0xed && second > 0x9f) &&
             !(first == 0xf0 && second < 0x90) && !(first == 0xf4 && second > 0x8f);
    }
    if (!good)
      fail(Fault::utf8, cat("byte ", static_cast<uint64_t>(at - begin) + 8, " is no UTF-8"));
    for (int i = 0; i < size; ++i)
      *out++ = *at++;
    return out;
  }

  std::string_view string(std::string_view wanted) {
    skip_space();
    if (at == end || *at != '"')
      unexpected(wanted);
    char *const start = ++at;
    char *out = start;
    while (true) {
      if (at == end || static_cast<unsigned char>(*at) < 0x20)
        unexpected("the end of a string");
      if (*at == '"')
        break;
      if (*at != '\\') {
        out = copy_utf8(out);
        continue;
      }
      if (++at == end)
        unexpected("an escaped character");
      const char c = *at++;
      static constexpr std::string_view escapes = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
      if (const size_t i = escapes.find(c); i != escapes.npos) {
        *out++ = meanings[i];
      } else if (c == 'u') {
        out = put_utf8(out, escaped_code_point());
      } else {
        --at;
        unexpected("an escaped character");
      }
    }
    ++at;
    return {start, static_cast<size_t>(out - start)};
  }

  uint64_t number() {
    skip_space();
    if (at == end || *at < '0' || *at > '9')
      unexpected("a non-negative integer");
    const char *const start = at;
    uint64_t value = 0;
    for (; at < end && *at >= '0' && *at <= '9'; ++at)
      if (__builtin_mul_overflow(value, 10, &value) ||
          __builtin_add_overflow(value, static_cast<uint64_t>(*at - '0'), &value))
        fail(Fault::overflow, cat("the number at byte ", static_cast<uint64_t>(start - begin) + 8,
                                  " exceeds 64 bits"));
    if ((*start == '0' && at - start > 1) || (at < end && (*at == '.' || *at == 'e' || *at == 'E')))
      unexpected("an integer as JSON writes it");
    return value;
  }

  /// Calls `element` for every element between brackets and returns how many there were.
  template <typename Element> uint64_t array(std::string_view wanted, Element element) {
    expect('[', wanted);
    uint64_t count = 0;
    if (accept(']'))
      return 0;
    do
      element(count++);
    while (accept(','));
    expect(']', "',' or ']'");
    return count;
  }
  template <typename Member> void object(std::string_view wanted, Member member) {
    expect('{', wanted);
    if (accept('}'))
      return;
    do {
      const std::string_view key = string("a name in quotes");
      expect(':', "':'");
      member(key);
    } while (accept(','));
    expect('}', "',' or '}'");
  }

  void tensor(std::string_view name) {
    enum { dtype = 1, shape = 2, offsets = 4 };
    unsigned seen = 0;
    SafetensorsFile::Entry entry{static_cast<uint32_t>(name.data() - begin),
                                 static_cast<uint32_t>(name.size()),
                                 0,
                                 0,
                                 0,
                                 0,
                                 0};
    uint64_t elements = 1;
    bool too_many = false;
    object("'{'", [&](std::string_view field) {
      const unsigned bit = field == "dtype"          ? dtype
                           : field == "shape"        ? shape
                           : field == "data_offsets" ? offsets
                                                     : 0;
      if (!bit)
        fail(Fault::unknown_field, cat("tensor ", quoted(name), " has a field ", quoted(field),
                                       "; want dtype, shape and data_offsets"));
      if (seen & bit)
        fail(Fault::duplicate, cat("tensor ", quoted(name), " has ", field, " twice"));
      seen |= bit;
      if (bit == dtype)
        entry.dtype = element_type_of(name);
      else if (bit == shape)
        read_shape(name, entry, elements, too_many);
      else
        read_offsets(name, entry);
    });
    for (const auto &[bit, field] :
         {std::pair{dtype, "dtype"}, {shape, "shape"}, {offsets, "data_offsets"}})
      if (!(seen & static_cast<unsigned>(bit)))
        fail(Fault::missing_field,
             cat("tensor ", quoted(name), " has no ", std::string_view(field)));
    check_size(name, entry, elements, too_many);
    file.entries.push_back(entry);
  }

  uint8_t element_type_of(std::string_view name) {
    const std::string_view text = string("an element type in quotes");
    const auto *type = std::ranges::find(element_types, text, &ElementType::name);
    if (type == std::end(element_types))
      fail(Fault::dtype,
           cat("tensor ", quoted(name), " has the unknown element type ", quoted(text)));
    return static_cast<uint8_t>(type - element_types);
  }

  /// A shape with a zero extent has no elements however large the others are, so overflow is judged
  /// at the end.
  void read_shape(std::string_view name, SafetensorsFile::Entry &entry, uint64_t &elements,
                  bool &too_many) {
    skip_space();
    entry.shape = static_cast<uint32_t>(at - begin);
    bool empty = false;
    array("'['", [&](uint64_t axis) {
      if (axis == max_rank)
        fail(Fault::rank,
             cat("tensor ", quoted(name), " has more than ", uint64_t(max_rank), " axes"));
      const uint64_t extent = number();
      if (extent > uint64_t(std::numeric_limits<int64_t>::max()))
        fail(Fault::overflow,
             cat("tensor ", quoted(name), " has extent ", extent, ", which exceeds 63 bits"));
      empty |= extent == 0;
      too_many |= __builtin_mul_overflow(elements, extent, &elements);
      entry.rank = static_cast<uint8_t>(axis + 1);
    });
    if (empty)
      elements = 0, too_many = false;
  }

  void read_offsets(std::string_view name, SafetensorsFile::Entry &entry) {
    const uint64_t count = array("'['", [&](uint64_t i) {
      const uint64_t value = number();
      if (i < 2)
        (i ? entry.end : entry.begin) = value;
    });
    if (count != 2 || entry.begin > entry.end)
      fail(Fault::size,
           cat("tensor ", quoted(name), " has data_offsets of ", count, " numbers from ",
               entry.begin, " to ", entry.end, "; want two ascending ones"));
  }

  void check_size(std::string_view name, const SafetensorsFile::Entry &entry, uint64_t elements,
                  bool too_many) const {
    const ElementType &type = element_types[entry.dtype];
    uint64_t bytes = 0;
    if (too_many || __builtin_mul_overflow(elements, type.bytes, &bytes))
      fail(Fault::overflow, cat("tensor ", quoted(name), " has more bytes than 64 bits can count"));
    if (entry.end - entry.begin != bytes)
      fail(Fault::size,
           cat("tensor ", quoted(name), " has data_offsets ", entry.begin, " to ", entry.end,
               ", which are ", entry.end - entry.begin, " bytes; its shape and type take ", bytes));
  }

  void text(std::string_view key) {
    if (file.texts.size() == max_metadata)
      fail(Fault::header_size,
           cat("__metadata__ has more than ", uint64_t(max_metadata), " texts"));
    file.texts.emplace_back(key, string("a text in quotes"));
  }

  void parse() {
    file.entries.reserve(file.header.size() / shortest_entry + 1);
    bool has_metadata = false;
    object("'{'", [&](std::string_view key) {
      if (key != "__metadata__")
        return tensor(key);
      if (has_metadata)
        fail(Fault::duplicate, "__metadata__ stands twice");
      has_metadata = true;
      object("'{'", [&](std::string_view text_key) { text(text_key); });
    });
    skip_space();
    if (at != end)
      unexpected("nothing but spaces");
    order();
  }

  void order() {
    const auto name_of = [this](const SafetensorsFile::Entry &entry) {
      return std::string_view(begin + entry.name, entry.name_size);
    };
    std::ranges::sort(file.entries, {}, name_of);
    if (const auto twin = std::ranges::adjacent_find(file.entries, {}, name_of);
        twin != file.entries.end())
      fail(Fault::duplicate, cat("tensor ", quoted(name_of(*twin)), " stands twice"));
    const auto key = [](const auto &text) { return text.first; };
    std::ranges::sort(file.texts, {}, key);
    if (const auto twin = std::ranges::adjacent_find(file.texts, {}, key); twin != file.texts.end())
      fail(Fault::duplicate, cat("__metadata__ has ", quoted(twin->first), " twice"));
  }
};

void SafetensorsFile::parse_header() { HeaderParser{*this}.parse(); }

} // namespace kerf::runtime
