// Options by name, in any order: `adam_step(model, gradients, adam, rate = 1e-3, beta2 = 0.99)`.
#pragma once

#include "kerf/expr.h"

#include <cstdio>
#include <limits>
#include <utility>

namespace kerf {

/// The value of an option, keyed by its name.
template <Name name, class V> struct Keyed {
  V value;
};

/// The name of an option; assigning to it makes a keyed value.
template <Name name> struct Option {
  static constexpr std::string_view spelling = name.view();

  template <class V> constexpr Keyed<name, std::decay_t<const V>> operator=(const V &value) const {
    return {value};
  }
};

/// An option by its name, where no variable has it or another hides that:
/// `option<"weight_decay"> = 0.1`.
template <Name name> inline constexpr Option<name> option;

// Options of several functions. A variable of an option's name hides it: then write `kerf::key =
// key`.

/// The Key that is drawn from.
inline constexpr auto &key = option<"key">;
/// Which elements count: truths.
inline constexpr auto &mask = option<"mask">;

namespace detail {

/// Stands for an option that was not given.
struct NoOption {};

template <class> inline constexpr bool is_option = false;
template <Name name, class V> inline constexpr bool is_option<Keyed<name, V>> = true;

/// The Option that a keyed value is of.
template <class> struct OptionOfKeyed;
template <Name name, class V> struct OptionOfKeyed<Keyed<name, V>> {
  using type = Option<name>;
};
template <class O> using OptionOf = typename OptionOfKeyed<O>::type;

/// Is O a value of this option?
template <class O, Name name> constexpr bool is_the(const Option<name> &) {
  if constexpr (is_option<O>)
    return std::is_same_v<OptionOf<O>, Option<name>>;
  else
    return false;
}

/// How many letters must be put in, taken out or changed to make `b` of `a`; at most 16 letters.
constexpr int distance(std::string_view a, std::string_view b) {
  constexpr std::size_t most = 16;
  int row[most + 1]{};
  a = a.substr(0, most);
  b = b.substr(0, most);
  for (std::size_t k = 0; k <= b.size(); ++k)
    row[k] = int(k);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    int diagonal = row[0];
    row[0] = int(i);
    for (std::size_t k = 1; k <= b.size(); ++k) {
      const int changed = diagonal + (a[i - 1] != b[k - 1]);
      const int other = (row[k] < row[k - 1] ? row[k] : row[k - 1]) + 1;
      diagonal = row[k];
      row[k] = changed < other ? changed : other;
    }
  }
  return row[b.size()];
}

/// What other libraries call an option, and what it is called here.
inline constexpr std::string_view synonyms[][2] = {{"lr", "rate"},
                                                   {"learning_rate", "rate"},
                                                   {"step_size", "rate"},
                                                   {"eps", "epsilon"},
                                                   {"betas", "beta1"},
                                                   {"b1", "beta1"},
                                                   {"b2", "beta2"},
                                                   {"wd", "weight_decay"},
                                                   {"weight_decay", "decay"},
                                                   {"decay", "weight_decay"},
                                                   {"ignore_index", "ignore"},
                                                   {"dropout", "quantize_dropout"},
                                                   {"distance", "metric"},
                                                   {"tau", "temperature"},
                                                   {"generator", "key"},
                                                   {"seed", "key"}};

/// The one of `names` that `wrong` stands for, or an empty one.
template <std::size_t N>
constexpr std::string_view meant(std::string_view wrong, const std::string_view (&names)[N]) {
  for (const auto &[other, name] : synonyms)
    for (std::string_view candidate : names)
      if (wrong == other && candidate == name)
        return candidate;
  std::string_view best;
  int least = wrong.size() <= 4 ? 1 : 2; // edits beyond these are another word
  for (std::string_view candidate : names)
    if (const int edits = distance(wrong, candidate); edits <= least) {
      least = edits - 1;
      best = candidate;
    }
  return best;
}

/// Is each O an option among these, given once, or none at all? Else what is wrong.
template <class... O, Name... names> constexpr Rule options_rule(const Option<names> &...) {
  constexpr std::string_view takes[] = {Option<names>::spelling...};
  Text list;
  list << (sizeof...(names) == 1 ? "its option is " : "its options are ");
  for (std::size_t i = 0; i < sizeof...(names); ++i)
    list << (i == 0 ? "" : i + 1 == sizeof...(names) ? " and " : ", ") << takes[i];
  Rule rule = Shape{};
  std::string_view given[sizeof...(O) + 1];
  std::size_t count = 0;
  [[maybe_unused]] const auto check = [&]<class One>(std::type_identity<One>) {
    if (!rule.ok || std::is_same_v<One, NoOption>)
      return;
    if constexpr (!is_option<One>) {
      rule = fail("an option is given by name, as in ", takes[0],
                  " = ...; where a variable of that "
                  "name hides it, kerf::",
                  takes[0], " = ...");
    } else {
      const std::string_view name = OptionOf<One>::spelling;
      for (std::size_t i = 0; i < count; ++i)
        if (given[i] == name)
          rule = fail("option ", name, " is given twice");
      given[count++] = name;
      if ((std::is_same_v<OptionOf<One>, Option<names>> || ...))
        return;
      const std::string_view instead = meant(name, takes);
      rule = instead.empty() ? fail("there is no option ", name, "; ", std::string_view(list))
                             : fail("there is no option ", name, "; did you mean ", instead, "? ",
                                    std::string_view(list));
    }
  };
  (check(std::type_identity<O>()), ...);
  return rule;
}

/// One of a set of options, or nothing.
template <std::size_t index, class> struct OptionSlot {
  OptionSlot(const auto &) {}
};
template <std::size_t index, Name name, class V>
struct OptionSlot<index, Keyed<name, V>> : Keyed<name, V> {
  OptionSlot(const Keyed<name, V> &option) : Keyed<name, V>(option) {}
};

/// Options by their names. A Hana map of them took a tenth of the time in which a unit compiles.
template <class Indices, class... Options> struct OptionSet;
template <std::size_t... i, class... Options>
struct OptionSet<std::index_sequence<i...>, Options...> : OptionSlot<i, Options>... {
  OptionSet(const Options &...options) : OptionSlot<i, Options>(options)... {}
};

/// The set of the options among `options`, which may hold NoOptions.
template <class... Options> auto option_set(const Options &...options) {
  return OptionSet<std::index_sequence_for<Options...>, Options...>(options...);
}

/// The value of the option `name`, of a set as of itself.
template <Name name, class V> constexpr V keyed_value(const Keyed<name, V> &option) {
  return option.value;
}

/// The value of an option in a set, or its default.
template <class Set, Name name, class Default>
constexpr auto option_or(const Set &set, Option<name>, const Default &otherwise) {
  if constexpr (requires { keyed_value<name>(set); })
    return keyed_value<name>(set);
  else
    return otherwise;
}

/// The value of an option that a set has.
template <class Set, Name name> constexpr auto value_of(const Set &set, Option<name>) {
  return keyed_value<name>(set);
}

/// The type of an option's value in a set, or of its default.
template <class Set, Name name, class Default = NoOption>
using OptionValue = std::remove_cvref_t<decltype(option_or(
    std::declval<Set>(), std::declval<Option<name>>(), std::declval<Default>()))>;

/// Ends the program if a number is not in its range.
///   cross_entropy: label_smoothing = 1.5, but must be in [0, 1]
inline void require_number(bool is_in, std::string_view user, std::string_view name, double value,
                           std::string_view range, Line line) {
  if (is_in)
    return;
  char digits[32];
  std::snprintf(digits, sizeof digits, "%g", value);
  Text text;
  stop(line, text << user << ": " << name << " = " << digits << ", but must be " << range);
}

/// What options may be, whosever they are; others may be anything.
struct Range {
  std::string_view name;
  double least, most;
  std::string_view words;
};
inline constexpr double unlimited = std::numeric_limits<double>::infinity();
inline constexpr double below_1 = 1 - std::numeric_limits<double>::epsilon() / 2;
inline constexpr Range ranges[] = {{"rate", 0, unlimited, "0 or more"},
                                   {"beta1", 0, below_1, "in [0, 1)"},
                                   {"beta2", 0, below_1, "in [0, 1)"},
                                   {"epsilon", 0, unlimited, "0 or more"},
                                   {"epsilon1", 0, unlimited, "0 or more"},
                                   {"epsilon2", 0, unlimited, "0 or more"},
                                   {"momentum", 0, unlimited, "0 or more"},
                                   {"weight_decay", 0, unlimited, "0 or more"},
                                   {"decay", 0, 1, "in [0, 1]"},
                                   {"beta2_decay", -unlimited, 0, "0 or less"},
                                   {"d", 1, unlimited, "1 or more"},
                                   {"label_smoothing", 0, 1, "in [0, 1]"},
                                   {"dropout", 0, 1, "in [0, 1]"},
                                   {"temperature", 0, unlimited, "0 or more"}};

/// Ends the program if an option is a number that it may not be.
template <class X>
void require_in_range(std::string_view user, std::string_view name, const X &value, Line line) {
  if constexpr (Scalar<X>)
    for (const Range &range : ranges)
      if (const double number = double(value); name == range.name)
        require_number(number >= range.least && number <= range.most, user, name, number,
                       range.words, line);
}

/// The value of an option that has to be known when the model is compiled. `user`: whose option.
template <Name user, class Set, Name name>
double number_or(const Set &set, Option<name> option, double otherwise, Line line) {
  const auto value = option_or(set, option, otherwise);
  static constexpr Rule rule =
      (Scalar<decltype(value)>
           ? Rule(Shape{})
           : fail(name.view(), " is a number that is known when the model is compiled"))
          .in(prefix_of<user>);
  KERF_CHECK(rule);
  if constexpr (!rule.ok) {
    return otherwise;
  } else {
    if constexpr (requires { keyed_value<name>(set); })
      require_in_range(user.view(), name.view(), value, line);
    return value;
  }
}

} // namespace detail
} // namespace kerf
