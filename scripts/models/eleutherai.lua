-- What huggingface.co/EleutherAI publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

return vw.models {
  organisation = "EleutherAI",
  entries = {
    { id = "EleutherAI/pythia-1.4b", params = 1414647808, license = "apache-2.0",
      config = {
        architectures = { "GPTNeoXForCausalLM" }, model_type = "gpt_neox", hidden_size = 2048, num_hidden_layers = 24,
        num_attention_heads = 16, intermediate_size = 8192, vocab_size = 50304, max_position_embeddings = 2048,
        tie_word_embeddings = false,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "EleutherAI/pythia-1b", params = 1011781632, license = "apache-2.0",
      config = {
        architectures = { "GPTNeoXForCausalLM" }, model_type = "gpt_neox", hidden_size = 2048, num_hidden_layers = 16,
        num_attention_heads = 8, intermediate_size = 8192, vocab_size = 50304, max_position_embeddings = 2048,
        tie_word_embeddings = false,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "EleutherAI/pythia-2.8b", params = 2775208960, license = "apache-2.0",
      config = {
        architectures = { "GPTNeoXForCausalLM" }, model_type = "gpt_neox", hidden_size = 2560, num_hidden_layers = 32,
        num_attention_heads = 32, intermediate_size = 10240, vocab_size = 50304, max_position_embeddings = 2048,
        tie_word_embeddings = false,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "EleutherAI/pythia-6.9b", params = 6857302016, license = "apache-2.0",
      config = {
        architectures = { "GPTNeoXForCausalLM" }, model_type = "gpt_neox", hidden_size = 4096, num_hidden_layers = 32,
        num_attention_heads = 32, intermediate_size = 16384, vocab_size = 50432, max_position_embeddings = 2048,
        tie_word_embeddings = false,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "EleutherAI/pythia-12b", params = 11846072320, license = "apache-2.0",
      config = {
        architectures = { "GPTNeoXForCausalLM" }, model_type = "gpt_neox", hidden_size = 5120, num_hidden_layers = 36,
        num_attention_heads = 40, intermediate_size = 20480, vocab_size = 50688, max_position_embeddings = 2048,
        tie_word_embeddings = false,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "EleutherAI/pythia-160m", params = 162322944, params_basis = "advertised", license = "apache-2.0",
      config = {
        architectures = { "GPTNeoXForCausalLM" }, model_type = "gpt_neox", hidden_size = 768, num_hidden_layers = 12,
        num_attention_heads = 12, intermediate_size = 3072, vocab_size = 50304, max_position_embeddings = 2048,
        tie_word_embeddings = false,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "EleutherAI/pythia-410m", params = 405334016, license = "apache-2.0",
      config = {
        architectures = { "GPTNeoXForCausalLM" }, model_type = "gpt_neox", hidden_size = 1024, num_hidden_layers = 24,
        num_attention_heads = 16, intermediate_size = 4096, vocab_size = 50304, max_position_embeddings = 2048,
        tie_word_embeddings = false,
      },
      provenance = "catalogue", source = from.llmfit },
  },
}
