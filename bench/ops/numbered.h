// Names of entries that say their sizes.
#pragma once

#include <kerf/kerf.h>

namespace kerf::bench {

template <Name a, Name b> constexpr auto join() {
  char text[sizeof(a.characters) + sizeof(b.characters) - 1]{};
  std::size_t size = 0;
  for (char c : a.view())
    text[size++] = c;
  for (char c : b.view())
    text[size++] = c;
  return Name(text);
}
/// b behind a.
template <Name a, Name b> inline constexpr auto joined = join<a, b>();

/// "forward_4096_512_64": how a worker finds an entry and its shape.
template <Name prefix, int... numbers> constexpr auto spell() {
  constexpr auto write = [](char *to) { // how many characters, and where given, they themselves
    std::size_t size = 0;
    const auto put = [&](char c) {
      if (to)
        to[size] = c;
      ++size;
    };
    for (char c : prefix.view())
      put(c);
    for (int number : {numbers...}) {
      put('_');
      int place = 1;
      while (number / place >= 10)
        place *= 10;
      for (; place; place /= 10)
        put(char('0' + number / place % 10));
    }
    return size;
  };
  char text[write(nullptr) + 1]{};
  write(text);
  return Name(text);
}
template <Name prefix, int... numbers> inline constexpr auto numbered = spell<prefix, numbers...>();

} // namespace kerf::bench
