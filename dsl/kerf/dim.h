// Extents as constexpr values: an integer, or a polynomial over named dims such as `8*h+1`.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace kerf {

/// A string literal as a template argument: `dim<"B">()`, `entry<"train_step">(…)`.
template <std::size_t N> struct Name {
  char characters[N]{};
  constexpr Name(const char (&literal)[N]) {
    for (std::size_t i = 0; i < N; ++i)
      characters[i] = literal[i];
  }
  constexpr std::string_view view() const { return {characters, N - 1}; }
};
template <std::size_t N> Name(const char (&)[N]) -> Name<N>;

/// A message under construction, in constant evaluation too. What does not fit is cut off.
struct Text {
  static constexpr std::size_t capacity = 256;
  char buffer[capacity]{};
  std::size_t length = 0;

  constexpr const char *data() const { return buffer; }
  constexpr std::size_t size() const { return length; }
  constexpr operator std::string_view() const { return {buffer, length}; }

  constexpr Text &operator<<(char c) {
    if (length < capacity)
      buffer[length++] = c;
    return *this;
  }
  constexpr Text &operator<<(std::string_view words) {
    for (char c : words)
      *this << c;
    return *this;
  }
  constexpr Text &operator<<(const char *words) { return *this << std::string_view(words); }
  constexpr Text &operator<<(std::int64_t number) {
    if (number < 0)
      *this << '-';
    char digits[20]{};
    int count = 0;
    do {
      const std::int64_t digit = number % 10;
      digits[count++] = char('0' + (digit < 0 ? -digit : digit));
      number /= 10;
    } while (number != 0);
    while (count > 0)
      *this << digits[--count];
    return *this;
  }
  constexpr Text &operator<<(int number) { return *this << std::int64_t(number); }
};

namespace detail {

constexpr std::int64_t saturating_add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? (a < 0 ? INT64_MIN : INT64_MAX) : sum;
}
constexpr std::int64_t saturating_multiply(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? ((a < 0) == (b < 0) ? INT64_MAX : INT64_MIN)
                                                : product;
}

/// coefficient * names[0] * names[1] * …, names ascending.
struct Term {
  static constexpr int max_degree = 6;
  std::int64_t coefficient = 1;
  std::string_view names[max_degree]{};
  int degree = 0;
  bool is_overfull = false; ///< by a name too many

  constexpr void multiply(std::string_view name) {
    if (degree == max_degree) {
      is_overfull = true;
      return;
    }
    int place = degree++;
    for (; place > 0 && name < names[place - 1]; --place)
      names[place] = names[place - 1];
    names[place] = name;
  }
  /// The order of terms in a polynomial: by falling degree, then by names.
  constexpr bool before(const Term &other) const {
    if (degree != other.degree)
      return degree > other.degree;
    for (int i = 0; i < degree; ++i)
      if (names[i] != other.names[i])
        return names[i] < other.names[i];
    return false;
  }
};

/// A sum of terms in canonical order without zero coefficients. Names point into the dims it came
/// from, which must outlive it.
struct Polynomial {
  static constexpr int max_terms = 8;
  Term terms[max_terms]{};
  int count = 0;
  bool is_overfull = false; ///< by a term too many, or one that is overfull itself

  constexpr void add(const Term &term) {
    is_overfull |= term.is_overfull;
    if (term.coefficient == 0)
      return;
    int place = 0;
    while (place < count && terms[place].before(term))
      ++place;
    if (place < count && !term.before(terms[place])) {
      terms[place].coefficient = saturating_add(terms[place].coefficient, term.coefficient);
      if (terms[place].coefficient == 0)
        remove(place);
      return;
    }
    if (count == max_terms) {
      is_overfull = true;
      return;
    }
    for (int i = count++; i > place; --i)
      terms[i] = terms[i - 1];
    terms[place] = term;
  }
  constexpr void remove(int place) {
    --count;
    for (int i = place; i < count; ++i)
      terms[i] = terms[i + 1];
  }
};

} // namespace detail

/// An extent: `value` where `text` is empty, else the polynomial over named dims that `text` spells
/// in canonical form, so that equal dims are equal member by member. Structural.
struct Dim {
  static constexpr std::size_t capacity = 48;
  std::int64_t value = 0;
  char text[capacity]{};

