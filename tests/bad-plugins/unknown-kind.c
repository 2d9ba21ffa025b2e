/* Kinds of a later vllm-wizard: they are skipped, the part between them is not. */
#include "bad.h"

static const vw_part later_revision = {sizeof(vw_part),  NULL, "memory-model/2", "next", "", NULL, NULL, NULL,
                                       evaluate_nothing, NULL};
static const vw_part fine = SOURCE("fine", answer_null);
static const vw_part new_kind = {
    sizeof(vw_part), NULL, "fortune-teller/1", "crystal", "", NULL, NULL, answer_null, NULL, NULL};
EXPORT("unknown-kind", &later_revision, &fine, &new_kind);
