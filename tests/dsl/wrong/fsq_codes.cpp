// error: kerf: fsq_decode: the levels make more than 2^52 codes
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)fsq_decode<65536, 65536, 65536, 32>(Tensor<i64, B>()); }