  constexpr Dim() = default;
  /// Of any type of integers; what is beyond 64 bits is far beyond every limit.
  template <std::integral T>
  constexpr Dim(T value) : value(std::in_range<std::int64_t>(value) ? value : INT64_MAX) {}

  /// What a polynomial becomes that is longer than a dim can be; every rule of shapes refuses it.
  static constexpr Dim overfull() {
    Dim result;
    result.text[0] = '?';
    return result;
  }

  constexpr bool is_named() const { return text[0] != 0; }
  constexpr bool is_overfull() const { return text[0] == '?'; }
  constexpr std::string_view spelling() const {
    std::size_t length = 0;
    while (length < capacity && text[length] != 0)
      ++length;
    return {text, length};
  }

  constexpr detail::Polynomial polynomial() const;
  static constexpr Dim of(const detail::Polynomial &polynomial);

  /// The number behind the dim when `value_of(name)` gives that of each named dim.
  template <class Lookup> constexpr std::int64_t evaluate(Lookup value_of) const;

  friend constexpr bool operator==(const Dim &a, const Dim &b) {
    return a.value == b.value && a.spelling() == b.spelling();
  }
};

constexpr Text &operator<<(Text &out, const Dim &dim) {
  return dim.is_named() ? out << dim.spelling() : out << dim.value;
}

namespace detail {
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_dim_name(std::string_view name) {
  for (char c : name)
    if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '_')
      return false;
  return name.size() >= 1 && name.size() <= 7 && is_letter(name[0]);
}
} // namespace detail

/// A dim bound when the model is compiled: `inline constexpr auto B = dim<"B">();`. `8*B`, `B*N`
/// and `B+1` are dims too.
template <Name name> consteval Dim dim() {
  static_assert(detail::is_dim_name(name.view()),
                "kerf: the name of a dim is a letter and at most 6 letters, digits or _ behind it");
  Dim result;
  for (std::size_t i = 0; i < name.view().size(); ++i)
    result.text[i] = name.view()[i];
  return result;
}

constexpr detail::Polynomial Dim::polynomial() const {
  detail::Polynomial result;
  if (!is_named()) {
    result.add({value});
    return result;
  }
  result.is_overfull = is_overfull();
  const std::string_view words = result.is_overfull ? std::string_view() : spelling();
  detail::Term term;
  std::int64_t sign = 1;
  for (std::size_t at = 0; at < words.size();) {
    const char c = words[at];
    if (c == '+' || c == '-') {
      if (at > 0) {
        term.coefficient = detail::saturating_multiply(term.coefficient, sign);
        result.add(term);
      }
      term = {};
      sign = c == '-' ? -1 : 1;
      ++at;
    } else if (c == '*') {
      ++at;
    } else if (c >= '0' && c <= '9') {
      std::int64_t number = 0;
      for (; at < words.size() && words[at] >= '0' && words[at] <= '9'; ++at)
        number = detail::saturating_add(detail::saturating_multiply(number, 10), words[at] - '0');
      term.coefficient = detail::saturating_multiply(term.coefficient, number);
    } else {
      std::size_t end = words.find_first_of("+-*", at);
      if (end == std::string_view::npos)
        end = words.size();
      term.multiply(words.substr(at, end - at));
      at = end;
    }
  }
  term.coefficient = detail::saturating_multiply(term.coefficient, sign);
  result.add(term);
  return result;
}

constexpr Dim Dim::of(const detail::Polynomial &polynomial) {
  if (polynomial.is_overfull)
    return overfull();
  if (polynomial.count == 0)
    return 0;
  if (polynomial.count == 1 && polynomial.terms[0].degree == 0)
    return polynomial.terms[0].coefficient;
  Text words;
  for (int i = 0; i < polynomial.count; ++i) {
    const detail::Term &term = polynomial.terms[i];
    if (i > 0 && term.coefficient > 0)
      words << '+';
    if (term.degree == 0)
      words << term.coefficient;
    else if (term.coefficient == -1)
      words << '-';
    else if (term.coefficient != 1)
      words << term.coefficient << '*';
    for (int k = 0; k < term.degree; ++k)
      words << (k > 0 ? "*" : "") << term.names[k];
  }
  if (words.size() >= capacity)
    return overfull();
  Dim result;
  for (std::size_t i = 0; i < words.size(); ++i)
    result.text[i] = words.data()[i];
  return result;
}

