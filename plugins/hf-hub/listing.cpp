#include "listing.hpp"

#include "model-folder/files.hpp"

#include <algorithm>

namespace vw::hub {

namespace {

using checkpoint::Failure;
using checkpoint::text_or_empty;

std::optional<std::uint64_t> size_of(const checkpoint::Json& file) {
  const auto size = file.find("size");
  return size != file.end() && size->is_number_unsigned() ? std::optional(size->get<std::uint64_t>()) : std::nullopt;
}

}  // namespace

bool is_commit(const std::string& text) {
  return text.size() == 40 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Listing parse_listing(const std::string& text, const std::string& where) {
  const auto reply = checkpoint::parse_json(text, where);
  Listing listing;
  listing.commit = text_or_empty(reply, "sha");
  const auto siblings = reply.find("siblings");
  if (!is_commit(listing.commit) || siblings == reply.end() || !siblings->is_array())
    throw Failure(where, "no sha or no siblings, expected the commit and the files of a model");
  for (const auto& file : *siblings)
    if (const auto name = text_or_empty(file, "rfilename"); !name.empty()) listing.files[name] = size_of(file);
  return listing;
}

}  // namespace vw::hub
