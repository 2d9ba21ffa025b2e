/* A source that answers nothing. */
#include "bad.h"

static const vw_part part = SOURCE("mute", NULL);
EXPORT("cold-without-ask", &part);
