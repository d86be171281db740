// error: kerf: top_k: k = B+1 is outside [1, B], the last axis of [B]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)choice<B, B + 1>(Key()); }
