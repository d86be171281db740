// error: kerf: choice: B+1 different numbers of B cannot be chosen
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)choice<B, B + 1>(Key()); }
