-- Roles that stay in 16 bit (families name the roles; '*' stands for any text). What a checkpoint's own ignore list
-- names comes on top, and one-dimensional tensors are never quantized.
local kept = {}

-- What every method that quantizes linear layers leaves alone.
kept.usual = {
  "embedding", "position_embedding", "head", "norm", "router", "*_bias", "sinks", "shared_gate", "state_conv",
  "tower_*", "projector",
}

-- The usual ones and linear attention.
kept.states_too = {
  "embedding", "position_embedding", "head", "norm", "router", "*_bias", "sinks", "shared_gate", "state_*",
  "tower_*", "projector",
}

-- Everything but the experts.
kept.all_but_experts = {
  "embedding", "position_embedding", "head", "norm", "router", "*_bias", "sinks", "shared_gate", "tower_*", "projector",
  "qkv", "q", "k", "v", "o", "q_a", "q_b", "kv_a", "kv_b", "qkv_a", "indexer_*", "gate_up", "up", "gate", "down",
  "shared_gate_up", "shared_down", "state_*",
}

-- The usual ones and attention.
kept.attention_too = {
  "embedding", "position_embedding", "head", "norm", "router", "*_bias", "sinks", "shared_gate", "state_conv",
  "tower_*", "projector", "qkv", "q", "k", "v", "o", "q_a", "q_b", "kv_a", "kv_b", "qkv_a", "indexer_*",
}

-- GGUF files quantize the embedding and the head too.
kept.small_ones = { "norm", "router", "*_bias", "sinks", "shared_gate", "state_conv", "tower_*", "projector" }

return kept
