// error: kerf: choice: 5 different numbers of 4 cannot be chosen
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Key &key) {
  let y = choice<4, 5>(key);
  (void)(y + 1);
}
