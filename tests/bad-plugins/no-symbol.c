/* A shared object that is no plugin. */
#include "bad.h"

VW_EXPORT const int some_other_symbol = 1;
