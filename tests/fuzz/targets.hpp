// The readers of what comes from outside, each as a function of raw bytes. None may crash, hang, or allocate what a
// file merely claims; being refused with an error is a good end.
#pragma once

#include <string_view>

namespace vw::fuzz {

void safetensors(std::string_view bytes);  // the whole file
void shard_index(std::string_view text);   // model.safetensors.index.json
void gguf(std::string_view bytes);         // the whole file
void config(std::string_view text);     // a source's record: { "config": ..., "tensors": ... }, or a bare config.json
void profile(std::string_view text);    // YAML and JSON
void hub_reply(std::string_view text);  // the Hub's list of files
void metrics_page(std::string_view text);  // what a server shows to Prometheus
void gpu_db(std::string_view text);        // a file of gpu-db
void efficiency(std::string_view text);    // a file of gpu-db/efficiency
void startups(std::string_view text);      // start-ups that were logged: our own format and JSON lines
void servers(std::string_view text);       // servers that were measured: our own format and CSV
void launches(std::string_view text);      // files that start servers: scripts, units, YAML
void server_log(std::string_view text);    // what a server printed

}  // namespace vw::fuzz
