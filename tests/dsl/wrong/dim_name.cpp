// error: kerf: the name of a dim is a letter and at most 6 letters, digits or _ behind it
#include <kerf/kerf.h>

using namespace kerf;

void wrong() { (void)dim<"2B">(); }
