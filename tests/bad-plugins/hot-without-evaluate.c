/* A memory model that only answers questions. */
#include "bad.h"

static const vw_part part = {
    sizeof(vw_part), NULL, VW_KIND_MEMORY_MODEL, "talker", "", NULL, NULL, answer_null, NULL, NULL};
EXPORT("hot-without-evaluate", &part);
