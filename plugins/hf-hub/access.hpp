// hf-hub: which Hub is asked, and as whom.
#pragma once

#include <string>

namespace vw::hub {

struct Access {
  std::string endpoint;      // "https://huggingface.co": no slash at the end
  std::string host;          // "huggingface.co", "127.0.0.1:8080": what messages and folders are called
  std::string token;         // empty: none; sent to `host` only and never shown
  std::string token_source;  // "HF_TOKEN" or the path of the token's file
};

// Reads HF_ENDPOINT, HF_TOKEN, HUGGING_FACE_HUB_TOKEN, HF_TOKEN_PATH and the token file of huggingface_hub. Throws
// checkpoint::Failure when the endpoint is no address or the token cannot be one.
Access read_access();

// HF_HUB_OFFLINE is 1, on, yes or true.
bool is_offline_here();

}  // namespace vw::hub