template <class Lookup> constexpr std::int64_t Dim::evaluate(Lookup value_of) const {
  if (!is_named())
    return value;
  const detail::Polynomial sum = polynomial();
  std::int64_t result = 0;
  for (int i = 0; i < sum.count; ++i) {
    std::int64_t product = sum.terms[i].coefficient;
    for (int k = 0; k < sum.terms[i].degree; ++k)
      product = detail::saturating_multiply(product, value_of(sum.terms[i].names[k]));
    result = detail::saturating_add(result, product);
  }
  return result;
}

constexpr Dim operator+(const Dim &a, const Dim &b) {
  if (!a.is_named() && !b.is_named())
    return detail::saturating_add(a.value, b.value);
  detail::Polynomial sum = a.polynomial();
  const detail::Polynomial more = b.polynomial();
  for (int i = 0; i < more.count; ++i)
    sum.add(more.terms[i]);
  sum.is_overfull |= more.is_overfull;
  return Dim::of(sum);
}

constexpr Dim operator*(const Dim &a, const Dim &b) {
  if (!a.is_named() && !b.is_named())
    return detail::saturating_multiply(a.value, b.value);
  const detail::Polynomial left = a.polynomial(), right = b.polynomial();
  detail::Polynomial product;
  for (int i = 0; i < left.count; ++i)
    for (int j = 0; j < right.count; ++j) {
      detail::Term term = left.terms[i];
      term.coefficient = detail::saturating_multiply(term.coefficient, right.terms[j].coefficient);
      for (int k = 0; k < right.terms[j].degree; ++k)
        term.multiply(right.terms[j].names[k]);
      product.add(term);
    }
  product.is_overfull |= left.is_overfull || right.is_overfull;
  return Dim::of(product);
}

constexpr Dim operator-(const Dim &a, const Dim &b) { return a + Dim(-1) * b; }

/// A quotient that may not exist.
struct Quotient {
  bool exists;
  Dim dim;
};

/// floor(a / n) for n > 0. Exists when n divides the coefficient of every named term, whatever
/// values the names take.
constexpr Quotient floor_divide(const Dim &a, std::int64_t n) {
  if (a.is_overfull())
    return {true, a};
  detail::Polynomial sum = a.polynomial();
  detail::Polynomial result;
  for (int i = 0; i < sum.count; ++i) {
    detail::Term term = sum.terms[i];
    const std::int64_t remainder = term.coefficient % n;
    if (remainder != 0 && term.degree > 0)
      return {false, {}};
    term.coefficient = term.coefficient / n - (remainder < 0 ? 1 : 0);
    result.add(term);
  }
  return {true, Dim::of(result)};
}

/// a / b without remainder. Exists when b is a number, or one term, that divides every term of a;
/// or when a = b.
constexpr Quotient divide(const Dim &a, const Dim &b) {
  if (a.is_overfull() || b.is_overfull())
    return {true, Dim::overfull()};
  if (a == b)
    return {true, 1};
  const detail::Polynomial dividend = a.polynomial(), divisor = b.polynomial();
  if (divisor.count != 1)
    return {false, {}};
  detail::Polynomial result;
  for (int i = 0; i < dividend.count; ++i) {
    detail::Term rest = dividend.terms[i];
    const std::int64_t by = divisor.terms[0].coefficient;
    if (by != -1 && rest.coefficient % by != 0)
      return {false, {}};
    // INT64_MIN / -1 does not fit
    rest.coefficient =
        by == -1 ? detail::saturating_multiply(rest.coefficient, -1) : rest.coefficient / by;
    for (int k = 0; k < divisor.terms[0].degree; ++k) {
      int place = 0;
      while (place < rest.degree && rest.names[place] != divisor.terms[0].names[k])
        ++place;
      if (place == rest.degree)
        return {false, {}};
      for (--rest.degree; place < rest.degree; ++place)
        rest.names[place] = rest.names[place + 1];
    }
    result.add(rest);
  }
  return {true, Dim::of(result)};
}

} // namespace kerf
